"""Draw variants of every exercise and solve them: `python -m tests.bench.bench_variants [MANY] [FIRST_SEED] [code]`.

With `made`, new functions of all gates, levels and forks instead: `... bench_variants 500 1 made`. Counts those that
cannot be solved through the session, stand near a kink, hide a likely mistake, or have a value that gets no gradient;
and how much processor time drawing and proving one takes. Without `code`, the steps that run Python are left out.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial

from msgspec.structs import replace as with_fields

from tests.shipped import LIBRARY
from tutor.library import Exercise
from tutor.practice.gate_request import drawable_gates, read_request
from tutor.practice.generated import generated
from tutor.practice.proof import many_still, near_kink
from tutor.practice.seeds import NoVariant
from tutor.practice.variants import variant_of
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import hidden_by_numbers
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.validation import check_exercise


def main(many: int, first: int, with_code: bool, made: bool) -> None:
    """Print what came of it."""
    counts: Counter[str] = Counter()
    seconds: list[float] = []
    with closing(Runner()) as runner:
        for name, draw in made_functions(many, first) if made else variants(many, first):
            start = time.process_time()
            try:
                exercise = draw()
            except NoVariant:
                counts["none found"] += 1
                print("none found", name, flush=True)
                continue
            seconds.append(time.process_time() - start)
            counts["drawn"] += 1
            for fault in faults(exercise, runner, with_code):
                counts[fault.partition(" (")[0]] += 1
                print(fault, exercise.id, flush=True)
    seconds.sort()
    print(dict(counts))
    print(f"p50 {seconds[len(seconds) // 2] * 1000:.0f} ms, p95 {seconds[len(seconds) * 95 // 100] * 1000:.0f} ms")


def variants(many: int, first: int) -> Iterator[tuple[str, Callable[[], Exercise]]]:
    """Variants of all exercises that have any, with their ids."""
    able = [one for one in LIBRARY.exercises.values() if _draws(one)]
    print(f"{len(able)} of {len(LIBRARY.exercises)} exercises have numbers that can be drawn")
    for number in range(many):
        exercise, seed = able[number % len(able)], first + number // len(able)
        yield f"{exercise.id}@{seed}", partial(variant_of, exercise, seed)


def made_functions(many: int, first: int) -> Iterator[tuple[str, Callable[[], Exercise]]]:
    """New functions: each gate alone, with a fork, and beside others, at all levels."""
    gates = drawable_gates()
    for number in range(many):
        gate, other = gates[number % len(gates)], gates[(number * 7 + 3) % len(gates)]
        asked = ((gate,), (gate, "fork"), (gate, "mul"), (gate, other), (gate, "add", "fork"))[number // len(gates) % 5]
        request = read_request(",".join(asked), str(1 + number % 5))
        seed = first + number
        yield f"{request.id}@{seed}", partial(generated, request, seed)


def _draws(exercise: Exercise) -> bool:
    try:
        variant_of(exercise, 0)
    except NoVariant:
        return False
    return True


def faults(variant: Exercise, runner: Runner, with_code: bool) -> list[str]:
    """What is wrong with an exercise, each in a few words."""
    found = []
    if not with_code:
        steps = tuple(step for step in variant.file.asked if step != "code")
        tables = tuple(table for table in variant.file.question if table["kind"] != "code")
        file = with_fields(variant.file, question=tables) if tables else with_fields(variant.file, steps=steps)
        variant = replace(variant, file=file)
    report = check_exercise(variant, runner)
    if not report.sound:
        found.append(f"unsolved ({report.problems[0].reason[:150]})")
    for question in questions_of(variant, runner):
        if isinstance(question, BackpropQuestion):
            reference = Reference(question.problem, question.problem.graph)
            found += ["near a kink"] * near_kink(question.problem)
            found += ["a value without a gradient"] * bool(many_still(question.problem) and not variant.path.name)
            found += ["hides a mistake"] * bool("backward" in variant.file.asked and hidden_by_numbers(reference).said)
    return found


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:3]]
    main(*(numbers + [210, 1][len(numbers) :]), with_code="code" in sys.argv, made="made" in sys.argv)
