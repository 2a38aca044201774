"""The kind `backprop` as a question: its steps, its graph, its worked solution, and remarks for authors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import structs

from tutor.drawing import AtHand, CloseUp, EquationStrip, GraphSpec
from tutor.drawing.close_up import Slot
from tutor.engine.gates import arrays_of
from tutor.engine.graph import Use
from tutor.engine.values import Value, exactly, shape_of, show_shape
from tutor.language import Expression, Vocabulary, show
from tutor.language.array_products import with_signs
from tutor.language.tree import rename
from tutor.library import BadFile
from tutor.library.format import BackpropTable, Given, Marks
from tutor.library.problem import Problem, problem_in
from tutor.library.validation import check_table
from tutor.questions.backprop.author_notes import notes
from tutor.questions.backprop.backward import BackwardStep
from tutor.questions.backprop.carried_forward import LearnerValues
from tutor.questions.backprop.code import FunctionStep
from tutor.questions.backprop.gate_arithmetic import gathered
from tutor.questions.backprop.known_graph import (
    KnownValues,
    about_value,
    all_known,
    close_up,
    equation_of_downstream,
    equation_of_sum,
    numbers_found,
    picture_of_staging,
    picture_of_work,
)
from tutor.questions.backprop.mended_staging import MendedStaging, mended
from tutor.questions.backprop.reference import STAGING, Reference, References, key_parts, value_key
from tutor.questions.backprop.replay import replay
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.parts import lines_of_parts
from tutor.questions.backprop.steps import DescendStep, ForwardStep, StageStep
from tutor.questions.backprop.worked_solution import story
from tutor.questions.blank import Answers, AnswersBeside, Blank, Step
from tutor.questions.gradient_names import spellings
from tutor.questions.inflect import listed
from tutor.questions.question import Frame, Paragraph, Question, QuestionPlace
from tutor.questions.typed_reading import TypedReading, reading_of
from tutor.runner import Runner


def steps_in(table: BackpropTable, problem: Problem, runner: Runner) -> tuple[References, tuple[Step, ...]]:
    """The steps a table asks for, and the references they share. Raises BadFile for a `[code]` that does not fit."""
    references = References(problem, staged="stage" in table.asked)
    steps: dict[str, Step] = {
        "stage": StageStep(problem, references),
        "forward": ForwardStep(references),
        "backward": BackwardStep(references),
        "code": FunctionStep(problem, references, table.code, runner),
    }
    if table.descend is not None:
        steps["descend"] = DescendStep(problem, references, table.descend)
    return references, tuple(steps[name] for name in table.asked if name in steps)


class BackpropQuestionTable(BackpropTable, frozen=True, kw_only=True):
    """`kind = "backprop"`: all that a file with a function may hold."""

    kind: Literal["backprop"] = "backprop"
    """Which kind of question it is."""

    title: str = ""
    """A word or two for the bar of steps."""

    prompt: str = ""
    """What is asked, in a sentence or two."""

    marks: Marks | None = None
    """What it is worth on a paper; made from its blanks when absent."""


_MOST_SHOWN = 200
"""Entries of an input that are shown; of a larger one the shape is."""


def _given(name: str, written: Given, value: Value) -> str:
    """An input and its value, as the file has it."""
    if np.size(value) > _MOST_SHOWN:
        return f"{name} of shape {show_shape(shape_of(value))}"
    return f"{name} = {written if isinstance(written, str) else exactly(value)}"


class BackpropQuestion(Question):
    """Stage, forward, backward, code, descend, on the learner's own graph."""

    def __init__(self, table: BackpropTable, place: QuestionPlace, title: str = "", prompt: str = "") -> None:
        """Raises BadFile where the mathematics does not hold."""
        check_table(table)
        self._table = table
        self._place = place
        self.problem = problem_in(table)
        self._references, steps = steps_in(table, self.problem, place.runner)
        self._solved: GraphSpec | None = None
        given = ", ".join(
            _given(name, value, self.problem.inputs[name])
            for name, value in (*table.at.items(), *table.constants.items())
        )
        statement = f"{table.function},   {given}{_also_given(table)}"
        super().__init__(title or self.problem.function.name, steps, f"{prompt}\n{statement}" if prompt else statement)

    def vocabulary(self, answers: Answers, typed: str | None = None) -> Vocabulary:
        """The inputs' names, and those of the equations; in answers also the spellings of their gradients."""
        reference = self._references.of(answers)
        if reference is not None and typed is None:
            names = tuple(reference.graph.positions)
            gradients = spellings(names, reference.output_name, frozenset(names))
            words = (one for one in gradients if one.strip("∂∇'").isidentifier())
            return self.problem.vocabulary.with_names(*names, *words)
        return self.problem.vocabulary.with_names(*self.staging(typed or "").graph.positions)

    def reading(self, blank: Blank, text: str, answers: Answers) -> TypedReading:
        """What is read of an answer, in the names that it is judged by: values, and gradients that are found."""
        reference = self._references.of(answers)
        if reference is None:
            return TypedReading()
        name = self.node_of(blank)
        before = reference.graph.positions.get(name) if blank.key == value_key(name) else None
        names = LearnerValues(reference, AnswersBeside.of(answers, blank)).names(blank.key, before)
        return reading_of(blank, text, names.read, names)

    def staging(self, typed: str) -> Staging:
        """What staged equations amount to, while they are typed."""
        return self._references.follow(typed)

    def equations_for_code(self, answers: Answers) -> str:
        """The learner's equations, in mathematics, and the name that the code returns; "" where none are staged."""
        reference = self._references.of(answers)
        code = next((step for step in self.steps if isinstance(step, FunctionStep)), None)
        if reference is None or code is None or STAGING not in answers.answers:
            return ""
        equations = ", ".join(reference.equation(gate) for gate in reference.graph.gates)
        returned = "" if code.value == reference.output_name else f", which is {code.value}"
        return f"Your equations: {equations}{returned}."

    def lines_of_parts(self, staging: Staging) -> frozenset[int]:
        """The lines, counted from 0, whose values are parts of the function as it is written."""
        return lines_of_parts(self.problem, staging)

    def mended(self, equations: str) -> MendedStaging:
        """Equations that make no graph as far as they can be used, so that what comes after them can be marked."""
        return mended(self.problem, equations)

    def on_learners_function(self, equations: str) -> BackpropQuestion | None:
        """The same question about the function that these equations make, right or not; None where they make none."""
        staging = self.staging(equations)
        if staging.fault is not None or not staging.graph.gates:
            return None
        expanded: dict[str, Expression] = {}
        for line in staging.lines:
            assert line.equation is not None, "a line without a fault is an equation"
            name = line.equation.target.name
            expanded[name] = rename(line.equation.expression, expanded)
        f, arrays = self.problem.function.name, arrays_of(self.problem.shapes)
        function = f"{f}({', '.join(self.problem.variables)}) = {show(with_signs(expanded[name], arrays))}"
        table = structs.replace(self._table, function=function, let=())
        try:
            own = BackpropQuestion(table, self._place, self.title)
        except BadFile:
            return None
        return own if own.staging(equations).complete else None

    def picture(self, answers: Answers, typed: str | None = None) -> GraphSpec:
        """The graph as far as it is known; of these equations while they are typed."""
        reference = self._references.of(answers)
        if reference is None or typed is not None:
            return picture_of_staging(self.staging(typed or ""), self.problem)
        return picture_of_work(reference, self._work(answers))

    def numbers(self, answers: Answers) -> Mapping[str, str]:
        """The values and gradients found, but for those that follow from a mistake: these are the learner's own."""
        reference = self._references.of(answers)
        return numbers_found(reference, self._work(answers)) if reference is not None else {}

    def solved_picture(self) -> GraphSpec:
        """The graph of the program's own staging with all its numbers, gradients where they are asked."""
        if self._solved is None:
            self._solved = self._solved_to(3)
        return self._solved

    def printed_picture(self) -> GraphSpec:
        """`solved_picture` for paper: its numbers in full."""
        return self._solved_to(None)

    def _solved_to(self, digits: int | None) -> GraphSpec:
        own = self._references.own
        return picture_of_work(own, all_known(own, "backward" in self._table.asked, digits))

    def _work(self, answers: Answers) -> KnownValues:
        return KnownValues(answers.answers, self.asks_gradients(answers), self.asks_values, self.digits)

    @property
    def asks_values(self) -> bool:
        """Whether forward values are asked."""
        return "forward" in self._table.asked

    def asks_gradients(self, answers: Answers) -> bool:
        """Whether gradients are asked by now: the step is there, and the values before it are done."""
        keys = [step.key for step in self.steps]
        if "backward" not in keys:
            return False
        blanks = [step.blanks(answers) for step in self.steps[: keys.index("backward") + 1]]
        *earlier, here = [[_accepted(answers, blank) for blank in each] for each in blanks]
        return any(here) or all(done and all(done) for done in earlier)

    def node_of(self, blank: Blank) -> str:
        """The value, or the gate, that a key names after its colon."""
        return key_parts(blank.key).name

    def at_hand(self, blank: Blank, answers: Answers) -> AtHand | None:
        """The gate a blank is about, and the wire into it where a local derivative or a downstream is asked."""
        reference, at = self._references.of(answers), key_parts(blank.key)
        if reference is None or at.name not in reference.graph.positions:
            return None
        return AtHand(reference.graph.positions[at.name], at.port, back=at.kind == "down")

    def gradients_found(self, answers: Answers) -> tuple[tuple[str, ...], str]:
        """Those of the inputs, and what is to be learned of a fork or an input nobody uses."""
        reference = self._references.of(answers)
        if reference is None:
            return (), ""
        f, inputs = reference.output_name, reference.variables
        lines = tuple(f"∂{f}/∂{reference.name(one)} {gathered(reference, one)}" for one in inputs)
        return lines, _about_paths(reference, inputs)

    def close_up(self, blank: Blank, answers: Answers) -> CloseUp | None:
        """The gate a blank is about, from near by."""
        at, reference = self.at_hand(blank, answers), self._references.of(answers)
        slot = _SLOTS.get(key_parts(blank.key).kind)
        if at is None or reference is None or slot is None:
            return None
        uses = reference.graph.uses[at.node]
        if slot == "upstream" and answers.quick and len(uses) == 1:  # it is found at the gate that sends it
            return close_up(reference, uses[0].gate, ("down", uses[0].port), self._work(answers))
        return close_up(reference, at.node, (slot, at.port or 0), self._work(answers))

    def equation_strip(self, blank: Blank, answers: Answers) -> EquationStrip | None:
        """Upstream × local for what goes down; at a fork the sum of what its gates send."""
        at, reference = self.at_hand(blank, answers), self._references.of(answers)
        if at is None or reference is None:
            return None
        kind = key_parts(blank.key).kind
        if kind == "down":
            return equation_of_downstream(reference, Use(at.node, at.port or 0), self._work(answers))
        return equation_of_sum(reference, at.node, self._work(answers)) if kind == "total" else None

    def gate_at(self, blank: Blank, answers: Answers) -> str | None:
        """The gate whose value, local derivative or downstream is asked."""
        reference, name = self._references.of(answers), self.node_of(blank)
        if reference is None or name not in reference.graph.positions:
            return None
        gate = reference.graph.nodes[reference.graph.positions[name]].gate
        return gate.key if gate is not None else None

    def about(self, name: str, answers: Answers) -> tuple[str, ...]:
        """The card of a value: its equation, what is known of it, what is missing."""
        reference = self._references.of(answers)
        if reference is None or name not in reference.graph.positions:
            return ()
        return about_value(reference, reference.graph.positions[name], self._work(answers))

    def replay(self, answers: Answers) -> tuple[Frame, ...]:
        """Both passes in single steps, as far as they are known."""
        reference = self._references.of(answers)
        return replay(reference, self._work(answers)) if reference is not None else ()

    def opens(self, key: str) -> str:
        """The value whose gradient was wrong."""
        at = key_parts(key)
        return at.name if at.kind == "total" else ""

    def own_hints(self, step: str, blank: str) -> tuple[str, ...]:
        """From the table `hints`: for the blank, or else for its step."""
        return self._table.hints.get(blank) or self._table.hints.get(step) or ()

    def story(self, tried: Mapping[str, Sequence[str]], ascii: bool, width: int) -> Iterator[Paragraph]:
        """Staging, graph, both passes, closed forms, code."""
        return story(self._table, self.problem, tried, ascii, width)

    def notes(self) -> Iterable[tuple[str, str]]:
        """Inputs at which slips look right, and hints for what is not asked."""
        return notes(self._table, self.problem)


