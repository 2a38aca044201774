"""What is remembered of the learner.

Answers, hints, drafts and how far each exercise has come go in, and come out again, kept in one SQLite file. Open
`store.py` first: `Store.append` writes a line of the journal before anybody is told the verdict. `records.py` is what
it holds, `database.py` the file and what happens when it is damaged, `fallback_store.py` what is done where nothing can
be written, `review.py` when an exercise is worth another look.
"""

from __future__ import annotations

from tutor.learner.fallback_store import LOST, SteadyStore, looking
from tutor.learner.records import LOOKING, Action, Entry, Progress, Standing, State, StoreProblem, asides
from tutor.learner.review import Memory, Rating, Schedule, rating, remembered
from tutor.learner.store import ScratchStore, Store
from tutor.paths import home

__all__ = [
    "LOOKING",
    "LOST",
    "Action",
    "Entry",
    "Memory",
    "Progress",
    "Rating",
    "Schedule",
    "ScratchStore",
    "Standing",
    "State",
    "SteadyStore",
    "Store",
    "StoreProblem",
    "asides",
    "home",
    "looking",
    "rating",
    "remembered",
]
