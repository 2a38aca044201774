"""Finding one's way among the exercises: searching, narrowing down, and what to do next. Knows no screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tutor.learner import Progress
from tutor.library import Exercise, Library


class Only(StrEnum):
    """Which exercises are listed."""

    ALL = "all"
    TO_DO = "to do"
    STARTED = "started"
    SOLVED = "solved"
    DUE = "worth another look"

    @property
    def following(self) -> Only:
        """The next one, and then the first again."""
        order = list(Only)
        return order[(order.index(self) + 1) % len(order)]


@dataclass(frozen=True)
class Shelf:
    """The exercises, how far each has come, and the time (seconds since the epoch)."""

    library: Library
    progress: Mapping[str, Progress]
    now: float

    def state(self, id: str) -> str:
        """`new`, `started` or `solved`."""
        return self.progress[id].state if id in self.progress else "new"

    def is_due(self, id: str) -> bool:
        """Whether it is worth another look."""
        due = self.progress[id].due if id in self.progress else None
        return due is not None and due <= self.now

    @property
    def ids(self) -> list[str]:
        """All ids, in the order of the list."""
        return [exercise.id for exercises in self.library.topics.values() for exercise in exercises]

    def matching(self, words: str = "", only: Only = Only.ALL) -> dict[str, list[Exercise]]:
        """Topic -> its exercises in which every word occurs: in title, id, topic, text or kinds of question."""
        wanted = words.casefold().split()
        found = {
            topic: [one for one in exercises if self._is(one.id, only) and self._has(one, wanted)]
            for topic, exercises in self.library.topics.items()
        }
        return {topic: exercises for topic, exercises in found.items() if exercises}

    def _is(self, id: str, only: Only) -> bool:
        match only:
            case Only.ALL:
                return True
            case Only.TO_DO:
                return self.state(id) != "solved"
            case Only.DUE:
                return self.is_due(id)
            case _:
                return self.state(id) == only.value

    def _has(self, exercise: Exercise, words: list[str]) -> bool:
        if not words:
            return True
        file = exercise.file
        kinds = " ".join(exercise.steps)
        topic = self.library.title_of(exercise.topic)
        text = f"{file.title} {exercise.id} {topic} {file.function} {file.prompt} {kinds}".casefold()
        return all(word in text for word in words)

    def next_up(self, last: str | None) -> tuple[str, str] | None:
        """The exercise to go on with, and why; None where there is none.

        The one opened last if it is begun; then what is worth another look; then the first after the last one that
        is not solved.
        """
        ids = self.ids
        if not ids:
            return None
        if last in ids and self.state(last) == "started":
            return last, "go on with"
        start = ids.index(last) if last in ids else 0
        due = [id for id in ids if self.is_due(id)]
        if due:
            return min(due, key=lambda id: self.progress[id].due or 0.0), "worth another look"
        following = next((id for id in (*ids[start:], *ids[:start]) if self.state(id) != "solved"), None)
        return (following, "next") if following is not None else (ids[start], "all solved; again")
