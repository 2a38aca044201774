"""Whatever is typed, the work on it is bounded; and the same answer always gets the same verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.sampling import examples
from tutor.engine import enclosure as precise
from tutor.judging import Kind, compare, judge_number

from .making import judged, numbered, read
from .trees import NAMES, expressions

_ROOT = Path(__file__).parents[2]

_HEAVY = [
    "9^9^9",
    "9^9^9^9^9^9",
    "sin(cos(exp(exp(exp(1)))))",
    "sin(cos(exp(exp(exp(exp(exp(1)))))))",
    "^".join(["x"] * 60),
    "^".join(["1.1"] * 90),
    "(" * 60 + "x" + ")^99" * 60,
    "exp(" * 40 + "x" + ")" * 40,
    "tan(" * 90 + "x" + ")" * 90,
    "sqrt(" * 90 + "x" + ")" * 90,
    "+".join("(" + "+".join(f"tan({i * 10 + j}x)" for j in range(10)) + ")" for i in range(20)),
    "*".join(f"(x + {i}.1)^99" for i in range(60)),
    "sin(1e300 x)",
    "e^(-(10^200) x)",
    "x^(10^300)",
    "0.1^300^2",
]


@pytest.mark.parametrize("text", _HEAVY)
def test_heavy_answers_are_judged(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spent = _counted(monkeypatch)
    assert judged(text, "x").kind in (Kind.WRONG, Kind.UNDECIDED)
    assert judged("x", text).kind in (Kind.WRONG, Kind.UNDECIDED)
    assert numbered(text, 0.123, {"x": 1.3}).kind in (Kind.WRONG, Kind.UNDECIDED)
    # Three judgements; each may spend the most there is, and overdraw it by its last step.
    assert sum(spent) < 3 * 28_000


def _counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    spent: list[int] = []
    spend = precise.WorkBudget.spend

    def counting(work: precise.WorkBudget, units: int) -> None:
        spent.append(units)
        spend(work, units)

    monkeypatch.setattr(precise.WorkBudget, "spend", counting)
    return spent


@given(expressions)
@settings(max_examples=examples(60), deadline=None)
def test_judging_never_raises_and_repeats_itself(tree: object) -> None:
    for answer, truth in ((tree, read("x y")), (read("x y"), tree)):
        assert compare(answer, truth, NAMES) == compare(answer, truth, NAMES)
    at = {"x": 1.3, "y": -0.7, "z": 2.0}
    assert judge_number(tree, 0.5, at) == judge_number(tree, 0.5, at)


_SCRIPT = """
from tests.judging.making import judged, numbered, tensored
for answer, truth in [("2x", "x^2"), ("ln x + ln y", "ln(x y)"), ("ln(x^2)", "2 ln x"), ("a b c x y", "a b c x z"),
                      ("max(x, y)", "x"), ("x^y y", "y^x x")]:
    print(judged(answer, truth))
print(tensored("2 W @ x", "W @ x", W=(3, 2), x=(2, 1)), numbered("[1, 2]", [1, 3]))
"""


def test_verdicts_are_the_same_in_every_process() -> None:
    """Sets and hashes are in another order in each of these."""
    said = {_run(seed) for seed in ("0", "1", "77")}
    assert len(said) == 1
    assert len(said.pop().splitlines()) == 7


def _run(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], cwd=_ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout
