"""Functions that learners type themselves: read, drawn, proven, kept as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.engine.values import shape_of
from tutor.library import load
from tutor.library.problem import problem_in
from tutor.paths import VARIABLE, own_folder
from tutor.practice.own_file import OwnProblem, in_words, keep
from tutor.practice.own_function import read_own
from tutor.practice.own_inputs import inputs_in
from tutor.runner import Runner
from tutor.session.validation import check_exercise

GIVEN = [
    ("f(x, y) = x y + sin x", "x = 1, y = 2", "x = 1, y = 2"),
    ("f(x) = x e^x", "x=pi/2", "x = pi/2"),
    ("sum(W x)", "W = [[1, 2], [3, 4]]; x = [1, -1]", "W = [[1, 2], [3, 4]], x = [1, -1]"),
    ("L = (w x - y)^2", "w = 0.5, x = 3, y = -2", "w = 0.5, x = 3, y = -2"),
    ("W @ x", "W = 1 2; 3 4, x = [1, 2]", "W = [[1, 2], [3, 4]], x = [1, 2]"),
]


@pytest.mark.parametrize(("text", "at", "wanted"), GIVEN)
def test_inputs_are_taken_as_given(text: str, at: str, wanted: str) -> None:
    own = read_own(text, at)
    assert in_words(own.at) == wanted
    assert not own.drawn


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("ln(x)/y", [(), ()]),
        ("sqrt(1 - x^2)", [()]),
        ("σ(w x + b)", [(), (), ()]),
        ("||W x - y||^2", [(2, 3), (3,), (2,)]),
        ("x^T A x", [(3,), (3, 3)]),
        ("cross_entropy(W x, 1)", [(2, 3), (3,)]),
        ("λ x^2", [(), ()]),
    ],
)
def test_inputs_left_out_are_drawn_in_the_domain(text: str, shapes: list[tuple[int, ...]]) -> None:
    own = read_own(text)
    problem = problem_in(own.table)
    assert [shape_of(value) for value in problem.inputs.values()] == shapes
    assert own == read_own(text)
    assert own.drawn == tuple(problem.inputs)


REFUSED = [
    ("", "", "There is no function there"),
    ("3", "", "f has no input"),
    ("f(x) = x", "", "no operation in it"),
    ("f(x, y) = x (", "", "never closed"),
    ("f(x, y) = x y", "x = 1, z = 2", "z is not an input of f: its inputs are x and y."),
    ("f(x, y) = x y", "1, 2", 'Give the inputs as "x = 1, y = 2"'),
    ("f(x, y) = x y", "x = 1, x = 2", "x is given two values"),
    ("f(x, y) = x y", "x = 2 +, y = 1", "The value of x cannot be read"),
    ("f(x) = x^2", "x = 1/0", "not finite"),
    ("f(x) = x - x", "x = 3", "f does not move with x"),
    ("sign(x)", "", "f does not move with x"),
    ("softmax(z)", "", "The sum of f's entries does not move with z"),
    ("ln(-x^2)", "", "No numbers were found"),
    ("a b", "a = [1, 2], b = [1, 2, 3]", "The shapes do not fit"),
    ("__import__('os')", "", ""),
]


@pytest.mark.parametrize(("text", "at", "said"), REFUSED)
def test_what_cannot_be_worked_is_refused_with_a_sentence(text: str, at: str, said: str) -> None:
    with pytest.raises(OwnProblem) as refused:
        read_own(text, at)
    assert said in str(refused.value)
    assert not str(refused.value).endswith("..")


@pytest.mark.parametrize(
    ("text", "at"),
    [("ln(x)", "x = -1"), ("x/y", "x = 1, y = 0"), ("sqrt(1 - x^2)", "x = 5"), ("ln(x - y)", "x = 1, y = 4")],
)
def test_outside_the_domain_numbers_nearby_are_proposed(text: str, at: str) -> None:
    with pytest.raises(OwnProblem, match="no value or no gradient") as refused:
        read_own(text, at)
    proposed = str(refused.value).rpartition('--at "')[2].rstrip('"')
    assert inputs_in(proposed).keys() == inputs_in(at).keys()
    assert not read_own(text, proposed).remarks


def test_a_kink_is_said() -> None:
    own = read_own("relu(x) + x^2", "x = 0")
    (remark,) = own.remarks
    assert "exactly at its kink" in remark
    assert remark.endswith("Away from it: x = 0.5.")


def test_it_is_kept_once_as_a_file_fit_to_hand_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    own = read_own("f(x, η) = η x^2 + 1", "x = 3, η = 0.5")
    id, path = keep(own)
    assert (id, keep(own)[1]) == ("mine/f", path)
    assert keep(read_own("f(x) = x^3", "x = 3"))[0] == "mine/f-2"
    library = load([own_folder()])
    assert not library.broken
    assert library.title_of("mine") == "Mine"
    kept = library.exercises["mine/f"]
    assert kept.file.at == {"x": 3, "η": 0.5}
    assert check_exercise(kept, Runner()).sound


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lambda x, y: x*y + np.sin(x)", "f(x, y) = x*y + np.sin(x)"),
        ("g = lambda t: t**2", "g(t) = t**2"),
        ("def loss(w, x): return (w*x - 1)**2", "loss(w, x) = (w*x - 1)**2"),
        ("def loss(w) -> float:\n    return w**3", "loss(w) = w**3"),
    ],
)
def test_a_line_of_python_is_a_function(text: str, wanted: str) -> None:
    assert read_own(text).function == wanted


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("L(w) = (w - 3)^2 + λ w^2", "λ is not an input of L. Write L(w, λ) = ..., or a number in its place."),
        ("h(x) = tanh(U x + b)", "U and b are not inputs of h. Write h(x, U, b) = ..., or a number in their place."),
        ("f(x) = sum(x_i^2)", "x_i is not an input of f. Arrays are written whole: x for all its entries"),
    ],
)
def test_a_name_that_is_no_input_is_told_with_the_way_out(text: str, why: str) -> None:
    with pytest.raises(OwnProblem) as problem:
        read_own(text)
    assert str(problem.value).startswith(why)


@pytest.mark.parametrize("text", [r"\hat{y} = \frac{x^2}{2}", r"\mathcal{L} = \frac{x^2}{2}"])
def test_a_name_in_latex_may_stand_before_the_function(text: str) -> None:
    assert read_own(text, "x = 3").function == r"f(x) = \frac{x^2}{2}"
