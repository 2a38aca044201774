"""The value of an expression in high precision, with a bound on its error.

Fractions stay exact; what is no fraction is an mpmath number and a radius within which the true value lies.
mpmath is imported at the first number that needs it (about 40 ms, once); call `prepare()` in a worker thread to
have it ready. Every evaluation has a budget of work, so none takes long whatever is typed, and uses no clock.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from tutor.engine.ball_arithmetic import (
    NO_PART,
    Ball,
    least_of_chosen,
    least_of_exact,
    least_of_product,
    least_of_quotient,
    long_digits,
    mag,
    negative,
)
from tutor.engine.constant_folding import exact_result
from tutor.engine.gates import GATES, Gate, Pieces
from tutor.language import Apply, Constant, Expression, Name, Number

_LARGEST_ARGUMENT_BITS = 4000
"""Functions such as exp and sin take time and memory in the length of the integer part of their argument."""

_SHORT_ARGUMENT_BITS = 64
"""Longer integer parts cost extra work."""

_MOST_WORK = 24_000
"""What may be spent in all; a sum or product at 256 bits costs 1, a function 4. About a third of a second."""

_WIDEST_ARGUMENT = 0.01
"""A function is as good as straight over so short a stretch, so that its ends bound the error."""

_LARGEST_REPEATED_POWER = 16
"""Whole powers up to this are multiplied out, which is faster than by logarithms."""

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
        self._context: Any = None

    def ball(self, expression: Expression, at: Mapping[str, Fraction]) -> Ball:
        """The value. Raises NoRealValue, NotSettled, TooLarge and WorkSpent, which are all ArithmeticErrors.

        Raises ValueError for parts that are neither numbers nor elementwise gates.
        """
        return self._ball(expression, at, {})

    def _ball(self, expression: Expression, at: Mapping[str, Fraction], known: dict[int, Ball]) -> Ball:
        """The value; `known` holds those of the operations met before, since a staging uses the same one many times."""
        match expression:
            case Name(name):
                return Ball(at[name], 0, mag(at[name]))
            case Number(value):
                return Ball(value, 0, mag(value) - long_digits(expression))
            case Constant(name):
                value = +getattr(self.context, name)
                return self._rounded(value, 0, mag(value))
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
            other = self._ball(arguments[1], at, known)
            if switch.is_exact and other.is_exact:
                switch = Ball(switch.value - other.value, 0, 0)
            else:
                switch = self._sum(self._inexact(switch), negative(self._inexact(other)))
        if not (switch.is_exact or switch.is_sure or switch.vanishes):
            raise NotSettled("which side of a jump this is on cannot be told")
        sure = switch.value if switch.is_sure else 0
        part = pieces.below if sure < 0 else pieces.above if sure > 0 else pieces.at
        if isinstance(part, str):
            return self._ball(arguments[gate.arguments.index(part)], at, known)
        return Ball(Fraction(part), 0, mag(Fraction(part)))

    @property
    def context(self) -> Any:
        """mpmath, set to this precision; each thread has its own."""
        if self._context is None:
            self._context = _context_of_this_thread()
            self._context.prec = self.bits
        return self._context

    def number(self, ball: Ball) -> Any:
        """The value as an mpmath number."""
        value = ball.value
        return self.context.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value

    def _apply(self, part: Apply, gate: Gate, arguments: list[Ball]) -> Ball:
        self._spend(1)
        if all(argument.is_exact for argument in arguments):
            try:
                exact = exact_result(part.operation, [argument.value for argument in arguments])
            except ZeroDivisionError:
                raise NoRealValue(part, _floats(arguments)) from None
            if exact is not None:
                return Ball(exact, 0, least_of_exact(part.operation, arguments, exact))
        inexact = [self._inexact(argument) for argument in arguments]
        match part.operation, inexact:
            case "add", (a, b):
                return self._sum(a, b)
            case "sub", (a, b):
                return self._sum(a, negative(b))
            case "neg", (a,):
                return negative(a)
            case "mul", (a, b):
                return self._product(a, b)
            case "div", (a, b):
                return self._quotient(part, a, b)
            case "pow", (a, n):
                return self._power(part, a, n, arguments[1])
            case _:
                return self._function(part, gate, inexact)

    def _inexact(self, ball: Ball) -> Ball:
        return self._rounded(self.number(ball), 0, ball.least) if ball.is_exact else ball

    def _rounded(self, value: Any, radius: Any, least: int) -> Ball:
        """A computed value: its rounding added to the radius."""
        return Ball(value, radius + self.context.ldexp(abs(value), 2 - self.bits), least)

    def _sum(self, a: Ball, b: Ball) -> Ball:
        return self._rounded(a.value + b.value, a.radius + b.radius, min(a.least, b.least))

    def _product(self, a: Ball, b: Ball) -> Ball:
        radius = abs(a.value) * b.radius + abs(b.value) * a.radius + a.radius * b.radius
        return self._rounded(a.value * b.value, radius, least_of_product(a, b))

    def _quotient(self, part: Apply, a: Ball, b: Ball) -> Ball:
        nearest = abs(b.value) - b.radius
        if nearest <= 0:
            if b.vanishes:
                raise NoRealValue(part, (_float(a.value), 0.0))
            raise NotSettled("the denominator may be 0")
        quotient = a.value / b.value
        return self._rounded(quotient, (a.radius + abs(quotient) * b.radius) / nearest, least_of_quotient(a, b))

    def _power(self, part: Apply, base: Ball, exponent: Ball, written: Ball) -> Ball:
        context, whole = self.context, written.is_exact and written.value.denominator == 1
        if written.is_exact and written.value == 0:
            return Ball(context.mpf(1), 0, 0)
        if abs(base.value) <= base.radius:
            return self._power_of_nothing(part, base, exponent, whole)
        if base.value < 0 and not whole:
            if written.is_exact or abs(exponent.value - context.nint(exponent.value)) > exponent.radius:
                raise NoRealValue(part, _floats([base, exponent]))
            raise NotSettled("the exponent may be a whole number")
        if whole and 0 < written.value <= _LARGEST_REPEATED_POWER:
            return self._repeated(base, int(written.value))
        self._spend(3)
        logarithm = self._function(part, GATES["ln"], [Ball(abs(base.value), base.radius, base.least)])
        size = self._function(part, GATES["exp"], [self._product(logarithm, exponent)])
        odd = whole and base.value < 0 and written.value % 2 == 1
        return negative(size) if odd else size

    def _repeated(self, base: Ball, times: int) -> Ball:
        """The base multiplied by itself, `times` of them together."""
        if times == 1:
            return base
        half = self._repeated(base, times // 2)
        square = self._product(half, half)
        return self._product(square, base) if times % 2 else square

    def _power_of_nothing(self, part: Apply, base: Ball, exponent: Ball, whole: bool) -> Ball:
        """A base that is 0 or may be: the power is small for an exponent above 0, and not to be had below."""
        if not exponent.is_sure:
            raise NotSettled("the exponent may be 0")
        if exponent.value < 0:
            if base.vanishes:
                raise NoRealValue(part, (0.0, _float(exponent.value)))
            raise NotSettled("the base may be 0")
        if base.vanishes:
            return Ball(self.context.mpf(0), base.radius, int(base.least * min(exponent.value, 1)))
        if not whole:
            raise NotSettled("the base may be negative")
        return Ball(self.context.mpf(0), (2 * base.radius) ** exponent.value, base.least)

    def _function(self, part: Apply, gate: Gate, arguments: list[Ball]) -> Ball:
        """Any other gate: its form at the value, and at the ends of each argument's radius for the error."""
        self._spend(4)
        first = arguments[0]
        if first.vanishes and gate.key == "sqrt":
            return Ball(self.context.mpf(0), first.radius, first.least // 2)
        if first.vanishes and gate.key == "ln":
            raise NoRealValue(part, (0.0,))
        values = [argument.value for argument in arguments]
        self._check_sizes(gate, arguments)
        result = self._real(gate, values)
        ends = [
            self._real(gate, _replaced(values, i, argument.value + side * argument.radius))
            for i, argument in enumerate(arguments)
            if argument.radius
            for side in (-2, 2)
        ]
        if result is None and all(end is None for end in ends):
            raise NoRealValue(part, tuple(map(_float, values)))
        if result is None or any(end is None for end in ends):
            raise NotSettled("at the edge of where this has a value")
        least = self._least(gate, arguments, result) if gate.kinks is None else least_of_chosen(arguments, result)
        return self._rounded(result, sum(abs(end - result) for end in ends), least)

    def _check_sizes(self, gate: Gate, arguments: list[Ball]) -> None:
        if gate.kinks is not None or gate.key in ("ln", "sqrt"):
            return
        largest = max((mag(argument.value) for argument in arguments if argument.value), default=0)
        if largest > _LARGEST_ARGUMENT_BITS:
            raise BeyondReach("too large to compute")
        if largest > _SHORT_ARGUMENT_BITS:
            self._spend(largest // 16)
        if any(argument.radius > _WIDEST_ARGUMENT for argument in arguments):
            raise NotSettled("the argument is not known well enough")

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
            moved = self._real(gate, _replaced(values, i, argument.value + self.context.ldexp(1, step)))
            change = mag(abs(moved - result)) if moved is not None else argument.least - _NUDGE_BITS
            # A step, or a change, that is lost in the rounding is at most as large as that.
            found = min(found, change + _NUDGE_BITS if change < NO_PART else mag(result) - self.bits)
        return found

    def _real(self, gate: Gate, values: list[Any]) -> Any:
        """The gate's value as an mpmath number, or None where it is not real."""
        assert gate.form is not None
        context = self.context
        try:
            result = gate.form(context.named, *values)
        except (ZeroDivisionError, ValueError):
            return None
        if isinstance(result, int):  # the 0 of max(a, 0)
            result = context.mpf(result)
        return result if isinstance(result, context.mpf) and context.isfinite(result) else None

    def _spend(self, gates: int) -> None:
        self._work.spend(gates * (1 + (self.bits // 256) ** 2))


def prepare() -> None:
    """Import mpmath now, in whatever thread this is called, so that the first near miss is settled at once."""
    _ = Precisely(64).context


_threads = threading.local()


def _context_of_this_thread() -> Any:
    if not hasattr(_threads, "context"):
        import mpmath  # slow to import, and needed for near misses only

        _threads.context = mpmath.MPContext()
        _threads.context.named = _Named(_threads.context)
    return _threads.context


class _Named:
    """An mpmath context that answers to SymPy's names too, as gate forms use them."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self.Abs, self.Max, self.Min = abs, max, min

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(self._context, name)
        except AttributeError:
            raise ValueError(f"{name} has no precise form") from None


def _replaced(values: list[Any], position: int, value: Any) -> list[Any]:
    return [*values[:position], value, *values[position + 1 :]]


def _floats(balls: list[Ball]) -> tuple[float, ...]:
    return tuple(_float(ball.value) for ball in balls)


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
