"""A round of review: a queue of skills, the items made for them, and what became of each.

`next` gives the next item; the face works its session and calls `finish`. Everything that happened is in the journal
already: a round that is left loses nothing, and another begins where the skills stand then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil
from typing import Literal

from tutor.learner import Store
from tutor.library import BadFile, Library
from tutor.practice.plan import exam_date, exam_moment
from tutor.practice.review_items import ItemMaker, ReviewItem
from tutor.practice.review_queue import ReviewQueue
from tutor.practice.skills import CODE_SKILL, DAY, PARTS, Level, Skill, SkillState
from tutor.practice.summary import LiveSummary, Summary
from tutor.practice.today import ROUND_MINUTES, SECONDS_A_BLANK, due_skills
from tutor.questions import Blank
from tutor.questions.inflect import listed
from tutor.runner import Runner
from tutor.session.session import Session

FEWEST_BLANKS = 3
"""Blanks of the shortest round."""
_BLANKS_A_SKILL = 4
"""Blanks of a drill for each of its skills."""
_NO_CODE = "Code is not run here, so there is nothing to ask."
_LONGEST = 2
"""So many times as long as planned a round may be, for what comes back in it."""


@dataclass(frozen=True, slots=True)
class ReviewOutcome:
    """How a blank of a round went."""

    skill: Skill
    right: bool
    """Right at once: no hint, no wrong answer, not shown."""

    shown: bool
    before: Level
    after: Level
    back_in: int
    """Days until the skill is due again; 0 where it comes again in this round."""

    @property
    def told(self) -> str:
        """What becomes of the skill, in a sentence or two."""
        if not self.right:
            return f"{self.skill.name}: again soon, with other numbers."
        moved = " It is known now." if self.after == "known" != self.before else ""
        when = "tomorrow" if self.back_in <= 1 else f"in {self.back_in} days"
        return f"{self.skill.name}: back {when}.{moved}"


Went = Literal["right", "helped", "shown"]
"""How a blank went that is done: right at once, after a hint or a wrong answer, or shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item, its session, and why it is there."""

    item: ReviewItem
    session: Session
    why: str
    news: str = ""
    """What has changed for the round with this item: that nothing is due, or no longer; "" where nothing has."""

    @property
    def accepted(self) -> list[tuple[Skill, Went]]:
        """The blanks that are done: the skill that each is for, and how it went: "right" at once, "helped", "shown"."""
        places = zip(self.item.skills, map(self.session.find, self.item.asked), strict=True)
        return [
            (skill, self._went(place[1]))
            for skill, place in places
            if place is not None and self.session.accepted(place[1])
        ]

    def _went(self, blank: Blank) -> Went:
        if self.session.answers[blank.key].shown:
            return "shown"
        return "helped" if self.session.tries(blank) or self.session.hints_seen(blank) else "right"

    @property
    def over(self) -> bool:
        """Whether all its blanks are done."""
        return len(self.accepted) == len(self.item.asked)


@dataclass(frozen=True, slots=True)
class RoundCount:
    """How far a round has come: the blank at hand is the `number`-th `of` those that are due, or that it asks.

    `of` is 0 where nothing is due, or no longer: what comes then is practised ahead, and the blanks are only counted.
    """

    number: int
    of: int
    is_due: bool
    minutes: int
    """About so many are left, at the learner's pace and by the clock of the round."""


_Wish = tuple[Skill, int, Summary]
"""The next skill, of how many blanks its item may be, and what the journal says by now."""


def _wanted(wish: _Wish) -> tuple[Skill, int, int]:
    """What tells whether an item is the one that is wished for: its skill, its seed, how many blanks."""
    skill, most, summary = wish
    return skill, summary.skills[skill].opportunities if skill in summary.skills else 0, most


