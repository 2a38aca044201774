"""What is said of the first wrong assignment: what stands there, what belongs there, and a question that leads on."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tutor.engine.values import Value, shape_of
from tutor.judging.misconceptions import Misconception, clause, question
from tutor.library.problem import Problem
from tutor.questions.backprop import prompts as asking
from tutor.questions.backprop.candidates import total_candidates, value_candidates
from tutor.questions.backprop.misconceptions import ONE_BRANCH, OVERWROTE
from tutor.questions.backprop.reference import Pass, Reference
from tutor.questions.backprop.value_source import ValueSource
from tutor.questions.code.comparing import Gap, between
from tutor.questions.code.diagnosis.edit import CodeEdit
from tutor.questions.code.diagnosis.known import Claim, Truth, close
from tutor.questions.code.diagnosis.reckoning import KNOWN_HELPERS, AstInterpreter
from tutor.questions.code.diagnosis.said import Diagnosis, opening
from tutor.questions.code.diagnosis.search import NamePool, repairs
from tutor.questions.code.diagnosis.standing import Board, LineStatus
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program, step_of
from tutor.questions.code.diagnosis.whole import shape_or_type

_LARGEST = 360
"""Expressions with more parts than this are not searched."""

_BY_EDIT = frozenset({
    "brackets", "integer_division", "int_cast", "degrees", "star_for_matmul", "matmul_for_star", "matmul_order",
    "log_base", "averaged",
})  # fmt: skip
"""Kinds of edits that say more than the gate's mistake with the same value."""


_SAID_BY_EDITS = frozenset({"summed_up", "other_value", "other_upstream", "skipped_step", "slope_at_inner"})
"""Mistakes that the line itself shows better."""


_OF_GRADIENTS = frozenset({"missing_factor", "forgot_upstream", "constant_dropped", "sign_flipped", "extra_sign"})
"""Kinds of edits whose question is about a gradient."""


_ASKS = {
    "value_for_gradient": "Which of the two is a gradient?",
    "wrong_upstream": "Which gradient arrives at this gate?",
    "log_base": "ln asks: e to what power?",
    "product_for_power": "Which operator raises to a power?",
    "integer_division": "What does // do with the decimals?",
}
"""Questions for kinds of edits that bring none."""

_FUNCTION = "How is it written in the function?"


def explained(board: Board, step: CodeAssignment, reckoner: AstInterpreter, problem: Problem) -> Diagnosis:
    """The diagnosis of a step that is wrong."""
    target = board.target[step.number]
    source = _source(board, step, target)
    forward = step.number in board.forward
    found = shape_or_type(step, target, source.line) or _overwritten(board, step, target)
    if found is not None:
        return found
    edits = _edits(board, source, step, target, reckoner)
    way = _way(board, step, problem, forward)
    if way is not None and way.key == OVERWROTE.key and not edits:
        return _one_branch(board, source, way)
    return _told(board, step, source, edits, way, forward, "" if forward else _open_question(board, step, problem))


def wrong_helper(program: Program, name: str, body: ast.expr, reckoner: AstInterpreter) -> Diagnosis:
    """The diagnosis of a helper that is not the function it is called."""
    names = sorted({node.id for node in ast.walk(body) if isinstance(node, ast.Name) and "@" in node.id})
    argument = names[0] if names else "@"
    samples = np.array([-1.7, -0.4, 0.3, 0.9, 2.2])
    edits = repairs(body, KNOWN_HELPERS[name](samples), {argument: samples}, NamePool((), ()), reckoner, loosely=False)
    first, last = program.helpers[name]
    inside = tuple(range(min(first + 1, last), last + 1))
    line = _line_of(edits[0]) if edits else inside[0] if len(inside) == 1 else None
    said = f"It is not the function {name}: what does it give for a few numbers?"
    if edits:
        said = f"{edits[0].clause}. What is {name} of a large number, and of a large negative one?"
    head = opening("", name, line)
    message = f"{head}: {said}" if edits else f"{head}. {said}"
    mistake = f"{name}_sign_lost" if edits and "sign" in edits[0].kind else "wrong_helper"
    return Diagnosis(line, name, message, mistake, lines=() if line else inside)


def _source(board: Board, step: CodeAssignment, target: Value) -> CodeAssignment:
    """The assignment that a returned value comes from: not its variable if that is right, and another's."""
    source = step
    while source.alias is not None and step.returned:
        other = board.program.steps[source.alias]
        if other.given or not _is_meant(board, other, step, target):
            break
        source = other
    return source


