"""Grades as texts: for a terminal, as JSON, as CSV for a spreadsheet, Canvas or Moodle, as Gradescope's results.json.

The formats of others are as their documentation has them: Gradescope's autograder specification (`results.json`), the
columns by which Canvas's gradebook import and Moodle's grade import find a student.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from tutor.course.grading import Graded
from tutor.marking import BlankMarks, MarkOutcome
from tutor.marking.records import in_words
from tutor.practice.seeds import split_id
from tutor.text import harmless, one_line

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


def as_text(grades: Sequence[Graded], roster: Sequence[str] = ()) -> str:
    """A line for each file, then what could not be used, then the mean, and who of a roster is missing."""
    wide = max((len(one_line(one.who)) for one in grades), default=0)
    lines = []
    for one in grades:
        who = f"{one_line(one.who):<{wide}}"
        if one.marks is None:
            lines.append(f"{who}  not graded   {one_line(one.file)}")
        else:
            share = f"{_percent(one):3.0f} %"
            scored = f"{in_words(one.marks.earned):>5} of {in_words(one.marks.full)}"
            carried = f", {in_words(one.marks.carried)} carried" if one.marks.carried else ""
            lines.append(f"{who}  {scored}  {share}{carried}  {one_line(one.about)}")
        lines += [f"{'':<{wide}}    {harmless(problem)}" for problem in one.problems]
    graded = [one for one in grades if one.marks is not None]
    if len(graded) > 1:
        mean = sum(map(_percent, graded)) / len(graded)
        lines += ["", f"{len(graded)} graded, {len(grades) - len(graded)} not; mean {mean:.0f} %"]
    return "\n".join([*lines, *_against(roster, grades), *_code_not_run(grades)])


def remarks(grades: Sequence[Graded], roster: Sequence[str] = ()) -> list[str]:
    """What whoever uses the grades ought to know: who is not in them, who is twice, which code earned nothing."""
    graded = [one for one in grades if one.marks is not None]
    lines = _against(roster, grades)
    if missing := [Path(one.file).name for one in grades if one.marks is None]:
        lines.append(f"Not graded: {', '.join(missing)}.")
    students = [one.student for one in graded if one.student]
    if twice := sorted({one for one in students if students.count(one) > 1}):
        lines.append(f"Handed in more than once: {', '.join(twice)}.")
    return lines + _code_not_run(grades)


def _against(roster: Sequence[str], grades: Sequence[Graded]) -> list[str]:
    """Who of a roster handed nothing in, and who handed in and is not on it."""
    handed = {one.student: None for one in grades if one.student}
    missing = [one for one in roster if one not in handed]
    strangers = [one_line(one) for one in handed if one not in roster] if roster else []
    return [
        *([f"Nothing handed in: {', '.join(missing)}."] if missing else []),
        *([f"Not in the class: {', '.join(strangers)}."] if strangers else []),
    ]


def _code_not_run(grades: Sequence[Graded]) -> list[str]:
    left_out = [row for one in grades if one.marks for row in one.marks.blanks() if row.outcome is MarkOutcome.NOT_RUN]
    marks = in_words(sum(row.full for row in left_out))
    return [f"Code was not run, and earned none of its {marks} marks: --run-code runs it."] if left_out else []


def in_detail(grade: Graded) -> str:
    """Every blank of one file: what was answered, what it earned and why."""
    lines = [as_text([grade])]
    for exercise in grade.marks.exercises if grade.marks is not None else ():
        lines += ["", one_line(exercise.title)]
        lines += [f"  {_row(blank)}" for blank in exercise.blanks()]
    return "\n".join(lines)


def _row(blank: BlankMarks) -> str:
    answer = one_line(blank.answer.strip().split("\n")[0])[:40] or "nothing"
    said = f": {one_line(blank.said)}" if blank.said and blank.outcome is not MarkOutcome.RIGHT else ""
    marks = f"{in_words(blank.earned)}/{in_words(blank.full)}"
    return f"{marks:>7}  {one_line(blank.label)} {answer}  ({blank.outcome.value}{said})"


def as_json(grades: Sequence[Graded]) -> str:
    """All of it, for programs: a list, an entry for each file."""
    return json.dumps([_plain(one) for one in grades], indent=1, ensure_ascii=False)


def _plain(one: Graded) -> dict[str, Any]:
    blanks = [
        {
            "exercise": exercise.id,
            "blank": blank.key,
            "label": blank.label,
            "answer": blank.answer,
            "correct": blank.correct,
            "earned": blank.earned,
            "full": blank.full,
            "outcome": blank.outcome.value,
            "mistake": blank.mistake,
            "said": blank.said,
            "follows": list(blank.carried),
            **(
                {"tries": effort.tries, "hints": effort.hints, "seconds": round(effort.seconds)}
                if (effort := one.efforts.get(f"{exercise.id} {blank.key}"))
                else {}
            ),
        }
        for exercise in (one.marks.exercises if one.marks is not None else ())
        for blank in exercise.blanks()
    ]
    return {
        "file": one.file,
        "student": one.student,
        "name": one.name,
        "about": one.about,
        "graded": one.marks is not None,
        "earned": one.marks.earned if one.marks is not None else None,
        "full": one.marks.full if one.marks is not None else None,
        "problems": list(one.problems),
        "blanks": blanks,
    }


# Spreadsheets


def as_csv(grades: Sequence[Graded], columns: str = "plain") -> str:
    """A row for each file that was graded. `columns` is "plain", "canvas" or "moodle"."""
    writer = StringIO()
    rows = csv.writer(writer, lineterminator="\n")
    head, row = _COLUMNS[columns]
    rows.writerow(head(grades))
    for one in grades:
        if one.marks is not None or columns == "plain":
            rows.writerow([_cell(cell) for cell in row(one, grades)])
    return writer.getvalue()


def _cell(value: object) -> object:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _questions(grades: Sequence[Graded]) -> list[str]:
    """The titles of the questions of all that was graded, those of one exercise in order."""
    return list(dict.fromkeys(title for one in grades for title in _earned_by_question(one)))


def _earned_by_question(one: Graded) -> dict[str, float]:
    """A question's title, the same on any numbers -> its marks; of questions with one title, the sum."""
    earned: dict[str, float] = {}
    for exercise in one.marks.exercises if one.marks is not None else ():
        for number, question in enumerate(exercise.questions, 1):
            title = f"{split_id(exercise.id)[0]} {number} {question.title}".strip()
            earned[title] = earned.get(title, 0.0) + question.earned
    return earned


