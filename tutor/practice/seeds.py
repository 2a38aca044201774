"""Seeds, and the ids of exercises on fresh numbers. Light: `list` and the shell's completion read ids too."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

SEPARATOR = "@"
"""Between an exercise's id and the seed."""

LARGEST_SEED = 999_999_999

PRACTICE = "practice"
"""Before the slash in the ids of functions made for practice: `practice/exp-fork-mul-3@7`."""


class NoVariant(Exception):
    """There is no such variant. The text is a sentence for the learner."""


def seed_in(text: str) -> int:
    """The seed a learner typed. Raises NoVariant with what a seed is."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal() and int(typed) <= LARGEST_SEED):
        raise NoVariant(
            f"A seed is a whole number from 0 to {LARGEST_SEED:,}, such as 7; this one is {typed or 'empty'}."
        )
    return int(typed)


def variant_id(id: str, seed: int) -> str:
    """`node-way/a@7`."""
    return f"{id}{SEPARATOR}{seed}"


def on_seed(id: str, seed: int) -> str:
    """The id of an exercise or a paper on the numbers of a seed. Raises NoVariant where it names a seed already."""
    base, before = split_id(id)
    if before is not None:
        raise NoVariant(f"{id} says its numbers already, those of seed {before}: name {base} for others.")
    return variant_id(id, seed)


def is_practice(id: str) -> bool:
    """Whether an id is that of a function made for practice, with its seed or without."""
    return id.startswith(f"{PRACTICE}/")


def split_id(id: str) -> tuple[str, int | None]:
    """The exercise's id and the seed in `node-way/a@7`; None where there is none."""
    base, found, seed = id.rpartition(SEPARATOR)
    return (base, int(seed)) if found and base and seed.isascii() and seed.isdecimal() else (id, None)


def seed_of(student: str, id: str) -> int:
    """The seed of a student's numbers in an exercise or a paper: made of both, and so the same every time."""
    digest = sha256(f"{student.strip()}\n{split_id(id)[0]}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % LARGEST_SEED + 1


_SITTING = "~"
"""Between an exercise's id and the paper in which it was worked."""


def sitting_id(id: str, sitting: str) -> str:
    """Under which the journal has the answers given to an exercise on a paper: `node-way/a@7~18f3`."""
    return f"{id}{_SITTING}{sitting}"


def is_of_sitting(id: str, sitting: str) -> bool:
    """Whether an id of the journal is about an exercise on this paper."""
    return id.endswith(f"{_SITTING}{sitting}")


def without_sitting(id: str) -> str:
    """The exercise that an id of the journal is about, on its numbers, wherever it was worked: `node-way/a@7`."""
    return id.partition(_SITTING)[0]


def base_of(id: str) -> str:
    """The exercise that an id of the journal is about, whatever its numbers and wherever it was worked."""
    return split_id(without_sitting(id))[0]


def fresh_seed(id: str, known: Iterable[str]) -> int:
    """A seed of this exercise of which nothing is known yet: the next after the largest one begun."""
    begun = [seed for other, seed in map(split_id, known) if other == id and seed is not None]
    return max(begun, default=0) + 1


def variants_begun(known: Iterable[str]) -> dict[str, list[tuple[int, str]]]:
    """Exercise -> the seeds of it that are among these ids, with the ids; the smallest first."""
    begun: dict[str, list[tuple[int, str]]] = {}
    for id in known:
        base, seed = split_id(id)
        if seed is not None:
            begun.setdefault(base, []).append((seed, id))
    return {base: sorted(seeds) for base, seeds in begun.items()}
