"""A number, or an array of numbers, against the truth: to the precision it was written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Interval
from tutor.engine.values import Shape, Value, all_finite, plain, shape_of
from tutor.judging.high_precision import NoValueHere, refined
from tutor.judging.precision import (
    EXACT,
    ROUNDING,
    WANTED_DIGITS,
    Closeness,
    NumberAnswer,
    as_decimal,
    closeness,
    decimal_of,
    last_place,
    scientific,
    significant_digits,
    slack,
    written_number,
)
from tutor.judging.shapes import equality, misfit, same_shape, unusable, wrong_shape
from tutor.judging.verdict import Kind, Verdict, remark, right, undecided, unreadable, wrong
from tutor.language import Expression, Matrix, Number

_SURE_DIGITS = 3
"""Digits that a number with too many of them is judged by."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Another value that is right too, since it follows from the learner's own earlier one; and what to say then.

    `mistaken` are the keys of the earlier blanks with a mistake; where there are none, it follows from rounded numbers.
    """

    value: Value
    remark: str
    mistaken: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """On an answer that is this value."""
        return replace(remark(self.remark), carried=self.mistaken, rounded=not self.mistaken)


def judge_number(
    expression: Expression,
    truth: Value,
    at: Mapping[str, Value],
    carried: Iterable[Carried] = (),
    interval: Interval | None = None,
    digits: int = WANTED_DIGITS,
) -> Verdict:
    """The verdict on a number, an exact form, a matrix literal or a matrix expression.

    `at` holds the values of the names it may use; `carried` is gone through once, if at all; `interval` the values that
    are all right at a kink (for numbers, not arrays); `digits` how many significant digits are wanted where the truth
    is not a shorter number.
    """
    if said := unusable(expression, at) or ("" if shape_of(truth) else equality(expression)):
        return unreadable(said)
    try:
        value = evaluate(expression, at)
    except ValueError:
        return unreadable(misfit(expression, at))
    wanted = shape_of(truth)
    fits = shape_of(value) == wanted if isinstance(expression, Matrix) else same_shape(shape_of(value), wanted)
    if not fits:
        return unreadable(wrong_shape(shape_of(value), wanted))
    try:
        answers = _answers(expression, value, at)
        if not wanted and shape_of(value):  # a (1, 1) that is taken for the number in it
            answers = [replace(answers[0], place="")]
    except NoValueHere as failure:
        return undecided(failure.sentence) if failure.too_large else wrong(failure.sentence)
    if interval is not None and not wanted and _lies_in(answers[0], interval):
        return remark(_about_kink(answers[0], interval))
    verdict = _against(answers, truth, digits)
    if verdict.kind is Kind.WRONG and not wanted and not shape_of(value) and answers[0].written is None:
        # Floats may have lost the digits that count: 10^20 + 1 - 10^20 is 0 to them.
        answers = [replace(answers[0], value=refined(expression, at, always=True))]
        verdict = _against(answers, truth, digits)
    if not verdict.accepted:
        for other in carried:
            if shape_of(other.value) == wanted and _against(answers, other.value, digits).accepted:
                return other.verdict
    return verdict


def telling_value(
    verdict: Verdict, expression: Expression, at: Mapping[str, Value], truth: Value | None = None
) -> Verdict:
    """The verdict on an accepted answer, with the number that a formula comes to; of a number alone, as it is.

    Where `truth` differs in the digits that are shown, it is told what the rounding on the way has done.
    """
    if not verdict.accepted or written_number(expression) is not None:
        return verdict
    try:
        value = evaluate(expression, at)
    except (KeyError, ValueError):
        return verdict
    if not isinstance(value, float):
        return verdict
    said = f"It comes to {plain(value)}"
    if isinstance(truth, float) and scientific(truth, _SURE_DIGITS) != scientific(value, _SURE_DIGITS):
        said += f"; with nothing rounded on the way, to {plain(truth)}"
    return verdict.saying(f"{said}.")


def agrees(expression: Expression, value: Value, at: Mapping[str, Value]) -> bool:
    """Whether this answer would be accepted as that value, to the precision it is written in."""
    if unusable(expression, at):
        return False
    try:
        mine = evaluate(expression, at)
        if not same_shape(shape_of(mine), shape_of(value)) or not all_finite(value):
            return False
        return _against(_answers(expression, mine, at), value, WANTED_DIGITS).accepted
    except (ValueError, NoValueHere):
        return False


def _answers(expression: Expression, value: Value, at: Mapping[str, Value]) -> list[NumberAnswer]:
    """The numbers an answer consists of, row by row. Raises NoValueHere."""
    shape = shape_of(value)
    if not shape:
        return [_answer(expression, at, "")]
    places = _places(shape)
    if isinstance(expression, Matrix) and expression.shape == shape:
        return _with_zeros_as_decimals(
            [_answer(entry, at, place) for entry, place in zip(expression.entries, places, strict=True)]
        )
    if not all_finite(value):
        raise NoValueHere.of(expression, at)
    slacks = np.broadcast_to(slack(expression, at), shape)
    computed = np.where(np.abs(value) < ROUNDING, 0.0, value)
    numbers = zip(np.ravel(computed), np.ravel(slacks), places, strict=True)
    return [NumberAnswer(float(entry), None, float(play), place) for entry, play, place in numbers]


def _with_zeros_as_decimals(answers: list[NumberAnswer]) -> list[NumberAnswer]:
    """The entries of one array: a plain 0 among decimals is as precise as the roughest of these."""
    decimals = [answer.written for answer in answers if answer.written is not None and answer.has_point]
    if not decimals:
        return answers
    place = max(last_place(number) for number in decimals)
    zero = Number(Fraction(0), f"0.{'0' * (len(str(place.denominator)) - 1)}")
    return [
        replace(answer, written=zero, slack=float(place) / 2)
        if answer.written is not None and answer.written.text in ("0", "-0")
        else answer
        for answer in answers
    ]


def _answer(expression: Expression, at: Mapping[str, Value], place: str) -> NumberAnswer:
    written = written_number(expression)
    if written is not None:
        return NumberAnswer(float(written.value), written, float(last_place(written)) / 2, place)
    fraction = decimal_of(expression)
    return NumberAnswer(refined(expression, at), None, float(slack(expression, at)), place, fraction)


def _places(shape: Shape) -> list[str]:
    """Where each entry stands, in words, row by row, counted from 1."""
    if len(shape) == 1:
        return [f"entry {i + 1}" for i in range(shape[0])]
    if len(shape) == 2:
        return [f"row {i + 1}, column {j + 1}" for i in range(shape[0]) for j in range(shape[1])]
    return [f"entry ({', '.join(str(i + 1) for i in index)})" for index in np.ndindex(*shape)]


def _against(answers: Sequence[NumberAnswer], truth: Value, digits: int) -> Verdict:
    """The verdict of the worst entry; where several are as bad, of the first."""
    truths = [float(entry) for entry in np.ravel(truth)]
    found = [closeness(answer, entry, digits) for answer, entry in zip(answers, truths, strict=True)]
    worst = max(found)
    first = found.index(worst)
    answer = answers[first]
    match worst:
        case Closeness.RIGHT:
            return right()
        case Closeness.CUT_OFF:
            return replace(remark(_cut_off(answer, truths[first])), rounded=True)
        case Closeness.TOO_FEW_DIGITS:
            return replace(undecided(_too_few(answer, digits)), rough=True)
        case Closeness.TOO_MANY_DIGITS:
            return undecided(_too_many(answer, truths[first]))
        case _:
            fine = sum(each <= Closeness.CUT_OFF for each in found)
            said = _wrong(answer, truths[first], digits, fine, len(found))
            return replace(wrong(said), unexplained=True)


def _lies_in(answer: NumberAnswer, interval: Interval) -> bool:
    play = answer.slack if answer.written else EXACT
    return interval.low - play <= answer.value <= interval.high + play


def _about_kink(answer: NumberAnswer, interval: Interval) -> str:
    low, high, torch = plain(interval.low), plain(interval.high), plain(interval.torch)
    same = abs(answer.value - interval.torch) <= EXACT
    return f"This is a kink: any number from {low} to {high} is right here. PyTorch uses {torch}{' too' * same}."


def _cut_off(answer: NumberAnswer, truth: float) -> str:
    assert answer.written is not None
    place, digits = last_place(answer.written), significant_digits(answer.written)
    plainly = place <= 1 and "e" not in answer.written.text.lower()
    rounded = f"{truth:.{len(str(place.denominator)) - 1}f}" if plainly else scientific(truth, max(digits, 1))
    how = "Cut off, not rounded" if abs(answer.value) < abs(truth) else "One off in the last digit"
    return f"{_placed(answer)}{how}: it rounds to {rounded}."


def _too_many(answer: NumberAnswer, truth: float) -> str:
    """Of a number that is near: right to three digits, or on the other side of where they change."""
    mine = scientific(answer.value, _SURE_DIGITS)
    if mine == scientific(truth, _SURE_DIGITS):
        said = "Right to three digits, but not to all you gave. Give fewer, or carry more digits in between."
    else:
        said = f"Close, but to three digits this is {plain(float(mine))}, which is not right. "
        said += "Carry more digits in between."
    return f"{_placed(answer)}{said}"


def _too_few(answer: NumberAnswer, digits: int) -> str:
    count = {2: "two", 3: "three", 4: "four", 5: "five"}.get(digits, str(digits))
    if answer.written is None:
        said = f"Its numbers are rounded too far: what comes of them is not sure to {count} digits."
        return f"{_placed(answer)}{said} Take them to more digits, or give an exact form."
    zeros = ", not counting the zeros in front" if 0 < abs(answer.value) < 0.1 else ""  # 0.03 seems to have two
    return f"{_placed(answer)}{answer.written.text} is too rough to tell; give {count} digits{zeros}."


def _wrong(answer: NumberAnswer, truth: float, digits: int, fine: int, many: int) -> str:
    if answer.place:
        share = f" {fine} of {many} entries {'is' if fine == 1 else 'are'} right." if fine else ""
        return f"{_placed(answer)}{_typed(answer)} is not right.{share}"
    if answer.written is None:
        if _only_rounds_to(answer, truth, digits):
            return f"Yours is exactly {plain(answer.value)}; the right value is not, it only rounds to that."
        return f"Yours comes to {plain(answer.value)}, which is not the right value."
    return f"{_typed(answer)} is not the right value."


def _only_rounds_to(answer: NumberAnswer, truth: float, digits: int) -> bool:
    """Whether an exact form is a decimal that would have been accepted."""
    text = plain(answer.value)
    if "e" in text or Fraction(text.replace("−", "-")) != Fraction(answer.value).limit_denominator(10**9):
        return False
    decimal = Number(Fraction(text.replace("−", "-")), text)
    return closeness(as_decimal(answer, decimal), truth, digits) <= Closeness.CUT_OFF


def _typed(answer: NumberAnswer) -> str:
    return answer.written.text if answer.written else plain(answer.value)


def _placed(answer: NumberAnswer) -> str:
    return f"{answer.place[0].upper()}{answer.place[1:]}: " if answer.place else ""
