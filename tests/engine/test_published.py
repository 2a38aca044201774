"""Gradients that courses and libraries print, as numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tutor.engine.passes import backward, forward
from tutor.engine.staging import graph_of
from tutor.engine.values import as_value, shape_of

from .making import read

_FACTS = [
    ("(x + y) z", {"x": -2, "y": 5, "z": -4}, -12, {"x": -4, "y": -4, "z": 3}),
    ("x y", {"x": 4, "y": -3}, -12, {"x": -3, "y": 4}),
    ("max(x, y)", {"x": 4, "y": 2}, 4, {"x": 1, "y": 0}),
    ("2 (x y + max(z, w))", {"x": 3, "y": -4, "z": 2, "w": -1}, -20, {"x": -8, "y": 6, "z": 2, "w": 0}),
    ("(a b + c) f", {"a": 2, "b": -3, "c": 10, "f": -2}, -8, {"a": 6, "b": -4, "c": -2, "f": 4}),
    (
        "(e^(2 (u v + p q + b)) - 1)/(e^(2 (u v + p q + b)) + 1)",
        {"u": 2, "v": -3, "p": 0, "q": 1, "b": 6.881373587019543},
        math.sqrt(0.5),
        {"u": -1.5, "v": 1, "p": 0.5, "q": 0, "b": 0.5},
    ),
    ("(1 - e^(-2x))/(1 + e^(-(2x)))", {"x": 1}, math.tanh(1), {"x": 0.419974341614026}),
    ("tanh(x)", {"x": 2}, 0.9640275800758169, {"x": 0.07065082485316443}),
    ("ln(1 + e^x)", {"x": 3}, 3.048587351573742, {"x": 0.9525741268224333}),
    ("sin(sin(x) + sin(x))", {"x": 0.7}, 0.9604002979011071, {"x": 0.4262065991457747}),
    ("x x y + y + 2", {"x": 3, "y": 4}, 42, {"x": 24, "y": 10}),
    ("a + a + a + (a + a + a)", {"a": 1}, 6, {"a": 6}),
    ("x y/(x/y) - x y (x/y)", {"x": 1, "y": 2}, 3, {"x": -2, "y": 4}),
    (
        "relu(a p + b q + c)",
        {"a": 0.2355, "b": 0.0665, "p": 1, "q": -2, "c": 0},
        0.1025,
        {"a": 1, "b": -2, "p": 0.2355},
    ),
    (
        "sum(y @ x)",
        {"x": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "y": [[2, 0, -2]]},
        0,
        {"x": [[2, 2, 2], [0, 0, 0], [-2, -2, -2]], "y": [[1, 1, 1]]},
    ),
    ("sum(x + y)", {"x": [[1], [2], [3]], "y": [[10, 20, 30, 40]]}, 324, {"x": [[4], [4], [4]], "y": [[3, 3, 3, 3]]}),
    ("sum(x w)", {"x": [1, 2, 3], "w": 2}, 12, {"x": [2, 2, 2], "w": 6}),
    ("mean((x + 2)(x + 2) 3)", {"x": [[1, 1], [1, 1]]}, 27, {"x": [[4.5, 4.5], [4.5, 4.5]]}),
    ("sum(3 a^3 - b^2)", {"a": [2, 3], "b": [6, 4]}, 53, {"a": [36, 81], "b": [-12, -8]}),
    ("2 dot(x, x)", {"x": [0, 1, 2, 3]}, 28, {"x": [0, 4, 8, 12]}),
    ("sum(x y z)", {"x": [1, 2], "y": [-1], "z": [[1]]}, -3, {"x": [-1, -1], "y": [3], "z": [[-3]]}),
    ("sum(|x|)", {"x": [-2, 0, 2]}, 4, {"x": [-1, 0, 1]}),
    ("sum(relu(x))", {"x": [-5, -2.5, 0, 2.5, 5]}, 7.5, {"x": [0, 0, 0, 1, 1]}),
    (
        "-sum(ln(0.5 (tanh(X @ w/2) + 1) t + (1 - 0.5 (tanh(X @ w/2) + 1)) (1 - t)))",
        {
            "X": [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.3], [0.74, -2.49, 1.39]],
            "w": [0, 0, 0],
            "t": [1, 1, 0, 1],
        },
        4 * math.log(2),
        {"w": [-0.81, 1.255, -1.805]},
    ),
    (
        "||W @ x||^2",
        {"W": [[0.1, 0.5], [-0.3, 0.8]], "x": [[0.2], [0.4]]},
        0.116,
        {"W": [[0.088, 0.176], [0.104, 0.208]], "x": [[-0.112], [0.636]]},
    ),
    ("1/(1 + e^(-x))", {"x": 2}, 0.8807970779778823, {"x": 0.10499358540350662}),
]


@pytest.mark.parametrize(("text", "at", "value", "gradients"), _FACTS, ids=[fact[0] for fact in _FACTS])
def test_published(text, at, value, gradients):
    graph = graph_of(read(text, *at), list(at), "out")
    inputs = {name: as_value(given) for name, given in at.items()}
    values = forward(graph, inputs)
    totals = backward(graph, values).totals
    np.testing.assert_allclose(values[-1], value, rtol=1e-12, atol=1e-12)
    for name, expected in gradients.items():
        here = totals[graph.positions[name]]
        assert shape_of(here) == shape_of(inputs[name])
        np.testing.assert_allclose(here, expected, rtol=1e-12, atol=1e-12)
