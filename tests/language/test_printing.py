"""Printing: what is printed reads as the tree it was printed from, with few brackets."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from tests.sampling import examples
from tutor.engine.gates import vocabulary
from tutor.language import ASCII, UNICODE, Expression, Name, Number, Style, read_expression, show, typed
from tutor.language.printer import decimal, explained

from .oracle import tree_of
from .trees import trees
from .words import USUAL, known

PRINTED = {
    "x + y": ("x + y", "x + y"),
    "x - (y - z)": ("x − (y − z)", "x - (y - z)"),
    "(x + y)*z": ("(x + y)·z", "(x + y)*z"),
    "x*y*z": ("x·y·z", "x*y*z"),
    "x*(y*z)": ("x·(y·z)", "x*(y*z)"),
    "x/(y/z)": ("x/(y/z)", "x/(y/z)"),
    "x**2": ("x²", "x^2"),
    "x**-1": ("x⁻¹", "x^(-1)"),
    "x**0.5": ("x^0.5", "x^0.5"),
    "x**(y + 1)": ("x^(y + 1)", "x^(y + 1)"),
    "(x**2)**3": ("(x²)³", "(x^2)^3"),
    "2**(3**x)": ("2^(3^x)", "2^(3^x)"),
    "-x": ("−x", "-x"),
    "-(x + y)": ("−(x + y)", "-(x + y)"),
    "-x**2": ("−x²", "-x^2"),
    "(-x)**2": ("(−x)²", "(-x)^2"),
    "(-2)**2": ("(−2)²", "(-2)^2"),
    "x*-2": ("x·(−2)", "x*(-2)"),
    "x + -2": ("x + (−2)", "x + (-2)"),
    "-(-x)": ("−(−x)", "-(-x)"),
    "exp(x)": ("exp(x)", "exp(x)"),
    "sqrt(x + 1)": ("√(x + 1)", "sqrt(x + 1)"),
    "sigmoid(x)": ("σ(x)", "sigmoid(x)"),
    "abs(x - 1)": ("|x − 1|", "abs(x - 1)"),
    "abs(abs(x))": ("abs(|x|)", "abs(abs(x))"),
    "norm(v)": ("‖v‖", "norm(v)"),
    "squared_norm(v)": ("‖v‖²", "||v||^2"),
    "norm(v)**2": ("norm(v)²", "norm(v)^2"),
    "norm(v)**3": ("‖v‖³", "norm(v)^3"),
    "x**1e30": ("x^1e30", "x^1e30"),
    "W.T @ x": ("Wᵀ @ x", "W.T @ x"),
    "(x + y).T": ("(x + y)ᵀ", "(x + y).T"),
    "pi*x": ("π·x", "pi*x"),
    "e": ("e", "e"),
    "sum(x, axis=0, keepdims=True)": ("sum(x, axis=0, keepdims=True)",) * 2,
    "reshape(x, shape=(2, 3))": ("reshape(x, (2, 3))",) * 2,
    "slice(x, start=1, stop=3)": ("slice(x, 1, 3)",) * 2,
    "slice(x, start=0, stop=-1, axis=1)": ("slice(x, 0, -1, axis=1)",) * 2,
    "largest(x, axis=1)": ("max(x, axis=1)",) * 2,
    "smallest(x)": ("min(x)",) * 2,
    "softmax(x, axis=0)": ("softmax(x, axis=0)",) * 2,
    "[x, 2]": ("[x, 2]", "[x, 2]"),
    "[[1, 2], [3, -4]]": ("[[1, 2], [3, −4]]", "[[1, 2], [3, -4]]"),
}


@pytest.mark.parametrize("python", PRINTED)
def test_a_tree_is_printed_with_as_few_brackets_as_it_needs(python: str) -> None:
    tree = tree_of(python)
    assert (show(tree), typed(tree)) == PRINTED[python]


@pytest.mark.parametrize("text", ["(∂f/∂a)/x", "x/(∂f/∂a)", "(∂f/∂a)²", "∂f/∂a·x + ∂f/∂b", "∂f/∂a·x/(∂f/∂b)", "−∂f/∂a"])
def test_a_gradient_s_name_is_in_brackets_where_it_would_seem_two_quotients(text: str) -> None:
    known = vocabulary("x", "∂f/∂a", "∂f/∂b")
    assert show(read_expression(text, known).tree) == text


@pytest.mark.parametrize("style", [UNICODE, ASCII])
@settings(max_examples=examples(150))
@given(tree=trees)
def test_what_is_printed_reads_as_the_same_tree(style: Style, tree: Expression) -> None:
    assert read_expression(show(tree, style), USUAL).tree == tree


@given(tree=trees)
def test_an_explained_tree_reads_as_the_same_tree(tree: Expression) -> None:
    assert read_expression(explained(tree), USUAL).tree == tree


@given(tree=trees)
def test_the_typed_form_is_ascii_and_the_shown_form_says_the_same(tree: Expression) -> None:
    assert typed(tree).isascii()
    assert read_expression(typed(tree), USUAL).tree == read_expression(show(tree), USUAL).tree


def test_a_power_of_e_keeps_its_look() -> None:
    for text, printed in {"e^a": "e^a", "e^-a": "e^(−a)", "exp(a)": "exp(a)", "e^2": "e²"}.items():
        assert show(read_expression(text, USUAL).tree) == printed


def test_names_called_e_and_sigma_keep_their_meaning() -> None:
    vocabulary = known("e", "σ", "x")
    for text in ("exp(e)", "e^x + exp(x)", "sigmoid(σ)", "σ*sigmoid(x)"):
        tree = read_expression(text, vocabulary).tree
        for style in (UNICODE, ASCII):
            assert read_expression(show(tree, style), vocabulary).tree == tree


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 2), "0.5"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(3), "3"),
        (Fraction(1200), "1200"),
        (Fraction(1, 3), "(1/3)"),
        (Fraction(-2, 7), "(-2/7)"),
        (Fraction("1e-30"), "1e-30"),
        (Fraction("-1.5e40"), "-1.5e40"),
        (Fraction(0), "0"),
    ],
)
def test_decimals_are_exact(value: Fraction, text: str) -> None:
    assert decimal(value) == text
    assert quotient(text) == value


def quotient(text: str) -> Fraction:
    above, _, below = text.strip("()").partition("/")
    return Fraction(above) / Fraction(below or "1")


def test_a_number_without_finite_decimals_is_printed_as_a_quotient() -> None:
    tree = Number(Fraction(1, 3), "1/3")
    assert read_expression(typed(tree), USUAL).tree == tree_of("1/3")
    assert typed(Name("x")) == "x"
