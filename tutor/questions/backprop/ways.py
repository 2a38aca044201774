"""The wrong ways at one place of a graph, each with the number it leads to there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tutor.engine.gates.mistakes import Mistake
from tutor.engine.values import Value, all_finite, as_value
from tutor.engine.wrong_ways import wrong_value
from tutor.questions.backprop.numbers import Place
from tutor.questions.backprop.slips import Slip


@dataclass(frozen=True)
class Row:
    """A mistake that is of no gate: at a fork, at the output, at a value. {parts} names the branches."""

    key: str
    says: str
    asks: str


@dataclass(frozen=True)
class Way:
    """One wrong way. Its label is the same at other inputs; its place or node says where it is."""

    label: str
    key: str
    value: Value
    what: Mistake | Slip | Row
    place: Place | None = None
    upstream: float | None = None
    """The upstream, where it is not the one that arrives: 1 for a local derivative."""

    slip_in: Literal["", "one", "all"] = ""
    """In a sum of branches: whether one of them is wrong so, or each."""

    names: tuple[tuple[str, str], ...] = ()
    """The texts' places, for a row."""


def of_gate(place: Place, upstream: float | None = None, value: bool = False) -> Iterator[Way]:
    """This gate's own mistakes at a wire; those in its value if `value`."""
    node = place.node
    assert node.gate is not None
    port = None if value else place.use.port
    for number, mistake in enumerate(node.gate.mistakes):
        if mistake.port != port:
            continue
        u: Value = 1.0 if value else place.u if upstream is None else _ones(place)
        wrong = wrong_value(node.gate, mistake, u, place.y, place.arguments, node.options)
        if wrong is None:
            continue
        # A local derivative is asked entry by entry; what goes down is summed back.
        sent = wrong if value or upstream is not None else place.back(wrong)
        yield Way(f"{mistake.key} {number}", mistake.key, sent, mistake, place, upstream)


def _ones(place: Place) -> Value:
    shape = np.shape(place.y)
    return np.ones(shape) if shape else 1.0


def of_slips(place: Place, slips: Sequence[Slip]) -> Iterator[Way]:
    """What these mistakes, which any gate can have, lead to at a wire."""
    for number, slip in enumerate(slips):
        for which, value in enumerate(_numbers(slip.wrong(place))):
            yield Way(f"{slip.key} {number}.{which}", slip.key, value, slip, place)


def _numbers(found: Iterable[Value | None]) -> Iterator[Value]:
    for value in found:
        if value is not None and all_finite(value):
            yield as_value(value)
