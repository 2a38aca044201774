"""Where gates have no value, where they have no slope, and where any slope in a range is right."""

from __future__ import annotations

import itertools
import math
from importlib import import_module

import numpy as np
import pytest

from tutor.engine.gates import GATES, Gate
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.passes import NoValue, PassError, ShapesDoNotFit, backward, forward
from tutor.engine.values import Value, as_value

from .cases import ELEMENTWISE
from .making import operation

_POOL = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)


def one_gate(text: str, *names: str) -> Graph:
    """The graph of one operation, called out."""
    builder = GraphBuilder(names)
    builder.add("out", operation(text, *names))
    return builder.build()


@pytest.mark.parametrize("gate", ELEMENTWISE, ids=lambda gate: gate.key)
def test_the_domain_is_where_the_value_is_finite(gate: Gate):
    for point in itertools.product(_POOL, repeat=len(gate.arguments)):
        with np.errstate(all="ignore"):
            value = gate.forward(*point)
            arrays = gate.forward(*map(np.array, point))
        why = gate.domain(*point)
        assert (why is None) == math.isfinite(value), point
        assert why != "the value is too large" and (why is None or math.isnan(value))
        np.testing.assert_equal(float(arrays), value)


@pytest.mark.parametrize("gate", [g for g in ELEMENTWISE if len(g.arguments) == 1], ids=lambda gate: gate.key)
def test_one_bad_entry_is_enough(gate: Gate):
    bad = [a for a in _POOL if gate.domain(a)]
    good = [a for a in _POOL if not gate.domain(a)]
    for a in bad:
        assert gate.domain(np.array([good[0], a])) == gate.domain(a)
    assert gate.domain(np.array(good)) is None


_NO_VALUE = [
    ("ln x", {"x": 0}, "ln needs a positive number"),
    ("ln x", {"x": -1}, "ln needs a positive number"),
    ("ln x", {"x": [1, -1]}, "ln needs a positive number"),
    ("sqrt x", {"x": -1}, "a square root needs a number that is not negative"),
    ("x / y", {"x": 1, "y": 0}, "the denominator is 0"),
    ("x / y", {"x": [1, 0], "y": [1, 0]}, "the denominator is 0"),
    ("1 / x", {"x": 0}, "the denominator is 0"),
    ("x / 0", {"x": 1}, "the denominator is 0"),
    ("x^-1", {"x": 0}, "0 has no negative power"),
    ("x^y", {"x": -2, "y": 0.5}, "a negative number has a real power only where the exponent is whole"),
    ("x^0.5", {"x": -2}, "a negative number has a real power only where the exponent is whole"),
    ("exp x", {"x": 1000}, "the value is too large"),
    ("x^9", {"x": 1e200}, "the value is too large"),
    ("x y", {"x": 1e200, "y": 1e200}, "the value is too large"),
    ("x + ln(0)", {"x": 1}, "(ln(0)) has no value"),
    ("x / (1/0)", {"x": 1}, "(1/0) has no value"),
]


def _values(at: dict[str, object]) -> dict[str, Value]:
    return {name: as_value(np.array(value, dtype=float)) for name, value in at.items()}


@pytest.mark.parametrize(("text", "at", "why"), _NO_VALUE)
def test_why_there_is_no_value(text, at, why):
    with pytest.raises(NoValue) as caught:
        forward(one_gate(text, *at), _values(at))
    assert (caught.value.name, caught.value.why) == ("out", why)
    assert str(caught.value) == f"out: {why}"


_NO_SLOPE = [
    ("sqrt x", {"x": 0}, "the square root gate has no finite slope there"),
    ("x^0.5", {"x": 0}, "the power with a constant exponent gate has no finite slope there"),
    ("x^y", {"x": -2, "y": 2}, "the power gate has no finite slope there"),
    ("norm(x)", {"x": [0, 0]}, "the norm gate has no finite slope there"),
]


@pytest.mark.parametrize(("text", "at", "why"), _NO_SLOPE)
def test_why_there_is_no_slope(text, at, why):
    graph = one_gate(text, *at)
    values = forward(graph, _values(at))
    with pytest.raises(NoValue) as caught:
        backward(graph, values)
    assert (caught.value.name, caught.value.why) == ("out", why)
    unchecked = backward(graph, values, checked=False)
    assert not all(np.isfinite(total).all() for total in unchecked.totals)


