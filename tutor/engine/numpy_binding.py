"""How a line of NumPy binds: read off its Python syntax tree, so that no gate has to say it of itself.

Called by `numpy_code` for each gate's code. Strengths are those of Python's grammar, from loose to tight
(https://docs.python.org/3/reference/expressions.html#operator-precedence), as far as gates use them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

ANY, SUM, PRODUCT, SIGNED, POWER, ATOM = range(6)
"""What stands between brackets or commas; a sum; a product; a signed value; a power; a name, a call or an index."""

_OPERATORS: Mapping[type[ast.operator], int] = {
    ast.Add: SUM, ast.Sub: SUM, ast.Mult: PRODUCT, ast.Div: PRODUCT, ast.FloorDiv: PRODUCT, ast.Mod: PRODUCT,
    ast.MatMult: PRODUCT, ast.Pow: POWER,
}  # fmt: skip

_ASKED = (((ast.List, ast.Tuple, ast.Slice), ANY), (ast.Compare, SUM), (ast.UnaryOp, SIGNED))
"""What other places ask of their parts; the rest asks for atoms."""

_ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict, ast.Set)


class Binding(NamedTuple):
    """How strongly a line binds as a whole, and how strongly what is put in for each of its names has to bind."""

    whole: int
    needs: Mapping[str, int]


@lru_cache(maxsize=512)
def binding_of(code: str) -> Binding:
    """The binding of one expression of Python. Raises SyntaxError where it is none."""
    root, source = ast.parse(code, mode="eval").body, code.encode()
    needs: dict[str, int] = {}
    for name, least in _needs(root, source, ANY):
        needs[name] = max(least, needs.get(name, ANY))
    return Binding(ATOM if _in_brackets(root, source) else _strength(root), needs)


def _needs(node: ast.AST, source: bytes, least: int) -> Iterator[tuple[str, int]]:
    """Every name under a node with the strength that its place asks for; `least` is what the node's own place asks."""
    if isinstance(node, ast.Name):
        yield node.id, ANY if _in_brackets(node, source) else least
        return
    for child, asked in _children(node):
        yield from _needs(child, source, asked)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """The parts of a node with what each one's place asks for."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            yield from zip((left, right), _sides(op), strict=True)
        case ast.Subscript(value=value, slice=index):
            yield from ((value, ATOM), (index, ANY))
        case ast.Call(func=function, args=arguments, keywords=words):
            yield function, ATOM
            yield from ((part, ANY) for part in (*arguments, *(word.value for word in words)))
        case _:
            asked = next((least for kinds, least in _ASKED if isinstance(node, kinds)), ATOM)
            yield from ((part, asked) for part in ast.iter_child_nodes(node))


def _sides(op: ast.operator) -> tuple[int, int]:
    """What the sides of an operator ask for."""
    if isinstance(op, ast.Pow):
        return ATOM, SIGNED  # (-x)**2 and (x**y)**2 need brackets, x**-2 and x**y**2 do not
    strength = _OPERATORS.get(type(op), ATOM)
    return strength, strength + 1  # x - (y - z) needs brackets at equal strength too


def _strength(node: ast.expr) -> int:
    match node:
        case ast.BinOp(op=op):
            return _OPERATORS.get(type(op), ANY)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return SIGNED
        case _:
            return ATOM if isinstance(node, _ATOMS) else ANY


def _in_brackets(node: ast.expr, source: bytes) -> bool:
    """Whether brackets stand around the node: the tree leaves them out, and counts its columns in bytes."""
    before, behind = source[: node.col_offset].rstrip(), source[node.end_col_offset or 0 :].lstrip()
    opens_call = before[-2:-1].isalnum() or before[-2:-1] in (b"_", b")", b"]")
    return before.endswith(b"(") and not opens_call and behind.startswith(b")")
