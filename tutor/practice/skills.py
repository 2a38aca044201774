"""A skill is a gate and a part of working it, or an idea such as forks; here is what is known of one, and how it moves.

Each blank worked is one opportunity, judged by its first try, as cognitive tutors do: right at once speaks for the
skill; a wrong answer, a hint or a shown answer first speaks against it. Bayesian knowledge tracing (Corbett and
Anderson 1995) makes of this how sure it is that the skill is known; FSRS makes of it when to look again.
`journal_trace.py` reads the opportunities off the journal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from msgspec import Struct, field

from tutor.engine.gates import GATES
from tutor.learner import Memory, Rating, remembered

Part = Literal["forward", "local", "downstream"]
PARTS: tuple[Part, ...] = ("forward", "local", "downstream")
"""The parts of a gate."""

Level = Literal["new", "begun", "shaky", "known"]
"""New was never met. Begun went right each time, which was not often enough to be known; shaky also went wrong."""

KNOWN = 0.95
"""How sure it is, from which a skill counts as known: the mastery of cognitive tutors."""

WORDS: dict[str, str] = {
    "skill": "A gate and a part of working it (forward, local, downstream), or an idea such as forks.",
    "known": "By your first tries you know it, with a probability of at least 95 %.",
    "begun": "It has gone right each time so far, but not often enough to be known.",
    "shaky": "It has gone wrong at least once, and is not known yet.",
    "new": "You have not met it yet.",
    "due": "It is time to look at it again: review asks for it before it is forgotten.",
}
"""What is said of skills on the screens, and what that means, in a sentence each."""

_BEGIN, _LEARN, _SLIP = 0.2, 0.15, 0.1
"""Known before anything was done; learned by one opportunity; wrong although known."""

FORK = "forks"
DAY = 86_400.0

EXAM_RETENTION = 0.95
"""How likely a skill is to be remembered on the day of an exam."""
_GAP_TO_EXAM = 0.15
"""Of the time to an exam, the share after which it is best to come back (10 to 20 %: Cepeda and others 2008)."""


@dataclass(frozen=True, slots=True, order=True)
class Skill:
    """A gate, by its key, and a part of working it; an idea has no part."""

    gate: str
    part: str = ""

    @property
    def is_idea(self) -> bool:
        """Whether it belongs to no gate."""
        return not self.part

    @property
    def name(self) -> str:
        """In a few words: `× downstream`, `forks`."""
        return f"{gate_sign(self.gate)} {self.part}".strip()

    @property
    def key(self) -> str:
        """As one word: `mul.downstream`, `forks`."""
        return f"{self.gate}.{self.part}" if self.part else self.gate

    @classmethod
    def of_key(cls, key: str) -> Skill:
        """The skill of this key, whether there is such a gate or not."""
        gate, _, part = key.partition(".")
        return cls(gate, part)


CODE_SKILL = Skill("code")
"""The idea that programs serve."""


def gate_sign(gate: str) -> str:
    """The sign of a gate, with its arguments where another has that sign too: `a − b`, `−a`; an idea's own name."""
    if gate not in GATES:
        return gate
    own = GATES[gate]
    if _signs()[own.symbol] == 1:
        return own.symbol
    if own.specialises:
        return gate_sign(own.specialises)
    names = own.arguments
    if own.symbol.isidentifier():
        return f"{own.symbol}({', '.join(names)})"
    return f"{names[0]} {own.symbol} {names[1]}" if len(names) > 1 else f"{own.symbol}{names[0]}"


@cache
def _signs() -> Counter[str]:
    return Counter(gate.symbol for gate in GATES.values() if not gate.specialises)


