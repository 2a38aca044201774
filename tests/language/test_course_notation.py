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

ROWS = {
    "X": [[1.0, 2.0, -1.0], [0.5, -1.5, 3.0]], "Y": [[0.5, 1.0, 2.0], [-1.0, 0.3, 0.8]], "w": [0.4, -0.7, 0.2],
    "a": [0.3, 0.9], "M": [[2.0, 0.5, 0.1], [0.2, 1.0, -0.3], [0.4, 0.6, 1.5]], "x": 0.7, "G": [[[1.0, 2.0, 3.0]]] * 2,
}  # fmt: skip

OF_ROWS = {
    r"\sum_i (w^T X_i - a_i)^2": "np.sum((X @ w - a)**2)",
    r"\sum_{i=1}^n \|X_i - w\|^2": "np.sum((X - w)**2)",
    r"\sum_i a_i X_i": "a @ X",
    r"\sum_i X_i^T Y_i": "np.sum(X * Y)",
    r"\sum_i X_i Y_i^T": "X.T @ Y",
    r"\sum_i a_i X_i X_i^T": "(a[:, None] * X).T @ X",
    r"\sum_{i,j} (X_i \cdot Y_j)^2": "np.sum((X @ Y.T)**2)",
    r"\sum_i \min_j \|X_i - Y_j\|^2": "np.sum(np.min(np.sum((X[:, None] - Y)**2, axis=2), axis=1))",
    r"\sum_i X_i^T M X_i": "np.trace(X @ M @ X.T)",
    r"\sum_i \|M X_i\|": "np.sum(np.linalg.norm(X @ M.T, axis=1))",
    r"\sum_i a_i G_i w": "np.tensordot(a, G @ w, 1)",
    r"\sum_i (e^{w^T X_i} - a_i w^T X_i)": "np.sum(np.exp(X @ w) - a * (X @ w))",
    r"\sum_i |a_i - x|": "np.sum(np.abs(a - x))",
    r"\sum_x a_x + x": "np.sum(a) + x",
    r"\sum_{k=1}^{3} w_k x^k": "w @ x**np.array([1, 2, 3])",
    r"\sum_{k=0}^{2} \frac{w_k}{k + 1}": "w @ (1 / np.array([1, 2, 3]))",
    r"\frac{1}{n} \sum_{i=1}^{n} a^{(i)}": "np.mean(a)",
    r"\|Xw - a\|^2": "np.sum((X @ w - a)**2)",
    r"\left(X^TX\right)w": "X.T @ X @ w",
    r"\tfrac12 e^xx": "np.exp(x) * x / 2",
    r"\left[1 + \log\left[2 + x\right]\right]^2": "(1 + np.log(2 + x))**2",
    r"\mathcal{L}_{\text{sq}}(w) = \frac12\big(w_1x - w_2\big)^2": "(w[0] * x - w[1])**2 / 2",
    r"X \odot \mathbb{1}\left[X > 0\right]": "np.maximum(X, 0)",
    "np.square(M)": "M**2",
}
"""Rows of a matrix as \\(x_i\\), indices that are numbers, and LaTeX's products; beside each the same in NumPy."""


@pytest.mark.parametrize("text", OF_ROWS)
def test_it_has_the_value_and_the_gradients_of_numpy(text: str):
    def value(at: dict[str, np.ndarray]) -> float:
        return np.sum(eval(OF_ROWS[text], {"np": np}, at))  # our own line of NumPy, from the table above

    arrays = {name: np.array(each) for name, each in ROWS.items()}
    found = backprop(text, arrays, constants={"n": 2})
    np.testing.assert_allclose(np.sum(found.value), value(arrays), rtol=1e-12)
    for name, array in arrays.items():
        for place in np.ndindex(array.shape):
            step = np.zeros_like(array)
            step[place] = 1e-6
            slope = (value({**arrays, name: array + step}) - value({**arrays, name: array - step})) / 2e-6
            np.testing.assert_allclose(np.asarray(found.gradients[name])[place], slope, rtol=1e-4, atol=1e-7)


def test_the_rows_are_told():
    assert backprop(r"\sum_i (w^T X_i)^2", ROWS).echo == "sum((X @ w)²), where the X_i are the rows of X"


@pytest.mark.parametrize(
    ("text", "constants", "said"),
    [
        (r"\sum_{i=1}^n a_i", {"n": 5}, "cannot run from 1 to 5"),
        (r"\sum_{i=1}^x a_i", {}, "Write the last index as a number"),
        (r"\sum_{x=1}^{2} x a_x", {}, "Use another letter for the index"),
        (r"\sum_k x^k", {}, "From where to where does k go?"),
        ("-a_n", {"n": 1}, "x[n]"),
        (r"\sum_{i \neq n} a_i", {"n": 1}, "A condition is a factor"),
        (r"\mathbb{E}\left[a^2\right]", {}, "mean(x)"),
        ("‖Xw − a‖²", {}, "Did you mean X w?"),
        ("-[x + 1]", {}, "round brackets"),
        ("q.masked_fill(x, 0)", {"q": 1}, "where("),
    ],
)
def test_what_cannot_be_told_says_what_to_write(text: str, constants: dict[str, float], said: str):
    with pytest.raises(ValueError) as caught:
        backprop(text, ROWS, constants=constants)
    assert said in str(caught.value).split("\n")[0]


def test_names_count_as_the_language_spells_them():
    found = backprop("w₁ x₁ + ϵ", {"w₁": 2, "x₁": 3}, constants={"ϵ": 0.5})
    assert (found.value, found.gradients) == (6.5, {"w₁": 3.0, "x₁": 2.0})
    assert backprop("sum((p - x̄)²)", {"p": [1.0, 3.0]}, let=[r"\bar{x} = mean(p)"]).value == 2.0
    with pytest.raises(ValueError, match="the same name"):
        backprop("ε", {"ε": 1, "ϵ": 2})
    with pytest.raises(ValueError, match="its own definition"):
        backprop("ŷ", {"x": 1}, let=["ŷ = ŷ + x"])


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
