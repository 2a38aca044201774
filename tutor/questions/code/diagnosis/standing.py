"""How each of the learner's assignments stands: right, wrong, a part of the truth, or not to be told by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from tutor.engine.values import Value
from tutor.questions.code.diagnosis.known import Claim, Truth, claims, close
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program


class LineStatus(Enum):
    """What is known of one assignment."""

    RIGHT = auto()
    PART = auto()
    """The sum of some branches of a fork: right so far."""

    WRONG = auto()
    KNOWN = auto()
    """It says nothing of what it is, and equals something that is true."""

    OPEN = auto()


@dataclass
class Board:
    """All steps with their standing, and what each should be."""

    program: Program
    truths: list[Truth]
    """The graph of the learner's own code first, if there is one; then those of the staging and of the program."""

    own: Truth | None
    wanted: dict[str, Value]
    forward: set[int] = field(default_factory=set)
    """The steps that the function's value is made of."""

    standing: dict[int, LineStatus] = field(default_factory=dict)
    claims: dict[int, list[Claim]] = field(default_factory=dict)
    target: dict[int, Value] = field(default_factory=dict)
    """What a step should be, where its name or its place says so."""

    by_name: set[int] = field(default_factory=set)
    """The steps of the forward pass that have the value that their name stands for."""

    vouched: set[int] = field(default_factory=set)
    """The steps that a right returned value is made of."""

    def at(self, step: CodeAssignment) -> LineStatus:
        """How a step stands."""
        return self.standing[step.number]

    def returned(self) -> list[CodeAssignment]:
        """The steps of the returned values."""
        return [self.program.steps[number] for number in self.program.returns]

    def wrong_returns(self) -> list[CodeAssignment]:
        """The returned values that are wrong, in order."""
        return [step for step in self.returned() if not close(step.value, self.wanted[step.name])]


def board_of(program: Program, truths: Sequence[Truth], own: Truth | None, wanted: dict[str, Value]) -> Board:
    """The standing of every step, given the true returned values by name."""
    board = Board(program, [*truths], own, wanted)
    output, *gradients = wanted
    board.forward = program.slice(program.returns[0]) if program.returns else set()
    forward_right = bool(program.returns) and close(program.steps[program.returns[0]].value, wanted[output])
    outputs = _output_names(output, gradients, program)
    returned = {name: position for position, name in enumerate(gradients)}
    for step in program.steps:
        board.standing[step.number] = _standing(board, step, forward_right, outputs, returned)
    _vouch(board)
    return board


def _output_names(output: str, gradients: Sequence[str], program: Program) -> set[str]:
    found = {output, "f", "out", "L", "loss", "output", "l", "J"}
    for gradient, parameter in zip(gradients, program.parameters, strict=False):
        if gradient.endswith(parameter):
            found.add(gradient[: -len(parameter)])
    if program.returns:
        alias = program.steps[program.returns[0]].alias
        found.update([program.steps[alias].name] if alias is not None else [])
    return {name for name in found if name}


def _standing(
    board: Board, step: CodeAssignment, forward_right: bool, outputs: set[str], returned: dict[str, int]
) -> LineStatus:
    if step.given:
        return LineStatus.RIGHT
    if step.returned:
        board.target[step.number] = board.wanted[step.name]
        if step.name in returned:
            board.claims[step.number] = claims(step.name, board.truths, outputs, returned)
        return LineStatus.RIGHT if close(step.value, board.wanted[step.name]) else LineStatus.WRONG
    if step.number in board.forward:
        return LineStatus.RIGHT if forward_right else _forward_standing(board, step)
    found = claims(step.name, board.truths, outputs, returned)
    if found and step.value is not None:
        board.claims[step.number] = found
        return _claimed_standing(board, step, step.value, found)
    return _unnamed(board, step)


def _unnamed(board: Board, step: CodeAssignment) -> LineStatus:
    if step.value is None:
        return LineStatus.OPEN
    return LineStatus.KNOWN if any(truth.has(step.value) for truth in board.truths) else LineStatus.OPEN


def _forward_standing(board: Board, step: CodeAssignment) -> LineStatus:
    """In a forward pass that goes wrong: by the name that the staging gave, or by the value."""
    if step.value is None:
        return LineStatus.OPEN
    named = [truth.values[position] for truth in board.truths for position in truth.positions(step.name)]
    if any(close(step.value, value, loosely=True) for value in named):
        board.by_name.add(step.number)
        return LineStatus.RIGHT
    known = any(close(step.value, value, loosely=True) for truth in board.truths for value in truth.values)
    if known and not (named and _is_there_already(board.program, step)):
        return LineStatus.RIGHT
    if named:
        board.target[step.number] = named[0]
    return LineStatus.WRONG if named and not _is_filled(board.program, step) else LineStatus.OPEN


def _is_there_already(program: Program, step: CodeAssignment) -> bool:
    """Whether an earlier variable has the same value, so that a new name for it is no new node."""
    return any(close(step.value, other.value, loosely=True) for other in program.steps[: step.number])


def _claimed_standing(board: Board, step: CodeAssignment, value: Value, found: list[Claim]) -> LineStatus:
    slopes = [claim for claim in found if claim.slope_of is not None]
    if slopes:
        return LineStatus.KNOWN if is_slope(value, slopes) else LineStatus.OPEN
    first = found[0]
    board.target[step.number] = first.truth.gradients.totals[first.position]
    for claim in found:
        if close(value, claim.truth.gradients.totals[claim.position], loosely=True):
            return LineStatus.RIGHT
    if any(claim.truth.is_part(value, claim.position) for claim in found):
        return LineStatus.PART if _is_added_to(board.program, step) else LineStatus.WRONG
    # Some write `da` for da/dx: that is no claim to be the gradient of a.
    for claim in found:
        own = [claim.truth.local(use) for use in claim.truth.uses_by(claim.position)]
        if any(close(value, slope, loosely=True) for slope in own):
            return LineStatus.OPEN
    waits = _is_added_to(board.program, step) or _is_filled(board.program, step)
    return LineStatus.OPEN if waits else LineStatus.WRONG


def is_slope(value: Value, slopes: Sequence[Claim]) -> bool:
    """Whether a value is one of the slopes that its name claims, or the whole gradient."""
    own = [claim.truth.local(use) for claim in slopes for use in claim.truth.uses_by(claim.slope_of or 0)
           if claim.truth.graph.nodes[use.gate].arguments[use.port] == claim.position]  # fmt: skip
    totals = [claim.truth.gradients.totals[claim.position] for claim in slopes]
    return any(close(value, each, loosely=True) for each in (*own, *totals))


def _is_added_to(program: Program, step: CodeAssignment) -> bool:
    """Whether every later step that reads it adds something to it, as a running total."""
    readers = [other for other in program.steps if step.number in other.reads]
    return bool(readers) and all(other.name == step.name and not other.returned for other in readers)


def _is_filled(program: Program, step: CodeAssignment) -> bool:
    """Whether later lines set its elements."""
    return any(other.name == step.name and other.expression is None for other in program.steps[step.number + 1 :])


def _vouch(board: Board) -> None:
    """Whatever a right returned value is made of is right, or right enough."""
    returned = board.returned()
    forward = set() if returned and board.at(returned[0]) is LineStatus.RIGHT else board.forward
    for step in returned:
        if board.at(step) is LineStatus.RIGHT and step.expression is not None:
            slice_ = board.program.slice(step.number)
            board.vouched |= slice_
            for number in slice_ - forward:
                if board.standing[number] in (LineStatus.OPEN, LineStatus.WRONG):
                    board.standing[number] = LineStatus.KNOWN
