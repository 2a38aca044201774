"""What a value follows from: the answers to the blanks before it, and the rounded numbers that the question prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from tutor.engine.evaluate import evaluate, number
from tutor.engine.gates import vocabulary
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Value, all_finite, shape_of
from tutor.judging import Carried
from tutor.language import Expression, Matrix, Unreadable, read_expression
from tutor.questions.carried_forward import DependentFormula, EarlierAnswer, StandIn, printed_numbers
from tutor.questions.value.reference import ReferenceValues

_MOVED = 4
"""Other points at which two formulas are compared."""

_SAME = 1e-9


@dataclass(frozen=True)
class DependentValue:
    """The value of one blank, as a formula in the numbers that are given."""

    called: str
    reference: ReferenceValues
    tree: Expression
    by: tuple[str, ...]
    truth: Value
    known: Mapping[str, Value]
    """The values of the names that an answer may use."""

    printed: tuple[str, ...]
    """The texts on the screen."""

    @cached_property
    def formula(self) -> Expression | None:
        """The truth in the given names alone; None where no formula says it."""
        reference = self.reference
        found = reference.expanded(self.tree, self.by)
        if self.by:
            slopes = [slope(found, name) for name in self.by]
            written = [reference.expanded(each) for each in slopes if each is not None]
            if len(written) < len(slopes):
                return None
            found = written[0] if len(written) == 1 else Matrix((tuple(written),), is_vector=True)
        try:
            value = evaluate(found, reference.at)
        except ValueError:
            return None
        same = shape_of(value) == shape_of(self.truth) and np.allclose(value, self.truth, _SAME, _SAME)
        return found if same else None

    @cached_property
    def _dependent(self) -> DependentFormula | None:
        """The formula, at the given numbers and at others that they might have been."""
        points = [self.reference.at, *(self.reference.moved(seed).at for seed in range(1, _MOVED + 1))]
        return None if self.formula is None else DependentFormula(self.formula, points)

    @cached_property
    def _from_print(self) -> list[StandIn]:
        return [] if self.formula is None else printed_numbers(self.printed, self.formula, self.reference.at)

    def follows(self, earlier: Sequence[EarlierAnswer], blanks: Mapping[str, DependentValue]) -> Iterator[Carried]:
        """What the value is from those answers, to `blanks` by their keys, and from printed numbers."""
        own = [one for answer in earlier if answer.key in blanks for one in blanks[answer.key].stands_in(answer)]
        if self._dependent is None or not (own or self._from_print):
            return
        called = {key: blank.called for key, blank in blanks.items()}
        for reading in self._dependent.readings([*own, *self._from_print]):
            try:
                value = evaluate(reading.tree, self.reference.at)
            except ValueError:
                continue
            if all_finite(value):
                yield Carried(value, reading.remark(called), reading.mistaken)

    def stands_in(self, answer: EarlierAnswer) -> Iterator[StandIn]:
        """An answer to this blank in place of its formula, where the two are not the same."""
        try:
            value = evaluate(read_expression(answer.text, vocabulary(*self.known)).tree, self.known)
        except (Unreadable, ValueError):
            return
        put = _literal(value)
        if self.formula is None or put is None or shape_of(value) != shape_of(self.truth):
            return
        if not np.array_equal(value, self.truth):
            yield StandIn(self.formula, put, answer)


def _literal(value: Value) -> Expression | None:
    """A number, vector or matrix written out; None for what cannot be."""
    array = np.asarray(value)
    if array.ndim > 2 or not np.all(np.isfinite(array)):
        return None
    if not array.ndim:
        return number(Fraction(float(array)))
    rows = np.atleast_2d(array).tolist()
    return Matrix(tuple(tuple(number(Fraction(entry)) for entry in row) for row in rows), is_vector=array.ndim == 1)
