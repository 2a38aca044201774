"""Verdicts on code that did not come to an end, and what it printed."""

from __future__ import annotations

import re
from dataclasses import replace

from tutor.diagnosis import Diagnosis
from tutor.engine.gates import CALLED_IN_NUMPY
from tutor.judging import Kind, Verdict, undecided, unreadable, wrong
from tutor.questions.inflect import listed
from tutor.runner import Outcome, RunFault, Value

_MOST_OUTPUT = 600


def of_fault(fault: RunFault, during: str = "") -> Verdict:
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


def cut_short(outcome: Outcome, wanted: int, during: str = "", text: str = "", starter: str = "") -> Verdict | None:
    """The verdict on code that did not make all the calls wanted; None if it did.

    `text` is the learner's program and `starter` what the editor held at first, for what they say of the fault.
    """
    if outcome.fault is not None:
        return of_fault(outcome.fault, during)
    if len(outcome.calls) != wanted:
        return wrong("Your code ended without a result.")
    return None


def may_be_examined(outcome: Outcome) -> bool:
    """Whether a wrong program can be run again to look for the line: it came to an end, or raised."""
    return outcome.fault is None or outcome.fault.kind == "raised"


def with_fault(verdict: Verdict, outcome: Outcome, told: Diagnosis | None) -> Verdict:
    """The verdict on code that raised, with the change that would help before Python's words."""
    if outcome.fault is None or told is None or len(told.lines) != 1 or verdict.kind is not Kind.WRONG or verdict.lines:
        return verdict
    return replace(verdict, message=f"{told.message}\n{verdict.message}", mistake=told.mistake, lines=told.lines)


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


_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_YET = re.compile(r"cannot access local variable '(\w+)'")

_NUMPY = frozenset({
    *CALLED_IN_NUMPY, "arctan", "cosh", "log10", "sinh", "square", "where", "zeros", "zeros_like",
})  # fmt: skip


def asked_of(fault: RunFault) -> str:
    """A question that leads on from what Python said, after a space; "" where its own words are as good.

    Python tells most of its errors apart by their words alone, so these are read; no sentence of ours is.
    """
    said = fault.detail
    if fault.error == "NameError" and (found := _NOT_DEFINED.search(said)):
        name = found[1]
        if name in _NUMPY:
            return f" {name} is NumPy's. What goes in front of its name?"
        return f" Which line should compute {name}?"
    if fault.error == "UnboundLocalError" and (found := _NOT_YET.search(said)):
        return f" Which line gives {found[1]} its first value?"
    if "bitwise_xor" in said or "for ^:" in said:
        return " In Python ^ is not a power. Which operator is?"
    if "matmul" in said and "mismatch" in said:
        return " The inner sizes at @ must match. What shapes do its two factors have?"
    if "could not be broadcast" in said:
        return " What shapes do the two arrays have?"
    return ""
