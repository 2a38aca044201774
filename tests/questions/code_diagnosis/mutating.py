"""Right programs with one small thing changed in one line, as slips of the keyboard and of the mind change them."""

from __future__ import annotations

import ast
import random
from collections.abc import Iterator

_SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.MatMult: ast.Mult,
}  # fmt: skip
_TWINS = {"sin": "cos", "cos": "sin", "exp": "log", "zeros_like": "ones_like"}


def mutants(source: str, seed: int, most: int) -> Iterator[tuple[str, int]]:
    """Programs with one change each, and the line it is on; the same for the same seed."""
    rng = random.Random(seed)
    tree = ast.parse(source)
    places = [
        node for node in ast.walk(tree)
        if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Constant)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id != "np")
    ]  # fmt: skip
    names = sorted({n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)})
    rng.shuffle(places)
    lines = source.splitlines()
    made = 0
    for node in places:
        if made >= most:
            return
        new = _changed(node, names, lines, rng)
        if new is None or node.lineno != node.end_lineno:
            continue
        text = lines[node.lineno - 1]
        changed = text[: node.col_offset] + new + text[node.end_col_offset :]
        if changed == text or "[" in text:
            continue
        made += 1
        yield "\n".join([*lines[: node.lineno - 1], changed, *lines[node.lineno :], ""]), node.lineno


def _changed(node: ast.AST, names: list[str], lines: list[str], rng: random.Random) -> str | None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SWAPS:
            swapped = ast.BinOp(left, _SWAPS[type(op)](), right)
            return f"({ast.unparse(swapped)})"
        case ast.BinOp(left=left, op=ast.Pow()):
            return ast.unparse(left)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ast.unparse(operand)
        case ast.Constant(value=int() as value) if value in (2, 3):
            return str(value + 1)
        case ast.Name(id=name) if name in names:
            written = [line.strip() for line in lines[: node.lineno - 1]]
            above = [each for each in names if each != name and any(line.startswith(f"{each} =") for line in written)]
            return rng.choice(above) if above else None
    return None
