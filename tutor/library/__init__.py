"""Exercise files: their format, reading them, the mathematics they hold.

Paths of TOML files go in; `Exercise`, or `BrokenExercise` with every fault by key and line, comes out, and `Problem`,
its function with inputs and both passes. Open `format.py` first: what a file may hold. `discovery.py` finds files
and `ids.py` names them, `decoding.py` and `fitting.py` make typed tables of them, `faults.py` says what is wrong in
words, `validation.py` what types cannot say; `exercise.py` has what was read. `problem.py` is the mathematics,
`input_values.py` its inputs, and `parse_cache.py` remembers what was read.
"""

from __future__ import annotations

from tutor.library.decoding import BadFile, Fault
from tutor.library.discovery import load, read_exercise
from tutor.library.exercise import BrokenExercise, Exercise, Library
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
