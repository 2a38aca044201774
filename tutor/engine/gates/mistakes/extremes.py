"""Mistakes at the largest and the smallest of many entries."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.mistakes.along import along_the_other, copied, reduced, spread
from tutor.engine.gates.mistakes.mistake import Mistake, forward


def _shared(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(u, a, axis, keepdims) * (max(1, np.size(y)) / np.size(a))


def _times_value(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    top = spread(y, a, axis, keepdims)
    return spread(u, a, axis, keepdims) * top * (a == top)


def _of_all(of: Any) -> Any:
    """Only the largest of the whole array, where each group along an axis has its own."""

    def sent(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return None if axis is None else spread(u, a, axis, keepdims) * (a == of(a))

    return sent


def _at_the_other(other: Any) -> Any:
    def sent(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        return spread(u, a, axis, keepdims) * (a == other(a, axis=axis, keepdims=True))

    return sent


def _whole(of: Any) -> Any:
    return lambda _u, _y, a, axis=None, **_options: None if axis is None else of(a)


def _mistakes(word: str, adjective: str, other_word: str, of: Any, other: Any) -> tuple[Mistake, ...]:
    routes = f"Nudge one entry of {{a}}: does the {word} move, unless it is the {adjective} one?"
    return (
        Mistake(f"{word}_axis_all", 0, copied, "gives the upstream to every entry", routes),
        Mistake(f"{word}_axis_shared", 0, _shared, "splits the upstream among all entries", routes),
        Mistake(
            f"{word}_axis_times_value", 0, _times_value, f"multiplies by the {word}",
            "The winner is passed on unchanged. What is its slope?",
        ),
        Mistake(f"{word}_axis_of_all", 0, _of_all(of), f"sends it to the {adjective} of the whole array only",
                f"Does each group have its own {word}?"),
        Mistake(f"{word}_axis_wrong_winner", 0, _at_the_other(other), f"sends it to the {other_word}",
                f"Which entry is the {adjective}?"),
        forward(f"other_of_{word}", reduced(other), f"is the {other_word}", f"Which entry is the {adjective}?"),
        forward(f"{word}_wrong_axis", along_the_other(of), "is taken along the other axis", "Which axis disappears?"),
        forward(
            f"{word}_of_all", _whole(of), f"is the {adjective} of the whole array",
            f"Does each group have its own {word}?"
        ),
    )  # fmt: skip


LARGEST = _mistakes("max", "largest", "smallest", np.max, np.min)
SMALLEST = _mistakes("min", "smallest", "largest", np.min, np.max)
