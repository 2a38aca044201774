"""The exercises that ship."""

from __future__ import annotations

from tests.sampling import some
from tutor.library import Exercise, load
from tutor.paths import shipped_folder

LIBRARY = load([shipped_folder()])
FUNCTIONS = {
    id: exercise
    for id, exercise in LIBRARY.exercises.items()
    if exercise.topic in ("staging", "node-way", "sigmoid", "layers", "vectors") and not exercise.file.question
}
"""The node-way exercises of the course sheets: each is one function, worked by hand in tests/faces/by_hand.py."""


def kind_of(exercise: Exercise) -> str:
    """The kind of its first question; "function" where it is one function from staging to code."""
    return str(exercise.file.question[0]["kind"]) if exercise.file.question else "function"


def sample(turn: int, many: int = 4) -> list[Exercise]:
    """An exercise of every kind, and every fourth, of which there is another choice for each turn."""
    return some(many, LIBRARY.exercises.values(), kind_of, turn)
