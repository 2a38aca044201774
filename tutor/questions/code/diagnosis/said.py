"""What a diagnosis is, and its sentences."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tutor.engine.showing import told_apart
from tutor.engine.values import Value, shape_of, show_shape


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The first wrong line, the variable that is wrong there, what to say, and the mistake's name.

    `line` is None where no line can be told, `mistake` empty where it has no name.
    """

    line: int | None
    name: str
    message: str
    mistake: str = ""
    certain: bool = True
    """Whether exactly one slip explains it."""

    lines: tuple[int, ...] = ()
    """Where `line` is None: the lines of which one is wrong."""

    mended: tuple[tuple[int, str], ...] = ()
    """Lines, and what would make everything right in the place of each. Not shown: it is the answer."""


def difference(mine: Value | None, truth: Value) -> str:
    """Where a value and the truth part: `It is 2 where 3 is right, at [0, 1].`"""
    if mine is None:
        return ""
    if shape_of(mine) != shape_of(truth):
        return f"It has shape {show_shape(shape_of(mine))}; {show_shape(shape_of(truth))} is right."
    flat, right = np.ravel(mine), np.ravel(truth)
    with np.errstate(all="ignore"):
        off = ~np.isclose(flat, right, rtol=1e-6, atol=1e-12)
    if not off.any():
        return ""
    first = int(np.argmax(off))
    yours, wanted = told_apart(float(flat[first]), float(right[first]))
    index = np.unravel_index(first, shape_of(truth)) if shape_of(truth) else ()
    place = f", at [{', '.join(str(int(i)) for i in index)}]" if index else ""
    return f"It is {yours} where {wanted} is right{place}."


def opening(before: str, name: str, line: int | None) -> str:
    """`da is right; dx on line 9 is not`."""
    where = f"{name} on line {line}" if line else name
    return f"{before} is right; {where} is not" if before and before != name else f"{where} is not right"
