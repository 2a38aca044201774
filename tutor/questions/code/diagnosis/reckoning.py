"""The value of a Python expression, worked out by us from its syntax tree. Nothing of the learner's is executed.

Only arithmetic and the NumPy functions listed here are known; anything else raises CannotRead.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from tutor.engine.gates import CALLED_IN_NUMPY, GATES
from tutor.engine.gates.elementary import sigmoid

MOST_ENTRIES = 2_000
"""Arrays larger than this are not made."""

_MODULES = frozenset({"np", "numpy", "math"})
_CONSTANTS = {"pi": math.pi, "e": math.e, "newaxis": None}


class CannotRead(Exception):
    """Syntax, a function or shapes that are not worked out here."""


def _identity(a: Any, *_more: Any, **_options: Any) -> Any:
    return a


def _array(a: Any, dtype: Any = None) -> Any:
    made = np.asarray(a, dtype=np.float64)
    return _cast(made) if dtype in ("int", "int32", "int64") else made


def _cast(a: Any, dtype: Any = "int") -> Any:
    return np.trunc(a) if str(dtype).startswith("int") else a


def _sized(shape: Any, fill: float) -> Any:
    if math.prod(np.atleast_1d(shape).tolist()) > MOST_ENTRIES:
        raise CannotRead("too large")
    return np.full([int(size) for size in np.atleast_1d(shape)], fill)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{name: GATES[key].forward for name, key in CALLED_IN_NUMPY.items()},
    **{name: getattr(np, name) for name in (
        "exp", "log", "log2", "log10", "log1p", "expm1", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh", "abs",
        "sign", "square", "maximum", "minimum", "add", "subtract", "multiply", "divide", "power", "negative",
        "reciprocal", "matmul", "dot", "outer", "sum", "mean", "transpose", "reshape", "ravel", "expand_dims",
        "squeeze", "where", "radians", "degrees", "deg2rad", "rad2deg", "prod", "max", "min", "ndim", "size",
        "zeros_like", "ones_like", "full_like", "broadcast_to", "atleast_1d", "atleast_2d", "vdot", "inner", "shape",
        "floor_divide", "isscalar",
    )},
    "fabs": np.abs, "absolute": np.abs, "true_divide": np.divide, "pow": np.power, "amax": np.max, "amin": np.min,
    "norm": np.linalg.norm, "float64": _identity, "float": _identity, "asarray": _array, "array": _array,
    "copy": _identity, "int": _cast,
    "zeros": lambda shape: _sized(shape, 0.0), "ones": lambda shape: _sized(shape, 1.0), "len": len,
}  # fmt: skip

METHODS: dict[str, Callable[..., Any]] = {
    **{name: FUNCTIONS[name] for name in ("sum", "mean", "dot", "copy", "ravel", "squeeze", "max", "min", "prod")},
    "flatten": np.ravel,
    "reshape": lambda a, *shape: np.reshape(a, shape[0] if len(shape) == 1 else shape),
    "transpose": lambda a, *axes: np.transpose(a, axes or None),
    "astype": lambda a, dtype, **_o: _cast(a, dtype),
    "item": lambda a: np.asarray(a).item(),
}

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.Div: np.divide, ast.FloorDiv: np.floor_divide,
    ast.Mod: np.mod, ast.MatMult: np.matmul,
}  # fmt: skip
_COMPARED: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Gt: np.greater, ast.GtE: np.greater_equal, ast.Lt: np.less, ast.LtE: np.less_equal,
    ast.Eq: np.equal, ast.NotEq: np.not_equal,
}  # fmt: skip
KNOWN_HELPERS: dict[str, Callable[..., Any]] = {
    "sigmoid": sigmoid, "tanh": np.tanh, "relu": lambda a: np.maximum(a, 0), "exp": np.exp, "square": np.square,
}  # fmt: skip
"""What a learner's own helper may turn out to be."""


