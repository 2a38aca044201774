from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tutor
from tutor.judging import Kind


def test_a_sum_then_a_product() -> None:
    found = tutor.backprop("(x + y) z", {"x": 1, "y": 3, "z": 2})
    assert found.value == 8
    assert found.gradients == {"x": 2, "y": 2, "z": 4}
    assert all(isinstance(value, float) for value in (found.value, *found.gradients.values()))


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_against_the_calculus_of_a_person(x: float, y: float) -> None:
    found = tutor.backprop("sin(x) y + x/y", {"x": x, "y": y})
    assert found.value == pytest.approx(math.sin(x) * y + x / y)
    assert found.gradients["x"] == pytest.approx(math.cos(x) * y + 1 / y)
    assert found.gradients["y"] == pytest.approx(math.sin(x) - x / y**2)


def test_arrays_and_nested_lists() -> None:
    weights, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), [[0.2], [0.4]]
    found = tutor.backprop("||W @ x||^2", {"W": weights, "x": x})
    q = weights @ np.array(x)
    np.testing.assert_allclose(found.gradients["W"], 2 * q @ np.array(x).T)
    np.testing.assert_allclose(found.gradients["x"], 2 * weights.T @ q)
    found.gradients["W"][0, 0] = 7  # type: ignore[index]  # the caller's own, to keep and to change
    assert weights[0, 0] == 0.1


def test_an_array_for_a_value_is_summed() -> None:
    found = tutor.backprop("x^2 + b", {"x": [1, 2, 3], "b": 1})
    np.testing.assert_allclose(found.value, [2, 5, 10])
    np.testing.assert_allclose(found.gradients["x"], [2, 4, 6])
    assert found.gradients["b"] == 3


def test_names_that_are_not_used_and_odd_names() -> None:
    assert tutor.backprop("2 lambda", {"lambda": 4, "out": 1}).gradients == {"lambda": 2, "out": 0}
    assert tutor.backprop("x", {"x": 5}).gradients == {"x": 1}
    assert tutor.backprop("3", {}).value == 3


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("x +* y", {"x": 1, "y": 2}, "missing between + and *.\nx +* y\n  ^^"),
        ("xy", {"x": 1, "y": 2}, "Did you mean x*y?\nxy\n^^"),
        ("", {}, "nothing here"),
        ("x = 2", {"x": 1}, "an equation; an expression is needed"),
        ("ln x", {"x": -1}, "ln needs a positive number"),
        ("sqrt(x)", {"x": 0}, "no finite slope"),
        ("W @ x", {"W": [[1, 2]], "x": [[1, 2, 3]]}, "The shapes do not fit"),
        ("[[x, 1]]", {"x": 1}, "holds numbers only"),
        ("x", {"x": "1"}, "x cannot be taken"),
        ("x", {"x": [[1], [2, 3]]}, "x cannot be taken"),
        ("x", {"x": math.nan}, "x cannot be taken: it is not finite."),
        ("x", {"x": 1, "a b": 1}, "'a b' cannot be a name"),
        ("x", {"x": 1, 2: 1}, "2 cannot be a name"),
    ],
)
def test_what_cannot_be_done_is_said(text: str, at: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError) as raised:
        tutor.backprop(text, at)
    assert said in str(raised.value)
    assert str(raised.value)[0].isupper() or str(raised.value)[0] in "x'2"


@given(st.text(max_size=20))
def test_no_text_raises_anything_but_value_error(text: str) -> None:
    try:
        tutor.backprop(text, {"x": 1.5, "y": 0.5})
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("answer", "truth", "kind"),
    [
        ("2(x+1)", "2x + 2", "right"),
        ("(x+y)^2", "x^2 + 2 x y + y^2", "right"),
        ("2x + 3", "2x + 2", "wrong"),
        ("2(x+", "2x", "unreadable"),
        ("q", "2x", "unreadable"),
        ("W @ x", "W x", "unreadable"),
        ("[1, 2]", "2", "unreadable"),
    ],
)
def test_judged(answer: str, truth: str, kind: str) -> None:
    verdict = tutor.judge(answer, truth)
    assert verdict.kind == kind
    assert verdict.message or verdict.kind is Kind.RIGHT


def test_judged_with_names_and_signs() -> None:
    assert "x" in tutor.judge("q", "2x").message
    assert tutor.judge("x + 0 y", "x", names=["x", "y"]).kind == "right"
    assert tutor.judge("2 ln x", "ln(x^2)", positive=["x"]).kind == "right"
    assert tutor.judge("1/2x", "x/2").echo


@pytest.mark.parametrize(
    ("truth", "names", "positive"),
    [("2(x+", None, ()), ("x + q", ["x"], ()), ("||x||^2", None, ()), ("x", None, ["y"]), ("x", ["x", "2"], ())],
)
def test_a_bad_truth_is_the_callers_mistake(truth: str, names: list[str] | None, positive: list[str]) -> None:
    with pytest.raises(ValueError):
        tutor.judge("x", truth, names=names, positive=positive)


def test_nothing_else_is_there() -> None:
    assert tutor.__version__[0].isdigit()
    with pytest.raises(AttributeError):
        tutor.nothing_like_it  # type: ignore[attr-defined]  # noqa: B018


def test_the_readme_way() -> None:
    code = "import tutor; print(tutor.judge('2(x+1)', '2x + 2').kind, tutor.backprop('x^2', {'x': 3}).gradients)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "right {'x': 6.0}\n"


def test_words_of_courses_have_their_gradients() -> None:
    held = tutor.backprop("x stop_gradient(x)", {"x": 1.7})
    assert held.value == pytest.approx(2.89) and held.gradients["x"] == pytest.approx(1.7)
    u, matrix, v = [1.0, -2.0], [[0.5, 1.5], [2.5, -1.0]], [3.0, 0.25]
    form = tutor.backprop("np.einsum('i,ij,j->', u, W, v)", {"u": u, "W": matrix, "v": v})
    assert form.value == pytest.approx(np.array(u) @ np.array(matrix) @ np.array(v))
    np.testing.assert_allclose(form.gradients["W"], np.outer(u, v))
    np.testing.assert_allclose(form.gradients["v"], np.array(u) @ np.array(matrix))
    clipped = tutor.backprop("-min(r a, clip(r, 0.8, 1.2) a)", {"r": 1.35, "a": 0.7})
    assert clipped.gradients == {"r": 0.0, "a": pytest.approx(-1.2)}
