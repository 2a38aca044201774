"""TOML text to typed tables, with errors that say which key is wrong, where, and what was meant."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Literal, TypeVar, get_args, get_origin

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
    except RecursionError:
        raise BadFile("", "it is nested too deep") from None
    _refuse_unknown_keys(text, tables, kind)
    _refuse_control_characters(text, tables)
    try:
        return msgspec.convert(tables, kind)
    except msgspec.ValidationError as error:
        raise _invalid(text, str(error), kind) from None


def convert(table: dict[str, Any], kind: type[T], prefix: str) -> T:
    """One table of a file that was decoded before. Raises BadFile whose keys begin with the prefix."""
    try:
        _refuse_unknown_keys("", table, kind)
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        fault = _invalid("", str(error), kind)
        raise BadFile(f"{prefix}{fault.key}", fault.reason) from None
    except BadFile as fault:
        raise BadFile(f"{prefix}{fault.key}", fault.reason) from None


def nearest(word: str, known: Iterable[str]) -> str:
    """The nearest known word as a question: `did you mean at?`; "" where none is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"did you mean {near[0]}?" if near else ""


def meant(word: str, known: Iterable[str], what: str) -> str:
    """What to say of an unknown word: the nearest known one, or all of them."""
    known = list(known)
    return nearest(word, known) or f"the {what} are {', '.join(known)}"


def line_of(text: str, key: str) -> int | None:
    """The line on which a key is set or a table begins, counted from 1; that of its table where it has none.

    `question[2].at` is the key `at` of the second table `[[question]]`. None where none can be found.
    """
    while key:
        if found := _line_of(text, key):
            return found
        key = re.sub(r"\[\d+\]$", "", key) if re.search(r"\]$", key) and "." not in key else key.rpartition(".")[0]
    return None


def _line_of(text: str, key: str) -> int | None:
    table, _, last = key.rpartition(".")
    name = re.escape(re.sub(r"\[\d+\]$", "", last))
    sets_it = re.compile(rf"\s*[\"']?{name}[\"']?\s*[=.]")
    inside, seen = "", dict[str, int]()
    for number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"\s*(\[+)\s*([^]]*?)\s*\]", line):
            inside = _numbered(heading[2], several=heading[1] == "[[", seen=seen)
            if inside == key:
                return number
        elif inside == table and sets_it.match(line):
            return number
    return None


def _numbered(heading: str, *, several: bool, seen: dict[str, int]) -> str:
    """A table's heading with the numbers of the tables of one name: `question[2].code`."""
    path = ""
    parts = heading.split(".")
    for depth, part in enumerate(parts, 1):
        path = f"{path}.{part}" if path else part
        if several and depth == len(parts):
            seen[path] = seen.get(path, 0) + 1
        if path in seen:
            path = f"{path}[{seen[path]}]"
    return path


def _not_toml(text: str, error: tomllib.TOMLDecodeError) -> BadFile:
    place = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
    reason = str(error)[: place.start()].strip() if place else str(error)
    line = int(place[1]) if place and place[1] else len(text.splitlines())
    return BadFile("", f"this is not TOML: {reason[:1].lower()}{reason[1:]}", line)


def _refuse_unknown_keys(text: str, tables: dict[str, Any], kind: type[msgspec.Struct], prefix: str = "") -> None:
    known = {field.name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in tables.items():
        if key not in known:
            near = meant(key, known, "keys known here")
            raise BadFile(prefix + key, f"there is no such key; {near}", line_of(text, prefix + key))
        inner = _struct_in(known[key])
        if inner is not None and isinstance(value, dict):
            _refuse_unknown_keys(text, value, inner, f"{prefix}{key}.")


def _struct_in(kind: Any) -> type[msgspec.Struct] | None:
    """The table type in an annotation such as `CodeTable` or `DescendTable | None`."""
    for candidate in (kind, *getattr(kind, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, msgspec.Struct):
            return candidate
    return None


def _refuse_control_characters(text: str, tables: dict[str, Any]) -> None:
    """They would reach the terminal, which takes some of them for commands."""
    for key, value in tables.items():
        if any(unicodedata.category(sign) == "Cc" and sign not in "\n\t" for sign in _signs(key, value)):
            raise BadFile(ascii(key).strip("'"), "it holds a control character", line_of(text, key))


def _signs(*values: Any) -> Iterator[str]:
    """Every character of the keys and texts in these values."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield from value
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


_KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "int | float | str | array": "a number, text or a list",
    "object | null": "a table",
}


def _invalid(text: str, message: str, kind: type[msgspec.Struct]) -> BadFile:
    """msgspec's "Expected `str`, got `int` - at `$.title`" in plain words."""
    what, _, path = message.partition(" - at `$")
    key = re.sub(r"\[[^]]*\]", "", path.rstrip("`").lstrip("."))
    if missing := re.match(r"Object missing required field `(\w+)`", what):
        key = f"{key}.{missing[1]}" if key else missing[1]
        return BadFile(key, "is missing")
    if other := re.match(r"Invalid enum value '?([^']*)'?", what):
        fields = {field.name: field.type for field in msgspec.structs.fields(kind)}
        known = sorted(map(str, _choices(fields.get(key))))
        return BadFile(key, f"{other[1]} is not known here; {meant(other[1], known, 'choices')}", line_of(text, key))
    what = re.sub(r"`([^`]*)`", lambda match: _KINDS.get(match[1], match[1]), what)
    return BadFile(key, f"{what[:1].lower()}{what[1:]}", line_of(text, key))


def _choices(kind: Any) -> tuple[Any, ...]:
    """What a field of this type may hold, where that is one of a few words or numbers."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(choice for part in get_args(kind) for choice in _choices(part))
