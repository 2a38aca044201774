"""What each student gets back: a text for each, with their marks, every answer, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tutor.course.graded import Graded, counting
from tutor.course.worksheets.handout import file_stem
from tutor.marking import BlankMarks, MarkOutcome
from tutor.marking.records import in_words
from tutor.text import harmless, one_line

_PLAIN = {
    MarkOutcome.RIGHT: "right",
    MarkOutcome.HINTED: "right, after hints",
    MarkOutcome.CARRIED: "right, given your earlier mistake",
    MarkOutcome.NO_WORK: "right, given your earlier mistake, but that left nothing to work out",
    MarkOutcome.MISSING: "not answered",
}
"""How an answer fared, where the outcome's own word would not do for a student."""


def feedback_files(grades: Sequence[Graded], *, key: bool = False) -> dict[str, bytes]:
    """A file's name -> its text, for each student, or each file that names none; with `key` the right answers too."""
    counted = {id(one) for one in counting(grades)}
    students: dict[str, list[Graded]] = {}
    for one in grades:
        students.setdefault(one.student or f"\n{one.file}", []).append(one)
    files: dict[str, bytes] = {}
    for own in students.values():
        stem = file_stem(own[0].who)
        while f"{stem}.txt".lower() in map(str.lower, files):
            stem += "-2"
        shown = [one for one in own if id(one) in counted or one.marks is None]
        files[f"{stem}.txt"] = ("\n\n".join(_text(one, key) for one in shown) + "\n").encode()
    return files


def _text(one: Graded, key: bool) -> str:
    who = " ".join(dict.fromkeys(part for part in (one_line(one.student), one_line(one.name)) if part)) or one.who
    if one.marks is None:
        return "\n".join([who, *map(harmless, one.problems)])
    lines = [who, f"{in_words(one.marks.earned)} of {in_words(one.marks.full)} marks", *map(harmless, one.problems)]
    for exercise in one.marks.exercises:
        lines += ["", one_line(exercise.title)]
        for number, question in enumerate(exercise.questions, 1):
            if len(exercise.questions) > 1:
                lines.append(f"{number}. {one_line(question.title)}".rstrip(" ."))
            for blank in question.blanks():
                lines += _blank(blank, key)
    return "\n".join(lines)


def _blank(blank: BlankMarks, key: bool) -> Iterator[str]:
    """Marks and answer, then what was said and, where it is to be told, what is right: an answer keeps its lines."""
    marks = f"{in_words(blank.earned)}/{in_words(blank.full)}"
    label = one_line(blank.label).removesuffix(" =").removesuffix(":")
    yield f"{marks:>7}  {label}: {_PLAIN.get(blank.outcome, blank.outcome.value)}"
    yield from _indented("yours", blank.answer)
    if blank.outcome is not MarkOutcome.RIGHT and blank.said:
        yield from (f"{'':>9}{line}".rstrip() for line in harmless(blank.said).split("\n"))
    if key and blank.outcome is not MarkOutcome.RIGHT and blank.correct:
        yield from _indented("right", blank.correct)


def _indented(what: str, text: str) -> Iterator[str]:
    lines = [one for one in harmless(text).strip("\n").split("\n") if one.strip()]
    if len(lines) == 1:
        yield f"{'':>9}{what}: {lines[0].strip()}"
    elif lines:
        yield f"{'':>9}{what}:"
        yield from (f"{'':>11}{line}".rstrip() for line in lines)
