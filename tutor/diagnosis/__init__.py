"""The first wrong line of a learner's program, and the mistake made there.

In: the program, a few lines that call it, and what its results should be on each trial. Out: a `Diagnosis`: one line,
two with what each would need, or the few among which the wrong one is; a sentence, and the mistake's name. One way for
every harness: `examination` runs the program in the runner's process (`child`), watched, disturbed, and with single
changes; `evidence` holds each value against what is true, `confidence` decides what may be said, `messages` says it.
Open `child/examine.py` first.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.diagnosis.confidence import judge
from tutor.diagnosis.evidence import Case, TrueGraph
from tutor.diagnosis.examination import Subject, examine
from tutor.diagnosis.messages import Diagnosis, Explain, nothing_known, told
from tutor.runner import Runner

__all__ = ["Diagnosis", "Explain", "Subject", "TrueGraph", "diagnose", "nothing_known"]


def diagnose(
    runner: Runner,
    subject: Subject,
    entry: str,
    references: Sequence[Sequence[TrueGraph]] = (),
    explain: Explain = nothing_known,
) -> Diagnosis | None:
    """The diagnosis of a program with a wrong result; None where nothing is wrong, or nothing can be told.

    `entry` is the function that the trials call. `references` are the graphs known of each trial, `explain` names a
    mistake from a wrong value and the right one. Raises nothing for any program that Python can read.
    """
    findings = examine(runner, subject)
    runner.warm(jobs=2)  # the next program may be wrong too: it is run, then examined
    if findings is None or not findings.wrong:
        return None
    case = Case(subject.source, findings, [truths for _, truths in subject.trials], references, subject.given)
    return told(case, judge(case), entry, explain)
