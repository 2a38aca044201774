"""Right answers by differences, and a wrong one at each blank."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log


def slope(f: Callable[[float], float], x: float, h: float = 1e-6) -> str:
    """The derivative by central differences, to four digits."""
    return f"{(f(x + h) - f(x - h)) / (2 * h):.4f}"


def softmax_loss(z: list[float]) -> float:
    return -log(exp(z[0]) / sum(map(exp, z)))


def hinge(t: float) -> Callable[[float], float]:
    return lambda y: max(0.0, 1 - t * y)


Z = [2, 0.5, -1]
BY_LOGIT = [slope(lambda z, i=i: softmax_loss([*Z[:i], z, *Z[i + 1 :]]), Z[i]) for i in range(3)]

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "losses/table": [
        (f"{(1.7 - 2.4) ** 2:.4f}", "-0.7"),
        (slope(lambda y: (y - 2.4) ** 2, 1.7), "1.4"),
        (f"{abs(1.7 - 2.4):.4f}", "-0.7"),
        (slope(lambda y: abs(y - 2.4), 1.7), "-1.4"),
        ("0.5", "2"),
        (f"{-log(0.8):.4f}", "-0.2231"),
        (slope(lambda p: -log(p), 0.8), "5"),
        (f"{softmax_loss(Z):.4f}", "0.786"),
        (f"[{', '.join(BY_LOGIT)}]", "[0.786, 0.175, 0.039]"),
        (f"{hinge(-1)(0.3):.4f}", "0.7"),
        (slope(hinge(-1), 0.3), "-1"),
        ("-0.5", "1"),
    ],
}
