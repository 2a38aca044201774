"""How the two processes speak: a job goes in and a result comes out, each as a framed block of JSON.

A frame begins with a token that the parent makes up for each job. Whatever else reaches the pipe (the
learner's code may write to any file descriptor it finds) stands outside the frame and is passed over.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Mapping
from json import dumps, loads
from typing import Any

READY = b"ready\n"
BROKEN = b"broken\n"
NOISE = 1 << 20
BEGUN = b"!"
"""How the worker tells the keeper that the learner's code begins."""
SHOW: int | None = getattr(signal, "SIGUSR2", None)
"""The signal at which the keeper has the worker, and the worker itself, write down the line that is running."""
SHOW_AT = 0.75
"""The share of the time limit after which that is done, in case the limit is reached."""
CROWDED = -999
"""In place of an exit code: the run was ended because it had too many processes."""
ENDED = re.compile(rb"\nended (-?\d{1,3})\n$")
YOUR_CODE = "your code"
"""What the learner's text is called in tracebacks."""


def pack(message: Mapping[str, Any]) -> bytes:
    """The message as JSON after its own length, for a reader that waits for all of it."""
    body = dumps(message).encode("ascii")
    return b"%d\n%s" % (len(body), body)


def unpack(read: Callable[[int], bytes]) -> dict[str, Any] | None:
    """One packed message taken from `read(size)`; None if the other side closed before the end."""
    head = b""
    while not head.endswith(b"\n"):
        byte = read(1)
        if not byte:
            return None
        head += byte
    missing = int(head)
    parts = []
    while missing:
        part = read(min(missing, 1 << 20))
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    message: dict[str, Any] = loads(b"".join(parts))
    return message


def frame(token: str, message: Mapping[str, Any]) -> bytes:
    """The message in a frame marked with the token."""
    body = dumps(message).encode("ascii")
    return b"\n<%s %d>" % (token.encode("ascii"), len(body)) + body


def unframe(stream: bytes | bytearray, token: str) -> bytes | None:
    """The body of the frame with this token, or None while it is not all there.

    A frame that begins later than `NOISE` bytes into the stream is not looked for.
    """
    mark = b"\n<%s " % token.encode("ascii")
    at = stream.find(mark, 0, NOISE)
    if at < 0:
        return None
    close = stream.find(b">", at)
    if close < 0:
        return None
    digits = bytes(stream[at + len(mark) : close])
    if not digits.isdigit():
        return None
    begin = close + 1
    end = begin + int(digits)
    return bytes(stream[begin:end]) if len(stream) >= end else None


def ending(code: int) -> bytes:
    """What the keeper writes after all else: the exit code of the worker, negative for a signal."""
    return b"\nended %d\n" % code


def ended(stream: bytes | bytearray) -> int | None:
    """The exit code that the keeper has written at the end of the stream; None as long as it has not."""
    found = ENDED.search(stream[-16:])
    return int(found[1]) if found else None
