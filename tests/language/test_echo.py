"""When the reading is said back, and how."""

from __future__ import annotations

import pytest

from tutor.language import read_equation, read_expression, read_function

from .words import USUAL

ECHOED = {
    "1/2x": "(1/2)·x",
    "x/2y": "(x/2)·y",
    "1/2(y + 5)": "(1/2)·(y + 5)",
    "6x/3x": "(6·x/3)·x",
    "2/x y": "(2/x)·y",
    "W@x y": "(W @ x)·y",
    "x^2y": "x²·y",
    "e^2x": "e²·x",
    "x^1/2": "x¹/2",
    "x^-1/2": "x⁻¹/2",
    "x(y + z)": "x·(y + z)",
    "x (y)": "x·y",
    "x 5": "x·5",
    "exp(x)2": "exp(x)·2",
    "log x": "ln(x)",
    "log(x)": "ln(x)",
    "sin 2x": "sin(2·x)",
    "sin -x": "sin(−x)",
    "sin x^2": "sin(x²)",
    "sin x cos y": "sin(x)·cos(y)",
    "sin x/y": "sin(x)/y",
    "sin^2 x": "(sin(x))²",
    "ln|x|": "ln(|x|)",
    "sigma(x)": "σ(x)",
    "e": "e, where e is 2.718…",
    "2e": "2·e, where e is 2.718…",
    "1/[1 + x]": "1/[1 + x], where [ ] makes a vector of one entry",
    "[e + 1]": "[e + 1], where e is 2.718… and [ ] makes a vector of one entry",
    "\\frac{x}{y}": "x/y",
    "\\frac{x}{y}z": "(x/y)·z",
    "x^{2}": "x²",
    "$x y$": "x·y",
    "x; y": "[[x], [y]]",
    "[x y]": "[x, y]",
    "[1 2 x+1]": "[1, 2, x + 1]",
}
LITERAL = (
    *("x + y", "x*y", "2x", "2 x", "x y", "(x + y)z", "-x^2", "2^-1", "x^2 y", "x^2*y", "1/(2x)", "2^3^2", "x^2/2"),
    *("e^x", "e^-x", "exp(x)", "exp x", "ln x", "sin y", "√x", "|x|", "|x|y", "||v||^2", "np.exp(x)", "np.log(x)"),
    *("x²", "x⁻¹", "2·x", "x − y", "W @ x", "W.T @ x", "sum(x, axis=0)", "[1, 2]", "[1 2]", "[1 -2]", "1 2; 3 4"),
    *("[[1. 2.]\n [3. 4.]]", "π x", "x**2", "σ(x)", "relu(x)", "maximum(0, x)", "1e-3", "pi"),
)


@pytest.mark.parametrize("text", ECHOED)
def test_a_reading_that_was_not_typed_is_said_back(text: str) -> None:
    assert read_expression(text, USUAL).echo == ECHOED[text]


@pytest.mark.parametrize("text", LITERAL)
def test_a_literal_reading_is_not_said_back(text: str) -> None:
    assert read_expression(text, USUAL).echo is None


def test_what_was_typed_just_so_is_not_said_back() -> None:
    assert read_expression("(1/2)·x", USUAL).echo is None
    assert read_expression("sin(2·x)", USUAL).echo is None
    assert read_expression("\\frac{1}{2}", USUAL).echo == "1/2"


@pytest.mark.parametrize("text", [text for text in ECHOED if "where" not in ECHOED[text]])
def test_an_echo_reads_as_what_it_says(text: str) -> None:
    reading = read_expression(text, USUAL)
    assert read_expression(reading.echo or "", USUAL).tree == reading.tree


def test_an_equation_and_a_function_are_said_back_whole() -> None:
    assert read_equation("a = 1/2x", USUAL).echo == "a = (1/2)·x"
    assert read_equation("a_{1} = x y", USUAL).echo == "a_1 = x·y"
    assert read_equation("a = x y", USUAL).echo is None
    assert read_function("f(x,y) = x^2y", USUAL).echo == "f(x, y) = x²·y"
    assert read_function("f(x, y) = x y", USUAL).echo is None


def test_a_reading_keeps_the_text_as_it_was_typed() -> None:
    assert read_expression(" 2·x ", USUAL).text == " 2·x "
