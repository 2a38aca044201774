"""The kind `backprop` as a question: its steps, its graph, its worked solution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from tutor.drawing import Picture
from tutor.engine.showing import exactly
from tutor.language import Vocabulary
from tutor.library.consistency import check_table
from tutor.library.format import BackpropTable
from tutor.library.problem import problem_in
from tutor.questions.backprop import steps_in
from tutor.questions.backprop.notes import notes
from tutor.questions.backprop.own import total_key
from tutor.questions.backprop.picture import Known, picture_of_staging, picture_of_work
from tutor.questions.backprop.replay import about_value, replay
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.story import story
from tutor.questions.blank import Answers, Blank
from tutor.questions.question import Frame, Paragraph, Place, Question


class BackpropQuestionTable(BackpropTable, frozen=True, kw_only=True):
    """`kind = "backprop"`: all that a file with a function may hold."""

    kind: Literal["backprop"] = "backprop"
    """Which kind of question it is."""

    title: str = ""
    """A word or two for the bar of steps."""

    prompt: str = ""
    """What is asked, in a sentence or two."""


class BackpropQuestion(Question):
    """Stage, forward, backward, code, descend, on the learner's own graph."""

    def __init__(self, table: BackpropTable, place: Place, title: str = "", prompt: str = "") -> None:
        """Raises BadFile where the mathematics does not hold."""
        check_table(table)
        self._table = table
        self.problem = problem_in(table)
        self._sheets, steps = steps_in(table, self.problem, place.runner)
        given = ", ".join(
            f"{name} = {value if isinstance(value, str) else exactly(self.problem.inputs[name])}"
            for name, value in table.at.items()
        )
        statement = f"{table.function},   {given}"
        super().__init__(title or self.problem.function.name, steps, f"{prompt}\n{statement}" if prompt else statement)

    def vocabulary(self, given: Answers, typed: str | None = None) -> Vocabulary:
        """The inputs' names, and those of the equations."""
        sheet = self._sheets.of(given)
        if sheet is not None and typed is None:
            return self.problem.vocabulary.with_names(*sheet.graph.positions)
        return self.problem.vocabulary.with_names(*self.staging(typed or "").graph.positions)

    def staging(self, typed: str) -> Staging:
        """What staged equations amount to, while they are typed."""
        return self._sheets.follow(typed)

    def picture(self, given: Answers, typed: str | None = None) -> Picture:
        """The graph as far as it is known; of these equations while they are typed."""
        sheet = self._sheets.of(given)
        if sheet is None or typed is not None:
            return picture_of_staging(self.staging(typed or ""), self.problem)
        return picture_of_work(sheet, self._work(given))

    def _work(self, given: Answers) -> Known:
        return Known(given.answers, self.asks_gradients(given), self.asks_values, self.digits)

    @property
    def asks_values(self) -> bool:
        """Whether forward values are asked."""
        return "forward" in self._table.asked

    def asks_gradients(self, given: Answers) -> bool:
        """Whether gradients are asked by now: the step is there, and the values before it are done."""
        keys = [step.key for step in self.steps]
        if "backward" not in keys:
            return False
        blanks = [step.blanks(given) for step in self.steps[: keys.index("backward") + 1]]
        *earlier, here = [[_accepted(given, blank) for blank in each] for each in blanks]
        return any(here) or all(done and all(done) for done in earlier)

    def spot_of(self, blank: Blank) -> str:
        """The value, or the gate, that a key names after its colon."""
        return blank.key.partition(":")[2].partition(".")[0]

    def gate_at(self, blank: Blank, given: Answers) -> str | None:
        """The gate whose value, local derivative or downstream is asked."""
        sheet, name = self._sheets.of(given), self.spot_of(blank)
        if sheet is None or name not in sheet.graph.positions:
            return None
        gate = sheet.graph.nodes[sheet.graph.positions[name]].gate
        return gate.key if gate is not None else None

    def about(self, name: str, given: Answers) -> tuple[str, ...]:
        """The card of a value: its equation, what is known of it, what is missing."""
        sheet = self._sheets.of(given)
        if sheet is None or name not in sheet.graph.positions:
            return ()
        return about_value(sheet, sheet.graph.positions[name], self._work(given))

    def replay(self, given: Answers) -> tuple[Frame, ...]:
        """Both passes in single steps, as far as they are known."""
        sheet = self._sheets.of(given)
        return replay(sheet, self._work(given)) if sheet is not None else ()

    def opens(self, key: str) -> str:
        """The value whose gradient was wrong."""
        return key.partition(":")[2] if key.startswith(total_key("")) else ""

    def own_hints(self, step: str, blank: str) -> tuple[str, ...]:
        """From the table `hints`: for the blank, or else for its step."""
        return self._table.hints.get(blank) or self._table.hints.get(step) or ()

    def story(self, tried: Mapping[str, Sequence[str]], ascii: bool, width: int) -> Iterator[Paragraph]:
        """Staging, graph, both passes, closed forms, code."""
        return story(self._table, self.problem, tried, ascii, width)

    def notes(self) -> Iterable[tuple[str, str]]:
        """Inputs at which slips look right, and hints for what is not asked."""
        return notes(self._table, self.problem)


def make_backprop(table: BackpropQuestionTable, place: Place) -> BackpropQuestion:
    """The question. Raises BadFile."""
    return BackpropQuestion(table, place, table.title, table.prompt)


def _accepted(given: Answers, blank: Blank) -> bool:
    answer = given.answers.get(blank.key)
    return answer is not None and answer.verdict.accepted
