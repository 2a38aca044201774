"""The value of an expression in high precision, with a bound on its error, and how small a part of it is still seen.

Fractions stay exact; what is no fraction is an `arb` of FLINT (python-flint), an interval that holds the true value:
F. Johansson, "Arb: efficient arbitrary-precision midpoint-radius interval arithmetic", 2017. What is seen is kept here:
to `arb`, tanh(1000) and 1 are the same up to 2885 bits. flint is imported at the first number that needs it (about
40 ms, once); call `prepare()` in a worker thread to have it ready. Every evaluation has a budget of work, so none takes
long whatever is typed, and uses no clock.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import inf
from types import SimpleNamespace
from typing import Any

from tutor.engine.evaluate import exact_result
from tutor.engine.gates import GATES, Gate, Pieces
from tutor.language import Apply, Constant, Expression, Name, Number

SPARE_BITS = 64
"""How far above the error the smallest part of a value has to stand, so that the value says something about it."""

NO_PART = 1 << 5000
"""The size of the smallest part of 0, which has none: beyond that of any number."""

_SMALLEST_FLOAT, _LARGEST_FLOAT = -1080, 1024
"""The sizes between which floats are; `arb` does not make 0 or infinity of all that are beyond."""

_SHORT_DIGITS = 15
"""A number with more digits has its last digits as a part of their own."""


@dataclass(frozen=True, slots=True)
class Ball:
    """A Fraction, which is exact, or an `arb`, which holds the true value.

    `least` is the size, as a power of 2, of the smallest part that went into the value, as it counts in the value:
    about -299 in `1 + 10^-90`. Agreement with another value means nothing while the radius is larger than that.
    """

    value: Any
    least: int

    @property
    def is_exact(self) -> bool:
        """Whether the value is a fraction without any error."""
        return isinstance(self.value, Fraction)

    @property
    def known_bits(self) -> int:
        """How many bits of the value are known."""
        return NO_PART if self.is_exact else int(self.value.rel_accuracy_bits())

    @property
    def missing_bits(self) -> int:
        """How many more bits it takes to feel every part; 0 or less when all are felt."""
        return 0 if self.is_exact or self.value.is_exact() else SPARE_BITS + mag(self.value.rad()) - self.least

    @property
    def is_sure(self) -> bool:
        """Whether it surely is not 0."""
        return bool(self.value != 0)

    @property
    def vanishes(self) -> bool:
        """Whether it is 0 for all that is seen, and all is seen."""
        return not self.is_sure and self.missing_bits <= 0

    def __float__(self) -> float:
        """The nearest float: 0 for what may be 0, infinite for what is too large."""
        size = mag(self.value)
        if not self.is_sure or size < _SMALLEST_FLOAT:
            return 0.0
        if size <= _LARGEST_FLOAT:
            with suppress(OverflowError):
                return float(self.value)
        return inf if self.value > 0 else -inf


def mag(value: Any) -> int:
    """The size of a number, or of the middle of an `arb`, as a power of 2, within a factor of 2; NO_PART for 0."""
    if isinstance(value, Fraction):
        return value.numerator.bit_length() - value.denominator.bit_length() if value else NO_PART
    mantissa, exponent = value.mid().man_exp()
    return int(exponent) + mantissa.bit_length() if mantissa else NO_PART


def long_digits(number: Number) -> int:
    """How many bits below its size the last digit of a number stands; 0 for numbers of ordinary length."""
    digits = sum(map(str.isdigit, number.text.partition("e")[0]))
    return int(3.33 * digits) if digits > _SHORT_DIGITS else 0


def least_of_product(a: Ball, b: Ball) -> int:
    """The smallest part of a product: a part of either factor, times the other."""
    parts = [one.least + mag(other.value) for one, other in ((a, b), (b, a)) if other.is_sure]
    return min(parts, default=a.least + b.least)


def least_of_quotient(a: Ball, b: Ball) -> int:
    """The smallest part of a quotient, whose denominator is not 0."""
    size = mag(b.value)
    return min(a.least - size, b.least + mag(a.value) - 2 * size if a.is_sure else NO_PART)


def least_of_power(base: Ball, power: Any) -> int:
    """The smallest part of a whole power that is not 0: at least such a share of it as the part is of the base."""
    return base.least - mag(base.value) + mag(power)


def least_of_exact(operation: str, arguments: list[Ball], result: Fraction) -> int:
    """The smallest part of what an operation on fractions makes."""
    match operation, arguments:
        case (("mul" | "div" | "pow"), _) if not result:
            return NO_PART
        case "mul", (a, b):
            return least_of_product(a, b)
        case "div", (a, b):
            return least_of_quotient(a, b)
        case "pow", (a, _):
            return least_of_power(a, result)
        case _ if GATES[operation].kinks is not None:
            return least_of_chosen(arguments, result)
        case _:
            return min(argument.least for argument in arguments)


def least_of_chosen(arguments: list[Ball], result: Any) -> int:
    """For gates that pass one of their arguments on: of those that may be it; of all where it is none of them."""
    chosen = [a.least for a in arguments if _may_be(abs(a.value), abs(result))]
    return min(chosen or [a.least for a in arguments if result != 0], default=NO_PART)


def _may_be(a: Any, b: Any) -> bool:
    """Whether two fractions are equal, or two arbs may be."""
    return a == b if isinstance(a, Fraction) else bool(a.overlaps(b))


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
