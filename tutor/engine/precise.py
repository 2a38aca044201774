"""The value of an expression in high precision, with a bound on its error.

Fractions stay exact; what is no fraction is an mpmath number and a radius within which the true value lies.
mpmath is imported at the first number that needs it (about 40 ms, once); call `prepare()` in a worker thread to
have it ready. Every evaluation has a budget of work, so none takes long whatever is typed, and uses no clock.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tutor.engine.exact import exact_result
from tutor.engine.gates import GATES, Gate
from tutor.language import Apply, Constant, Expression, Name, Number

_LARGEST_ARGUMENT_BITS = 4000
"""Functions such as exp and sin take time and memory in the length of the integer part of their argument."""

_MOST_WORK = 12_000
"""What may be spent in all; a sum or product at 256 bits costs 1, a function 4. About a third of a second."""

_WIDEST_ARGUMENT = 0.01
"""A function is as good as straight over so short a stretch, so that its ends bound the error."""

_LARGEST_REPEATED_POWER = 16
"""Whole powers up to this are multiplied out, which is faster than by logarithms."""

_NUDGE_BITS = 16
"""How small a relative change of its argument a function has to feel."""


class NoRealValue(ArithmeticError):
    """The expression has no real value here. `part` is the operation that fails, `values` its arguments."""

    def __init__(self, part: Apply, values: tuple[float, ...]) -> None:
        super().__init__(part.operation)
        self.part = part
        self.values = values


class NotSettled(ArithmeticError):
    """Whether there is a value cannot be told at this precision."""


class Vanishing(NotSettled):
    """A denominator cannot be told from 0 at this precision. `part` is the quotient or power."""

    def __init__(self, part: Apply) -> None:
        super().__init__("the denominator may be 0")
        self.part = part


class TooLarge(OverflowError):
    """The value is too large, or too laborious, to compute with."""


class WorkSpent(TooLarge):
    """There is no work left; nothing more will be computed with it."""


class Work:
    """How much may be spent on several evaluations together."""

    def __init__(self, units: int = _MOST_WORK) -> None:
        self.left = units

    def spend(self, units: int) -> None:
        """Take so many units. Raises WorkSpent when they are not there."""
        self.left -= units
        if self.left < 0:
            raise WorkSpent("too laborious to compute")


@dataclass(frozen=True, slots=True)
class Ball:
    """A value and how far from it the true value may be. A Fraction is exact, its radius 0."""

    value: Any
    radius: Any = 0

    @property
    def is_exact(self) -> bool:
        """Whether the value is a fraction without any error."""
        return isinstance(self.value, Fraction)


class Precisely:
    """Evaluates expressions with so many bits. `hidden` is how many bits of some part the result did not feel.

    In `1 + 10^-90` at 100 bits the small term is hidden by about 300 bits: agreement with 1 means nothing until
    the precision is raised beyond that.
    """

    def __init__(self, bits: int, work: Work | None = None) -> None:
        self.bits = bits
        self.hidden = 0
        self._work = work or Work()
        self._context: Any = None

    def ball(self, expression: Expression, at: Mapping[str, Fraction]) -> Ball:
        """The value. Raises NoRealValue, NotSettled, TooLarge and WorkSpent, which are all ArithmeticErrors.

        Raises ValueError for parts that are neither numbers nor elementwise gates.
        """
        match expression:
            case Name(name):
                return Ball(at[name])
            case Number(value):
                return Ball(value)
            case Constant(name):
                return self._rounded(+getattr(self.context, name))
            case Apply(operation, arguments) if (gate := GATES[operation]).form is not None:
                return self._apply(expression, gate, [self.ball(argument, at) for argument in arguments])
            case _:
                raise ValueError("only numbers and elementwise gates have a precise value")

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
        if all(argument.is_exact for argument in arguments):
            try:
                exact = exact_result(part.operation, [argument.value for argument in arguments])
            except ZeroDivisionError:
                raise NoRealValue(part, _floats(arguments)) from None
            if exact is not None:
                return Ball(exact)
        self._spend(1)
        inexact = [self._inexact(argument) for argument in arguments]
        match part.operation, inexact:
            case "add" | "sub", (a, b):
                return self._sum(a, b if part.operation == "add" else Ball(-b.value, b.radius))
            case "neg", (a,):
                return Ball(-a.value, a.radius)
            case "mul", (a, b):
                return self._product(a, b)
            case "div", (a, b):
                return self._quotient(part, a, b)
            case "pow", (a, n):
                return self._power(part, a, n, arguments[1])
            case _:
                return self._function(part, gate, inexact)

    def _inexact(self, ball: Ball) -> Ball:
        return self._rounded(self.number(ball)) if ball.is_exact else ball

    def _rounded(self, value: Any, radius: Any = 0) -> Ball:
        """A computed value: its rounding added to the radius."""
        return Ball(value, radius + self.context.ldexp(abs(value), 2 - self.bits))

    def _sum(self, a: Ball, b: Ball) -> Ball:
        total = a.value + b.value
        if total and a.value and b.value:
            mag = self.context.mag
            self._hide(mag(total) - min(mag(a.value), mag(b.value)))
        return self._rounded(total, a.radius + b.radius)

    def _product(self, a: Ball, b: Ball) -> Ball:
        return self._rounded(a.value * b.value, abs(a.value) * b.radius + abs(b.value) * a.radius + a.radius * b.radius)

    def _quotient(self, part: Apply, a: Ball, b: Ball) -> Ball:
        least = abs(b.value) - b.radius
        if least <= 0:
            if b.value == 0 and b.radius == 0:
                raise NoRealValue(part, _floats([a, b]))
            raise Vanishing(part)
        quotient = a.value / b.value
        return self._rounded(quotient, (a.radius + abs(quotient) * b.radius) / least)

    def _power(self, part: Apply, base: Ball, exponent: Ball, written: Ball) -> Ball:
        context, whole = self.context, written.is_exact and written.value.denominator == 1
        if written.is_exact and written.value == 0:
            return self._inexact(Ball(Fraction(1)))
        if abs(base.value) <= base.radius:
            return self._power_of_nothing(part, base, exponent, whole)
        if base.value < 0 and not whole:
            if written.is_exact or abs(exponent.value - context.nint(exponent.value)) > exponent.radius:
                raise NoRealValue(part, _floats([base, exponent]))
            raise NotSettled("the exponent may be a whole number")
        if whole and 0 < written.value <= _LARGEST_REPEATED_POWER:
            return self._repeated(base, int(written.value))
        self._spend(3)
        logarithm = self._function(part, GATES["ln"], [Ball(abs(base.value), base.radius)])
        size = self._function(part, GATES["exp"], [self._product(logarithm, exponent)])
        odd = whole and base.value < 0 and written.value % 2 == 1
        return Ball(-size.value, size.radius) if odd else size

    def _repeated(self, base: Ball, times: int) -> Ball:
        """The base multiplied by itself, `times` of them together."""
        half = base if times < 4 else self._repeated(base, times // 2)
        square = self._product(half, half) if times > 1 else base
        return self._product(square, base) if times % 2 and times > 1 else square

    def _power_of_nothing(self, part: Apply, base: Ball, exponent: Ball, whole: bool) -> Ball:
        """A base that is 0 or may be: the power is small for an exponent above 0, and not to be had below."""
        if base.radius == 0:
            if exponent.value > exponent.radius:
                return Ball(self.context.mpf(0))
            if exponent.value < -exponent.radius:
                raise NoRealValue(part, _floats([base, exponent]))
            raise NotSettled("the exponent may be 0")
        if exponent.value > exponent.radius and (whole or base.radius < self._nothing):
            return Ball(self.context.mpf(0), (2 * base.radius) ** (exponent.value - exponent.radius))
        raise Vanishing(part) if exponent.value < -exponent.radius else NotSettled("the exponent may be 0")

    @property
    def _nothing(self) -> Any:
        """What is as small as this counts as a 0 with a rounding error, where a sign would matter."""
        return self.context.ldexp(1, -self.bits // 2)

    def _function(self, part: Apply, gate: Gate, arguments: list[Ball]) -> Ball:
        """Any other gate: its form at the value, and at the ends of each argument's radius for the error."""
        self._spend(4)
        if gate.key == "sqrt" and abs(arguments[0].value) <= arguments[0].radius < self._nothing:
            return Ball(self.context.mpf(0), self.context.sqrt(2 * arguments[0].radius))
        assert gate.form is not None
        values = [argument.value for argument in arguments]
        bounded = gate.kinks is None and gate.key not in ("ln", "sqrt")
        if bounded and any(value and self.context.mag(value) > _LARGEST_ARGUMENT_BITS for value in values):
            raise TooLarge("too large to compute")
        if bounded and any(argument.radius > _WIDEST_ARGUMENT for argument in arguments):
            raise NotSettled("the argument is not known well enough")
        result = self._real(gate, values)
        ends = [
            self._real(gate, _replaced(values, i, argument.value + side * argument.radius))
            for i, argument in enumerate(arguments)
            if argument.radius
            for side in (-2, 2)
        ]
        if result is None:
            if all(end is None for end in ends):
                raise NoRealValue(part, tuple(map(_float, values)))
            raise NotSettled("at the edge of where this has a value")
        if any(end is None for end in ends):
            raise NotSettled("at the edge of where this has a value")
        if gate.kinks is None and result:
            self._feel(gate, values, result)
        return self._rounded(result, sum(abs(end - result) for end in ends))

    def _feel(self, gate: Gate, values: list[Any], result: Any) -> None:
        """Notes how little the result moves with its arguments: tanh(1000) hides what its argument is.

        The nudge is as small as what is hidden already, so that the square of it, which is all that cos feels
        at 0, is small enough too.
        """
        nudge = min(self.hidden + _NUDGE_BITS, self.bits - 8)
        for i, value in enumerate(values):
            if value:
                moved = self._real(gate, _replaced(values, i, value + self.context.ldexp(value, -nudge)))
                change = abs(moved - result) if moved is not None else 0
                felt = self.context.mag(result) - self.context.mag(change) if change else self.bits + _NUDGE_BITS
                self._hide(felt - _NUDGE_BITS)

    def _real(self, gate: Gate, values: list[Any]) -> Any:
        """The gate's value as an mpmath number, or None where it is not real."""
        assert gate.form is not None
        context = self.context
        try:
            result = gate.form(_Named(context), *values)
        except (ZeroDivisionError, ValueError):
            return None
        if isinstance(result, int):  # the 0 of max(a, 0)
            result = context.mpf(result)
        return result if isinstance(result, context.mpf) and context.isfinite(result) else None

    def _hide(self, bits: int) -> None:
        self.hidden = max(self.hidden, int(bits))

    def _spend(self, gates: int) -> None:
        self._work.spend(gates * (1 + (self.bits // 256) ** 2))


def evaluate_precisely(expression: Expression, at: Mapping[str, Any], digits: int = 60) -> Any:
    """The value as an mpmath number of so many digits; elementwise gates on scalars only.

    Raises ValueError where the expression is not made of such gates, and ArithmeticError where it has no real
    value, or one too large to compute with.
    """
    precisely = Precisely(int(digits * 3.33) + 16)
    return precisely.number(precisely.ball(expression, {name: Fraction(value) for name, value in at.items()}))


def prepare() -> None:
    """Import mpmath now, in whatever thread this is called, so that the first near miss is settled at once."""
    _ = Precisely(64).context


_threads = threading.local()


def _context_of_this_thread() -> Any:
    if not hasattr(_threads, "context"):
        import mpmath  # slow to import, and needed for near misses only

        _threads.context = mpmath.MPContext()
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
