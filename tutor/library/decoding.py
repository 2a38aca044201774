"""TOML text to typed tables, with errors that say which key is wrong, where, and what was meant."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec

from tutor.library.faults import BadFile, Fault, Gathering, each
from tutor.library.fitting import Fitted, fitted, meant
from tutor.library.places import places
from tutor.library.toml_faults import not_toml

__all__ = [
    "BadFile",
    "Decoded",
    "Fault",
    "Gathering",
    "LinesOf",
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
    found = table_of(tables, kind)
    faults = (*found.faults, *_unprintable(tables))
    if not faults:
        return found
    return Decoded(found.value, BadFile.of(faults).placed(LinesOf(text)).faults, found.left_out)


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


class LinesOf:
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


def line_of(text: str, key: str) -> int | None:
    """The line on which a key is set or a table begins, counted from 1; that of its table where it has none.

    `question[2].at` is the key `at` of the second table `[[question]]`. None where none can be found.
    """
    return LinesOf(text)(key)


def _unprintable(tables: dict[str, Any]) -> Iterator[Fault]:
    """Control characters would reach the terminal, which takes some of them for commands."""
    for key, text in _texts(tables, ""):
        found = next((sign for sign in text if unicodedata.category(sign) == "Cc" and sign not in "\n\t"), "")
        if found:
            more = _ESCAPES.get(found, "")
            yield Fault(key, f"it holds a control character, U+{ord(found):04X}{more}: take it out")


def hidden_in(text: str) -> Iterator[Fault]:
    """Where a file holds characters that nobody can see; they are shown by number. Nothing for what is not TOML."""
    try:
        tables, find = tomllib.loads(text), LinesOf(text)
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
