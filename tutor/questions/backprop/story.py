"""The worked story of a function as text: staging, forward values, the way back gate by gate, the NumPy function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tutor.drawing import choose, draw
from tutor.engine.graph import Use
from tutor.engine.numpy_code import downstream_code
from tutor.engine.values import shape_of
from tutor.judging import right
from tutor.library.format import BackpropTable
from tutor.library.problem import Problem
from tutor.questions.backprop.closed_forms import closed_forms
from tutor.questions.backprop.function_text import python_name, signature_of
from tutor.questions.backprop.gate_text import local_text
from tutor.questions.backprop.own import down_key, total_key, value_key, worked_text
from tutor.questions.backprop.picture import picture_of_work
from tutor.questions.backprop.sheets import STAGING
from tutor.questions.backprop.staging import follow
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.blank import Answer

_HEIGHT = 60


def story(
    table: BackpropTable, problem: Problem, tried: Mapping[str, Sequence[str]], ascii: bool, width: int
) -> Iterator[str]:
    """The paragraphs, for the last right staging among those the learner tried, else for the program's own.

    The drawing is in ASCII where asked, and of at most `width` columns.
    """
    own = _own_sheet(problem, tried.get(STAGING, ()))
    sheet = own or Worksheet(problem, problem.graph)
    yield _staging(sheet, "your staging" if own else "one of several ways")
    yield _graph(sheet, table, ascii, width)
    if {"forward", "backward"} & set(table.asked):
        yield _forward(sheet)
    if "backward" in table.asked:
        yield _backward(sheet)
        if forms := closed_forms(problem):
            yield _section("In closed form", forms)
    if "code" in table.asked:
        yield _code(table, sheet)
    if "descend" in table.asked and table.descend is not None:
        yield _descend(table, sheet)


def _own_sheet(problem: Problem, stagings: Sequence[str]) -> Worksheet | None:
    for text in reversed(stagings):
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


def _all_known(sheet: Worksheet, gradients: bool) -> _AllKnown:
    names = [node.name for node in sheet.graph.nodes]
    keys = [value_key(name) for name in names]
    if gradients:
        keys += [total_key(name) for name in names]
        keys += [down_key(sheet.name(use.gate), use.port) for uses in sheet.graph.uses for use in uses]
    return _AllKnown(dict.fromkeys(keys, Answer("", right())), gradients)


def _graph(sheet: Worksheet, table: BackpropTable, ascii: bool, width: int) -> str:
    picture = picture_of_work(sheet, _all_known(sheet, "backward" in table.asked))
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


def _code(table: BackpropTable, sheet: Worksheet) -> str:
    signature = signature_of(sheet.problem, table.code)
    try:
        text = signature.worked(sheet)
    except ValueError:  # a gate of several operations: the program's own staging has none
        text = signature.worked(Worksheet(sheet.problem, sheet.problem.graph))
    return _section("In NumPy", text.rstrip("\n").split("\n"))


def _descend(table: BackpropTable, sheet: Worksheet) -> str:
    descend = table.descend
    assert descend is not None
    lines = []
    for name in descend.variables or sheet.problem.function.parameters:
        was, slope = sheet.problem.inputs[name], sheet.problem.gradient(name)
        step = f"{worked_text(was)} − {worked_text(descend.step)} × {_bracketed(worked_text(slope))}"
        lines.append(f"{name} ← {step} = {worked_text(was - descend.step * slope)}")
    return _section("Descend", lines)


def _section(title: str, lines: Iterable[str]) -> str:
    return "\n".join([title, *(f"  {line}".rstrip() for line in lines)])
