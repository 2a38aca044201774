"""One question of an exercise: its steps, and what is shown beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from msgspec import Struct

from tutor.drawing import AtHand, CloseUp, EquationStrip, Figure, GraphSpec
from tutor.judging import Kind, Verdict, in_any_reading
from tutor.language import Vocabulary, read_expression
from tutor.library.format import Marks
from tutor.questions.blank import CODE, Answer, Answers, Blank, InputKind, Step
from tutor.questions.labels import own_label
from tutor.questions.typed_reading import TypedReading, reading_of, without_own_label
from tutor.runner import Runner


class QuestionTable(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What every `[[question]]` may hold."""

    kind: str
    """Which kind of question it is."""

    title: str = ""
    """A word or two for the bar of steps."""

    prompt: str = ""
    """What is asked, in a sentence or two."""

    marks: Marks | None = None
    """What it is worth on a paper; made from its blanks when absent."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A part of a worked solution: its heading, "" for none, and its lines."""

    heading: str
    lines: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join([*([self.heading] if self.heading else []), *self.lines])


@dataclass(frozen=True, slots=True)
class QuestionPlace:
    """Where a question stands, for those who make it: the seed of its random numbers, and what runs code."""

    seed: str
    """The same on every machine: the exercise's id and the question's number."""

    runner: Runner


class ArithmeticRow(NamedTuple):
    """One line of arithmetic in three parts: what it gives, by which rule, and the numbers."""

    name: str
    rule: str
    numbers: str


@dataclass(frozen=True, slots=True)
class Frame:
    """One step of a replay: the graph as it is then, the value it is about, and the arithmetic in words."""

    picture: GraphSpec
    node: str
    text: str
    at: AtHand | None = None
    """The part of the graph where it happens."""

    title: str = ""
    """What happens, in a few words."""

    rows: tuple[ArithmeticRow, ...] = ()
    """The arithmetic; none where the learner has still to find it."""

    backward: bool = False
    """Whether it belongs to the backward pass."""

    close_up: CloseUp | None = None
    """The gate from near by, for small windows."""


class Question:
    """What the faces need of a question beside its steps. A kind overrides what it has to say."""

    def __init__(self, title: str, steps: Sequence[Step], statement: str = "") -> None:
        self.title = title
        self.steps: tuple[Step, ...] = tuple(step if step.key == CODE else AnyReadingStep(step) for step in steps)
        self.statement = statement
        """What is given, in one line; "" where the blanks say it."""
        self.digits = 3
        """Digits after the point of the numbers in its graph; the learner may want others."""

    def statement_at(self, blank: Blank | None) -> str:
        """What is given at a blank, where the question gives anything: what it is about stays in sight with it."""
        return (blank.given if blank is not None and self.statement else "") or self.statement

    def vocabulary(self, answers: Answers, typed: str | None = None) -> Vocabulary | None:
        """The names known at a value blank, or in equations as typed so far; None where no mathematics is typed."""
        return None

    def reading(self, blank: Blank, text: str, answers: Answers) -> TypedReading:
        """What is read of an answer as typed so far."""
        known = self.vocabulary(answers)
        if known is None:
            return TypedReading()
        return reading_of(blank, text, lambda text: read_expression(text, known))

    def picture(self, answers: Answers, typed: str | None = None) -> GraphSpec | None:
        """The graph as far as it is known, or of equations as typed; None where there is none."""
        return None

    def numbers(self, answers: Answers) -> Mapping[str, str]:
        """Blank key -> what was found there, as a graph or list has it; as typed where it is absent."""
        return {}

    def solved_picture(self) -> GraphSpec | None:
        """The graph of the program's own equations with all its numbers; None where no graph is built."""
        return None

    def node_of(self, blank: Blank) -> str:
        """The value in the graph that a blank is about; "" where it is about none."""
        return ""

    def at_hand(self, blank: Blank, answers: Answers) -> AtHand | None:
        """The part of the graph a blank is about; None where it is about none."""
        return None

    def gradients_found(self, answers: Answers) -> tuple[tuple[str, ...], str]:
        """The gradients of the inputs, each in a line with its sum, and a sentence on what makes them so."""
        return (), ""

    def figure(self, blank: Blank) -> Figure | None:
        """What is drawn beside a blank where there is no graph; None where nothing is."""
        return None

    def close_up(self, blank: Blank, answers: Answers) -> CloseUp | None:
        """The gate a blank is about, from near by; None where it is about none."""
        return None

    def equation_strip(self, blank: Blank, answers: Answers) -> EquationStrip | None:
        """The equation that a blank's number comes from, as far as its parts are known; None where it is of no such."""
        return None

    def gate_at(self, blank: Blank, answers: Answers) -> str | None:
        """The key of the gate that a blank is about; None where it is about no one gate."""
        return None

    def about(self, name: str, answers: Answers) -> tuple[str, ...]:
        """The card of a value in the graph, in lines; none where there is nothing to say."""
        return ()

    def replay(self, answers: Answers) -> tuple[Frame, ...]:
        """The passes in single steps, as far as they are known; none where there is nothing to replay."""
        return ()

    def opens(self, key: str) -> str:
        """What a wrong answer to a quick blank opens to be worked in pieces; "" for nothing."""
        return ""

    def own_hints(self, step: str, blank: str) -> tuple[str, ...]:
        """The file's own hints for a blank or its step, in place of the generated ones; "" keeps a rung."""
        return ()

    def story(self, tried: Mapping[str, Sequence[str]], ascii: bool, width: int) -> Iterator[Paragraph]:
        """The worked solution in paragraphs. `tried` holds what the learner gave, by blank, newest last."""
        return iter(())

    def notes(self) -> Iterable[tuple[str, str]]:
        """What its author may want to know: a key of its table, and what about it."""
        return ()


