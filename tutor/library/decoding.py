"""TOML text to typed tables, with errors that say which key is wrong, on which line, and what was meant.

`places` finds the line of every key of a text that has been read as TOML before.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from tutor.library.faults import BadFile, Fault, FaultCollector, each, not_toml
from tutor.library.fitting import Fitted, fitted, meant

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


__all__ = [
    "BadFile",
    "Decoded",
    "Fault",
    "FaultCollector",
    "LineNumbers",
    "NotToml",
    "convert",
    "decode",
    "decoded",
    "each",
    "hidden_in",
    "line_of",
    "meant",
    "table_of",
]

T = TypeVar("T", bound=msgspec.Struct)

_HIDDEN = frozenset("\u200b\u200e\u200f\u061c\u2060\ufeff\u2028\u2029") | frozenset(
    map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""Signs that nobody sees: they turn the order of the text around them, or stand between letters."""


@dataclass(frozen=True)
class Decoded(Generic[T]):
    """What could be read of a table, None where that makes no whole; and what is wrong with the rest."""

    value: T | None
    faults: tuple[Fault, ...] = ()
    left_out: Fitted = field(default_factory=Fitted)
    is_toml: bool = True
    """Whether the file has tables at all."""

    @property
    def whole(self) -> T:
        """All of it. Raises BadFile where anything is wrong."""
        if self.faults or self.value is None:
            raise BadFile.of(self.faults)
        return self.value


class NotToml(BadFile):
    """A text that cannot be read at all."""


def decode(text: str, kind: type[T]) -> T:
    """The file's tables as an object of this kind. Raises BadFile with all that is wrong; NotToml for no tables."""
    read = decoded(text, kind)
    if not read.is_toml:
        raise NotToml.of(read.faults)
    return read.whole


def decoded(text: str, kind: type[T]) -> Decoded[T]:
    """What can be read of the file's tables, and what is wrong with the rest, with lines. Raises nothing."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Decoded(None, (not_toml(text, error),), is_toml=False)
    except RecursionError:
        return Decoded(None, (Fault("", "it is nested too deep"),), is_toml=False)
    converted = table_of(tables, kind)
    faults = (*converted.faults, *_unprintable(tables))
    if not faults:
        return converted
    return Decoded(converted.value, BadFile.of(faults).placed(LineNumbers(text)).faults, converted.left_out)


def table_of(table: dict[str, Any], kind: type[T], around: Sequence[type[msgspec.Struct]] = ()) -> Decoded[T]:
    """The same for a table that has been read; `around` are the kinds of the tables it is in. Without lines."""
    try:
        return Decoded(msgspec.convert(table, kind))
    except msgspec.ValidationError:
        fit = fitted(table, kind, around)
    try:
        value = msgspec.convert(fit.table, kind)
    except msgspec.ValidationError as error:
        if not fit.faults:
            fit.faults.append(Fault("", f"it cannot be read: {error}"))
        value = None
    return Decoded(value, tuple(fit.faults), fit)


def convert(table: dict[str, Any], kind: type[T], prefix: str) -> T:
    """One table of a file that was decoded before. Raises BadFile whose keys begin with the prefix."""
    try:
        return table_of(table, kind).whole
    except BadFile as bad:
        raise bad.within(prefix) from None


class LineNumbers:
    """The line on which a key of a text is set or its table begins, counted from 1; that of its table otherwise."""

    def __init__(self, text: str) -> None:
        self._places = places(text)

    def __call__(self, key: str) -> int | None:
        """None where none can be found."""
        while key:
            if found := self._places.get(key):
                return found
            key = key[: max(key.rfind("."), key.rfind("["), 0)]
        return None

    def of_missing(self, key: str) -> int:
        """The same for a key that may be missing: then where one belongs, before the first that is there."""
        return self(key) or min(self._places.values(), default=1)


def line_of(text: str, key: str) -> int | None:
    """The line on which a key is set or a table begins, counted from 1; that of its table where it has none.

    `question[2].at` is the key `at` of the second table `[[question]]`. None where none can be found.
    """
    return LineNumbers(text)(key)


def _unprintable(tables: dict[str, Any]) -> Iterator[Fault]:
    """Control characters would reach the terminal, which takes some of them for commands."""
    for key, text in _texts(tables, ""):
        control = next((sign for sign in text if unicodedata.category(sign) == "Cc" and sign not in "\n\t"), "")
        if control:
            more = _ESCAPES.get(control, "")
            yield Fault(key, f"it holds a control character, U+{ord(control):04X}{more}: take it out")


def hidden_in(text: str) -> Iterator[Fault]:
    """Where a file holds characters that nobody can see; they are shown by number. Nothing for what is not TOML."""
    try:
        tables, find = tomllib.loads(text), LineNumbers(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for key, inside in _texts(tables, ""):
        if found := next((sign for sign in inside if sign in _HIDDEN), ""):
            reason = f"it holds the hidden character U+{ord(found):04X}, which does not show: take it out"
            yield Fault(key, reason, find(key))


_ESCAPES = {
    "\f": " (a backslash and f make one: write \\\\f, or use single quotes)",
    "\b": " (a backslash and b make one: write \\\\b, or use single quotes)",
    "\r": " (a backslash and r make one: write \\\\r, or use single quotes)",
}


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every key and every text in a value, with its key."""
    waiting: list[tuple[Any, str]] = [(value, path)]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, str):
            yield path, value
        elif isinstance(value, dict):
            for key, inner in value.items():
                where = f"{path}.{_plain(key)}" if path else _plain(key)
                yield where, key
                waiting.append((inner, where))
        elif isinstance(value, list):
            waiting += [(inner, f"{path}[{number}]") for number, inner in enumerate(value, 1)]


def _plain(key: str) -> str:
    return key if key.isprintable() else ascii(key)[1:-1]
