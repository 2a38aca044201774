"""A session line by line, for pipes, dumb terminals and screen readers: plain text, no colours, no cursor movement."""

from __future__ import annotations

from typing import TextIO

from tutor.plain.console import Console
from tutor.plain.face import Plain
from tutor.session import Session

__all__ = ["run"]


def run(session: Session, reader: TextIO, writer: TextIO) -> bool:
    """Work on the session until it is done or the input ends; whether it is solved then.

    Raises StoreProblem where an answer cannot be kept, BrokenPipeError where nobody reads any longer.
    """
    return Plain(session, Console(reader, writer)).run()
