"""What the store holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal["answer", "hint", "skip", "reset", "solved"]
State = Literal["new", "started", "solved"]
ACTIONS: tuple[str, ...] = get_args(Action)
STATES: tuple[str, ...] = get_args(State)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the learner did: a line of the journal. `at` is in seconds since 1970."""

    step: str
    blank: str
    action: Action
    text: str
    verdict: str
    at: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exercise has come: `done` of `total` blanks, `last` touched then (seconds since 1970)."""

    state: State
    done: int
    total: int
    last: float


class StoreProblem(Exception):
    """The store cannot be used. The text is a sentence for the learner."""
