"""A round of review line by line: each item is a session like any other, with less said around it."""

from __future__ import annotations

from typing import TextIO

from tutor.plain.console import Console, Leaving
from tutor.plain.face import Plain
from tutor.practice.review_round import Asked, Round
from tutor.questions import Step
from tutor.text import harmless

_MOST_GIVEN = 8
"""Blanks that are told as given, the nearest ones."""


class ItemFace(Plain):
    """One item of a round on a console."""

    def work(self) -> None:
        """Ask for its blanks. Raises Leaving."""
        while not self.session.finished:
            self._work_on(self.session.current_step)

    def _announce(self, step: Step) -> None:
        """What is given: the function, its graph, and the blanks before the one that is asked."""
        blank = self.session.current_blank(step)
        if blank is None or self._announced == blank.key:
            return
        first, self._announced = not self._announced, blank.key
        if first and (given := self.session.view.statement(step)):
            self.console.say(given)
        if first:
            self._say_shapes(step, given)
            if self.session.view.picture(step) is not None:
                self._draw(step)
        blanks = self.session.blanks(step)
        before = blanks[: [one.key for one in blanks].index(blank.key)][-_MOST_GIVEN:]
        if before:
            known = [f"{one.label} {self.session.answers[one.key].text}" for one in before]
            self.console.say(f"Given: {'; '.join(known)}")

    def _close_step(self, step: Step, before: bool) -> None:
        """What is said of it is for the round to say."""


def run_round(round: Round, reader: TextIO, writer: TextIO) -> bool:
    """Work through a round until it is over or the input ends; whether it came to its end.

    Raises StoreProblem where an answer cannot be kept, BrokenPipeError where nobody reads any longer.
    """
    console = Console(reader, writer)
    console.say("Type an answer and press Enter. :help lists the commands, such as :hint, :show and :quit.")
    try:
        while (asked := round.next()) is not None:
            _head(console, round, asked)
            ItemFace(asked.session, console).work()
            for outcome in round.finish(asked):
                console.say(round.about(outcome))
    except (Leaving, KeyboardInterrupt):
        console.say()
        _end(console, round)
        return False
    console.say()
    _end(console, round)
    return True


def _head(console: Console, round: Round, asked: Asked) -> None:
    count = round.count()
    place = f"{count.number} of {count.of}{' due' if count.is_due else ''}" if count.of else f"{count.number}, ahead"
    console.say()
    if asked.news:
        console.say(f"{asked.news} :quit ends the round.")
    console.say(f"Blank {place}. {harmless(asked.why)}")


def _end(console: Console, round: Round) -> None:
    for sentence in round.told():
        console.say(sentence)
