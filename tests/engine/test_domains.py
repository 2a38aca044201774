"""Where gates have no value, where they have no slope, and where any slope in a range is right."""

from __future__ import annotations

import itertools
import math
import re
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
        np.testing.assert_allclose(float(arrays), value, rtol=1e-15)


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
    ("cross_entropy(x, [0, 3])", {"x": [[1, 2, 3], [4, 5, 6]]}, "a label is a whole number from 0 to 2 here"),
    ("cross_entropy(x, 0.5)", {"x": [1, 2]}, "a label is a whole number from 0 to 1 here"),
    ("cross_entropy(x, [-1])", {"x": [[1, 2]]}, "a label is a whole number from 0 to 1 here"),
    ("gather(x, [0, 2])", {"x": [1, 2]}, "the number of a row is a whole number from 0 to 1 here"),
    ("gather(x, 1.5)", {"x": [1, 2, 3]}, "the number of a row is a whole number from 0 to 2 here"),
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
    ("x + y", [(2,), (3,)], "add cannot take shapes (2,) and (3,). "
     "Entry by entry: counted from the right, sizes must be equal, or one of them 1."),
    ("W @ x", [(2, 3), (2,)], "matrix product cannot take shapes (2, 3) and (2,). "
     "(n, k) @ (k, m) gives (n, m): the inner sizes must be the same."),
    ("W @ x", [(2, 3), ()], "matrix product cannot take shapes (2, 3) and scalar. "
     "(n, k) @ (k, m) gives (n, m): the inner sizes must be the same."),
    ("dot(x, y)", [(2, 2), (2, 2)], "dot product cannot take shapes (2, 2) and (2, 2). "
     "Two vectors of the same length give a number; for matrices write a @ b."),
    ("sum(x, axis=1)", [(3,)], "sum with axis=1 does not fit shape (3,): its only axis is 0."),
    ("mean(x, axis=(0, 2))", [(3, 2)], "mean with axis=(0, 2) does not fit shape (3, 2): its axes are 0 to 1."),
    ("mean(x, axis=0)", [()], "mean with axis=0 does not fit a scalar: it has no axes."),
    ("concat(x, y, axis=0)", [(2, 3), (2, 2)], "concatenate cannot take shapes (2, 3) and (2, 2). "
     "Lengths n and m give n + m; with more axes, all sizes except along that axis must match."),
    ("concat(x, y, axis=1)", [(2,), (2,)], "concatenate with axis=1 does not fit shape (2,): its only axis is 0."),
    ("stack(x, y, axis=1)", [(2,), (3,)], "stack cannot take shapes (2,) and (3,). "
     "Two arrays of the same shape give one with a new axis of size 2: (n,) and (n,) give (2, n)."),
    ("softmax(x)", [()], "softmax cannot take shape scalar. "
     "The shape stays; entries along one axis (the last, unless axis says otherwise) are mixed."),
    ("softmax(x, axis=1)", [(3,)], "softmax with axis=1 does not fit shape (3,): its only axis is 0."),
    ("slice(x, 4, 9)", [(3,)], "slice cannot take shape (3,). "
     "slice(x, 1, 3) keeps entries (or rows) 1 and 2, counted from 0; the end is not included."),
    ("reshape(x, 2, 2)", [(3,)], "reshape cannot take shape (3,). "
     "The number of entries stays the same; they are read row by row."),
    ("conv1d(x, y)", [(2,), (3,)], "convolution cannot take shapes (2,) and (3,). "
     "Lengths n and k give n - k + 1: y_i is the sum of b_j a_(i + j); the kernel is not flipped."),
    ("cross_entropy(x, [0, 1])", [(3, 2)], "cross-entropy of logits cannot take shapes (3, 2) and (2,). Logits (n, k) "
     "and n labels, whole numbers from 0 to k - 1, give the mean loss; so do k logits and one label."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "shapes", "why"), _MISFITS)
def test_why_shapes_do_not_fit(text, shapes, why):
    names = [name for name in "Wxy" if re.search(rf"\b{name}\b", text)]
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
    others = itertools.product(_POOL, repeat=len(gate.arguments) - 1)
    for point in ((a, *more) for more in others):
        if list(point[1:]) != sorted(set(point[1:])):
            continue  # the ends of a clip are apart, and in their order
        for port, interval in enumerate(gate.kinks(*point)):
            sides = []
            for step in (-h, h):
                moved = tuple(value + step * (i == port) for i, value in enumerate(point))
                sides.append((gate.forward(*moved) - gate.forward(*point)) / step)
            slope = gate.vjps[port](1.0, gate.forward(*point), *point)
            if interval is None:
                assert sides == pytest.approx([slope, slope], rel=1e-5, abs=1e-9)
            else:
                assert (interval.low, interval.high) == pytest.approx(tuple(sorted(sides)), rel=1e-5, abs=1e-9)
                assert slope == pytest.approx(interval.torch, rel=1e-15)
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


