"""The mistakes at a gate: wrong ways that lead to a number one can compute, and what to say to them.

A gate's entry holds its own; those of the gates with the most of them have a module each here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from tutor.engine.misconceptions import Likelihood, Misconception
from tutor.language import Name

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
