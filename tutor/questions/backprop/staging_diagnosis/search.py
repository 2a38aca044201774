"""Which mistakes in the function give what a learner's equations give, as far as points in general position tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.graph import Graph
from tutor.engine.passes import forward_unchecked
from tutor.engine.values import Shape, Value, shape_of
from tutor.judging.sample_points import sample_points
from tutor.judging.tensors import random_tensor
from tutor.language import Apply, Expression, Matrix, Name, Number, names_in, show, walk
from tutor.language.tree import rename
from tutor.library.problem import Problem
from tutor.questions.backprop.staging_diagnosis.contexts import (
    PRODUCTS,
    SUMS,
    ExpressionContext,
    StagingEdit,
    Substitutes,
    apply,
    contexts,
)
from tutor.questions.backprop.staging_diagnosis.edits import array_edits, edits_of

Shapes = tuple[tuple[str, Shape], ...]
"""The shape of each input, where some are arrays; empty where all are numbers."""


@dataclass(frozen=True)
class StagingCandidate:
    """A slip at a place of a function, and the function that it makes."""

    edit: StagingEdit
    truth: Expression
    tree: Expression
    context: ExpressionContext


@lru_cache(maxsize=16)
def common(truth: Expression, pool: Substitutes, shapes: Shapes) -> tuple[StagingCandidate, ...]:
    """The common slips. Remembered, since the same exercise is judged again and again."""
    return tuple(
        StagingCandidate(edit, truth, context.put(edit.gives), context)
        for context in contexts(truth)
        for edit in _edits(context, _without_nothing(pool, context, truth), shapes)
    )


def _without_nothing(pool: Substitutes, context: ExpressionContext, truth: Expression) -> Substitutes:
    """What may be put at a place: not 1 for a factor, nor 0 for a term, which are one left out."""
    if not isinstance(context.node, Number):
        return pool
    nothing = 1 if context.stands_in(PRODUCTS, truth) else 0 if context.stands_in(SUMS, truth) else None
    return Substitutes(pool.inputs, tuple(number for number in pool.numbers if number.value != nothing))


def _edits(context: ExpressionContext, pool: Substitutes, shapes: Shapes) -> Iterator[StagingEdit]:
    yield from edits_of(context.node, pool)
    yield from _other_bracket(context.node)
    if shapes:
        yield from array_edits(context.node, dict(shapes))


@lru_cache(maxsize=16)
def rare(truth: Expression) -> tuple[StagingCandidate, ...]:
    """Two names that are swapped, a minus that was not there, and any part of the function in another one's place."""
    places = contexts(truth)
    parts = tuple(dict.fromkeys(context.node for context in places))
    swapped = (StagingCandidate(edit, truth, edit.gives, places[0]) for edit in _swapped_names(truth))
    others = (
        StagingCandidate(edit, truth, context.put(edit.gives), context)
        for context in places
        for edit in _rare_edits(context.node, parts)
    )
    return *swapped, *others


def _swapped_names(truth: Expression) -> Iterator[StagingEdit]:
    for one, other in combinations(names_in(truth), 2):
        now = rename(truth, {one: Name(other), other: Name(one)})
        yield StagingEdit("swapped_names", now, f"{one} and {other} are swapped", f"Where does {one} go?", was=truth)


def _rare_edits(node: Expression, parts: tuple[Expression, ...]) -> Iterator[StagingEdit]:
    if not names_in(node):
        return
    what, asks = f"{show(node)} has an extra minus sign", f"Where does the minus before {show(node)} come from?"
    yield StagingEdit("extra_minus", apply("neg", node), what, asks, was=node)
    inside = set(walk(node))
    for other in parts:
        if other == node or not names_in(other) or node in walk(other):
            continue
        if other in inside:
            what = f"something more must be done to {show(other)}"
            yield StagingEdit("missing_steps", other, what, f"What does the function do with {show(other)}?", was=node)
        else:
            what = f"{show(other)} is used instead of {show(node)}"
            yield StagingEdit("wrong_value", other, what, "Which value goes there?", was=node)


