"""What a learning management system takes for right, and which wrong answers it has a sentence for.

Such a system compares numbers within a tolerance and texts letter by letter. So that it takes no more than the tutor
does, every rounding that the blank's own judge accepts is an answer of its own. The mistakes are those that the judge
holds an answer against, each with the sentence that it says to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import islice, permutations
from string import ascii_lowercase
from typing import Any

import numpy as np

from tutor.judging import Kind, Verdict
from tutor.judging.misconceptions import Heard, Likelihood, candidates_heard
from tutor.marking.learner_graph import OpenStep
from tutor.marking.scheme import BlankScheme
from tutor.questions import Answer

_MOST_MISTAKES = 20
"""Wrong answers with a sentence of their own, at one blank."""
_MOST_JUDGED, _MOST_JUDGED_ENTRIES = 60, 240
"""Candidates that are judged at a blank, and entries of arrays among them: arrays take longer."""
_MOST_ORDERS = 120
"""Right orders that are listed."""
_MOST_TO_ORDER = 6
"""Names of which every order is tried."""
_DIGITS = range(1, 8)
"""Significant digits to which a number may be rounded, each accepted number an answer of its own."""
_FINEST = 8
"""Significant digits to which a number with more has to be right."""
_STEP = 0.0137213
"""No rounding takes a number so far: where it is right all the same, a whole range is, as at a kink."""
_FARTHEST = 1000.0
_NOISE = 12
"""Significant digits of a value, beyond which floats are noise."""
_NEAR = 0.005
"""Of a wrong number: so near to it, it is taken for that one, unless a right one is near."""
_SHOWN = 5
"""Significant digits of a wrong number."""
_LARGEST = 1e9
"""What is larger is no number that people type."""
_TEXT_PROBES = ("(97, 89, 83)", "scalar", "97, 89, 83")
"""Wrong shapes and rows that nobody comes to: the judge holds them against all mistakes."""


@dataclass(frozen=True, slots=True)
class LmsAnswer:
    """A right or a wrong answer, and what is said to it."""

    text: str
    right: bool
    says: str = ""
    tolerance: float = 0.0
    """How far a number may be off."""


@dataclass(frozen=True)
class BlankJudge:
    """A blank's own judge, with right answers before it."""

    opened: OpenStep
    row: BlankScheme
    before: Mapping[str, Answer]

    def __call__(self, text: str) -> Verdict:
        """The verdict on this answer, to one who cannot be asked for another digit."""
        return self.opened.step.judge(self.row.blank, text, self.opened.answers(self.before)).unasked

    def says(self, text: str) -> str:
        """What is said of a wrong answer whose mistake has a name; "" for any other."""
        verdict = self(text)
        return verdict.message if verdict.kind is Kind.WRONG and verdict.mistake else ""

    def against(self, probes: Sequence[str]) -> Heard:
        """What these wrong answers are held against, the likeliest mistakes first, two at once last."""
        with candidates_heard() as heard:
            for probe in probes:
                self(probe)
        heard.candidates.sort(key=lambda one: ("+" in one.key, one.likelihood is Likelihood.RARE, -one.likelihood))
        return heard


# Choices and texts


def option_answers(judge: BlankJudge) -> Iterator[LmsAnswer]:
    """The options, each with what the tutor says to it alone."""
    right = judge.row.correct.split()
    for letter, option in zip(ascii_lowercase, judge.row.blank.options, strict=False):
        alone = judge(letter)
        says = (alone.clause or alone.message) if letter not in right or len(right) == 1 else ""
        yield LmsAnswer(option, letter in right, says)


def text_answers(judge: BlankJudge, kind: str) -> tuple[LmsAnswer, ...]:
    """Right answers in every usual spelling, then wrong ones with a name; nothing where too many are right."""
    rows = [judge.row.correct]
    if kind == "order":
        names = judge.row.correct.split(", ")
        if len(names) > _MOST_TO_ORDER:
            return ()
        rows = [", ".join(row) for row in permutations(names) if judge(", ".join(row)).accepted]
        if len(rows) > _MOST_ORDERS:
            return ()
    right = list(dict.fromkeys(text for row in rows for text in _spellings(row) if judge(text).accepted))
    wrong: dict[str, str] = {}
    for row in islice(_other_texts(judge, kind), _MOST_JUDGED):
        if len(set(wrong.values())) < _MOST_MISTAKES and (says := judge.says(row)):
            wrong |= {text: says for text in _spellings(row) if text not in wrong and not judge(text).accepted}
    return (*(LmsAnswer(text, True) for text in right), *(LmsAnswer(text, False, says) for text, says in wrong.items()))


