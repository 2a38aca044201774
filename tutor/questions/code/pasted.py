"""Programs that were pasted from a web page, a notebook or a prompt, read as they are meant.

What Python can read is left as it is. Else one thing after another is undone, until it can be read; the lines stay
where they are. What cannot be read even so is left to Python's own words.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Callable

_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"), " ") | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff"), ""
)
_SIGNS = {
    "\u2212": "-", "\u2013": "-", "\u00d7": "*", "\u22c5": "*", "\u00b7": "*", "\u00f7": "/", "\u201c": '"',
    "\u201d": '"', "\u201e": '"', "\u2018": "'", "\u2019": "'", "\u2264": "<=", "\u2265": ">=", "\u2260": "!=",
    "\u00b2": "**2", "\u00b3": "**3", "\u221a": "np.sqrt", "\u03c0": "np.pi",
}  # fmt: skip
_PROMPT = re.compile(r"^(?:>>>|\.\.\.) ?|^In ?\[\d*\]: ?|^\s*\.\.\.: ?")
_MAGIC = re.compile(r"^\s*[%!]")
_NUMBERED = re.compile(r"^\s*(\d+)[.:|]?(?: |$)")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


def readable(text: str) -> tuple[str, str]:
    """The program as it is meant, and a sentence on what was read for what; "" where that goes without saying."""
    text = text.removeprefix("\ufeff")
    if _is_python(text):
        return text, ""
    said: list[str] = []
    for undo in (
        _without_odd_spaces,
        _without_fences,
        _without_prompts,
        _without_margin,
        _without_magics,
        _with_plain_signs,
    ):
        made, what = undo(text)
        if made != text:
            text, said = made, [*said, what]
            if _is_python(text):
                return text, " ".join(filter(None, said))
    return text, " ".join(filter(None, said))


def _is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _without_odd_spaces(text: str) -> tuple[str, str]:
    return text.translate(_SPACES), ""


def _by_line(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(map(change, text.split("\n")))


def _without_fences(text: str) -> tuple[str, str]:
    """Only what stands between fences is the program, where there are two."""
    lines = text.split("\n")
    fences = [at for at, line in enumerate(lines) if _FENCE.match(line)]
    if not fences:
        return text, ""
    if len(fences) >= 2:
        lines = [line if fences[0] < at < fences[1] else "" for at, line in enumerate(lines)]
    return _by_line("\n".join(lines), lambda line: "" if _FENCE.match(line) else line), "The ``` lines were left out."


def _without_prompts(text: str) -> tuple[str, str]:
    """After a prompt, lines without one are what Python answered."""
    if not any(_PROMPT.match(line) for line in text.split("\n")):
        return text, ""
    plain = text.lstrip().startswith(">>>")
    made = _by_line(text, lambda line: _PROMPT.sub("", line) if _PROMPT.match(line) else "" if plain else line)
    return made, "The prompts were left out."


def _without_margin(text: str) -> tuple[str, str]:
    """What stands in front of every line: blanks, the numbers of a listing, the > of a mail, the + of a difference."""
    lines = [line for line in text.split("\n") if line.strip()]
    for sign, margin in ((">", "> "), ("|", "| "), ("+", "+")):
        if lines and all(line.startswith(sign) for line in lines):
            return "\n".join(line.removeprefix(margin).removeprefix(sign) for line in text.split("\n")), ""
    numbers = [_NUMBERED.match(line) for line in lines]
    counted = [int(found[1]) for found in numbers if found]
    if len(counted) == len(lines) > 1 and counted == list(range(counted[0], counted[0] + len(counted))):
        plain = _by_line(text, lambda line: _NUMBERED.sub("", line))
        return textwrap.dedent(plain), "The line numbers were left out."
    return textwrap.dedent(text), ""


def _without_magics(text: str) -> tuple[str, str]:
    if not any(_MAGIC.match(line) for line in text.split("\n")):
        return text, ""
    return _by_line(text, lambda line: "" if _MAGIC.match(line) else line), "The notebook's own commands were left out."


_ROOT_OF = re.compile("\u221a\\s*([\\w.]+(?:\\([^()]*\\))?)")
"""A root with no brackets around what it is of."""


def _with_plain_signs(text: str) -> tuple[str, str]:
    found = [sign for sign in _SIGNS if sign in text]
    made = _ROOT_OF.sub(r"np.sqrt(\1)", text).translate({ord(sign): meant for sign, meant in _SIGNS.items()})
    said = ", ".join(f"{sign} as {_SIGNS[sign]}" for sign in found if _SIGNS[sign] not in "\"'")
    return made, f"Read {said}." if said else ""
