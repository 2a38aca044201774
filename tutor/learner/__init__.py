"""What is remembered of the learner."""

from __future__ import annotations

from .home import home
from .records import Action, Entry, Progress, State, StoreProblem
from .store import Store

__all__ = ["Action", "Entry", "Progress", "State", "Store", "StoreProblem", "home"]
