"""Which exercise comes next."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.catalogue.search import Only, Shelf
from tutor.learner import Progress
from tutor.library import Library
from tutor.practice.today import new_exercises

IDS = Shelf(LIBRARY, {}, 0.0).ids
LAST_TOPIC = [id for id in IDS if LIBRARY.exercises[id].topic == LIBRARY.exercises[IDS[-1]].topic]


def progress(state: str, due: float | None = None, last: float = 0.0) -> Progress:
    """Of two steps; all of them are done in one that is `shown`."""
    kept = "started" if state == "shown" else state
    return Progress(kept, 1 if state == "started" else 2, 2, last, due)  # type: ignore[arg-type]


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
        ({IDS[-1]: progress("solved")}, IDS[-1], (LAST_TOPIC[0], "next")),  # the rest of its topic comes first
        ({id: progress("solved") for id in LAST_TOPIC}, IDS[-1], (IDS[0], "next")),
        ({IDS[5]: progress("started"), IDS[2]: progress("solved", 5.0)}, IDS[5], (IDS[2], "worth another look")),
        ({IDS[5]: progress("started"), IDS[2]: progress("solved", 50.0)}, IDS[2], (IDS[5], "go on with")),
        ({IDS[5]: progress("started", last=1.0), IDS[7]: progress("started", last=2.0)}, None, (IDS[7], "go on with")),
        ({IDS[0]: progress("shown", 50.0)}, IDS[0], (IDS[1], "next")),
        ({IDS[0]: progress("shown", 5.0)}, IDS[0], (IDS[0], "worth another look")),
        ({IDS[0]: progress("new", 50.0)}, None, (IDS[0], "next")),
        ({id: progress("solved") for id in IDS}, IDS[2], None),
        ({id: progress("shown", 50.0) for id in IDS}, IDS[2], None),
    ],
)
def test_what_is_next(known: dict[str, Progress], last: str | None, expected: tuple[str, str] | None) -> None:
    assert Shelf(LIBRARY, known, 10.0).next_up(last) == expected
    if expected is not None and expected[1] == "next":  # what today calls new is the same
        assert new_exercises(LIBRARY, known, last)[0][0] == expected[0]


def test_a_topic_is_finished_before_the_next_is_begun() -> None:
    topics = list(LIBRARY.topics)
    first, second, *_ = LIBRARY.topics[topics[3]]
    known = {id: progress("solved") for id in (second.id,)}
    assert Shelf(LIBRARY, known, 10.0).next_up(second.id) == (first.id, "next")
    known = {one.id: progress("solved") for one in LIBRARY.topics[topics[3]]}
    assert Shelf(LIBRARY, known, 10.0).next_up(second.id) == (LIBRARY.topics[topics[4]][0].id, "next")


def test_filters_are_a_round() -> None:
    seen = [Only.ALL]
    while (following := seen[-1].following) is not Only.ALL:
        seen.append(following)
    assert set(seen) == set(Only)


def test_what_comes_after_an_exercise_is_another_one() -> None:
    known = {IDS[0]: progress("started", 5.0), IDS[1]: progress("solved", 6.0)}
    assert Shelf(LIBRARY, known, 10.0).next_up(IDS[0], but=IDS[0]) == (IDS[1], "worth another look")
    assert Shelf(LIBRARY, known, 1.0).next_up(IDS[0], but=IDS[0]) == (IDS[2], "next")


def test_when_the_next_one_falls_due() -> None:
    known = {IDS[0]: progress("solved", 5.0), IDS[1]: progress("solved", 60.0), IDS[2]: progress("shown", 50.0)}
    assert Shelf(LIBRARY, known, 10.0).next_due == 50.0
    assert Shelf(LIBRARY, {}, 10.0).next_due is None


def test_what_is_begun_again_stays_known_as_solved() -> None:
    shelf = Shelf(LIBRARY, {IDS[0]: progress("started", 5.0)}, 10.0, {IDS[0]: ""})
    assert (shelf.state(IDS[0]), shelf.is_solved(IDS[0]), shelf.has_changed(IDS[0])) == ("started", True, False)
    assert shelf.notes(IDS[0]) == ["worth another look", "solved before"]
    for only, listed in ((Only.SOLVED, True), (Only.BEGUN, True), (Only.DUE, True), (Only.TO_DO, True)):
        found = [one.id for exercises in shelf.matching(only=only).values() for one in exercises]
        assert (IDS[0] in found) is listed, only


@pytest.mark.parametrize(("asked", "changed"), [("", False), ("another", True), (None, False)])
def test_only_a_digest_that_differs_is_a_change(asked: str | None, changed: bool) -> None:
    kept = LIBRARY.exercises[IDS[0]].digest if asked is None else asked
    assert Shelf(LIBRARY, {IDS[0]: progress("solved")}, 10.0, {IDS[0]: kept}).has_changed(IDS[0]) is changed
