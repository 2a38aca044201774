"""Finding one's way among the exercises: searching, narrowing down, and what to do next. Knows no screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tutor.learner import Progress, Standing, asides
from tutor.library import Exercise, Library
from tutor.practice.seeds import split_id


class Only(StrEnum):
    """Which exercises are listed."""

    ALL = "all"
    TO_DO = "to do"
    BEGUN = "begun"
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
    ever_solved: Mapping[str, str] = field(default_factory=dict)
    """What was ever solved, also before it was begun again, with the digest of what was asked then; "" if unknown."""

    def state(self, id: str) -> Standing:
        """`new`, `started`, `shown` (done, with answers shown) or `solved`."""
        return self.progress[id].standing if id in self.progress else "new"

    def is_solved(self, id: str) -> bool:
        """Whether it was ever solved, also where it has been begun again since."""
        return self.state(id) == "solved" or id in self.ever_solved

    def has_changed(self, id: str) -> bool:
        """Whether what it asks is known to have changed since it was solved."""
        if self.state(id) != "solved":
            return False
        return self.ever_solved.get(id, "") not in ("", self.library.exercises[id].digest)

    def notes(self, id: str) -> list[str]:
        """What there is to say of it beside its state."""
        before = self.is_solved(id) and self.state(id) != "solved"
        return asides(self.is_due(id), before, self.has_changed(id))

    def is_due(self, id: str) -> bool:
        """Whether it is worth another look."""
        due = self.progress[id].due if id in self.progress else None
        return due is not None and due <= self.now

    @property
    def listed(self) -> list[str]:
        """All ids, in the order of the list."""
        return [exercise.id for exercises in self.library.topics.values() for exercise in exercises]

    @property
    def ids(self) -> list[str]:
        """The same; exercises on fresh numbers are practice and not among them."""
        return [id for id in self.listed if split_id(id)[1] is None]

    def matching(self, words: str = "", only: Only = Only.ALL) -> dict[str, list[Exercise]]:
        """Topic -> its exercises in which every word occurs: in title, id, topic, text or kinds of question."""
        wanted = words.casefold().split()
        matches = {
            topic: [one for one in exercises if self._is(one.id, only) and self._has(one, wanted)]
            for topic, exercises in self.library.topics.items()
        }
        return {topic: exercises for topic, exercises in matches.items() if exercises}

    def best(self, words: str, found: Mapping[str, list[Exercise]]) -> str | None:
        """The id of the exercise that these words name best, of those found; None where none was.

        What is in an id or a title comes before what is in a topic, and that before what is in a text.
        """
        wanted = words.casefold().split()
        phrase = " ".join(wanted)

        def distance(one: Exercise) -> int:
            title, name = one.file.title.casefold(), one.id.casefold()
            topic = self.library.title_of(one.topic).casefold()
            fits = (
                phrase == name,
                title.startswith(phrase),
                phrase in title,
                all(word in title for word in wanted),
                all(word in f"{title} {name} {topic}" for word in wanted),
                True,
            )
            return fits.index(True)

        exercises = [one for several in found.values() for one in several]
        return min(exercises, key=distance).id if exercises and wanted else None

    def _is(self, id: str, only: Only) -> bool:
        match only:
            case Only.ALL:
                return True
            case Only.TO_DO:
                return self.state(id) != "solved"
            case Only.BEGUN:
                return self.state(id) == "started"
            case Only.SOLVED:
                return self.is_solved(id)
            case Only.DUE:
                return self.is_due(id)

    def _has(self, exercise: Exercise, words: list[str]) -> bool:
        if not words:
            return True
        file = exercise.file
        kinds = " ".join(exercise.steps)
        topic = self.library.title_of(exercise.topic)
        text = f"{file.title} {exercise.id} {topic} {file.function} {file.prompt} {kinds}".casefold()
        return all(word in text for word in words)

    def next_up(self, last: str | None, but: str | None = None) -> tuple[str, str] | None:
        """The exercise to go on with, and why; None where all is done and nothing is due. It is never the one `but`.

        What is worth another look, the first due first; then what is begun, the one opened last or else the latest;
        then the first new one in the order of `Library.from_on`.
        """
        ids = [id for id in self.ids if id != but]
        due = [id for id in ids if self.is_due(id)]
        if due:
            return min(due, key=lambda id: self.progress[id].due or 0.0), "worth another look"
        begun = [id for id in ids if self.state(id) == "started"]
        if begun:
            return (last if last in begun else max(begun, key=lambda id: self.progress[id].last)), "go on with"
        new = self.first_new(last, but)
        return (new, "next") if new is not None else None

    def first_new(self, last: str | None, but: str | None = None) -> str | None:
        """The first exercise not begun, in the order in which they come after the one opened last; not `but`."""
        order = (id for id in self.library.from_on(last) if id != but and split_id(id)[1] is None)
        return next((id for id in order if self.state(id) == "new"), None)

    @property
    def next_due(self) -> float | None:
        """When the next exercise falls due that is not due yet (seconds since the epoch); None where none will."""
        dues = (self.progress[id].due for id in self.ids if id in self.progress and not self.is_due(id))
        return min((due for due in dues if due is not None), default=None)
