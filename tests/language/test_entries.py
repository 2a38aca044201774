"""Entries in square brackets, subscripts and sums over indices: against NumPy, and printed and read back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary, vocabulary_at
from tutor.engine.numpy_code import numpy_code
from tutor.language import ASCII, UNICODE, Apply, Name, Stretch, Unreadable, read_expression, read_function, show

SHAPES: dict[str, tuple[int, ...]] = {
    "s": (), "x": (3,), "y": (3,), "u": (2,), "A": (3, 3), "X": (2, 3), "W": (3, 2), "P": (2, 3, 4), "x'": (3,),
    "w_1": (), "w": (3,),
}  # fmt: skip
_RANDOM = np.random.RandomState(11)
AT: dict[str, Any] = {name: _RANDOM.uniform(-1.5, 1.5, shape) if shape else 0.7 for name, shape in SHAPES.items()}
AT |= {"rows": np.array([2.0, 0.0]), "k": 1.0}
WORDS = vocabulary_at(AT)
SPACE = {**AT, "xp": AT["x'"], "w1": AT["w_1"], "rows": np.array([2, 0]), "k": 1, "np": np}

BRACKETS = {
    "x[0]": "x[0]", "x[-1] x[1]": "x[-1] * x[1]", "2x[0]^2": "2 * x[0]**2", "x[0]x[1]": "x[0] * x[1]",
    "sin x[2]": "np.sin(x[2])", "e^x[0]": "np.exp(x[0])", "x[1:]": "x[1:]", "x[:-1]": "x[:-1]", "x[::2]": "x[::2]",
    "x[::-1]": "x[::-1]", "x[0:2] + x[-2:]": "x[0:2] + x[-2:]", "x[[2, 0, 2]]": "x[[2, 0, 2]]",
    "x[np.array([1, 1])]": "x[[1, 1]]", "x[:, None] * u": "x[:, None] * u", "x[np.newaxis]": "x[None]",
    "X[0]": "X[0]", "X[1, 2]": "X[1, 2]", "X[1][2]": "X[1][2]", "X[:, 0]": "X[:, 0]", "X[0, :]": "X[0]",
    "X[:, 1:]": "X[:, 1:]", "X[..., 0]": "X[..., 0]", "X.T[0]": "X.T[0]", "Xᵀ[0]": "X.T[0]", "X[0,]": "X[0]",
    "(X W)[0, 1]": "(X @ W)[0, 1]", "(x + y)[1]": "(x + y)[1]", "softmax(X, axis=1)[:, 0]":
        "(np.exp(X) / np.sum(np.exp(X), axis=1, keepdims=True))[:, 0]",
    "X[range(2), [2, 0]]": "X[[0, 1], [2, 0]]", "X[np.arange(2), [2, 0]]": "X[[0, 1], [2, 0]]",
    "X[range(2), rows]": "X[[0, 1], rows]", "X[range(len(rows)), rows]": "X[[0, 1], rows]",
    "X[np.arange(X.shape[0]), rows]": "X[[0, 1], rows]", "X[range(n), rows]": "X[[0, 1], rows]", "X[1, rows]":
        "X[1, rows]", "A[rows]": "A[rows]", "x[k]": "x[k]", "A[rows][0]": "A[rows][0]",
    "[4, 5][1]": "np.float64(5)", "([4, 5])[1]": "np.float64(5)", "softmax(x)[0]": "np.exp(x[0]) / np.sum(np.exp(x))",
    "(|x|)[1]": "abs(x[1])", "x²[0]": "x[0]**2", "(x + y) [1, 2, 3]": "(x + y) * [1, 2, 3]",
    "P[0]": "P[0]", "P[:, 1, ::3]": "P[:, 1, ::3]", "P[0, :, 1]": "P[0, :, 1]", "P[..., None]": "P[..., None]",
    "A x[1]": "A * x[1]", "X[0] x": "X[0] * x", "X[0]^T x": "X[0] @ x", "[[1, 2], [3, 4]] u": "[[1, 2], [3, 4]] @ u",
    "sum([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])": "np.float64(36)", "np.array([[[1], [2]]])": "np.array([[[1], [2]]])",
}  # fmt: skip

INDICES = {
    "x_1": "x[0]", "x₁ x₃": "x[0] * x[2]", "x_0 + x_2": "x[0] + x[2]", "w_1 + w_2": "w1 + w[1]", "x'_1": "xp[0]",
    "x_1'": "xp[0]", "A_12": "A[0, 1]", "A_{1,2} A_{21}": "A[0, 1] * A[1, 0]", "A_01 A_22": "A[0, 1] * A[2, 2]",
    "(A x)_1": "(A @ x)[0]", "-ln softmax(x)_2": "-np.log((np.exp(x) / np.sum(np.exp(x)))[1])",
    "Σ_i x_i^2": "np.sum(x**2)", "Σᵢxᵢ²": "np.sum(x**2)", "∑ᵢ xᵢyᵢ": "np.sum(x * y)", "∑ᵢ₌₁ⁿ xᵢ²": "np.sum(x**2)",
    "sum_i x_i y_i": "np.sum(x * y)", r"\sum_i x_i y_i": "np.sum(x * y)", r"\sum_{i=1}^n x_i y_i": "np.sum(x * y)",
    r"\sum_{i=1}^nx_i^2": "np.sum(x**2)", r"\sum\limits_{i=1}^{3} x_i": "np.sum(x)",
    r"\sum_{i=2}^{3} x_i": "np.sum(x[1:])",
    r"\sum_{i=0}^{n-1} x_i y_i": "np.sum(x * y)", r"\sum_{i=0}^{1} x_i": "np.sum(x[:2])",
    r"\sum_{i=1}^{n-1} (x_{i+1} - x_i)^2": "np.sum((x[1:] - x[:-1])**2)",
    r"\sum_{i=2}^{n} x_i x_{i-1}": "np.sum(x[1:] * x[:-1])", "∑x": "np.sum(x)", "Σ x^2": "np.sum(x**2)",
    "Σ_i x_i + s": "np.sum(x) + s", "s Σ_i x_i y_i": "s * np.sum(x * y)", "Σ_i (x_i + y_i)^2": "np.sum((x + y)**2)",
    "-Σ_i x_i": "-np.sum(x)", "Σ_i -x_i": "-np.sum(x)", "Σ_i e^-x_i": "np.sum(np.exp(-x))",
    "|Σ_i x_i|": "abs(np.sum(x))",
    "Σ_i |x_i| y_i": "np.sum(abs(x) * y)", "ln Σ_j e^(x_j)": "np.log(np.sum(np.exp(x)))", "Σ_i x_i/3": "np.sum(x) / 3",
    "e^(x_i)/Σ_j e^(x_j)": "np.exp(x) / np.sum(np.exp(x))", "Σ_i σ(x_i)": "np.sum(1 / (1 + np.exp(-x)))",
    "Σ_i x_i^2 / Σ_i y_i^2": "np.sum(x**2) / np.sum(y**2)", "Σ_i x_1 y_i": "x[0] * np.sum(y)",
    "Σ_i max(0, x_i - x_1 + 1)": "np.sum(np.maximum(0, x - x[0] + 1))", "max_i x_i": "np.max(x)",
    "min_i x_i": "np.min(x)",
    "Σ_j A_ij x_j": "A @ x", "Σ_i A_ij x_i": "A.T @ x", "Σ_i x_i A_ij": "x @ A", "Σ_k W_ik X_kj": "W @ X",
    "Σ_k X_ik A_jk": "X @ A.T", "Σ_ij A_ij^2": "np.sum(A**2)", "Σ_i Σ_j A_ij^2": "np.sum(A**2)", "Σ_j A_ij":
        "np.sum(A, axis=1)", "Σ_i A_ij": "np.sum(A, axis=0)", "Σ_ij A_ij x_i y_j": "x @ A @ y",
    "Σ_i A_ii": "np.trace(A)",
    "Σ_i Σ_j x_i A_ij x_j": "x @ A @ x", "Σ_{i,j} A_{i,j}^2": "np.sum(A**2)",
    "Σ_ij (A_ij - A_ji)^2": "np.sum((A - A.T)**2)",
    "Σ_j A_1j x_j": "A[0] @ x", "Σ_i A_{i2}": "np.sum(A[:, 1])", "Σ_i (Σ_j A_ij x_j)^2": "np.sum((A @ x)**2)",
    "x_i u_j": "np.outer(x, u)", "x'_i u_j": "np.outer(xp, u)", "x_i + u_j": "x[:, None] + u",
    "Σ_k P_ijk": "np.sum(P, axis=2)", "Σ_ijk P_ijk^2": "np.sum(P**2)", "Σ_j x_j P_ijk": "np.einsum('j,ijk->ik', x, P)",
    r"\sum_{i} w_{i} x_{i}": "np.sum(w * x)",
    r"\frac{1}{3}\sum_{i=1}^{3}\left(x_i - y_i\right)^2": "np.mean((x - y)**2)",
    "Σ_i (x_i - y_i)^2/2 + s Σ_i x_i^2": "np.sum((x - y)**2) / 2 + s * np.sum(x**2)",
}  # fmt: skip

REFUSED = {
    "x[0] [1]": "without a space", "(x + y) [0]": "without a space", "|x|[0]": "put round brackets", "A [1, 2, 3]":
        "without a space", "Σ_i [x_i": "is never closed", "Σ_i (x_i, y_i)": "A sum takes one expression", "A[.T]":
        "a whole number",
    "x[3]": "positions go from 0 to 2", "x[1, 2]": "x has one axis, but here are two positions",
    "s[0]": "s is a number",
    "x [0]": "without a space", "x[3:]": "Nothing is left", "X[2]": "X has 2 entries along this axis",
    "x[x > 0]": "not picked by a comparison", "x[i]": "The position i is not known", "x[1.5]": "a whole number",
    "X[:, rows]": "E.T[idx].T", "X[range(n), range(n)]": "Write range(3)", "X[[0, 1], [0, 1, 2]]": "need one length",
    "x_4": "Subscripts count from 1 here: x_3 is the last entry of x", "x_0 + x_3": "x_2 is the last entry of x",
    "A_1": "A has two axes", "x_12": "Subscripts count from 1", "A_123": "an entry is A_ij", "s_1": "s is a number",
    "x_n": "For the last entry write x[-1]", "u_j x_i": "it is open which of them numbers the rows", "x_{i+1}":
        "From where to where does i go", "Σ_i x_i + y_i": "in a sum and outside of it", "Σ_i (x_i + y)":
        "y is an array. Beside an entry it needs a subscript, as in y_i", "Σ_i x y_i": "x is an array",
    "Σ_i x_i u_i": "The index i runs over 3 entries of x, but over 2 of u", "Σ_i s": "nothing in it has the index i",
    "Σ_i softmax(x_i)": "softmax takes a whole array", "Σ_i Σ_i x_i": "two sums",
    r"\sum_{i=1}^4 x_i": "cannot run from 1 to 4",
    r"\sum_{i=1}^k x_i": "Write the last index as a number", "Σ_i x_i^i": "From where to where does i go?",
    "x_Q": "x_Q is not known",
    "[x_i, 1]": "a list holds numbers", "[[[1], [2]], [[3]]]": "differ in shape",
}  # fmt: skip


def _oracle(code: str) -> Any:
    return eval(code, {"np": np}, SPACE)


@pytest.mark.parametrize("text", [text for text, code in (BRACKETS | INDICES).items() if code])
def test_it_is_read_as_numpy_has_it(text: str):
    tree = read_expression(text, WORDS).tree
    wanted = _oracle((BRACKETS | INDICES)[text])
    value = evaluate(tree, AT)
    assert np.shape(value) == np.shape(wanted)
    np.testing.assert_allclose(value, wanted, rtol=1e-12)
    for style in (UNICODE, ASCII):
        again = read_expression(show(tree, style), WORDS).tree
        assert again == tree, show(tree, style)


@pytest.mark.parametrize("text", REFUSED)
def test_what_cannot_be_told_is_refused_with_a_sentence(text: str):
    with pytest.raises(Unreadable) as caught:
        read_expression(text, WORDS)
    assert REFUSED[text] in caught.value.message
    assert caught.value.message.isprintable()


ECHOES = {
    "x[0] + s": None,
    "x_1 + x_2": "x[0] + x[1], where subscripts count from 1: x_1 is x[0]",
    "x_0": "x[0], where subscripts count from 0: x_0 is x[0]",
    "A_12": "A[0, 1], where subscripts count from 1: A_11 is A[0, 0]",
    "Σ_i x_i y_i": "sum(x ⊙ y)",
    "Σ_j A_ij x_j": "A @ x, where i numbers its entries",
    "x_i u_j": "outer(x, u), where its axes are i, j",
    "w_1": None,
}


@pytest.mark.parametrize("text", ECHOES)
def test_how_subscripts_were_read_is_said(text: str):
    assert read_expression(text, WORDS).echo == ECHOES[text]


def test_names_with_subscripts_stay_names_and_numbers_have_no_entries():
    assert read_expression("x_1 x_2", vocabulary("x_1", "x_2")).tree == Apply("mul", (Name("x_1"), Name("x_2")))
    assert read_expression("w_x", vocabulary("w_x")).tree == Name("w_x")
    with pytest.raises(Unreadable, match="The name x_1 is not known here"):
        read_expression("x_1", vocabulary("x"))


def test_a_sum_sign_that_is_a_name_is_that_name():
    words = vocabulary_at({"Sigma": np.eye(2), "x": np.ones(2)})
    assert read_expression("Σ_12", words).tree == read_expression("Sigma[0, 1]", words).tree
    with pytest.raises(Unreadable, match="Sigma has two axes"):
        read_expression("Σ_i x_i", words)


def test_a_function_may_have_entries():
    function = read_function("f(x, s) = x[0]^2 + s x[1:]", vocabulary()).tree
    assert show(function.expression) == "x[0]² + s·x[1:]"


_POSITION = st.one_of(
    st.integers(-2, 1),
    st.builds(
        Stretch, st.sampled_from([None, 0, 1, -2]), st.sampled_from([None, 2, 3, -1]), st.sampled_from([None, 2, -1])
    ),
    st.none(),
)
_LISTS = st.lists(st.integers(-2, 1), min_size=1, max_size=3).map(tuple)


@settings(max_examples=examples(60), deadline=None)
@given(
    st.one_of(
        st.lists(_POSITION, min_size=1, max_size=4).map(tuple), st.tuples(_LISTS), st.tuples(st.just(...), _POSITION)
    )
)
def test_any_positions_print_read_and_run_as_numpy(at: tuple[Any, ...]):
    array = AT["P"]
    key = tuple(
        slice(e.start, e.stop, e.step) if isinstance(e, Stretch) else list(e) if isinstance(e, tuple) else e for e in at
    )
    tree = Apply("index", (Name("P"),), (("at", at),))
    if sum(entry is not None and entry is not ... for entry in at) > 3 or not array[key].size:
        with pytest.raises(Unreadable):
            read_expression(show(tree), WORDS)
        return
    assert read_expression(show(tree), WORDS).tree == tree
    np.testing.assert_array_equal(evaluate(tree, AT), array[key])
    np.testing.assert_array_equal(eval(numpy_code(tree), {"np": np, "P": array}), array[key])
