"""In what groups of a class differ by more than chance: sections, years, or sections over several years.

Each side (a group; where groups are named as in `2025/a`, also all of a year and all of a section) is held against all
others together, by how many got a blank, made a slip, or are in the upper half. The test is Fisher's exact one, and the
level of 5 % is divided by the number of questions asked (Bonferroni), so that with no difference at all a report names
one in twenty at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

from tutor.course.reports import GroupReport, in_common

_LEVEL = 0.05


@dataclass(frozen=True)
class Difference:
    """Something that one side did more or less often than all others together."""

    side: str
    what: str
    """A blank that was got, a slip with its blank, or the upper half of all: words."""

    count: int
    of: int
    other_count: int
    other_of: int
    chance: float
    """The probability of as large a difference by chance alone."""

    @property
    def share(self) -> float:
        """From 0 to 1; so for all others."""
        return self.count / self.of

    @property
    def other_share(self) -> float:
        """Of all others together."""
        return self.other_count / self.other_of


def differences(groups: Sequence[GroupReport]) -> list[Difference]:
    """What differs by more than chance, the surest first; of what several sides differ in, the surest side."""
    if len(groups) < 2:
        return []
    everyone = frozenset(range(len(groups)))
    middle = median(share for group in groups for share in group.shares or (0.0,))
    done = [_done(group, middle) for group in groups]
    words = _words(groups)
    asked = [
        Difference(side, words[what], *found, *others, fisher(*found, *others))
        for side, inside in sides([group.name for group in groups]).items()
        for what in words
        if (found := _sum(done, what, inside))[1] and (others := _sum(done, what, everyone - inside))[1]
    ]
    surest: dict[str, Difference] = {}
    for one in sorted(asked, key=lambda one: one.chance):
        if one.chance * len(asked) <= _LEVEL:
            surest.setdefault(one.what, one)
    return list(surest.values())


def sides(names: Sequence[str]) -> dict[str, frozenset[int]]:
    """Each side's name and the groups in it, by number; of two sides that are each other's others only the first."""
    found: dict[str, frozenset[int]] = {}
    for part in {one: None for name in names for one in (name, *name.split("/"))}:
        found[part] = frozenset(at for at, name in enumerate(names) if part in (name, *name.split("/")))
    everyone, kept = frozenset(range(len(names))), dict[frozenset[int], str]()
    for name, inside in found.items():
        if inside != everyone and everyone - inside not in kept:
            kept.setdefault(inside, name)
    return {name: inside for inside, name in kept.items()}


_Thing = tuple[str, str, str]
"""What is counted: an exercise, the key of a blank in it and "" or a slip there; three times "" is the upper half."""
_UPPER_HALF: _Thing = ("", "", "")


def _done(group: GroupReport, middle: float) -> dict[_Thing, tuple[int, int]]:
    """How many of a group did each thing, and of how many; a slip that nobody made there is left out."""
    done = {_UPPER_HALF: (sum(share > middle for share in group.shares), len(group.shares))}
    for blank in group.blanks:
        if blank.asked > blank.not_run:
            done[*blank.place, ""] = (blank.right + blank.carried, blank.asked)
            done |= {(*blank.place, slip.name): (slip.count, blank.asked) for slip in blank.slips}
    return done


def _sum(done: Sequence[Mapping[_Thing, tuple[int, int]]], what: _Thing, inside: frozenset[int]) -> tuple[int, int]:
    """The same of several groups together."""
    counts = [done[at].get(what, (0, done[at].get((*what[:2], ""), (0, 0))[1])) for at in inside]
    return sum(count for count, _ in counts), sum(of for _, of in counts)


def _words(groups: Sequence[GroupReport]) -> dict[_Thing, str]:
    """All that is counted in any group, and what it is called."""
    words = {_UPPER_HALF: "more than the median of all"}
    for place, label in labels(groups).items():
        words[*place, ""] = f"{label}: right"
        said: dict[str, list[str]] = {}
        for slip in (
            slip for group in groups for blank in group.blanks if blank.place == place for slip in blank.slips
        ):
            said.setdefault(slip.name, []).append(slip.said)
        words |= {(*place, name): f"{label}: {in_common(texts)}" for name, texts in said.items()}
    return words


def labels(groups: Sequence[GroupReport]) -> dict[tuple[str, str], str]:
    """What each blank is called where groups stand side by side, with its exercise and the number of its question."""
    found: dict[tuple[str, str], list[str]] = {}
    for blank in (blank for group in groups for blank in group.blanks):
        number = f"q{blank.question.partition('.')[0]}" if blank.question else ""
        found.setdefault(blank.place, []).append(" ".join(filter(None, (blank.exercise, number, blank.label))))
    return {place: in_common(names) for place, names in found.items()}


def fisher(count: int, of: int, other_count: int, other_of: int) -> float:
    """Fisher's exact test, two-sided: the probability of a table as unlikely as this, with these sums, by chance."""
    done = count + other_count
    ways = [comb(of, own) * comb(other_of, done - own) for own in range(max(0, done - other_of), min(of, done) + 1)]
    this = comb(of, count) * comb(other_of, other_count)
    return sum(one for one in ways if one <= this) / sum(ways)
