"""The line that changes an argument in place."""

from __future__ import annotations

import ast

from tutor.questions.code.lines.reading import ProgramReading, dotted, reading_of


def line_changing(reading: ProgramReading, name: str) -> tuple[int, ...]:
    """The one line that changes what this name holds, or what another name for it holds; () where there are several."""
    names = _other_names(reading, name)
    found = {each.line for each in reading.definitions if not each.whole and each.name in names}
    if not found:  # by another name in context
        found = {each.line for each in reading.definitions if not each.whole and _is_kept(reading, each.name)}
    return tuple(sorted(found)) if len(found) == 1 else ()


def _is_kept(reading: ProgramReading, name: str) -> bool:
    """Whether this is what was taken out of an argument by a key, as out of context."""
    return any(
        each.whole and isinstance(each.value, ast.Subscript) and dotted(each.value) in reading.parameters
        and isinstance(each.value.slice, ast.Constant)
        for each in reading.of(name)
    )  # fmt: skip


def line_changing_in(text: str, function_name: str, name: str) -> tuple[int, ...]:
    """The same for a function of a program."""
    reading = reading_of(text, function_name)
    return line_changing(reading, name) if reading else ()


def _other_names(reading: ProgramReading, name: str) -> set[str]:
    """The name, and what is assigned from it as it is or as a view of it."""
    names = {name}
    for each in reading.definitions:
        if each.whole and _is_view_of(each.value, names):
            names.add(each.name)
    return names


def _is_view_of(value: ast.expr, names: set[str]) -> bool:
    match value:
        case ast.Name(id=name):
            return name in names
        case ast.Subscript(value=owner, slice=ast.Constant(value=str() as key)):
            return key in names or dotted(owner) in names
        case ast.Subscript(value=owner) | ast.Attribute(value=owner, attr="T"):
            return _is_view_of(owner, names)
        case ast.Call(func=ast.Attribute(attr="reshape" | "ravel" | "view" | "transpose", value=owner)):
            return _is_view_of(owner, names)
        case ast.Call(func=ast.Attribute(attr="asarray"), args=[one, *_]):
            return _is_view_of(one, names)
    return False
