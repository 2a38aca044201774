"""What people get wrong at any gate: the tables, which `candidates` fills in at one place of a graph.

`gives` is a function from the place to the numbers it leads to, none where it cannot be made. Texts have the places of
a gate's mistakes, and {f}, {wide}, {shape} besides; {alone} is `, in a alone` where the argument is used elsewhere too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from tutor.engine.graph import Node, Use
from tutor.engine.passes import PassError, compute
from tutor.engine.values import Value, shape_of
from tutor.judging.misconceptions import SIGN, UPSTREAM, Likelihood, Misconception
from tutor.judging.precision import roundings
from tutor.questions.backprop.value_source import GatePlace

RARE, POSSIBLE, COMMON = Likelihood


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


def _of_other_shape(place: GatePlace) -> Iterable[Value]:
    """What goes down the other wire, where that has another shape."""
    other = _other_place(place)
    return () if other is None or shape_of(other.share) == place.shape else (other.share,)


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


def _with_rounded_factor(place: GatePlace) -> Iterable[Value]:
    """Upstream × local, with one of the two rounded before."""
    if place.local is None or shape_of(place.u) or shape_of(place.local) or place.shape:
        return
    u, local = float(place.u), float(place.local)
    yield from (rounded * local for rounded in roundings(u))
    yield from (u * rounded for rounded in roundings(local))


def _of_rounded(place: GatePlace) -> Iterable[Value]:
    """The gate's value with one of its arguments rounded before."""
    for port, argument in enumerate(place.arguments):
        for rounded in () if shape_of(argument) else roundings(float(argument)):
            with suppress(PassError):
                yield compute(place.node, [*place.arguments[:port], rounded, *place.arguments[port + 1 :]])


_SUMS = ("add", "sub")
_ARITHMETIC = (*_SUMS, "neg", "mul", "div")


def _family(node: Node) -> str:
    """The operation that was typed: a product for a constant factor."""
    assert node.gate is not None
    return node.gate.specialises or node.gate.key


def _twice(place: GatePlace) -> Iterable[Value]:
    """A function of one value, applied to its own output; with its constants, as in (c²)²."""
    if sum(isinstance(argument, int) for argument in place.node.arguments) != 1 or _family(place.node) in _ARITHMETIC:
        return
    try:
        again = [place.y if isinstance(a, int) else a.value for a in place.node.arguments]
        yield compute(place.node, again)
    except PassError:
        return


def _term_by_term(place: GatePlace) -> Iterable[Value]:
    """x² + y² for (x + y)²: the gate applied to each term of a sum, and the results added."""
    argument = place.node.arguments[place.use.port]
    assert isinstance(argument, int)
    inner = place.reference.gate_node(argument)
    if inner.gate is None or _family(inner) not in _SUMS or len(place.reference.wires(place.use.gate)) != 1:
        return
    parts = [place.numbers.value(a) if isinstance(a, int) else a.value for a in inner.arguments]
    try:
        values = [
            compute(place.node, [*place.arguments[: place.use.port], part, *place.arguments[place.use.port + 1 :]])
            for part in parts
        ]
    except PassError:
        return
    yield inner.gate.forward(*values)


def _reduced_first(place: GatePlace) -> Iterable[Value]:
    """(Σ x)² for Σ x²: the sum or mean of what went into the step before, and that step afterwards."""
    argument, node = place.node.arguments[place.use.port], place.node
    assert isinstance(argument, int)
    inner = place.reference.gate_node(argument)
    if inner.gate is None or not inner.gate.elementwise or np.size(place.y) >= np.size(place.own):
        return
    entries = [a for a in inner.arguments if isinstance(a, int)]
    if len(entries) != 1 or len(place.reference.wires(place.use.gate)) != 1 or _family(inner) in _ARITHMETIC:
        return
    with suppress(PassError):
        reduced = compute(node, [place.numbers.value(entries[0]), *place.arguments[1:]])
        yield compute(inner, [reduced if isinstance(a, int) else a.value for a in inner.arguments])


