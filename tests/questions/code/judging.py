"""Running a text through a harness."""

from __future__ import annotations

import re
import textwrap
from typing import Any

from tutor.judging import Kind, Verdict
from tutor.questions.code.question import HARNESSES, verdict_on
from tutor.runner import Runner


def judged(runner: Runner, harness: str, spec: Any, text: str) -> Verdict:
    """The verdict on a text."""
    chosen = HARNESSES[harness]
    text = textwrap.dedent(text)
    return chosen.verdict(runner.run(chosen.job(text, spec)), spec, text)


def judged_with_line(runner: Runner, harness: str, spec: Any, text: str) -> Verdict:
    """The verdict on a text, with the line that is wrong."""
    entry = getattr(spec, "name", "")
    return verdict_on(textwrap.dedent(text), HARNESSES[harness], spec, entry, runner)


def accepted(runner: Runner, harness: str, spec: Any, text: str, kind: Kind = Kind.RIGHT) -> Verdict:
    """The verdict on a right text."""
    verdict = judged(runner, harness, spec, text)
    assert verdict.kind is kind, verdict.message
    return verdict


def refused(
    runner: Runner, harness: str, spec: Any, text: str, says: str, mistake: str = "", kind: Kind = Kind.WRONG
) -> Verdict:
    """The verdict on a wrong text, which names what is wrong."""
    verdict = judged(runner, harness, spec, text)
    assert verdict.kind is kind, verdict.message
    assert says in verdict.message or says in re.sub(r" on line \d+", "", verdict.message), verdict.message
    if mistake:
        assert verdict.mistake == mistake, f"{verdict.mistake}: {verdict.message}"
    return verdict
