"""Counts of steps, by counting them; and a wrong answer at each blank."""

from __future__ import annotations


def steps(examples: int, size: int, epochs: int = 1) -> str:
    return str(sum(1 for _ in range(epochs) for _ in range(0, examples, size)))


ANSWERS: dict[str, list[tuple[str, str]]] = {
    "descent/batches": [
        (steps(6000, 6000), "6000"),
        (steps(6000, 1), "1"),
        (steps(6000, 50), "50"),
        (steps(6000, 50, 10), "120"),
        ("a" if steps(6000, 64) == "94" else "", "b"),
        ("c", "a"),
        ("b", "c"),
        ("a", "b"),
    ],
}
