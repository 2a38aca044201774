"""What is remembered of the learner."""

from __future__ import annotations

from .home import home
from .records import Action, Entry, Progress, Standing, State, StoreProblem, asides
from .review import Rating, Schedule, rating
from .steady import SteadyStore
from .store import Store

__all__ = [
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
    "rating",
]