def prefixes(many: int) -> list[str]:
    """What the keys of each question begin with in its exercise; nothing where there is only one."""
    return [f"q{number}/" for number in range(1, many + 1)] if many > 1 else [""]


class _Part(Mapping[str, Answer]):
    """The answers whose keys begin with a prefix, without it."""

    def __init__(self, whole: Mapping[str, Answer], prefix: str) -> None:
        self._whole, self._prefix = whole, prefix

    def __getitem__(self, key: str) -> Answer:
        return self._whole[self._prefix + key]

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix(self._prefix) for key in self._whole if key.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class ScopedAnswers:
    """What was answered in one question. Satisfies `Answers`."""

    def __init__(self, answers: Answers, prefix: str) -> None:
        self._answers, self._prefix = answers, prefix
        self.answers: Mapping[str, Answer] = _Part(answers.answers, prefix)

    @property
    def quick(self) -> bool:
        """As in the exercise."""
        return self._answers.quick

    @property
    def opened(self) -> Set[str]:
        """The values opened in this question."""
        opened = self._answers.opened
        return {name.removeprefix(self._prefix) for name in opened if name.startswith(self._prefix)}


class ScopedStep:
    """A step of one question among several."""

    def __init__(self, step: Step, prefix: str) -> None:
        self.key = f"{prefix}{step.key}"
        self.title = step.title
        self._step, self._prefix = step, prefix

    def about(self, answers: Answers) -> str:
        """What is asked."""
        return self._step.about(self._within(answers))

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The step's blanks, under the exercise's keys."""
        blanks = self._step.blanks(self._within(answers))
        return tuple(
            replace(blank, key=f"{self._prefix}{blank.key}", same_as=blank.same_as and f"{self._prefix}{blank.same_as}")
            for blank in blanks
        )

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """The step's verdict."""
        return self._step.judge(self._own(blank), text, self._within(answers))

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The step's hints."""
        return self._step.hints(self._own(blank), text, self._within(answers))

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The step's right answer."""
        return self._step.worked(self._own(blank), self._within(answers))

    def _own(self, blank: Blank) -> Blank:
        return replace(
            blank, key=blank.key.removeprefix(self._prefix), same_as=blank.same_as.removeprefix(self._prefix)
        )

    def _within(self, answers: Answers) -> ScopedAnswers:
        return ScopedAnswers(answers, self._prefix)


_SPOKEN = re.compile(
    r"\?+|(i|i'?m|i'?ve|we|don'?t|no|not|the|what|why|how|it|maybe|idk|dunno|help|hint|skip|pass|give"
    r"|same|nothing|null|n/a|dne|tbd|todo|true|false|unknown)\b[A-Za-z ,.!?']*",
    re.IGNORECASE,
)
"""What is said to a person and is no answer: `I added`, `don't know`, `?`. Only asked of what cannot be read."""


class AnyReadingStep:
    """A step whose values and formulas are judged in each of their usual readings. Satisfies `Step`."""

    def __init__(self, step: Step) -> None:
        self.key = step.key
        self.title = step.title
        self._step = step

    def about(self, answers: Answers) -> str:
        """What is asked."""
        return self._step.about(answers)

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The step's."""
        return self._step.blanks(answers)

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """The step's verdict on what was typed, or on what it says without the blank's own label."""
        if blank.wants is not InputKind.VALUE:
            return self._step.judge(blank, text, answers)
        own, _ = own_label(blank.label)
        text, typed = without_own_label(blank, text)
        verdict = in_any_reading(text, lambda other: self._step.judge(blank, other, answers))
        if verdict.kind is not Kind.UNREADABLE:
            return verdict
        if own is not None and typed is not None:
            return replace(verdict, message=f"This blank asks for {own.text}, not {typed.text}.", repair="")
        if _SPOKEN.fullmatch(text.strip()):
            message = f"These are words. Type an answer: {blank.example}. If you are stuck, ask for a hint."
            return replace(verdict, message=message, where="", repair="")
        return verdict

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The step's."""
        return self._step.hints(blank, text, answers)

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The step's."""
        return self._step.worked(blank, answers)
