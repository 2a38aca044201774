"""The wrong ways at one place of a graph, each with the number it leads to there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates.mistakes import Mistake
from tutor.engine.graph import Use
from tutor.engine.values import Value, all_finite, as_value, shape_of
from tutor.engine.wrong_ways import wrong_value
from tutor.judging.precision import is_decimal, significant_digits
from tutor.language import Apply, Expression, Number, walk
from tutor.questions.backprop.value_source import GatePlace


@dataclass(frozen=True, slots=True)
class WireMisconception:
    """A mistake at a wire. Texts have the places of a gate's mistakes, and {f}, {wide}, {shape} besides."""

    key: str
    wrong: Callable[[GatePlace], Iterable[Value | None]]
    """The numbers it leads to; none where it cannot be made."""

    says: str
    """What was done, as a clause that follows the answer: `2 is what arrived at s`."""

    asks: str


def _elementwise(formula: Callable[[GatePlace, Value], Value]) -> Callable[[GatePlace], Iterable[Value | None]]:
    """One of upstream and local derivative, summed back as the right answer is."""
    return lambda place: () if place.local is None else (place.back(formula(place, place.local)),)


def _mixing(formula: Callable[[GatePlace], Value]) -> Callable[[GatePlace], Iterable[Value | None]]:
    """One at a gate that mixes entries, and so has no local derivative."""
    return lambda place: (formula(place),) if place.local is None else ()


def _divided(u: Value, d: Value) -> Value:
    with np.errstate(all="ignore"):
        quotient: Value = u / d if np.all(d) else u * np.nan
    return quotient


def _skipped(place: GatePlace) -> Iterable[Value]:
    """With what arrived one gate further on."""
    shape = shape_of(place.y)
    return (place.back(place.sent(u)) for u in place.further if shape_of(u) in ((), shape))


def _transposed(place: GatePlace) -> Iterable[Value]:
    return (np.transpose(place.share),) if np.ndim(place.share) == 2 else ()


def _other_place(place: GatePlace) -> GatePlace | None:
    """The other wire of a gate of two different values."""
    if len(place.node.arguments) != 2 or not all(isinstance(argument, int) for argument in place.node.arguments):
        return None
    other = Use(place.use.gate, 1 - place.use.port)
    return None if place.reference.source(other) == place.reference.source(place.use) else replace(place, use=other)


def _of_other_wire(place: GatePlace) -> Iterable[Value]:
    other = _other_place(place)
    return () if other is None or shape_of(other.share) != place.shape else (other.share,)


def _slope_of_other_wire(place: GatePlace) -> Iterable[Value | None]:
    other = _other_place(place)
    if other is None or other.local is None or place.local is None or shape_of(other.local) != shape_of(place.local):
        return ()
    return (other.local,)


def _other_values(place: GatePlace) -> Iterable[Value]:
    other = _other_place(place)
    if other is None or shape_of(other.own) != place.shape:
        return ()
    if place.local is not None and np.array_equal(other.own, place.local):
        return ()  # at a multiply gate it is the slope itself
    return (other.own,)


_CHAIN = "Downstream is upstream × local: what arrived at {y}?"
_RED = "Green is the value, red is the gradient. How fast does {f} move when {own} moves?"

