"""Review: how long the next blank takes, how long opening does, and what simulated learners need. Run by hand.

    python -m tests.bench.bench_review            all of it, about two minutes; times are those of the processor
    python -m tests.bench.bench_review learners   the simulation alone

**The simulated learner.** A skill has a half-life h, in days: t days after it was practised last it is recalled with
probability 2^(-t/h), and a blank for it is then right but for a slip of 5 %. A blank that is recalled makes h grow by
the factor 1 + 1.6 (1 - p) + 0.15, the more the nearer it was to being forgotten (the spacing effect); one that is not
is shown, which makes h half as long, but no shorter than a day. This is none of the models by which the program
decides. Skills and blanks are those of the shipped exercises that have a graph; all are worked once in the first
week. From then until the exam on day 35 so many blanks a day are practised, in one of three ways:

- by skill: the program's own queue, memory and certainty (`ReviewQueue`, `SkillTrace`);
- by exercise: one FSRS card an exercise, rated as the program rates one; an exercise that is due is worked whole;
- at random: blanks of all exercises.

What is compared is how many blanks until the exam lead to the same mean recall on its day.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import mean, median

from msgspec import structs

from tests.shipped import LIBRARY
from tutor.learner import Entry, Memory, Store, rating, remembered
from tutor.learner.database import exclusive
from tutor.learner.store import JOURNAL_ROW
from tutor.library import Library
from tutor.library.format import BackpropTable, ExerciseFile
from tutor.practice.journal_trace import StagedGates
from tutor.practice.review_items import functions_in
from tutor.practice.review_queue import ReviewQueue
from tutor.practice.review_round import Round
from tutor.practice.skills import DAY, Skill, SkillTrace
from tutor.practice.summary import own_equations, read_summary
from tutor.questions.blank import NoAnswers
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.session import Session

ROWS, EXERCISES = 100_000, 150


# Speed


def library_of(many: int) -> Library:
    """The shipped exercises, and copies of them until there are so many."""
    every = list(LIBRARY.exercises.values())
    copies = [replace(one, id=f"copy{number}/{one.id}") for number in range(9) for one in every]
    return replace(LIBRARY, exercises={one.id: one for one in [*every, *copies][:many]})


def journal_of(store: Store, rows: int) -> None:
    """Fill a journal with the work of years: exercises done again and again, with a miss now and then."""
    draws, runner, at = random.Random(1), Runner(), time.time() - 900 * DAY
    recorded: list[tuple[str, Entry]] = []
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as first:
        for id in ("node-way/c", "layers/complex", "layers/two-over-sine", "sigmoid/gates", "shapes/add", "exam/one",
                   "derivatives/rules", "network/forward"):  # fmt: skip
            session = Session(LIBRARY.exercises[id], first, runner)
            for step in session.steps:
                while not step.key.endswith("code") and (blank := session.current_blank(step)) is not None:
                    session.answer(step, blank, session.worked(step, blank))
        recorded = [(id, entry) for id, entry in first.journal() if entry.action == "answer"]
    lines: list[tuple[str, Entry]] = []
    while len(lines) < rows:
        id = draws.choice(list({id for id, _ in recorded}))
        at += draws.uniform(0.2, 1.0) * DAY
        lines.append((id, Entry(action="reset", at=at)))
        for other, entry in recorded:
            if other == id:
                at += draws.uniform(5, 40)
                verdict = "wrong" if draws.random() < 0.15 and entry.step != "stage" else "right"
                lines.append((id, Entry(entry.step, entry.blank, "answer", entry.text, verdict, at)))
    with exclusive(store._connection):
        store._connection.executemany(
            JOURNAL_ROW, [(id, e.step, e.blank, e.action, e.text, e.verdict, e.at) for id, e in lines[:rows]]
        )


def next_blank() -> None:
    library = library_of(EXERCISES)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        journal_of(store, ROWS)
        begun = time.process_time()
        read_summary(store, library)
        print(f"{ROWS:,} rows read for the first time: {time.process_time() - begun:.1f} s")
        for ahead in (True, False):
            times = []
            for _ in range(4):
                round = Round(store, library, Runner(), time.time, minutes=240)
                for _ in range(40):
                    begun = time.process_time()
                    asked = round.next()
                    times.append((time.process_time() - begun) * 1e3)
                    if asked is None:
                        break
                    if ahead and (make := round.prepare(asked)) is not None:
                        make()  # in the app another thread does this while the learner thinks
                    (step,) = asked.session.steps
                    while (blank := asked.session.current_blank(step)) is not None:
                        asked.session.show(step, blank) if step.key == "code" else asked.session.answer(
                            step, blank, asked.session.worked(step, blank)
                        )
                    round.finish(asked)
            times.sort()
            how = "made ahead, as in the app" if ahead else "made when it is wanted"
            print(
                f"next blank, {how}: median {median(times):.0f} ms, p95 {times[int(0.95 * len(times))]:.0f} ms, "
                f"{len(times)} blanks (goal <= 50 ms)"
            )


_OPEN = """
import asyncio, sys, time
sys.argv = ["backprop-tutor"]
from tutor.paths import shipped_folder
from tutor.tui.app import TutorApp
from tutor.tui.widgets.exercise_tree import ExerciseTree
async def main():
    app = TutorApp([shipped_folder()], greet=False)
    async with app.run_test(size=(80, 24)) as pilot:
        while not app.screen.query(ExerciseTree) or app.screen.query_one(ExerciseTree).cursor_node is None:
            await pilot.pause(0.001)
        print(time.process_time())
