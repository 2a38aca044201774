"""How far the learner has come, in one table: exercises solved, skills by gate and idea, days and minutes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from tutor.engine.gates import GATES
from tutor.learner import Store
from tutor.library import Library
from tutor.practice.journal_trace import MistakeTally
from tutor.practice.mistake_names import mistake_name
from tutor.practice.plan import exam_date, exam_moment
from tutor.practice.seeds import split_id
from tutor.practice.skills import DAY, PARTS, Level, Skill, SkillState, gate_sign, levels_of, skills_in_words
from tutor.practice.small_graphs import can_make
from tutor.practice.summary import Summary, read_summary

_DAYS = 14
"""Days that are listed."""
_MOST_MISTAKES = 5
"""Mistakes that are listed."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, and how many of its exercises are solved."""

    title: str
    solved: int
    exercises: int


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate, or an idea, as a row of a table: how its parts stand, and when one of them is due next."""

    gate: str
    title: str
    levels: tuple[Level, ...]
    """Forward, local, downstream of a gate; of an idea, its only one."""

    due: float | None
    """In seconds since 1970; None where nothing of it was met."""

    @property
    def is_idea(self) -> bool:
        """Whether it belongs to no gate."""
        return len(self.levels) == 1

    @property
    def words(self) -> str:
        """What the gate is called beside its sign; "" where that says it, as it does of ideas."""
        called = GATES[self.gate].title if self.gate in GATES else ""
        return "" if called == self.title else called

    @property
    def skills(self) -> tuple[Skill, ...]:
        """What a review of it is for."""
        return (Skill(self.gate),) if self.is_idea else tuple(Skill(self.gate, part) for part in PARTS)


@dataclass(frozen=True)
class Overview:
    """The learner's progress at a moment."""

    solved: int
    exercises: int
    skills: Mapping[Skill, SkillState]
    minutes: Mapping[str, float]
    now: float
    mistakes: Mapping[str, MistakeTally] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()
    blanks: int = 0
    alone: int = 0
    hints: int = 0
    shown: int = 0
    exam: date | None = None

    @property
    def commonest(self) -> list[tuple[str, MistakeTally]]:
        """The mistakes by name, most frequent first, the latest of those that are as frequent."""
        return sorted(self.mistakes.items(), key=lambda one: (-one[1].times, -one[1].last))

    def rows(self) -> list[GateRow]:
        """The gates and then the ideas of which anything was met, in the order of the gate cards."""
        gates = sorted({skill.gate for skill in self.skills if not skill.is_idea}, key=_order)
        return [*map(self._row, gates), *(self._idea(skill) for skill in self.skills if skill.is_idea)]

    def unmet(self) -> list[GateRow]:
        """Gates of which nothing was met yet, and of which something can be asked."""
        met = {skill.gate for skill in self.skills}
        every = [gate.key for gate in GATES.values() if not gate.specialises and gate.key not in met]
        return [self._row(gate) for gate in every if can_make(Skill(gate, PARTS[0]))]

    def _row(self, gate: str) -> GateRow:
        own = [self.skills[skill] for part in PARTS if (skill := Skill(gate, part)) in self.skills]
        levels = tuple(level for _, level in levels_of(self.skills, gate))
        return GateRow(gate, gate_sign(gate), levels, min((self._due(state) for state in own), default=None))

    def _idea(self, skill: Skill) -> GateRow:
        state = self.skills[skill]
        return GateRow(skill.gate, skill.gate, (state.level,), self._due(state))

    def _due(self, state: SkillState) -> float:
        return state.due_for(exam_moment(self.exam))


def overview(store: Store, library: Library, now: float) -> Overview:
    """Read it from the journal. Raises StoreProblem."""
    return overview_of(read_summary(store, library), store.solved(), library, now, exam_date(store))


def overview_of(
    summary: Summary, solved: Collection[str], library: Library, now: float, exam: date | None = None
) -> Overview:
    """What a summary comes to, with the exercises that were ever solved."""
    listed = {topic: [one.id for one in some if split_id(one.id)[1] is None] for topic, some in library.topics.items()}
    topics = tuple(
        Topic(library.title_of(topic), sum(id in solved for id in ids), len(ids))
        for topic, ids in listed.items()
        if ids
    )
    trace, many = summary.trace, sum(topic.exercises for topic in topics)
    return Overview(
        sum(topic.solved for topic in topics), many, summary.skills, summary.minutes, now, summary.mistakes,
        topics, trace.blanks, trace.alone, trace.hints, trace.shown, exam,
    )  # fmt: skip


