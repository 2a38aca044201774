"""Products that a program writes without a sign are told together."""

from __future__ import annotations

import ast

import pytest

from tutor.questions.code.products import BareProduct, others_told, products_without_sign

PROGRAM = """def f(x, y, g):
    a = np.log(x)  # 2b is a remark
    b = {b}
    k = {k}
    fy = a/g * {fy} + k
    return a, {last}
"""


def program(b: str = "y", k: str = "a", fy: str = "b", last: str = "fy") -> str:
    return PROGRAM.format(b=b, k=k, fy=fy, last=last)


def test_all_of_them_are_told_after_the_first():
    text = program(b="2y", k="a b", fy="g(1 - g)/(2b)", last="3fy")
    assert products_without_sign(text) == [
        BareProduct(3, "2y"), BareProduct(4, "a b"), BareProduct(5, "2b"), BareProduct(5, "g(1 - g)"),
        BareProduct(6, "3fy"),
    ]  # fmt: skip
    assert others_told(text, 3, "2y") == (
        " The same goes for a b on line 4, 2b on line 5, g(1 - g) on line 5 and 3fy on line 6."
    )


@pytest.mark.parametrize("formula", [
    "1e-5", "2.5e3*y", "0x1f", "3j", "np.exp(y)", "sigmoid(y)", "y if a else x", "not y", "y is not None",
    "[i for i in x]", "'2b'", "x.sum(0)", "lambda t: t", "x2 * y1",
])  # fmt: skip
def test_what_python_reads_is_none(formula: str):
    text = program(b=formula)
    ast.parse(text)
    assert not products_without_sign(text)
