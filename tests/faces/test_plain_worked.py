from __future__ import annotations

import json

import pytest

from tests.sampling import one_in

from .by_hand import BY_HAND
from .conftest import Cli


def lines(answers: list[str]) -> str:
    return "".join(f"{answer}\n" for answer in answers)


def state_of(verb: Cli, id: str) -> str:
    listed = json.loads(verb("list", "--json").stdout)
    return next(one["state"] for one in listed["exercises"] if one["id"] == id)


@pytest.mark.parametrize("id", one_in(2, list(BY_HAND)))
def test_solved_from_a_pipe(cli: Cli, verb: Cli, id: str) -> None:
    done = cli("start", id, "--plain", given=lines(BY_HAND[id]))
    assert "Not yet" not in done.stdout and "Not counted" not in done.stdout, done.stdout
    assert "Solved: every answer is your own." in done.stdout
    assert done.returncode == 0 and done.stderr == ""
    assert state_of(verb, id) == "solved"


def test_leaving_half_way_and_coming_back(verb: Cli) -> None:
    answers = BY_HAND["node-way/c"]
    for first, last in ((0, 3), (3, 20)):
        part = verb("start", "node-way/c", "--plain", given=lines(answers[first:last]))
        assert part.returncode == 1
        assert "Not yet" not in part.stdout
        assert "Your work is kept." in part.stdout
    assert state_of(verb, "node-way/c") == "started"
    rest = verb("start", "node-way/c", "--plain", given=lines([*answers[20:], ":quit"]))
    assert rest.returncode == 0
    assert "Picking up where you left off:" in rest.stdout and "2. Forward: done" in rest.stdout
    assert state_of(verb, "node-way/c") == "solved"


def test_solved_before_is_solved_still(verb: Cli) -> None:
    verb("start", "staging/f", "--plain", given="a = x + y\nf = a z\n")
    again = verb("start", "staging/f", "--plain")
    assert again.returncode == 0
    assert "You have finished this one." in again.stdout


def test_shown_is_not_solved(verb: Cli) -> None:
    done = verb("start", "staging/f", "--plain", given=":skip\n")
    assert done.returncode == 1
    assert "not counted as solved yet" in done.stdout
    assert state_of(verb, "staging/f") == "shown"


def test_in_ascii_where_the_output_takes_no_more(cli: Cli) -> None:
    given = lines([*BY_HAND["layers/complex"][:9], ":hint", ":graph", "1,5", "x ≠ y", ":skip", ":help"])
    done = cli("start", "layers/complex", "--plain", given=given.encode(), PYTHONIOENCODING="ascii")
    assert done.stdout.isascii() and "sigma" in done.stdout
    assert done.stderr == ""


def test_bytes_that_are_no_text_are_only_unreadable(cli: Cli) -> None:
    done = cli("start", "staging/f", "--plain", given=b"\xff\xfe\x00\na = x + y\nf = a*z\n")
    assert done.returncode == 0
    assert "Not counted." in done.stdout


def test_one_line_makes_an_exercise_begun(verb: Cli) -> None:
    verb("start", "node-way/a", "--plain", given="p = x + y\n")
    assert state_of(verb, "node-way/a") == "started"
    assert "Picking up where you left off:" in verb("start", "node-way/a", "--plain").stdout
    verb("start", "node-way/a", "--plain", given=":clear\n")
    assert state_of(verb, "node-way/a") == "new"
