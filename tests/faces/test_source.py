from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.plain.entries import begins_whole, composed, numbered, takes_lines, whole

CLASS = """\
class A:
    def forward(x):
        return out

    def backward(up):
        return up
"""
STARTER = """\
def helper(v):
    return v


def f(x):
    # forward pass
    a = -x

    # backward pass
    return out, fx
"""


def test_lines_go_above_the_return_line() -> None:
    made = composed(STARTER, ["out = a", "fx = -1"])
    assert made.endswith("    # backward pass\n    out = a\n    fx = -1\n    return out, fx\n")
    assert made.startswith("def helper(v):\n    return v\n\n\ndef f(x):\n    # forward pass\n    a = -x\n")


def test_indented_or_not_is_the_same() -> None:
    plainly = ["if x:", "    out = 1", "fx = 2"]
    assert composed(STARTER, [f"    {line}" for line in plainly]) == composed(STARTER, plainly)
    assert composed(STARTER, ["\tout = 1"]) == composed(STARTER, ["out = 1"])


def test_a_return_of_ones_own_takes_the_place_of_the_other() -> None:
    assert composed(STARTER, ["return 1, 2", ""]).count("return") == 2
    assert composed(STARTER, ["if x:", "    return 1"]).count("return") == 3


@pytest.mark.parametrize(
    "first", ["def f(x):", "import numpy", "from numpy import exp", "# mine\n\ndef f(x):", "class A:"]
)
def test_a_whole_function_stands_alone(first: str) -> None:
    lines = [*first.split("\n"), "    return x"]
    assert composed(STARTER, ["", *lines, ""]) == "\n".join(lines) + "\n"


@pytest.mark.parametrize("typed", [[], [""], ["  ", ""]])
def test_nothing_typed_is_what_was_there(typed: list[str]) -> None:
    assert composed(STARTER, typed) == STARTER


def test_a_draft_without_a_return_line() -> None:
    assert composed("def f(x):\n    a = 1\n", ["b = 2"]) == "def f(x):\n    a = 1\n    b = 2\n"


@given(st.lists(st.builds("v{} = {}".format, st.integers(0, 9), st.integers(0, 99)), min_size=1, max_size=6))
def test_lines_stay_in_order_and_python_reads_them(lines: list[str]) -> None:
    body = ast.parse(composed(STARTER, lines)).body[-1]
    assert isinstance(body, ast.FunctionDef)
    assert [ast.unparse(statement) for statement in body.body] == ["a = -x", *lines, "return (out, fx)"]


def test_numbers_before_lines() -> None:
    assert numbered("a\n\nb\n") == "1  a\n2\n3  b"
    assert numbered("x\n" * 10).startswith(" 1  x")


@pytest.mark.parametrize(
    "starter", [STARTER, "def f(x):\n    return x", "import math\n\ndef f(x):\n    # so\n\n    return x\n"]
)
def test_lines_go_into_a_function_at_the_end(starter: str) -> None:
    assert takes_lines(starter)


@pytest.mark.parametrize(
    "starter",
    [
        CLASS,
        f"{STARTER}\n\n{CLASS}",
        f"{CLASS}\n\n{STARTER}",
        "def f(x):\n    if x:\n        return x\n",
        "def f(x):\n    pass\n",
        "x = 1\n    return x",
        "",
        "    return x",
    ],
)
def test_lines_have_no_one_place_elsewhere(starter: str) -> None:
    assert not takes_lines(starter)


@pytest.mark.parametrize(
    "typed", [[], [""], ["# mine", ""], ["  class A:"], ["", "@one", "def f():"], ["# a", "import b"]]
)
def test_a_program_has_begun_or_may_still(typed: list[str]) -> None:
    assert begins_whole(typed)


@pytest.mark.parametrize("typed", [["out = 1"], ["    return out"], ["# mine", "classes = 2"], ["", "define = 1"]])
def test_loose_lines_are_no_program(typed: list[str]) -> None:
    assert not begins_whole(typed)


def test_a_program_is_what_is_typed_and_the_starter_before() -> None:
    assert whole([], CLASS) == whole(["", " "], CLASS) == CLASS
    assert whole(["", *(f"\t{line}" for line in CLASS.splitlines())], "") == CLASS