DOWNSTREAM = (
    WireMisconception(
        "forgot_local", _elementwise(lambda place, _d: place.back(place.u)),
        "is what arrived at {y}, without the local derivative",
        "How fast does {y} move when {own} moves?",
    ),
    WireMisconception(
        "forgot_local", _mixing(lambda place: place.u), "is what arrived at {y}, passed on unchanged",
        "What does {y} do with {own}, and what must go back to it?",
    ),
    WireMisconception(
        "forgot_upstream", _elementwise(lambda _place, d: d),
        "is only the local derivative, without the upstream", _CHAIN,
    ),
    WireMisconception(
        "forgot_upstream", _mixing(lambda place: place.sent(1.0)), "leaves the upstream out", "What arrived at {y}?"
    ),
    WireMisconception("sign_flipped", lambda place: (-place.share,), "has the right size and the wrong sign",
         "Nudge {own} up a little: does {f} rise or fall?"),
    WireMisconception(
        "added_upstream", _elementwise(lambda place, d: place.u + d), "is upstream + local",
        "Slopes along a chain multiply. What is the product?",
    ),
    WireMisconception(
        "divided_upstream", _elementwise(lambda place, d: _divided(place.u, d)), "is upstream ÷ local",
        "If {y} moved faster with {own}, would {f} move faster or slower with it?",
    ),
    WireMisconception("other_wire", _of_other_wire, "is what {y} sends to {other}",
         "Hold {other} fixed. How fast does {y} move when {own} moves?"),
    WireMisconception("value_for_gradient", lambda place: (place.y,), "is the forward value of {y}", _RED),
    WireMisconception("argument_for_gradient", lambda place: (place.own,), "is the forward value of {own}", _RED),
    WireMisconception("argument_for_gradient", _other_values, "is the forward value of {other}", _RED),
    WireMisconception(
        "upstream_times_value", _elementwise(lambda place, _d: place.u * place.y),
        "is the upstream times the value of {y}", "The second factor is a slope: how fast does {y} move with {own}?",
    ),
    WireMisconception(
        "seed_not_one", lambda place: (place.share * place.output,) if not np.ndim(place.output) else (),
        "is off by a factor of {f}, as if the backward pass had begun with that value",
        "What is the gradient of {f} with respect to itself?",
    ),
    WireMisconception(
        "skipped_a_gate", _skipped, "uses the upstream of a later gate, past {y}",
        "What is the gradient on the wire that leaves {y} itself?",
    ),
    WireMisconception("grad_transposed", _transposed, "is the right answer, transposed", "Which way round is {own}?"),
)  # fmt: skip


# Where a gate stretched its argument, the gradient is summed back to the argument's shape.


def _all_summed(place: GatePlace) -> Value | None:
    return np.full(place.shape, np.sum(place.wide)) if np.size(place.own) > 1 else None


def _stretched_axes(place: GatePlace) -> list[int]:
    """The axes of the gate's value along which the argument was copied."""
    wide, lead = shape_of(place.y), np.ndim(place.y) - len(place.shape)
    return [i for i, size in enumerate(wide) if i < lead or (place.shape[i - lead] == 1 and size != 1)]


def _wrong_axis(place: GatePlace) -> Iterable[Value]:
    """Summed along one axis that was not stretched."""
    good = _stretched_axes(place)
    for axis in range(np.ndim(place.y)):
        if axis not in good and len(good) == 1:
            yield np.sum(place.wide, axis=axis, keepdims=len(place.shape) == np.ndim(place.y))


def _one_row(place: GatePlace) -> Iterable[Value]:
    """What comes from the first, or the last, of the copies alone."""
    for end in (0, -1):
        part: Value = np.asarray(place.wide)
        for axis in _stretched_axes(place):
            part = np.take(part, [end], axis)
        yield _shaped(part, place)


def _shaped(array: Value, place: GatePlace) -> Value:
    return np.reshape(array, place.shape) if place.shape else float(np.reshape(array, -1)[0])


def _kept(place: GatePlace) -> Value | None:
    lead = np.ndim(place.y) - len(place.shape)
    return np.reshape(place.share, (*(1,) * lead, *place.shape)) if lead and place.shape else None


_COPIES = "{own} was copied from {shape} to {wide}. What do you do with the gradients of its copies?"

STRETCHED = (
    WireMisconception("not_summed_back", lambda place: (place.wide,), "is not yet summed back to {shape}", _COPIES),
    WireMisconception(
        "averaged_back", lambda place: (place.share * (max(1, np.size(place.own)) / np.size(place.y)),),
        "averages over the copies of {own}", "Every copy moves the output: are their shares averaged, or added?",
    ),
    WireMisconception(
        "wrong_axis_back", _wrong_axis, "is summed over the wrong axis", "Along which axis was {own} copied?",
    ),
    WireMisconception(
        "all_summed_back", lambda place: (_all_summed(place),), "adds up everything for every entry of {own}",
        "Which entries of {y} does one entry of {own} feed?",
    ),
    WireMisconception(
        "one_row_back", _one_row, "uses the gradient of only one copy of {own}", "How many copies of {own} were used?",
    ),
    WireMisconception("kept_axis_back", lambda place: (_kept(place),),
        "has the right numbers but one axis too many", _COPIES),
)  # fmt: skip


# A gate's own value.


def _slopes(place: GatePlace) -> Iterable[Value]:
    """What is the gate's slope, where that is no constant."""
    if place.local is None or np.all(np.isin(place.local, (-1.0, 0.0, 1.0))):
        return ()
    return (place.local,)


