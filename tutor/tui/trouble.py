"""What cannot be kept is said, wherever it happens, and the work goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textual.message import Message
from textual.message_pump import MessagePump

from tutor.learner import StoreProblem


class SaysTrouble(MessagePump):
    """The app and each of its screens: whatever they are told to do goes through here."""

    async def _dispatch_message(self, message: Message) -> None:
        with self.trouble_said():
            await super()._dispatch_message(message)

    @contextmanager
    def trouble_said(self) -> Iterator[None]:
        """Say what could not be kept in here."""
        try:
            yield
        except StoreProblem as problem:
            self.say_trouble(str(problem))

    def say_trouble(self, sentence: str) -> None:
        """Tell the learner about a trouble with what is to be kept."""
        self.app.notify(sentence, title="Your progress", severity="warning", markup=False, timeout=15)
