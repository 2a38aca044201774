"""The verdict on a wrong staging in words: which slip it is, and the line that it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.engine.gates import arrays_of
from tutor.engine.passes import forward_unchecked
from tutor.engine.values import Value, shape_of
from tutor.judging import Kind, Verdict
from tutor.language import Apply, Equation, Expression, names_in, show, walk
from tutor.language.array_products import with_signs
from tutor.library.problem import Problem
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.contexts import contexts, part_at
from tutor.questions.backprop.staging_diagnosis.search import MOST_TOLD, Search, StagingCandidate
from tutor.questions.inflect import sentence


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
            if isinstance(written, Apply) and _operation(written) == _operation(now) and self._search.same(line, value):
                return True
        return False

    def _all_among(self, some: Sequence[list[Value]], others: Sequence[list[Value]]) -> bool:
        return all(any(self._search.same(one, other) for other in others) for one in some)


def _operation(node: Apply) -> str:
    """What an operation is called; a ReLU is a maximum."""
    return "max" if node.operation == "relu" else node.operation


_LONGEST = 60
"""A part of the function is shown up to this length."""

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
        if not 1 <= len(matches) <= MOST_TOLD:
            matches = []
        pair = sorted(pair, key=lambda match: place.number if (place := lines.place(match)) is not None else 0)
        named = _named_both(pair, lines, problem) if pair else _named(matches, lines, problem)
        asks = pair[0].edit.asks if pair else _asked(matches, lines, problem)
        told = pair or (matches if len(matches) < 2 else [])
        places = [place for match in told if (place := lines.place(match)) is not None]
    message = " ".join(part for part in (named, verdict.message, chance, asks) if part)
    mistake = "+".join(match.edit.key for match in pair) or "|".join(dict.fromkeys(m.edit.key for m in matches))
    return replace(
        verdict,
        message=message,
        mistake=mistake or (BY_CHANCE if chance else ""),
        lines=tuple(place.number for place in places),
    )


def _one_pair(search: Search) -> list[StagingCandidate]:
    """Two slips at once, where it is clear which: the same ones however they were found."""
    pairs = {frozenset((one.edit.says, other.edit.says)): [one, other] for one, other in reversed(search.pairs())}
    return next(iter(pairs.values())) if len(pairs) == 1 else []


def _named_both(pair: Sequence[StagingCandidate], lines: StagedLines, problem: Problem) -> str:
    """Both slips, each with its line where it has one."""
    return f"There are two mistakes. {' '.join(_named([one], lines, problem) for one in pair)}"


_COMPARE = "From the inside out, which of your lines is the first to differ from the function?"


def _asked(matches: Sequence[StagingCandidate], lines: StagedLines, problem: Problem) -> str:
    """The question that leads on; where no slip is known, about the first line that is no part of the function."""
    if matches:
        return matches[0].edit.asks if len(matches) == 1 else _COMPARE
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
    return "At this exercise's inputs both have the same value, but only by coincidence."


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