def function_name(node: ast.expr) -> str | None:
    """`exp` for `np.exp`, `math.exp` and `exp`, `norm` for `np.linalg.norm`; None for what is no such name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = node.value
        if isinstance(owner, ast.Attribute) and owner.attr == "linalg":
            owner = owner.value
        if isinstance(owner, ast.Name) and owner.id in _MODULES:
            return node.attr
    return None


class AstInterpreter:
    """Works out expressions. `helpers` are functions of the learner's that are known for what they are."""

    def __init__(self, helpers: Mapping[str, Callable[..., Any]] | None = None) -> None:
        self._helpers = dict(helpers or {})
        self._memo: dict[int, Any] = {}

    def remember(self, expression: ast.expr, at: Mapping[str, Any]) -> None:
        """Work out every part of an expression once. It must be kept, unchanged, as long as it is remembered."""
        memo: dict[int, Any] = {}
        for part in ast.walk(expression):
            if isinstance(part, ast.expr):
                with suppress(CannotRead):
                    memo[id(part)] = self.value(part, at)
        self._memo = memo

    def forget(self) -> None:
        """Work out everything anew."""
        self._memo = {}

    def helper(self, name: str) -> Callable[..., Any] | None:
        """What a helper of the learner's is known to compute."""
        return self._helpers.get(name)

    def value(self, node: ast.expr, at: Mapping[str, Any]) -> Any:
        """The value with these values for its names. Raises CannotRead."""
        with np.errstate(all="ignore"):
            return self.quietly(node, at)

    def quietly(self, node: ast.expr, at: Mapping[str, Any]) -> Any:
        """`value`, where NumPy's warnings are off already."""
        try:
            return self._value(node, at)
        except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
            raise CannotRead(str(error)) from error

    def _value(self, node: ast.expr, at: Mapping[str, Any]) -> Any:
        if id(node) in self._memo:
            return self._memo[id(node)]
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return value
            case ast.Name(id=name):
                return at[name] if name in at else _type_name(name)
            case ast.BinOp(left=left, op=op, right=right):
                return self._binary(op, self._value(left, at), self._value(right, at))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as sign, operand=operand):
                value = self._value(operand, at)
                return -value if isinstance(sign, ast.USub) else value
            case ast.Compare(left=left, ops=[op], comparators=[other]):
                return _COMPARED[type(op)](self._value(left, at), self._value(other, at))
            case ast.Call():
                return self._call(node, at)
            case ast.Attribute(value=owner, attr=attribute):
                return self._attribute(node, owner, attribute, at)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self._value(part, at) for part in parts)
            case ast.Subscript(value=owner, slice=index):
                return self._value(owner, at)[self._index(index, at)]
            case ast.IfExp(test=test, body=body, orelse=other):
                return self._value(body if bool(self._value(test, at)) else other, at)
        raise CannotRead(type(node).__name__)

    def _binary(self, op: ast.operator, left: Any, right: Any) -> Any:
        if isinstance(op, ast.Pow):
            made = np.power(np.asarray(left, dtype=np.float64), right)
        else:
            made = _BINARY[type(op)](left, right)
        if np.size(made) > MOST_ENTRIES:
            raise CannotRead("too large")
        return made

    def _call(self, node: ast.Call, at: Mapping[str, Any]) -> Any:
        name = function_name(node.func)
        arguments = [self._value(argument, at) for argument in node.args]
        options = {str(word.arg): self._value(word.value, at) for word in node.keywords}
        if isinstance(node.func, ast.Name) and node.func.id in self._helpers:
            made = self._helpers[node.func.id](*arguments, **options)
        elif name in FUNCTIONS:
            made = FUNCTIONS[str(name)](*arguments, **options)
        elif isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            made = METHODS[node.func.attr](self._value(node.func.value, at), *arguments, **options)
        else:
            raise CannotRead(ast.unparse(node.func))
        if np.size(made) > MOST_ENTRIES:
            raise CannotRead("too large")
        return made

    def _attribute(self, node: ast.expr, owner: ast.expr, attribute: str, at: Mapping[str, Any]) -> Any:
        if isinstance(owner, ast.Name) and owner.id in _MODULES:
            return _CONSTANTS[attribute] if attribute in _CONSTANTS else _type_name(attribute)
        value = np.asarray(self._value(owner, at))
        match attribute:
            case "T":
                return value.T
            case "shape" | "size" | "ndim":
                return getattr(value, attribute)
        raise CannotRead(attribute)

    def _index(self, node: ast.expr, at: Mapping[str, Any]) -> Any:
        match node:
            case ast.Slice():
                ends = (node.lower, node.upper, node.step)
                return slice(*(None if end is None else self._value(end, at) for end in ends))
            case ast.Tuple(elts=parts):
                return tuple(self._index(part, at) for part in parts)
            case ast.Constant(value=value) if value is Ellipsis:
                return Ellipsis
        return self._value(node, at)


def _type_name(name: str) -> str:
    """`int` and `np.float64` as arguments."""
    if name.startswith(("int", "float")):
        return name
    raise CannotRead(name)
