"""TOML of which each statement is read by itself: one that is damaged, or there twice, costs no other.

Enough of TOML for files of texts: tables, and keys whose values are on one line or in triple quotes.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_TABLE = re.compile(r"\s*\[([^\[\]]*)\]?\s*(#.*)?$")
_KEY = re.compile(r"""\s*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w∂/'.-]+)\s*=\s*(.*)$""")
_TRIPLE = re.compile(r'"""|\'\'\'')


@dataclass(frozen=True, slots=True)
class TomlStatement:
    """`key = value` in a table; `value` is text as it was meant, or what TOML makes of it."""

    table: str
    key: str
    value: Any
    line: int
    closed: bool = True
    """Whether its quotes are closed: what is not may go on where nobody knows."""


@dataclass(frozen=True, slots=True)
class UnreadLine:
    """A line nobody could make sense of."""

    text: str
    line: int


def statements(text: str) -> Iterator[TomlStatement | UnreadLine]:
    """Each statement of the text, in order, and the lines that are none. Raises nothing."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    table, at = "", 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if found := _TABLE.match(line):
            table = ".".join(part.strip().strip("\"'") for part in _parts(found[1]))
            continue
        if (found := _KEY.match(line)) is None:
            yield UnreadLine(line, number)
            continue
        value, at = _whole(found[2], lines, at)
        yield TomlStatement(table, _plain_key(found[1]), _read(value), number, _is_closed(value))


def _parts(name: str) -> list[str]:
    return re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", name)


def _plain_key(written: str) -> str:
    return str(_read(written)) if written[0] in "\"'" else written


def _whole(value: str, lines: list[str], at: int) -> tuple[str, int]:
    """The value with the lines it goes on for, and the line after it."""
    opening = _TRIPLE.match(value)
    if opening is None or opening[0] in value[3:]:
        return value, at
    for end in range(at, len(lines)):
        if opening[0] in lines[end]:
            return "\n".join([value, *lines[at : end + 1]]), end + 1
        if _TABLE.match(lines[end]) and lines[end].startswith("["):  # it was never closed: what follows is not in it
            return "\n".join([value, *lines[at:end], opening[0]]), end
    return "\n".join([value, *lines[at:], opening[0]]), len(lines)


def _is_closed(value: str) -> bool:
    """Whether a value that begins with a quote is one that TOML can read."""
    try:
        tomllib.loads(f"value = {value}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return value.lstrip()[:1] not in ('"', "'")
    return True


def _read(value: str) -> Any:
    """What TOML makes of a value; of one that is none, its text without quotes and comment."""
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        bare = value.strip()
        for quotes in ('"""', "'''"):
            bare = bare.removeprefix(quotes).removesuffix(quotes)
        if bare[:1] in ('"', "'"):
            end = bare.find(bare[0], 1)
            return (bare[1:end] if end > 0 else bare[1:].partition(" #")[0]).strip()
        return bare.partition("#")[0].strip()
