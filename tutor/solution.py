"""The worked story of an exercise as text: staging, forward values, the way back gate by gate, the NumPy function."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tutor.drawing import choose, draw
from tutor.engine.graph import Use
from tutor.engine.numpy_code import downstream_code
from tutor.engine.values import shape_of
from tutor.judging import right
from tutor.learner import Entry
from tutor.library import Exercise
from tutor.library.problem import Problem, problem_of
from tutor.picture import picture_of_work
from tutor.questions import Answer
from tutor.questions.backprop.function_text import python_name, signature_of
from tutor.questions.backprop.gate_text import local_text
from tutor.questions.backprop.own import down_key, total_key, value_key, worked_text
from tutor.questions.backprop.sheets import STAGING
from tutor.questions.backprop.staging import follow
from tutor.questions.backprop.worksheet import Worksheet
from tutor.text import WIDTH

_HEIGHT = 60


def solution(exercise: Exercise, journal: Iterable[Entry] = (), ascii: bool = False, width: int = WIDTH) -> str:
    """The story for the staging in the learner's journal, else for the program's own.

    Its drawing is in ASCII where asked, and of at most `width` columns.

    Raises BadFile where the exercise's mathematics does not hold.
    """
    problem = problem_of(exercise)
    own = own_staging(problem, journal)
    sheet = own or Worksheet(problem, problem.graph)
    parts = [_staging(sheet, "your staging" if own else "one of several ways"), _graph(sheet, exercise, ascii, width)]
    if {"forward", "backward"} & set(exercise.steps):
        parts.append(_forward(sheet))
    if "backward" in exercise.steps:
        parts.append(_backward(sheet))
    if "code" in exercise.steps:
        parts.append(_code(exercise, sheet))
    if "descend" in exercise.steps and exercise.file.descend is not None:
        parts.append(_descend(exercise, sheet))
    return "\n\n".join(parts)


def own_staging(problem: Problem, journal: Iterable[Entry]) -> Worksheet | None:
    """The worksheet of the last staging of the learner's that was right; None where there is none."""
    accepted = [entry.text for entry in journal if entry.action == "answer" and entry.blank == STAGING]
    for text in reversed(accepted):
        staging = follow(problem, text)
        if staging.complete:
            return Worksheet(problem, staging.graph)
    return None


@dataclass(frozen=True)
class _AllKnown:
    """As if everything had been answered; satisfies `picture.Work`."""

    answers: Mapping[str, Answer]
    asks_gradients: bool
    asks_values: bool = True
    quick: bool = False
    opened: frozenset[str] = frozenset()


def _all_known(sheet: Worksheet, gradients: bool) -> _AllKnown:
    names = [node.name for node in sheet.graph.nodes]
    keys = [value_key(name) for name in names]
    if gradients:
        keys += [total_key(name) for name in names]
        keys += [down_key(sheet.name(use.gate), use.port) for uses in sheet.graph.uses for use in uses]
    return _AllKnown(dict.fromkeys(keys, Answer("", right())), gradients)


def _graph(sheet: Worksheet, exercise: Exercise, ascii: bool, width: int) -> str:
    picture = picture_of_work(sheet, _all_known(sheet, "backward" in exercise.steps))
    return draw(picture, choose(picture, width, _HEIGHT, ascii), ascii).text


def _staging(sheet: Worksheet, whose: str) -> str:
    return _section(f"Staging ({whose})", [sheet.equation(gate) for gate in sheet.graph.gates])


def _forward(sheet: Worksheet) -> str:
    return _section(
        "Forward", [f"{sheet.equation(gate)} = {worked_text(sheet.value(gate))}" for gate in sheet.graph.gates]
    )


def _backward(sheet: Worksheet) -> str:
    lines: list[str] = []
    for gate in reversed(sheet.graph.gates):
        lines.append(f"{sheet.equation(gate)}: {_arrival(sheet, gate)}")
        lines += [f"  {_sent(sheet, use)}" for use in sheet.wires(gate)]
    f = sheet.output_name
    lines += [f"∂{f}/∂{sheet.name(position)} {_gathered(sheet, position)}" for position in sheet.graph.inputs]
    return _section("Backward, from the output back", lines)


