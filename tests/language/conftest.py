"""Random tests here have no time limit: how fast reading is stands in tests/bench."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
