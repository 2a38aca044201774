"""The step `code`: the function in NumPy, run in another process and compared with the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tutor.engine.passes import PassError, backward, forward
from tutor.engine.showing import show_value, told_apart
from tutor.engine.values import Value, as_value, shape_of, show_shape
from tutor.judging import Verdict, right, undecided, unreadable, wrong
from tutor.library.format import CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.function_text import Signature, signature_of
from tutor.questions.backprop.sheets import Sheets
from tutor.questions.blank import Answers, Blank, Wants
from tutor.questions.words import counted, listed, sentence
from tutor.runner import Array, Fault, Job, Outcome, Runner
from tutor.runner import Value as Sent

CODE = "code"
"""The key of the one blank of this step."""

_SHAPES = ((3,), (2, 3))
_SAME = 1e-6
"""Relative difference up to which a returned value is right."""

_MOST_OUTPUT = 600


@dataclass(frozen=True)
class _Trial:
    """One call: the inputs, and what should come back."""

    inputs: Mapping[str, Value]
    truth: tuple[Value, ...]


class CodeStep:
    """One blank that holds the function."""

    key = "code"
    title = "Code"

    def __init__(self, problem: Problem, sheets: Sheets, table: CodeTable, runner: Runner) -> None:
        """Raises BadFile for a `[code]` table that does not fit the function."""
        self._problem = problem
        self._sheets = sheets
        self._runner = runner
        self._signature: Signature = signature_of(problem, table)
        self._trials: tuple[_Trial, ...] = ()

    def about(self, given: Answers) -> str:
        """What is asked."""
        value, *gradients = self._signature.returns
        return f"Write {self._signature.name} in NumPy: it returns the value {value}, then {listed(gradients)}."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        if self._sheets.of(given) is None:
            return ()
        prompt = (
            "Numbers or arrays may come in, entry by entry."
            if not self._problem.has_arrays
            else "Arrays of the exercise's shapes come in."
        )
        return (Blank(CODE, self._signature.name, prompt, Wants.CODE, starter=self._signature.starter),)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Run it on arrays and on the exercise's own numbers. Takes as long as the runner allows."""
        self._trials = self._trials or tuple(self._tried())
        calls = tuple(tuple(_sent(value) for value in trial.inputs.values()) for trial in self._trials)
        outcome = self._runner.run(Job(text, self._signature.name, calls, observe=False))
        return _with_output(self._verdict(outcome), outcome)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The order; the next gradient that is missing; its line."""
        lines = [line.strip() for line in self._worked(given).splitlines()]
        backwards = lines[lines.index("# backward pass") + 1 : -1]
        missing = next((line for line in backwards if f"{line.partition(' =')[0]} =" not in text), backwards[-1])
        name = missing.partition(" =")[0]
        return (
            "First the staged equations, top to bottom. Then their gradients, bottom to top: each is upstream times "
            "local, summed where a value is used more than once.",
            f"Which gradient comes next on the way back? What arrives there, and what is the local derivative? "
            f"Call it {name}, say.",
            missing,
        )

    def worked(self, blank: Blank, given: Answers) -> str:
        """The function written out for the learner's own staging."""
        return self._worked(given)

    def _worked(self, given: Answers) -> str:
        sheet = self._sheets.of(given) or self._sheets.own
        try:
            return self._signature.worked(sheet)
        except ValueError:  # a gate of several operations: the program's own staging has none
            return self._signature.worked(self._sheets.own)

    def _tried(self) -> Iterator[_Trial]:
        if self._problem.has_arrays:
            yield from (self._trial(draw) for draw in self._problem.draws[:2])
        else:
            yield from self._on_arrays()
        if not (self._problem.draws and self._at_a_kink()):
            yield self._trial(self._problem.inputs)

    def _at_a_kink(self) -> bool:
        """Whether the exercise's own numbers stand at a kink, where more than one gradient is right."""
        sheet = self._sheets.own
        return any(sheet.kinks(use) for gate in sheet.graph.gates for use in sheet.wires(gate))

    def _on_arrays(self) -> Iterator[_Trial]:
        """Arrays whose entries are the inputs of the draws, so that the function has a value at each."""
        draws = self._problem.draws
        if not draws:
            return
        for shape in _SHAPES:
            chosen = [draws[i % len(draws)] for i in range(int(np.prod(shape)))]
            inputs = {name: np.reshape([draw[name] for draw in chosen], shape) for name in self._problem.inputs}
            try:
                yield self._trial(inputs)
            except PassError:
                continue

    def _trial(self, inputs: Mapping[str, Value]) -> _Trial:
        graph = self._problem.graph
        values = forward(graph, inputs)
        totals = backward(graph, values).totals
        return _Trial(inputs, (values[graph.output], *(totals[position] for position in graph.inputs)))

    def _verdict(self, outcome: Outcome) -> Verdict:
        for trial, call in zip(self._trials, outcome.calls, strict=outcome.fault is None):
            if call.changed:
                name = self._signature.parameters[call.changed[0]]
                return wrong(f"It changes its input {name} in place. Work on a copy: {name} = {name} + ... makes one.")
            verdict = self._compare(trial, call.returned)
            if verdict is not None:
                return verdict
        if outcome.fault is not None:
            return _of_fault(outcome.fault)
        tried = "arrays of the exercise's shapes" if self._problem.has_arrays else "arrays and numbers"
        checked = counted(len(self._signature.returns), "returned value")
        return right(sentence(f"{checked} checked on {tried}: all right"))

    def _compare(self, trial: _Trial, returned: Sent) -> Verdict | None:
        """What is wrong with one call's result; None if nothing is."""
        names = self._signature.returns
        if returned is None:
            return wrong(f"It returned None. End with: return {', '.join(names)}")
        if not isinstance(returned, (tuple, list)):
            return wrong(f"It returned one value; {len(names)} are wanted: {', '.join(names)}.")
        if len(returned) != len(names):
            return wrong(f"It returned {len(returned)} values; {len(names)} are wanted: {', '.join(names)}.")
        fine: list[str] = []
        for name, sent, truth in zip(names, returned, trial.truth, strict=True):
            fault = _difference(sent, truth)
            if fault is not None:
                before = f"{listed(fine)} {'is' if len(fine) == 1 else 'are'} right; " if fine else ""
                return wrong(f"{before}{name} is not. {fault}{_on(trial)}")
            fine.append(name)
        return None


