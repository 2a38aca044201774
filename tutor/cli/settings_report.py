"""What the verb `settings` says: the settings, what is wrong with them, and all that keys do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import to_builtins

from tutor.settings.schema import SettingsReading
from tutor.text import one_line, wrapped

Row = tuple[str, str, str]


"""The name of what is done, its keys, and what it is."""


def in_words(reading: SettingsReading, wrong: Sequence[str]) -> str:
    """The file, each setting, and the sentences on what is wrong."""
    absent = "" if reading.exists else "\nThere is no such file yet. `backprop-tutor settings --init` writes one."
    settings: dict[str, Any] = to_builtins(reading.settings)
    own = settings.pop("keys")
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in settings.items()]
    lines += [f"keys: {name} = {json.dumps(keys)}" for name, keys in own.items()] or ["keys: none of your own"]
    parts = [f"{one_line(str(reading.path))}{absent}", "\n".join(one_line(line) for line in lines)]
    if wrong:
        said = "\n".join(wrapped(one_line(each), indent="  ").rstrip() for each in wrong)
        parts.append(f"To be fixed; until then the default is used:\n{said}")
    return "\n\n".join(parts)


def keys_in_words(table: Mapping[str, Sequence[Row]]) -> str:
    """For each screen, what can have another key: its name for the table `keys`, its keys, and what it is."""
    rows = [row for each in table.values() for row in each]
    wide = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    parts = []
    for place, own in table.items():
        lines = [f"  {name:<{wide[0]}}  {keys:<{wide[1]}}  {title}".rstrip() for name, keys, title in own]
        parts.append("\n".join([place.capitalize(), *lines]))
    return "\n\n".join(parts)
