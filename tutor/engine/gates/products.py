"""Products of vectors and matrices: `@`, dot, outer. They carry a VJP, not a local derivative."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from tutor.engine.gates.axes import summed_back
from tutor.engine.gates.gate import CodeVjp, Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.gates.misconceptions import tensors as slips
from tutor.engine.values import Array, Shape, Value


def _by_left(u: Value, _y: Value, a: Array, b: Array) -> Any:
    if a.ndim == b.ndim == 1:
        return u * b
    upstream = np.asarray(u)
    if b.ndim == 1:
        return upstream[..., None] * b
    if a.ndim == 1:
        return (b @ upstream[..., None])[..., 0]
    return upstream @ np.swapaxes(b, -1, -2)


def _by_right(u: Value, _y: Value, a: Array, b: Array) -> Any:
    if a.ndim == b.ndim == 1:
        return u * a
    upstream = np.asarray(u)
    if a.ndim == 1:
        return a[:, None] * upstream[..., None, :]
    if b.ndim == 1:
        return (np.swapaxes(a, -1, -2) @ upstream[..., None])[..., 0]
    return np.swapaxes(a, -1, -2) @ upstream


def _matmul_texts(shapes: tuple[Shape, ...], _options: Options) -> tuple[str, ...]:
    match tuple(len(shape) for shape in shapes):
        case (1, 1):
            return "u b", "u a"
        case (2, 1):
            return "outer(u, b)", "a.T @ u"
        case (1, 2):
            return "b @ u", "outer(a, u)"
        case (2, 2):
            return "u @ b.T", "a.T @ u"
        case _:
            return "", ""


def _matmul_code(port: int) -> CodeVjp:
    def code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
        a, b, u = names["a"], names["b"], names["u"]
        left, right = shapes
        at, bt = (_transposed(name, shape) for name, shape in ((a, left), (b, right)))
        batch = np.broadcast_shapes(left[:-2], right[:-2])
        match (len(left), len(right)):
            case (1, 1):
                texts = f"{u} * {b}", f"{u} * {a}"
            case (2, 1):
                texts = f"np.outer({u}, {b})", f"{at} @ {u}"
            case (1, 2):
                texts = f"{b} @ {u}", f"np.outer({a}, {u})"
            case (_, 1):
                texts = f"{u}[..., None] * {b}", f"({at} @ {u}[..., None])[..., 0]"
            case (1, _):
                texts = f"({b} @ {u}[..., None])[..., 0]", f"{a}[:, None] * {u}[..., None, :]"
            case _:
                texts = f"{u} @ {bt}", f"{at} @ {u}"
        own = shapes[port]
        return summed_back(texts[port], (*batch, *own[-2:]), own)

    return code


def _transposed(name: str, shape: Shape) -> str:
    return f"{name}.T" if len(shape) <= 2 else f"np.swapaxes({name}, -1, -2)"


def _matmul_shape(left: Shape, right: Shape) -> Shape:
    if not (left and right) or left[-1] != right[-2:][0]:
        raise ValueError("the inner sizes differ")
    return (*np.broadcast_shapes(left[:-2], right[:-2]), *left[-2:-1], *(right[-1:] if len(right) > 1 else ()))


def _dot(a: Any, b: Any) -> Value:
    if not np.ndim(a) == np.ndim(b) == 1:
        raise ValueError("dot takes two vectors")
    product: Value = np.dot(a, b)
    return product


def _outer(a: Any, b: Any) -> Value:
    product: Value = np.outer(a, b)
    return product


def _outer_texts(shapes: tuple[Shape, ...], _options: Options) -> tuple[str, ...]:
    columns = all(len(shape) == 1 or shape[1:] == (1,) for shape in shapes)
    return ("u @ b", "u.T @ a") if columns and len({len(shape) for shape in shapes}) == 1 else ("", "")


def _outer_code(port: int) -> CodeVjp:
    own, other, upstream = (("a", "b", "{u}"), ("b", "a", "{u}.T"))[port]
    return lambda names, _options, _shapes: (
        f"({upstream.format(**names)} @ np.ravel({names[other]})).reshape(np.shape({names[own]}))"
    )


MATMUL = Gate(
    key="matmul",
    elementwise=False,
    needs_shape=True,
    title="matrix product",
    symbol="@",
    function_words=("matmul",),
    arguments=("a", "b"),
    forward=np.matmul,
    shape=_matmul_shape,
    vjps=(_by_left, _by_right),
    downstreams=("u @ b.T", "a.T @ u"),
    downstreams_at=_matmul_texts,
    code="{a} @ {b}",
    numpy_names=("matmul",),
    code_vjps=(_matmul_code(0), _matmul_code(1)),
    pattern="A matrix product swaps and transposes: upstream @ right.T goes to the left factor, left.T @ "
    "upstream to the right one.",
    shape_rule="(n, k) @ (k, m) gives (n, m): the inner sizes must be the same.",
    mistakes=slips.MATMUL,
)

DOT = Gate(
    key="dot",
    elementwise=False,
    title="dot product",
    symbol="·",
    function_words=("dot",),
    arguments=("a", "b"),
    forward=_dot,
    vjps=(_by_left, _by_right),
    downstreams=("u b", "u a"),
    code="np.dot({a}, {b})",
    numpy_names=("vdot", "inner"),
    pattern="A dot product swaps: each vector gets the upstream times the other vector.",
    shape_rule="Two vectors of the same length give a number; for matrices write a @ b.",
    mistakes=slips.DOT,
)

OUTER = Gate(
    key="outer",
    elementwise=False,
    needs_shape=True,
    title="outer product",
    symbol="⊗",
    function_words=("outer",),
    arguments=("a", "b"),
    forward=_outer,
    shape=lambda left, right: (prod(left), prod(right)),
    vjps=(
        lambda u, _y, a, b: (u @ np.ravel(b)).reshape(np.shape(a)),
        lambda u, _y, a, b: (np.ravel(a) @ u).reshape(np.shape(b)),
    ),
    downstreams=("u @ b", "u.T @ a"),
    downstreams_at=_outer_texts,
    code="np.outer({a}, {b})",
    code_vjps=(_outer_code(0), _outer_code(1)),
    pattern="An outer product contracts the upstream with the other vector.",
    shape_rule="Vectors of lengths n and m give an (n, m) matrix.",
    mistakes=slips.OUTER,
)

_LONGEST_SUM = 4
"""Terms that the gradient of a matrix power is written out with."""


def _square(a: Any) -> None:
    if np.ndim(a) != 2 or np.shape(a)[0] != np.shape(a)[1]:
        raise ValueError("a power of matrices is one of a square matrix")


def _matrix_power(a: Any, n: int) -> Value:
    _square(a)
    try:
        product: Value = np.linalg.matrix_power(a, n)
    except np.linalg.LinAlgError:
        return np.full(np.shape(a), np.nan)
    return product


def _matrix_power_vjp(u: Value, _y: Value, a: Array, n: int) -> Value:
    """Every factor's share, from one power of a block matrix (Van Loan, "Computing integrals involving the matrix
    exponential", 1978): above the diagonal of [[A, U], [0, A]]^n stands the sum of A^i U A^(n - 1 - i)."""
    size = len(a)
    block = np.zeros((2 * size, 2 * size))
    block[:size, :size] = block[size:, size:] = np.transpose(a)
    block[:size, size:] = u
    return _matrix_power(block, n)[:size, size:] if n else np.zeros((size, size))  # type: ignore[index]


