"""Right programs written again with temporaries: every name told nothing, every operation on a line of its own."""

from __future__ import annotations

import ast
import random

_NAMES = ("t", "tmp", "u", "v", "r", "p", "q", "w", "aux", "val")


def renamed(source: str, seed: int) -> str:
    """The local variables of the last function called t1, t2, u1, ...: names that say nothing."""
    rng = random.Random(seed)
    tree = ast.parse(source)
    function = [node for node in tree.body if isinstance(node, ast.FunctionDef)][-1]
    stem = rng.choice(_NAMES)
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | _arguments(tree)
    own = sorted(
        {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        - _arguments(tree)
    )
    rng.shuffle(own)
    free = (f"{stem}{number}" for number in range(1, 200) if f"{stem}{number}" not in taken)
    new = dict(zip(own, free, strict=False))
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in new:
            node.id = new[node.id]
    return ast.unparse(tree) + "\n"


def split(source: str, seed: int) -> str:
    """Operations inside operations each put on a line before, under a name of their own; some are left in place."""
    rng = random.Random(seed)
    tree = ast.parse(source)
    function = [node for node in tree.body if isinstance(node, ast.FunctionDef)][-1]
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | _arguments(tree)
    stem = rng.choice(_NAMES)
    free = (f"{stem}{number}" for number in range(1, 400) if f"{stem}{number}" not in taken)
    body: list[ast.stmt] = []
    for statement in function.body:
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Return) and statement.value is not None:
            taker = _Taking(free, rng)
            statement.value = taker.visit_inside(statement.value)
            body += taker.taken
        body.append(statement)
    function.body = body
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _arguments(tree: ast.Module) -> set[str]:
    return {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


class _Taking(ast.NodeTransformer):
    def __init__(self, free: object, rng: random.Random) -> None:
        self.taken: list[ast.stmt] = []
        self._free = free
        self._rng = rng

    def visit_inside(self, node: ast.expr) -> ast.expr:
        """The parts of an expression, not the whole of it."""
        made: ast.expr = self.generic_visit(node)  # type: ignore[assignment]
        return made

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.keyword:
        return node

    def _visit_part(self, node: ast.expr) -> ast.expr:
        inner: ast.expr = self.generic_visit(node)  # type: ignore[assignment]
        if self._rng.random() < 0.4:
            return inner
        name = next(self._free)  # type: ignore[call-overload]
        self.taken.append(ast.Assign([ast.Name(name, ast.Store())], inner))
        return ast.Name(name, ast.Load())

    visit_BinOp = _visit_part
