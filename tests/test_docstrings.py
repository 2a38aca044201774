"""Docstrings of engine, judging and drawing: what, shapes or units, errors raised, and where an algorithm is from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tutor

ROOT = Path(tutor.__file__).parent
ROOMS = ("engine", "judging", "drawing")

SHAPES = re.compile(r"shape|entry|entries|scalar|axis|axes|\b[Aa] number|row|every node|column|broadcast")
UNITS = re.compile(r"cell|row|column|layer|lane|track|node|item|port|wire|tape|width", re.IGNORECASE)
YEAR = re.compile(r"\b(19|20)\d\d\b")

SOURCES = (
    "engine/passes.py:backward",
    "engine/enclosure.py",
    "engine/gates/softmax.py:softmax",
    "engine/gates/softmax.py:log_sum_exp",
    "drawing/layers.py:assign_levels",
    "drawing/layers.py:build_layers",
    "drawing/layers.py:order_layers",
    "drawing/coordinates.py:RowAssignment.fit",
    "drawing/layout.py:route",
    "drawing/tape.py:assign_lanes",
)
"""What follows a paper or a book, which its docstring names with the year."""

Definition = ast.FunctionDef | ast.ClassDef


def definitions(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, Definition]]:
    """The public functions, classes and methods, by their qualified names; what is inside a private one is private."""
    for node in body:
        if isinstance(node, Definition) and not node.name.startswith("_"):
            yield within + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from definitions(node.body, f"{within}{node.name}.")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


DOCUMENTED = {f"{path}:{name}": (node, tree) for path, tree in modules() for name, node in definitions(tree.body)}


def text_of(node: ast.AST) -> str:
    return ast.get_docstring(node) or ""  # type: ignore[arg-type]


class Raised(ast.NodeVisitor):
    """What a function raises of its own accord, and which functions of its module and its class it calls."""

    def __init__(self) -> None:
        self.errors: set[str] = set()
        self.calls: list[tuple[str, frozenset[str]]] = []
        self.caught: frozenset[str] = frozenset()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        """What an inner function raises is raised when that is called."""

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """The same."""

    def within(self, body: list[ast.stmt], caught: set[str]) -> None:
        outside, self.caught = self.caught, self.caught | caught
        for statement in body:
            self.visit(statement)
        self.caught = outside

    def visit_Try(self, node: ast.Try) -> None:
        types = [handler.type for handler in node.handlers if handler.type is not None]
        self.within(node.body, {name.id for each in types for name in ast.walk(each) if isinstance(name, ast.Name)})
        for handler in node.handlers:
            self.within(handler.body, set())
        self.within([*node.orelse, *node.finalbody], set())

    def visit_With(self, node: ast.With) -> None:
        held = [item.context_expr for item in node.items if "suppress" in ast.unparse(item.context_expr)]
        self.within(node.body, {name.id for each in held for name in ast.walk(each) if isinstance(name, ast.Name)})

    def visit_Raise(self, node: ast.Raise) -> None:
        named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        named = named.value if isinstance(named, ast.Attribute) else named
        if isinstance(named, ast.Name) and named.id[:1].isupper() and named.id not in self.caught:
            self.errors.add(named.id)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self.calls.append((node.func.id, self.caught))
        elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "self":
            self.calls.append((node.func.attr, self.caught))
        self.generic_visit(node)


def errors_of(function: ast.FunctionDef, tree: ast.Module, seen: frozenset[str] = frozenset()) -> set[str]:
    """What a function raises, itself or by way of others in its module, and does not catch."""
    found = Raised()
    found.within(function.body, set())
    others = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    errors = found.errors
    for name, caught in found.calls:
        if name in others and name not in seen:
            errors = errors | (errors_of(others[name], tree, seen | {function.name}) - caught)
    return errors


def annotations(function: ast.FunctionDef) -> Iterator[str]:
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        yield ast.unparse(argument.annotation) if argument.annotation is not None else ""


def test_the_rules_see_what_they_look_for():
    source = 'def f(a):\n    "Of a."\n    return g(a)\n\ndef g(a):\n    if a:\n        raise ValueError\n    return a\n'
    tree = ast.parse(source)
    first = tree.body[0]
    assert isinstance(first, ast.FunctionDef)
    assert errors_of(first, tree) == {"ValueError"}
    caught = ast.parse(
        source.replace("    return g(a)", "    try:\n        return g(a)\n    except ValueError:\n        pass")
    )
    assert errors_of(caught.body[0], caught) == set()  # type: ignore[arg-type]


def test_everything_public_says_what_it_is():
    assert len(DOCUMENTED) > 250
    assert [name for name, (node, _) in DOCUMENTED.items() if not text_of(node)] == []


def test_a_function_names_the_errors_that_it_raises():
    functions = [(name, node, tree) for name, (node, tree) in DOCUMENTED.items() if isinstance(node, ast.FunctionDef)]
    silent = {
        name: missing
        for name, node, tree in functions
        if (missing := {error for error in errors_of(node, tree) if not re.search(rf"\b{error}\b", text_of(node))})
    }
    assert silent == {}


def test_a_function_of_values_says_their_shapes():
    arrays = re.compile(r"\b(Value|Array|NDArray)\b")
    vague = [
        name
        for name, (node, _) in DOCUMENTED.items()
        if name.startswith("engine/") and isinstance(node, ast.FunctionDef) and node.returns is not None
        if arrays.search(ast.unparse(node.returns)) and any(map(arrays.search, annotations(node)))
        if not SHAPES.search(text_of(node))
    ]
    assert vague == []


def test_a_drawing_function_says_in_what_it_counts():
    vague = [
        name
        for name, (node, _) in DOCUMENTED.items()
        if name.startswith("drawing/") and isinstance(node, ast.FunctionDef)
        if re.search(r"\bint\b", " ".join([ast.unparse(node.returns or node.args), *annotations(node)]))
        if not UNITS.search(text_of(node))
    ]
    assert vague == []


@pytest.mark.parametrize("name", SOURCES)
def test_an_algorithm_names_its_source(name: str):
    path, _, member = name.partition(":")
    node = DOCUMENTED[name][0] if member else dict(modules())[path]
    assert YEAR.search(text_of(node)), name
