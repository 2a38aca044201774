"""Answers of several lines, typed at the prompt: staged equations, and code."""

from __future__ import annotations

import re
from textwrap import dedent, indent
from typing import TYPE_CHECKING

from tutor.judging import Kind, Verdict
from tutor.plain.commands import BARE, PlainCommand, as_command, is_bare
from tutor.plain.feedback import say_verdict
from tutor.questions import Blank, Step

if TYPE_CHECKING:
    from tutor.plain.face import Plain


class _Entry:
    """A blank of a step, and the conversation it is filled in by."""

    def __init__(self, face: Plain, step: Step, blank: Blank) -> None:
        self._face = face
        self._session = face.session
        self._console = face.console
        self._step = step
        self._blank = blank


class EquationsEntry(_Entry):
    """Staged equations, one line at a time: each is judged as it comes, and a refused one is not kept."""

    def __init__(self, face: Plain, step: Step, blank: Blank) -> None:
        super().__init__(face, step, blank)
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
        echo, note = staging.lines[-1].echo, self._session.view.before_next(self._step, text, staging.lines[-1])
        self._console.say(f"Taken{f', read as {echo}' if echo else ''}. {note}".rstrip())
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

    def _command(self, command: PlainCommand) -> bool:
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


class CodeEntry(_Entry):
    """A Python function, typed line by line: a line with a single dot, or `:run`, runs it.

    It holds what is in the blank, and the lines typed on top of it; or a whole program, where lines have no one place.
    """

    def __init__(self, face: Plain, step: Step, blank: Blank) -> None:
        super().__init__(face, step, blank)
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
            elif is_bare(line):
                self._console.say(BARE)
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
        say_verdict(self._console, self._session.as_said(self._blank, verdict))
        if verdict.accepted:
            return True
        self._console.show(numbered(text))
        self._console.say(_GO_ON)
        return False

    def _command(self, command: PlainCommand) -> bool:
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


# Code of the lines typed

_WHOLE = re.compile(r"(\s*(#.*)?\n)*((def|import|from|class)\s|@)")
_NOTHING_YET = re.compile(r"(\s*(#.*)?(\n|$))*")
_DEF = re.compile(r"(async\s+)?def\s")
_BODY = "    "


def takes_lines(starter: str) -> bool:
    """Whether loose lines may go into it: it ends in one function, and in that one's return line.

    A class does not: nothing says into which of its methods a line would go.
    """
    lines = starter.rstrip().split("\n")
    blocks = [line for line in lines if line[:1].strip() and not line.startswith(("#", ")"))]
    last = lines[-1]
    at_body = last.startswith(f"{_BODY}return") and not any(line.startswith("class ") for line in blocks)
    return bool(blocks) and bool(_DEF.match(blocks[-1])) and at_body


def begins_whole(typed: list[str]) -> bool:
    """Whether the lines begin a program of their own, or may still do so: up to now there are only comments."""
    text = _dedented(typed)
    return bool(_NOTHING_YET.fullmatch(text) or _WHOLE.match(text))


def whole(typed: list[str], starter: str) -> str:
    """The program that the typed lines are; the starter where nothing is typed."""
    text = _dedented(typed)
    return f"{text}\n" if text.strip() else starter


def composed(base: str, typed: list[str]) -> str:
    """The function that the typed lines amount to.

    Lines that begin with `def` or `import` are a function of their own. Others go into `base`, before the return
    line at its end; they may be indented or not, and may end in a return of their own.
    """
    text = _dedented(typed)
    if not text.strip():
        return base
    if _WHOLE.match(text):
        return f"{text}\n"
    above, last = _split(base)
    lines = text.split("\n")
    own_return = next((line for line in reversed(lines) if line.strip()), "").startswith("return")
    body = indent(text, _BODY)
    return "\n".join([*above, body, *([] if own_return or not last else [last]), ""])


def numbered(source: str) -> str:
    """The source with a number before each line."""
    lines = source.rstrip("\n").split("\n")
    width = len(str(len(lines)))
    return "\n".join(f"{number:>{width}}  {line}".rstrip() for number, line in enumerate(lines, 1))


def _dedented(typed: list[str]) -> str:
    return dedent("\n".join(line.expandtabs(4) for line in typed)).strip("\n")


def _split(base: str) -> tuple[list[str], str]:
    """The lines above the return line at the end, without blank ones at their end, and the return line."""
    lines = base.rstrip().split("\n")
    last = lines.pop() if lines[-1].strip().startswith("return") else ""
    while lines and not lines[-1].strip():
        lines.pop()
    return lines, last
