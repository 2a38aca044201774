"""What a learner's lines tell about a slip: which of several it is, and in which line it was made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tutor.engine.values import Value
from tutor.language import Apply, Equation, Expression, names_in, walk
from tutor.questions.backprop.staged_candidates import Candidate
from tutor.questions.backprop.staged_contexts import contexts, part_at
from tutor.questions.backprop.staged_search import Search
from tutor.questions.backprop.staging import Staging


@dataclass(frozen=True, slots=True)
class Place:
    """A learner's line, counted from 1."""

    number: int
    equation: Equation


class Lines:
    """The learner's lines beside the function."""

    def __init__(self, search: Search, staging: Staging) -> None:
        self._search = search
        self._lines = {line.equation.target.name: line for line in staging.lines if line.equation is not None}

    def borne_out(self, matches: Sequence[Candidate]) -> list[Candidate]:
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

    def place(self, match: Candidate) -> Place | None:
        """The line with the slip in it: what the slip makes of a part, or what is made of that at once."""
        for part in self._upwards(match):
            value = self._search.values(part)
            if not isinstance(part, Apply) or any(self._search.same(value, true) for true in self._true_parts):
                continue
            for position, line in zip(self._search.graph.gates, self._gates, strict=True):
                if self._search.same(line, value):
                    found = self._lines[self._search.graph.nodes[position].name]
                    assert found.equation is not None
                    return Place(found.number + 1, found.equation)
        return None

    def stranger(self) -> Place | None:
        """The first line whose value is no part of the function; None where the lines are only joined wrongly."""
        known = [*self._true_parts, *(self._search.values(each.node) for each in contexts(self._search.truth))]
        last = self._search.graph.output
        for position, line in zip(self._search.graph.gates, self._gates, strict=True):
            if position != last and not any(self._search.same(line, value) for value in known):
                found = self._lines[self._search.graph.nodes[position].name]
                assert found.equation is not None
                return Place(found.number + 1, found.equation)
        return None

    def _upwards(self, match: Candidate) -> Iterator[Expression]:
        yield match.edit.now
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

    def _written(self, match: Candidate) -> bool:
        """Whether what the slip makes is a part of the function, or an operation that stands in a line of that value.

        |e^x| is e^x, but where no line takes an absolute value, that is not how the sine of e^x was lost.
        """
        now = match.edit.now
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
