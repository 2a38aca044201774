"""Which slip in the function gives what a learner's equations give, and what is said of it.

As far as points in general position tell. `explained` names the slip and the line it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, arrays_of
from tutor.engine.graph import Graph
from tutor.engine.passes import forward_unchecked
from tutor.engine.values import Shape, Value, shape_of
from tutor.judging import Kind, Verdict
from tutor.judging.sample_points import sample_points
from tutor.judging.tensors import random_tensor
from tutor.language import Apply, Equation, Expression, Matrix, Name, Number, names_in, show, walk
from tutor.language.array_products import with_signs
from tutor.language.tree import rename
from tutor.library.problem import Problem
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.contexts import (
    PRODUCTS,
    ExpressionContext,
    StagingEdit,
    Substitutes,
    apply,
    contexts,
    part_at,
)
from tutor.questions.backprop.staging_diagnosis.edits import array_edits, edits_of
from tutor.questions.inflect import sentence

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
    without_one = Substitutes(pool.inputs, tuple(number for number in pool.numbers if number.value != 1))
    return tuple(
        StagingCandidate(edit, truth, context.put(edit.gives), context)
        for context in contexts(truth)
        # A factor of 1 is a factor left out.
        for edit in _edits(context, without_one if _is_factor(context, truth) else pool, shapes)
    )


def _is_factor(context: ExpressionContext, truth: Expression) -> bool:
    return isinstance(context.node, Number) and context.stands_in(PRODUCTS, truth)


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
            yield StagingEdit(
                "missing_steps", other, what, f"What is done to {show(other)} before it is used?", was=node
            )
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
                if len(found) > _MOST_TOLD:
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


@dataclass(frozen=True, slots=True)
class StagingPlace:
    """A learner's line, counted from 1."""

    number: int
    equation: Equation


class StagedLines:
    """The learner's lines beside the function."""

    def __init__(self, search: Search, staging: Staging) -> None:
        self._search = search
        self._lines = {line.equation.target.name: line for line in staging.lines if line.equation is not None}

    def borne_out(self, matches: Sequence[StagingCandidate]) -> list[StagingCandidate]:
        """Of slips that give the same function, those in which every line has a place; all, where none is so.

        Of these the ones that every line is needed for: -x on a line of its own is for (-x)^2, and not for x^2.
        """
        if len(matches) < 2:
            return list(matches)
        matches = [match for match in matches if self._written(match)] or matches
        steps = [self._steps(match.tree) for match in matches]
        fits = [pair for pair in zip(matches, steps, strict=True) if self._all_among(self._gates, pair[1])]
        exact = [match for match, values in fits if self._all_among(values, self._gates)]
        return exact or [match for match, _ in fits] or list(matches)

    def place(self, match: StagingCandidate) -> StagingPlace | None:
        """The line with the slip in it: what the slip makes of a part, or what is made of that at once."""
        for part in self._upwards(match):
            value = self._search.values(part)
            if not isinstance(part, Apply) or any(self._search.same(value, true) for true in self._true_parts):
                continue
            for position, line in zip(self._search.graph.gates, self._gates, strict=True):
                if self._search.same(line, value):
                    found = self._lines[self._search.graph.nodes[position].name]
                    assert found.equation is not None
                    return StagingPlace(found.number + 1, found.equation)
        return None

    def stranger(self) -> StagingPlace | None:
        """The first line whose value is no part of the function; None where the lines are only joined wrongly."""
        known = [*self._true_parts, *(self._search.values(each.node) for each in contexts(self._search.truth))]
        last = self._search.graph.output
        for position, line in zip(self._search.graph.gates, self._gates, strict=True):
            if position != last and not any(self._search.same(line, value) for value in known):
                found = self._lines[self._search.graph.nodes[position].name]
                assert found.equation is not None
                return StagingPlace(found.number + 1, found.equation)
        return None

    def _upwards(self, match: StagingCandidate) -> Iterator[Expression]:
        yield match.edit.gives
        if match.context.path:
            yield part_at(match.tree, match.context.path[:-1])

    @cached_property
    def _gates(self) -> list[list[Value]]:
        return [self._search.line(position) for position in self._search.graph.gates]

    @cached_property
    def _true_parts(self) -> list[list[Value]]:
        return self._steps(self._search.truth)

    def _steps(self, tree: Expression) -> list[list[Value]]:
        """What is computed on the way to a function, at the points."""
        with np.errstate(all="ignore"):
            parts = dict.fromkeys(part for part in walk(tree) if isinstance(part, Apply) and names_in(part))
            return [self._search.values(part) for part in parts]

    def _written(self, match: StagingCandidate) -> bool:
        """Whether what the slip makes is a part of the function, or an operation that stands in a line of that value.

        |e^x| is e^x, but where no line takes an absolute value, that is not how the sine of e^x was lost.
        """
        now = match.edit.gives
        if not isinstance(now, Apply) or now in walk(self._search.truth):
            return True
        value, nodes = self._search.values(now), self._search.graph.nodes
        for position, line in zip(self._search.graph.gates, self._gates, strict=True):
            written = nodes[position].expression
            if isinstance(written, Apply) and written.operation == now.operation and self._search.same(line, value):
                return True
        return False

    def _all_among(self, some: Sequence[list[Value]], others: Sequence[list[Value]]) -> bool:
        return all(any(self._search.same(one, other) for other in others) for one in some)


