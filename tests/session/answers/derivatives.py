"""By hand, with the rules of a calculus course."""

from __future__ import annotations

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "derivatives/rules": [
        ("0", "99"),
        ("3", "3x"),
        ("3x^2", "x^2"),
        ("2x + 3", "2x + 3x"),
        ("2x - 3", "2x + 3"),
        ("2x*x + x^2*1", "2x"),
        ("2/x", "1/x^2"),
    ],
    "derivatives/one-variable": [
        ("2", "2x"),
        ("1/t", "t ln t - t"),
        ("t^2", "t^3"),
        ("2/t + t^2", "3"),
        ("2x y", "2x"),
        ("x^2 - 2y", "x^2"),
        ("2t^2 * 2t * 2t + (t^4 - 4t)*2", "8t^4"),
        ("-3.375", "2"),
    ],
    "derivatives/two-variables": [
        ("6x - 2y", "6x - 2y + 2x"),
        ("2y - 2x", "2y"),
        ("3(6(3a + 2b) - 2(4a - b)) + 4(2(4a - b) - 2(3a + 2b))", "18a + 34b"),
        ("18a + 34b", "28a + 26b"),
        ("46", "60"),
        ("9 + 51", "54"),
    ],
}
