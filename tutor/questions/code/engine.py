"""The harness `engine`: a class of numbers that record their graph, and `backward()` through it."""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from tutor.diagnosis import Diagnosis, Subject
from tutor.diagnosis.child.bookkeeping import OF_BOOKKEEPING
from tutor.judging import Verdict, right, wrong
from tutor.judging.misconceptions import Misconception
from tutor.judging.mistake_texts import tell
from tutor.questions.code.comparing import described, gap
from tutor.questions.code.engine_graphs import SAMPLES, EngineWire, Sample
from tutor.questions.code.engine_text import DRIVE, FUNCTIONS, OPERATORS, RESULTS, starter_text, worked_text
from tutor.questions.code.outcomes import Told, cut_short, lacking, with_output
from tutor.questions.code.returned import on_line
from tutor.questions.code.slips import recognised
from tutor.questions.inflect import counted
from tutor.runner import Call, Job, Outcome
from tutor.runner import Value as Sent

FEW = (6, 12)
"""The forks, one above the other, on which the calls that backward makes are counted."""

_GROWTH = 8
"""Twice the forks may cost this many times the calls. A visit for every path costs 64 times."""

_START = 0.7
"""The value at the bottom of the long graphs, which they bring back at the top with the gradient 1."""


@dataclass(frozen=True)
class EngineSpec:
    """The class's name, the functions it needs beside + - * / **, and how many gates and forks it must survive.

    Raises ValueError for a function that there is not.
    """

    name: str = "Value"
    functions: tuple[str, ...] = tuple(FUNCTIONS)
    chain: int = 10_000
    forks: int = 40

    def __post_init__(self) -> None:
        for each in self.functions:
            if each not in FUNCTIONS:
                raise ValueError(f"there is no function {each} here; there are {', '.join(FUNCTIONS)}")

    @cached_property
    def samples(self) -> tuple[Sample, ...]:
        """The small graphs, without those that need other functions."""
        missing = set(FUNCTIONS) - set(self.functions)
        return tuple(sample for sample in SAMPLES if not missing & {step.gate for step in sample.steps})


Spec = EngineSpec


def starter(spec: EngineSpec) -> str:
    """The class with empty methods."""
    return starter_text(spec.name, spec.functions)


def job(text: str, spec: EngineSpec) -> Job:
    """The small graphs, then the long ones."""
    methods: Sent = [*OPERATORS, *spec.functions, "backward"]
    long: tuple[Sent, ...] = (list(FEW), spec.forks, spec.chain, _GROWTH)
    return Job(text, spec.name, ((spec.name, methods), *map(_sent, spec.samples), long), harness=DRIVE)


def verdict(outcome: Outcome, spec: EngineSpec, text: str = "", told: Diagnosis | None = None) -> Verdict:
    """What is right, or the first value or gradient that is wrong, on the first graph that shows it.

    `told` is what is known of its line.
    """
    return with_output(_verdict(outcome, spec, text, told), outcome)


def subject(text: str, spec: EngineSpec) -> Subject:
    """The class to be examined: on each small graph the values, then the gradients."""
    trials = []
    for sample in spec.samples:
        truths: dict[str, float | None] = {f"{name}.data": value for name, value in sample.data.items()}
        truths |= {f"{name}.grad": value for name, value in sample.gradients.items()}
        trials.append((_sent(sample), truths))
    return Subject(text, RESULTS.format(name=spec.name), trials, starter(spec), measure=False)


def worked(spec: EngineSpec) -> str:
    """A right class."""
    return worked_text(spec.name, spec.functions)


def hints(spec: EngineSpec) -> tuple[str, str, str]:
    """What a value keeps; the order of visits; the lines."""
    return (
        "Let each value remember what it was computed from, with the local derivative for each. "
        "backward then sends upstream times local down every wire, and adds.",
        "In what order are the values visited? On f = a * b with b = a ** 2, what if a is visited "
        "before b? Visit each once, after everything it feeds: sort them first, with a list of what "
        f"is left to visit, so that a chain of {spec.chain:,} gates is no trouble.",
        "for value in reversed(order): for parent, local in zip(value.parents, value.locals): "
        "parent.grad += value.grad * local",
    )


def _sent(sample: Sample) -> tuple[Sent, ...]:
    steps: list[Sent] = [[step.name, step.gate, list(step.arguments)] for step in sample.steps]
    return dict(sample.inputs), steps, list(sample.outputs)


