"""What a loop assigns to, on which lines, and what each of those depends on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A variable that one line of a loop changes, the names it depends on, and the lines of the loops around it."""

    name: str
    line: int
    reads: frozenset[str]
    loops: tuple[int, ...]
    adds: bool = False
    """Whether it is changed by += or the like, so that what it was before counts."""


def reads_of(loop: ast.For | ast.While) -> list[Part]:
    """The parts in the order of their lines; the variables that count are none of them."""
    parts = list(_parts(loop, ()))
    counting = {node.id for part in ast.walk(loop) if isinstance(part, ast.For) for node in _names(part.target)}
    depends: dict[str, set[str]] = {}
    for part in parts:
        depends.setdefault(part.name, set()).update(part.reads)
    found = [
        Part(part.name, part.line, frozenset(_closed(part.reads, depends)), part.loops, part.adds)
        for part in parts if part.name not in counting
    ]  # fmt: skip
    return sorted({(each.name, each.line): each for each in found}.values(), key=lambda each: each.line)


def _parts(statement: ast.stmt, loops: tuple[int, ...]) -> Iterator[Part]:
    match statement:
        case ast.For(target=target, iter=over, body=body):
            inside = (*loops, statement.lineno)
            for name in _names(target):
                yield Part(name.id, statement.lineno, _read_in(over), ())
            for each in body:
                yield from _parts(each, inside)
        case ast.While(body=body) | ast.With(body=body):
            for each in body:
                yield from _parts(each, (*loops, statement.lineno))
        case ast.If(test=test, body=body, orelse=orelse):
            for each in (*body, *orelse):
                for part in _parts(each, loops):
                    yield Part(part.name, part.line, part.reads | _read_in(test), part.loops, part.adds)
        case _:
            yield from _assigned(statement, loops)


def _assigned(statement: ast.stmt, loops: tuple[int, ...]) -> Iterator[Part]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _stored(target, value, loops)
        case ast.AugAssign(target=target, value=value):
            for part in _stored(target, value, loops):
                yield Part(part.name, part.line, part.reads | {part.name}, part.loops, adds=True)


def _stored(target: ast.expr, value: ast.expr, loops: tuple[int, ...]) -> Iterator[Part]:
    if isinstance(target, ast.Tuple | ast.List):
        for each in target.elts:
            yield from _stored(each, value, loops)
        return
    owner, reads = target, _read_in(value)
    while isinstance(owner, ast.Subscript | ast.Attribute | ast.Starred):
        if isinstance(owner, ast.Subscript):
            reads |= _read_in(owner.slice)
        owner = owner.value
    if isinstance(owner, ast.Name):
        yield Part(owner.id, target.lineno, reads, loops)


def _read_in(node: ast.AST) -> frozenset[str]:
    return frozenset(each.id for each in _names(node) if each.id != "np")


def _names(node: ast.AST) -> list[ast.Name]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def _closed(names: frozenset[str], depends: dict[str, set[str]]) -> set[str]:
    """The names, and all they depend on within the loop."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(depends.get(name, ()))
    return found
