"""Names in the learner's expressions are bound to the steps that gave them their values; helpers are put in place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping

Binding = int | ast.expr
"""A step, or an expression that stands for the name: a tuple of values, a dictionary, a lambda."""

Function = ast.FunctionDef | ast.Lambda
_DEEPEST = 6


class CannotFollow(Exception):
    """A helper that does more than compute one value."""


def _entry(owner: ast.expr, key: object) -> ast.expr | None:
    """What stands in a tuple or a dictionary that is known part by part."""
    if isinstance(owner, ast.Tuple | ast.List) and isinstance(key, int):
        return owner.elts[key] if -len(owner.elts) <= key < len(owner.elts) else None
    if isinstance(owner, ast.Dict):
        for each, value in zip(owner.keys, owner.values, strict=True):
            if isinstance(each, ast.Constant) and each.value == key:
                return value
    return None


class Resolver(ast.NodeTransformer):
    """Rewrites an expression (a copy of it) in terms of steps."""

    def __init__(
        self, names: Mapping[str, Binding], helpers: Mapping[str, Function], known: frozenset[str], depth: int = 0
    ) -> None:
        self._names = names
        self._helpers = helpers
        self._known = known
        self._depth = depth

    def resolved(self, node: ast.expr) -> ast.expr:
        """The expression over steps. Raises CannotFollow."""
        made: ast.expr = self.visit(copy.deepcopy(node))
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:  # noqa: D102
        found = self._names.get(node.id)
        if isinstance(found, int):
            return ast.copy_location(ast.Name(f"{node.id}@{found}", ast.Load()), node)
        if not isinstance(found, ast.expr) or isinstance(found, ast.Lambda):
            return node
        made = copy.deepcopy(found)
        # An argument belongs to the line of the helper that it is put into.
        return ast.copy_location(made, node) if self._depth else made

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:  # noqa: D102
        owner, index = self.visit(node.value), node.slice
        if isinstance(index, ast.Constant):
            entry = _entry(owner, index.value)
            if entry is not None:
                return entry
        return ast.copy_location(ast.Subscript(owner, self.visit(index), node.ctx), node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:  # noqa: D102
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:  # noqa: D102
        node.args = [self.visit(argument) for argument in node.args]
        for word in node.keywords:
            word.value = self.visit(word.value)
        if not isinstance(node.func, ast.Name):
            node.func = self.visit(node.func)
            return node
        function = self._function(node.func.id)
        if function is None or node.func.id in self._known:
            return node
        if self._depth >= _DEEPEST:
            raise CannotFollow(node.func.id)
        return self._put_in(function, node)

    def _function(self, name: str) -> Function | None:
        found = self._names.get(name)
        if isinstance(found, ast.Lambda):
            return found
        return self._helpers.get(name) if found is None else None

    def _put_in(self, function: Function, call: ast.Call) -> ast.expr:
        names = [argument.arg for argument in function.args.args]
        if len(call.args) > len(names) or function.args.vararg or function.args.kwarg:
            raise CannotFollow(ast.unparse(call.func))
        own: dict[str, Binding] = {} if isinstance(function, ast.FunctionDef) else dict(self._names)
        defaults = function.args.defaults
        own.update(zip(names[len(names) - len(defaults) :], defaults, strict=True))
        own.update(zip(names, call.args, strict=False))
        own.update({word.arg: word.value for word in call.keywords if word.arg})
        if any(name not in own for name in names):
            raise CannotFollow(ast.unparse(call.func))
        body: list[ast.stmt] = function.body if isinstance(function, ast.FunctionDef) else [ast.Return(function.body)]
        return self._result(body, own, ast.unparse(call.func))

    def _result(self, body: list[ast.stmt], own: dict[str, Binding], name: str) -> ast.expr:
        for statement in body:
            inner = Resolver(own, self._helpers, self._known, self._depth + 1)
            match statement:
                case ast.Return(value=ast.expr() as value):
                    return inner.resolved(value)
                case ast.Assign(targets=[ast.Name(id=target)], value=value):
                    own[target] = inner.resolved(value)
                case ast.Expr(value=ast.Constant()):
                    continue
                case _:
                    break
        raise CannotFollow(name)
