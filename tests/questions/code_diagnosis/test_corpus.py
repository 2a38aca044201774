"""Every wrong program of the corpus: its first wrong line is found, and its mistake named; right ones pass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest

from tutor.questions.code.diagnosis import manner
from tutor.runner import Limits, Runner

from . import running
from .corpus import CORPUS, MORE, Wrong
from .right import RIGHT

ALL = (*CORPUS, *MORE)

UNNAMED = ("gx = 2 * x.T @ W", "gW[i, j] = dq[j, 0] * x[j, 0]", "dc = 2 * np.log(c ** 2)")
"""Two slips in one line, and a wrong index in a loop: the line is told, and no mistake is named."""

LOOPS = ("for i in np.ndindex", "for i in range")


@pytest.fixture(scope="module")
def runners() -> Iterator[Iterator[Runner]]:
    """Two in turn: one warms up while the other is used."""
    limits = Limits(seconds=30.0, cpu_seconds=30.0)
    with Runner(limits) as one, Runner(limits) as other:
        yield cycle([one, other])


@pytest.mark.parametrize("wrong", ALL, ids=lambda wrong: wrong.label)
def test_the_first_wrong_line_is_found_and_the_mistake_named(wrong: Wrong, runners: Iterator[Runner]):
    outcome = running.run(next(runners), wrong.exercise, wrong.source)
    assert outcome.fault is None, outcome.fault
    found = running.diagnosed(outcome, wrong.exercise, wrong.staging, wrong.source)
    assert found is not None, "it was taken to be right"
    assert found.line == wrong.line, found.message
    at_fault = wrong.source.splitlines()[wrong.line - 1].strip()
    if at_fault in UNNAMED:
        assert not found.mistake
    else:
        assert set(found.mistake.split("|")) & wrong.mistakes, f"{found.mistake}: {found.message}"
    assert "@" not in found.message.replace(" @ ", ""), "no names of ours are shown"


RIGHTS = [(exercise, number, source) for exercise, sources in RIGHT.items() for number, source in enumerate(sources)]


@pytest.mark.parametrize(("exercise", "number", "source"), RIGHTS)
def test_right_programs_are_not_accused(exercise: str, number: int, source: str, runners: Iterator[Runner]):
    outcome = running.run(next(runners), exercise, source)
    assert outcome.fault is None, outcome.fault
    for call, (_, truth) in zip(outcome.calls, running.trials(exercise), strict=True):
        assert running.is_right(call, truth)
    for staging in (0, -1):
        assert running.diagnosed(outcome, exercise, staging, source) is None
    said = manner(source, running.signature(exercise).name)
    assert (said.mistake if said else "") == ("loop_for_vector" if any(loop in source for loop in LOOPS) else "")


def test_there_are_enough_of_both():
    assert len(ALL) >= 60
    assert {wrong.exercise for wrong in ALL} == set(RIGHT) == set(running.STAGINGS)
    assert all(len(sources) >= 5 for sources in RIGHT.values())
    assert len(UNNAMED) <= 0.2 * len(ALL)
