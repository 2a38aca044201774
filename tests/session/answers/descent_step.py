"""Right answers by walking down the hill here, and a wrong one at each blank."""

from __future__ import annotations


def walk(w: float, eta: float, steps: int) -> float:
    for _ in range(steps):
        w -= eta * 2 * (w - 3)
    return w


ANSWERS: dict[str, list[tuple[str, str]]] = {
    "descent/step": [
        ("a", "b"),
        ("b", "a"),
        (str((5 - 3) ** 2), "2"),
        (f"{((5.001 - 3) ** 2 - (4.999 - 3) ** 2) / 0.002:.4f}", "10"),
        (f"{walk(5, 0.1, 1):.4f}", "5.4"),
        (f"{(walk(5, 0.1, 1) - 3) ** 2:.4f}", "1.6"),
        (f"{walk(5, 0.1, 2):.4f}", "4.20"),
        (f"{walk(5, 0.1, 3):.4f}", "3.96"),
        (f"{walk(5, 1.1, 1):.4f}", "9.4"),
        (f"{walk(5, 1.1, 2):.4f}", "-4.68"),
    ],
}
