"""Choices: the letters, and a wrong one at each."""

from __future__ import annotations

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "network/composed-linear": [("b", "a"), ("b", "c"), ("a", "b"), ("a c", "b"), ("b", "c")],
}
