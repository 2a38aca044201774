"""1,000 random answer sheets marked by four roads: the app's session, the plain face, `grade` and Python.

    python -m tests.bench.bench_roads [SHEETS]

Every blank has to earn the same by each. The sheets have wrong, empty and unreadable answers among right ones, on the
exercises that ship, in turn. Code is left out: not every road runs it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

import tutor
from tests.course.making import grader, with_slips
from tests.course.roads import by_plain, by_python, by_session, by_sheet
from tests.shipped import LIBRARY


def main(sheets: int) -> int:
    ids = sorted(LIBRARY.exercises)
    rng, began, differ, marks = random.Random("roads"), time.perf_counter(), 0, 0.0
    asked = {id: tutor.exercise(id) for id in ids[:sheets]}
    for number in range(sheets):
        id = ids[number % len(ids)]
        answers = with_slips(grader().marker(id), rng, rng.choice([0.1, 0.3, 0.6]))
        with tempfile.TemporaryDirectory() as folder:
            roads = {
                "sheet": by_sheet(id, answers, Path(folder)),
                "session": by_session(id, answers, Path(folder)),
                "plain": by_plain(id, answers, Path(folder)),
                "python": by_python(asked[id], id, answers),
            }
        marks += sum(roads["sheet"].values())
        for road, earned in roads.items():
            if earned != roads["sheet"]:
                differ += 1
                odd = {key: (roads["sheet"].get(key), earned.get(key)) for key in roads["sheet"] | earned
                       if roads["sheet"].get(key) != earned.get(key)}  # fmt: skip
                print(f"sheet {number}, {id}, {road}: {odd} {answers}")
    print(f"{sheets} sheets of {len(ids)} exercises, {marks:g} marks earned by each road; {differ} differ")
    print(f"{(time.perf_counter() - began) / sheets * 1000:.0f} ms a sheet by all four roads")
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 1000))
