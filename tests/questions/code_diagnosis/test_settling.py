"""No line is accused that is not at fault: temporaries that say nothing are told by what would make all of it right."""

from __future__ import annotations

import random

import pytest

from tutor.judging import Verdict
from tutor.runner import Runner

from . import running
from .mutating import mutants
from .restyling import renamed, split
from .right import RIGHT

B, T = "node-way/b", "layers/two-over-sine"

PLACED = {
    "a factor left out of a temporary": (T, 7, """
def two_over_sine(x):
    t1 = np.exp(-x)
    t2 = np.sin(t1)
    t3 = 2 / t2
    t4 = -t3 / t2
    t5 = np.cos(t1)
    t6 = t4
    t7 = t6 * t1
    return t3, -t7
"""),
    "a wrong temporary": (T, 7, """
def two_over_sine(x):
    u1 = np.exp(-x)
    u2 = np.sin(u1)
    u3 = 2 / u2
    u4 = -u3 / u2
    u5 = np.cos(u1)
    u6 = u4 * u3
    u7 = u6 * u1
    return u3, -u7
"""),
    "the forward pass": (B, 3, """
def q2b(x, y, z):
    tmp1 = x ** 2
    tmp2 = 2 + y
    tmp3 = tmp1 + tmp2
    tmp4 = z ** 3
    return tmp3 * tmp4, 2 * x * tmp4, 2 * tmp4, 3 * z**2 * tmp3
"""),
}  # fmt: skip


def told(runner: Runner, exercise: str, source: str) -> Verdict:
    found = running.judged(runner, exercise, 0, source)
    assert not found.accepted
    return found


@pytest.mark.parametrize("name", PLACED)
def test_the_line_of_a_temporary_that_says_nothing_is_found(name: str, runner: Runner):
    exercise, line, source = PLACED[name]
    found = told(runner, exercise, source.lstrip("\n"))
    assert line in found.lines, found.message


def test_two_lines_that_could_each_be_wrong_are_both_named(runner: Runner):
    source = "def sigmoid(x):\n    s = 1 / (1 + np.exp(-x))\n    t = s\n    u = t * 1\n    return s, u\n"
    found = told(runner, "sigmoid/gates", source)
    assert {3, 4} <= set(found.lines)
    assert "line 3" in found.message
    assert "line 4" in found.message


def test_a_sign_that_a_square_loses_is_found_where_it_was_made(runner: Runner):
    """The value is right all the same, and says nothing for the line."""
    source = (
        "def q2c(x, y, z):\n    s = -(np.log(x) + np.sin(y))\n    u = s ** 2\n    v = 2 * s\n"
        "    return u + 4 * x, v / x + 4, v * np.cos(y), 0 * z\n"
    )
    assert 2 in told(runner, "node-way/c", source).lines


def test_a_line_that_nothing_mends_is_not_accused_beside_others(runner: Runner):
    """Two slips in one line, and names that say nothing: no right line is accused."""
    source = (
        "def two_over_sine(x):\n    t1 = np.exp(-x)\n    t2 = np.sin(t1) + 7 * x ** 3\n    t3 = 2 / t2\n"
        "    t4 = -t3 / np.sin(t1) * np.cos(t1) * t1\n    return t3, -t4\n"
    )
    found = told(runner, "layers/two-over-sine", source)
    assert 3 in found.lines, found.message


SOME = random.Random(20).sample(
    [(exercise, source) for exercise, sources in RIGHT.items() for source in sources if "range" not in source], 8
)


@pytest.mark.parametrize("number", range(len(SOME)))
def test_no_line_is_accused_that_is_not_at_fault(number: int, runner: Runner):
    exercise, source = SOME[number]
    right = renamed(split(source, number), number) if number % 2 else renamed(source, number)
    for changed, line in mutants(right, number, 1):
        found = running.judged(runner, exercise, 0, changed)
        if not found.accepted and "raised" not in found.message and found.lines:
            assert len(found.lines) > 1 or found.lines == (line,), f"line {line}: {found.message}"
