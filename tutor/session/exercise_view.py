"""What is shown of an exercise beside its steps (the graph, cards, names for highlighting), and its solution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase

from tutor.drawing import AtHand, CloseUp, EquationStrip, Figure, GraphSpec
from tutor.language import Vocabulary
from tutor.language.name_resolution import taken_next
from tutor.learner import Entry
from tutor.library import Exercise
from tutor.questions import Answers, Blank, Step
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.staging import Line, Staging
from tutor.questions.question import Frame, Paragraph, Question, ScopedAnswers, ScopedStep, prefixes
from tutor.questions.registry import questions_of
from tutor.questions.typed_reading import TypedReading
from tutor.runner import Runner
from tutor.text import WIDTH


class ExerciseView:
    """An exercise's questions, seen through its steps; each question works with keys of its own."""

    def __init__(self, questions: Sequence[Question], answers: Answers) -> None:
        self._answers = answers
        self._place: dict[str, tuple[int, Question, str]] = {}
        self.steps: tuple[Step, ...] = tuple(self._placed(questions))
        """All steps of all questions, under the exercise's keys."""

    def _placed(self, questions: Sequence[Question]) -> Iterator[Step]:
        for number, (question, prefix) in enumerate(zip(questions, prefixes(len(questions)), strict=True)):
            for step in question.steps:
                placed = ScopedStep(step, prefix) if prefix else step
                self._place[placed.key] = (number, question, prefix)
                yield placed

    def _at(self, step: Step) -> tuple[Question, Answers]:
        """The question that a step belongs to, and what was answered in it."""
        _, question, prefix = self._place[step.key]
        return question, ScopedAnswers(self._answers, prefix) if prefix else self._answers

    def _own(self, step: Step, blank: Blank) -> Blank:
        return replace(blank, key=blank.key.removeprefix(self._place[step.key][2]))

    def prefix_of(self, key: str) -> str:
        """What the keys of a blank's question begin with; "" where there is only one question."""
        return next((prefix for _, _, prefix in self._place.values() if prefix and key.startswith(prefix)), "")

    def number_of(self, step: Step) -> int:
        """Which question a step belongs to, counted from 0."""
        return self._place[step.key][0]

    def together(self, step: Step) -> tuple[Step, ...]:
        """All steps of the question that a step belongs to, in order."""
        return tuple(each for each in self.steps if self.number_of(each) == self.number_of(step))

    def parts(self) -> list[tuple[Step, ...]]:
        """What is numbered: each step of one question, or each of several questions with its steps."""
        if len({number for number, _, _ in self._place.values()}) == 1:
            return [(step,) for step in self.steps]
        return list(dict.fromkeys(self.together(step) for step in self.steps))

    def numerals(self) -> tuple[str, ...]:
        """What each step goes by: `1`, `2`, or of the fifth of several questions, where it has several, `5a`, `5b`."""
        return tuple(
            f"{number}{ascii_lowercase[at] if len(steps) > 1 else ''}"
            for number, steps in enumerate(self.parts(), 1)
            for at in range(len(steps))
        )

    def statement(self, step: Step, blank: Blank | None = None) -> str:
        """What is given at a blank, or in the question that a step belongs to; "" where nothing is."""
        return self._at(step)[0].statement_at(self._own(step, blank) if blank is not None else None)

    def vocabulary(self, step: Step, typed: str | None = None) -> Vocabulary | None:
        """The names known at a value blank, or in equations as typed so far; None where no mathematics is typed."""
        question, answers = self._at(step)
        return question.vocabulary(answers, typed)

    def reading(self, step: Step, blank: Blank, text: str) -> TypedReading:
        """What is read of an answer as typed so far, and of what shape it is."""
        question, answers = self._at(step)
        return question.reading(self._own(step, blank), text, answers)

    def staging(self, step: Step, text: str) -> Staging:
        """What staged equations amount to, while they are typed."""
        question, _ = self._at(step)
        assert isinstance(question, BackpropQuestion), "equations are typed there only"
        return question.staging(text)

    def equations_for_code(self, step: Step) -> str:
        """The learner's equations in the question of a step, as they are shown beside the code; "" where none are."""
        question, answers = self._at(step)
        return question.equations_for_code(answers) if isinstance(question, BackpropQuestion) else ""

    def before_next(self, step: Step, text: str, line: Line) -> str:
        """What to know before the equation after this one of staged equations is given its name; "" for nothing."""
        words = self.vocabulary(step, text)
        return taken_next(line.equation.target.name, words) if line.equation is not None and words is not None else ""

    def lines_of_parts(self, step: Step, staging: Staging) -> frozenset[int]:
        """The lines of staged equations, counted from 0, whose values are parts of the function as it is written."""
        question, _ = self._at(step)
        assert isinstance(question, BackpropQuestion), "equations are typed there only"
        return question.lines_of_parts(staging)

    def picture(self, step: Step, typed: str | None = None) -> GraphSpec | None:
        """The graph as far as it is known, or of these equations while they are typed; None where there is none."""
        question, answers = self._at(step)
        return question.picture(answers, typed)

    def numbers(self, step: Step) -> Mapping[str, str]:
        """Blank key -> the number that was found there, as the graph of the step's question has it."""
        question, answers = self._at(step)
        prefix = self._place[step.key][2]
        return {f"{prefix}{key}": number for key, number in question.numbers(answers).items()}

    def solved_picture(self, step: Step) -> GraphSpec | None:
        """The graph that a right staging makes, as the program's own is; None where none is built."""
        return self._at(step)[0].solved_picture()

    def show_digits(self, digits: int) -> None:
        """Draw the graphs with so many digits after the point."""
        for _, question, _ in self._place.values():
            question.digits = digits

    def about(self, step: Step, name: str) -> tuple[str, ...]:
        """The card of a value in the graph, in lines."""
        question, answers = self._at(step)
        return question.about(name, answers)

    def replay(self, step: Step) -> tuple[Frame, ...]:
        """The passes in single steps, as far as they are known."""
        question, answers = self._at(step)
        return question.replay(answers)

    def node_of(self, step: Step, blank: Blank) -> str:
        """The value in the graph that a blank is about; "" where it is about none."""
        return self._at(step)[0].node_of(self._own(step, blank))

    def at_hand(self, step: Step, blank: Blank) -> AtHand | None:
        """The part of the graph a blank is about; None where it is about none."""
        question, answers = self._at(step)
        return question.at_hand(self._own(step, blank), answers)

    def gradients_found(self, step: Step) -> tuple[tuple[str, ...], str]:
        """The gradients of the inputs, each in a line with its sum, and a sentence on what makes them so."""
        question, answers = self._at(step)
        return question.gradients_found(answers)

    def figure(self, step: Step, blank: Blank) -> Figure | None:
        """What is drawn beside a blank where there is no graph; None where nothing is."""
        return self._at(step)[0].figure(self._own(step, blank))

    def close_up(self, step: Step, blank: Blank) -> CloseUp | None:
        """The gate a blank is about, from near by; None where it is about none."""
        question, answers = self._at(step)
        return question.close_up(self._own(step, blank), answers)

    def equation_strip(self, step: Step, blank: Blank) -> EquationStrip | None:
        """The equation that a blank's number comes from, as far as its parts are known; None where it is of no such."""
        question, answers = self._at(step)
        return question.equation_strip(self._own(step, blank), answers)

    def gate_at(self, step: Step, blank: Blank) -> str | None:
        """The key of the gate that a blank is about; None where it is about no one gate."""
        question, answers = self._at(step)
        return question.gate_at(self._own(step, blank), answers)

    def own_hints(self, step: Step, blank: Blank) -> tuple[str, ...]:
        """The exercise file's own hints for a blank or its step."""
        _, question, prefix = self._place[step.key]
        return question.own_hints(step.key.removeprefix(prefix), blank.key.removeprefix(prefix))

    def opens(self, step: str, key: str) -> str:
        """What a wrong answer to a quick blank opens, by the keys of a step and the blank; "" for nothing."""
        _, question, prefix = self._place[step]
        name = question.opens(key.removeprefix(prefix))
        return f"{prefix}{name}" if name else ""