class Round:
    """One round, of at least three blanks, for so many minutes."""

    def __init__(
        self,
        store: Store,
        library: Library,
        runner: Runner,
        clock: Callable[[], float],
        minutes: float | None = None,
        only: Sequence[Skill] = (),
    ) -> None:
        """`only` are the skills of a drill; without them it is for all that was met.

        Where no `minutes` are named a round is for what is due, and no longer than ten of them. Raises StoreProblem.
        """
        self._store, self._runner, self._clock = store, runner, clock
        self._live = LiveSummary(store, library)
        self._maker = ItemMaker(library)
        self._library = library
        self._exam = exam_date(store)
        self._started = clock()
        self._minutes = ROUND_MINUTES if minutes is None else minutes
        summary = self._live.now()
        self._before = summary.skills
        """The skills as they were when the item at hand was given."""

        self.is_drill = bool(only)
        self.pace = summary.pace or SECONDS_A_BLANK
        self._unasked = frozenset() if runner.allowed else frozenset({CODE_SKILL})
        """Skills that cannot be asked for here: code that is not run cannot be judged."""

        due = due_skills(summary.skills, self._started, self._exam)
        self.due_at_first = tuple(skill for skill in due if skill not in self._unasked)
        self.planned = max(FEWEST_BLANKS, round(self._minutes * 60 / self.pace))
        """How many blanks the round is likely to have."""

        if only:
            self.planned = min(self.planned, max(FEWEST_BLANKS, _BLANKS_A_SKILL * len(only)))
        self._for_due = minutes is None and bool(self.due_at_first) and not only
        if self._for_due:
            self.planned = min(self.planned, max(FEWEST_BLANKS, len(self.due_at_first)))
        pool = [skill for skill in list(only) or _pool(summary) if skill not in self._unasked]
        self._queue = ReviewQueue(pool, exam_moment(self._exam))
        self.outcomes: list[ReviewOutcome] = []
        self._prepared: tuple[tuple[Skill, int, int], ReviewItem | None] | None = None
        self._at_hand: Asked | None = None
        """The item that was given last, until it is taken in."""

        self._ahead = False
        """Whether nothing is due any more: it was said with the item at hand, or before."""

    @property
    def can_ask(self) -> bool:
        """Whether there is anything to ask at all."""
        return bool(self._queue.pool)

    @property
    def minutes_left(self) -> float:
        """Until the round is over."""
        return max(0.0, self._minutes - (self._clock() - self._started) / 60)

    @property
    def over(self) -> bool:
        """Whether its time has come, or all its blanks are done."""
        done = len(self.outcomes)
        if done < FEWEST_BLANKS:
            return False
        if self.minutes_left <= 0 or done >= _LONGEST * self.planned:
            return True
        if self._queue.returning:
            return False
        if self.is_drill and self._all_known():
            return True
        return done >= self.planned and not (self._for_due and self._still_due())

    def _all_known(self) -> bool:
        skills = self._live.now().skills
        return all(skill in skills and skills[skill].level == "known" for skill in self._queue.pool)

    def _still_due(self) -> bool:
        due = due_skills(self._live.now().skills, self._clock(), self._exam)
        return any(skill in self._queue.pool for skill in due)

    def next(self) -> Asked | None:
        """What is asked next; None where the round is over, or nothing can be asked. Raises StoreProblem."""
        while not self.over and (wish := self._wish()) is not None:
            skill, most, summary = wish
            along = self._queue.by_need(summary.skills, self._clock())
            item = self._taken(wish) or self._maker.make(skill, summary, along, most)
            if item is not None:
                with suppress(BadFile):
                    session = item.open(self._store, self._runner, self._clock)
                    self._before = summary.skills
                    self._at_hand = Asked(item, session, self._why(item, summary), self._news())
                    return self._at_hand
            self._queue.pool = [one for one in self._queue.pool if one != skill]  # nothing can be asked for it
        return None

    def prepare(self, asked: Asked) -> Callable[[], None] | None:
        """Work for another thread while the learner thinks: the item that comes next if this one goes right."""
        queue, summary = self._queue.copy(), self._live.now()
        later = dict(summary.skills)
        for skill in asked.item.skills:
            queue.note(skill, right=True)
            if skill in later:
                state = later[skill]
                later[skill] = replace(
                    state, opportunities=state.opportunities + 1, streak=state.streak + 1, due=self._clock() + DAY
                )
        following = queue.next(later, self._clock())
        if following is None:
            return None
        wish = following, queue.most_blanks(following, later), Summary(later, summary.trace)
        along = queue.by_need(later, self._clock())

        def make() -> None:
            self._prepared = _wanted(wish), self._maker.make(following, wish[2], along, wish[1])

        return make

    def finish(self, asked: Asked) -> list[ReviewOutcome]:
        """Take in how an item went, blank by blank. Raises StoreProblem."""
        before, summary = self._before, self._live.now()
        session, found = asked.session, []
        for skill, went in asked.accepted:
            right, shown = went == "right", went == "shown"
            self._queue.note(skill, right=right, shown=shown)
            state = summary.skills.get(skill)
            found.append(
                ReviewOutcome(
                    skill,
                    right,
                    shown,
                    before[skill].level if skill in before else "new",
                    state.level if state is not None else "new",
                    self._back_in(state) if right else 0,
                )
            )
        self.outcomes += found
        self._at_hand = None
        self._store.drop_drafts(session.exercise.id)
        return found

    # How far it has come

    def count(self) -> RoundCount:
        """Which blank is at hand, of how many, and how long it takes yet."""
        hand = self._at_hand.accepted if self._at_hand is not None else []
        now = int(self._at_hand is not None and not self._at_hand.over)
        done = len(self.outcomes) + len(hand)
        if self.is_drill:
            of = max(self.planned, done + now)
            return RoundCount(done + now, of, False, self._minutes_for(of - done))
        met = self._met({skill for skill, went in hand if went == "right"})
        due = len(self.due_at_first)
        if not self._ahead:
            return RoundCount(min(due, max(1, met + now)), due, True, self._minutes_for(due - met))
        return RoundCount(done + now, 0, False, self._minutes_for(max(self.planned, FEWEST_BLANKS) - done))

    def _met(self, also: Set[Skill] = frozenset()) -> int:
        """How many of the skills that were due have been asked for, and do not come back in this round."""
        asked = {outcome.skill for outcome in self.outcomes} - self._queue.coming_back
        return len((asked | also) & set(self.due_at_first))

    def _minutes_for(self, blanks: int) -> int:
        return max(1, ceil(min(self.minutes_left, max(1, blanks) * self.pace / 60)))

    def _news(self) -> str:
        """That from now on nothing is due: said once, where the round goes on all the same."""
        due = len(self.due_at_first)
        if self.is_drill or self._ahead or self._met() < due:
            return ""
        self._ahead = True
        if not due:
            return "Nothing is due. What comes next is practised ahead."
        return f"{'What was due is' if due == 1 else f'The {due} that were due are'} done; going on ahead."

    def about(self, outcome: ReviewOutcome) -> str:
        """What becomes of a skill after a blank, in a sentence or two."""
        return outcome.told

    def put_off(self, asked: Asked) -> None:
        """Leave an item for later in the round."""
        self._queue.put_off(asked.item.target)

    @property
    def moved(self) -> list[tuple[Skill, Level, Level]]:
        """The skills whose level the round has changed: as it was before, and now."""
        first: dict[Skill, Level] = {}
        last: dict[Skill, Level] = {}
        for outcome in self.outcomes:
            first.setdefault(outcome.skill, outcome.before)
            last[outcome.skill] = outcome.after
        return [(skill, first[skill], last[skill]) for skill in first if first[skill] != last[skill]]

    @property
    def begin_at(self) -> str | None:
        """The exercise to begin at, where the round was to find that out."""
        return None

    def told(self) -> list[str]:
        """What is said when it is over: how it went, what has moved, what comes back soon. A sentence each."""
        done = self.outcomes
        if not done:
            if self.can_ask:
                return ["Nothing was asked."]
            return [_NO_CODE if self._unasked else "Nothing can be asked for this alone: it comes in exercises."]
        at_once = sum(outcome.right for outcome in done)
        said = [f"{len(done)} blank{'' if len(done) == 1 else 's'}, {at_once} right at once."]
        known = [skill.name for skill, _, now in self.moved if now == "known"]
        lost = [skill.name for skill, before, _ in self.moved if before == "known"]
        said += [f"Known now: {', '.join(known)}."] if known else []
        said += [f"Shaky again: {', '.join(lost)}."] if lost else []
        wrong = list(dict.fromkeys(outcome.skill.name for outcome in done if not outcome.right))
        said += [f"Back tomorrow: {', '.join(wrong)}."] if wrong else []
        return said

    def _wish(self) -> _Wish | None:
        summary = self._live.now()
        skill = self._queue.next(summary.skills, self._clock())
        return (skill, self._queue.most_blanks(skill, summary.skills), summary) if skill is not None else None

    def _taken(self, wish: _Wish) -> ReviewItem | None:
        """What was prepared, if it is what is wanted."""
        prepared, self._prepared = self._prepared, None
        return prepared[1] if prepared is not None and prepared[0] == _wanted(wish) else None

    def _why(self, item: ReviewItem, summary: Summary) -> str:
        return why(item, summary, self._library, self._clock(), self._exam)

    def _back_in(self, state: SkillState | None) -> int:
        if state is None:
            return 0
        return max(1, round((state.due_for(exam_moment(self._exam)) - self._clock()) / DAY))


