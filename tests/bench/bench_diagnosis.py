"""How well the wrong line of a wrong program is told, and that right programs are accepted.

Run `python -m tests.bench.bench_diagnosis [FILE.jsonl ...]`; a file has one program a row: exercise, kind, lines,
staging, what, program. Without one, the programs of tests/diagnosis are tried. `--show` prints what is said of each
that is not told by its line alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from tests.diagnosis.programs import RAISED, RIGHT, WRONG, Program, accused, told
from tutor.runner import Runner


def _rows(path: Path) -> Iterator[Program]:
    for line in path.read_text().splitlines():
        row = json.loads(line)
        if row["kind"] != "odd":
            lines = tuple(row["lines"] or ())
            yield Program(row["exercise"], row["what"], row["program"], lines, row["staging"] or "", "", row["kind"])


def score(runner: Runner, program: Program) -> tuple[str, str, str]:
    """How a program was told, whether its mistake was named, and the message."""
    verdict = told(runner, program)
    if program.kind == "right":
        return ("right: taken" if verdict.accepted else "right: REFUSED"), "", verdict.message
    if verdict.accepted:
        return "ACCEPTED", "", verdict.message
    lines, alone = accused(verdict.message)
    named = "named" if program.is_named(verdict) else ""
    if verdict.message.startswith(RAISED):
        return ("raised there" if set(lines) & set(program.lines) else "raised elsewhere"), named, verdict.message
    if alone and set(lines) & set(program.lines):
        return "line alone", named, verdict.message
    if alone and len(lines) == 1:
        return "A RIGHT LINE", named, verdict.message
    if set(lines) & set(program.lines):
        return ("short list" if len(lines) <= 4 else "long list"), named, verdict.message
    return ("list without it" if lines else "no line"), named, verdict.message


def main() -> None:
    """All programs, then the figures."""
    paths = [Path(each) for each in sys.argv[1:] if not each.startswith("--")]
    programs = [each for path in paths for each in _rows(path)] or [*WRONG, *RIGHT]
    counts, named, seconds = Counter[str](), 0, list[float]()
    with Runner() as runner:
        for program in programs:
            start = time.perf_counter()
            how, name, said = score(runner, program)
            seconds.append(time.perf_counter() - start)
            counts[how] += 1
            named += bool(name)
            if "--show" in sys.argv and (how not in ("line alone", "right: taken") or "--all" in sys.argv):
                print(
                    f"--- {how} {name}: {program.exercise}: {program.what} {program.lines} {seconds[-1]:.2f} s\n{said}"
                )
    wrong = sum(many for how, many in counts.items() if not how.startswith("right"))
    print(f"{len(programs)} programs, {wrong} wrong ones")
    for how, many in counts.most_common():
        print(f"  {how:16} {many:4}  {'' if how.startswith('right') else f'{many / max(wrong, 1):.1%}'}")
    cuts = quantiles(seconds, n=20)
    print(f"  named {named}   median {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, longest {max(seconds):.2f} s")


if __name__ == "__main__":
    main()
