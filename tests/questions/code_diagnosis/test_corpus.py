"""Wrong programs of the corpus: the wrong line is found, and its mistake named; right ones pass.

One in three is tried here, all of them in tests/bench/bench_code_diagnosis.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

import pytest

from tests.sampling import one_in
from tutor.judging import Kind
from tutor.runner import Limits, Runner

from . import running
from .corpus import CORPUS, MORE, STAGINGS, Wrong
from .right import RIGHT

ALL = (*CORPUS, *MORE)
AMONG_OTHERS = ("gW[i, j] = dq[j, 0] * x[j, 0]", "fx = dout_dc * dc_db * da_dx")
"""Lines that are told among others, and not alone."""

UNNAMED = ("gx = 2 * x.T @ W", "gW[i, j] = dq[j, 0] * x[j, 0]", "dc = 2 * np.log(c ** 2)")
"""Two slips in one line, and a wrong index in a loop: the line is told, and no mistake is named."""

LOOPS = ("for i in np.ndindex", "for i in range")


@pytest.fixture(scope="module")
def runners() -> Iterator[Iterator[Runner]]:
    """Two in turn: one warms up while the other is used."""
    limits = Limits(seconds=30.0, cpu_seconds=30.0)
    with Runner(limits) as one, Runner(limits) as other:
        yield cycle([one, other])


@pytest.mark.parametrize("wrong", one_in(3, ALL), ids=lambda wrong: wrong.label)
def test_the_wrong_line_is_found_and_the_mistake_named(wrong: Wrong, runners: Iterator[Runner]):
    found = running.judged(next(runners), wrong.exercise, wrong.staging, wrong.source)
    assert found.kind is Kind.WRONG, "it was taken to be right"
    at_fault = wrong.source.splitlines()[wrong.line - 1].strip()
    if at_fault in AMONG_OTHERS:
        assert wrong.line in found.lines, found.message
    else:
        assert found.lines == (wrong.line,), found.message
    if at_fault not in (*UNNAMED, *AMONG_OTHERS):
        assert set(found.mistake.split("|")) & wrong.mistakes, f"{found.mistake}: {found.message}"
    assert "_before_" not in found.message, "no names of ours are shown"


RIGHTS = [(exercise, number, source) for exercise, sources in RIGHT.items() for number, source in enumerate(sources)]


@pytest.mark.parametrize(("exercise", "number", "source"), RIGHTS)
def test_right_programs_are_not_accused(exercise: str, number: int, source: str, runners: Iterator[Runner]):
    found = running.judged(next(runners), exercise, number % len(STAGINGS[exercise]), source)
    assert found.accepted, found.message
    assert found.mistake == ("loop_for_vector" if any(loop in source for loop in LOOPS) else "")


def test_there_are_enough_of_both():
    assert len(ALL) >= 60
    assert {wrong.exercise for wrong in ALL} == set(RIGHT) == set(STAGINGS)
    assert all(len(sources) >= 5 for sources in RIGHT.values())
    assert len(UNNAMED) <= 0.2 * len(ALL)
