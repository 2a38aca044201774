"""What is remembered of the learner."""

from __future__ import annotations

from tutor.learner.fallback_store import LOST, SteadyStore, looking
from tutor.learner.records import Action, Entry, Progress, Standing, State, StoreProblem, asides
from tutor.learner.review import Rating, Schedule, rating
from tutor.learner.store import Store
from tutor.paths import home

__all__ = [
    "LOST",
    "Action",
    "Entry",
    "Progress",
    "Rating",
    "Schedule",
    "Standing",
    "State",
    "SteadyStore",
    "Store",
    "StoreProblem",
    "asides",
    "home",
    "looking",
    "rating",
]
