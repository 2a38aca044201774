"""What today holds: a review of what is due, what lies half done, the next new exercise, and the exam.

`today_of` is pure: the library, progress and skills go in, tasks in the order they are best done come out. Home shows
it; `plan.py` spreads the days after today.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from tutor.learner import Progress
from tutor.library import Exercise, Library
from tutor.practice.next_new import Placed, reached
from tutor.practice.plan import exam_moment
from tutor.practice.seeds import split_id
from tutor.practice.skills import CODE_SKILL, Skill, SkillState

TaskKind = Literal["review", "begun", "again", "new"]

MOST_MINUTES = 30
"""Today holds no more than this, but for its first task."""
ROUND_MINUTES = 10
"""A round of review is no longer than this."""
MOST_TASKS = 3
SECONDS_A_BLANK = 30.0
"""What a blank takes, before the learner's own pace is known."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do today: "review" a round of due skills, "begun" and "new" an exercise, "again" one on new numbers.

    `id` is the exercise's, "" for a review; `blanks` are those that are open, about; `skills` are those that a review
    is for, in their order; `after` is the exercise from which on a new one was looked for.
    """

    kind: TaskKind
    id: str
    blanks: int
    minutes: int
    skills: tuple[Skill, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The day's tasks in their order, at most three, and what there is to say of the exam."""

    tasks: tuple[Task, ...]
    due: tuple[Skill, ...]
    """Every skill that is due by now, in the order in which a review asks for them."""

    exam: date | None = None
    days_left: int | None = None
    """Days until the exam; 0 on its day, None where there is none or it is over."""

    pace: str = ""
    """A sentence on what reaches the end by the exam; "" without one."""

    @property
    def minutes(self) -> int:
        """What all tasks take."""
        return sum(task.minutes for task in self.tasks)


def today_of(
    library: Library,
    progress: Mapping[str, Progress],
    skills: Mapping[Skill, SkillState],
    now: float,
    *,
    last: str | None = None,
    exam: date | None = None,
    pace: float = SECONDS_A_BLANK,
    placed: Placed | None = None,
) -> Today:
    """What a day holds. `now` is in seconds since 1970, `pace` the learner's seconds a blank.

    `last` is the exercise opened last: if it lies half done, that is gone on with. `placed` is where a placement said
    to begin.
    """
    due = due_skills(skills, now, exam)
    tasks: list[Task] = []
    if due:
        most = max(1, int(ROUND_MINUTES * 60 / pace))
        tasks.append(Task("review", "", min(len(due), most), _minutes(min(len(due), most), pace), due))
    ids = _ids(library)
    begun = _begun(library, progress, last)
    if begun:
        tasks.append(_exercise_task("begun", library.exercises[begun], progress.get(begun), pace))
    if not due and (again := _due_exercise(ids, progress, now)):
        tasks.append(_exercise_task("again", library.exercises[again], None, pace))
    at = reached(ids, progress, placed)
    if new := new_exercises(library, progress, at):
        tasks.append(replace(_exercise_task("new", library.exercises[new[0][0]], None, pace), after=at or ""))
    return Today(tuple(_within(tasks)), due, exam, _days_left(exam, now), _pace(ids, progress, exam, now))


def asked_here(skills: Mapping[Skill, SkillState], *, runs_code: bool) -> Mapping[Skill, SkillState]:
    """The skills that a review can ask for: code that is not run cannot be judged."""
    return {skill: state for skill, state in skills.items() if runs_code or skill != CODE_SKILL}


def due_skills(skills: Mapping[Skill, SkillState], now: float, exam: date | None = None) -> tuple[Skill, ...]:
    """The skills that are due by now, in the order in which a review asks for them: the best remembered first."""
    at = exam_moment(exam)
    due = [skill for skill, state in skills.items() if state.due_for(at) <= now]
    return tuple(sorted(due, key=lambda skill: (-skills[skill].recall(now), skill)))