@dataclass(frozen=True, slots=True)
class SkillState:
    """What is known of a skill: opportunities and how many went right at once, how sure it is, when to look again.

    All times are in seconds since 1970.
    """

    opportunities: int
    right: int
    certainty: float
    last: float
    due: float
    streak: int = 0
    """How many went right at once since the last that did not."""

    memory: Memory | None = None
    misses: tuple[float, ...] = ()
    """When it last went wrong, at most three times, the latest last."""

    last_right: float = 0.0
    """When it last went right at once; 0 where it never did."""

    said: str = ""
    """What was said of the last mistake that was named at it."""

    @property
    def level(self) -> Level:
        """Known, begun or shaky; what was never met is new."""
        if self.certainty >= KNOWN:
            return "known"
        return "begun" if self.right == self.opportunities else "shaky"

    def recall(self, now: float) -> float:
        """How likely it is remembered now."""
        return self.memory.recall(now) if self.memory is not None else 0.0

    def due_for(self, exam: float | None) -> float:
        """When to look again, with an exam at this time: the nearer it is, the sooner."""
        if exam is None or self.memory is None or self.last >= exam:
            return self.due
        start = self.due - self.memory.lasts() * DAY
        gap = max(self.memory.lasts(EXAM_RETENTION), int(_GAP_TO_EXAM * (exam - start) / DAY))
        return min(self.due, start + gap * DAY)


_MOST_MISSES = 3


class SkillTrace(Struct):
    """One skill, while a journal is gone through."""

    certainty: float = _BEGIN
    opportunities: int = 0
    right: int = 0
    streak: int = 0
    last: float = 0.0
    last_right: float = 0.0
    misses: list[float] = field(default_factory=list)
    said: str = ""
    before: Memory | None = None
    """As it was before the day at hand."""

    day: int = 0
    """The day at hand, in days since 1970, and how its first tries went: a day is one review."""

    tries: list[bool] = field(default_factory=list)
    after: Memory | None = None
    """As it is with the day at hand; None where that is not worked out yet."""

    def observe(self, *, right: bool, guess: float, at: float) -> None:
        """Take in the first try at a blank; `guess` is how likely it is right although the skill is not known."""
        known, unknown = (1 - _SLIP, guess) if right else (_SLIP, 1 - guess)
        likely = self.certainty * known / (self.certainty * known + (1 - self.certainty) * unknown)
        self.certainty = likely + (1 - likely) * _LEARN
        self.opportunities, self.right, self.last = self.opportunities + 1, self.right + right, at
        self.streak = self.streak + 1 if right else 0
        if right:
            self.last_right = at
        else:
            self.misses = [*self.misses, at][-_MOST_MISSES:]
        day = int(at // DAY)
        if day != self.day and self.tries:
            self.before = self._reviewed()
            self.tries = []
        self.day, self.after = day, None
        self.tries.append(right)

    def _reviewed(self) -> Memory | None:
        if self.after is None and self.tries:
            self.after = remembered(self.before, _rating(self.tries), (self.day + 0.5) * DAY)
        return self.after

    def state(self) -> SkillState:
        """What is known of it by now."""
        memory = self._reviewed()
        due = (self.day + memory.lasts()) * DAY if memory is not None else 0.0
        return SkillState(
            self.opportunities, self.right, self.certainty, self.last, due, self.streak, memory,
            tuple(self.misses), self.last_right, self.said,
        )  # fmt: skip


def _rating(tries: list[bool]) -> Rating:
    """How a skill went on a day: good where all was right at once, again where most was not."""
    wrong = tries.count(False)
    if not wrong:
        return Rating.GOOD
    return Rating.AGAIN if 2 * wrong >= len(tries) else Rating.HARD


def levels_of(skills: Mapping[Skill, SkillState], gate: str) -> list[tuple[Part, Level]]:
    """How each part of a gate stands."""
    return [(part, skills[Skill(gate, part)].level if Skill(gate, part) in skills else "new") for part in PARTS]


def skills_in_words(skills: Mapping[Skill, SkillState]) -> str:
    """`10 skills met, 3 known`. There is no total to be told: each gate that is met brings skills of its own."""
    known = sum(state.level == "known" for state in skills.values())
    return f"{len(skills)} skill{'' if len(skills) == 1 else 's'} met, {known} known"
