"""How an exercise went, and when it is worth another look."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.learner import Rating, Schedule, Store, StoreProblem, rating

DAY = 86400.0
NOON = 1_700_000_000.0
COUNTS = st.integers(0, 60)
RATINGS = st.sampled_from(Rating)


# How it went


@pytest.mark.parametrize(
    ("blanks", "tries", "hints", "shown", "expected"),
    [
        (12, 0, 0, 0, Rating.EASY),
        (12, 1, 0, 0, Rating.EASY),
        (10, 0, 1, 0, Rating.EASY),
        (9, 0, 1, 0, Rating.GOOD),
        (12, 2, 2, 0, Rating.GOOD),
        (12, 3, 2, 0, Rating.HARD),
        (12, 0, 5, 0, Rating.HARD),
        (1, 1, 0, 0, Rating.GOOD),
        (1, 1, 1, 0, Rating.HARD),
        (1, 0, 3, 0, Rating.AGAIN),
        (12, 0, 0, 1, Rating.HARD),
        (12, 0, 0, 3, Rating.HARD),
        (12, 0, 0, 4, Rating.AGAIN),
        (12, 35, 0, 0, Rating.HARD),
        (12, 20, 16, 0, Rating.AGAIN),
        (1, 0, 0, 1, Rating.AGAIN),
        (5, 0, 0, 9, Rating.AGAIN),
    ],
)
def test_how_it_went(blanks, tries, hints, shown, expected):
    assert rating(blanks, tries, hints, shown) is expected


@given(st.integers(1, 60), COUNTS, COUNTS, COUNTS)
def test_more_help_never_makes_it_better_and_more_blanks_never_worse(blanks, tries, hints, shown):
    went = rating(blanks, tries, hints, shown)
    assert rating(blanks, tries + 1, hints, shown) <= went
    assert rating(blanks, tries, hints + 1, shown) <= went
    assert rating(blanks, tries, hints, shown + 1) <= went
    assert rating(blanks + 1, tries, hints, shown) >= went
    assert rating(blanks, hints, tries, shown) == went


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (3, -1, 0, 0), (3, 0, -1, 0), (3, 0, 0, -1)])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(ValueError, match="no such counts"):
        rating(*counts)


# When it is worth another look


@pytest.mark.parametrize(("went", "days"), [(Rating.AGAIN, 1), (Rating.HARD, 1), (Rating.GOOD, 2), (Rating.EASY, 8)])
def test_days_after_the_first_time(store, went, days):
    """The first stabilities that FSRS 6 publishes are 0.212, 1.2931, 2.3065 and 8.2956 days."""
    assert Schedule(store).review("a", went, NOON) == NOON + days * DAY


def test_due_in_the_order_they_fall_due(store):
    schedule = Schedule(store)
    schedule.review("easy", Rating.EASY, NOON)
    schedule.review("good", Rating.GOOD, NOON)
    schedule.review("b", Rating.AGAIN, NOON)
    schedule.review("a", Rating.AGAIN, NOON)
    assert schedule.due(NOON) == []
    assert schedule.due(NOON + DAY - 1) == []
    assert schedule.due(NOON + DAY) == ["a", "b"]
    assert schedule.due(NOON + 9 * DAY) == ["a", "b", "good", "easy"]


def test_a_look_at_it_puts_it_off(store):
    schedule = Schedule(store)
    first = schedule.review("a", Rating.GOOD, NOON)
    second = schedule.review("a", Rating.GOOD, first)
    assert second - first > first - NOON
    assert (schedule.due(second - 1), schedule.due(second)) == ([], ["a"])


def test_the_summary_says_when(store):
    store.set_progress("a", "solved", 4, 4)
    store.set_progress("b", "started", 1, 4)
    due = Schedule(store).review("a", Rating.GOOD, NOON)
    assert {name: progress.due for name, progress in store.summary().items()} == {"a": due, "b": None}
    assert store.last_opened() == "a"


def test_beginning_anew_does_not_forget_that_it_is_due(store):
    from tutor.learner import Entry

    due = Schedule(store).review("a", Rating.AGAIN, NOON)
    store.append("a", Entry(action="reset"))
    assert (store.summary()["a"].state, store.summary()["a"].due) == ("new", due)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), RATINGS, st.floats(0, 90 * DAY)), max_size=12))
def test_the_same_work_falls_due_at_the_same_times(reviews):
    """Two stores go through the same reviews; a list of the last due times stands for both."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        expected: dict[str, float] = {}
        cards = []
        for folder in (one, other):
            now = NOON
            with Store(Path(folder)) as store:
                for exercise, went, later in reviews:
                    now += later
                    # Kept and read again each time: nothing is remembered but what is on the disk.
                    expected[exercise] = Schedule(store).review(exercise, went, now)
                    days = (expected[exercise] - now) / DAY
                    assert math.isclose(days, round(days), abs_tol=1e-9) and days > 0.5
                cards.append([store.review_card(exercise) for exercise in "abc"])
                for moment in (*expected.values(), NOON, now):
                    by_then = [(due, exercise) for exercise, due in expected.items() if due <= moment]
                    assert Schedule(store).due(moment) == [exercise for _, exercise in sorted(by_then)]
        assert cards[0] == cards[1]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(RATINGS, st.floats(0, 90 * DAY)), max_size=6), st.floats(0, 90 * DAY))
