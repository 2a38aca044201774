"""A Python function, typed line by line: a line with a single dot, or `:run`, runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.plain.commands import Command, as_command
from tutor.plain.said import say_verdict
from tutor.plain.source import composed, numbered
from tutor.questions import Blank, Step

if TYPE_CHECKING:
    from tutor.plain.face import Plain


class CodeEntry:
    """What stands in the blank, and the lines typed on top of it."""

    def __init__(self, face: Plain, step: Step, blank: Blank) -> None:
        self._face = face
        self._session = face.session
        self._console = face.console
        self._step = step
        self._blank = blank
        self._base = face.session.draft(blank)
        self._typed: list[str] = []

    def run(self) -> bool:
        """Take lines and run them until the function is right; False where a command has led elsewhere before."""
        say = self._console.say
        say()
        say(self._blank.prompt)
        self._console.show(self._base.rstrip("\n"))
        say(
            "Type the lines that go above its return line, or a whole function from its def on. "
            "A line with a single dot runs it."
        )
        while True:
            line = self._console.ask("| ")
            command = as_command(line)
            if line.strip() == "." or (command is not None and command.word == "run"):
                if self._run():
                    return True
            elif command is None or not command.known:  # `:param x:` stands in docstrings
                self._typed.append(line)
                self._session.keep_draft(self._blank, self._text)
            elif self._command(command):
                return False

    @property
    def _text(self) -> str:
        return composed(self._base, self._typed)

    def _run(self) -> bool:
        text = self._text
        verdict = self._session.answer(self._step, self._blank, text)
        say_verdict(self._console, verdict)
        if verdict.accepted:
            return True
        self._console.show(numbered(text))
        self._console.say("Lines you type now go below those above. :undo takes the last one back, :clear all of them.")
        return False

    def _command(self, command: Command) -> bool:
        if command.word == "undo":
            taken = self._typed.pop() if self._typed else None
            self._console.say("There is nothing to take back." if taken is None else f"Taken back: {taken}")
        elif command.word == "clear":
            self._base, self._typed = self._blank.starter, []
            self._console.say("Begun anew:")
            self._console.show(self._base.rstrip("\n"))
        else:
            return self._face.command(command, self._step, self._blank, self._text)
        self._session.keep_draft(self._blank, self._text)
        return False
