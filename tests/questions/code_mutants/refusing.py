"""Which mutants of an exercise's right programs its trials accept, though they are wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .asked import Asked, agree, shapes_in
from .elsewhere import elsewhere
from .programs import programs
from .slips import Mutant, mutants


class Survivors:
    """Goes through the mutants of an exercise and counts what becomes of them."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.refused = self.equivalent = 0
        self._elsewhere = elsewhere(asked)

    def accepted(self, every: int = 1) -> Iterator[Mutant]:
        """The wrong programs that are accepted, of all mutants or of each so-manieth."""
        for text in programs(self.asked):
            verdict = self.asked.judged(text)
            assert verdict.accepted, f"{self.asked.exercise}: a right program is refused: {verdict.message}\n{text}"
            yield from self._of(text, list(mutants(text, shapes_in(self.asked, text)))[::every])

    def _of(self, text: str, made: Iterable[Mutant]) -> Iterator[Mutant]:
        right = self.asked.outcome_at(self._elsewhere, text)
        for mutant in made:
            if self.asked.refuses(mutant.text):
                self.refused += 1
            elif agree(self.asked.outcome_at(self._elsewhere, mutant.text), right):
                self.equivalent += 1
            else:
                yield mutant