def test_softmax_and_its_kin_stand_large_numbers():
    for shift in (-1e4, 0.0, 1e4):
        a = np.array([[1.0, 3.0], [2.5, -0.5]]) + shift
        with np.errstate(all="raise", under="ignore"):
            np.testing.assert_allclose(GATES["softmax"].forward(a), GATES["softmax"].forward(a - shift), rtol=1e-9)
            np.testing.assert_allclose(
                GATES["logsumexp"].forward(a), GATES["logsumexp"].forward(a - shift) + shift, rtol=1e-12
            )
            labels = np.array([0.0, 1.0])
            loss = GATES["cross_entropy"].forward(a, labels)
            assert loss == pytest.approx(GATES["cross_entropy"].forward(a - shift, labels), rel=1e-9)
    assert GATES["cross_entropy"].forward(np.array([0.0, -2000.0]), 1.0) == 2000.0


@pytest.mark.parametrize("key", ["softplus", "gelu", "erf"])
@pytest.mark.parametrize("a", [-36.0, -20.0, -5.0, -0.3, 0.0, 0.25, 8.0, 36.0])
def test_smooth_functions_keep_their_digits(key: str, a: float):
    mpmath = import_module("mpmath")
    gate = GATES[key]
    with mpmath.workdps(700):
        x = mpmath.mpf(a)
        form = {
            "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
            "gelu": lambda x: x * (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2,
            "erf": mpmath.erf,
        }[key]
        value, slope = form(x), mpmath.diff(form, x)
        assert abs(gate.forward(a) - value) <= 1e-13 * abs(value)
        assert abs(gate.vjps[0](1.0, gate.forward(a), a) - slope) <= 1e-13 * abs(slope) + 1e-300
    array = np.array([a])
    assert gate.forward(array)[0] == pytest.approx(gate.forward(a), rel=1e-13)
    assert gate.vjps[0](1.0, gate.forward(array), array)[0] == pytest.approx(gate.vjps[0](1.0, 0.0, a), rel=1e-13)


@pytest.mark.parametrize("word", ["max", "min"])
def test_entries_that_tie_share_the_upstream(word: str):
    a = np.array([[2.0, 2.0, 1.0], [0.5, 3.0, 0.5], [1.0, 1.0, 1.0]]) * (1 if word == "max" else -1)
    graph = one_gate(f"{word}(x, axis=1)", "x")
    values = forward(graph, {"x": a})
    (share,) = backward(graph, values, np.array([6.0, 5.0, 3.0])).shares[-1]
    np.testing.assert_array_equal(share, [[3, 3, 0], [0, 5, 0], [1, 1, 1]])


def test_rows_that_are_taken_twice_add_up():
    graph = one_gate("gather(x, [2, 0, 2])", "x")
    values = forward(graph, {"x": np.ones((3, 2))})
    (share, none) = backward(graph, values, np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])).shares[-1]
    np.testing.assert_array_equal(share, [[3, 4], [0, 0], [6, 8]])
    assert none is None


def test_whole_numbers_that_are_wires_get_no_gradient():
    for text in ("gather(x, t)", "cross_entropy(x, t)"):
        graph = one_gate(text, "x", "t")
        values = forward(graph, {"x": np.array([[1.0, 2.5], [0.3, -1.0]]), "t": np.array([1.0, 0.0])})
        np.testing.assert_array_equal(backward(graph, values).totals[1], [0, 0])


def test_flat_ends_do_not_overflow():
    for key in ("sigmoid", "tanh"):
        gate = GATES[key]
        for a in (-1e4, 1e4):
            with np.errstate(all="raise", under="ignore"):
                y = gate.forward(a)
                assert gate.vjps[0](1.0, y, a) == 0
                assert gate.forward(np.array([a]))[0] == y


@pytest.mark.parametrize("text", ["norm(x)", "std(x)", "norm(x, axis=0)", "std(x, ddof=1)"])
def test_a_norm_and_a_deviation_send_nothing_where_they_are_0(text):
    """As PyTorch does; a subgradient is accepted too, and nothing longer."""
    graph = one_gate(text, "x")
    values = forward(graph, {"x": np.array([2.0, 2.0]) * ("std" in text)})
    assert np.all(backward(graph, values).totals[0] == 0)
    node = graph.nodes[graph.output]
    for sent, accepted in (([0.4, -0.4], True), ([3.0, -3.0], False)):
        assert node.gate.accepts_subgradient(np.array(sent), 1.0, 0.0, values[0], **node.options) is accepted
