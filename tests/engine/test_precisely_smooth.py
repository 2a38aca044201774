"""erf, GELU and softplus in high precision: the true value lies within the radius that is claimed."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from importlib import import_module

import pytest

from tutor.engine.enclosure import BeyondReach, Precisely

from ..judging import oracle
from .making import read

mpmath = import_module("mpmath")

_TRUTH = {
    "erf": lambda x: mpmath.erf(x),
    "gelu": lambda x: x * (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2,
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
}


@pytest.mark.parametrize("word", _TRUTH)
@pytest.mark.parametrize("bits", [64, 256])
@pytest.mark.parametrize("x", ["-40", "-3", "-1/3", "1e-30", "0", "1/7", "2", "40", "700"])
def test_the_truth_lies_in_the_ball(word: str, bits: int, x: str):
    at = Fraction(x)
    ball = Precisely(bits).ball(read(f"{word}(x)", "x"), {"x": at})
    with mpmath.workprec(5_000):  # enough for e^-800 beside a 1
        truth = _TRUTH[word](mpmath.mpf(at.numerator) / at.denominator)
        middle, radius = oracle.middle_and_radius(ball)
        assert abs(middle - truth) <= radius
        assert radius <= abs(truth) * mpmath.mpf(2) ** (16 - bits)


@pytest.mark.parametrize("word", _TRUTH)
@pytest.mark.parametrize("sign", [1, -1])
def test_large_arguments_take_no_time(word: str, sign: int):
    for size in (10**9, 10**40, 10**1000):
        with suppress(BeyondReach):
            ball = Precisely(4500).ball(read(f"{word}(x)", "x"), {"x": Fraction(sign * size)})
            middle, _ = oracle.middle_and_radius(ball)
            assert abs(middle) <= mpmath.mpf(size)


def test_parts_that_cancel_are_felt():
    tree = read("softplus(x) - softplus(-x) - x", "x")
    ball = Precisely(256).ball(tree, {"x": Fraction(-13, 4)})
    assert not ball.is_sure
