"""One learner at one paper. All that is typed, and the time, is kept at once: a kill costs nothing.

While a paper is sat nothing is judged but whether equations make a graph, which the later blanks of a question need.
When it is handed in it is marked, and the journal gets its answers, as a session would have written them.

A sitting is a page of the store, `/paper/KEY`: the paper, each answer with its time, the seconds spent on each
question, flags, where the learner is, and in the end the marks.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tutor.drawing import GraphSpec
from tutor.judging import Kind
from tutor.language import Vocabulary
from tutor.learner import Entry, Store
from tutor.library import Exercise, Library
from tutor.marking import BlankMarks, Marker, MarkOutcome, PaperMarks, Work
from tutor.marking.learner_graph import OpenStep
from tutor.marking.scheme import QuestionScheme
from tutor.papers.paper import Paper, exercises_of
from tutor.practice.seeds import sitting_id
from tutor.questions import CODE, Blank
from tutor.questions.backprop.reference import STAGING
from tutor.questions.inflect import listed
from tutor.questions.question import Question
from tutor.runner import Runner

_PAGE = "/paper/"
_BACKWARD = "backward"
_ANSWER, _SPENT = "answer:", "spent:"
_LISTED = 2
"""So many numbers that follow each other are listed; more become `5 to 9`."""


class QuestionState(StrEnum):
    """How much of a question is filled in; nothing is said of whether it is right."""

    OPEN = "open"
    IN_PART = "in part"
    ANSWERED = "answered"


@dataclass(frozen=True)
class OpenBlank:
    """A blank that can be filled in now: its key in the question, and the step it belongs to."""

    opened: OpenStep
    blank: Blank


@dataclass(frozen=True)
class PaperQuestion:
    """A question of a paper, by its number, counted from 1."""

    number: int
    title: str
    exercise: Exercise
    prefix: str
    """What the keys of its blanks begin with in its exercise."""

    scheme: QuestionScheme
    full: float

    @property
    def question(self) -> Question:
        """The question itself."""
        return self.scheme.work.question


class Sitting:
    """The state of a paper that is being sat, which nothing else changes."""

    def __init__(
        self, key: str, paper: Paper, markers: Sequence[Marker], store: Store, clock: Callable[[], float] = time.time
    ) -> None:
        """Go on with the sitting of this key; `markers` are those of the paper's exercises. Raises StoreProblem."""
        self.key = key
        self.paper = paper
        self._store = store
        self._clock = clock
        self._markers = tuple(markers)
        self.questions: tuple[PaperQuestion, ...] = tuple(self._numbered())
        self._texts: dict[tuple[int, str], tuple[str, float]] = {}
        self._spent: dict[int, float] = {}
        self.flags: set[int] = set()
        self.here: tuple[int, str] = (1, "")
        """The number of the question at hand, and the key of its blank."""
        self.clock_hidden = False
        self.timed_out = False
        self._restore(store.page(page_of(key)))

    @classmethod
    def begin(
        cls, paper: Paper, markers: Sequence[Marker], store: Store, clock: Callable[[], float] = time.time
    ) -> Sitting:
        """Begin a paper. Raises StoreProblem where it cannot be kept."""
        begun = clock()
        key = f"{int(begun * 1000):x}"
        store.keep_on_page(page_of(key), {"paper": paper.as_json(), "begun": f"{begun:.3f}"})
        return cls(key, paper, markers, store, clock)

    def _numbered(self) -> Iterator[PaperQuestion]:
        number = 0
        for marker in self._markers:
            for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
                number += 1
                title = scheme.work.question.title if prefix else marker.exercise.file.title
                yield PaperQuestion(number, title, marker.exercise, prefix, scheme, float(scheme.full))

    def _restore(self, page: Mapping[str, str]) -> None:
        for name, text in page.items():
            if name.startswith(_ANSWER):
                number, _, key = name.removeprefix(_ANSWER).partition(":")
                typed, at = json.loads(text)
                self._texts[int(number), key] = typed, at
            elif name.startswith(_SPENT):
                self._spent[int(name.removeprefix(_SPENT))] = float(text)
        self.flags = set(json.loads(page.get("flags", "[]")))
        number, key = json.loads(page.get("here", '[1, ""]'))
        self.here = (number, key) if 1 <= number <= len(self.questions) else (1, "")
        self.clock_hidden = page.get("clock") == "hidden"

    # What there is to do

    def question(self, number: int) -> PaperQuestion:
        """By its number."""
        return self.questions[number - 1]

    @property
    def full(self) -> float:
        """What the paper is worth."""
        return sum(one.full for one in self.questions)

    def steps(self, number: int) -> tuple[OpenStep, ...]:
        """The steps of a question that can be worked on: those on equations are there when these make a graph."""
        work = self.question(number).scheme.work
        return work.steps(self.text(number, STAGING) if work.stages else None)

    def blanks(self, number: int) -> tuple[OpenBlank, ...]:
        """All blanks of a question that can be filled in now, in order."""
        return tuple(OpenBlank(opened, blank) for opened in self.steps(number) for blank in opened.blanks)

    def find(self, number: int, key: str) -> OpenBlank | None:
        """A blank of a question by its key; its first where there is no such one."""
        blanks = self.blanks(number)
        return next((one for one in blanks if one.blank.key == key), blanks[0] if blanks else None)

    def waits(self, number: int) -> bool:
        """Whether further blanks come when the equations make a graph."""
        question = self.question(number)
        opened = {one.step.key for one in self.steps(number) if one.blanks}
        return any(key not in opened for key, rows in question.scheme.steps.items() if rows)

    def about(self, opened: OpenStep) -> str:
        """What a step asks. Nothing opens on a paper because an answer is wrong."""
        if opened.step.key == _BACKWARD:
            return "Give each value's gradient, from the output back."
        about = opened.step.about(opened.answers({}))
        unrun = opened.step.key == CODE and not all(marker.runs_code for marker in self._markers)
        return f"Code is not run here, so it earns nothing. {about}" if unrun else about

    def picture(self, number: int, opened: OpenStep, typed: str | None = None) -> GraphSpec | None:
        """The graph of a question, with nothing on it but what is given; of these equations while they are typed."""
        answers = opened.answers({})
        if typed is None and self.question(number).scheme.work.stages and not opened.staged:
            typed = self.text(number, STAGING)
        return opened.question.picture(answers, typed)

    def vocabulary(self, opened: OpenStep, typed: str | None = None) -> Vocabulary | None:
        """The names known at a blank."""
        return opened.question.vocabulary(opened.answers({}), typed)

    def text(self, number: int, key: str) -> str:
        """What is typed in a blank; "" where nothing is."""
        return self._texts.get((number, key), ("", 0.0))[0]

    def standing(self, number: int, blank: Blank) -> str:
        """What stands in a blank: what is typed, or its starter."""
        return self.text(number, blank.key) or blank.starter

    def is_filled(self, number: int, blank: Blank) -> bool:
        """Whether anything of the learner's stands in a blank."""
        text = self.text(number, blank.key).strip()
        return bool(text) and text != blank.starter.strip()

    def state(self, number: int) -> QuestionState:
        """How much of a question is filled in."""
        filled = [self.is_filled(number, one.blank) for one in self.blanks(number)]
        if filled and all(filled) and not self.waits(number):
            return QuestionState.ANSWERED
        return QuestionState.IN_PART if any(filled) else QuestionState.OPEN

    def in_state(self, state: QuestionState) -> list[int]:
        """The numbers of the questions of which so much is filled in."""
        return [one.number for one in self.questions if self.state(one.number) is state]

    def what_is_open(self) -> list[str]:
        """In sentences which questions nobody answered, or only in part; one that says so where there are none."""
        said = []
        for state, words in ((QuestionState.OPEN, "not answered"), (QuestionState.IN_PART, "answered in part")):
            if numbers := self.in_state(state):
                many, is_are = len(numbers), "is" if len(numbers) == 1 else "are"
                said.append(f"{many} of {len(self.questions)} questions {is_are} {words}: {runs(numbers)}.")
        return said or ["Every question is answered."]

    # What the learner does

    def keep(self, number: int, key: str, text: str) -> None:
        """Keep what is typed in a blank. Raises StoreProblem where that cannot be done; it stays typed then."""
        if text == self.text(number, key):
            return
        entry = (text, round(self._clock(), 3))
        self._texts[number, key] = entry
        self._store.keep_on_page(self._page, {f"{_ANSWER}{number}:{key}": json.dumps(entry), **self._time_of(number)})

    def go(self, number: int, key: str) -> None:
        """Note where the learner is."""
        if self.here != (number, key):
            self.here = number, key
            self._store.keep_on_page(self._page, {"here": json.dumps(self.here)})

    def flag(self, number: int) -> bool:
        """Flag a question, or no longer; whether it is flagged now."""
        self.flags ^= {number}
        self._store.keep_on_page(self._page, {"flags": json.dumps(sorted(self.flags))})
        return number in self.flags

    def hide_clock(self, hidden: bool) -> None:
        """Hide the clock, or show it."""
        self.clock_hidden = hidden
        self._store.keep_on_page(self._page, {"clock": "hidden" if hidden else "shown"})

    def tick(self, seconds: float) -> None:
        """The learner has worked so much longer on the question at hand."""
        number = self.here[0]
        self._spent[number] = self.spent_on(number) + min(max(0.0, seconds), self.left)
        self._store.keep_on_page(self._page, self._time_of(number))

    def _time_of(self, number: int) -> dict[str, str]:
        return {f"{_SPENT}{number}": f"{self._spent.get(number, 0.0):.3f}"}

    @property
    def _page(self) -> str:
        return page_of(self.key)

    # Time

    @property
    def spent(self) -> float:
        """Seconds at work, of all questions."""
        return sum(self._spent.values())

    def spent_on(self, number: int) -> float:
        """Seconds on one question."""
        return self._spent.get(number, 0.0)

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(0.0, 60 * self.paper.minutes - self.spent)

    @property
    def time_is_up(self) -> bool:
        """Whether no time is left: what is there is handed in, as in an exam."""
        return self.left <= 0

    # The end

    def marks(self) -> PaperMarks:
        """Mark what is there. Changes nothing; code is run, so this may take a while, and may run in a thread."""
        return PaperMarks(tuple(marker.mark(self._work(marker)) for marker in self._markers))

    def _work(self, marker: Marker) -> Work:
        return Work(
            {
                f"{one.prefix}{key}": text
                for one in self.questions
                if one.exercise is marker.exercise
                for (number, key), (text, _) in self._texts.items()
                if number == one.number and text.strip()
            }
        )

    def hand_in(self, marks: PaperMarks) -> None:
        """Take the marks in: the paper is over, and the journal has its answers, in the order they were given."""
        at = self._clock()
        texts = {"marks": marks.as_json(), "handed in": f"{at:.3f}", "timed out": "yes" if self.time_is_up else ""}
        self._store.keep_on_page(self._page, texts, self._journal(marks))

    def _journal(self, marks: PaperMarks) -> list[tuple[str, Entry]]:
        times = {
            (id(one.exercise), f"{one.prefix}{key}"): at
            for one in self.questions
            for (number, key), (_, at) in self._texts.items()
            if number == one.number
        }
        lines = [
            (times.get((id(marker.exercise), row.key), 0.0), marked.id, step.key, row)
            for marker, marked in zip(self._markers, marks.exercises, strict=True)
            for question in marked.questions
            for step in question.steps
            for row in step.rows
            if row.outcome in _VERDICTS
        ]
        lines.sort(key=lambda line: line[0])
        return [
            (sitting_id(exercise, self.key), entry)
            for at, exercise, step, row in lines
            for entry in _entries(step, row, at)
        ]


