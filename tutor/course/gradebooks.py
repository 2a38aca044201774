"""Grades as texts: for a terminal, as CSV for a spreadsheet, Canvas or Moodle, as Gradescope's results.json.

The formats of others are as their documentation and their importers have them: Gradescope's autograder specification
(`results.json`), the columns by which Canvas's gradebook import and Moodle's grade import find a student.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from statistics import fmean

from tutor.course.graded import Graded, counting, handed_in_twice
from tutor.course.worksheets.handout import Student
from tutor.marking import BlankMarks, MarkOutcome
from tutor.marking.records import in_words
from tutor.practice.seeds import split_id
from tutor.text import clipped, harmless, one_line, with_drawing

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""
_MOST_NAMES = 12
"""In a sentence that names students or files."""
_WIDEST_ANSWER = 120
"""Columns of a terminal."""


def as_text(grades: Sequence[Graded], of_class: Sequence[str] = (), passed_over: Sequence[Path] = ()) -> str:
    """A line for each file, what could not be used, the mean, and what whoever uses the grades ought to know."""
    lines = _lines(grades)
    if len(counted := counting(grades)) > 1:
        mean = 100 * fmean(one.share for one in counted)
        not_graded = sum(one.marks is None for one in grades)
        lines += ["", f"{len(counted)} graded, {not_graded} not; mean {mean:.0f} %"]
    return "\n".join([*lines, *_told(grades, of_class, passed_over)])


def _lines(grades: Sequence[Graded]) -> list[str]:
    wide = max((len(one_line(one.who)) for one in grades), default=0)
    lines = []
    for one in grades:
        who = f"{one_line(one.who):<{wide}}"
        if one.marks is None:
            lines.append(f"{who}  not graded   {one_line(one.file)}")
        else:
            scored = f"{in_words(one.marks.earned):>5} of {in_words(one.marks.full)}"
            carried = f", {in_words(one.marks.carried)} carried" if one.marks.carried else ""
            lines.append(f"{who}  {scored}  {100 * one.share:3.0f} %{carried}  {one_line(one.about)}")
        lines += [f"{'':<{wide}}    {harmless(problem)}" for problem in one.problems]
    return lines


def remarks(grades: Sequence[Graded], of_class: Sequence[str] = (), passed_over: Sequence[Path] = ()) -> list[str]:
    """What whoever uses the grades ought to know: who is not in them, who is twice, which code earned nothing."""
    missing = [one_line(Path(one.file).name) for one in grades if one.marks is None]
    not_graded = [f"Not graded: {_some(missing)}."] if missing else []
    return [*not_graded, *_told(grades, of_class, passed_over)]


def without_number(grades: Sequence[Graded]) -> list[str]:
    """The files that a system cannot give to a student, as they have no number or login."""
    files = [one_line(Path(one.file).name) for one in counting(grades) if not one.student]
    return [f"Without a student's number or login: {_some(files)}."] if files else []


def _told(grades: Sequence[Graded], of_class: Sequence[str], passed_over: Sequence[Path]) -> list[str]:
    return [
        *of_class,
        *twice_in_words(grades),
        *passed_over_in_words(passed_over),
        *_changed_in_words(grades),
        *_code_not_run(grades),
    ]


def twice_in_words(grades: Sequence[Graded]) -> list[str]:
    """Who handed in several files for one assignment, of which the best counts."""
    several = [
        f"{one_line(own[0].student)} ({', '.join(one_line(Path(one.file).name) for one in own)})"
        for own in handed_in_twice(grades)
    ]
    return [f"Handed in more than once, and the best counts: {_some(several)}."] if several else []


def passed_over_in_words(files: Sequence[Path]) -> list[str]:
    """Which files of the folders were not looked at."""
    names = [one_line(one.name) for one in files]
    return [f"Passed over, as sheets end in .toml and submissions in .submission: {_some(names)}."] if names else []


def _some(names: Sequence[str]) -> str:
    """All of them, or the first ones and how many more."""
    more = len(names) - _MOST_NAMES
    return ", ".join(names) if more < 2 else f"{', '.join(names[:_MOST_NAMES])} and {more} more"


def _changed_in_words(grades: Sequence[Graded]) -> Iterator[str]:
    """Which exercises have changed since they were handed out, in how many files; or whose seeds were mistyped.

    Where other sheets of an exercise on drawn numbers are as they were written, the exercise has not changed.
    """
    changed: dict[str, dict[str, None]] = {}
    for one in grades:
        for id in one.changed:
            changed.setdefault(split_id(id)[0], {}).setdefault(one_line(Path(one.file).name))
    whole = {base for one in grades for base, seed in map(split_id, one.ids) if seed and not _is_among(base, one)}
    for base, files in changed.items():
        if base in whole:
            yield f"{base}: not the seed that the sheet was written for, in {_some(list(files))}."
        else:
            many = "1 file" if len(files) == 1 else f"{len(files)} files"
            yield f"{base} has changed since it was handed out ({many}); it is graded as it is now."


def _is_among(base: str, one: Graded) -> bool:
    return base in (split_id(id)[0] for id in one.changed)


def _code_not_run(grades: Sequence[Graded]) -> list[str]:
    left_out = [row for one in grades if one.marks for row in one.marks.blanks() if row.outcome is MarkOutcome.NOT_RUN]
    marks = in_words(sum(row.full for row in left_out))
    return [f"Code was not run, and earned none of its {marks} marks: --run-code runs it."] if left_out else []


def in_detail(grade: Graded) -> str:
    """Every blank of one file: what was answered, what it earned and why."""
    lines = _lines([grade])
    for exercise in grade.marks.exercises if grade.marks is not None else ():
        lines += ["", one_line(exercise.title)]
        for number, question in enumerate(exercise.questions, 1):
            if len(exercise.questions) > 1:
                lines.append(f"  {number}. {one_line(question.title)}".rstrip(" ."))
            lines += [f"  {line}" for blank in question.blanks() for line in _row(blank).split("\n")]
    return "\n".join(lines)


def _row(blank: BlankMarks) -> str:
    """What was answered, what it earned and why; a drawing that was shown with it keeps its lines."""
    answer = _answered(blank)
    said, *drawn = with_drawing(blank.said if blank.outcome is not MarkOutcome.RIGHT else "")
    why = f": {said}" if said else ""
    marks = f"{in_words(blank.earned)}/{in_words(blank.full)}"
    row = f"{marks:>7}  {one_line(blank.label)} {answer}  ({blank.outcome.value}{why})"
    return "\n".join([row, *(f"{'':>9}{line}" for line in drawn)])


def _answered(blank: BlankMarks) -> str:
    """An answer on one line: all equations or rows of it, of a program the first line."""
    lines = [one_line(line) for line in blank.answer.strip().split("\n")]
    if lines[0].startswith(("def ", "class ", "import ", "from ", "@", "#")):
        return f"{lines[0]} and {len(lines) - 1} more lines" if len(lines) > 2 else lines[0]
    return clipped("; ".join(line for line in lines if line), _WIDEST_ANSWER) or "nothing"


# Spreadsheets


def as_csv(grades: Sequence[Graded], columns: str = "plain", missing: Sequence[Student] = ()) -> str:
    """A row for each file (`plain`), or for each student with a column for each assignment (`canvas`, `moodle`).

    Who handed nothing in has a row with empty cells, which both take for not graded.
    """
    writer = StringIO()
    rows = csv.writer(writer, lineterminator="\n")
    for row in _TABLES[columns](grades, missing):
        rows.writerow([as_cell(cell) for cell in row])
    return writer.getvalue()


def as_cell(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _plain_table(grades: Sequence[Graded], missing: Sequence[Student]) -> Iterator[list[object]]:
    earned = [_earned_by_question(one) for one in grades]
    questions = list(dict.fromkeys(title for own in earned for title in own))
    yield ["student", "name", "file", "about", "earned", "full", "percent", *questions, "problems"]
    for one, own in zip(grades, earned, strict=True):
        marks = one.marks
        scored = ["", "", ""] if marks is None else [marks.earned, marks.full, round(100 * one.share, 1)]
        yield [
            one.student, one.name, Path(one.file).name, one.about, *scored,
            *(own.get(title, "") for title in questions), " ".join([*one.problems, *_changed_in_words([one])]),
        ]  # fmt: skip
    for student in missing:
        yield [student.student, student.name, "", "", "", "", "", *[""] * len(questions), "Nothing handed in."]


def _earned_by_question(one: Graded) -> dict[str, float]:
    """A question's title, the same on any numbers -> its marks; of questions with one title, the sum."""
    earned: dict[str, float] = {}
    for exercise in one.marks.exercises if one.marks is not None else ():
        for number, question in enumerate(exercise.questions, 1):
            title = f"{split_id(exercise.id)[0]} {number} {question.title}".strip()
            earned[title] = earned.get(title, 0.0) + question.earned
    return earned


