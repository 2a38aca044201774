"""Exercises from Python: what is asked, verdicts and marks, hints, solutions; and what is said to bad arguments."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import tutor
from tests.shipped import LIBRARY
from tutor.api.exercises import LoadedExercise
from tutor.marking import MarkOutcome

STAGED = "a = x + y\nf = a z"
SMALL = LoadedExercise(LIBRARY.exercises["node-way/a"])
EXAM = LoadedExercise(LIBRARY.exercises["exam/one"])


def test_what_is_asked_has_the_names_of_the_sheet_and_does_not_tell_the_staging() -> None:
    asked = {one.name: one for one in SMALL.blanks}
    assert list(asked)[:3] == ["stage.equations", "forward.f", "backward.∂f/∂f"]
    assert asked["stage.equations"].kind == "equations" and asked["code.code"].marks == 4
    assert not any("∂a" in name for name in asked)
    assert "forward.p" in [one.name for one in SMALL.blanks_for("p = x + y\nf = p z")]
    choice = next(one for one in EXAM.blanks if one.kind == "choice")
    assert len(choice.options) > 1 and choice.name.startswith("q1.choice.")
    assert "f(x, y, z) = (x + y) z" in SMALL.statement and SMALL.title.startswith("(x + y) z")


def test_names_tables_keys_numbers_and_arrays_are_all_answers() -> None:
    flat = {"equations": STAGED, "forward.a": 4, "f": np.float64(8), "total:x": "2", "∂f/∂z": np.int64(4)}
    nested = {
        "stage": {"equations": STAGED},
        "forward": {"a": "4", "f": 8.0},
        "backward": {"∂f/∂x": 2, "df/dz": "4", "∂f/∂y": None},
    }
    assert tutor.check(SMALL, flat).earned == tutor.check(SMALL, nested).earned == 5
    vector = LoadedExercise(LIBRARY.exercises["vectors/squared-norm"])
    rows = {row.key: row for row in vector.check({}).marks.blanks()}
    arrays = {key: row.correct for key, row in rows.items() if row.correct.startswith("[")}
    right = {key: np.array(json.loads(text)) for key, text in arrays.items()}
    staged = {key: row.correct for key, row in rows.items() if key.endswith("staging")}
    verdicts = vector.check({**staged, **right})
    assert right and all(verdicts[key].earned == verdicts[key].full for key in right)


def test_an_error_is_carried_forward_and_its_source_named() -> None:
    verdicts = SMALL.check({"equations": STAGED, "a": 5, "f": 10, "∂f/∂x": 3})
    assert verdicts["a"].kind is MarkOutcome.WRONG and "1 + 3" in verdicts["a"].message
    assert verdicts["f"].kind is MarkOutcome.CARRIED and verdicts["f"].carried == ("value:a",)
    assert verdicts["∂f/∂x"].kind is MarkOutcome.WRONG and verdicts["∂f/∂y"].kind is MarkOutcome.MISSING
    assert verdicts.earned == sum(one.earned for one in verdicts) == 2
    unstaged = SMALL.check({"f": 8, "a": 3})
    assert unstaged["f"].kind is MarkOutcome.RIGHT and unstaged["a"].kind is MarkOutcome.NOT_MARKED
    assert "what a is" in unstaged["a"].message


def test_code_is_run_only_where_that_is_asked_for() -> None:
    code = next(row.correct for row in SMALL.check({}).marks.blanks() if row.key == "code")
    answers = {"equations": STAGED, "code": code}
    assert SMALL.check(answers)["code"].kind is MarkOutcome.NOT_RUN
    assert SMALL.check(answers, run_code=True)["code"].earned == 4


def test_hints_are_those_of_the_app() -> None:
    assert tutor.hint(SMALL, "f", 3) == "f = a·z = 8"
    assert "p" in tutor.hint(SMALL, "forward.f", 3, {"equations": "p = x + y\nf = p z"})
    assert len({EXAM.hint("q7.value.h", rung) for rung in (1, 2, 3)}) == 3
    assert "a = x + y" in tutor.solution(SMALL)


def test_a_seed_and_a_folder(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "a.toml").write_text('title = "A"\nfunction = "f(x, y) = x y"\nat = { x = 3, y = 5 }\n')
    mine = tutor.exercise("w/a", folders=[tmp_path])
    assert mine.check({"equations": "f = x y", "f": 15})["f"].earned == 1
    assert tutor.exercise("w/a", folders=[tmp_path], seed=7).id == "w/a@7"


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: tutor.check(SMALL, {"nosuch": 1}), ValueError, "nothing called nosuch"),
        (lambda: tutor.check(SMALL, {"f": 8, "forward.f": 9}), ValueError, "f is answered twice"),
        (lambda: tutor.check(SMALL, [8]), TypeError, "answers gives each blank"),
        (lambda: tutor.check(SMALL, {"f": True}), TypeError, "The answer to f"),
        (lambda: tutor.check(SMALL, {"f": [1, {}]}), TypeError, "not a number"),
        (lambda: tutor.check(SMALL, {3: 4}), TypeError, "name of a blank"),
        (lambda: tutor.check(SMALL, {}, seed=3), ValueError, "found already"),
        (lambda: tutor.hint(SMALL, "f", 4), ValueError, "3 hints"),
        (lambda: tutor.hint(SMALL, "f", "1"), TypeError, "rung"),
        (lambda: tutor.hint(SMALL, "g"), ValueError, "nothing called 'g'"),
        (lambda: tutor.hint(SMALL, "equatons"), ValueError, "did you mean stage.equations?"),
        (lambda: tutor.check(SMALL, {"fx": 1}), ValueError, "did you mean backward.∂f/∂x?"),
        (lambda: tutor.check(SMALL, {})["forwrd.f"], KeyError, "did you mean forward.f?"),
        (lambda: tutor.exercise("node-way/z"), ValueError, "Did you mean"),
        (lambda: tutor.exercise(3), TypeError, "id should be text"),
        (lambda: tutor.exercise("node-way/a", seed=-1), ValueError, "whole number from 0"),
        (lambda: tutor.exercise("node-way/a", seed="7"), TypeError, "seed"),
        (lambda: tutor.exercise("node-way/a", folders="x"), TypeError, "list of folders"),
        (lambda: tutor.exercise("node-way/a", folders=["/not/there"]), ValueError, "no folder"),
        (lambda: tutor.exercise("autograd/modes", seed=1), ValueError, "no numbers that can change"),
    ],
)
def test_bad_arguments_are_told_in_a_sentence(call, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        call()


def test_what_check_returns_says_briefly_how_it_went() -> None:
    checked = tutor.check("node-way/a", {"equations": "a = x + y\nf = a z", "a": 5, "∂f/∂x": 2})
    assert repr(checked) == "<node-way/a: 2 of 12 marks: 2 right, 1 wrong, 6 missing>"
    assert repr(checked["a"]).startswith("<forward.a wrong, 0 of 1: 5 is not the right value.")
    lines = str(checked).splitlines()
    assert len(lines) == 1 + len(checked.blanks) and all(
        one.name in line for one, line in zip(checked, lines[1:], strict=True)
    )
    page = checked._repr_html_()
    assert page.count("<tr>") == 1 + len(checked.blanks) and "5 is not the right value" in page
