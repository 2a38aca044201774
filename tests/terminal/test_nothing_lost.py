"""What is typed reaches its field and stays, in a real terminal: before the program is there, and on a full disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sampling import one_in
from tests.terminal.terminal import Terminal
from tutor.learner import Store

ID = "node-way/a"


@pytest.mark.parametrize("end", one_in(2, ["\n", "\r"]), ids=repr)
def test_what_is_typed_before_the_exercise_is_there_reaches_it(tmp_path: Path, end: str) -> None:
    with Terminal(tmp_path, "start", ID) as terminal:
        terminal.process.send(end.join(["p = x+y", "f = p z", "4", "zq"]))
        terminal.until("Forward 1/2")
        terminal.until("zq")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with Store(tmp_path) as store:
        assert [entry.verdict for entry in store.entries(ID)] == ["right", "right"]
        assert list(store.drafts(ID).values()) == ["zq"]


def test_pasted_answers_reach_their_fields(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", ID) as terminal:
        terminal.until("One operation per equation")
        terminal.process.send("\x1b[200~p = x+y\nf = p z\n3\n\x1b[201~")
        terminal.until("Not yet")
        terminal.press("ctrl+q")
        assert terminal.ended() == 0
    with Store(tmp_path) as store:
        answers = [entry for entry in store.entries(ID) if entry.action == "answer"]
        assert [(entry.text, entry.verdict) for entry in answers] == [
            ("p = x+y\nf = p z", "right"),
            ("3", "wrong"),
        ]


FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000))
"""


def test_a_full_disk_is_said_and_the_work_goes_on(tmp_path: Path) -> None:
    """The log of the database can grow to the limit and no further."""
    with Terminal(tmp_path, "start", ID, columns=120, lines=40, before=FULL) as terminal:
        terminal.until("One operation per equation")
        terminal.enter("p = x+y")
        terminal.enter("f = p z")
        terminal.until("Forward 0/2")
        for answer in ("1", "2", "3", "5", "6"):
            terminal.enter(answer)
            terminal.until(lambda text: "Not yet" in text or "gives" in text)
        terminal.press("f2")
        terminal.until("Hint 1")
        terminal.enter("4")
        terminal.until("Forward 1/2")
        # Said once, maybe before: how often a draft is written in between depends on the machine.
        terminal.until(lambda _: b"progress cannot" in terminal.written)
        terminal.press("f8", "f6", "escape")
        terminal.process.send("q")
        terminal.until("Go on ")
        terminal.press("ctrl+q")
        assert terminal.ended() == 2
        assert "Traceback" not in terminal.text and "is lost" in " ".join(terminal.text.split())