def _canvas_table(grades: Sequence[Graded], missing: Sequence[Student]) -> Iterator[list[object]]:
    """As Canvas exports and imports it: a student is found by either of the SIS ids, else by name."""
    full = {one.assignment: one.marks.full for one in grades if one.marks is not None}
    yield ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *full]
    yield ["    Points Possible", "", "", "", "", *full.values()]
    for name, student, earned in _by_student(grades, missing):
        yield [name, "", student, student, "", *(earned.get(title, "") for title in full)]


def _moodle_table(grades: Sequence[Graded], missing: Sequence[Student]) -> Iterator[list[object]]:
    """As Moodle's import takes it: a student is identified by the column ID number."""
    titles = list(dict.fromkeys(one.assignment for one in grades if one.marks is not None))
    yield ["ID number", "Full name", *titles]
    for name, student, earned in _by_student(grades, missing):
        yield [student, name, *(earned.get(title, "") for title in titles)]


def _by_student(grades: Sequence[Graded], missing: Sequence[Student]) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Each student's name, number, and what was earned by assignment; a file without a number is a row of its own."""
    found: dict[str, list[Graded]] = {}
    for one in counting(grades):
        found.setdefault(one.student or f"\n{one.file}", []).append(one)
    for own in found.values():
        name = next((one.name for one in own if one.name), "")
        yield name, own[0].student, {one.assignment: one.marks.earned for one in own if one.marks is not None}
    for student in missing:
        yield student.name, student.student, {}


