"""The record of a misconception: a named wrong way to an answer, what it leads to, and what is said of it.

Every table of wrong ways holds these, those of the gates as well as those of each kind of question. In a table `gives`
says how the wrong answer is made (a formula, a function, an edited expression) and the texts may hold places such as
{y}; for a blank, `gives` is what it comes to there and the texts are filled in. Answers are held against them by
`judging.misconceptions`.

A gate's entry holds its own; those of the gates with the most of them have a module each here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from string import Formatter
from types import MappingProxyType
from typing import Any

import numpy as np

from tutor.language import Expression, Name

Text = str | Callable[[], str]
"""What is said; as a function where it is costly to put together, and most candidates are never told."""


class Likelihood(IntEnum):
    """How likely people go wrong in a way. What is rare is named only where nothing likelier explains an answer."""

    RARE = 0
    POSSIBLE = 1
    COMMON = 2


def nowhere() -> Sequence[Any]:
    """What comes out at other numbers where there are none."""
    return ()


@dataclass(frozen=True, slots=True)
class Misconception:
    """One wrong way to an answer."""

    key: str
    """Its name in the journal: the same at every gate and in every kind that has it."""

    gives: Any
    """What it leads to here: a number, an array, a shape, a row of names. In a table, what makes that."""

    says: Text
    """What was done: a clause in which `it` is the answer, without a full stop; or whole sentences, with theirs."""

    asks: Text = ""
    """The question that leads on; "" where `says` has one."""

    likelihood: Likelihood = Likelihood.POSSIBLE
    label: str = ""
    """Tells it from others of its key; the same at other numbers."""

    elsewhere: Callable[[], Sequence[Any]] = nowhere
    """What it leads to at other numbers, None where it cannot be made; none at all where there are no others."""

    evidence: Text = ""
    """How it leads there: a predicate such as `is upstream·x = 2·3`, which the clause follows."""

    lacks: tuple[Expression, ...] = ()
    """Names and numbers that are said to be missing: it is not told of an answer in which they stand."""

    opens_with_a_name: bool = False
    """Whether `says` begins with a name, which keeps its small letter."""

    least_digits: int = 0
    """Digits that a number needs to be told by it: of a rare way with many outcomes, short numbers say nothing."""

    divisor: int = 0
    """What it says is divided by, beside the right answer: it is not told of a formula in which nothing is."""

    factor: str = ""
    """The factor of the right answer that it changes, so that it can be made together with a change of another one."""


def text_of(text: Text) -> str:
    """What is said, put together."""
    return text if isinstance(text, str) else text()


def begins_with_a_name(text: str) -> bool:
    """Whether a text begins with one of its places, a name then, which keeps its small letter."""
    first, place, *_ = next(iter(Formatter().parse(text)))
    return not first and place is not None


# Of gates

Formula = str | Callable[..., Any]
"""An expression over `u`, `y` and the gate's argument names; or wrong(u, y, *arguments, **options)."""


@dataclass(frozen=True, slots=True)
class GateMisconception(Misconception):
    """A row of a gate's entry: what someone sends down instead, or takes for the gate's value.

    `gives` is a `Formula`; it may return None for nothing. Texts may hold places ({y} the gate, {own} the argument,
    {other} the other one, {u} the upstream, {a}, {b}, ... the arguments by the gate's own names for them), and
    `lacks` has those names.
    """

    says: str
    """What was done, as a clause. After an expression it follows a colon: `6 is upstream·x: ...`.

    After a function it follows the answer itself: `6 ...`.
    """

    asks: str = ""
    """The question that leads on."""

    port: int | None = None
    """The argument whose gradient it is; None for the gate's own value."""

    where: Callable[..., bool] | None = None
    """where(*arguments): whether what is said is true of arguments like these; None where it always is."""

    @property
    def is_formula(self) -> bool:
        """Whether it is an expression, which can be shown: `says` is a whole clause then."""
        return isinstance(self.gives, str)

    @property
    def clause(self) -> str:
        """What was done, as a clause of its own."""
        return self.says if self.is_formula else f"it {self.says}"


def backward(
    key: str, port: int, wrong: Formula, says: str, asks: str, where: Callable[..., bool] | None = None
) -> GateMisconception:
    """One in what is sent down to the argument at this port."""
    return GateMisconception(key, wrong, says, asks, port=port, where=where)


def forward(
    key: str, wrong: Formula, says: str, asks: str, where: Callable[..., bool] | None = None
) -> GateMisconception:
    """One in the gate's own value."""
    return GateMisconception(key, wrong, says, asks, where=where)


def each(
    key: str,
    wrong: tuple[Formula, Formula],
    says: str,
    asks: str,
    where: tuple[Callable[..., bool], Callable[..., bool]] | None = None,
) -> tuple[GateMisconception, GateMisconception]:
    """The same mistake at either of two arguments."""
    first, second = where or (None, None)
    return backward(key, 0, wrong[0], says, asks, first), backward(key, 1, wrong[1], says, asks, second)


def ranked(
    mistakes: Iterable[GateMisconception],
    *,
    common: Iterable[str] = (),
    rare: Iterable[str] = (),
    lacks: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[GateMisconception, ...]:
    """The mistakes of a gate, with those of these names made often or rarely, or lacking these arguments."""
    ranks = dict.fromkeys(common, Likelihood.COMMON) | dict.fromkeys(rare, Likelihood.RARE)
    parts = {key: tuple(map(Name, names)) for key, names in lacks.items()}
    return tuple(
        replace(one, likelihood=ranks.get(one.key, one.likelihood), lacks=parts.get(one.key, one.lacks))
        for one in mistakes
    )


def spread(value: Any, a: Any, axis: Any, keepdims: bool) -> Any:
    """What belongs to each group along an axis, copied to every entry of it: of the shape of `a`."""
    if axis is not None and not keepdims:
        value = np.expand_dims(value, axis)
    return np.broadcast_to(value, np.shape(a))


def copied(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The upstream copied to every entry of `a`, in the shape of `a`."""
    return spread(u, a, axis, keepdims) + 0.0


def reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    """A mistake in the gate's value: another function of the same entries, along the same axis."""
    return lambda _u, _y, a, axis=None, keepdims=False: function(a, axis=axis, keepdims=keepdims)


def along_the_other(function: Callable[..., Any]) -> Callable[..., Any]:
    """A mistake in the gate's value: the same function along the other axis of a matrix."""

    def value(_u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        matrix = np.ndim(a) == 2 and isinstance(axis, int)
        return function(a, axis=1 - axis % 2, keepdims=keepdims) if matrix else None

    return value
