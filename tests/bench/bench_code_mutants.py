"""Of right programs with one slip put in: how often its line is told, alone or among others, or another one.

Run `python -m tests.bench.bench_code_mutants 7 400` with a seed and how many mutants; take new seeds after a change of
the diagnosis, so that it is not fitted to one set. The right programs are those of right.py and the worked answers of
other exercises, each as it stands, with names that say nothing, and with temporaries that say nothing. "another line"
may mend the program as well as the changed one: with `show` these are written out.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from statistics import quantiles

from tests.diagnosis.programs import RAISED
from tests.questions.code_diagnosis import running
from tests.questions.code_diagnosis.mutating import mutants
from tests.questions.code_diagnosis.restyling import renamed, split
from tests.questions.code_diagnosis.right import RIGHT
from tutor.judging import Verdict
from tutor.runner import Limits, Runner

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


def told(verdict: Verdict, line: int) -> str:
    """What became of one mutant."""
    if verdict.accepted:
        return "right all the same"
    if verdict.message.startswith(RAISED):
        return "raised"
    if len(verdict.lines) == 1:
        return "found" if verdict.lines[0] == line else "another line"
    if not verdict.lines:
        return "no line"
    return "among others" if line in verdict.lines else "others, without it"


def main() -> None:
    """Print the shares."""
    seed, most = int(sys.argv[1]) if len(sys.argv) > 1 else 1, int(sys.argv[2]) if len(sys.argv) > 2 else 400
    rng, known = random.Random(seed), list(programs(seed))
    count, by_style, seconds = Counter[str](), Counter[tuple[str, str]](), list[float]()
    with Runner(Limits(seconds=20.0, cpu_seconds=20.0)) as runner:
        while sum(count.values()) < most:
            exercise, style, source = rng.choice(known)
            for changed, line in mutants(source, rng.randrange(1 << 30), 1):
                start = time.perf_counter()
                verdict = running.judged(runner, exercise, 0, changed)
                what = told(verdict, line)
                if what in ("right all the same", "raised"):
                    continue
                seconds.append(time.perf_counter() - start)
                count[what] += 1
                by_style[style, what] += 1
                if "show" in sys.argv and what in ("another line", "others, without it"):
                    before, after = source.splitlines()[line - 1], changed.splitlines()[line - 1]
                    print(f"--- {what}: {exercise} {style}, line {line}: {before.strip()}  =>  {after.strip()}")
                    print(f"{changed}\n{verdict.message}")
    cuts = quantiles(seconds, n=20)
    print(f"{len(seconds)} mutants from seed {seed}; median {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s")
    print("  ".join(f"{what} {many / len(seconds):.1%} ({many})" for what, many in count.most_common()))
    for style in sorted({style for style, _ in by_style}):
        print(f"  {style:8}", {what: many for (each, what), many in sorted(by_style.items()) if each == style})


if __name__ == "__main__":
    main()
