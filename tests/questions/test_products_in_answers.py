"""Products of arrays are read alike in stagings, blanks, gradient questions, files and from Python."""

from __future__ import annotations

import re
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import tutor
from tutor.judging import Kind
from tutor.library.problem import problem_of
from tutor.questions.backprop.carried_forward import down_key, total_key
from tutor.questions.backprop.staging import follow
from tutor.questions.backprop.worked_solution import closed_forms

from .asking import One
from .making import Learner, learner, made

RIGHT, UNDECIDED, WRONG = Kind.RIGHT, Kind.UNDECIDED, Kind.WRONG
_A, _B = [[1.5, -0.4], [0.3, 0.9]], [[0.2, 1.1], [-0.7, 0.6]]
_X, _Y, _U = [0.6, -1.3], [0.8, 0.5], [0.4, -0.9, 1.2]
_W = [[0.2, -0.5], [0.7, 0.1], [-0.3, 0.6]]

FUNCTIONS = {
    "||A x - y||^2": lambda v: anp.sum((v["A"] @ v["x"] - v["y"]) ** 2),
    "x^T A x": lambda v: v["x"] @ v["A"] @ v["x"],
    "x^T A^T A x/2": lambda v: anp.sum((v["A"] @ v["x"]) ** 2) / 2,
    "u^T W x": lambda v: v["u"] @ v["W"] @ v["x"],
    "(x·y)/(||x|| ||y||)": lambda v: v["x"] @ v["y"] / anp.sqrt(anp.sum(v["x"] ** 2) * anp.sum(v["y"] ** 2)),
    "⟨W x, u⟩": lambda v: (v["W"] @ v["x"]) @ v["u"],
    "x^T A^-1 y": lambda v: v["x"] @ anp.linalg.inv(v["A"]) @ v["y"],
    "x^T A^2 y": lambda v: v["x"] @ v["A"] @ v["A"] @ v["y"],
    "sum((A B)^2)": lambda v: anp.sum((v["A"] @ v["B"]) ** 2),
    "sum(A**2)": lambda v: anp.sum(v["A"] ** 2),
    "sum(u ⊗ x * W)": lambda v: anp.sum(anp.outer(v["u"], v["x"]) * v["W"]),
    "sum(u x^T ⊙ W)": lambda v: anp.sum(anp.outer(v["u"], v["x"]) * v["W"]),
    "np.dot(np.dot(W, x), u)": lambda v: (v["W"] @ v["x"]) @ v["u"],
    "logsumexp(W x)": lambda v: anp.log(anp.sum(anp.exp(v["W"] @ v["x"]))),
    "-ln σ(x^T y)": lambda v: anp.log(1 + anp.exp(-(v["x"] @ v["y"]))),
}


AT: dict[str, Any] = {"A": _A, "B": _B, "x": _X, "y": _Y, "u": _U, "W": _W}


