"""Which word and which lesson a blank is about: by the kind of step, the part of the gate, the gate and the topic."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from tutor.questions import Blank, Step
from tutor.session.session import Session

_KEYS = ("step", "part", "gate", "topic")


@dataclass(frozen=True)
class BlankSubject:
    """What a blank is about: a term of the glossary, the id of a lesson, and what it is there; "" for nothing."""

    word: str
    lesson: str
    here: str = ""


@dataclass(frozen=True)
class BlankFacts:
    """What is known of a blank: the kind of its step, what its key begins with, its gate's key, its topic; "" for none.

    The part of a gradient that is the sum at a fork is `fork`.
    """

    step: str
    part: str
    gate: str
    topic: str


def subject_of(session: Session, step: Step, blank: Blank | None) -> BlankSubject:
    """What is at hand in a session."""
    prefix = session.view.prefix_of(step.key)
    part = blank.key.removeprefix(prefix).partition(":")[0] if blank is not None else ""
    if blank is not None and part == "total" and _is_fork(session, step, blank):
        part = "fork"
    gate = session.view.gate_at(step, blank) if blank is not None else None
    subject = subject_at(BlankFacts(step.key.rpartition("/")[2], part, gate or "", session.exercise.topic))
    return replace(subject, here=_here(session, step, blank)) if blank is not None else subject


def _here(session: Session, step: Step, blank: Blank) -> str:
    """What is asked, and the equation that it is about."""
    card = session.view.about(step, session.view.node_of(step, blank))
    label = blank.label.rstrip(" =:")
    return f"{label}, at {card[0]}" if card else label


def subject_at(place: BlankFacts) -> BlankSubject:
    """The first word and the first lesson that match a place."""
    rows = [row for row in _rows() if all(getattr(place, key) in row[key] for key in _KEYS if key in row)]
    word, lesson = (next(row[what] for row in rows if what in row) for what in ("word", "lesson"))
    assert isinstance(word, str) and isinstance(lesson, str), "as the file has it"
    return BlankSubject(word, lesson)


def _is_fork(session: Session, step: Step, blank: Blank) -> bool:
    """Whether more than one wire uses the value that a blank is about."""
    picture = session.view.picture(step)
    if picture is None:
        return False
    uses = Counter(picture.nodes[wire.source].name for wire in picture.wires)
    return uses[session.view.node_of(step, blank)] > 1


@cache
def _rows() -> tuple[dict[str, str | list[str]], ...]:
    read = tomllib.loads((Path(__file__).parent / "subjects.toml").read_text(encoding="utf-8"))
    return tuple(read["subject"])