asyncio.run(main())
"""


def opening() -> None:
    """From the start of the process until the exercises are listed, an empty journal and a full one in turn."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        with Store(Path(full)) as store:
            journal_of(store, ROWS)
            read_summary(store, LIBRARY)
        times: dict[str, list[float]] = {empty: [], full: []}
        for _ in range(7):
            for folder in times:
                done = subprocess.run(
                    [sys.executable, "-c", _OPEN], env={**os.environ, "BACKPROP_TUTOR_HOME": folder},
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                times[folder].append(float(done.stdout.split()[-1]))
        without, with_rows = (median(times[folder]) for folder in (empty, full))
        print(f"opening: {without * 1e3:.0f} ms empty, {with_rows * 1e3:.0f} ms with {ROWS:,} rows, "
              f"{with_rows / without:.2f} x (goal <= 1.2 x)")  # fmt: skip


# Simulated learners

LEARNED, EXAM = 7, 35


class Learner:
    """A half-life for each skill; see above."""

    def __init__(self, seed: int) -> None:
        self._draws = random.Random(seed)
        self._life: dict[Skill, float] = {}
        self._last: dict[Skill, float] = {}

    def recall(self, skill: Skill, day: float) -> float:
        return 2 ** (-(day - self._last[skill]) / self._life[skill]) if skill in self._last else 0.0

    def try_blank(self, skill: Skill, day: float) -> bool:
        p = self.recall(skill, day)
        recalled = self._draws.random() < p
        if skill not in self._last:
            self._life[skill] = self._draws.uniform(1.0, 2.5)
        elif recalled:
            self._life[skill] *= 1.15 + 1.6 * (1 - p)
        else:
            self._life[skill] = max(1.0, self._life[skill] / 2)
        self._last[skill] = day
        return recalled and self._draws.random() > 0.05


def blanks_of_exercises() -> dict[str, list[Skill]]:
    """Exercise -> the skills of its blanks, forward and backward, in order."""
    found: dict[str, list[Skill]] = {}
    for id, exercise in LIBRARY.exercises.items():
        for table in functions_in(exercise.file):
            graph = StagedGates(own_equations(table))
            for step in ("forward", "backward"):
                fields = {one.name: getattr(table, one.name) for one in structs.fields(BackpropTable)}
                file = ExerciseFile(title="x", **{**fields, "steps": (step,), "descend": None})
                (question,) = questions_of(replace(exercise, file=file), Runner())
                keys = [blank.key for blank in question.steps[0].blanks(NoAnswers())]
                found.setdefault(id, []).extend(skill for key in keys if (skill := graph.skill(key)) is not None)
    return found


def begun(learner: Learner, exercises: dict[str, list[Skill]]) -> dict[str, tuple[float, int]]:
    """The first week: every exercise once. Exercise -> the day, and how many of its blanks went wrong."""
    went = {}
    for number, (id, skills) in enumerate(exercises.items()):
        day = LEARNED * number / len(exercises)
        went[id] = day, sum(not learner.try_blank(skill, day + place / 1e4) for place, skill in enumerate(skills))
    return went


def by_skill(learner: Learner, exercises: dict[str, list[Skill]], a_day: int, draws: random.Random) -> int:
    traces: dict[Skill, SkillTrace] = {}
    for number, skills in enumerate(exercises.values()):
        day = LEARNED * number / len(exercises)
        for place, skill in enumerate(skills):
            right = learner.try_blank(skill, day + place / 1e4)
            traces.setdefault(skill, SkillTrace()).observe(right=right, guess=0.15, at=day * DAY)
    done = 0
    for day in range(LEARNED, EXAM):
        queue = ReviewQueue(list(traces), EXAM * DAY)
        now = day * DAY + 1
        for number in range(a_day):
            states = {skill: trace.state() for skill, trace in traces.items()}
            wanted = queue.next(states, now)
            assert wanted is not None
            right = learner.try_blank(wanted, day + number / 1e4)
            traces[wanted].observe(right=right, guess=0.15, at=now)
            queue.note(wanted, right=right)
            done += 1
    return done


def by_exercise(learner: Learner, exercises: dict[str, list[Skill]], a_day: int, draws: random.Random) -> int:
    cards: dict[str, Memory] = {}
    due: dict[str, float] = {}
    for id, (day, wrong) in begun(learner, exercises).items():
        cards[id] = remembered(None, rating(len(exercises[id]), wrong, 0, wrong), day * DAY)
        due[id] = day + cards[id].lasts()
    done, left = 0, 0
    for day in range(LEARNED, EXAM):
        left += a_day
        for id in sorted((id for id in due if due[id] <= day), key=lambda id: due[id]):
            if left <= 0:
                break
            wrong = sum(not learner.try_blank(skill, day + done / 1e5) for skill in exercises[id])
            done, left = done + len(exercises[id]), left - len(exercises[id])
            cards[id] = remembered(cards[id], rating(len(exercises[id]), wrong, 0, wrong), day * DAY)
            due[id] = day + cards[id].lasts()
    return done


def at_random(learner: Learner, exercises: dict[str, list[Skill]], a_day: int, draws: random.Random) -> int:
    begun(learner, exercises)
    every = [skill for skills in exercises.values() for skill in skills]
    for day in range(LEARNED, EXAM):
        for number in range(a_day):
            learner.try_blank(draws.choice(every), day + number / 1e4)
    return a_day * (EXAM - LEARNED)


Way = Callable[[Learner, dict[str, list[Skill]], int, random.Random], int]
BUDGETS = (1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 28, 36, 48, 64)


def learners(seeds: int = 8) -> None:
    exercises = blanks_of_exercises()
    skills = sorted({skill for one in exercises.values() for skill in one})
    print(f"{len(exercises)} exercises, {sum(map(len, exercises.values()))} blanks, {len(skills)} skills")
    curves: dict[str, list[tuple[float, float]]] = {}
    for name, way in (("by skill", by_skill), ("by exercise", by_exercise), ("at random", at_random)):
        curve = []
        for a_day in BUDGETS if name != "by skill" else BUDGETS[:13]:
            done, recalled = [], []
            for seed in range(seeds):
                learner = Learner(seed)
                done.append(way(learner, exercises, a_day, random.Random(seed + 99)))
                recalled.append(mean(learner.recall(skill, EXAM) for skill in skills))
            curve.append((mean(done), mean(recalled)))
        curves[name] = curve
        print(f"{name:>12}: " + "  ".join(f"{done:.0f}→{recalled:.2f}" for done, recalled in curve))
    for wanted in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9):
        needed = {name: _needed(curve, wanted) for name, curve in curves.items()}
        said = ", ".join(f"{name} {many:.0f}" if many else f"{name} never" for name, many in needed.items())
        ratios = [
            f"{needed['by skill'] / other:.0%} of {name}"
            for name in ("by exercise", "at random")
            if (other := needed[name]) and needed["by skill"]
        ]
        print(f"recall {wanted:.0%} on the day: blanks {said}; by skill {', '.join(ratios) or '-'}")


def _needed(curve: list[tuple[float, float]], wanted: float) -> float | None:
    """How many blanks lead to a recall, between those that were tried."""
    for (few, less), (many, more) in pairwise(curve):
        if less < wanted <= more:
            return few + (many - few) * (wanted - less) / (more - less)
    return curve[0][0] if curve[0][1] >= wanted else None


if __name__ == "__main__":
    if "learners" not in sys.argv:
        next_blank()
        opening()
    learners()
