"""Exercise files made for a test."""

from __future__ import annotations

from pathlib import Path

from tutor.library import BadFile, BrokenExercise, Exercise, read_exercise
from tutor.library.problem import Problem, problem_of

THREE_LINES = """\
title = "A sum, then a product"
function = "f(x, y, z) = (x + y) z"
at = { x = 1, y = 3, z = 2 }
"""


def written(folder: Path, id: str, text: str | bytes = THREE_LINES) -> Path:
    """Write a file below a folder, as `id` and `.toml`."""
    path = folder / f"{id}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def exercise(folder: Path, text: str = THREE_LINES) -> Exercise:
    """An exercise that can be read."""
    found = read_exercise(written(folder, "made", text))
    assert isinstance(found, Exercise), found.sentence
    return found


def problem(folder: Path, text: str = THREE_LINES) -> Problem:
    """The mathematics of a file that holds."""
    return problem_of(exercise(folder, text))


def broken(folder: Path, text: str | bytes) -> BrokenExercise:
    """The fault of a file that cannot be read."""
    found = read_exercise(written(folder, "made", text))
    assert isinstance(found, BrokenExercise)
    return found


def bad(folder: Path, text: str) -> BadFile:
    """The fault of a file that can be read but whose mathematics does not hold."""
    read = exercise(folder, text)
    try:
        problem_of(read)
    except BadFile as error:
        return error
    raise AssertionError("its mathematics holds")


def with_line(text: str) -> str:
    """The three lines and a fourth."""
    return f"{THREE_LINES}{text}\n"
