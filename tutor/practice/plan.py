"""The exam: its date, which is kept with the learner's progress, and a list by day up to it.

`days_to_exam` is pure: each skill comes back when FSRS says so, sooner the nearer the exam is, as if every review went
well; new exercises are spread evenly over all days but the last, which is for review alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from tutor.learner import Rating, Store, remembered
from tutor.practice.skills import DAY, Skill, SkillState

_EXAM = "exam"
_MOST_NAMED = 2
LONGEST_PLAN = 366
"""Days that a plan may be long."""


class NoPlan(Exception):
    """There can be no plan up to this date. The text is a sentence for the learner."""


@dataclass(frozen=True, slots=True)
class PlanDay:
    """A day of the plan: the skills to review, the new exercises by their ids, and about how many minutes."""

    day: date
    skills: tuple[Skill, ...]
    new: tuple[str, ...]
    minutes: int


def exam_date(store: Store) -> date | None:
    """The day of the exam; None where none was given. Raises StoreProblem."""
    with suppress(ValueError):
        return date.fromisoformat(store.kept(_EXAM))
    return None


def keep_exam_date(store: Store, exam: date | None) -> None:
    """Keep the day of the exam, or forget it. Raises StoreProblem."""
    store.keep(_EXAM, exam.isoformat() if exam is not None else "")


def exam_moment(exam: date | None) -> float | None:
    """The beginning of the day of an exam, in seconds since 1970."""
    return datetime.combine(exam, time(), UTC).timestamp() if exam is not None else None


def date_in(text: str, today: date) -> date:
    """The date a learner typed, of today or later. Raises NoPlan with what is wrong with it."""
    try:
        exam = date.fromisoformat(text.strip())
    except ValueError:
        such = (today + timedelta(days=16)).isoformat()
        this = text.strip() or "empty"
        raise NoPlan(f"A date is a year, a month and a day, such as {such}; this one is {this}.") from None
    if exam < today:
        raise NoPlan(f"{in_words(exam, today)} is over. Give the date of an exam that is still to come.")
    if (exam - today).days > LONGEST_PLAN:
        raise NoPlan(f"{in_words(exam, today)} is more than a year away. Make a plan when it is nearer.")
    return exam


def in_words(day: date, today: date) -> str:
    """`15 December`, with the year where it is another one."""
    return f"{day.day} {day:%B}" + (f" {day.year}" if day.year != today.year else "")


def days_to_exam(
    skills: Mapping[Skill, SkillState],
    new: Sequence[tuple[str, int]],
    exam: date,
    today: date,
    pace: float,
) -> list[PlanDay]:
    """Every day from today until the one before the exam. `new` are exercises with their blanks, in order.

    `pace` is in seconds a blank. There are no days where the exam is today.
    """
    many = (exam - today).days
    shares = _shares(new, max(1, many - 1))
    states, days = dict(skills), []
    for number in range(many):
        day = today + timedelta(days=number)
        at = datetime.combine(day, time(12), UTC).timestamp()
        due = tuple(sorted(skill for skill, state in states.items() if state.due_for(exam_moment(exam)) <= at))
        for skill in due:
            states[skill] = _reviewed(states[skill], at)
        begun = shares[number] if number < len(shares) else []
        blanks = len(due) + sum(blanks for _, blanks in begun)
        days.append(PlanDay(day, due, tuple(id for id, _ in begun), ceil(blanks * pace / 60)))
    return days


def _shares(new: Sequence[tuple[str, int]], days: int) -> list[list[tuple[str, int]]]:
    """The exercises in their order, so that each day has about as many blanks."""
    shares: list[list[tuple[str, int]]] = [[] for _ in range(days)]
    total, before = sum(blanks for _, blanks in new), 0
    for id, blanks in new:
        middle = before + blanks / 2
        shares[min(days - 1, int(middle * days / total))].append((id, blanks))
        before += blanks
    return shares


def _reviewed(state: SkillState, at: float) -> SkillState:
    """A skill after a review that went well."""
    memory = remembered(state.memory, Rating.GOOD, at)
    return replace(state, memory=memory, last=at, due=at - at % DAY + memory.lasts() * DAY)


def as_text(days: Sequence[PlanDay], exam: date, today: date) -> str:
    """The plan, a line a day."""
    left = (exam - today).days
    when = "today" if left == 0 else "tomorrow" if left == 1 else f"in {left} days"
    lines = [f"Exam on {exam:%A}, {in_words(exam, today)}, {when}.", ""]
    if left == 0:
        return "\n".join([*lines, "Review today, and nothing new: `backprop-tutor review`."])
    for each in days:
        what = [f"review {len(each.skills)} skill{'' if len(each.skills) == 1 else 's'}"] if each.skills else []
        what += [f"new: {_some(each.new)}"] if each.new else []
        minutes = f"{each.minutes:3} min" if what else " " * 7
        lines.append(f"{each.day:%a %d %b}  {minutes}  {'; '.join(what) or '-'}")
    lines.append(f"{exam:%a %d %b}           exam")
    brings = ["", "What the new ones teach you comes back too, on top of this."] if any(one.new for one in days) else []
    return "\n".join([*lines, *brings])


def _some(ids: Sequence[str]) -> str:
    """The first of some ids, and how many more there are."""
    shown = ", ".join(ids[:_MOST_NAMED])
    return f"{shown} and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else shown
