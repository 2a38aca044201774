"""A Python function put together from lines typed one by one."""

from __future__ import annotations

import re
from textwrap import dedent, indent

_WHOLE = re.compile(r"(\s*(#.*)?\n)*((def|import|from|class)\s|@)")
_NOTHING_YET = re.compile(r"(\s*(#.*)?(\n|$))*")
_DEF = re.compile(r"(async\s+)?def\s")
_BODY = "    "


def takes_lines(starter: str) -> bool:
    """Whether loose lines may go into it: it ends in one function, and in that one's return line.

    A class does not: nothing says into which of its methods a line would go.
    """
    lines = starter.rstrip().split("\n")
    blocks = [line for line in lines if line[:1].strip() and not line.startswith(("#", ")"))]
    last = lines[-1]
    at_body = last.startswith(f"{_BODY}return") and not any(line.startswith("class ") for line in blocks)
    return bool(blocks) and bool(_DEF.match(blocks[-1])) and at_body


def begins_whole(typed: list[str]) -> bool:
    """Whether the lines begin a program of their own, or may still do so: up to now there are only comments."""
    text = _dedented(typed)
    return bool(_NOTHING_YET.fullmatch(text) or _WHOLE.match(text))


def whole(typed: list[str], starter: str) -> str:
    """The program that the typed lines are; the starter where nothing is typed."""
    text = _dedented(typed)
    return f"{text}\n" if text.strip() else starter


def composed(base: str, typed: list[str]) -> str:
    """The function that the typed lines amount to.

    Lines that begin with `def` or `import` are a function of their own. Others go into `base`, before the return
    line at its end; they may be indented or not, and may end in a return of their own.
    """
    text = _dedented(typed)
    if not text.strip():
        return base
    if _WHOLE.match(text):
        return f"{text}\n"
    above, last = _split(base)
    lines = text.split("\n")
    own_return = next((line for line in reversed(lines) if line.strip()), "").startswith("return")
    body = indent(text, _BODY)
    return "\n".join([*above, body, *([] if own_return or not last else [last]), ""])


def numbered(source: str) -> str:
    """The source with a number before each line."""
    lines = source.rstrip("\n").split("\n")
    width = len(str(len(lines)))
    return "\n".join(f"{number:>{width}}  {line}".rstrip() for number, line in enumerate(lines, 1))


def _dedented(typed: list[str]) -> str:
    return dedent("\n".join(line.expandtabs(4) for line in typed)).strip("\n")


def _split(base: str) -> tuple[list[str], str]:
    """The lines above the return line at the end, without blank ones at their end, and the return line."""
    lines = base.rstrip().split("\n")
    last = lines.pop() if lines[-1].strip().startswith("return") else ""
    while lines and not lines[-1].strip():
        lines.pop()
    return lines, last
