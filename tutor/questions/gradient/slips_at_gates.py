"""The wrong ways at one gate: its own mistakes, and those that any gate can have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.gates.mistakes import Mistake, begins_with_a_name
from tutor.engine.values import Value, as_value, shape_of
from tutor.engine.wrong_ways import wrong_value
from tutor.language import Apply, read_expression
from tutor.questions.gradient.scene import Scene, Way, Wire

_FORGOT = "How fast does {y} move when {own} moves?"


def ways_at(scene: Scene, wire: Wire) -> Iterator[Way]:
    """The wrong ways at one wire, likeliest first."""
    yield from _own_mistakes(scene, wire)
    yield from _other_values(scene, wire)
    yield from _parts_of_slope(scene, wire)
    yield from _common(scene, wire)


def _own_mistakes(scene: Scene, wire: Wire) -> Iterator[Way]:
    assert wire.node.gate is not None
    for number, mistake in enumerate(wire.node.gate.mistakes):
        if mistake.port != wire.port:
            continue
        value = scene.bent(wire, partial(_mistaken, wire, mistake))
        if value is not None:
            # What follows an expression stands alone; what follows the answer itself needs its "it".
            says = mistake.says if mistake.is_clause else f"it {mistake.says}"
            yield _way(wire, f"{mistake.key} {number}", mistake.key, value, says, mistake.asks)


def _mistaken(wire: Wire, mistake: Mistake, upstream: Value, _share: Value) -> Value | None:
    assert wire.node.gate is not None
    return wrong_value(wire.node.gate, mistake, upstream, wire.y, wire.arguments, wire.node.options)


def _other_values(scene: Scene, wire: Wire) -> Iterator[Way]:
    """At a product: another value of the same shape in place of the factor that belongs there."""
    assert wire.node.gate is not None
    if wire.node.gate.key not in ("mul", "matmul", "outer", "dot"):
        return
    for name, value in scene.asked.setting.known(scene.draw).items():
        if name == wire.texts["other"] or shape_of(value) != shape_of(wire.arguments[1 - wire.port]):
            continue
        arguments = (value, wire.arguments[1]) if wire.port else (wire.arguments[0], value)
        found = scene.bent(wire, lambda u, _share, arguments=arguments: wire.send(u, arguments))  # type: ignore[misc]
        if found is not None:
            yield _way(wire, f"{name} for another", "other_value", found, f"it has {name} instead of {{other}}",
                       "What is {own} multiplied by in {y}?")  # fmt: skip


def _parts_of_slope(scene: Scene, wire: Wire) -> Iterator[Way]:
    """Where the local derivative is a product, such as h (1 - h): one factor alone."""
    gate = wire.node.gate
    if gate is None or not gate.elementwise or not gate.locals:
        return
    slope = read_expression(gate.locals[wire.port], vocabulary(*gate.arguments)).tree
    if not (isinstance(slope, Apply) and slope.operation == "mul"):
        return
    at = dict(zip(gate.arguments, wire.arguments, strict=True))
    for number, factor in enumerate(slope.arguments):
        part = evaluate(factor, at)
        found = scene.bent(wire, lambda u, _share, part=part: u * part)  # type: ignore[misc]
        if found is not None:
            yield _way(wire, f"factor {number}", "part_of_local", found,
                       "only one factor of the slope of {y} is used", _FORGOT)  # fmt: skip


def _averaged(wire: Wire, _u: Value, share: Value) -> Value | None:
    return share * (int(np.prod(wire.shape)) / int(np.size(wire.y))) if wire.stretched else None


def _wrong_axis(wire: Wire, u: Value, _share: Value) -> Value | None:
    return as_value(np.sum(u, axis=1)) if wire.stretched and np.ndim(u) == 2 else None


def _one_row(wire: Wire, u: Value, _share: Value) -> Value | None:
    return as_value(np.asarray(u)[0]) if wire.stretched and np.ndim(u) == 2 else None


def _unchanged(_wire: Wire, u: Value, _share: Value) -> Value | None:
    return u


_COMMON: tuple[tuple[str, Callable[[Wire, Value, Value], Value | None], str, str], ...] = (
    ("averaged_back", _averaged, "it averages over the copies of {own}",
     "Every copy moves {f}: are their shares averaged, or added?"),
    ("wrong_axis_back", _wrong_axis, "it is summed over the wrong axis", "Along which axis was {own} copied?"),
    ("one_row_back", _one_row, "it uses only one row", "How many rows is {own} used in?"),
    ("forgot_local", _unchanged, "what arrived at {y} was passed on to {own} unchanged", _FORGOT),
)  # fmt: skip


def _common(scene: Scene, wire: Wire) -> Iterator[Way]:
    for key, send, says, asks in _COMMON:
        value = scene.bent(wire, partial(send, wire))
        if value is not None:
            yield _way(wire, key, key, value, says, asks)


def _way(wire: Wire, label: str, key: str, value: Value, says: str, asks: str) -> Way:
    texts = wire.texts
    small = begins_with_a_name(says)
    return Way(f"{wire.gate}.{wire.port} {label}", key, value, says.format(**texts), asks.format(**texts), small)