def _names(text: str) -> list[str]:
    """The names in a function of the table: its words of one letter."""
    return [name for name in AT if re.search(rf"(?<![a-z.]){name}(?![a-z])", text)]


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_function_from_python_is_autograds(text: str):
    at = {name: np.array(AT[name]) for name in _names(text)}
    found = tutor.backprop(text, at)
    truth = FUNCTIONS[text]
    assert found.value == pytest.approx(truth(at), rel=1e-12)
    for name, value in at.items():
        wanted = grad(lambda one, name=name: truth({**at, name: one}))(value)
        np.testing.assert_allclose(found.gradients[name], wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_file_with_the_function_is_solved_by_its_own_texts(text: str):
    names = _names(text)
    function, at = f"f({', '.join(names)}) = {text}", ", ".join(f"{name} = {AT[name]}" for name in names)
    work = learner(function, at)
    work.work("forward", "backward")
    assert all(answer.verdict.accepted for answer in work.answers.values())
    for line in closed_forms(work.problem):
        name, form = line.removeprefix("∂f/∂").split(" = ")
        assert work.judge(_gradient(work, name), form).accepted, line


def _gradient(work: Learner, name: str) -> str:
    """The key of the blank in which an input's gradient is asked for."""
    sheet = work.sheets.of(work)
    assert sheet is not None
    position = sheet.graph.positions[name]
    uses = sheet.graph.uses[position]
    return total_key(name) if len(uses) > 1 else down_key(sheet.name(uses[0].gate), uses[0].port)


SOFTMAX: dict[str, Any] = {
    "equations": ("m = softmax(z)", "J = dot(m, c)"), "shapes": {"z": (5,), "c": (5,)},
}  # fmt: skip
DISTANCE: dict[str, Any] = {"equations": ("d = p - q", "r = norm(d)", "J = r^2 + r"), "shapes": {"p": (4,), "q": (4,)}}
SQUARE: dict[str, Any] = {"equations": ("K = V @ H", "S = sigmoid(K)"), "shapes": {"V": (2, 2), "H": (2, 2)}}


@pytest.mark.parametrize(
    ("table", "of", "given", "text", "kind", "echo"),
    [
        (SOFTMAX, "z", ("m",), "m ⊙ (m' - m·m')", RIGHT, "m ⊙ (m' − dot(m, m'))"),
        (SOFTMAX, "z", ("m",), "m * (m' - m^T m')", RIGHT, "m ⊙ (m' − dot(m, m'))"),
        (SOFTMAX, "z", ("m",), "m * dm - m m^T dm", RIGHT, "m ⊙ m' − m·dot(m, m')"),
        (SOFTMAX, "z", ("m",), "m * (m' - m m')", WRONG, "m ⊙ (m' − m ⊙ m')"),
        (SOFTMAX, "c", (), "m", RIGHT, ""),
        (DISTANCE, "p", (), "2 (p - q) + d/(d^T d)^0.5", RIGHT, "2·(p − q) + d/dot(d, d)^0.5"),
        (SQUARE, "H", ("K",), "V^T K'", RIGHT, "Vᵀ @ K'"),
        (SQUARE, "K", ("S",), "S' S (1 - S)", UNDECIDED, "S' @ S @ (1 − S)"),
        (SQUARE, "K", ("S",), "S' ⊙ S ⊙ (1 - S)", RIGHT, ""),
        (SQUARE, "K", ("S",), "S' * (S - S^2)", RIGHT, ""),
    ],
)
def test_gradient_questions(table: dict[str, Any], of: str, given: tuple[str, ...], text: str, kind: Kind, echo: str):
    verdict = One("gradient", {"of": of, "given": given, "form": _form(of)}, **table).judge(text)
    assert (verdict.kind, verdict.echo) == (kind, echo), verdict.message


def _form(of: str) -> str:
    return {"z": "m*(m' - dot(m, m'))", "c": "m", "p": "2 d + d/r", "H": "V.T @ K'", "K": "S'*S*(1 - S)"}[of]


def test_a_product_that_would_be_right_entry_by_entry_says_how_to_write_it():
    verdict = One("gradient", {"of": "K", "given": ("S",)}, **SQUARE).judge("S' S (1 - S)")
    assert "If a product entry by entry is meant, write S'*S*(1 - S)." in verdict.message


@pytest.mark.parametrize(
    ("staging", "complete", "echo"),
    [
        ("q = A x\nf = x^T q", True, ["q = A @ x", "f = dot(x, q)"]),
        ("q = x^T A\nf = q·x", True, ["q = x @ A", "f = dot(q, x)"]),
        ("q = x^T @ A\nf = q @ x", True, ["", ""]),
        ("q = A @ x\nf = ⟨x, q⟩", True, ["", ""]),
        ("q = A x\np = x q\nf = sum(p)", True, ["q = A @ x", "p = x ⊙ q", ""]),
        ("q = A x\nf = x q", False, ["q = A @ x", "f = x ⊙ q"]),
    ],
)
def test_stagings(staging: str, complete: bool, echo: list[str]):
    problem = problem_of(made("f(A, x) = x^T A x", f"A = {_A}, x = {_X}"))
    found = follow(problem, staging)
    assert found.complete is complete, found.verdict.message
    assert [line.echo for line in found.lines] == echo


def test_columns_make_a_number_of_one_row_and_one_column():
    work = learner("f(W, x) = x^T W x", f"W = {_A}, x = [[0.6], [-1.3]]", staging="r = x^T\nq = W x\nf = r q")
    work.work("forward", "backward")
    assert work.judge("value:f", "x^T W x").kind is RIGHT
    assert work.judge("value:f", "x · (W x)").kind is RIGHT
    assert work.judge("down:q.0", "x x^T").kind is RIGHT
    whole = np.array([[0.6], [-1.3]])
    assert work.judge("value:f", str((whole.T @ np.array(_A) @ whole).item())).kind is RIGHT
    number = learner("f(v) = ||v||^2", "v = [[0.6], [-1.3]]", staging="w = v^T\nf = w v")
    assert number.judge("value:f", "v^T v").kind is RIGHT


def test_powers_of_square_matrices_stay_as_they_were_where_the_function_has_no_other():
    work = learner("f(X) = sum(X^3)", f"X = {_A}", staging="c = X^3\nf = sum(c)")
    for key, text in {"value:c": "X^3", "local:c.0": "3 X^2", "down:c.0": "3 X**2"}.items():
        assert work.judge(key, text).kind is RIGHT, text
    inverse = learner("f(X) = sum(X^-1)", f"X = {_A}")
    assert "matrix_power" in inverse.worked("staging") or "inv" in inverse.worked("staging")
    sent = -np.linalg.inv(np.array(_A)).T @ np.ones((2, 2)) @ np.linalg.inv(np.array(_A)).T
    assert inverse.judge("down:a.0", str(sent.round(6).tolist())).accepted


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("y' h.T", RIGHT),
        ("y' * h.T", RIGHT),
        ("h.T * y'", RIGHT),
        ("h.T y'", Kind.UNREADABLE),
        ("h y'", Kind.UNREADABLE),
    ],
)
def test_an_outer_product_in_the_wrong_order_is_not_read_entry_by_entry(text: str, kind: Kind):
    """h is (3, 1) and y' (2, 1): only signs that say so make an outer product of h.T and y'."""
    found = tutor.check("tensors/element", {"q3.gradient.V'": text})["q3.gradient.V'"]
    assert found.kind == kind, found
    if text == "h.T y'":
        assert "wrong order" in str(found)
