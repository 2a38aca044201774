"""What a function returned as a whole: nothing, too few values, all in one array, or in the wrong order."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np

from tutor.diagnosis.evidence import close
from tutor.diagnosis.messages import Diagnosis
from tutor.engine.values import Value, as_value, shape_of
from tutor.runner import Array, Opaque
from tutor.runner import Value as Sent

IN_ONE_ARRAY = "The values come back in one array; return them one by one, each in the shape of what it is of."
SCALAR_AS_ARRAY = "The value comes back as an array of one number; .item() makes it a number."


def taken_apart(returned: Sent, truths: Mapping[str, Value]) -> tuple[Sent, str]:
    """What was returned in the form that is asked for, and a remark where it was not quite that form.

    An array of all returns is taken apart where it loses nothing, an array of one number is taken for a number.
    """
    remark = ""
    if isinstance(returned, Array) and len(truths) > 1 and returned.shape[:1] == (len(truths),):
        rows = returned.numpy()
        if all(shape_of(truth) == rows.shape[1:] for truth in truths.values()):
            returned, remark = tuple(Array.of(np.asarray(row)) for row in rows), IN_ONE_ARRAY
    if isinstance(returned, tuple | list) and len(returned) == len(truths):
        made = []
        for part, truth in zip(returned, truths.values(), strict=True):
            single = isinstance(part, Array) and part.shape and len(part.data) == 1 and not shape_of(truth)
            if single and isinstance(part, Array):
                remark = remark or SCALAR_AS_ARRAY
                made.append(Array((), part.dtype, part.data))
            else:
                made.append(part)  # type: ignore[arg-type]
        returned = tuple(made)
    return returned, remark


def wrong_as_a_whole(  # noqa: C901 - one question after another
    source: str, function_name: str, returned: Sent, names: Sequence[str]
) -> Diagnosis | None:
    """A function that ends without a return, or returns too few or too many things, or wraps them up."""
    wanted, many = ", ".join(names), len(names)
    line, sent = _last_line(source, function_name), returned
    lines = (line,) if line else ()
    if sent is None and (odd := _never_returns(source, function_name)):
        return Diagnosis(odd[0], odd[1], "returned_none")
    if sent is None and (printed := _ends_in_print(source, function_name)):
        said = f"print on line {printed} shows values and gives none back. Return them: return {wanted}"
        return Diagnosis((printed,), said, "returned_none")
    if sent is None:
        return Diagnosis(
            lines, f"The function ends without returning anything. End it with: return {wanted}", "returned_none"
        )
    if isinstance(sent, tuple | list) and len(sent) == 1 and isinstance(sent[0], tuple | list) and many > 1:
        said = f"The values are returned as one {type(sent[0]).__name__} inside another. Write: return {wanted}"
        return Diagnosis(lines, said, "nested_return")
    if isinstance(sent, Array) and sent.shape[:1] == (many,) and many > 1:
        return Diagnosis(
            lines, f"The values are packed into one array. Return them one by one: return {wanted}", "packed_return"
        )
    if many > 1 and not isinstance(sent, tuple | list | dict):
        if odd := _never_returns(source, function_name):
            return Diagnosis(odd[0], odd[1], "returned_count")
        on = f" on line {line}" if line else ""
        return Diagnosis(lines, f"One value is returned{on}; there should be {many}: return {wanted}", "returned_count")
    parts = list(sent) if isinstance(sent, tuple | list) else [sent]
    for name, part in zip(names, parts, strict=False):
        if isinstance(part, dict) and many > 1:
            return Diagnosis((), f"{name} is returned as a dictionary; it should be numbers.", "nested_return")
    if isinstance(sent, tuple | list) and len(sent) != many:
        said = f"{len(sent)} values are returned; there should be {many}: return {wanted}"
        return Diagnosis(lines, said, "returned_count")
    for name, part in zip(names, parts, strict=False):
        if part is None:
            return Diagnosis(lines, f"{name} is returned as None: it was never given a value.", "returned_none")
        if isinstance(part, str | Opaque):
            kind = part.type_name if isinstance(part, Opaque) else "str"
            article = "an" if kind[:1].lower() in "aeiou" else "a"
            return Diagnosis(lines, f"{name} is {article} {kind}; it should be numbers.", "")
        if isinstance(part, tuple | list) and any(isinstance(each, Array) for each in part):
            said = f"{name} is returned as a {type(part).__name__} of {len(part)} values. Write: return {wanted}"
            return Diagnosis(lines, said, "nested_return")
    return None


def _never_returns(source: str, name: str) -> tuple[tuple[int, ...], str] | None:
    """A generator or a coroutine, which only begins to run when it is asked to."""
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name:
            said = f"{name} is async: calling it makes a coroutine and runs nothing. Write def {name} without async."
            return (node.lineno,), said
        if isinstance(node, ast.FunctionDef) and node.name == name:
            inner = {id(part) for each in ast.walk(node) if each is not node and isinstance(each, _SCOPES)
                     for part in ast.walk(each)}  # fmt: skip
            for part in ast.walk(node):
                if isinstance(part, ast.Yield | ast.YieldFrom) and id(part) not in inner:
                    said = f"yield on line {part.lineno} makes {name} a generator: a call runs nothing yet. Use return."
                    return (part.lineno,), said
    return None


def _ends_in_print(source: str, name: str) -> int | None:
    """The line of a call of print with which a function without a return ends; None where it ends otherwise."""
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.FunctionDef) and node.name == name:
            last = node.body[-1]
            call = last.value if isinstance(last, ast.Expr) else None
            prints = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
            return last.lineno if prints else None
    return None


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def _last_line(source: str, function_name: str) -> int | None:
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.FunctionDef) and node.name == function_name:
            returns = [part.lineno for part in ast.walk(node) if isinstance(part, ast.Return)]
            return max(returns, default=node.end_lineno)
    return None


def wrong_order(
    source: str, function_name: str, values: Mapping[str, Value], truths: Mapping[str, Value]
) -> Diagnosis | None:
    """All the right values in the wrong order; None if it is not that."""
    wrong = [name for name in truths if not _same(values.get(name), truths[name])]
    left = [truths[name] for name in wrong]
    for name in wrong:
        match = next((at for at, value in enumerate(left) if _same(values.get(name), value)), None)
        if match is None:
            return None
        del left[match]
    line = _last_line(source, function_name)
    if len(wrong) < 2 or line is None or _goes_by_name(source, line, list(truths)):
        return None
    right = ", ".join(truths)
    said = f"The values are right but in the wrong order. Line {line} should be: return {right}"
    return Diagnosis((line,), said, "wrong_order")


def _same(one: Value | None, two: Value) -> bool:
    return one is not None and np.shape(one) == np.shape(two) and close(one, two)


def _goes_by_name(source: str, line: int, names: Sequence[str]) -> bool:
    """Whether each returned variable has the name of its place, so that the slip is where it got its value."""
    for node in ast.walk(_tree(source)):
        if isinstance(node, ast.Return) and node.lineno == line and isinstance(node.value, ast.Tuple):
            own = [each.id if isinstance(each, ast.Name) else "" for each in node.value.elts]
            return len(own) == len(names) and all(one == other for one, other in zip(own[1:], names[1:], strict=True))
    return False


def values_of(returned: Sent, names: Sequence[str]) -> dict[str, Value]:
    """What was returned, by name; only what is numbers."""
    parts = [returned.get(name) for name in names] if isinstance(returned, dict) else returned
    found: dict[str, Value] = {}
    for name, part in zip(names, parts if isinstance(parts, tuple | list) else [parts], strict=False):
        try:
            found[name] = as_value(part.numpy() if isinstance(part, Array) else part)
        except ValueError:
            continue
    return found


def returning(source: str, name: str) -> tuple[int, ...]:
    """The line of the one return statement of a function or method; () where there are several."""
    found = [
        part.lineno for node in ast.walk(_tree(source)) if isinstance(node, ast.FunctionDef) and node.name == name
        for part in ast.walk(node) if isinstance(part, ast.Return)
    ]  # fmt: skip
    return (found[0],) if len(found) == 1 else ()
