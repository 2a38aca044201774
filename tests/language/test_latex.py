"""LaTeX that is pasted or typed by habit."""

from __future__ import annotations

import pytest

from tutor.language import Unreadable, read_expression

from .words import USUAL, known

SAME = {
    r"\frac{1}{x}": "1/x",
    r"\frac{1}{x + y}": "1/(x + y)",
    r"\frac{x + 1}{y}z": "((x + 1)/y)*z",
    r"\dfrac{x}{y}": "x/y",
    r"\frac1x": "1/x",
    r"\frac12x": "(1/2)*x",
    r"\frac{\frac{x}{y}}{z}": "(x/y)/z",
    r"-\frac{1}{c^{2}}": "-(1/c^2)",
    r"2\frac{x}{y}": "2*(x/y)",
    r"\sqrt{x}": "sqrt(x)",
    r"\sqrt x": "sqrt(x)",
    r"\sqrt(x)": "sqrt(x)",
    r"\sqrt{x + y}": "sqrt(x + y)",
    r"\sqrt[3]{x}": "x^(1/3)",
    r"\sqrt[2]{x}": "sqrt(x)",
    r"2\sqrt{x}": "2*sqrt(x)",
    r"x \cdot y": "x*y",
    r"x\times y": "x*y",
    r"x\,y": "x*y",
    r"x \odot y": "x*y",
    r"x \div y": "x/y",
    r"x^{2}": "x^2",
    r"x^{-1}": "x^-1",
    r"x^{y + z}": "x^(y + z)",
    r"x^{10}y": "x^10*y",
    r"e^{-x}": "e^-x",
    r"\frac{1}{1 + e^{-x}}": "1/(1 + e^-x)",
    r"\left(x + y\right)z": "(x + y)z",
    r"\left( x + y \right) \cdot z": "(x + y)*z",
    r"\left[1, 2\right]": "[1, 2]",
    r"\sin x": "sin(x)",
    r"\sin{x}": "sin(x)",
    r"\sin(x)": "sin(x)",
    r"\sin^2 x": "sin(x)^2",
    r"\sin^{2} x": "sin(x)^2",
    r"\sin^{2}(x)": "sin(x)^2",
    r"\exp(-x)": "exp(-x)",
    r"\ln{x}": "ln(x)",
    r"\log x": "ln(x)",
    r"\tanh^{2}{x}": "tanh(x)^2",
    r"\max(x, y)": "max(x, y)",
    r"\sigma(x)": "sigmoid(x)",
    r"\sigma(x)(1 - \sigma(x))": "sigmoid(x)*(1 - sigmoid(x))",
    r"\pi x": "pi*x",
    r"x\pi2": "x*pi*2",
    r"\sin2x": "sin(2*x)",
    r"\text{relu}(x)": "relu(x)",
    r"\operatorname{sigmoid}(x)": "sigmoid(x)",
    r"\mathrm{tanh}(x)": "tanh(x)",
    r"\mathbf{W}\mathbf{x}": "W*x",
    r"\mathbf{W}x": "W*x",
    r"\mathbf{W}^T \mathbf{x}": "W.T*x",
    r"W^{T} @ x": "W.T @ x",
    r"W^\top @ x": "W.T @ x",
    r"W^{\top} @ x": "W.T @ x",
    r"|x|": "|x|",
    r"\lvert x \rvert": "|x|",
    r"\left|x\right|": "|x|",
    r"\|v\|^2": "||v||^2",
    r"\lVert v \rVert^{3}": "||v||^3",
    r"\lVert v \rVert^{2}": "||v||^2",
    r"\Vert v\Vert_2^2": "||v||^2",
    r"\begin{bmatrix}1 & 2\\3 & 4\end{bmatrix}": "[[1, 2], [3, 4]]",
    r"\begin{pmatrix}1\\2\end{pmatrix}": "1; 2",
    r"$x + y$": "x + y",
    r"$$x^2$$": "x^2",
    r" $ x $ ": "x",
    r"x + y \\": "x + y",
    r"x + y \\ ": "x + y",
    r"\(x + y\)": "x + y",
    r"\[x + y\]": "x + y",
    r"\displaystyle x": "x",
    r"\{x + y\}z": "(x + y)z",
}


@pytest.mark.parametrize("text", SAME)
def test_latex_reads_as_the_plain_text(text: str) -> None:
    assert read_expression(text, USUAL).tree == read_expression(SAME[text], USUAL).tree


def test_names_keep_their_subscripts_and_greek_letters() -> None:
    vocabulary = known("w_1", "x_out", "α", "x")
    for text, plain in {
        r"w_{1}x_{out}": "w_1*x_out",
        r"x_{\text{out}} + \alpha": "x_out + α",
        r"\alpha x": "α*x",
        r"2\alpha": "2*α",
        r"\mathbf{w}_1": "w_1",
    }.items():
        assert read_expression(text, vocabulary).tree == read_expression(plain, vocabulary).tree


def test_an_error_points_into_the_latex_that_was_typed() -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression(r"\frac{x2}{2}", USUAL)
    assert caught.value.caret() == "\\frac{x2}{2}\n      ^^"


def test_a_missing_brace_is_mended() -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression(r"e^{-x", USUAL)
    assert caught.value.message == "This { is never closed."
    assert caught.value.repair == r"e^{-x}"
