"""A function as what it defines, statement by statement: names, entries of arrays, and what decides on them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Control = ast.For | ast.While | ast.If
_CHANGING = frozenset({"append", "extend", "insert", "sort", "fill", "resize", "update", "pop", "reverse", "clear"})


@dataclass(frozen=True, eq=False)
class Definition:
    """One place that gives a name its value, or changes a part of it. For a loop's variable it is the loop's line."""

    name: str
    line: int
    order: int
    value: ast.expr
    statement: ast.stmt
    controls: tuple[Control, ...]
    whole: bool
    """Whether the name gets a new value; else it is added to, or some of its entries are set."""

    target: ast.expr | None = None

    @property
    def is_loop(self) -> bool:
        """Whether it is the head of a loop."""
        return isinstance(self.statement, ast.For)


@dataclass
class ProgramReading:
    """One function, read."""

    parameters: tuple[str, ...]
    definitions: list[Definition] = field(default_factory=list)
    returns: list[tuple[ast.Return, int, tuple[Control, ...]]] = field(default_factory=list)
    """Each with its order among the definitions, and what decides on it."""

    helpers: dict[str, ast.AST] = field(default_factory=dict)
    """Functions of the learner's own that are in reach, by name."""

    @property
    def returning(self) -> tuple[int, ...]:
        """The line of the one statement that returns something; () where there are several, or none."""
        found = [each[0] for each in self.returns if each[0].value is not None]
        return (found[0].lineno,) if len(found) == 1 == len(self.returns) else ()

    def of(self, name: str) -> list[Definition]:
        """All definitions of a name."""
        return [each for each in self.definitions if each.name == name]


class UnreadableProgram(Exception):
    """A statement whose effect is not followed here."""


def parsed(text: str) -> ast.Module | None:
    """The syntax tree; None for what is no Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def class_in(tree: ast.Module, name: str) -> ast.ClassDef | None:
    """The last class of this name."""
    found = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name]
    return found[-1] if found else None


def function_in(body: Sequence[ast.stmt], name: str) -> FunctionNode | None:
    """The last function of this name among these statements."""
    found = [node for node in body if isinstance(node, FunctionNode) and node.name == name]
    return found[-1] if found else None


def helpers_of(tree: ast.Module) -> dict[str, ast.AST]:
    """All functions with a name anywhere in the program."""
    found: dict[str, ast.AST] = {}
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            found.update({target.id: node for target in node.targets if isinstance(target, ast.Name)})
    return found


def read(tree: ast.Module, function: FunctionNode) -> ProgramReading | None:
    """What a function defines; None where something in it cannot be followed."""
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    reader = _Reader(ProgramReading(tuple(names), helpers=helpers_of(tree)))
    try:
        reader.body(function.body, ())
    except (UnreadableProgram, RecursionError):
        return None
    return reader.reading


def reading_of(text: str, function_name: str) -> ProgramReading | None:
    """What a function of a program defines; None where there is none, or something in it cannot be followed."""
    tree = parsed(text)
    function = function_in(tree.body, function_name) if tree else None
    return read(tree, function) if tree and function else None


def line_returning(text: str, function_name: str) -> tuple[int, ...]:
    """The line on which a function of a program returns; () where there are several, or none."""
    reading = reading_of(text, function_name)
    return reading.returning if reading else ()


def dotted(node: ast.expr) -> str:
    """`Mul.a` for an attribute, `a` for a name and for `a[0]`; "" for what has no name."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=attribute):
            before = dotted(owner)
            return f"{before}.{attribute}" if before else ""
        case ast.Subscript(value=owner) | ast.Starred(value=owner):
            return dotted(owner)
    return ""


def names_read(node: ast.AST) -> Iterator[str]:
    """The names, and dotted names, that an expression reads."""
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
            yield part.id
        elif isinstance(part, ast.Attribute):
            name = dotted(part)
            if name:
                yield name


class _Reader:
    def __init__(self, reading: ProgramReading) -> None:
        self.reading = reading

    def body(self, statements: Sequence[ast.stmt], controls: tuple[Control, ...]) -> None:
        for statement in statements:
            self._statement(statement, controls)

    def _statement(self, statement: ast.stmt, controls: tuple[Control, ...]) -> None:
        match statement:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value, statement, controls)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, statement, controls)
            case ast.AugAssign(target=target, value=value):
                self._add(dotted(target), value, statement, controls, False, target)
            case ast.For(target=target, iter=value, body=body, orelse=[]):
                self._assign(target, value, statement, controls)
                self.body(body, (*controls, statement))
            case ast.While(body=body, orelse=[]):
                self.body(body, (*controls, statement))
            case ast.If(body=body, orelse=other):
                self.body(body, (*controls, statement))
                self.body(other, (*controls, statement))
            case ast.With(body=body):
                self.body(body, controls)
            case ast.Return():
                self.reading.returns.append((statement, len(self.reading.definitions), controls))
            case ast.Expr(value=value):
                self._effect(value, statement, controls)
            case (
                ast.FunctionDef() | ast.Pass() | ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Global()
                | ast.Nonlocal() | ast.Raise()
            ):  # fmt: skip
                return
            case _:
                raise UnreadableProgram(type(statement).__name__)

    def _assign(self, target: ast.expr, value: ast.expr, statement: ast.stmt, controls: tuple[Control, ...]) -> None:
        match target:
            case ast.Name(id=name):
                self._add(name, value, statement, controls, True, target)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                pairs = isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts)
                values = value.elts if isinstance(value, ast.Tuple | ast.List) and pairs else [value] * len(parts)
                for part, each in zip(parts, values, strict=True):
                    self._assign(part, each, statement, controls)
            case ast.Attribute():
                self._add(dotted(target), value, statement, controls, True, target)
            case ast.Subscript() | ast.Starred():
                self._add(dotted(target), value, statement, controls, False, target)
            case _:
                raise UnreadableProgram(type(target).__name__)

    def _effect(self, value: ast.expr, statement: ast.stmt, controls: tuple[Control, ...]) -> None:
        """`out.append(g)`, `np.add.at(dx, i, g)` and `np.add(a, b, out=c)` change a name; other calls do not count."""
        if not isinstance(value, ast.Call):
            return
        called = value.func
        if isinstance(called, ast.Attribute) and called.attr in _CHANGING:
            self._add(dotted(called.value), value, statement, controls, False, called.value)
        elif isinstance(called, ast.Attribute) and called.attr == "at" and value.args:
            self._add(dotted(value.args[0]), value, statement, controls, False, value.args[0])
        for keyword in value.keywords:
            if keyword.arg == "out":
                self._add(dotted(keyword.value), value, statement, controls, False, keyword.value)

    def _add(
        self, name: str, value: ast.expr, statement: ast.stmt, controls: tuple[Control, ...], whole: bool,
        target: ast.expr,
    ) -> None:  # fmt: skip
        if not name:
            raise UnreadableProgram("target")
        order = len(self.reading.definitions)
        made = Definition(name, statement.lineno, order, value, statement, controls, whole, target)
        self.reading.definitions.append(made)