@dataclass(frozen=True, slots=True)
class RoundWish:
    """Which round is wanted: a review, of so many minutes or of certain skills only, or a placement."""

    minutes: float | None = None
    skills: tuple[Skill, ...] = ()
    places: bool = False


def _pool(summary: Summary) -> list[Skill]:
    """All that was met; where that is one gate only, its other parts too, so that nothing is asked twice running."""
    met = [skill for skill in summary.skills if skill.gate]
    if len(met) == 1 and not met[0].is_idea:
        return [Skill(met[0].gate, part) for part in PARTS]
    return met


def why(item: ReviewItem, summary: Summary, library: Library, now: float, exam: date | None = None) -> str:
    """Why an item is there, in a sentence or two."""
    state = summary.skills.get(item.target)
    return " ".join([_reason(item.target, state, now, exam), *_where(item, library)])


def _reason(skill: Skill, state: SkillState | None, now: float, exam: date | None) -> str:
    if state is None:
        return f"{skill.name}: new."
    said = [f"{skill.name}: {state.level}"]
    if state.due <= now:
        days = int((now - state.due) / DAY)
        said.append("due today" if days < 1 else f"due for {_days(days)}")
    elif state.due_for(exam_moment(exam)) <= now:
        said.append("due sooner, because of your exam")
    sentences = [", ".join(said) + "."]
    if state.misses:
        sentences.append(f"It went wrong {days_named(state.misses, now)}.")
    if state.last_right:
        sentences.append(f"Last right {days_named([state.last_right], now)}.")
    return " ".join(sentences)


def _where(item: ReviewItem, library: Library) -> list[str]:
    """Where it is from, and what else is asked of it."""
    others = list(dict.fromkeys(skill.name for skill in item.skills if skill != item.target))
    source = library.find(item.source) if item.source else None
    found = [f"From {source.file.title}."] if source is not None else []
    return [*found, f"With it: {', '.join(others)}."] if others else found


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"


_NEAR = {0: "today", 1: "yesterday"}
"""Days ago -> what such a day is called."""


def days_named(times: Sequence[float], now: float) -> str:
    """The days of some times, in their order, each once: `on 16 and 17 Nov, yesterday and today`."""
    today = datetime.fromtimestamp(now).date()
    days = dict.fromkeys(datetime.fromtimestamp(at).date() for at in sorted(times))
    near = [_NEAR[ago] for day in days if (ago := (today - day).days) in _NEAR]
    dates = [f"{day.day} {day:%b}" for day in days if (today - day).days not in _NEAR]
    return listed([f"on {listed(dates)}", *near] if dates else near)
