"""Arguments that are whole numbers: labels of classes, numbers of rows. They are data and get no gradient."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor.engine.gates.gate import Options
from tutor.engine.values import Shape, Value


def whole_numbers(given: Any, below: int) -> NDArray[np.intp] | None:
    """The numbers as integers from 0 to below - 1; None where one of them is not."""
    numbers = np.asarray(given, dtype=np.float64)
    if not np.all((numbers == np.round(numbers)) & (numbers >= 0) & (numbers < below)):
        return None
    return numbers.astype(np.intp)


def needs_whole(given: Any, below: int, what: str) -> str | None:
    """Why these are no such numbers, in words; None where they are."""
    if whole_numbers(given, below) is not None:
        return None
    return f"{what} is a whole number from 0 to {below - 1} here"


def no_gradient(_u: Value, _y: Value, _a: Value, b: Value) -> Value:
    """The vjp of whole numbers beside an array: nothing."""
    return 0.0 * b


def no_gradient_code(names: Mapping[str, str], _options: Options, _shapes: tuple[Shape, ...]) -> str:
    """The same in NumPy."""
    return f"0.0 * {names['b']}"


def index_code(text: str) -> str:
    """NumPy for such numbers in square brackets: a variable may hold floats, a literal holds whole numbers."""
    return text if text.isdigit() or text.startswith("np.array([") else f"np.int_({text})"
