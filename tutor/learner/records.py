"""What the store holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Action = Literal["answer", "hint", "skip", "reset", "solved", "opened", "mode", "open", "card", "mistake"]
"""What the learner did: checked an answer, was shown a hint, had a step or blank shown worked, began anew, solved
the exercise, came to it, chose another way to enter answers, opened a gate into its parts, looked at a gate card,
made a mistake that was named. The text of "solved" is the digest of what was asked then; "" in progress of earlier
versions. That of "opened" is the staging that was given, where one was; of "mistake" what was said, with its name as
the verdict."""
State = Literal["new", "started", "solved"]
Standing = Literal["new", "started", "shown", "solved"]
ACTIONS: tuple[str, ...] = get_args(Action)
STATES: tuple[str, ...] = get_args(State)
LOOKING: tuple[Action, ...] = ("opened", "card")
"""Actions that do not yet count as working on the exercise."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the learner did: a line of the journal.

    `at` is in seconds since 1970; 0 stands for the moment at which the entry is written.
    """

    step: str = ""
    blank: str = ""
    action: Action = "answer"
    text: str = ""
    verdict: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exercise has come: `done` of `total` blanks, `last` touched then (seconds since 1970).

    `due` is when it is worth another look, in the same seconds; None before it was ever finished.
    """

    state: State
    done: int
    total: int
    last: float
    due: float | None = None

    @property
    def standing(self) -> Standing:
        """The state, or "shown" where all is done but answers were shown."""
        return "shown" if self.state == "started" and 0 < self.total == self.done else self.state


def asides(due: bool, solved_before: bool, changed: bool) -> list[str]:
    """What there is to say of an exercise beside its state: a few words each, for lists and previews."""
    remarks = {"worth another look": due, "solved before": solved_before, "changed since you solved it": changed}
    return [words for words, holds in remarks.items() if holds]


class StoreProblem(Exception):
    """The store cannot be used. The text is a sentence for the learner."""
