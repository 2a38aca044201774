"""What the engine is checked against: each operation written by hand in NumPy, and HIPS autograd over the same lines.

Nothing here uses the engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp
from autograd.extend import defvjp, primitive

from tutor.language import Stretch

_erf = primitive(np.vectorize(math.erf, otypes=[float]))
defvjp(_erf, lambda _value, a: lambda upstream: upstream * 2 * anp.exp(-(a**2)) / anp.sqrt(anp.pi))


def _slide(m: Any, a: Any, b: Any) -> Any:
    """A product of the kernel with each stretch of the vector."""
    many = np.shape(a)[0] - np.shape(b)[0] + 1
    return m.stack([m.sum(a[i : i + np.shape(b)[0]] * b) for i in range(many)])


def _cross_entropy(m: Any, a: Any, b: Any) -> Any:
    rows, labels = m.reshape(a, (-1, np.shape(a)[-1])), np.ravel(b).astype(int)
    return -sum([rows[i, k] - m.log(m.sum(m.exp(rows[i]))) for i, k in enumerate(labels)]) / len(labels)


def _log_sum_exp(m: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return m.log(m.sum(m.exp(a), axis=axis, keepdims=keepdims))


def _var(m: Any, a: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Any:
    away = a - m.mean(a, axis=axis, keepdims=True) if np.ndim(a) else a - a
    many = np.size(a) / np.size(np.sum(_held(a), axis=axis))
    return m.sum(away**2, axis=axis, keepdims=keepdims) / (many - ddof) if np.ndim(a) else away


def _held(a: Any) -> Any:
    """The numbers alone, without what autograd carries along."""
    while hasattr(a, "_value"):
        a = a._value
    return np.asarray(a)


def _elu(m: Any, a: Any, b: Any) -> Any:
    return (a > 0) * a + (a <= 0) * b * (m.exp(m.where(a > 0, 0.0, a)) - 1)


def _softplus(m: Any, a: Any) -> Any:
    return m.log(1 + m.exp(a))


def _determinant(m: Any, a: Any) -> Any:
    """By expansion along the first row."""
    size = np.shape(a)[-1]
    if size == 1:
        return a[..., 0, 0]
    columns = range(size)
    return sum(
        (-1) ** j * a[..., 0, j] * _determinant(m, a[..., 1:, :][..., [k for k in columns if k != j]]) for j in columns
    )


def _inverse(m: Any, a: Any) -> Any:
    """By cofactors."""
    size = np.shape(a)[-1]
    rows = []
    for i in range(size):
        row = []
        for j in range(size):
            kept = [k for k in range(size) if k != j], [k for k in range(size) if k != i]
            minor = a[..., kept[0], :][..., kept[1]] if size > 1 else None
            row.append((-1) ** (i + j) * (_determinant(m, minor) if size > 1 else 1.0 + 0 * a[..., 0, 0]))
        rows.append(m.stack(row, axis=-1))
    return m.stack(rows, axis=-2) / m.reshape(_determinant(m, a), (*np.shape(a)[:-2], 1, 1))


def _running(m: Any, a: Any, axis: Any = None) -> Any:
    """A sum of masked copies for each place."""
    if axis is None:
        a, axis = m.reshape(a, (-1,)), 0
    many = np.shape(a)[axis]
    return m.stack([m.sum(_stretch(a, 0, i + 1, axis), axis=axis) for i in range(many)], axis=axis)


def _stretch(a: Any, start: int, stop: int, axis: int) -> Any:
    return a[(slice(None),) * (axis % np.ndim(a)) + (slice(start, stop),)]


def _nll(m: Any, a: Any, b: Any) -> Any:
    rows, labels = m.reshape(a, (-1, np.shape(a)[-1])), np.ravel(b).astype(int)
    return -sum([rows[i, k] for i, k in enumerate(labels)]) / len(labels)


def _log_softmax(m: Any, a: Any, axis: Any = -1) -> Any:
    return a - m.log(m.sum(m.exp(a), axis=axis, keepdims=True))


def _diagonal(m: Any, a: Any) -> Any:
    if np.ndim(a) == 1:
        return m.reshape(a, (-1, 1)) * np.eye(len(_held(a)))
    return m.stack([a[i, i] for i in range(min(np.shape(a)))])


def _triangle(a: Any, k: int, lower: bool) -> Any:
    rows, columns = np.indices(np.shape(a)[-2:])
    return a * (columns - rows <= k if lower else columns - rows >= k)


def _pairs(option: Any) -> Any:
    return (option, option) if isinstance(option, int) else option


def _convolution(m: Any, a: Any, b: Any, stride: Any = 1, padding: Any = 0) -> Any:
    """Every window times the kernel, one after the other."""
    (down, across), (top, left) = _pairs(stride), _pairs(padding)
    lead = 4 - np.ndim(a)
    image = m.reshape(a, (1,) * lead + np.shape(a))
    kernel = m.reshape(b, (1,) * (4 - np.ndim(b)) + np.shape(b))
    rows = m.zeros((*np.shape(image)[:2], top, np.shape(image)[3]))
    image = m.concatenate([rows, image, rows], axis=2)
    columns = m.zeros((*np.shape(image)[:3], left))
    image = m.concatenate([columns, image, columns], axis=3)
    (height, width), (k, n) = np.shape(image)[2:], np.shape(kernel)[2:]
    made = m.stack([
        m.stack([
            m.sum(image[:, None, :, i : i + k, j : j + n] * kernel[None], axis=(2, 3, 4))
            for j in range(0, width - n + 1, across)
        ], axis=-1)
        for i in range(0, height - k + 1, down)
    ], axis=-2)  # fmt: skip
    return m.reshape(made, {2: np.shape(made)[2:], 3: np.shape(made)[1:]}.get(np.ndim(a), np.shape(made)))


def _pool(m: Any, a: Any, reduce: Any, size: Any = 2, stride: Any = None) -> Any:
    (k, n), (down, across) = _pairs(size), _pairs(size if stride is None else stride)
    height, width = np.shape(a)[-2:]
    return m.stack([
        m.stack([reduce(a[..., i : i + k, j : j + n], axis=(-2, -1)) for j in range(0, width - n + 1, across)], axis=-1)
        for i in range(0, height - k + 1, down)
    ], axis=-2)  # fmt: skip


def _einsum(m: Any, *arrays: Any, subscripts: str) -> Any:
    """Without einsum: all arrays with an axis for every index, multiplied and summed."""
    left, _, result = subscripts.partition("->")
    every = sorted(set(left) - {","})
    product: Any = 1.0
    for term, array in zip(left.split(","), arrays, strict=True):
        while len(set(term)) < len(term):  # a diagonal
            place = next(i for i, letter in enumerate(term) if letter in term[:i])
            first = term.index(term[place])
            moved = m.moveaxis(array, (first, place), (0, 1))
            array = m.stack([moved[i, i] for i in range(np.shape(moved)[0])])
            term = term[first] + term[:first] + term[first + 1 : place] + term[place + 1 :]
        array = m.transpose(array, [term.index(letter) for letter in every if letter in term])
        sizes = iter(np.shape(array))
        product = product * m.reshape(array, tuple(next(sizes) if letter in term else 1 for letter in every))
    summed = m.sum(product, axis=tuple(i for i, letter in enumerate(every) if letter not in result))
    kept = [letter for letter in every if letter in result]
    return m.transpose(summed, [kept.index(letter) for letter in result])


def _squeezed(m: Any, a: Any, axis: Any = None) -> Any:
    return m.reshape(a, np.shape(np.squeeze(_held(a), axis=axis)))


def _part(a: Any, start: int, stop: int, axis: int = 0) -> Any:
    return a[(slice(None),) * (axis % np.ndim(a)) + (slice(start, stop),)]


def _taken(a: Any, at: tuple[Any, ...]) -> Any:
    places = (slice(e.start, e.stop, e.step) if isinstance(e, Stretch) else list(e) if isinstance(e, tuple) else e
              for e in at)  # fmt: skip
    return a[tuple(places)]


def _repeated(m: Any, a: Any, n: int) -> Any:
    """So many factors, one after the other; those of the inverse for a negative exponent."""
    factor, product = a if n >= 0 else m.linalg.inv(a), m.eye(len(a))
    for _ in range(abs(n)):
        product = m.dot(product, factor)
    return product + 0 * a


FORMULAS: dict[str, Callable[..., Any]] = {
    "add": lambda m, a, b: a + b,
    "sub": lambda m, a, b: a - b,
    "neg": lambda m, a: -a,
    "mul": lambda m, a, b: a * b,
    "div": lambda m, a, b: a / b,
    "pow": lambda m, a, n: a**n,
    "exp": lambda m, a: m.exp(a),
    "ln": lambda m, a: m.log(a),
    "sqrt": lambda m, a: m.sqrt(a),
    "sin": lambda m, a: m.sin(a),
    "cos": lambda m, a: m.cos(a),
    "tan": lambda m, a: m.tan(a),
    "sigmoid": lambda m, a: 1 / (1 + m.exp(-a)),
    "tanh": lambda m, a: m.tanh(a),
    "relu": lambda m, a: m.where(a > 0, a, 0.0),
    "abs": lambda m, a: m.abs(a),
    "max": lambda m, a, b: m.maximum(a, b),
    "min": lambda m, a, b: m.minimum(a, b),
    "greater": lambda m, a, b: m.where(a > b, 1.0, 0.0) + 0.0 * (a + b),
    "greater_equal": lambda m, a, b: m.where(a >= b, 1.0, 0.0) + 0.0 * (a + b),
    "less": lambda m, a, b: m.where(a < b, 1.0, 0.0) + 0.0 * (a + b),
    "less_equal": lambda m, a, b: m.where(a <= b, 1.0, 0.0) + 0.0 * (a + b),
    "equal": lambda m, a, b: m.where(a == b, 1.0, 0.0) + 0.0 * (a + b),
    "not_equal": lambda m, a, b: m.where(a != b, 1.0, 0.0) + 0.0 * (a + b),
    "sign": lambda m, a: m.sign(a),
    "step": lambda m, a: m.where(a > 0, 1.0, 0.0) + 0.0 * a,
    "heaviside": lambda m, a, b: m.where(a == 0, 1.0, 0.0) * b + m.where(a > 0, 1.0, 0.0) + 0.0 * a,
    "where": lambda m, c, a, b: m.where(c != 0, 1.0, 0.0) * a + m.where(c != 0, 0.0, 1.0) * b + 0.0 * c,
    "matmul": lambda m, a, b: m.matmul(a, b),
    "dot": lambda m, a, b: m.sum(a * b),
    "outer": lambda m, a, b: m.reshape(a, (-1, 1)) * m.reshape(b, (1, -1)),
    "transpose": lambda m, a, axes=None: m.transpose(a, axes and tuple(axis % len(axes) for axis in axes)),
    "sum": lambda m, a, axis=None, keepdims=False: m.sum(a, axis=axis, keepdims=keepdims),
    "mean": lambda m, a, axis=None, keepdims=False: (
        m.sum(a, axis=axis, keepdims=keepdims) * np.size(np.sum(a, axis=axis)) / np.size(a)
    ),
    "norm": lambda m, a, **options: m.sqrt(m.sum(a * a, **options)),
    "squared_norm": lambda m, a: m.sum(a * a),
    "erf": lambda m, a: _erf(a),
    "gelu": lambda m, a: a * (1 + _erf(a / np.sqrt(2))) / 2,
    "softplus": lambda m, a: m.log(1 + m.exp(a)),
    "conv1d": _slide,
    "matrix_power": _repeated,
    "var": _var,
    "std": lambda m, a, **options: m.sqrt(_var(m, a, **options)),
    "largest": lambda m, a, **options: m.max(a, **options),
    "smallest": lambda m, a, **options: m.min(a, **options),
    "softmax": lambda m, a, axis=-1: m.exp(a) / m.sum(m.exp(a), axis=axis, keepdims=True),
    "logsumexp": _log_sum_exp,
    "cross_entropy": _cross_entropy,
    "gather": lambda m, a, b: a[np.asarray(b).astype(int)],
    "concat": lambda m, a, b, axis=0: m.concatenate([a, b], axis=axis),
    "stack": lambda m, a, b, axis=0: m.stack([a, b], axis=axis),
    "slice": lambda m, a, **options: _part(a, **options),
    "index": lambda m, a, at: _taken(a, at),
    "pick": lambda m, a, i, j: a[np.asarray(i).astype(int), np.asarray(j).astype(int)],
    "reshape": lambda m, a, shape: m.reshape(a, shape),
    "sinh": lambda m, a: (m.exp(a) - m.exp(-a)) / 2,
    "cosh": lambda m, a: (m.exp(a) + m.exp(-a)) / 2,
    "arcsin": lambda m, a: m.arcsin(a),
    "arccos": lambda m, a: m.arccos(a),
    "arctan": lambda m, a: m.arctan(a),
    "log2": lambda m, a: m.log(a) / np.log(2),
    "log10": lambda m, a: m.log(a) / np.log(10),
    "log1p": lambda m, a: m.log(1 + a),
    "expm1": lambda m, a: m.exp(a) - 1,
    "leaky_relu": lambda m, a, b: (a > 0) * a + (a <= 0) * b * a,
    "elu": _elu,
    "selu": lambda m, a: 1.0507009873554805 * _elu(m, a, 1.6732632423543772),
    "silu": lambda m, a: a / (1 + m.exp(-a)),
    "mish": lambda m, a: a * m.tanh(_softplus(m, a)),
    "hard_sigmoid": lambda m, a: (abs(a) < 3) * (a + 3) / 6 + (a >= 3),
    "clip": lambda m, a, b, c: m.minimum(m.maximum(a, b), c),
    "einsum": _einsum,
    "einsum_of_one": _einsum,
    "inv": _inverse,
    "det": _determinant,
    "tr": lambda m, a: sum(a[i, i] for i in range(min(np.shape(a)))),
    "diag": _diagonal,
    "tril": lambda m, a, k=0: _triangle(a, k, True),
    "triu": lambda m, a, k=0: _triangle(a, k, False),
    "conv2d": _convolution,
    "max_pool2d": lambda m, a, **options: _pool(m, a, m.max, **options),
    "avg_pool2d": lambda m, a, **options: _pool(m, a, m.mean, **options),
    "prod": lambda m, a, axis=None, keepdims=False: _product(m, a, axis, keepdims),
    "cumsum": _running,
    "norm1": lambda m, a, **options: m.sum(m.where(a > 0, a, -a), **options),
    "log_softmax": _log_softmax,
    "nll_loss": _nll,
    "expand_dims": lambda m, a, axis: m.reshape(a, np.shape(np.expand_dims(_held(a), axis))),
    "squeeze": _squeezed,
    "swapaxes": lambda m, a, first, second: m.swapaxes(a, first, second),
    "broadcast_to": lambda m, a, shape: a + m.zeros(tuple(shape)),
    "stop_gradient": lambda m, a: _held(a) + 0.0 * a,
    "argmax": lambda m, a, axis=None: np.argmax(_held(a), axis=axis) + 0.0 * m.sum(a, axis=axis),
    "argmin": lambda m, a, axis=None: np.argmin(_held(a), axis=axis) + 0.0 * m.sum(a, axis=axis),
    "one_hot": lambda m, a, classes: np.eye(classes)[np.rint(_held(a)).astype(int)] + 0.0 * a[..., None],
    "ones_like": lambda m, a: 1.0 + 0.0 * a,
    "zeros_like": lambda m, a: 0.0 * a,
}
"""Each wide gate by its key, over `m`: numpy, or autograd's copy of it. A new gate needs its line here."""


