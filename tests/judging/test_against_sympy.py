"""Rational expressions against SymPy: what it expands, factors and combines is the same; what it tells apart is not."""

from __future__ import annotations

from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.engine.sympy_bridge import from_sympy, to_sympy
from tutor.judging import Equivalence, compare
from tutor.language import Expression

from .trees import NAMES, rationals, slipped


def _symbolic(tree: Expression) -> Any:
    made = to_sympy(tree)
    assume(made.is_finite is not False and not made.has(sympy.zoo, sympy.nan, sympy.oo))
    return made


@pytest.mark.parametrize("otherwise", [sympy.expand, sympy.together, sympy.cancel, sympy.factor])
@given(tree=rationals)
@settings(max_examples=25, deadline=None)
def test_written_otherwise_by_sympy(otherwise: Any, tree: Expression) -> None:
    answer = from_sympy(otherwise(_symbolic(tree)))
    assert compare(answer, tree, NAMES).outcome is Equivalence.SAME


@given(st.data())
@settings(max_examples=examples(80), deadline=None)
def test_what_sympy_tells_apart(data: st.DataObject) -> None:
    truth = data.draw(rationals)
    answer = data.draw(slipped(truth))
    try:
        difference = sympy.cancel(sympy.together(_symbolic(answer) - _symbolic(truth)))
    except ValueError:  # a slip may be a function that is not rational
        assume(False)
    assume(difference.is_rational_function())
    found = compare(answer, truth, NAMES)
    assert (found.outcome is Equivalence.SAME) == (difference == 0)


@given(rationals, st.sampled_from(NAMES))
@settings(max_examples=40, deadline=None)
def test_a_derivative_in_two_writings(tree: Expression, name: str) -> None:
    slope = sympy.diff(_symbolic(tree), sympy.Symbol(name, real=True))
    assert compare(from_sympy(sympy.expand(slope)), from_sympy(slope), NAMES).outcome is Equivalence.SAME
