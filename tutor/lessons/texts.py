"""The lessons and the words of the glossary, as they are in the files of this folder; found by id, by name, by search.

Light: nothing here does mathematics, and the files are read when they are first asked for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tutor.text import wrapped

_FOLDER = Path(__file__).parent
_HANGING = " " * 11
FIGURE = "    "
"""What the lines of a figure begin with; all other lines of a lesson are whole paragraphs."""


@dataclass(frozen=True)
class Lesson:
    """Two minutes of reading, and a question at the end."""

    id: str
    number: int
    """Counted from 1, in the order in which they are read."""

    title: str
    text: str
    """Paragraphs of one line each, and figures, whose lines are indented; empty lines between them."""

    words: tuple[str, ...]
    """The terms of the glossary that it explains."""

    topics: tuple[str, ...]
    """The topics of exercises that are best begun after it."""

    question: dict[str, Any]
    """A `[[question]]` with one blank, as in an exercise file."""

    @property
    def heading(self) -> str:
        """Its number and title."""
        return f"{self.number}. {self.title}"

    def as_text(self, width: int) -> str:
        """To be read in a terminal: paragraphs wrapped at so many columns, figures as they are."""
        return f"{self.heading}\n\n{wrapped(self.text, width)}\n\nWords: {', '.join(self.words)}."


@dataclass(frozen=True)
class Word:
    """A term, and what it means."""

    term: str
    says: str
    """One sentence."""

    example: str
    also: tuple[str, ...]
    """What it is called too."""

    confused: str
    """What it is not, where it is often taken for that; "" for nothing."""

    lesson: str
    """The id of the lesson that explains it."""

    def rows(self) -> tuple[tuple[str, str], ...]:
        """What is said of it, under short headings; "" for the sentence that says it."""
        rows = [("", self.says), ("example", self.example)]
        if self.also:
            rows.append(("also", ", ".join(self.also)))
        if self.confused:
            rows.append(("not", self.confused))
        return tuple(rows)

    def as_text(self, width: int) -> str:
        """To be read in a terminal."""
        _, *rows = self.rows()
        more = (
            f"  {heading:<8} {wrapped(text, width, _HANGING).lstrip()}"
            for heading, text in (*rows, ("lesson", find_lesson(self.lesson).heading))
        )
        return "\n".join((self.term, wrapped(self.says, width, "  "), *more))


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons, in order."""
    return tuple(
        Lesson(
            one["id"],
            number,
            one["title"],
            one["text"].strip(),
            tuple(one["words"]),
            tuple(one["topics"]),
            one["question"],
        )
        for number, one in enumerate(_read("lessons.toml")["lesson"], 1)
    )


@cache
def words() -> tuple[Word, ...]:
    """All words, in the order in which they are met."""
    return tuple(
        Word(one["term"], one["says"], one["example"], tuple(one.get("also", ())), one.get("not", ""), one["lesson"])
        for one in _read("glossary.toml")["word"]
    )


def find_lesson(wanted: str) -> Lesson:
    """The lesson of an id, a number, or a title. Raises KeyError where there is none."""
    wanted = wanted.strip().casefold()
    for lesson in lessons():
        if wanted in (lesson.id, str(lesson.number), lesson.title.casefold()):
            return lesson
    raise KeyError(wanted)


def find_word(wanted: str) -> Word:
    """The word of a term, or of another name for it. Raises KeyError where there is none."""
    wanted = " ".join(wanted.casefold().split())
    for names in (lambda word: (word.term,), lambda word: word.also):
        for word in words():
            if wanted in (name.casefold() for name in names(word)):
                return word
    raise KeyError(wanted)


def matching(search: str) -> tuple[tuple[Lesson, ...], tuple[Word, ...]]:
    """The lessons and the words in which every word of a search occurs; those that are called so come first."""
    wanted = search.casefold().split()

    def first(name: str) -> bool:
        return not any(part in name.casefold() for part in wanted)

    found = [one for one in lessons() if _has(wanted, one.title, one.text, *one.words)]
    terms = [one for one in words() if _has(wanted, one.term, one.says, one.example, *one.also)]
    return (
        tuple(sorted(found, key=lambda one: bool(wanted) and first(one.title))),
        tuple(sorted(terms, key=lambda one: bool(wanted) and first(f"{one.term} {' '.join(one.also)}"))),
    )


def _has(wanted: list[str], *texts: str) -> bool:
    whole = " ".join(texts).casefold()
    return all(part in whole for part in wanted)


def paragraphs(text: str) -> Iterator[tuple[bool, str]]:
    """The parts of a lesson's text: whether each is a figure, and its lines."""
    for part in text.split("\n\n"):
        yield part.startswith(FIGURE), part.strip("\n")


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))
