"""Type at random, leave in random ways, look what is kept: `python -m tests.bench.bench_losses [ROUNDS] [SEED]`.

Half the rounds go through the real program in a pseudo-terminal (signals among the ways to leave), half through the
pilot. A round is lost where the text that was typed is not what the store holds afterwards.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pexpect
from textual import events

from tests.begun import begin
from tests.faces.by_hand import WORKED
from tests.terminal.terminal import KEYS, Terminal
from tutor.learner import Store
from tutor.paths import shipped_folder
from tutor.runner import Runner
from tutor.tui.app import TutorApp
from tutor.tui.screens.exercise import ExerciseScreen

EXERCISE = "node-way/a"
ANSWERS = WORKED[EXERCISE][0]
EQUATIONS = sum(" = " in answer for answer in ANSWERS)
FIELDS = {"equation": (0, "staging"), "value": (EQUATIONS, None), "code": (len(ANSWERS), "code"), "note": (0, "add")}
"""Field -> how many answers are given before, and the key of the blank or gate."""
PILOT_WAYS = ("ctrl+q", "escape", "f3", "f4")
TERMINAL_WAYS = (*PILOT_WAYS, "SIGTERM", "SIGHUP", "SIGKILL")
READY = {"equation": "One operation", "value": "p =", "code": "def q2a", "note": "One operation"}


def typed(dice: random.Random) -> str:
    """A text that no key takes for anything but text."""
    return "".join(dice.choice("abcdqxyz0123456789+*() ") for _ in range(dice.randint(1, 30))) + "w"


def kept(field: str, blank: str | None) -> list[str]:
    """What the store holds of a field; several where the blank is not named."""
    with Store() as store:
        if field == "note":
            return [store.note("add")]
        drafts = store.drafts(EXERCISE)
    return [text for key, text in drafts.items() if blank in (None, key)]


def holds(field: str, texts: list[str], text: str) -> bool:
    return any(text in one if field == "code" else text == one for one in texts)


async def by_pilot(field: str, way: str, text: str) -> None:
    app = TutorApp([shipped_folder()], EXERCISE, None, False)
    async with app.run_test(size=(80, 24)) as pilot:
        while not (isinstance(app.screen, ExerciseScreen) and app.focused):
            await pilot.pause(0.02)
        if field == "note":
            await pilot.press("ctrl+g")
            await pilot.pause()
            await pilot.press("tab")
        for character in text:
            name = {"+": "plus", "*": "asterisk", "(": "left_parenthesis", ")": "right_parenthesis", " ": "space"}
            app.post_message(events.Key(name.get(character, character), character))
        app.post_message(events.Key(way, None))
        if way == "ctrl+q":
            while app.is_running:
                await asyncio.sleep(0.01)
        else:
            await pilot.pause(1.5)


def by_terminal(home: Path, field: str, way: str, text: str) -> None:
    with Terminal(home, "start", EXERCISE) as terminal:
        terminal.process.timeout = 10
        terminal.until(READY[field])
        if field == "note":
            terminal.process.send("\x07")
            terminal.until("Your notes")
            terminal.process.send("\t")
        terminal.process.send(text)
        terminal.until(text[-8:])
        if way in KEYS:
            terminal.press(way)
        if way == "ctrl+q":
            terminal.ended()
        elif way.startswith("SIG") and way != "SIGKILL":
            os.kill(terminal.process.pid, getattr(signal, way))
            terminal.ended()
        else:
            rest(terminal)
            os.kill(terminal.process.pid, signal.SIGKILL)


def rest(terminal: Terminal) -> None:
    """Half a second, in which the program may write."""
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        with suppress(pexpect.TIMEOUT):
            terminal.process.read_nonblocking(65536, timeout=0.05)


def rounds(many: int, seed: int) -> Iterator[tuple[str, str, str, bool]]:
    dice = random.Random(seed)
    for number in range(many):
        through = ("pilot", "terminal")[number % 2]
        field = dice.choice(list(FIELDS))
        way = dice.choice(PILOT_WAYS if through == "pilot" else TERMINAL_WAYS)
        if field == "note" and way in ("f3", "f4"):
            way = "escape"
        text = typed(dice)
        given, blank = FIELDS[field]
        with tempfile.TemporaryDirectory() as home:
            os.environ["BACKPROP_TUTOR_HOME"] = home
            if given:
                begin(EXERCISE, ANSWERS[:given])
            if through == "pilot":
                asyncio.run(by_pilot(field, way, text))
            else:
                with suppress(pexpect.TIMEOUT, AssertionError):  # what never came to its field is lost
                    by_terminal(Path(home), field, way, text)
            yield through, field, way, holds(field, kept(field, blank), text)


def main(many: int = 200, seed: int = 1) -> None:
    Runner.warm = lambda _: None  # type: ignore[method-assign]
    lost, all_of = Counter[tuple[str, str, str]](), Counter[tuple[str, str, str]]()
    for *what, fine in rounds(many, seed):
        all_of[tuple(what)] += 1
        lost[tuple(what)] += not fine
    for what, count in sorted(all_of.items()):
        print(f"{' '.join(what):<28} {lost[what]:>3} of {count:>3} lost")
    print(f"{sum(lost.values())} of {many} rounds lost what was typed.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
