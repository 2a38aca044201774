"""The blocks of real networks, staged and programmed by hand.

The equations are other ones than the program's own wherever there is another way, and so is the style of the code.
"""

from __future__ import annotations

from math import erf, pi
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.extend import defvjp, primitive

from .truth import Line

MASK = np.array([1.25, 0, 1.25, 1.25])
ENDS = np.array([0.8, -1.1, 0.45])
ROW = np.array([[0.8, -1.1]])
DATA, TARGETS = np.array([[0.7, -1.2], [1.5, 0.4], [-0.6, 0.9]]), np.array([1.4, -0.3, 0.8])
WEIGHTS = np.array([[0.8, -0.3], [-1.1, 0.6], [0.4, 1.3]])

bell = primitive(np.vectorize(erf))
defvjp(bell, lambda _, a: lambda up: up * 2 / pi**0.5 * np.exp(-(a**2)))


def add(a, b):
    return a + b


def mul(a, b):
    return a * b


def div(a, b):
    return a / b


def square(a):
    return a * a


def relu(a):
    return anp.where(a > 0, a, 0.0)


def sigmoid(a):
    return 1 / (1 + anp.exp(-a))


def softmax(z):
    return anp.exp(z) / anp.sum(anp.exp(z), axis=-1, keepdims=True)


def surprise(*labels: int):
    """The mean of -ln of the probabilities of the right classes."""
    return lambda z: -anp.mean(anp.log(softmax(anp.reshape(z, (len(labels), -1)))[np.arange(len(labels)), labels]))


def slide(x, w):
    return w[0] * x[:-1] + w[1] * x[1:]


def tensor(name: str, text: str, wires: tuple[str | None, ...], does: Any) -> Line:
    """A gate that is no entry-by-entry one: no local derivative is asked."""
    return Line(name, text, wires, does, elementwise=False)


def spread(axis: int | None = None):
    """The whole gate sqrt(var(x) + 0.01)."""
    return lambda x: anp.sqrt(anp.mean((x - anp.mean(x, axis=axis)) ** 2, axis=axis) + 0.01)