def _spellings(row: str) -> list[str]:
    """A row of names or sizes as people write it."""
    inner = row.strip().removeprefix("(").removesuffix(")").strip().rstrip(",")
    parts = [part.strip() for part in inner.split(",")]
    if not all(parts):
        return [row]
    joined = (", ".join(parts), ",".join(parts), " ".join(parts))
    if row.startswith("("):
        ways = [row, row.replace(" ", ""), *(f"({text})" for text in joined[:2]), *(f"[{text}]" for text in joined[:2])]
        return list(dict.fromkeys([*ways, *joined, " x ".join(parts), "x".join(parts)]))
    return list(dict.fromkeys([row, *joined, f"[{joined[0]}]", f"({joined[0]})"]))


def _other_texts(judge: BlankJudge, kind: str) -> Iterator[str]:
    """The rows that mistakes lead to; where the kind names none, the names in other orders."""
    mistakes = judge.against(_TEXT_PROBES).candidates
    yield from dict.fromkeys(_row_text(one.gives) for one in mistakes if isinstance(one.gives, list | tuple))
    if kind == "shape":
        yield from ("error", "scalar")
    elif not mistakes:
        parts = judge.row.correct.split(", ")
        yield ", ".join(reversed(parts))
        yield from (", ".join([*parts[:at], *parts[at + 1 :]]) for at in range(len(parts)))
        yield from (", ".join(row) for row in permutations(parts))


def _row_text(row: Sequence[Any]) -> str:
    if isinstance(row, list):
        return ", ".join(map(str, row))
    return f"({', '.join(map(str, row))}{',' if len(row) == 1 else ''})" if row else "scalar"


# Numbers


def value_of(text: str) -> np.ndarray | float | None:
    """The number or array that a right answer is; None where it is something else."""
    try:
        value = np.asarray(json.loads(text), dtype=float)
    except (ValueError, TypeError):
        return None
    if not np.all(np.isfinite(value)):
        return None
    return float(value) if value.ndim == 0 else value


def number_answers(judge: BlankJudge) -> tuple[LmsAnswer, ...]:
    """The right number and its roundings, then the wrong ones with a name."""
    ((answers,),) = cell_answers(judge)
    every = _range(judge, float(answers[0].text))
    return answers if every is None else (every, *(one for one in answers if not one.right))


def cell_answers(judge: BlankJudge) -> tuple[tuple[tuple[LmsAnswer, ...], ...], ...]:
    """The same for every entry of an array, row by row: wrong values are those of mistakes made throughout."""
    shown = np.asarray(value_of(judge.row.correct), dtype=float)
    heard = judge.against([written(shown * 1.37 + 0.618)])
    value = next((one for one in map(np.asarray, heard.truths) if _is_rounded_from(shown, one)), shown)
    value = np.vectorize(lambda one, told: float(f"{one:.{_NOISE}g}") if told else 0.0, otypes=[float])(value, shown)
    accepted = [np.atleast_2d(one) for one in _accepted(judge, value)]
    wrong = [(np.atleast_2d(one), says) for one, says in _wrong(judge, value, heard)]
    return tuple(
        tuple(
            _number(float(entry), [one[at] for one in accepted], [(float(one[at]), says) for one, says in wrong])
            for column, entry in enumerate(entries)
            for at in ((row, column),)
        )
        for row, entries in enumerate(np.atleast_2d(value))
    )


def _is_rounded_from(shown: np.ndarray, value: np.ndarray) -> bool:
    """Whether a right answer as it is shown is this value, in fewer digits."""
    return value.dtype == float and value.shape == shown.shape and np.allclose(value, shown, rtol=1e-3, atol=1e-4)


