"""Right answers checked against plain NumPy differences below, and a wrong one of the right shape at each blank."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
RNG = np.random.default_rng(5)


def sigma(k: Array) -> Array:
    return 1 / (1 + np.exp(-k))


def differences(loss: Callable[[Array], float], at: Array, h: float = 1e-6) -> Array:
    """The gradient of a loss by central differences, entry by entry."""
    found = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[place] += h
        down[place] -= h
        found[place] = (loss(up) - loss(down)) / (2 * h)
    return found


def agree(text: str, formula: Array, loss: Callable[[Array], float], at: Array) -> str:
    """The text of an answer whose formula, by hand in NumPy, has been compared with differences."""
    assert np.allclose(formula, differences(loss, at), atol=1e-6), text
    return text


def layer() -> list[tuple[str, str]]:
    """Columns: k = W x + b, h = σ(k), y = V h + c, l = Σ (y - t)²."""
    W, x, b = RNG.normal(size=(2, 4)), RNG.normal(size=(4, 1)), RNG.normal(size=(2, 1))
    V, c, t = RNG.normal(size=(3, 2)), RNG.normal(size=(3, 1)), RNG.normal(size=(3, 1))
    k = W @ x + b
    h = sigma(k)
    y = V @ h + c

    def from_k(k: Array) -> float:
        return float(np.sum((V @ sigma(k) + c - t) ** 2))

    gy = 2 * (y - t)
    gh = V.T @ gy
    gk = gh * h * (1 - h)
    return [
        (agree("2(y - t)", gy, lambda y: float(np.sum((y - t) ** 2)), y), "y - t"),
        (agree("y' h.T", gy @ h.T, lambda V: float(np.sum((V @ h + c - t) ** 2)), V), "y h.T"),
        (agree("dy", gy, lambda c: float(np.sum((V @ h + c - t) ** 2)), c), "y"),
        (agree("V^T y'", gh, lambda h: float(np.sum((V @ h + c - t) ** 2)), h), "V^T y"),
        (agree("h' h (1 - h)", gk, from_k, k), "h' k (1 - k)"),
        (agree("outer(k', x)", gk @ x.T, lambda W: from_k(W @ x + b), W), "h' x.T"),
        (agree("∇k", gk, lambda b: from_k(W @ x + b), b), "h'"),
        (agree("(k'.T W).T", W.T @ gk, lambda x: from_k(W @ x + b), x), "x"),
    ]


def element() -> list[tuple[str, str]]:
    """The table of all elements of V at once is y' hᵀ, so element (i, j) is y'_i h_j."""
    V, h, c, t = RNG.normal(size=(2, 3)), RNG.normal(size=(3, 1)), RNG.normal(size=(2, 1)), RNG.normal(size=(2, 1))

    def loss(V: Array, h: Array) -> float:
        return float(np.sum((V @ h + c - t) ** 2))

    g = 2 * (V @ h + c - t)
    by_v, by_h = differences(lambda V: loss(V, h), V), differences(lambda h: loss(V, h), h)
    assert np.isclose(by_v[0, 1], g[0, 0] * h[1, 0], atol=1e-6)
    assert np.isclose(by_v[1, 0], g[1, 0] * h[0, 0], atol=1e-6)
    assert np.isclose(by_h[1, 0], V[0, 1] * g[0, 0] + V[1, 1] * g[1, 0], atol=1e-6)
    return [
        ("h2 dy1", "y1' v12"),
        ("y2' h1", "y1' h1"),
        ("y1' v12 + y2' v22", "y1' v12"),
        ("c", "a"),
        ("a", "b"),
        (agree("y' @ h.T", g @ h.T, lambda V: loss(V, h), V), "y @ h.T"),
        (agree("V.T @ y'", V.T @ g, lambda h: loss(V, h), h), "-V.T @ y'"),
    ]


def batch() -> list[tuple[str, str]]:
    """Rows: Y = X Wᵀ + b with any loss behind it; then two layers and the mean of squares."""
    X, W, b = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3)), RNG.normal(size=4)
    G, V, c, T = RNG.normal(size=(5, 4)), RNG.normal(size=(2, 4)), RNG.normal(size=2), RNG.normal(size=(5, 2))

    def linear(X: Array, W: Array, b: Array) -> float:
        return float(np.sum(G * (X @ W.T + b)))

    def mean(Y: Array) -> float:
        return float(np.sum((Y - T) ** 2) / 5)

    K = X @ W.T + b
    H = sigma(K)
    Y = H @ V.T + c
    gY = 2 * (Y - T) / 5
    gK = gY @ V * H * (1 - H)
    return [
        (agree("sum(Y', 0)", G.sum(axis=0), lambda b: linear(X, W, b), b), "mean(Y', axis=0)"),
        (agree("Y'.T X", G.T @ X, lambda W: linear(X, W, b), W), "Y'.T X / 5"),
        (agree("Y' W", G @ W, lambda X: linear(X, W, b), X), "Y W"),
        ("b c", "a b"),
        ("a", "b"),
        (agree("2(Y - t)/5", gY, mean, Y), "2(Y - t)"),
        (agree("Y'^T H", gY.T @ H, lambda V: mean(H @ V.T + c), V), "Y'^T K"),
        (agree("sum(gY, axis=0)", gY.sum(axis=0), lambda c: mean(H @ V.T + c), c), "sum(gY, axis=0)/5"),
        (agree("Y' V", gY @ V, lambda H: mean(H @ V.T + c), H), "Y V"),
        (agree("(Y' V) * H * (1 - H)", gK, lambda K: mean(sigma(K) @ V.T + c), K), "H' * H"),
        (agree("(X.T K').T", gK.T @ X, lambda W: mean(sigma(X @ W.T + b) @ V.T + c), W), "H'.T X"),
        (agree("sum(K', axis=0)", gK.sum(axis=0), lambda b: mean(sigma(X @ W.T + b) @ V.T + c), b), "mean(K', axis=0)"),
    ]


ANSWERS: dict[str, list[tuple[str, str]]] = {
    "tensors/layer": layer(),
    "tensors/element": element(),
    "tensors/batch": batch(),
}
