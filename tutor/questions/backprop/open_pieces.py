"""What a wrong gradient shows to be known already: of its pieces only the others are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.graph import Use
from tutor.engine.values import Value, as_value, shape_of
from tutor.judging.misconceptions import Likelihood
from tutor.questions.backprop.answer_names import AnswerNames
from tutor.questions.backprop.candidates import down_candidates
from tutor.questions.backprop.carried_forward import judge_value
from tutor.questions.backprop.reference import Reference, total_key
from tutor.questions.backprop.value_source import ValueSource

Gives = Callable[[Value], bool]
"""Whether an answer is this value, as exactly as it is written."""

_WITH_RIGHT_LOCAL = frozenset({
    "forgot_upstream", "added_upstream", "divided_upstream", "upstream_squared", "seed_not_one", "skipped_a_gate",
    "other_upstream",
})  # fmt: skip
"""Mistakes made with the right local derivative: what it is put together with is wrong."""


@dataclass(frozen=True, slots=True)
class OpenWire:
    """A wire whose pieces are asked: what its gate sends down, and the local derivative unless that is known."""

    use: Use
    local: bool


def open_wires(reference: Reference, position: int, text: str, own: AnswerNames) -> tuple[OpenWire, ...]:
    """The wires that a wrong answer `text` to a value's gradient leaves open; all of them where it shows nothing.

    A wire is known where the answer is a mistake in the others alone. `own` are the names that may stand in the
    answer, as the learner has them, rounded perhaps: it counts with the true numbers too.
    """
    uses = reference.graph.uses[position]
    true = reference.names_on(reference.here, total_key(reference.name(position)))

    def gives(value: Value) -> bool:
        return any(judge_value(text, value, at).accepted for at in (own, true))

    with np.errstate(all="ignore"):
        known = _known_branches(reference, uses, gives) if len(uses) > 1 else frozenset[Use]()
        return tuple(OpenWire(use, not _has_right_local(reference, use, gives)) for use in uses if use not in known)


def _known_branches(reference: Reference, uses: Sequence[Use], gives: Gives) -> frozenset[Use]:
    """The branches of a fork that went right: one where it alone was given; all where only the sum went wrong."""
    shares = [reference.share(use) for use in uses]
    together = sum(shares[1:], start=shares[0])
    alone = [use for use, share in zip(uses, shares, strict=True) if gives(share)]
    if alone:
        return frozenset(alone[:1])
    if gives(as_value(np.prod(np.stack(shares), axis=0))) or gives(as_value(together / len(shares))):
        return frozenset(uses)
    left_out = [use for use, share in zip(uses, shares, strict=True) if len(uses) > 2 and gives(together - share)]
    suspects = left_out or [use for use in uses if any(True for _ in _mistakes(reference, use, gives))]
    return frozenset(uses) - {suspects[0]} if len(suspects) == 1 else frozenset()


def _mistakes(reference: Reference, use: Use, gives: Gives) -> Iterator[str]:
    """The names of the mistakes at a wire alone that lead to the answer, the likely ones."""
    share = reference.share(use)
    others = reference.gradient(reference.source(use)) - share
    for one in down_candidates(reference, use, ValueSource.of_pass(reference.here)):
        likely = one.likelihood > Likelihood.RARE or one.key in _WITH_RIGHT_LOCAL
        if likely and shape_of(one.gives) == shape_of(share) and gives(as_value(others + one.gives)):
            yield one.key


def _has_right_local(reference: Reference, use: Use, gives: Gives) -> bool:
    """Whether every mistake that explains the answer was made with this wire's right local derivative."""
    found = set(_mistakes(reference, use, gives))
    return bool(found) and found <= _WITH_RIGHT_LOCAL
