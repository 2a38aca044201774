"""What came back from the learner's code against what should have: shapes first, then entry by entry.

Only plain data crosses from the other process, so nothing here runs a method of the learner's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite, prod

import numpy as np

from tutor.engine.values import Value, as_value, place_in, shape_of, show_shape, show_value, told_apart
from tutor.questions.inflect import counted, listed
from tutor.runner import Array
from tutor.runner import Value as Sent

SAME = 1e-6
"""Relative difference up to which a returned value is right."""

_LONGEST = 160
"""Inputs that take more characters than this are not shown."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How a returned value differs from the truth, and what was returned if it was numbers."""

    how: str
    """A predicate and its full stop: `is 3; it should be 5 (the first of 3).`"""

    mine: Value | None = None

    @property
    def said(self) -> str:
        """The predicate as a sentence."""
        return f"It {self.how}"


def gap(sent: Sent, truth: Value) -> Gap | None:
    """How a returned value differs from the truth; None if it does not."""
    mine = received(sent)
    if mine is None:
        return Gap(f"is {described(sent)}; it should be numbers.")
    return between(mine, truth)


def between(mine: Value, truth: Value) -> Gap | None:
    """How a value differs from the truth; None if it does not."""
    if shape_of(mine) != shape_of(truth):
        return Gap(_shapes(mine, truth), mine)
    where = _first_off(mine, truth)
    return Gap(f"is {where}.", mine) if where else None


def _first_off(mine: Value, truth: Value) -> str:
    """The first entry that differs of values of one shape: `3; it should be 5 (the first of 3)`; "" where none does."""
    off = _off(mine, truth)
    if not off.any():
        return ""
    first = int(np.argmax(off))
    yours, wanted = told_apart(float(np.ravel(mine)[first]), float(np.ravel(truth)[first]))
    index = tuple(map(int, np.unravel_index(first, shape_of(truth)))) if shape_of(truth) else ()
    return f"{yours}; it should be {wanted}{place_in(shape_of(truth), index)}"


def _shapes(mine: Value, truth: Value) -> str:
    own, wanted = shape_of(mine), shape_of(truth)
    if not own:  # a number that is wrong everywhere is no matter of shapes
        where = _first_off(np.broadcast_to(mine, wanted), truth)
        return f"is {where or 'a number; it should be an array'}, with shape {show_shape(wanted)}."
    return f"has shape {show_shape(own)}; it should be {show_shape(wanted) if wanted else 'a number'}."


def same(one: Value, two: Value) -> bool:
    """Whether two values have one shape and agree in every entry."""
    if isinstance(one, float) and isinstance(two, float):  # as `_off` says it, 20 times as fast
        return one == two or (isfinite(two) and abs(one - two) <= _tolerance(abs(two)) + SAME * abs(two))
    return shape_of(one) == shape_of(two) and not _off(one, two).any()


def _off(mine: Value, truth: Value) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    flat, right_ones = np.ravel(mine), np.ravel(truth)
    with np.errstate(all="ignore"):
        size = np.abs(right_ones)
        close = np.abs(flat - right_ones) <= _tolerance(float(size.max())) + SAME * size
        off: np.ndarray[tuple[int], np.dtype[np.bool_]] = ~(close & np.isfinite(size) | (flat == right_ones))
    return off


def _tolerance(largest: float) -> float:
    """By which any entry may be off, beside its share of its own size."""
    return SAME * max(1e-6, largest)


def described(sent: Sent) -> str:
    """What was sent, for a learner: `None`, `a str`."""
    if sent is None:
        return "None"
    if isinstance(sent, Array):
        return "an array without entries" if not sent.data else f"an array of type {sent.dtype}"
    kind = getattr(sent, "type_name", type(sent).__name__)
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def received(sent: Sent) -> Value | None:
    """A returned value as the engine knows values; None for what is no number."""
    try:
        if isinstance(sent, Array):
            array = sent.numpy()
            return as_value(array.astype(np.float64)) if array.size and array.dtype.kind in "fiub" else None
        if isinstance(sent, (int, float)):
            return float(sent)
        return as_value(_opened(sent)) if isinstance(sent, (list, tuple)) else None
    except (OverflowError, TypeError, ValueError):
        return None


def _opened(sent: Sent) -> object:
    """Lists as they are, with NumPy's arrays in them."""
    if isinstance(sent, (list, tuple)):
        return [_opened(item) for item in sent]
    return sent.numpy() if isinstance(sent, Array) else sent


def sending(value: Value) -> Sent:
    """A value as an argument of a call."""
    return value if isinstance(value, float) else Array.of(np.asarray(value))


def with_shapes(inputs: Mapping[str, Value]) -> str:
    """`a of shape (2, 3) and b of shape (3,)`."""
    return listed([f"{name} of shape {show_shape(shape_of(value))}" for name, value in inputs.items()])


def called_with(inputs: Mapping[str, Value], of_numbers: bool = False) -> str:
    """The inputs of a call, as far as they are short enough to say; "" if they are not.

    Where the function is one `of_numbers`, it says why arrays of them were put in.
    """
    said = ", ".join(f"{name} = {show_value(value)}" for name, value in inputs.items())
    if len(said) > _LONGEST:
        return ""
    shape = max(map(shape_of, inputs.values()), default=(), key=len)
    if not (of_numbers and shape):
        return f"\nCalled with {said}."
    at_once = f"{counted(prod(shape), 'number')} at once"
    return f"\nCalled with {at_once} (NumPy takes arrays): {said}."
