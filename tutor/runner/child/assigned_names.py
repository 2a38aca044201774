"""Which names a function gives a value to, line by line, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType

NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Assignments:
    """For one function: line -> names assigned there, and names whose elements are set there."""

    def __init__(self) -> None:
        self.names: dict[int, set[str]] = {}
        self.elements: dict[int, set[str]] = {}

    def _add(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.names.setdefault(node.lineno, set()).add(node.id)
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            owner = node.value
            while isinstance(owner, ast.Subscript):
                owner = owner.value
            if isinstance(owner, ast.Name):
                self.elements.setdefault(node.lineno, set()).add(owner.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.names.setdefault(node.lineno, set()).add(node.name)


def assignments(tree: ast.Module, code: CodeType) -> Assignments:
    """What the function that `code` was compiled from assigns. Empty when it is not found in the tree."""
    found = Assignments()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == code.co_name:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if first == code.co_firstlineno:
                for inner in _own(node.body):
                    found._add(inner)
    return found


def _own(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a function that run in its own frame."""
    pending: list[ast.AST] = list(reversed(body))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, COMPREHENSIONS):
            # Only `:=` reaches out of a comprehension.
            inner = (part for part in ast.walk(node) if isinstance(part, ast.NamedExpr))
            yield from (part.target for part in inner)
        elif not isinstance(node, NESTED):
            pending.extend(ast.iter_child_nodes(node))
