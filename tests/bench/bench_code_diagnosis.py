"""How many wrong programs are told by their first wrong line and their mistake.

Run `python -m tests.bench.bench_code_diagnosis`.
Three sets: the corpus, the right programs, and right programs with one small thing changed in one line ("mutants",
others for another seed: `... 7`; more of them, and with temporaries, in bench_code_mutants). "named" of a mutant is
that something was named; which is right, nobody has written down. Times are of the diagnosis alone, as a ratio to
running the program on a warm runner.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from statistics import median, quantiles

from tests.questions.code_diagnosis import running
from tests.questions.code_diagnosis.corpus import CORPUS, MORE, Wrong
from tests.questions.code_diagnosis.mutating import mutants
from tests.questions.code_diagnosis.right import RIGHT
from tutor.runner import Limits, Outcome, Runner

_PER_PROGRAM = 3


class Tally:
    """What came of a set of programs."""

    def __init__(self) -> None:
        self.many = self.found = self.named = self.elsewhere = self.hedged = 0
        self.seconds: list[float] = []
        self.running: list[float] = []

    def add(self, wrong: Wrong, outcome: Outcome) -> None:
        """Diagnose one program."""
        start = time.perf_counter()
        found = running.diagnosed(outcome, wrong.exercise, wrong.staging, wrong.source)
        self.seconds.append(time.perf_counter() - start)
        self.running.append(outcome.seconds)
        self.many += 1
        self.found += found is not None and found.line == wrong.line
        self.elsewhere += found is not None and found.line not in (wrong.line, None)
        self.hedged += found is not None and found.line is None
        told = set(found.mistake.split("|")) - {""} if found else set()
        self.named += bool(told & wrong.mistakes if wrong.mistakes else told)

    def show(self, title: str) -> None:
        """One line."""
        milliseconds = [1000 * each for each in self.seconds]
        found, named = self.found / self.many, self.named / self.many
        late, ratio = quantiles(milliseconds, n=20)[-1], median(self.seconds) / median(self.running)
        print(f"{title:10} {self.many:4} programs   line {found:6.1%}   named {named:6.1%}", end="")
        print(f"   several lines named {self.hedged}   another line accused {self.elsewhere}", end="")
        print(f"   median {median(milliseconds):.0f} ms, p95 {late:.0f} ms, {ratio:.2f} of a run")


def _corpus(runner: Runner, programs: Sequence[Wrong], title: str) -> None:
    tally = Tally()
    for wrong in programs:
        tally.add(wrong, running.run(runner, wrong.exercise, wrong.source))
    tally.show(title)


def _right_and_mutants(runner: Runner, seed: int) -> None:
    accused = many = 0
    tally = Tally()
    for exercise, sources in RIGHT.items():
        for source in sources:
            outcome = running.run(runner, exercise, source)
            accused += running.diagnosed(outcome, exercise, 0, source) is not None
            many += 1
            for changed, line in mutants(source, seed, _PER_PROGRAM):
                outcome = running.run(runner, exercise, changed)
                truths = [truth for _, truth in running.trials(exercise)]
                if outcome.fault is None and not all(map(running.is_right, outcome.calls, truths)):
                    tally.add(Wrong(exercise, 0, changed, line, frozenset()), outcome)
    print(f"{'right':10} {many:4} programs   accused {accused}")
    tally.show("mutants")


def main() -> None:
    """Print the shares."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with Runner(Limits(seconds=20.0, cpu_seconds=20.0)) as runner:
        _corpus(runner, CORPUS[:3], "warm-up")
        _corpus(runner, CORPUS, "corpus")
        _corpus(runner, MORE, "more")
        _right_and_mutants(runner, seed)


if __name__ == "__main__":
    main()
