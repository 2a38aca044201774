"""Has a program examined in the runner's process, and reads what was found.

In: a program, what its results should be on each trial, and a few lines that call it. Out: which values its wrong
results are made of, what each should have been, and the changes that would make every trial right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from tutor.engine.values import Value, as_value
from tutor.runner import Array, Job, Outcome, Runner
from tutor.runner import Value as Sent

Part = tuple[int, int]

INPUT = "the input "
"""How the names of results begin that are an argument after the call; that one was changed is said before all else."""

_MODULES = ("sites", "watch", "edit", "operations", "expressions", "bookkeeping", "edits", "names", "examine")
"""Each after what it imports."""
_BOOT = """
import sys
import types

for name, source in {sources!r}:
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(source, name, "exec", dont_inherit=True), vars(module))

examine = sys.modules["tutor.diagnosis.child.examine"].drive


def drive(namespace, calls):
    examine(call, calls)
"""
_NOTHING = "def begin():\n    pass\n"
_SECONDS = 10.0
"""It counts its own turns and is done long before; a machine that is busy may take this long."""

_LONGEST = 60_000
"""Characters of a program; a longer one is not examined."""


@dataclass(frozen=True)
class Subject:
    """A program to be examined.

    `driver` is source of ours that defines `results(namespace, arguments)`: it calls the program once and gives its
    results by name. `trials`: the arguments, and the true results by name, the function's value first. `given` is the
    source of functions that are not the learner's.
    """

    source: str
    driver: str
    trials: Sequence[tuple[Sent, Mapping[str, Value | None]]]
    given: str = ""
    measure: bool = True
    """Whether the first result is a value whose gradients the program is to find."""

    constants: Sequence[float] = ()
    """The numbers of the exercise's function, which may be missing in the program."""


@dataclass(frozen=True)
class SeenValue:
    """What was seen of one value of the program: `statement` and `at` say which."""

    statement: int
    at: int
    many: int
    influences: frozenset[str] | None
    parts: frozenset[Part]
    values: tuple[Value | tuple[Any, ...] | None, ...]
    """The last one on each trial shown."""

    @property
    def part(self) -> Part:
        """Which value."""
        return self.statement, self.at


@dataclass(frozen=True)
class Mending:
    """A change of one place after which every trial is right."""

    statement: int
    line: int
    kind: str
    cost: float
    clause: str
    asks: str
    old: str
    new: str
    values: tuple[Mapping[Part, Value | tuple[Any, ...] | None], ...]
    """Each value of the changed program, on the trials shown."""

    leaves: frozenset[str] = frozenset()
    """The results that are wrong all the same."""


@dataclass(frozen=True)
class Findings:
    """What came of an examination. `wrong`: the results that are wrong on some trial, in their order."""

    wrong: tuple[str, ...]
    wrong_here: tuple[str, ...] = ()
    """Those that are wrong on the trial numbered `trial`."""

    trial: int = 0
    raised: bool = False
    ran_right: frozenset[int] = frozenset()
    """The statements that run in some trial all of whose results are right."""

    evidence: tuple[SeenValue, ...] = ()
    shown: tuple[int, ...] = ()
    gradients: tuple[Mapping[tuple[int, int, int], Value], ...] = field(default=())
    """On the trials shown: the gradient of the function's value with respect to (statement, part, occurrence)."""

    mended: tuple[Mending, ...] = ()


def examine(runner: Runner, subject: Subject) -> Findings | None:
    """The findings; None where the program cannot be examined, or its time was up."""
    if len(subject.source) > _LONGEST:
        return None
    outcome = runner.run(job_of(subject))
    return findings_of(outcome)


def job_of(subject: Subject) -> Job:
    """What the runner is to do."""
    trials = [
        (arguments, {name: sent(value) for name, value in truths.items()}) for arguments, truths in subject.trials
    ]
    first: tuple[Sent, ...] = (subject.source, subject.given, subject.driver, subject.measure, list(subject.constants))
    return Job(_NOTHING, "begin", (first, *trials), harness=_harness(), seconds=_SECONDS)


def sent(value: Value | None) -> Sent:
    """A true result for the other process."""
    return Array.of(value) if isinstance(value, np.ndarray) else value


@cache
def _harness() -> str:
    packages = [(name, "") for name in ("tutor", "tutor.diagnosis", "tutor.diagnosis.child")]
    folder = files("tutor.diagnosis.child")
    sources = [(f"tutor.diagnosis.child.{name}", folder.joinpath(f"{name}.py").read_text("utf-8")) for name in _MODULES]
    return _BOOT.format(sources=[*packages, *sources])


def findings_of(outcome: Outcome) -> Findings | None:
    """What the other process has sent."""
    if not outcome.calls or not isinstance(outcome.calls[0].returned, dict):
        return None
    found: dict[str, Any] = outcome.calls[0].returned
    if not found["wrong"]:
        return Findings(())
    evidence = tuple(
        SeenValue(part[0], part[1], many, None if influences is None else frozenset(influences),
                 frozenset((one, two) for one, two in parts), tuple(map(_received, values)))
        for part, many, influences, parts, values in found["parts"]
    )  # fmt: skip
    gradients = tuple(
        {(number, at, occurrence): as_value(slope.numpy()) for number, at, occurrence, slope in rows}
        for rows in found["gradients"]
    )
    mended = tuple(_mending(each) for each in found["mended"])
    return Findings(tuple(found["wrong"]), tuple(found["here"]), found["trial"], found["raised"],
                    frozenset(found["ran_right"]), evidence,
                    tuple(found["shown"]), gradients, mended)  # fmt: skip


def _mending(facts: Mapping[str, Any]) -> Mending:
    values = tuple({(number, at): _received(value) for number, at, value in rows} for rows in facts["values"])
    return Mending(**{**facts, "values": values, "leaves": frozenset(facts["leaves"])})


def _received(value: Any) -> Value | tuple[Any, ...] | None:
    if isinstance(value, Array):
        return as_value(np.asarray(value.numpy(), dtype=float))
    if isinstance(value, tuple | list):
        return tuple(map(_received, value))
    return None if value is None or isinstance(value, str) else float(value)