def _entries(step: str, row: BlankMarks, at: float) -> Iterator[Entry]:
    """What the journal says of an answer; a mistake that was recognised comes after it, as in a session."""
    yield Entry(step, row.key, "answer", row.answer, _VERDICTS[row.outcome], at)
    if row.outcome is MarkOutcome.WRONG and row.mistake:
        yield Entry(step, row.key, "mistake", row.said, row.mistake, at)


_VERDICTS: dict[MarkOutcome, Kind] = {
    MarkOutcome.RIGHT: Kind.RIGHT,
    MarkOutcome.CARRIED: Kind.REMARK,
    MarkOutcome.NO_WORK: Kind.UNDECIDED,  # right, but it says nothing of what the learner knows
    MarkOutcome.WRONG: Kind.WRONG,
    MarkOutcome.UNREADABLE: Kind.UNREADABLE,
    MarkOutcome.UNDECIDED: Kind.UNDECIDED,
}
"""What the journal says of an answer on a paper; of what was not answered it says nothing."""


def runs(numbers: Sequence[int]) -> str:
    """Numbers in their order: `1, 3 and 5 to 9`."""
    groups: list[list[int]] = []
    for number in numbers:
        if groups and number == groups[-1][-1] + 1:
            groups[-1].append(number)
        else:
            groups.append([number])
    ranges = ([f"{one[0]} to {one[-1]}"] if len(one) > _LISTED else map(str, one) for one in groups)
    return listed([name for one in ranges for name in one])


