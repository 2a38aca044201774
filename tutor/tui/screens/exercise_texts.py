"""What the tutor says at a blank: the last verdict again, the help had there, and how the blank is answered."""

from __future__ import annotations

from collections.abc import Callable

from tutor.papers import PAPERS_TOPIC
from tutor.questions import BACKWARD, CODE, Blank, InputKind, Step
from tutor.session.session import Session
from tutor.tui import content
from tutor.tui.content import StyledParagraph

_HOW_TO = {
    InputKind.VALUE: "Type the answer and press Enter. {exercise.hint} gives a hint.",
    InputKind.CHOICE: "Letters choose, {choice.check} checks. {exercise.hint} gives a hint.",
    InputKind.EQUATIONS: "Type one equation and press Enter, then the next. {exercise.hint} gives a hint.",
    InputKind.CODE: "Write what is missing; {exercise.check} runs it. {exercise.hint} gives a hint.",
}
"""What is said while there is nothing else to say."""

_EDITED = {
    InputKind.VALUE: "This has changed since it was checked. Enter checks it again.",
    InputKind.CHOICE: "This has changed since it was checked. {choice.check} checks it again.",
    InputKind.EQUATIONS: "These equations have changed since they were checked. {exercise.check} checks them again.",
    InputKind.CODE: "This has changed since it was last run. {exercise.check} runs it.",
}
"""What is said of a blank where the last verdict is about another text."""

_UNCHECKED = "Not checked yet. {exercise.check} checks them."
"""Of equations that were never checked as a whole."""

_FEWER = (
    "You have worked two exercises in full, so this one asks for each gradient only. A wrong one opens into its "
    "pieces. {exercise.quick} asks for everything."
)
"""Why fewer blanks are asked, where the learner did not choose it."""

_FEWER_AS_BEFORE = (
    "This asks for each gradient only, as you chose last time. A wrong one opens into its pieces. "
    "{exercise.quick} asks for everything."
)
"""The same, where it was chosen in another exercise."""

_EXAM = "{exercise.exam}: sit it as an exam, with a clock."
"""Where an exercise is a whole paper."""

_MOST_TRIED = 3
"""Earlier answers that are recalled."""

Keys = Callable[[str], str]
"""Puts the names that keys have now into a sentence."""


def recalled(session: Session, step: Step, blank: Blank, keys: Keys) -> tuple[StyledParagraph, ...]:
    """What was said last to a blank that is come back to; nothing where it was never answered."""
    answer = session.answers.get(blank.key)
    if answer is None:
        return ()
    if not session.edited(blank):
        return (content.verdict(session.as_said(blank, answer.verdict), about=blank.key),)
    unchecked = blank.wants is InputKind.EQUATIONS and not session.view.staging(step, answer.text).is_whole
    return (content.muted(keys(_UNCHECKED if unchecked else _EDITED[blank.wants])),)


def help_had(session: Session, blank: Blank) -> list[StyledParagraph]:
    """The hints seen at a blank, then earlier wrong answers, the newest first, without the one that stands."""
    hints = [content.hint(rung, text) for rung, text in enumerate(session.hints_seen(blank))]
    if blank.wants in (InputKind.CODE, InputKind.EQUATIONS):  # they stand there, and only a line of them is wrong
        return hints
    last = session.answers.get(blank.key)
    tried = [one for one in reversed(session.tried(blank)) if last is None or one.text != last.text]
    return hints + [content.tried(one.text, one.said) for one in tried[:_MOST_TRIED]]


def what_to_do(
    session: Session, step: Step, blank: Blank, keys: Keys, new_here: bool, *, graph_hidden: bool
) -> list[StyledParagraph]:
    """How a blank is answered, where that is not known by now, and why fewer blanks are asked."""
    said = []
    if session.fewer_first and step.key.rpartition("/")[2] == BACKWARD:
        said.append(content.plain(keys(_FEWER_AS_BEFORE if session.fewer_remembered else _FEWER)))
    if blank.wants is InputKind.CODE and step.key.rpartition("/")[2] == CODE:
        said.append(content.plain(step.about(session)))
        said += [content.muted(equations)] if (equations := session.view.equations_for_code(step)) else []
    if new_here or blank.wants is not InputKind.VALUE or not session.begun:
        graph = " {exercise.graph} shows the graph." if graph_hidden and blank.wants is InputKind.CODE else ""
        said.append(content.muted(keys(_HOW_TO[blank.wants] + graph)))
    if session.exercise.topic == PAPERS_TOPIC and session.asked is None and not session.begun:
        said.append(content.muted(keys(_EXAM)))
    return said