def _is_meant(board: Board, other: CodeAssignment, step: CodeAssignment, target: Value) -> bool:
    """Whether a variable is meant to be what is returned, and is wrong; else it is another one, and right as that."""
    if close(other.value, target):
        return False
    if other.name == step.name or board.at(other) in (LineStatus.OPEN, LineStatus.WRONG):
        return True
    if other.number in board.forward:
        return not any(truth.positions(other.name) for truth in board.truths)
    nameless = other.number not in board.claims
    return nameless and not any(close(each.value, target) for each in board.program.steps if not each.returned)


def _overwritten(board: Board, step: CodeAssignment, target: Value) -> Diagnosis | None:
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
        f"{step.name} on line {step.line} overwrites what line {before.line} put there. Gradients "
        "from several branches add. Which operator keeps both?"
    )
    return Diagnosis(step.line, step.name, said, "overwrote_branch")


def _one_branch(board: Board, source: CodeAssignment, way: Misconception) -> Diagnosis:
    """Only one share of a fork, and nothing that was there before."""
    head = opening(_right_before(board, source), source.name, source.line)
    said = f"{head}: it is only what one branch sends. {question(way)}"
    return Diagnosis(source.line, source.name, said, ONE_BRANCH.key)


def _edits(
    board: Board, source: CodeAssignment, step: CodeAssignment, target: Value, reckoner: AstInterpreter
) -> list[CodeEdit]:
    if source.expression is None:
        return []
    at: dict[str, Any] = {each.key: each.value for each in board.program.steps if each.value is not None}
    names = _names(board, step, source)
    found = _repairs(_inlined(board, source), target, at, names, reckoner, step)
    # Or one variable is taken for another, of which it is not known what it should be.
    return found or _repairs(source.expression, target, at, names, reckoner, step)


def _repairs(
    expression: ast.expr,
    target: Value,
    at: Mapping[str, Any],
    names: NamePool,
    reckoner: AstInterpreter,
    step: CodeAssignment,
) -> list[CodeEdit]:
    if sum(1 for _ in ast.walk(expression)) > _LARGEST:
        return []
    return repairs(expression, target, at, names, reckoner, loosely=not step.returned)