# How it looks


def as_text(seen: Overview) -> str:
    """For the terminal."""
    if not seen.skills:
        return "Nothing is answered yet. `backprop-tutor` opens the exercises."
    lines = [
        f"{seen.solved} of {seen.exercises} exercises solved   {skills_in_words(seen.skills)}",
        "",
        *_table(seen),
        *_mistakes(seen),
        *_topics(seen),
        how_alone(seen),
        "",
    ]
    lines += [f"{day}  {minutes:5.0f} min" for day, minutes in sorted(seen.minutes.items())[-_DAYS:]]
    return "\n".join(lines).rstrip()


def how_alone(seen: Overview) -> str:
    """How much was done without help."""
    blanks, hints, answers = ("" if many == 1 else "s" for many in (seen.blanks, seen.hints, seen.shown))
    helped = f"{seen.hints} hint{hints}, {seen.shown} answer{answers} shown"
    return f"{seen.alone} of {seen.blanks} blank{blanks} right at once, {helped}"


def _table(seen: Overview) -> Iterator[str]:
    rows = seen.rows()
    wide = max(len(row.title) for row in rows) + 2
    gates = [row for row in rows if not row.is_idea]
    if gates:
        yield f"{'gate':<{wide}}{'forward':<9}{'local':<9}{'downstream':<12}look again"
        for row in gates:
            forward, local, downstream = row.levels
            yield f"{row.title:<{wide}}{forward:<9}{local:<9}{downstream:<12}{in_days(row.due or 0, seen.now)}"
        yield ""
    ideas = [row for row in rows if row.is_idea]
    if ideas:
        yield f"{'idea':<{wide}}{'':<9}{'right at once':<21}look again"
        for row in ideas:
            state = seen.skills[Skill(row.gate)]
            at_once = f"{state.right} of {state.opportunities}"
            yield f"{row.title:<{wide}}{row.levels[0]:<9}{at_once:<21}{in_days(row.due or 0, seen.now)}"
        yield ""


def _mistakes(seen: Overview) -> Iterator[str]:
    met = seen.commonest[:_MOST_MISTAKES]
    if met:
        yield "mistakes met most"
        yield from (f"{one.times:>4} × {mistake_name(key, one.said)}" for key, one in met)
        yield ""


def _topics(seen: Overview) -> Iterator[str]:
    begun = [topic for topic in seen.topics if topic.solved]
    if begun:
        yield from (f"{topic.solved:>3} of {topic.exercises:<3}{topic.title}" for topic in begun)
        yield ""


def in_days(due: float, now: float) -> str:
    """`now`, `tomorrow`, `in 9 days`."""
    days = max(1, round((due - now) / DAY))
    return "now" if due <= now else "tomorrow" if days == 1 else f"in {days} days"


def _order(gate: str) -> int:
    """As on the gate cards."""
    order = list(GATES)
    return order.index(gate) if gate in order else len(order)


_COLUMNS = ("gate", "part", "level", "certainty", "right", "opportunities", "last", "due")


def _rows(seen: Overview) -> list[dict[str, object]]:
    return [
        dict(
            zip(
                _COLUMNS,
                (
                    skill.gate, skill.part, state.level, round(state.certainty, 4), state.right, state.opportunities,
                    _iso(state.last), _iso(state.due),
                ),
                strict=True,
            )
        )
        for skill, state in seen.skills.items()
    ]  # fmt: skip


def as_json(seen: Overview) -> str:
    """For other programs."""
    told = {
        "solved": seen.solved,
        "exercises": seen.exercises,
        "skills": _rows(seen),
        "mistakes": {
            key: {"times": met.times, "last": _iso(met.last), "exercise": met.exercise, "said": met.said}
            for key, met in seen.commonest
        },
        "topics": [
            {"title": topic.title, "solved": topic.solved, "exercises": topic.exercises} for topic in seen.topics
        ],
        "blanks": {"done": seen.blanks, "alone": seen.alone, "hints": seen.hints, "shown": seen.shown},
        "exam": seen.exam.isoformat() if seen.exam is not None else None,
        "minutes": {day: round(minutes, 1) for day, minutes in sorted(seen.minutes.items())},
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def as_csv(seen: Overview) -> str:
    """The skills, a line each, for a spreadsheet."""
    writer = io.StringIO()
    table = csv.DictWriter(writer, _COLUMNS, lineterminator="\n")
    table.writeheader()
    table.writerows(_rows(seen))
    return writer.getvalue().rstrip("\n")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
