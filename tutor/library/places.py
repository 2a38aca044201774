"""Where the keys of a TOML text are: key -> line. For texts that have been read as TOML before."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress

_BARE = re.compile(r"[^\s.=\[\]{},#\"']+")
_SCALAR = re.compile(r"[^\s,\]}#]+( \d{2}:[^\s,\]}#]+)?")
_SPACE = re.compile(r"(?:\s|#[^\n]*)*")


def places(text: str) -> dict[str, int]:
    """The line of every key and entry, counted from 1: `at.x`, `steps[2]`, `question[1].ask[3].options[2].text`."""
    return _Places(text).found


class _Places:
    """Goes through a text once."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._many: dict[str, int] = {}
        self.found: dict[str, int] = {}
        with suppress(RecursionError):  # what is nested too deep to be read has no places
            self._read()

    def _read(self) -> None:
        table = ""
        while self._skip():
            before = self._at
            table = self._heading() if self._next("[") else table
            if self._at == before:
                self._pair(table)
            if self._at == before:
                self._at += 1  # a text that is not TOML: go on all the same

    def _heading(self) -> str:
        """`[a.b]` or `[[a.b]]`: the table that keys are in from here on."""
        start, several = self._at, self._text.startswith("[[", self._at)
        self._at += 2 if several else 1
        parts = self._key()
        path = ""
        for depth, part in enumerate(parts, 1):
            path = _joined(path, part)
            if several and depth == len(parts):
                self._many[path] = self._many.get(path, 0) + 1
                self._mark(path, start)
            if path in self._many:
                path = f"{path}[{self._many[path]}]"
        self._mark(path, start)
        end = self._text.find("\n", self._at)
        self._at = end if end >= 0 else len(self._text)
        return path

    def _pair(self, table: str) -> None:
        start, path = self._at, table
        for part in self._key():
            path = _joined(path, part)
            self._mark(path, start)
        self._skip()
        if self._next("="):
            self._at += 1
            self._value(path)

    def _key(self) -> list[str]:
        """The parts of a key with dots."""
        parts = list[str]()
        while self._skip():
            if self._next('"', "'"):
                start = self._at + 1
                self._string()
                parts.append(self._text[start : self._at - 1])
            elif bare := _BARE.match(self._text, self._at):
                parts.append(bare[0])
                self._at = bare.end()
            self._skip()
            if not self._next("."):
                break
            self._at += 1
        return parts

    def _value(self, path: str) -> None:
        self._skip()
        if self._next('"', "'"):
            self._string()
        elif self._next("["):
            self._inside("]", lambda number: self._entry(f"{path}[{number}]"))
        elif self._next("{"):
            self._inside("}", lambda _number: self._pair(path))
        elif scalar := _SCALAR.match(self._text, self._at):
            self._at = scalar.end()

    def _entry(self, path: str) -> None:
        self._mark(path, self._at)
        self._value(path)

    def _inside(self, end: str, read: Callable[[int], None]) -> None:
        """What is between brackets, separated by commas."""
        self._at += 1
        number = 0
        while self._skip() and not self._next(end):
            number, before = number + 1, self._at
            read(number)
            self._skip()
            if self._next(","):
                self._at += 1
            if self._at == before:
                return
        self._at += 1

    def _string(self) -> None:
        quote = self._text[self._at]
        long = self._text.startswith(quote * 3, self._at)
        ends = quote * 3 if long else quote
        self._at += len(ends)
        while self._at < len(self._text) and not self._text.startswith(ends, self._at):
            self._at += 2 if quote == '"' and self._text[self._at] == "\\" else 1
        self._at += len(ends)
        while long and self._next(quote):  # up to two quotation marks may end what is inside
            self._at += 1

    def _next(self, *signs: str) -> bool:
        return self._text.startswith(signs, self._at)

    def _skip(self) -> bool:
        """Go past space and remarks; whether anything is left."""
        if space := _SPACE.match(self._text, self._at):
            self._at = space.end()
        return self._at < len(self._text)

    def _mark(self, path: str, at: int) -> None:
        self.found.setdefault(path, bisect_right(self._starts, at))


def _joined(path: str, part: str) -> str:
    return f"{path}.{part}" if path else part
