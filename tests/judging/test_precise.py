"""High precision: what is exact stays exact, what has no value says so, and nothing takes long."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from math import inf
from operator import add, mul, sub

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.engine.enclosure import BeyondReach, NoRealValue, NotSettled, Precisely, WorkBudget, WorkSpent
from tutor.engine.evaluate import constant, exact_result
from tutor.engine.gates.elementary import MOST_BITS, bits
from tutor.language import Apply

from .making import read

_FRACTIONS = st.fractions(-50, 50, max_denominator=30)


def _ball(text: str, bits: int = 192, **at: object):
    return Precisely(bits).ball(read(text), {name: Fraction(value) for name, value in at.items()})


@given(_FRACTIONS, _FRACTIONS)
def test_fractions_stay_exact(a: Fraction, b: Fraction) -> None:
    at = {"a": a, "b": b}
    for text, operation in (("a + b", add), ("a - b", sub), ("a b", mul), ("max(a, b)", max), ("min(a, b)", min)):
        ball = Precisely(64).ball(read(text), at)
        assert ball.is_exact
        assert ball.value == operation(a, b)
    assert _ball("a/b", **at).value == a / b if b else True
    assert _ball("relu(a) - relu(-a)", **at).value == a
    assert _ball("|a| + 2^3 + a^2", **at).value == abs(a) + 8 + a * a


@pytest.mark.parametrize(
    ("operation", "arguments", "result"),
    [
        ("pow", (2, 10), 1024),
        ("pow", (2, -2), Fraction(1, 4)),
        ("pow", (0, 0), 1),
        ("pow", (-1, 10**300), 1),
        ("pow", (-1, 10**300 + 1), -1),
        ("pow", (2, Fraction(1, 2)), None),
        ("pow", (9, 9**9), None),
        ("pow", (Fraction(1, 3), 10**6), None),
        ("mul", (1 << 4000, 1 << 4000), None),
        ("sin", (0,), None),
        ("neg", (3,), -3),
    ],
)
def test_exact_results_refuse_what_would_fill_the_memory(operation: str, arguments: tuple, result: object) -> None:
    assert exact_result(operation, [Fraction(a) for a in arguments]) == result


@pytest.mark.parametrize(("operation", "arguments"), [("div", (1, 0)), ("pow", (0, -1))])
def test_exact_division_by_zero(operation: str, arguments: tuple[int, int]) -> None:
    with pytest.raises(ZeroDivisionError):
        exact_result(operation, [Fraction(a) for a in arguments])


@given(_FRACTIONS, st.integers(-400, 400))
def test_exact_powers_are_right_or_none(base: Fraction, exponent: int) -> None:
    if base or exponent >= 0:
        result = exact_result("pow", [base, Fraction(exponent)])
        assert result == base**exponent or (result is None and bits(base**exponent) > MOST_BITS // 4)


def test_constants_are_folded() -> None:
    assert constant(read("2/3 - 1/6")) == Fraction(1, 2)
    assert constant(read("2 x")) is None
    assert constant(read("1/0")) is None
    assert constant(read("sqrt(4)")) is None


@pytest.mark.parametrize(
    ("text", "operation", "arguments"),
    [
        ("ln(a)", "ln", (-2.0,)),
        ("2 + sqrt(a - 1)", "sqrt", (-3.0,)),
        ("1/(a + 2)", "div", (1.0, 0.0)),
        ("a^0.5", "pow", (-2.0, 0.5)),
        ("(a + 2)^-1", "pow", (0.0, -1.0)),
        ("1/sin(π)", "div", (1.0, 0.0)),
        ("ln(sin(π))", "ln", (0.0,)),
        ("sin(π)^-1", "pow", (0.0, -1.0)),
    ],
)
def test_no_real_value_names_the_part_that_fails(text: str, operation: str, arguments: tuple[float, ...]) -> None:
    with pytest.raises(NoRealValue) as failure:
        _ball(text, a=-2)
    assert failure.value.part.operation == operation
    assert failure.value.values == pytest.approx(arguments)


@pytest.mark.parametrize(
    "text", ["sin(9^9^9)", "exp(9^9^9)", "9^9^9^9", "exp(exp(exp(exp(exp(exp(2))))))", "tanh(2^5000)"]
)
def test_what_is_too_large_is_refused(text: str) -> None:
    with pytest.raises((BeyondReach, NotSettled)):
        _ball(text, bits=1400)


def test_a_zero_that_is_computed_vanishes() -> None:
    assert _ball("sin(7π)").vanishes
    assert _ball("sin(a)^2 + cos(a)^2 - 1", a=1.3).vanishes
    assert _ball("sqrt(sin(7π))").vanishes
    assert _ball("sin(7π)^0.5").vanishes
    assert not _ball("sin(a)^2 + cos(a)^2 - 1 + 10^-90", a=1.3).vanishes
    assert not _ball("e^-1000").vanishes


@pytest.mark.parametrize(
    ("text", "bits"),
    [
        ("1/3 + e", 0),
        ("sin(x + 10^-100)", 300),
        ("sin(x) + 10^-100", 300),
        ("1 - 2/(e^200 + 1 + 10^-7)", 590),
        ("tanh(1000)", 2800),
        ("tanh(20 + 10^-30)", 190),
        ("x 10^-100 sin(x)", 0),
        ("cos(π/2 - π/2)", 0),
        ("cos(π - π + 10^-40)", 250),
        ("e^(-1000)", 0),
        ("max(e^x, e^x 10^-100)", 0),
        ("sin(1.000000000000000000000000000001)", 90),
        ("ln(1 + e^-200)", 288),
        ("(1 + e^-200)^2.5", 288),
        ("(π - π + 1 + e^-200)^-3", 288),
        ("(1 + e^-200)^40", 288),
        ("ln(cos(10^-50))", 333),
    ],
)
def test_what_is_hidden_is_known_to_be_missing(text: str, bits: int) -> None:
    """A part so many bits below the value is missing until there are about so many bits, and 64 more."""
    assert _ball(text, bits=bits + 150, x=1.3).missing_bits <= 0
    if bits:
        assert _ball(text, bits=max(64, bits - 10), x=1.3).missing_bits > 0


def test_powers_of_a_size_that_bits_do_not_reach_are_not_settled() -> None:
    with pytest.raises(NotSettled):
        _ball("1.5^(10^300)", bits=512)
    assert _ball("1.5^(10^300)", bits=1400).missing_bits <= 0
    assert float(_ball("1.5^(10^300)", bits=1400)) == inf
    assert float(_ball("-(1.5^(10^300))", bits=1400)) == -inf
    assert float(_ball("1.5^-(10^300)", bits=1400)) == 0


def test_threads_with_other_precisions_change_nothing() -> None:
    """FLINT has one precision for the whole process."""
    tree, at = read("ln(1 + e^x) sin(x)^7 - tanh(x)/3"), {"x": Fraction(13, 10)}
    many = [64, 192, 512, 1400] * 40

    def accuracy(bits: int) -> int:
        return Precisely(bits).ball(tree, at).known_bits

    alone = list(map(accuracy, many))
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(accuracy, many)) == alone
    finally:
        sys.setswitchinterval(interval)


def test_work_is_spent_and_ends() -> None:
    work = WorkBudget(100)
    precisely = Precisely(192, work)
    precisely.ball(read("sin(x) + 1"), {"x": Fraction(1)})
    assert 0 < work.left < 100
    with pytest.raises(WorkSpent):
        for _ in range(100):
            precisely.ball(read("sin(x) + 1"), {"x": Fraction(1)})


def test_a_part_used_many_times_is_computed_once() -> None:
    tree = read("x + 1")
    for _ in range(40):
        tree = Apply("mul", (tree, tree))
    assert not Precisely(192).ball(tree, {"x": Fraction(1, 10**9)}).vanishes


def test_matrices_have_no_precise_value() -> None:
    with pytest.raises(ValueError, match="elementwise"):
        _ball("[1, 2]")
    with pytest.raises(ValueError, match="elementwise"):
        _ball("sum(x)", x=1)
