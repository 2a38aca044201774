"""By hand; the numbers from Python's own math."""

from __future__ import annotations

from math import exp

SLOPE_AT_2 = exp(-2) / (1 + exp(-2)) ** 2

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "sigmoid/analytic": [
        ("-e^-x", "e^-x"),
        ("-1/u^2", "1/u^2"),
        ("e^-x/(1 + e^-x)^2", "-e^-x/(1 + e^-x)^2"),
        ("σ - σ^2", "σ(1 + σ)"),
        ("1/4", "1/2"),
        (f"{SLOPE_AT_2:.4f}", "-2"),
        ("3σ(3x)(1 - σ(3x))", "s(1 - s)"),
        ("x s (1 - s)", "w s (1 - s)"),
        ("1 - s", "s(1 - s)"),
    ],
}
