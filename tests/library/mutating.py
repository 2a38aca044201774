"""What goes wrong in files as they are written: keys deleted, doubled, misspelt, moved; other types; texts cut off."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

OTHER = ('"text"', "3", "-1", "0", "1e9", "[]", "[1, 2]", '["a"]', "{}", "{ a = 1 }", "true", "nan", "1979-05-27", '""')


def mutated(text: str, rng: random.Random) -> str:
    """The text with one thing wrong."""
    lines = text.split("\n")
    keyed = [number for number, line in enumerate(lines) if re.match(r"\s*[\w\"-]+\s*=", line)]
    way = rng.choice(_WAYS)
    return way(lines, rng.choice(keyed), rng)


def _deleted(lines: list[str], at: int, rng: random.Random) -> str:
    return "\n".join(lines[:at] + lines[at + 1 :])


def _doubled(lines: list[str], at: int, rng: random.Random) -> str:
    return "\n".join([*lines[:at], lines[at], *lines[at:]])


def _misspelt(lines: list[str], at: int, rng: random.Random) -> str:
    key, _, value = lines[at].partition("=")
    cut = rng.randrange(len(key.rstrip()))
    lines[at] = f"{key[:cut]}{rng.choice('xye')}{key[cut + 1 :].rstrip()} ={value}"
    return "\n".join(lines)


def _of_another_type(lines: list[str], at: int, rng: random.Random) -> str:
    lines[at] = f"{lines[at].partition('=')[0]}= {rng.choice(OTHER)}"
    return "\n".join(lines)


def _cut_off(lines: list[str], at: int, rng: random.Random) -> str:
    text = "\n".join(lines)
    return text[: rng.randrange(len(text))]


def _moved(lines: list[str], at: int, rng: random.Random) -> str:
    other = rng.randrange(len(lines))
    lines[at], lines[other] = lines[other], lines[at]
    return "\n".join(lines)


def _other_numbers(lines: list[str], at: int, rng: random.Random) -> str:
    numbers = ("0", "-3", "1e30", "100000", "2.5", "7")
    lines[at] = re.sub(r"\d+", lambda _found: rng.choice(numbers), lines[at], count=1)
    return "\n".join(lines)


_WAYS: tuple[Callable[[list[str], int, random.Random], str], ...] = (
    _deleted, _doubled, _misspelt, _of_another_type, _cut_off, _moved, _other_numbers,
)  # fmt: skip
