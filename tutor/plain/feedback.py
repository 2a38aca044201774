"""Verdicts, hints and progress in words."""

from __future__ import annotations

from tutor.drawing import GraphSpec
from tutor.judging import Verdict
from tutor.plain.console import Console
from tutor.questions import FilledIn
from tutor.questions.inflect import listed
from tutor.session.hint_policy import hint_waits
from tutor.session.session import RUNGS, Session


def say_verdict(console: Console, verdict: Verdict) -> None:
    """The word for its kind, the reason, the carets, and how the answer was read."""
    console.say(f"{verdict.kind.said} {verdict.message}".rstrip())
    if verdict.caret:
        console.point(verdict.caret)
    if verdict.echo:
        console.say(f"Read as {verdict.echo}")


def say_hint(console: Console, hint: str | None, seen: tuple[str, ...], waits: float) -> None:
    """The next hint; where it waits for a try, that; where there is no other, all of them again."""
    if hint is not None:
        console.say(f"Hint {len(seen)} of {RUNGS}: {hint}")
        return
    if waits:
        console.say(f"{hint_waits(waits)}")
        return
    for number, rung in enumerate(seen, 1):
        console.say(f"Hint {number} of {RUNGS}: {rung}")
    console.say("These are all the hints. :show fills the blank in.")


def steps_in_words(session: Session) -> list[str]:
    """A line a step: its number, its title, and how far it has come."""
    lines = []
    for numeral, step in zip(session.view.numerals(), session.steps, strict=True):
        state = session.state(step)
        if not state.open:
            said = "not open yet"
        elif state.finished:
            said = "done, with answers shown" if state.shown else "done"
        else:
            said = f"{state.done} of {state.total} done" if state.total > 1 else "to do"
        lines.append(f"{numeral}. {step.title}: {said}")
    return lines


def filled_in_words(one: FilledIn) -> str:
    """What is not asked, and where it comes from."""
    if not one.text:
        return f"{one.role} {one.label} comes from {one.sender}, which is still open."
    return f"{one.role} {one.label} = {one.text}, from {one.sender}."


def shapes_in_words(picture: GraphSpec, told: str) -> str:
    """The shapes of the values that have names, without those that `told` tells; "" where only numbers are left."""
    named = [node for node in picture.nodes if node.name.isidentifier() and not node.name.endswith("ᵀ")]
    arrays = [shaped for node in named if node.shape and (shaped := f"{node.name} {node.shape}") not in told]
    numbers = [node.name for node in named if not node.shape]
    if not arrays:
        return ""
    rest = f"; {listed(numbers)} {'is a number' if len(numbers) == 1 else 'are numbers'}" if numbers else ""
    return f"Shapes: {', '.join(arrays)}{rest}."


def say_finished(console: Console, session: Session) -> None:
    """What came of the exercise."""
    console.say()
    if session.solved:
        console.say("Solved: every answer is your own.")
    else:
        shown = ", ".join(step.title for step in session.steps if session.state(step).shown)
        console.say(f"Done, but not counted as solved yet. Answers were shown to you in: {shown}.")
        console.say("Next time, :again starts it over.")
    if session.exercise.file.remark:
        console.say(session.exercise.file.remark)
