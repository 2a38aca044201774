"""The computation graph as the learner knows it so far, ready to be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from tutor.drawing import ASKED, Picture, Spot, Wire
from tutor.drawing import Kind as SpotKind
from tutor.engine.graph import Graph, Use
from tutor.engine.showing import short
from tutor.engine.values import Value, shape_of, show_shape
from tutor.judging import right
from tutor.library.problem import Problem
from tutor.questions.backprop.own import down_key, total_key, value_key
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.worksheet import Worksheet
from tutor.questions.blank import Answer

_DONE = "✓"
"""Stands for an array that is known: its numbers do not fit on a wire."""


class Work(Protocol):
    """What a picture needs to know of what was answered."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Blank key -> its last answer."""

    @property
    def asks_values(self) -> bool:
        """Whether forward values are asked in this exercise."""

    @property
    def asks_gradients(self) -> bool:
        """Whether gradients are asked by now."""

    @property
    def digits(self) -> int:
        """Digits after the point of the numbers."""


@dataclass(frozen=True)
class Known:
    """What is known of a graph; satisfies `Work`."""

    answers: Mapping[str, Answer]
    asks_gradients: bool
    asks_values: bool = True
    digits: int = 3


def all_known(sheet: Worksheet, gradients: bool) -> Known:
    """As if every value had been answered, and every gradient where they are wanted."""
    names = [node.name for node in sheet.graph.nodes]
    keys = [value_key(name) for name in names]
    if gradients:
        keys += [total_key(name) for name in names]
        keys += [down_key(sheet.name(use.gate), use.port) for uses in sheet.graph.uses for use in uses]
    return Known(dict.fromkeys(keys, Answer("", right())), gradients)


def picture_of_staging(staging: Staging, problem: Problem) -> Picture:
    """The graph of the equations that hold so far, with shapes where there are arrays, and no numbers."""
    graph = staging.graph
    shapes = {name: shape for name, shape in problem.shapes.items() if shape}
    spots = [
        Spot(
            node.name,
            node.face,
            shape=show_shape(shapes[node.name]) if node.name in shapes else "",
            kind=_kind(graph, position, complete=staging.complete),
        )
        for position, node in enumerate(graph.nodes)
    ]
    return Picture(tuple(spots), _wires(graph, {}))


def picture_of_work(sheet: Worksheet, work: Work) -> Picture:
    """The staged graph with the values and gradients the learner has found; `?` for what is still asked."""
    graph = sheet.graph
    needed = {*graph.inputs, *graph.gates}
    spots = []
    for position, node in enumerate(graph.nodes):
        value, gradient = sheet.value(position), sheet.gradient(position)
        shape = shape_of(value)
        is_input, asked = node.gate is None, position in needed
        known_value = is_input or not work.asks_values or accepted(work, value_key(node.name))
        spots.append(
            Spot(
                node.name,
                node.face,
                equation="" if is_input else sheet.equation(position),
                value=_shown(value, known_value, work.digits) if asked and not (is_input and shape) else "",
                gradient=_shown(gradient, gradient_known(sheet, position, work), work.digits)
                if asked and work.asks_gradients
                else "",
                shape=show_shape(shape) if shape else "",
                kind=_kind(graph, position, complete=True),
            )
        )
    return Picture(tuple(spots), _wires(graph, _shares(sheet, work)))


def _kind(graph: Graph, position: int, complete: bool) -> SpotKind:
    if graph.nodes[position].gate is None:
        return "input"
    return "output" if complete and position == graph.output else "gate"


def _wires(graph: Graph, shares: dict[Use, str]) -> tuple[Wire, ...]:
    return tuple(
        Wire(source, gate, port, shares.get(Use(gate, port), ""))
        for gate, node in enumerate(graph.nodes)
        for port, source in enumerate(node.arguments)
        if isinstance(source, int)
    )


def _shares(sheet: Worksheet, work: Work) -> dict[Use, str]:
    """What is known of the branches at forks; elsewhere the gradient says it."""
    return {
        use: _shown(sheet.share(use), True, work.digits)
        for uses in sheet.graph.uses
        if len(uses) > 1
        for use in uses
        if accepted(work, down_key(sheet.name(use.gate), use.port))
    }


def gradient_known(sheet: Worksheet, position: int, work: Work) -> bool:
    """Whether the learner has found a node's gradient."""
    uses = sheet.graph.uses[position]
    one_branch = len(uses) == 1 and accepted(work, down_key(sheet.name(uses[0].gate), uses[0].port))
    return one_branch or accepted(work, total_key(sheet.name(position)))


def accepted(work: Work, key: str) -> bool:
    """Whether a blank is done."""
    answer = work.answers.get(key)
    return answer is not None and answer.verdict.accepted


def _shown(value: Value, known: bool, digits: int) -> str:
    if not known:
        return ASKED
    return short(value, digits) if isinstance(value, float) else _DONE