def _summed_up(place: GatePlace) -> Iterable[Value]:
    return (float(np.sum(place.share)),) if place.shape and np.size(place.own) > 1 else ()


def _moves(place: GatePlace) -> bool:
    return place.local is not None and bool(np.any(place.local))


def _zero(place: GatePlace) -> Iterable[Value]:
    """0 where a number does move the gate."""
    return (0.0,) if _moves(place) and not place.shape and not shape_of(place.y) else ()


def _one(place: GatePlace) -> Iterable[Value]:
    return (1.0,) if place.local is not None and not shape_of(place.local) else ()


_CHAIN = "Downstream is upstream × local: what arrived at {y}?"
_SLOPE_FACTOR = "The second factor should be a slope: how fast does {y} move with {own}?"
_RED = "How fast does {f} move when {own} moves{alone}?"
_NUDGE = "Nudge {own} up a little{alone}: does {f} rise or fall?"
_HOLD = "Hold {other} fixed. How fast does {y} move when {own} moves?"

DOWNSTREAM = (
    Misconception(
        "forgot_local", _elementwise(lambda place, _d: place.back(place.u)),
        "it is what arrived at {y}, without the local derivative", "How fast does {y} move when {own} moves?", COMMON,
    ),
    Misconception(
        "forgot_local", _mixing(lambda place: place.u), "it is what arrived at {y}, passed on unchanged",
        "What does {y} do with {own}, and what must go back to it?", COMMON,
    ),
    Misconception(
        "forgot_upstream", _elementwise(lambda _place, d: d),
        "it is only the local derivative, without the upstream", _CHAIN, COMMON, factor=UPSTREAM,
    ),
    Misconception(
        "forgot_upstream", _mixing(lambda place: place.sent(1.0)), "it leaves the upstream out", "What arrived at {y}?",
        COMMON,
    ),
    Misconception(
        "sign_flipped", lambda place: (-place.share,), "it has the right size and the wrong sign", _NUDGE, COMMON,
        factor=SIGN,
    ),
    Misconception(
        "added_upstream", _elementwise(lambda place, d: place.u + d), "it is upstream + local",
        "Slopes along a chain multiply. What is the product?", COMMON,
    ),
    Misconception(
        "divided_upstream", _elementwise(lambda place, d: _divided(place.u, d)), "it is upstream ÷ local",
        "If {y} moved faster with {own}, would {f} move faster or slower with it?", RARE,
    ),
    Misconception("other_wire", _of_other_wire, "it is what {y} sends to {other}", _HOLD),
    Misconception("value_for_gradient", lambda place: (place.y,), "it is the forward value of {y}", _RED),
    Misconception("argument_for_gradient", lambda place: (place.own,), "it is the forward value of {own}", _RED, RARE),
    Misconception("argument_for_gradient", _other_values, "it is the forward value of {other}", _RED, RARE),
    Misconception(
        "upstream_times_value", _elementwise(lambda place, _d: place.u * place.y),
        "it is the upstream times the value of {y}", _SLOPE_FACTOR,
    ),
    Misconception(
        "upstream_times_value", _elementwise(lambda place, _d: place.u * place.own),
        "it is the upstream times the value of {own}", _SLOPE_FACTOR, RARE,
    ),
    Misconception(
        "upstream_squared", _elementwise(lambda place, d: place.back(place.u * place.u * d)),
        "it has the upstream in it twice", _CHAIN, RARE,
    ),
    Misconception(
        "seed_not_one", lambda place: (place.share * place.output,) if not np.ndim(place.output) else (),
        "it has {f} as an extra factor, as if the backward pass had begun with the value of {f}",
        "What is the gradient of {f} with respect to itself?", RARE,
    ),
    Misconception(
        "skipped_a_gate", _skipped, "it uses the upstream of a later gate, past {y}",
        "What is the gradient on the wire that leaves {y} itself?",
    ),
    Misconception(
        "no_effect", _zero, "it says that {own} does not move {y} at all",
        "If {own} alone grows by 0.01, does {y} stay where it is?",
    ),
    Misconception("grad_transposed", _transposed, "it is the right answer, transposed", "Which way round is {own}?"),
    Misconception(
        "rounded_early", _with_rounded_factor, "it comes out when one of upstream and local is rounded first",
        "Which digits of the two does the product need?", RARE, least_digits=3,
    ),
    Misconception("other_wire", _of_other_shape, "it is what {y} sends to {other}", _HOLD, RARE),
    Misconception(
        "summed_up", _summed_up, "it is the sum of all entries", "How many slopes does {own} have: one for each entry?"
    ),
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
            yield np.sum(place.wide, axis=axis)
            yield np.sum(place.wide, axis=axis, keepdims=True)


def _sums_multiplied(place: GatePlace) -> Iterable[Value]:
    """Each of upstream and local derivative summed back, and only then multiplied."""
    if place.local is None:
        return ()
    parts = [np.broadcast_to(part, shape_of(place.y)) for part in (place.u, place.local)]
    return () if any(np.ptp(part) == 0 for part in parts) else (place.back(parts[0]) * place.back(parts[1]),)


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
    Misconception("not_summed_back", lambda place: (place.wide,), "it is not yet summed back to {shape}", _COPIES),
    Misconception(
        "averaged_back", lambda place: (place.share * (max(1, np.size(place.own)) / np.size(place.y)),),
        "it divides by the number of copies of {own}",
        "Every copy moves the output: are their shares averaged, or added?", divisor=1,
    ),
    Misconception(
        "sums_multiplied", _sums_multiplied, "it multiplies a sum of upstreams by a sum of local derivatives",
        "Each copy of {own} has its own upstream and its own slope. Which comes first: multiply or add?",
    ),
    Misconception(
        "wrong_axis_back", _wrong_axis, "it is summed over the wrong axis", "Along which axis was {own} copied?",
    ),
    Misconception(
        "all_summed_back", lambda place: (_all_summed(place),), "it adds up everything for every entry of {own}",
        "Which entries of {y} does one entry of {own} feed?",
    ),
    Misconception(
        "one_row_back", _one_row, "it uses the gradient of only one copy of {own}",
        "How many copies of {own} were used?",
    ),
    Misconception("kept_axis_back", lambda place: (_kept(place),),
        "it has the right numbers but one axis too many", _COPIES),
)  # fmt: skip


