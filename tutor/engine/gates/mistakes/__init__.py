"""The record of a mistake at a gate: a wrong way that leads to a number one can compute, and what to say to it.

A gate's entry holds its mistakes; those of the gates with the most of them have a module each here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from string import Formatter
from types import MappingProxyType
from typing import Any

import numpy as np

Formula = str | Callable[..., Any]
"""An expression over `u`, `y` and the gate's argument names; or wrong(u, y, *arguments, **options)."""


class Likelihood(IntEnum):
    """How likely people go wrong in a way. What is rare is named only where nothing likelier explains an answer."""

    RARE = 0
    POSSIBLE = 1
    COMMON = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong way: what it sends down instead, and what is said to a learner who went it.

    Texts may hold places: {y} the gate, {own} the argument, {other} the other one, {u} the upstream, {a}, {b}, ...
    the arguments by the gate's own names for them.
    """

    key: str
    port: int | None
    """The argument whose gradient it is; None for the gate's own value."""

    wrong: Formula
    """What was given instead. A function is for what the language has no word for; it may return None for nothing."""

    says: str
    """What was done, as a clause. After an expression it follows a colon: `6 is upstream·x: ...`.

    After a function it follows the answer itself: `6 ...`.
    """

    asks: str
    """The question that leads on."""

    where: Callable[..., bool] | None = None
    """where(*arguments): whether what is said is true of arguments like these; None where it always is."""

    likelihood: Likelihood = Likelihood.POSSIBLE
    lacks: tuple[str, ...] = ()
    """The arguments that are said to be missing, by the gate's names: an answer that has them went another way."""

    @property
    def is_clause(self) -> bool:
        """Whether `says` is a whole clause, and not what follows the answer."""
        return isinstance(self.wrong, str)


def begins_with_a_name(text: str) -> bool:
    """Whether a text begins with one of its places, a name then, which keeps its small letter."""
    first, place, *_ = next(iter(Formatter().parse(text)))
    return not first and place is not None


def each(
    key: str,
    wrong: tuple[Formula, Formula],
    says: str,
    asks: str,
    where: tuple[Callable[..., bool], Callable[..., bool]] | None = None,
) -> tuple[Mistake, Mistake]:
    """The same mistake at either of two arguments."""
    first, second = where or (None, None)
    return Mistake(key, 0, wrong[0], says, asks, first), Mistake(key, 1, wrong[1], says, asks, second)


def ranked(
    mistakes: Iterable[Mistake],
    *,
    common: Iterable[str] = (),
    rare: Iterable[str] = (),
    lacks: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> tuple[Mistake, ...]:
    """The mistakes of a gate, with those of these names made often or rarely, or lacking these arguments."""
    ranks = dict.fromkeys(common, Likelihood.COMMON) | dict.fromkeys(rare, Likelihood.RARE)
    return tuple(
        replace(one, likelihood=ranks.get(one.key, one.likelihood), lacks=lacks.get(one.key, one.lacks))
        for one in mistakes
    )


def forward(key: str, wrong: Formula, says: str, asks: str, where: Callable[..., bool] | None = None) -> Mistake:
    """A mistake in the gate's own value."""
    return Mistake(key, None, wrong, says, asks, where)


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