def test_what_went_better_comes_back_no_sooner(reviews, later):
    due = []
    for last in Rating:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
            now = NOON
            for went, wait in reviews:
                Schedule(store).review("a", went, now)
                now += wait
            due.append(Schedule(store).review("a", last, now + later))
    assert due == sorted(due)


def test_a_clock_that_was_set_back_is_no_matter(store):
    schedule = Schedule(store)
    schedule.review("a", Rating.GOOD, NOON)
    earlier = NOON - 400 * DAY
    assert schedule.review("a", Rating.GOOD, earlier) >= earlier + DAY


# What is kept


@cache
def _kept() -> str:
    """A card as it is kept: made once, as the cards below are made from it wherever tests are collected."""
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        Schedule(store).review("a", Rating.GOOD, NOON)
        return store.review_card("a") or ""


def _mangled(change: dict[str, object]) -> str:
    return json.dumps({**json.loads(_kept()), **change})


@pytest.mark.parametrize(
    "card",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        "3",
        "\ufffd",
        _mangled({"state": 3}),
        _mangled({"state": 9}),
        _mangled({"stability": math.inf}),
        _mangled({"stability": math.nan}),
        _mangled({"stability": -4.0}),
        _mangled({"stability": 1e308}),
        _mangled({"stability": "long"}),
        _mangled({"state": 1}),
        _mangled({"card_id": math.inf}),
        _mangled({"difficulty": math.nan}),
        _mangled({"last_review": "2023-11-14T22:13:20"}),
        _mangled({"due": "soon"}),
    ],
)
def test_a_card_that_makes_no_sense_gives_way_to_a_new_one(store, card):
    store.keep_review("a", card, NOON)
    assert Schedule(store).review("a", Rating.EASY, NOON + 3 * DAY) == NOON + 11 * DAY


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 190), st.sampled_from('0129{}",:.-eN\ufffd'), RATINGS)
def test_a_damaged_character_in_a_card_stops_nobody(place, character, went):
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        Schedule(store).review("a", Rating.GOOD, NOON)
        card = store.review_card("a") or ""
        store.keep_review("a", card[:place] + character + card[place + 1 :], NOON)
        now = NOON + 3 * DAY
        assert Schedule(store).review("a", went, now) >= now + DAY


@pytest.mark.parametrize("due", ["1e300", "-1e300", "9e999", "'noon'", "x'00'"])
def test_a_time_that_no_calendar_has_is_not_shown(store, due):
    store.set_progress("a", "solved", 1, 1)
    store._connection.execute(f"INSERT INTO review VALUES ('a', '', {due})")
    assert (store.summary()["a"].due, store.due(math.inf)) == (None, [])


def test_a_time_that_is_no_number_is_refused(store):
    with pytest.raises(StoreProblem):
        store.keep_review("a", "{}", math.nan)
    assert (store.review_card("a"), store.last_opened()) == (None, None)


def test_reading_what_is_due_does_not_load_the_scheduler(store, tmp_path):
    store.set_progress("a", "solved", 1, 1)
    Schedule(store).review("a", Rating.AGAIN, NOON)
    code = """
import sys
from pathlib import Path
from tutor.learner import Rating, Schedule, Store, rating
with Store(Path(sys.argv[1])) as store:
    print(Schedule(store).due(2e9), store.summary()["a"].due, rating(3, 0, 0, 0).name, "fsrs" in sys.modules)
    Schedule(store).review("a", Rating.GOOD, 2e9)
    print("fsrs" in sys.modules, {"numpy", "torch"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"['a'] {NOON + DAY} EASY False", "True set()"]
