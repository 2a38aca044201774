"""The kind `trace`: what is shown, run as it stands, gives what counts as right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.judging import Kind
from tutor.library import BadFile
from tutor.questions.traversals import WALKS

from .asking import One, question

SMALL = {"a": ("b", "c"), "b": ("d",), "c": ("d", "e")}


def trace(walk: str, **ask: Any) -> One:
    return One("trace", {"walk": walk, **ask})


def run(walk: str, call: Any, **names: Any) -> str:
    """The text that is shown, run by Python: what it prints, or what its calls (on lists) return, in order."""
    printed: list[object] = []
    space: dict[str, Any] = {"print": printed.append, **names}
    exec(WALKS[walk].code, space)  # our own text
    name = WALKS[walk].call
    plain = space[name]

    def noted(argument: Any) -> Any:
        result = plain(argument)
        if walk == "sum_to" or isinstance(argument, list):
            printed.append(result)
        return result

    if walk in ("sum_to", "sum", "depth"):
        space[name] = noted
    space[name](call)
    return ", ".join(map(str, printed))


@pytest.mark.parametrize("walk", ["count_down", "count_up", "sum_to"])
@pytest.mark.parametrize("n", [1, 2, 5])
def test_counting(walk: str, n: int):
    assert trace(walk, n=n).worked == run(walk, n)


parts = st.recursive(st.integers(-5, 9), lambda tree: st.lists(tree, min_size=1, max_size=3), max_leaves=6)
trees = st.lists(parts, min_size=1, max_size=3)


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(["sum", "depth", "flatten"]), trees)
def test_nested_lists(walk: str, tree: list[Any]):
    asked = trace(walk, tree=tree)
    assert asked.worked == run(walk, tree)
    assert asked.judge(asked.worked).kind is Kind.RIGHT


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    names = "abcd"
    return {
        name: tuple(draw(st.permutations(names[i + 1 :]))[: draw(st.integers(0, 2))]) for i, name in enumerate(names)
    }


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(["pre", "post", "pre_seen", "post_seen"]), graphs())
def test_graphs(walk: str, graph: dict[str, tuple[str, ...]]):
    assert trace(walk, graph=graph, start="a").worked == run(walk, "a", feeds=graph)


@pytest.mark.parametrize(
    ("walk", "data", "text", "mistake"),
    [
        ("count_down", {"n": 3}, "3 2 1 0", "base_case"),
        ("count_down", {"n": 3}, "3 2", "base_case"),
        ("count_down", {"n": 3}, "1 2 3", "order_of_visits"),
        ("count_up", {"n": 3}, "0 1 2 3", "base_case"),
        ("sum_to", {"n": 3}, "1 3 6", "base_case"),
        ("sum_to", {"n": 3}, "6 3 1 0", "order_of_visits"),
        ("sum_to", {"n": 3}, "6", "only_last"),
        ("sum", {"tree": [[1, 2], 3]}, "6 3", "order_of_visits"),
        ("depth", {"tree": [[1, 2], [[3]]]}, "2 2 3 4", "base_case"),
        ("flatten", {"tree": [5, [2, [7]], 4]}, "5 4 2 7", "levels"),
        ("flatten", {"tree": [5, [2, [7]], 4]}, "4 7 2 5", "children_reversed"),
        ("post_seen", {"graph": SMALL}, "a b d c e", "order_of_visits"),
        ("pre_seen", {"graph": SMALL}, "a b d c d e", "visited_twice"),
        ("post", {"graph": SMALL}, "d b e c a", "visited_twice"),
        ("pre_seen", {"graph": SMALL}, "a c e d b", "children_reversed"),
        ("pre_seen", {"graph": SMALL}, "a b c d e", "breadth_first"),
    ],
)
def test_slips_have_names(walk: str, data: dict[str, Any], text: str, mistake: str):
    verdict = trace(walk, **data).judge(text)
    assert verdict.kind is Kind.WRONG
    assert verdict.mistake == mistake


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("3, 9, 12, 21", Kind.RIGHT, ""),
        ("[3 → 9 → 12 → 21]", Kind.RIGHT, ""),
        ("", Kind.UNREADABLE, "in order"),
        ("three", Kind.UNREADABLE, "numbers"),
        ("3, 9", Kind.WRONG, "Right as far as 9, but there is more."),
        ("3, 9, 12, 20", Kind.WRONG, "Right as far as 12 (entry 3)"),
        ("4, 9, 12, 21", Kind.WRONG, "4 is not the first"),
        ("3, 9, 12, 21, 21", Kind.WRONG, "The first four entries are right, but then it ends."),
    ],
)
def test_what_is_said(text: str, kind: Kind, said: str):
    verdict = trace("sum", tree=[[1, 2], [3, [4, 5]], 6]).judge(text)
    assert verdict.kind is kind and said in verdict.message


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        ({"walk": "os.system"}, "ask[1].walk"),
        ({"walk": "count_down"}, "ask[1].n"),
        ({"walk": "count_down", "n": 0}, "ask[1].n"),
        ({"walk": "count_down", "n": -1}, "ask[1].n"),
        ({"walk": "count_down", "n": 10**9}, "ask[1].n"),
        ({"walk": "count_down", "n": 2, "tree": [1]}, "ask[1].tree"),
        ({"walk": "sum", "tree": []}, "ask[1].tree"),
        ({"walk": "sum", "tree": ["a"]}, "ask[1].tree"),
        ({"walk": "flatten", "tree": list(range(99))}, "ask[1].tree"),
        ({"walk": "post", "graph": {"a": ("a",)}}, "ask[1].graph"),
        ({"walk": "pre", "graph": {"a": ("b",), "b": ("a",)}}, "ask[1].graph"),
        ({"walk": "pre", "graph": {"a": ("b",)}, "start": "z"}, "ask[1].start"),
    ],
)
def test_tables_that_make_no_sense(ask: dict[str, Any], key: str):
    with pytest.raises(BadFile) as found:
        question("trace", ask)
    assert found.value.key == key


def test_a_circle_is_walked_with_a_note():
    assert trace("post_seen", graph={"a": ("b",), "b": ("a",)}).worked == "b, a"


@settings(max_examples=examples(200), deadline=None)
@given(st.text(max_size=30))
def test_any_text_has_a_verdict(text: str):
    assert trace("post", graph=SMALL).judge(text).kind in (Kind.RIGHT, Kind.WRONG, Kind.UNREADABLE)
