"""What an exact form comes to, where floats alone do not say; and why an expression has no value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import isfinite, isinf

from tutor.engine.enclosure import BeyondReach, NoRealValue, NotSettled, Precisely
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Value, all_finite
from tutor.judging.tolerance import ROUNDING
from tutor.language import Apply, Expression, children, names_in, show

_BITS = 256

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
    precisely = Precisely(_BITS)
    ball = precisely.ball(expression, exact)
    number = float(ball)
    if isinf(number):
        raise NoValueHere("Your answer is far too large.")
    if isfinite(value):
        for name in exact:
            moved = Precisely(_BITS).ball(expression, {**exact, name: exact[name] * _NUDGE})
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
