"""What callers of the library may give by mistake: a TypeError or ValueError that says which argument, or an answer."""

from __future__ import annotations

import decimal
import fractions
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tutor


class Refuses:
    def __array__(self, *_a: object, **_k: object) -> np.ndarray:
        raise RuntimeError("no array")


class Breaks:
    def __len__(self) -> int:
        raise OSError("no length")

    def __getitem__(self, _at: int) -> float:
        raise OSError("no entry")


def nested(depth: int) -> list[Any]:
    data: list[Any] = [1.0]
    for _ in range(depth):
        data = [data]
    return data


def within_itself() -> list[Any]:
    data: list[Any] = []
    data.append(data)
    return data


NO_TEXT = (None, b"x", 3, 1.5, True, ["x"], ("x",), {}, object(), np.array("x"), np.float64(1), Refuses())
NO_TABLE = (None, [], [("x", 1)], "x", b"x", 3, {"x"}, ("x",), np.array([1]), object())
NO_NAMES = (
    "",
    " ",
    "\n",
    "x y",
    "2",
    "a+b",
    "=",
    ".",
    "x.T",
    "x\x00",
    "\ud800",
    "λ\u202e",
    "y" * 100_000,
    None,
    1,
    b"x",
    ("x",),
    2.5,
)
NO_VALUES = (
    *(None, "1", b"1", 1j, math.nan, math.inf, -math.inf, True, 10**400, object(), int, len, Refuses(), Breaks()),
    *([], [1, None], [1, "2"], [[1], [1, 2]], [Refuses()], {"a": 1}, {1}, nested(100), within_itself()),
    *(
        fractions.Fraction(1, 3),
        decimal.Decimal("1.5"),
        np.datetime64("2020-01-01"),
        np.timedelta64(1),
        np.ones((1,) * 30),
    ),
    *(np.array([1j]), np.array([1, math.nan]), np.array([1, 2.5], dtype=object), np.zeros((0, 3)), np.array(["a"])),
    *(np.array([True]), np.zeros(2, dtype=[("a", float)]), np.broadcast_to(1.0, (100_000, 10_000)), (i for i in "12")),
)
NO_LISTS = ("x", "xy", b"x", 3, object(), [""], [None], [1], [b"x"], ["x y"], [["x"]])
TALL, WIDE = np.ones((20_000, 1)), np.ones(5_000)
TOO_LARGE = {
    "x + y": {"x": TALL, "y": WIDE},
    "mean(x y)": {"x": TALL, "y": WIDE},
    "outer(x, y)": {"x": TALL.ravel(), "y": WIDE},
    "x @ y": {"x": TALL, "y": WIDE[None, :]},
    "a @ a": {"a": np.ones((3_000, 3_000))},
    "conv1d(a, b)": {"a": np.ones(300_000), "b": np.ones(150_000)},
    "x*y + x*y*y + x*y*y*y": {"x": np.ones((2_000, 1)), "y": np.ones(2_500)},
}

CALLS: list[tuple[Callable[[], object], type[Exception], str]] = [
    *((lambda odd=odd: tutor.backprop(odd, {"x": 1}), TypeError, "expression should be text") for odd in NO_TEXT),
    *((lambda odd=odd: tutor.judge(odd, "x"), TypeError, "answer should be text") for odd in NO_TEXT),
    *((lambda odd=odd: tutor.judge("x", odd), TypeError, "truth should be text") for odd in NO_TEXT),
    *((lambda odd=odd: tutor.backprop("x", odd), TypeError, "at gives each name a value") for odd in NO_TABLE),
    *((lambda odd=odd: tutor.backprop("x", {"x": 1, odd: 1}), ValueError, "cannot be a name here") for odd in NO_NAMES),
    *((lambda odd=odd: tutor.backprop("x", {"x": odd}), ValueError, "x cannot be taken: it ") for odd in NO_VALUES),
    *((lambda odd=odd: tutor.judge("x", "x", names=odd), (TypeError, ValueError), "name") for odd in NO_LISTS),
    *(
        (lambda odd=odd: tutor.judge("x", "x", positive=odd), (TypeError, ValueError), "name")
        for odd in (*NO_LISTS, None, ["y"])
    ),
    *(
        (lambda text=text, at=at: tutor.backprop(text, at), ValueError, "This is too large")
        for text, at in TOO_LARGE.items()
    ),
]


@pytest.mark.parametrize("number", range(len(CALLS)))
def test_a_sentence_names_the_argument(number: int) -> None:
    call, kind, said = CALLS[number]
    with pytest.raises(kind) as raised:
        call()
    message = str(raised.value).replace("the rows have", "it has rows of")
    assert said in message and message.endswith(".") and len(message) < 300


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", " "])
@pytest.mark.parametrize("terms", [101, 400, 1000])
def test_a_long_row_of_terms_is_computed_and_judged(sign: str, terms: int) -> None:
    text = sign.join(["x"] * terms)
    slope = {"+": terms, "-": 2 - terms, "*": terms, " ": terms, "/": 2 - terms}[sign]
    assert tutor.backprop(text, {"x": 1}).gradients == {"x": slope}
    truth = f"{slope} x" if sign in "+-" else f"x^{slope}" if slope > 0 else f"x^({slope})"
    assert tutor.judge(text, truth).kind in ("right", "remark", "undecided")
    assert tutor.judge(f"{text}{sign}x"[:1999], text[:1500] + "+ 3").kind in ("wrong", "unreadable", "undecided")


def test_what_is_unusual_but_sound() -> None:
    for value in (
        np.float16(2),
        np.int8(2),
        np.longdouble(2),
        np.ma.masked_array(2.0),
        range(2, 3),
        memoryview(b"\x02"),
    ):
        assert float(np.sum(tutor.backprop("x^2", {"x": value}).gradients["x"])) == 4
    assert tutor.judge("x", "x", names=iter(["x"])).kind == "right"
    assert tutor.judge("x", "x", names={"x": 1}).kind == "right"