# A gate's own value.


def _slopes(place: GatePlace) -> Iterable[Value]:
    """What is the gate's slope, where that is no constant."""
    if place.local is None or np.all(np.isin(place.local, (-1.0, 0.0, 1.0))):
        return ()
    return (place.local,)


VALUE = (
    Misconception(
        "argument_for_value", lambda place: (place.own,), "it is {own} itself", "What does the gate do with {own}?",
        COMMON,
    ),
    Misconception(
        "slope_for_value", _slopes, "it is how fast {y} moves with {own}, not the value of {y}",
        "What comes out of the gate?",
    ),
)  # fmt: skip

WHOLE_VALUE = (
    Misconception("term_by_term", _term_by_term,
        "it is what comes out when each term of {own} goes through the gate on its own",
        "What goes into {y}: the terms one by one, or {own} as a whole?"),
    Misconception("reduced_first", _reduced_first, "it is what comes out when the entries are put together first",
        "{own} is worked out entry by entry. Which is done first?"),
    Misconception("rounded_early", _of_rounded, "it comes out when what goes into {y} is rounded first",
        "Which digits of that does the result need?", RARE, least_digits=3),
    Misconception("applied_twice", _twice, "it is what comes out when the gate is applied twice",
        "How many times is it applied?", RARE),
)  # fmt: skip
"""Rows that are of a gate's value as a whole, not of one of its wires."""


# A local derivative is asked with no upstream in it.

_ALONE = "The local derivative is of {y} alone: how fast does it move with {own}?"
_SLOPE = "How fast does {y} move when {own} moves?"

