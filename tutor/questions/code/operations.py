"""The operations of the harness `op`: what they compute, what their backward returns, what they are tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutor.engine.values import Shape, Value

Keywords = Mapping[str, int]


@dataclass(frozen=True)
class OperationCase:
    """The shapes of the arguments of one call, and its keyword arguments."""

    shapes: tuple[Shape, ...]
    keywords: Keywords = field(default_factory=dict)


@dataclass(frozen=True)
class OperationEntry:
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
    cases: tuple[OperationCase, ...]
    broadcast_cases: tuple[OperationCase, ...] = ()
    keywords: tuple[str, ...] = ()
    principle: str = ""

    def output(self, arguments: tuple[Value, ...], keywords: Keywords) -> Value:
        """What forward returns."""
        value: Value = self.forward(*arguments, **keywords)
        return float(value) if np.ndim(value) == 0 else value


def _cases(*shapes: tuple[Shape, ...]) -> tuple[OperationCase, ...]:
    return tuple(OperationCase(each) for each in shapes)


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


OPERATIONS: dict[str, OperationEntry] = {
    "plus": OperationEntry(
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
    "sub": OperationEntry(
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
    "mul": OperationEntry(
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
    "div": OperationEntry(
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
    "matmul": OperationEntry(
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
    "sigmoid": OperationEntry(
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
    "row-sum": OperationEntry(
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
    "expand": OperationEntry(
        class_name="Expand",
        title="x with its axis of size 1 copied `repeats` times",
        arguments=("x",),
        forward=_expand,
        vjps=lambda u, _x, *, axis, **_repeats: (np.sum(u, axis=axis, keepdims=True),),
        keeps=("axis",),
        code="np.repeat(x, repeats, axis=axis)",
        code_vjps=("goutput.sum(axis=axis, keepdims=True)",),
        cases=(
            OperationCase(((3, 1),), {"axis": 1, "repeats": 4}),
            OperationCase(((1, 3),), {"axis": 0, "repeats": 2}),
            OperationCase(((2, 1, 3),), {"axis": 1, "repeats": 5}),
            OperationCase(((1,),), {"axis": 0, "repeats": 3}),
            OperationCase(((1, 1),), {"axis": 1, "repeats": 3}),
            OperationCase(((2, 1),), {"axis": 1, "repeats": 1}),
        ),
        keywords=("axis", "repeats"),
        principle="Each entry is used once for every copy. A value used several times gets the sum of their gradients.",
    ),
}  # fmt: skip


Way = tuple[str, str, Any, str]
"""The argument whose gradient it is about, the mistake's name, what it leads to (None for nothing), what is said."""

_SWAP = "The local derivative of a product is the other factor, not the argument itself."
_BOTH = "That is goutput times both factors; only the other one is needed."
_NO_T = "The other factor is there, but it must be transposed."
_ORDER = "These are the right factors in the wrong order."
_NOT_ELEMENTWISE = "Forward was a matrix product: backward is one as well, not a product entry by entry."
_QUOTIENT = "The local derivative is -a / b²"
_SLOPE = "The slope out (1 - out) uses the output; here it is taken at"
_SPREAD = "Each entry of x gets a gradient: spread goutput along the rows."


def _plus(u: Any, a: Any, b: Any) -> Iterator[Way]:
    for name, other in (("a", b), ("b", a)):
        yield name, "add_splits", u / 2, "A sum does not split goutput: each argument gets all of it."
        yield name, "add_acts_like_mul", u * other, "That is the rule for a product."


def _sub(u: Any, _a: Any, _b: Any) -> Iterator[Way]:
    yield "b", "sub_lost_sign", u, "b enters with a minus: when it rises, a - b falls."
    yield "a", "sign_flipped", -np.asarray(u), "a enters with a plus."


def _mul(u: Any, a: Any, b: Any) -> Iterator[Way]:
    for name, own in (("a", a), ("b", b)):
        yield name, "mul_unswapped", u * own, _SWAP
        yield name, "mul_both_inputs", u * a * b, _BOTH


