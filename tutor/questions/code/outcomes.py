"""Verdicts on code that did not come to an end, and what it printed."""

from __future__ import annotations

from dataclasses import replace

from tutor.judging import Verdict, undecided, unreadable, wrong
from tutor.questions.code.raised import asked_of
from tutor.questions.words import listed
from tutor.runner import Fault, Outcome, Value

_MOST_OUTPUT = 600


def of_fault(fault: Fault, during: str = "") -> Verdict:
    """The verdict on code that was ended by a fault. `during` is a sentence on the call that it happened in."""
    told = f"{fault.message}{asked_of(fault)}"
    said = f"{told}\n{during}" if during else told
    trace = f"\n{fault.traceback}" if fault.traceback else ""
    if fault.kind in ("syntax", "missing"):
        return unreadable(fault.message + trace)
    if fault.kind in ("start", "cancelled"):
        return undecided(fault.message)
    if fault.kind == "unknown":
        return unreadable(said + trace)
    return wrong(said + trace)


def cut_short(outcome: Outcome, wanted: int, during: str = "") -> Verdict | None:
    """The verdict on code that did not make all the calls wanted; None if it did."""
    if outcome.fault is not None:
        return of_fault(outcome.fault, during)
    if len(outcome.calls) != wanted:
        return wrong("Your code ended without a result.")
    return None


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