def page_of(key: str) -> str:
    """The page of a sitting."""
    return f"{_PAGE}{key}"


@dataclass(frozen=True)
class SittingRecord:
    """A sitting as it is kept: what lists and results need, without its exercises."""

    key: str
    paper: Paper
    begun: float
    handed_in: float | None
    timed_out: bool
    spent: Mapping[int, float]
    marks: PaperMarks | None

    @property
    def seconds(self) -> float:
        """At work, of all questions."""
        return sum(self.spent.values())

    @property
    def left(self) -> float:
        """Seconds left."""
        return max(0.0, 60 * self.paper.minutes - self.seconds)


def sittings(store: Store) -> list[SittingRecord]:
    """All papers that were ever begun, the latest first. A page that cannot be read is passed over."""
    found = [record for name in store.pages(_PAGE) if (record := record_of(store, name.removeprefix(_PAGE)))]
    return sorted(found, key=lambda one: one.begun, reverse=True)


def record_of(store: Store, key: str) -> SittingRecord | None:
    """One of them; None where there is no such one."""
    page = store.page(page_of(key))
    try:
        return SittingRecord(
            key,
            Paper.from_json(page["paper"]),
            float(page["begun"]),
            float(page["handed in"]) if "handed in" in page else None,
            bool(page.get("timed out")),
            {int(name.removeprefix(_SPENT)): float(text) for name, text in page.items() if name.startswith(_SPENT)},
            PaperMarks.from_json(page["marks"]) if "marks" in page else None,
        )
    except (KeyError, ValueError):
        return None


