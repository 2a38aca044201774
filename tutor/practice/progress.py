"""How far the learner has come, in one table: exercises solved, skills by gate and idea, days and minutes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tutor.engine.gates import GATES
from tutor.learner import Store
from tutor.library import Library
from tutor.practice.skills import DAY, PARTS, Level, Skill, SkillState, levels_of
from tutor.practice.summary import read_summary

_SIGNS: dict[Level, str] = {"new": "new", "shaky": "shaky", "known": "known"}
_DAYS = 14
"""Days that are listed."""


@dataclass(frozen=True)
class Overview:
    """The learner's progress at a moment."""

    solved: int
    exercises: int
    skills: Mapping[Skill, SkillState]
    minutes: Mapping[str, float]
    now: float

    @property
    def known(self) -> int:
        """How many skills are known."""
        return sum(state.level == "known" for state in self.skills.values())


def overview(store: Store, library: Library, now: float) -> Overview:
    """Read it from the journal. Raises StoreProblem."""
    summary = read_summary(store, library)
    solved = [id for id in store.solved() if id in library.exercises]
    return Overview(len(solved), len(library.exercises), summary.skills, summary.minutes, now)


# How it looks


def as_text(seen: Overview) -> str:
    """For the terminal."""
    if not seen.skills:
        return "Nothing is answered yet. `backprop-tutor` opens the exercises."
    lines = [
        f"{seen.solved} of {seen.exercises} exercises solved   {seen.known} of {len(seen.skills)} skills known",
        "",
    ]
    gates = sorted({skill.gate for skill in seen.skills if not skill.is_idea and skill.gate}, key=_order)
    if gates:
        wide = max(len(_title(gate)) for gate in gates) + 2
        lines.append(f"{'gate':<{wide}}{'forward':<9}{'local':<9}{'downstream':<12}look again")
        for gate in gates:
            forward, local, downstream = (_SIGNS[level] for _, level in levels_of(seen.skills, gate))
            own = [seen.skills[skill] for part in PARTS if (skill := Skill(gate, part)) in seen.skills]
            when = in_days(min(state.due for state in own), seen.now)
            lines.append(f"{_title(gate):<{wide}}{forward:<9}{local:<9}{downstream:<12}{when}")
        lines.append("")
    ideas = [(skill, state) for skill, state in seen.skills.items() if skill.is_idea]
    if ideas:
        wide = max(len(skill.gate) for skill, _ in ideas) + 2
        lines.append(f"{'idea':<{wide}}{'':<9}{'right at once':<15}look again")
        for skill, state in ideas:
            at_once = f"{state.right} of {state.opportunities}"
            lines.append(f"{skill.gate:<{wide}}{state.level:<9}{at_once:<15}{in_days(state.due, seen.now)}")
        lines.append("")
    lines += [f"{day}  {minutes:5.0f} min" for day, minutes in sorted(seen.minutes.items())[-_DAYS:]]
    return "\n".join(lines).rstrip()


def in_days(due: float, now: float) -> str:
    """`now`, `tomorrow`, `in 9 days`."""
    days = round((due - now) / DAY)
    return "now" if due <= now or days < 1 else "tomorrow" if days == 1 else f"in {days} days"


def _title(gate: str) -> str:
    return GATES[gate].title if gate in GATES else gate


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