VALUE = (
    WireMisconception("argument_for_value", lambda place: (place.own,), "is {own} itself",
        "What does the gate do with {own}?"),
    WireMisconception(
        "slope_for_value", _slopes, "is how fast {y} moves with {own}, not the value of {y}",
        "Green is the value: what comes out of the gate?",
    ),
)  # fmt: skip


# A local derivative is asked with no upstream in it.

_ALONE = "The local derivative is of {y} alone: how fast does it move with {own}?"
_SLOPE = "How fast does {y} move when {own} moves?"

LOCAL = (
    WireMisconception("sign_flipped", _elementwise(lambda _place, d: -d), "has the right size and the wrong sign",
         "Nudge {own} up a little: does {y} rise or fall?"),
    WireMisconception(
        "inverted_local", _elementwise(lambda _place, d: _divided(1.0, d)), "is the slope upside down",
        "Is it how {y} moves with {own}, or how {own} moves with {y}?",
    ),
    WireMisconception("other_wire", _slope_of_other_wire, "is how fast {y} moves with {other}",
         "Hold {other} fixed. How fast does {y} move when {own} moves?"),
    WireMisconception("value_for_gradient", lambda place: (place.y,), "is the forward value of {y}", _SLOPE),
    WireMisconception("argument_for_gradient", lambda place: (place.own,), "is the forward value of {own}", _SLOPE),
    WireMisconception("argument_for_gradient", _other_values, "is the forward value of {other}", _SLOPE),
    WireMisconception(
        "upstream_for_local", lambda place: (place.u,), "is what arrived at {y}, not the slope of {y} itself", _SLOPE
    ),
    WireMisconception(
        "downstream_for_local", _elementwise(lambda place, d: place.u * d),
        "already includes the upstream{u}", _ALONE,
    ),
)  # fmt: skip


ROUNDED_TO = 3
"""Significant digits that a rounded answer has, or more."""


@dataclass(frozen=True)
class NodeMisconception:
    """A mistake that is of no gate: at a fork, at the output, at a value. {parts} names the branches."""

    key: str
    says: str
    asks: str


@dataclass(frozen=True)
class WrongWay:
    """One wrong way. Its label is the same at other inputs; its place or node says where it is."""

    label: str
    key: str
    value: Value
    what: Mistake | WireMisconception | NodeMisconception
    place: GatePlace | None = None
    upstream: float | None = None
    """The upstream, where it is not the one that arrives: 1 for a local derivative."""

    slip_in: Literal["", "one", "all"] = ""
    """In a sum of branches: whether one of them is wrong so, or each."""

    names: tuple[tuple[str, str], ...] = ()
    """The texts' places, for a row."""


def of_gate(place: GatePlace, upstream: float | None = None, value: bool = False) -> Iterator[WrongWay]:
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
        yield WrongWay(f"{mistake.key} {number}", mistake.key, sent, mistake, place, upstream)


def _ones(place: GatePlace) -> Value:
    shape = np.shape(place.y)
    return np.ones(shape) if shape else 1.0


def of_slips(place: GatePlace, slips: Sequence[WireMisconception], mark: str = "") -> Iterator[WrongWay]:
    """What these mistakes, which any gate can have, lead to at a wire. `mark` tells labels of several wires apart."""
    for number, slip in enumerate(slips):
        for which, value in enumerate(_numbers(slip.wrong(place))):
            yield WrongWay(f"{slip.key} {number}.{which}{mark}", slip.key, value, slip, place)


def same_formula(
    ways: Sequence[WrongWay], answer: Expression, elsewhere: Sequence[tuple[Mapping[str, Value], Iterable[WrongWay]]]
) -> list[WrongWay]:
    """Of some ways, those that lead to an answer's formula: they agree with it `elsewhere`.

    A number in the formula that is the upstream may stand for it: `2 cos(b)` where 2 arrived.
    """
    near = [(names, {way.label: way for way in there}) for names, there in elsewhere]
    return [way for way in ways if all(_is_there(answer, way, names, there.get(way.label)) for names, there in near)]


def _is_there(answer: Expression, way: WrongWay, names: Mapping[str, Value], there: WrongWay | None) -> bool:
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


def likeliest(matches: Sequence[WrongWay], answer: Expression, at: Mapping[str, Value]) -> list[WrongWay]:
    """Of the ways that an answer may have gone, those that it meets exactly, unless it is rounded."""
    if len(matches) < 2 or any(_is_rounded(part) for part in walk(answer)):
        return list(matches)
    return [way for way in matches if _comes_to(answer, at, way.value)] or list(matches)


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
