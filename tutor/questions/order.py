"""The kind `order`: the gates of a graph in an order in which a pass may visit them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, Literal

from tutor.drawing import GraphEdge, GraphNode, GraphSpec
from tutor.engine.gates import vocabulary
from tutor.engine.graph import GraphBuilder
from tutor.engine.operation import as_operation
from tutor.judging import Verdict, right, unreadable, wrong
from tutor.language import Unreadable, names_in, read_equation, show
from tutor.library import BadFile
from tutor.library.decoding import each, meant
from tutor.questions.blank import Blank
from tutor.questions.inflect import listed, read_row
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, Item, QuestionContext, ShortAnswerQuestion, rungs

_MOST_NODES = 26
Way = Literal["backward", "forward"]


class OrderAsk(AskTable, frozen=True, kw_only=True):
    """One blank."""

    way: Way = "backward"
    """Which pass visits them."""


class OrderTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "order"`: a graph, and orders of its gates."""

    kind: Literal["order"] = "order"
    equations: tuple[str, ...] = ()
    """The graph, one operation an equation; its gates are what is ordered."""

    edges: tuple[str, ...] = ()
    """Instead: what feeds what, such as "a -> b". All its nodes are ordered."""

    schema_rules: ClassVar[dict[str, Any]] = {
        "anyOf": [{"properties": {name: {"minItems": 1}}, "required": [name]} for name in ("equations", "edges")]
    }

    ask: tuple[OrderAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


@dataclass(frozen=True)
class _Graph:
    """What is ordered, and what each uses."""

    names: tuple[str, ...]
    """In a forward order."""

    uses: Mapping[str, tuple[str, ...]]
    picture: GraphSpec

    @cached_property
    def used_by(self) -> dict[str, tuple[str, ...]]:
        """What uses each."""
        return {name: tuple(other for other in self.names if name in self.uses[other]) for name in self.names}

    def waits_for(self, way: Way) -> Mapping[str, tuple[str, ...]]:
        """What must come before each."""
        return self.used_by if way == "backward" else self.uses

    def an_order(self, way: Way) -> list[str]:
        """One that holds."""
        return list(self.names if way == "forward" else reversed(self.names))

    def breadth_first(self) -> list[str]:
        """From the last one: near ones first, each when it is first met."""
        order = [self.names[-1]]
        for name in order:
            order += [other for other in dict.fromkeys(self.uses[name]) if other not in order]
        return order


def make_order(table: OrderTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for what is no graph."""
    if bool(table.equations) == bool(table.edges):
        raise BadFile("equations", "say the graph with `equations` or with `edges`; one of the two")
    graph = _of_equations(table.equations) if table.equations else _of_edges(table.edges)
    if not 2 <= len(graph.names) <= _MOST_NODES:
        raise BadFile("equations" if table.equations else "edges", f"there are to be 2 to {_MOST_NODES} to order")
    for name in graph.names[:-1]:
        if not graph.used_by[name]:
            raise BadFile("equations" if table.equations else "edges", f"nothing uses {name}; only the last may end")
    asked = each(lambda number, ask: _asked(graph, ask, number), table.ask)
    statement = ",  ".join(table.equations or table.edges)
    return ShortAnswerQuestion(
        table, asked, "Give an order.", statement, QuestionContext(graph.picture, vocabulary(*graph.names))
    )


def _of_equations(texts: Sequence[str]) -> _Graph:
    read = []
    for text in texts:
        try:
            equation = read_equation(text, replace(vocabulary(), open_names=True)).tree
        except Unreadable as error:
            raise BadFile("equations", f"{error.message}\n{error.caret()}") from None
        if as_operation(equation.expression) is None:
            raise BadFile("equations", f"one operation per equation, unlike {show(equation.expression)}")
        read.append(equation)
    names = tuple(equation.target.name for equation in read)
    known: set[str] = set()
    for equation in read:
        name = equation.target.name
        if name in known:
            raise BadFile("equations", f"{name} is there twice")
        for used in names_in(equation.expression):
            if used in names and used not in known:
                raise BadFile("equations", f"{name} uses {used}, which comes later")
        known.add(name)
    uses = {one.target.name: tuple(name for name in names_in(one.expression) if name in names) for one in read}
    inputs = tuple(dict.fromkeys(used for one in read for used in names_in(one.expression) if used not in names))
    builder = GraphBuilder(inputs)
    for equation in read:
        operation = as_operation(equation.expression)
        assert operation is not None, "it has been looked at above"
        builder.add(equation.target.name, operation, equation.expression)
    graph = builder.build()
    last = len(graph.nodes) - 1
    nodes = tuple(
        GraphNode(node.name, node.symbol, kind="input" if node.gate is None else "output" if i == last else "gate")
        for i, node in enumerate(graph.nodes)
    )
    wires = tuple(
        GraphEdge(source, gate, port)
        for gate, node in enumerate(graph.nodes)
        for port, source in enumerate(node.arguments)
        if isinstance(source, int)
    )
    return _Graph(names, uses, GraphSpec(nodes, wires))


def _of_edges(texts: Sequence[str]) -> _Graph:
    uses: dict[str, list[str]] = {}
    for text in texts:
        pair = re.fullmatch(r"\s*(\w+)\s*(?:->|→)\s*(\w+)\s*", text)
        if pair is None:
            raise BadFile("edges", f'write an edge as "a -> b", unlike {text}')
        uses.setdefault(pair[1], [])
        uses.setdefault(pair[2], []).append(pair[1])
    order: list[str] = []
    while len(order) < len(uses):
        free = [name for name in uses if name not in order and all(other in order for other in uses[name])]
        if not free:
            raise BadFile("edges", "they run in a circle")
        order.append(free[0])
    nodes = tuple(
        GraphNode(name, name, kind="output" if name == order[-1] else "gate" if uses[name] else "input")
        for name in order
    )
    wires = tuple(
        GraphEdge(order.index(used), order.index(name), port) for name in order for port, used in enumerate(uses[name])
    )
    return _Graph(tuple(order), {name: tuple(used) for name, used in uses.items()}, GraphSpec(nodes, wires))


def _asked(graph: _Graph, ask: OrderAsk, number: int) -> Item:
    worked = graph.an_order(ask.way)
    prompt = (
        ask.prompt or f"An order for the {ask.way} pass through {listed(sorted(graph.names))}? Several may be right."
    )
    blank = Blank(
        str(number), ask.label or f"{ask.way} order", prompt, example=f"names in an order, such as {graph.names[0]}, …"
    )
    return Item(
        blank,
        lambda text: judge_order(text, graph.names, graph.waits_for(ask.way), ask.way, graph.breadth_first()),
        rungs(ask.hints, _hints(graph, ask.way, worked), f"ask[{number}].hints"),
        ", ".join(worked),
        told=f"{(ask.label or f'{ask.way} order').rstrip(' :')}: {' → '.join(worked)}",
        after=ask.after,
    )


def _hints(graph: _Graph, way: Way, worked: Sequence[str]) -> tuple[str, str, str]:
    one = f"One valid order: {' → '.join(worked)}."
    if way == "forward":
        many = next((name for name in graph.names if len(set(graph.uses[name])) > 1), graph.names[-1])
        return (
            "A value can be computed once everything it uses is known.",
            f"What does {many} need before it can be computed? And what needs only inputs?",
            one,
        )
    fork = next((name for name in graph.names if len(set(graph.used_by[name])) > 1), "")
    if not fork:
        return "Begin at the end and go back.", f"What uses {graph.names[0]}?", one
    return (
        "A gradient is complete when every gate that uses the value has sent its share. Only then may it be passed on.",
        f"{fork} is used by {listed(graph.used_by[fork])}: which of them must have been visited before {fork} is?",
        one,
    )


def judge_order(
    text: str, names: Collection[str], waits_for: Mapping[str, Sequence[str]], way: Way, breadth_first: Sequence[str]
) -> Verdict:
    """The verdict on an order of these names. Raises nothing."""
    row = read_row(text, names)
    if said := _unfit(row, names):
        return unreadable(said)
    seen: set[str] = set()
    for name in row:
        missing = [other for other in waits_for[name] if other not in seen]
        if missing:
            return _too_early(name, missing, row, way, breadth_first)
        seen.add(name)
    return right()


def _unfit(row: Sequence[str], names: Collection[str]) -> str:
    """Why this is no order of the names; "" where it is."""
    if not row:
        return f"Write the names in an order: {listed(sorted(names))} are to be visited."
    for name in row:
        if name not in names:
            return f"{name[:40]} is not among the names to visit; {meant(name[:40], sorted(names), 'names')}."
    for name in row:
        if row.count(name) > 1:
            return f"{name} appears {'twice' if row.count(name) == 2 else 'more than twice'}. Each is visited once."
    left = [name for name in sorted(names) if name not in row]
    return f"{listed(left)} {'is' if len(left) == 1 else 'are'} missing." if left else ""


def _too_early(
    name: str, missing: Iterable[str], row: Sequence[str], way: Way, breadth_first: Sequence[str]
) -> Verdict:
    waiting = list(dict.fromkeys(missing))
    if way == "forward":
        has = "has" if len(waiting) == 1 else "have"
        return wrong(f"{name} comes too early: it uses {listed(waiting)}, which {has} no value yet.", "too_early")
    message = (
        f"{name} comes too early: {listed(waiting)} {'uses' if len(waiting) == 1 else 'use'} it and "
        f"{'has' if len(waiting) == 1 else 'have'} not sent anything back yet, so its gradient is not complete."
    )
    if row[-1] == breadth_first[0]:
        return wrong(f"{message} This runs forward: where does a backward pass begin?", "forward_order")
    if list(row) == list(breadth_first):
        return wrong(f"{message} This is breadth first from {row[0]}: near is not the same as ready.", "breadth_first")
    return wrong(message, "too_early")
