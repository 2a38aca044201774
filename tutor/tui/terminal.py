"""The terminal as it is: it may send bytes that are no text, go away, have the app told to end, or be too small."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import threading
from collections.abc import Callable, Iterable
from types import FrameType
from typing import IO, Any

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

_ENDING = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
SIGNALS = [number for name in _ENDING if (number := getattr(signal, name, None)) is not None]
"""Those that ask a program to end, as far as the platform has them."""

GONE = 129
"""The exit code where the terminal went away: that of SIGHUP, which says so."""


PATIENCE = 3.0
"""Seconds that the app has to end by itself once its terminal is gone; what is typed is kept within the first."""


def _end_without_terminal(code: int) -> None:
    """See to it that the process ends soon: without a terminal nobody sees it wait, and its input never ends."""
    last = threading.Timer(PATIENCE, os._exit, (code,))
    last.daemon = True
    last.start()


def heed_signals(leave: Callable[[int], None]) -> Callable[[], None]:
    """From now on the signals that ask the program to end call `leave`, in this event loop, with the exit code.

    The second time one does what it did before. Returns what undoes all this.
    """
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {number: signal.getsignal(number) for number in SIGNALS}

    def told(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[number])
        if 128 + number == GONE:
            _end_without_terminal(GONE)
        loop.call_soon_threadsafe(leave, 128 + number)

    def undo() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # as `nohup` wants it
            signal.signal(number, told)
    return undo


class _Lenient:
    """A stream to a terminal that may be gone: what is written then is lost, and nobody waits for it."""

    def __init__(self, stream: IO[str] | None) -> None:
        assert stream is not None, "a terminal has one"
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _beginning_of(mark: str, text: str) -> str:
    """The end of the text that may be the beginning of a mark."""
    return next((mark[:many] for many in range(len(mark) - 1, 0, -1) if text.endswith(mark[:many])), "")


class KeyParser(XTermParser):
    """Escape and a key that come within the same moment are two keys, as they were pressed.

    Textual's makes `alt+h` of Escape and h, which a field takes for the letter, drops the Escape before `?`, and reads
    Escape and 3 as a pound sign. And an Escape within pasted text is none: Textual's would take what follows it out of
    the text and press it as keys.
    """

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasted = False
        """Whether what comes next is pasted text."""
        self._waits = ""
        """What may be the beginning of the mark at which pasted text ends, or begins; the former is not fed yet."""

    def feed(self, data: str) -> Iterable[Message]:
        """As Textual's, with the escapes left out of what is pasted."""
        fed = self._without_escapes(data)
        if fed or not data:  # nothing at all would be the end
            yield from super().feed(fed)

    def _without_escapes(self, data: str) -> str:
        fed = ""
        while data:
            mark = BRACKETED_PASTE_END if self._pasted else BRACKETED_PASTE_START
            text, found, rest = (self._waits + data).partition(mark)
            already = 0 if self._pasted else len(self._waits)
            self._waits = "" if found else _beginning_of(mark, text)
            if self._pasted:
                fed += text.removesuffix(self._waits).replace("\x1b", "") + found
            else:
                fed += (text + found)[already:]
            self._pasted ^= bool(found)
            data = rest
        return fed

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) == 2 and sequence in ANSI_SEQUENCES_KEYS and sequence[1].isprintable():
            alt, sequence = True, sequence[1]
        if alt:
            yield events.Key("escape", "\x1b")
        yield from super()._sequence_to_key_events(sequence)


_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs without a width in the text of a field that a terminal may obey: controls, and those that turn the direction of
what follows. Nothing that Textual writes to steer the terminal has one."""


def of_terminal(kind: type[Driver]) -> type[Driver]:
    """The driver of Linux and macOS made to cope; any other as it is."""
    if kind.__module__ != "textual.drivers.linux_driver":
        return kind
    from textual.drivers import linux_driver
    from textual.drivers.linux_driver import LinuxDriver

    vars(linux_driver)["XTermParser"] = KeyParser  # the driver makes its parser by this name

    class TerminalDriver(LinuxDriver):
        """Textual's, except for bytes that are no text, signs that a terminal obeys, and a terminal that is gone."""

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._file = _Lenient(self._file)  # type: ignore[assignment]

        def write(self, data: str) -> None:
            super().write(_OBEYED.sub("", data))

        def _run_input_thread(self) -> None:
            app = self._app
            while True:
                try:
                    self.run_input_thread()
                except UnicodeDecodeError:
                    continue  # the keys of another encoding; those that follow are read again
                except OSError:
                    _end_without_terminal(GONE)
                    app.call_later(app.exit, None, GONE)
                except Exception as error:  # noqa: BLE001 - nobody else sees what this thread ends by
                    app.call_later(app._handle_exception, error)
                return

    return TerminalDriver


# Too small

LEAST = Size(50, 15)
"""The smallest terminal that all of this fits into."""

_SAID = f"This window is too small: make it at least {LEAST.width} columns and {LEAST.height} lines."


def too_small(size: Size) -> bool:
    """Whether a terminal of this size has no room for the app."""
    return size.width < LEAST.width or size.height < LEAST.height


class TooSmall(Static):
    """Covers a screen, which keeps its text, cursor and place below. It is no screen: nothing opens or closes it."""

    def __init__(self) -> None:
        super().__init__(_SAID, markup=False)


def cover(screen: Screen[object], covered: bool) -> None:
    """Cover a screen, or let it be seen."""
    for sentence in screen.query(TooSmall):
        sentence.display = covered
        return
    if covered:
        screen.mount(TooSmall())