def new_exercises(library: Library, progress: Mapping[str, Progress], after: str | None) -> list[tuple[str, int]]:
    """The exercises that are new, in the order of `Library.from_on`, with about how many blanks each has."""
    ids = [id for id in library.from_on(after) if split_id(id)[1] is None]
    new = [id for id in ids if id not in progress or progress[id].standing == "new"]
    return [(id, blanks_in(library.exercises[id])) for id in new]


def blanks_in(exercise: Exercise) -> int:
    """About how many blanks an exercise has, read off its file: what is asked, or the operations of its function."""
    file = exercise.file
    if file.question:
        return sum(len(table.get("ask", ())) or _in_function(table) for table in file.question)
    return _in_function({"function": file.function, "steps": file.asked})


# The tasks


def _exercise_task(kind: TaskKind, exercise: Exercise, progress: Progress | None, pace: float) -> Task:
    blanks = blanks_in(exercise)
    if progress is not None and progress.total:
        blanks = max(1, round(blanks * (1 - progress.done / progress.total)))
    return Task(kind, exercise.id, blanks, _minutes(blanks, pace))


def _begun(library: Library, progress: Mapping[str, Progress], last: str | None) -> str | None:
    """What lies half done: the exercise opened last, or else the one touched last.

    One in which nothing is done yet was perhaps only looked at: it stands back behind those that were worked on.
    """
    begun = [id for id, state in progress.items() if state.standing == "started" and id in library.exercises]
    worked = [id for id in begun if progress[id].done] or begun
    return last if last in worked else max(worked, key=lambda id: progress[id].last, default=None)


def _due_exercise(ids: Sequence[str], progress: Mapping[str, Progress], now: float) -> str | None:
    due = {id: at for id in ids if id in progress and (at := progress[id].due) is not None and at <= now}
    return min(due, key=lambda id: due[id], default=None)


def _ids(library: Library) -> list[str]:
    """All exercises in their order, without those on fresh numbers."""
    return [one.id for exercises in library.topics.values() for one in exercises if split_id(one.id)[1] is None]


def _within(tasks: list[Task]) -> list[Task]:
    """As many of the tasks as a day has room for; the first one always."""
    kept: list[Task] = []
    for task in tasks[:MOST_TASKS]:
        if not kept or sum(one.minutes for one in kept) + task.minutes <= MOST_MINUTES:
            kept.append(task)
    return kept


def _minutes(blanks: int, pace: float) -> int:
    return max(1, round(blanks * pace / 60))


_OPERATION = re.compile(r"[+*/^@·×−-]|\b[a-zA-Z_]\w*\(|(?<=[\w)])\s+(?=[\w(])")


def _in_function(table: Mapping[str, object]) -> int:
    """An equation and a value for each operation, five blanks on the way back, one for code."""
    operations = max(1, len(_OPERATION.findall(str(table.get("function", "")).partition("=")[2])))
    steps = table.get("steps") or ("stage", "forward", "backward", "code")
    assert isinstance(steps, tuple | list)
    a_gate = {"stage": 1, "forward": 1, "backward": 4}
    return sum(operations * a_gate.get(str(step), 0) for step in steps) + ("code" in steps) * 5


# The exam


def _days_left(exam: date | None, now: float) -> int | None:
    if exam is None:
        return None
    left = (exam - datetime.fromtimestamp(now).date()).days
    return left if left >= 0 else None


def _pace(ids: Sequence[str], progress: Mapping[str, Progress], exam: date | None, now: float) -> str:
    left = _days_left(exam, now)
    if left is None:
        return ""
    new = sum(id not in progress or progress[id].standing == "new" for id in ids)
    if left == 0:
        return "The exam is today: review, and nothing new."
    if not new:
        return "Everything has been begun: what is left is review."
    a_day = -(-new // left)
    return f"With {a_day} new exercise{'s' if a_day > 1 else ''} per day you get to the end by then."