def _inlined(board: Board, step: CodeAssignment) -> ast.expr:
    """The step's expression, with what is not known to be right put in from where it was computed."""
    assert step.expression is not None

    class Inlining(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            number = step_of(node)
            if number is None:
                return node
            other = board.program.steps[number]
            if board.at(other) is not LineStatus.OPEN or other.expression is None:
                return node
            inner: ast.expr = self.visit(copy.deepcopy(other.expression))
            return inner

    made: ast.expr = Inlining().visit(copy.deepcopy(step.expression))
    return made


def _names(board: Board, step: CodeAssignment, source: CodeAssignment) -> NamePool:
    """The variables that are right, each by its latest value."""
    values: dict[str, CodeAssignment] = {}
    gradients: dict[str, CodeAssignment] = {}
    own = {source.name, step.name}
    forward = step.number in board.forward
    for other in board.program.steps:
        if forward and other.number in board.claims:
            continue
        if other.returned or other.value is None or (other.number >= step.number and not step.returned):
            continue
        if other.number in board.claims:
            if board.at(other) is LineStatus.RIGHT:
                gradients[other.name] = other
        elif other.given or board.at(other) in (LineStatus.RIGHT, LineStatus.KNOWN):
            values[other.name] = other

    def named(steps: dict[str, CodeAssignment]) -> tuple[ast.Name, ...]:
        used = [other for other in steps.values() if other.number in source.reads]
        rest = [other for other in steps.values() if other.number not in source.reads]
        kept: list[CodeAssignment] = []
        for other in (*used, *rest):  # of equal values one will do
            if other.name not in own and not any(close(other.value, each.value) for each in kept):
                kept.append(other)
        return tuple(ast.Name(other.key, ast.Load()) for other in kept)

    return NamePool(named(values), named(gradients))


def _way(board: Board, step: CodeAssignment, problem: Problem, forward: bool) -> Misconception | None:
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


def _told(
    board: Board,
    step: CodeAssignment,
    source: CodeAssignment,
    edits: Sequence[CodeEdit],
    way: Misconception | None,
    forward: bool,
    asks_at_last: str,
) -> Diagnosis:
    """The sentences. `asks_at_last` is asked where nothing better is."""
    likely = [edit for edit in edits if edit.cost == edits[0].cost]
    # Of equally likely changes the one on the earliest line; there, missing brackets are the simplest.
    edit = min(likely, key=lambda each: (_line_of(each), each.kind != "brackets")) if likely else None
    likely = [each for each in likely if edit is not None and _line_of(each) == _line_of(edit)]
    accused = _accused(board, step, source, edit)
    if edit is not None and accused.line not in (step.line, source.line) and not forward:
        way = None  # it is about the gradient that goes wrong, and the slip is in a line before it
    certain = way is not None or len({each.kind for each in likely}) == 1
    gap: Gap | None = None
    head = opening(_right_before(board, accused), accused.name, accused.line)
    if edit is not None:
        others = [] if certain or edit.kind == "brackets" else [each for each in likely if each.kind != edit.kind][:1]
        done = edit.clause if not others else f"either {edit.clause}, or {others[0].clause}"
        if way is None or edit.kind in _BY_EDIT:
            by_edit, asks = True, edit.asks or _ASKS.get(edit.kind, "") or asks_at_last
            if forward and (edit.kind in _OF_GRADIENTS or not asks):
                asks = _FUNCTION
        else:
            by_edit, done, asks = False, clause(way), question(way)
        message = f"{head}: {done}. {asks}".strip()
        mistake = edit.kind if way is None or by_edit else way.key
        if others:
            mistake = f"{edit.kind}|{others[0].kind}"
    elif way is not None:
        message, mistake = f"{head}: {clause(way)}. {question(way)}", way.key
    else:
        asks = _FUNCTION if forward else asks_at_last
        gap = None if step.value is None else between(step.value, board.target[step.number])
        message, mistake = " ".join(part for part in (f"{head}.", gap and gap.said, asks) if part), ""
    if forward:
        message = f"The mistake is in the forward pass; the gradients come after it. {message}"
    return Diagnosis(accused.line, accused.name, message, mistake, certain, gap=gap)


def _line_of(edit: CodeEdit) -> int:
    line: int = getattr(edit.old, "lineno", None) or 1 << 30
    return line


def _accused(board: Board, step: CodeAssignment, source: CodeAssignment, edit: CodeEdit | None) -> CodeAssignment:
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
    if on_line:
        return on_line[-1]
    return CodeAssignment(step.number, board.program.helper_at(line) or source.name, line)


def _suspect(board: Board, step: CodeAssignment, source: CodeAssignment) -> CodeAssignment:
    """With no change that mends it: the first assignment on the way that nothing confirms."""
    for number in sorted(board.program.slice(step.number)):
        other = board.program.steps[number]
        if board.at(other) is LineStatus.OPEN and other.name != source.name:
            return other
    return source


def _right_before(board: Board, accused: CodeAssignment) -> str:
    """The last variable before that is known to be right."""
    earlier = [
        step for step in board.program.steps[: accused.number]
        if not step.given and not step.returned and board.at(step) is LineStatus.RIGHT
    ]  # fmt: skip
    return earlier[-1].name if earlier else ""


def _open_question(board: Board, step: CodeAssignment, problem: Problem) -> str:
    """What the gradient of this line is made of, as a question; "" where it is not known which gradient it is."""
    claims = board.claims.get(step.number, [])
    return open_question(problem, claims[0]) if claims else ""


def gradient_mistake(problem: Problem, claim: Claim, value: Value) -> Misconception | None:
    """The mistake that makes this value of a gradient; None where none is known to."""
    sheet, numbers = _sheet(problem, claim.truth)
    with np.errstate(all="ignore"):
        ways = total_candidates(sheet, claim.position, numbers, with_gates=True)
        return _first(ways, value, claim.truth.gradients.totals[claim.position])


def value_mistake(problem: Problem, truth: Truth, position: int, value: Value) -> Misconception | None:
    """The mistake that makes this value of a gate."""
    if truth.graph.nodes[position].gate is None:
        return None
    sheet, numbers = _sheet(problem, truth)
    with np.errstate(all="ignore"):
        return _first(value_candidates(sheet, position, numbers), value, truth.values[position])


def open_question(problem: Problem, claim: Claim) -> str:
    """What a gradient is made of, as a question, where no mistake is known."""
    sheet, _ = _sheet(problem, claim.truth)
    return asking.of_total(sheet, claim.position)


def _first(ways: Iterable[Misconception], value: Value, truth: Value) -> Misconception | None:
    for way in ways:
        alike = way.key not in _SAID_BY_EDITS and shape_of(way.gives) == shape_of(value)
        if alike and close(value, way.gives) and not close(way.gives, truth):
            return way
    return None


def _sheet(problem: Problem, truth: Truth) -> tuple[Reference, ValueSource]:
    return Reference(problem, truth.graph), ValueSource.of_pass(Pass(truth.values, truth.gradients))
