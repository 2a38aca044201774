"""The code exercises that ship, and what their trials say of a program, run in the test's own process."""

from __future__ import annotations

import ast
import re
import resource
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass, replace
from functools import cache
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

import msgspec
import numpy as np

from tests.shipped import LIBRARY
from tutor.judging import Verdict
from tutor.library.format import BackpropTable, ExerciseFile
from tutor.questions.backprop.code import FunctionStep as FunctionStep
from tutor.questions.code.comparing import gap, received, same
from tutor.questions.code.engine import Sample
from tutor.questions.code.passes import ANOTHER_FORM
from tutor.questions.code.question import HARNESSES, Harness
from tutor.questions.code.question import ProgramStep as ProgramStep
from tutor.questions.registry import questions_of
from tutor.runner import Call, Job, Outcome, RunFault, Runner
from tutor.runner.child.encode import Encoder, decode, fingerprint
from tutor.runner.jobs import decode as received_value
from tutor.runner.jobs import encode as sent_value

SECONDS = 1.0
"""How much of the processor a program may take."""

MEMORY = 500_000_000
"""How many bytes more than before it may take."""


@dataclass(frozen=True)
class Asked:
    """One code step: the exercise, the harness that judges it, the spec with its trials."""

    exercise: str
    harness: str
    spec: Any

    @property
    def chosen(self) -> Harness:
        return HARNESSES[self.harness]

    def outcome(self, text: str) -> Outcome:
        """What comes of a program on the trials."""
        return run(self.chosen.job(text, self.spec))

    def outcome_at(self, spec: Any, text: str) -> Outcome:
        """What comes of a program on another spec's trials; of an engine's, on its small graphs."""
        job = self.chosen.job(text, spec)
        return run(_short(job) if self.harness == "engine" else job)

    def judged(self, text: str) -> Verdict:
        """The verdict of the trials; lines are not looked for, which takes most of the time."""
        return self.chosen.verdict(self.outcome(text), self.spec)

    def refuses(self, text: str) -> bool:
        """Whether the trials refuse a program, or say that its right values come in another form: (1,) for a number."""
        if self._refuses_early(text):
            return True
        verdict = self.judged(text)
        return not verdict.accepted or verdict.mistake == ANOTHER_FORM

    def _refuses_early(self, text: str) -> bool:
        """Whether an engine is wrong on a small graph already: the long ones take most of the time."""
        if self.harness != "engine":
            return False
        made = run(_short(self.chosen.job(text, self.spec)))
        right = map(_is_right, self.spec.samples, made.calls[1:])
        return made.fault is not None or not all(right)


def _is_right(sample: Sample, call: Call) -> bool:
    """Whether a graph has all its values and gradients, which are sent as a pair for each name."""
    returned = call.returned
    return isinstance(returned, dict) and all(
        isinstance(pair := returned.get(name), list | tuple) and gap(pair[at], truth) is None
        for at, truths in enumerate((sample.data, sample.gradients))
        for name, truth in truths.items()
    )


def _short(job: Job) -> Job:
    """An engine's job without the long graphs."""
    assert job.harness is not None
    return replace(job, harness=job.harness.partition("    counts = call(")[0])


def harness_named_in(file: ExerciseFile) -> str | None:
    """The harness of the code step that a file asks for, without making its questions; None where it asks for none."""
    for table in file.question:
        if table["kind"] == "code":
            return str(table["harness"])
    tables = [msgspec.convert(table, BackpropTable) for table in file.question if table["kind"] == "backprop"]
    return "passes" if any("code" in each.asked for each in (tables if file.question else [file])) else None


HARNESS_OF = {id: name for id, one in LIBRARY.exercises.items() if (name := harness_named_in(one.file)) is not None}
"""The exercises that ship with a code step; each has one at most."""


@cache
def asked_in(id: str) -> Asked:
    """The code step of an exercise that ships."""
    (asked,) = _asked_in(id, Runner())
    assert asked.harness == HARNESS_OF[id]
    return asked


def _asked_in(id: str, runner: Runner) -> Iterator[Asked]:
    for question in questions_of(LIBRARY.exercises[id], runner):
        for step in question.steps:
            if isinstance(step, FunctionStep):
                yield Asked(id, "passes", step.spec)
            elif isinstance(step, ProgramStep):
                yield Asked(id, _name_of(step._harness), step._spec)


