"""An exercise as questions for a learning management system: one for each blank that such a system can judge.

`carried_over` makes them, `moodle.py` and `qti.py` write them. Each mistake that the tutor names at a blank becomes a
wrong answer with its sentence. They are looked for among answers that people give: the other numbers and shapes in
sight, these negated, inverted, combined; the blank's own judge says which of them has a name.

What these systems cannot do is left out, and said: run code, judge equations or formulas, follow an earlier mistake.
The steps after the staging are therefore asked on the program's own equations, which are given, with the values that
were found before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import chain, combinations, islice, permutations
from math import isfinite
from string import ascii_lowercase
from typing import Any, Literal

import numpy as np

from tutor.course.sheets import names_of
from tutor.drawing import choose, draw, draw_figure
from tutor.judging import Kind, Verdict
from tutor.library import Exercise
from tutor.marking import Marker
from tutor.marking.learner_graph import OpenStep
from tutor.marking.scheme import BlankScheme, QuestionScheme
from tutor.questions import Answer, Blank, InputKind
from tutor.questions.value.question import MISFIT
from tutor.text import one_line

Form = Literal["choice", "number", "array", "text"]

_WIDTH, _HEIGHT = 100, 60
"""Columns and lines of a drawing."""
_MOST_CELLS = 24
"""Entries of an array that are asked one by one."""
_MOST_SLIPS = 8
"""Wrong answers with a sentence of their own, at one blank."""
_MOST_ORDERS = 120
"""Right orders that are listed."""
_MOST_TO_ORDER = 6
"""Names of which every order is tried."""
_MOST_NUMBERS = 10
"""Numbers in sight that are combined."""
_MOST_DIGITS = 7
_MOST_TRIED, _FEWEST_TRIED = 36, 6
"""Wrong values that are tried at a blank: the fewer, the larger it is, as judging an array takes longer."""
_OF_FORMULAS = ("derivative", "gradient", "chain", "value")
"""Steps in which an answer that is no number is a formula."""
_COLOURS = "Green is the value, red is the gradient. "
"""What is true of the tutor's own screen only."""
_TOGETHER = re.compile(r"\b(above|all of|none of|both|neither)\b", re.IGNORECASE)
"""Words of an option that speaks of the others, which should then keep their places."""


@dataclass(frozen=True, slots=True)
class LmsAnswer:
    """A right or a wrong answer, and what is said to it."""

    text: str
    right: bool
    says: str = ""


@dataclass(frozen=True)
class LmsQuestion:
    """One blank, as a question of its own."""

    name: str
    """The exercise's id, the blank and, where there is one, the seed."""

    blank: str
    """The same without the seed: variants of one question have it in common."""

    key: str
    """What no other question has, but its variants: the id and the key of the blank."""

    exercise: str
    """The exercise's id without a seed."""

    html: str
    """What is asked. Everything in it is escaped but our own tags."""

    form: Form
    marks: float
    answers: tuple[LmsAnswer, ...] = ()
    """Of an array none: it has those of its cells."""

    tolerance: float = 0.0
    """How far a number may be off."""

    cells: tuple[tuple[LmsCell, ...], ...] = ()
    """Of an array, row by row."""

    shuffle: bool = True
    """Whether options may stand in another order."""

    solution: str = ""
    """Said in the end."""

    hints: tuple[str, ...] = ()

    @property
    def several(self) -> bool:
        """Whether more than one option is right."""
        return self.form == "choice" and sum(one.right for one in self.answers) > 1


