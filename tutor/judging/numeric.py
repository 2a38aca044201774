"""A number, or an array of numbers, against the truth: to the precision it was written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Interval
from tutor.engine.showing import plain
from tutor.engine.values import Shape, Value, all_finite, shape_of
from tutor.judging.precision import last_place, significant_digits, slack, written_number
from tutor.judging.shaping import wrong_shape
from tutor.judging.undefined import why_undefined
from tutor.judging.verdict import Kind, Verdict, remark, right, undecided, unreadable, wrong
from tutor.language import Expression, Matrix, Number

_EXACT = 1e-9
"""Relative difference up to which two computed values are the same."""

_ROUNDING = 1e-13
"""What is left of a zero after float arithmetic."""

_ON_THE_EDGE = 1 + 1e-9
"""A tie such as 0.775 counts for either side."""


class Closeness(IntEnum):
    """How an answer stands to a value, best first."""

    RIGHT = 0
    CUT_OFF = 1
    TOO_FEW_DIGITS = 2
    TOO_MANY_DIGITS = 3
    WRONG = 4


@dataclass(frozen=True, slots=True)
class Carried:
    """Another value that is right too, since it follows from the learner's own earlier one; and what to say then."""

    value: Value
    remark: str


def judge_number(
    expression: Expression,
    truth: Value,
    at: Mapping[str, Value],
    carried: Sequence[Carried] = (),
    interval: Interval | None = None,
    digits: int = 2,
) -> Verdict:
    """The verdict on a number, an exact form, a matrix literal or a matrix expression.

    `at` holds the values of the names it may use, `interval` the slopes that are all right at a kink (scalars
    only), `digits` how many significant digits are wanted where the value is not a short one.
    """
    try:
        value = evaluate(expression, at)
    except KeyError as missing:
        return unreadable(f"{missing.args[0]} has no value here.")
    except ValueError:
        return unreadable(f"The shapes in your answer do not fit together.{wrong_shape(None, shape_of(truth))}")
    if shape_of(value) != shape_of(truth):
        return unreadable(wrong_shape(shape_of(value), shape_of(truth)))
    if not all_finite(value):
        return wrong(f"Your answer has no value: {why_undefined(expression, at)}.")
    answers = _answers(expression, value, at)
    if interval is not None and isinstance(value, float):
        return _at_kink(answers[0], interval)
    verdict = _against(answers, truth, digits)
    if verdict.accepted:
        return verdict
    for other in carried:
        if shape_of(other.value) == shape_of(value) and _against(answers, other.value, digits).accepted:
            return remark(other.remark)
    return verdict


def agrees(expression: Expression, value: Value, at: Mapping[str, Value]) -> bool:
    """Whether this answer would be accepted as that value, to the precision it is written in."""
    try:
        mine = evaluate(expression, at)
    except (KeyError, ValueError):
        return False
    if shape_of(mine) != shape_of(value) or not all_finite(mine) or not all_finite(value):
        return False
    return _against(_answers(expression, mine, at), value, 2).accepted


@dataclass(frozen=True, slots=True)
class _Answer:
    """One number of an answer: its value, the number as it was typed (if it was one), and its slack."""

    value: float
    written: Number | None
    slack: float
    place: str


def _answers(expression: Expression, value: Value, at: Mapping[str, Value]) -> list[_Answer]:
    """The numbers an answer consists of, row by row."""
    if isinstance(expression, Matrix) and all(np.ndim(evaluate(e, at)) == 0 for row in expression.rows for e in row):
        entries = [entry for row in expression.rows for entry in row]
        places = _places(shape_of(value))
        return [_answer(entry, at, place) for entry, place in zip(entries, places, strict=True)]
    if isinstance(value, float):
        return [_answer(expression, at, "")]
    shape = shape_of(value)
    slacks = np.broadcast_to(slack(expression, at), shape)
    return [
        _Answer(float(v), None, float(s), place)
        for v, s, place in zip(np.ravel(value), np.ravel(slacks), _places(shape), strict=True)
    ]


def _answer(expression: Expression, at: Mapping[str, Value], place: str) -> _Answer:
    written = written_number(expression)
    if written is not None:
        return _Answer(float(written.value), written, float(last_place(written)) / 2, place)
    return _Answer(float(evaluate(expression, at)), None, float(slack(expression, at)), place)


def _places(shape: Shape) -> list[str]:
    """Where each entry stands, in words, row by row."""
    if len(shape) == 1:
        return [f"entry {i + 1}" for i in range(shape[0])]
    if len(shape) == 2:
        return [f"row {i + 1}, column {j + 1}" for i in range(shape[0]) for j in range(shape[1])]
    return [f"entry ({', '.join(str(i + 1) for i in index)})" for index in np.ndindex(*shape)]


