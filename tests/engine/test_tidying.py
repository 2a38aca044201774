"""Small things put in order."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings

from tests.sampling import examples
from tutor.engine.evaluate import evaluate, fold_constants, number
from tutor.language import Expression, typed, walk

from .expressions import is_tame, trees
from .making import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 x^(2 - 1)", "2*x"), ("x^(3 - 1)", "x^2"), ("1 x", "x"), ("x*1", "x"), ("-1 x", "-x"), ("x + 0", "x"),
        ("0 + x", "x"),
        ("x - 0", "x"), ("0 - x", "0 - x"), ("x/1", "x"), ("1/x", "1/x"), ("x^1", "x"), ("1^x", "1^x"), ("-(-x)", "x"),
        ("-(-1 x)", "x"), ("2*3 + 4", "10"), ("1/3 x", "(1/3)*x"), ("x/0", "x/0"), ("1/0 + x", "1/0 + x"),
        ("0 x", "0*x"),
        ("2 (3 x)", "2*(3*x)"), ("x + x", "x + x"), ("sin(1 x)", "sin(x)"), ("2^0.5 x", "2^0.5*x"),
        ("0.5 x^(0.5 - 1)", "0.5*x^(-0.5)"),
        ("y^(1 - 1) x", "y^0*x"), ("2^10", "1024"),
    ],
)  # fmt: skip
def test_tidied(text, expected):
    assert typed(fold_constants(read(text, "x", "y"))) == expected


@settings(max_examples=examples(200), deadline=None)
@given(trees())
def test_the_value_stays(tree: Expression):
    neat = fold_constants(tree)
    assert len(list(walk(neat))) <= len(list(walk(tree)))
    assert fold_constants(neat) == neat
    for at in ({"x": 1.3, "y": 0.4}, {"x": -0.7, "y": 2.0}):
        if is_tame(tree, at):
            np.testing.assert_allclose(evaluate(neat, at), evaluate(tree, at), rtol=1e-6, atol=1e-9)


def test_numbers_that_were_not_typed():
    assert [number(Fraction(text)).text for text in ("3", "-2", "1/2", "1/3")] == [
        "3",
        "-2",
        "0.5",
        "0.3333333333333333",
    ]
