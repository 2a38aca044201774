"""What is said of the first wrong assignment: what stands there, what belongs there, and a question that leads on."""

from __future__ import annotations

import ast
import copy
from collections.abc import Sequence
from typing import Any

from tutor.engine.values import Value
from tutor.library.problem import Problem
from tutor.questions.backprop.ways import Way
from tutor.questions.code.diagnosis.edits import Edit
from tutor.questions.code.diagnosis.known import close
from tutor.questions.code.diagnosis.naming import gradient_mistake, said_of, value_mistake
from tutor.questions.code.diagnosis.reckoning import Reckoner
from tutor.questions.code.diagnosis.said import Diagnosis, difference, opening
from tutor.questions.code.diagnosis.search import Names, repairs
from tutor.questions.code.diagnosis.standing import Board, Standing
from tutor.questions.code.diagnosis.steps import Step, step_of
from tutor.questions.code.diagnosis.whole import shape_or_type
from tutor.questions.words import sentence

_LARGEST = 90
"""Expressions with more parts than this are not searched."""

_BY_EDIT = frozenset({
    "brackets", "integer_division", "int_cast", "degrees", "star_for_matmul", "matmul_for_star", "matmul_order",
    "log_base", "averaged",
})  # fmt: skip
"""Kinds of edits that say more than the gate's mistake with the same value."""


def explained(board: Board, step: Step, reckoner: Reckoner, problem: Problem) -> Diagnosis:
    """The diagnosis of a step that is wrong."""
    target = board.target[step.number]
    source = _source(board, step)
    forward = step.number in board.forward
    shape = shape_or_type(step, target, step.name, source.line) if step.returned else None
    if shape is not None:
        return shape
    fork = _overwritten(board, step, target)
    if fork is not None:
        return fork
    edits = _edits(board, step, target, reckoner)
    way = _way(board, step, problem, forward)
    return _told(board, step, source, edits, way, forward)


def _source(board: Board, step: Step) -> Step:
    """The assignment that a returned value comes from."""
    while step.alias is not None and step.returned:
        other = board.program.steps[step.alias]
        if other.given or board.at(other) is not Standing.OPEN:
            break
        step = other
    return step


def _overwritten(board: Board, step: Step, target: Value) -> Diagnosis | None:
    """The second share of a fork took the place of the first."""
    before = board.program.before(step)
    if before is None or before.given or before.number in step.reads or before.value is None or step.value is None:
        return None
    try:
        both = before.value + step.value
    except ValueError:
        return None
    if not close(both, target, loosely=True):
        return None
    said = (
        f"{step.name} on line {step.line} takes the place of what line {before.line} had put there. What arrives along "
        f"several branches is added: which sign keeps both?"
    )
    return Diagnosis(step.line, step.name, said, "overwrote_branch")


def _edits(board: Board, step: Step, target: Value, reckoner: Reckoner) -> list[Edit]:
    expression = _inlined(board, step)
    if expression is None or sum(1 for _ in ast.walk(expression)) > 4 * _LARGEST:
        return []
    at: dict[str, Any] = {each.key: each.value for each in board.program.steps if each.value is not None}
    return repairs(expression, target, at, _names(board, step), reckoner, loosely=not step.returned)


