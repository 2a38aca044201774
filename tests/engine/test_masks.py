"""Gates that choose, right at their jumps; and gradients of functions in pieces against HIPS autograd."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

import tutor
from tutor.engine.enclosure import NoRealValue, Precisely
from tutor.engine.evaluate import evaluate, fold_constants
from tutor.engine.gates import GATES, vocabulary
from tutor.language import read_expression, show

_AT = np.array([-1.5, 0.0, 2.0])


def _value(text: str, **at: Any) -> Any:
    return evaluate(read_expression(text, vocabulary(*at)).tree, at)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a > 0", [0, 0, 1]), ("a >= 0", [0, 1, 1]), ("a < 0", [1, 0, 0]), ("a <= 0", [1, 1, 0]),
        ("a == 0", [0, 1, 0]), ("a != 0", [1, 0, 1]), ("sign(a)", [-1, 0, 1]), ("step(a)", [0, 0, 1]),
        ("heaviside(a, 0.5)", [0, 0.5, 1]), ("heaviside(a)", [0, 0, 1]), ("where(a, 5, 7)", [5, 7, 5]),
        ("where(a > 0, a^2, -a)", [1.5, 0, 4]), ("-1 < a < 1", [0, 1, 0]), ("a < -1 or a > 1", [1, 0, 1]),
    ],
)  # fmt: skip
def test_values_on_either_side_and_at_the_jump(text: str, values: list[float]) -> None:
    np.testing.assert_array_equal(_value(text, a=_AT), values)
    for a, value in zip(_AT, values, strict=True):
        one = _value(text, a=float(a))
        assert isinstance(one, float) and one == value


def test_what_has_no_value_has_none_after_a_comparison() -> None:
    assert np.isnan(_value("ln(a) > 0", a=-1.0))
    np.testing.assert_array_equal(np.isnan(_value("sign(sqrt(a))", a=_AT)), [True, False, False])
    assert _value("where(a > 0, ln(a), 3)", a=-1.0) == 3.0  # what is not chosen needs no value


def test_high_precision_computes_only_what_is_chosen() -> None:
    tree = read_expression("where(a > 0, sqrt(a), 2)", vocabulary("a")).tree
    assert Precisely(192).ball(tree, {"a": Fraction(-1)}).value == 2
    assert float(Precisely(192).ball(tree, {"a": Fraction(2)})) == pytest.approx(2**0.5, rel=1e-15)
    with pytest.raises(NoRealValue):
        Precisely(192).ball(read_expression("ln(a) > 0", vocabulary("a")).tree, {"a": Fraction(-1)})


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("where(a > b, 1, 0)", "a > b"), ("where(a > b, 0, 1)", "a ≤ b"), ("where(a == b, 0, 1)", "a ≠ b"),
        ("where(a, 1, 0)", "where(a, 1, 0)"), ("(3 > 2) a", "a"),
        ("where(2 > 3, a, b) + sign(-4)", "where(0, a, b) + −1"),
    ],
)  # fmt: skip
def test_masks_are_put_in_order(text: str, tidy: str) -> None:
    assert show(fold_constants(read_expression(text, vocabulary("a", "b")).tree)).replace("(−1)", "−1") == tidy


_FUNCTIONS = [
    ("sum(where(abs(x - y) <= 1, 0.5 (x - y)^2, abs(x - y) - 0.5))",
     lambda x, y: anp.sum(anp.where(anp.abs(x - y) <= 1, 0.5 * (x - y) ** 2, anp.abs(x - y) - 0.5))),
    ("sum((x > y) * x^2 + (x <= y) * y^3)", lambda x, y: anp.sum((x > y) * x**2 + (x <= y) * y**3)),
    ("sum(sign(x) x y)", lambda x, y: anp.sum(anp.sign(x) * x * y)),
    ("sum(where(x > 0, x, 0.1 x) * y)", lambda x, y: anp.sum(anp.where(x > 0, x, 0.1 * x) * y)),
    ("sum(heaviside(x, 0) * exp(y))", lambda x, y: anp.sum((x > 0) * anp.exp(y))),
    ("sum((-1 < x < 1) * x * y)", lambda x, y: anp.sum((x > -1) * (x < 1) * x * y)),
    ("sum((x == max(x)) * y) + min(y)", lambda x, y: anp.sum((x == anp.max(x)) * y) + anp.min(y)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "function"), _FUNCTIONS, ids=[text for text, _ in _FUNCTIONS])
def test_gradients_are_those_of_autograd(text: str, function: Any) -> None:
    rng = np.random.default_rng(7)
    for shape in ((), (5,), (2, 3)):
        x, y = rng.uniform(-2, 2, shape), rng.uniform(-2, 2, shape)
        result = tutor.backprop(text, {"x": x, "y": y})
        assert result.value == pytest.approx(float(function(x, y)))
        for position, name in enumerate(("x", "y")):
            np.testing.assert_allclose(result.gradients[name], grad(function, position)(x, y), rtol=1e-12, atol=1e-15)


def test_nothing_is_sent_to_what_is_compared() -> None:
    for gate in GATES.values():
        if gate.pieces is not None:
            passed = {gate.pieces.below, gate.pieces.at, gate.pieces.above}
            assert [gate.is_flat(port) for port in range(len(gate.arguments))] == [
                name not in passed for name in gate.arguments
            ]
