"""Single changes to an expression: each is one way in which a line may have gone wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tutor.questions.code.diagnosis.steps import written

Change = Callable[[ast.expr], Iterator["Edit"]]


@dataclass(frozen=True)
class Edit:
    """What stands in the code, what belongs there, and what kind of slip that is.

    `clause` follows the name of the variable: `it used b where a belongs`. The lower the `cost`, the likelier.
    """

    kind: str
    old: ast.expr
    new: ast.expr
    clause: str
    asks: str = ""
    cost: int = 1


def _used(old: ast.expr, new: ast.expr) -> str:
    return f"it used {written(old)} where {written(new)} belongs"


def number(value: float) -> ast.Constant:
    """A constant."""
    return ast.Constant(int(value) if value == int(value) else value)


def binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    """Two expressions joined."""
    return ast.BinOp(left, op, right)


def call(name: str, *arguments: ast.expr, **options: int | bool) -> ast.Call:
    """`np.sum(a, axis=0)` and the like."""
    words = [ast.keyword(key, ast.Constant(value)) for key, value in options.items()]
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(arguments), words)


def changes_at(node: ast.expr, names: Sequence[ast.Name]) -> Iterator[Edit]:
    """The single changes at one node. `names` may stand for a name."""
    yield from _of_signs(node)
    match node:
        case ast.Name():
            yield from _of_names(node, names)
        case ast.BinOp():
            yield from _of_binaries(node)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield from _of_constants(node, float(value))
        case ast.Call():
            yield from _of_calls(node)
        case ast.Attribute(value=inner, attr="T"):
            yield Edit("extra_transpose", node, inner, f"{written(node)} is transposed where it should not be",
                       "Which shapes have to fit here?")  # fmt: skip
    yield from _of_any(node)


def _of_names(node: ast.Name, names: Sequence[ast.Name]) -> Iterator[Edit]:
    for other in names:
        if other.id != node.id:
            yield Edit("name", node, other, _used(node, other))


def _of_signs(node: ast.expr) -> Iterator[Edit]:
    asks = "If it grows a little, does the output rise or fall?"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        yield Edit("extra_sign", node, inner, f"the minus of {written(node)} is too much", asks)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
            bracketed = binary(ast.UnaryOp(ast.USub(), inner.left), inner.op, inner.right)
            yield Edit("brackets", node, bracketed, _used(node, bracketed), "Which is done first, the minus or **?")
    elif not isinstance(node, ast.Constant) or isinstance(node.value, float | int):
        negative = ast.UnaryOp(ast.USub(), node)
        yield Edit("sign_flipped", node, negative, "a minus sign is missing", asks, 2)


_SWAPS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Div, ast.MatMult, ast.Add, ast.Pow),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.MatMult: "@", ast.Pow: "**",
    ast.Mod: "%",
}  # fmt: skip
_SWAP_KINDS = {
    "///": "integer_division", "*@": "star_for_matmul", "@*": "matmul_for_star", "+-": "sign_flipped",
    "-+": "sign_flipped", "*/": "multiplied_for_divided", "/*": "divided_for_multiplied",
    "+*": "added_for_multiplied", "*+": "multiplied_for_added", "-*": "added_for_multiplied",
    "***": "product_for_power", "**\x00*": "power_for_product",
}  # fmt: skip


def _of_binaries(node: ast.BinOp) -> Iterator[Edit]:
    left, op, right = node.left, node.op, node.right
    for swap in _SWAPS.get(type(op), ()):
        mine, theirs = _SIGNS[type(op)], _SIGNS[swap]
        kind = "power_for_product" if mine == "**" else _SWAP_KINDS.get(mine + theirs, "operator")
        made = binary(left, swap(), right)
        said = f"it has {mine} where {theirs} belongs, in {written(node)}"
        asks = "What does // do with the part behind the point?" if mine == "//" else ""
        yield Edit(kind, node, made, said, asks)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        made = binary(right, op, left)
        kind = "matmul_order" if isinstance(op, ast.MatMult) else "swapped"
        yield Edit(kind, node, made, f"it has {written(node)} where {written(made)} belongs",
                   "Which shapes have to fit?" if kind == "matmul_order" else "Which of the two comes first?")  # fmt: skip
    if isinstance(op, ast.MatMult):
        yield from _of_products(node)
    if isinstance(op, ast.Mult | ast.Add | ast.Sub | ast.Div):
        yield from _of_parts(node)
    yield from _of_brackets(node)
    if isinstance(op, ast.Pow) and isinstance(right, ast.Constant) and isinstance(right.value, int | float):
        yield Edit("power_lost", node, left, f"{written(node)} should not be raised to a power", "", 2)


def _of_products(node: ast.BinOp) -> Iterator[Edit]:
    """Transposes and the order at a matrix product, two at once: they are often confused together."""
    left, right = node.left, node.right
    for first in (left, _turned(left)):
        for second in (right, _turned(right)):
            for one, two in ((first, second), (second, first)):
                made = binary(one, ast.MatMult(), two)
                turned = (first is not left) + (second is not right)
                order = one is second
                if turned + order < 2:
                    continue
                yield Edit("matmul_order" if order else "no_transpose", node, made,
                           f"it has {written(node)} where {written(made)} belongs", "Which shapes have to fit?", 2)  # fmt: skip


def _turned(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _of_parts(node: ast.BinOp) -> Iterator[Edit]:
    """One of two parts is too much."""
    what = "factor" if isinstance(node.op, ast.Mult | ast.Div) else "term"
    pairs = [(node.left, node.right)]
    if not isinstance(node.op, ast.Div | ast.Sub):
        pairs.append((node.right, node.left))
    for kept, dropped in pairs:
        sign = "the divisor" if isinstance(node.op, ast.Div) else f"the {what}"
        said = f"{sign} {written(dropped)} is too much in {written(node)}"
        yield Edit(f"extra_{what}", node, kept, said, "Where does it come from?", 2)


def _of_brackets(node: ast.BinOp) -> Iterator[Edit]:
    """(a ∘ b) • c for a ∘ (b • c), as when brackets are left out."""
    left, right = node.left, node.right
    if isinstance(left, ast.BinOp):
        inner = binary(left.right, node.op, right)
        made = binary(left.left, left.op, inner)
        yield Edit("brackets", node, made, _used(node, made), "In which order are the operations done?")
        if isinstance(node.op, ast.Mult) and isinstance(left.op, ast.Div):
            made = binary(left.left, ast.Div(), binary(left.right, ast.Mult(), right))
            yield Edit("brackets", node, made, _used(node, made), "In which order are the operations done?")
    if isinstance(right, ast.BinOp):
        made = binary(binary(left, node.op, right.left), right.op, right.right)
        yield Edit("brackets", node, made, _used(node, made), "In which order are the operations done?")
        if isinstance(node.op, ast.Mult | ast.Div) and isinstance(right.op, ast.Mult | ast.Div):
            return
    if isinstance(left, ast.UnaryOp) and isinstance(node.op, ast.Pow):
        made_sign = ast.UnaryOp(left.op, binary(left.operand, node.op, right))
        yield Edit("brackets", node, made_sign, _used(node, made_sign), "Which is done first, the minus or **?")


def _of_constants(node: ast.Constant, value: float) -> Iterator[Edit]:
    for other in (value - 1, value + 1, 2 * value, value / 2, -value, 1 - value):
        if other != value:
            yield Edit("constant", node, number(other), _used(node, number(other)), "", 2)


_TWINS = {
    "sin": ("cos",), "cos": ("sin",), "exp": ("log",), "log": ("exp",), "log10": ("log",), "log2": ("log",),
    "sum": ("mean",), "mean": ("sum",), "maximum": ("minimum",), "minimum": ("maximum",), "tan": ("tanh",),
    "tanh": ("tan",), "multiply": ("matmul", "add"), "matmul": ("multiply",), "ones_like": ("zeros_like",),
    "zeros_like": ("ones_like",), "outer": ("multiply",), "max": ("sum",),
}  # fmt: skip
_TWIN_KINDS = {"log10": "log_base", "log2": "log_base", "mean": "averaged", "sum": "summed_for_mean"}
_CASTS = frozenset({"int", "astype", "round", "floor"})
_ANGLES = frozenset({"radians", "deg2rad", "degrees", "rad2deg"})


def _of_calls(node: ast.Call) -> Iterator[Edit]:
    word = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if _named(node.func) else ""
    for twin in _TWINS.get(word, ()) if isinstance(node.func, ast.Attribute) else ():
        made = ast.Call(ast.Attribute(node.func.value, twin, ast.Load()), node.args, node.keywords)
        yield Edit(_TWIN_KINDS.get(word, "function"), node, made, _used(node, made))
    inner = _only_argument(node)
    if inner is not None:
        if word in _CASTS:
            yield Edit("int_cast", node, inner, f"{written(node)} cuts off everything behind the point",
                       "Which type do the numbers have to keep?", 0)  # fmt: skip
        elif word in _ANGLES:
            yield Edit("degrees", node, inner, f"{written(node)} changes the unit of the angle",
                       "NumPy's sin and cos take radians: what is the angle in already?", 0)  # fmt: skip
        elif word in ("sum", "mean", "max"):
            yield Edit("extra_sum", node, inner, f"{written(node)} adds up entries that stay apart",
                       "Which shape does the gradient have?")  # fmt: skip
        else:
            yield Edit("extra_function", node, inner, f"{written(node)} applies {word} where {written(inner)} belongs",
                       "Has it been applied already?", 2)  # fmt: skip
        for axis in (0, 1):
            for keep in (False, True):
                if word in ("sum", "mean"):
                    made = call("sum", inner, axis=axis, keepdims=keep)
                    yield Edit("wrong_axis", node, made, _used(node, made), "Along which axis was it copied?", 2)
    if any(word.arg == "dtype" for word in node.keywords):
        made = ast.Call(node.func, node.args, [word for word in node.keywords if word.arg != "dtype"])
        yield Edit("int_cast", node, made, f"{written(node)} cuts off everything behind the point",
                   "Which type do the numbers have to keep?", 0)  # fmt: skip


def _named(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _only_argument(node: ast.Call) -> ast.expr | None:
    """What a call of one argument is applied to; the owner of a method."""
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        return node.func.value
    return node.args[0] if node.args and (len(node.args) == 1) else None


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")


def _of_any(node: ast.expr) -> Iterator[Edit]:
    """What may be missing around any part."""
    if isinstance(node, ast.Constant):
        return
    yield Edit("no_transpose", node, _turned(node), f"{written(node)} has to be transposed",
               "Which shapes have to fit here?")  # fmt: skip
    one_minus = binary(number(1), ast.Sub(), node)
    yield Edit("one_minus_lost", node, one_minus, _used(node, one_minus), "", 2)
    both = binary(node, ast.Mult(), one_minus)
    yield Edit("one_minus_lost", node, both, _used(node, both), "", 2)
    for power in (2, 3):
        squared = binary(node, ast.Pow(), number(power))
        yield Edit("power_missing", node, squared, _used(node, squared), "", 2)
    for function in ("exp", "log", "sqrt", "sin", "cos", "tanh"):
        applied = call(function, node)
        yield Edit("function_lost", node, applied, _used(node, applied), "", 3)
    yield from _of_sums(node)


def _of_sums(node: ast.expr) -> Iterator[Edit]:
    whole = call("sum", node)
    asks = "Which shape does it have, and which shape should it have?"
    yield Edit("not_summed", node, whole, f"{written(node)} is not summed", asks)
    for axis in (0, 1):
        for keep in (False, True):
            made = call("sum", node, axis=axis, keepdims=True) if keep else call("sum", node, axis=axis)
            yield Edit("not_summed", node, made, f"{written(node)} is not summed over axis {axis}", asks)
