"""Telling whether an exercise still asks what it asked before."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from msgspec import Struct, structs

from tutor.library.format import ExerciseFile

_WORDING = frozenset({"title", "prompt", "remark", "level", "hints", "label", "after", "why", "slips"})
"""Keys of a file, a question and a blank that say something about what is asked, and do not change a right answer."""


def digest(file: ExerciseFile) -> str:
    """A short text that is the same as long as the same answers are right.

    Wording, blanks between words and keys that are left at their default do not count.
    """
    asked = _set_in(file)
    if file.function:
        asked["steps"] = list(file.asked)
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _set_in(table: Struct) -> dict[str, Any]:
    """The keys that are set: a key that a later version adds changes no digest until it is used."""
    return {
        field.name: _plain(value)
        for field in structs.fields(table)
        if field.name not in _WORDING and (value := getattr(table, field.name)) not in (field.default, None, "", (), {})
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it, the same for 1 and 1.0; tables in arrays (questions, blanks, options) lose wording."""
    if isinstance(value, Struct):
        return _set_in(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(_without_wording(each)) for each in value]
    if isinstance(value, str):
        return " ".join(value.split())
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_wording(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name not in _WORDING}