_MOST_TOLD = 2
_LONGEST = 60
"""A part of the function, or its value, is shown up to this length."""

BY_CHANCE = "right_by_chance"
"""The mistake of a staging that only has the function's value at the exercise's inputs."""


def explained(problem: Problem, staging: Staging) -> Verdict:
    """The verdict on a staging, which says the slip where one is known; where two are possible, both."""
    verdict = staging.verdict
    last = staging.lines[-1].equation if staging.lines else None
    if verdict.kind not in (Kind.WRONG, Kind.UNREADABLE) or verdict.mistake or staging.fault or last is None:
        return verdict
    if last.target.name != problem.function.name:
        return verdict
    search = Search(problem, staging.graph)
    lines = StagedLines(search, staging)
    with np.errstate(all="ignore"):
        matches = _distinct(lines.borne_out(search.matches()))
        chance = _by_chance(problem, staging) if verdict.charged else ""
        pair = [] if matches else _one_pair(search)
        if not 1 <= len(matches) <= _MOST_TOLD:
            matches = []
        named = _named_both(pair, lines, problem) if pair else _named(matches, lines, problem)
        asks = pair[0].edit.asks if pair else _asked(matches, lines, problem)
    message = " ".join(part for part in (named, verdict.message, chance, asks) if part)
    mistake = "+".join(match.edit.key for match in pair) or "|".join(dict.fromkeys(m.edit.key for m in matches))
    return replace(verdict, message=message, mistake=mistake or (BY_CHANCE if chance else ""))


def _one_pair(search: Search) -> list[StagingCandidate]:
    """Two slips at once, where it is clear which: the same ones however they were found."""
    pairs = {frozenset((one.edit.says, other.edit.says)): [one, other] for one, other in reversed(search.pairs())}
    return next(iter(pairs.values())) if len(pairs) == 1 else []


def _named_both(pair: Sequence[StagingCandidate], lines: StagedLines, problem: Problem) -> str:
    """Both slips, each with its line where it has one."""
    return f"There are two mistakes. {' '.join(_named([one], lines, problem) for one in pair)}"


def _asked(matches: Sequence[StagingCandidate], lines: StagedLines, problem: Problem) -> str:
    """The question that leads on; where no slip is known, about the first line that is no part of the function."""
    if matches:
        return matches[0].edit.asks if len(matches) == 1 else "Which was it?"
    function = show(problem.function.expression)
    if len(function) > _LONGEST:
        function = problem.function.name
    place = lines.stranger()
    if place is None:
        return f"How do the parts of {function} fit together?"
    equation = f"{place.equation.target.name} = {show(place.equation.expression)}"
    return f"Line {place.number}, {equation}: which part of {function} is this?"


def _distinct(matches: Sequence[StagingCandidate]) -> list[StagingCandidate]:
    """One for each slip: the same slip at the same part, or said in the same words, is one."""
    by_part = {(match.edit.key, match.edit.was): match for match in reversed(matches)}
    by_words = {(match.edit.key, match.edit.says): match for match in by_part.values()}
    return list(reversed(by_words.values()))


def _by_chance(problem: Problem, staging: Staging) -> str:
    """What to say of a wrong function that has the right value at the exercise's inputs."""
    mine = forward_unchecked(staging.graph, problem.inputs)[staging.graph.output]
    if shape_of(mine) != shape_of(problem.output) or not np.allclose(mine, problem.output, rtol=1e-9, atol=1e-12):
        return ""
    value = worked_text(problem.output)
    here = f"both are {value}" if len(value) <= _LONGEST else "both have the same value"
    return f"At this exercise's inputs {here}, but only by coincidence."


def _named(matches: Sequence[StagingCandidate], lines: StagedLines, problem: Problem) -> str:
    if not matches:
        return ""
    if len(matches) == 2:
        one, other = (_either(match, problem) for match in matches)
        return sentence(f"either {one}, or {other}")
    (match,) = matches
    was, now = _shown(match, problem)
    short = len(was) <= _LONGEST and len(now) <= _LONGEST
    place = lines.place(match)
    if place is None:
        has = f"the function has {was}, yours has {now}: " if short else ""
        return sentence(f"{has}{match.edit.says}")
    has = f"yours has {now} where the function has {was}; " if short else ""
    equation = f"{place.equation.target.name} = {show(place.equation.expression)}"
    return f"Line {place.number}, {equation}: {has}{match.edit.says}."


def _shown(match: StagingCandidate, problem: Problem) -> tuple[str, str]:
    """A part of the function, and what the slip makes of it; of an input or a number, what it stands in."""
    was, now, path = match.edit.was, match.edit.gives, match.context.path
    if path and not isinstance(was, Apply):
        was, now = part_at(match.truth, path[:-1]), part_at(match.tree, path[:-1])
    arrays = arrays_of(problem.shapes, entrywise_powers=problem.entrywise_powers)
    return show(with_signs(was, arrays)), show(with_signs(now, arrays))


def _either(match: StagingCandidate, problem: Problem) -> str:
    was, now = _shown(match, problem)
    if len(was) > _LONGEST or len(now) > _LONGEST:
        return match.edit.says
    return f"yours has {now} where the function has {was}"
