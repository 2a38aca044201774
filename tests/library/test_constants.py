"""Constants, names for parts of the function, and ranges: in files, in all steps, and in `tutor.backprop`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from tutor import backprop
from tutor.library.problem import Problem
from tutor.questions import Answer
from tutor.questions.registry import questions_of
from tutor.runner import Runner

from .making import bad, exercise, problem

LAYER = """\
title = "A layer"
function = "l(W, b) = mean((h - t)^2) + λ sum(W^2)"
at = { W = [[0.5, -0.3], [0.2, 0.8], [1.1, 0.7]], b = [0.1, 0.2, -0.4] }
constants = { x = [1.5, -2.3], t = [1, 0, 0.5], "λ" = 0.1 }
let = ["z = W @ x + b", "h = tanh(z)"]
steps = ["stage", "forward", "backward", "code", "descend"]
descend = { step = 0.1 }
"""


def _loss(W: Any, b: Any) -> Any:
    h = anp.tanh(W @ np.array([1.5, -2.3]) + b)
    return anp.mean((h - np.array([1, 0, 0.5])) ** 2) + 0.1 * anp.sum(W**2)


@pytest.fixture(name="layer")
def _layer(tmp_path: Path) -> Problem:
    return problem(tmp_path, LAYER)


def test_the_gradients_are_those_of_the_function_written_out(layer: Problem):
    W, b = layer.inputs["W"], layer.inputs["b"]
    assert layer.variables == ("W", "b") and layer.constants == {"x", "t", "λ"}
    assert np.allclose(layer.output, _loss(W, b))
    assert np.allclose(layer.gradient("W"), grad(_loss, 0)(W, b)) and np.allclose(
        layer.gradient("b"), grad(_loss, 1)(W, b)
    )


def test_constants_stay_where_formulas_are_tried_nearby(layer: Problem):
    assert layer.draws and all(np.array_equal(draw["x"], layer.inputs["x"]) for draw in layer.draws)


class _Answered:
    def __init__(self, quick: bool) -> None:
        self.answers: dict[str, Answer] = {}
        self.quick = quick
        self.opened: frozenset[str] = frozenset()


@pytest.mark.parametrize("quick", [False, True])
def test_no_blank_asks_for_a_constants_gradient(tmp_path: Path, quick: bool):
    (question,) = questions_of(exercise(tmp_path, LAYER), Runner())
    given, labels = _Answered(quick), []
    for step in question.steps:
        for blank in step.blanks(given):
            worked = step.worked(blank, given)
            verdict = step.judge(blank, worked, given)
            assert verdict.accepted, (blank.key, verdict)
            given.answers[blank.key] = Answer(worked, verdict)
            labels.append(blank.label)
    assert {"W ←", "b ←"} < set(labels) and not {"x ←", "t ←", "λ ←"} & set(labels)
    assert any("∂l/∂W" in label for label in labels)
    assert not any(f"∂{name} " in label or f"→ {name} " in label for label in labels for name in "xtλ")
    assert "x, t and λ are constants" in question.statement and "z = W @ x + b" in question.statement
    assert "def l(W, b, x, t, λ):" in given.answers["code"].text and "return out, lW, lb" in given.answers["code"].text
    told = "\n".join(str(part) for part in question.story({}, False, 100))
    assert "∂l/∂x" not in told and "to x:" not in told and "∂l/∂W" in told


def test_a_table_of_names_and_an_input_that_is_a_constant(tmp_path: Path):
    head = 'title = "t"\nfunction = "f(x, t) = (p - t)^2"\nat = { x = 1.5 }\nconstants = { t = 3 }\n'
    text = f'{head}[let]\nq = "2 x"\np = "q + x"\n'
    made = problem(tmp_path, text)
    assert made.variables == ("x",) and np.isclose(made.gradient("x"), 2 * (4.5 - 3) * 3)
    assert [one.target.name for one in made.staging][:2] == ["q", "p"]


@pytest.mark.parametrize(
    ("line", "key", "said"),
    [
        ('let = ["p = q + x", "q = p x"]', "let[1]", "p and q are defined by each other"),
        ('let = ["p = p + x"]', "let[1]", "p is defined by itself"),
        ('let = ["p = q", "q = x + 1"]', "let[1]", "put q first"),
        ('let = ["p = x + r"]', "let[1]", "The name r is not known here"),
        ('let = ["p = x + 1", "p = x + 2"]', "let[2]", "p is defined twice"),
        ('let = ["x = 2"]', "let[1]", "x is an input or a constant already"),
        ('let = ["p = x + 1", "q = x + 2"]', "let", "q is not used in the function"),
        ('let = ["p = x"]', "let", "there is no operation in it"),
        ('let = ["p"]', "let[1]", "This must be an equation"),
        ('let = ["p = x + 1"]\nconstants = { k = 2 }', "constants.k", "the function does not use k"),
        ('let = ["p = x + 1"]\nconstants = { x = 2 }', "at.x", "x is one of the constants"),
        ('let = ["p = x + k"]\nconstants = { k = "1/0" }', "constants.k", "no finite value"),
        ('let = ["p = x + 1"]\nvary = { x = { from = 2, to = 1 } }', "vary.x", "there is nothing between"),
        ('let = ["p = x + 1"]\nvary = { x = { from = 2, to = 3 } }', "vary.x", "is not in it"),
        ('let = ["p = x + 1"]\nvary = { x = { from = 1, to = 3, whole = true } }', "vary.x", "is not whole"),
        ('let = ["p = x + 1"]\nvary = { y = { from = 1, to = 3 } }', "vary", "y is not an input"),
    ],
)
def test_what_does_not_hold_is_said_where_it_is(tmp_path: Path, line: str, key: str, said: str):
    fault = bad(tmp_path, f'title = "t"\nfunction = "f(x) = p^2"\nat = {{ x = 1.5 }}\n{line}\n')
    assert fault.key == key and said in fault.reason, (fault.key, fault.reason)


def test_ranges_are_where_formulas_are_tried(tmp_path: Path):
    head = 'title = "t"\nfunction = "f(x, n) = x^2 n"\nat = { x = 1.5, n = 3 }\n'
    text = f"{head}vary = {{ x = {{ from = 0.5, to = 2 }}, n = {{ whole = true, from = 1, to = 9 }} }}\n"
    for draw in problem(tmp_path, text).draws:
        assert 0.5 <= draw["x"] <= 2 and draw["n"] in range(1, 10)


def test_from_python():
    at = {"W": [[0.5, -0.3], [0.2, 0.8], [1.1, 0.7]], "b": [0.1, 0.2, -0.4]}
    fixed = {"x": [1.5, -2.3], "t": [1, 0, 0.5], "λ": 0.1}
    let = ["z = W @ x + b", "h = tanh(z)"]
    found = backprop("mean((h - t)^2) + λ sum(W^2)", at, constants=fixed, let=let)
    W, b = (np.array(at[name]) for name in "Wb")
    assert list(found.gradients) == ["W", "b"] and np.allclose(found.gradients["W"], grad(_loss, 0)(W, b))
    assert np.allclose(found.gradients["b"], grad(_loss, 1)(W, b)) and np.isclose(found.value, _loss(W, b))
    for more in ({"constants": {"W": 1}}, {"let": ["h = g", "g = h"]}, {"let": ["W = 2"]}):
        with pytest.raises(ValueError, match=r"in at and in constants|defined by|already"):
            backprop("sum(W)", at, **more)  # type: ignore[arg-type]
    for wrong in ({"constants": [1]}, {"let": "h = 1"}, {"let": [1]}):
        with pytest.raises(TypeError):
            backprop("sum(W)", at, **wrong)  # type: ignore[arg-type]