def _verdict(outcome: Outcome, spec: EngineSpec, text: str, told: Diagnosis | None) -> Verdict:
    calls = list(outcome.calls)
    missing = lacking(calls[0].returned, spec.name) if calls else None
    if missing is not None:
        return missing
    small = len(spec.samples)
    for sample, call in zip(spec.samples, calls[1:], strict=False):
        found = _judge(sample, call, spec, told)
        if found is not None:
            return found
    found = _judge_long(calls[1 + small :], spec, text)
    return (
        found
        or cut_short(outcome, small + 4, _during(outcome, spec), Told(text, starter(spec), spec.name))
        or right(
            f"Values and gradients are right on {counted(small, 'small graph')}: forks, a value used "
            "twice in one gate, ways that join again, two outputs, backward called twice. "
            f"{spec.forks} stacked forks and a chain of {spec.chain:,} gates are no trouble."
        )
    )


def _judge(sample: Sample, call: Call, spec: EngineSpec, told: Diagnosis | None) -> Verdict | None:
    returned, lines = call.returned, told.lines if told else ()
    if isinstance(returned, list) and len(returned) == 2:
        return _no_value(sample, str(returned[0]), returned[1], spec, lines)
    if not isinstance(returned, dict):
        return None
    for name, truth in sample.data.items():
        found = gap(_of(returned, name, 0), truth)
        if found is not None:
            said = f"{sample.said}: the value {name}.data is not right. {found.said}"
            return wrong(f"{said}{_that_is(told)}", told.mistake if told else "", lines)
    fine = list(takewhile(lambda name: gap(_of(returned, name, 1), sample.gradients[name]) is None, _back(sample)))
    if len(fine) == len(sample.data):
        return None
    name = _back(sample)[len(fine)]
    found = gap(_of(returned, name, 1), sample.gradients[name])
    assert found is not None, "this is the first that is wrong"
    slips = walking_slips(sample, name, sample.data[name])
    slip = recognised(found.mine, sample.gradients[name], slips)
    said = f"{sample.said}: {name}.grad is not right. {found.said}"
    if slip is None or (told is not None and told.mistake in _BY_LINE):
        return wrong(f"{said}{_that_is(told)}", told.mistake if told else "", lines)
    if len(lines) != 1:
        return wrong(f"{said} {tell([slip])}", slip.key)
    return wrong(f"{said} It comes from line {lines[0]}. {tell([slip])}", slip.key, lines)


_BY_LINE = frozenset({"overwrote_branch", "not_reversed", *OF_BOOKKEEPING})
"""Mistakes of which the line says more than the value."""


def _that_is(told: Diagnosis | None) -> str:
    return f"\n{told.message}" if told is not None else ""


def _back(sample: Sample) -> list[str]:
    """The names on the way back: each after everything it feeds."""
    return list(sample.data)[::-1]


def _of(returned: dict[object, Sent], name: str, at: int) -> Sent:
    """The data (0) or the gradient (1) reported for a name."""
    pair = returned.get(name)
    return pair[at] if isinstance(pair, list) and len(pair) == 2 else None


def _no_value(sample: Sample, name: str, result: Sent, spec: EngineSpec, lines: tuple[int, ...]) -> Verdict:
    equation = next((each for each in sample.equations if each.startswith(f"{name} = ")), name)
    method = next((step.gate for step in sample.steps if step.name == name), "")
    said = f"{equation} gives {described(result)}{on_line(lines)}; it should be a {spec.name}."
    advice = f" Does the method for {method} end with return?" if result is None else ""
    return wrong(f"{said}{advice}", "returned_none" if result is None else "", lines)


def _judge_long(calls: list[Call], spec: EngineSpec, text: str) -> Verdict | None:
    """What is wrong with the counts, the forks one above the other, and the chain."""
    if calls and _grows(calls[0].returned):
        line = walking_line(text)
        return wrong(
            f"On small graphs it is right. But with {FEW[1]} stacked forks, backward makes far more "
            f"than twice the calls it makes with {FEW[0]}: it visits a value again for every path that "
            f"leads to it, and {spec.forks} forks have 2^{spec.forks} paths. Visit each value once, "
            f"after everything it feeds.{f' It is the loop on line {line} that goes there again.' if line else ''}",
            "visited_again",
            (line,) if line else (),
        )
    graphs = f"{spec.forks} stacked forks", f"a chain of {spec.chain:,} gates"
    for graph, call in zip(graphs, calls[1:], strict=False):
        for what, sent, truth in zip(_ENDS, _four(call.returned), (_START, _START, 1.0, 1.0), strict=True):
            found = gap(sent, truth)
            if found is not None:
                return wrong(f"On {graph}, {what} is not right. {found.said}")
    return None


_PUSHES = frozenset({"append", "extend", "appendleft", "extendleft", "insert", "push"})


