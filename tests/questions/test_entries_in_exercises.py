"""Exercises whose functions take entries, sum over indices, or have inputs of three axes: solved from end to end."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import tutor
from tutor.judging import Kind

from .making import learner

_X, _Y, _U = [0.4, -0.9, 1.3], [1.0, 0.2, -0.5], [0.6, -1.1]
_A = [[1.5, 0.3, 0.7], [0.2, 0.8, -0.4], [-0.6, 1.2, 0.9]]
_Z = [[0.5, -1.2, 0.3], [1.1, 0.4, -0.7]]
_P = [[[0.5, -1.2, 0.3], [1.1, 0.4, -0.7]], [[0.9, 0.1, -0.2], [-1.4, 0.6, 0.8]]]
_Q = [[[0.2, -0.5], [0.7, 0.1], [-0.3, 0.6]], [[1.2, 0.5], [-0.7, 0.3], [0.4, -0.6]]]
AT: dict[str, Any] = {"x": _X, "y": _Y, "u": _U, "A": _A, "Z": _Z, "P": _P, "Q": _Q, "t": [1, 0]}


def _softmax(a: Any, axis: int) -> Any:
    return anp.exp(a) / anp.sum(anp.exp(a), axis=axis, keepdims=True)


_LABELS, _ROWS = np.array([2, 0]), np.array([1, 0])
FUNCTIONS: dict[str, tuple[str, Any]] = {
    "x[0]^2 + x[-1] y[1]": ("xy", lambda x, y: x[0] ** 2 + x[-1] * y[1]),
    "x_1^2 + x_3 y_2": ("xy", lambda x, y: x[0] ** 2 + x[2] * y[1]),
    "sum((x[1:] - x[:-1])^2)": ("x", lambda x: anp.sum((x[1:] - x[:-1]) ** 2)),
    "sum(x[[2, 0, 2]] y)": ("xy", lambda x, y: anp.sum(x[np.array([2, 0, 2])] * y)),
    "sum(Z[:, 0]^2) + Z[1, 2]": ("Z", lambda Z: anp.sum(Z[:, 0] ** 2) + Z[1, 2]),
    "sum(x[:, None] * u)": ("xu", lambda x, u: anp.sum(x[:, None] * u)),
    "-mean(ln(softmax(Z, axis=1))[range(2), [2, 0]])":
        ("Z", lambda Z: -anp.mean(anp.log(_softmax(Z, 1))[anp.arange(2), _LABELS])),
    "-mean(ln(softmax(Z, axis=1))[range(len(t)), t])":
        ("Zt", lambda Z, _t: -anp.mean(anp.log(_softmax(Z, 1))[anp.arange(2), _ROWS])),
    "sum(Z[t] A)": ("ZtA", lambda Z, _t, A: anp.sum(Z[_ROWS] @ A)),
    "Σ_i x_i^2 y_i": ("xy", lambda x, y: anp.sum(x**2 * y)),
    "Σ_i Σ_j A_ij x_i y_j": ("Axy", lambda A, x, y: x @ A @ y),
    "Σ_i (Σ_j A_ij x_j)^2": ("Ax", lambda A, x: anp.sum((A @ x) ** 2)),
    "Σ_i A_ii": ("A", lambda A: anp.trace(A)),
    "-x_2 + ln Σ_j e^(x_j)": ("x", lambda x: -x[1] + anp.log(anp.sum(anp.exp(x)))),
    "sum((P @ Q)^2)": ("PQ", lambda P, Q: anp.sum((P @ Q) ** 2)),
    "sum(softmax(P, axis=1) * P)": ("P", lambda P: anp.sum(_softmax(P, 1) * P)),
    "sum(P @ A) + mean(P[0] P[1]^T)": ("PA", lambda P, A: anp.sum(P @ A) + anp.mean(P[0] @ P[1].T)),
    "sum(max(P, axis=2)) + sum(mean(P, axis=(0, 1))^2)":
        ("P", lambda P: anp.sum(anp.max(P, axis=2)) + anp.sum(anp.mean(P, axis=(0, 1)) ** 2)),
    "sum(P.T[0] @ Q[0, :2])": ("PQ", lambda P, Q: anp.sum(anp.transpose(P)[0] @ Q[0, :2])),
    "Σ_ijk P_ijk^2 x_k": ("Px", lambda P, x: anp.sum(P**2 * x)),
}  # fmt: skip


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_function_from_python_is_autograds(text: str):
    names, truth = FUNCTIONS[text]
    values = [np.array(AT[name], dtype=float) for name in names]
    found = tutor.backprop(text, {name: AT[name] for name in names})
    assert found.value == pytest.approx(truth(*values), rel=1e-12)
    for place, name in enumerate(names):
        if name != "t":
            wanted = grad(truth, place)(*values)
            np.testing.assert_allclose(found.gradients[name], wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("text", FUNCTIONS)
def test_a_file_with_the_function_is_solved_by_its_own_texts(text: str):
    names, _ = FUNCTIONS[text]
    at = ", ".join(f"{name} = {AT[name]}" for name in names)
    work = learner(f"f({', '.join(names)}) = {text}", at)
    work.work("forward", "backward")
    assert work.answers and all(answer.verdict.accepted for answer in work.answers.values())


@pytest.mark.parametrize(
    ("function", "at", "staging", "key", "answer", "said"),
    [
        ("f(x) = x[1]^2", "x = [0.4, -0.9, 1.3]", "a = x[1]\nf = a^2", "value:a", "0.4", "counts the entries from 1"),
        ("f(x) = x[1]^2", "x = [0.4, -0.9, 1.3]", "a = x[1]\nf = a^2", "value:a", "1.3", "one entry too far"),
        ("f(Z) = sum(Z[0])", "Z = [[1, 2], [3, 5]]", "a = Z[0]\nf = sum(a)", "value:a", "[1, 3]", "rows and columns"),
        ("f(Z) = sum(Z[range(2), [1, 0]])", "Z = [[1, 2], [3, 5]]", "a = Z[range(2), [1, 0]]\nf = sum(a)",
         "value:a", "[3, 2]", "rows and columns"),
    ],
)  # fmt: skip
def test_a_mistake_at_an_entry_is_named(function: str, at: str, staging: str, key: str, answer: str, said: str):
    verdict = learner(function, at, staging=staging).judge(key, answer)
    assert verdict.kind is Kind.WRONG
    assert said in verdict.message


def test_how_a_subscript_was_read_is_said_in_the_staging():
    work = learner("f(x) = x[0] x[1]", "x = [0.4, -0.9, 1.3]", staging="a = x_1\nb = x_2\nf = a b")
    echo = work.answers["staging"].verdict.echo
    assert "subscripts count from 1: x_1 is x[0]" in echo


def test_arrays_of_three_axes_are_typed_entry_by_entry():
    work = learner("f(P) = sum(P^2)", f"P = {_P}", staging="a = P^2\nf = sum(a)")
    right = (np.array(_P) ** 2).round(4).tolist()
    assert work.judge("value:a", str(right)).kind is Kind.RIGHT
    right[1][0][2] = 7
    wrong = work.judge("value:a", str(right))
    assert wrong.kind is Kind.WRONG
    assert "(2, 1, 3)" in wrong.message
    flat = work.judge("value:a", "[[1, 2, 3], [4, 5, 6]]")
    assert flat.kind is Kind.UNREADABLE
    assert "an array (2, 2, 3)" in flat.message
