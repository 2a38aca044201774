"""1,000 random answer sheets marked by four roads: the app's session, the plain face, `grade` and Python.

    python -m tests.bench.bench_roads [SHEETS] [SEED] [--code]

Every blank has to earn the same by each. The sheets have wrong, empty and unreadable answers among right ones, on the
exercises that ship, in turn, every second one on fresh numbers. With --code programs, right and wrong ones, are run.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.course.making import grader, running_grader, with_slips
from tests.course.roads import by_plain, by_python, by_session, by_sheet, exercise_of
from tests.shipped import LIBRARY
from tutor.api.exercises import LoadedExercise
from tutor.course.grading import Grader, NotGraded


def main(sheets: int, seed: str, code: bool) -> int:
    ids, mine = sorted(LIBRARY.exercises), running_grader() if code else grader()
    rng, began, differ, marks = random.Random(f"roads {seed}"), time.perf_counter(), 0, 0.0
    variants = 0
    rng.shuffle(ids)
    for number in range(sheets):
        id = _on_fresh_numbers(mine, ids[number % len(ids)], rng) if number % 2 else ids[number % len(ids)]
        variants += "@" in id
        answers = with_slips(mine.marker(id), rng, rng.choice([0.1, 0.3, 0.6]))
        with tempfile.TemporaryDirectory() as folder:
            roads = {
                "sheet": by_sheet(id, answers, Path(folder), code),
                "session": by_session(id, answers, Path(folder), code),
                "plain": by_plain(id, answers, Path(folder), code),
                "python": by_python(LoadedExercise(exercise_of(id)), id, answers, code),
            }
        marks += sum(roads["sheet"].values())
        for road, earned in roads.items():
            if earned != roads["sheet"]:
                differ += 1
                odd = {key: (roads["sheet"].get(key), earned.get(key)) for key in roads["sheet"] | earned
                       if roads["sheet"].get(key) != earned.get(key)}  # fmt: skip
                print(f"sheet {number}, {id}, {road}: {odd} {answers}", flush=True)
        if number % 20 == 19:
            print(f"{number + 1} sheets, {differ} differ", flush=True)
        if "@" in id:
            grader().forget()
            running_grader().forget()
    print(
        f"{sheets} sheets of {len(ids)} exercises, {variants} on fresh numbers, "
        f"{marks:g} marks by each road; {differ} differ"
    )
    print(f"{(time.perf_counter() - began) / sheets * 1000:.0f} ms a sheet by all four roads")
    return 1 if differ else 0


def _on_fresh_numbers(mine: Grader, id: str, rng: random.Random) -> str:
    """The exercise on the numbers of a random seed; itself where it has none that can change."""
    variant = f"{id}@{rng.randrange(1, 10_000)}"
    try:
        mine.marker(variant)
    except NotGraded:
        return id
    return variant


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--code"]
    sys.exit(main(int(words[0]) if words else 1000, words[1] if words[1:] else "", "--code" in sys.argv))
