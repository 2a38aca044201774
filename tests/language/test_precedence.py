"""Operators written without brackets group as Python groups them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tutor.language import read_expression

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
