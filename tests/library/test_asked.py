"""Whether an exercise still asks what it asked."""

from __future__ import annotations

import pytest

from tests.shipped import LIBRARY
from tutor.library.decoding import decode
from tutor.library.exercise import digest
from tutor.library.format import ExerciseFile

FUNCTION = """
title = "Mine"
prompt = "Look at it."
function = "f(x, y) = x y + 1"
at = { x = 3, y = 2 }
code = { name = "g" }
"""
QUESTION = """
title = "Mine"
[[question]]
kind = "choice"
title = "One"
prompt = "Which?"
[[question.ask]]
label = "It is"
prompt = "This one?"
hints = ["a", "b", "c"]
options = [{ text = "yes", right = true, why = "So." }, { text = "no", why = "Not." }]
"""


def of(text: str) -> str:
    return digest(decode(text, ExerciseFile))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x y + 1", "x y + x"),
        ("y = 2", "y = 2.5"),
        ('title = "Mine"', 'title = "Mine"\nsteps = ["stage", "forward"]'),
        ('title = "Mine"', 'title = "Mine"\nwhole = ["x y"]'),
        ('name = "g"', 'name = "h"'),
        ('name = "g"', 'name = "g", returns = ["a", "b", "c"]'),
    ],
)
def test_what_changes_the_answers_changes_it(old: str, new: str) -> None:
    assert of(FUNCTION) != of(FUNCTION.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Look at it.", "Look at it again."),
        ("Mine", "Ours"),
        ('title = "Mine"', 'title = "Mine"\nlevel = 4\nremark = "Good."'),
        ("x y + 1", "x y  +  1"),
        ("x = 3", "x = 3.0"),
        ('title = "Mine"', 'title = "Mine"\nsteps = ["stage", "forward", "backward", "code"]'),
        ('title = "Mine"', 'title = "Mine"\ngranularity = "one"\nhints = { stage = ["a", "b", "c"] }'),
        ('name = "g"', 'name = "g", helpers = []'),
    ],
)
def test_wording_and_defaults_do_not(old: str, new: str) -> None:
    assert of(FUNCTION) == of(FUNCTION.replace(old, new))


@pytest.mark.parametrize(("old", "new", "same"), [
    ('text = "yes"', 'text = "never"', False),
    ("right = true, ", "", False),
    ('"choice"', '"order"', False),
    ("Which?", "Which one?", True),
    ("This one?", "This?", True),
    ("It is", "It was", True),
    ('why = "Not."', 'why = "No."', True),
    ('["a", "b", "c"]', '["a", "b", "d"]', True),
])  # fmt: skip
def test_of_questions_too(old: str, new: str, same: bool) -> None:
    assert (of(QUESTION) == of(QUESTION.replace(old, new))) is same


def test_no_two_of_ours_ask_the_same() -> None:
    files = LIBRARY.exercises.values()
    assert len({exercise.digest for exercise in files}) == len(files)
