"""Which mutants of an exercise's right programs its trials accept, though they are wrong."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from .asked import Asked, agree, shapes_in
from .elsewhere import elsewhere
from .programs import programs
from .slips import Change, Mutant, Program

Pair = tuple[Program, Mutant]
"""A right program and a mutant of it."""


class Survivors:
    """Goes through the mutants of an exercise and counts what becomes of them."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.refused = self.equivalent = 0
        self._elsewhere = elsewhere(asked)

    def accepted(self, each_kind: int | None = None) -> Iterator[Mutant]:
        """The wrong programs that are accepted; of all mutants, or of so many of each kind."""
        texts = programs(self.asked)
        for text in texts:
            verdict = self.asked.judged(text)
            assert verdict.accepted, f"{self.asked.exercise}: a right program is refused: {verdict.message}\n{text}"
        known = [Program(text, shapes_in(self.asked, text)) for text in texts]
        for program, mutant in _every(known) if each_kind is None else _sample(known, each_kind):
            if self.asked.refuses(mutant.text):
                self.refused += 1
            elif self._is_equivalent(program, mutant):
                self.equivalent += 1
            else:
                yield mutant

    def _is_equivalent(self, program: Program, mutant: Mutant) -> bool:
        right = self.asked.outcome_at(self._elsewhere, program.source)
        return agree(self.asked.outcome_at(self._elsewhere, mutant.text), right)


def _every(known: Sequence[Program]) -> Iterator[Pair]:
    """All mutants, each once."""
    for program in known:
        seen = set()
        for change in program.changes():
            mutant = program.mutant(change)
            if mutant is not None and mutant.text not in seen:
                seen.add(mutant.text)
                yield program, mutant


def _sample(known: Sequence[Program], each_kind: int) -> Iterator[Pair]:
    """So many mutants of each kind, or a few less, always the same."""
    by_kind: dict[str, list[tuple[Program, Change]]] = defaultdict(list)
    for program in known:
        for change in program.changes():
            by_kind[change.kind].append((program, change))
    rng = random.Random(7)
    for kind in sorted(by_kind):
        for program, change in rng.sample(by_kind[kind], min(each_kind, len(by_kind[kind]))):
            mutant = program.mutant(change)
            if mutant is not None:
                yield program, mutant
