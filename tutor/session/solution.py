"""The worked solution of an exercise as text, question after question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.learner import Entry
from tutor.library import Exercise
from tutor.questions.key_prefix import prefixes
from tutor.questions.question import Paragraph
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.text import WIDTH


def solution(
    exercise: Exercise,
    journal: Iterable[Entry] = (),
    ascii: bool = False,
    width: int = WIDTH,
    only: int | None = None,
) -> str:
    """The story of each question, for what is in the learner's journal where that matters: their own staging.

    Drawings are in ASCII where asked, and of at most `width` columns. `only` one question, counted from 0, if wanted.

    Raises BadFile where the exercise's mathematics does not hold.
    """
    return "\n\n".join(map(str, paragraphs(exercise, journal, ascii, width, only)))


def paragraphs(
    exercise: Exercise,
    journal: Iterable[Entry] = (),
    ascii: bool = False,
    width: int = WIDTH,
    only: int | None = None,
) -> Iterator[Paragraph]:
    """The same, paragraph by paragraph."""
    journal = list(journal)
    questions = questions_of(exercise, Runner())
    for number, (question, prefix) in enumerate(zip(questions, prefixes(len(questions)), strict=True), 1):
        if only not in (None, number - 1):
            continue
        if len(questions) > 1:
            yield Paragraph(f"Question {number}: {question.title}")
        yield from question.story(_tried(journal, prefix), ascii, width)


def _tried(journal: list[Entry], prefix: str) -> dict[str, list[str]]:
    """Blank key -> the answers given there, oldest first."""
    tried: dict[str, list[str]] = {}
    for entry in journal:
        if entry.action == "answer" and entry.blank.startswith(prefix):
            tried.setdefault(entry.blank.removeprefix(prefix), []).append(entry.text)
    return tried
