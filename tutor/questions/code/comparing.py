"""What came back from the learner's code against what should have: shapes first, then entry by entry.

Only plain data crosses from the other process, so nothing here runs a method of the learner's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.format_value import show_value, told_apart
from tutor.engine.values import Value, as_value, shape_of, show_shape
from tutor.judging import Verdict, wrong
from tutor.questions.code.lines.saying import not_right, told_of
from tutor.questions.code.slips import Slip, recognised
from tutor.questions.inflect import listed
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
    said = ", ".join(f"{name} = {show_value(value)}" for name, value in inputs.items())
    return f"\nCalled with {said}." if len(said) <= _LONGEST else ""


Given = Mapping[str, Value | None]
"""What was returned by name; None for what is no number."""

Suspects = Callable[[str, Given], Iterable[Slip]]
"""The slips to look for, given the name of a wrong value and all that was returned."""

Blame = Callable[[str, tuple[str, ...], Slip | None], tuple[int, ...]]
"""The lines among which the wrong one is, given a wrong value's name, the names of all right ones, and the slip."""


def nowhere(_name: str, _right: tuple[str, ...], _slip: Slip | None) -> tuple[int, ...]:
    """Where lines are not looked for."""
    return ()


def first_fault(
    returned: Sent,
    truths: Mapping[str, Value],
    suspects: Suspects,
    *,
    subject: str = "It",
    right_before: Sequence[str] = (),
    after: str = "",
    blame: Blame = nowhere,
    returning: tuple[int, ...] = (),
) -> Verdict | None:
    """What is wrong with the values returned by one call; None if nothing is.

    `truths` are in the order wanted. `subject` is what returned them, at the start of a sentence, `right_before` what
    has been found right already; `after` is said at the end, such as the inputs of the call. `blame` finds the line;
    `returning` is that of the return statement.
    """
    values = _apart(returned, tuple(truths), subject, told_of(returning))
    if isinstance(values, Verdict):
        return Verdict(values.kind, values.message + after, mistake=values.mistake)
    fine = list(right_before)
    for (name, truth), sent in zip(truths.items(), values, strict=True):
        found = gap(sent, truth)
        if found is not None:
            given = {each: received(value) for each, value in zip(truths, values, strict=True)}
            slip = recognised(found.mine, truth, suspects(name, given))
            right = tuple(each for each, other in zip(truths, values, strict=True) if gap(other, truths[each]) is None)
            said = f"{not_right(name, blame(name, right, slip), fine)} {found.said}"
            return wrong(f"{said} {slip.said}{after}" if slip else f"{said}{after}", slip.mistake if slip else "")
        fine.append(name)
    return None


def first_gap(returned: Sent, truths: Mapping[str, Value]) -> tuple[str, Gap] | None:
    """The first value that is wrong, and how; None if there is none, or it is only in another one's place."""
    values = _apart(returned, tuple(truths), "It")
    if isinstance(values, Verdict):
        return None
    for (name, truth), sent in zip(truths.items(), values, strict=True):
        found = gap(sent, truth)
        if found is not None:
            moved = found.mine is not None and any(same(found.mine, other) for other in truths.values())
            return None if moved else (name, found)
    return None


def _apart(returned: Sent, names: Sequence[str], subject: str, place: str = "") -> Sequence[Sent] | Verdict:
    """The values one by one, or why there are not as many as there should be."""
    wanted = ", ".join(names)
    if returned is None:
        return wrong(f"{subject} returned None. End with: return {wanted}", "returned_none")
    if isinstance(returned, dict) and set(names) <= set(returned):
        return [returned[name] for name in names]
    if len(names) == 1:
        if not isinstance(returned, tuple):
            return [returned]
        many = f"{subject} returned {len(returned)} values{place}; there should be one: {wanted}."
        return returned if len(returned) == 1 else wrong(many)
    if not isinstance(returned, (tuple, list)):
        return wrong(f"{subject} returned one value{place}; there should be {len(names)}: {wanted}.")
    if len(returned) != len(names):
        return wrong(f"{subject} returned {len(returned)} values{place}; there should be {len(names)}: {wanted}.")
    return returned