_MISFITS = [
    ("x + y", [(2,), (3,)], "add cannot take shapes (2,) and (3,). Entry by entry; shapes broadcast."),
    ("W @ x", [(2, 3), (2,)], "matrix product cannot take shapes (2, 3) and (2,). "
     "(n, k) @ (k, m) gives (n, m): the inner sizes must be the same."),
    ("W @ x", [(2, 3), ()], "matrix product cannot take shapes (2, 3) and scalar. "
     "(n, k) @ (k, m) gives (n, m): the inner sizes must be the same."),
    ("dot(x, y)", [(2, 2), (2, 2)], "dot product cannot take shapes (2, 2) and (2, 2). "
     "Two vectors of the same length give a number; for matrices write a @ b."),
    ("sum(x, axis=1)", [(3,)], "sum with axis=1 does not fit shape (3,): its only axis is 0."),
    ("mean(x, axis=(0, 2))", [(3, 2)], "mean with axis=(0, 2) does not fit shape (3, 2): its axes are 0 to 1."),
    ("mean(x, axis=0)", [()], "mean with axis=0 does not fit a scalar: it has no axes."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "why"), _MISFITS)
def test_why_shapes_do_not_fit(text, shapes, why):
    names = [name for name in "Wxy" if name in text.replace("axis", "").replace("max", "")]
    graph = one_gate(text, *names)
    at = {name: as_value(np.ones(shape)) for name, shape in zip(names, shapes, strict=True)}
    with pytest.raises(ShapesDoNotFit) as caught:
        forward(graph, at)
    assert (caught.value.name, caught.value.why) == ("out", why)
    assert isinstance(caught.value, PassError)


_KINKED = [gate for gate in GATES.values() if gate.kinks]


@pytest.mark.parametrize("gate", _KINKED, ids=lambda gate: gate.key)
@pytest.mark.parametrize("a", _POOL)
def test_kinks_are_where_the_slopes_differ_from_side_to_side(gate: Gate, a: float):
    h = 2.0**-20
    for b in _POOL[: len(_POOL) ** (len(gate.arguments) - 1)]:
        point = (a, b)[: len(gate.arguments)]
        for port, interval in enumerate(gate.kinks(*point)):
            sides = []
            for step in (-h, h):
                moved = tuple(value + step * (i == port) for i, value in enumerate(point))
                sides.append((gate.forward(*moved) - gate.forward(*point)) / step)
            slope = gate.vjps[port](1.0, gate.forward(*point), *point)
            if interval is None:
                assert sides[0] == sides[1] == slope
            else:
                assert (interval.low, interval.high) == tuple(sorted(sides))
                assert slope == interval.torch
                assert interval.low <= interval.torch <= interval.high


@pytest.mark.parametrize("key", ["sigmoid", "tanh"])
@pytest.mark.parametrize("a", [-40.0, -15.0, -3.0, 0.0, 0.25, 8.0, 15.0, 40.0])
def test_slopes_keep_their_digits_where_the_function_is_flat(key: str, a: float):
    mpmath = import_module("mpmath")
    gate = GATES[key]
    with mpmath.workdps(60):
        truth = 1 / (4 * mpmath.cosh(mpmath.mpf(a) / 2) ** 2) if key == "sigmoid" else mpmath.sech(a) ** 2
        slope = gate.vjps[0](1.0, gate.forward(a), a)
        assert abs(slope - truth) <= 1e-14 * truth
        array = np.array([a])
        assert gate.vjps[0](1.0, gate.forward(array), array)[0] == pytest.approx(slope, rel=1e-14)


def test_flat_ends_do_not_overflow():
    for key in ("sigmoid", "tanh"):
        gate = GATES[key]
        for a in (-1e4, 1e4):
            with np.errstate(all="raise", under="ignore"):
                y = gate.forward(a)
                assert gate.vjps[0](1.0, y, a) == 0
                assert gate.forward(np.array([a]))[0] == y