def _name_of(harness: Harness) -> str:
    return next(name for name, each in HARNESSES.items() if each is harness)


class OutOfTime(BaseException):
    """A program has run too long; not an Exception, so that no program catches it."""


def run(job: Job) -> Outcome:
    """As the runner runs a job, but here. For programs of ours only."""
    calls: list[Call] = []

    def call(function: Any, *arguments: Any, **keywords: Any) -> Any:
        before = [fingerprint(each) for each in arguments]
        returned = function(*arguments, **keywords)
        changed = tuple(at for at, each in enumerate(arguments) if fingerprint(each) != before[at])
        calls.append(Call(received_value(Encoder(50_000, 400_000, 200_000).encode(returned)), changed))
        return returned

    arguments = [tuple(decode(sent_value(item)) for item in each) for each in job.calls]
    namespace: dict[str, Any] = {"np": np, "__name__": "your_code"}
    limit, fault = sys.getrecursionlimit(), None
    try:
        with _in_time(), _in_memory(), warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            exec(job.source, namespace)
            if job.harness is None:
                for each in arguments:
                    call(namespace[job.entry], *each)
            else:
                harness: dict[str, Any] = {"__name__": "harness", "np": np, "call": call}
                exec(job.harness, harness)
                harness["drive"](namespace, arguments)
    except (Exception, OutOfTime) as error:  # noqa: BLE001 - whatever a mutant raises is what came of it
        fault = RunFault("raised", f"Your code raised {type(error).__name__}: {error}")
    finally:
        sys.setprofile(None)
        sys.setrecursionlimit(limit)
    return Outcome(tuple(calls), fault)


@contextmanager
def _in_memory() -> Iterator[None]:
    """A mutant's numbers may grow without end: past so much more memory there is a MemoryError."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # a system that does not tell, and mostly does not limit either
        yield
        return
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def _in_time() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        if frame is None or frame.f_code.co_name != "gc_callback":  # hypothesis's: what is raised there is lost
            raise OutOfTime

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, SECONDS / 2)  # again and again, should it be swallowed
    try:
        yield
    finally:
        with suppress(OutOfTime):  # it may ring here as well
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


def agree(one: Outcome, two: Outcome) -> bool:
    """Whether two programs came to the same, call by call; a count, or how it is done, does not matter."""
    if (one.fault is None) != (two.fault is None) or len(one.calls) != len(two.calls):
        return False
    pairs = zip(one.calls, two.calls, strict=True)
    return all(a.changed == b.changed and alike(a.returned, b.returned) for a, b in pairs)


def alike(one: Any, two: Any) -> bool:
    """Whether two returned values are the same, numbers up to rounding."""
    if isinstance(one, bool) and isinstance(two, bool):
        return True  # whether there are loops
    mine, other = received(one), received(two)
    if mine is not None and other is not None:
        return same(mine, other)
    if isinstance(one, Mapping) and isinstance(two, Mapping):
        return one.keys() == two.keys() and all(alike(one[key], two[key]) for key in one)
    if isinstance(one, Sequence) and isinstance(two, Sequence) and not isinstance(one, str):
        return len(one) == len(two) and all(alike(a, b) for a, b in zip(one, two, strict=True))
    return bool(one == two)


def shapes_in(asked: Asked, text: str) -> dict[str, tuple[int, ...]]:
    """The shape of each variable of a right program when its function returns, on the trial with the most axes."""
    found: dict[str, tuple[int, ...]] = {}
    functions = {node.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)}

    def note(frame: FrameType, event: str, argument: Any) -> None:
        if event == "return" and frame.f_code.co_name in functions and frame.f_globals.get("__name__") == "your_code":
            for name, value in frame.f_locals.items():
                if isinstance(value, np.ndarray | float | int | np.generic) and not isinstance(value, bool):
                    found[name] = max(found.get(name, ()), np.shape(value), key=len)
                elif name not in found and not re.match(r"__", name) and not callable(value):
                    found.setdefault(name, (-1,) if isinstance(value, list | tuple | dict) else (-2,))

    job = asked.chosen.job(text, asked.spec)
    if asked.harness == "engine":  # the long graphs set a profile of their own
        job = _short(job)
    sys.setprofile(note)
    try:
        run(job)
    finally:
        sys.setprofile(None)
    return found
