"""Of many cases of one rule the default run tries a fixed sample; with `EVERY_CASE=1` (`.ci/run every-case`) all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Case = TypeVar("Case")

EVERY_CASE = os.environ.get("EVERY_CASE", "") not in ("", "0")


def one_of_each(cases: Iterable[Case], kind: Callable[[Case], object]) -> list[Case]:
    """The first case of every kind."""
    cases = list(cases)
    return cases if EVERY_CASE else list({kind(case): case for case in reversed(cases)}.values())[::-1]


def one_in(many: int, cases: Sequence[Case], start: int = 0) -> list[Case]:
    """Every so many-th of the cases, beginning with the one numbered `start`."""
    return list(cases) if EVERY_CASE else list(cases[start % many :: many])


def some(many: int, cases: Iterable[Case], kind: Callable[[Case], object], start: int = 0) -> list[Case]:
    """The first case of every kind, and every so many-th of all."""
    cases = list(cases)
    chosen = {*map(id, one_of_each(cases, kind)), *map(id, one_in(many, cases, start))}
    return [case for case in cases if id(case) in chosen]


def examples(many: int) -> int:
    """How many examples Hypothesis draws where so many would be drawn with every case: one in three."""
    return many if EVERY_CASE else max(20, many // 3)