def _singular(a: Array, n: int) -> str | None:
    return "the matrix has no inverse" if n < 0 and not np.isfinite(_matrix_power(a, -1)).all() else None


def _terms(n: int) -> list[tuple[int, int]]:
    """The powers before and behind the upstream in each term of the gradient."""
    return [(i, n - 1 - i) for i in range(n - 1, -1, -1)] if n > 0 else [(-i, n - 1 + i) for i in range(1, 1 - n)]


def _matrix_power_texts(_shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    n = options["n"]
    if not n:
        return ("0 u",)
    if abs(n) > _LONGEST_SUM:
        return ("",)
    terms = (" @ ".join((*_factors_of(before), "u", *_factors_of(behind))) for before, behind in _terms(n))
    return (" + ".join(terms) if n > 0 else f"-({' + '.join(terms)})",)


def _factors_of(n: int) -> list[str]:
    return [] if n == 0 else ["a.T"] if n == 1 else [f"matrix_power(a.T, {n})"]


def _matrix_power_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    a, u, n = names["a"], names["u"], options["n"]
    if not n:
        return f"0 * {u}"

    def power(exponent: str) -> str:
        return f"np.linalg.matrix_power({a}.T, {exponent})"

    if n > 0:
        return f"sum({power('i')} @ {u} @ {power(f'{n - 1} - i')} for i in range({n}))"
    return f"-sum({power('-i')} @ {u} @ {power(f'i - {1 - n}')} for i in range(1, {1 - n}))"


MATRIX_POWER = Gate(
    key="matrix_power",
    elementwise=False,
    needs_shape=True,
    title="power of a matrix",
    symbol="matrix_power",
    function_words=("matrix_power",),
    may_be_name=True,
    arguments=("a",),
    options=("n",),
    forward=_matrix_power,
    vjps=(_matrix_power_vjp,),
    downstreams=("u @ a.T + a.T @ u",),
    downstreams_at=_matrix_power_texts,
    code="np.linalg.matrix_power({a})",
    code_at=lambda names, options: f"np.linalg.matrix_power({names['a']}, {options['n']})",
    code_vjps=(_matrix_power_code,),
    pattern="A power of a matrix sends one term for each of its factors: the factors before it, transposed, times the "
    "upstream, times those after it, transposed. A square sends upstream @ factor.T + factor.T @ upstream.",
    shape_rule="A square matrix and a whole exponent: matrix_power(A, 2) is A @ A, matrix_power(A, -1) the inverse.",
    domain=_singular,
    mistakes=slips.MATRIX_POWER,
)

PRODUCTS = (MATMUL, DOT, OUTER, MATRIX_POWER)


def _cut_short(u: Any, _y: Any, _a: Any, b: Any) -> Any:
    """Full convolution cut to the length of the upstream, with zeros behind."""
    return np.concatenate([u * b[0], np.zeros(len(b) - 1)]) if len(b) > 1 else None


def _of_first_output(u: Any, _y: Any, a: Any, b: Any) -> Any:
    """What the first output alone sends to the input."""
    return np.concatenate([u[0] * b, np.zeros(len(a) - len(b))]) if len(u) > 1 else None


CONV1D_MISTAKES = (
    backward(
        "conv_dw_flipped", 1, lambda u, _y, a, _b: np.correlate(a, u, "valid")[::-1], "is reversed",
        "As {b} slides, which entries of {a} does its first entry meet?",
    ),
    backward(
        "conv_dx_no_flip", 0, lambda u, _y, _a, b: np.correlate(u, b, "full"), "uses the kernel the wrong way round",
        "The first output reads the first entries of {a}. Which entry of {b} multiplies the very first?",
    ),
    backward(
        "conv_dx_one_tap", 0, _cut_short, "uses only the first entry of the kernel",
        "How many outputs does an entry in the middle of {a} feed?",
    ),
    backward(
        "conv_dw_one_window", 1, lambda u, _y, a, b: u[0] * a[: len(b)] if len(u) > 1 else None,
        "uses only the first output", "How many outputs does an entry of {b} feed?",
    ),
    backward(
        "conv_dx_one_window", 0, _of_first_output, "uses only the first output",
        "Which outputs does an entry in the middle of {a} feed?",
    ),
    forward("conv_flipped", lambda _u, _y, a, b: np.convolve(a, b, "valid"), "flips the kernel",
            "Is the kernel flipped before it slides here?"),
    forward("conv_full", lambda _u, _y, a, b: np.correlate(a, b, "full"), "goes past the ends",
            "Where can the kernel start so that it stays inside {a}?"),
    forward("conv_same", lambda _u, _y, a, b: np.correlate(a, b, "same"), "goes past the ends",
            "Where can the kernel start so that it stays inside {a}?"),
)  # fmt: skip


def _conv1d(a: Any, b: Any) -> Value:
    if not np.ndim(a) == np.ndim(b) == 1 or len(b) > len(a):
        raise ValueError("a vector and a kernel that is no longer")
    slid: Value = np.correlate(a, b, "valid")
    return slid


CONV1D = Gate(
    key="conv1d",
    elementwise=False,
    needs_shape=True,
    title="convolution",
    symbol="conv",
    function_words=("conv1d",),
    arguments=("a", "b"),
    forward=_conv1d,
    vjps=(lambda u, _y, _a, b: np.convolve(u, b, "full"), lambda u, _y, a, _b: np.correlate(a, u, "valid")),
    downstreams=("each u_i times b, added where it was read", "conv1d(a, u)"),
    downstreams_at=lambda _shapes, _options: ("", "conv1d(a, u)"),
    code='np.correlate({a}, {b}, "valid")',
    code_vjps=(
        lambda names, _options, _shapes: f'np.convolve({names["u"]}, {names["b"]}, "full")',
        lambda names, _options, _shapes: f'np.correlate({names["a"]}, {names["u"]}, "valid")',
    ),
    pattern="Each output sends its upstream back through the kernel to the entries it read, where the "
    "shares add up; the kernel gets the same sliding product, of the vector with the upstream.",
    shape_rule="Lengths n and k give n - k + 1: y_i is the sum of b_j a_(i + j); the kernel is not flipped.",
    mistakes=CONV1D_MISTAKES,
)

CONVOLUTIONS = (CONV1D,)
