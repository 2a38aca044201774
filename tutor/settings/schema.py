"""The learner's settings: what can be set, and the file they are read from. Writing is in `tutor.settings.file`."""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct, convert, structs, to_builtins
from platformdirs import user_config_path

from tutor.files import NotText, text_of
from tutor.library import decoding
from tutor.library.decoding import BadFile, NotToml, decode, line_of
from tutor.library.fitting import meant, nearest
from tutor.paths import VARIABLE, home

NAME = "settings.toml"

FEWEST_DIGITS, MOST_DIGITS = 2, 6

_LARGEST = 100_000
"""Bytes of a file that is read."""

_MODIFIERS = ("ctrl", "alt", "shift", "super", "hyper", "meta")


_AS_ANOTHER = "terminals send it as another key"
_TAKEN = {
    **dict.fromkeys(("ctrl+m", "ctrl+j", "ctrl+i", "ctrl+[", "ctrl+left_square_bracket"), _AS_ANOTHER),
    "ctrl+c": "it copies what is selected",
}
"""Keys that nothing can have, and why."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a learner can set. The usual settings are those of `Settings()`."""

    theme: str = "chalk"
    """The colours, by the name of a theme."""

    ascii: bool = False
    """Whether graphs are drawn with ASCII characters only."""

    digits: Annotated[int, Meta(ge=FEWEST_DIGITS, le=MOST_DIGITS)] = 3
    """Digits after the point of the numbers in the graph."""

    reduced_motion: bool = False
    """Whether nothing on the screen moves by itself."""

    keys: dict[str, str] = {}
    """Id of a binding -> the key that does it, or several with commas between them."""


