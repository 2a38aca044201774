"""Three lines are a whole exercise; every other key does what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tutor.language import show
from tutor.library.problem import problem_of

from .making import THREE_LINES, exercise, problem, with_line


def test_three_lines_are_a_complete_exercise(tmp_path: Path):
    read = exercise(tmp_path)
    assert read.file.title == "A sum, then a product"
    assert read.steps == ("stage", "forward", "backward", "code")
    assert read.id == "made"
    made = problem_of(read)
    assert made.output == 8.0
    assert [made.gradient(name) for name in "xyz"] == [2.0, 2.0, 4.0]
    assert not made.has_arrays


def test_what_is_left_out_has_its_default(tmp_path: Path):
    file = exercise(tmp_path).file
    assert (file.prompt, file.remark, file.level, file.granularity) == ("", "", 1, "one")
    assert (file.steps, file.whole, file.avoid, file.positive) == ((), (), (), ())
    assert (file.hints, file.descend) == ({}, None)
    assert (file.code.name, file.code.returns, file.code.given, file.code.helpers) == ("", (), "", ())


EVERY_KEY = (
    THREE_LINES
    + '''
prompt = "Begin."
remark = "It was a sum."
level = 4
steps = ["stage", "backward", "descend"]
whole = ["a b + c"]
avoid = ["sigmoid", "log"]
granularity = "any"
positive = ["x", "y"]

[hints]
stage = ["one", "two", "three"]
"total:x" = ["", "own"]

[code]
name = "q"
returns = ["out", "fx", "fy", "fz"]
given = """
a = x + y
"""
helpers = ["sigmoid(x) = 1/(1 + e^-x)"]

[descend]
step = 0.5
variables = ["x", "z"]
'''
)


def test_every_key_is_read(tmp_path: Path):
    read = exercise(tmp_path, EVERY_KEY)
    file = read.file
    assert (file.prompt, file.remark, file.level) == ("Begin.", "It was a sum.", 4)
    assert read.steps == ("stage", "backward", "descend")
    assert file.granularity == "any"
    assert file.hints == {"stage": ("one", "two", "three"), "total:x": ("", "own")}
    assert file.code.name == "q"
    assert file.code.returns == ("out", "fx", "fy", "fz")
    assert file.code.given.strip() == "a = x + y"
    assert file.code.helpers == ("sigmoid(x) = 1/(1 + e^-x)",)
    assert file.descend is not None
    assert (file.descend.step, file.descend.variables) == (0.5, ("x", "z"))
    made = problem_of(read)
    assert made.any_granularity
    assert made.positive == ("x", "y")
    assert made.avoid == {"sigmoid", "ln"}, "gates are avoided, however they are written"
    assert [show(template) for template in made.whole] == ["a·b + c"]


def test_descend_is_asked_where_its_table_is(tmp_path: Path):
    assert exercise(tmp_path, with_line("[descend]\nstep = 0.1")).steps[-1] == "descend"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1.0),
        ("-0.25", -0.25),
        ("1e-3", 1e-3),
        ("99999999999999999999999999", 1e26),
        ('"e"', np.e),
        ('"pi/2"', np.pi / 2),
        ('"1/3"', 1 / 3),
        ('"-ln 2"', -np.log(2)),
    ],
)
def test_inputs_are_numbers_or_exact_forms(tmp_path: Path, written: str, value: float):
    made = problem(tmp_path, f'title = "t"\nfunction = "f(x) = x + 1"\nat = {{ x = {written} }}\n')
    assert made.inputs["x"] == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("[1, 2, 3]", (3,)),
        ("[[1], [2]]", (2, 1)),
        ("[[1, 2.5]]", (1, 2)),
        ('"1 2; 3 4"', (2, 2)),
        ("[5]", (1,)),
    ],
)
def test_inputs_are_arrays(tmp_path: Path, written: str, shape: tuple[int, ...]):
    made = problem(tmp_path, f'title = "t"\nfunction = "f(x) = sum(x^2)"\nat = {{ x = {written} }}\n')
    assert made.shapes == {"x": shape}
    assert made.has_arrays
    assert made.gradient("x") == pytest.approx(2 * np.asarray(made.inputs["x"]))


def test_positive_inputs_stay_positive_nearby(tmp_path: Path):
    text = 'title = "t"\nfunction = "f(x, y) = ln x + y"\nat = { x = 0.05, y = 0.01 }\npositive = ["x"]\n'
    draws = problem(tmp_path, text).draws
    assert len(draws) == 6
    assert all(draw["x"] > 0 for draw in draws)
    assert min(draw["y"] for draw in draws) < 0, "y may be negative, and near 0 it is"


def test_draws_are_always_the_same_and_have_a_value(tmp_path: Path):
    text = 'title = "t"\nfunction = "f(x) = sqrt(x) + 1/(x - 1)"\nat = { x = 0.1 }\n'
    first, second = problem(tmp_path, text).draws, problem(tmp_path, text).draws
    assert first == second
    assert len({draw["x"] for draw in first}) == 6
    assert all(draw["x"] > 0 for draw in first), "the root has no value at the others"


def test_names_of_the_language_may_be_inputs(tmp_path: Path):
    text = 'title = "t"\nfunction = "L(lambda, E, x_1, β) = lambda E + x_1 β"\n'
    text += 'at = { lambda = 1, E = 2, x_1 = 3, "β" = 4 }\n'
    made = problem(tmp_path, text)
    assert made.output == 14.0
    assert made.gradient("β") == 3.0


@pytest.mark.parametrize("text", [THREE_LINES.replace("\n", "\r\n"), "\ufeff" + THREE_LINES])
def test_files_saved_on_windows_are_read(tmp_path: Path, text: str):
    assert exercise(tmp_path, text).file.title == "A sum, then a product"
