"""Standard output and error, for all verbs: text that they can take, a word and an exit code where that is not written.

What goes to a terminal or a pipe for people is in ASCII where the stream takes no more; a document is in UTF-8.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from tutor.text import in_ascii, needs_ascii


def write_document(text: str) -> None:
    """Write a document to standard output: to a file or a pipe the very bytes that `-o FILE` would write.

    A terminal that takes no more than ASCII gets it in ASCII.
    """
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None or sys.stdout.isatty() or not needs_ascii(sys.stdout):
        sys.stdout.write(writable(text))
        return
    sys.stdout.flush()
    buffer.write(text.encode())


def write(text: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write(f"{writable(text)}\n")


def writable(text: str) -> str:
    """The text as standard output takes it: in ASCII where it takes no more."""
    return in_ascii(text) if needs_ascii(sys.stdout) else text


class OutputLost(BaseException):
    """Standard output cannot be written; why, as the system says it.

    No Exception: nothing on the way takes it for a trouble of its own.
    """


@contextmanager
def whole_output() -> Iterator[None]:
    """While this is entered, `sys.stdout` raises OutputLost where it cannot be written.

    At the end all is written that is still waiting. Where that fails, the process ends with exit code 2 after a
    sentence on standard error; with 1 and no word where nobody reads on, as in `list | head`.
    """
    _fill_closed_places()
    before = sys.stdout, sys.stderr
    sys.stdout = _checked(sys.stdout)
    if needs_ascii(sys.stderr):
        sys.stderr = cast("TextIO", _InAscii(sys.stderr))
    try:
        try:
            yield
        except SystemExit:
            sys.stdout.flush()
            raise
        sys.stdout.flush()
    except OutputLost as lost:
        reason = lost.args[0]
        if isinstance(reason, BrokenPipeError):
            sys.exit(1)
        with suppress(OSError):  # then nothing can be said at all
            sys.stderr.write(f"The output cannot be written: {(reason.strerror or str(reason)).lower()}.\n")
            sys.stderr.flush()
        sys.exit(2)
    finally:
        sys.stdout, sys.stderr = before


class _InAscii:
    """Standard error that takes no more than ASCII; without the bytes below it, where Click would write UTF-8."""

    buffer = None

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(in_ascii(text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Raw(io.RawIOBase):
    """Bytes to a stream; None stands for one that was closed from the beginning. After a loss all is thrown away."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._lost = False

    def writable(self) -> bool:
        """Whether it can be written is seen when it is."""
        return True

    def isatty(self) -> bool:
        """As the stream says."""
        return self._stream is not None and bool(self._stream.isatty())

    def fileno(self) -> int:
        """As the stream says."""
        if self._stream is None:
            raise io.UnsupportedOperation("standard output is closed")
        number: int = self._stream.fileno()
        return number

    def write(self, data: Any) -> int:
        """Write the bytes, or some of them. Raises OutputLost, once."""
        if self._lost:
            return len(data)
        try:
            if self._stream is None:
                raise OSError("it is closed")
            return self._stream.write(data) or 0
        except OSError as error:
            self._lost = True
            raise OutputLost(error) from None


def _checked(stream: TextIO | None) -> TextIO:
    """The same stream, on top of bytes that are checked."""
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(_Raw(None)), encoding="utf-8")
    buffer = getattr(stream, "buffer", None)
    if not isinstance(stream, io.TextIOWrapper) or buffer is None:
        return stream  # someone else's, who called this from Python
    raw = _Raw(getattr(buffer, "raw", buffer))
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def _fill_closed_places() -> None:
    """Have no file that is opened later take the place of a standard stream that the shell has closed."""
    with suppress(OSError):
        while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
            os.set_inheritable(number, True)
        os.close(number)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - open to the end
