"""Which exercise comes next."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.browsing import Only, Shelf
from tutor.learner import Progress
from tutor.library import Library

IDS = Shelf(LIBRARY, {}, 0.0).ids


def progress(state: str, due: float | None = None) -> Progress:
    return Progress(state, 1, 1, 0.0, due)  # type: ignore[arg-type]


def test_nothing_to_choose_from() -> None:
    assert Shelf(Library(), {}, 0.0).next_up(None) is None


@pytest.mark.parametrize(
    ("known", "last", "expected"),
    [
        ({}, None, (IDS[0], "next")),
        ({}, "gone/away", (IDS[0], "next")),
        ({IDS[3]: progress("started")}, IDS[3], (IDS[3], "go on with")),
        ({IDS[0]: progress("solved", 5.0)}, IDS[0], (IDS[0], "worth another look")),
        ({IDS[0]: progress("solved", 50.0)}, IDS[0], (IDS[1], "next")),
        ({IDS[0]: progress("solved", 5.0), IDS[1]: progress("solved", 4.0)}, IDS[0], (IDS[1], "worth another look")),
        ({IDS[-1]: progress("solved")}, IDS[-1], (IDS[0], "next")),
        ({id: progress("solved") for id in IDS}, IDS[2], (IDS[2], "all solved; again")),
    ],
)
def test_what_is_next(known: dict[str, Progress], last: str | None, expected: tuple[str, str]) -> None:
    assert Shelf(LIBRARY, known, 10.0).next_up(last) == expected


def test_filters_are_a_round() -> None:
    seen = [Only.ALL]
    while (following := seen[-1].following) is not Only.ALL:
        seen.append(following)
    assert set(seen) == set(Only)
