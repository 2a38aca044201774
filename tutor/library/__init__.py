"""Exercise files: their format, reading them, the mathematics they hold."""

from __future__ import annotations

from tutor.library.decoding import BadFile, Fault
from tutor.library.discovery import BrokenExercise, Exercise, Library, load, read_exercise
from tutor.library.format import ExerciseFile, json_schema

__all__ = [
    "BadFile",
    "BrokenExercise",
    "Exercise",
    "ExerciseFile",
    "Fault",
    "Library",
    "json_schema",
    "load",
    "read_exercise",
]
