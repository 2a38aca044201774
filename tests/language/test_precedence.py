"""Operators written without brackets group as Python groups them."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.language import Name, Unreadable, read_expression, walk

from .oracle import tree_of
from .words import USUAL

Both = tuple[str, str]
"""A text of the language and the same in Python."""

_names = st.sampled_from(("x", "y", "z", "W", "a")).map(lambda name: (name, name))
_numbers = st.sampled_from(("2", "0.5", "13", "1.25", "3e2")).map(lambda text: (text, text))
_operators = st.sampled_from(
    (
        *((" + ", "+"), ("+", "+"), (" - ", "-"), ("-", "-"), ("*", "*"), ("·", "*"), (" × ", "*"), ("/", "/")),
        *((" @ ", "@"), ("^", "**"), ("**", "**"), (" ^ ", "**")),
        *((" > ", ">"), (">=", ">="), (" < ", "<"), (" == ", "=="), (" ≠ ", "!=")),
    )
)
_signs = st.sampled_from((("-", "-"), ("- ", "-"), ("+", "+"), ("−", "-")))
_calls = st.sampled_from((("exp", "exp"), ("np.exp", "exp"), ("√", "sqrt"), ("log", "ln"), ("σ", "sigmoid")))


def _grown(smaller: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    return st.one_of(
        st.builds(lambda a, op, b: (a[0] + op[0] + b[0], a[1] + op[1] + b[1]), smaller, _operators, smaller),
        st.builds(lambda sign, a: (sign[0] + a[0], sign[1] + a[1]), _signs, smaller),
        smaller.map(lambda a: (f"({a[0]})", f"({a[1]})")),
        st.builds(lambda f, a: (f"{f[0]}({a[0]})", f"{f[1]}({a[1]})"), _calls, smaller),
        st.builds(lambda a, b: (f"max({a[0]}, {b[0]})", f"max({a[1]}, {b[1]})"), smaller, smaller),
        smaller.map(lambda a: (f"({a[0]}).T", f"({a[1]}).T")),
        st.builds(lambda a, b: (f"[{a[0]}, {b[0]}]", f"[{a[1]}, {b[1]}]"), _names, _numbers),
    )


@given(st.recursive(st.one_of(_names, _numbers), _grown, max_leaves=12))
def test_operators_group_as_in_python(both: Both) -> None:
    ours, python = both
    assert read_expression(ours, USUAL).tree == tree_of(python)


_bar_atoms = st.sampled_from((("x", "x"), ("y", "y"), ("2", "2"), ("exp(x)", "exp(x)")))
_bar_operators = st.sampled_from(("+", "-", "*", "/", " + ", " - "))


def _barred(smaller: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    sums = st.builds(lambda a, op, b: (a[0] + op + b[0], a[1] + op + b[1]), smaller, _bar_operators, smaller)
    return st.one_of(sums, sums.map(lambda a: (f"|{a[0]}|", f"abs({a[1]})")))


@given(st.recursive(_bar_atoms, _barred, max_leaves=8))
def test_bars_between_signs_pair_up_as_they_were_written(both: Both) -> None:
    ours, python = both
    assert read_expression(ours, USUAL).tree == tree_of(python)


def ways(text: str) -> int:
    """In how many ways a text of x, * and | is a product of x's and of absolute values of such products."""

    @cache
    def products(start: int, end: int) -> int:
        last = sum(runs(start, at) * products(at + 1, end) for at in range(start + 1, end) if text[at] == "*")
        return runs(start, end) + last

    @cache
    def runs(start: int, end: int) -> int:
        """Factors side by side."""
        if start == end:
            return 0
        whole = factor(start, end)
        return whole + sum(factor(start, at) * runs(at, end) for at in range(start + 1, end))

    @cache
    def factor(start: int, end: int) -> int:
        if text[start:end] == "x":
            return 1
        barred = end - start > 2 and text[start] == text[end - 1] == "|"
        return products(start + 1, end - 1) if barred else 0

    return products(0, len(text))


def no_longer_sign(text: str) -> bool:
    """Without || and **, which are other signs, and xx, which is a name."""
    return not any(pair in text for pair in ("||", "**", "xx"))


@given(st.text("x|*", min_size=1, max_size=15).filter(no_longer_sign))
@example("|x|x|x|")
@example("|x*|x|x|x|x*|")
@example("|x|x*|x|x|")
def test_bars_that_pair_up_in_one_way_are_read_and_others_are_not(text: str) -> None:
    if ways(text) == 1:
        assert str(text).count("x") == sum(isinstance(node, Name) for node in walk(read_expression(text, USUAL).tree))
    else:
        with pytest.raises(Unreadable) as caught:
            read_expression(text, USUAL)
        two_ways = "These bars can be paired in two ways. Write abs(x) instead of |x|."
        assert (caught.value.message == two_ways) == (ways(text) > 1)
