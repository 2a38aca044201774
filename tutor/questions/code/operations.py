"""The operations of the harness `op`: what they compute, what their backward returns, what they are tried on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutor.engine.values import Shape, Value

Keywords = Mapping[str, int]


@dataclass(frozen=True)
class Case:
    """The shapes of the arguments of one call, and its keyword arguments."""

    shapes: tuple[Shape, ...]
    keywords: Keywords = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One operation.

    `forward` takes the arguments; `vjps` takes the upstream, then the arguments, and gives a gradient for each that
    has not yet been summed back to its shape. Both take the keyword arguments by name.
    """

    class_name: str
    title: str
    arguments: tuple[str, ...]
    forward: Callable[..., Any]
    vjps: Callable[..., tuple[Any, ...]]
    keeps: tuple[str, ...]
    """What the worked backward needs: names of arguments, of the output, or `name.shape`."""
    code: str
    code_vjps: tuple[str, ...]
    """The same written out; what `keeps` names goes by those names (`x_shape` for `x.shape`)."""
    cases: tuple[Case, ...]
    broadcast_cases: tuple[Case, ...] = ()
    keywords: tuple[str, ...] = ()
    principle: str = ""

    def output(self, arguments: tuple[Value, ...], keywords: Keywords) -> Value:
        """What forward returns."""
        value: Value = self.forward(*arguments, **keywords)
        return float(value) if np.ndim(value) == 0 else value


def _cases(*shapes: tuple[Shape, ...]) -> tuple[Case, ...]:
    return tuple(Case(each) for each in shapes)


_ALIKE = _cases(*((shape, shape) for shape in ((2, 3), (3,), (4, 1), (1,), (2, 1, 3), (1, 1))))
_STRETCHED = _cases(
    ((2, 3), (3,)), ((3,), (2, 3)), ((2, 1), (1, 3)), ((3, 2), ()), ((4, 1, 2), (3, 1)), ((), (2,)), ((2, 3), (2, 3))
)  # fmt: skip
_PRODUCTS = _cases(
    ((3, 3), (3, 3)), ((2, 3), (3, 4)), ((3, 2), (2, 1)), ((1, 3), (3, 2)), ((4, 1), (1, 2)), ((1, 1), (1, 1))
)  # fmt: skip
_BATCHES = _cases(
    ((2, 3, 3), (3, 3)), ((5, 2, 3), (3, 4)), ((2, 3), (4, 3, 1)), ((1, 2, 3), (4, 3, 2)), ((2, 1, 2, 3), (4, 3, 2)),
    ((2, 3), (3, 4)),
)  # fmt: skip


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(x)))


def _turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _expand(x: Any, *, axis: int, repeats: int) -> Any:
    return np.repeat(x, repeats, axis=axis)


