"""Lines in, lines out: wrapped, harmless, and in ASCII where the output cannot show more."""

from __future__ import annotations

from io import TextIOWrapper
from typing import TextIO

from tutor.text import caret_in_ascii, harmless, in_ascii, needs_ascii, wrapped

_LONGEST_LINE = 100_000
"""Characters taken as one line; no answer comes near it, and a stream without line ends must not fill the memory."""

_MOST_ECHOED = 200


class Leaving(Exception):
    """The learner is done for now: the input has ended, or `:quit`."""


class Console:
    """One reader and one writer. What is read from a file or a pipe is echoed, so that the transcript reads well."""

    def __init__(self, reader: TextIO, writer: TextIO) -> None:
        self._reader = reader
        self._writer = writer
        self.ascii = needs_ascii(writer)
        self._echoes = not reader.isatty()
        if isinstance(reader, TextIOWrapper):
            reader.reconfigure(errors="replace")  # bytes that are no text are an unreadable answer, not a crash

    def say(self, text: str = "", indent: str = "") -> None:
        """Running text, wrapped."""
        self._write(wrapped(self._shown(text), indent=indent) + "\n")

    def show(self, text: str) -> None:
        """A drawing or a piece of code, line by line as it is."""
        self._write(self._shown(text) + "\n")

    def point(self, caret: str) -> None:
        """A text with carets under it."""
        lines = harmless(caret)
        self.show("\n".join(f"  {line}" for line in (caret_in_ascii(lines) if self.ascii else lines).split("\n")))

    def ask(self, prompt: str) -> str:
        """The next line, without its end. Raises Leaving where there is none."""
        self._write(self._shown(prompt))
        self._writer.flush()
        try:
            line = self._reader.readline(_LONGEST_LINE)
        except KeyboardInterrupt:
            line = ""
        except OSError as error:
            self.say(f"\nThe input cannot be read: {(error.strerror or str(error)).lower()}.")
            raise Leaving from None
        if not line:
            self._write("\n")
            raise Leaving
        line = line.rstrip("\r\n")
        if self._echoes:
            self._write(self._shown(line[:_MOST_ECHOED]) + "\n")
        return line

    def _shown(self, text: str) -> str:
        text = harmless(text)
        return in_ascii(text) if self.ascii else text

    def _write(self, text: str) -> None:
        self._writer.write(text)
