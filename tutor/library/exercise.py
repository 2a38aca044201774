"""What was read: an exercise, a file that cannot be used, and the library of both.

`digest` tells whether an exercise still asks what it asked before.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from tutor.files import NotText, text_of
from tutor.library.decoding import BadFile, Fault, hidden_in, line_of
from tutor.library.format import ExerciseFile, PackFile
from tutor.library.ids import IdClash
from tutor.paths import own_folder
from tutor.text import ended, one_line

_WORDING = frozenset(
    {"title", "prompt", "remark", "level", "hints", "label", "after", "why", "slips", "marks", "minutes"}
)
"""Keys of a file, a question and a blank that say something about what is asked, and do not change a right answer."""


def digest(file: ExerciseFile) -> str:
    """A short text that is the same as long as the same answers are right.

    Wording, blanks between words and keys that are left at their default do not count.
    """
    asked = _set_in(file)
    if file.function:
        asked["steps"] = list(file.asked)
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _set_in(table: Struct) -> dict[str, Any]:
    """The keys that are set: a key that a later version adds changes no digest until it is used."""
    return {
        field.name: _plain(value)
        for field in structs.fields(table)
        if field.name not in _WORDING and (value := getattr(table, field.name)) not in (field.default, None, "", (), {})
    }


def _plain(value: Any) -> Any:
    """The value as JSON has it, the same for 1 and 1.0; tables in arrays (questions, blanks, options) lose wording."""
    if isinstance(value, Struct):
        return _set_in(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(_without_wording(each)) for each in value]
    if isinstance(value, str):
        return " ".join(value.split())
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _without_wording(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: each for name, each in value.items() if name not in _WORDING}


_LARGEST_FILE = 200_000
"""Bytes: an exercise file is a page, not a book."""

OWN = own_folder().name
"""The pack of what learners made of functions of their own."""

_NEAR = 0.75
"""How much of two ids is the same where one is meant by the other: at most a slip or two."""
_LONGEST_NAMED = 100
"""Characters of an id that nothing has which are shown."""


@dataclass(frozen=True)
class Exercise:
    """An exercise file that could be read.

    `id` is its path below its folder, without `.toml`; after `name:` where another folder has that id too. `topic` is
    the folder it is in, "" at the top; after `name:` likewise. `pack` is that name; "" for what comes with the program.
    """

    id: str
    path: Path
    file: ExerciseFile
    topic: str = ""
    pack: str = ""
    without_seed: ExerciseFile | None = None
    """Where its numbers are drawn: the file as it is without what title and prompt say of that."""

    @property
    def on_paper(self) -> ExerciseFile:
        """The file for those who need not know that numbers are drawn."""
        return self.without_seed or self.file

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps asked, in order; for a file of questions, their kinds."""
        if not self.file.question:
            return self.file.asked
        kinds = [str(table["kind"]) for table in self.file.question]
        return tuple(dict.fromkeys(kinds))

    @cached_property
    def digest(self) -> str:
        """A short text that changes when what is asked does."""
        return digest(self.file)

    def hidden(self) -> list[Fault]:
        """Where its file holds characters that nobody can see; none where the file is gone."""
        try:
            return list(hidden_in(file_text(self.path)))
        except BadFile:
            return []

    def line_of(self, key: str) -> int | None:
        """The line of its file on which a key is set; None where it cannot be found, or the file is gone."""
        try:
            return line_of(file_text(self.path), key) if key else None
        except BadFile:
            return None


@dataclass(frozen=True, slots=True)
class BrokenExercise:
    """An exercise file that cannot be used: all that is wrong with it, in the order of the file.

    `readable` is what could be read all the same, and `left_out` the keys that were not.
    """

    id: str
    path: Path
    faults: tuple[Fault, ...]
    readable: Exercise | None = field(default=None, compare=False)
    left_out: frozenset[str] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, exercise: Exercise, bad: BadFile) -> BrokenExercise:
        """A file that reads well, and whose mathematics does not hold; lines are looked up where `bad` has none."""
        return cls(exercise.id, exercise.path, bad.placed(exercise.line_of).faults)

    @property
    def key(self) -> str:
        """The key of the first fault; "" for the whole file."""
        return self.faults[0].key

    @property
    def reason(self) -> str:
        """Why the first is one."""
        return self.faults[0].reason

    @property
    def line(self) -> int | None:
        """The line of the first, where known."""
        return self.faults[0].line

    @property
    def sentence(self) -> str:
        """File, line, key and reason in one line; the first fault of several."""
        place = f"{self.path.name}, line {self.line}" if self.line else self.path.name
        return f"{place}: {self.faults[0].place}{self.reason}"

    @property
    def refusal(self) -> str:
        """What is said wherever it was asked for: that it cannot be used, the first fault, and how to see the rest."""
        more = len(self.faults) - 1
        rest = f" There {'is' if more == 1 else 'are'} {more} more; `backprop-tutor check` lists all." if more else ""
        return f"{self.id} cannot be used. {ended(self.sentence)}{rest}"