OPERATIONS: dict[str, Entry] = {
    "plus": Entry(
        class_name="Plus",
        title="the sum a + b, entry by entry",
        arguments=("a", "b"),
        forward=np.add,
        vjps=lambda u, _a, _b: (u, u),
        keeps=(),
        code="a + b",
        code_vjps=("goutput", "goutput"),
        cases=_ALIKE,
        broadcast_cases=_STRETCHED,
        principle="A sum moves by as much as either of its arguments does: the local derivatives are 1.",
    ),
    "sub": Entry(
        class_name="Sub",
        title="the difference a - b, entry by entry",
        arguments=("a", "b"),
        forward=np.subtract,
        vjps=lambda u, _a, _b: (u, -np.asarray(u)),
        keeps=(),
        code="a - b",
        code_vjps=("goutput", "-goutput"),
        cases=_ALIKE,
        broadcast_cases=_STRETCHED,
        principle="When b rises, a - b falls by as much: the local derivatives are 1 and -1.",
    ),
    "mul": Entry(
        class_name="Mul",
        title="the product a * b, entry by entry",
        arguments=("a", "b"),
        forward=np.multiply,
        vjps=lambda u, a, b: (u * b, u * a),
        keeps=("a", "b"),
        code="a * b",
        code_vjps=("goutput * b", "goutput * a"),
        cases=_ALIKE,
        broadcast_cases=_STRETCHED,
        principle="How fast a product moves with one factor is the other factor.",
    ),
    "div": Entry(
        class_name="Div",
        title="the quotient a / b, entry by entry",
        arguments=("a", "b"),
        forward=np.divide,
        vjps=lambda u, a, b: (u / b, -u * a / np.square(b)),
        keeps=("a", "b"),
        code="a / b",
        code_vjps=("goutput / b", "-goutput * a / b**2"),
        cases=_ALIKE,
        broadcast_cases=_STRETCHED,
        principle="a / b is a times 1/b: its local derivatives are 1/b and -a/b².",
    ),
    "matmul": Entry(
        class_name="MatMul",
        title="the matrix product a @ b",
        arguments=("a", "b"),
        forward=np.matmul,
        vjps=lambda u, a, b: (u @ _turned(b), _turned(a) @ u),
        keeps=("a", "b"),
        code="a @ b",
        code_vjps=("goutput @ np.swapaxes(b, -1, -2)", "np.swapaxes(a, -1, -2) @ goutput"),
        cases=_PRODUCTS,
        broadcast_cases=_BATCHES,
        principle="Each gradient is a matrix product with the other factor transposed; the shapes say on which side.",
    ),
    "sigmoid": Entry(
        class_name="Sigmoid",
        title="the sigmoid 1 / (1 + exp(-x)), entry by entry",
        arguments=("x",),
        forward=_sigmoid,
        vjps=lambda u, x: (u * _sigmoid(x) * (1 - _sigmoid(x)),),
        keeps=("out",),
        code="1 / (1 + np.exp(-x))",
        code_vjps=("goutput * out * (1 - out)",),
        cases=_cases(((2, 3),), ((3,),), ((1,),), ((4, 1),), ((2, 1, 3),), ((1, 1),)),
        principle="The slope of the sigmoid follows from its own output: out (1 - out).",
    ),
    "row-sum": Entry(
        class_name="RowSum",
        title="the sum of each row of the matrix x: shape (n, m) gives shape (n,)",
        arguments=("x",),
        forward=lambda x: np.sum(x, axis=1),
        vjps=lambda u, x: (np.broadcast_to(np.asarray(u)[:, None], np.shape(x)),),
        keeps=("x.shape",),
        code="x.sum(axis=1)",
        code_vjps=("goutput[:, None] * np.ones(x_shape)",),
        cases=_cases(((3, 3),), ((2, 3),), ((3, 2),), ((1, 4),), ((4, 1),), ((1, 1),)),
        principle="Every entry of a row moves that row's sum by as much as itself: its local derivative is 1.",
    ),
    "expand": Entry(
        class_name="Expand",
        title="x with its axis of size 1 copied `repeats` times",
        arguments=("x",),
        forward=_expand,
        vjps=lambda u, _x, *, axis, **_repeats: (np.sum(u, axis=axis, keepdims=True),),
        keeps=("axis",),
        code="np.repeat(x, repeats, axis=axis)",
        code_vjps=("goutput.sum(axis=axis, keepdims=True)",),
        cases=(
            Case(((3, 1),), {"axis": 1, "repeats": 4}),
            Case(((1, 3),), {"axis": 0, "repeats": 2}),
            Case(((2, 1, 3),), {"axis": 1, "repeats": 5}),
            Case(((1,),), {"axis": 0, "repeats": 3}),
            Case(((1, 1),), {"axis": 1, "repeats": 3}),
            Case(((2, 1),), {"axis": 1, "repeats": 1}),
        ),
        keywords=("axis", "repeats"),
        principle="Each entry is used once for every copy. A value used several times gets the sum of their gradients.",
    ),
}  # fmt: skip
