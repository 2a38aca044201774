"""An expression against the truth, with a point that shows the difference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from fractions import Fraction

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Value
from tutor.judging.computing import reason
from tutor.judging.equivalence import Comparison, Outcome, compare
from tutor.judging.numeric import judge_number
from tutor.judging.points import sample_points
from tutor.judging.precision import is_decimal, significant_digits, slack
from tutor.judging.shaping import wrong_shape
from tutor.judging.verdict import Kind, Verdict, remark, right, undecided, unreadable, wrong
from tutor.judging.writing import written
from tutor.language import Expression, Matrix, Number, names_in, walk

_DIGITS = (4, 6, 9, 12, 16)
"""How many significant digits are shown: as many as it takes to tell two values apart."""

_ALIKE = 1e-9
"""Relative difference up to which two values at a point are the same."""

_DIGITS_OF_A_FLOAT, _ROUNDING_OF_A_FLOAT = 14, 1e-13


def judge_expression(
    answer: Expression,
    truth: Expression,
    names: Iterable[str],
    positive: Iterable[str] = (),
    at: Mapping[str, Value] | None = None,
    form: Callable[[Expression], str] | None = None,
    called: str = "function",
) -> Verdict:
    """The verdict on an expression in `names`; those in `positive` only take positive values.

    `at` holds the learner's own values, which are among the points tried. `form` says what is wrong with the form
    of an answer whose value is right, or "". Such an answer is undecided, its mistake called "form". `called` is
    what the truth is to the learner.
    Raises ValueError for truths and answers with gates that mix entries.
    """
    if isinstance(answer, Matrix):
        return unreadable(wrong_shape(answer.shape, ()))
    verdict = _judged(answer, truth, tuple(names), tuple(positive), at, called)
    if verdict.accepted and form is not None and (objection := form(answer)):
        return Verdict(Kind.UNDECIDED, objection, mistake="form")
    return verdict


def _judged(
    answer: Expression,
    truth: Expression,
    names: tuple[str, ...],
    positive: tuple[str, ...],
    at: Mapping[str, Value] | None,
    called: str,
) -> Verdict:
    # A decimal that the truth holds too is no rounded one.
    exact = {part.value for part in walk(truth) if isinstance(part, Number)}
    numbers = [part for part in walk(answer) if isinstance(part, Number) and part.value not in exact]
    decimals = [number for number in numbers if is_decimal(number)]
    found = compare(answer, truth, names, positive, at)
    if decimals and found.outcome is Outcome.DIFFERENT:
        if not found.point and not names_in(truth):
            return judge_number(answer, evaluate(truth, {}), {})
        if min(map(significant_digits, decimals)) >= 2 and _only_rounded(answer, truth, exact, names, positive):
            return undecided(
                "This looks like the right expression with rounded decimals. Decimals count exactly as written "
                "here: give a fraction or an exact form, such as 2/3 or sqrt(2)."
            )
    if found.outcome is Outcome.DIFFERENT and _is_float(truth, found):
        return right()
    return _of(found, called)


def _is_float(truth: Expression, found: Comparison) -> bool:
    """Whether a truth is a number with all its digits, and the answer the number that this is a rounding of."""
    if not isinstance(truth, Number) or significant_digits(truth) < _DIGITS_OF_A_FLOAT or found.difference is None:
        return False
    return found.difference <= _ROUNDING_OF_A_FLOAT * abs(truth.value)


def _only_rounded(
    answer: Expression, truth: Expression, exact: Set[Fraction], names: tuple[str, ...], positive: tuple[str, ...]
) -> bool:
    """Whether the rounding of its decimals explains everywhere how far an answer is off."""
    used = {*names_in(answer), *names_in(truth)}
    columns = sample_points(tuple(name for name in names if name in used), frozenset(positive)).columns
    with np.errstate(all="ignore"):
        mine, theirs = evaluate(answer, columns), evaluate(truth, columns)
        gap = np.abs(np.subtract(mine, theirs))
        play = np.broadcast_to(slack(answer, columns, exact), np.shape(gap))
        seen = np.isfinite(theirs) & np.isfinite(mine) & np.isfinite(play)
        return bool(np.any(seen) and np.all((gap <= 1.01 * play) | (gap <= 1e-12 * np.abs(theirs)), where=seen))


def _of(found: Comparison, called: str) -> Verdict:
    match found.outcome:
        case Outcome.SAME if found.point:
            only = f"At {_where(found)} only yours has one; that does not count against you."
            return remark(f"The two agree wherever the {called} has a value. {only}")
        case Outcome.SAME:
            return right()
        case Outcome.DIFFERENT:
            return wrong(_difference(found))
        case Outcome.UNDEFINED:
            assert found.truth is not None and found.part is not None
            at = f"At {_where(found)} the {called}" if found.point else f"The {called}"
            return wrong(f"{at} is {written(found.truth, 3)}, but {reason(found.part, found.arguments)}.")
        case _ if found.too_large:
            return undecided("This is too large, or takes too long to compute, so it was not judged.")
        case _:
            return undecided("This could not be decided. Try writing it another way.")


def difference_at(answer: Expression, truth: Expression, points: Iterable[Mapping[str, float]]) -> str:
    """A sentence on the first of these points at which two expressions differ; "" where they agree at all."""
    for point in points:
        with np.errstate(all="ignore"):
            mine, theirs = float(evaluate(answer, point)), float(evaluate(truth, point))
        if not np.isfinite(mine):
            where = _where(Comparison(Outcome.DIFFERENT, point))
            return f"At {where} yours has no value; it should be {written(theirs, _DIGITS[0])}."
        if abs(mine - theirs) > _ALIKE * max(abs(mine), abs(theirs)):
            return _difference(Comparison(Outcome.DIFFERENT, point, mine, theirs, abs(mine - theirs)))
    return ""


def _difference(found: Comparison) -> str:
    """`At x = 1.3 yours gives 2.6; it should be 3.38.`"""
    assert found.yours is not None and found.truth is not None
    yours = f"At {_where(found)} yours" if found.point else "Yours"
    for digits in _DIGITS:
        mine, theirs = written(found.yours, digits), written(found.truth, digits)
        if mine != theirs:
            return f"{yours} gives {mine}; it should be {theirs}."
    much = f"by {written(found.difference, 2)}" if found.difference else "by too little to write out"
    return f"{yours} and the correct value differ {much}."


def _where(found: Comparison) -> str:
    """`x = 1.3, y = -2`."""
    return ", ".join(f"{name} = {written(value, 6)}" for name, value in found.point.items())
