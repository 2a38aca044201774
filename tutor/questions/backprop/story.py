"""The worked story of a function as text: staging, forward values, the way back gate by gate, the NumPy function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tutor.drawing import choose, draw
from tutor.library.format import BackpropTable
from tutor.library.problem import Problem
from tutor.questions.backprop.closed_forms import closed_forms
from tutor.questions.backprop.function_text import signature_of
from tutor.questions.backprop.own import worked_text
from tutor.questions.backprop.picture import all_known, picture_of_work
from tutor.questions.backprop.sheets import STAGING
from tutor.questions.backprop.staging import follow
from tutor.questions.backprop.telling import arrival, bracketed, gathered, sent
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.question import Paragraph

_HEIGHT = 60


def story(
    table: BackpropTable, problem: Problem, tried: Mapping[str, Sequence[str]], ascii: bool, width: int
) -> Iterator[Paragraph]:
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


def _graph(sheet: Worksheet, table: BackpropTable, ascii: bool, width: int) -> Paragraph:
    picture = picture_of_work(sheet, all_known(sheet, "backward" in table.asked))
    drawn = draw(picture, choose(picture, width, _HEIGHT, ascii), ascii).text
    return Paragraph("", tuple(drawn.split("\n")))


def _staging(sheet: Worksheet, whose: str) -> Paragraph:
    return _section(f"Staging ({whose})", [sheet.equation(gate) for gate in sheet.graph.gates])


def _forward(sheet: Worksheet) -> Paragraph:
    return _section(
        "Forward", [f"{sheet.equation(gate)} = {worked_text(sheet.value(gate))}" for gate in sheet.graph.gates]
    )


def _backward(sheet: Worksheet) -> Paragraph:
    lines: list[str] = []
    for gate in reversed(sheet.graph.gates):
        lines.append(f"{sheet.equation(gate)}: {arrival(sheet, gate)}")
        lines += [f"  {sent(sheet, use)}" for use in sheet.wires(gate)]
    f = sheet.output_name
    lines += [f"∂{f}/∂{sheet.name(position)} {gathered(sheet, position)}" for position in sheet.graph.inputs]
    return _section("Backward, from the output back", lines)


def _code(table: BackpropTable, sheet: Worksheet) -> Paragraph:
    signature = signature_of(sheet.problem, table.code)
    try:
        text = signature.worked(sheet)
    except ValueError:  # a gate of several operations: the program's own staging has none
        text = signature.worked(Worksheet(sheet.problem, sheet.problem.graph))
    return _section("In NumPy", text.rstrip("\n").split("\n"))


def _descend(table: BackpropTable, sheet: Worksheet) -> Paragraph:
    descend = table.descend
    assert descend is not None
    lines = []
    for name in descend.variables or sheet.problem.function.parameters:
        was, slope = sheet.problem.inputs[name], sheet.problem.gradient(name)
        step = f"{worked_text(was)} − {worked_text(descend.step)} × {bracketed(worked_text(slope))}"
        lines.append(f"{name} ← {step} = {worked_text(was - descend.step * slope)}")
    return _section("Descend", lines)


def _section(title: str, lines: Iterable[str]) -> Paragraph:
    return Paragraph(title, tuple(f"  {line}".rstrip() for line in lines))