LINES: dict[str, tuple[Line, ...]] = {
    "dropout": (
        tensor("a", "W @ x", ("W", "x"), anp.matmul),
        Line("r", "relu(a)", ("a",), relu),
        Line("k", "r * [1.25, 0, 1.25, 1.25]", ("r", None), lambda r: r * MASK),
        tensor("f", "dot(k, v)", ("k", "v"), anp.dot),
    ),
    "l2-penalty": (
        tensor("n", "||w||^2", ("w",), lambda w: anp.sum(w**2)),
        Line("m", "0.3 n", (None, "n"), lambda n: 0.3 * n),
        tensor("p", "[[0.7, -1.2], [1.5, 0.4], [-0.6, 0.9]] @ w", (None, "w"), lambda w: DATA @ w),
        Line("q", "p - [1.4, -0.3, 0.8]", ("p", None), lambda p: p - TARGETS),
        Line("r", "b + q", ("b", "q"), add),
        Line("s", "r * r", ("r", "r"), mul),
        tensor("l", "mean(s)", ("s",), anp.mean),
        Line("f", "m + l", ("m", "l"), add),
    ),
    "residual": (
        tensor("a", "W @ x", ("W", "x"), anp.matmul),
        Line("h", "relu(a)", ("a",), relu),
        tensor("c", "V @ h", ("V", "h"), anp.matmul),
        Line("d", "c + x", ("c", "x"), add),
        Line("s", "d^2", ("d", None), square),
        tensor("f", "sum(s)", ("s",), anp.sum),
    ),
    "gelu": (
        Line("h", "x/2", ("x", None), lambda x: x / 2),
        Line("a", "x/sqrt(2)", ("x", None), lambda x: x / 2**0.5),
        Line("b", "erf(a)", ("a",), bell),
        Line("c", "b + 1", ("b", None), lambda b: b + 1),
        Line("f", "h c", ("h", "c"), mul),
    ),
    "rmsnorm": (
        Line("q", "x x", ("x", "x"), mul),
        tensor("m", "mean(q)", ("q",), anp.mean),
        Line("u", "0.01 + m", (None, "m"), lambda m: 0.01 + m),
        Line("s", "sqrt(u)", ("u",), anp.sqrt),
        Line("n", "x/s", ("x", "s"), div),
        Line("y", "n g", ("n", "g"), mul),
        tensor("f", "dot(y, [0.8, -1.1, 0.45])", ("y", None), lambda y: anp.dot(y, ENDS)),
    ),
    "softmax-regression": (
        tensor("a", "X @ W", ("X", "W"), anp.matmul),
        Line("z", "b + a", ("b", "a"), add),
        tensor("f", "cross_entropy(z, [2, 0, 3])", ("z",), surprise(2, 0, 3)),
    ),
    "embedding": (
        tensor("r", "gather(E, [2, 0, 2])", ("E",), lambda E: E[np.array([2, 0, 2])]),
        tensor("m", "mean(r, axis=0)", ("r",), lambda r: anp.mean(r, axis=0)),
        tensor("z", "m @ V", ("m", "V"), anp.matmul),
        tensor("f", "cross_entropy(z, 1)", ("z",), surprise(1)),
    ),
    "relu-network": (
        tensor("a", "X @ W", ("X", "W"), anp.matmul),
        Line("d", "b + a", ("b", "a"), add),
        Line("h", "relu(d)", ("d",), relu),
        tensor("y", "h @ v", ("h", "v"), anp.matmul),
        Line("p", "y - [1.4, -0.6]", ("y", None), lambda y: y - np.array([1.4, -0.6])),
        Line("q", "p + c", ("p", "c"), add),
        Line("s", "q*q", ("q", "q"), mul),
        tensor("f", "mean(s)", ("s",), anp.mean),
    ),
    "max-pool": (
        tensor("y", "conv1d(x, w)", ("x", "w"), slide),
        tensor("r", "reshape(y, 3, 2)", ("y",), lambda y: anp.reshape(y, (3, 2))),
        tensor("m", "max(r, axis=1)", ("r",), lambda r: anp.max(r, axis=1)),
        tensor("f", "dot(m, [0.8, -1.1, 0.45])", ("m", None), lambda m: anp.dot(m, ENDS)),
    ),
    "layernorm": (
        tensor("s", "sqrt(var(x) + 0.01)", ("x",), spread()),
        tensor("m", "mean(x)", ("x",), anp.mean),
        Line("c", "x - m", ("x", "m"), lambda x, m: x - m),
        Line("n", "c/s", ("c", "s"), div),
        Line("y", "n g", ("n", "g"), mul),
        Line("o", "b + y", ("b", "y"), add),
        tensor("f", "dot([0.8, -1.1, 0.45], o)", (None, "o"), lambda o: anp.dot(ENDS, o)),
    ),
    "batchnorm": (
        tensor("s", "sqrt(var(X, axis=0) + 0.01)", ("X",), spread(0)),
        tensor("m", "mean(X, axis=0)", ("X",), lambda X: anp.mean(X, axis=0)),
        Line("c", "X - m", ("X", "m"), lambda X, m: X - m),
        Line("n", "c/s", ("c", "s"), div),
        Line("y", "n * g", ("n", "g"), mul),
        Line("o", "b + y", ("b", "y"), add),
        tensor("f", "sum([[0.8, -0.3], [-1.1, 0.6], [0.4, 1.3]] * o)", ("o",), lambda o: anp.sum(WEIGHTS * o)),
    ),
    "lstm-cell": (
        Line("p", "σ(a) c", ("a", "c"), lambda a, c: sigmoid(a) * c),
        Line("t", "tanh(g)", ("g",), anp.tanh),
        Line("q", "σ(b) t", ("b", "t"), lambda b, t: sigmoid(b) * t),
        Line("m", "q + p", ("q", "p"), add),
        Line("h", "σ(r) tanh(m)", ("r", "m"), lambda r, m: sigmoid(r) * anp.tanh(m)),
    ),
    "attention": (
        tensor("T", "K.T", ("K",), anp.transpose),
        tensor("s", "Q @ T", ("Q", "T"), anp.matmul),
        Line("z", "s/sqrt(2)", ("s", None), lambda s: s / 2**0.5),
        tensor("p", "softmax(z)", ("z",), softmax),
        tensor("o", "p @ V", ("p", "V"), anp.matmul),
        Line("u", "o * [[0.8, -1.1]]", ("o", None), lambda o: o * ROW),
        tensor("f", "sum(u)", ("u",), anp.sum),
    ),
}

