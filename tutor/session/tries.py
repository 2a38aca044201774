"""The wrong answers at each blank: how many, what was typed and said, and the mistakes that were named."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from tutor.judging import Kind, Verdict
from tutor.questions import Answer, Blank, InputKind


@dataclass(frozen=True, slots=True)
class MistakeMet:
    """A mistake that was named: at the blank of this label, and what was said of it, when it was made last."""

    label: str
    said: str
    times: int = 1
    """How often it was made there."""

    last: int = 0
    """How many mistakes were named before it was made last."""


@dataclass(frozen=True, slots=True)
class TriedAnswer:
    """A wrong answer, and the first sentence of what was said to it."""

    text: str
    said: str


class Tries:
    """What was answered wrongly since the exercise was begun."""

    def __init__(self) -> None:
        self._tried: dict[str, list[TriedAnswer]] = {}
        self._mistakes: dict[tuple[str, str], MistakeMet] = {}
        self._in_step: Counter[str] = Counter()

    def note(self, step: str, blank: str, label: str, text: str, verdict: Verdict) -> None:
        """Note an answer that was charged, in a step, at the blank of this key and label."""
        self._in_step[step] += 1
        said = re.split(r"(?<=[.?])\s", verdict.message, maxsplit=1)[0]
        self._tried.setdefault(blank, []).append(TriedAnswer(text.strip(), said))
        if verdict.mistake:
            self.recall(verdict.mistake, label, verdict.brief or verdict.message)

    def recall(self, mistake: str, label: str, said: str) -> None:
        """Note a mistake by its key, where the answer that it was in is not judged again."""
        before = self._mistakes.get((mistake, label))
        named = sum(one.times for one in self._mistakes.values())
        self._mistakes[mistake, label] = MistakeMet(label, said, before.times + 1 if before else 1, named)

    def knows(self, mistake: str) -> bool:
        """Whether a mistake was named."""
        return any(known == mistake for known, _ in self._mistakes)

    def at(self, blank: str) -> tuple[TriedAnswer, ...]:
        """Those at one blank, oldest first."""
        return tuple(self._tried.get(blank, ()))

    def in_step(self, step: str) -> int:
        """How many there were in a step, also at blanks that are not asked any more."""
        return self._in_step[step]

    @property
    def total(self) -> int:
        """How many there were."""
        return sum(map(len, self._tried.values()))

    @property
    def mistakes(self) -> tuple[MistakeMet, ...]:
        """The mistakes that were named, each once at each place, in the order they were met."""
        return tuple(self._mistakes.values())


def charged_once(blank: Blank, text: str, verdict: Verdict, before: Answer | None) -> Verdict:
    """The verdict, or that it is known already: the same wrong answer twice is not charged again."""
    if before is None or not (verdict.charged and before.verdict.charged):
        return verdict
    same = text == before.text if blank.wants is InputKind.CODE else same_text(text, before.text)
    if not same:
        return verdict
    told = f"This is the same as your last answer. {verdict.message}"
    return replace(verdict, kind=Kind.UNDECIDED, message=told, where="", mistake="")


def same_text(text: str, other: str) -> bool:
    """Whether two texts differ by nothing but white space."""
    return " ".join(text.split()) == " ".join(other.split())