def _product(m: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """Factor by factor: autograd's own slope of a product divides by the factors, which is nothing at 0."""
    kept = [axis_ for axis_ in range(np.ndim(a)) if axis is not None and axis_ not in np.atleast_1d(axis) % np.ndim(a)]
    gone = [axis_ for axis_ in range(np.ndim(a)) if axis_ not in kept]
    rows = m.reshape(m.transpose(a, [*gone, *kept]), (-1, *(np.shape(a)[axis_] for axis_ in kept)))
    product = rows[0]
    for row in range(1, len(rows)):
        product = product * rows[row]
    if not keepdims:
        return product
    return m.reshape(product, tuple(1 if axis_ in gone else size for axis_, size in enumerate(np.shape(a))))


def formula(key: str) -> Callable[..., Any]:
    """The operation by hand. Raises AssertionError, with what to add, where there is none."""
    assert key in FORMULAS, f"a new gate needs its value by hand in tests/engine/oracle.py, FORMULAS: {key}"
    return FORMULAS[key]


def value(key: str, arguments: Sequence[Any], options: Mapping[str, Any] | None = None) -> Any:
    """The operation's value by NumPy; NaN or infinity where it has none."""
    with np.errstate(all="ignore"):
        return formula(key)(np, *map(np.asarray, arguments), **(options or {}))


def vjps(function: Callable[..., Any], arguments: Sequence[Any], upstream: Any) -> list[Any]:
    """By autograd: what reaches each argument of function(m, *arguments) when `upstream` arrives at its value."""
    sent = []
    with np.errstate(all="ignore"):
        for position in range(len(arguments)):
            pull, _ = make_vjp(lambda *given: function(anp, *given), position)(*map(np.asarray, arguments))
            sent.append(pull(np.asarray(upstream)))
    return sent


HELD_FIXED = frozenset(("stop_gradient",))
"""Operations whose value moves with their argument and whose gradient is 0 by definition: no difference shows it."""


def slopes(function: Callable[..., Any], arguments: Sequence[Any], upstream: Any, nudge: float = 1e-6) -> list[Any]:
    """The same by central differences, an entry at a time."""
    found = []
    for position, argument in enumerate(arguments):
        slope = np.zeros(np.shape(argument))
        for index in np.ndindex(slope.shape):
            sides = []
            for h in (nudge, -nudge):
                moved = np.array(argument, dtype=float)
                moved[index] += h
                given = [*arguments[:position], moved, *arguments[position + 1 :]]
                sides.append(np.sum(upstream * function(np, *given)))
            slope[index] = (sides[0] - sides[1]) / (2 * nudge)
        found.append(slope)
    return found
