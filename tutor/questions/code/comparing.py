"""What came back from the learner's code against what should have: shapes first, then entry by entry.

Only plain data crosses from the other process, so nothing here runs a method of the learner's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tutor.engine.format_value import show_value, told_apart
from tutor.engine.gates import CALLED_IN_NUMPY
from tutor.engine.values import Value, as_value, shape_of, show_shape
from tutor.judging import Verdict, undecided, unreadable, wrong
from tutor.questions.inflect import listed
from tutor.runner import Array, Outcome, RunFault
from tutor.runner import Value as Sent

SAME = 1e-6
"""Relative difference up to which a returned value is right."""

_LONGEST = 160
"""Inputs that take more characters than this are not shown."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How a returned value differs from the truth, and what was returned if it was numbers."""

    how: str
    """A predicate and its full stop: `is 3; it should be 5, at [0].`"""

    mine: Value | None = None
    of_shape: bool = False
    """Whether it is the shapes that differ."""

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
        return Gap(_shapes(mine, truth), mine, of_shape=True)
    off = _off(mine, truth)
    if not off.any():
        return None
    first = int(np.argmax(off))
    yours, wanted = told_apart(float(np.ravel(mine)[first]), float(np.ravel(truth)[first]))
    return Gap(f"is {yours}; it should be {wanted}{_place(shape_of(truth), first)}.", mine)


def _shapes(mine: Value, truth: Value) -> str:
    own, wanted = shape_of(mine), shape_of(truth)
    if not own:
        return f"is a number; it should have shape {show_shape(wanted)}."
    return f"has shape {show_shape(own)}; it should be {show_shape(wanted) if wanted else 'a number'}."


def same(one: Value, two: Value) -> bool:
    """Whether two values have one shape and agree in every entry."""
    return shape_of(one) == shape_of(two) and not _off(one, two).any()


def _off(mine: Value, truth: Value) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    flat, right_ones = np.ravel(mine), np.ravel(truth)
    with np.errstate(all="ignore"):
        off: np.ndarray[tuple[int], np.dtype[np.bool_]] = ~np.isclose(
            flat, right_ones, rtol=SAME, atol=SAME * max(1e-6, float(np.abs(right_ones).max()))
        )
    return off


def _place(shape: tuple[int, ...], first: int) -> str:
    """`, at [0, 2]`: the index of the entry as it is written in NumPy."""
    if len(shape) == 0:
        return ""
    return f", at [{', '.join(str(int(index)) for index in np.unravel_index(first, shape))}]"


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


def called_with(inputs: Mapping[str, Value]) -> str:
    """The inputs of a call, as far as they are short enough to say; "" if they are not."""
    arguments = ", ".join(f"{name} = {show_value(value)}" for name, value in inputs.items())
    return f"\nCalled with {arguments}." if len(arguments) <= _LONGEST else ""


_MOST_OUTPUT = 600


def of_fault(fault: RunFault, during: str = "") -> Verdict:
    """The verdict on code that was ended by a fault. `during` is a sentence on the call that it happened in."""
    message = f"{fault.message}{asked_of(fault)}"
    text = f"{message}\n{during}" if during else message
    trace = f"\n{fault.traceback}" if fault.traceback else ""
    if fault.kind in ("syntax", "missing"):
        return unreadable(fault.message + trace)
    if fault.kind in ("start", "cancelled"):
        return undecided(fault.message)
    if fault.kind == "unknown":
        return unreadable(text + trace)
    return wrong(text + trace)


def cut_short(outcome: Outcome, wanted: int, during: str = "") -> Verdict | None:
    """The verdict on code that did not make all the calls wanted; None if it did."""
    if outcome.fault is not None:
        return of_fault(outcome.fault, during)
    if len(outcome.calls) != wanted:
        return wrong("Your code ended without a result.")
    return None


def lacking(returned: Sent, name: str) -> Verdict | None:
    """The verdict on a class without methods it should have, from their names; None if it has them all."""
    if not isinstance(returned, list) or not returned:
        return None
    return unreadable(f"The class {name} has no {listed([str(each) for each in returned], 'and no')}.")


def with_output(verdict: Verdict, outcome: Outcome) -> Verdict:
    """The verdict, with what the code printed below it."""
    return replace(verdict, message=f"{verdict.message}{printed(outcome)}")


def printed(outcome: Outcome) -> str:
    """What the code printed, on lines of its own; "" if it printed nothing."""
    output = outcome.output.strip()
    if not output:
        return ""
    return f"\nIt printed:\n{output[:_MOST_OUTPUT]}{' …' if len(output) > _MOST_OUTPUT else ''}"


_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_YET = re.compile(r"cannot access local variable '(\w+)'")

_NUMPY = frozenset({
    *CALLED_IN_NUMPY, "arctan", "cosh", "log10", "sinh", "square", "where", "zeros", "zeros_like",
})  # fmt: skip


def asked_of(fault: RunFault) -> str:
    """A question that leads on from what Python said, after a space; "" where its own words are as good.

    Python tells most of its errors apart by their words alone, so these are read; no sentence of ours is.
    """
    detail = fault.detail
    if fault.error == "NameError" and (found := _NOT_DEFINED.search(detail)):
        name = found[1]
        if name in _NUMPY:
            return f" {name} is NumPy's. What goes in front of its name?"
        return f" Which line should compute {name}?"
    if fault.error == "UnboundLocalError" and (found := _NOT_YET.search(detail)):
        return f" Which line gives {found[1]} its first value?"
    if "bitwise_xor" in detail or "for ^:" in detail:
        return " In Python ^ is not a power. Which operator is?"
    if "matmul" in detail and "mismatch" in detail:
        return " The inner sizes at @ must match. What shapes do its two factors have?"
    if "could not be broadcast" in detail:
        return " What shapes do the two arrays have?"
    return ""
