"""Draw variants of every exercise and solve them: `python -m tests.bench.bench_variants [MANY] [FIRST_SEED] [code]`.

Counts those that cannot be solved through the session, stand near a kink, or hide a likely mistake; and how much
processor time drawing and proving one takes. Without `code`, the steps that run Python are left out.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace

from msgspec.structs import replace as with_fields

from tests.shipped import LIBRARY
from tutor.library import Exercise
from tutor.practice.proof import near_kink
from tutor.practice.seeds import NoVariant
from tutor.practice.variants import variant_of
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import hidden_by_numbers
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.validation import check_exercise


def main(many: int, first: int, with_code: bool) -> None:
    """Print what came of it."""
    able = [one for one in LIBRARY.exercises.values() if _draws(one)]
    print(f"{len(able)} of {len(LIBRARY.exercises)} exercises have numbers that can be drawn")
    counts: Counter[str] = Counter()
    seconds: list[float] = []
    with closing(Runner()) as runner:
        for number in range(many):
            exercise, seed = able[number % len(able)], first + number // len(able)
            start = time.process_time()
            try:
                variant = variant_of(exercise, seed)
            except NoVariant:
                counts["none found"] += 1
                print("none found", exercise.id, seed)
                continue
            seconds.append(time.process_time() - start)
            counts["drawn"] += 1
            for fault in _faults(variant, runner, with_code):
                counts[fault] += 1
                print(fault, variant.id, flush=True)
    seconds.sort()
    print(dict(counts))
    print(f"p50 {seconds[len(seconds) // 2] * 1000:.0f} ms, p95 {seconds[len(seconds) * 95 // 100] * 1000:.0f} ms")


def _draws(exercise: Exercise) -> bool:
    try:
        variant_of(exercise, 0)
    except NoVariant:
        return False
    return True


def _faults(variant: Exercise, runner: Runner, with_code: bool) -> list[str]:
    faults = []
    if not with_code:
        steps = tuple(step for step in variant.file.asked if step != "code")
        tables = tuple(table for table in variant.file.question if table["kind"] != "code")
        file = with_fields(variant.file, question=tables) if tables else with_fields(variant.file, steps=steps)
        variant = replace(variant, file=file)
    report = check_exercise(variant, runner)
    if not report.sound:
        faults.append(f"unsolved ({report.problems[0].reason[:150]})")
    for question in questions_of(variant, runner):
        if isinstance(question, BackpropQuestion):
            reference = Reference(question.problem, question.problem.graph)
            faults += ["near a kink"] * near_kink(question.problem)
            faults += ["hides a mistake"] * bool("backward" in variant.file.asked and hidden_by_numbers(reference).said)
    return faults


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    main(*(numbers + [210, 1][len(numbers) :]), with_code="code" in sys.argv)
