"""The value of an expression in high precision, with a bound on its error.

Fractions stay exact; what is no fraction is an `arb`, an interval that holds the true value (python-flint).
flint is imported at the first number that needs it (about 40 ms, once); call `prepare()` in a worker thread to
have it ready. Every evaluation has a budget of work, so none takes long whatever is typed, and uses no clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from types import SimpleNamespace
from typing import Any

from tutor.engine.ball_arithmetic import (
    NO_PART,
    Ball,
    least_of_chosen,
    least_of_exact,
    least_of_power,
    least_of_product,
    least_of_quotient,
    long_digits,
    mag,
)
from tutor.engine.constant_folding import exact_result
from tutor.engine.gates import GATES, Gate, Pieces
from tutor.language import Apply, Constant, Expression, Name, Number

_LARGEST_ARGUMENT_BITS = 4000
"""Functions such as exp and sin take time and memory in the length of the integer part of their argument."""

_WIDEST_ARGUMENT = 0.01
"""What e^a feels of a is not told by one step from it where that may be off by more."""

_MOST_WORK = 24_000
"""What may be spent in all, about a fifth of a second. A sum or product costs 1, a function 5; at 1400 bits thrice."""

_NUDGE_BITS = 16
"""How much smaller than the smallest part of its argument the step is by which a function is felt."""


class NoRealValue(ArithmeticError):
    """The expression has no real value here. `part` is the operation that fails, `values` its arguments."""

    def __init__(self, part: Apply, values: tuple[float, ...]) -> None:
        super().__init__(part.operation)
        self.part = part
        self.values = values


class NotSettled(ArithmeticError):
    """Whether there is a value cannot be told at this precision."""


class BeyondReach(OverflowError):
    """The value is too large, or too laborious, to compute with."""


class WorkSpent(BeyondReach):
    """There is no work left; nothing more will be computed with it."""


class WorkBudget:
    """How much may be spent on several evaluations together."""

    def __init__(self, units: int = _MOST_WORK) -> None:
        self.left = units

    def spend(self, units: int) -> None:
        """Take so many units. Raises WorkSpent when they are not there."""
        self.left -= units
        if self.left < 0:
            raise WorkSpent("it would take too long to compute")


class Precisely:
    """Evaluates expressions with so many bits."""

    def __init__(self, bits: int, work: WorkBudget | None = None) -> None:
        self.bits = bits
        self._work = work or WorkBudget()

    def ball(self, expression: Expression, at: Mapping[str, Fraction]) -> Ball:
        """The value. Raises NoRealValue, NotSettled, BeyondReach and WorkSpent, which are all ArithmeticErrors.

        Raises ValueError for parts that are neither numbers nor elementwise gates.
        """
        with _precision(self.bits):
            return self._ball(expression, at, {})

    def difference(self, a: Ball, b: Ball) -> Ball:
        """a - b, exact where both are."""
        with _precision(self.bits):
            if not (a.is_exact and b.is_exact):
                a, b = _inexact(a), _inexact(b)
            return Ball(a.value - b.value, min(a.least, b.least))

    def is_smaller(self, a: Ball, b: Ball) -> bool:
        """Whether |a| surely is smaller than |b|."""
        with _precision(self.bits):
            return bool(abs(_inexact(a).value) < abs(_inexact(b).value))

    def _ball(self, expression: Expression, at: Mapping[str, Fraction], known: dict[int, Ball]) -> Ball:
        """The value; `known` holds those of the operations met before, since a staging uses the same one many times."""
        match expression:
            case Name(name):
                return Ball(at[name], mag(at[name]))
            case Number(value):
                return Ball(value, mag(value) - long_digits(expression))
            case Constant(name):
                value = _flint().constants[name]()
                return Ball(value, mag(value))
            case Apply(operation, arguments) if (gate := GATES[operation]).form is not None:
                if id(expression) not in known and gate.pieces is not None:
                    known[id(expression)] = self._chosen(gate, gate.pieces, arguments, at, known)
                if id(expression) not in known:
                    values = [self._ball(argument, at, known) for argument in arguments]
                    known[id(expression)] = self._apply(expression, gate, values)
                return known[id(expression)]
            case _:
                raise ValueError("only numbers and elementwise gates have a precise value")

    def _chosen(
        self,
        gate: Gate,
        pieces: Pieces,
        arguments: Sequence[Expression],
        at: Mapping[str, Fraction],
        known: dict[int, Ball],
    ) -> Ball:
        """The value of a gate that chooses. What is not chosen needs no value: where(x > 0, sqrt(x), 0)."""
        self._spend(1)
        switch = self._ball(arguments[0], at, known)
        if pieces.compares:
            switch = self.difference(switch, self._ball(arguments[1], at, known))
        if not (switch.is_exact or switch.is_sure or switch.vanishes):
            raise NotSettled("which side of a jump this is on cannot be told")
        sure = switch.value if switch.is_sure else 0
        part = pieces.below if sure < 0 else pieces.above if sure > 0 else pieces.at
        if isinstance(part, str):
            return self._ball(arguments[gate.arguments.index(part)], at, known)
        return Ball(Fraction(part), mag(Fraction(part)))

    def _apply(self, part: Apply, gate: Gate, arguments: list[Ball]) -> Ball:
        self._spend(1)
        if all(argument.is_exact for argument in arguments):
            try:
                exact = exact_result(part.operation, [argument.value for argument in arguments])
            except ZeroDivisionError:
                raise NoRealValue(part, _floats(arguments)) from None
            if exact is not None:
                return Ball(exact, least_of_exact(part.operation, arguments, exact))
        inexact = [_inexact(argument) for argument in arguments]
        match part.operation, inexact:
            case "add", (a, b):
                return Ball(a.value + b.value, min(a.least, b.least))
            case "sub", (a, b):
                return Ball(a.value - b.value, min(a.least, b.least))
            case "neg", (a,):
                return Ball(-a.value, a.least)
            case "mul", (a, b):
                return Ball(a.value * b.value, least_of_product(a, b))
            case "div", (a, b):
                return self._quotient(part, a, b)
            case "pow", (a, n):
                return self._power(part, a, n, arguments[1])
            case _:
                return self._function(part, gate, inexact)

    def _quotient(self, part: Apply, a: Ball, b: Ball) -> Ball:
        if b.vanishes:
            raise NoRealValue(part, (float(a), 0.0))
        if not b.is_sure:
            raise NotSettled("the denominator may be 0")
        return Ball(a.value / b.value, least_of_quotient(a, b))

    def _power(self, part: Apply, base: Ball, exponent: Ball, written: Ball) -> Ball:
        self._spend(3)
        whole = int(written.value) if written.is_exact and written.value.denominator == 1 else None
        if whole == 0:
            return Ball(_flint().arb(1), 0)
        if not base.is_sure:
            return self._power_of_nothing(part, base, exponent, whole)
        if whole is not None:
            return self._whole_power(base, whole)
        if base.value < 0:
            if written.is_exact or not exponent.value.contains_integer():
                raise NoRealValue(part, _floats([base, exponent]))
            raise NotSettled("the exponent may be a whole number")
        logarithm = self._function(part, GATES["ln"], [base])
        product = Ball(logarithm.value * exponent.value, least_of_product(logarithm, exponent))
        return self._function(part, GATES["exp"], [product])

    def _whole_power(self, base: Ball, exponent: int) -> Ball:
        power = _finite(base.value**exponent)
        if power.contains(0):
            raise NotSettled("it takes more bits")
        return Ball(power, least_of_power(base, power))

    def _power_of_nothing(self, part: Apply, base: Ball, exponent: Ball, whole: int | None) -> Ball:
        """A base that is 0 or may be: the power is small for an exponent above 0, and not to be had below."""
        if not exponent.is_sure:
            raise NotSettled("the exponent may be 0")
        if exponent.value < 0:
            if base.vanishes:
                raise NoRealValue(part, (0.0, float(exponent)))
            raise NotSettled("the base may be 0")
        if not base.vanishes and whole is None:
            raise NotSettled("the base may be negative")
        least = base.least * Fraction(min(float(exponent), 1))
        return Ball(_flint().arb(0, base.value.abs_upper() ** exponent.value), int(least))

    def _function(self, part: Apply, gate: Gate, arguments: list[Ball]) -> Ball:
        """Any other gate: its form of the values."""
        self._spend(4)
        first = arguments[0]
        if first.vanishes and gate.key == "sqrt":
            return Ball(_flint().arb(0, first.value.abs_upper().sqrt()), first.least // 2)
        if first.vanishes and gate.key == "ln":
            raise NoRealValue(part, (0.0,))
        values = [argument.value for argument in arguments]
        if gate.kinks is None and gate.key not in ("ln", "sqrt"):
            _check_sizes(values)
        result = _form(gate, values)
        if result.is_nan():
            if all(_form(gate, [end]).is_nan() for end in (first.value.lower(), first.value.upper())):
                raise NoRealValue(part, _floats(arguments))
            raise NotSettled("at the edge of where this has a value")
        if gate.kinks is not None:
            return Ball(result, least_of_chosen(arguments, result))
        return Ball(_finite(result), self._least(gate, arguments, result))

    def _least(self, gate: Gate, arguments: list[Ball], result: Any) -> int:
        """The smallest part of a function's value: what a step of the size of its argument's smallest part changes.

        tanh(1000) hides what its argument is; cos at 0 feels only the square of a step.
        """
        values = [argument.value for argument in arguments]
        found = NO_PART
        for i, argument in enumerate(arguments):
            if argument.least >= NO_PART // 2:
                continue
            step = min(argument.least, mag(argument.value) if argument.is_sure else 0) - _NUDGE_BITS
            nudged = argument.value.mid() + _flint().arb((1, step))
            change = _form(gate, [*values[:i], nudged, *values[i + 1 :]]) - result
            # A change that is lost in the error is at most as large as that; so is one over the edge of the domain.
            felt = change.is_finite() and change != 0
            found = min(found, mag(change) + _NUDGE_BITS if felt else mag(result.rad()))
        return found

    def _spend(self, gates: int) -> None:
        self._work.spend(gates * (1 + self.bits // 512))


def prepare() -> None:
    """Import flint now, in whatever thread this is called, so that the first near miss is settled at once."""
    _flint()


@cache
def _flint() -> SimpleNamespace:
    """What is used of flint: its numbers, and its functions under SymPy's names, as the gates' forms call them."""
    from flint import arb, ctx, fmpq  # slow to import, and needed for near misses only

    functions = {name: getattr(arb, name) for name in _FUNCTIONS}
    of_numbers = {"sqrt": lambda a: arb(a).sqrt(), "log": lambda a: arb(a).log()}
    form = SimpleNamespace(**functions, **of_numbers, Abs=abs, Max=arb.max, Min=arb.min)
    return SimpleNamespace(arb=arb, context=ctx, fmpq=fmpq, form=form, constants={"pi": arb.pi, "e": arb.const_e})


_FUNCTIONS = (
    "exp", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "erf", "erfc"
)  # fmt: skip

_one_at_a_time = threading.RLock()


@contextmanager
def _precision(bits: int) -> Iterator[None]:
    """So many bits for whatever is computed meanwhile. flint has one precision for all threads: others wait."""
    with _one_at_a_time, _flint().context.workprec(bits):
        yield


def _inexact(ball: Ball) -> Ball:
    """The ball with an arb as its value, rounded to the precision that is set."""
    if not ball.is_exact:
        return ball
    flint = _flint()
    return Ball(flint.arb(flint.fmpq(ball.value.numerator, ball.value.denominator)), ball.least)


def _form(gate: Gate, values: list[Any]) -> Any:
    """The gate's value: NaN where it is not real, or may not be."""
    assert gate.form is not None
    return gate.form(_flint().form, *values)


def _check_sizes(values: list[Any]) -> None:
    if any(_LARGEST_ARGUMENT_BITS < mag(value) < NO_PART for value in values):
        raise BeyondReach("too large to compute")
    if any(value.rad() > _WIDEST_ARGUMENT for value in values):
        raise NotSettled("the argument is not known well enough")


def _finite(value: Any) -> Any:
    """The value. Raises NotSettled where it is so wide that it has no ends."""
    if not value.is_finite():
        raise NotSettled("it is not known well enough")
    return value


def _floats(balls: list[Ball]) -> tuple[float, ...]:
    return tuple(map(float, balls))
