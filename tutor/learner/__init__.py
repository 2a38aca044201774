"""What is remembered of the learner."""

from __future__ import annotations

from .home import home
from .records import Action, Entry, Progress, State, StoreProblem
from .review import Rating, Schedule, rating
from .steady import SteadyStore
from .store import Store

__all__ = [
    "Action",
    "Entry",
    "Progress",
    "Rating",
    "Schedule",
    "State",
    "SteadyStore",
    "Store",
    "StoreProblem",
    "home",
    "rating",
]
