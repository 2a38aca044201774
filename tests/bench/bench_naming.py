"""How learners' wrong answers are named: `python -m tests.bench.bench_naming [CORPUS.jsonl]`.

The bench's own answers say what was done and which words a true reason has (`says`, a regular expression). A corpus of
others is scored by comparing what is said now with what was said when people scored it; changed sentences are printed.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.questions.naming_cases import LIBRARY, NotAsked, Scored, judged, rows_of, score

_QUANTILES = (0.5, 0.99)


def _quantiles(seconds: Iterable[float]) -> str:
    ordered = sorted(seconds)
    return ", ".join(f"p{100 * q:.0f} {1e3 * ordered[int(q * (len(ordered) - 1))]:.2f} ms" for q in _QUANTILES)


def _own() -> None:
    found: dict[str, list[Scored]] = defaultdict(list)
    for scored in judged(LIBRARY, rows_of()):
        found[score(scored)].append(scored)
    many = sum(map(len, found.values()))
    for name, cases in sorted(found.items(), key=lambda pair: -len(pair[1])):
        print(f"{name:24}{len(cases):5}{len(cases) / many:8.1%}")
        for case in cases if name != "named truly" else ():
            print(f"    {case.row['exercise']} {case.row['blank']} | {case.row['answer']!r} | {case.row['done']} | "
                  f"{case.verdict.kind}: {case.verdict.message!r}")  # fmt: skip
    print(_quantiles(case.seconds for cases in found.values() for case in cases))


def _corpus(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    from tests.shipped import LIBRARY as shipped

    begun = time.process_time()
    found: list[Scored] = []
    for id in dict.fromkeys(row["exercise"] for row in rows):
        try:
            for case in judged(shipped.exercises, [row for row in rows if row["exercise"] == id]):
                found.append(case)
        except NotAsked as not_asked:
            print(not_asked, file=sys.stderr)
    counts: Counter[str] = Counter()
    for case in found:
        said = f"{case.verdict.kind}: {case.verdict.message}"
        counts[case.row["score"]] += 1
        print(json.dumps({**case.row, "now": said, "mistake": case.verdict.mistake}, ensure_ascii=False))
    print(len(rows), len(found), counts, f"{time.process_time() - begun:.0f} s",
          _quantiles(case.seconds for case in found), file=sys.stderr)  # fmt: skip


def main(paths: Iterator[Any]) -> None:
    """Print the figures."""
    corpora = [Path(path) for path in paths]
    for corpus in corpora:
        _corpus(corpus)
    if not corpora:
        _own()


if __name__ == "__main__":
    main(iter(sys.argv[1:]))
