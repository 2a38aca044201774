"""The wrong ways at one place of a graph, each with the number it leads to there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates.mistakes import Mistake
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.engine.wrong_ways import wrong_value
from tutor.judging.precision import is_decimal, significant_digits
from tutor.language import Apply, Expression, Number, walk
from tutor.questions.backprop.numbers import Place
from tutor.questions.backprop.slips import Slip

ROUNDED_TO = 3
"""Significant digits that a rounded answer has, or more."""


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


def of_slips(place: Place, slips: Sequence[Slip], mark: str = "") -> Iterator[Way]:
    """What these mistakes, which any gate can have, lead to at a wire. `mark` tells labels of several wires apart."""
    for number, slip in enumerate(slips):
        for which, value in enumerate(_numbers(slip.wrong(place))):
            yield Way(f"{slip.key} {number}.{which}{mark}", slip.key, value, slip, place)


def same_formula(
    ways: Sequence[Way], answer: Expression, elsewhere: Sequence[tuple[Mapping[str, Value], Iterable[Way]]]
) -> list[Way]:
    """Of some ways, those that lead to an answer's formula: they agree with it `elsewhere`.

    A number in the formula that is the upstream may stand for it: `2 cos(b)` where 2 arrived.
    """
    near = [(names, {way.label: way for way in there}) for names, there in elsewhere]
    return [way for way in ways if all(_is_there(answer, way, names, there.get(way.label)) for names, there in near)]


def _is_there(answer: Expression, way: Way, names: Mapping[str, Value], there: Way | None) -> bool:
    if there is None:
        return False
    if _comes_to(answer, names, there.value):
        return True
    if way.place is None or there.place is None or way.upstream is not None:
        return False
    moved = _with_number(answer, way.place.u, there.place.u)
    return moved != answer and _comes_to(moved, names, there.value)


def _with_number(tree: Expression, old: Value, new: Value) -> Expression:
    """An expression with one number in it replaced by another."""
    if isinstance(tree, Number) and not shape_of(old) and not shape_of(new) and np.isclose(float(tree.value), old):
        return replace(tree, value=Fraction(float(new)))
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(_with_number(part, old, new) for part in tree.arguments))
    return tree


def likeliest(told: Sequence[Way], answer: Expression, at: Mapping[str, Value]) -> list[Way]:
    """Of the ways that an answer may have gone, those that it meets exactly, unless it is rounded."""
    if len(told) < 2 or any(_is_rounded(part) for part in walk(answer)):
        return list(told)
    return [way for way in told if _comes_to(answer, at, way.value)] or list(told)


def _is_rounded(part: Expression) -> bool:
    """Whether this was typed to as many digits as one rounds to: `1.00` may be 0.9996, `2.6` is hardly 2.63."""
    return isinstance(part, Number) and is_decimal(part) and significant_digits(part) >= ROUNDED_TO


def _comes_to(answer: Expression, at: Mapping[str, Value], value: Value | None) -> bool:
    """Whether an expression has exactly this value, but for the noise of floats."""
    try:
        mine = evaluate(answer, at)
    except (KeyError, ValueError):
        return False
    return value is not None and shape_of(mine) == shape_of(value) and np.allclose(mine, value, rtol=1e-9, atol=1e-12)


def _numbers(found: Iterable[Value | None]) -> Iterator[Value]:
    for value in found:
        if value is not None and all_finite(value):
            yield as_value(value)