class _Written(Settings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file, in which the keys may stand in tables within tables: TOML reads `exercise.hint = "f2"` so."""

    keys: dict[str, Any] = {}


@dataclass(frozen=True)
class KnownBindings:
    """What only the terminal app knows. Where a collection is empty, its names are not checked."""

    themes: Collection[str] = ()
    bindings: Collection[str] = ()
    keys: Collection[str] = ()
    """The names of keys that are not characters, without modifiers: `f5`, `escape`."""


@dataclass(frozen=True)
class SettingsReading:
    """What was read: usable settings whatever the file holds, and a sentence for each thing wrong with it."""

    settings: Settings
    path: Path
    exists: bool
    faults: tuple[str, ...] = field(default=())


def settings_path() -> Path:
    """The file, which need not exist: in the platform's folder, or the one that BACKPROP_TUTOR_HOME names."""
    if os.environ.get(VARIABLE, "").strip():
        return home() / NAME
    return user_config_path("backprop-tutor", appauthor=False) / NAME


def read_settings(known: KnownBindings | None = None, path: Path | None = None) -> SettingsReading:
    """The settings as they stand in the file. What is wrong there is as usual, and said."""
    path = path or settings_path()
    try:
        text = text_in(path)
    except FileNotFoundError:
        return SettingsReading(Settings(), path, exists=False)
    except BadFile as bad:
        return SettingsReading(Settings(), path, exists=True, faults=(_sentence(bad),))
    settings, bad_parts = _settings_in(text, known or KnownBindings())
    return SettingsReading(settings, path, exists=True, faults=tuple(_sentence(bad) for bad in bad_parts))


def text_in(path: Path) -> str:
    """The file's text, its line ends as they are. Raises FileNotFoundError, and BadFile where it cannot be read."""
    try:
        return text_of(path, _LARGEST, own_line_ends=True)
    except NotText as why:
        raise BadFile("", str(why)) from None


def _sentence(bad: BadFile) -> str:
    place = f"{NAME}, line {bad.line}" if bad.line else NAME
    return f"{place}: {bad.key + ': ' if bad.key else ''}{bad.reason}"


def _settings_in(text: str, known: KnownBindings) -> tuple[Settings, list[BadFile]]:
    """Every setting that holds, and what is wrong with the others."""
    bad: list[BadFile] = []
    try:
        tables = to_builtins(decode(text, _Written))
    except BadFile as first:
        if isinstance(first, NotToml):
            return Settings(), [first]
        tables = _one_by_one(text, bad)
        bad = bad or [first]
    name = tables.get("theme", Settings().theme)
    if known.themes and name not in known.themes:
        del tables["theme"]
        reason = f"there is no theme {ascii(name)[1:-1]}; {meant(name, known.themes, 'themes')}"
        bad.append(BadFile("theme", reason, line_of(text, "theme")))
    tables["keys"] = dict(_keys_in(text, tables.get("keys", {}), known, bad))
    return convert(tables, Settings), sorted(bad, key=lambda fault: fault.line or 0)


def _one_by_one(text: str, bad: list[BadFile]) -> dict[str, Any]:
    """The settings that hold, each taken by itself; what is wrong with the others is added to `bad`."""
    fine: dict[str, Any] = {}
    for key, value in tomllib.loads(text).items():
        try:
            decoding.convert({key: value}, _Written, "")
            fine[key] = value
        except BadFile as fault:
            bad.append(BadFile(fault.key, _plainly(fault), line_of(text, fault.key)))
    return fine


def _plainly(fault: BadFile) -> str:
    if fault.key == "digits":
        return f"expected a whole number from {FEWEST_DIGITS} to {MOST_DIGITS}"
    return fault.reason


def _keys_in(text: str, table: dict[str, Any], known: KnownBindings, bad: list[BadFile]) -> Iterator[tuple[str, str]]:
    """Binding ids with keys that can be used; what is wrong with the others is added to `bad`."""
    for name, keys in _flat(table):
        reason = ""
        if known.bindings and name not in known.bindings:
            reason = f"nothing here has this name; {_meant_binding(name, known.bindings)}"
        elif not isinstance(keys, str):
            reason = 'expected text, such as "f5" or "down,j"'
        else:
            keys = ",".join(_key(key) for key in keys.split(","))
            reason = next((fault for key in keys.split(",") if (fault := _fault_of(key, known.keys))), "")
        if reason:
            bad.append(BadFile(f"keys.{ascii(name)[1:-1]}", reason, _line_of_binding(text, name)))
        else:
            yield name, keys


def _flat(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _meant_binding(name: str, bindings: Collection[str]) -> str:
    near = nearest(name, bindings)
    return f"did you mean {near}?" if near else "`backprop-tutor settings --keys` lists all names"


def _key(written: str) -> str:
    """A key as the app names it: `Ctrl+X` is `ctrl+x`; a character by itself stays as it is."""
    written = written.strip()
    return written if len(written) == 1 else written.lower()


def _fault_of(key: str, names: Collection[str]) -> str:
    """What is wrong with one key; "" where nothing is."""
    if not names:
        return ""
    if not key:
        return 'name a key, such as "f5"'
    if key in _TAKEN:
        return f"{key} cannot be used: {_TAKEN[key]}"
    *modifiers, last = [part or "+" for part in re.split(r"\+(?!$)", key)]
    for part in modifiers:
        if part not in _MODIFIERS:
            return f"{ascii(part)[1:-1]}+ is not a modifier; {meant(part, _MODIFIERS, 'modifiers')}"
    if last in names or (len(last) == 1 and last.isprintable()) or _is_character(last):
        return ""
    near = nearest(last, names)
    return f"there is no key {ascii(last)[1:-1]}{f'; did you mean {near}?' if near else ''}"


def _is_character(name: str) -> bool:
    """Whether this is how a sign is called, such as `question_mark`."""
    try:
        unicodedata.lookup(name.replace("_", " ").upper())
    except KeyError:
        return False
    return True


def _line_of_binding(text: str, name: str) -> int | None:
    sets_it = re.compile(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=")
    numbered = enumerate(text.splitlines(), 1)
    return next((number for number, line in numbered if sets_it.match(line)), None) or line_of(text, f"keys.{name}")


NAMES = tuple(one.name for one in structs.fields(Settings))
"""The settings, in the order of the file."""
