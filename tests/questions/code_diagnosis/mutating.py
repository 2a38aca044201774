"""Right programs with one small thing changed in one line, as slips of the keyboard and of the mind change them."""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator

_SWAPS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add,), ast.Mult: (ast.Add, ast.Div), ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,), ast.Pow: (ast.Mult,),
}  # fmt: skip
_TWINS = {
    "sin": "cos", "cos": "sin", "exp": "log", "log": "exp", "sqrt": "square", "zeros_like": "ones_like",
    "ones_like": "zeros_like", "sum": "mean", "mean": "sum", "multiply": "add", "add": "multiply",
}  # fmt: skip

Change = tuple[ast.AST, str]
"""A part of the program, and the text that takes its place."""


def mutants(source: str, seed: int, most: int) -> Iterator[tuple[str, int]]:
    """Programs with one change each, and the line it is on; the same for the same seed.

    First a kind of slip is drawn, then a place, so that the rare kinds come up as well.
    """
    rng = random.Random(seed)
    by_kind: dict[str, list[Change]] = defaultdict(list)
    for kind, node, text in _changes(source):
        by_kind[kind].append((node, text))
    seen = {source}
    made = tried = 0
    while by_kind and made < most and tried < 20 * most:
        tried += 1
        kind = rng.choice(sorted(by_kind))
        node, text = rng.choice(by_kind[kind])
        changed = _with(source, node, text)
        if changed is None or changed in seen or not _parses(changed):
            continue
        seen.add(changed)
        made += 1
        yield changed, node.lineno  # type: ignore[attr-defined]


def _with(source: str, node: ast.AST, new: str) -> str | None:
    lines = source.splitlines()
    first, last = node.lineno, node.end_lineno  # type: ignore[attr-defined]
    if first != last:
        return None
    text = lines[first - 1]
    lines[first - 1] = text[: node.col_offset] + new + text[node.end_col_offset :]  # type: ignore[attr-defined]
    return "\n".join([*lines, ""])


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


Slip = tuple[str, ast.AST, str]
"""Its kind, where it is made, and the text that is written there."""


def _changes(source: str) -> Iterator[Slip]:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        match node:
            case ast.BinOp():
                yield from _of_binary(node)
            case ast.Call() | ast.keyword() | ast.Attribute():
                yield from _of_call(node)
            case ast.Name(ctx=ast.Load()):
                yield from (("variable", node, other) for other in _before(tree, node) if other != node.id)
            case _:
                yield from _of_rest(node)


def _text(made: ast.expr) -> str:
    return f"({ast.unparse(made)})"


def _of_binary(node: ast.BinOp) -> Iterator[Slip]:
    left, op, right = node.left, node.op, node.right
    for swap in _SWAPS.get(type(op), ()):
        yield "operator", node, _text(ast.BinOp(left, swap(), right))
    if isinstance(op, ast.Mult | ast.Add):
        yield "dropped", node, _text(right)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield "order", node, _text(ast.BinOp(right, op, left))
    yield "sign", node, _text(ast.UnaryOp(ast.USub(), node))
    if isinstance(op, ast.MatMult):
        yield "transposed", node, _text(ast.BinOp(ast.Attribute(left, "T", ast.Load()), op, right))
        yield "transposed", node, _text(ast.BinOp(left, op, ast.Attribute(right, "T", ast.Load())))
    else:
        yield "dropped", node, _text(left)


def _of_call(node: ast.Call | ast.keyword | ast.Attribute) -> Iterator[Slip]:
    match node:
        case ast.Attribute(attr="T", value=inner):
            yield "transposed", node, _text(inner)
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in _TWINS:
            yield "function", node, f"np.{_TWINS[name]}"
        case ast.Call(func=ast.Attribute(attr="sum" | "mean"), args=[inner, *_]):
            yield "not_summed", node, _text(inner)
        case ast.Call(func=ast.Attribute(attr="sum" | "mean", value=inner)) if ast.unparse(inner) != "np":
            yield "not_summed", node, _text(inner)
        case ast.keyword(arg="axis", value=ast.Constant(value=int() as axis) as inside):
            yield "axis", inside, str(1 - abs(axis))


def _of_rest(node: ast.AST) -> Iterator[Slip]:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield "sign", node, _text(operand)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            for other in (value + 1, 2 * value, -value):
                yield "constant", node, f"({other})"
        case ast.AugAssign(target=target, value=value):
            yield "overwrote", node, f"{ast.unparse(target)} = {ast.unparse(value)}"
        case ast.Return(value=ast.Tuple(elts=parts)):
            for one in range(len(parts) - 1):
                order = [*parts]
                order[one], order[one + 1] = parts[one + 1], parts[one]
                yield "return_order", node, f"return {', '.join(map(ast.unparse, order))}"


def _before(tree: ast.Module, node: ast.Name) -> list[str]:
    """The other variables of the function a name is read in, given before its line; none for names of functions."""
    around = [
        each for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef) and each.lineno <= node.lineno <= (each.end_lineno or 0)
    ]  # fmt: skip
    if not around:
        return []
    inner = max(around, key=lambda each: each.lineno)
    names = {argument.arg for argument in inner.args.args}
    names |= {
        each.id for each in ast.walk(inner)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.lineno < node.lineno
    }  # fmt: skip
    return sorted(names) if node.id in names else []