def _plain_head(grades: Sequence[Graded]) -> list[str]:
    return ["student", "name", "file", "about", "earned", "full", "percent", *_questions(grades), "problems"]


def _plain_row(one: Graded, grades: Sequence[Graded]) -> list[object]:
    own = _earned_by_question(one)
    scored = ["", "", ""] if one.marks is None else [one.marks.earned, one.marks.full, round(_percent(one), 1)]
    return [
        one.student, one.name, Path(one.file).name, one.about, *scored,
        *(own.get(title, "") for title in _questions(grades)), " ".join(one.problems),
    ]  # fmt: skip


def _assignment(grades: Sequence[Graded]) -> str:
    """The title of the column: what the first file is about, as everyone's numbers have it."""
    ids = next((one.ids for one in grades if one.marks is not None), ("Exercise",))
    return " and ".join(dict.fromkeys(split_id(id)[0] for id in ids))


_COLUMNS: dict[
    str, tuple[Callable[[Sequence[Graded]], list[str]], Callable[[Graded, Sequence[Graded]], list[object]]]
] = {
    "plain": (_plain_head, _plain_row),
    "canvas": (
        lambda grades: ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", _assignment(grades)],
        lambda one, _: [one.name, "", "", one.student, "", _earned(one)],
    ),
    "moodle": (
        lambda grades: ["ID number", "Full name", _assignment(grades)],
        lambda one, _: [one.student, one.name, _earned(one)],
    ),
}
KINDS_OF_COLUMNS = tuple(_COLUMNS)


def _earned(one: Graded) -> float:
    return one.marks.earned if one.marks is not None else 0.0


def _percent(one: Graded) -> float:
    return 100 * one.marks.earned / one.marks.full if one.marks is not None and one.marks.full else 0.0


# Gradescope


def as_gradescope(one: Graded) -> str:
    """`results.json` for one file, as Gradescope's autograder reads it: a test for each step, its blanks as output."""
    output = "\n".join([*one.problems, *remarks([one])])
    if one.marks is None:
        return json.dumps({"score": 0, "output": output, "tests": []}, indent=1, ensure_ascii=False)
    tests: list[dict[str, object]] = [
        {
            "name": ": ".join(dict.fromkeys(part for part in (exercise.title, question.title, step.title) if part)),
            "score": sum(blank.earned for blank in step.rows),
            "max_score": sum(blank.full for blank in step.rows),
            "output": "\n".join(map(_row, step.rows)),
            "visibility": "visible",
        }
        for exercise in one.marks.exercises
        for question in exercise.questions
        for step in question.steps
    ]
    for name, many in Counter(str(test["name"]) for test in tests).items():
        for number, test in enumerate((test for test in tests if test["name"] == name), 1):
            test["name"] = f"{name} ({number})" if many > 1 else name
    whole = {"score": one.marks.earned, "output": output, "tests": tests}
    return json.dumps(whole, indent=1, ensure_ascii=False)
