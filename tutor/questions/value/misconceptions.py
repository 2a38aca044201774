"""What people get wrong in a value or a gradient: the candidates at the numbers of a blank, and at others.

`of_value` and `of_gradient` make them; those that the file tells of come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.passes import PassError, forward
from tutor.engine.values import Value, all_finite
from tutor.judging import Kind, Verdict, wrong
from tutor.judging.arithmetic_slips import arithmetic_slips
from tutor.judging.misconceptions import (
    MOST_PAIRS,
    Likelihood,
    Misconception,
    Recognised,
    across,
    both,
    if_exact,
    recognise,
    unless_in_doubt,
)
from tutor.judging.mistake_texts import AGAIN, first_question, joined, tell
from tutor.judging.precision import written_number
from tutor.judging.typed_answers import TypedAnswer
from tutor.language import Expression, Name, Number
from tutor.questions.carried_forward import DependentFormula, StandIn
from tutor.questions.graph_candidates import rounded_gradients, rounded_values
from tutor.questions.value.asked_formula import AskedFormula, OwnNumbers, inputs_of
from tutor.questions.value.formula_edits import OWN, Own, pairs_of
from tutor.questions.value.of_gradient import of_gradient, of_gradient_upon
from tutor.questions.value.of_value import in_sentences, of_gates, of_value, wrong_sign
from tutor.questions.value.reference import ReferenceValues

_SEEDS = (1, 2, 3)
_MOST_READINGS = 2
"""Ways to put own answers into a slip: all of them, then fewer."""


@dataclass(frozen=True)
class ValueMisconceptions:
    """All that are known for one blank."""

    asked: AskedFormula
    own: Own
    """The file's own."""

    truth: Value
    exact: bool = False
    """Whether answers are whole numbers, so that none is the rounding of another."""

    def named(self, answer: Expression, at: Mapping[str, Value], verdict: Verdict, digits: int) -> Verdict:
        """The verdict, with the misconceptions that the answer shows where they can be told.

        A right number of no more than so many digits is doubted where it may be one of them.
        """
        typed = TypedAnswer(answer, at, lambda: [{name: one.values[name] for name in at} for one in self._moved])
        if verdict.accepted:
            return verdict if self.exact else unless_in_doubt(verdict, typed, self.truth, self._single, digits)
        if verdict.rough:
            return if_exact(verdict, typed, self.truth, self._single())
        recognised = self._recognise(typed, answer)
        if not recognised.found:
            return replace(verdict, message=f"{verdict.message} {self._asks}") if verdict.unexplained else verdict
        said = tell(recognised.found, answer, others=recognised.others)
        if verdict.kind is Kind.UNREADABLE:  # its shape is wrong, which is said first and costs nothing
            return replace(verdict, message=f"{verdict.message} {said}", mistake=recognised.key)
        return wrong(said, recognised.key)

    @property
    def _asks(self) -> str:
        """What leads on where nothing is recognised."""
        by = self.asked.by
        if len(by) != 1 or not self.asked.may_say(by[0]):
            return AGAIN
        return f"What moves when {by[0]} moves, and how fast?"

    @cached_property
    def _moved(self) -> list[ReferenceValues]:
        """The formulas at other numbers."""
        return [self.asked.reference.moved(seed) for seed in _SEEDS]

    @cached_property
    def _from_file(self) -> list[Misconception]:
        return across(self._of_file, self.asked.reference, self._moved)

    @cached_property
    def _from_formula(self) -> list[Misconception]:
        return across(self._made, self.asked.reference, self._moved)

    def _single(self) -> list[Misconception]:
        return [*self._from_file, *self._from_formula]

    @cached_property
    def _rounded(self) -> list[Misconception]:
        """An intermediate value that was rounded, and then carried on."""
        with suppress(PassError, ValueError):
            if not self.asked.by:
                made = self.asked.graph(())
                if made is None:
                    return []
                graph, parts = made
                values = forward(graph, {name: self.asked.reference.values[name] for name in inputs_of(graph)})
                return [
                    *rounded_values(
                        graph, values, self.asked.written(graph, parts, self.asked.formula, self.asked.reference)
                    )
                ]
            context = self.asked.context(self.asked.reference, self.asked.by[0]) if len(self.asked.by) == 1 else None
            return [] if context is None else [*rounded_gradients(context)]
        return []

    @cached_property
    def _pairs(self) -> list[Misconception]:
        factors = both(self._from_formula, self.truth, lambda: [self._right(one) for one in self._moved])
        return [*factors, *across(self._of_two_edits, self.asked.reference, self._moved)]

    def _of_two_edits(self, reference: ReferenceValues) -> Iterator[Misconception]:
        """Two common slips at two places of the formula."""
        if self.asked.by:
            return
        for number, (first, second) in enumerate(islice(pairs_of(self.asked.formula), MOST_PAIRS)):
            one, other = (
                Misconception(edit.key, 0.0, partial(self.asked.told, edit), likelihood=Likelihood.COMMON)
                for edit in (first, second)
            )
            with suppress(ValueError):
                gives = reference.value(second.gives)
                if all_finite(gives):
                    yield Misconception(
                        f"{first.key}+{second.key}", gives, joined(one, other), partial(first_question, one),
                        label=f"two {number}",
                        lacks=tuple(part for part in (*first.lacks, *second.lacks) if isinstance(part, Name | Number)),
                        least_digits=2 if self.exact else 3,
                    )  # fmt: skip

    # Upon the learner's own numbers

    def named_upon(
        self, candidates: Iterable[Misconception], answer: Expression, at: Mapping[str, Value], verdict: Verdict
    ) -> Verdict:
        """The verdict on an answer that nothing explains, with what of these explains it."""
        typed = TypedAnswer(answer, at)
        recognised = self._among(list(candidates), typed)
        if not recognised.found:
            return verdict
        return wrong(tell(recognised.found, answer, others=recognised.others), recognised.key)

    def upon(self, own: OwnNumbers) -> Iterator[Misconception]:
        """Those of the way to a gradient, or of the gates of a value, upon own numbers."""
        if self.asked.by:
            yield from of_gradient_upon(self.asked, own)
        else:
            yield from of_gates(self.asked, self.asked.reference.with_values(own.values), self.asked.formula)

    def edited_upon(self, own: Sequence[StandIn], points: Sequence[Mapping[str, Value]]) -> Iterator[Misconception]:
        """The file's slips, and changes of the formula, with own answers for the parts of them."""
        edits = [] if self.asked.by else [(edit.key, self.asked.told(edit), edit.gives) for edit in self.asked.edits]
        for key, says, tree in [*((OWN, says, tree) for says, tree in self.own), *edits]:
            expanded = self.asked.reference.expanded(tree)
            for reading in islice(DependentFormula(expanded, points).readings(own), _MOST_READINGS):
                with suppress(ValueError, KeyError):
                    gives = evaluate(reading.tree, self.asked.reference.at)
                    if all_finite(gives):
                        yield Misconception(key, gives, in_sentences(says), likelihood=Likelihood.COMMON)

    def sign_of(self, value: Value) -> Misconception:
        """The wrong sign of a value that follows from own numbers."""
        return wrong_sign(self.asked, value)

    def _recognise(self, typed: TypedAnswer, answer: Expression) -> Recognised:
        recognised = self._among(self._from_file, typed)
        if recognised.found or recognised.many:
            return recognised
        recognised = self._among(self._from_formula, typed)
        if recognised.found or recognised.many:
            return recognised
        if written_number(answer) is not None:
            rounded = recognise(typed, self.truth, self._rounded)
            if rounded.found or rounded.many:
                return rounded
        if slips := tuple(arithmetic_slips(answer, self.truth)):
            return Recognised(slips)
        return self._among(self._pairs, typed)

    def _among(self, candidates: Sequence[Misconception], typed: TypedAnswer) -> Recognised:
        if self.exact:
            candidates = [one for one in candidates if _is_exactly(typed.tree, typed.at, one.gives)]
        return recognise(typed, self.truth, candidates)

    def _right(self, reference: ReferenceValues) -> Value:
        return reference.gradient(self.asked.tree, self.asked.by) if self.asked.by else reference.value(self.asked.tree)

    def _of_file(self, reference: ReferenceValues) -> Iterator[Misconception]:
        for number, (says, tree) in enumerate(self.own):
            with suppress(ValueError):
                yield Misconception(
                    OWN, reference.value(tree), in_sentences(says), likelihood=Likelihood.COMMON, label=f"own {number}"
                )

    def _made(self, reference: ReferenceValues) -> Iterator[Misconception]:
        with np.errstate(all="ignore"):
            for one in of_gradient(self.asked, reference) if self.asked.by else of_value(self.asked, reference):
                if all_finite(one.gives):
                    yield one


def _is_exactly(answer: Expression, at: Mapping[str, Value], value: Value) -> bool:
    try:
        return bool(np.allclose(evaluate(answer, at), value, rtol=1e-9))
    except (KeyError, ValueError):
        return False
