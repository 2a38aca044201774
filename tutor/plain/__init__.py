"""A session line by line, for pipes, dumb terminals and screen readers: plain text, no colours, no cursor movement.

Lines of a text stream go in, answers or commands such as `:hint`; questions, verdicts and hints come out, wrapped, on
another. Open `face.py` first: it leads the conversation. `entries.py` takes answers of several lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from tutor.plain.console import Console
from tutor.plain.face import Plain
from tutor.session.session import Session

__all__ = ["run"]


def run(
    session: Session,
    reader: TextIO,
    writer: TextIO,
    program: str | None = None,
    renew: Callable[[], Session] | None = None,
) -> bool:
    """Work on the session until it is done or the input ends; whether it is solved then.

    `program` is one that the learner brought along; it is run at once where the step for code is open. `renew` opens
    the exercise on new numbers; it raises NoVariant where it has none.

    Raises StoreProblem where an answer cannot be kept, BrokenPipeError where nobody reads any longer.
    """
    return Plain(session, Console(reader, writer), renew).run(program)
