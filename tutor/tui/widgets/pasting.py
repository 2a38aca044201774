"""What is pasted in several lines is taken as if it were typed: where a line ends, Enter is pressed."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n|\r|\n")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_MOST_QUOTED = 60

MOST_PASTED = 100_000
"""Characters; a program may have as many, and no other answer comes near it."""


def too_long(text: str) -> str:
    """What is said of a pasted text that is not taken because of its length; "" of any other."""
    if len(text) <= MOST_PASTED:
        return ""
    return (
        f"What you pasted has {len(text):,} characters. At most {MOST_PASTED:,} are taken at once, so none was put in."
    )


def first_answer(text: str) -> tuple[str, str] | None:
    """The first answer of a pasted text that has line ends, and what comes after its own; None where it has none.

    Empty lines before it are left out. A line end within brackets, as in a matrix, ends no answer.
    """
    text = text.lstrip("\r\n")
    depth, parts, rest = 0, list[str](), text
    while found := _LINE_END.search(rest):
        line, rest = rest[: found.start()], rest[found.end() :]
        parts.append(line)
        depth += sum(_BRACKETS.get(character, 0) for character in line)
        if depth <= 0 or not rest:
            return " ".join(parts), rest
    return None if not parts else (" ".join([*parts, rest]), "")


def left_out(rest: str, why: str = "the answer before it was not accepted") -> str:
    """What is said of the rest of a pasted text that goes nowhere, and why."""
    words = " ".join(rest.split())
    quoted = words if len(words) <= _MOST_QUOTED else f"{words[:_MOST_QUOTED]}…"
    return f"The rest of what you pasted was left out, because {why}: {quoted}"