def _difference(sent: Sent, truth: Value) -> str | None:
    """How a returned value differs from the truth, in a sentence; None if it does not."""
    value = _received(sent)
    if value is None:
        return f"It is {_described(sent)}, where numbers are wanted."
    if shape_of(value) != shape_of(truth):
        return f"It has shape {show_shape(shape_of(value))}; {show_shape(shape_of(truth))} is wanted."
    mine, right_ones = np.ravel(value), np.ravel(truth)
    off = ~np.isclose(mine, right_ones, rtol=_SAME, atol=_SAME * max(1e-6, float(np.abs(right_ones).max())))
    if not off.any():
        return None
    first = int(np.argmax(off))
    yours, wanted = told_apart(float(mine[first]), float(right_ones[first]))
    return f"It is {yours} where {wanted} is right."


def _described(sent: Sent) -> str:
    if sent is None:
        return "None"
    kind = getattr(sent, "type_name", type(sent).__name__)
    return f"{'an' if kind[:1] in 'aeiou' else 'a'} {kind}"


def _received(sent: Sent) -> Value | None:
    """A returned value as the engine knows values; None for what is no number."""
    if isinstance(sent, Array):
        array = sent.numpy()
        return as_value(array.astype(np.float64)) if array.size and array.dtype.kind in "fiub" else None
    if isinstance(sent, (int, float)):
        return float(sent)
    try:
        return as_value(sent) if isinstance(sent, (list, tuple)) else None
    except ValueError:
        return None


def _on(trial: _Trial) -> str:
    """The inputs of a call, as far as they are short enough to say."""
    said = ", ".join(f"{name} = {show_value(value)}" for name, value in trial.inputs.items())
    return f"\nCalled with {said}." if len(said) <= 160 else ""


def _sent(value: Value) -> Sent:
    return value if isinstance(value, float) else Array.of(np.asarray(value))


def _of_fault(fault: Fault) -> Verdict:
    trace = f"\n{fault.traceback}" if fault.traceback else ""
    if fault.kind in ("syntax", "missing"):
        return unreadable(fault.message + trace)
    if fault.kind in ("start", "cancelled"):
        return undecided(fault.message)
    return wrong(fault.message + trace)


def _with_output(verdict: Verdict, outcome: Outcome) -> Verdict:
    """What the code printed, below the verdict."""
    printed = outcome.output.strip()
    if not printed:
        return verdict
    if len(printed) > _MOST_OUTPUT:
        printed = f"{printed[:_MOST_OUTPUT]} …"
    return replace(verdict, message=f"{verdict.message}\nIt printed:\n{printed}")
