"""What is remembered of the learner."""

from __future__ import annotations

from .home import home
from .looking import looking
from .records import Action, Entry, Progress, Standing, State, StoreProblem, asides
from .review import Rating, Schedule, rating
from .steady import LOST, SteadyStore
from .store import Store

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
