"""The misconceptions at a step of gradient descent: what each gives, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.engine.values import Value, as_value, shape_of
from tutor.judging import Kind, Verdict
from tutor.judging.misconceptions import Likelihood, Misconception, TypedAnswer, clause, recognise, tell
from tutor.language import Expression

_RARE, _POSSIBLE, _COMMON = Likelihood

_AGAINST = "The step goes against the gradient. Which sign comes before it?"
_HOW_FAR = "How far does the step go?"
_ARRIVES = "Where is {x} after the step?"
_FORMULA = "What is subtracted from {x}?"

_ROWS: tuple[tuple[str, Callable[[Value, float, Value], Value], str, str, Likelihood], ...] = (
    ("uphill", lambda x, s, g: x + s * g, "it goes up the hill: the step was added", _AGAINST, _COMMON),
    ("no_step_size", lambda x, _s, g: x - g, "the step size is missing", _HOW_FAR, _COMMON),
    ("change_alone", lambda _x, s, g: -s * g, "it is how far {x} moves", _ARRIVES, _COMMON),
    ("change_alone", lambda _x, s, g: s * g, "it is how far {x} moves, without the direction", _ARRIVES, _COMMON),
    ("gradient_alone", lambda _x, _s, g: g, "it is the gradient", _ARRIVES, _COMMON),
    ("gradient_alone", lambda _x, _s, g: -g, "it is the gradient with its sign flipped", _ARRIVES, _POSSIBLE),
    ("uphill", lambda x, _s, g: x + g, "the whole gradient was added, without the step size", _AGAINST, _POSSIBLE),
    ("no_gradient", lambda x, s, _g: x - s, "only the step size was subtracted", _FORMULA, _POSSIBLE),
    ("no_gradient", lambda x, s, _g: x + s, "only the step size was added", _FORMULA, _RARE),
    ("not_moved", lambda x, _s, _g: x, "it is {x} before the step", _ARRIVES, _POSSIBLE),
    ("value_for_gradient", lambda x, s, _g: x - s * x, "{x} itself was used, not its gradient", _FORMULA, _POSSIBLE),
    ("step_size_divided", lambda x, s, g: x - g / s, "it was divided by the step size", _HOW_FAR, _POSSIBLE),
    ("times_value", lambda x, s, g: x * (x - s * g), "the new value was multiplied by {x}", _FORMULA, _RARE),
    ("wrong_way_round", lambda x, s, g: s * g - x, "{x} was subtracted from the step", _FORMULA, _POSSIBLE),
)  # fmt: skip
"""Key, what it gives for x, the step size and the gradient, what was done, the question, how likely it is."""


@dataclass(frozen=True)
class DescendStart:
    """What a step begins from, at one set of numbers: the value, and the gradient there."""

    value: Value
    gradient: Value


@dataclass(frozen=True)
class DescendPlace:
    """One input that is updated: by what step size, and from where, at the exercise's numbers and at others."""

    name: str
    step: float
    here: DescendStart
    near: Sequence[DescendStart]
    names: Sequence[Mapping[str, Value]]
    """The inputs here and at the other numbers."""

    @property
    def truth(self) -> Value:
        """The right update."""
        return self.here.value - self.step * self.here.gradient

    def candidates(self, gradients: Iterable[Misconception] = ()) -> Iterator[Misconception]:
        """Those of the step itself; then the step made rightly from a wrong gradient."""
        for number, (key, gives, says, asks, likelihood) in enumerate(_ROWS):
            yield Misconception(
                key, as_value(gives(self.here.value, self.step, self.here.gradient)),
                says.format(x=self.name), asks.format(x=self.name), likelihood, f"{key} {number}",
                elsewhere=_Elsewhere(gives, self.step, self.near), opens_with_a_name=says.startswith("{x}"),
            )  # fmt: skip
        for one in gradients:
            if shape_of(one.gives) == shape_of(self.here.value) and one.likelihood > _RARE:
                yield self._from_wrong(one)

    def _from_wrong(self, one: Misconception) -> Misconception:
        """The step from a wrong gradient, which is asked about."""

        return replace(
            one, gives=self.here.value - self.step * one.gives, evidence="",
            says=lambda: f"the gradient in it is wrong: {clause(one)}", label=f"step: {one.label}",
            likelihood=min(one.likelihood, _POSSIBLE), opens_with_a_name=False,
            elsewhere=lambda: [
                None if wrong is None else start.value - self.step * wrong
                for start, wrong in zip(self.near, one.elsewhere(), strict=False)
            ],
        )  # fmt: skip


@dataclass(frozen=True)
class _Elsewhere:
    gives: Callable[[Value, float, Value], Value]
    step: float
    near: Sequence[DescendStart]

    def __call__(self) -> Sequence[Value]:
        return self._values

    @cached_property
    def _values(self) -> list[Value]:
        return [as_value(self.gives(start.value, self.step, start.gradient)) for start in self.near]


def explain_step(
    places: Sequence[DescendPlace], gradients: Iterable[Misconception], answer: Expression, verdict: Verdict
) -> Verdict:
    """The verdict on a wrong update, with the mistake it is. `places` are the true one, then the learner's own."""
    if verdict.kind is not Kind.WRONG:
        return verdict
    true = places[0]
    with np.errstate(all="ignore"):
        candidates = [*true.candidates(gradients)]
        candidates += [one for place in places[1:] for one in place.candidates()]
    stand_ins = ((true.here.gradient, [start.gradient for start in true.near]),)
    typed = TypedAnswer(answer, true.names[0], lambda: true.names[1:], stand_ins)
    recognised = recognise(typed, true.truth, candidates)
    if not recognised.found:
        asks = f"{true.name} moves by the step size times the gradient. From where, and in which direction?"
        return replace(verdict, message=f"{verdict.message} {asks}")
    return replace(verdict, message=tell(recognised.found, answer), mistake=recognised.key, unexplained=False)
