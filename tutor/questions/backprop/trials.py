"""The calls a learner's function is tried on: near the exercise's numbers, at them, and far from them.

Near the exercise's numbers a slip may look right: every ReLU that is open there may have a positive upstream, the same
entry of each pair may be the largest. Far off, the signs and the order of the entries are others in each call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np

from tutor.engine.operation import Node
from tutor.engine.passes import PassError, arguments_at, forward, local_derivative
from tutor.engine.values import Shape, Value, as_value, shape_of
from tutor.library.problem import Problem
from tutor.questions.backprop.reference import Worksheet
from tutor.questions.code.numbers import Draw
from tutor.questions.code.passes import Trial, trial_of

FAR = 6
"""How many sets of inputs far from the exercise's own a function is tried at."""

_NEAR = 2
_TRIES = 60
_SHAPES: tuple[Shape, ...] = ((3,), (2, 3))
"""Of the arrays that stand for numbers, where a function works entry by entry."""

_STEP = 1e-5
_STEADY = 1e-2
"""How much of itself a gradient may change when all inputs change by so small a part of theirs."""

_LARGE = 1e4

Inputs = Mapping[str, Value]


def trials_of(sheet: Worksheet) -> tuple[Trial, ...]:
    """The calls for the function of this worksheet; those at which it has a value, and one gradient only."""
    problem = sheet.problem
    far = far_draws(problem)
    if problem.has_arrays:
        off = [trial_of(problem.graph, draw) for draw in (*far, *problem.draws[_NEAR:])][:FAR]
        return (*(trial_of(problem.graph, draw) for draw in problem.draws[:_NEAR]), *_own(sheet), *off)
    first, second = _SHAPES
    spread = [*_spread(problem, problem.draws, first), *_spread(problem, problem.draws, second)]
    off = [*_spread(problem, far, second), *(trial_of(problem.graph, draw) for draw in far[:_NEAR])]
    return (*spread, *_own(sheet), *off)


def _own(sheet: Worksheet) -> Iterator[Trial]:
    """The exercise's own numbers, unless they stand at a kink, where more than one gradient is right."""
    kinks = (sheet.kinks(use) for gate in sheet.graph.gates for use in sheet.wires(gate))
    if not (sheet.problem.draws and any(kinks)):
        yield trial_of(sheet.problem.graph, sheet.problem.inputs)


def _spread(problem: Problem, draws: tuple[Inputs, ...], shape: Shape) -> Iterator[Trial]:
    """Arrays whose entries are the inputs of the draws, so that the function has a value at each."""
    if not draws:
        return
    chosen = [draws[at % len(draws)] for at in range(int(np.prod(shape)))]
    inputs = {name: np.reshape([draw[name] for draw in chosen], shape) for name in problem.inputs}
    try:
        yield trial_of(problem.graph, inputs)
    except PassError:
        return


def far_draws(problem: Problem) -> tuple[Inputs, ...]:
    """Inputs of either sign and of another order than the exercise's, away from kinks; always the same.

    Where the function has no value so far off, fewer, or none. First those at which gates with a kink, such as a ReLU,
    are open at some entries and closed at others.
    """
    found = list(islice(_far(problem), 2 * FAR))
    kinked = [gate for gate in problem.graph.gates if _has_kinks(problem.graph.nodes[gate])]
    if kinked:
        found.sort(key=lambda inputs: -_mixed(problem, kinked, inputs))
    return tuple(found[:FAR])


def _has_kinks(node: Node) -> bool:
    return node.gate is not None and node.gate.elementwise and node.gate.kinks is not None


def _mixed(problem: Problem, gates: list[int], inputs: Inputs) -> int:
    """How many of these gates have entries on either side of their kink."""
    values = forward(problem.graph, inputs)
    nodes = ((gate, problem.graph.nodes[gate]) for gate in gates)
    slopes = (local_derivative(node, 0, values[gate], arguments_at(node, values)) for gate, node in nodes)
    return sum(bool(np.ptp(slope) > 0) for slope in slopes)


def _far(problem: Problem) -> Iterator[Inputs]:
    draw, signs = Draw(f"far {problem.function.name} {' '.join(problem.inputs)}"), _kept_signs(problem)
    for _ in range(_TRIES):
        inputs = {name: draw.value(shape_of(value)) for name, value in problem.inputs.items()}
        inputs |= {name: as_value(sign * np.abs(inputs[name])) for name, sign in signs.items()}
        if _is_steady(problem, inputs):
            yield inputs


def _kept_signs(problem: Problem) -> dict[str, float]:
    """The sign of each input that has to keep it.

    Beside those that the exercise calls positive, the inputs of one sign of a function with a logarithm or a root: 2 ln
    x is as right there as ln x².
    """
    signs = dict.fromkeys(problem.positive, 1.0)
    if any(_minds_signs(problem, gate) for gate in problem.graph.gates):
        for name, value in problem.inputs.items():
            if np.all(np.greater(value, 0)) or np.all(np.less(value, 0)):
                signs.setdefault(name, float(np.sign(np.ravel(value)[0])))
    return signs


def _minds_signs(problem: Problem, gate: int) -> bool:
    """Whether a gate would have no value if one of its arguments had the other sign."""
    node = problem.graph.nodes[gate]
    if node.gate is None or not node.gate.elementwise:
        return False
    arguments = arguments_at(node, problem.values)
    turned = ([*arguments[:at], np.negative(each), *arguments[at + 1 :]] for at, each in enumerate(arguments))
    with np.errstate(all="ignore"):
        return any(bool(np.any(np.isnan(node.gate.forward(*each, **node.options)))) for each in turned)


def _is_steady(problem: Problem, inputs: Inputs) -> bool:
    """Whether the function has gradients there that hardly change nearby: no kink, no tie, no pole close by."""
    moved = {name: as_value(np.multiply(value, 1 + _STEP)) for name, value in inputs.items()}
    shifted = {name: as_value(np.add(value, _STEP * _signs(value))) for name, value in inputs.items()}
    try:
        here = trial_of(problem.graph, inputs)
        near = [trial_of(problem.graph, each) for each in (moved, shifted)]
    except PassError:
        return False
    return _moderate(here) and all(_close(here, each) for each in near)


def _signs(value: Value) -> Value:
    """1 and -1 in turn, so that the entries of an array change places."""
    return np.resize([1.0, -1.0], np.shape(value)) if np.ndim(value) else 1.0


def _moderate(trial: Trial) -> bool:
    return all(float(np.max(np.abs(value))) < _LARGE for value in trial.truth)


def _close(one: Trial, two: Trial) -> bool:
    return all(
        np.max(np.abs(np.subtract(a, b))) <= _STEADY * np.max(np.abs(a)) + 1e-9
        for a, b in zip(one.truth, two.truth, strict=True)
    )
