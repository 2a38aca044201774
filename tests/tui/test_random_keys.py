"""Nothing that is pressed, pasted, clicked or resized ends the app, and Escape leads home from anywhere."""

from __future__ import annotations

import pytest

from tests.sampling import EVERY_CASE
from tests.tui.roaming import STARTS, walk

STEPS = 40 if EVERY_CASE else 16
PLACES = [None, "node-way/a", "autograd/plus", "shapes/rules", "exam/one"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place or "home")
async def test_at_random(place: str | None) -> None:
    roamed = await walk(STARTS.index(place), STEPS)
    assert not roamed.crash, f"{roamed.story}\n{roamed.crash}"
    assert not roamed.stuck, f"{roamed.story}\n{roamed.stuck}"
