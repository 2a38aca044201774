"""An exercise as questions for a learning management system: one for each blank that such a system can judge.

`carried_over` makes them, with the answers of `lms_answers.py`; `moodle.py` and `qti.py` write them. Each mistake that
the tutor names at a blank becomes a wrong answer with its sentence.

What these systems cannot do is left out, and said: run code, judge equations or formulas, follow an earlier mistake.
The steps after the staging are therefore asked on the program's own equations, which are given, with the values that
were found before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, Literal

import numpy as np

from tutor.course.lms_answers import (
    BlankJudge,
    LmsAnswer,
    cell_answers,
    number_answers,
    option_answers,
    text_answers,
    value_of,
)
from tutor.course.sheets import names_of
from tutor.course.worksheets.document import Code, Prose, passages, prompt_passages
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
_OF_FORMULAS = ("derivative", "gradient", "chain", "value")
"""Steps in which an answer that is no number is a formula."""
_TOGETHER = re.compile(r"\b(above|all of|none of|both|neither)\b", re.IGNORECASE)
"""Words of an option that speaks of the others, which should then keep their places."""


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

    cells: tuple[tuple[tuple[LmsAnswer, ...], ...], ...] = ()
    """Of an array the answers to each entry, row by row."""

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
        formula = opened.step.key in _OF_FORMULAS and value_of(row.correct) is None
        if formula and row.correct != MISFIT:
            return "its answer is a formula"
        judge = BlankJudge(opened, row, dict(self._judged))
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
                asked, form="choice", answers=tuple(option_answers(judge)), shuffle=not whole, hints=said, solution=""
            )
        value = value_of(row.correct)
        if value is None or opened.step.key in ("order", "trace", "shape"):
            texts = text_answers(judge, opened.step.key)
            return replace(asked, answers=texts) if texts else "too many orders are right"
        if np.ndim(value) > 2 or np.size(value) > _MOST_CELLS:
            return f"its array has more than {_MOST_CELLS} entries, or more than two axes"
        if np.ndim(value) == 0:
            return replace(asked, form="number", answers=number_answers(judge))
        return replace(asked, form="array", cells=cell_answers(judge))

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
        parts = [html_of(passages(line)) for line in lines if line]
        if (picture := opened.question.picture(answers)) is not None and picture.wires:
            parts.append(_drawn(draw(picture, choose(picture, _WIDTH, _HEIGHT)).text))
        figure = opened.question.figure(blank)
        drawing = draw_figure(figure, _WIDTH, _HEIGHT) if figure is not None else None
        if drawing is not None:
            parts.append(_drawn(drawing.text))
        called = _called(blank)
        prompt = f"What is the gradient {called}?" if own and opened.step.key == "backward" else blank.prompt
        parts.append(html_of(prompt_passages(prompt)))
        if not own and blank.wants is InputKind.VALUE and called not in prompt:
            parts.append(html_of(passages(blank.label)))
        return "".join(parts)


def _called(blank: Blank) -> str:
    text = re.sub(r"^(upstream|downstream|local|sum)\s+(?=∂)", "", one_line(blank.label))
    return re.sub(r"\s*(=|≈|:|←|gives)$", "", text) or blank.key


def html_of(blocks: Iterable[Prose | Code]) -> str:
    """Paragraphs, and figures and programs in a typewriter face."""
    return "".join(
        _drawn("\n".join(line or "" for line in block.lines))
        if isinstance(block, Code)
        else f"<p>{escape(block.text)}</p>"
        for block in blocks
    )


def html_of_text(text: str) -> str:
    """What is said to an answer; "" where nothing is."""
    return html_of(passages(text))


def _drawn(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"
