"""The kind `order`: every topological order is right, and no other row of names is."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.judging import Kind
from tutor.library import BadFile
from tutor.questions.blank import NoAnswers

from .asking import One, question

FORK = ("a = x w", "b = a^2", "c = sin a", "l = b + c")
SHORTCUT = ("a = x + y", "b = e^a", "c = b x", "d = sin c", "l = d + a")


def order(equations: tuple[str, ...] = FORK, **ask: Any) -> One:
    return One("order", ask, equations=equations)


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Edges between up to five nodes, each of which but the last is used."""
    many = draw(st.integers(2, 5))
    names = "abcde"[:many]
    edges = []
    for i, name in enumerate(names[:-1]):
        users = draw(st.sets(st.sampled_from(names[i + 1 :]), min_size=1))
        edges += [(name, user) for user in sorted(users)]
    return draw(st.permutations(edges))


@settings(max_examples=30, deadline=None)
@given(graphs(), st.sampled_from(["forward", "backward"]))
def test_right_are_the_rows_in_which_every_edge_runs_one_way(edges: list[tuple[str, str]], way: str):
    asked = One("order", {"way": way}, edges=tuple(f"{one} -> {other}" for one, other in edges))
    names = sorted({name for edge in edges for name in edge})
    assert asked.judge(asked.worked).kind is Kind.RIGHT
    for row in permutations(names):
        good = all((row.index(one) < row.index(other)) == (way == "forward") for one, other in edges)
        assert asked.judge(" ".join(row)).kind is (Kind.RIGHT if good else Kind.WRONG)


@pytest.mark.parametrize("text", ["l, b, c, a", "l c b a", "l -> c → b -> a", "[l, c, b, a]", "lcba", " l;c;b;a\n"])
def test_writings(text: str):
    assert order().judge(text).kind is Kind.RIGHT


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write the names in an order"),
        ("l, b, c", "a is missing."),
        ("l", "a, b and c are missing."),
        ("l, b, b, c, a", "b appears twice."),
        ("l, b, c, x", "x is not among the names"),
        ("l" * 5000, "Write the names"),
    ],
)
def test_what_is_no_order_of_the_names_costs_nothing(text: str, said: str):
    verdict = order().judge(text)
    assert verdict.kind is Kind.UNREADABLE and said in verdict.message


def test_the_first_name_that_comes_too_early_and_what_it_waits_for():
    verdict = order().judge("l, c, a, b")
    assert verdict.mistake == "too_early"
    assert verdict.message.startswith("a comes too early: b uses it and has not sent anything back yet")


def test_slips_have_names():
    assert order().judge("a, b, c, l").mistake == "forward_order"
    breadth = order(SHORTCUT).judge("l, d, a, c, b")
    assert breadth.mistake == "breadth_first" and "near is not the same as ready" in breadth.message
    assert order(SHORTCUT, way="forward").judge("a c b d l").message.startswith("c comes too early: it uses b")


def test_the_picture_and_the_hints():
    asked = order(SHORTCUT)
    picture = asked.question.picture(NoAnswers())
    assert picture is not None
    picture.check()
    assert [node.name for node in picture.nodes] == ["x", "y", "a", "b", "c", "d", "l"]
    assert "a is used by b and l" in asked.hints[1] and "l → d → c → b → a" in asked.hints[2]


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ({}, "equations"),
        ({"equations": FORK, "edges": ("a -> b",)}, "equations"),
        ({"equations": ("a = x +", "l = a^2")}, "equations"),
        ({"equations": ("a = x + y z", "l = a^2")}, "equations"),
        ({"equations": ("a = x + l", "l = a^2")}, "equations"),
        ({"equations": ("a = x + y", "a = x^2", "l = a^2")}, "equations"),
        ({"equations": ("a = x + y", "l = x^2")}, "equations"),
        ({"equations": ("l = x^2",)}, "equations"),
        ({"edges": ("a b",)}, "edges"),
        ({"edges": ("a -> b", "b -> a")}, "edges"),
        ({"edges": ("a -> a",)}, "edges"),
    ],
)
def test_tables_that_make_no_sense(table: dict[str, Any], key: str):
    with pytest.raises(BadFile) as found:
        question("order", {}, **table)
    assert found.value.key == key


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=30))
def test_any_text_has_a_verdict(text: str):
    assert order().judge(text).kind in (Kind.RIGHT, Kind.WRONG, Kind.UNREADABLE)
