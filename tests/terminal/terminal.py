"""The real program in a real pseudo-terminal, with a screen that can be read."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte

PATIENCE = 60.0
"""Seconds until something that should happen counts as not happening."""

KEYS = {
    "enter": "\r", "escape": "\x1b", "up": "\x1b[A", "down": "\x1b[B", "ctrl+n": "\x0e", "ctrl+q": "\x11",
    "backspace": "\x7f",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~",
}  # fmt: skip


_COLOURS = re.compile(rb"\x1b\[[0-9;:]*m")
"""Nine tenths of what is written say in which colour: only what it says is looked at here."""

_BEGUN = re.compile(rb"\x1b(?:\[[0-9;:]*)?\Z")
"""The first part of what may become one of them."""


def _as_a_shell_would() -> None:
    """Signals do what they do in a terminal, also where these tests run in the background and ignore some."""
    for name in ("SIGHUP", "SIGINT", "SIGQUIT"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)


class Terminal:
    """Runs `backprop-tutor` and shows what a terminal would."""

    def __init__(
        self, home: Path, *words: str, columns: int = 80, lines: int = 24, before: str = "", **more: str
    ) -> None:
        """`before` is Python that is run first, in the same process; `more` is put into the environment."""
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        environment = {**os.environ, "BACKPROP_TUTOR_HOME": str(home), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        environment.pop("NO_COLOR", None)
        environment |= more
        self.written = b""
        self._unread = b""
        program = ["-c", f"{before}\nfrom tutor.cli import main; main()"] if before else ["-m", "tutor"]
        self.process = pexpect.spawn(
            sys.executable, [*program, *words], dimensions=(lines, columns), env=environment, timeout=PATIENCE,
            preexec_fn=_as_a_shell_would,
        )  # fmt: skip
        self.process.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)

    @property
    def text(self) -> str:
        """What the screen shows, as lines of text."""
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        lines = (self._screen.buffer[row] for row in rows)
        return "\n".join("".join([line[column].data for column in columns]).rstrip() for line in lines)

    def until(self, shows: str | Callable[[str], object]) -> None:
        """Read what the program writes until the screen shows something."""
        holds = (lambda text: shows in text) if isinstance(shows, str) else shows
        end = time.monotonic() + PATIENCE
        while not holds(self.text):
            if time.monotonic() > end:
                raise AssertionError(f"{shows} did not come about; the screen says:\n{self.text}")
            try:
                self._read(self.process.read_nonblocking(65536, timeout=1))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                raise AssertionError(f"the program ended; the screen says:\n{self.text}") from None

    def _read(self, written: bytes) -> None:
        self.written += written
        unread = self._unread + written
        begun = _BEGUN.search(unread)
        end = begun.start() if begun else len(unread)
        self._unread = unread[end:]
        self._stream.feed(_COLOURS.sub(b"", unread[:end]))

    def press(self, *keys: str) -> None:
        """Press keys by name."""
        for key in keys:
            self.process.send(KEYS[key])

    def enter(self, text: str) -> None:
        """Type a text and press Enter."""
        self.process.send(text)
        self.press("enter")

    def ended(self) -> int | None:
        """Wait for the program's end; its exit code."""
        self.process.expect(pexpect.EOF)
        self._read(self.process.before)
        self.process.wait()
        self.process.close()
        status: int | None = self.process.exitstatus
        return status
