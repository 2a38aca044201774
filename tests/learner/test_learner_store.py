"""What is written is read back, and what each action makes of an exercise."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.learner import Entry, Progress, Store, StoreProblem, asides
from tutor.learner.records import ACTIONS

NASTY = [
    "",
    "\0",
    "a\0b",
    "\x1b[2J\x07",
    "\ud800",
    "\udc00\ud800",
    "\ud83d\ude00",
    "\ufeffx",
    "'; DROP TABLE journal",
    "σ(b)²",
]
ANY_TEXT = st.sampled_from(NASTY) | st.lists(st.integers(0, 0x10FFFF).map(chr)).map("".join)


def test_a_store_begins_empty(store):
    assert store.notice is None
    assert (store.entries("a"), store.drafts("a"), store.draft("a", "b")) == ([], {}, None)
    assert (store.summary(), store.last_opened()) == ({}, None)


def test_entries_come_back_in_the_order_they_were_written(store):
    written = [
        Entry("forward", "d", "answer", "3", "wrong", 9.0),
        Entry(blank="d", action="hint", at=5.0),
        Entry(at=7.5),
    ]
    for entry in written:
        store.append("node-way/a", entry)
    store.append("node-way/b", Entry(text="other"))
    assert store.entries("node-way/a") == written


def test_an_entry_without_a_time_gets_that_of_writing(open_store):
    store = open_store()
    store.append("a", Entry())
    store.append("a", Entry())
    assert [entry.at for entry in store.entries("a")] == [1.0, 2.0]
    assert store.summary()["a"].last == 2.0


def test_entries_begin_anew_with_the_last_reset(store):
    for action in ("answer", "reset", "hint", "reset", "answer", "hint"):
        store.append("a", Entry(action=action))
    store.append("b", Entry(action="reset"))
    assert [entry.action for entry in store.entries("a")] == ["answer", "hint"]
    assert store.entries("b") == []


@pytest.mark.parametrize("action", ACTIONS)
def test_what_each_action_makes_of_a_new_exercise(store, action):
    store.append("a", Entry(action=action))
    expected = {"solved": "solved", "reset": "new", "opened": "new", "card": "new"}.get(action, "started")
    assert store.summary() == {"a": Progress(expected, 0, 0, 1.0)}
    assert store.last_opened() == "a"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_solved_exercise_stays_solved_until_it_is_reset(store, action):
    store.set_progress("a", "solved", 7, 7)
    store.append("a", Entry(action=action, at=50.0))
    expected = Progress("new", 0, 7, 50.0) if action == "reset" else Progress("solved", 7, 7, 50.0)
    assert store.summary()["a"] == expected


def test_an_action_or_state_that_does_not_exist_is_refused(store):
    with pytest.raises(ValueError, match="no such action: jump"):
        store.append("a", Entry(action="jump"))
    with pytest.raises(ValueError, match="no such state: half"):
        store.set_progress("a", "half", 1, 2)
    assert store.summary() == {}


def test_a_write_that_fails_half_way_leaves_nothing_of_itself(store):
    with pytest.raises(StoreProblem):
        store.append("a", Entry(at=math.nan))
    assert (store.entries("a"), store.summary(), store.last_opened()) == ([], {}, None)
    store.append("a", Entry(text="next"))
    assert [entry.text for entry in store.entries("a")] == ["next"]


def test_the_actions_that_others_rely_on_exist():
    assert {"answer", "hint", "skip", "reset", "solved", "opened", "mode", "open", "card"} <= set(ACTIONS)


def test_a_draft_replaces_the_one_before_and_is_dropped(store):
    for exercise, blank, text in (("a", "x", "1"), ("a", "y", "2"), ("a", "x", "3"), ("b", "x", "4")):
        store.keep_draft(exercise, blank, text)
    assert store.drafts("a") == {"x": "3", "y": "2"}
    store.drop_drafts("a", "x")
    assert (store.draft("a", "x"), store.draft("a", "y"), store.draft("b", "x")) == (None, "2", "4")
    store.drop_drafts("a")
    assert (store.drafts("a"), store.drafts("b")) == ({}, {"x": "4"})


def test_an_empty_draft_is_a_draft(store):
    store.keep_draft("a", "x", "")
    assert store.draft("a", "x") == ""


def test_the_summary_has_the_latest_first(store):
    store.set_progress("a", "started", 1, 9)
    store.set_progress("b", "solved", 4, 4)
    store.append("a", Entry(at=100.0))
    assert list(store.summary().items()) == [
        ("a", Progress("started", 1, 9, 100.0)),
        ("b", Progress("solved", 4, 4, 2.0)),
    ]


def test_the_exercise_opened_last_is_known(store):
    store.mark_opened("a")
    assert (store.last_opened(), store.summary()) == ("a", {})
    store.keep_draft("b", "x", "")
    assert store.last_opened() == "b"
    store.append("c", Entry(action="opened"))
    assert store.last_opened() == "c"
    store.set_progress("a", "started", 0, 1)
    assert store.last_opened() == "a"


def test_all_of_it_is_there_when_the_store_is_opened_again(open_store):
    first = open_store()
    first.append("a", Entry("s", "b", "answer", "x", "right", 3.0))
    first.keep_draft("a", "b", "half")
    first.set_progress("a", "started", 1, 2)
    first.close()
    again = open_store()
    assert again.entries("a") == [Entry("s", "b", "answer", "x", "right", 3.0)]
    assert again.drafts("a") == {"b": "half"}
    assert again.summary() == {"a": Progress("started", 1, 2, 2.0)}
    assert again.last_opened() == "a"


def test_a_closed_store_says_so(store):
    store.close()
    store.close()
    with pytest.raises(StoreProblem, match="closed"):
        store.append("a", Entry())


@pytest.fixture(scope="module")
def lasting(tmp_path_factory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("lasting")) as store:
        yield store


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_kept_and_only_halves_of_characters_are_replaced(lasting, text, name):
    kept, shown = _whole(text), _whole(name)
    lasting.append(name, Entry(action="reset"))
    lasting.append(name, Entry(name, name, "answer", text, name, 1.0))
    assert lasting.entries(name) == lasting.entries(shown) == [Entry(shown, shown, "answer", kept, shown, 1.0)]
    lasting.keep_draft(name, name, text)
    assert lasting.drafts(name) == {shown: kept}
    assert lasting.draft(name, name) == kept
    lasting.drop_drafts(name)
    assert shown in lasting.summary()
    assert lasting.last_opened() == shown


def _whole(text: str) -> str:
    """The text with each two halves of a character joined, and lone halves replaced."""

    def joined(match: re.Match[str]) -> str:
        high, low = match.group()
        return chr(0x10000 + ((ord(high) - 0xD800) << 10) + ord(low) - 0xDC00)

    text = re.sub("[\ud800-\udbff][\udc00-\udfff]", joined, text)
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def test_importing_it_loads_no_numpy_and_nothing_else_of_tutor():
    code = (
        "import sys, tutor.learner; print([m for m in sys.modules if m in ('numpy', 'sympy', 'textual') or "
        "m.startswith('tutor.') and not m.startswith(('tutor.learner', 'tutor.paths'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_was_ever_solved_is_known_with_what_was_asked_last(store):
    for exercise, action, text in (
        ("a", "solved", "one"),
        ("a", "reset", ""),
        ("a", "solved", "two"),
        ("b", "solved", ""),
        ("b", "reset", ""),
        ("c", "answer", "three"),
    ):
        store.append(exercise, Entry(action=action, text=text))
    assert store.solved() == {"a": "two", "b": ""}


@pytest.mark.parametrize(
    ("progress", "standing"),
    [
        (Progress("new", 0, 0, 1.0), "new"),
        (Progress("new", 0, 3, 1.0), "new"),
        (Progress("started", 0, 0, 1.0), "started"),
        (Progress("started", 2, 3, 1.0), "started"),
        (Progress("started", 3, 3, 1.0), "shown"),
        (Progress("solved", 3, 3, 1.0), "solved"),
        (Progress("solved", 2, 3, 1.0), "solved"),
    ],
)
def test_what_is_done_but_not_solved_was_shown(progress, standing):
    assert progress.standing == standing


def test_asides_are_in_the_order_of_their_weight():
    assert asides(False, False, False) == []
    assert asides(True, True, True) == ["worth another look", "solved before", "changed since you solved it"]
