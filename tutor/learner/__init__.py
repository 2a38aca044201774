"""What is remembered of the learner."""

from __future__ import annotations

from .home import home
from .records import Entry, Progress, StoreProblem
from .store import Store

__all__ = ["Entry", "Progress", "Store", "StoreProblem", "home"]
