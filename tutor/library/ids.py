"""Ids of exercises: they stay apart and stay the same.

Of two files with one id the second has its pack's name before it, and keeps that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.library.exercise import Exercise


@dataclass(frozen=True, slots=True)
class IdClash:
    """Two files of the same id: the one that has it, the one that does not, and the id that this one has instead."""

    id: str
    first: Path
    second: Path
    second_id: str

    @property
    def sentence(self) -> str:
        """Both files, and how the second is opened."""
        return f"{self.second} has the id of {self.first}, {self.id}: here its id is {self.second_id}"


def pack_name(text: str) -> str:
    """A pack's name as it can be before an id: one word, without a colon or a slash."""
    return re.sub(r"[^\w.-]+", "-", text).strip("-.").lower() or "pack"


class IdRegistry:
    """Gives ids and topics to the exercises of several folders.

    A file that had an id before keeps it: `owners`, id -> path, says so; the files that ship are among them. Where
    a file is gone, its id is free.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        self.exercises: dict[str, Exercise] = {}
        self.clashes: list[IdClash] = []
        self._owner = dict(owners)
        self._own = {path: id for id, path in owners.items()}
        self._topics: set[str] = set()
        self._folders: set[str] = set()

    def folder(self, name: str) -> PackFolder:
        """The next folder, by its pack's name."""
        name = next(one for one in (name, *(f"{name}-{n}" for n in range(2, 1000))) if one not in self._folders)
        self._folders.add(name)
        return PackFolder(self, name)

    def take_topics(self, name: str, topics: Iterable[str]) -> dict[str, str]:
        """For each topic of a folder what it is called here: the same, but for one that another folder has too."""
        renamed = {topic: f"{name}:{topic}" if topic in self._topics else topic for topic in topics}
        self._topics |= set(renamed.values())
        return renamed

    def take(self, name: str, exercise: Exercise) -> str:
        """Take in an exercise of the folder of this name, by an id that is no other file's: the id."""
        path = str(exercise.path.resolve())
        ids = self._ids(name, exercise.id, path)
        id = next(one for one in ids if self._is_free(one, path))
        if id != exercise.id:
            holder = self.exercises.get(exercise.id)
            first = holder.path if holder is not None else Path(self._owner.get(exercise.id, ""))
            if first != Path():
                self.clashes.append(IdClash(exercise.id, first, exercise.path, id))
        self.exercises[id] = replace(exercise, id=id)
        return id

    def _ids(self, name: str, id: str, path: str) -> Iterator[str]:
        """Ids that a file may have, the best first: its own of old, the plain one, and then with its pack's name."""
        if path in self._own and self._own[path].rpartition(":")[2] == id:
            yield self._own[path]
        yield id
        yield f"{name}:{id}"
        yield from (f"{name}-{number}:{id}" for number in count(2))

    def _is_free(self, id: str, path: str) -> bool:
        if id in self.exercises:
            return False
        owner = self._owner.get(id)
        return owner is None or owner == path or not Path(owner).is_file()


@dataclass(frozen=True)
class PackFolder:
    """One folder among several."""

    names: IdRegistry
    name: str

    def topics(self, topics: Iterable[str]) -> dict[str, str]:
        """What each of its topics is called."""
        return self.names.take_topics(self.name, topics)

    def take(self, exercise: Exercise) -> str:
        """Take in one of its exercises; its id."""
        return self.names.take(self.name, exercise)
