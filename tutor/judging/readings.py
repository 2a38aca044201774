"""A text that is not right as it is read, and would be in another usual reading: said, not charged."""

from __future__ import annotations

from collections.abc import Callable

from tutor.engine.gates import vocabulary
from tutor.judging.verdict import Kind, Verdict
from tutor.language import other_readings


def in_any_reading(text: str, judge: Callable[[str], Verdict]) -> Verdict:
    """The verdict on a text as it is read; or, where only another usual reading is right, one that says so.

    `judge` is the verdict on a text, and raises nothing.
    """
    first = judge(text)
    if first.kind not in (Kind.WRONG, Kind.UNREADABLE):
        return first
    for other in other_readings(text, vocabulary().functions):
        if judge(other.text).accepted:
            if first.repair == other.text:
                return first
            return Verdict(Kind.UNDECIDED, other.said, echo=first.echo, repair=other.text)
    return first
