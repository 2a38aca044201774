"""The harness `op`: a class with `forward(context, ...)` and `backward(context, goutput)`.

Two forwards run before their two backwards, so that only what is kept in a use's own context can be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from tutor.diagnosis import Diagnosis, Subject
from tutor.engine.values import Value, shape_of, unbroadcast
from tutor.judging import Verdict, remark, right, wrong
from tutor.judging.misconceptions import Misconception
from tutor.questions.code.comparing import called_with, gap, with_shapes
from tutor.questions.code.op_text import starter_text, with_given, worked_text
from tutor.questions.code.op_uses import OperationUse, OpSpec, gradients_of
from tutor.questions.code.operations import wrong_ways
from tutor.questions.code.outcomes import Told, cut_short, lacking, with_output
from tutor.questions.code.remarks import manner
from tutor.questions.code.return_form import returning
from tutor.questions.code.returned import Given, first_fault, not_right, on_line
from tutor.questions.code.slips import general, misplaced
from tutor.questions.inflect import counted, listed
from tutor.runner import Array, Call, Job, Outcome, RunFault
from tutor.runner import Value as Sent

METHODS = ("forward", "backward")

DRIVE = """
def lacks(owner, names):
    return [name for name in names if not callable(getattr(owner, name, None))]


def after(*values):
    return values


def drive(namespace, calls):
    (name, methods), *uses = calls
    operation = namespace[name]
    missing = call(lacks, operation, methods)
    if missing:
        return
    for pair in zip(uses[::2], uses[1::2]):
        contexts = [{}, {}]
        outputs = [
            call(operation.forward, context, *arguments, **keywords)
            for context, (arguments, keywords, _) in zip(contexts, pair)
        ]
        for context, (_, _, upstream) in zip(contexts, pair):
            call(operation.backward, context, upstream)
        for output, (arguments, _, _) in zip(outputs, pair):
            call(after, output, *arguments)
"""
"""Runs in the other process. The calls of a pair: both forwards, both backwards, then what became of the arrays."""


Spec = OpSpec


def starter(spec: OpSpec) -> str:
    """The class with empty methods."""
    return starter_text(spec.entry, spec.name, spec.broadcast)


def job(text: str, spec: OpSpec) -> Job:
    """The uses, two at a time."""
    whole = with_given(text, spec.broadcast)
    return Job(whole, spec.name, ((spec.name, list(METHODS)), *map(_sent, spec.uses)), harness=DRIVE)


def verdict(outcome: Outcome, spec: OpSpec, text: str = "", told: Diagnosis | None = None) -> Verdict:
    """What is right, or the first wrong value, on the first use that shows it, with what is `told` of its line."""
    return with_output(_verdict(outcome, spec, text, told), outcome)


_RESULTS = """
NAME = {name!r}


def results(namespace, uses):
    operation, contexts = namespace[NAME], [{{}}, {{}}]
    outputs = [
        operation.forward(context, *arguments, **keywords)
        for context, (arguments, keywords, _) in zip(contexts, uses)
    ]
    found = {{"forward": sum(np.sum(output * use[2]) for output, use in zip(outputs, uses))}}
    for number, (context, (arguments, _, upstream)) in enumerate(zip(contexts, uses)):
        returned = operation.backward(context, upstream)
        returned = returned if isinstance(returned, (tuple, list)) else [returned]
        if len(returned) != len(arguments):
            raise ValueError
        found.update((f"{{number}}{{at}}", each) for at, each in enumerate(returned))
        after = [outputs[number], *arguments, upstream]
        found.update((f"{{number}}{{at}} after", each) for at, each in enumerate(after))
    first = {{NAMES[at]: found.pop(f"0{{at}}") for at in range(len(NAMES))}}
    return {{"forward": found.pop("forward"), **first, **found}}


NAMES = {names!r}
"""
"""Runs in the other process: one use, or two at a time, and what became of the arrays."""


def subject(text: str, spec: OpSpec) -> Subject:
    """The class to be examined: forward's output times goutput is the value whose gradients backward is to find."""
    names = [f"g{name}" for name in spec.entry.arguments]
    driver = _RESULTS.format(name=spec.name, names=names)
    given = starter(spec)
    trials = []
    pairs = list(zip(spec.uses[::2], spec.uses[1::2], strict=True))
    for pair in (*((use,) for use in spec.uses[::2]), *pairs):
        objective = sum(float(np.sum(use.output * use.upstream)) for use in pair)
        truths: dict[str, Value | None] = {"forward": objective, **pair[0].gradients}
        truths |= {f"1{at}": value for use in pair[1:] for at, value in enumerate(use.gradients.values())}
        for number, use in enumerate(pair):
            after = [use.output, *use.arguments.values(), use.upstream]
            truths |= {f"{number}{at} after": value for at, value in enumerate(after)}
        trials.append((tuple(_sent(use) for use in pair), truths))
    return Subject(with_given(text, spec.broadcast), driver, trials, given)


