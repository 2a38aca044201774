"""A learner who presses anything: keys, pastes, clicks and sizes by chance, the same for the same seed."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from textual import events
from textual.keys import KEY_TO_UNICODE_NAME

from tests.begun import begin
from tests.faces.by_hand import WORKED
from tests.tui.driver import Driver
from tutor.paths import shipped_folder
from tutor.tui.app import TutorApp
from tutor.tui.commands import BY_ID
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.menu import MenuScreen

STARTS: tuple[str | None, ...] = (
    None, "node-way/a", "vectors/squared-norm", "autograd/plus", "shapes/rules", "derivatives/one-variable",
    "network/forward", "tensors/element", "autograd/order", "autograd/recursion", "network/composed-linear",
    "autograd/engine", "exam/one", "convolution/backward", "blocks/lstm-cell", "descent/step", "network/loops",
)  # fmt: skip
"""Home, and exercises of every kind."""

SETTLED = (100, 30)
"""The size at which one must find home again."""

_ESCAPES = 12
"""So many presses of Escape, and q among the letters, lead home from anywhere."""

_QUITS = "ctrl+q"
_OURS = (
    *sorted({key for one in BY_ID.values() for key in (*one.every_key.split(","), one.letter)} - {"", _QUITS}),
    "ctrl+c", "ctrl+a", "ctrl+z", "ctrl+v", "ctrl+home", "ctrl+end", "tab", "shift+tab", "backspace", "delete", *"12ab",
    *["escape", "enter", "down"] * 8,
)  # fmt: skip
"""Every key and letter of the table but the one that quits, and those of fields."""

_TEXT = "xyzab12=+-*^()[] .,σ²∂é"
_PASTES = (
    "p = x + y", "f = p z", "2", "-0.78", "[[1, 2], [3, 4]]", "(2, 3)", "error", "def q2a(x, y, z):\n    return x\n",
    "[/b] [red]x[/red]", "\x1b[31m", "\u202e\u200b\x00", "(" * 60, "e" * 300, "", "\n\n", "1 2; 3 4", "a b c",
)  # fmt: skip
_COMMANDS = ("help", "hint", "set", "theme", "gate", "replay", "next", "x^x", "", "worked", "node", "text")
_SIZES = ((80, 24), (120, 40), (80, 8), (99, 5), (50, 15), (49, 14), (10, 3), (250, 70), (100, 3), (60, 18))


@dataclass
class Roamed:
    """What became of one walk: how many events of each kind, the last of them, and the crash if there was one."""

    seed: int
    start: str | None
    counts: Counter[str] = field(default_factory=Counter)
    last: list[str] = field(default_factory=list)
    crash: str = ""
    stuck: str = ""

    @property
    def total(self) -> int:
        """All events."""
        return sum(self.counts.values())

    @property
    def story(self) -> str:
        """What led to the end."""
        return f"seed {self.seed}, {self.start or 'home'}, after {self.total}: {', '.join(self.last[-12:])}"


class Roamer:
    """Drives one app by chance."""

    def __init__(self, driver: Driver, chance: Random, roamed: Roamed) -> None:
        self._driver = driver
        self._app = driver.app
        self._chance = chance
        self._roamed = roamed

    async def roam(self, steps: int) -> None:
        """So many steps, each of one event or a few; fewer where the app ends, as it may be told to."""
        ways = (self._key, self._burst, self._paste, self._click, self._scroll, self._resize, self._command)
        for _ in range(steps):
            if not self._app.is_running or self._app._exit:
                return
            await self._chance.choices(ways, weights=(30, 8, 5, 6, 2, 5, 3))[0]()

    async def back_home(self) -> None:
        """With enough room, Escape leads home and a key does something there."""
        await self._driver.resize(*SETTLED)
        for _ in range(_ESCAPES):
            if isinstance(self._app.screen, HomeScreen):
                break
            await self._driver.press("escape")
            if isinstance(self._app.screen, MenuScreen):
                await self._driver.press("q")
        if not isinstance(self._app.screen, HomeScreen):
            self._roamed.stuck = f"{[type(one).__name__ for one in self._app.screen_stack]}"
        elif self._app.focused is None:
            self._roamed.stuck = "nothing has the focus on the home screen"

    def _note(self, kind: str, what: str, many: int = 1) -> None:
        self._roamed.counts[kind] += many
        self._roamed.last.append(what)

    async def _send(self, *keys: str) -> None:
        """Keys one upon another, and then time to deal with them."""
        for key in keys:
            self._app.post_message(events.Key(_name(key), key if len(key) == 1 else None))
        await self._driver.pilot.pause()

    def _any_key(self) -> str:
        if self._chance.random() < 0.6:
            return self._chance.choice(_OURS)
        return self._chance.choice(_TEXT)

    async def _key(self) -> None:
        key = self._any_key()
        self._note("key", key)
        await self._send(key)

    async def _burst(self) -> None:
        """Keys that come faster than they are dealt with, half of the time the same one."""
        one = self._any_key()
        keys = [one] * 3 if self._chance.random() < 0.5 else [one, self._any_key(), self._any_key()]
        self._note("key", "+".join(keys), len(keys))
        await self._send(*keys)

    async def _paste(self) -> None:
        text = self._chance.choice(_PASTES)
        self._note("paste", f"paste {text[:20]!r}")
        self._app.post_message(events.Paste(text))
        await self._send("enter")

    def _anywhere(self) -> tuple[int, int]:
        width, height = self._app.size
        return self._chance.randrange(width), self._chance.randrange(height)

    async def _click(self) -> None:
        place, times = self._anywhere(), self._chance.choice((1, 1, 2))
        self._note("click", f"click {place}", times)
        await self._driver.pilot.click(offset=place, times=times)

    async def _scroll(self) -> None:
        x, y = self._anywhere()
        kind = self._chance.choice((events.MouseScrollDown, events.MouseScrollUp))
        self._note("scroll", "scroll")
        self._app.post_message(kind(None, x, y, 0, 0, 0, False, False, False))
        await self._driver.pilot.pause()

    async def _resize(self) -> None:
        own = self._chance.random() < 0.6
        size = self._chance.choice(_SIZES) if own else (self._chance.randint(10, 250), self._chance.randint(3, 70))
        self._note("resize", f"{size[0]}x{size[1]}")
        await self._driver.resize(*size)

    async def _command(self) -> None:
        words = self._chance.choice(_COMMANDS)
        last = self._chance.choice(("enter", "pagedown", "f11", "ctrl+p", "escape", "down"))
        keys = ["ctrl+p", *words.replace(" ", ""), last]
        self._note("key", f"palette {words} {last}", len(keys))
        for key in keys:
            await self._send(key)


def _name(key: str) -> str:
    """What Textual calls a key: characters that are not letters or digits by their names."""
    if len(key) != 1 or key.isalnum():
        return key
    return KEY_TO_UNICODE_NAME.get(key, key) if key != " " else "space"


async def walk(seed: int, steps: int, starts: Sequence[str | None] = STARTS) -> Roamed:
    """One app from its start to its end, roamed through in a folder of its own (BACKPROP_TUTOR_HOME is set)."""
    chance = Random(seed)
    start = starts[seed % len(starts)]
    roamed = Roamed(seed, start)
    if start in WORKED:
        answers, _ = WORKED[start]
        equations = sum(" = " in one for one in answers)
        if done := chance.choice((0, equations, equations + 2, len(answers))):
            begin(start, answers[:done])
    app = TutorApp([shipped_folder()], start, greet=start is None)
    try:
        async with app.run_test(size=chance.choice(_SIZES[:2]), notifications=True) as pilot:
            driver = Driver(app, pilot)
            await driver.ready(start, start is None)
            roamer = Roamer(driver, chance, roamed)
            await roamer.roam(steps)
            if app.is_running and not app._exit:
                await roamer.back_home()
    except Exception as error:  # noqa: BLE001 - any of them is what is looked for
        roamed.crash = "".join(traceback.format_exception(error))
    return roamed
