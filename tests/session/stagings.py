"""The exercises that ship, each staged by hand: in the program's gates and in others."""

from __future__ import annotations

import math
from operator import add, mul, neg, truediv

import autograd.numpy as anp
import numpy as np

from .truth import Line, Truth


def sigmoid(a):
    return 1 / (1 + anp.exp(-a))


def square(a):
    return a**2


A = {"x": 1.0, "y": 3.0, "z": 2.0}
B = {"x": 3.0, "y": 1.0, "z": 2.0}
C = {"x": math.e, "y": math.pi / 2, "z": 2.0}
NORM = {"W": np.array([[0.1, 0.5], [-0.3, 0.8]]), "x": np.array([[0.2], [0.4]])}
LAYER = {"x": 0.8, "y": 0.5}
SINE = {"x": -4.499}
TWO = {"x": 2.0}

_LAYER = (
    Line("a", "ln x", ("x",), anp.log),
    Line("b", "√y", ("y",), anp.sqrt),
    Line("c", "σ(b)", ("b",), sigmoid),
    Line("d", "x + y", ("x", "y"), add),
    Line("g", "d^2", ("d", None), square),
    Line("h", "σ(g)", ("g",), sigmoid),
)

STAGED: dict[str, list[Truth]] = {
    "node-way/a": [
        Truth((Line("a", "x + y", ("x", "y"), add), Line("f", "a z", ("a", "z"), mul)), A),
        Truth(
            (
                Line("u", "x z", ("x", "z"), mul),
                Line("v", "y z", ("y", "z"), mul),
                Line("f", "u + v", ("u", "v"), add),
            ),
            A,
        ),
    ],
    "node-way/b": [
        Truth(
            (
                Line("a", "x^2", ("x", None), square),
                Line("b", "2y", (None, "y"), lambda y: 2 * y),
                Line("c", "a + b", ("a", "b"), add),
                Line("d", "z^3", ("z", None), lambda z: z**3),
                Line("h", "c d", ("c", "d"), mul),
            ),
            B,
        ),
        Truth(
            (
                Line("p", "x*x", ("x", "x"), mul),
                Line("q", "y + y", ("y", "y"), add),
                Line("r", "p + q", ("p", "q"), add),
                Line("s", "z*z", ("z", "z"), mul),
                Line("t", "z s", ("z", "s"), mul),
                Line("h", "t r", ("t", "r"), mul),
            ),
            B,
        ),
    ],
    "node-way/c": [
        Truth(
            (
                Line("a", "ln x", ("x",), anp.log),
                Line("b", "sin y", ("y",), anp.sin),
                Line("c", "a + b", ("a", "b"), add),
                Line("d", "c^2", ("c", None), square),
                Line("k", "4x", (None, "x"), lambda x: 4 * x),
                Line("g", "d + k", ("d", "k"), add),
            ),
            C,
        ),
        Truth(
            (
                Line("E", "x/0.25", ("x", None), lambda x: x / 0.25),
                Line("I", "sin(y)", ("y",), anp.sin),
                Line("lambda", "log(x)", ("x",), anp.log),
                Line("S", "lambda + I", ("lambda", "I"), add),
                Line("N", "S*S", ("S", "S"), mul),
                Line("g", "N + E", ("N", "E"), add),
            ),
            C,
        ),
    ],
    "sigmoid/gates": [
        Truth(
            (
                Line("a", "-x", ("x",), neg),
                Line("b", "e^a", ("a",), anp.exp),
                Line("c", "1 + b", (None, "b"), lambda b: 1 + b),
                Line("d", "1/c", (None, "c"), lambda c: 1 / c),
            ),
            TWO,
        ),
        Truth(
            (
                Line("a", "e^x", ("x",), anp.exp),
                Line("b", "a + 1", ("a", None), lambda a: a + 1),
                Line("f", "a/b", ("a", "b"), truediv),
            ),
            TWO,
        ),
    ],
    "layers/two-over-sine": [
        Truth(
            (
                Line("a", "-x", ("x",), neg),
                Line("b", "e^a", ("a",), anp.exp),
                Line("c", "sin b", ("b",), anp.sin),
                Line("d", "2/c", (None, "c"), lambda c: 2 / c),
            ),
            SINE,
        ),
        Truth(
            (
                Line("a", "e^x", ("x",), anp.exp),
                Line("b", "a^-1", ("a", None), lambda a: a**-1.0),
                Line("c", "sin b", ("b",), anp.sin),
                Line("d", "1/c", (None, "c"), lambda c: 1 / c),
                Line("f", "d + d", ("d", "d"), add),
            ),
            SINE,
        ),
    ],
    "layers/complex": [
        Truth((*_LAYER, Line("m", "a c", ("a", "c"), mul), Line("f", "m/h", ("m", "h"), truediv)), LAYER),
        Truth(
            (
                *_LAYER,
                Line("r", "1/h", (None, "h"), lambda h: 1 / h),
                Line("m", "a r", ("a", "r"), mul),
                Line("f", "c*m", ("c", "m"), mul),
            ),
            LAYER,
        ),
    ],
    "vectors/squared-norm": [
        Truth(
            (
                Line("q", "W @ x", ("W", "x"), anp.matmul, elementwise=False),
                Line("f", "||q||^2", ("q",), lambda q: anp.sum(q**2), elementwise=False),
            ),
            NORM,
        ),
        Truth(
            (
                Line("q", "W @ x", ("W", "x"), anp.matmul, elementwise=False),
                Line("r", "q * q", ("q", "q"), mul),
                Line("f", "sum(r)", ("r",), anp.sum, elementwise=False),
            ),
            NORM,
        ),
    ],
    "staging/f": [Truth((Line("a", "x + y", ("x", "y"), add), Line("f", "a z", ("a", "z"), mul)), A)],
    "staging/h": [
        Truth(
            (
                Line("d", "z^3", ("z", None), lambda z: z**3),
                Line("b", "2y", (None, "y"), lambda y: 2 * y),
                Line("a", "x^2", ("x", None), square),
                Line("c", "a + b", ("a", "b"), add),
                Line("h", "c d", ("c", "d"), mul),
            ),
            B,
        )
    ],
    "staging/g": [
        Truth(
            (
                Line("k", "4x", (None, "x"), lambda x: 4 * x),
                Line("a", "ln x", ("x",), anp.log),
                Line("b", "sin y", ("y",), anp.sin),
                Line("c", "a + b", ("a", "b"), add),
                Line("d", "c^2", ("c", None), square),
                Line("g", "d + k", ("d", "k"), add),
            ),
            {"x": 2.0, "y": 1.0},
        )
    ],
}

