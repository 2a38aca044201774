"""Right answers by differences through the whole network, and a wrong one at each blank."""

from __future__ import annotations

from collections.abc import Callable
from math import exp


def sigmoid(k: float) -> float:
    return 1 / (1 + exp(-k))


def slope(f: Callable[[float], float], x: float, h: float = 1e-6) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def loss(v2: float = 1.5, h2: float = 0.99, c: float = 0.0) -> float:
    """The rest of the output is such that y is 10.1 to begin with."""
    return (v2 * h2 + c + 10.1 - 1.5 * 0.99 - 12.1) ** 2


def below(w12: float = 0.5, b2: float = 0.2, k2: float | None = None, h2: float | None = None) -> float:
    """The loss through hidden unit 2 alone, with y - t = -2 to begin with."""
    k = w12 * 2 + 0.75 * -1.2 + b2 if k2 is None else k2
    h = sigmoid(k) if h2 is None else h2
    return (0.7 * (h - sigmoid(0.3)) - 2) ** 2


V2 = slope(lambda v2: loss(v2=v2), 1.5)
W12 = slope(lambda w12: below(w12=w12), 0.5)
H = sigmoid(0.3)

assert round(V2, 6) == -3.96

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "network/second-layer": [
        (f"{slope(lambda y: (y - 12.1) ** 2, 10.1):.4f}", "4"),
        ("0.99", "1.5"),
        (f"{V2:.4f}", "-1.98"),
        (f"{slope(lambda c: loss(c=c), 0.0):.4f}", "-3.96"),
        (f"{1.5 - 0.05 * V2:.4f}", "1.302"),
    ],
    "network/first-layer": [
        ("0.3", "0.1"),
        (f"{H:.4f}", "0.4256"),
        (f"{slope(lambda h2: below(h2=h2), H):.4f}", "-4"),
        (f"{slope(sigmoid, 0.3):.4f}", "0.4256"),
        (f"{slope(lambda k2: below(k2=k2), 0.3):.4f}", "-2.8"),
        (f"{W12:.4f}", "-2.8 * 2"),
        (f"{slope(lambda b2: below(b2=b2), 0.2):.4f}", "0.6845"),
        (f"{0.5 - 0.1 * W12:.4f}", "0.3631"),
    ],
    "network/signs": [
        (f"{slope(lambda y: (y - 20) ** 2, 30):.4f}", "10"),
        ("[2, 10, 18]", "[1, 5, 9]"),
        ("b", "a"),
        ("-10", "10"),
        ("1.1", "0.9"),
        ("a", "c"),
        (f"{slope(sigmoid, 0.0):.4f}", "0.5"),
        (f"{slope(sigmoid, 6.0):.5f}", "0.9975"),
        ("a", "b"),
    ],
}
