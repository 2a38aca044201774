"""Caps: met before anything is built, and texts of the worst kinds are answered with little work."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest

from tutor.language import (
    Name,
    Unreadable,
    names_in,
    prepare,
    read_equation,
    read_expression,
    read_function,
    show,
    typed,
    walk,
)
from tutor.language import parser as parsing
from tutor.language.highlighting import marks
from tutor.language.tokenizer import (
    DEEPEST_NESTING,
    LARGEST_EXPONENT,
    MOST_CHARACTERS,
    MOST_CHARACTERS_OF_A_FUNCTION,
    MOST_DIGITS,
)
from tutor.language.tree import rename

from .oracle import tree_of
from .words import USUAL

LONG = f"characters long; at most {MOST_CHARACTERS:,} are allowed."
NESTED = f"Brackets are nested more than {DEEPEST_NESTING} deep."
DEEP = f"This is more than {DEEPEST_NESTING} operations deep. Write it shorter."
DIGITS = f"This number has more than {MOST_DIGITS} digits. Write it shorter."
SIZE = f"numbers must be between 1e-{LARGEST_EXPONENT} and 1e{LARGEST_EXPONENT}."

TOO_MUCH = {
    "letters": ("a" * 2_800_000, LONG),
    "spaces": (" " * 1_000_000, LONG),
    "signs": ("-" * 100_000 + "x", LONG),
    "digits in a long text": ("9" * 5000, LONG),
    "brackets in a long text": ("(" * 5000 + "x" + ")" * 5000, LONG),
    "one character": ("x" * (MOST_CHARACTERS + 1), LONG),
    "brackets": ("(" * 200 + "x" + ")" * 200, NESTED),
    "square brackets": ("[" * 101 + "x" + "]" * 101, NESTED),
    "functions": ("sin(" * 101 + "x" + ")" * 101, NESTED),
    "digits": ("1" * (MOST_DIGITS + 1), DIGITS),
    "decimals": ("0." + "3" * (MOST_DIGITS + 1), DIGITS),
    "an exponent": ("1e301", SIZE),
    "a small exponent": ("1e-301", SIZE),
    "a huge exponent": ("1e" + "9" * 1000, SIZE),
    "a number and an exponent": ("1000e299", SIZE),
    "a long exponent": ("x + 2.5e-99999999", SIZE),
    "halves": ("½" * 1500, "at most 2,000 are allowed."),
    "bars": ("|x" * 41, "There are too many bars here. Write abs(x) for an absolute value."),
}


@pytest.fixture
def no_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_pieces: object) -> None:
        raise AssertionError("a tree was built")

    prepare()
    monkeypatch.setattr(parsing, "parsed", fail)


@pytest.mark.usefixtures("no_tree")
@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_cap_is_met_before_a_tree_is_built(name: str) -> None:
    text, message = TOO_MUCH[name]
    with pytest.raises(Unreadable) as caught:
        read_expression(text, USUAL)
    assert caught.value.message.endswith(message)
    assert caught.value.repair is None
    assert len(caught.value.caret()) < 200


@pytest.mark.parametrize(
    "text",
    [
        "-" * 1500 + "x",
        "x**" * 600 + "x",
        "x" + "^x" * 900,
        "sin " * 400 + "x",
        "√" * 1500 + "x",
        "x" + ".T" * 900,
        "x" + "²" * 1 + "^2" * 400,
    ],
)
def test_operations_are_not_piled_up_without_end(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_expression(text, USUAL)
    assert caught.value.message == DEEP


@pytest.mark.parametrize("sign", ["+", "-", "*", " ", "/", "@", "+-", "*sin "])
def test_a_row_of_terms_is_flat(sign: str) -> None:
    text = sign.join(["x"] * (MOST_CHARACTERS // (1 + len(sign))))
    tree = read_expression(text, USUAL).tree
    again = read_expression(text, USUAL).tree
    assert tree == again and hash(tree) == hash(again) and names_in(tree) == ("x",)
    assert read_expression(typed(tree)[:1900].rpartition(sign)[0] or "x", USUAL)
    assert show(rename(tree, {"x": Name("y")})).count("y") == text.count("x")
    other = read_expression(f"y{text[1:]}", USUAL).tree
    assert tree != other and names_in(other) == ("y", "x")


def test_rows_inside_rows_are_nested() -> None:
    flat = "(" * 40 + "x" + "+x*x)" * 40
    assert read_expression(flat, USUAL)
    deep = "(" * 99 + "x" + "+x+x)*x*x" * 99
    with pytest.raises(Unreadable) as caught:
        read_expression(deep, USUAL)
    assert caught.value.message == DEEP


def test_what_is_just_within_the_caps_is_read() -> None:
    assert read_expression("(" * 100 + "x" + ")" * 100, USUAL).tree == Name("x")
    assert read_expression("x" + "+x" * 100, USUAL).tree == tree_of("x" + "+x" * 100)
    assert read_expression("9" * MOST_DIGITS, USUAL).tree == tree_of("9" * MOST_DIGITS)
    assert read_expression("0" * 300 + "1.5", USUAL).tree == tree_of("1.5")
    assert read_expression("1e300", USUAL).tree == tree_of("1e300")
    assert read_expression("0e999", USUAL).tree == tree_of("0")
    assert read_expression("x" + " " * 1990 + "+ y", USUAL).tree == tree_of("x + y")
    broad = "+".join(["(" + "*".join(["x y z"] * 12) + ")"] * 25)
    assert len(broad) > 1700
    assert read_expression(broad, USUAL)


def test_the_largest_numbers_are_ordinary_floating_point_numbers() -> None:
    for text in ("9.99e300", "1e-300", "-9e300"):
        number = walk(read_expression(text, USUAL).tree)[0]
        assert 0 < abs(float(number.value)) < float("inf")  # type: ignore[union-attr]


def test_equations_and_functions_have_their_own_caps() -> None:
    with pytest.raises(Unreadable, match=r"at most 2,000"):
        read_equation("a = x" + " " * MOST_CHARACTERS, USUAL)
    assert read_function("f(x) = x" + " " * MOST_CHARACTERS, USUAL)
    with pytest.raises(Unreadable, match=r"at most 4,000"):
        read_function("f(x) = x" + " " * MOST_CHARACTERS_OF_A_FUNCTION, USUAL)


WORST = (
    *(
        "x ",
        "½ ",
        "x^",
        "|x|",
        "(|x|",
        "exp(x,",
        "xy",
        "X ",
        "1,",
        "[1 ",
        "\\frac{",
        "'",
        "//",
        "x²",
        "x.T@",
        "()",
        "x=",
    ),
    *("а", "x^1/2+", "2x y/"),
)


@pytest.mark.parametrize("read", [read_expression, marks])
def test_the_longest_texts_take_little_memory(read: Callable[..., object]) -> None:
    prepare()
    tracemalloc.start()
    try:
        for unit in WORST:
            text = (unit * MOST_CHARACTERS)[:MOST_CHARACTERS]
            try:
                read(text, USUAL)
            except Unreadable as unreadable:
                unreadable.caret()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000


def test_a_deep_tree_is_printed_and_walked() -> None:
    tree = read_expression("-(" * 49 + "x" + ")" * 49, USUAL).tree
    assert show(tree).count("−") == 49
    assert sum(1 for _ in walk(tree)) == 50
