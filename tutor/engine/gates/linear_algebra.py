"""Of matrices: inverse, determinant, trace, diagonal, triangles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.values import Shape, Value

_WORST_CONDITION = 1e15
"""A matrix with a larger one has no inverse as far as floats can tell."""


def _turned(a: Any) -> Any:
    return np.swapaxes(a, -1, -2)


def _square(a: Any) -> Any:
    if np.ndim(a) < 2 or np.shape(a)[-1] != np.shape(a)[-2]:
        raise ValueError("a square matrix")
    return a


def _regular(a: Any) -> bool:
    return bool(np.all(np.isfinite(a)) and np.all(np.linalg.cond(a) < _WORST_CONDITION))


def _inv(a: Any) -> Value:
    inverse: Value = np.linalg.inv(a) if _regular(_square(a)) else np.full(np.shape(a), np.nan)
    return inverse


_QUICKER = 100
"""So many multiplications in a factorisation take about as long as one number elsewhere."""


def _work(shapes: Sequence[Shape], _options: Options) -> int:
    return max(prod(shapes[0]), prod(shapes[0]) * (shapes[0] or (1,))[-1] // _QUICKER)


def _square_shape(shape: Shape) -> Shape:
    if len(shape) < 2 or shape[-1] != shape[-2]:
        raise ValueError("a square matrix")
    return shape


def _inv_vjp(u: Any, y: Any, _a: Any) -> Value:
    sent: Value = -_turned(y) @ u @ _turned(y)
    return sent


def _inv_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    y = f"{names['y']}.T" if len(shapes[0]) == 2 else f"np.swapaxes({names['y']}, -1, -2)"
    return f"-{y} @ {names['u']} @ {y}"


_SIDES = "Where is the change of {a} in the change of its inverse: on the left, on the right, or in between?"

INV_MISTAKES = (
    backward("inv_sign", 0, "y.T @ u @ y.T", "the sign was not flipped", "If {a} grows, does its inverse grow?"),
    backward("inv_no_T", 0, "-(y @ u @ y)", "the inverse was not transposed",
             "The gradient of a matrix product transposes its factors. Which of them?"),
    backward("inv_one_side", 0, "-(y.T @ u)", "the inverse is on one side only", _SIDES),
    backward("inv_other_side", 0, "-(u @ y.T)", "the inverse is on one side only", _SIDES),
    backward("inv_entrywise", 0, "-u/a^2", "that is the slope of 1/{a}, entry by entry",
             "An inverse matrix is not made of 1 over each entry. What is d(A⁻¹) in terms of dA?"),
    forward("inv_entrywise", "1/a", "that is 1 over each entry", "What should {a} @ {y} be?"),
    forward("inv_transposed", "y.T", "it was transposed", "What should {a} @ {y} be?"),
)  # fmt: skip

INV = Gate(
    key="inv",
    elementwise=False,
    title="inverse of a matrix",
    symbol="A⁻¹",
    function_words=("inv",),
    work=_work,
    shape=_square_shape,
    may_be_name=True,
    arguments=("a",),
    forward=_inv,
    vjps=(_inv_vjp,),
    downstreams=("-(inv(a).T @ u @ inv(a).T)",),
    downstreams_at=lambda shapes, _options: ("-(inv(a).T @ u @ inv(a).T)" if len(shapes[0]) == 2 else "",),
    code="np.linalg.inv({a})",
    code_vjps=(_inv_code,),
    domain=lambda a: None if _regular(a) else "the matrix has no inverse: its determinant is 0",
    pattern="An inverse sends minus the upstream between two transposed inverses: −output.T @ upstream @ output.T.",
    shape_rule="A square matrix (n, n) gives (n, n).",
    mistakes=INV_MISTAKES,
)


def _det(a: Any) -> Value:
    value: Value = np.linalg.det(_square(a))
    return value if np.ndim(value) else float(value)


def _cofactors(a: Any) -> Any:
    """det(a) times the transposed inverse, also where there is no inverse."""
    if _regular(a):
        return np.linalg.det(a)[..., None, None] * _turned(np.linalg.inv(a))
    size = np.shape(a)[-1]
    made = np.ones(np.shape(a))
    for i in range(size if size > 1 else 0):
        for j in range(size):
            minor = np.delete(np.delete(a, i, axis=-2), j, axis=-1)
            made[..., i, j] = (-1) ** (i + j) * np.linalg.det(minor)
    return made


def _det_vjp(u: Any, _y: Any, a: Any) -> Value:
    sent: Value = np.asarray(u)[..., None, None] * _cofactors(a)
    return sent


def _det_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    u, y, a = names["u"], names["y"], names["a"]
    if len(shapes[0]) == 2:
        return f"{u} * {y} * np.linalg.inv({a}).T"
    return f"({u} * {y})[..., None, None] * np.swapaxes(np.linalg.inv({a}), -1, -2)"


_COFACTOR = "How much does the determinant move when one entry of {a} moves: which smaller determinant is that?"

DET_MISTAKES = (
    backward("det_no_det", 0, "u inv(a).T", "the determinant itself is missing as a factor: that is the gradient of "
             "ln |det|", _COFACTOR),
    backward("det_no_T", 0, "u y inv(a)", "the inverse was not transposed", "The gradient has one entry for each entry "
             "of {a}. Which entry of the inverse goes to row 0, column 1?"),
    backward("det_only", 0, lambda u, y, a: np.full(np.shape(a), u * y) if np.ndim(a) == 2 else None,
             "gives the determinant to every entry", _COFACTOR),
    forward("det_plus", lambda _u, _y, a: a[0, 0] * a[1, 1] + a[0, 1] * a[1, 0] if np.shape(a) == (2, 2) else None,
            "adds the two products", "Which sign does the second diagonal have?"),
    forward("det_diagonal", lambda _u, _y, a: np.prod(np.diag(a)) if np.ndim(a) == 2 else None,
            "is the product of the diagonal", "What is subtracted from it?"),
    forward("det_sign", "-y", "it has the wrong sign", "Which of the two diagonals comes first?"),
)  # fmt: skip

DET = Gate(
    key="det",
    elementwise=False,
    title="determinant",
    symbol="det",
    function_words=("det",),
    work=_work,
    shape=lambda shape: _square_shape(shape)[:-2],
    may_be_name=True,
    arguments=("a",),
    forward=_det,
    vjps=(_det_vjp,),
    downstreams=("u det(a) inv(a).T",),
    downstreams_at=lambda shapes, _options: ("u det(a) inv(a).T" if len(shapes[0]) == 2 else "",),
    code="np.linalg.det({a})",
    code_vjps=(_det_code,),
    pattern="A determinant sends each entry the upstream times its cofactor; all cofactors together are the "
    "determinant times the transposed inverse.",
    shape_rule="A square matrix (n, n) gives a number.",
    mistakes=DET_MISTAKES,
)


def _matrix(a: Any) -> Any:
    if np.ndim(a) != 2:
        raise ValueError("a matrix")
    return a


def _ones_on_the_diagonal(shape: Shape) -> str:
    """`eye(3)`, or `eye(2, 3)` for a matrix that is not square."""
    return f"eye({shape[0]})" if shape[0] == shape[1] else f"eye({shape[0]}, {shape[1]})"


_DIAGONAL = "Which entries of {a} does {y} use?"

TRACE = Gate(
    key="tr",
    elementwise=False,
    needs_shape=True,
    title="trace",
    symbol="tr",
    function_words=("tr", "trace"),
    may_be_name=True,
    arguments=("a",),
    forward=lambda a: float(np.trace(_matrix(a))),
    vjps=(lambda u, _y, a: u * np.eye(*np.shape(a)),),
    downstreams=("u on the diagonal, 0 elsewhere",),
    downstreams_at=lambda shapes, _options: (f"u {_ones_on_the_diagonal(shapes[0])}",),
    code="np.trace({a})",
    code_vjps=(lambda names, _options, shapes: f"{names['u']} * np.{_ones_on_the_diagonal(shapes[0])}",),
    pattern="A trace is the sum of the diagonal: every entry there gets the upstream, all others get nothing.",
    shape_rule="A matrix gives a number.",
    mistakes=(
        backward("trace_as_sum", 0, lambda u, _y, a: np.full(np.shape(a), u), "gives the upstream to every entry",
                 _DIAGONAL),
        backward("trace_times_entry", 0, lambda u, _y, a: u * a * np.eye(*np.shape(a)),
                 "multiplies by the entries of the diagonal", "How much does a sum move with one of its terms?"),
        forward("trace_as_sum", lambda _u, _y, a: np.sum(a), "adds up all the entries", _DIAGONAL),
        forward("trace_as_product", lambda _u, _y, a: np.prod(np.diag(a)), "multiplies the entries of the diagonal",
                "Is a trace a sum or a product?"),
    ),
)  # fmt: skip


def _diag(a: Any) -> Value:
    if np.ndim(a) not in (1, 2):
        raise ValueError("a vector or a matrix")
    made: Value = np.diag(a).copy()
    return made


def _diag_vjp(u: Any, _y: Any, a: Any) -> Value:
    if np.ndim(a) == 1:
        sent: Value = np.diag(u).copy()
        return sent
    whole = np.zeros(np.shape(a))
    np.fill_diagonal(whole[: len(u), : len(u)], u)
    return whole


def _diag_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    shape, made = shapes[0], f"np.diag({names['u']})"
    if len(shape) == 1 or shape[0] == shape[1]:
        return made
    small = min(shape)
    return f"np.pad({made}, ((0, {shape[0] - small}), (0, {shape[1] - small})))"


def _diag_text(shapes: tuple[Shape, ...], _options: Options) -> tuple[str, ...]:
    shape = shapes[0]
    if len(shape) == 1 or shape[0] == shape[1]:
        return ("diag(u)",)
    entry = "expand_dims(u, 1)" if shape[0] < shape[1] else "u"
    return (f"{entry} {_ones_on_the_diagonal(shape)}",)


_PLACES = "Where on the diagonal is each entry, and what is beside it?"

DIAG = Gate(
    key="diag",
    elementwise=False,
    needs_shape=True,
    title="diagonal",
    symbol="diag",
    function_words=("diag",),
    work=lambda shapes, _options: shapes[0][0] ** 2 if len(shapes[0]) == 1 else prod(shapes[0]),
    may_be_name=True,
    arguments=("a",),
    forward=_diag,
    vjps=(_diag_vjp,),
    downstreams=("diag(u)",),
    downstreams_at=_diag_text,
    code="np.diag({a})",
    code_vjps=(_diag_code,),
    pattern="diag undoes itself: a vector gets the diagonal of the upstream; a matrix gets the upstream on its "
    "diagonal and 0 elsewhere.",
    shape_rule="A vector (n,) gives an (n, n) matrix with 0 beside its diagonal; a matrix gives the vector of its "
    "diagonal.",
    mistakes=(
        backward("diag_sums_rows", 0, lambda u, _y, a: np.sum(u, axis=1) if np.ndim(a) == 1 else None,
                 "adds up whole rows of the upstream", _PLACES),
        backward("diag_whole_upstream", 0, lambda u, _y, a: u if np.ndim(a) == 1 else None,
                 "is the whole upstream, with the shape of the matrix", _PLACES),
        backward("diag_copied", 0, lambda u, _y, a: np.broadcast_to(u, np.shape(a)) if np.ndim(a) == 2 and
                 np.shape(a)[1] == np.size(u) else None, "copies the upstream to every row", _PLACES),
        forward("diag_filled", lambda _u, _y, a: np.tile(a, (len(a), 1)) if np.ndim(a) == 1 else None,
                "has the vector in every row", "What is beside the diagonal?"),
        forward("diag_other", lambda _u, _y, a: np.diag(np.fliplr(a)) if np.ndim(a) == 2 else None,
                "is the other diagonal", "Does the diagonal start at the left or at the right?"),
    ),
)  # fmt: skip


def _triangle(key: str, word: str, other_key: str, function: Callable[..., Any], other: Callable[..., Any]) -> Gate:
    def triangle(a: Any, k: int = 0) -> Value:
        if np.ndim(a) < 2:
            raise ValueError("a matrix")
        kept: Value = function(a, k)
        return kept

    def text(_shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
        return (f"{key}(u, k={options['k']})" if options.get("k") else f"{key}(u)",)

    def code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
        return f"np.{key}({names['u']}, k={options['k']})" if options.get("k") else f"np.{key}({names['u']})"

    kept = f"Which entries does {key} keep, and what does it put in place of the others?"
    return Gate(
        key=key,
        elementwise=False,
        needs_shape=True,
        title=f"{word} triangle",
        symbol=key,
        function_words=(key,),
        may_be_name=True,
        arguments=("a",),
        options=("k",),
        positional=("k",),
        keywords={"diagonal": "k"},
        forward=triangle,
        vjps=(lambda u, _y, _a, k=0: function(u, k),),
        downstreams=(f"{key}(u)",),
        downstreams_at=text,
        code=f"np.{key}({{a}})",
        code_vjps=(code,),
        pattern=f"{key} is a mask: the entries it keeps get their upstream, the others, set to 0, get nothing.",
        shape_rule=f"The shape stays; {key}(A, k) counts k diagonals further to the right.",
        mistakes=(
            backward(f"{key}_passed", 0, lambda u, _y, _a, **_options: u, "passes the upstream on to all entries",
                     kept),
            backward(f"{key}_other", 0, lambda u, _y, _a, k=0: other(u, k), "keeps the other triangle", kept),
            backward(f"{key}_diagonal", 0, lambda u, _y, _a, k=0: u - other(u, k), "leaves out the diagonal",
                     f"Is the diagonal part of {key}?"),
            forward(f"{key}_other", lambda _u, _y, a, k=0: other(a, k), f"is {other_key}", kept),
            forward(f"{key}_diagonal", lambda _u, _y, a, k=0: a - other(a, k), "leaves out the diagonal",
                    f"Is the diagonal part of {key}?"),
        ),
    )  # fmt: skip


TRIL = _triangle("tril", "lower", "triu", np.tril, np.triu)
TRIU = _triangle("triu", "upper", "tril", np.triu, np.tril)

LINEAR_ALGEBRA = (INV, DET, TRACE, DIAG, TRIL, TRIU)
