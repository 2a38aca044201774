"""How a paper went, in words and bars: a line for each question, and what happened in each blank."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tutor.learner import Store
from tutor.library import Library
from tutor.marking import BlankMarks, MarkOutcome, PaperMarks, QuestionMarks
from tutor.marking.records import in_words
from tutor.papers.sitting import SittingRecord
from tutor.practice.journal_trace import JournalReader, JournalTrace
from tutor.practice.seeds import is_of_sitting, split_id
from tutor.practice.skills import Skill
from tutor.practice.summary import staged_in
from tutor.questions.inflect import listed, told_apart
from tutor.text import clipped_at_word, columns, one_line, with_drawing

EARNED, CARRIED, LOST = "█", "▒", "░"
"""The signs of a bar."""
_SLOW = 60.0
"""Seconds from which it is worth saying which question was slowest."""
_MOST_DRILLED = 4
"""Gates and ideas that are named in a command."""
_SHORT = 46
"""Columns of what happened in a question."""
_LEAST_SAID = 12
"""Columns of what is said of an answer: with fewer it says nothing."""


@dataclass(frozen=True)
class ResultRow:
    """A question of a paper that was marked: its number, counted from 1, and the exercise that it is in."""

    number: int
    exercise: str
    title: str
    marks: QuestionMarks

    def happened(self, room: int = _SHORT) -> str:
        """In so many columns: the first thing that cost marks, or that was carried; where it is, as far as it fits."""
        blanks, names = list(self.marks.blanks()), names_in(self.marks)
        if not self.marks.answered:
            return "not answered"
        costly = [one for one in blanks if one.earned < one.full]
        if not costly:
            costly = [one for one in blanks if one.outcome is MarkOutcome.CARRIED]
        first = next((one for one in costly if one.outcome is not MarkOutcome.MISSING), next(iter(costly), None))
        if first is None:
            return ""
        name, outcome = f"{names[first.key]}: ", outcome_in_words(first)
        said = clipped_at_word(f"{name}{_briefly(first)}", min(room, _SHORT))
        if said.endswith("…") and columns(said) < columns(name) + _LEAST_SAID:
            said = f"{name}{outcome}"
        return said if columns(said) <= room else clipped_at_word(outcome, room)


def rows_of(marks: PaperMarks) -> tuple[ResultRow, ...]:
    """A row for each question, numbered through the paper."""
    rows: list[ResultRow] = []
    for exercise in marks.exercises:
        for question in exercise.questions:
            title = question.title if len(exercise.questions) > 1 else exercise.title
            rows.append(ResultRow(len(rows) + 1, exercise.id, title, question))
    return tuple(rows)


def bar(earned: float, carried: float, full: float, width: int) -> str:
    """What was earned, what of it was carried, and what was lost, in so many cells. Nothing earned looks like it."""
    if full <= 0:
        return ""
    whole = round(width * (earned - carried) / full)
    after = round(width * earned / full)
    whole, after = max(whole, int(earned > carried)), max(after, int(earned > 0))
    if earned < full:
        whole, after = min(whole, width - 1), min(after, width - 1)
    return EARNED * whole + CARRIED * (after - whole) + LOST * (width - after)


def percent(marks: PaperMarks) -> int:
    """Of a hundred, rounded down: all is only said of all."""
    return int(100 * marks.earned / marks.full) if marks.full else 0


def clock(seconds: float) -> str:
    """`4:05`, `1:04:05`."""
    whole = int(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def date(seconds: float) -> str:
    """`20 Nov`."""
    return time.strftime("%d %b", time.localtime(seconds)).lstrip("0")


def in_brief(record: SittingRecord) -> str:
    """`7 of 32, 30 Nov`, of a sitting that was marked; "" of one that was not."""
    marks = record.marks
    if marks is None:
        return ""
    return f"{in_words(marks.earned)} of {in_words(marks.full)}, {date(record.handed_in or 0)}"


def marks_by_paper(records: Iterable[SittingRecord]) -> dict[str, str]:
    """The papers that were marked, by their ids without seeds -> how the last sitting went, the first of these."""
    marks: dict[str, str] = {}
    for record in records:
        if said := in_brief(record):
            marks.setdefault(split_id(record.paper.id)[0], said)
    return marks


def outcome_in_words(row: BlankMarks) -> str:
    """How an answer fared."""
    return _OUTCOMES[row.outcome]


_OUTCOMES = {
    MarkOutcome.RIGHT: "right",
    MarkOutcome.HINTED: "right, after hints",
    MarkOutcome.CARRIED: "carried forward",
    MarkOutcome.NO_WORK: "follows, but nothing was left to work out",
    MarkOutcome.WRONG: "wrong",
    MarkOutcome.UNREADABLE: "could not be read",
    MarkOutcome.UNDECIDED: "could not be decided",
    MarkOutcome.NOT_RUN: "not run",
    MarkOutcome.NOT_MARKED: "not marked",
    MarkOutcome.SHOWN: "shown",
    MarkOutcome.MISSING: "not answered",
}


def why(row: BlankMarks) -> str:
    """What the judge said of an answer that was not accepted; "" of any other."""
    charged = (MarkOutcome.WRONG, MarkOutcome.UNREADABLE, MarkOutcome.UNDECIDED)
    return row.said if row.outcome in charged else ""


def took(record: SittingRecord) -> str:
    """How a paper ended, in a sentence."""
    if record.timed_out:
        return "Time was up: the paper was handed in as it was."
    return f"Handed in after {clock(record.seconds)}."


def sentences(record: SittingRecord) -> Iterator[str]:
    """What there is to say of a whole paper: what was carried forward, what was slowest."""
    marks = record.marks
    if marks is None:
        return
    if marks.carried:
        yield f"{in_words(marks.carried)} of the marks were carried forward from your own mistakes."
    if len(record.spent) > 1:
        slowest = max(record.spent, key=lambda number: record.spent[number])
        if record.spent[slowest] >= _SLOW:
            yield f"Slowest: question {slowest}, {clock(record.spent[slowest])}."


def missed_skills(store: Store, record: SittingRecord, library: Library) -> tuple[Skill, ...]:
    """The skills in which something went wrong on a paper that was handed in. Raises StoreProblem."""
    trace = JournalTrace()
    reader = JournalReader(trace, staged_in(library))
    for exercise, entry in store.journal():
        if is_of_sitting(exercise, record.key):
            reader.take(exercise, entry)
    return tuple(skill for skill, state in trace.states().items() if state.right < state.opportunities)


def to_review(skills: Sequence[Skill]) -> str:
    """What to look at again after a paper, in a sentence; "" where nothing went wrong."""
    if not skills:
        return ""
    gates = list(dict.fromkeys(skill.gate for skill in skills))
    drill = "".join(f" --skill {gate}" for gate in gates) if len(gates) <= _MOST_DRILLED else ""
    names = listed([skill.name for skill in skills])
    return f"To review: {names}. `backprop-tutor review{drill}` asks for them, on new numbers."


def in_full(record: SittingRecord) -> str:
    """The whole result as text: a line for each question, below it what did not earn all."""
    marks = record.marks
    assert marks is not None, "a result is of a paper that was marked"
    head = f"{in_words(marks.earned)} of {in_words(marks.full)} marks, {percent(marks)} %"
    lines = [record.paper.title, head, bar(marks.earned, marks.carried, marks.full, 40), took(record)]
    lines += sentences(record)
    for row in rows_of(marks):
        score = f"{in_words(row.marks.earned)}/{in_words(row.marks.full)}"
        lines.append("")
        lines.append(f"{row.number}. {row.title}: {score}{'' if row.marks.answered else ', not answered'}")
        names = names_in(row.marks)
        for blank in row.marks.blanks() if row.marks.answered else ():
            if blank.outcome is MarkOutcome.RIGHT:
                continue
            lines.append(f"   {names[blank.key]}: {_told(blank)}")
            if said := why(blank):
                lines += [f"      {line}" for line in with_drawing(said)]
    return "\n".join(lines)


def _told(blank: BlankMarks) -> str:
    yours = f"yours {_one(blank.answer)}; " if blank.answer.strip() else ""
    correct = "" if "\n" in blank.correct else f"correct {_one(blank.correct)}; "
    return f"{yours}{correct}{in_words(blank.earned)} of {in_words(blank.full)}, {outcome_in_words(blank)}"


def _one(text: str) -> str:
    return clipped_at_word("; ".join(" ".join(line.split()) for line in text.strip().splitlines()), 40)


def names_in(marks: QuestionMarks) -> dict[str, str]:
    """What the blanks of a question are called, by their keys; no two alike."""
    blanks = list(marks.blanks())
    names = told_apart([one_line(blank.label).rstrip(" =:←≈") or blank.key for blank in blanks])
    return {blank.key: name for blank, name in zip(blanks, names, strict=True)}


def _briefly(blank: BlankMarks) -> str:
    if blank.outcome in (MarkOutcome.WRONG, MarkOutcome.UNREADABLE, MarkOutcome.UNDECIDED) and blank.said:
        return re.split(r"(?<=[.?!])\s", one_line(blank.said), maxsplit=1)[0]
    return outcome_in_words(blank)
