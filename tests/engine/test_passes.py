"""The two passes: forks, what is not used, seeds, long chains."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.passes import NoValue, backward, downstreams, forward, forward_unchecked

from .making import graph, run


def test_the_course_example():
    values, gradients = run(graph("x y z", "a = x + y", "f = a z"), x=1.0, y=3.0, z=2.0)
    assert values == {"x": 1, "y": 3, "z": 2, "a": 4, "f": 8}
    assert gradients == {"x": 2, "y": 2, "z": 4, "a": 2, "f": 1}


def test_gradients_add_at_a_fork():
    made = graph("x y", "a = x y", "b = a + x", "f = a b")
    values = forward(made, {"x": 3.0, "y": -4.0})
    gradients = backward(made, values)
    # f = (xy)(xy + x): df/da = b + a, and x feeds a and b.
    assert values[-1] == -12 * -9
    assert gradients.totals[made.positions["a"]] == -9 - 12
    assert gradients.totals[made.positions["x"]] == -21 * -4 + -12
    assert gradients.shares[made.positions["f"]] == (-9, -12)


def test_a_value_may_feed_both_arguments_of_one_gate():
    for x in (3.0, np.array([1.0, 2.0])):
        made = graph("x", "f = x x")
        gradients = backward(made, forward(made, {"x": x}))
        np.testing.assert_array_equal(gradients.totals[0], 2 * np.asarray(x))
        np.testing.assert_array_equal(gradients.shares[1][0], x)
        np.testing.assert_array_equal(gradients.shares[1][1], x)


def test_the_maximum_of_a_value_and_itself_is_the_value():
    for x in (3.0, np.array([1.0, 2.0])):
        for gate in ("max", "min"):
            made = graph("x", f"f = {gate}(x, x)")
            np.testing.assert_array_equal(backward(made, forward(made, {"x": x})).totals[0], np.ones(np.shape(x)))


@pytest.mark.parametrize("shape", [(), (3,), (2, 3)])
def test_an_input_that_is_not_used_gets_zeros_of_its_shape(shape):
    z = np.ones(shape) if shape else 1.0
    _, gradients = run(graph("x z", "f = 2 x"), x=1.5, z=z)
    assert np.shape(gradients["z"]) == shape
    assert not np.any(gradients["z"])
    assert isinstance(gradients["z"], float) == (shape == ())


@pytest.mark.parametrize("x", [1.5, np.array([1.5, 2.0])])
def test_a_gate_that_is_not_used_sends_zeros(x):
    made = graph("x y", "a = x y", "b = 3 x", "c = b + 1", "f = ln x")
    values = forward(made, {"x": x, "y": 2.0})
    gradients = backward(made, values)
    np.testing.assert_allclose(gradients.totals[0], 1 / np.asarray(x))
    for name in "yabc":
        assert not np.any(gradients.totals[made.positions[name]])
    assert gradients.shares[made.positions["b"]][0] is None
    for name in "abc":
        for share in gradients.shares[made.positions[name]]:
            assert share is None or not np.any(share)


@pytest.mark.parametrize("x", [0.0, np.array([0.0, 0.0])])
def test_a_gate_that_is_not_used_needs_no_slope(x):
    made = graph("x", "a = sqrt x", "f = 2 x")
    np.testing.assert_array_equal(backward(made, forward(made, {"x": x})).totals[0], 2 * np.ones(np.shape(x)))


@pytest.mark.parametrize(
    ("exponent", "slope"), [(0.0, 0.0), (1.0, 1.0), (2.0, 0.0), (3.0, 0.0)], ids=["x^0", "x^1", "x^2", "x^3"]
)
def test_powers_have_a_slope_at_0(exponent: float, slope: float):
    """x^0 is 1 everywhere, so its slope is 0 at 0 as well, where n x^(n - 1) has no value."""
    for wire in (f"{exponent:g}", f"[{exponent:g}, {exponent:g}]"):
        made = graph("x", f"f = x^{wire}")
        for x in (0.0, np.array([0.0, 0.0])):
            total = backward(made, forward(made, {"x": x})).totals[0]
            entries = 1 if np.ndim(x) or wire[0] != "[" else 2
            np.testing.assert_array_equal(total, np.full(np.shape(x), entries * slope))


def test_constants_get_no_share():
    made = graph("x", "a = 2 x", "b = x^3", "c = 1/b", "d = a + c", "f = d - 1")
    gradients = backward(made, forward(made, {"x": 2.0}))
    assert [[share is None for share in shares] for shares in gradients.shares] == [
        [], [True, False], [False, True], [True, False], [False, False], [False, True],
    ]  # fmt: skip


def test_the_seed_is_the_gradient_of_the_output():
    made = graph("x y", "f = x y")
    scalars = forward(made, {"x": 3.0, "y": 5.0})
    assert backward(made, scalars, -2.0).totals == (-10, -6, -2)
    arrays = forward(made, {"x": np.array([1.0, 2.0]), "y": 5.0})
    seed = np.array([1.0, -1.0])
    totals = backward(made, arrays, seed).totals
    np.testing.assert_array_equal(totals[0], 5 * seed)
    assert totals[1] == 1 - 2
    ones = backward(made, arrays).totals
    np.testing.assert_array_equal(ones[-1], [1.0, 1.0])
    assert ones[1] == 3


def test_downstreams_of_one_gate():
    made = graph("x y", "f = x / y")
    x, y = 3.0, np.array([1.0, 2.0])
    value = forward(made, {"x": x, "y": y})[-1]
    left, right = downstreams(made.nodes[-1], value, [x, y], np.array([1.0, 10.0]))
    assert left == 1 + 5
    np.testing.assert_array_equal(right, [-3, -7.5])


def test_an_input_without_a_value_is_a_key_error():
    made = graph("x y", "f = x y")
    for run_it in (forward, forward_unchecked):
        with pytest.raises(KeyError):
            run_it(made, {"x": 1.0})


def test_the_first_gate_at_fault_is_named():
    made = graph("x", "a = ln x", "b = 1/a", "c = exp b", "f = c x")
    for x in (-1.0, np.array([2.0, -1.0])):
        with pytest.raises(NoValue, match=r"^a: ln needs a positive number$"):
            forward(made, {"x": x})
    with pytest.raises(NoValue, match=r"^b: the denominator is 0$"):
        forward(made, {"x": 1.0})


def test_no_value_is_hidden_by_what_follows():
    """1/(1/0) is 0 in floating point; ln(0) under exp is 0 too."""
    for equations in (("a = 1/x", "f = 1/a"), ("a = ln x", "f = exp a"), ("a = x^-1", "f = 1/a")):
        made = graph("x", *equations)
        assert math.isnan(forward_unchecked(made, {"x": 0.0})[-1])
        assert np.isnan(forward_unchecked(made, {"x": np.array([0.0])})[-1]).all()
        with pytest.raises(NoValue, match=r"^a: "):
            forward(made, {"x": 0.0})


def test_a_constant_without_a_value_is_refused_where_it_stands():
    made = graph("x", "a = x + 1", "f = a^(1/0)")
    with pytest.raises(NoValue, match=r"^f: \(1/0\) has no value$"):
        forward(made, {"x": 0.0})


def test_overflow_of_an_unchecked_pass_is_infinite():
    made = graph("x", "a = -x", "b = exp a", "c = 1 + b", "f = 1/c")
    assert forward_unchecked(made, {"x": -1e4})[-1] == 0


def chain(length: int) -> Graph:
    builder = GraphBuilder(["x0"])
    for position in range(1, length + 1):
        builder.apply(f"x{position}", "sin" if position % 2 else "cos", f"x{position - 1}")
    return builder.build()


def test_a_chain_of_100_000_gates():
    made = chain(100_000)
    values = forward(made, {"x0": 0.4})
    slope, x = 1.0, 0.4
    for position in range(1, 100_001):
        slope *= math.cos(x) if position % 2 else -math.sin(x)
        x = math.sin(x) if position % 2 else math.cos(x)
        assert values[position] == x
    assert backward(made, values).totals[0] == pytest.approx(slope, rel=1e-9)


def test_a_sum_of_100_000_uses_of_one_value():
    builder = GraphBuilder(["x", "x0"])
    for position in range(1, 100_001):
        builder.apply(f"x{position}", "add", f"x{position - 1}", "x")
    made = builder.build()
    totals = backward(made, forward(made, {"x": 0.5, "x0": 1.0})).totals
    assert totals[0] == 100_000
    assert len(made.uses[0]) == 100_000


def test_a_long_chain_of_arrays():
    made = chain(5_000)
    x = np.array([0.4, -0.3])
    values = forward(made, {"x0": x})
    gradient = backward(made, values).totals[0]
    alone = [backward(made, forward(made, {"x0": float(one)})).totals[0] for one in x]
    np.testing.assert_allclose(gradient, alone, rtol=1e-9)
