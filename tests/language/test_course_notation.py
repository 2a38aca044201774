"""Notation of courses for arrays: sums and products over an index, norms with their order, marks, roots, accents."""

from __future__ import annotations

import numpy as np
import pytest

from tutor import backprop, judge
from tutor.judging import Kind

AT = {
    "p": [0.2, 0.3, 0.5], "t": [1.0, 0.0, 2.0], "A": [[2.0, 1.0], [0.5, 3.0]], "B": [[1.0, 0.5], [2.0, 4.0]],
    "u": [2.0], "R": [[3.0]], "C": [[1.0], [2.0]], "v": [1.0, -2.0], "ŷ": [0.1, 0.4, 0.3],
}  # fmt: skip

READ = {
    r"\prod_i (1 - p_i)": "np.prod(1 - p)", "∏_i p_i": "np.prod(p)", "Π_i (p_i t_i)": "np.prod(p * t)",
    r"\prod_{i=1}^{2} p_i": "p[0] * p[1]",
    "Σ p_i t_i": "p @ t", r"\sum (p_i - t_i)^2": "np.sum((p - t)**2)", "Σ_j Σ A_ij": "np.sum(A)",
    "2 Σ p_i t_i / (Σ p_i + Σ t_i)": "2 * p @ t / (np.sum(p) + np.sum(t))", "sum(p_i t_i)": "p @ t",
    "mean(p_i^2)": "np.mean(p**2)",
    "u^T R u": "u @ R @ u", "R u": "(R @ u)[0]", "C^T C": "np.sum(C * C)",
    r"\hat{y}^T p": "AT_ŷ @ p", r"p^{\mathsf T} t": "p @ t", r"p^{\mathsf{T}} t": "p @ t",
    "||v||_2": "np.linalg.norm(v)", "||C||_2": "np.linalg.norm(C)", "norm(A, 2, axis=1)": "np.linalg.norm(A, axis=1)",
    "||A||_F": "np.linalg.norm(A)", "A**0.5": "A**0.5", "sum(A^0.5)": "np.sum(A**0.5)",
    "sum(ln |A|)": "np.sum(np.log(A))",
    "sg(p)": "p", "(p > 0.25)*1.0": "(p > 0.25) * 1.0",
}  # fmt: skip
"""What is typed, and the same in NumPy."""

REFUSED = {
    "||A||_2": "largest singular value", "||A||_2^2": "||A||_F", "norm(A, 2)": "norm(A)", "norm(A, ord=2)": "norm(A)",
    r"\|A\|_2": "||A||_F", "||A||_*": "nuclear", "||p||_∞": "max(abs(x))", r"\|p\|_\infty": "max(abs(x))",
    "||p||_3": "order", "(p)_+": "relu", "[p]_+": "relu", "⟨A, B⟩_F": "sum(A*B)", "A^{∘2}": "A**2", "A^∘2": "A**2",
    "A^{1/2}": "A**(1/2)", "A^-0.5 B": "A**", "ln |A|": "det(A)", "|A|^(1/2)": "det(A)", "√|A|": "det(A)",
    "A + I": "eye(2)", "1^T p": "ones(3)", r"\mathbf{1}^\top p": "ones(3)", "A^{-T}": "inv(A).T",
    r"A^{-\top}": "inv(A).T", r"\hat{p}": "not known", "kron(A, B)": "einsum", "vec(A)": "reshape",
    "A [v, v]": "concatenate",
}  # fmt: skip
"""What would be another thing here than in a course, and what the sentence holds."""


@pytest.mark.parametrize("text", READ)
def test_it_has_the_value_that_numpy_gives(text: str):
    arrays = {name: np.array(value) for name, value in AT.items()}
    arrays["AT_ŷ"] = arrays["ŷ"]
    wanted = eval(READ[text], {"np": np}, arrays)  # our own line of NumPy, from the table above
    np.testing.assert_allclose(backprop(text, AT).value, wanted, rtol=1e-12)


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_with_how_to_write_it(text: str):
    with pytest.raises(ValueError) as caught:
        backprop(text, AT)
    assert REFUSED[text] in str(caught.value).split("\n")[0]


def test_the_reading_is_told_where_it_was_not_typed():
    assert backprop("A v", AT).echo == "A @ v"
    assert backprop("A @ v", AT).echo == ""


def test_a_function_that_may_be_a_product_of_names_is_not_charged():
    verdict = judge("asin(x)", "a sin(x)")
    assert verdict.kind is Kind.UNDECIDED
    assert "a*sin" in verdict.message
