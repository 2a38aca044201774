"""A Python function, typed line by line: a line with a single dot, or `:run`, runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.plain.commands import Command, as_command
from tutor.plain.said import say_verdict
from tutor.plain.source import begins_whole, composed, numbered, takes_lines, whole
from tutor.questions import Blank, Step

if TYPE_CHECKING:
    from tutor.plain.face import Plain


_FOR_LINES = (
    "Type the lines that go above its return line, or a whole function from its def on. "
    "A line with a single dot runs it."
)
_FOR_A_PROGRAM = (
    "Type the whole program, from its first class or def line on and with the indents it needs. "
    "A line with a single dot runs it."
)
_GO_ON = "Lines you type now are added below. :undo takes the last one back, :clear all of them."
_NOT_LOOSE = "This line was not taken: this step needs a whole program. Begin with its class or def line."


class CodeEntry:
    """What stands in the blank, and the lines typed on top of it; or a whole program, where lines have no one place."""

    def __init__(self, face: Plain, step: Step, blank: Blank) -> None:
        self._face = face
        self._session = face.session
        self._console = face.console
        self._step = step
        self._blank = blank
        draft = face.session.draft(blank)
        self._whole = not takes_lines(blank.starter)
        self._base = blank.starter if self._whole else draft
        self._typed = draft.rstrip("\n").split("\n") if self._whole and draft != blank.starter else []

    def run(self) -> bool:
        """Take lines and run them until the function is right; False where a command has led elsewhere before."""
        say = self._console.say
        say()
        say(self._blank.prompt)
        self._console.show(self._text.rstrip("\n"))
        if self._whole and self._typed:
            say(f"This is your program so far. {_GO_ON} A line with a single dot runs it.")
        else:
            say(_FOR_A_PROGRAM if self._whole else _FOR_LINES)
        while True:
            line = self._console.ask("| ")
            command = as_command(line)
            if line.strip() == "." or (command is not None and command.word == "run"):
                if self._run():
                    return True
            elif command is None or not command.known:  # `:param x:` stands in docstrings
                self._type(line)
            elif self._command(command):
                return False

    @property
    def _text(self) -> str:
        return whole(self._typed, self._base) if self._whole else composed(self._base, self._typed)

    def _type(self, line: str) -> None:
        """Take a line; none by itself where a whole program is wanted."""
        if self._whole and not begins_whole([*self._typed, line]):
            self._console.say(_NOT_LOOSE)
            return
        self._typed.append(line)
        self._session.keep_draft(self._blank, self._text)

    def _run(self) -> bool:
        text = self._text
        verdict = self._session.answer(self._step, self._blank, text)
        say_verdict(self._console, verdict)
        if verdict.accepted:
            return True
        self._console.show(numbered(text))
        self._console.say(_GO_ON)
        return False

    def _command(self, command: Command) -> bool:
        if command.word == "undo":
            taken = self._typed.pop() if self._typed else None
            self._console.say("There is nothing to take back." if taken is None else f"Taken back: {taken}")
        elif command.word == "clear":
            self._base, self._typed = self._blank.starter, []
            self._console.say("Starting over:")
            self._console.show(self._base.rstrip("\n"))
        else:
            return self._face.command(command, self._step, self._blank, self._text)
        self._session.keep_draft(self._blank, self._text)
        return False