def solution(
    exercise: Exercise,
    journal: Iterable[Entry] = (),
    ascii: bool = False,
    width: int = WIDTH,
    only: int | None = None,
) -> str:
    """The story of each question, for what is in the learner's journal where that matters: their own staging.

    Drawings are in ASCII where asked, and of at most `width` columns. `only` one question, counted from 0, if wanted.

    Raises BadFile where the exercise's mathematics does not hold.
    """
    return "\n\n".join(map(str, paragraphs(exercise, journal, ascii, width, only)))


def paragraphs(
    exercise: Exercise,
    journal: Iterable[Entry] = (),
    ascii: bool = False,
    width: int = WIDTH,
    only: int | None = None,
) -> Iterator[Paragraph]:
    """The same, paragraph by paragraph."""
    journal = list(journal)
    questions = questions_of(exercise, Runner())
    for number, (question, prefix) in enumerate(zip(questions, prefixes(len(questions)), strict=True), 1):
        if only not in (None, number - 1):
            continue
        if len(questions) > 1:
            yield Paragraph(f"Question {number}: {question.title}")
        if question.statement:
            yield Paragraph("Given", (question.statement,))
        yield from question.story(_tried(journal, prefix), ascii, width)


def _tried(journal: list[Entry], prefix: str) -> dict[str, list[str]]:
    """Blank key -> the answers given there, oldest first."""
    tried: dict[str, list[str]] = {}
    for entry in journal:
        if entry.action == "answer" and entry.blank.startswith(prefix):
            tried.setdefault(entry.blank.removeprefix(prefix), []).append(entry.text)
    return tried