def walking_line(text: str) -> int | None:
    """The line of the loop that goes on to other values: it puts them on a list, or its function calls itself there.

    None where there are several, or none.
    """
    found = set()
    for function in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)):
        for loop in (node for node in ast.walk(function) if isinstance(node, ast.For)):
            called = {
                getattr(call.func, "attr", getattr(call.func, "id", ""))
                for call in ast.walk(loop) if isinstance(call, ast.Call)
            }  # fmt: skip
            if called & {*_PUSHES, function.name}:
                found.add(loop.lineno)
    return found.pop() if len(found) == 1 else None


_ENDS = ("the value at the bottom", "the value at the top", "the gradient at the bottom", "the gradient at the top")


def _four(returned: Sent) -> list[Sent]:
    return returned if isinstance(returned, list) and len(returned) == 4 else [None] * 4


def _grows(returned: Sent) -> bool:
    match returned:
        case [int(few), int(more)]:
            return more > _GROWTH * few
    return False


def _during(outcome: Outcome, spec: EngineSpec) -> str:
    """A sentence on where a fault came."""
    fault, made, small = outcome.fault, len(outcome.calls) - 1, len(spec.samples)
    if fault is None:
        return ""
    if fault.kind in ("timeout", "killed") and made < 0:
        return (
            f"If your code has no endless loop: {spec.forks} stacked forks have 2^{spec.forks} "
            f"paths, and a chain of {spec.chain:,} gates is long. Visit each value once, and look up "
            "quickly which ones you have visited."
        )
    if made < 0:
        return ""
    if made < small:
        return f"{spec.samples[made].said}."
    if made == small + 2:
        return (
            f"That was on a chain of {spec.chain:,} gates. Python does not allow recursion that "
            "deep: keep a list of what is left to visit instead."
        )
    return "That was on stacked forks."


_AGAIN = (
    "That happens when a value is visited once for every path that leads to it: what it has "
    "collected is sent down again each time. Visit each value once, after everything it feeds."
)
_EARLY = "That happens when a value is visited before everything it feeds: what arrives later is not sent on."
_LONGEST = 200
"""Visits after which a walk along every path is given up."""

_Down = Mapping[str, list[EngineWire]]


def walking_slips(sample: Sample, name: str, data: float) -> Iterator[Misconception]:
    """What the gradient of a name can be by a wrong walk or a wrong sum, the likeliest first. `data` is its value."""
    output = sample.outputs[-1]
    wires = sample.wires(output)
    if name != output and name not in {wire.argument for wire in wires}:
        yield from _outside(sample, name)
        return
    yield Misconception("nothing_arrived", 0.0, _nothing(name == output))
    uses = [wire for wire in wires if wire.argument == name]
    if len(uses) > 1:
        said = (
            f"{name} is used {len(uses)} times, and that is only what one use sends: add with +=, "
            "because = keeps only one."
        )
        for wire in uses:
            yield Misconception("overwrote_branch", wire.sent, said)
    if len(sample.outputs) > 1:
        said = "The gradients of an earlier backward are still in it: set them to 0 before a new one."
        yield from (Misconception("not_reset", each, said) for each in _not_reset(sample, name))
    for turned in (False, True):
        down = _down(wires, turned)
        yield Misconception("visited_again", _every_path(down, output).get(name, 0.0), _AGAIN)
        for first_in in (True, False):
            yield Misconception("visited_early", _early(down, output, first_in).get(name, 0.0), _EARLY)
    yield from _local_slips(sample, name, uses)
    yield Misconception("value_for_gradient", data, "That is the value, not the gradient.")


def _nothing(is_output: bool) -> str:
    if is_output:
        return "backward starts from this value: its own gradient is 1."
    return "Nothing has arrived there: does its gate remember what it was computed from, and does backward go there?"


def _outside(sample: Sample, name: str) -> Iterator[Misconception]:
    said = f"{sample.outputs[-1]} was not computed from {name}: its backward leaves {name} as it was."
    yield Misconception("touched_others", 0.0, said)
    for value in (1.0, 2 * sample.gradients[name]):
        yield Misconception("touched_others", value, said)


def _local_slips(sample: Sample, name: str, uses: list[EngineWire]) -> Iterator[Misconception]:
    local = sum(wire.local for wire in uses)
    flipped = Misconception("sign_flipped", -sample.gradients[name], "The size is right, the sign is not.")
    if abs(local) == 1:
        yield flipped
    said = "That is the local derivative alone. Multiply it by what arrived at the gate's output, its .grad."
    yield Misconception("forgot_upstream", local, said)
    arrived = sum(sample.gradients[wire.gate] for wire in uses)
    said = "That is only what arrives at the gate's output. Multiply it by the local derivative."
    yield Misconception("forgot_local", arrived, said)
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


def _down(wires: list[EngineWire], turned: bool) -> _Down:
    """The wires by the gate they leave, in the order of its arguments or the other way round."""
    down: dict[str, list[EngineWire]] = {}
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
