"""Numbers like given ones that are as friendly to the hand: as many digits, about as large, exact where those were.

`Given` values of exercise files come in and go out: numbers, exact forms such as "pi/2", nested lists.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tutor.library.format import Given, RangeTable
from tutor.practice.draws import Draws

_SMALL = 12
"""Whole numbers up to this are replaced by small ones; larger ones by some of about their size."""
_DULL = (0, 1, 2)
"""Whole numbers at which mistakes hide: 0 times anything, 1 squared, 2 doubled or squared."""
_EXACT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"pi|π", ("pi/6", "pi/4", "pi/3", "pi/2", "2pi/3", "3pi/4", "5pi/6")),
    (r"\be\b", ("e", "e^2", "e^3", "1/e", "e^-2")),
    (r"sqrt|√", ("sqrt(2)", "sqrt(3)", "sqrt(5)", "sqrt(6)", "sqrt(7)")),
    (r"\b(ln|log)\b", ("ln 2", "ln 3", "ln 4", "ln 5", "ln 6")),
)
_RETRIES = 20
_FRACTION = re.compile(r"\s*(-?)\s*\d+\s*/\s*\d+\s*")


def like(given: Given, draws: Draws, *, signs: bool = True, allowed: RangeTable | None = None) -> Given:
    """A value like this one, or in its range where it has one; the same where nothing like it is known.

    `signs` says whether the sign of a number may change.
    """
    if isinstance(given, list):
        return _array(given, draws, allowed)
    if allowed is not None:
        return _in_range(allowed, draws)
    if isinstance(given, str):
        return _exact(given, draws)
    return _number(given, draws, signs)


def decimals(value: float) -> int:
    """How many digits a number is written with after the point."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _number(value: float, draws: Draws, signs: bool) -> int | float:
    if value == 0:
        return value
    negative = (value < 0) != (signs and draws.below(4) == 0)
    digits = decimals(value)
    size = _whole(abs(int(value)), draws) if digits == 0 else _decimal(abs(value), digits, draws)
    return -size if negative else size


def _whole(size: int, draws: Draws) -> int:
    low, high = (2, max(6, 2 * size)) if size <= _SMALL else (ceil(size / 2), floor(1.6 * size))
    return draws.choice([one for one in range(low, high + 1) if one not in _DULL] or [size])


def _decimal(size: float, digits: int, draws: Draws) -> float:
    """A number of as many digits; below 1 where the given one is, which may be a share or a probability."""
    unit = int(10**digits)
    count = round(size * unit)
    low, high = max(1, ceil(0.4 * count)), max(2, floor(1.6 * count))
    if size < 1:
        high = min(high, unit - 1)
    return float(draws.between(low, max(low, high)) / unit)


def _exact(text: str, draws: Draws) -> str:
    if _FRACTION.fullmatch(text):
        below = draws.between(3, 6)
        return str(Fraction(draws.choice([top for top in range(1, 2 * below) if top % below]), below))
    for pattern, forms in _EXACT:
        if re.search(pattern, text):
            return draws.choice(forms)
    return text


def _in_range(allowed: RangeTable, draws: Draws) -> int | float:
    if allowed.choices:
        return draws.choice(allowed.choices)
    if allowed.whole:
        return draws.between(ceil(allowed.low), floor(allowed.high))
    digits = next((one for one in range(6) if (allowed.high - allowed.low) * 10**one >= 20), 6)
    unit = 10**digits
    low, high = ceil(allowed.low * unit), floor(allowed.high * unit)
    return draws.between(low, high) / unit if low <= high else allowed.low


# Arrays


def _array(given: list[Any], draws: Draws, allowed: RangeTable | None) -> list[Any]:
    """An array of the same shape. Masks and rows with a single 1 stay such; probabilities change places."""
    entries = list(_entries(given))
    if not entries or not all(isinstance(entry, int | float) for entry in entries):
        return given
    if allowed is not None:
        return _shaped(given, iter([_in_range(allowed, draws) for _ in entries]))
    if set(entries) <= {0, 1} or _rows_sum_to_one(given):
        return _rows_shuffled(given, draws)
    return _shaped(given, iter(_numbers_like(entries, draws)))


def _numbers_like(entries: Sequence[float], draws: Draws) -> list[int | float]:
    """As many numbers, each with the digits of its own, no two equal as far as those were not; positive as those."""
    largest, positive = max(map(abs, entries)), min(entries) > 0
    drawn: list[int | float] = []
    for entry in entries:
        unit = 10 ** decimals(entry)
        low, high = max(1, round(0.2 * largest * unit)), max(3, round(1.2 * largest * unit))
        for _ in range(_RETRIES):
            size = draws.between(low, high)
            number = size if positive or draws.below(2) else -size
            number = number / unit if unit > 1 else number
            if number not in drawn:
                break
        drawn.append(number)
    return drawn


def _rows_sum_to_one(given: list[Any]) -> bool:
    rows = given if isinstance(given[0], list) else [given]
    return all(len(row) > 1 and abs(sum(row) - 1) < 1e-9 and min(row) >= 0 for row in rows if isinstance(row, list))


def _rows_shuffled(given: list[Any], draws: Draws) -> list[Any]:
    if isinstance(given[0], list):
        return [_rows_shuffled(row, draws) for row in draws.shuffled(given)]
    return draws.shuffled(given)


def _entries(given: Any) -> Any:
    if isinstance(given, list):
        for part in given:
            yield from _entries(part)
    else:
        yield given


def _shaped(given: list[Any], entries: Any) -> list[Any]:
    return [_shaped(part, entries) if isinstance(part, list) else next(entries) for part in given]
