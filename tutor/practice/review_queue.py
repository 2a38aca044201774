"""Which skill a review asks for next. Pure: skills and the time go in, a skill comes out; `Round` makes a blank of it.

The rules: never one skill twice running; what was shown comes back within five blanks, and what went wrong after that;
then what is due; then what is shaky; then the rest, the least remembered first. Of what is due, the best remembered
comes first: where more is due than a day has room for, what is not forgotten yet is saved at the least cost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tutor.practice.review_items import MOST_BLANKS
from tutor.practice.skills import Skill, SkillState


@dataclass
class ReviewQueue:
    """The order of a review. `pool` are the skills it is for; times are in seconds since 1970."""

    pool: Sequence[Skill]
    exam: float | None = None
    """When the exam is; None where there is none."""

    last: Skill | None = None
    """The skill of the blank that was asked last."""

    asked: dict[Skill, int] = field(default_factory=dict)
    """How often each was asked in this round."""

    _number: int = 0
    _shown: dict[Skill, int] = field(default_factory=dict)
    """Skill -> the number of the blank at which it was shown; it stays until it was right at once."""

    _wrong: dict[Skill, int] = field(default_factory=dict)
    _late: set[Skill] = field(default_factory=set)
    """Those that the learner wants later."""

    def put_off(self, skill: Skill) -> None:
        """Ask for this one when nothing else is left."""
        self.last = skill
        self._late.add(skill)

    def copy(self) -> ReviewQueue:
        """Another queue that goes on from here."""
        return replace(
            self, asked=dict(self.asked), _shown=dict(self._shown), _wrong=dict(self._wrong), _late=set(self._late)
        )

    @property
    def returning(self) -> bool:
        """Whether anything is to come back in this round."""
        return bool(self.coming_back)

    @property
    def coming_back(self) -> frozenset[Skill]:
        """What is to come back in this round."""
        return frozenset((*self._shown, *self._wrong))

    def note(self, skill: Skill, *, right: bool, shown: bool = False) -> None:
        """The next blank was for this skill, and went like this: right at once, or shown in the end."""
        self._number += 1
        self.last = skill
        self.asked[skill] = self.asked.get(skill, 0) + 1
        self._shown.pop(skill, None)
        self._wrong.pop(skill, None)
        self._late.discard(skill)
        if shown:
            self._shown[skill] = self._number
        elif not right:
            self._wrong[skill] = self._number

    def next(self, states: Mapping[Skill, SkillState], now: float) -> Skill | None:
        """The skill to ask for; None where there is none at all."""
        pool = [skill for skill in self.pool if skill not in self._late] or list(self.pool)
        free = [skill for skill in pool if skill != self.last] or pool
        if not free:
            return None
        if back := [skill for skill in self._returning() if skill in free]:
            return back[0]
        return min(free, key=lambda skill: self._urgency(skill, states.get(skill), now))

    def by_need(self, states: Mapping[Skill, SkillState], now: float) -> list[Skill]:
        """All skills, those first that it is best to ask along with another: due, then the shakiest."""

        def need(skill: Skill) -> tuple[bool, float, Skill]:
            state = states.get(skill)
            return (state is None or state.due_for(self.exam) > now, state.certainty if state else 1.0, skill)

        return sorted(self.pool, key=need)

    def most_blanks(self, target: Skill, states: Mapping[Skill, SkillState]) -> int:
        """How many blanks of a pass may be asked: one more after each success, one where something is to come back."""
        if self.returning:
            return 1
        state = states.get(target)
        return min(MOST_BLANKS, 1 + (state.streak if state is not None else 0))

    def _returning(self) -> list[Skill]:
        """What comes back, the oldest first; what was only wrong when another blank was between."""
        wrong = [skill for skill, at in self._wrong.items() if self._number - at >= 1]
        return [*sorted(self._shown, key=lambda skill: self._shown[skill]), *wrong]

    def _urgency(self, skill: Skill, state: SkillState | None, now: float) -> tuple[object, ...]:
        """What comes first has the least: due before shaky before begun and known.

        What this round has asked already comes after what it has not.
        """
        asked = self.asked.get(skill, 0)
        if state is None:  # never met: last, but for a round that is for it alone
            return asked, 3, 0.0, skill
        due, recall = state.due_for(self.exam) <= now, state.recall(now)
        rank = 0 if due else 1 if state.level == "shaky" else 2
        return (0 if due else asked), rank, round(-recall if due else recall, 6), state.certainty, skill