@dataclass(frozen=True, slots=True)
class LmsCell:
    """An entry of an array."""

    answers: tuple[LmsAnswer, ...]
    tolerance: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A blank that is not carried over: its name, and why, as a clause."""

    blank: str
    why: str


@dataclass
class CarriedOver:
    """What became of exercises."""

    questions: list[LmsQuestion] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def add(self, other: CarriedOver) -> None:
        """Take in what became of another; a question that is there already, whatever its name, is there once."""
        known = {replace(one, name="") for one in self.questions}
        self.questions += [one for one in other.questions if replace(one, name="") not in known]
        self.left_out += other.left_out


def carried_over(marker: Marker, seed: int | None = None) -> CarriedOver:
    """The questions of one exercise; `seed` is that of its numbers, which is in its id too."""
    over = CarriedOver()
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        _Question(marker.exercise, scheme, prefix, seed, over).carry()
    return over


class _Question:
    """One question of an exercise on its way over."""

    def __init__(
        self, exercise: Exercise, scheme: QuestionScheme, prefix: str, seed: int | None, over: CarriedOver
    ) -> None:
        self._exercise, self._scheme, self._over, self._seed = exercise, scheme, over, seed
        self._question = scheme.work.question
        self._id = exercise.id.partition("@")[0]
        self._where = f"{self._id} {prefix.rstrip('/')}".strip()
        self._judged: dict[str, Answer] = {}
        """The right answers to the blanks before."""
        self._staged = ""

    def carry(self) -> None:
        """Add each blank to what is carried over, or to what is left out."""
        for opened in self._scheme.own.values():
            rows = self._scheme.steps[opened.step.key]
            for row, called in zip(rows, names_of([row.blank for row in rows]), strict=True):
                name = f"{self._where} {called}"
                made = self._made(opened, row, name)
                if isinstance(made, str):
                    self._over.left_out.append(LeftOut(name, made))
                else:
                    self._over.questions.append(made)
                if row.blank.wants is InputKind.EQUATIONS:
                    self._staged = row.correct
            for row in rows:
                if row.blank.wants is InputKind.VALUE:
                    self._judged[row.blank.key] = Answer(row.correct, Verdict(Kind.RIGHT))

    def _made(self, opened: OpenStep, row: BlankScheme, name: str) -> LmsQuestion | str:
        """The question, or why there is none."""
        if row.blank.wants is InputKind.CODE:
            return "code has to be run"
        if row.blank.wants is InputKind.EQUATIONS:
            return "equations of one's own cannot be judged there"
        formula = opened.step.key in _OF_FORMULAS and _value(row.correct) is None
        if formula and row.correct != MISFIT:
            return "its answer is a formula"
        judge = _Judge(opened, row, dict(self._judged))
        asked = LmsQuestion(
            name=f"{name} (seed {self._seed})" if self._seed is not None else name,
            blank=name,
            key=f"{self._where} {row.blank.key}",
            exercise=self._id,
            html=self._html(opened, row.blank),
            form="text",
            marks=float(row.full),
            **self._help(opened, row.blank),
        )
        if row.blank.wants is InputKind.CHOICE:
            whole = any(_TOGETHER.search(option) for option in row.blank.options)
            said = asked.hints[:1]  # the others speak of options by their letters
            return replace(
                asked, form="choice", answers=tuple(_options(judge)), shuffle=not whole, hints=said, solution=""
            )
        value = _value(row.correct)
        if value is None or opened.step.key in ("order", "trace", "shape"):
            texts = _texts(judge, opened.step.key, self._in_sight(opened))
            return replace(asked, answers=texts) if texts else "too many orders are right"
        if np.ndim(value) > 2 or np.size(value) > _MOST_CELLS:
            return f"its array has more than {_MOST_CELLS} entries, or more than two axes"
        slips = _slips(judge, value, self._in_sight(opened))
        if np.ndim(value) == 0:
            tolerance = _tolerance(judge, float(value))
            return replace(asked, form="number", answers=_numbers(float(value), slips, tolerance), tolerance=tolerance)
        return replace(asked, form="array", cells=_cells(judge, np.asarray(value), slips))

    # What is said

    def _help(self, opened: OpenStep, blank: Blank) -> dict[str, Any]:
        own = opened.question.own_hints(opened.step.key, blank.key)
        made = opened.step.hints(blank, "", opened.answers(self._judged))
        first, second, third = (own[at] if at < len(own) and own[at] else hint for at, hint in enumerate(made))
        return {"hints": (first, second), "solution": third}

    def _html(self, opened: OpenStep, blank: Blank) -> str:
        answers = opened.answers(self._judged)
        lines = [self._question.statement]
        own = bool(self._staged) and opened.step.key != "stage"
        if own:
            lines.append(f"It is computed as {', '.join(self._staged.splitlines())}.")
        else:
            lines.insert(0, opened.step.about(answers))
        parts = [_paragraph(line) for line in lines if line]
        if (picture := opened.question.picture(answers)) is not None and picture.wires:
            parts.append(_drawn(draw(picture, choose(picture, _WIDTH, _HEIGHT)).text))
        figure = opened.question.figure(blank)
        drawing = draw_figure(figure, _WIDTH, _HEIGHT) if figure is not None else None
        if drawing is not None:
            parts.append(_drawn(drawing.text))
        called = _called(blank)
        prompt = f"What is the gradient {called}?" if own and opened.step.key == "backward" else blank.prompt
        parts.append(_paragraph(prompt))
        if not own and blank.wants is InputKind.VALUE and called not in prompt:
            parts.append(_paragraph(blank.label))
        return "".join(parts)

    def _in_sight(self, opened: OpenStep) -> list[str]:
        """The texts with the numbers that one may take by mistake: given ones, and answers to other blanks."""
        return [
            self._question.statement,
            *(row.correct for rows in self._scheme.steps.values() for row in rows if _value(row.correct) is not None),
            *(blank.prompt for blank in opened.blanks),
        ]


@dataclass(frozen=True)
class _Judge:
    """A blank's own judge, with right answers before it."""

    opened: OpenStep
    row: BlankScheme
    before: Mapping[str, Answer]

    def __call__(self, text: str) -> Verdict:
        return self.opened.step.judge(self.row.blank, text, self.opened.answers(self.before))

    def slip(self, text: str) -> str:
        """What is said of a wrong answer whose mistake has a name; "" for any other."""
        verdict = self(text)
        return verdict.message.replace(_COLOURS, "") if verdict.kind is Kind.WRONG and verdict.mistake else ""


