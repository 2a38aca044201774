"""The formula of a blank of the kind `value`: its changes, its graph, and what their parts are called in sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from tutor.engine.graph import Graph
from tutor.engine.passes import PassError, forward
from tutor.engine.values import Value, plain, shape_of
from tutor.judging.misconceptions import Likelihood
from tutor.language import Equation, Expression, Name, Number, names_in, show
from tutor.language.tree import rename
from tutor.library import BadFile
from tutor.questions.backward_context import GraphContext
from tutor.questions.equation_graph import graph_of_equations
from tutor.questions.value.formula_edits import FormulaEdit, edits_of
from tutor.questions.value.reference import ReferenceValues

_OUTPUT = "value asked for"
"""What a formula is called in its graph: no name that an exercise may have."""

_SHORT = 24


@dataclass(frozen=True)
class OwnNumbers:
    """Earlier answers, as values of named formulas, gradients that arrived at names, and slopes of one by another."""

    values: dict[str, Value] = field(default_factory=dict)
    arrived: dict[str, Value] = field(default_factory=dict)
    slopes: dict[tuple[str, str], Value] = field(default_factory=dict)


@dataclass(frozen=True)
class AskedFormula:
    """The formula of a blank or, with `by`, that whose gradient it asks for.

    `seen` are the names that the learner sees: no other is spoken of.
    """

    reference: ReferenceValues
    tree: Expression
    by: tuple[str, ...]
    seen: frozenset[str]

    @cached_property
    def formula(self) -> Expression:
        """The formula itself, where what is asked for is its name."""
        lets = self.reference.lets
        return lets.get(self.tree.name, self.tree) if isinstance(self.tree, Name) else self.tree

    @cached_property
    def edits(self) -> list[FormulaEdit]:
        """The formula with each slip in it."""
        return list(edits_of(self.formula if not self.by else self.tree))

    @cached_property
    def edits_of_lets(self) -> list[tuple[str, int, FormulaEdit, Expression]]:
        """The common slips in the named formulas that this one uses, each with the formula that then results."""
        tree, lets = self.formula, self.reference.lets
        return [
            (name, number, edit, rename(tree, {name: edit.gives}))
            for name in names_in(tree) if name in lets
            for number, edit in enumerate(edits_of(lets[name])) if edit.likelihood is Likelihood.COMMON
        ]  # fmt: skip

    def context(self, reference: ReferenceValues, by: str, own: OwnNumbers | None = None) -> GraphContext | None:
        """The backward pass at some numbers; None where there is none. `own` take the place of what they are of."""
        made = self.graph((by,))
        if made is None:
            return None
        graph, parts = made
        try:
            values = tuple(forward(graph, {name: reference.values[name] for name in inputs_of(graph)}))
        except (PassError, ValueError):
            return None
        own = own or OwnNumbers()
        values = tuple(own.values.get(node.name, value) for node, value in zip(graph.nodes, values, strict=True))
        arrived = {graph.positions[name]: one for name, one in own.arrived.items() if name in graph.positions}
        start = {
            graph.output: 1.0,
            **{position: one for position, one in arrived.items() if graph.nodes[position].name != by},
        }
        written = self.written(graph, parts, self.tree, reference)
        slopes = {
            (graph.positions[name], under): one for (name, under), one in own.slopes.items() if name in graph.positions
        }
        return GraphContext(graph, values, start, graph.positions[by], written, "it", slopes=slopes)

    @cached_property
    def _graphs(self) -> dict[tuple[str, ...], tuple[Graph, Mapping[str, Expression]] | None]:
        return {}

    def graph(self, by: tuple[str, ...]) -> tuple[Graph, Mapping[str, Expression]] | None:
        """The formula as a graph, which is the same at all numbers; None where it is no graph."""
        if by not in self._graphs:
            tree = self.tree if by else self.formula
            self._graphs[by] = self._made_graph(tree, names_in(self.reference.expanded(tree, by) if by else tree), by)
        return self._graphs[by]

    def _made_graph(
        self, tree: Expression, names: Sequence[str], by: Sequence[str]
    ) -> tuple[Graph, Mapping[str, Expression]] | None:
        """The graph; of a gradient, with the named formulas on the way."""
        equations = []
        if by:
            lets = {name: let for name, let in self.reference.lets.items() if name not in by}
            needed = _needed(tree, lets)
            equations = [Equation(Name(name), let) for name, let in lets.items() if name in needed]
            used = {name for one in (tree, *(one.expression for one in equations)) for name in names_in(one)}
            names = [name for name in self.reference.values if name in used and name not in needed]
            if isinstance(tree, Name) and equations and equations[-1].target == tree:
                tree = equations.pop().expression
        with suppress(BadFile, ValueError):
            return graph_of_equations([*equations, Equation(Name(_OUTPUT), tree)], tuple(names))
        return None

    def written(
        self, graph: Graph, parts: Mapping[str, Expression], tree: Expression, reference: ReferenceValues
    ) -> Callable[[int], Expression]:
        """What stands for a node in a sentence: numbers for the names that the learner does not see."""
        hidden: dict[str, Expression] = {}
        for name, value in reference.values.items():
            if not self.may_say(name) and not shape_of(value):
                text = plain(float(value))
                hidden[name] = Number(Fraction(text), text)

        def written(position: int) -> Expression:
            name = graph.nodes[position].name
            meant = tree if name == _OUTPUT else parts.get(name, Name(name))
            return rename(meant, hidden)

        return written

    def may_say(self, name: str) -> bool:
        """Whether the learner sees a name."""
        return name in self.seen

    @cached_property
    def shown(self) -> str:
        """The formula as it is spoken of; "" where it is long, or has names that the learner does not see."""
        text = show(self.tree)
        return text if len(text) <= _SHORT and all(map(self.may_say, names_in(self.tree))) else ""

    def told(self, edit: FormulaEdit) -> str:
        """What is said of a change: whole numbers for the names that the learner does not see, or without the part."""
        says = edit.says
        for name, value in self.reference.values.items():
            written = rf"(?<!\w){re.escape(name)}(?!\w)"
            if name not in self.seen and re.search(written, says):
                if shape_of(value) or not float(value).is_integer():
                    return edit.unnamed
                says = re.sub(written, plain(float(value)), says)
        return says

    def spoken(self, name: str) -> str:
        """A name; the number that it stands for, where the learner does not see the name."""
        value = self.reference.values[name]
        return name if self.may_say(name) or shape_of(value) else plain(float(value))


def inputs_of(graph: Graph) -> list[str]:
    """The names of a graph's inputs."""
    return [graph.nodes[position].name for position in graph.inputs]


def _needed(tree: Expression, lets: Mapping[str, Expression]) -> set[str]:
    """The named formulas that a formula is made of."""
    needed: set[str] = set()
    waiting = list(names_in(tree))
    while waiting:
        name = waiting.pop()
        if name in lets and name not in needed:
            needed.add(name)
            waiting += names_in(lets[name])
    return needed
