"""Single changes to an expression: each is one way in which a line may have gone wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from tutor.questions.code.diagnosis.edit import USED, CodeEdit, binary, call, number
from tutor.questions.code.diagnosis.steps import reads_in

Change = Callable[[ast.expr], Iterator["CodeEdit"]]


def changes_at(node: ast.expr, names: Sequence[ast.Name]) -> Iterator[CodeEdit]:
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
            yield from of_calls(node)
        case ast.Attribute(value=inner, attr="T"):
            yield CodeEdit("extra_transpose", node, inner, "{0} should not be transposed",
                       "Which shapes have to fit here?")  # fmt: skip
    yield from _of_any(node)


def _of_names(node: ast.Name, names: Sequence[ast.Name]) -> Iterator[CodeEdit]:
    for other in names:
        if other.id != node.id:
            yield CodeEdit("name", node, other, USED)


def _of_signs(node: ast.expr) -> Iterator[CodeEdit]:
    asks = "If it grows a little, does the output rise or fall?"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = node.operand
        yield CodeEdit("extra_sign", node, inner, "the minus in {0} should not be there", asks, 0)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
            bracketed = binary(ast.UnaryOp(ast.USub(), inner.left), inner.op, inner.right)
            yield CodeEdit("brackets", node, bracketed, USED, "Which is done first, the minus or **?")
    elif not isinstance(node, ast.Constant) or isinstance(node.value, float | int):
        negative = ast.UnaryOp(ast.USub(), node)
        yield CodeEdit("sign_flipped", node, negative, "a minus sign is missing", asks)


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
    "***": "product_for_power",
}  # fmt: skip


def _of_binaries(node: ast.BinOp) -> Iterator[CodeEdit]:
    left, op, right = node.left, node.op, node.right
    for swap in _SWAPS.get(type(op), ()):
        mine, theirs = _SIGNS[type(op)], _SIGNS[swap]
        kind = "power_for_product" if mine == "**" else _SWAP_KINDS.get(mine + theirs, "operator")
        made = binary(left, swap(), right)
        said = f"it has {mine} instead of {theirs} in {{0}}"
        asks = "What does // do with the decimals?" if mine == "//" else ""
        yield CodeEdit(kind, node, made, said, asks, 2 if kind == "matmul_for_star" else 1)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        made = binary(right, op, left)
        kind = "matmul_order" if isinstance(op, ast.MatMult) else "swapped"
        asks = "Which shapes have to fit?" if kind == "matmul_order" else "Which of the two comes first?"
        yield CodeEdit(kind, node, made, "it has {0} instead of {1}", asks)
    if isinstance(op, ast.MatMult):
        yield from _of_products(node)
    if isinstance(op, ast.Mult | ast.Add | ast.Sub | ast.Div):
        yield from _of_parts(node)
    yield from _of_brackets(node)
    if isinstance(op, ast.Pow) and isinstance(right, ast.Constant) and isinstance(right.value, int | float):
        yield CodeEdit("power_lost", node, left, "{0} should not be raised to a power", "", 2)


def _of_products(node: ast.BinOp) -> Iterator[CodeEdit]:
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
                yield CodeEdit("matmul_order" if order else "no_transpose", node, made,
                           "it has {0} instead of {1}", "Which shapes have to fit?", 2)  # fmt: skip


def _turned(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _of_parts(node: ast.BinOp) -> Iterator[CodeEdit]:
    """One of two parts is too much."""
    what = "factor" if isinstance(node.op, ast.Mult | ast.Div) else "term"
    pairs = [(node.left, node.right)]
    if not isinstance(node.op, ast.Div | ast.Sub):
        pairs.append((node.right, node.left))
    for kept, dropped in pairs:
        sign = "the divisor" if isinstance(node.op, ast.Div) else f"the {what}"
        said = sign + " {factor} should not be in {1}"
        yield CodeEdit(f"extra_{what}", node, kept, said, "Where does it come from?", 1, shown=(dropped, node))


_ORDER = "In which order are the operations done?"


def _of_brackets(node: ast.BinOp) -> Iterator[CodeEdit]:
    """Brackets that are missing, or stand in the wrong place: the same signs, done in another order."""
    for made in _regrouped(node):
        yield CodeEdit("brackets", node, made, USED, _ORDER)
    left = node.left
    if isinstance(left, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.right, ast.Constant):
        power = binary(left.left, left.op, binary(left.right, ast.Pow(), node.right))
        yield CodeEdit("product_for_power", node, power, USED, "Which operator raises to a power?")
    if isinstance(left, ast.UnaryOp) and isinstance(node.op, ast.Pow):
        outside = ast.UnaryOp(left.op, binary(left.operand, node.op, node.right))
        yield CodeEdit("brackets", node, outside, USED, "Which is done first, the minus or **?")


def _regrouped(node: ast.BinOp) -> Iterator[ast.expr]:
    left, op, right = node.left, node.op, node.right
    adds = ast.Add | ast.Sub
    if isinstance(left, ast.BinOp):
        yield binary(left.left, left.op, binary(left.right, op, right))
        if isinstance(op, ast.Mult) and isinstance(left.op, ast.Div):
            yield binary(left.left, ast.Div(), binary(left.right, ast.Mult(), right))
        if isinstance(left.op, adds) and not isinstance(op, adds):
            yield binary(binary(left.left, op, right), left.op, left.right)
    if isinstance(right, ast.BinOp):
        yield binary(binary(left, op, right.left), right.op, right.right)
        if isinstance(left, ast.BinOp) and isinstance(op, adds):
            yield binary(binary(left.left, left.op, binary(left.right, op, right.left)), right.op, right.right)
        if isinstance(right.op, adds) and not isinstance(op, adds):
            yield binary(right.left, right.op, binary(left, op, right.right))


def _of_constants(node: ast.Constant, value: float) -> Iterator[CodeEdit]:
    for other in (value - 1, value + 1, 2 * value, value / 2, -value, 1 - value):
        if other != value:
            cost = 0 if abs(other - value) == 1 else 2
            yield CodeEdit("constant", node, number(other), USED, "", cost)


def _of_any(node: ast.expr) -> Iterator[CodeEdit]:
    """What may be missing around any part."""
    if not reads_in(node):
        return
    yield CodeEdit("no_transpose", node, _turned(node), "{0} should be transposed",
               "Which shapes have to fit here?")  # fmt: skip
    one_minus = binary(number(1), ast.Sub(), node)
    yield CodeEdit("one_minus_lost", node, one_minus, USED, "", 2)
    both = binary(node, ast.Mult(), one_minus)
    yield CodeEdit("one_minus_lost", node, both, USED, "", 2)
    for power in (2, 3):
        squared = binary(node, ast.Pow(), number(power))
        yield CodeEdit("power_missing", node, squared, USED, "", 1 if power == 2 else 2)
    for function in ("exp", "log", "sqrt", "sin", "cos", "tanh"):
        applied = call(function, node)
        yield CodeEdit("function_lost", node, applied, USED, "", 3)
    yield from _of_sums(node)


def _of_sums(node: ast.expr) -> Iterator[CodeEdit]:
    asks = "What shape does it have, and what shape should it have?"
    yield CodeEdit("not_summed", node, call("sum", node), "{0} is not summed", asks, 2)
    for axis in (0, 1):
        for keep in (False, True):
            made = call("sum", node, axis=axis, keepdims=True) if keep else call("sum", node, axis=axis)
            yield CodeEdit("not_summed", node, made, "{0} is not summed over axis " + str(axis), asks, 2)


_TWINS = {
    "sin": ("cos",), "cos": ("sin",), "exp": ("log",), "log": ("exp",), "log10": ("log",), "log2": ("log",),
    "sum": ("mean",), "mean": ("sum",), "maximum": ("minimum",), "minimum": ("maximum",), "tan": ("tanh",),
    "tanh": ("tan",), "multiply": ("matmul", "add"), "matmul": ("multiply",), "ones_like": ("zeros_like",),
    "zeros_like": ("ones_like",), "outer": ("multiply",), "max": ("sum",),
}  # fmt: skip
_TWIN_KINDS = {"log10": "log_base", "log2": "log_base", "mean": "averaged", "sum": "summed_for_mean"}
_CASTS = frozenset({"int", "astype", "round", "floor"})
_ANGLES = frozenset({"radians", "deg2rad", "degrees", "rad2deg"})


def of_calls(node: ast.Call) -> Iterator[CodeEdit]:
    """The single changes at one call."""
    word = _word(node.func)
    for twin in _TWINS.get(word, ()):
        if isinstance(node.func, ast.Attribute):
            made = ast.Call(ast.Attribute(node.func.value, twin, ast.Load()), node.args, node.keywords)
            yield CodeEdit(_TWIN_KINDS.get(word, "function"), node, made, USED)
    inner = _only_argument(node)
    if inner is not None:
        if word in _CASTS:
            yield CodeEdit("int_cast", node, inner, "{0} cuts off everything after the decimal point",
                       "What type must the numbers keep?", 0)  # fmt: skip
        elif word in _ANGLES:
            yield CodeEdit("degrees", node, inner, "{0} changes the unit of the angle",
                       "NumPy's sin and cos take radians: what is the angle in already?", 0)  # fmt: skip
        elif word in ("sum", "mean", "max"):
            yield CodeEdit("extra_sum", node, inner, "{0} adds up entries that should stay separate",
                       "Which shape does the gradient have?")  # fmt: skip
        else:
            yield CodeEdit("extra_function", node, inner, "{0} should be {1}",
                       "Has it been applied already?", 2)  # fmt: skip
        for axis in (0, 1):
            for keep in (False, True):
                if word in ("sum", "mean"):
                    made = call("sum", inner, axis=axis, keepdims=keep)
                    yield CodeEdit("wrong_axis", node, made, USED, "Along which axis was it copied?", 2)
    if any(word.arg == "dtype" for word in node.keywords):
        made = ast.Call(node.func, node.args, [word for word in node.keywords if word.arg != "dtype"])
        yield CodeEdit("int_cast", node, made, "{0} cuts off everything after the decimal point",
                   "What type must the numbers keep?", 0)  # fmt: skip


def _word(function: ast.expr) -> str:
    """The last part of a function's name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _only_argument(node: ast.Call) -> ast.expr | None:
    """What a call of one argument is applied to; the owner of a method."""
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        return node.func.value
    return node.args[0] if node.args and (len(node.args) == 1) else None


def _is_module(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")
