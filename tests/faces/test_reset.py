"""`backprop-tutor reset`, and the second time in --plain."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.begun import begin
from tests.faces.conftest import Work
from tutor.cli.commands import verbs
from tutor.learner import Rating, Schedule, Store

RIGHT = ["a = x + y", "f = a z"]


def reset(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(verbs, ["reset", *words])
    return done.exit_code, done.output


def states(home: Path) -> dict[str, str]:
    with Store(home) as store:
        return {id: progress.state for id, progress in store.summary().items()}


def fall_due(home: Path, id: str = "staging/f") -> None:
    with Store(home) as store:
        Schedule(store).review(id, Rating.GOOD, time.time() - 400 * 86400)


def test_scripts_say_yes(home: Path) -> None:
    begin("staging/f", RIGHT)
    begin("node-way/a", RIGHT)
    assert reset("staging/f.toml", "--yes") == (0, "staging/f: begun again.\n")
    assert states(home) == {"staging/f": "new", "node-way/a": "started"}
    with Store(home) as store:
        assert store.entries("staging/f") == [] and "staging/f" in store.solved()


def test_nobody_to_ask_is_no_yes(home: Path) -> None:
    begin("staging/f", RIGHT)
    code, said = reset("--all")
    assert code == 2 and "no terminal to answer in" in said and "--yes" in said
    assert states(home) == {"staging/f": "solved"}


def test_all_are_those_in_which_there_is_anything(home: Path) -> None:
    begin("node-way/a", RIGHT)
    with Store(home) as store:
        store.keep_draft("staging/g", "staging", "a = l")
        store.set_progress("gone/away", "solved", 1, 1)
    assert reset("--all", "--yes") == (0, "staging/g, node-way/a and gone/away: begun again.\n")
    assert set(states(home).values()) == {"new"}
    with Store(home) as store:
        assert store.drafts("staging/g") == {}
    assert reset("--all", "--yes") == (0, "There is nothing to begin again: no exercise was begun.\n")


@pytest.mark.parametrize(
    ("words", "beginning"),
    [((), "Name the exercises"), (("--yes",), "Name the exercises"), (("--all", "staging/f"), "Name exercises or")],
)
def test_which_ones_must_be_said(home: Path, words: tuple[str, ...], beginning: str) -> None:
    code, said = reset(*words)
    assert code == 2 and said.startswith(beginning) and "--all" in said and not home.exists()


def test_an_id_that_is_none_names_the_nearest_and_nothing_is_done(home: Path) -> None:
    begin("staging/f", RIGHT)
    code, said = reset("staging/f", "node-way/aa", "--yes")
    assert code == 2 and "There is no exercise node-way/aa. Did you mean node-way/a" in said
    assert states(home) == {"staging/f": "solved"}


def test_what_was_never_begun_makes_no_store(home: Path) -> None:
    assert reset("staging/f", "--yes")[0] == 0
    assert not list(home.glob("*.sqlite3*"))


def test_enter_does_again_what_is_due(home: Path, work: Work) -> None:
    work("staging/f", *RIGHT)
    fall_due(home)
    transcript, solved = work("staging/f", "", "f = x z", ":quit")
    assert "worth another look. Enter does it again" in " ".join(transcript.split())
    assert "Step 1 of 1: Stage" in transcript and not solved
    transcript, solved = work("staging/f", ":clear", *RIGHT)
    assert solved
    with Store(home) as store:
        assert store.summary()["staging/f"].due > time.time()


def test_a_due_one_can_be_looked_at_and_left(home: Path, work: Work) -> None:
    work("staging/f", *RIGHT)
    fall_due(home)
    transcript, solved = work("staging/f", ":go 1", "", "hello")
    assert solved and "f = a z" in transcript
    with Store(home) as store:
        assert [entry.action for entry in store.entries("staging/f")][:2] == ["answer", "solved"]


def test_enter_alone_does_nothing_where_nothing_is_due(work: Work) -> None:
    work("staging/f", *RIGHT)
    transcript, solved = work("staging/f", "", "")
    assert solved and ":again starts over" in transcript and "Step 1" not in transcript


def test_a_change_is_told_and_can_be_done(work: Work) -> None:
    file = 'title = "Mine"\nfunction = "f(x, y) = x y + 1"\nat = { x = 3, y = 2 }\nsteps = ["stage"]\n'
    work(file, "a = x y", "f = a + 1")
    transcript, solved = work(file.replace("y + 1", "y + x"), ":again", "yes", "a = x y", "f = a + x")
    assert "This exercise has changed since you solved it." in transcript and solved
    transcript, _ = work(file.replace("y + 1", "y + x"))
    assert "changed" not in transcript


def test_a_change_that_leaves_the_answers_right_is_told_too(work: Work) -> None:
    file = 'title = "Mine"\nfunction = "f(x, y) = x y"\nat = { x = 3, y = 2 }\nsteps = ["stage"]\n'
    work(file, "f = x y")
    transcript, solved = work(file.replace("y = 2", "y = 5"), "", "f = x y")
    assert "changed since you solved it" in transcript and "Enter does it again" in transcript and solved