def worked(spec: OpSpec) -> str:
    """A right class."""
    return worked_text(spec.entry, spec.name, spec.broadcast)


def hints(spec: OpSpec) -> tuple[str, str, str]:
    """The local derivatives; the gates as one line each; the lines."""
    entry = spec.entry
    kept = ", ".join(name.partition(".")[0] for name in entry.keeps)
    asked = f"backward needs {kept}: does forward keep that in context?" if kept else "backward needs goutput alone."
    shape = " Each gradient has the shape of its argument: sum over what was stretched." if spec.broadcast else ""
    lines = [line.strip() for line in worked(spec).splitlines()]
    start = lines.index("def backward(context, goutput):") + 1
    return (
        f"{entry.principle} Each gradient is goutput times local.",
        f"forward computes {entry.title}. {asked}{shape}",
        "; ".join(line for line in lines[start:] if line),
    )


def _sent(use: OperationUse) -> tuple[Sent, ...]:
    arguments: list[Sent] = [Array.of(np.asarray(value)) for value in use.arguments.values()]
    return arguments, dict(use.keywords), Array.of(np.asarray(use.upstream))


def _verdict(outcome: Outcome, spec: OpSpec, text: str, told: Diagnosis | None) -> Verdict:
    if outcome.calls:
        missing = lacking(outcome.calls[0].returned, spec.name)
        if missing:
            return missing
    made = outcome.calls[1:]
    for at, call in enumerate(made[: 3 * len(spec.uses)]):
        found = _judge(call, spec, at, told, returning(text, "backward"))
        if found is not None:
            return found
    during, context = "", ""
    if outcome.fault is not None and outcome.calls and len(made) < 3 * len(spec.uses):
        use, stage = _place(spec, len(made))
        during = _during(use, stage)
        context = _about_context(outcome.fault, stage)
    cut = cut_short(outcome, 1 + 3 * len(spec.uses), f"{context}{during}", Told(text, starter(spec), spec.name))
    if cut is not None:
        return cut
    checked = (
        f"Forward and backward are right: checked on {counted(len(spec.uses) // 2, 'set')} of shapes, two uses at a "
        "time: the values, each gradient and its shape, what context keeps, and that nothing given is changed."
    )
    looped = _looped(text)
    return replace(remark(f"{checked}\n{looped}"), mistake="loop_for_vector") if looped else right(checked)


def _looped(text: str) -> str:
    """What is said of a loop over entries, where whole arrays would do; "" where there is none."""
    found = [said for method in METHODS if (said := manner(text, method)) and said.mistake == "loop_for_vector"]
    return found[0].message if found else ""


def _place(spec: OpSpec, at: int) -> tuple[OperationUse, int]:
    """The use that a call belongs to, and its stage: 0 forward, 1 backward, 2 after both."""
    pair, within = divmod(at, 6)
    return spec.uses[2 * pair + within % 2], within // 2


def _other(spec: OpSpec, at: int) -> OperationUse:
    """The other use of the pair."""
    pair, within = divmod(at, 6)
    return spec.uses[2 * pair + 1 - within % 2]


def _during(use: OperationUse, stage: int) -> str:
    where = METHODS[min(stage, 1)]
    return f"That was {where}, with {with_shapes(use.arguments)}{_constants(use)}."


def _constants(use: OperationUse) -> str:
    return "".join(f", {name}={value}" for name, value in use.keywords.items())


def _about_context(fault: RunFault, stage: int) -> str:
    if fault.error == "AttributeError" and fault.detail.startswith("'dict' object"):
        return 'context is a dictionary: context["x"] = x keeps a value, context["x"] gives it back.\n'
    if stage == 1 and fault.error == "KeyError":
        return "context holds what the forward of the same use has put there, and nothing else.\n"
    return ""


