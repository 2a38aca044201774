"""Arrays: the shape first, then entry by entry."""

from __future__ import annotations

import pytest

from tutor.judging import Carried, Kind, agrees

from .making import numbered, read, value_of

W, X = [[0.1, 0.5], [-0.3, 0.8]], [[0.2], [0.4]]
GRADIENT = [[0.088, 0.176], [0.104, 0.208]]


@pytest.mark.parametrize(
    ("text", "truth", "message"),
    [
        ("5", [1, 2, 3], "Yours is a number; this needs a vector (3,), such as [1, 2, 3]."),
        ("[1, 2]", 5, "Yours is a vector (2,); this needs a number."),
        ("[[5]]", 5, "Yours is a matrix (1, 1); this needs a number."),
        (
            "[0.22, 0.26]",
            [[0.22], [0.26]],
            "Yours is a vector (2,); this needs a matrix (2, 1), such as [[1], [2]]. "
            "A vector is neither a row nor a column, and transposing does not change it.",
        ),
        ("[[1, 2]]", [1, 2], "Yours is a matrix (1, 2); this needs a vector (2,), such as [1, 2]."),
        ("[1, 2]", W, "Yours is a vector (2,); this needs a matrix (2, 2), such as [[1, 2], [3, 4]]."),
        ("[1, 2]", [[[1.0]]], "Yours is a vector (2,); this needs an array (1, 1, 1)."),
        ("1", [0.0] * 30, "Yours is a number; this needs a vector (30,)."),
    ],
)
def test_the_shape_is_said_before_any_value(text: str, truth: object, message: str) -> None:
    verdict = numbered(text, truth)
    assert verdict.kind is Kind.UNREADABLE
    assert verdict.message == message


def test_shapes_that_do_not_fit_inside_the_answer_are_named() -> None:
    verdict = numbered("x @ W", [[0.22], [0.26]], {"W": W, "x": X})
    assert verdict.kind is Kind.UNREADABLE
    assert verdict.message.startswith("In x @ W the shapes (2, 1) and (2, 2) do not fit.")
    assert numbered("[1, W]", [1, 2], {"W": W}).kind is Kind.UNREADABLE


@pytest.mark.parametrize(
    "text",
    ["[[0.088, 0.176], [0.104, 0.208]]", "0.088 0.176; 0.10 0.21", "[[0.088, 0.18], [13/125, 0.208]]", "2 W @ x @ x.T"],
)
def test_a_matrix_in_several_writings(text: str) -> None:
    assert numbered(text, GRADIENT, {"W": W, "x": X}).kind is Kind.RIGHT


def test_outer_products_of_outer_products_are_not_computed() -> None:
    text = "outer(" * 6 + "x" + ", x)" * 6
    doubled = "x"
    for _ in range(6):
        doubled = f"outer({doubled}, {doubled})"
    for heavy in (text, doubled):
        verdict = numbered(f"sum({heavy})", 1.0, {"x": [1.0] * 50})
        assert verdict.kind is Kind.UNREADABLE
        assert verdict.message.startswith("This makes an array of more than 200,000 numbers")
    assert numbered("sum(outer(x, x))", 2500.0, {"x": [1.0] * 50}).kind is Kind.RIGHT


def test_the_first_wrong_entry_is_named() -> None:
    verdict = numbered("[[0.088, 0.19], [0.104, 0.3]]", GRADIENT)
    assert verdict.kind is Kind.WRONG
    assert verdict.message == "Row 1, column 2: 0.19 is not right. 2 of 4 entries are right."
    assert numbered("[1, 2, 4]", [1, 2, 3]).message == "Entry 3: 4 is not right. 2 of 3 entries are right."
    assert numbered("[4, 5]", [1, 2]).message == "Entry 1: 4 is not right."
    assert numbered("x + x", [1, 3], {"x": [1, 1.5]}).message == "Entry 1: 2 is not right. 1 of 2 entries is right."


def test_the_worst_entry_decides() -> None:
    assert numbered("[0.77, 0.5]", [0.7758, 0.5]).message == "Entry 1: Cut off, not rounded: it rounds to 0.78."
    assert numbered("[0.77, 0.8]", [0.7758, 0.7758]).message == "Entry 2: 0.8 is too rough to tell; give two digits."
    assert numbered("[0.77, 0.8, 9]", [0.7758, 0.7758, 1]).kind is Kind.WRONG


def test_entries_without_a_value() -> None:
    assert numbered("[1, 1/0]", [1, 2]).kind is Kind.WRONG
    assert numbered("ln(x)", [1, 2], {"x": [1, -1]}).message == (
        "Your answer has no value: ln(x) needs a positive number."
    )


def test_zeros_in_arrays() -> None:
    assert numbered("[0, 0.0, sin(π)]", [0, 1e-17, 0]).kind is Kind.RIGHT
    assert numbered("[0, 0.001]", [0, 0]).kind is Kind.WRONG


def test_carried_arrays() -> None:
    carried = [Carried(value_of([2.0, 4.0]), "From your own W."), Carried(7.0, "Another shape.")]
    assert numbered("[2, 4.0]", [1, 2], carried=carried).message == "From your own W."
    assert numbered("[2, 5]", [1, 2], carried=carried).kind is Kind.WRONG


def test_arrays_agree_entry_by_entry() -> None:
    assert agrees(read("[0.78, 2]"), value_of([0.7758, 2]), {})
    assert not agrees(read("[0.78, 2]"), value_of([0.7758, 2.1]), {})