def _div(u: Any, a: Any, b: Any) -> Iterator[Way]:
    yield "a", "div_num_inverted", u * b, "a is divided by b, so its gradient is too."
    yield "b", "div_den_sign", u * a / np.square(b), "When b rises, a / b moves closer to 0: a minus is missing."
    yield "b", "div_den_no_square", -u * a / b, f"{_QUOTIENT}: the square is missing."
    yield "b", "div_den_no_square", u * a / b, f"{_QUOTIENT}: the minus and the square are missing."
    yield "b", "div_den_no_numerator", -u / np.square(b), f"{_QUOTIENT}: the factor a is missing."
    yield "b", "div_den_no_numerator", u / np.square(b), f"{_QUOTIENT}: the minus and the factor a are missing."


def _matmul(u: Any, a: Any, b: Any) -> Iterator[Way]:
    yield "a", "matmul_dA_no_T", _product(u, b), _NO_T
    yield "a", "matmul_dA_order", _product(_transposed(b), u), _ORDER
    yield "a", "matmul_dA_order", _product(b, u), f"{_ORDER} And b must be transposed."
    yield "b", "matmul_dB_no_T", _product(a, u), _NO_T
    yield "b", "matmul_dB_order", _product(u, _transposed(a)), _ORDER
    yield "b", "matmul_dB_order", _product(u, a), f"{_ORDER} And a must be transposed."
    for name, other in (("a", b), ("b", a)):
        yield name, "elementwise_for_matmul", _fitting(np.multiply, u, other), _NOT_ELEMENTWISE


def _sigmoid_slips(u: Any, x: Any) -> Iterator[Way]:
    y = 1 / (1 + np.exp(-np.asarray(x)))
    again = 1 / (1 + np.exp(-y))
    yield "x", "sigmoid_at_input", u * x * (1 - np.asarray(x)), f"{_SLOPE} the input x."
    yield "x", "sigmoid_twice", u * again * (1 - again), f"{_SLOPE} the sigmoid of the output."
    yield "x", "sigmoid_one_factor", u * y, "The factor (1 - out) is missing."
    yield "x", "sigmoid_one_factor", u * (1 - y), "The factor out is missing."


def _row_sum(u: Any, x: Any) -> Iterator[Way]:
    rows, none = np.asarray(u)[:, None], np.zeros(np.shape(x))
    yield "x", "sum_times_x", rows * x, "The slope of a sum is 1 whatever its terms: x plays no part."
    yield "x", "mean_wrong_n", rows / np.shape(x)[1] + none, "A sum does not split goutput among its terms."
    message = "Each entry gets the goutput of its own row; yours gets its column's."
    yield "x", "sum_axis_wrong_expand", _fitting(np.add, np.asarray(u)[None, :], none), message
    yield "x", "sum_scalar", u, _SPREAD
    yield "x", "sum_scalar", rows, _SPREAD


def _expand_slips(u: Any, _x: Any, *, axis: int, **_repeats: int) -> Iterator[Way]:
    yield "x", "bias_mean", np.mean(u, axis=axis, keepdims=True), "The copies' gradients are added, not averaged."
    for copy in (0, -1):
        message = "That is the gradient of one copy; those of all copies are added."
        yield "x", "bias_one_row", np.take(u, [copy], axis=axis), message
    yield "x", "bias_no_sum", u, "The sum over the copies is missing: x has one entry for all of them."


def _transposed(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _product(a: Any, b: Any) -> Any:
    return _fitting(np.matmul, a, b)


def _fitting(function: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """The function's value; None for shapes that it cannot take."""
    try:
        return function(a, b)
    except ValueError:
        return None


_WAYS: Mapping[str, Callable[..., Iterator[Way]]] = {
    "plus": _plus,
    "sub": _sub,
    "mul": _mul,
    "div": _div,
    "matmul": _matmul,
    "sigmoid": _sigmoid_slips,
    "row-sum": _row_sum,
    "expand": _expand_slips,
}


def wrong_ways(
    operation: str, upstream: Value, arguments: tuple[Value, ...], keywords: Mapping[str, int]
) -> Iterator[Way]:
    """The ways that these shapes allow. Their values are not yet summed back to the arguments' shapes."""
    return (way for way in _WAYS[operation](upstream, *arguments, **keywords) if way[2] is not None)
