"""A paper line by line: blank after blank, no verdict before it is handed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from string import ascii_lowercase
from typing import TextIO

from tutor.drawing import choose, draw
from tutor.papers.result import clock
from tutor.papers.sitting import OpenBlank, Sitting
from tutor.plain.commands import as_command
from tutor.plain.console import Console, Leaving
from tutor.questions import InputKind
from tutor.questions.choice import letter_meant
from tutor.text import WIDTH

_COMMANDS = {
    "help": "this list",
    "list": "the questions, and what is filled in",
    "go": "to a question: :go 3",
    "next": "to the next question",
    "back": "to the blank before this one",
    "graph": "draw the graph of this question",
    "flag": "flag this question, or take the flag back",
    "time": "how much time is left",
    "clear": "empty this blank (equations, code)",
    "done": "hand the paper in; asks first",
    "quit": "leave; text and time are kept, and the clock stops",
}
_HEIGHT = 40


class PaperFace:
    """A sitting on a console. `run` leads through it; whether it was handed in."""

    def __init__(self, sitting: Sitting, reader: TextIO, writer: TextIO, now: Callable[[], float] = time.monotonic):
        self._sitting = sitting
        self._console = Console(reader, writer)
        self._now = now
        self._asked = now()
        self._number, self._key = sitting.here
        self._announced = 0
        self._step = (0, "")
        """The question and step whose line was said last."""
        self._said = (0, "")
        """The blank that was said last: it is not said again for every line of equations."""
        self._begun = (0, "")
        """The blank that a line was entered into last: an empty one among the lines of a program is a line of it."""

    def run(self) -> bool:
        """Ask for blank after blank until the paper is handed in, time is up, or the input ends."""
        say, sitting = self._console.say, self._sitting
        many = len(sitting.questions)
        say(sitting.paper.title)
        if sitting.paper.prompt:
            say(sitting.paper.prompt)
        say(
            f"{many} question{'' if many == 1 else 's'}, {clock(sitting.left)} left. Enter alone goes on; :go 3 goes "
            "to a question, :done hands in, :help lists the rest. You are told nothing about your answers before that."
        )
        try:
            while not sitting.time_is_up:
                if self._ask():
                    return True
        except (Leaving, KeyboardInterrupt):
            self._tick()
            if not sitting.time_is_up:
                say("Your answers and the time are kept. The same command goes on from here.")
                return False
        say("Time is up. The paper is handed in as it is.")
        return True

    def _tick(self) -> None:
        now = self._now()
        self._sitting.tick(now - self._asked)
        self._asked = now

    def _ask(self) -> bool:
        """One line at the blank at hand; whether the paper is to be handed in."""
        found = self._sitting.find(self._number, self._key)
        self._announce()
        if found is None:
            self._next_question()
            return False
        self._key = found.blank.key
        self._sitting.go(self._number, self._key)
        self._say_blank(found)
        line = self._console.ask(f"{found.blank.label} ")
        self._tick()
        if self._sitting.time_is_up:
            return False
        command = as_command(line)
        if command is not None:
            return self._command(command.word, command.rest, found)
        in_code = found.blank.wants is InputKind.CODE and self._begun == (self._number, found.blank.key)
        if line.strip() or in_code:
            self._take(found, line)
        else:
            self._go_on(found)
        return False

    def _take(self, found: OpenBlank, line: str) -> None:
        """Keep an answer: a short one as it is, a line of equations or code below those before it."""
        blank = found.blank
        if blank.wants in (InputKind.VALUE, InputKind.CHOICE):
            text = letter_meant(line, blank.options) if blank.options else line
            self._sitting.keep(self._number, blank.key, text.strip())
            self._go_on(found)
            return
        if line.strip() == ".":
            self._begun = (0, "")
            self._go_on(found)
            return
        self._begun = self._number, blank.key
        before = self._sitting.text(self._number, blank.key)
        if before.strip() == blank.starter.strip():
            before = ""
        self._sitting.keep(self._number, blank.key, f"{before}\n{line}" if before else line)

    def _go_on(self, found: OpenBlank) -> None:
        """To the next blank, which may have come with this answer, or the next question."""
        keys = [one.blank.key for one in self._sitting.blanks(self._number)]
        here = keys.index(found.blank.key) if found.blank.key in keys else len(keys)
        if here + 1 < len(keys):
            self._key = keys[here + 1]
        else:
            self._next_question()

    def _next_question(self) -> None:
        many = len(self._sitting.questions)
        if self._number == many:
            left = " ".join(self._sitting.what_is_open())
            self._console.say()
            self._console.say(f"That was the last question. {left} :done hands in, :list shows what is open.")
        self._go(self._number % many + 1)

    def _go(self, number: int) -> None:
        self._number, self._key, self._announced = number, "", 0
        self._said = self._begun = (0, "")

    def _announce(self) -> None:
        if self._announced == self._number:
            return
        self._announced = self._number
        question = self._sitting.question(self._number)
        say = self._console.say
        say()
        many = len(self._sitting.questions)
        say(f"Question {self._number} of {many}: {question.title}   {question.full:g} marks")
        if question.question.statement:
            say(question.question.statement)

    def _say_blank(self, found: OpenBlank) -> None:
        say, blank = self._console.say, found.blank
        if self._said == (self._number, blank.key):
            return
        self._said = self._number, blank.key
        say()
        if self._step != (self._number, found.opened.step.key):
            self._step = self._number, found.opened.step.key
            say(self._sitting.about(found.opened))
        say(blank.prompt)
        for letter, option in zip(ascii_lowercase, blank.options, strict=False):
            say(f"{letter}) {option}", indent="  ")
        standing = self._sitting.standing(self._number, blank)
        if blank.wants in (InputKind.EQUATIONS, InputKind.CODE):
            if standing.strip():
                self._console.show(standing.rstrip("\n"))
            say("Each line is added below; a single dot ends it, :clear empties it.")
        elif standing:
            say(f"Your answer is {standing}. Enter alone keeps it.")

    def _command(self, word: str, rest: str, found: OpenBlank) -> bool:
        """Do what a command says; whether the paper is to be handed in."""
        if word == "quit":
            raise Leaving
        if word == "done":
            return self._agrees()
        does: Callable[[], object] | None = {
            "list": self._list,
            "time": lambda: self._console.say(
                f"{clock(self._sitting.left)} left of {clock(60 * self._sitting.paper.minutes)}."
            ),
            "flag": lambda: self._console.say("Flagged." if self._sitting.flag(self._number) else "No longer flagged."),
            "next": self._next_question,
            "back": lambda: self._go_back(found),
            "go": lambda: self._go_to(rest),
            "clear": lambda: self._sitting.keep(self._number, found.blank.key, found.blank.starter),
            "graph": lambda: self._draw(found),
            "help": lambda: self._console.show("\n".join(f":{name:<6} {about}" for name, about in _COMMANDS.items())),
        }.get(word)
        if does is None:
            self._console.say(f"There is no command :{word} on a paper. :help lists them.")
        else:
            does()
        return False

    def _list(self) -> None:
        for one in self._sitting.questions:
            flagged = ", flagged" if one.number in self._sitting.flags else ""
            state = self._sitting.state(one.number)
            self._console.say(f"{one.number}. {one.title}: {state}{flagged}", indent="  ")

    def _go_back(self, found: OpenBlank) -> None:
        keys = [one.blank.key for one in self._sitting.blanks(self._number)]
        self._key = keys[max(0, keys.index(found.blank.key) - 1)]

    def _go_to(self, number: str) -> None:
        many = len(self._sitting.questions)
        if number.isdecimal() and 1 <= int(number) <= many:
            self._go(int(number))
        else:
            self._console.say(f"The questions are 1 to {many}, as in :go 3.")

    def _draw(self, found: OpenBlank) -> None:
        picture = self._sitting.picture(self._number, found.opened)
        if picture is None:
            self._console.say("There is no graph here.")
            return
        ascii = self._console.ascii
        self._console.show(draw(picture, choose(picture, WIDTH, _HEIGHT, ascii), ascii).text)

    def _agrees(self) -> bool:
        left = " ".join([*self._sitting.what_is_open(), f"{clock(self._sitting.left)} left."])
        answer = self._console.ask(f"{left} Type yes to hand in: ")
        self._tick()
        return answer.strip().casefold() == "yes"
