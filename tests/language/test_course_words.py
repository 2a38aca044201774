"""Words as courses, papers and libraries write them: each is read as the expression beside it, or said how to write."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.language import Unreadable, read_expression
from tutor.language.vocabulary import ABSENT, WRITTEN_OUT

from .words import FUNCTIONS, known

SAME = {
    # capitals and prefixes
    "ReLU(x)": "relu(x)",
    "LeakyReLU(x)": "leaky_relu(x, 0.01)",
    "Softmax(v)": "softmax(v)",
    "LogSumExp(v)": "logsumexp(v)",
    "HardSigmoid(x)": "hard_sigmoid(x)",
    "Sin(x) + COS(y)": "sin(x) + cos(y)",
    "F.relu(x)": "relu(x)",
    "nn.functional.gelu(x)": "gelu(x)",
    "torch.nn.functional.softplus(x)": "softplus(x)",
    "jnp.tanh(x)": "tanh(x)",
    "jax.nn.silu(x)": "silu(x)",
    "scipy.special.expit(x)": "sigmoid(x)",
    # options that libraries name otherwise
    "F.leaky_relu(x, negative_slope=0.2)": "leaky_relu(x, 0.2)",
    "elu(x)": "elu(x, 1)",
    "torch.clamp(x, min=-1, max=1)": "clip(x, -1, 1)",
    "x.clamp(min=0)": "max(x, 0)",
    "np.clip(x, None, 1)": "min(x, 1)",
    "np.clip(x, 0, None)": "max(x, 0)",
    "clamp(x, max=y)": "min(x, y)",
    "softplus(x, beta=2)": "softplus(2 x)/2",
    "var(v, unbiased=True)": "var(v, ddof=1)",
    "v.std(unbiased=False)": "std(v, ddof=0)",
    "torch.var(W, dim=0, correction=1)": "var(W, axis=0, ddof=1)",
    "norm(v, 1)": "norm1(v)",
    "np.linalg.norm(W, ord=1, axis=0, keepdims=True)": "norm1(W, axis=0, keepdims=True)",
    "np.linalg.norm(W, 'fro')": "norm(W)",
    "torch.norm(v, p=2)": "norm(v)",
    "||v||_1": "norm1(v)",
    "‖v‖₁²": "norm1(v)^2",
    "||v||_2^2": "||v||^2",
    "||W||_F^2": "||W||^2",
    # names for what has a sign
    "np.square(x)": "x^2",
    "np.power(x, 3)": "x^3",
    "np.multiply(x, np.add(y, z))": "x*(y + z)",
    "torch.div(x, y)": "x/y",
    "np.negative(np.reciprocal(x))": "-(1/x)",
    "log(x, 2)": "log2(x)",
    "log_10(x)": "log10(x)",
    "log₂(x)": "log2(x)",
    "log(x, 3)": "ln(x)/ln(3)",
    "sech^2(x)": "(1/cosh(x))^2",
    "relu6(x)": "clip(x, 0, 6)",
    "F.mse_loss(x, y, reduction='sum')": "sum((x - y)^2)",
    "F.mse_loss(x, y, reduction='mean')": "mean((x - y)^2)",
    "F.l1_loss(x, y, reduction='none')": "abs(x - y)",
    "binary_cross_entropy(x, y, reduction='sum')": "-sum(y ln(x) + (1 - y) ln(1 - x))",
    "F.celu(x, alpha=2)": "max(x, 0) + min(2*(exp(x/2) - 1), 0)",
    "torch.lerp(x, y, 0.3)": "x + 0.3*(y - x)",
    "F.linear(v, W)": "v @ W.T + 0",
    "torch.addmm(x, W, v)": "x + W @ v",
    # several arguments, lists
    "max(x, y, z)": "max(max(x, y), z)",
    "min(x, y, 1, z)": "min(min(min(x, y), 1), z)",
    "max([x, y])": "max(x, y)",
    "np.concatenate((v, x))": "concat(v, x)",
    "torch.cat([v, x, y], dim=0)": "concat(concat(v, x, axis=0), y, axis=0)",
    "np.stack([v, x, y])": "concat(stack(v, x), expand_dims(y, 0))",
    # axes
    "W.t()": "W.T",
    "W.transpose(1, 2)": "swapaxes(W, 1, 2)",
    "np.transpose(W, (0, 2, 1))": "transpose(W, axes=(0, 2, 1))",
    "W.permute(0, 2, 1)": "transpose(W, axes=(0, 2, 1))",
    "v.unsqueeze(-1)": "expand_dims(v, -1)",
    "W.flatten()": "reshape(W, -1)",
    "W.view(2, 3)": "reshape(W, 2, 3)",
    "v.detach()": "stop_gradient(v)",
    "F.one_hot(y, num_classes=4)": "one_hot(y, 4)",
    # arrays written out
    "np.eye(2)": "[[1, 0], [0, 1]]",
    "np.zeros((1, 2))": "[[0, 0]]",
    "ones(3)": "[1, 1, 1]",
    # einsum
    "np.einsum('ij,jk', W, W)": 'einsum("ij,jk->ik", W, W)',
    'einsum("i j, j -> i", W, v)': 'einsum("ij,j->i", W, v)',
    "einsum('i,ij,j->', v, W, v)": 'einsum("j,j->", einsum("i,ij->j", v, W), v)',
    "einsum('ii', W)": 'einsum("ii->", W)',
}


@pytest.mark.parametrize("typed", SAME)
def test_a_word_means_the_same_as(typed: str) -> None:
    words = known("W", "v", "x", "y", "z")
    assert read_expression(typed, words).tree == read_expression(SAME[typed], words).tree


def test_a_name_wins_over_a_word_in_other_letters() -> None:
    with pytest.raises(Unreadable):
        read_expression("ReLU(x)", known("x", "relu"))
    assert read_expression("F.T @ x", known("F", "x")).tree


REFUSED = {
    "transpose(W, 0, 1)": "Libraries read this in two ways. Write swapaxes(x, 0, 1), or x.T for a matrix.",
    "norm(v, 3)": "A norm here has the order 1 or 2. Other norms are written out: sum(abs(x)^3)^(1/3).",
    "einsum(W, v)": 'The indices of einsum go in quotes: einsum("ij,jk->ik", A, B).',
    "einsum('ij,j->i', W)": "These indices are for 2 arrays, here is 1.",
    "einsum('...i->i', W)": 'Write an index for every axis, without dots. An example is einsum("ij,jk->ik", A, B).',
    "einsum('ij->k', W)": 'The result has the index k, which no array has. An example is einsum("ij,jk->ik", A, B).',
    "sin('x')": "Leave out the quotes.",
    "one_hot(y)": "The function one_hot needs classes: one_hot(x, classes=1).",
    "eye(100)": "An array that is written out has at most 400 entries.",
    "eye(x)": "This must be a whole number.",
    "elu(x, gamma=2)": "The function elu takes only alpha, not gamma.",
    "leaky_relu(x, 0.1, slope=0.2)": "An argument is given twice.",
    "torch.std(v)": "PyTorch's std divides by n - 1, and std here by n. Write std(x, ddof=1) or std(x, ddof=0).",
    "mse_loss(x, y, reduction='max')": "A reduction is 'mean', 'sum' or 'none', of a loss that is a mean.",
    "celu(x, beta=2)": "The function celu takes only alpha, not beta.",
    "gelu(x, approximate='tanh')": "The function gelu takes no option approximate. "
    "Write x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))/2.",
    "F.gather(W, 1, x)": "PyTorch's gather is written with positions: P[range(3), y] takes an entry of each row.",
    "Σ x": "Write a sum with the word: sum(x).",
}


def test_a_huber_loss_is_square_up_to_delta() -> None:
    at = {"a": np.array([0.2, 3.0]), "b": np.array([0.5, 1.0])}
    tree = read_expression("F.huber_loss(a, b, delta=0.5)", vocabulary("a", "b")).tree
    np.testing.assert_allclose(evaluate(tree, at), (0.3**2 / 2 + 0.5 * (2 - 0.25)) / 2)
    tree = read_expression("F.smooth_l1_loss(a, b, beta=0.5)", vocabulary("a", "b")).tree
    np.testing.assert_allclose(evaluate(tree, at), (0.3**2 / 2 / 0.5 + (2 - 0.25)) / 2)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_cannot_be_read_is_said(typed: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression(typed, known("W", "v", "x", "y"))
    assert caught.value.message == REFUSED[typed]


def test_what_is_written_out_can_be_read() -> None:
    for word, formulas in WRITTEN_OUT.items():
        assert word not in FUNCTIONS
        for formula in formulas:
            names = {name for name in re.findall(r"[A-Za-z_]\w*", formula) if len(name) == 1 and name != "e"}
            assert read_expression(formula, known(*names)).tree, formula


def test_no_word_is_offered_for_what_does_something_else() -> None:
    for word in ABSENT - FUNCTIONS.keys():
        with pytest.raises(Unreadable) as caught:
            read_expression(f"{word}(x)", known("x"))
        assert caught.value.repair is None and "Did you mean" not in caught.value.message, word


@pytest.mark.parametrize("word", [word for word, meant in FUNCTIONS.items() if meant.meaning is not None])
def test_a_word_that_is_short_for_an_expression_has_a_value(word: str) -> None:
    meant = FUNCTIONS[word]
    names = meant.arguments
    tree = read_expression(f"{word}({', '.join(names)})", vocabulary(*names)).tree
    matrix, above = word in ("logdet", "solve"), word in ("acosh", "arccosh")
    value = [[2.0, 0.3], [0.4, 1.5]] if matrix else [1.3, 2.0] if above else [0.3, 0.6]
    assert np.all(np.isfinite(evaluate(tree, {name: np.array(value) for name in names}))), word
