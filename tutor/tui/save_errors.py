"""What cannot be kept is said, wherever it happens, and the work goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from tutor.learner import StoreProblem


def say_trouble(app: App[Any], sentence: str) -> None:
    """Tell the learner about a trouble with what is to be kept."""
    app.notify(sentence, title="Your progress", severity="warning", markup=False, timeout=15)


@contextmanager
def trouble_said(app: App[Any]) -> Iterator[None]:
    """Say what could not be kept in here."""
    try:
        yield
    except StoreProblem as problem:
        say_trouble(app, str(problem))


class SaysTrouble(MessagePump):
    """The app and each of its screens: whatever they are told to do goes through here."""

    async def _dispatch_message(self, message: Message) -> None:
        with trouble_said(self.app):
            await super()._dispatch_message(message)
