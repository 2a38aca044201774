"""Finding out what is known already: ten blanks, each the one about which least is certain.

For those who do not begin at nothing. Skills are in the order in which the exercises first ask for them, from easy to
hard; one number, the learner's ability, says how likely each is known (Rasch 1960). After each answer it is estimated
anew, on a grid; the next blank is for the skill nearest to an even chance. Every answer is in the journal as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from tutor.learner import Store
from tutor.library import Exercise, Library
from tutor.practice.journal_trace import IDEAS, StagedGates
from tutor.practice.review_items import ReviewItem, functions_in
from tutor.practice.review_queue import ReviewQueue
from tutor.practice.review_round import Asked, ReviewOutcome, Round, RoundWish
from tutor.practice.skills import PARTS, Skill, SkillState
from tutor.practice.summary import Summary, own_equations
from tutor.runner import Runner

BLANKS = 10
_GRID = [step / 4 for step in range(-16, 17)]
"""Abilities that are thought possible; 0 is that of one who knows half of the course."""
_SPREAD = 6.0
"""Between the difficulty of the first skill and that of the last."""
_LUCK = 0.15
"""A blank is right although the skill is not known."""
_SLOW = ("code", "staging")
"""Ideas that take minutes: they are not asked here."""


def course_of(library: Library) -> dict[Skill, str]:
    """Every skill that the exercises ask for, in the order in which they do -> the first exercise that does."""
    first: dict[Skill, str] = {}
    for exercises in library.topics.values():
        for exercise in exercises:
            for skill in _skills_in(exercise):
                first.setdefault(skill, exercise.id)
    return first


def _skills_in(exercise: Exercise) -> list[Skill]:
    kinds = [str(table.get("kind", "")) for table in exercise.file.question]
    ideas = [Skill(IDEAS[kind]) for kind in kinds if kind in IDEAS]
    gates: dict[str, None] = {}
    for table in functions_in(exercise.file):
        gates.update(dict.fromkeys(sorted(StagedGates(own_equations(table)).gates)))
    return [*(Skill(gate, part) for part in (PARTS[0], PARTS[2]) for gate in gates), *ideas]


@dataclass
class Ability:
    """How likely each ability is, by the answers so far; skills are numbered from 0 (easy) to `many` - 1."""

    many: int

    def __post_init__(self) -> None:
        self._weights = [exp(-(ability**2) / 8) for ability in _GRID]

    def take(self, number: int, *, right: bool) -> None:
        """An answer to the skill of this number."""
        for place, ability in enumerate(_GRID):
            likely = _LUCK + (1 - _LUCK) * self._knows(number, ability)
            self._weights[place] *= likely if right else 1 - likely

    def chance(self, number: int) -> float:
        """How likely the skill of this number is known."""
        total = sum(self._weights)
        every = zip(self._weights, _GRID, strict=True)
        return sum(weight * self._knows(number, ability) for weight, ability in every) / total

    def _knows(self, number: int, ability: float) -> float:
        difficulty = _SPREAD * (number / max(1, self.many - 1) - 0.5)
        return 1 / (1 + exp(difficulty - ability))


class Placement(Round):
    """A round that asks for what is least certain, and then says where to begin."""

    def __init__(self, store: Store, library: Library, runner: Runner, clock: Callable[[], float]) -> None:
        """Raises StoreProblem."""
        self.course = course_of(library)
        order = [skill for skill in self.course if skill.gate not in _SLOW]
        super().__init__(store, library, runner, clock, minutes=60, only=order)
        self._numbers: Mapping[Skill, int] = {skill: number for number, skill in enumerate(order)}
        self._ability = Ability(len(order))
        self.planned = min(BLANKS, len(order))
        self._queue = _PlacementQueue(order, self._ability, self._numbers)

    @property
    def over(self) -> bool:
        """Whether all its blanks are done."""
        return len(self.outcomes) >= self.planned

    def finish(self, asked: Asked) -> list[ReviewOutcome]:
        """Take in how a blank went. Raises StoreProblem."""
        found = super().finish(asked)
        for outcome in found:
            self._ability.take(self._numbers[outcome.skill], right=outcome.right)
        return found

    def about(self, outcome: ReviewOutcome) -> str:
        """No skill is asked for twice here."""
        after = "right at once." if outcome.right else "not sure yet. It comes back in a review."
        return f"{outcome.skill.name}: {after}"

    @property
    def begin_at(self) -> str | None:
        """The exercise to begin at: the first that asks for a skill that is likelier new than known."""
        new = (skill for skill in self._numbers if self._ability.chance(self._numbers[skill]) < 0.5)
        return next((self.course[skill] for skill in new), None)

    @property
    def likely_known(self) -> list[Skill]:
        """The skills that are likelier known than not, easy ones first."""
        return [skill for skill, number in self._numbers.items() if self._ability.chance(number) >= 0.5]

    def told(self) -> list[str]:
        """Where to begin, and what is likely known."""
        right = sum(outcome.right for outcome in self.outcomes)
        said = [f"{right} of {len(self.outcomes)} right at once."]
        if known := self.likely_known:
            last = ", ".join(skill.name for skill in known[-3:])
            said.append(f"Likely known: {len(known)} of {len(self._numbers)} skills, up to {last}.")
        at = self.begin_at
        where = f"Begin at {at}" if at is not None else "You can begin anywhere: try a paper"
        return [*said, f"{where}. What you missed comes back in a review."]

    def _why(self, item: ReviewItem, summary: Summary) -> str:  # noqa: ARG002 - as the round's
        return f"{item.target.name}. If you do not know it, have the answer shown: that says something too."


class _PlacementQueue(ReviewQueue):
    """The skill nearest to an even chance, each once."""

    def __init__(self, pool: Sequence[Skill], ability: Ability, numbers: Mapping[Skill, int]) -> None:
        super().__init__(pool)
        self._ability, self._numbers = ability, numbers

    def copy(self) -> ReviewQueue:
        """Another queue that goes on from here."""
        other = _PlacementQueue(self.pool, self._ability, self._numbers)
        other.asked, other.last = dict(self.asked), self.last
        return other

    def next(self, states: Mapping[Skill, SkillState], now: float) -> Skill | None:  # noqa: ARG002 - as any queue's
        """The skill to ask for; None where all were asked."""
        open_yet = [skill for skill in self.pool if skill not in self.asked]
        return min(open_yet, key=lambda skill: abs(self._ability.chance(self._numbers[skill]) - 0.5), default=None)

    def most_blanks(self, target: Skill, states: Mapping[Skill, SkillState]) -> int:  # noqa: ARG002 - as any queue's
        """One at a time."""
        return 1


def round_of(wish: RoundWish, store: Store, library: Library, runner: Runner, clock: Callable[[], float]) -> Round:
    """The round that is wanted. Raises StoreProblem."""
    if wish.places:
        return Placement(store, library, runner, clock)
    return Round(store, library, runner, clock, wish.minutes, wish.skills)