LOCAL = (
    Misconception(
        "sign_flipped", _elementwise(lambda _place, d: -d), "it has the right size and the wrong sign",
        "Nudge {own} up a little: does {y} rise or fall?", COMMON, factor=SIGN,
    ),
    Misconception(
        "inverted_local", _elementwise(lambda _place, d: _divided(1.0, d)), "it is the slope upside down",
        "Is it how {y} moves with {own}, or how {own} moves with {y}?", RARE,
    ),
    Misconception("other_wire", _slope_of_other_wire, "it is how fast {y} moves with {other}", _HOLD),
    Misconception("value_for_gradient", lambda place: (place.y,), "it is the forward value of {y}", _SLOPE),
    Misconception(
        "argument_for_gradient", lambda place: (place.own,), "it is the forward value of {own}", _SLOPE, RARE
    ),
    Misconception("argument_for_gradient", _other_values, "it is the forward value of {other}", _SLOPE, RARE),
    Misconception(
        "upstream_for_local", lambda place: (place.u,), "it is what arrived at {y}, not the slope of {y} itself", _SLOPE
    ),
    Misconception(
        "downstream_for_local", _elementwise(lambda place, d: place.u * d),
        "it already includes the upstream{u}", _ALONE,
    ),
    Misconception(
        "no_effect", _zero, "it says that {own} does not move {y} at all",
        "If {own} alone grows by 0.01, does {y} stay where it is?",
    ),
    Misconception(
        "slope_of_sum", _one, "it says that {y} moves exactly as fast as {own}, as in a sum",
        "If {own} grows by 0.01, how much does {y} grow?", RARE
    ),
)  # fmt: skip


# At a value, where its branches come together, and at the output. What these come to is worked out from the branches;
# {parts} names all of them, {branch} one.

_ADDED = "What arrives at {y} along its branches adds up: {parts}. What is the sum?"

SEED = Misconception("seed_not_one", None, "it is the value of {y}", "If {y} grows by 0.01, how much does {y} grow?")
NO_SEED = Misconception(
    "no_effect", None, "it says that {y} does not move with itself", "If {y} grows by 0.01, how much does {y} grow?"
)
_UNUSED = "Is there a path from {y} to {f}?"
UNUSED_VALUE = Misconception("value_for_gradient", None, "it is the value of {y}", _UNUSED, COMMON)
UNUSED_ONE = Misconception("slope_of_itself", None, "it is the slope of {y} with respect to itself", _UNUSED)
ONE_BRANCH = Misconception("one_branch_only", None, "it is only what {branch} sends", _ADDED, COMMON)
OVERWROTE = Misconception(
    "overwrote_branch",
    None,
    "it counts only the branch through {branch}",
    _ADDED,
    COMMON,
)
MISSED_BRANCH = Misconception("missed_branch", None, "it leaves out what {branch} sends", _ADDED)
MULTIPLIED = Misconception(
    "multiplied_branches", None, "it multiplies what the branches send",
    "{parts}. Slopes multiply along a chain. What do side-by-side branches do?", COMMON,
)  # fmt: skip
AVERAGED = Misconception(
    "averaged_branches", None, "it averages what the branches send",
    "{parts}. Does each branch's effect on {f} count in part, or in full?",
)  # fmt: skip
TOTAL_SIGN = Misconception("sign_flipped", None, "it has the right size and the wrong sign",
    "Nudge {y} up a little: does {f} rise or fall?")  # fmt: skip
TOTAL_SUBTRACTED = Misconception(
    "subtracted_branches", None, "it counts what {branch} sends with the wrong sign",
    "What arrives at {y} along its branches adds up, each with its own sign: {parts}. What is the sum?",
)  # fmt: skip
TOTAL_VALUE = Misconception(
    "value_for_gradient", None, "it is the forward value of {y}",
    "How fast does {f} move when {y} moves?",
)  # fmt: skip
VALUE_SIGN = Misconception(
    "sign_lost", None, "it has the right size and the wrong sign", "Which sign comes out of this gate, and why?", COMMON
)
BRANCHES = (ONE_BRANCH, OVERWROTE, MISSED_BRANCH, MULTIPLIED, AVERAGED, TOTAL_SIGN, TOTAL_SUBTRACTED, TOTAL_VALUE)
