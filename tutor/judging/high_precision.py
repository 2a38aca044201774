"""Expressions in as high a precision as it takes: two at one point, an exact form's value; and why there is none."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from fractions import Fraction
from math import isfinite, isinf

import numpy as np

from tutor.engine.enclosure import Ball, BeyondReach, NoRealValue, NotSettled, Precisely, WorkBudget, WorkSpent
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Value, all_finite
from tutor.judging.precision import ROUNDING
from tutor.judging.sample_points import Point
from tutor.language import Apply, Constant, Expression, Name, Number, children, names_in, show

_BITS = (192, 512, 1400)


class PointStatus(Enum):
    """How the answer stands to the truth at one point."""

    SAME = auto()
    DIFFERENT = auto()
    UNDEFINED = auto()
    """The truth has a value and the answer has none."""

    WIDER = auto()
    """The answer has a value and the truth has none."""

    UNKNOWN = auto()
    """It cannot be told, or neither has a value."""


@dataclass(frozen=True, slots=True)
class Settled:
    """How they stand, and the values that show it; `part` with its `arguments` is the operation that fails.

    `too_large` is whether the answer's value is too large or laborious to compute with.
    """

    standing: PointStatus
    yours: float | None = None
    truth: float | None = None
    difference: float | None = None
    part: Apply | None = None
    arguments: tuple[float, ...] = ()
    too_large: bool = False


_UNKNOWN = Settled(PointStatus.UNKNOWN)
_TOO_LARGE = Settled(PointStatus.UNKNOWN, too_large=True)

_Valued = Ball | NoRealValue | NotSettled | BeyondReach


def settle(answer: Expression, truth: Expression, point: Point, work: WorkBudget, *, apart: bool = False) -> Settled:
    """How the two stand at this point; `apart` when they seem to differ. Raises WorkSpent when no work is left."""
    if apart and (values := roughly_different(answer, truth, point)):
        return Settled(PointStatus.DIFFERENT, *values, abs(values[0] - values[1]))
    needed = 0
    for bits in _BITS:
        if bits < needed:
            continue
        precisely = Precisely(bits, work)
        theirs = _valued(precisely, truth, point)
        mine = _valued(precisely, answer, point)
        settled = _standing(precisely, mine, theirs)
        if settled is not None:
            return settled
        needed = bits + max((ball.missing_bits for ball in (mine, theirs) if isinstance(ball, Ball)), default=0)
    return _UNKNOWN


def _valued(precisely: Precisely, expression: Expression, point: Point) -> _Valued:
    """The value, or why there is none. Raises WorkSpent."""
    try:
        return precisely.ball(expression, point)
    except WorkSpent:
        raise
    except (NoRealValue, NotSettled, BeyondReach) as failure:
        return failure


def _standing(precisely: Precisely, mine: _Valued, theirs: _Valued) -> Settled | None:
    """How two values stand; None where more precision may tell."""
    if isinstance(mine, NotSettled) or isinstance(theirs, NotSettled):
        return None
    if isinstance(mine, BeyondReach):
        return _TOO_LARGE
    if isinstance(theirs, BeyondReach):
        return _UNKNOWN
    if isinstance(theirs, NoRealValue):
        return _UNKNOWN if isinstance(mine, NoRealValue) else Settled(PointStatus.WIDER, float(mine))
    if isinstance(mine, NoRealValue):
        return Settled(PointStatus.UNDEFINED, None, float(theirs), part=mine.part, arguments=mine.values)
    difference = precisely.difference(mine, theirs)
    if difference.is_sure:
        if precisely.bits < _BITS[-1] and not (_can_be_told(mine) and _can_be_told(theirs)):
            return None
        return Settled(PointStatus.DIFFERENT, float(mine), float(theirs), abs(float(difference)))
    if _are_same(mine, theirs, precisely.bits):
        return Settled(PointStatus.SAME, float(mine), float(theirs))
    return None


def _can_be_told(ball: Ball) -> bool:
    """Whether it is known well enough to be shown: not a 0 that may be a small number."""
    return ball.is_exact or ball.is_sure or ball.vanishes


def _are_same(mine: Ball, theirs: Ball, bits: int) -> bool:
    """Whether values that are not surely apart are known well enough to call them the same."""
    if mine.missing_bits > 0 or theirs.missing_bits > 0:
        return False
    # Where both may be 0 there is no size to compare with: that every part is felt has to do.
    if not mine.is_sure and not theirs.is_sure:
        return True
    return min(mine.known_bits, theirs.known_bits) >= bits * 2 // 3


_ROUNDING = 2.0**-48
"""What an operation may be off by, relative to its result: much more than it is."""

_CONSTANTS = {"pi": math.pi, "e": math.e}
_WIDEST_ARGUMENT = 1e-6
_SMALLEST = 1e-290
_KNOWN_WELL = 1e-12
_CLEARLY_APART = 1e-3

_Rough = tuple[float, float]
"""A value, and how far off it may be."""


class _Unsure(ArithmeticError):
    """Floats cannot tell."""


def roughly_different(
    answer: Expression, truth: Expression, point: Mapping[str, Fraction]
) -> tuple[float, float] | None:
    """Both values where they surely are known well and differ clearly; else None."""
    try:
        with np.errstate(all="ignore"):
            at = {name: float(value) for name, value in point.items()}
            mine, theirs = _rough(answer, at), _rough(truth, at)
    except (_Unsure, OverflowError, ValueError, ZeroDivisionError):
        return None
    if any(off > _KNOWN_WELL * abs(value) for value, off in (mine, theirs)):
        return None
    apart = abs(mine[0] - theirs[0]) > _CLEARLY_APART * max(abs(mine[0]), abs(theirs[0]))
    return (mine[0], theirs[0]) if apart else None


def _rough(expression: Expression, at: Mapping[str, float]) -> _Rough:
    match expression:
        case Name(name):
            value = at[name]
        case Number(exact):
            value = exact.numerator / exact.denominator
        case Constant(name):
            value = _CONSTANTS[name]
        case Apply(operation, arguments):
            return _checked(*_applied(operation, [_rough(argument, at) for argument in arguments]))
        case _:
            raise _Unsure
    return value, abs(value) * _ROUNDING


def _applied(operation: str, arguments: list[_Rough]) -> _Rough:
    match operation, arguments:
        case "add", ((a, off_a), (b, off_b)):
            return a + b, off_a + off_b
        case "sub", ((a, off_a), (b, off_b)):
            return a - b, off_a + off_b
        case "neg", ((a, off),):
            return -a, off
        case "mul", ((a, off_a), (b, off_b)):
            return a * b, abs(a) * off_b + abs(b) * off_a + off_a * off_b
        case "div", ((a, off_a), (b, off_b)):
            quotient = a / b
            return quotient, (off_a + abs(quotient) * off_b) / _positive(abs(b) - off_b)
        case _:
            return _function(operation, arguments)


def _function(operation: str, arguments: list[_Rough]) -> _Rough:
    """Any other gate: how far it moves when each argument moves by twice what it may be off."""
    values = [value for value, _ in arguments]
    forward = GATES[operation].forward
    result = float(forward(*values))
    moved = 0.0
    for i, (value, off) in enumerate(arguments):
        if off > _WIDEST_ARGUMENT:
            raise _Unsure
        for end in (value - 2 * off, value + 2 * off) if off else ():
            moved += abs(float(forward(*values[:i], end, *values[i + 1 :])) - result)
    return result, moved


def _checked(value: float, off: float) -> _Rough:
    """The value with its own rounding. Raises _Unsure for what is too small, too large or none."""
    if not math.isfinite(value) or not math.isfinite(off) or max(abs(value), off) < _SMALLEST:
        raise _Unsure
    return value, off + abs(value) * _ROUNDING


def _positive(value: float) -> float:
    if value <= 0:
        raise _Unsure
    return value


_BITS_OF_A_FORM = 256

_NUDGE = 1 + Fraction(1, 2**48)
"""How far off a value in floats may be: a result that moves as much as it is worth is a zero."""


class NoValueHere(ArithmeticError):
    """An expression without a finite value. `sentence` says why; `too_large` when it is only too large."""

    def __init__(self, sentence: str, *, too_large: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.too_large = too_large

    @classmethod
    def of(cls, expression: Expression, at: Mapping[str, Value]) -> NoValueHere:
        """Why the expression has no finite value at these values."""
        return cls(f"Your answer has no value: {why_undefined(expression, at)}.")


def refined(expression: Expression, at: Mapping[str, Value], *, always: bool = False) -> float:
    """The value of an expression for one number, in high precision where floats give none or what is left of a zero.

    With `always` in high precision wherever that can be had. Raises NoValueHere, and what `evaluate` raises.
    """
    value = float(evaluate(expression, at))
    if isfinite(value) and abs(value) >= ROUNDING and not always:
        return value
    used = {name: at[name] for name in names_in(expression)}
    exact = {name: Fraction(number) for name, number in used.items() if isinstance(number, float) and isfinite(number)}
    if len(exact) < len(used):
        return _only_float(expression, at, value)
    try:
        return _precise(expression, exact, value)
    except NoRealValue as failure:
        raise NoValueHere(f"Your answer has no value: {reason(failure.part, failure.values)}.") from None
    except BeyondReach:
        raise NoValueHere("Your answer is too large to compute with.", too_large=True) from None
    except (ValueError, NotSettled):
        return _only_float(expression, at, value)


def _precise(expression: Expression, exact: Mapping[str, Fraction], value: float) -> float:
    precisely = Precisely(_BITS_OF_A_FORM)
    ball = precisely.ball(expression, exact)
    number = float(ball)
    if isinf(number):
        raise NoValueHere("Your answer is far too large.")
    if isfinite(value):
        for name in exact:
            moved = Precisely(_BITS_OF_A_FORM).ball(expression, {**exact, name: exact[name] * _NUDGE})
            if not precisely.is_smaller(precisely.difference(moved, ball), ball):
                return 0.0
    return number


def _only_float(expression: Expression, at: Mapping[str, Value], value: float) -> float:
    if not isfinite(value):
        raise NoValueHere.of(expression, at)
    return value


def failing_part(expression: Expression, at: Mapping[str, Value]) -> Apply | None:
    """The innermost operation that has no finite value although its arguments have; the leftmost of several."""
    for child in children(expression):
        found = failing_part(child, at)
        if found is not None:
            return found
    if isinstance(expression, Apply) and not all_finite(evaluate(expression, at)):
        return expression
    return None


def why_undefined(expression: Expression, at: Mapping[str, Value]) -> str:
    """The reason in a few words, without a full stop: `ln x needs a positive number`."""
    part = failing_part(expression, at)
    if part is None:
        return "it is too large"
    return reason(part, [evaluate(argument, at) for argument in part.arguments])


def reason(part: Apply, arguments: Sequence[Value]) -> str:
    """Why this operation has no value for these arguments, with its own text: `ln(x) needs a positive number`."""
    text = show(part)
    gate = GATES[part.operation]
    said = gate.domain(*arguments, **dict(part.options)) if arguments else None
    if said is None:
        is_quotient = part.operation in ("div", "pow")
        return f"the denominator of {text} is 0" if is_quotient and not arguments else f"{text} is too large"
    return f"{text} needs {gate.needs}" if gate.needs else f"in {text} {said}"
