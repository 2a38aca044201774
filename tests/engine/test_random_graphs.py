"""Random graphs against HIPS autograd, and the scalar passes against those over arrays."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.passes import NoValue, backward, forward, forward_unchecked
from tutor.engine.values import shape_of

from . import oracle
from .random_graphs import Recipe, scalar_recipes, tensor_recipes

pytestmark = pytest.mark.filterwarnings("ignore:Output seems independent of input")


def check(recipe: Recipe, seed: int) -> None:
    graph = recipe.graph()
    with np.errstate(all="ignore"):
        expected = recipe.values(np, [np.asarray(value, dtype=float) for value in recipe.inputs])
    gates_fine = all(np.isfinite(value).all() for value in expected[len(recipe.inputs) :])
    try:
        values = forward(graph, recipe.at)
    except NoValue as error:
        # By hand 1/(1/0) comes out as 0; the engine stops at 1/0.
        at_fault = graph.positions[error.name]
        assert not np.isfinite(expected[at_fault]).all()
        assert all(np.isfinite(value).all() for value in expected[:at_fault])
        return
    assert gates_fine
    for here, there in zip(values, expected, strict=True):
        assert shape_of(here) == np.shape(there)
        assert isinstance(here, float) == (np.ndim(there) == 0)
    for (key, arguments, options), here in zip(recipe.gates, values[len(recipe.inputs) :], strict=True):
        # From the engine's own arguments: sin(e^e^3) makes much of a difference in their last digit.
        there = oracle.value(key, [values[a] for a in arguments], options)
        np.testing.assert_allclose(here, there, rtol=1e-12, atol=1e-15)  # by hand 1 + erf loses digits far to the left
    upstream = np.random.default_rng(seed).uniform(-2, 2, np.shape(expected[-1]))
    try:
        gradients = backward(graph, values, upstream if upstream.ndim else float(upstream))
    except NoValue as error:
        check_that_it_has_no_slope(recipe, graph.positions[error.name], expected)
        return
    if not all(is_ordinary(value) for value in expected) or stands_at_a_bound(recipe, values):
        return
    truth = oracle.vjps(recipe.output, recipe.inputs, upstream)
    largest = max(np.max(np.abs(share)) for shares in gradients.shares for share in shares)
    for here, there in zip(gradients.totals, truth, strict=False):
        assert shape_of(here) == np.shape(there)
        np.testing.assert_allclose(here, there, rtol=1e-7, atol=1e-11 * (1 + largest))


def stands_at_a_bound(recipe: Recipe, values: list) -> bool:
    """Whether something is clipped at its own value, or between equal bounds: each has its right to the slope."""
    clipped = [[values[a] for a in arguments] for key, arguments, _ in recipe.gates if key == "clip"]
    return any(np.any(np.equal(one, other)) for each in clipped for one, other in combinations(each, 2))


def is_ordinary(value: np.ndarray) -> bool:
    """Neither large nor what rounding leaves of 0: gradients there are as good as their last digit."""
    size = np.abs(value)
    return bool(np.all((size < 1e4) & ((size > 1e-6) | (size == 0))))


def check_that_it_has_no_slope(recipe: Recipe, position: int, values: list) -> None:
    """Of the gate alone: what follows or comes before may hide it, as relu hides that sqrt has none at 0."""
    key, arguments, options = recipe.gates[position - len(recipe.inputs)]
    given_ = [values[a] for a in arguments]
    if key == "pow" and np.any(given_[0] <= 0):
        return  # d(a^n)/dn needs a > 0; autograd fills in a slope
    one = np.ones(np.shape(values[position]))
    slopes = oracle.vjps(lambda m, *each: oracle.FORMULAS[key](m, *each, **options), given_, one)
    finite = all(np.isfinite(slope).all() for slope in slopes)
    assert not finite or max(np.max(np.abs(value)) for value in values) > 1e100  # or upstream x local is too large


@settings(max_examples=examples(400), deadline=None)
@given(scalar_recipes(), st.integers(0, 99))
@example(Recipe([0.0, 2.0], [("elu", (0, 1), {})]), 0)
@example(Recipe([0.0], [("selu", (0,), {})]), 0)
@example(Recipe([-3.0], [("hard_sigmoid", (0,), {})]), 0)
@example(Recipe([3.0], [("hard_sigmoid", (0,), {})]), 0)
@example(Recipe([1.0, 2.0, 2.0], [("clip", (0, 1, 2), {})]), 0)
def test_scalar_graphs(recipe: Recipe, seed: int):
    check(recipe, seed)


@settings(max_examples=examples(400), deadline=None)
@given(tensor_recipes(), st.integers(0, 99))
def test_tensor_graphs(recipe: Recipe, seed: int):
    check(recipe, seed)


@settings(max_examples=examples(150), deadline=None)
@given(scalar_recipes(most=20))
def test_numbers_and_arrays_of_one_go_the_same_way(recipe: Recipe):
    """Plain numbers take a short cut through both passes; it must lead to the same place."""
    graph = recipe.graph()
    arrays = {name: np.array([value]) for name, value in recipe.at.items()}

    def run(at):
        try:
            values = forward(graph, at)
            gradients = backward(graph, values)
        except NoValue as error:
            return error
        return values, gradients

    numbers, entries = run(recipe.at), run(arrays)
    if isinstance(numbers, NoValue):
        assert isinstance(entries, NoValue)
        assert str(numbers) == str(entries)
        return
    for here, there in zip(numbers[0], entries[0], strict=True):
        assert here == pytest.approx(there[0], rel=1e-12)
    largest = max(abs(share) for shares in numbers[1].shares for share in shares)
    for here, there in zip(numbers[1].totals, entries[1].totals, strict=True):
        assert here == pytest.approx(there[0], rel=1e-9, abs=1e-11 * (1 + largest))
    for here, there in zip(numbers[1].shares, entries[1].shares, strict=True):
        assert len(here) == len(there)


@settings(max_examples=examples(150), deadline=None)
@given(scalar_recipes(), st.lists(st.floats(-3, 3), min_size=2, max_size=5))
def test_sample_points_give_what_they_give_one_by_one(recipe: Recipe, points: list[float]):
    graph = recipe.graph()
    together = forward_unchecked(graph, {**recipe.at, "x0": np.array(points)})[-1]
    alone = [forward_unchecked(graph, {**recipe.at, "x0": point})[-1] for point in points]
    # Far-out arguments of sin and tan turn a difference in the last digit into a whole turn.
    assume(np.nanmax(np.abs([1, *alone]), initial=0) < 1e6)
    np.testing.assert_allclose(np.broadcast_to(together, (len(points),)), alone, rtol=1e-5, atol=1e-8)