def _called(blank: Blank) -> str:
    text = re.sub(r"^(upstream|downstream|local|sum)\s+(?=∂)", "", one_line(blank.label))
    return re.sub(r"\s*(=|≈|:|←|gives)$", "", text) or blank.key


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>".replace("\n", "<br/>")


def _drawn(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


# Choices and texts


def _options(judge: _Judge) -> Iterator[LmsAnswer]:
    right = judge.row.correct.split()
    for letter, option in zip(ascii_lowercase, judge.row.blank.options, strict=False):
        alone = judge(letter)
        says = alone.message.removeprefix(f"{letter}) ") if letter not in right or len(right) == 1 else ""
        yield LmsAnswer(option, letter in right, says)


def _texts(judge: _Judge, kind: str, in_sight: Iterable[str]) -> tuple[LmsAnswer, ...]:
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
    for text in _other_texts(judge.row.correct, kind, in_sight):
        if len(wrong) < _MOST_SLIPS and text not in right and (says := judge.slip(text)) and says not in wrong.values():
            wrong[text] = says
    spelt = {text: says for row, says in wrong.items() for text in _spellings(row) if not judge(text).accepted}
    return (*(LmsAnswer(text, True) for text in right), *(LmsAnswer(text, False, says) for text, says in spelt.items()))


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


def _other_texts(correct: str, kind: str, in_sight: Iterable[str]) -> Iterator[str]:
    """Answers that are like the right one: its names in another order, other shapes in sight, one axis more or less."""
    inner = correct.strip("()").rstrip(",")
    parts = [part.strip() for part in inner.split(",") if part.strip()]
    if kind == "shape":
        shapes = dict.fromkeys(shape for text in in_sight for shape in re.findall(r"\([\d, ]+\)", text))
        yield from ("error", "scalar", *shapes)
        yield from (f"({', '.join(row)})" for row in permutations(parts) if len(parts) < 4)
        for at in range(len(parts)):
            rest = [*parts[:at], *parts[at + 1 :]]
            yield f"({', '.join(rest)}{',' if len(rest) == 1 else ''})" if rest else "scalar"
            yield f"({', '.join([*parts[:at], '1', *parts[at + 1 :]])}{',' if len(parts) == 1 else ''})"
    else:
        yield ", ".join(reversed(parts))
        for at in range(len(parts)):
            yield ", ".join([*parts[:at], *parts[at + 1 :]])
        yield from (", ".join(row) for row in islice(permutations(parts), _MOST_ORDERS))


# Numbers


def _value(text: str) -> np.ndarray | float | None:
    """The number or array that a right answer is; None where it is something else."""
    try:
        value = np.asarray(json.loads(text), dtype=float)
    except (ValueError, TypeError):
        return None
    if not np.all(np.isfinite(value)):
        return None
    return float(value) if value.ndim == 0 else value


def _written(value: Any) -> str:
    """A number or an array as it may be typed."""
    if np.ndim(value):
        return f"[{', '.join(_written(one) for one in value)}]"
    return f"{float(value):.{_MOST_DIGITS}g}"


def _tolerance(judge: _Judge, value: float) -> float:
    """How far a number may be off: as far as rounding takes it to the fewest digits that are accepted."""
    for digits in range(2, _MOST_DIGITS + 1):
        rounded = float(f"{value:.{digits}g}")
        if judge(f"{rounded:.{digits}g}").accepted:
            return 0.0 if rounded == value else 0.5 * 10.0 ** (np.floor(np.log10(abs(value))) - digits + 1)
    return 0.0


def _slips(judge: _Judge, value: np.ndarray | float, in_sight: Iterable[str]) -> list[tuple[Any, str]]:
    """Wrong values whose mistake has a name, each with what is said of it; no two with the same sentence."""
    found: list[tuple[Any, str]] = []
    tried = {_written(value)}
    for other in _other_values(value, in_sight):
        text = _written(other)
        if text in tried or not np.all(np.isfinite(other)):
            continue
        if len(tried) > _MOST_TRIED // max(1, np.size(value)) + _FEWEST_TRIED:
            break
        tried.add(text)
        if (says := judge.slip(text)) and says not in [one for _, one in found]:
            found.append((other, says))
            if len(found) == _MOST_SLIPS:
                break
    return found


def _other_values(value: np.ndarray | float, in_sight: Iterable[str]) -> Iterator[Any]:
    """The right value changed, and what else can be made of the numbers in sight."""
    with np.errstate(all="ignore"):
        true = np.asarray(value, dtype=float)
        yield from (-true, 2 * true, true / 2, 1 / true, true**2, np.sqrt(np.abs(true)), true + 1, true - 1)
        yield from (0 * true, 0 * true + 1, 1 - true, 10 * true, true / 10)
        if true.ndim == 2:
            yield from (true[::-1], true[:, ::-1], *([true.T] if true.shape[0] == true.shape[1] else []))
        arrays = [one for text in in_sight if (one := _value(text)) is not None and np.shape(one) == true.shape]
        numbers = dict.fromkeys(
            abs(float(one)) for text in in_sight for one in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?", text)
        )
        near = [one for one in numbers if isfinite(one)][:_MOST_NUMBERS]
        zero = 0 * true
        yield from arrays
        for one in near:
            yield from (zero + one, zero - one) if true.ndim == 0 else ()
            yield from (true * one, true / one)
        for one in chain(arrays, near):
            yield from (true + one, true - one)
        for one in arrays:
            yield from (-one, true * one, true / one)
        for one, other in combinations(near if true.ndim == 0 else [], 2):
            yield from (zero + one * other, zero + one + other, zero + one - other, (zero + one) / other)


def _numbers(value: float, slips: Sequence[tuple[Any, str]], tolerance: float) -> tuple[LmsAnswer, ...]:
    """The right number, then the wrong ones, those that are not as good as right."""
    wrong = [(float(other), says) for other, says in slips if abs(float(other) - value) > 2 * tolerance]
    return (LmsAnswer(_exact(value), True), *(LmsAnswer(_exact(other), False, says) for other, says in wrong))


def _exact(value: float) -> str:
    return f"{value:.10g}"


def _cells(judge: _Judge, value: np.ndarray, slips: Sequence[tuple[Any, str]]) -> tuple[tuple[LmsCell, ...], ...]:
    """The entries, each with the wrong values that it has where a mistake is made with the whole array."""
    scale = _array_digits(judge, value)
    rows = []
    for row, entries in enumerate(np.atleast_2d(value)):
        cells = []
        for column, entry in enumerate(entries):
            off = 0.0 if scale is None or not entry else 0.5 * 10.0 ** (np.floor(np.log10(abs(entry))) - scale + 1)
            wrong: dict[str, tuple[Any, str]] = {}
            for other, says in slips:
                mine = float(np.atleast_2d(other)[row, column])
                wrong.setdefault(_exact(mine), (mine, says))
            cells.append(LmsCell(_numbers(float(entry), list(wrong.values()), off), off))
        rows.append(tuple(cells))
    return tuple(rows)


def _array_digits(judge: _Judge, value: np.ndarray) -> int | None:
    """The fewest digits to which its entries may be rounded; None where they are exact at that."""
    for digits in range(2, _MOST_DIGITS + 1):
        rounded = np.vectorize(lambda one, to=digits: float(f"{one:.{to}g}"))(value)
        if judge(_written(rounded)).accepted:
            return None if np.array_equal(rounded, value) else digits
    return None
