"""What is wrong with a file: the key at fault, why, its line; and gathering it, so that all of it is said at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import msgspec

A = TypeVar("A")
B = TypeVar("B")

_TABLES = {"question": "question", "ask": "ask", "options": "option"}
"""Lists of tables that are spoken of by number, and what one of them is called."""


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """One thing that is wrong: its key ("" for the whole file; `question[2].ask[1].formula`), why, its line."""

    key: str
    reason: str
    line: int | None = None

    @property
    def place(self) -> str:
        """The key in words, with a colon: `question 2, ask 1: formula: `; "" for the whole file."""
        return spoken(self.key)


class BadFile(Exception):
    """A file that cannot be used. `key`, `reason` and `line` are those of the first of its `faults`."""

    def __init__(self, key: str, reason: str, line: int | None = None, more: Sequence[Fault] = ()) -> None:
        super().__init__(reason)
        self.key = key
        self.reason = reason
        self.line = line
        self.faults: tuple[Fault, ...] = (Fault(key, reason, line), *more)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> BadFile:
        """All of these, of which there is at least one; what is said twice is said once."""
        first, *more = dict.fromkeys(faults)
        return cls(first.key, first.reason, first.line, more)

    def within(self, prefix: str) -> BadFile:
        """The same with keys that begin with a prefix, such as `question[2].`."""
        return BadFile.of([Fault(f"{prefix}{one.key}".rstrip("."), one.reason, one.line) for one in self.faults])

    def placed(self, line_of: Callable[[str], int | None]) -> BadFile:
        """The same, with lines where they are known, in the order of the file; those without a line come last."""
        found = [Fault(one.key, one.reason, one.line or line_of(one.key)) for one in self.faults]
        return BadFile.of(sorted(found, key=lambda one: (one.line is None, one.line or 0)))


class Gathering:
    """Gathers what several checks find wrong: `with gathering.part(): ...` for each, then `raise_all()`."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    @contextmanager
    def part(self) -> Iterator[None]:
        """What goes wrong inside is kept, and ends only what is inside."""
        try:
            yield
        except BadFile as bad:
            self.faults += bad.faults

    def raise_all(self) -> None:
        """Raises BadFile with all that was gathered; does nothing where that is nothing."""
        if self.faults:
            raise BadFile.of(self.faults)


def each(make: Callable[[int, A], B], items: Iterable[A]) -> list[B]:
    """`make(number, item)` for all items, counted from 1. Raises BadFile with what is wrong with any of them."""
    gathering, made = Gathering(), list[B]()
    for number, item in enumerate(items, 1):
        with gathering.part():
            made.append(make(number, item))
    gathering.raise_all()
    return made


def spoken(key: str) -> str:
    """A key in words, with a colon: `question[2].ask[1].formula` is `question 2, ask 1: formula: `."""
    tables, rest = list[str](), list[str]()
    for part in key.split(".") if key else ():
        found = re.fullmatch(r"(.*)\[(\d+)\]", part)
        if found and found[1] in _TABLES and not rest:
            tables.append(f"{_TABLES[found[1]]} {found[2]}")
        else:
            rest.append(f"{found[1]}, entry {found[2]}" if found else part)
    return "".join(f"{part}: " for part in (", ".join(tables), ".".join(rest)) if part)