def _number(value: float, accepted: Sequence[float], wrong: Sequence[tuple[float, str]]) -> tuple[LmsAnswer, ...]:
    """The answers to one number. What is right at another precision is no wrong answer."""
    exact = written(value)
    answers = {exact: LmsAnswer(exact, True, "", _tolerance(value))}
    for one in accepted:
        answers.setdefault(text := written(one), LmsAnswer(text, True))
    right = [float(text) for text in answers]
    for other, says in wrong:
        off = min(_NEAR * abs(other), min(abs(other - one) for one in right) / 3)
        answers.setdefault(text := written(other, _SHOWN), LmsAnswer(text, False, says, off))
    return tuple(answers.values())


def _tolerance(value: float) -> float:
    """How far a number with all its digits may be off; 0 for one with few."""
    if _rounded(value, _DIGITS[-1]) == value:
        return 0.0
    return 0.5 * float(_unit(Decimal(repr(value)), _FINEST))


def _unit(value: Decimal, digits: int) -> Decimal:
    """One in the last of so many significant digits."""
    return Decimal(1).scaleb(value.adjusted() - digits + 1)


def _range(judge: BlankJudge, value: float) -> LmsAnswer | None:
    """All numbers that are right, where that is a whole range, as at a kink; else None."""
    ends = [_end(judge, value, sign) for sign in (-1, 1)]
    if ends[0] == ends[1]:
        return None
    return LmsAnswer(written(sum(ends) / 2), True, "", (ends[1] - ends[0]) / 2)


def _end(judge: BlankJudge, value: float, sign: int) -> float:
    """The last right number on one side."""
    inside, outside = 0.0, _FARTHEST
    if not judge(written(value + sign * _STEP)).accepted:
        return value
    while outside - inside > 1e-6:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if judge(written(value + sign * middle)).accepted else (inside, middle)
    return round(value + sign * inside, 5)


def _accepted(judge: BlankJudge, value: np.ndarray) -> list[np.ndarray]:
    """The value rounded to fewer digits, and one off in the last, as far as the judge accepts it written so."""
    accepted: list[np.ndarray] = []
    for digits in _DIGITS:
        for off in (0, -1, 1):
            rounded = np.vectorize(lambda one, to=digits, by=off: _rounded(one, to, by), otypes=[float])(value)
            if any(np.array_equal(rounded, one) for one in accepted):
                continue
            if judge(written(rounded, digits)).accepted:
                accepted.append(rounded)
    return accepted


def _rounded(value: float, digits: int, off: int = 0) -> float:
    """The number to so many significant digits, and so much off in the last of them."""
    exact = Decimal(repr(float(value)))
    if not exact:
        return 0.0
    unit = _unit(exact, digits)
    return float(exact.quantize(unit, ROUND_HALF_UP) + off * unit)


def written(value: Any, digits: int = 10) -> str:
    """A number or an array as it may be typed, to so many digits."""
    if np.ndim(value):
        return f"[{', '.join(written(one, digits) for one in value)}]"
    return _plain(Decimal(repr(float(value))), digits)


def _plain(value: Decimal, digits: int) -> str:
    """A decimal without an exponent and without zeros at its end."""
    if not value:
        return "0"
    if digits < len(value.as_tuple().digits):
        value = value.quantize(_unit(value, digits), ROUND_HALF_EVEN)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _wrong(judge: BlankJudge, value: np.ndarray, heard: Heard) -> list[tuple[Any, str]]:
    """Wrong values whose mistake has a name, each with what is said of it."""
    found: dict[str, tuple[Any, str]] = {}
    tried: set[str] = set()
    for one in heard.candidates:
        if np.shape(one.gives) != value.shape or not np.all(np.abs(one.gives) < _LARGEST):
            continue
        text = written(one.gives, _SHOWN)
        if text in tried:
            continue
        if len(found) == _MOST_MISTAKES or len(tried) >= min(_MOST_JUDGED, max(8, _MOST_JUDGED_ENTRIES // value.size)):
            break
        tried.add(text)
        if says := judge.says(text):
            found[text] = (one.gives, says)
    return list(found.values())
