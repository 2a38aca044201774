"""Random expressions against plain mpmath: no counterexample that is none, no difference that is missed."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isinf
from typing import Any

import mpmath
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.enclosure import BeyondReach, NoRealValue, NotSettled, Precisely
from tutor.judging import Comparison, Equivalence, compare
from tutor.language import Expression

from . import oracle
from .trees import NAMES, expressions, rewritten, slipped

_POINTS = st.lists(st.fractions(-8, 8, max_denominator=97), min_size=3, max_size=3).map(
    lambda values: dict(zip(NAMES, values, strict=True))
)


@given(st.data())
@settings(max_examples=examples(120), deadline=None)
def test_another_way_to_write_it_is_never_wrong(data: st.DataObject) -> None:
    truth = data.draw(expressions)
    answer = data.draw(rewritten(truth))
    found = compare(answer, truth, NAMES)
    assert found.outcome in (Equivalence.SAME, Equivalence.UNDECIDED) or _only_a_hole(found, answer, truth)


def _only_a_hole(found: Comparison, answer: Expression, truth: Expression) -> bool:
    """Whether the oracle agrees that the answer has no value there: 1/e^-a has none where e^-a is too small."""
    return found.outcome is Equivalence.UNDEFINED and _at(found, answer) is None and _at(found, truth) is not None


@given(st.data())
@settings(max_examples=examples(250), deadline=None)
def test_a_slip_is_found_and_the_point_shows_it(data: st.DataObject) -> None:
    truth = data.draw(expressions)
    answer = data.draw(slipped(truth))
    found = compare(answer, truth, NAMES)
    if found.outcome is Equivalence.DIFFERENT:
        mine, theirs = _at(found, answer), _at(found, truth)
        assert mine is not None and theirs is not None
        assert mine != theirs
        assert _is_told(found.yours, mine)
        assert _is_told(found.truth, theirs)
    elif found.outcome is Equivalence.UNDEFINED:
        assert _at(found, answer) is None
        assert _at(found, truth) is not None
    elif found.outcome is Equivalence.SAME:
        _assert_same(answer, truth, data.draw(st.lists(_POINTS, min_size=6, max_size=6)))


def _is_told(told: float | None, value: Any) -> bool:
    """Whether the float that is told is the value, as far as floats go."""
    if told is None or isinf(told):
        return told is not None and abs(value) > 1e308
    return bool(mpmath.almosteq(mpmath.mpf(told), value, 1e-9, 1e-300))


def _assert_same(answer: Expression, truth: Expression, points: list[dict[str, Fraction]]) -> None:
    for point in points:
        try:
            mine, theirs = oracle.value(answer, point), oracle.value(truth, point)
        except oracle.Unknown:
            continue
        if theirs is None:
            continue
        # A hole at a point that the judge never saw is no fault: x^2/x at 0.
        if mine is not None:
            with mpmath.workdps(oracle.DIGITS):
                assert abs(mine - theirs) <= mpmath.mpf(10) ** -200 * max(1, abs(theirs))


def _at(found: Comparison, tree: Expression) -> Any:
    """The oracle's value at the point that was found."""
    point: Mapping[str, Fraction] = {name: Fraction(repr(value)) for name, value in found.point.items()}
    try:
        return oracle.value(tree, point)
    except oracle.Unknown:
        assume(False)


@given(expressions, _POINTS, st.sampled_from([128, 256]))
@settings(max_examples=examples(250), deadline=None)
def test_the_true_value_lies_in_the_ball(tree: Expression, point: dict[str, Fraction], bits: int) -> None:
    precisely = Precisely(bits)
    try:
        theirs = oracle.value(tree, point)
        ball = precisely.ball(tree, point)
    except (oracle.Unknown, NotSettled, BeyondReach):
        assume(False)
    except NoRealValue:
        assert theirs is None or abs(theirs) > 1e100
        return
    assert theirs is not None
    with mpmath.workdps(oracle.DIGITS):
        middle, radius = oracle.middle_and_radius(ball)
        assert abs(middle - theirs) <= radius
