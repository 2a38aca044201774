"""A paper in a real terminal: left, killed and gone on with, text and time are as they were."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.terminal.terminal import Terminal
from tutor.learner import Store
from tutor.papers.sitting import sittings


def standing(home: Path) -> str:
    """What is kept of the second blank."""
    with Store(home) as store:
        (sitting,) = sittings(store)
        return str(store.page(f"/paper/{sitting.key}").get("answer:1:2", ""))


def test_a_paper_that_was_left_or_killed_goes_on_as_it_was(tmp_path: Path) -> None:
    with Terminal(tmp_path, "exam", "shapes/add") as terminal:
        terminal.until("begin: the clock starts")
        terminal.press("enter")
        terminal.until("left of")
        terminal.enter("(2, 2)")
        terminal.process.send("(7")
        terminal.until("(7")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with Store(tmp_path) as store:
        (left,) = sittings(store)
    assert 0 < left.seconds < 120 and left.handed_in is None
    with Terminal(tmp_path, "exam", "shapes/add") as terminal:
        terminal.until("go on: the clock runs again")
        terminal.press("enter")
        terminal.until("(7")
        terminal.process.send(", 9")
        terminal.until(lambda _: standing(tmp_path).startswith('["(7, 9"'))
        terminal.process.kill(signal.SIGKILL)
        terminal.process.wait()
    with Store(tmp_path) as store:
        (killed,) = sittings(store)
        page = store.page(f"/paper/{killed.key}")
    assert killed.seconds >= left.seconds
    assert page["answer:1:1"].startswith('["(2, 2)"') and page["answer:1:2"].startswith('["(7, 9"')
