"""Every single slip that can be put into a program: what people forget, double, swap, turn round or overwrite.

Nothing is drawn: the same program has always the same slips, in the order of its lines.
"""

from __future__ import annotations

import ast
import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

Shapes = Mapping[str, tuple[int, ...]]
"""The shape of each variable, by its name, as the right program leaves it; those of one shape can be confused."""

_REDUCED = {"sum": ("mean", "max"), "mean": ("sum",), "max": ("sum", "min"), "min": ("max",), "var": ("std",)}
_TWINS = {
    "sin": ("cos",), "cos": ("sin",), "exp": ("log",), "log": ("exp",), "sqrt": ("square",), "square": ("abs",),
    "zeros_like": ("ones_like",), "ones_like": ("zeros_like",), "zeros": ("ones",), "ones": ("zeros",),
    "maximum": ("minimum",), "minimum": ("maximum",), "argmax": ("argmin",), "tanh": ("sin",), "dot": ("multiply",),
    "multiply": ("add",), "add": ("multiply",), "outer": ("add",),
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add,), ast.Mult: (ast.Add, ast.Div), ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,), ast.Pow: (ast.Mult,),
}  # fmt: skip
_TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.Lt, ast.GtE), ast.GtE: (ast.Lt, ast.Gt), ast.Lt: (ast.Gt, ast.LtE), ast.LtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotIn: (ast.In,), ast.In: (ast.NotIn,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A program with one slip: its kind, the line of the right program it is on, and what the line says now."""

    kind: str
    line: int
    said: str
    text: str


Path = tuple[tuple[str, int | None], ...]
"""Fields and positions from the tree's root to a node."""


@dataclass(frozen=True)
class Change:
    """One slip that can be put into a program: its kind, its line, and what stands there instead."""

    kind: str
    line: int
    path: Path
    new: ast.AST | list[ast.stmt]


class Program:
    """A right program, as `ast.unparse` writes it, and the slips that can be put into it."""

    def __init__(self, source: str, shapes: Shapes) -> None:
        self.source = ast.unparse(ast.parse(source))
        self._tree = ast.parse(self.source)
        self._shapes = shapes

    def changes(self) -> Iterator[Change]:
        """All slips; some of them lead to the same program, or to none."""
        for path, node in _paths(self._tree):
            for kind, new in _slips(self._tree, node, self._shapes):
                yield Change(kind, node.lineno, path, new)

    def mutant(self, change: Change) -> Mutant | None:
        """The program with a slip in it; None where that is no program, or the same one."""
        text = _with(self._tree, change.path, change.new)
        if text is None or text == self.source:
            return None
        return Mutant(change.kind, change.line, _said(self.source, text), text)


def _paths(tree: ast.AST, path: Path = ()) -> Iterator[tuple[Path, ast.expr | ast.stmt | ast.keyword]]:
    for field, value in ast.iter_fields(tree):
        parts = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for at, part in parts:
            if isinstance(part, ast.AST):
                here = (*path, (field, at))
                if isinstance(part, ast.expr | ast.stmt | ast.keyword):
                    yield here, part
                yield from _paths(part, here)


def _with(tree: ast.Module, path: Path, new: ast.AST | list[ast.stmt]) -> str | None:
    """The program with another node, or other statements, at the path; None where that cannot be."""
    made: ast.Module = pickle.loads(_pickled(tree))
    holder: ast.AST = made
    for field, at in path[:-1]:
        value = getattr(holder, field)
        holder = value if at is None else value[at]
    field, at = path[-1]
    if isinstance(new, list):
        if at is None:
            return None
        getattr(holder, field)[at : at + 1] = copy.deepcopy(new)
        if not getattr(holder, field):
            getattr(holder, field).append(ast.Pass())
    elif at is None:
        setattr(holder, field, copy.deepcopy(new))
    else:
        getattr(holder, field)[at] = copy.deepcopy(new)
    try:
        text = ast.unparse(ast.fix_missing_locations(made))
        ast.parse(text)
    except (SyntaxError, ValueError, AttributeError):
        return None
    return text


@lru_cache(maxsize=4)
def _pickled(tree: ast.Module) -> bytes:
    """A copy is made from this in a tenth of the time that copy.deepcopy takes."""
    return pickle.dumps(tree)


def _said(before: str, after: str) -> str:
    old, new = before.splitlines(), after.splitlines()
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)) - 1)
    now = " / ".join(line.strip() for line in new[at : at + 1 + max(0, len(new) - len(old))])
    return f"{old[at].strip()}  =>  {now}" if len(new) >= len(old) else f"{old[at].strip()}  =>  (left out)"


