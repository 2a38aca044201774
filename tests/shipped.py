"""The exercises that ship."""

from __future__ import annotations

from tutor.library import load
from tutor.paths import shipped_folder

LIBRARY = load([shipped_folder()])
FUNCTIONS = {
    id: exercise
    for id, exercise in LIBRARY.exercises.items()
    if exercise.topic in ("staging", "node-way", "sigmoid", "layers", "vectors") and not exercise.file.question
}
"""The node-way exercises of the course sheets: each is one function, worked by hand in tests/faces/by_hand.py."""
