"""One matcher: what a typed answer shows, which of several is told, and what is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tutor.engine.gates import vocabulary
from tutor.judging.arithmetic_slips import arithmetic_slips
from tutor.judging.misconceptions import Likelihood, Misconception, across, both, recognise
from tutor.judging.mistake_texts import AGAIN, before_question, in_prose, tell
from tutor.judging.precision import roundings
from tutor.judging.product_repairs import product_repair
from tutor.judging.typed_answers import ExactAnswer, TypedAnswer
from tutor.language import Name, read_expression

RARE, POSSIBLE, COMMON = Likelihood


def tree(text: str):
    return read_expression(text, vocabulary("x", "y", "A", "B", "G")).tree


def typed(text: str, x: float = 3.0, near: tuple[float, ...] = (2.3,)) -> TypedAnswer:
    return TypedAnswer(tree(text), {"x": x}, lambda: [{"x": other} for other in near])


def at(x: float) -> list[Misconception]:
    return [
        Misconception("doubled", 2 * x, "it was doubled", "How?", COMMON),
        Misconception("tripled", 3 * x, "it was tripled", "How?", POSSIBLE),
        Misconception("squared", x * x, "it was squared", "How?", RARE),
    ]


def found(text: str, x: float = 3.0) -> list[str]:
    return [one.key for one in recognise(typed(text, x), -1.0, across(at, x, [2.3])).found]


def test_a_number_shows_what_comes_to_it_and_a_formula_only_what_is_that_formula():
    assert found("6") == ["doubled"]
    assert found("2 x") == ["doubled"]
    assert found("x + 3") == [], "3 is x here, but x + 3 is not 2 x"
    assert found("6.04") == []


def test_what_is_rare_is_told_only_where_nothing_likelier_fits():
    assert found("9") == ["tripled"], "x squared is 9 as well"
    assert found("x^2") == ["squared"]
    assert found("6.25", 2.5) == ["squared"]


def test_the_likeliest_is_told_first_and_four_are_too_many():
    four = [Misconception(key, 1.0, f"it {key}", likelihood=rank) for key, rank in
            [("a", POSSIBLE), ("b", COMMON), ("c", POSSIBLE), ("d", POSSIBLE)]]  # fmt: skip
    assert [one.key for one in recognise(typed("1"), 0.0, four[:3]).found] == ["b", "a", "c"]
    assert [one.key for one in recognise(typed("1"), 0.0, four).found] == ["b"]
    assert recognise(typed("1"), 0.0, [four[0], four[2], four[3], *four[:1]]).found
    many = [Misconception(str(number), 1.0, "it is") for number in range(4)]
    assert recognise(typed("1"), 0.0, many).many


def test_what_leads_to_the_truth_is_none():
    assert not recognise(typed("6"), 6.0, at(3.0)).found


def test_a_part_that_is_said_to_be_missing_is_not_in_the_answer():
    lost = Misconception("lost", 6.0, "the x was left out", lacks=(Name("x"),))
    assert recognise(typed("6"), 0.0, [lost]).found
    assert not recognise(typed("2 x"), 0.0, [lost]).found


def test_two_at_once_are_a_product_of_both():
    def parts(x: float) -> list[Misconception]:
        return [
            Misconception("sign", -2 * x, "it has the wrong sign", "Does it rise?", COMMON, factor="sign"),
            Misconception("two", x, "the 2 was left out", likelihood=COMMON, factor="two"),
        ]

    pairs = list(both(across(parts, 3.0, [2.3]), 6.0, lambda: [4.6]))
    assert [one.key for one in recognise(typed("-x"), 6.0, pairs).found] == ["sign+two"]
    assert tell(pairs) == (
        "There are two mistakes in it: it has the wrong sign; and the 2 was left out. Does it rise?"
    )  # fmt: skip
    assert not recognise(typed("x"), 6.0, pairs).found


def test_shapes_and_rows_are_the_same_or_not():
    one = Misconception("transposed", (3, 2), "It was transposed. Which way round is it?")
    assert recognise(ExactAnswer((3, 2)), (2, 3), [one]).found and not recognise(ExactAnswer((3,)), None, [one]).found


def test_a_sentence_goes_before_the_question_that_ends_what_is_said():
    assert (
        before_question("It is 2.5. How fast, then?", "It should be 3.") == "It is 2.5. It should be 3. How fast, then?"
    )
    assert before_question("If x grows by 0.01, what moves?", "So.") == "So. If x grows by 0.01, what moves?"
    assert before_question("How? So.", "It should be 3.") == "How? So. It should be 3."


def test_a_sum_stands_without_brackets_where_it_is_a_word_of_a_sentence():
    places = {"a": "(y − t)", "b": "(p + q)·(r + s)"}
    assert (
        in_prose("{a} was used. How steep is |{a}| at {a}?", places) == "y − t was used. How steep is |y − t| at y − t?"
    )
    assert (
        in_prose("1 − {a}, √{a}, {a}^0.5, 2 times {a}", places) == "1 − (y − t), √(y − t), (y − t)^0.5, 2 times (y − t)"
    )
    assert in_prose("If {b} grows", places) == "If (p + q)·(r + s) grows"


def test_what_is_said():
    one, other, _ = at(3.0)
    assert tell([one], tree("6")) == "It was doubled. How?".replace("It", "6")
    assert tell([one, other], tree("6")) == "Two mistakes give 6: it was doubled; or it was tripled. How?"
    named = Misconception("x", 1.0, "x itself was used", "Why?", opens_with_a_name=True)
    assert tell([named], tree("x")) == "x itself was used. Why?"
    shown = Misconception("x", 1.0, "the two were added", "Why?", evidence="is x + y")
    assert tell([shown], tree("7")) == "7 is x + y: the two were added. Why?"
    assert tell([shown], tree("x + y")) == "The two were added. Why?"
    assert (
        tell([one, shown], tree("6")) == "Two mistakes give 6: it was doubled; or the two were added (x + y). " + AGAIN
    )
    twice = replace(shown, key="y", evidence="is y + x")
    assert tell([shown, twice], tree("7")) == "7 is x + y, and also y + x: the two were added. Why?"
    assert tell([one], tree("6"), others=True) == "6 was doubled. Other mistakes give 6, too. How?"


@pytest.mark.parametrize(
    ("text", "truth", "key"),
    [
        ("0.1472", 1.472, "point_moved"),
        ("880", 88.0, "point_moved"),
        ("0.1533", 0.135335, "digits_swapped"),
        ("-0.7578", -0.775803, "digits_swapped"),
        ("1.763", 1.753, ""),
        ("10.5", -105.0, ""),
        ("12", 21.0, "digits_swapped"),
        ("1.2", 2.1, ""),
        ("3", 3.0, ""),
    ],
)
def test_slips_with_the_pen(text: str, truth: float, key: str):
    keys = [one.key for one in arithmetic_slips(tree(text), truth)]
    assert (keys == [key]) if key else "digits_swapped" not in keys and "point_moved" not in keys


_RNG = np.random.default_rng(7)
_AT = {"A": _RNG.normal(size=(4, 3)), "B": _RNG.normal(size=(3, 2)), "G": _RNG.normal(size=(4, 2))}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("G @ B", "transpose_missing"),
        ("B.T @ G", "factors_swapped"),
        ("G.T @ B.T", "transpose_extra"),
        ("G * B.T", "elementwise_for_matmul"),
        ("B @ G.T", "grad_transposed"),
        ("A @ B", ""),
    ],
)
def test_what_has_to_be_done_to_a_product(text: str, key: str):
    """G Bᵀ is the gradient of A in A B."""
    from tutor.engine.evaluate import evaluate

    right = _AT["G"] @ _AT["B"].T

    def is_right(one) -> bool:
        value = evaluate(one, _AT)
        return np.shape(value) == right.shape and bool(np.allclose(value, right))

    repair = product_repair(tree(text), is_right)
    assert (repair.key if repair else "") == key
    assert repair is None or repair.says.endswith("?")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[2, 0.5, -1]", "entries_misplaced"),
        ("[1, 2, 0.5]", "some_signs"),
        ("[-1, 2, 0.7]", ""),
        ("[-1, 2]", ""),
    ],
)
def test_entries_that_lost_their_sign_or_their_place(text: str, key: str):
    truth = np.array([-1.0, 2.0, 0.5])
    keys = [one.key for one in arithmetic_slips(tree(text), truth)]
    assert keys == ([key] if key else [])


def test_numbers_are_rounded_on_the_way_to_two_digits_or_one():
    assert roundings(0.2445) == [0.24, 0.2]
    assert roundings(1.39) == [1.4, 1.0]
    assert roundings(2.0) == []
