"""Which single change to an expression makes it come out right at the trial's arrays."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np

from tutor.engine.values import Value, as_value
from tutor.questions.code.diagnosis.edit import USED, CodeEdit, binary, call, number
from tutor.questions.code.diagnosis.edits import changes_at
from tutor.questions.code.diagnosis.known import like
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.diagnosis.steps import step_of

MOST_TRIED = 5000
_ASKS_FACTOR = "What does the chain rule multiply by here?"
_PLACES = 60


@dataclass(frozen=True)
class CodePlace:
    """A part of an expression, and how the whole looks with something else in its place."""

    node: ast.expr
    rebuilt: Callable[[ast.expr], ast.expr]
    parent: ast.expr | None
    is_term: bool
    """Whether it is the whole, or one of the terms that are added up to the whole."""


@dataclass(frozen=True)
class NamePool:
    """What may stand in the learner's expressions: variables that are right."""

    values: tuple[ast.Name, ...]
    gradients: tuple[ast.Name, ...]

    def kind_of(self, old: ast.expr, new: ast.expr) -> str:
        """What it is called to take one variable for another."""
        kinds = [any(_same_name(node, each) for each in self.gradients) for node in (old, new)]
        return {
            (False, False): "wrong_cache", (True, True): "wrong_upstream",
            (False, True): "value_for_gradient", (True, False): "gradient_for_value",
        }[kinds[0], kinds[1]]  # fmt: skip


def _same_name(one: ast.expr, other: ast.expr) -> bool:
    return isinstance(one, ast.Name) and isinstance(other, ast.Name) and one.id == other.id


def places(expression: ast.expr) -> list[CodePlace]:
    """Every part of an expression that may be changed, the whole first."""
    found = []
    for place in _places(CodePlace(expression, lambda new: new, None, True)):
        found.append(place)
        if len(found) >= _PLACES:
            break
    return found


def _places(here: CodePlace) -> Iterator[CodePlace]:
    yield here
    for child, with_child in _children(here.node):

        def rebuilt(new: ast.expr, with_child: Callable[[ast.expr], ast.expr] = with_child) -> ast.expr:
            return here.rebuilt(with_child(new))

        adds = isinstance(here.node, ast.BinOp) and isinstance(here.node.op, ast.Add | ast.Sub)
        term = adds or (here.is_term and isinstance(here.node, ast.UnaryOp))
        yield from _places(CodePlace(child, rebuilt, here.node, term))


def _children(node: ast.expr) -> Iterator[tuple[ast.expr, Callable[[ast.expr], ast.expr]]]:
    match node:
        case ast.BinOp(left=left, right=right):
            yield left, lambda new: _with(node, left=new)
            yield right, lambda new: _with(node, right=new)
        case ast.UnaryOp(operand=operand):
            yield operand, lambda new: _with(node, operand=new)
        case ast.Attribute(attr="T", value=value) | ast.Subscript(value=value):
            yield value, lambda new: _with(node, value=new)
        case ast.Call(func=function, args=arguments):
            if isinstance(function, ast.Attribute) and not _is_module(function.value):
                yield function.value, lambda new: _with(node, func=_with(function, value=new))
            for position, argument in enumerate(arguments):
                before, after = arguments[:position], arguments[position + 1 :]

                def with_argument(new: ast.expr, before: Any = before, after: Any = after) -> ast.expr:
                    return _with(node, args=[*before, new, *after])

                yield argument, with_argument


def _with(node: ast.expr, **fields: Any) -> ast.expr:
    made: ast.expr = type(node)()
    made.__dict__.update(node.__dict__, **fields)  # several times faster than copy.copy
    return made


def _is_module(node: ast.expr) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and step_of(node) is None


def repairs(
    expression: ast.expr, target: Value, at: Mapping[str, Any], names: NamePool, reckoner: AstInterpreter, loosely: bool
) -> list[CodeEdit]:
    """The single changes that make the expression come to the target, the likeliest first."""
    found = changes_to(expression, like(target, loosely), at, names, reckoner)
    return [edit for edit, _ in found]


def changes_to(
    expression: ast.expr,
    is_meant: Callable[[Value], bool],
    at: Mapping[str, Any],
    names: NamePool,
    reckoner: AstInterpreter,
    most: int = MOST_TRIED,
) -> list[tuple[CodeEdit, ast.expr]]:
    """The single changes after which the value is meant, each with the whole expression; the likeliest first."""
    reckoner.remember(expression, at)
    found: list[tuple[CodeEdit, ast.expr]] = []
    try:
        with np.errstate(all="ignore"):
            for edit, whole in islice(_changed(expression, names), most):
                try:
                    value = as_value(reckoner.quietly(whole, at))
                except (CannotRead, ValueError, TypeError):
                    continue
                if is_meant(value):
                    found.append((edit, whole))
    finally:
        reckoner.forget()
    return sorted(found, key=lambda each: each[0].cost)


def _changed(expression: ast.expr, names: NamePool) -> Iterator[tuple[CodeEdit, ast.expr]]:
    """Every change, and the whole expression after it."""
    all_names = (*names.values, *names.gradients)
    here = places(expression)
    yield from _everywhere(expression, names)
    for place in here:
        for edit in changes_at(place.node, all_names):
            yield _named(edit, place, names), place.rebuilt(edit.new)
        yield from _compound(place, names)
        if place.is_term:
            for edit in _missing(place.node, names):
                yield edit, place.rebuilt(edit.new)


