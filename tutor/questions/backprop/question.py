"""The kind `backprop` as a question: its steps, its graph, its worked solution, and remarks for authors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from math import isclose
from typing import Literal

import numpy as np
from msgspec import structs

from tutor.drawing import AtHand, CloseUp, GraphSpec
from tutor.drawing.close_up import Slot
from tutor.engine.gates import arrays_of
from tutor.engine.passes import PassError, backward, forward
from tutor.engine.pattern import occurs
from tutor.engine.values import Value, exactly, shape_of, show_shape
from tutor.language import Expression, Vocabulary, show
from tutor.language.array_products import with_signs
from tutor.language.tree import rename
from tutor.library import BadFile
from tutor.library.format import BackpropTable, CodeTable, Given, Marks
from tutor.library.problem import Problem, problem_in
from tutor.library.validation import check_table
from tutor.questions.backprop.backward import BackwardStep
from tutor.questions.backprop.code import FunctionStep
from tutor.questions.backprop.gate_arithmetic import gathered
from tutor.questions.backprop.known_graph import (
    KnownValues,
    about_value,
    all_known,
    close_up,
    picture_of_staging,
    picture_of_work,
)
from tutor.questions.backprop.reference import Reference, References, total_key
from tutor.questions.backprop.replay import replay
from tutor.questions.backprop.spurious_match import HiddenMistakes, hidden_by_numbers, hidden_by_shapes
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.steps import DescendStep, ForwardStep, StageStep
from tutor.questions.backprop.worked_solution import story
from tutor.questions.blank import Answers, Blank, Step
from tutor.questions.inflect import counted, listed
from tutor.questions.question import Frame, Paragraph, Question, QuestionPlace
from tutor.runner import Runner

_STEPS = ("stage", "forward", "backward", "code", "descend")


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


def notes(table: BackpropTable, problem: Problem) -> Iterator[tuple[str, str]]:
    """Keys of the table, and what about them."""
    asked = set(table.asked)
    plain = list(_about_inputs(problem)) if {"forward", "backward", "descend"} & asked else []
    yield from _with_better(problem, plain)
    # Numbers such as 0, 1 and 2 hide mistakes of which that note tells already.
    if "backward" in asked and (problem.has_arrays or not plain):
        yield from _about_mistakes(hidden_by_numbers(Reference(problem, problem.graph)))
    if {"backward", "code"} & asked and problem.has_arrays:
        yield from _about_shapes(hidden_by_shapes(Reference(problem, problem.graph)))
    yield from _about_kinks(problem)
    for text, template in zip(table.whole, problem.whole, strict=True):
        if not occurs(template, problem.function.expression):
            yield "whole", f"{text} does not occur in the function as it is written, so it may have no effect"
    if shape_of(problem.output):
        yield (
            "function",
            (
                f"its value is an array of shape {show_shape(shape_of(problem.output))}, so the gradients are those "
                "of the sum of its entries; write sum(...) or mean(...) around it to make that plain"
            ),
        )
    for key, there in (("code", table.code != CodeTable()), ("descend", table.descend is not None)):
        if there and key not in table.asked:
            yield key, f"this step is not asked here; the steps are {', '.join(table.asked)}"
    for key in table.hints:
        if key in _STEPS and key not in table.asked:
            yield f"hints.{key}", f"this step is not asked here; the steps are {', '.join(table.asked)}"


def _with_better(problem: Problem, plain: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Notes on the inputs, the last one with numbers that would have none."""
    better = better_numbers(problem, lambda there: list(_about_inputs(there))) if plain else {}
    for number, (key, said) in enumerate(plain, 1):
        last = number == len(plain) and better
        instead = listed([f"{name} = {exactly(value)}" for name, value in better.items()])
        yield key, f"{said}; better: {instead}" if last else said


def _about_kinks(problem: Problem) -> Iterator[tuple[str, str]]:
    """Gates whose slope jumps exactly at the inputs: there more than one gradient is right."""
    reference = Reference(problem, problem.graph)
    for gate in problem.graph.gates:
        if any(reference.kinks(use) for use in reference.wires(gate)):
            yield (
                "at",
                f"{reference.equation(gate)} is exactly at its kink here: any slope between its two sides is right",
            )


