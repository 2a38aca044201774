"""Verdicts on code that did not come to an end, and what it printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tutor.diagnosis import Diagnosis
from tutor.engine.values import Value as Tensor
from tutor.judging import Kind, Verdict, undecided, unreadable, wrong
from tutor.questions.code import faults
from tutor.questions.code.unknown_names import NOTHING_RETURNED, ReturnedNames
from tutor.questions.inflect import listed
from tutor.runner import Outcome, RunFault, Value

_MOST_OUTPUT = 600
_LONG = 100
"""Characters: what Python says in more is not read."""


@dataclass(frozen=True)
class Told:
    """What is known beside a fault: the program, what the editor held at first, what was called, and its inputs.

    `returned` says what the names stand for that are to be returned.
    """

    text: str = ""
    starter: str = ""
    entry: str = ""
    inputs: Mapping[str, Tensor] = field(default_factory=dict)
    returned: ReturnedNames = NOTHING_RETURNED


def of_fault(fault: RunFault, during: str = "", told: Told = Told()) -> Verdict:
    """The verdict on code that was ended by a fault. `during` is a sentence on the call that it happened in."""
    return replace(_of_fault(fault, during, told), stopped_at=fault.line)


def _of_fault(fault: RunFault, during: str, told: Told) -> Verdict:
    said, trace = _in_words(fault, told), _trace(fault, told)
    said = f"{said}\n{during}" if during else said
    if fault.kind == "missing" and (place := faults.misplaced(told.text, told.entry)):
        return unreadable(place)
    if fault.kind in ("syntax", "missing"):
        helps = faults.unreadable_line(fault, told.text)
        return unreadable(f"{fault.message}{helps or trace}")
    if fault.kind in ("start", "cancelled"):
        return undecided(fault.message)
    if not_yet := faults.not_an_answer(fault, told.text, told.starter):
        return unreadable(not_yet)
    if fault.kind == "unknown":
        return replace(unreadable(said + trace), lines=faults.line_meant(fault, told.text, told.returned))
    if faults.is_notation(fault, told.text):
        return replace(unreadable(said), lines=(fault.line,) if fault.line else ())
    return wrong(said + trace)


def _in_words(fault: RunFault, told: Told) -> str:
    """What was raised, and what would help: where Python says it at length, what helps stands in its place."""
    advice = faults.advice(fault, told.text, told.starter, told.inputs, told.returned)
    if not advice or len(fault.detail) <= _LONG:
        return f"{fault.message}{advice}"
    if faults.is_notation(fault, told.text):
        return f"Line {fault.line}:{advice}" if fault.line else advice.strip()
    return f"Your code raised {fault.error}{f' on line {fault.line}' if fault.line else ''}.{advice}"


def _trace(fault: RunFault, told: Told) -> str:
    """Where it was raised, on lines of its own; "" where one line is all there is, and what helps names it."""
    advice = faults.advice(fault, told.text, told.starter, told.inputs, told.returned)
    said = advice and (len(fault.lines) <= 1 or len(fault.detail) > _LONG)
    return f"\n{fault.traceback}" if fault.traceback and not said else ""


def cut_short(outcome: Outcome, wanted: int, during: str = "", told: Told = Told()) -> Verdict | None:
    """The verdict on code that did not make all the calls wanted; None if it did."""
    if outcome.fault is not None:
        return of_fault(outcome.fault, during, told)
    if len(outcome.calls) != wanted:
        return wrong("Your code ended without a result.")
    return None


def may_be_examined(outcome: Outcome) -> bool:
    """Whether a wrong program can be run again to look for the line: it came to an end, or raised."""
    return outcome.fault is None or outcome.fault.kind == "raised"


def with_fault(verdict: Verdict, outcome: Outcome, told: Diagnosis | None) -> Verdict:
    """The verdict on code that raised, with the change that would help before Python's words."""
    if (
        outcome.fault is None
        or told is None
        or faults.says_all(outcome.fault)
        or len(told.lines) != 1
        or verdict.kind is not Kind.WRONG
        or verdict.lines
    ):
        return verdict
    return on_lines(replace(verdict, message=f"{told.message}\n{verdict.message}", mistake=told.mistake), told)


def on_lines(verdict: Verdict, told: Diagnosis | None) -> Verdict:
    """The verdict with the lines that a diagnosis tells of: wrong ones, right ones, and why the one is wrong."""
    if told is None:
        return verdict
    return replace(verdict, lines=told.lines, right_lines=told.right, clause=told.clause, brief=told.brief)


def in_two_parts(say: Callable[[Diagnosis | None], Verdict], told: Diagnosis | None) -> Verdict:
    """The verdict upon a diagnosis, which can also be said without what is wrong with the line."""
    verdict = say(told)
    if told is None or not told.where or verdict.kind is not Kind.WRONG:
        return verdict
    first = say(replace(told, message=told.where))
    return verdict if first.message == verdict.message else replace(verdict, where=first.message, what=told.what)


def lacking(returned: Value, name: str) -> Verdict | None:
    """The verdict on a class without methods it should have, from their names; None if it has them all."""
    if not isinstance(returned, list) or not returned:
        return None
    return unreadable(f"The class {name} has no {listed([str(each) for each in returned], 'and no')}.")


def with_output(verdict: Verdict, outcome: Outcome) -> Verdict:
    """The verdict, with what the code printed below it."""
    return replace(verdict, message=f"{verdict.message}{printed(outcome)}")


def printed(outcome: Outcome) -> str:
    """What the code printed, on lines of its own; "" if it printed nothing."""
    output = outcome.output.strip()
    if not output:
        return ""
    return f"\nIt printed:\n{output[:_MOST_OUTPUT]}{' …' if len(output) > _MOST_OUTPUT else ''}"
