"""What is worth another look, and when: one FSRS card for each exercise, and a `Memory` for anything else.

`fsrs` is loaded only when a review is written; what is due can be read without it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from tutor.learner.store import Store

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

MUCH_SHOWN = 1 / 3
"""Blanks shown, of all blanks, from which the exercise is as good as not yet done."""
MANY_SLIPS = 3.0
"""Slips (wrong tries and hints) a blank that come to the same: three hints end with the worked line."""
SOME_SLIPS = 1 / 3
"""Slips a blank up to which it went well; a single slip never tells against it, however few the blanks."""
FEW_SLIPS = 1 / 10
"""Slips a blank up to which it went easily."""
MOST_DAYS = 1e9
"""No stability grows to so many days; beyond them the arithmetic of FSRS ends."""
RETENTION = 0.9
"""How likely something is still remembered when it falls due."""
DAY = 86_400.0
_DECAY = 0.1542
_FACTOR = RETENTION ** (-1 / _DECAY) - 1
"""FSRS's forgetting curve with its usual parameters: (1 + factor days/stability)^-decay."""


class Rating(IntEnum):
    """How an exercise went, in the numbers that FSRS gives to it."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


def rating(blanks: int, tries: int, hints: int, shown: int) -> Rating:
    """How an exercise went: of its `blanks`, `shown` were shown; `tries` answers were wrong, `hints` were given.

    Again: a third of the blanks or more were shown, or there were three slips a blank or more. Hard: any blank was
    shown, or there was more than one slip and more than one for three blanks. Easy: at most one slip for ten blanks,
    and none shown. Good: all between.

    Raises ValueError where there is no blank or a count is negative.
    """
    if blanks < 1 or min(tries, hints, shown) < 0:
        raise ValueError(f"no such counts: {blanks} blanks, {tries} tries, {hints} hints, {shown} shown")
    slips = tries + hints
    if shown >= MUCH_SHOWN * blanks or slips >= MANY_SLIPS * blanks:
        return Rating.AGAIN
    if shown or slips > max(1, SOME_SLIPS * blanks):
        return Rating.HARD
    return Rating.EASY if slips <= FEW_SLIPS * blanks else Rating.GOOD


class Schedule:
    """When each exercise is worth another look. All times are in seconds since 1970, and passed in.

    Every method raises StoreProblem where the store cannot be read or written.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def review(self, exercise: str, rating: Rating, now: float) -> float:
        """Note how an exercise went that was finished now. Returns when it falls due, a whole number of days later."""
        card = _reviewed(self._store.review_card(exercise), rating, datetime.fromtimestamp(now, UTC))
        due = card.due.timestamp()
        self._store.keep_review(exercise, card.to_json(), due)
        return due

    def due(self, now: float) -> list[str]:
        """The exercises that are worth another look by now, in the order in which they fell due."""
        return self._store.due(now)


@dataclass(frozen=True, slots=True)
class Memory:
    """What FSRS knows of one thing to be remembered, of any kind."""

    stability: float
    """Days after which nine of ten such things are still remembered."""

    difficulty: float
    """From 1 to 10."""

    at: float
    """When it was reviewed last, in seconds since 1970."""

    def recall(self, now: float) -> float:
        """How likely it is remembered at a moment: FSRS's forgetting curve."""
        days = max(0.0, (now - self.at) / DAY)
        return float((1 + _FACTOR * days / self.stability) ** -_DECAY)

    def lasts(self, retention: float = RETENTION) -> int:
        """Whole days, one at least, after which it is remembered with this likelihood."""
        return max(1, round(float(self.stability / _FACTOR * (retention ** (-1 / _DECAY) - 1))))


def remembered(before: Memory | None, rating: Rating, at: float) -> Memory:
    """The memory after a review at this time; `before` is None for the first one."""
    import fsrs

    when = datetime.fromtimestamp(at, UTC)
    card = fsrs.Card(card_id=0, due=when)
    if before is not None:
        card.state, card.step = fsrs.State.Review, None
        card.stability, card.difficulty = before.stability, before.difficulty
        card.last_review = datetime.fromtimestamp(min(before.at, at), UTC)  # a journal's times may go backwards
    card = _scheduler().review_card(card, fsrs.Rating(rating), when)[0]
    assert card.stability is not None, "a review gives it one"
    assert card.difficulty is not None, "a review gives it one"
    return Memory(min(card.stability, MOST_DAYS), card.difficulty, at)


def _reviewed(kept: str | None, rating: Rating, now: datetime) -> Card:
    """The card after a review; the first one where nothing of use is kept."""
    import fsrs

    # Without an id a card takes one from the clock; the exercise's own tells the cards apart.
    card = _read(kept) or fsrs.Card(card_id=0, due=now)
    return _scheduler().review_card(card, fsrs.Rating(rating), now)[0]


def _read(kept: str | None) -> Card | None:
    """The card as it was kept; None where there is none, or one that no review of ours leaves behind.

    A damaged file or another version of FSRS can be the cause; it costs the exercise its history, no more.
    """
    from fsrs import Card, State

    if kept is None:
        return None
    with suppress(KeyError, OverflowError, TypeError, ValueError):
        card = Card.from_json(kept)
        stability, difficulty, last = card.stability or 0.0, card.difficulty or 0.0, card.last_review
        in_bounds = 0.0 < stability < MOST_DAYS and 1.0 <= difficulty <= 10.0
        if card.state is State.Review and in_bounds and last is not None and last.tzinfo is UTC:
            return card
    return None


def _scheduler() -> Scheduler:
    from fsrs import Scheduler

    # No steps of minutes: whoever has just worked through an exercise need not be sent back to it the same evening.
    # No fuzz: the same work always falls due at the same time.
    return Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