def _judge(call: Call, spec: OpSpec, at: int, told: Diagnosis | None, line: tuple[int, ...]) -> Verdict | None:
    use, stage = _place(spec, at)
    if stage == 0:
        return _judge_forward(call, use, told)
    if stage == 1:
        return _judge_backward(call, use, _other(spec, at), spec, told, line)
    return _judge_after(call, use, told)


def _judge_forward(call: Call, use: OperationUse, told: Diagnosis | None) -> Verdict | None:
    lines = told.lines if told else ()
    changed = [at for at in call.changed if at > 0]  # the context is there to be changed
    if changed:
        name = list(use.arguments)[changed[0] - 1]
        said = f"forward changes its argument {name} in place{on_line(lines)}. Make a new array."
        return wrong(said, "changed_in_place", lines)
    where = called_with(use.arguments) or f"\nCalled with {with_shapes(use.arguments)}."
    if call.returned is None:
        return wrong(f"forward returned None. End with: return out{where}", "returned_none")
    found = gap(call.returned, use.output)
    if found is None:
        return None
    if told is not None and told.mistake:
        return wrong(f"{told.message}\nforward {found.how}{where}", told.mistake, lines)
    return wrong(f"{not_right('forward', lines)} {found.said}{where}", "", lines)


def _judge_backward(
    call: Call, use: OperationUse, other: OperationUse, spec: OpSpec, told: Diagnosis | None, line: tuple[int, ...]
) -> Verdict | None:
    lines = told.lines if told else ()
    if 1 in call.changed:
        said = f"backward changes goutput in place{on_line(lines)}. Make a new array."
        return wrong(said, "changed_in_place", lines)
    if use.keywords and isinstance(call.returned, (tuple, list)) and len(call.returned) > len(use.gradients):
        constants = listed(list(use.keywords))
        count = counted(len(call.returned), "value")
        said = f"backward returned {count}{on_line(line)}. {constants} are constants: there is no gradient for them."
        return wrong(said, "gradient_of_constant")
    where = called_with({**use.arguments, "goutput": use.upstream}) or f"\nCalled with {with_shapes(use.arguments)}."
    return first_fault(
        call.returned,
        use.gradients,
        partial(_slips, spec, use, other),
        subject="backward",
        right_before=("forward",),
        after=where,
        told=told,
        returning=line,
    )


def _judge_after(call: Call, use: OperationUse, told: Diagnosis | None) -> Verdict | None:
    if not isinstance(call.returned, tuple):
        return None
    expected = {"what forward returned": use.output, **use.arguments}
    lines = told.lines if told else ()
    for (name, truth), sent_back in zip(expected.items(), call.returned, strict=False):
        if gap(sent_back, truth) is not None:
            said = f"backward changes {name} in place{on_line(lines)}, through what context keeps. Make a new array."
            return wrong(said, "changed_in_place", lines)
    return None


def _slips(spec: OpSpec, use: OperationUse, other: OperationUse, name: str, given: Given) -> Iterator[Misconception]:
    entry, truth = spec.entry, use.gradients[name]
    arguments, theirs = tuple(use.arguments.values()), tuple(other.arguments.values())
    stale = gradients_of(entry, use.upstream, theirs, use.keywords)[name]
    said = "That comes from the inputs of another use. Keep what backward needs in context: each use has its own."
    yield Misconception("stale_cache", stale, said)
    yield from misplaced(name, use.gradients, given)
    argument = use.arguments[name[1:]]
    for about, mistake, value, words in wrong_ways(spec.op, use.upstream, arguments, use.keywords):
        if f"g{about}" == name:
            yield Misconception(mistake, value, words)
            yield from _summed(mistake, value, argument, words)
    ones = np.ones_like(use.upstream)
    local = gradients_of(entry, ones, arguments, use.keywords)[name]
    yield Misconception("forgot_upstream", local, "That is the local derivative alone. Multiply it by goutput.")
    if shape_of(use.upstream) == shape_of(truth):
        yield Misconception("forgot_local", use.upstream, "That is goutput alone, without the local derivative.")
    yield from general(given[name], truth)


def _summed(mistake: str, value: Value, argument: Value, words: str) -> Iterator[Misconception]:
    """The same slip by a learner who sums back to the argument's shape."""
    try:
        yield Misconception(mistake, unbroadcast(value, shape_of(argument)), words)
    except (IndexError, ValueError):  # not a shape that broadcasting could have led to
        return