CODE = {
    "dropout": """
        def dropout(x, W, v):
            a = np.einsum("ij,j->i", W, x)
            kept = np.array([5, 0, 5, 5]) / 4 * np.where(a > 0, 1.0, 0.0)
            up = v * kept
            return (up * a).sum(), up @ W, up[:, None] * x[None, :], kept * a
        """,
    "l2-penalty": """
        def penalised(w, b):
            X, t = np.array([[0.7, -1.2], [1.5, 0.4], [-0.6, 0.9]]), np.array([1.4, -0.3, 0.8])
            e = X.dot(w) + b - t
            return e @ e / 3 + 0.3 * (w @ w), 2 / 3 * e @ X + 0.6 * w, 2 * e.mean()
        """,
    "residual": """
        def residual(x, W, V):
            a = W @ x
            h = a.clip(min=0)
            d = x + V @ h
            back = 2 * d @ V * (a > 0)
            return d @ d, 2 * d + back @ W, np.outer(back, x), 2 * d[:, None] * h
        """,
    "gelu": """
        import math

        def gelu(x):
            share = 0.5 * (1 + np.vectorize(math.erf)(x / math.sqrt(2)))
            density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
            return x * share, share + x * density
        """,
    "rmsnorm": """
        def rmsnorm(x, g):
            end = np.array([0.8, -1.1, 0.45])
            s = ((x * x).mean() + 0.01) ** 0.5
            n, up = x / s, end * g
            return up @ n, (up - n * (up * n).mean()) / s, end * n
        """,
    "softmax-regression": """
        def softmax_regression(X, W, b):
            z = X @ W + b
            p = np.exp(z - z.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            loss = 0
            for row, label in enumerate([2, 0, 3]):
                loss -= np.log(p[row, label]) / 3
                p[row, label] -= 1
            p /= 3
            return loss, p @ W.T, X.T @ p, p.sum(axis=0)
        """,
    "embedding": """
        def classify(E, V):
            words = [2, 0, 2]
            m = E[words].sum(axis=0) / 3
            p = np.exp(m @ V)
            p = p / p.sum()
            out = -np.log(p[1])
            p[1] -= 1
            fE = np.zeros(E.shape)
            np.add.at(fE, words, V @ p / 3)
            return out, fE, np.outer(m, p)
        """,
    "relu-network": """
        def relu_network(X, W, b, v, c):
            out, fX, fW, fb, fv, fc = 0, np.zeros(X.shape), np.zeros(W.shape), np.zeros(b.shape), np.zeros(v.shape), 0
            for i, target in enumerate([1.4, -0.6]):
                h = np.maximum(0, X[i] @ W + b)
                e = h @ v + c - target
                out, fc = out + e * e / 2, fc + e
                fv += e * h
                to_h = e * v * (h > 0)
                fb += to_h
                fW += np.outer(X[i], to_h)
                fX[i] = W @ to_h
            return out, fX, fW, fb, fv, fc
        """,
    "max-pool": """
        def convolve_and_pool(x, w):
            y = [w[0] * x[i] + w[1] * x[i + 1] for i in range(6)]
            out, fx, fw = 0, np.zeros(7), np.zeros(2)
            for pair, up in enumerate([0.8, -1.1, 0.45]):
                i = max(2 * pair, 2 * pair + 1, key=lambda at: y[at])
                out = out + up * y[i]
                fx[i : i + 2] += up * w
                fw += up * x[i : i + 2]
            return out, fx, fw
        """,
    "layernorm": """
        def layernorm(x, g, b):
            end = np.array([0.8, -1.1, 0.45])
            s = np.sqrt(x.var() + 0.01)
            n, up = (x - x.mean()) / s, end * g
            return end @ (g * n + b), (up - up.mean() - n * (up * n).mean()) / s, end * n, end
        """,
    "batchnorm": """
        def batchnorm(X, g, b):
            R = np.array([[0.8, -0.3], [-1.1, 0.6], [0.4, 1.3]])
            s = np.sqrt(X.var(axis=0) + 0.01)
            n, up = (X - X.mean(axis=0)) / s, R * g
            fX = (up - up.mean(axis=0) - n * (up * n).mean(axis=0)) / s
            return (R * (g * n + b)).sum(), fX, (R * n).sum(axis=0), R.sum(axis=0)
        """,
    "lstm-cell": """
        def lstm_cell(a, b, g, r, c):
            forget, take, show = [0.5 + 0.5 * np.tanh(v / 2) for v in (a, b, r)]
            new = np.tanh(g)
            t = np.tanh(forget * c + take * new)
            m = show * (1 - t * t)
            ha, hb, hg = m * c * forget * (1 - forget), m * new * take * (1 - take), m * take * (1 - new**2)
            return show * t, ha, hb, hg, t * show * (1 - show), m * forget
        """,
    "attention": """
        def attention(Q, K, V):
            p = np.exp(Q @ K.T * 2**-0.5)
            p = p / p.sum()
            up = np.array([[0.8, -1.1]])
            jacobian = np.diag(p[0]) - np.outer(p[0], p[0])
            scores = up @ V.T @ jacobian * 2**-0.5
            return (p @ V * up).sum(), scores @ K, scores.T @ Q, p.T @ up
        """,
}

SLIPS = {
    "dropout": ("kept * a\n", "np.maximum(a, 0)\n"),
    "l2-penalty": ("0.6 * w", "0.3 * w"),
    "residual": ("2 * d + back @ W", "back @ W"),
    "gelu": ("share + x * density", "share"),
    "rmsnorm": ("(up - n * (up * n).mean()) / s", "up / s"),
    "softmax-regression": ("p /= 3\n", "pass\n"),
    "embedding": ("np.add.at(fE, words, V @ p / 3)", "fE[words] += V @ p / 3"),
    "relu-network": ("v * (h > 0)", "v"),
    "max-pool": ("fx[i : i + 2] += up", "fx[i : i + 2] = up"),
    "layernorm": ("up - up.mean() -", "up -"),
    "batchnorm": (" - n * (up * n).mean(axis=0)) / s", ") / s"),
    "lstm-cell": ("(1 - t * t)", "(1 - t)"),
    "attention": ("scores.T @ Q", "scores.T @ Q * 2**0.5"),
}
"""A piece of the code, and what a hasty learner writes in its place."""
