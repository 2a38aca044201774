"""Wrong ways to go back through a graph, gone on a sample: what they leave in `.grad`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from tutor.questions.code.engine_graphs import Sample, Wire
from tutor.questions.code.slips import Slip

_AGAIN = (
    "That happens when a value is visited once for every path that leads to it: what it has "
    "collected is sent down again each time. Visit each value once, after everything it feeds."
)
_EARLY = "That happens when a value is visited before everything it feeds: what arrives later is not sent on."
_LONGEST = 200
"""Visits after which a walk along every path is given up."""

_Down = Mapping[str, list[Wire]]


def walking_slips(sample: Sample, name: str, data: float) -> Iterator[Slip]:
    """What the gradient of a name can be by a wrong walk or a wrong sum, the likeliest first. `data` is its value."""
    output = sample.outputs[-1]
    wires = sample.wires(output)
    if name != output and name not in {wire.argument for wire in wires}:
        yield from _outside(sample, name)
        return
    yield Slip("nothing_arrived", 0.0, _nothing(name == output))
    uses = [wire for wire in wires if wire.argument == name]
    if len(uses) > 1:
        said = (
            f"{name} is used {len(uses)} times, and that is only what one use sends: add with +=, "
            "because = keeps only one."
        )
        for wire in uses:
            yield Slip("overwrote_branch", wire.sent, said)
    if len(sample.outputs) > 1:
        said = "The gradients of an earlier backward are still in it: set them to 0 before a new one."
        yield from (Slip("not_reset", each, said) for each in _not_reset(sample, name))
    for turned in (False, True):
        down = _down(wires, turned)
        yield Slip("visited_again", _every_path(down, output).get(name, 0.0), _AGAIN)
        for first_in in (True, False):
            yield Slip("visited_early", _early(down, output, first_in).get(name, 0.0), _EARLY)
    yield from _local_slips(sample, name, uses)
    yield Slip("value_for_gradient", data, "That is the value, not the gradient.")


def _nothing(is_output: bool) -> str:
    if is_output:
        return "backward starts from this value: its own gradient is 1."
    return "Nothing has arrived there: does its gate remember what it was computed from, and does backward go there?"


def _outside(sample: Sample, name: str) -> Iterator[Slip]:
    said = f"{sample.outputs[-1]} was not computed from {name}: its backward leaves {name} as it was."
    yield Slip("touched_others", 0.0, said)
    for value in (1.0, 2 * sample.gradients[name]):
        yield Slip("touched_others", value, said)


def _local_slips(sample: Sample, name: str, uses: list[Wire]) -> Iterator[Slip]:
    local = sum(wire.local for wire in uses)
    flipped = Slip("sign_flipped", -sample.gradients[name], "The size is right, the sign is not.")
    if abs(local) == 1:
        yield flipped
    said = "That is the local derivative alone. Multiply it by what arrived at the gate's output, its .grad."
    yield Slip("forgot_upstream", local, said)
    arrived = sum(sample.gradients[wire.gate] for wire in uses)
    said = "That is only what arrives at the gate's output. Multiply it by the local derivative."
    yield Slip("forgot_local", arrived, said)
    yield flipped


def _not_reset(sample: Sample, name: str) -> Iterator[float]:
    """Gradients left from earlier calls added to: at the inputs alone, or everywhere."""
    first = sample.reached(sample.outputs[0])
    yield first.get(name, 0.0) + sample.gradients[name]
    total: dict[str, float] = {}
    for output in sample.outputs:
        total[output] = 1.0
        for wire in sorted(sample.wires(output), key=lambda wire: -_place(sample, wire.gate)):
            total[wire.argument] = total.get(wire.argument, 0.0) + total.get(wire.gate, 0.0) * wire.local
    yield total.get(name, 0.0)


def _place(sample: Sample, gate: str) -> int:
    return [step.name for step in sample.steps].index(gate)


def _down(wires: list[Wire], turned: bool) -> _Down:
    """The wires by the gate they leave, in the order of its arguments or the other way round."""
    down: dict[str, list[Wire]] = {}
    for wire in wires:
        down.setdefault(wire.gate, []).append(wire)
    return {gate: each[::-1] if turned else each for gate, each in down.items()}


def _every_path(down: _Down, output: str) -> dict[str, float]:
    """A walk that visits a value each time it is reached, sending all that it has gathered so far."""
    total = {output: 1.0}
    stack = [output]
    for _ in range(_LONGEST):
        if not stack:
            break
        gate = stack.pop()
        for wire in down.get(gate, []):
            total[wire.argument] = total.get(wire.argument, 0.0) + total[gate] * wire.local
        stack.extend(wire.argument for wire in reversed(down.get(gate, [])))
    return total


def _early(down: _Down, output: str, first_in: bool) -> dict[str, float]:
    """A walk that visits each value once, when it is first reached: breadth first or depth first."""
    total, seen = {output: 1.0}, {output}
    pending = deque([output])
    while pending:
        gate = pending.popleft() if first_in else pending.pop()
        for wire in down.get(gate, []):
            total[wire.argument] = total.get(wire.argument, 0.0) + total[gate] * wire.local
            if wire.argument not in seen:
                seen.add(wire.argument)
                pending.append(wire.argument)
    return total