def _named(edit: CodeEdit, place: CodePlace, names: NamePool) -> CodeEdit:
    """An edit of a name says which kind of variable was taken for which."""
    if edit.kind != "name":
        return edit
    kind = names.kind_of(edit.old, edit.new)
    cost = 2 if kind in _CROSSED else 1
    around = place.parent
    one_argument = isinstance(around, ast.Call) and len(around.args) == 1 and place.node in around.args
    if around is not None and one_argument:
        made = _with(around, args=[edit.new])
        return replace(edit, kind=kind, cost=cost, shown=(around, made))
    return replace(edit, kind=kind, cost=cost)


_CROSSED = frozenset({"value_for_gradient", "gradient_for_value"})


def _everywhere(expression: ast.expr, names: NamePool) -> Iterator[tuple[CodeEdit, ast.expr]]:
    """One name taken for another, in all places at once."""
    used: dict[str, ast.Name] = {}
    many: dict[str, int] = {}
    for part in ast.walk(expression):
        if isinstance(part, ast.Name) and step_of(part) is not None:
            used.setdefault(part.id, part)
            many[part.id] = many.get(part.id, 0) + 1
    for key, old in used.items():
        if many[key] < 2:
            continue
        for new in (*names.values, *names.gradients):
            if new.id == key:
                continue
            kind = names.kind_of(old, new)
            cost = 2 if kind in _CROSSED else 1
            edit = CodeEdit(kind, old, new, USED, cost=cost, shown=_around(expression, old, new))
            yield edit, _renamed(expression, key, new)


def _around(expression: ast.expr, old: ast.Name, new: ast.Name) -> tuple[ast.expr, ast.expr]:
    """The function applied to the name, where it stands in one only; else the name itself."""
    calls = {
        ast.dump(part): part for part in ast.walk(expression)
        if isinstance(part, ast.Call) and len(part.args) == 1 and _same_name(part.args[0], old)
    }  # fmt: skip
    if len(calls) == 1:
        (one,) = calls.values()
        return one, _with(one, args=[new])
    return old, new


def _renamed(expression: ast.expr, key: str, new: ast.Name) -> ast.expr:
    class Renaming(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return new if node.id == key else node

    renamed: ast.expr = Renaming().visit(copy.deepcopy(expression))
    return renamed


def _compound(place: CodePlace, names: NamePool) -> Iterator[tuple[CodeEdit, ast.expr]]:
    """A function of a variable where the variable itself, or another function of it, stands."""
    if not isinstance(place.node, ast.Name):
        return
    for value in names.values:
        for made in _functions_of(value):
            edit = CodeEdit("wrong_factor", place.node, made, USED, "", 3)
            yield edit, place.rebuilt(made)


def _functions_of(name: ast.Name) -> Iterator[ast.expr]:
    yield binary(number(1), ast.Sub(), name)
    yield binary(name, ast.Pow(), number(2))
    for function in ("exp", "cos", "sin"):
        yield call(function, name)
    yield ast.UnaryOp(ast.USub(), name)
    yield binary(number(1), ast.Div(), name)


def _missing(term: ast.expr, names: NamePool) -> Iterator[CodeEdit]:
    """A factor or a divisor that is not there."""
    simple: list[tuple[ast.expr, str, int]] = [
        *((name, "forgot_upstream", 2) for name in names.gradients),
        *((name, "missing_factor", 2) for name in names.values),
        *((number(value), "constant_dropped", 2) for value in (2, 3, 4, 0.5, 5, 6)),
    ]
    for name in names.values:
        one_minus = binary(number(1), ast.Sub(), name)
        squared = binary(name, ast.Pow(), number(2))
        compound = [
            one_minus, binary(name, ast.Mult(), one_minus), squared, binary(number(3), ast.Mult(), squared),
            binary(name, ast.Pow(), number(3)), binary(number(2), ast.Mult(), name),
            *(call(function, name) for function in ("cos", "exp", "sin", "sqrt")),
            binary(number(1), ast.Sub(), squared), binary(number(2), ast.Mult(), call("sqrt", name)),
        ]  # fmt: skip
        simple += [(each, "missing_factor", 3) for each in compound]
        simple += [
            (ast.UnaryOp(ast.USub(), each), "missing_factor", 4) for each in (name, *compound[:4], *compound[6:8])
        ]
    for factor, kind, cost in simple:
        made = binary(term, ast.Mult(), factor)
        yield CodeEdit(kind, term, made, "the factor {factor} is missing", _ASKS_FACTOR, cost, (factor,))
        if kind == "forgot_upstream":
            continue
        divided = binary(term, ast.Div(), factor)
        yield CodeEdit(kind, term, divided, "it is not divided by {factor}", _ASKS_FACTOR, cost + 1, (factor,))
    for gradient in names.gradients:
        summed = binary(term, ast.Add(), gradient)
        yield CodeEdit("missed_branch", term, summed, "{0} is not added",
                   "What else arrives here, along another branch?", 2, (gradient,))  # fmt: skip
