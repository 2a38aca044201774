"""Other inputs for a code step than its trials: many, of either sign, of other shapes where these are free.

With these a mutant is found to be equivalent, or not, by whether it comes to the same as the right program.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tests.shipped import LIBRARY
from tutor.engine.passes import PassError
from tutor.engine.values import Value, as_value
from tutor.questions.code.engine import EngineSpec
from tutor.questions.code.engine_graphs import Sample
from tutor.questions.code.loops import LoopsSpec, _network
from tutor.questions.code.numbers import Draw
from tutor.questions.code.op import OpSpec
from tutor.questions.code.op_uses import _use
from tutor.questions.code.operations import OperationCase
from tutor.questions.code.passes import PassesSpec, Trial
from tutor.questions.code.unbroadcast import UnbroadcastSpec
from tutor.questions.code.unbroadcast import UnbroadcastTrial as Reduction

from .asked import Asked

MANY = 40


def elsewhere(asked: Asked) -> Any:
    """The step's spec with other trials."""
    rng = np.random.default_rng(zlib.crc32(asked.exercise.encode()))
    return _MADE[asked.harness](asked, rng)


def _passes(asked: Asked, rng: np.random.Generator) -> PassesSpec:
    spec: PassesSpec = asked.spec
    file = LIBRARY.exercises[asked.exercise].file
    positive = [at for at, name in enumerate(file.at) if name in file.positive] if not file.question else []
    shapes = [np.shape(value) for value in spec.trials[-1].inputs.values()]
    trials = []
    for number in range(MANY):
        common = ((), (4,), (2, 3), (1,), (3, 1, 2))[number % 5] if not any(shapes) else None
        inputs: dict[str, Value] = {}
        for at, name in enumerate(spec.trials[-1].inputs):
            entries = rng.normal(0.0, 1.2, shapes[at] if common is None else common)
            inputs[name] = as_value(np.abs(entries) + 0.1 if at in positive else entries)
        trials.append(Trial(inputs, ()))
    return replace(spec, trials=tuple(trials))


def _op(asked: Asked, rng: np.random.Generator) -> OpSpec:
    old: OpSpec = asked.spec
    spec = OpSpec(old.op, old.broadcast, old.class_name)
    draw = Draw(f"elsewhere {old.op}")
    cases = [_case(old, rng) for _ in range(MANY)]
    spec.__dict__["uses"] = tuple(_use(spec.entry, case, draw) for case in cases for _ in range(2))
    return spec


def _case(spec: OpSpec, rng: np.random.Generator) -> OperationCase:
    sizes = [int(size) for size in rng.integers(1, 5, 3)]
    if spec.op == "row-sum":
        return OperationCase(((sizes[0], sizes[1]),))
    if spec.op == "expand":
        axis = int(rng.integers(0, 3))
        return OperationCase(
            (tuple(1 if at == axis else size for at, size in enumerate(sizes)),), {"axis": axis, "repeats": 3}
        )
    if spec.op == "matmul":
        n, k, m = sizes
        ahead, behind = _stretched(rng) if spec.broadcast else ((), ())
        return OperationCase(((*ahead, n, k), (*behind, k, m)))
    count = int(rng.integers(0, 4))
    if spec.broadcast:
        return OperationCase(_stretched(rng))
    return OperationCase(tuple(tuple(sizes[:count]) or (1,) for _ in spec.entry.arguments))


def _stretched(rng: np.random.Generator) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Two shapes that broadcast."""
    whole = [int(size) for size in rng.integers(1, 5, int(rng.integers(0, 4)))]
    one, two = (
        tuple(1 if rng.random() < 0.3 else size for size in whole)[int(rng.integers(0, len(whole) + 1)) :] for _ in "ab"
    )
    return one, two


def _loops(asked: Asked, rng: np.random.Generator) -> LoopsSpec:
    spec = replace(asked.spec)
    draw = Draw("elsewhere")
    spec.__dict__["networks"] = tuple(_network(draw, *map(int, rng.integers(1, 6, 2))) for _ in range(MANY))
    return spec


def _unbroadcast(asked: Asked, rng: np.random.Generator) -> UnbroadcastSpec:
    spec = replace(asked.spec)
    spec.__dict__["trials"] = tuple(_reductions(rng))
    return spec


def _reductions(rng: np.random.Generator) -> Iterator[Reduction]:
    draw = Draw("elsewhere")
    for _ in range(4 * MANY):
        large = tuple(int(size) for size in rng.integers(1, 5, int(rng.integers(0, 5))))
        small = large[int(rng.integers(0, len(large) + 1)) :]
        kept = int(rng.integers(0, min(3, len(small) + 1)))
        shape = tuple(1 if rng.random() < 0.4 else size for size in small)
        yield Reduction(draw.value(large), shape, kept)


def _engine(asked: Asked, rng: np.random.Generator) -> EngineSpec:
    spec = replace(asked.spec)
    spec.__dict__["samples"] = tuple(_sample(rng) for _ in range(3 * MANY))
    return spec


_FUNCTIONS = ("exp({a})", "tanh({a})", "relu({a})")
_OPERATIONS = ("{a} + {b}", "{a} * {b}", "{a} - {b}", "{a} / {b}", "{a} ** 2", "{a} ** 3", "-{a}", "{a} ** -1",
               "2 * {a}", "{a} - 1.5", "3 / {a}", "{a} * {a}", *_FUNCTIONS, *_FUNCTIONS)  # fmt: skip


def _sample(rng: np.random.Generator) -> Sample:
    """A random graph with forks, of values of a moderate size; one or two outputs, each asked once or twice."""
    while True:
        names = ["x", "y"]
        inputs = {name: float(np.round(rng.uniform(0.4, 1.4) * rng.choice([-1, 1]), 2)) for name in names}
        equations = []
        for name in "abcdefgh"[: int(rng.integers(1, 9))]:
            pattern = _OPERATIONS[int(rng.integers(len(_OPERATIONS)))]
            one, two = (str(rng.choice(names[-4:])) for _ in range(2))
            equations.append(f"{name} = {pattern.format(a=one, b=two)}")
            names.append(name)
        ends = [names[-1]] * int(rng.integers(1, 3))
        if len(names) > 3 and rng.random() < 0.3:
            ends.insert(0, names[-2])
        sample = Sample("a random graph", inputs, tuple(equations), tuple(ends))
        if _is_tame(sample):
            return sample


def _is_tame(sample: Sample) -> bool:
    """Whether it has moderate values and gradients, and no relu at its kink."""
    try:
        sizes = [abs(value) for value in (*sample.data.values(), *sample.gradients.values())]
    except PassError:
        return False
    kinks = [abs(sample.data[str(step.arguments[0])]) for step in sample.steps if step.gate == "relu"]
    return max(sizes) < 100 and all(size > 1e-3 for size in kinks)


_MADE = {"passes": _passes, "op": _op, "loops": _loops, "unbroadcast": _unbroadcast, "engine": _engine}
