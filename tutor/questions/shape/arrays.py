"""What NumPy itself makes of an operation on arrays with any number of axes: a shape, an order, a view or a clash."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.gates import vocabulary
from tutor.engine.values import Shape
from tutor.language import Apply, Expression, FunctionWord, Name, Number, Vocabulary, names_in, read_expression, show

AnyArray = NDArray[Any]
IndexPart = int | slice | None | EllipsisType

MOST_LISTED = 10_000
"""Entries of an array whose order is asked, or how it lies in memory."""

MOST_ENTRIES = 5_000_000
"""Entries of an array of which only the shape is looked at, such as a batch of images."""

_MOST_WORK = 50_000_000
"""Products of entries that an operation may take."""


class ArrayTooLarge(Exception):
    """A result too large to be made."""


class ShapeClash(Exception):
    """An operation that cannot take the shapes it is given: which one, and those shapes."""

    def __init__(self, part: Apply, shapes: tuple[Shape, ...]) -> None:
        super().__init__(part.operation)
        self.part = part
        self.shapes = shapes


@dataclass(frozen=True, slots=True)
class ArrayOperation:
    """An expression over names, and what is taken of it: `a.T[:, 1:]`."""

    text: str
    tree: Expression
    index: tuple[IndexPart, ...] = ()


def _reshaped(a: AnyArray, shape: Shape) -> AnyArray:
    return np.reshape(a, shape)


def _permuted(a: AnyArray, axes: Shape | None = None) -> AnyArray:
    return np.transpose(a, axes)


def _swapped(a: AnyArray, one: AnyArray, two: AnyArray) -> AnyArray:
    return np.swapaxes(a, int(one), int(two))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.true_divide,
    "neg": np.negative,
    "pow": np.power,
    "max": np.maximum,
    "min": np.minimum,
    "exp": np.exp,
    "tanh": np.tanh,
    "abs": np.abs,
    "relu": lambda a: np.maximum(a, 0),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "matmul": np.matmul,
    "dot": np.dot,
    "outer": np.outer,
    "sum": np.sum,
    "mean": np.mean,
    "squared_norm": lambda a: np.sum(a * a),
    "transpose": np.transpose,
    "permute": _permuted,
    "swapaxes": _swapped,
    "reshape": _reshaped,
    "ravel": np.ravel,
    "copy": np.copy,
}
"""What an operation may be made of."""

BROADCAST = frozenset(("add", "sub", "mul", "div", "pow", "max", "min"))
"""Those that work entry by entry on two arrays."""

_WORDS = {
    "reshape": FunctionWord("reshape", 1, 1, ("shape",)),
    "transpose": FunctionWord("permute", 1, 1, ("axes",)),
    "swapaxes": FunctionWord("swapaxes", 3, 3),
    "ravel": FunctionWord("ravel"),
    "copy": FunctionWord("copy"),
}
_PART = re.compile(r"(-?\d*):(-?\d*)(?::(-?\d+))?")


def shown(tree: Expression) -> str:
    """The tree as text, in NumPy's words: `transpose(x, axes=…)` is called `permute` here, beside `x.T`."""
    return show(tree).replace("permute(", "transpose(")


def read_operation(text: str, names: tuple[str, ...]) -> ArrayOperation:
    """The operation in `text`. Raises Unreadable, and ValueError for what is not in the table above."""
    known = vocabulary(*names)
    words = Vocabulary({**known.functions, **_WORDS}, known.names)
    inner, index = _indexed(text)
    tree = read_expression(inner, words).tree
    _check(tree)
    return ArrayOperation(" ".join(text.split()), tree, index)


def _indexed(text: str) -> tuple[str, tuple[IndexPart, ...]]:
    """The expression, and what stands in square brackets behind it."""
    indexed = re.fullmatch(r"(.*[\w)])\[([^\[\]]*)\]\s*", text.strip(), re.DOTALL)
    if indexed is None:
        return text, ()
    return indexed[1], tuple(_index_part(part.strip()) for part in indexed[2].split(","))


def _index_part(text: str) -> IndexPart:
    if text == "...":
        return ...
    if text == "None":
        return None
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if found := _PART.fullmatch(text):
        return slice(*(int(bound) if bound else None for bound in found.groups()))
    raise ValueError(f"{text!r} is not an index: write a whole number, a slice such as 1:3, or None")


def _check(tree: Expression) -> None:
    match tree:
        case Apply(operation, arguments):
            if operation not in _FUNCTIONS:
                raise ValueError(f"{operation} is not among the operations whose shape can be asked")
            if operation == "mul" and tree.sign in ("", "·") and all(map(names_in, arguments)):
                a, b = map(show, arguments)
                raise ValueError(f"NumPy has a sign for every product: write {a} @ {b}, or {a} * {b} entry by entry")
            for argument in arguments:
                _check(argument)
        case Name() | Number():
            pass
        case _:
            raise ValueError("an operation is made of names, numbers and functions")


def run(operation: ArrayOperation, arrays: Mapping[str, AnyArray]) -> AnyArray:
    """NumPy's result. Raises Clash where shapes do not fit, IndexError for an index that is not there."""
    result = evaluated(operation.tree, arrays)
    return result[operation.index] if operation.index else result


def evaluated(tree: Expression, arrays: Mapping[str, AnyArray]) -> AnyArray:
    """The same for an expression. Raises Clash."""
    match tree:
        case Name(name):
            return arrays[name]
        case Number(value):
            return np.asarray(float(value))
        case Apply(operation, arguments, options):
            values = [evaluated(argument, arrays) for argument in arguments]
            shapes = tuple(value.shape for value in values)
            try:
                if _work(operation, shapes) > _MOST_WORK:
                    raise ArrayTooLarge
                return np.asarray(_FUNCTIONS[operation](*values, **dict(options)))
            except ValueError:
                raise ShapeClash(tree, shapes) from None
            except ArrayTooLarge:
                raise ValueError(f"the result of {shown(tree)} is larger than is needed") from None
    raise AssertionError("an operation is made of names, numbers and functions")


def _work(operation: str, shapes: tuple[Shape, ...]) -> int:
    """About how many products or entries there are in it. Raises ValueError where shapes do not fit."""
    if operation in BROADCAST:
        return math.prod(np.broadcast_shapes(*shapes))
    if operation == "outer":
        return math.prod(map(math.prod, shapes))
    if operation == "matmul" and all(shapes):
        columns = shapes[1][-1] if len(shapes[1]) > 1 else 1
        return math.prod(np.broadcast_shapes(shapes[0][:-2], shapes[1][:-2])) * math.prod(shapes[0][-2:]) * columns
    return max(map(math.prod, shapes))


def counting(shape: Shape) -> AnyArray:
    """An array of this shape with the entries 0, 1, 2, ... in row-major order; of a large one only the shape counts.

    Raises ValueError where it is too large.
    """
    if math.prod(shape) > MOST_ENTRIES:
        raise ValueError(f"an array of {math.prod(shape):,} entries is larger than is needed")
    if math.prod(shape) > MOST_LISTED:
        return np.broadcast_to(np.float64(0), shape)
    return np.arange(math.prod(shape), dtype=np.float64).reshape(shape)