def _about_inputs(problem: Problem) -> Iterator[tuple[str, str]]:
    """Inputs at which mistakes cannot be told from right answers."""
    used = [
        name
        for p in problem.graph.inputs
        if problem.graph.uses[p] and (name := problem.graph.nodes[p].name) not in problem.constants
    ]
    numbers = {name: value for name in used if isinstance(value := problem.inputs[name], float)}
    for name, value in numbers.items():
        if value in _TELLS_LITTLE:
            yield f"at.{name}", f"{value:g} {_TELLS_LITTLE[value]}, so some mistakes will look right"
    for value in dict.fromkeys(numbers.values()):
        equal = [name for name in numbers if numbers[name] == value]
        if len(equal) > 1:
            yield "at", f"{' and '.join(equal)} are equal, so an answer that confuses them will look right"
    yield from _about_gradients(problem, used)


def _about_mistakes(hidden: HiddenMistakes) -> Iterator[tuple[str, str]]:
    """Mistakes that the exercise's numbers hide, and an input that shows them."""
    if hidden.said:
        better = "".join(f"; with {name} = {exactly(value)} {_show(hidden)}" for name, value in hidden.instead.items())
        yield "at", f"{_mistakes(hidden)} will look right at these numbers{better}"


def _about_shapes(hidden: HiddenMistakes) -> Iterator[tuple[str, str]]:
    """Mistakes that the exercise's shapes hide, and which inputs to make longer."""
    for name, value in [*hidden.instead.items()][:1] if hidden.said else []:
        shape = show_shape(shape_of(value))
        reason = f"{_mistakes(hidden)} will look right whatever the numbers"
        yield f"at.{name}", f"{reason}; where {name} has shape {shape} {_show(hidden)}"


def _mistakes(hidden: HiddenMistakes) -> str:
    """As in: a mistake (at e = relu(d), it goes by the sign of the upstream)."""
    first, *others = hidden.said
    return f"{counted(len(hidden.said), 'mistake')} (one: {first})" if others else f"a mistake ({first})"


def _show(hidden: HiddenMistakes) -> str:
    return "it will not" if len(hidden.said) == 1 else "they will not"


def _about_gradients(problem: Problem, used: list[str]) -> Iterator[tuple[str, str]]:
    flat = [name for name in used if _is_zero(problem.gradient(name))]
    if flat and len(flat) == len(used):
        yield "at", "every gradient is 0 here, so the backward pass teaches nothing"
        return
    for name in flat:
        yield f"at.{name}", f"the gradient of {name} is 0 here"


_TELLS_LITTLE = {
    0.0: "hides what it is multiplied by",
    1.0: "is its own square, and changes nothing as a factor",
    2.0: "has the same square and double",
}


def _is_zero(value: Value) -> bool:
    return bool(np.all(np.abs(value) < 1e-12))


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
        given = ", ".join(
            _given(name, value, self.problem.inputs[name])
            for name, value in (*table.at.items(), *table.constants.items())
        )
        statement = f"{table.function},   {given}{_also_given(table)}"
        super().__init__(title or self.problem.function.name, steps, f"{prompt}\n{statement}" if prompt else statement)

    def vocabulary(self, answers: Answers, typed: str | None = None) -> Vocabulary:
        """The inputs' names, and those of the equations."""
        reference = self._references.of(answers)
        if reference is not None and typed is None:
            return self.problem.vocabulary.with_names(*reference.graph.positions)
        return self.problem.vocabulary.with_names(*self.staging(typed or "").graph.positions)

    def staging(self, typed: str) -> Staging:
        """What staged equations amount to, while they are typed."""
        return self._references.follow(typed)

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

    def solved_picture(self) -> GraphSpec:
        """The graph of the program's own staging with all its numbers, gradients where they are asked."""
        own = self._references.own
        return picture_of_work(own, all_known(own, "backward" in self._table.asked))

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
        return blank.key.partition(":")[2].partition(".")[0]

    def at_hand(self, blank: Blank, answers: Answers) -> AtHand | None:
        """The gate a blank is about, and the wire into it where a local derivative or a downstream is asked."""
        reference, name = self._references.of(answers), self.node_of(blank)
        if reference is None or name not in reference.graph.positions:
            return None
        kind, _, place = blank.key.partition(":")
        port = int(place.rpartition(".")[2]) if kind in ("local", "down") else None
        return AtHand(reference.graph.positions[name], port, back=kind == "down")

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
        slot = _SLOTS.get(blank.key.partition(":")[0])
        if at is None or reference is None or slot is None:
            return None
        return close_up(reference, at.node, (slot, at.port or 0), self._work(answers))

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


def _about_paths(reference: Reference, inputs: Sequence[int]) -> str:
    """Why the gradient of the first input that forks is a sum, or that of one that nobody uses is 0."""
    f = reference.output_name
    for position in inputs:
        gates = list(dict.fromkeys(reference.name(use.gate) for use in reference.graph.uses[position]))
        if len(gates) > 1:
            name = reference.name(position)
            return f"{name} goes to {listed(gates)}. Every path moves {f}, so what they send is added."
    unused = next((one for one in inputs if not reference.graph.uses[one]), None)
    if unused is not None:
        return f"No path leads from {reference.name(unused)} to {f}, so its gradient is 0."
    return ""


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


