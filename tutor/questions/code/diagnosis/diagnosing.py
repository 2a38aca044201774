"""The first wrong line of a function that returned something wrong, and the mistake made there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tutor.engine.values import Value
from tutor.questions.backprop.reference import Reference
from tutor.questions.code.diagnosis import whole
from tutor.questions.code.diagnosis.explaining import explained, wrong_helper
from tutor.questions.code.diagnosis.known import Truth, close
from tutor.questions.code.diagnosis.manner import near_by_differences
from tutor.questions.code.diagnosis.mending import Suspect
from tutor.questions.code.diagnosis.own_graph import own_graph
from tutor.questions.code.diagnosis.reckoning import AstInterpreter
from tutor.questions.code.diagnosis.said import Diagnosis
from tutor.questions.code.diagnosis.settling import settled
from tutor.questions.code.diagnosis.standing import Board, LineStatus, board_of
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program
from tutor.questions.code.diagnosis.walking import program_of
from tutor.questions.python_text import python_name
from tutor.runner import Call

__all__ = ["Diagnosis", "diagnose"]

_NEAR = 0.05
"""The relative gap of a gradient that small steps may have come to."""


def diagnose(
    source: str,
    function_name: str,
    call: Call,
    inputs: Mapping[str, Value],
    truths: Mapping[str, Value],
    sheets: Sequence[Reference],
) -> Diagnosis | None:
    """Which line of the learner's code is wrong and why; None where nothing is, or nothing can be told.

    `call` is what was seen of one call (with `observe`) at `inputs`, which are in the order of the arguments and by
    the exercise's names for them. `truths` are what should have been returned, by the names that are asked for: the
    value, then a gradient for each input. `sheets` are the learner's staging, then the program's own. Raises nothing
    for any source: the code is read, never run.
    """
    found = whole.nothing_returned(source, function_name, call, tuple(truths))
    if found is not None:
        return found
    try:
        read = program_of(source, function_name, call, tuple(inputs.values()), tuple(truths))
    except RecursionError:
        return None
    if read is None:
        return None
    program, reckoner = read
    by_steps = _by_small_steps(source, program, truths)
    return by_steps or _of_program(program, reckoner, call, dict(truths), tuple(inputs.values()), sheets)


def _by_small_steps(source: str, program: Program, truths: Mapping[str, Value]) -> Diagnosis | None:
    """What is said where the value is right, and a gradient that is not comes from small steps."""
    returned = [program.steps[number] for number in program.returns]
    wrong = [step for step in returned if not close(step.value, truths[step.name])]
    if not wrong or len(returned) != len(truths) or wrong[0] is returned[0]:
        return None
    found = near_by_differences(source)
    if found is None:
        return None
    made = {number for step in wrong for number in program.slice(step.number)}
    at_work = any(found.line in Suspect(program.steps[number], None, None).lines for number in made)
    return found if at_work or all(_is_near(step.value, truths[step.name]) for step in wrong) else None


def _is_near(mine: Value | None, true: Value) -> bool:
    if mine is None or np.shape(mine) != np.shape(true):
        return False
    return bool(np.max(np.abs(mine - true)) <= _NEAR * np.max(np.abs(true)))


def _of_program(
    program: Program,
    reckoner: AstInterpreter,
    call: Call,
    wanted: dict[str, Value],
    inputs: Sequence[Value],
    sheets: Sequence[Reference],
) -> Diagnosis | None:
    found = whole.changed_input(program, call)
    if found is not None:
        return found
    board = _board(program, reckoner, wanted, inputs, sheets)
    wrong = board.wrong_returns()
    if not wrong:
        return None
    found = whole.changed_through_alias(program, call, wrong) or whole.order(program, wrong, wanted)
    if found is not None:
        return found
    for name, body in program.misnamed.items():
        return wrong_helper(program, name, body, reckoner)
    first = _first_wrong(board, wrong)
    found = explained(board, first, reckoner, sheets[0].problem)
    return settled(board, wrong, first, found, reckoner)


def _board(
    program: Program,
    reckoner: AstInterpreter,
    wanted: dict[str, Value],
    inputs: Sequence[Value],
    sheets: Sequence[Reference],
) -> Board:
    truths = [truth for sheet in sheets if (truth := _of_sheet(sheet, program, inputs)) is not None]
    output = program.steps[program.returns[0]] if program.returns else None
    own = None
    if output is not None and close(output.value, wanted[output.name]):
        made = own_graph(program, reckoner)
        if made is not None:
            names = [""] * len(made.graph.nodes)
            for number, position in sorted(made.positions.items()):
                if not program.steps[number].returned:
                    names[position] = program.steps[number].name
            names[-1] = names[-1] or output.name
            own = Truth.of(made.graph, names, inputs)
            if own is not None and not close(own.output, wanted[output.name]):
                own = None
    return board_of(program, [own, *truths] if own else truths, own, wanted)


def _of_sheet(sheet: Reference, program: Program, inputs: Sequence[Value]) -> Truth | None:
    names = [python_name(node.name) for node in sheet.graph.nodes]
    for position, parameter in zip(sheet.graph.inputs, program.parameters, strict=True):
        names[position] = parameter
    return Truth.of(sheet.graph, names, inputs)


def _first_wrong(board: Board, wrong: Sequence[CodeAssignment]) -> CodeAssignment:
    """The first assignment that is surely wrong: of the forward pass if the value is wrong, else on the way back."""
    if wrong[0].number == board.program.returns[0]:
        wrong = wrong[:1]
    suspects = [
        number for step in wrong for number in board.program.slice(step.number)
        if board.standing[number] is LineStatus.WRONG
    ]  # fmt: skip
    return board.program.steps[min(suspects)]
