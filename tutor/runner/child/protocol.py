"""How the two processes speak: a job goes in as one line of JSON and a result comes out as one framed block of it.

A frame begins with a token that the parent makes up for each job. Whatever else reaches the pipe (the
learner's code may write to any file descriptor it finds) stands outside the frame and is passed over.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Mapping
from json import dumps, loads
from typing import Any, BinaryIO

READY = b"ready\n"
BROKEN = b"broken\n"
NOISE = 1 << 20
BEGUN = b"!"
"""How the worker tells the supervisor that the learner's code begins."""
SHOW: int | None = getattr(signal, "SIGUSR2", None)
"""The signal at which the worker writes down the line that is running."""
SHOW_AT = 0.75
"""The share of the time limit after which that is done, in case the limit is reached."""
CROWDED = -999
"""In place of an exit code: the run was ended because it had too many processes."""
ENDED = re.compile(rb"\nended (-?\d{1,3})\n$")
HEAD = re.compile(rb"\n<\w+ (\d{1,12})>")
HEAD_BYTES = 64
YOUR_CODE = "your code"
"""What the learner's text is called in tracebacks."""


def pack(message: Mapping[str, Any]) -> bytes:
    """The message as one line of JSON."""
    return dumps(message).encode("ascii") + b"\n"


def unpack(stream: BinaryIO) -> dict[str, Any] | None:
    """One packed message; None if the other side closed before the end."""
    line = stream.readline()
    return loads(line) if line.endswith(b"\n") else None


def frame(token: str, message: Mapping[str, Any]) -> bytes:
    """The message in a frame marked with the token."""
    body = dumps(message).encode("ascii")
    return b"\n<%s %d>" % (token.encode("ascii"), len(body)) + body


def unframe(stream: bytes | bytearray, token: str) -> bytes | None:
    """The body of the frame with this token, or None while it is not all there.

    A frame that begins later than `NOISE` bytes into the stream is not looked for.
    """
    at = stream.find(b"\n<%s " % token.encode("ascii"), 0, NOISE)
    # A copy: a bytearray cannot grow while a match looks into it.
    head = HEAD.match(bytes(stream[at : at + HEAD_BYTES])) if at >= 0 else None
    if head is None:
        return None
    begin = at + head.end()
    end = begin + int(head[1])
    return bytes(stream[begin:end]) if len(stream) >= end else None


def ending(code: int) -> bytes:
    """What the supervisor writes after all else: the exit code of the worker, negative for a signal."""
    return b"\nended %d\n" % code


def ended(stream: bytes | bytearray) -> int | None:
    """The exit code that the supervisor has written at the end of the stream; None as long as it has not."""
    found = ENDED.search(stream[-16:])
    return int(found[1]) if found else None
