"""Names the slip in a staging whose last equation is not the function, and the line it is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tutor.engine.passes import forward_unchecked
from tutor.engine.values import shape_of
from tutor.judging import Kind, Verdict
from tutor.language import Apply, show
from tutor.library.problem import Problem
from tutor.questions.backprop.own import worked_text
from tutor.questions.backprop.staged_candidates import Candidate
from tutor.questions.backprop.staged_contexts import part_at
from tutor.questions.backprop.staged_lines import Lines
from tutor.questions.backprop.staged_search import Search
from tutor.questions.backprop.staging import Staging
from tutor.questions.words import sentence

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
    lines = Lines(search, staging)
    with np.errstate(all="ignore"):
        told = _distinct(lines.borne_out(search.matches()))
        chance = _by_chance(problem, staging) if verdict.charged else ""
        if not 1 <= len(told) <= _MOST_TOLD:
            told = []
        named = _named(told, lines)
        asks = _asked(told, lines, problem)
    said = " ".join(part for part in (named, verdict.message, chance, asks) if part)
    mistake = "|".join(dict.fromkeys(match.edit.key for match in told))
    return replace(verdict, message=said, mistake=mistake or (BY_CHANCE if chance else ""))


def _asked(told: Sequence[Candidate], lines: Lines, problem: Problem) -> str:
    """The question that leads on; where no slip is known, about the first line that is no part of the function."""
    if told:
        return told[0].edit.asks if len(told) == 1 else "Which was it?"
    function = show(problem.function.expression)
    if len(function) > _LONGEST:
        function = problem.function.name
    place = lines.stranger()
    if place is None:
        return f"How do the parts of {function} fit together?"
    equation = f"{place.equation.target.name} = {show(place.equation.expression)}"
    return f"Line {place.number}, {equation}: which part of {function} is this?"


def _distinct(matches: Sequence[Candidate]) -> list[Candidate]:
    """One for each slip: the same slip at the same part, or said in the same words, is one."""
    by_part = {(match.edit.key, match.edit.was): match for match in reversed(matches)}
    by_words = {(match.edit.key, match.edit.what): match for match in by_part.values()}
    return list(reversed(by_words.values()))


def _by_chance(problem: Problem, staging: Staging) -> str:
    """What to say of a wrong function that has the right value at the exercise's inputs."""
    mine = forward_unchecked(staging.graph, problem.inputs)[staging.graph.output]
    if shape_of(mine) != shape_of(problem.output) or not np.allclose(mine, problem.output, rtol=1e-9, atol=1e-12):
        return ""
    value = worked_text(problem.output)
    here = f"both are {value}" if len(value) <= _LONGEST else "both have the same value"
    return f"At this exercise's inputs {here}, but only by coincidence."


def _named(told: Sequence[Candidate], lines: Lines) -> str:
    if not told:
        return ""
    if len(told) == 2:
        one, other = map(_either, told)
        return sentence(f"either {one}, or {other}")
    (match,) = told
    was, now = _shown(match)
    short = len(was) <= _LONGEST and len(now) <= _LONGEST
    place = lines.place(match)
    if place is None:
        has = f"the function has {was}, yours has {now}: " if short else ""
        return sentence(f"{has}{match.edit.what}")
    has = f"yours has {now} where the function has {was}; " if short else ""
    equation = f"{place.equation.target.name} = {show(place.equation.expression)}"
    return f"Line {place.number}, {equation}: {has}{match.edit.what}."


def _shown(match: Candidate) -> tuple[str, str]:
    """A part of the function, and what the slip makes of it; of an input or a number, what it stands in."""
    was, now, path = match.edit.was, match.edit.now, match.context.path
    if path and not isinstance(was, Apply):
        was, now = part_at(match.truth, path[:-1]), part_at(match.tree, path[:-1])
    return show(was), show(now)


def _either(match: Candidate) -> str:
    was, now = _shown(match)
    if len(was) > _LONGEST or len(now) > _LONGEST:
        return match.edit.what
    return f"yours has {now} where the function has {was}"
