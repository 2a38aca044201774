"""Every gate in the table: its value, and what it sends back, against NumPy by hand, differences and autograd."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engine.numeric_check import numeric_gradients
from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, Gate
from tutor.engine.passes import backward, forward, local_derivative
from tutor.engine.values import Value, shape_of

from . import oracle
from .cases import CASES, ELEMENTWISE, LABELLED, Case, cases_of


def _upstream(value: Value) -> Value:
    made = np.random.default_rng(5).uniform(-2, 2, np.shape(value))
    return float(made) if np.ndim(value) == 0 else made


def test_every_gate_is_tried():
    assert {case.gate.key for case in CASES} == set(GATES)


@pytest.mark.parametrize("gate", list(GATES.values()), ids=lambda gate: gate.key)
def test_value_is_that_of_numpy(gate: Gate):
    for case in cases_of(gate):
        check_value_is_that_of_numpy(case)


def check_value_is_that_of_numpy(case: Case) -> None:
    value = forward(case.graph, case.inputs)[-1]
    expected = oracle.value(case.key, case.arguments, case.options)
    assert shape_of(value) == np.shape(expected)
    assert isinstance(value, float) == (np.shape(expected) == ())
    np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(evaluate(case.expression, case.inputs), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("gate", list(GATES.values()), ids=lambda gate: gate.key)
def test_downstreams_are_those_of_autograd_and_of_differences(gate: Gate):
    for case in cases_of(gate):
        check_downstreams_are_those_of_autograd_and_of_differences(case)


def check_downstreams_are_those_of_autograd_and_of_differences(case: Case) -> None:
    graph, wires = case.graph, list(case.inputs.values())
    values = forward(graph, case.inputs)
    upstream = _upstream(values[-1])
    gradients = backward(graph, values, upstream)
    sent = [gradients.shares[-1][port] for port in case.wires]
    by_autograd = oracle.vjps(case.formula(), wires, upstream)
    by_differences = oracle.slopes(case.formula(), wires, upstream)
    for here, argument, exact, near in zip(sent, wires, by_autograd, by_differences, strict=True):
        assert here is not None
        assert shape_of(here) == np.shape(argument)
        assert isinstance(here, float) == (np.shape(argument) == ())
        np.testing.assert_allclose(here, exact, rtol=1e-9, atol=1e-12)
        if case.key in oracle.HELD_FIXED:
            np.testing.assert_array_equal(here, 0)
        else:
            np.testing.assert_allclose(here, near, rtol=2e-5, atol=2e-7)
    assert [share is None for share in gradients.shares[-1]] == list(case.constants)


_MOVED = [gate for gate in GATES.values() if gate.key not in oracle.HELD_FIXED | LABELLED]


@pytest.mark.parametrize("case", [cases_of(gate)[-1] for gate in _MOVED], ids=repr)
def test_the_numeric_check_agrees(case: Case):
    graph = case.graph
    gradients = backward(graph, forward(graph, case.inputs))
    for name, slope in numeric_gradients(graph, case.inputs).items():
        here = gradients.totals[graph.positions[name]]
        assert shape_of(slope) == shape_of(here)
        np.testing.assert_allclose(here, slope, rtol=2e-5, atol=2e-7)


@pytest.mark.parametrize("gate", ELEMENTWISE, ids=lambda gate: gate.key)
def test_the_local_derivative_times_upstream_goes_down(gate: Gate):
    for case in cases_of(gate):
        check_the_local_derivative_times_upstream_goes_down(case)


def check_the_local_derivative_times_upstream_goes_down(case: Case) -> None:
    graph = case.graph
    values = forward(graph, case.inputs)
    upstream = _upstream(values[-1])
    for port in case.wires:
        local = local_derivative(graph.nodes[-1], port, values[-1], case.arguments)
        assert shape_of(local) == shape_of(values[-1])
        whole = np.asarray(upstream * local)
        argument = np.asarray(case.arguments[port])
        lead = whole.ndim - argument.ndim
        padded = (1,) * lead + argument.shape
        stretched = tuple(i for i, size in enumerate(padded) if size == 1 and whole.shape[i] != 1)
        expected = whole.sum(axis=stretched, keepdims=True).reshape(argument.shape)
        np.testing.assert_allclose(backward(graph, values, upstream).shares[-1][port], expected, rtol=1e-12)


@pytest.mark.parametrize("gate", ELEMENTWISE, ids=lambda gate: gate.key)
def test_entries_are_told_apart_from_sample_points(gate):
    """Arrays of sample points give what the points give one by one."""
    rows = [case for case in CASES if case.gate is gate and all(np.ndim(a) == 0 for a in case.arguments)]
    assert rows
    for case in rows:
        points = [
            np.array([argument, argument * (1.0 if constant else 1.25)])
            for argument, constant in zip(case.arguments, case.constants, strict=True)
        ]
        with np.errstate(invalid="ignore"):
            together = gate.forward(*points)
            apart = [gate.forward(*(float(point[index]) for point in points)) for index in (0, 1)]
        for here, alone in zip(together, apart, strict=True):
            assert isinstance(alone, float)
            assert here == pytest.approx(alone, rel=1e-14, nan_ok=True)