CODE = {
    "node-way/a": "def q2a(x, y, z):\n    return (x + y) * z, z, z, x + y\n",
    "node-way/b": (
        "def q2b(x, y, z):\n    c = x**2 + 2 * y\n    return c * z**3, 2 * x * z**3, 2 * z**3, 3 * c * z**2\n"
    ),
    "node-way/c": (
        "def q2c(x, y, z):\n    c = np.log(x) + np.sin(y)\n"
        "    return c**2 + 4 * x, 2 * c / x + 4, 2 * c * np.cos(y), np.zeros_like(z)\n"
    ),
    "sigmoid/gates": "def sigmoid(x):\n    s = 1 / (1 + np.exp(-x))\n    return s, s * (1 - s)\n",
    "layers/two-over-sine": (
        "def two_over_sine(x):\n    b = np.exp(-x)\n    return 2 / np.sin(b), 2 * np.cos(b) * b / np.sin(b) ** 2\n"
    ),
    "layers/complex": (
        "def complex_layer(x, y):\n    r = np.sqrt(y)\n"
        "    s, t = 1 / (1 + np.exp(-r)), 1 / (1 + np.exp(-((x + y) ** 2)))\n"
        "    out = np.log(x) * s / t\n    both = -out * (1 - t) * 2 * (x + y)\n"
        "    return out, s / t / x + both, np.log(x) / t * s * (1 - s) / (2 * r) + both\n"
    ),
    "vectors/squared-norm": (
        "def squared_norm(W, x):\n    q = W @ x\n    return np.sum(q * q), 2 * q @ x.T, 2 * W.T @ q\n"
    ),
}
STEPS = {"sigmoid/gates": {"step:x": 2 - 0.2 * math.exp(-2) / (1 + math.exp(-2)) ** 2}}
