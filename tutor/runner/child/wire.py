"""How the two processes speak: a job goes in and a result comes out, each as a framed block of JSON.

A frame begins with a token that the parent makes up for each job. Whatever else reaches the pipe (the
learner's code may write to any file descriptor it finds) stands outside the frame and is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

READY = b"ready\n"
BROKEN = b"broken\n"
NOISE = 1 << 20
YOUR_CODE = "your code"
"""What the learner's text is called in tracebacks."""


def pack(message: Mapping[str, Any]) -> bytes:
    """The message as JSON after its own length, for a reader that waits for all of it."""
    body = json.dumps(message).encode("ascii")
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
    message: dict[str, Any] = json.loads(b"".join(parts))
    return message


def frame(token: str, message: Mapping[str, Any]) -> bytes:
    """The message in a frame marked with the token."""
    body = json.dumps(message).encode("ascii")
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
