"""What a pipe brings, read by a thread of its own."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import IO


class Inlet:
    """What a pipe has brought so far, up to `limit` bytes.

    At the limit, or at the end of the pipe, it is `closed`; at the limit it is `full` too, and the writer
    finds the pipe broken. The reading thread closes the pipe itself, so a pipe that a stray process holds
    open is never closed while it is being read.
    """

    def __init__(self, pipe: IO[bytes], limit: int, changed: threading.Condition) -> None:
        """Begin to read. `changed` guards `data` and is notified of everything new."""
        self.data = bytearray()
        self.closed = False
        self.full = False
        self._pipe = pipe
        self._limit = limit
        self._changed = changed
        self._thread = threading.Thread(target=self._read, name="runner-inlet", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with self._pipe, suppress(OSError):
            while len(self.data) < self._limit:
                part = os.read(self._pipe.fileno(), 1 << 16)
                if not part:
                    break
                with self._changed:
                    self.data += part
                    self._changed.notify_all()
        with self._changed:
            self.full = len(self.data) >= self._limit
            self.closed = True
            self._changed.notify_all()

    def finish(self) -> None:
        """Wait until the pipe is read to its end, but not long. Call it when its writers have been ended."""
        self._thread.join(1.0)
