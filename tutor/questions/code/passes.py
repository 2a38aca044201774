"""The harness `passes`: a function that returns its value, then a gradient for each input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from tutor.engine.graph import Graph
from tutor.engine.passes import backward, forward
from tutor.engine.values import Value
from tutor.judging import Verdict, right, wrong
from tutor.questions.code.comparing import called_with, cut_short, printed, sending
from tutor.questions.code.returned import Given, first_fault
from tutor.questions.code.slips import CodeMistake, general, misplaced
from tutor.questions.inflect import counted, sentence
from tutor.runner import Call, Job, Outcome


@dataclass(frozen=True)
class Trial:
    """One call: the inputs by name, and what should come back. Raises nothing; made by `trial_of`."""

    inputs: Mapping[str, Value]
    truth: tuple[Value, ...]


@dataclass(frozen=True, eq=False)
class PassesSpec:
    """The function asked for: its name, its parameters, what it returns, and the calls that it is tried on.

    `solution` is the whole function written out, `starter` what the editor holds at first, `tried` a few words on the
    trials for the verdict.
    """

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    trials: tuple[Trial, ...]
    starter: str
    solution: str
    tried: str = "arrays and numbers"


Spec = PassesSpec


def trial_of(graph: Graph, inputs: Mapping[str, Value], gradients: int | None = None) -> Trial:
    """The trial of a graph at its inputs, with the truth from both passes. Raises PassError where there is none.

    The truth holds the value, and the gradients of the first so many inputs; of all where that is None.
    """
    values = forward(graph, inputs)
    totals = backward(graph, values).totals
    return Trial(inputs, (values[graph.output], *(totals[position] for position in graph.inputs[:gradients])))


def starter(spec: PassesSpec) -> str:
    """What the editor holds at first."""
    return spec.starter


def job(text: str, spec: PassesSpec) -> Job:
    """The calls: one for each trial."""
    calls = tuple(tuple(sending(value) for value in trial.inputs.values()) for trial in spec.trials)
    return Job(text, spec.name, calls, observe=False)


def verdict(outcome: Outcome, spec: PassesSpec, text: str = "") -> Verdict:  # noqa: ARG001 - as all harnesses
    """What is right, or the first value that is wrong, on the first call that shows it."""
    said, below = judged(outcome, spec)
    return replace(said, message=f"{said.message}{below}")


def judged(outcome: Outcome, spec: PassesSpec) -> tuple[Verdict, str]:
    """The verdict, and what belongs below it: the inputs of the call that shows the fault, and what was printed."""
    for trial, call in zip(spec.trials, outcome.calls, strict=False):
        verdict = _fault(trial, call, spec)
        if verdict is not None:
            inputs = "" if call.changed else called_with(trial.inputs)
            return verdict, f"{inputs}{printed(outcome)}"
    checked = counted(len(spec.returns), "returned value")
    said = cut_short(outcome, len(spec.trials)) or right(sentence(f"{checked} checked on {spec.tried}: all right"))
    return said, printed(outcome)


def worked(spec: PassesSpec) -> str:
    """The function written out."""
    return spec.solution


def hints(spec: PassesSpec, text: str = "") -> tuple[str, str, str]:
    """The order; the next gradient that is missing in `text`; its line."""
    lines = [line.strip() for line in spec.solution.splitlines()]
    start = lines.index("# backward pass") + 1 if "# backward pass" in lines else 0
    backwards = [line for line in lines[start:] if " = " in line] or [lines[-1]]
    missing = next((line for line in backwards if f"{line.partition(' =')[0]} =" not in text), backwards[-1])
    name = missing.partition(" =")[0]
    return (
        "First the staged equations, top to bottom. Then their gradients, bottom to top: each is upstream times "
        "local, summed where a value is used more than once.",
        f"Which gradient comes next in the backward pass? What arrives there, and what is the local derivative? "
        f"Call it {name}, say.",
        missing,
    )


def _fault(trial: Trial, call: Call, spec: PassesSpec) -> Verdict | None:
    """What is wrong with one call; None if nothing is."""
    if call.changed:
        name = spec.parameters[call.changed[0]]
        message = f"It changes its input {name} in place. Work on a copy: {name} = {name} + ... makes one."
        return wrong(message, "changed_in_place")
    truths = dict(zip(spec.returns, trial.truth, strict=True))
    return first_fault(call.returned, truths, partial(_slips, truths))


def _slips(truths: Mapping[str, Value], name: str, given: Given) -> Iterator[CodeMistake]:
    yield from misplaced(name, truths, given)
    yield from general(given[name], truths[name])