Slip = tuple[str, "ast.AST | list[ast.stmt]"]


def _slips(tree: ast.Module, node: ast.AST, shapes: Shapes) -> Iterator[Slip]:
    for kind in _KINDS.get(type(node), ()):
        yield from kind(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (("variable", ast.Name(other, ast.Load())) for other in _alike(tree, node, shapes))
    if isinstance(node, ast.For):
        yield from _early_returns(tree, node)


def _alike(tree: ast.Module, node: ast.Name, shapes: Shapes) -> Iterator[str]:
    """The other variables of the function with this one's shape, given before its line."""
    functions = [
        each for each in ast.walk(tree)
        if isinstance(each, ast.FunctionDef) and each.lineno <= node.lineno <= (each.end_lineno or 0)
    ]  # fmt: skip
    if not functions or node.id not in shapes:
        return
    known: set[str] = set()
    for each in functions:
        known |= {argument.arg for argument in each.args.args}
        known |= {
            name.id for name in ast.walk(each)
            if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store) and name.lineno < node.lineno
        }  # fmt: skip
    if node.id not in known:
        return
    for other in sorted(known & set(shapes)):
        if other != node.id and shapes[other] == shapes[node.id]:
            yield other


def _early_returns(tree: ast.Module, loop: ast.For) -> Iterator[Slip]:
    """The function's return, inside the loop."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and loop in ast.walk(function):
            last = function.body[-1]
            if isinstance(last, ast.Return):
                new = copy.deepcopy(loop)
                new.body.append(last)
                yield "return_in_loop", new


def _of_binary(node: ast.BinOp) -> Iterator[Slip]:
    left, op, right = node.left, node.op, node.right
    yield from (("operator", ast.BinOp(left, swap(), right)) for swap in _OPERATORS.get(type(op), ()))
    if isinstance(op, ast.Mult | ast.Add | ast.Sub | ast.Div):
        yield "left_out", left
        yield "left_out", right
    if isinstance(op, ast.Mult | ast.Div):
        yield "doubled", ast.BinOp(node, op, right)
        yield "doubled", ast.BinOp(node, ast.Mult(), left)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        yield "swapped", ast.BinOp(right, op, left)
    if isinstance(op, ast.MatMult):
        for one, two in ((_T(left), right), (left, _T(right)), (_T(right), left), (right, _T(left))):
            yield "transposed", ast.BinOp(one, op, two)
    if isinstance(op, ast.Pow):
        yield "left_out", left
    yield "sign", ast.UnaryOp(ast.USub(), node)
    yield "factor_two", ast.BinOp(ast.Constant(2), ast.Mult(), node)
    yield "factor_two", ast.BinOp(node, ast.Div(), ast.Constant(2))
    if isinstance(op, ast.Mult):
        for mask, other in ((left, right), (right, left)):
            if any(isinstance(part, ast.Compare) for part in ast.walk(mask)):
                yield "relu_of_gradient", _np("maximum", other, ast.Constant(0))
                yield (
                    "relu_of_gradient",
                    ast.BinOp(other, ast.Mult(), ast.Compare(other, [ast.Gt()], [ast.Constant(0)])),
                )


def _T(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _np(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(arguments), [])


def _of_attribute(node: ast.Attribute) -> Iterator[Slip]:
    if node.attr == "T":
        yield "transposed", node.value
    if node.attr in ("data", "grad") and isinstance(node.ctx, ast.Load):
        yield "variable", ast.Attribute(node.value, "grad" if node.attr == "data" else "data", ast.Load())
    for other in _REDUCED.get(node.attr, ()) + _TWINS.get(node.attr, ()):
        yield "function", ast.Attribute(node.value, other, ast.Load())


def _of_call(node: ast.Call) -> Iterator[Slip]:
    if not isinstance(node.func, ast.Attribute):
        if node.args:
            yield "not_called", node.args[0]
        yield from _fewer_keywords(node)
        return
    whole, name = node.func.value, node.func.attr
    of_numpy = isinstance(whole, ast.Name) and whole.id == "np"
    first = node.args[0] if of_numpy and node.args else whole
    if name not in ("at", "append", "add"):
        yield "not_called", first
    if of_numpy and len(node.args) == 2:
        yield "swapped", ast.Call(node.func, node.args[::-1], node.keywords)
        yield "not_called", node.args[1]
    if of_numpy and name == "where" and len(node.args) == 3:
        yield "swapped", ast.Call(node.func, [node.args[0], node.args[2], node.args[1]], [])
        yield "left_out", node.args[1]
        yield "left_out", node.args[2]
        other = node.args[1]
        yield "relu_of_gradient", _np("maximum", other, ast.Constant(0))
    if name in _REDUCED and not any(keyword.arg == "axis" for keyword in node.keywords):
        for axis in (0, 1):
            yield "axis", ast.Call(node.func, node.args, [*node.keywords, _keyword("axis", axis)])
    yield from _fewer_keywords(node)


def _fewer_keywords(node: ast.Call) -> Iterator[Slip]:
    for at in range(len(node.keywords)):
        yield "keyword", ast.Call(node.func, node.args, node.keywords[:at] + node.keywords[at + 1 :])


def _keyword(name: str, value: int) -> ast.keyword:
    return ast.keyword(name, ast.Constant(value))


def _of_keyword(node: ast.keyword) -> Iterator[Slip]:
    match node:
        case ast.keyword(arg="axis", value=ast.Constant(value=int() as axis)):
            yield from (("axis", _keyword("axis", other)) for other in (0, 1, -1) if other != axis)
        case ast.keyword(arg="axis", value=ast.UnaryOp()):
            yield from (("axis", _keyword("axis", other)) for other in (0, 1))
        case ast.keyword(arg="axis"):
            yield from (("axis", _keyword("axis", other)) for other in (0, 1, -1))
        case ast.keyword(arg="keepdims", value=ast.Constant(value=bool() as kept)):
            yield "keyword", ast.keyword("keepdims", ast.Constant(not kept))


def _of_constant(node: ast.Constant) -> Iterator[Slip]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int | float):
        for other in (value + 1, value - 1, 2 * value, -value):
            if other != value:
                yield "constant", ast.Constant(other)


def _of_unary(node: ast.UnaryOp) -> Iterator[Slip]:
    if isinstance(node.op, ast.USub | ast.Not):
        yield "sign", node.operand


def _of_compare(node: ast.Compare) -> Iterator[Slip]:
    yield from (("mask", ast.Compare(node.left, [op()], node.comparators)) for op in _TURNED.get(type(node.ops[0]), ()))
    yield "mask", ast.Constant(True)


def _of_conditional(node: ast.IfExp) -> Iterator[Slip]:
    yield "mask", node.body
    yield "mask", node.orelse
    yield "mask", ast.IfExp(node.test, node.orelse, node.body)


def _of_augmented(node: ast.AugAssign) -> Iterator[Slip]:
    target, value = node.target, node.value
    yield "overwrote", ast.Assign([target], value)
    yield "left_out", []
    for op in _OPERATORS.get(type(node.op), ())[:1]:
        yield "sign", ast.AugAssign(target, op(), value)
    yield "factor_two", ast.AugAssign(target, node.op, ast.BinOp(ast.Constant(2), ast.Mult(), value))


def _of_assignment(node: ast.Assign) -> Iterator[Slip]:
    if len(node.targets) != 1:
        yield "left_out", []
        return
    target, value = node.targets[0], node.value
    yield "left_out", []
    if isinstance(target, ast.Name | ast.Subscript | ast.Attribute):
        yield "accumulated", ast.AugAssign(target, ast.Add(), value)
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, two in combinations(range(len(value.elts)), 2):
            yield "swapped", ast.Assign([target], _exchanged(value, one, two))
        return
    if isinstance(target, ast.Name):
        yield "sign", ast.Assign([target], ast.UnaryOp(ast.USub(), value))
        yield "factor_two", ast.Assign([target], ast.BinOp(ast.Constant(2), ast.Mult(), value))
    if isinstance(target, ast.Name) and isinstance(value, ast.BinOp):
        sides = [(value.left, value.right)]
        if isinstance(value.op, ast.Mult | ast.Add):
            sides.append((value.right, value.left))
        for kept, other in sides:
            if isinstance(kept, ast.Name):
                yield "aliased", [ast.Assign([target], kept), ast.AugAssign(target, value.op, other)]


def _exchanged(value: ast.Tuple, one: int, two: int) -> ast.Tuple:
    parts = list(value.elts)
    parts[one], parts[two] = parts[two], parts[one]
    return ast.Tuple(parts, ast.Load())


def _of_return(node: ast.Return) -> Iterator[Slip]:
    if isinstance(node.value, ast.Tuple):
        for one, two in combinations(range(len(node.value.elts)), 2):
            yield "return_order", ast.Return(_exchanged(node.value, one, two))


def _of_expression(node: ast.Expr) -> Iterator[Slip]:
    yield "left_out", []
    match node.value:
        case ast.Call(func=ast.Attribute(attr="at", value=ast.Attribute(attr="add")), args=[array, index, rows]):
            place = ast.Subscript(array, index, ast.Store())
            yield "fancy_index", ast.AugAssign(place, ast.Add(), rows)
            yield "fancy_index", ast.Assign([place], rows)


def _of_subscript(node: ast.Subscript) -> Iterator[Slip]:
    if isinstance(node.ctx, ast.Load):
        yield "left_out", node.value
    match node.slice:
        case ast.Tuple(elts=[one, two]):
            yield "swapped", ast.Subscript(node.value, ast.Tuple([two, one], ast.Load()), node.ctx)


def _of_if(node: ast.If) -> Iterator[Slip]:
    yield "mask", list(node.body)
    yield "left_out", list(node.orelse)


def _of_while(node: ast.While) -> Iterator[Slip]:
    yield "left_out", []


def _of_for(node: ast.For) -> Iterator[Slip]:
    yield "left_out", []
    match node.iter:
        case ast.Call(func=ast.Name(id="reversed"), args=[inner]):
            yield "order", ast.For(node.target, inner, node.body, node.orelse)


_KINDS: dict[type[ast.AST], tuple[Callable[..., Iterator[Slip]], ...]] = {
    ast.BinOp: (_of_binary,), ast.Attribute: (_of_attribute,), ast.Call: (_of_call,), ast.keyword: (_of_keyword,),
    ast.Constant: (_of_constant,), ast.UnaryOp: (_of_unary,), ast.Compare: (_of_compare,),
    ast.IfExp: (_of_conditional,), ast.AugAssign: (_of_augmented,), ast.Assign: (_of_assignment,),
    ast.Return: (_of_return,), ast.Expr: (_of_expression,), ast.Subscript: (_of_subscript,), ast.If: (_of_if,),
    ast.While: (_of_while,), ast.For: (_of_for,),
}  # fmt: skip
