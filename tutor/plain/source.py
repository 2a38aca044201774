"""A Python function put together from lines typed one by one."""

from __future__ import annotations

import re
from textwrap import dedent, indent

_WHOLE = re.compile(r"(\s*(#.*)?\n)*((def|import|from|class)\s|@)")
_BODY = "    "


def composed(base: str, typed: list[str]) -> str:
    """The function that the typed lines amount to.

    Lines that begin with `def` or `import` are a function of their own. Others go into `base`, before the return
    line at its end; they may be indented or not, and may end in a return of their own.
    """
    text = dedent("\n".join(line.expandtabs(4) for line in typed)).strip("\n")
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


def _split(base: str) -> tuple[list[str], str]:
    """The lines above the return line at the end, without blank ones at their end, and the return line."""
    lines = base.rstrip().split("\n")
    last = lines.pop() if lines[-1].strip().startswith("return") else ""
    while lines and not lines[-1].strip():
        lines.pop()
    return lines, last
