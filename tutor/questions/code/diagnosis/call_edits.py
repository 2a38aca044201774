"""Single changes to a call of a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tutor.questions.code.diagnosis.edit import USED, Edit, call

_TWINS = {
    "sin": ("cos",), "cos": ("sin",), "exp": ("log",), "log": ("exp",), "log10": ("log",), "log2": ("log",),
    "sum": ("mean",), "mean": ("sum",), "maximum": ("minimum",), "minimum": ("maximum",), "tan": ("tanh",),
    "tanh": ("tan",), "multiply": ("matmul", "add"), "matmul": ("multiply",), "ones_like": ("zeros_like",),
    "zeros_like": ("ones_like",), "outer": ("multiply",), "max": ("sum",),
}  # fmt: skip
_TWIN_KINDS = {"log10": "log_base", "log2": "log_base", "mean": "averaged", "sum": "summed_for_mean"}
_CASTS = frozenset({"int", "astype", "round", "floor"})
_ANGLES = frozenset({"radians", "deg2rad", "degrees", "rad2deg"})


def of_calls(node: ast.Call) -> Iterator[Edit]:
    """The single changes at one call."""
    word = _word(node.func)
    for twin in _TWINS.get(word, ()):
        if isinstance(node.func, ast.Attribute):
            made = ast.Call(ast.Attribute(node.func.value, twin, ast.Load()), node.args, node.keywords)
            yield Edit(_TWIN_KINDS.get(word, "function"), node, made, USED)
    inner = _only_argument(node)
    if inner is not None:
        if word in _CASTS:
            yield Edit("int_cast", node, inner, "{0} cuts off everything after the decimal point",
                       "What type must the numbers keep?", 0)  # fmt: skip
        elif word in _ANGLES:
            yield Edit("degrees", node, inner, "{0} changes the unit of the angle",
                       "NumPy's sin and cos take radians: what is the angle in already?", 0)  # fmt: skip
        elif word in ("sum", "mean", "max"):
            yield Edit("extra_sum", node, inner, "{0} adds up entries that should stay separate",
                       "Which shape does the gradient have?")  # fmt: skip
        else:
            yield Edit("extra_function", node, inner, "{0} should be {1}",
                       "Has it been applied already?", 2)  # fmt: skip
        for axis in (0, 1):
            for keep in (False, True):
                if word in ("sum", "mean"):
                    made = call("sum", inner, axis=axis, keepdims=keep)
                    yield Edit("wrong_axis", node, made, USED, "Along which axis was it copied?", 2)
    if any(word.arg == "dtype" for word in node.keywords):
        made = ast.Call(node.func, node.args, [word for word in node.keywords if word.arg != "dtype"])
        yield Edit("int_cast", node, made, "{0} cuts off everything after the decimal point",
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
