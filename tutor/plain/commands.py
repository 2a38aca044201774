"""The commands, and telling them from answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

COMMANDS = {
    "help": "this list",
    "hint": "the next hint for this blank; there are three",
    "show": "fill in this blank, which then counts as shown",
    "fix": "put right the answers that followed from a number you have corrected",
    "skip": "show the rest of this step",
    "graph": "draw the graph; :graph tape lists its equations instead",
    "go": "list the steps; :go STEP goes to one",
    "quick": "in Backward, ask for each value's gradient only",
    "full": "in Backward, ask for upstream, local and downstream",
    "undo": "take back the last line (equations, code)",
    "clear": "take back all lines (equations, code)",
    "run": "run the code; a line with a single dot does so too",
    "again": "begin this exercise again from nothing; asks first",
    "new": "the same on new numbers; asks first where this is half done",
    "quit": "leave; your work is kept (so does the end of the input)",
}

_COMMAND = re.compile(r"\s*:\s*([A-Za-z]+|\?)\s*(.*?)\s*")
_OTHER_WORDS = {"?": "help", "q": "quit", "exit": "quit", "h": "help"}
_BARE = ("quit", "exit", "help", "?")


@dataclass(frozen=True, slots=True)
class PlainCommand:
    """A command's word and what follows it."""

    word: str
    rest: str = ""

    @property
    def known(self) -> bool:
        """Whether there is such a command."""
        return self.word in COMMANDS


def as_command(line: str) -> PlainCommand | None:
    """The command in a line; None for an answer. The command may be one that does not exist."""
    found = _COMMAND.fullmatch(line)
    if found is None:
        return None
    word = found[1].lower()
    return PlainCommand(_OTHER_WORDS.get(word, word), found[2])


def is_bare(line: str) -> bool:
    """Whether a line is a word that asks to leave or for help, without its colon."""
    return line.strip().casefold() in _BARE


BARE = "`:quit` leaves, `:help` lists the commands."
"""What is said to such a word where it is no answer."""


def help_text() -> str:
    """The commands, one a line."""
    return "\n".join(f":{word:<6} {about}" for word, about in COMMANDS.items())


def unknown(command: PlainCommand) -> str:
    """What is said to a command that does not exist."""
    near = get_close_matches(command.word, COMMANDS, n=1)
    meant = f" Did you mean :{near[0]}?" if near else " :help lists them."
    return f"There is no command :{command.word}.{meant}"