_TABLES: dict[str, Callable[[Sequence[Graded], Sequence[Student]], Iterator[list[object]]]] = {
    "plain": _plain_table,
    "canvas": _canvas_table,
    "moodle": _moodle_table,
}


# Gradescope


def as_gradescope(grades: Sequence[Graded]) -> str:
    """`results.json` for what one student handed in, as Gradescope reads it: a test for each step, with its blanks."""
    output = "\n".join([*(problem for one in grades for problem in one.problems), *remarks(grades)])
    counted = [one.marks for one in counting(grades) if one.marks is not None]
    tests: list[dict[str, object]] = [
        {
            "name": ": ".join(dict.fromkeys(part for part in (exercise.title, question.title, step.title) if part)),
            "score": sum(blank.earned for blank in step.rows),
            "max_score": sum(blank.full for blank in step.rows),
            "output": "\n".join(map(_row, step.rows)),
            "visibility": "visible",
        }
        for marks in counted
        for exercise in marks.exercises
        for question in exercise.questions
        for step in question.steps
    ]
    for name, many in Counter(str(test["name"]) for test in tests).items():
        for number, test in enumerate((test for test in tests if test["name"] == name), 1):
            test["name"] = f"{name} ({number})" if many > 1 else name
    whole = {"score": sum(marks.earned for marks in counted), "output": output, "tests": tests}
    return json.dumps(whole, indent=1, ensure_ascii=False)
