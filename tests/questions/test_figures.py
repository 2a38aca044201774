"""The figures that questions make: of what is given, and only where it can be drawn."""

from __future__ import annotations

import pytest

from tutor.drawing import FilterFigure, GraphSpec, ShapesFigure, StripFigure
from tutor.library import BadFile

from .asking import One

SIZES = {"width": "W", "filter": "F", "stride": "S", "padding": "P"}
WIDTH = "(W - F + 2P)/S + 1"


def test_a_filter_at_the_numbers_of_the_blank_or_of_its_first_example() -> None:
    one = One("value", {"formula": WIDTH, "at": {"S": 2, "P": 1}}, at={"W": 7, "F": 3}, figure=SIZES)
    assert one.question.figure(one.blank) == FilterFigure(7, 3, 2, 1)
    examples = [{"W": 5, "F": 3, "S": 2, "P": 1}, {"W": 10, "F": 4, "S": 2, "P": 2}]
    one = One("value", {"formula": WIDTH, "wants": "formula", "examples": examples}, figure=SIZES)
    assert one.question.figure(one.blank) == FilterFigure(5, 3, 2, 1)
    one = One("value", {"formula": "W - F + 1"}, at={"W": 7, "F": 3}, figure={"width": "W", "filter": 3})
    assert one.question.figure(one.blank) == FilterFigure(7, 3, 1, 0)


def test_no_filter_where_a_size_is_not_known_or_not_whole() -> None:
    for at in ({"W": 7, "S": 2, "P": 1}, {"W": 7, "F": 3.5, "S": 2, "P": 1}):
        one = One("value", {"formula": "W"}, at=at, figure=SIZES)
        assert one.question.figure(one.blank) is None


def test_a_filter_that_cannot_slide_is_a_fault() -> None:
    with pytest.raises(BadFile, match="wider than the padded input"):
        One("value", {"formula": "W"}, at={"W": 2, "F": 5, "S": 1, "P": 1}, figure=SIZES)
    with pytest.raises(BadFile, match="did you mean stride"):
        One("value", {"formula": "W"}, at={"W": 2}, figure={"width": "W", "filter": 1, "stirde": 2})


def test_shapes_that_meet_where_both_are_given() -> None:
    def figure(operation: str, **more: object) -> object:
        shapes = {"a": [4, 1], "b": [3]} if "@" not in operation else {"a": [2, 4], "b": [4, 3]}
        one = One("shape", {"operation": operation, "shapes": shapes, **more})
        return one.question.figure(one.blank)

    assert figure("a + b") == ShapesFigure(("a", "b"), ((4, 1), (3,)))
    assert figure("a @ b") == ShapesFigure(("a", "b"), ((2, 4), (4, 3)), inner=True)
    assert figure("a.T + b") is None, "the shape of a.T is a part of the answer"
    assert figure("a + b", asks="gradient", by="a") is None


def test_an_array_in_memory_is_a_strip() -> None:
    one = One("shape", {"operation": "a.T", "asks": "order"}, shapes={"a": [2, 3]})
    assert one.question.figure(one.blank) == StripFigure("a", tuple("012345"), (2, 3))


def test_a_walk_on_lists_and_on_a_graph() -> None:
    one = One("trace", {"walk": "flatten", "tree": [5, [2, [7]], 4]})
    figure = one.question.figure(one.blank)
    assert isinstance(figure, GraphSpec)
    assert sorted(node.symbol for node in figure.nodes) == ["2", "4", "5", "7", "[ ]", "[ ]", "[ ]"]
    assert len(figure.wires) == 6
    figure.check()
    one = One("trace", {"walk": "pre", "graph": {"a": ["b", "c"], "b": ["d"], "c": ["d"]}})
    figure = one.question.figure(one.blank)
    assert isinstance(figure, GraphSpec) and [node.name for node in figure.nodes] == list("abcd")
    fed = {(figure.nodes[wire.source].name, figure.nodes[wire.target].name) for wire in figure.wires}
    assert fed == {("a", "b"), ("a", "c"), ("b", "d"), ("c", "d")}
    one = One("trace", {"walk": "count_up", "n": 3})
    assert one.question.figure(one.blank) is None
