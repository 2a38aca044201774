"""The store against plain dictionaries, whatever is done to it and in whatever order."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tutor.learner import Entry, Store
from tutor.learner.records import ACTIONS, STATES

EXERCISES = st.sampled_from(["node-way/a", "node-way/b", "σ"])
BLANKS = st.sampled_from(["", "value d", "gradient x"])
TEXTS = st.text(max_size=8)
TIMES = st.floats(min_value=0, max_value=2e9)
COUNTS = st.integers(0, 50)


class StoreMachine(RuleBasedStateMachine):
    """Two stores have the same folder open; each step is done by one of them and seen by both."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.now = 0.0
        self.stores = [self.opened(), self.opened()]
        self.turn = itertools.cycle([0, 1])
        self.journal: dict[str, list[Entry]] = {}
        self.drafts: dict[tuple[str, str], str] = {}
        self.progress: dict[str, list[object]] = {}
        self.reviews: dict[str, tuple[str, float]] = {}
        self.last: str | None = None

    def opened(self) -> Store:
        return Store(Path(self.folder.name), clock=lambda: self.now)

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        self.folder.cleanup()

    @property
    def store(self) -> Store:
        return self.stores[next(self.turn)]

    @initialize(now=TIMES.filter(bool))
    def begin(self, now: float) -> None:
        self.now = now

    @rule(seconds=st.floats(0.5, 1000))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(
        exercise=EXERCISES,
        step=TEXTS,
        blank=BLANKS,
        action=st.sampled_from(ACTIONS),
        text=TEXTS,
        verdict=TEXTS,
        at=TIMES,
    )
    def append(self, exercise: str, step: str, blank: str, action: str, text: str, verdict: str, at: float) -> None:
        self.store.append(exercise, Entry(step, blank, action, text, verdict, at))
        written = Entry(step, blank, action, text, verdict, at if at > 0 else self.now)
        self.journal.setdefault(exercise, []).append(written)
        self.last = exercise
        row = self.progress.setdefault(exercise, ["new", 0, 0, written.at])
        row[3] = max(row[3], written.at)
        if action == "reset":
            self.journal[exercise] = []
            row[:2] = "new", 0
        elif action == "solved":
            row[0] = "solved"
        elif action not in ("opened", "card") and row[0] == "new":
            row[0] = "started"

    @rule(exercise=EXERCISES, blank=BLANKS, text=TEXTS)
    def keep_draft(self, exercise: str, blank: str, text: str) -> None:
        self.store.keep_draft(exercise, blank, text)
        self.drafts[exercise, blank] = text
        row = self.progress.setdefault(exercise, ["new", 0, 0, self.now])
        row[3] = max(row[3], self.now)
        self.last = exercise

    def state(self, exercise: str) -> object:
        typed = any(text.strip(" \t\r\n") for (name, _), text in self.drafts.items() if name == exercise)
        state = self.progress[exercise][0]
        return "started" if state == "new" and typed else state

    @rule(exercise=EXERCISES, blank=BLANKS | st.none())
    def drop_drafts(self, exercise: str, blank: str | None) -> None:
        self.store.drop_drafts(exercise, blank)
        for key in list(self.drafts):
            if key[0] == exercise and blank in (None, key[1]):
                del self.drafts[key]

    @rule(exercise=EXERCISES, state=st.sampled_from(STATES), done=COUNTS, total=COUNTS)
    def set_progress(self, exercise: str, state: str, done: int, total: int) -> None:
        self.store.set_progress(exercise, state, done, total)
        self.progress[exercise] = [state, done, total, self.now]
        self.last = exercise

    @rule(exercise=EXERCISES, card=TEXTS, due=TIMES)
    def keep_review(self, exercise: str, card: str, due: float) -> None:
        self.store.keep_review(exercise, card, due)
        self.reviews[exercise] = card, due
        self.last = exercise

    @rule(exercise=EXERCISES)
    def mark_opened(self, exercise: str) -> None:
        self.store.mark_opened(exercise)
        self.last = exercise

    @rule(which=st.sampled_from([0, 1]))
    def open_again(self, which: int) -> None:
        self.stores[which].close()
        self.stores[which] = self.opened()

    @invariant()
    def both_stores_hold_what_the_model_holds(self) -> None:
        for store in self.stores:
            assert store.notice is None
            assert store.last_opened() == self.last
            summary = {name: [p.state, p.done, p.total, p.last] for name, p in store.summary().items()}
            assert summary == {name: [self.state(name), *row[1:]] for name, row in self.progress.items()}
            times = [progress[3] for progress in summary.values()]
            assert times == sorted(times, reverse=True)
            dues = {exercise: due for exercise, (_, due) in self.reviews.items()}
            assert all(progress.due == dues.get(name) for name, progress in store.summary().items())
            by_now = sorted((due, exercise) for exercise, due in dues.items() if due <= self.now)
            assert store.due(self.now) == [exercise for _, exercise in by_now]
            for exercise in ("node-way/a", "node-way/b", "σ"):
                assert store.review_card(exercise) == self.reviews.get(exercise, (None,))[0]
                assert store.entries(exercise) == self.journal.get(exercise, [])
                drafts = {blank: text for (name, blank), text in self.drafts.items() if name == exercise}
                assert store.drafts(exercise) == drafts
                assert all(store.draft(exercise, blank) == drafts.get(blank) for blank in ("", "value d"))


TestStore = StoreMachine.TestCase
TestStore.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