def _about_paths(reference: Reference, inputs: Sequence[int]) -> str:
    """Why the gradients of inputs that fork are sums, or that of one that nobody uses is 0."""
    f, forks = reference.output_name, {}
    for position in inputs:
        gates = list(dict.fromkeys(reference.name(use.gate) for use in reference.graph.uses[position]))
        if len(gates) > 1:
            forks[reference.name(position)] = listed(gates)
    if forks:
        (name, gates_of_it), *others = forks.items()
        ways = [f"{name} goes to {gates_of_it}", *(f"{other} to {gates}" for other, gates in others)]
        told = "; ".join(ways) if len(ways) <= _MOST_FORKS else f"{listed(list(forks))} go several ways"
        return f"{told}. Every path moves {f}, so what comes back along each is added."
    unused = next((one for one in inputs if not reference.graph.uses[one]), None)
    if unused is not None:
        return f"No path leads from {reference.name(unused)} to {f}, so its gradient is 0."
    return ""


_MOST_FORKS = 2
"""Inputs whose branches are told one by one."""

_SLOTS: dict[str, Slot] = {"value": "value", "total": "upstream", "local": "local", "down": "down"}
"""What a blank asks for, by what its key begins with."""


def _also_given(table: BackpropTable) -> str:
    """What is let, and which of the names are constants."""
    lets = [f"{name} = {text}" for name, text in table.let.items()] if isinstance(table.let, dict) else table.let
    with_lets = f"\nwith {', '.join(lets)}" if lets else ""
    constants = list(table.constants)
    are = "is a constant" if len(constants) == 1 else "are constants"
    return with_lets + (f"\n{listed(constants)} {are}: no gradient is asked for." if constants else "")


def make_backprop(table: BackpropQuestionTable, place: QuestionPlace) -> BackpropQuestion:
    """The question. Raises BadFile."""
    return BackpropQuestion(table, place, table.title, table.prompt)


def _accepted(answers: Answers, blank: Blank) -> bool:
    answer = answers.answers.get(blank.key)
    return answer is not None and answer.verdict.accepted