def _inlined(board: Board, step: Step) -> ast.expr | None:
    """The step's expression, with what is not known to be right put in from where it was computed."""
    if step.expression is None:
        return None

    class Inlining(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: N802
            number = step_of(node)
            if number is None:
                return node
            other = board.program.steps[number]
            if board.at(other) is not Standing.OPEN or other.expression is None:
                return node
            inner: ast.expr = self.visit(copy.deepcopy(other.expression))
            return inner

    made: ast.expr = Inlining().visit(copy.deepcopy(step.expression))
    return made


def _names(board: Board, step: Step) -> Names:
    """The variables that are right, each by its latest value."""
    values: dict[str, Step] = {}
    gradients: dict[str, Step] = {}
    for other in board.program.steps:
        if other.returned or other.value is None or (other.number >= step.number and not step.returned):
            continue
        if other.number in board.claims:
            if board.at(other) is Standing.RIGHT:
                gradients[other.name] = other
        elif other.given or board.at(other) in (Standing.RIGHT, Standing.KNOWN):
            values[other.name] = other
    gradients = {name: other for name, other in gradients.items() if name != step.name}

    def named(steps: dict[str, Step]) -> tuple[ast.Name, ...]:
        return tuple(ast.Name(other.key, ast.Load()) for other in steps.values())

    return Names(named(values), named(gradients))


def _way(board: Board, step: Step, problem: Problem, forward: bool) -> Way | None:
    """The mistake at a gate or a fork that comes to this value."""
    if step.value is None:
        return None
    if not forward:
        for claim in board.claims.get(step.number, []):
            way = gradient_mistake(problem, claim, step.value)
            if way is not None:
                return way
        return None
    for truth in board.truths:
        positions = [len(truth.values) - 1] if step.returned else truth.positions(step.name)
        for position in positions:
            way = value_mistake(problem, truth, position, step.value)
            if way is not None:
                return way
    return None


def _told(board: Board, step: Step, source: Step, edits: Sequence[Edit], way: Way | None, forward: bool) -> Diagnosis:
    likely = [edit for edit in edits if edit.cost == edits[0].cost]
    edit = _chosen(likely, way)
    accused = _accused(board, step, source, edit)
    certain = way is not None or len({each.kind for each in likely}) == 1
    head = opening(_right_before(board, accused), accused.name, accused.line)
    if edit is not None:
        others = [] if certain else [each for each in likely if each.kind != edit.kind][:1]
        clause = edit.clause if not others else f"either {edit.clause}, or {others[0].clause}"
        asks = _asks(way) or edit.asks
        message = f"{sentence(f'{head}: {clause}')} {asks}".strip()
        mistake = edit.kind if way is None or edit.kind in _BY_EDIT else way.key
        if others:
            mistake = f"{edit.kind}|{others[0].kind}"
    elif way is not None:
        message, mistake = f"{head}. {sentence(said_of(way))}", way.key
    else:
        message, mistake = f"{head}. {difference(step.value, board.target[step.number])}", ""
    if forward:
        message = f"The slip is in the forward pass. {message} The gradients are judged once the value is right."
    return Diagnosis(accused.line, accused.name, message, mistake, certain)


def _chosen(likely: Sequence[Edit], way: Way | None) -> Edit | None:
    """Of equally likely changes the one on the earliest line."""
    if not likely:
        return None
    return min(likely, key=lambda edit: getattr(edit.old, "lineno", 1 << 30))


def _accused(board: Board, step: Step, source: Step, edit: Edit | None) -> Step:
    """The assignment whose line has to change."""
    line = getattr(edit.old, "lineno", None) if edit is not None else None
    if line is None:
        return _suspect(board, step, source) if edit is None else source
    on_line = [
        board.program.steps[number] for number in sorted(board.program.slice(step.number))
        if board.program.steps[number].line == line
    ]  # fmt: skip
    if step in on_line:
        return step
    return on_line[-1] if on_line else Step(step.number, source.name, line)


def _suspect(board: Board, step: Step, source: Step) -> Step:
    """With no change that mends it: the first assignment on the way that nothing confirms."""
    for number in sorted(board.program.slice(step.number)):
        other = board.program.steps[number]
        if board.at(other) is Standing.OPEN and not other.given:
            return other
    return source


def _right_before(board: Board, accused: Step) -> str:
    """The last variable before that is known to be right."""
    earlier = [
        step for step in board.program.steps[: accused.number]
        if not step.given and not step.returned and board.at(step) is Standing.RIGHT
    ]  # fmt: skip
    return earlier[-1].name if earlier else ""


def _asks(way: Way | None) -> str:
    """The question of a mistake, without what comes before it."""
    if way is None:
        return ""
    said = said_of(way)
    first, _, rest = said.partition(". ")
    return rest if rest.endswith("?") else ""