def _against(answers: Sequence[_Answer], truth: Value, digits: int) -> Verdict:
    """The verdict of the worst entry; where several are as bad, of the first."""
    truths = [truth] if isinstance(truth, float) else [float(entry) for entry in np.ravel(truth)]
    found = [closeness(a, t, digits) for a, t in zip(answers, truths, strict=True)]
    worst = max(found)
    first = found.index(worst)
    answer = answers[first]
    match worst:
        case Closeness.RIGHT:
            return right()
        case Closeness.CUT_OFF:
            return remark(_cut_off(answer, truths[first]))
        case Closeness.TOO_FEW_DIGITS:
            return undecided(f"{_placed(answer)}Give {_count(digits)} digits.")
        case Closeness.TOO_MANY_DIGITS:
            return undecided(
                f"{_placed(answer)}The first three digits are right, the later ones are not. "
                "Give fewer, or carry more digits along."
            )
        case _:
            return wrong(_wrong_message(answer, sum(c is Closeness.WRONG for c in found), len(found)))


def closeness(answer: _Answer, truth: float, digits: int) -> Closeness:
    """How one number stands to the truth."""
    value, gap = answer.value, abs(answer.value - truth)
    if gap <= _EXACT * max(abs(value), abs(truth)) or (abs(truth) < _ROUNDING and abs(value) < _ROUNDING):
        return Closeness.RIGHT
    if abs(truth) < _ROUNDING or not answer.slack:
        return Closeness.WRONG
    half = answer.slack * _ON_THE_EDGE
    enough = _half_unit(truth, digits) * _ON_THE_EDGE
    if half > enough and not (answer.written and significant_digits(answer.written) >= digits):
        if gap <= enough:
            return Closeness.RIGHT
        return Closeness.TOO_FEW_DIGITS if gap <= _reach(answer, half) else Closeness.WRONG
    if gap <= half:
        return Closeness.RIGHT
    if gap <= 2 * half:
        return Closeness.CUT_OFF
    return Closeness.TOO_MANY_DIGITS if gap <= _half_unit(truth, 3) * _ON_THE_EDGE else Closeness.WRONG


def _half_unit(truth: float, digits: int) -> float:
    """Half a step of the last of so many significant digits."""
    return 0.5 * float(10.0 ** (np.floor(np.log10(abs(truth))) + 1 - digits))


def _reach(answer: _Answer, half: float) -> float:
    """How far off a number with too few digits may be, and still be no more than that."""
    if answer.written is None:
        return half
    if not answer.written.value:
        return half if "." in answer.written.text else 0.005
    return 2 * half if "." in answer.written.text else half


def _at_kink(answer: _Answer, interval: Interval) -> Verdict:
    low, high, torch = plain(interval.low), plain(interval.high), plain(interval.torch)
    value, play = answer.value, answer.slack * _ON_THE_EDGE if answer.written else _EXACT
    if interval.low - play <= value <= interval.high + play:
        return remark(f"This is a kink: any slope from {low} to {high} is right here. PyTorch takes {torch}.")
    return wrong(f"This is a kink: any slope from {low} to {high} is right here, and {plain(value)} is not among them.")


def _cut_off(answer: _Answer, truth: float) -> str:
    rounded = _rounded_like(answer, truth)
    how = "Cut off, not rounded" if abs(answer.value) < abs(truth) else "One off in the last digit"
    return f"{_placed(answer)}{how}: rounded it is {rounded}."


def _rounded_like(answer: _Answer, truth: float) -> str:
    if answer.written is None:
        return plain(truth)
    place = last_place(answer.written)
    if "e" in answer.written.text.lower() or place > 1:
        return f"{truth:.{max(significant_digits(answer.written) - 1, 0)}e}"
    return f"{truth:.{len(str(place.denominator)) - 1}f}"


def _wrong_message(answer: _Answer, bad: int, many: int) -> str:
    if answer.place:
        share = f" ({many - bad} of {many} entries are right)" if many > bad else ""
        return f"{_placed(answer)}{plain(answer.value)} is not right{share}."
    if answer.written is None:
        return f"Yours comes to {plain(answer.value)}, which is not the value."
    return f"{plain(answer.value)} is not the value."


def _placed(answer: _Answer) -> str:
    return f"{answer.place[0].upper()}{answer.place[1:]}: " if answer.place else ""


def _count(digits: int) -> str:
    words = {2: "two", 3: "three", 4: "four", 5: "five"}
    return words.get(digits, str(digits))


__all__ = ["Carried", "Closeness", "Kind", "agrees", "judge_number"]
