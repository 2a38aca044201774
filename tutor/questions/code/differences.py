"""Gradients found by small steps, told by what the code does: what is divided is 0/0 when the small step is nothing.

Every expression is read with each small constant gone. Then f(x + h) and f(x - h) are one and the same, their
difference is nothing, and so is the h it is divided by, however the step is spelled and on however many lines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

_SMALL = 0.02
_LARGE = 50
_STEPS = frozenset({"h", "eps", "epsilon", "step", "delta", "dh"})
_SAME = frozenset({"copy", "array", "asarray", "float", "float64", "astype", "deepcopy", "complex", "atleast_1d"})
_NOTHING_STAYS = frozenset({"sum", "abs", "float", "item", "real", "squeeze", "array", "asarray", "copy", "mean"})
_READY_MADE = frozenset({"approx_fprime", "approx_derivative", "check_grad", "gradient", "diff"})
_NOTHING = "0"


@dataclass(frozen=True)
class DifferenceEvidence:
    """An expression without its small constants.

    `moved`: a small constant was added somewhere in it. `gone`: it is the difference of two that are then the same.
    `huge`: something was divided by what is nothing then, or it is a large number.
    """

    text: str
    moved: bool = False
    gone: bool = False
    huge: bool = False

    @property
    def nothing(self) -> bool:
        """Whether nothing is left of it."""
        return self.text == _NOTHING


def differences(tree: ast.Module) -> int | None:
    """The line where a small difference is divided by a small step; None where none is."""
    reading = _Reading({})
    reading.block(tree.body)
    return reading.found


class _Reading:
    def __init__(self, names: dict[str, DifferenceEvidence]) -> None:
        self._names = names
        self._fresh = count()
        self.found: int | None = None

    # Statements

    def block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef():
                self._function(statement)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._store(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._store(target, value)
            case ast.AugAssign(target=target, op=op, value=value):
                whole = ast.copy_location(ast.BinOp(_loaded(target), op, value), statement)
                self._store(target, whole)
            case ast.For(target=target, iter=over, body=body):
                self._see(over)
                self._forget(target)
                self.block(body)
            case ast.While(test=test, body=body) | ast.If(test=test, body=body):
                self._see(test)
                self.block(body)
                self.block(statement.orelse)
            case ast.With(body=body) | ast.Try(body=body):
                self.block(body)
            case ast.Return(value=ast.expr() as value) | ast.Expr(value=value):
                self._see(value)

    def _function(self, function: ast.FunctionDef | ast.Lambda) -> None:
        arguments = function.args.args
        inner = _Reading(dict(self._names))
        for argument in arguments:
            inner._names.pop(argument.arg, None)
            if argument.arg in _STEPS:
                inner._names[argument.arg] = DifferenceEvidence(_NOTHING)
        defaults = function.args.defaults
        for argument, default in zip(arguments[len(arguments) - len(defaults) :], defaults, strict=True):
            if _is_small(default):
                inner._names[argument.arg] = DifferenceEvidence(_NOTHING)
        if isinstance(function, ast.Lambda):
            inner._see(function.body)
        else:
            inner.block(function.body)
        self.found = self.found or inner.found

    def _store(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ((ast.Tuple(elts=names) | ast.List(elts=names)), (ast.Tuple(elts=parts) | ast.List(elts=parts))):
                for name, part in zip(names, parts, strict=False):
                    self._store(name, part)
            case ast.Name(id=name), ast.Lambda():
                self._function(value)
                self._names.pop(name, None)
            case ast.Name(id=name), _:
                self._names[name] = self._see(value)
            case ast.Subscript(value=ast.Name(id=name)), _:
                self._element(name, target, value)
            case _:
                self._see(value)
                self._forget(target)

    def _element(self, name: str, target: ast.expr, value: ast.expr) -> None:
        """`x[i] = x[i] + h` leaves x as it is but for the step; any other makes it something new."""
        new, old = self._see(value), self._see(_loaded(target))
        whole = self._names.get(name, DifferenceEvidence(name))
        same = new.text == old.text
        self._names[name] = replace(whole, moved=True) if same else DifferenceEvidence(f"{name}#{next(self._fresh)}")

    def _forget(self, target: ast.expr) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                self._names.pop(node.id, None)

    # Expressions

    def _see(self, node: ast.expr) -> DifferenceEvidence:
        if _is_small(node):
            return DifferenceEvidence(_NOTHING)
        match node:
            case ast.Constant(value=int() | float() as value):
                return DifferenceEvidence(repr(value), huge=abs(value) >= _LARGE)
            case ast.Name(id=name):
                return self._names.get(name, DifferenceEvidence(name))
            case ast.UnaryOp(operand=operand):
                inner = self._see(operand)
                return inner if inner.nothing else replace(inner, text=f"-{inner.text}")
            case ast.BinOp(left=left, op=op, right=right):
                return self._joined(self._see(left), op, self._see(right), node.lineno)
            case ast.Attribute(value=owner, attr="imag"):
                return self._imaginary(self._see(owner))
            case ast.Attribute(value=owner, attr=name):
                inner = self._see(owner)
                return inner if inner.nothing else replace(inner, text=f"{inner.text}.{name}")
            case ast.Subscript(value=owner, slice=index):
                inner = self._see(owner)
                return inner if inner.nothing else replace(inner, text=f"{inner.text}[{self._see(index).text}]")
            case ast.Call():
                return self._call(node)
            case ast.Lambda():
                self._function(node)
        parts = [self._see(part) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
        if isinstance(node, ast.ListComp | ast.GeneratorExp):
            parts += [self._see(each.iter) for each in node.generators]
        text = f"{type(node).__name__}({', '.join(part.text for part in parts)}){_plain(node)}"
        return DifferenceEvidence(text, moved=any(part.moved for part in parts))

    def _joined(
        self, left: DifferenceEvidence, op: ast.operator, right: DifferenceEvidence, line: int
    ) -> DifferenceEvidence:
        moved = left.moved or right.moved
        plain = DifferenceEvidence(f"({left.text} {type(op).__name__} {right.text})", moved)
        match op:
            case ast.Add() | ast.Sub() if left.nothing or right.nothing:
                kept = right if left.nothing else left
                return replace(kept, moved=True, gone=left.gone or right.gone if kept.nothing else kept.gone)
            case ast.Sub() if left.text == right.text and moved:
                return DifferenceEvidence(_NOTHING, moved, gone=True)
            case ast.Mult():
                gone = left.gone or right.gone
                if gone and (left.huge or right.huge):
                    self.found = self.found or line
                if left.nothing or right.nothing:
                    return DifferenceEvidence(_NOTHING, moved, gone=gone)
                if "1" in (left.text, right.text):
                    return replace(right if left.text == "1" else left, moved=moved)
                return replace(plain, huge=left.huge or right.huge)
            case ast.Div():
                if right.nothing:
                    if left.gone:
                        self.found = self.found or line
                    return replace(plain, huge=True)
                if left.nothing:
                    return replace(left, moved=moved)
            case ast.Pow() if left.nothing:
                return left
        return plain

    def _imaginary(self, inner: DifferenceEvidence) -> DifferenceEvidence:
        """The imaginary part of a function at x + ih: nothing is left of it, and it is no constant."""
        return DifferenceEvidence(_NOTHING, inner.moved, gone=inner.moved)

    def _call(self, node: ast.Call) -> DifferenceEvidence:
        word = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        parts = [self._see(argument) for argument in [*node.args, *(each.value for each in node.keywords)]]
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if owner is not None and not (isinstance(owner, ast.Name) and owner.id in ("np", "numpy", "math", "copy")):
            parts.insert(0, self._see(owner))
        if word in _READY_MADE - {"gradient", "diff"} and parts:
            self.found = self.found or node.lineno
        if word == "imag" and parts:
            return self._imaginary(parts[0])
        if parts and (word in _SAME or (parts[0].nothing and word in _NOTHING_STAYS)):
            return parts[0]
        if len(parts) == 2 and word in _OPERATIONS:
            return self._joined(parts[0], _OPERATIONS[word](), parts[1], node.lineno)
        return DifferenceEvidence(
            f"{word}({', '.join(part.text for part in parts)})", any(part.moved for part in parts)
        )


_OPERATIONS: dict[str, type[ast.operator]] = {
    "add": ast.Add, "subtract": ast.Sub, "multiply": ast.Mult, "divide": ast.Div, "true_divide": ast.Div,
}  # fmt: skip


def _loaded(target: ast.expr) -> ast.expr:
    """A target as it is read."""
    match target:
        case ast.Name(id=name):
            return ast.copy_location(ast.Name(name, ast.Load()), target)
        case ast.Subscript(value=owner, slice=index):
            return ast.copy_location(ast.Subscript(owner, index, ast.Load()), target)
    return target


def _plain(node: ast.expr) -> str:
    """What tells apart two expressions that are not looked into."""
    return ast.dump(node) if not list(ast.iter_child_nodes(node)) else ""


def _is_small(node: ast.expr) -> bool:
    value = _number(node)
    return value is not None and 0 < abs(value) <= _SMALL


def _number(node: ast.expr) -> complex | None:
    """A constant, also one that is written as 10**-5 or as the root of the machine's epsilon."""
    match node:
        case ast.Constant(value=int() | float() | complex() as value) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _number(operand)
            return None if inner is None else -inner
        case ast.Attribute(attr="eps" | "epsilon"):
            return 2.0**-52
        case ast.Call(func=ast.Attribute(attr="sqrt" | "cbrt"), args=[argument]):
            inner = _number(argument)
            return None if inner is None else abs(inner) ** 0.5
        case ast.BinOp(left=left, op=op, right=right):
            return _worked_out(_number(left), op, _number(right))
    return None


def _worked_out(one: complex | None, op: ast.operator, two: complex | None) -> complex | None:
    if one is None or two is None or max(abs(one), abs(two)) > 1e9:
        return None
    match op:
        case ast.Mult():
            return one * two
        case ast.Div() if two:
            return one / two
        case ast.Pow() if one and abs(two) <= 64:
            return one**two
    return None
