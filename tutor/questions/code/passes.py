"""The harness `passes`: a function that returns its value, then a gradient for each input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from tutor.diagnosis import Diagnosis, Subject
from tutor.engine.graph import Graph
from tutor.engine.passes import backward, forward
from tutor.engine.values import Value
from tutor.judging import Kind, Verdict, remark, right
from tutor.judging.misconceptions import Misconception
from tutor.questions.code import return_form
from tutor.questions.code.comparing import called_with, same, sending
from tutor.questions.code.outcomes import Told, cut_short, on_lines, printed
from tutor.questions.code.remarks import near_by_differences
from tutor.questions.code.return_form import taken_apart
from tutor.questions.code.returned import Given, changed_input, first_fault, first_gap, function_driver, inputs_after
from tutor.questions.code.slips import general, misplaced
from tutor.questions.code.unknown_names import ReturnedNames
from tutor.questions.inflect import counted, sentence
from tutor.runner import Call, Job, Outcome


@dataclass(frozen=True)
class Trial:
    """One call: the inputs by name, and what should come back. Raises nothing; made by `trial_of`."""

    inputs: Mapping[str, Value]
    truth: tuple[Value, ...]

    def named(self, spec: PassesSpec) -> dict[str, Value]:
        """What should come back, by the names that are asked for."""
        return dict(zip(spec.returns, self.truth, strict=True))


@dataclass(frozen=True, eq=False)
class PassesSpec:
    """The function asked for: its name, its parameters, what it returns, and the calls that it is tried on.

    `solution` is the whole function written out, `starter` what the editor holds at first, `tried` a few words on the
    trials for the verdict. `of_numbers` tells that the exercise's inputs are numbers, of which some trials make arrays.
    `outputs` are what the equations call the function's value.
    """

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    trials: tuple[Trial, ...]
    starter: str
    solution: str
    tried: str = "arrays and numbers"
    of_numbers: bool = False
    outputs: tuple[str, ...] = ()

    @property
    def named(self) -> ReturnedNames:
        """What the names stand for that are to be returned."""
        value, *gradients = self.returns
        return ReturnedNames(value, self.outputs, dict(zip(gradients, self.parameters, strict=False)))


Spec = PassesSpec

ANOTHER_FORM = "returned_in_another_form"
"""The remark on right values in an array of them, or a number in an array of one entry."""

_NEAR = 0.05
"""The relative gap of a gradient that small steps may have come to."""


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
    return Job(text, spec.name, calls)


def verdict(outcome: Outcome, spec: PassesSpec, text: str = "", told: Diagnosis | None = None) -> Verdict:  # noqa: ARG001
    """What is right, or the first value that is wrong, on the first call that shows it."""
    said, below = judged(outcome, spec, text)
    return replace(said, message=f"{said.message}{below}")


def judged(outcome: Outcome, spec: PassesSpec, text: str = "") -> tuple[Verdict, str]:
    """The verdict, and what belongs below it: the inputs of the call that shows the fault, and what was printed."""
    for trial, call in zip(spec.trials, outcome.calls, strict=False):
        found = _fault(trial, call, spec)
        if found is not None:
            below = "" if call.changed else called_with(trial.inputs, spec.of_numbers)
            return found, f"{below}{printed(outcome)}"
    checked = sentence(f"{counted(len(spec.returns), 'returned value')} checked on {spec.tried}: all right")
    made = len(outcome.calls)
    inputs = spec.trials[made].inputs if made < len(spec.trials) else {}
    cut = cut_short(outcome, len(spec.trials), "", Told(text, spec.starter, spec.name, inputs, spec.named))
    if cut is not None:
        below = _in_call(outcome, spec) if cut.kind is Kind.WRONG else ""
        return cut, f"{below}{printed(outcome)}"
    forms = [
        taken_apart(call.returned, trial.named(spec))[1] for trial, call in zip(spec.trials, outcome.calls, strict=True)
    ]
    said = next(filter(None, forms), "")
    verdict = replace(remark(f"{checked}\n{said}"), mistake=ANOTHER_FORM) if said else right(checked)
    return verdict, printed(outcome)


def _in_call(outcome: Outcome, spec: PassesSpec) -> str:
    """The inputs of the call that raised."""
    made = len(outcome.calls)
    raised = outcome.fault is not None and outcome.fault.kind == "raised" and made < len(spec.trials)
    return called_with(spec.trials[made].inputs, spec.of_numbers) if raised else ""


def first_wrong(outcome: Outcome, spec: PassesSpec) -> tuple[Trial, Call] | None:
    """The first call that shows a fault; None where none does."""
    pairs = zip(spec.trials, outcome.calls, strict=False)
    return next(((trial, call) for trial, call in pairs if _fault(trial, call, spec) is not None), None)


def wrong_as_a_whole(text: str, spec: PassesSpec, trial: Trial, call: Call) -> Diagnosis | None:
    """What is wrong with all that a call returned: how many values, their order; or that small steps made them."""
    found = return_form.wrong_as_a_whole(text, spec.name, call.returned, spec.returns)
    if found is not None or call.changed:
        return found
    truths, values = trial.named(spec), return_form.values_of(call.returned, spec.returns)
    return return_form.wrong_order(text, spec.name, values, truths) or _by_small_steps(text, values, truths)


def _by_small_steps(text: str, values: Mapping[str, Value], truths: Mapping[str, Value]) -> Diagnosis | None:
    """What is said where the value is right, and each gradient that is not is nearly so."""
    wrong = [name for name, truth in truths.items() if name not in values or not same(values[name], truth)]
    if (
        not wrong
        or wrong[0] == next(iter(truths))
        or any(not _is_near(values.get(name), truths[name]) for name in wrong)
    ):
        return None
    return near_by_differences(text)


def _is_near(mine: Value | None, truth: Value) -> bool:
    if mine is None or np.shape(mine) != np.shape(truth):
        return False
    return bool(np.max(np.abs(mine - truth)) <= _NEAR * np.max(np.abs(truth)))


def subject(text: str, spec: PassesSpec, constants: Sequence[float] = ()) -> Subject:
    """The program to be examined: what it returns, and its inputs after the call."""
    trials = []
    for trial in spec.trials:
        named = dict(zip(spec.parameters, trial.inputs.values(), strict=True))
        trials.append((tuple(map(sending, named.values())), {**trial.named(spec), **inputs_after(named)}))
    return Subject(
        text, function_driver(spec.name, spec.returns, spec.parameters), trials, spec.starter, True, constants
    )


def with_diagnosis(
    verdict: Verdict, told: Diagnosis | None, spec: PassesSpec, found: tuple[Trial, Call] | None
) -> Verdict:
    """The verdict with what a diagnosis says of the line, and the returned value that shows it."""
    if told is None:
        return verdict
    if found is None:
        return verdict
    trial, call = found
    if call.changed:
        return changed_input(spec.parameters[call.changed[0]], told)
    gap = first_gap(call.returned, trial.named(spec))
    shown = [told.message, f"{gap[0]} {gap[1].how}"] if gap else [told.message]
    return on_lines(replace(verdict, message="\n".join(shown), mistake=told.mistake), told)


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
        return changed_input(spec.parameters[call.changed[0]], None)
    truths = trial.named(spec)
    return first_fault(taken_apart(call.returned, truths)[0], truths, partial(_slips, truths))


def _slips(truths: Mapping[str, Value], name: str, given: Given) -> Iterator[Misconception]:
    yield from misplaced(name, truths, given)
    yield from general(given[name], truths[name])
