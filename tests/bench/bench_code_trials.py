"""How many right programs with one slip put in are accepted: `python -m tests.bench.bench_code_trials [exercise ...]`.

Every slip of `code_mutants.slips` in every right program of every code exercise that ships. A mutant that comes to the
same as the right program on many other inputs is none. The others must be refused by the exercise's own trials; those
that are not are written out. No diagnosis of lines is run.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.questions.code_mutants.asked import HARNESS_OF, Asked, asked_in
from tests.questions.code_mutants.refusing import Survivors


def main() -> None:
    """Print the table."""
    chosen = sys.argv[1:]
    total: Counter[str] = Counter()
    for id in HARNESS_OF:
        if chosen and not any(part in id for part in chosen):
            continue
        total += _row(asked_in(id))
    print(f"{'all':28} mutants {total['mutants']:6}  refused {total['refused']:6}  accepted {total['accepted']:4}")


def _row(asked: Asked) -> Counter[str]:
    start = time.perf_counter()
    found = Survivors(asked)
    accepted = list(found.accepted())
    mutants = found.refused + len(accepted)
    print(
        f"{asked.exercise:28} mutants {mutants:6}  refused {found.refused:6}  accepted {len(accepted):4}  "
        f"equivalent {found.equivalent:4}  {time.perf_counter() - start:5.1f} s",
        flush=True,
    )
    for mutant in accepted:
        print(f"    {mutant.kind}, line {mutant.line}: {mutant.said}")
    return Counter(mutants=mutants, refused=found.refused, accepted=len(accepted))


if __name__ == "__main__":
    main()
