"""A thousand kills in the middle of a paper: nothing is lost."""

from __future__ import annotations

from tests.papers.test_sitting import kill_in_the_middle
from tests.session.working import new_folder

KILLS = 1000


def test_a_thousand_kills_cost_nothing():
    with new_folder() as folder:
        kill_in_the_middle(folder, KILLS, seed=5)
    print(f"\n{KILLS} kills")
