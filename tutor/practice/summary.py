"""The learner's whole journal in short, kept beside it so that it need not be read again.

`read_summary` is what everybody calls: it takes up the kept trace, goes on with the lines written since, and keeps the
result when there were many. What is kept is only a shortcut: where it does not fit the journal, all is read anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from tutor.language import show
from tutor.learner import Entry, Store
from tutor.library import BadFile, Library
from tutor.library.decoding import table_of
from tutor.library.format import BackpropTable
from tutor.library.problem import problem_in
from tutor.practice.journal_trace import JournalReader, JournalTrace, MistakeTally, Staged
from tutor.practice.seeds import base_of
from tutor.practice.skills import Skill, SkillState
from tutor.questions.backprop.question import BackpropQuestionTable

_KEPT = "journal"
_VERSION = 2
"""Of what is kept; another one is read anew."""
_MANY = 200
"""Lines from which it is worth writing what they came to."""


@dataclass(frozen=True)
class Summary:
    """What the journal says by now."""

    skills: Mapping[Skill, SkillState]
    trace: JournalTrace

    @property
    def minutes(self) -> Mapping[str, float]:
        """ISO date (UTC) -> minutes at work."""
        return self.trace.minutes

    @property
    def mistakes(self) -> Mapping[str, MistakeTally]:
        """The mistakes that were named, by their names."""
        return self.trace.mistakes

    @property
    def pace(self) -> float:
        """Seconds a blank; 0 before that is known."""
        return self.trace.pace


class LiveSummary:
    """A summary that goes on with the journal while somebody works: only the lines written since are read."""

    def __init__(self, store: Store, library: Library) -> None:
        """Raises StoreProblem."""
        self._store = store
        found = unread(store)
        self._row = found.lines[-1][0] if found.lines else _row_of(store, found.kept)
        summary, worth_keeping = summed_up(found, library)
        self._reader = JournalReader(summary.trace, staged_in(library))
        if worth_keeping:
            keep_summary(store, worth_keeping)

    def now(self) -> Summary:
        """What the journal says by now. Raises StoreProblem."""
        for row, exercise, entry in self._store.journal_after(self._row):
            self._reader.take(exercise, entry)
            self._row = row
        return Summary(self._reader.trace.states(), self._reader.trace)


class _Kept(msgspec.Struct):
    """A trace, and the last line that is in it."""

    version: int
    row: int
    line: tuple[str, str, str, str, float]
    """Exercise, step, blank, action, time: after a file was mended its lines may have other numbers."""

    trace: JournalTrace


@dataclass(frozen=True)
class UnreadJournal:
    """What a summary is made of: the trace as it was kept, and the lines of the journal since then."""

    kept: str
    lines: list[tuple[int, str, Entry]]


def read_summary(store: Store, library: Library) -> Summary:
    """What the journal says by now. Raises StoreProblem."""
    summary, worth_keeping = summed_up(unread(store), library)
    if worth_keeping:
        keep_summary(store, worth_keeping)
    return summary


def unread(store: Store) -> UnreadJournal:
    """Read what a summary needs, in the thread that has the store. Raises StoreProblem."""
    text = store.kept(_KEPT)
    row = _row_of(store, text)
    return UnreadJournal(text if row else "", store.journal_after(row))


def summed_up(unread: UnreadJournal, library: Library) -> tuple[Summary, str]:
    """The summary, in any thread, and what is worth keeping of it; "" where little was added to what is kept."""
    trace = msgspec.json.decode(unread.kept, type=_Kept).trace if unread.kept else JournalTrace()
    reader = JournalReader(trace, staged_in(library))
    for _, exercise, entry in unread.lines:
        reader.take(exercise, entry)
    summary = Summary(trace.states(), trace)
    if len(unread.lines) < _MANY:
        return summary, ""
    row, exercise, entry = unread.lines[-1]
    return summary, msgspec.json.encode(_Kept(_VERSION, row, _line(exercise, entry), trace)).decode()


def keep_summary(store: Store, text: str) -> None:
    """Keep what `summed_up` found worth it. Raises StoreProblem."""
    store.keep(_KEPT, text)


def _row_of(store: Store, text: str) -> int:
    """The number of the last line that is in what was kept; 0 where that does not fit the journal that is there."""
    try:
        kept = msgspec.json.decode(text, type=_Kept)
    except (msgspec.DecodeError, ValueError):
        return 0
    line = store.journal_line(kept.row)
    return kept.row if kept.version == _VERSION and line is not None and _line(*line) == kept.line else 0


def _line(exercise: str, entry: Entry) -> tuple[str, str, str, str, float]:
    return exercise, entry.step, entry.blank, entry.action, entry.at


def staged_in(library: Library) -> Staged:
    """The program's own equations for the questions of a library that ask for none."""
    known: dict[tuple[str, str], str] = {}

    def staged(exercise: str, prefix: str) -> str:
        key = base_of(exercise), prefix
        if key not in known:
            known[key] = _own_staging(library, *key)
        return known[key]

    return staged


def _own_staging(library: Library, id: str, prefix: str) -> str:
    """The program's own equations for a question that asks for none; "" where there are none."""
    exercise = library.find(id)
    if exercise is None:
        return ""
    table: BackpropTable | None = exercise.file
    if exercise.file.question:
        number = int(prefix.strip("q/") or 1) - 1
        tables = exercise.file.question
        chosen = tables[number] if number < len(tables) else {}
        table = table_of(chosen, BackpropQuestionTable).value if chosen.get("kind") == "backprop" else None
    return own_equations(table) if table is not None and "stage" not in table.asked else ""


def own_equations(table: BackpropTable) -> str:
    """The program's own staging of a function, an equation a line; "" where it does not hold."""
    try:
        staging = problem_in(table).staging
    except BadFile:
        return ""
    return "\n".join(f"{equation.target.name} = {show(equation.expression)}" for equation in staging)
