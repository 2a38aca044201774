"""How many wrong programs of the harnesses beside `passes` are told by their line and their mistake.

Run `python -m tests.bench.bench_harnesses`; with `-v` every program that is not told by its line is shown.
A wrong accusation is a line that is named for certain, and is not one of those marked.
"""

from __future__ import annotations

import sys
from collections import Counter

from tests.questions.code.corpus import WrongProgram, everything
from tests.questions.code.judging import judged, line_told
from tests.questions.code.right import right_programs
from tutor.judging import Kind
from tutor.questions.code.question import HARNESSES
from tutor.runner import Limits, Runner


def _program(runner: Runner, wrong: WrongProgram, tally: Counter[str], loud: bool) -> None:
    spec = HARNESSES[wrong.harness].Spec(**wrong.spec)
    verdict = judged(runner, wrong.harness, spec, wrong.source)
    line = line_told(verdict)
    found, accused = line in wrong.lines, line is not None and line not in wrong.lines
    tally["all"] += 1
    tally["with a line"] += bool(wrong.lines)
    tally["line"] += found
    tally["accused"] += accused
    tally["named"] += verdict.mistake in wrong.mistakes
    tally["nameable"] += bool(wrong.mistakes)
    tally["not wrong"] += verdict.kind is not Kind.WRONG
    if loud and (accused or (wrong.lines and not found) or (wrong.mistakes and verdict.mistake not in wrong.mistakes)):
        numbered = [f"{at:3} {text}" for at, text in enumerate(wrong.source.splitlines(), 1)]
        around = sorted(wrong.lines)[0] if wrong.lines else 1
        print("\n".join(numbered[max(0, around - 8) : around + 6]))
        print(f"==> line {line}, wanted {sorted(wrong.lines)}; {verdict.mistake!r}, wanted {sorted(wrong.mistakes)}")
        print(f"    {verdict.message}\n")


def main() -> None:
    """Print the shares."""
    loud = "-v" in sys.argv
    tallies: dict[str, Counter[str]] = {}
    with Runner(Limits(seconds=20.0, cpu_seconds=20.0)) as runner:
        for wrong in everything():
            _program(runner, wrong, tallies.setdefault(wrong.harness, Counter()), loud)
        for name, tally in [*tallies.items(), ("all", sum(tallies.values(), Counter()))]:
            line, named = tally["line"] / tally["with a line"], tally["named"] / tally["nameable"]
            print(f"{name:12} {tally['all']:3} programs   line {line:6.1%}   named {named:6.1%}", end="")
            print(f"   wrong accusations {tally['accused']}   not told wrong {tally['not wrong']}")
        many = refused = 0
        for harness, spec, source in right_programs():
            verdict = judged(runner, harness, spec, source)
            many, refused = many + 1, refused + (not verdict.accepted)
            if not verdict.accepted:
                print(verdict.message)
        print(f"{'right':12} {many:3} programs   refused {refused}")


if __name__ == "__main__":
    main()
