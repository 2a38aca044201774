"""TOML text to typed tables, with errors that say which key is wrong, where, and what was meant."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


class BadFile(Exception):
    """A file that cannot be used: the key at fault ("" for the whole file), why, and its line where known."""

    def __init__(self, key: str, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason
        self.line = line


def decode(text: str, kind: type[T]) -> T:
    """The file's tables as an object of this kind. Raises BadFile."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, error) from None
    _refuse_unknown_keys(text, tables, kind)
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        raise _invalid(text, str(error)) from None


def line_of(text: str, key: str) -> int | None:
    """The line on which a key is set or a table begins, counted from 1; None where it cannot be found."""
    table, _, last = key.rpartition(".")
    sets_it = re.compile(rf"\s*[\"']?{re.escape(last)}[\"']?\s*=")
    begins_it = re.compile(rf"\s*\[+\s*{re.escape(key)}\s*\]")
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if begins_it.match(line) or (inside == table and sets_it.match(line)):
            return number
        if heading := re.match(r"\s*\[+\s*([^]]*?)\s*\]", line):
            inside = heading[1]
    return None


def _not_toml(text: str, error: tomllib.TOMLDecodeError) -> BadFile:
    place = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
    reason = str(error)[: place.start()].strip() if place else str(error)
    line = int(place[1]) if place and place[1] else len(text.splitlines())
    return BadFile("", f"this is not TOML: {reason[:1].lower()}{reason[1:]}", line)


def _refuse_unknown_keys(text: str, tables: dict[str, Any], kind: type[msgspec.Struct], prefix: str = "") -> None:
    known = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in tables.items():
        if key not in known:
            near = get_close_matches(key, known, n=1, cutoff=0.5)
            meant = f"did you mean {near[0]}?" if near else f"the keys known here are {', '.join(known)}."
            raise BadFile(prefix + key, f"there is no such key; {meant}", line_of(text, prefix + key))
        inner = _struct_in(known[key])
        if inner is not None and isinstance(value, dict):
            _refuse_unknown_keys(text, value, inner, f"{prefix}{key}.")


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """The table type in an annotation such as `CodeTable` or `DescendTable | None`."""
    for candidate in (kind, *getattr(kind, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, msgspec.Struct):
            return candidate
    return None


_KINDS = {"str": "text", "int": "a whole number", "float": "a number", "array": "a list", "object": "a table"}


def _invalid(text: str, message: str) -> BadFile:
    """msgspec's "Expected `str`, got `int` - at `$.title`" in plain words."""
    what, _, path = message.partition(" - at `$")
    key = re.sub(r"\[[^]]*\]", "", path.rstrip("`").lstrip("."))
    if missing := re.match(r"Object missing required field `(\w+)`", what):
        key = f"{key}.{missing[1]}" if key else missing[1]
        return BadFile(key, "is missing")
    what = re.sub(r"`(\w+)`", lambda match: _KINDS.get(match[1], match[1]), what)
    return BadFile(key, f"{what[:1].lower()}{what[1:]}", line_of(text, key))