@dataclass(frozen=True)
class Library:
    """The exercises of one or more folders, in the order they are best worked, and the files that are broken."""

    exercises: dict[str, Exercise] = field(default_factory=dict)
    broken: tuple[BrokenExercise, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    """Topic -> title."""

    clashes: tuple[IdClash, ...] = ()
    """Files whose id is another file's, so that they have one with their pack's name before it."""

    packs: dict[str, PackFile] = field(default_factory=dict)
    """Name -> its `pack.toml`, in the order they are shown; "" is the name of what ships."""

    @cached_property
    def topics(self) -> dict[str, list[Exercise]]:
        """Topic -> its exercises, both in order."""
        topics: dict[str, list[Exercise]] = {topic: [] for topic in self.titles}
        for exercise in self.exercises.values():
            topics.setdefault(exercise.topic, []).append(exercise)
        return {topic: exercises for topic, exercises in topics.items() if exercises}

    def from_on(self, last: str | None) -> list[str]:
        """All ids in the order in which they are best begun after `last`: first the rest of its topic, what comes
        before it there too, then the topics behind it, then those before it; from the first where there is none."""
        topics = [[one.id for one in exercises] for exercises in self.topics.values()]
        at = next((number for number, ids in enumerate(topics) if last in ids), None)
        if at is None or last is None:
            return [id for ids in topics for id in ids]
        place = topics[at].index(last)
        others = [*topics[at + 1 :], *topics[:at]]
        return [*topics[at][place:], *topics[at][:place], *(id for ids in others for id in ids)]

    def packs_told(self) -> dict[str, PackFile]:
        """Name -> the packs whose titles are shown: none where all exercises are those that ship, or the learner's."""
        handed_out = any(name and pack.title for name, pack in self.packs.items() if name != OWN)
        return {name: pack for name, pack in self.packs.items() if handed_out and pack.title and name != OWN}

    def title_of(self, topic: str) -> str:
        """A topic's title: from its pack, or made from its folder's name."""
        return self.titles.get(topic) or plain_title(topic)

    def find(self, id: str) -> Exercise | None:
        """The exercise of this id; of `name:id` as well where the plain id is this file's alone."""
        pack, _, plain = id.rpartition(":")
        exercise = self.exercises.get(id) or self.exercises.get(plain)
        return exercise if exercise and (exercise.id == id or exercise.pack == pack) else None

    def nearest(self, id: str) -> list[str]:
        """Up to three ids that this one may be meant for: misspelt, or without its topic or its name; often none."""
        known = {one.lower(): one for one in self.exercises}
        id = id.lower().removesuffix(".toml").strip("/")
        wanted = id.rpartition("/")[2]
        near = get_close_matches(id, known, n=3, cutoff=_NEAR)
        for part in (2, 0):  # its name, its topic
            parts = dict.fromkeys(one.rpartition("/")[part] for one in known if wanted)
            like = get_close_matches(wanted, parts, n=3, cutoff=_NEAR)
            near += [one for alike in like for one in known if one.rpartition("/")[part] == alike]
        return [known[one] for one in dict.fromkeys(near)][:3]

    def refusal(self, id: str) -> str:
        """Why there is no exercise of this id: its file is broken, or there is none; with ids that may be meant."""
        for broken in self.broken:
            if broken.id == id:
                return broken.refusal
        near = self.nearest(id)
        meant = f" Did you mean {', '.join(near[:-1])}{' or ' if near[1:] else ''}{near[-1]}?" if near else ""
        return f"There is no exercise {one_line(id)[:_LONGEST_NAMED]}.{meant}"


def plain_title(topic: str) -> str:
    """A topic's title where nobody gave it one: its folder's name in words."""
    return topic.replace("-", " ").capitalize() or "Exercises"


def file_text(path: Path) -> str:
    """The text of an exercise file. Raises BadFile for one that cannot be read."""
    try:
        return text_of(path, _LARGEST_FILE)
    except NotText as why:
        raise BadFile("", str(why), why.line) from None
    except FileNotFoundError as error:
        raise BadFile("", f"it cannot be read: {(error.strerror or str(error)).lower()}") from None
