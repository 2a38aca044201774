"""The road: the exercises in the order of their packs, each with the number it goes by, such as 2.3.

Light: it is there with the first paint. `Road.of` goes through a library once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.library import Library
from tutor.practice.seeds import split_id


@dataclass(frozen=True)
class Road:
    """The numbers of topics and exercises."""

    topics: Mapping[str, int] = field(default_factory=dict)
    """Topic -> its number, from 1."""

    exercises: Mapping[str, str] = field(default_factory=dict)
    """Id -> `2.3`: the number of its topic, and its own within it."""

    @classmethod
    def of(cls, library: Library) -> Road:
        """The road of a library."""
        topics = {topic: number for number, topic in enumerate(library.topics, 1)}
        numbers: dict[str, str] = {}
        for topic, exercises in library.topics.items():
            numbers |= {one.id: f"{topics[topic]}.{number}" for number, one in enumerate(exercises, 1)}
        return cls(topics, numbers)

    def number(self, id: str) -> str:
        """The number of an exercise, else of the one whose numbers were drawn anew; "" where that has none either."""
        return self.exercises.get(id) or self.exercises.get(split_id(id)[0], "")

    def place(self, id: str) -> tuple[int, int]:
        """The number of an exercise as a pair, which can be compared; (0, 0) where it has none."""
        topic, _, own = self.number(id).partition(".")
        return (int(topic), int(own)) if topic and own else (0, 0)

    def find(self, number: str) -> str | None:
        """The id of the exercise of a number; of a topic's number, that of its first. None where there is none."""
        wanted = number.strip()
        if "." not in wanted:
            wanted = f"{wanted}.1"
        return next((id for id, one in self.exercises.items() if one == wanted), None)
