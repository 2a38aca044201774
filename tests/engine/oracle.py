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


def _var(m: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    away = a - m.mean(a, axis=axis, keepdims=True) if np.ndim(a) else a - a
    return m.mean(away**2, axis=axis, keepdims=keepdims) if np.ndim(a) else away


def _part(a: Any, start: int, stop: int, axis: int = 0) -> Any:
    return a[(slice(None),) * (axis % np.ndim(a)) + (slice(start, stop),)]


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
    "transpose": lambda m, a: m.transpose(a),
    "sum": lambda m, a, axis=None, keepdims=False: m.sum(a, axis=axis, keepdims=keepdims),
    "mean": lambda m, a, axis=None, keepdims=False: (
        m.sum(a, axis=axis, keepdims=keepdims) * np.size(np.sum(a, axis=axis)) / np.size(a)
    ),
    "norm": lambda m, a: m.sqrt(m.sum(a * a)),
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
    "reshape": lambda m, a, shape: m.reshape(a, shape),
}
"""Each wide gate by its key, over `m`: numpy, or autograd's copy of it. A new gate needs its line here."""


def value(key: str, arguments: Sequence[Any], options: Mapping[str, Any] | None = None) -> Any:
    """The operation's value by NumPy; NaN or infinity where it has none."""
    with np.errstate(all="ignore"):
        return FORMULAS[key](np, *map(np.asarray, arguments), **(options or {}))


def vjps(function: Callable[..., Any], arguments: Sequence[Any], upstream: Any) -> list[Any]:
    """By autograd: what reaches each argument of function(m, *arguments) when `upstream` arrives at its value."""
    sent = []
    with np.errstate(all="ignore"):
        for position in range(len(arguments)):
            pull, _ = make_vjp(lambda *given: function(anp, *given), position)(*map(np.asarray, arguments))
            sent.append(pull(np.asarray(upstream)))
    return sent


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