def _other_bracket(node: Expression) -> Iterator[StagingEdit]:
    """x (y + z) for (x + y) z: what is added first is another pair."""
    match node:
        case Apply("mul" as outer, (Apply("add" | "sub" as inner, (a, b)) as whole, c)):
            now = apply(outer, a, apply(inner, b, c))
        case Apply("mul" as outer, (c, Apply("add" | "sub" as inner, (a, b)) as whole)):
            now = apply(outer, apply(inner, c, a), b)
        case _:
            return
    what, asks = "the bracket is round another pair", f"What is {show(whole)} in brackets for?"
    yield StagingEdit("bracket_moved", now, what, asks, was=node)


MOST_TOLD = 2
"""Explanations of one staging; of more none is told."""

_FEWEST_POINTS = 6
"""At fewer points in common, two functions of numbers are not taken for the same."""

_SAME, _NOISE = 1e-9, 1e-13
_DRAWS = 3
_LARGEST = 200
"""Nodes of a function in which slips are looked for."""

_MOST_FIRSTS, _MOST_SECONDS = 12, 400
"""Of two slips at once: how many first ones, that stand in a line, are tried with how many second ones."""

Point = Mapping[str, Value]


class StagingEvaluator:
    """Values of expressions at one point, or one column of points; the function's own parts are computed once."""

    def __init__(self, truth: Expression, at: Point) -> None:
        self.at = at
        self.truth = truth  # kept, since its parts are known by their identity
        self._known: dict[int, Value] = {}
        for part in reversed(list(walk(truth))):
            self._known[id(part)] = self.value(part)

    def value(self, expression: Expression) -> Value:
        """The value, NaN where there is none. Raises ValueError for shapes that do not fit."""
        known = self._known.get(id(expression))
        if known is not None:
            return known
        if isinstance(expression, Apply):
            arguments = [self.value(argument) for argument in expression.arguments]
            value: Value = GATES[expression.operation].forward(*arguments, **dict(expression.options))
            return value
        return evaluate(expression, self.at)


