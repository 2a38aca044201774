"""TOML of which each statement is read by itself: one that is damaged, or there twice, costs no other.

Enough of TOML for files of texts: tables, and keys whose values are on one line or in triple quotes. What mail, word
processors and hasty hands do to such a file is undone where only one thing can have been meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

_NAME = r"""[^\W\d_"'][\w./∂"' -]*"""
_TABLE = re.compile(rf"\s*\[+\s*[\"']?({_NAME}?)\s*(?:\](.*)|(?:\#.*)?)$")
_TABLE_WITHOUT_ITS_OPENING = re.compile(rf"\s*({_NAME}?)\s*\](\s*(?:\#.*)?)$")
_TABLE_AS_A_COMMENT = re.compile(rf"\s*\#\s*\[({_NAME}?)\](\s*)$")
_WORD = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[\w∂/'.-]+)"""
_BULLET = r"\s*(?:[-*•]\s+)?"
_KEY = re.compile(rf"{_BULLET}({_WORD})\s*(?:=+|:=?)\s*(.*)$")
_KEY_WITHOUT_EQUALS = re.compile(rf"{_BULLET}({_WORD})\s+([\"'].*)$")
_KEY_WITH_A_QUOTE_LOST = re.compile(rf"{_BULLET}([^=\[\]]{{1,80}}?)\s*=+\s*(.*)$")
_NEXT_ON_THE_LINE = re.compile(rf"(?:^|\s)({_WORD}\s*=\s*[\"'].*)$")
_ANSWER = re.compile(rf"{_WORD}\s*=\s*(?:[\"'].*|)$")
"""A line that is an answer: no equation, nor a line of a program, begins so at the margin."""
_OPENING = re.compile(r'"""|\'\'\'')
_QUOTES_ALONE = re.compile(r"""(?:"{1,3}|'{1,3})\s*$""")
_ONE_LINE = re.compile(r""""{3}.*?"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*'""")
_MAIL = re.compile(r"^(?:> ?)+", re.MULTILINE)
_LETTERS = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\u3000", " ")
    | dict.fromkeys("\ufeff\u200b\u200c\u200d\u2060", "")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("‘’‚", "'")
)
"""Spaces that are none, signs that nobody sees, and the quotes of word processors."""


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
    lines = _cleaned(text).split("\n")
    table, at = "", 0
    while at < len(lines):
        line, number = lines[at], at + 1
        at += 1
        if (heading := _heading(line)) is not None:
            table, line = heading
            if _key_and_value(line) is None:  # what is behind it says nothing
                continue
        while line.strip() and not line.lstrip().startswith("#"):
            found = _key_and_value(line)
            if found is None:
                yield UnreadLine(line, number)
                break
            key, value = found
            block = _block(value, lines, at)
            if block is not None:
                yield TomlStatement(table, key, block.text, number, block.closed)
                at = block.end
                break
            value, line = _parted(value)
            yield TomlStatement(table, key, _read(value), number, _is_closed(value))


def _cleaned(text: str) -> str:
    """The text, line by line, without what was done to its signs on the way."""
    if "&quot;" in text or "&#39;" in text:
        text = unescape(text)
    return _MAIL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").translate(_LETTERS))


def _heading(line: str) -> tuple[str, str] | None:
    """The table that a line begins, and what is behind that; None where it begins none."""
    for form in (_TABLE, _TABLE_WITHOUT_ITS_OPENING, _TABLE_AS_A_COMMENT):
        if found := form.match(line):
            return ".".join(part.strip().strip("\"'") for part in found[1].split(".")), found[2] or ""
    return None


def _key_and_value(line: str) -> tuple[str, str] | None:
    for form in (_KEY, _KEY_WITHOUT_EQUALS):
        if found := form.match(line):
            return _plain_key(found[1]), found[2]
    found = _KEY_WITH_A_QUOTE_LOST.match(line)
    key = found[1].strip('" ').removeprefix("'") if found is not None else ""
    return (key, found[2]) if found is not None and key else None


def _plain_key(written: str) -> str:
    return str(_read(written)) if written[0] in "\"'" else written


# Values of several lines


@dataclass(frozen=True, slots=True)
class _Block:
    """A text in triple quotes, and the number of the first line behind it."""

    text: Any
    end: int
    closed: bool


def _block(value: str, lines: Sequence[str], at: int) -> _Block | None:
    """The text of several lines that begins with this value, before line `at`; None where it is on one line.

    Quotes that are damaged, at its beginning or its end, are made out by the lines between.
    """
    opening = _OPENING.match(value)
    if opening is None:
        return _block_of_lost_opening(value, lines, at)
    quotes, first = opening[0], value[3:]
    if quotes in first:
        return None
    region = _region(quotes, lines, at)
    end = _closing(quotes, lines, at, region)
    if end is not None:
        last = lines[end].partition(quotes)[0] if quotes in lines[end] else ""
        return _Block(_inside(quotes, [first, *lines[at:end], last]), end + 1, True)
    end = next((n for n in range(at, region) if _ANSWER.match(lines[n])), region)
    kept = [first, *lines[at:end]]
    while kept and (not kept[-1].strip() or kept[-1].startswith("#")):
        kept.pop()
    return _Block(_inside(quotes, kept), end, False)


def _block_of_lost_opening(value: str, lines: Sequence[str], at: int) -> _Block | None:
    """The lines down to quotes that close a text, where nothing but a part of the quotes, or nothing, opens one."""
    if value.partition("#")[0].strip() not in ("", '"', '""', "'", "''"):
        return None
    for end in range(at, len(lines)):
        if _QUOTES_ALONE.match(lines[end]):
            return _Block("\n".join(lines[at:end]), end + 1, True) if "".join(lines[at:end]).strip() else None
        if _ANSWER.match(lines[end]) or _heading(lines[end]) is not None:
            return None
    return None


def _region(quotes: str, lines: Sequence[str], at: int) -> int:
    """The line before which a text in these quotes ends: a table, or a text that opens with the same quotes."""
    for end in range(at, len(lines)):
        found = _KEY.match(lines[end])
        if found and found[2].startswith(quotes):
            return end
        if lines[end].startswith(("[", "#")) and _heading(lines[end]) is not None:
            return end
    return len(lines)


def _closing(quotes: str, lines: Sequence[str], at: int, region: int) -> int | None:
    """The line that closes a text: these quotes alone, others alone, these behind something; None without any."""
    alone = [end for end in range(at, region) if _QUOTES_ALONE.match(lines[end])]
    same = [end for end in alone if lines[end].startswith(quotes)]
    within = [end for end in range(at, region) if quotes in lines[end]]
    other = [end for end in alone if not within or end > within[-1]]
    return next((ends[0] for ends in (same, other, within) if ends), None)


def _inside(quotes: str, kept: Sequence[str]) -> Any:
    text = "\n".join(kept)
    return _read(f"{quotes}{text}{quotes}") if quotes == '"""' and quotes not in text else text.removeprefix("\n")


# Values of one line


def _parted(value: str) -> tuple[str, str]:
    """A value, and the statement that is behind it on its line; "" where there is none."""
    found = _ONE_LINE.match(value)
    if found is None:
        return value, ""
    rest = value[found.end() :]
    if following := _NEXT_ON_THE_LINE.search(rest):
        return found[0], following[1]
    bare = rest.partition(" #")[0].rstrip()
    if bare.endswith(found[0][0]) and found[0][0] == "'":  # there are quotes in it: a derivative's sign
        return f'"""{value[1 : found.end() + len(bare) - 1]}"""', ""
    return found[0], ""


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
        bare = bare.partition("#")[0].strip()
        return bare[:-1].rstrip() if bare.endswith('"') and bare.count('"') == 1 else bare
