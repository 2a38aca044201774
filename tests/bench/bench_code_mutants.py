"""Of right programs with one slip put in: how often the diagnosis finds its line, is silent, or accuses another line.

Run `python -m tests.bench.bench_code_mutants 7 400` with a seed and how many mutants; take new seeds after a change of
the diagnosis, so that it is not fitted to one set. The right programs are those of right.py and the worked answers of
other exercises, each as it stands, with names that say nothing, and with temporaries that say nothing.

An accused line that is not the changed one counts as right where the diagnosis knows what should stand there and the
program with that in the line, run, is right ("mends it too"). With `show` the programs that went wrong are written out,
with `show full` all of each.
"""

from __future__ import annotations

import ast
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from statistics import median, quantiles

from tests.questions.code_diagnosis import running
from tests.questions.code_diagnosis.mutating import mutants
from tests.questions.code_diagnosis.restyling import renamed, split
from tests.questions.code_diagnosis.right import RIGHT
from tutor.questions.code.diagnosis import Diagnosis
from tutor.runner import Limits, Outcome, Runner

WORKED = (
    "blocks/l2-penalty",
    "blocks/residual",
    "blocks/rmsnorm",
    "blocks/relu-network",
    "node-way/c",
    "layers/complex",
)


def programs(seed: int) -> Iterator[tuple[str, str, str]]:
    """The exercise, the style, the source of right programs."""
    known = [(exercise, source) for exercise, sources in RIGHT.items() for source in sources]
    known += [(exercise, running.learner_at(exercise, 0).worked("code")) for exercise in WORKED]
    for exercise, source in known:
        yield exercise, "plain", source
        yield exercise, "renamed", renamed(source, seed)
        yield exercise, "split", split(source, seed)
        yield exercise, "both", renamed(split(source, seed), seed)


def is_right(outcome: Outcome, exercise: str) -> bool:
    truths = [truth for _, truth in running.trials(exercise)]
    return outcome.fault is None and all(map(running.is_right, outcome.calls, truths))


def mends(runner: Runner, exercise: str, source: str, found: Diagnosis) -> bool:
    """Whether the lines as the diagnosis would have them, one at a time, make the program right."""
    return bool(found.mended) and all(_mends(runner, exercise, source, line, text) for line, text in found.mended)


def _mends(runner: Runner, exercise: str, source: str, line: int, text: str) -> bool:
    lines = source.splitlines()
    old = lines[line - 1]
    lines[line - 1] = old[: len(old) - len(old.lstrip())] + text
    return bool(text) and is_right(running.run(runner, exercise, "\n".join([*lines, ""])), exercise)


def judged(runner: Runner, exercise: str, source: str, line: int, found: Diagnosis | None) -> str:
    """What became of one mutant."""
    if found is None:
        return "undetected"
    if found.line is None:
        if not found.lines or line in found.lines:
            return "hedged" if found.lines else "silent"
        return "hedged, mends it too" if mends(runner, exercise, source, found) else "hedged, without it"
    if found.line == line:
        return "found"
    return "mends it too" if mends(runner, exercise, source, found) else "another line"


def main() -> None:
    """Print the shares."""
    seed, most = int(sys.argv[1]) if len(sys.argv) > 1 else 1, int(sys.argv[2]) if len(sys.argv) > 2 else 400
    show = "show" in sys.argv
    rng = random.Random(seed)
    known = list(programs(seed))
    count: Counter[str] = Counter()
    by_style: Counter[tuple[str, str]] = Counter()
    named = accused_right = 0
    seconds: list[float] = []
    with Runner(Limits(seconds=20.0, cpu_seconds=20.0)) as runner:
        right = []
        for exercise, style, source in known:
            outcome = running.run(runner, exercise, source)
            if is_right(outcome, exercise):
                accused_right += running.diagnosed(outcome, exercise, 0, source) is not None
                right.append((exercise, style, source))
            else:
                print("not right:", exercise, style, outcome.fault)
        while len(seconds) < most:
            exercise, style, source = rng.choice(right)
            for changed, line in mutants(source, rng.randrange(1 << 30), 1):
                outcome = running.run(runner, exercise, changed)
                if outcome.fault is not None or is_right(outcome, exercise):
                    continue
                start = time.process_time()
                found = running.diagnosed(outcome, exercise, 0, changed)
                seconds.append(time.process_time() - start)
                what = judged(runner, exercise, changed, line, found)
                count[what] += 1
                by_style[style, what] += 1
                named += bool(found and found.mistake)
                if show and what not in ("found", "mends it too", "hedged, mends it too"):
                    before, after = source.splitlines()[line - 1], changed.splitlines()[line - 1]
                    print(f"--- {what}: {exercise} {style}, line {line}: {before.strip()}  =>  {after.strip()}")
                    print(ast.unparse(ast.parse(changed)) if "full" in sys.argv else "", found)
    many = len(seconds)
    late = 1000 * quantiles(seconds, n=20)[-1]
    print(f"right {len(right)}, accused {accused_right}; mutants {many} from seed {seed}")
    print("  ".join(f"{what} {number / many:.1%} ({number})" for what, number in count.most_common()))
    for style in sorted({style for style, _ in by_style}):
        print(f"  {style:8}", {what: number for (each, what), number in sorted(by_style.items()) if each == style})
    print(f"named {named / many:.1%}; the diagnosis takes (processor time)", end=" ")
    print(f"median {1000 * median(seconds):.0f} ms, p95 {late:.0f} ms")


if __name__ == "__main__":
    main()
