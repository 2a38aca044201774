"""Staged equations, one line at a time: each is judged as it comes, and a refused one is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.judging import Kind, Verdict
from tutor.plain.commands import BARE, Command, as_command, is_bare
from tutor.plain.said import say_verdict
from tutor.questions import Blank, Step

if TYPE_CHECKING:
    from tutor.plain.face import Plain


class EquationsEntry:
    """The equations taken so far, and the blank they are for."""

    def __init__(self, face: Plain, step: Step, blank: Blank) -> None:
        self._face = face
        self._session = face.session
        self._console = face.console
        self._step = step
        self._blank = blank
        self._lines = [line for line in face.session.draft(blank).splitlines() if line.strip()]

    def run(self) -> bool:
        """Take lines until the function is reached; False where a command has led elsewhere before."""
        self._console.say()
        self._console.say(self._blank.prompt)
        self._drop_faulty_end()
        self._say_lines()
        if self._complete:
            self._console.say("They are complete. Enter alone keeps them; :undo and :clear take lines back.")
        while True:
            line = self._console.ask(f"equation {len(self._lines) + 1}: ")
            command = as_command(line)
            if command is not None:
                if self._command(command):
                    return False
            elif is_bare(line):
                self._console.say(BARE)
            elif line.strip():
                if self._take(line.strip()):
                    return True
            elif self._complete:
                return self._keep()

    @property
    def _text(self) -> str:
        return "\n".join(self._lines)

    @property
    def _complete(self) -> bool:
        return bool(self._lines) and self._session.view.staging(self._step, self._text).complete

    def _keep(self) -> bool:
        """Leave complete equations as they are; they are an answer where they were only a draft."""
        answer = self._session.answers.get(self._blank.key)
        if answer is None or answer.text != self._text:
            say_verdict(self._console, self._session.answer(self._step, self._blank, self._text))
        return self._session.accepted(self._blank)

    def _drop_faulty_end(self) -> None:
        """A draft of the app may end in a line that does not hold; what is above it is kept."""
        fault = self._session.view.staging(self._step, self._text).fault if self._lines else None
        if fault is not None:
            self._lines, left_out = self._lines[: fault.number], self._lines[fault.number :]
            self._console.say("Your draft goes on with lines that do not hold yet. They are left out here:")
            for line in left_out:
                self._console.say(line, indent="  ")

    def _take(self, line: str) -> bool:
        """Judge a line after those before; True where it completes the function."""
        text = "\n".join([*self._lines, line])
        staging = self._session.view.staging(self._step, text)
        if staging.complete:
            verdict = self._session.answer(self._step, self._blank, text)
            self._lines.append(line)
            say_verdict(self._console, verdict)
            return verdict.accepted
        if staging.fault is not None or staging.verdict.kind is not Kind.UNDECIDED:
            say_verdict(self._console, self._refused(text, staging.verdict))
            return False
        self._lines.append(line)
        self._session.keep_draft(self._blank, text)
        echo = staging.lines[-1].echo
        self._console.say(f"Taken{f', read as {echo}' if echo else ''}.")
        if len(self._lines) == 1:
            self._console.say(staging.verdict.message)
        return False

    def _refused(self, text: str, verdict: Verdict) -> Verdict:
        """The verdict on a line that is not kept, recorded as an answer.

        Not where the staging is done already: a wrong answer would take its place, and all that follows from it.
        """
        if not self._session.accepted(self._blank):
            verdict = self._session.answer(self._step, self._blank, text)
            self._session.keep_draft(self._blank, self._text)
        return verdict

    def _command(self, command: Command) -> bool:
        if command.word == "undo" and self._lines:
            self._console.say(f"Taken back: {self._lines.pop()}")
            self._session.keep_draft(self._blank, self._text)
        elif command.word in ("undo", "clear"):
            self._console.say("All lines are taken back." if self._lines else "There is nothing to take back.")
            self._lines.clear()
            self._session.keep_draft(self._blank, "")
        else:
            return self._face.command(command, self._step, self._blank, self._text)
        return False

    def _say_lines(self) -> None:
        if self._lines:
            self._console.say("Your equations so far:")
            for line in self._lines:
                self._console.say(line, indent="  ")