def unfinished(records: Sequence[SittingRecord], paper: str) -> SittingRecord | None:
    """The sitting of this paper that was begun last and is not handed in."""
    return next((one for one in records if one.paper.id == paper and one.handed_in is None), None)


def markers_of(paper: Paper, library: Library, runner: Runner) -> list[Marker]:
    """What marks each exercise of a paper. Takes a second, and may run in a thread. Raises PaperProblem."""
    exercises = exercises_of(paper, library)
    run = runner.allowed
    return [
        Marker(exercise, runner, total=part.marks, run_code=run)
        for exercise, part in zip(exercises, paper.parts, strict=True)
    ]


def open_sitting(
    paper: Paper, library: Library, store: Store, runner: Runner, clock: Callable[[], float] = time.time
) -> Sitting:
    """Go on with a paper that lies unfinished, as it was then, or begin it. Raises PaperProblem and StoreProblem."""
    before = unfinished(sittings(store), paper.id)
    if before is None:
        return Sitting.begin(paper, markers_of(paper, library, runner), store, clock)
    return Sitting(before.key, before.paper, markers_of(before.paper, library, runner), store, clock)


def wants_code(sitting: Sitting) -> bool:
    """Whether any of its questions asks for a program."""
    return any(CODE in one.scheme.steps for one in sitting.questions)
