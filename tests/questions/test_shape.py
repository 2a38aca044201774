"""The kind `shape`: NumPy is right, wrong shapes are explained on the shapes, any text gets a verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.judging import Kind
from tutor.library import BadFile

from .asking import One, question

SIZES = st.lists(st.integers(1, 3), max_size=4)
SHAPES = st.lists(st.integers(1, 4), max_size=4).map(tuple)


def asked(operation: str, shapes: dict[str, list[Any]], **more: Any) -> One:
    return One("shape", {"operation": operation, "shapes": shapes, **more.pop("ask", {})}, **more)


@given(SIZES, SIZES, SHAPES)
def test_a_sum_has_the_shape_that_numpy_gives_it(x: list[int], y: list[int], mine: tuple[int, ...]):
    one = asked("x + y", {"x": x, "y": y})
    try:
        truth = np.broadcast_shapes(tuple(x), tuple(y))
    except ValueError:
        assert one.worked == "error"
        assert one.judge("it does not fit").kind is Kind.RIGHT
        verdict = one.judge(str(mine))
        assert verdict.kind is Kind.WRONG and "clash" in verdict.message
    else:
        assert one.judge(str(truth)).kind is Kind.RIGHT
        assert one.judge("error").kind is Kind.WRONG
        verdict = one.judge(str(mine))
        assert verdict.accepted == (mine == truth)
        assert verdict.accepted or len(verdict.message) > 20
    assert one.judge(one.worked).kind is Kind.RIGHT
    assert len(set(one.hints)) == 3


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.lists(st.integers(1, 3), min_size=1, max_size=4), SHAPES)
def test_a_product_has_the_shape_that_numpy_gives_it(a: list[int], b: list[int], mine: tuple[int, ...]):
    one = asked("a @ b", {"a": a, "b": b})
    try:
        truth = np.matmul(np.ones(a), np.ones(b)).shape
    except ValueError:
        assert one.worked == "error"
        assert one.judge(str(mine)).kind is Kind.WRONG
    else:
        assert one.judge(str(truth)).kind is Kind.RIGHT
        assert one.judge(str(mine)).accepted == (mine == truth)
    assert one.judge(one.worked).kind is Kind.RIGHT


@given(st.text(max_size=40))
def test_any_text_gets_a_verdict(text: str):
    for one in (BROADCAST, DERIVATIVE, ORDER, VIEW, STRIDES):
        assert one.judge(text).message is not None


BROADCAST = asked("x + y", {"x": [2], "y": [2, 1]})
DERIVATIVE = asked(
    "y", {"x": ["D"], "y": ["K"]}, ask={"asks": "derivative", "by": "x"}, sizes={"D": 3, "K": 2}
)  # fmt: skip
ORDER = asked("a.T", {"a": [2, 3]}, ask={"asks": "order"})
VIEW = asked("reshape(a.T, (6,))", {"a": [2, 3]}, ask={"asks": "view"})
STRIDES = asked("a.T", {"a": [2, 3]}, ask={"asks": "strides"})

SLIPS = [
    ("x + y", {"x": [6, 5, 3], "y": [6, 5]}, "(6, 5, 3)", "aligned from the left"),
    ("x + y", {"x": [2], "y": [2, 1]}, "(2, 2, 1)", "sizes put together"),
    ("x + y", {"x": [2, 3], "y": [2, 3]}, "(4, 6)", "sizes added"),
    ("x + y", {"x": [2, 3], "y": [2, 3]}, "(4, 3)", "sizes added"),
    ("x + y", {"x": [2, 1], "y": [1, 3]}, "(2, 1)", "kept a 1 that is stretched"),
    ("x + y", {"x": [3], "y": [4]}, "(4,)", "stretched a size that is not 1"),
    ("x + y", {"x": [4, 1, 1], "y": [4]}, "(4, 4, 4)", "stretched where both are 1"),
    ("x + y", {"x": [4], "y": [4, 1, 1]}, "16", "number of entries"),
    ("a @ b", {"a": [5, 4], "b": [4, 8]}, "(8, 5)", "transposed"),
    ("a @ b", {"a": [5, 4], "b": [4, 8]}, "(5, 4, 8)", "inner size kept"),
    ("a @ b", {"a": [3, 5, 4], "b": [3, 4, 8]}, "(5, 8)", "batch axes ignored"),
    ("a @ b", {"a": [2, 5, 4], "b": [3, 2, 4, 8]}, "(2, 3, 2, 5, 8)", "batch axes put together"),
    ("a @ b", {"a": [3, 5, 4], "b": [5, 4, 8]}, "(5, 5, 8)", "stretched a size that is not 1"),
    ("a @ b", {"a": [5, 4], "b": [3, 8]}, "(5, 8)", "inner sizes that differ"),
    ("sum(x, axis=0)", {"x": [3, 4]}, "(1, 4)", "summed axis kept"),
    ("sum(x, axis=0)", {"x": [3, 4]}, "(3,)", "the wrong axis kept"),
    ("sum(x, axis=0, keepdims=True)", {"x": [3, 4]}, "(4,)", "summed axis dropped"),
    ("sum(x, axis=-1)", {"x": [3, 4]}, "scalar", "summed over everything"),
    ("reshape(x, (4, 2))", {"x": [2, 3]}, "(4, 2)", "reshape to another count"),
]


@pytest.mark.parametrize(("operation", "shapes", "mine", "mistake"), SLIPS)
def test_slips_are_named(operation: str, shapes: dict[str, list[int]], mine: str, mistake: str):
    verdict = asked(operation, shapes).judge(mine)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, mistake)


GRADIENTS = [
    ("a + b", "b", {"a": [3, 2], "b": [2]}, "(3, 2)", "missing sum"),
    ("a + b", "a", {"a": [4, 1, 3], "b": [2, 2, 3][1:]}, "(4, 3)", "summed axis dropped"),
    ("a * b", "b", {"a": [4, 2, 3], "b": [1, 3]}, "(2, 3)", "missing sum over a size of 1"),
    ("a * b", "b", {"a": [4, 2, 3], "b": [1, 3]}, "(4, 1, 3)", "missing sum over the axes in front"),
    ("W @ x", "x", {"W": [4, 3], "x": [3]}, "(4,)", "the output's shape"),
    ("W @ x", "x", {"W": [4, 3], "x": [3]}, "(1, 3)", "the derivative as a row"),
    ("W @ x", "W", {"W": [4, 3], "x": [3]}, "(3, 4)", "transposed"),
    ("W @ x", "W", {"W": [4, 3], "x": [3]}, "scalar", "the loss's shape"),
]


@pytest.mark.parametrize(("operation", "by", "shapes", "mine", "mistake"), GRADIENTS)
def test_gradients_have_the_shape_of_their_value(
    operation: str, by: str, shapes: dict[str, list[int]], mine: str, mistake: str
):
    one = asked(operation, shapes, ask={"asks": "gradient", "by": by})
    assert one.judge(str(tuple(shapes[by]))).kind is Kind.RIGHT
    verdict = one.judge(mine)
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, mistake)


def test_two_slips_that_lead_to_one_shape_are_both_told():
    verdict = BROADCAST.judge("(2, 1)")
    assert (verdict.kind, verdict.mistake) == (Kind.WRONG, "aligned from the left|kept a 1 that is stretched")
    assert "lines the shapes up from the left" in verdict.message and "Or: That keeps a 1" in verdict.message


def test_the_steps_are_drawn_without_the_result():
    assert BROADCAST.judge("(1, 2)").message.splitlines()[1:] == [
        "  x      (1)        2",
        "  y        2        1",
        "     stretch  stretch",
        "  (1): added in front",
    ]
    assert BROADCAST.hints[2].splitlines()[-2:] == ["  result        2        2", "So the answer is (2, 2)."]


def test_a_first_try_is_told_the_axis_and_not_the_sizes():
    verdict = BROADCAST.judge("(2, 5)")
    assert verdict.where == "(2, 5) is not the shape. Look at axis 1 again: where does its size come from?"
    assert "stretch" in verdict.message


@pytest.mark.parametrize("text", ["4", "(4)", "(4,)", "[4]", "shape (4,)"])
def test_a_vector_without_its_comma_is_right_with_a_remark(text: str):
    verdict = asked("x * t", {"x": [4], "t": []}).judge(text)
    assert verdict.kind is (Kind.REMARK if text in ("4", "(4)") else Kind.RIGHT)


@pytest.mark.parametrize("text", ["error", "no", "clash", "they do not fit", "No, they don't match.", "does not fit"])
def test_a_clash_is_said_in_many_ways(text: str):
    assert asked("x + y", {"x": [3], "y": [2]}).judge(text).kind is Kind.RIGHT


def test_letters_stand_for_sizes():
    for text in ("(K, D)", "KxD", "k x d", "(2, 3)", "a K by D matrix"):
        assert DERIVATIVE.judge(text).kind is Kind.RIGHT, text
    assert DERIVATIVE.worked == "(K, D)"
    assert DERIVATIVE.judge("(D, K)").mistake == "transposed"
    assert DERIVATIVE.judge("(K, E)").kind is Kind.UNREADABLE


@given(
    st.lists(st.integers(1, 3), min_size=1, max_size=3).filter(lambda shape: shape != [3, 3, 3]),
    st.randoms(use_true_random=False),
)
def test_orders_views_and_strides_are_numpys(shape: list[int], random: Any):
    axes = list(range(len(shape)))
    random.shuffle(axes)
    a = np.arange(np.prod(shape)).reshape(shape).copy()
    turned = a.transpose(axes)
    order = f"({', '.join(map(str, axes))})" if len(axes) > 1 else axes[0]
    operation = f"transpose(a, axes={order})"
    wanted = {
        "order": " ".join(map(str, turned.ravel())),
        "memory": " ".join(map(str, turned.ravel(order="K"))),
        "contiguous": "yes" if turned.flags.c_contiguous else "no",
        "view": "yes",
        "strides": str(tuple(step // a.itemsize for step in turned.strides)),
    }
    for asks, answer in wanted.items():
        one = asked(operation, {"a": shape}, ask={"asks": asks})
        assert one.judge(answer).kind is Kind.RIGHT, (asks, operation)
        assert one.judge(one.worked).accepted
    flat = asked(f"reshape({operation}, (-1,))", {"a": shape}, ask={"asks": "view"})
    assert flat.worked == ("yes" if np.shares_memory(turned.reshape(-1), a) else "no")


def test_orders_are_read_generously_and_told_apart():
    for text in ("0 3 1 4 2 5", "0,3,1,4,2,5", "[0, 3, 1, 4, 2, 5]", "[[0 3] [1 4] [2 5]]", "031425"):
        assert ORDER.judge(text).kind is Kind.RIGHT, text
    assert ORDER.judge("0 3 1 4 2").kind is Kind.UNREADABLE
    assert ORDER.judge("0 3 1 4 2 7").kind is Kind.UNREADABLE
    assert "original order" in ORDER.judge("0 1 2 3 4 5").message
    assert "up to entry 4" in ORDER.judge("0 3 1 4 5 2").message


def test_strides_in_bytes_are_a_remark():
    assert STRIDES.judge("(1, 3)").kind is Kind.RIGHT
    assert STRIDES.judge("(8, 24)").kind is Kind.REMARK
    assert STRIDES.judge("(3, 1)").kind is Kind.WRONG
    assert STRIDES.judge("3").kind is Kind.UNREADABLE


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"operation": "x +", "shapes": {"x": [2]}}, "ask[1].operation"),
    ({"operation": "ln(x)", "shapes": {"x": [2]}}, "ask[1].operation"),
    ({"operation": "x + y", "shapes": {"x": [2]}}, "ask[1].operation"),
    ({"operation": "x"}, "ask[1].shapes"),
    ({"operation": "x", "shapes": {"x": [0]}}, "ask[1].shapes.x"),
    ({"operation": "x", "shapes": {"x": ["D"]}}, "ask[1].shapes.x"),
    ({"operation": "x", "shapes": {"x": [2] * 6}}, "ask[1].shapes.x"),
    ({"operation": "x", "shapes": {"x": [32, 4, 224, 224]}}, "ask[1].shapes.x"),
    ({"operation": "x", "asks": "order", "shapes": {"x": [101, 100]}}, "ask[1].shapes.x"),
    ({"operation": "x", "shapes": {"x": [2]}, "asks": "gradient"}, "ask[1].by"),
    ({"operation": "x", "shapes": {"x": [2]}, "by": "x"}, "ask[1].by"),
    ({"operation": "x", "shapes": {"x": [2]}, "asks": "gradient", "by": "z"}, "ask[1].by"),
    ({"operation": "x @ y", "shapes": {"x": [2], "y": [3]}, "asks": "gradient", "by": "x"}, "ask[1].asks"),
    ({"operation": "x", "shapes": {"x": [2, 2]}, "asks": "derivative", "by": "x"}, "ask[1].asks"),
    ({"operation": "x[5]", "shapes": {"x": [2]}}, "ask[1].operation"),
    ({"operation": "x[a]", "shapes": {"x": [2]}}, "ask[1].operation"),
    ({"operation": "x + 1", "shapes": {"x": [2]}, "asks": "order"}, "ask[1].operation"),
    ({"operation": "x", "shapes": {"x": [2]}, "asks": "order", "entries": ["a", "a"]}, "ask[1].entries"),
    ({"operation": "x", "shapes": {"x": [2]}, "hints": ["", "", "", ""]}, "ask[1].hints"),
]


@pytest.mark.parametrize(("ask", "key"), BROKEN)
def test_a_table_that_makes_no_sense_is_refused(ask: dict[str, Any], key: str):
    with pytest.raises(BadFile) as caught:
        question("shape", ask)
    assert caught.value.key == key and caught.value.reason


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("(K, K)", "(K, K)"), ("kxk", "(K, K)"), ("(2, 2)", "(2, 2)"), ("(2, K)", "(2, K)"), ("D x 9", "(D, 9)")],
)  # fmt: skip
def test_a_shape_is_given_back_as_it_was_typed(typed: str, shown: str):
    assert f"{shown} is not the shape" in DERIVATIVE.judge(typed).message


def test_letters_that_cannot_be_read_stand_under_their_carets():
    verdict = DERIVATIVE.judge("as long as D")
    assert verdict.kind is Kind.UNREADABLE and verdict.caret.splitlines()[0] == "as long as D"


def test_a_bare_letter_keeps_its_case():
    one = One("shape", {"operation": "x", "shapes": {"x": ["D"]}}, sizes={"D": 3})
    assert "NumPy writes it (D,)" in one.judge("D").message and "(d,)" in one.judge("d").message


def test_what_is_said_of_a_jacobian_is_true_of_its_result():
    asked_of = {"asks": "derivative", "by": "h", "operation": "h * h", "shapes": {"h": [3]}}
    assert "gradient" not in One("shape", asked_of).judge("(3,)").message
    row = One("shape", {"asks": "derivative", "by": "x", "operation": "y", "shapes": {"y": [], "x": [3]}})
    assert "(3,) is the shape of a gradient" in row.judge("(3,)").message


def test_an_axis_that_was_kept_is_no_row_of_a_derivative():
    kept = asked("a + b", {"a": [3, 2], "b": [2]}, ask={"asks": "gradient", "by": "b"}).judge("(1, 2)")
    assert kept.mistake == "summed axes kept"
    other = asked("W @ x", {"W": [4, 3], "x": [3]}, ask={"asks": "gradient", "by": "x"}).judge("(4, 3)")
    assert "That is the shape of W" in other.message
