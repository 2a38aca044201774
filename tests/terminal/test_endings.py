"""However the program ends, the terminal is as it was before, and what was typed is kept."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.sampling import one_in
from tests.terminal.terminal import Terminal

RESTORED = [b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l"]
"""The alternate screen and the mouse are off, the cursor is on, pasted text is not bracketed."""

TYPED = "p = x + typed"

BREAKS = r"""
from tutor.tui.screens import help
def broken(self):
    raise RuntimeError("out of [red]order[/nothing]\x1b]0;title\x07\x1b[31m")
help.HelpScreen.compose = broken
"""
"""Makes F1 fail, with a message that a terminal must not obey and no parser of markup reads."""


def drafts(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "progress.sqlite3")) as store:
        return [text for (text,) in store.execute("SELECT text FROM draft")]


def type_and(terminal: Terminal) -> None:
    """Type an equation, and go on as soon as it is seen."""
    terminal.until("1 Stage")
    terminal.until("One operation per equation")
    terminal.process.send(TYPED)
    terminal.until(TYPED)


@pytest.mark.parametrize(
    "number", one_in(2, [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT]), ids=lambda number: number.name
)
def test_a_signal_restores_the_terminal_and_keeps_what_was_typed(tmp_path: Path, number: signal.Signals) -> None:
    with Terminal(tmp_path, "start", "node-way/a") as terminal:
        type_and(terminal)
        terminal.process.kill(number)
        assert terminal.ended() == 128 + number
        assert [code for code in RESTORED if code not in terminal.written.rpartition(TYPED[-1:].encode())[2]] == []
        assert drafts(tmp_path) == [TYPED]


TOLD_EARLY = """
import os, signal
from textual.drivers.linux_driver import LinuxDriver
from tutor.tui import typed_ahead
typed_ahead._PATIENCE = 1e9
begin = LinuxDriver.start_application_mode
def told(self):
    begin(self)
    os.kill(os.getpid(), signal.SIGTERM)
LinuxDriver.start_application_mode = told
"""
"""The program is told to end when the terminal is its own and nothing is painted yet; it waits for nothing for long."""


def test_a_signal_before_the_first_paint(tmp_path: Path) -> None:
    with Terminal(tmp_path, before=TOLD_EARLY) as terminal:
        assert terminal.ended() == 128 + signal.SIGTERM
        assert [code for code in RESTORED if code not in terminal.written] == []
        assert b"Traceback" not in terminal.written


ENDED_BELOW = """
from tutor.tui import typed_ahead
from tutor.tui.screens import help
typed_ahead._PATIENCE = 1e9
compose = help.HelpScreen.compose
def ended(self):
    self.app.exit(return_code=7)
    yield from compose(self)
help.HelpScreen.compose = ended
"""
"""The program is told to end while a screen opens, which then never does."""


def test_the_end_while_a_screen_opens(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", "node-way/a", before=ENDED_BELOW) as terminal:
        type_and(terminal)
        terminal.press("f1")
        assert terminal.ended() == 7
        assert "Traceback" not in terminal.text
        assert drafts(tmp_path) == [TYPED]


def test_bytes_that_are_no_text_do_no_harm_nor_does_setting_aside(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", "node-way/a") as terminal:
        type_and(terminal)
        terminal.process.send(b"\xff\xfe\xe9")

        def goes_on(text: str) -> bool:
            terminal.process.send("2")  # keys that come together with such bytes may be lost; those after them are not
            return "typed2" in text

        terminal.until(goes_on)
        before = len(terminal.written)
        terminal.process.kill(signal.SIGTSTP)
        terminal.until(lambda _: RESTORED[0] in terminal.written[before:])
        assert os.waitpid(terminal.process.pid, os.WUNTRACED)[0] == terminal.process.pid
        set_aside = len(terminal.written)
        terminal.process.kill(signal.SIGCONT)
        terminal.until(lambda _: b"\x1b[?1049h" in terminal.written[set_aside:])
        terminal.process.send("7")
        terminal.until(lambda text: re.search("typed2+7", text))
        terminal.press("ctrl+q")
        assert terminal.ended() == 0


def test_a_terminal_that_goes_away_ends_the_program_and_keeps_what_was_typed(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", "node-way/a") as terminal:
        type_and(terminal)
        os.close(terminal.process.child_fd)
        terminal.process.closed = terminal.process.ptyproc.closed = terminal.process.ptyproc.terminated = True
        assert os.waitstatus_to_exitcode(os.waitpid(terminal.process.pid, 0)[1]) == 128 + signal.SIGHUP
        assert drafts(tmp_path) == [TYPED]


def test_an_unexpected_error_is_said_recorded_and_loses_nothing(tmp_path: Path) -> None:
    with Terminal(tmp_path, "start", "node-way/a", before=BREAKS) as terminal:
        type_and(terminal)
        terminal.press("f1")
        assert terminal.ended() == 3
        assert all(code in terminal.written for code in RESTORED)
        after = terminal.written.rpartition(RESTORED[0])[2].decode()
        said = " ".join(after.split())
        assert "unexpected error" in said
        assert "RuntimeError: out of [red]order[/nothing]␛]0;title␇␛[31m" in said
        assert "answers and drafts are safe" in said
        assert "\x1b]0" not in after and "\x1b[31m" not in after and "\x07" not in after
        assert str(tmp_path / "backprop-tutor.log") in said
        log = (tmp_path / "backprop-tutor.log").read_text(encoding="utf-8")
        assert "Traceback" in log and "in broken" in log and "\x1b" not in log
        assert drafts(tmp_path) == [TYPED]
