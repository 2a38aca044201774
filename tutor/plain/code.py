"""A Python function, typed line by line: a line with a single dot, or `:run`, runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.plain.commands import BARE, Command, as_command, is_bare
from tutor.plain.said import say_verdict
from tutor.questions import Blank, Step

if TYPE_CHECKING:
    from tutor.plain.face import Plain
import re
from textwrap import dedent, indent

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