_MOST_CHANGED = 3
_MOST_TRIED = 300
_MOST_LOOKED_AT = 12
"""How often, for one number of inputs that change, all the mistakes of every gate are worked out."""

_NEAR = 6
"""How far a number may move."""

_CHOICES = 12
"""Values of each input that are tried where several change."""

_OF_A_HALF = 1.5
_OF_A_TENTH = 2.5


def better_numbers(problem: Problem, complaints: Callable[[Problem], Sequence[object]]) -> dict[str, float]:
    """Values for as few inputs as can be at which there are no complaints; {} where none are found nearby.

    Of those the nearest, whole numbers before tenths. The same each time.
    """
    tried, looked_at = Counter[int](), Counter[int]()
    for changed in _nearest(problem):
        many = len(changed)
        if tried[many] == _MOST_TRIED or looked_at[many] == _MOST_LOOKED_AT:
            continue
        tried[many] += 1
        there = _moved(problem, changed)
        if there is None or complaints(there) or not _slips_differ(there):
            continue
        looked_at[many] += 1
        with np.errstate(all="ignore"):  # a mistake may have no value there
            hidden = hidden_by_numbers(Reference(there, there.graph)).said
        if not hidden:
            return changed
    return {}


def _nearest(problem: Problem) -> Iterator[dict[str, float]]:
    """Other values for one input, then for two, and so on; the nearest first."""
    graph = problem.graph
    names = [graph.nodes[position].name for position in graph.inputs if graph.uses[position]]
    numbers = {name: value for name in names if isinstance(value := problem.inputs[name], float)}
    for many in range(1, min(len(numbers), _MOST_CHANGED) + 1):
        found = [
            (sum(cost for cost, _ in chosen), dict(zip(group, (value for _, value in chosen), strict=True)))
            for group in combinations(numbers, many)
            for chosen in product(*(_friendly(numbers[name])[: _CHOICES if many > 1 else None] for name in group))
        ]
        found.sort(key=lambda one: one[0])
        yield from (changed for _, changed in found)


def _friendly(value: float) -> list[tuple[float, float]]:
    """Values that are easy by hand, each with what it costs to go there: whole numbers, halves and tenths."""
    middle = round(value)
    whole = [float(each) for each in range(middle - _NEAR, middle + _NEAR + 1)]
    tenths = [round(middle + step / 10, 1) for step in range(-3 * _NEAR, 3 * _NEAR + 1)]
    costs = {each: abs(each - value) + _effort(each) + _NEAR * (value * each < 0) for each in (*whole, *tenths)}
    return sorted((cost, each) for each, cost in costs.items() if each != value)


def _effort(value: float) -> float:
    """How much harder than a whole number a value is by hand."""
    return 0.0 if value.is_integer() else _OF_A_HALF if (2 * value).is_integer() else _OF_A_TENTH


def _moved(problem: Problem, changed: Mapping[str, float]) -> Problem | None:
    """The exercise at other inputs; None where it has no value there."""
    inputs = {**problem.inputs, **changed}
    if any(inputs[name] <= 0 for name in problem.positive):
        return None
    try:
        values = tuple(forward(problem.graph, inputs))
        return replace(problem, inputs=inputs, values=values, gradients=backward(problem.graph, values))
    except PassError:
        return None


def _slips_differ(problem: Problem) -> bool:
    """Whether, at every wire, what people give by mistake differs where at other numbers it would."""
    graph = problem.graph
    elsewhere = [backward(graph, forward(graph, draw)) for draw in problem.draws]
    for gate in graph.gates:
        for port, share in enumerate(problem.gradients.shares[gate]):
            here = _likely(problem.gradients.totals[gate], share)
            there = [_likely(each.totals[gate], each.shares[gate][port]) for each in elsewhere]
            for one, other in combinations(range(len(here)), 2):
                if isclose(here[one], here[other], rel_tol=1e-3) and not all(
                    isclose(each[one], each[other], rel_tol=1e-3) for each in there if each
                ):
                    return False
    return True


def _likely(upstream: object, share: object) -> list[float]:
    """The right number, the upstream alone, the local derivative alone, the two added; none where there are arrays."""
    if not (isinstance(upstream, float) and isinstance(share, float)) or not upstream:
        return []
    local = share / upstream
    return [share, upstream, local, upstream + local, -share]