class Search:
    """The learner's graph and the function at the same points."""

    def __init__(self, problem: Problem, graph: Graph) -> None:
        self.problem, self.graph = problem, graph
        self.truth = problem.function.expression
        written = [self.truth, *(node.expression for node in graph.nodes if node.expression is not None)]
        parts = [part for expression in written for part in walk(expression)]
        self.in_columns = not problem.has_arrays and all(map(_elementwise, parts))
        self._numbers = tuple(dict.fromkeys(part for part in parts if isinstance(part, Number)))

    def matches(self) -> list[StagingCandidate]:
        """The slips that give the learner's function and not the true one; none where too little can be told."""
        if sum(1 for _ in walk(self.truth)) > _LARGEST:
            return []
        problem = self.problem
        shapes = () if self.in_columns else tuple(problem.shapes.items())
        with np.errstate(all="ignore"):
            if self.same(self.values(self.truth), self.mine):
                return []
            matches = self._matching(
                common(self.truth, Substitutes(problem.function.parameters, self._numbers), shapes)
            )
            return matches or self._matching(rare(self.truth))

    def pairs(self) -> list[tuple[StagingCandidate, StagingCandidate]]:
        """Two slips that together give the learner's function, of which the first stands in one of the lines."""
        if sum(1 for _ in walk(self.truth)) > _LARGEST // 4:
            return []
        problem = self.problem
        shapes = () if self.in_columns else tuple(problem.shapes.items())
        pool = Substitutes(problem.function.parameters, self._numbers)
        gates = [self.line(position) for position in self.graph.gates]
        found: list[tuple[StagingCandidate, StagingCandidate]] = []
        with np.errstate(all="ignore"):
            firsts = [one for one in common(self.truth, pool, shapes) if self._is_a_line(one, gates)]
            for first in firsts[:_MOST_FIRSTS]:
                seconds = common(first.tree, pool, shapes)[:_MOST_SECONDS]
                found += [(first, other) for other in self._matching(seconds) if other.edit.was != first.edit.gives]
                if len(found) > MOST_TOLD:
                    break
        return found

    def _is_a_line(self, candidate: StagingCandidate, gates: Sequence[list[Value]]) -> bool:
        """Whether what a slip makes of a part stands in a line, and is no part of the function."""
        now = candidate.edit.gives
        if not isinstance(now, Apply) or now in walk(self.truth):
            return False
        try:
            value = self.values(now)
        except ValueError:
            return False
        return any(self.same(line, value) for line in gates[:-1])

    @cached_property
    def points(self) -> list[Point]:
        """Where the two are compared: all sample points in columns, or a few sets of arrays."""
        problem = self.problem
        near = [problem.inputs, *problem.draws]
        if not self.in_columns:
            random = [self._random(draw) for draw in range(_DRAWS)]
            return [*random, *problem.draws]
        sampled = sample_points(problem.function.parameters, frozenset(problem.positive)).columns
        return [{name: np.append(column, [at[name] for at in near]) for name, column in sampled.items()}]

    def _random(self, draw: int) -> Point:
        positive = self.problem.positive
        shapes = self.problem.shapes
        return {name: random_tensor(name, shape, draw, positive=name in positive) for name, shape in shapes.items()}

    @cached_property
    def reckoners(self) -> list[StagingEvaluator]:
        """One for each of the points."""
        return [StagingEvaluator(self.truth, at) for at in self.points]

    @cached_property
    def lines(self) -> list[list[Value]]:
        """For each of the points the values of the learner's graph."""
        return [forward_unchecked(self.graph, at) for at in self.points]

    @property
    def mine(self) -> list[Value]:
        """The learner's function at the points."""
        return self.line(self.graph.output)

    def line(self, position: int) -> list[Value]:
        """The values of one of the learner's lines."""
        return [values[position] for values in self.lines]

    def values(self, expression: Expression) -> list[Value]:
        """An expression over the inputs at the points. Raises ValueError for shapes that do not fit."""
        return [each.value(expression) for each in self.reckoners]

    def same(self, one: Sequence[Value], other: Sequence[Value]) -> bool:
        """Whether these are values of one function, as far as the points tell."""
        if self.in_columns:
            return _agree(one[0], other[0], _FEWEST_POINTS)
        return all(shape_of(a) == shape_of(b) and _agree(a, b, 0) for a, b in zip(one, other, strict=True)) and any(
            np.isfinite(a).all() for a in one
        )

    def _matching(self, candidates: Iterable[StagingCandidate]) -> list[StagingCandidate]:
        truth = self.values(self.truth)
        return [one for one in candidates if self._gives(one.tree, self.mine) and not self._gives(one.tree, truth)]

    def _gives(self, tree: Expression, wanted: Sequence[Value]) -> bool:
        """Whether an expression is this function. Most are not, and are seen not to be at the first point."""
        values: list[Value] = []
        for each, value in zip(self.reckoners, wanted, strict=True):
            try:
                values.append(each.value(tree))
            except ValueError:
                return False
            if not self.in_columns and (shape_of(values[-1]) != shape_of(value) or not _agree(values[-1], value, 0)):
                return False
        return self.same(values, wanted)


def _elementwise(part: Expression) -> bool:
    return GATES[part.operation].elementwise if isinstance(part, Apply) else not isinstance(part, Matrix)


def _agree(one: Value, other: Value, fewest: int) -> bool:
    """Whether they agree wherever both are finite, at so many entries at least."""
    gap = np.abs(np.subtract(one, other))
    size = np.maximum(np.abs(one), np.abs(other))
    both = np.isfinite(size)
    if fewest and np.count_nonzero(both) < fewest:
        return False
    return bool(np.all((gap <= _SAME * size + _NOISE) | ~both))
