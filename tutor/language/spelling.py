"""Words that are nearly the same, and lists of words in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words within one slip of the pen (two in long words), the nearest only, at most three."""
    allowed = 0 if len(word) < 2 else 1 if len(word) < 6 else 2
    near = [other for other in known if len(other) > 1 and abs(len(other) - len(word)) <= allowed]
    rated = sorted((slips(word, other, allowed), other) for other in near)
    return [other for count, other in rated if count == rated[0][0] <= allowed][:3]


def slips(word: str, other: str, most: int) -> int:
    """Letters to add, drop, change or swap to get from one word to the other; not exact above `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        above, row = row, [i]
        for j, wanted in enumerate(other, 1):
            count = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == wanted:
                count = min(count, before[j - 2] + 1)
            row.append(count)
        if min(row) > most:
            return most + 1
        before = above
    return row[-1]


def one_of(choices: Sequence[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    return _joined(choices, "or")


def every_one_of(things: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return _joined(things, "and")


def _joined(words: Sequence[str], last: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
