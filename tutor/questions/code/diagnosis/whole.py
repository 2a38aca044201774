"""What is wrong with a call as a whole: nothing came back, the order, an input was changed, types."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np

from tutor.engine.values import Value, shape_of, show_shape
from tutor.questions.code.comparing import received
from tutor.questions.code.diagnosis.known import close
from tutor.questions.code.diagnosis.said import Diagnosis
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program, step_of
from tutor.runner import Array, Call


def nothing_returned(source: str, function_name: str, call: Call, names: Sequence[str]) -> Diagnosis | None:
    """A function that ends without a return, or returns too few or too many things, or wraps them up."""
    wanted = ", ".join(names)
    line = _last_line(source, function_name)
    sent = call.returned
    if sent is None:
        said = f"The function ends without returning anything. End it with: return {wanted}"
        return Diagnosis(line, "", said, "returned_none")
    if isinstance(sent, tuple | list) and len(sent) == 1 and isinstance(sent[0], tuple | list) and len(names) > 1:
        said = f"The values are returned as one {type(sent[0]).__name__} inside another. Write: return {wanted}"
        return Diagnosis(line, "", said, "nested_return")
    if isinstance(sent, Array) and sent.shape[:1] == (len(names),) and len(names) > 1:
        said = f"The values are packed into one array. Return them one by one: return {wanted}"
        return Diagnosis(line, "", said, "packed_return")
    if len(names) > 1 and not isinstance(sent, tuple | list | dict):
        return Diagnosis(
            line, "", f"One value is returned; there should be {len(names)}: return {wanted}", "returned_count"
        )
    if isinstance(sent, tuple | list):
        for name, part in zip(names, sent, strict=False):
            if isinstance(part, dict):  # where it came from cannot be told: one that holds itself is cut off
                return Diagnosis(
                    None, name, f"{name} is returned as a dictionary; it should be numbers.", "nested_return"
                )
    if isinstance(sent, tuple | list) and len(sent) != len(names):
        said = f"{len(sent)} values are returned; there should be {len(names)}: return {wanted}"
        return Diagnosis(line, "", said, "returned_count")
    for name, part in zip(names, sent if isinstance(sent, tuple | list) else [sent], strict=False):
        if part is None:
            return Diagnosis(line, name, f"{name} is returned as None: it was never given a value.", "returned_none")
        if isinstance(part, tuple | list) and any(isinstance(each, Array) for each in part):
            said = f"{name} is returned as a {type(part).__name__} of {len(part)} values. Write: return {wanted}"
            return Diagnosis(line, name, said, "nested_return")
    return None


def _last_line(source: str, function_name: str) -> int | None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function_name:
            returns = [part.lineno for part in ast.walk(node) if isinstance(part, ast.Return)]
            return max(returns, default=node.end_lineno)
    return None


def changed_input(program: Program, call: Call) -> Diagnosis | None:
    """An argument was changed in place."""
    if not call.changed:
        return None
    name = program.parameters[call.changed[0]]
    for step in program.steps:
        line = step.line
        if step.name == name and not step.given and (step.in_place or step.expression is None):
            break
        if step.in_place and name in _aliases(program, step):
            break
    else:
        line = None
    where = f"Line {line} changes" if line else "The code changes"
    said = f"{where} the input {name} in place, for the caller too. Work on a copy: {name} = {name} + ... makes one."
    return Diagnosis(line, name, said, "changed_in_place")


def _aliases(program: Program, step: CodeAssignment) -> set[str]:
    """The names that share their array with what an in-place step changes."""
    found: set[str] = set()
    before = program.before(step)
    while before is not None and before.alias is not None:
        before = program.steps[before.alias]
        found.add(before.name)
    return found


def changed_through_alias(program: Program, call: Call, wrong: Sequence[CodeAssignment]) -> Diagnosis | None:
    """`da = dout; da *= z` changes dout as well, where both are one array."""
    needed = set().union(*(program.slice(step.number) for step in wrong)) if wrong else set()
    for step in program.steps:
        before = program.before(step) if step.in_place else None
        if before is None or before.alias is None or before.value is None or not shape_of(before.value):
            continue
        other = program.steps[before.alias]
        later = [each for each in program.steps[step.number + 1 :] if other.number in each.reads]
        if not later or other.number not in needed or not _has_changed(call, program, other):
            continue
        said = (
            f"Line {step.line} changes {other.name} too: after {before.name} = {other.name} both "
            f"name the same array, and {step.in_place} works in place. Write {step.name} = {step.name} "
            f"{step.in_place[0]} ... there."
        )
        return Diagnosis(step.line, step.name, said, "changed_through_alias")
    return None


def _has_changed(call: Call, program: Program, step: CodeAssignment) -> bool:
    local = call.locals.get(step.name)
    last = program.last(step.name)
    if local is None or last is None or last.number != step.number or step.value is None:
        return False
    now = received(local.value)
    return now is not None and not close(now, step.value)


def order(program: Program, wrong: Sequence[CodeAssignment], wanted: Mapping[str, Value]) -> Diagnosis | None:
    """The right values in the wrong order, or another variable in the place of the right one."""
    returned = [program.steps[number] for number in program.returns]
    line = program.return_line
    if len(wrong) > 1 and _is_permutation(wrong, wanted) and not _goes_by_name(program, wrong):
        right = ", ".join(step.name for step in returned)
        said = f"The values are right but in the wrong order. Line {line} should be: return {right}"
        return Diagnosis(line, wrong[0].name, said, "wrong_order")
    for step in wrong:
        mine = _right_variable(program, step, wanted[step.name])
        number = step_of(step.expression) if isinstance(step.expression, ast.Name) else None
        other = program.steps[number].name if number is not None else ""
        if mine is not None and other and mine.name != other:
            said = f"{mine.name} on line {mine.line} is right, but line {line} returns {other} instead."
            return Diagnosis(line, step.name, said, "wrong_variable_returned")
    return None


def _is_permutation(wrong: Sequence[CodeAssignment], wanted: Mapping[str, Value]) -> bool:
    left = [wanted[step.name] for step in wrong]
    for step in wrong:
        match = next((i for i, value in enumerate(left) if close(step.value, value)), None)
        if match is None:
            return False
        del left[match]
    return True


def _goes_by_name(program: Program, wrong: Sequence[CodeAssignment]) -> bool:
    """Whether each returned variable has the name of its place, so that the slip is where it got its value."""
    return all(step.alias is not None and program.steps[step.alias].name == step.name for step in wrong)


def _right_variable(program: Program, step: CodeAssignment, truth: Value) -> CodeAssignment | None:
    """A variable by the name of the place that holds the right value, and is not what is returned there."""
    last = program.last(step.name)
    if last is None or step.alias == last.number:
        return None
    return last if close(last.value, truth) else None


def shape_or_type(step: CodeAssignment, truth: Value, line: int | None) -> Diagnosis | None:
    """The right numbers in a wrong shape, or one number where there should be an array."""
    value, name = step.value, step.name
    if value is None or shape_of(value) == shape_of(truth):
        return None
    mine, wanted = show_shape(shape_of(value)), show_shape(shape_of(truth))
    if np.size(value) == np.size(truth):
        if not close(np.ravel(value), np.ravel(truth)):
            return None
        said = (
            f"{name} on line {line} has the right numbers in the shape {mine}; the shape should be "
            f"{wanted}, like its value."
        )
        return Diagnosis(line, name, said, "wrong_shape")
    if step.returned and np.size(value) == 1 and close(np.broadcast_to(value, shape_of(truth)), truth):
        said = (
            f"{name} on line {line} is one number, but a gradient has the shape of its value, "
            f"{wanted}. Use np.ones_like or np.zeros_like."
        )
        return Diagnosis(line, name, said, "constant_for_array")
    return None
