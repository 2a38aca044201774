"""What a diagnosis is, and its sentences."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.questions.code.comparing import Gap


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

    gap: Gap | None = None
    """How the wrong value differs from the right one, where the message says it."""

    mended: tuple[tuple[int, str], ...] = ()
    """Lines, and what would make everything right in the place of each. Not shown: it is the answer."""


def opening(before: str, name: str, line: int | None) -> str:
    """`da is right; dx on line 9 is not`."""
    where = f"{name} on line {line}" if line else name
    return f"{before} is right; {where} is not" if before and before != name else f"{where} is not right"
