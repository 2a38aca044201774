"""Mistakes in words: the names that the journal has for them are for programs.

A gate's own mistakes are worded in its entry, all others in `mistake_words.toml`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from textwrap import shorten

from tutor.engine.gates import GATES

_PLACES = {"own": "the input", "other": "the other one"}
"""What stands for the names in a gate's sentence; its letters stand for themselves."""

_WIDEST = 60


def mistake_name(key: str, said: str = "") -> str:
    """What a mistake is called: `upstream left out`, `×: the input itself was used, not the other factor`.

    Where several lead to what was answered they are named with "or". One that has no words of its own, such as a
    wrong option, is called by what was `said` of it last.
    """
    words = [_words().get(one) or _of_gates().get(one) for one in key.split("|")]
    if all(words):
        return ", or ".join(filter(None, words))
    first = re.split(r"(?<=[.?])\s", said, maxsplit=1)[0]
    return shorten(first, _WIDEST, placeholder=" …") or "a mistake that has no name"


@cache
def _words() -> dict[str, str]:
    return tomllib.loads(files(__package__).joinpath("mistake_words.toml").read_text(encoding="utf-8"))


@cache
def _of_gates() -> dict[str, str]:
    found: dict[str, str] = {}
    for gate in GATES.values():
        for one in gate.mistakes:
            clause = re.sub(r"\{(\w+)\}", lambda place: _PLACES.get(place[1], place[1]), one.clause)
            found.setdefault(one.key, f"{gate.symbol}: {clause}")
    return found
