"""What the engine is checked against: each operation written by hand in NumPy, and HIPS autograd over the same lines.

Nothing here uses the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp

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