def _arrival(sheet: Worksheet, gate: int) -> str:
    """What arrives at a gate's output, and how it comes together where the value forks."""
    if gate == sheet.graph.output:
        return f"{worked_text(sheet.gradient(gate))} arrives, as everywhere at the output."
    total = worked_text(sheet.gradient(gate))
    return f"{total} arrives." if len(sheet.graph.uses[gate]) == 1 else f"{_sum(sheet, gate)} arrives, summed."


def _gathered(sheet: Worksheet, position: int) -> str:
    """An input's gradient."""
    uses, total = sheet.graph.uses[position], worked_text(sheet.gradient(position))
    if not uses:
        return f"= {total}, since no gate uses {sheet.name(position)}."
    return f"= {total}" if len(uses) == 1 else f"= {_sum(sheet, position)}, summed at the fork."


def _sum(sheet: Worksheet, position: int) -> str:
    shares = [worked_text(sheet.share(use)) for use in sheet.graph.uses[position]]
    terms = [shares[0], *(f"− {share[1:]}" if share.startswith("-") else f"+ {share}" for share in shares[1:])]
    return f"{' '.join(terms)} = {worked_text(sheet.gradient(position))}"


def _sent(sheet: Worksheet, use: Use) -> str:
    """`to a: ∂d/∂a = c = 0.66976, so a gets 1.18452 × 0.66976 = 0.79335`."""
    source, gate, share = sheet.name(sheet.source(use)), sheet.name(use.gate), worked_text(sheet.share(use))
    node = sheet.gate_node(use.gate).gate
    assert node is not None
    if not node.elementwise:
        return f"to {source}: {_in_numpy(sheet, use)} = {share}" if node.code else f"{source} gets {share}"
    local, formula = worked_text(sheet.local(use)), local_text(sheet, use)
    slope = f"∂{gate}/∂{source} = {local if formula.replace('−', '-') in ('', local) else f'{formula} = {local}'}"
    summed = ", summed to its shape," if shape_of(sheet.share(use)) != shape_of(sheet.local(use)) else ""
    times = f"{worked_text(sheet.gradient(use.gate))} × {_bracketed(local)}"
    return f"to {source}: {slope}, so {source} gets {times}{summed} = {share}"


def _bracketed(number: str) -> str:
    return f"({number})" if number.startswith("-") else number


def _in_numpy(sheet: Worksheet, use: Use) -> str:
    """What a gate that mixes entries sends, as NumPy would have it: `da @ x.T`."""
    names = {position: python_name(node.name) for position, node in enumerate(sheet.graph.nodes)}
    node = sheet.gate_node(use.gate)
    shapes = [
        shape_of(sheet.value(argument) if isinstance(argument, int) else argument.value)
        for argument in (*node.arguments, use.gate)
    ]
    return downstream_code(node, use.port, f"d{names[use.gate]}", names, names[use.gate], shapes)


def _code(exercise: Exercise, sheet: Worksheet) -> str:
    signature = signature_of(sheet.problem, exercise.file.code)
    try:
        text = signature.worked(sheet)
    except ValueError:  # a gate of several operations: the program's own staging has none
        text = signature.worked(Worksheet(sheet.problem, sheet.problem.graph))
    return _section("In NumPy", text.rstrip("\n").split("\n"))


def _descend(exercise: Exercise, sheet: Worksheet) -> str:
    table = exercise.file.descend
    assert table is not None
    lines = []
    for name in table.variables or sheet.problem.function.parameters:
        was, slope = sheet.problem.inputs[name], sheet.problem.gradient(name)
        step = f"{worked_text(was)} − {worked_text(table.step)} × {_bracketed(worked_text(slope))}"
        lines.append(f"{name} ← {step} = {worked_text(was - table.step * slope)}")
    return _section("Descend", lines)


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"  {line}".rstrip() for line in lines)])
