"""Templates: which expressions they stand for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.pattern import matches
from tutor.language import Apply, Constant, Expression, Name, names_in, typed, walk
from tutor.language.tree import rename

from .expressions import number, trees
from .making import read

_TABLE = [
    ("1/(1 + e^(-a))", "1/(1 + e^(-x))", True),
    ("1/(1 + e^(-a))", "1/(e^(-y) + 1)", True),
    ("1/(1 + e^(-a))", "1/(1 - e^(-x))", False),
    ("1/(1 + e^(-a))", "2/(1 + e^(-x))", False),
    ("1/(1 + e^(-a))", "1/(1 + e^(-(x + y)))", False),
    ("1/(1 + e^(-a))", "1/(1 + e^(-pi))", True),
    ("sigmoid(a)", "sigmoid(x)", True),
    ("sigmoid(a)", "sigmoid(x y)", False),
    ("a b + c", "x y + z", True),
    ("a b + c", "z + y x", True),
    ("a b + c", "2 x + 1", True),
    ("a b + c", "x/y + z", False),
    ("a b + c", "x y - z", False),
    ("a b + c", "x x + x", True),
    ("a a", "x x", True),
    ("a a", "x y", False),
    ("a a", "3 x", False),
    ("a b + a", "x y + y", True),
    ("a b + a", "y + x y", True),
    ("a b + a", "x y + z", False),
    ("a - b", "x - y", True),
    ("a - b", "x + y", False),
    ("(a - b)/b", "(x - y)/y", True),
    ("(a - b)/b", "(x - y)/x", False),
    ("a^2", "x^2", True),
    ("a^2", "x^3", False),
    ("a^n", "x^3", True),
    ("2 a", "2 x", True),
    ("2 a", "x*2", True),
    ("2 a", "3 x", False),
    ("a + 1/3", "x + 1/3", True),
    ("sum(a, axis=0)", "sum(x, axis=0)", True),
    ("sum(a, axis=0)", "sum(x, axis=1)", False),
    ("sum(a, axis=0)", "sum(x)", False),
    ("a @ b + c", "x @ y + z", True),
    ("a @ b + c", "z + x @ y", True),
    ("a @ b + c", "x y + z", False),
    ("max(a, 0)", "max(0, x)", True),
    ("a", "x", True),
    ("a", "7", True),
    ("a", "1/3", True),
    ("a", "x + y", False),
    ("pi a", "pi x", True),
    ("pi a", "e x", False),
    ("a [1, 2]", "x [1, 2]", True),
    ("a [1, 2]", "x [1, 3]", False),
]


@pytest.mark.parametrize(("template", "text", "expected"), _TABLE)
def test_what_a_template_stands_for(template, text, expected):
    assert matches(read(template, "a", "b", "c", "n"), read(text, "x", "y", "z")) is expected


_SIMPLE = st.sampled_from([Name("p"), Name("q"), number("3"), Constant("pi"), read("2/3")])


@settings(max_examples=examples(150), deadline=None)
@given(trees(), _SIMPLE, _SIMPLE, st.randoms(use_true_random=False))
def test_a_template_stands_for_itself_with_names_replaced(tree: Expression, first, second, dice):
    replaced = rename(tree, {"x": first, "y": second})
    assert matches(tree, replaced)
    assert matches(tree, _turned(replaced, dice))


@settings(max_examples=examples(200), deadline=None)
@given(trees(leaves=6), st.lists(_SIMPLE, min_size=12, max_size=12), st.randoms(use_true_random=False))
def test_as_trying_every_replacement_would_have_it(template: Expression, simple: list[Expression], dice):
    """Each name replaced anew wherever it stands, so that a name that stands twice is mostly not replaced alike."""
    left = iter(simple)
    tree = _turned(_leaves_replaced(template, left), dice)
    candidates = [part for part in walk(tree) if isinstance(part, Name) or not names_in(part)]
    expected = any(
        _ordered(rename(template, {"x": x, "y": y})) == _ordered(tree)
        for x, y in itertools.product([*candidates, Name("x")], repeat=2)
    )
    assert matches(template, tree) is expected


def _leaves_replaced(tree: Expression, left: Iterator[Expression]) -> Expression:
    if isinstance(tree, Apply):
        parts = tuple(_leaves_replaced(part, left) for part in tree.arguments)
        return Apply(tree.operation, parts, tree.options)
    return next(left) if isinstance(tree, Name) else tree


def _ordered(tree: Expression) -> Expression:
    """Sums and products in one order, so that they can be compared."""
    if not isinstance(tree, Apply):
        return tree
    parts = [_ordered(part) for part in tree.arguments]
    if tree.operation in ("add", "mul", "max", "min"):
        parts.sort(key=typed)
    return Apply(tree.operation, tuple(parts), tree.options)


def _turned(tree: Expression, dice) -> Expression:
    """Some sums and products the other way round."""
    if not isinstance(tree, Apply):
        return tree
    parts = tuple(_turned(part, dice) for part in tree.arguments)
    if tree.operation in ("add", "mul", "max", "min") and dice.random() < 0.5:
        parts = parts[::-1]
    return Apply(tree.operation, parts, tree.options)
