"""Takes the pictures shown in README.md by driving the real app: `python screenshots/take.py [NAME...]`."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from textual.pilot import Pilot  # noqa: E402 - the app is found beside this script

from tutor.paths import shipped_folder  # noqa: E402
from tutor.tui.app import TutorApp  # noqa: E402
from tutor.tui.screens.exercise import ExerciseScreen  # noqa: E402

Scene = Callable[[Pilot[Any]], Awaitable[None]]


async def type_lines(pilot: Pilot[Any], *lines: str) -> None:
    """Type lines, with Enter after each."""
    for line in lines:
        for character in line:
            await pilot.press(_KEYS.get(character, character))
        await pilot.press("enter")
        await pilot.pause()


_KEYS = {
    " ": "space",
    "=": "equals_sign",
    "+": "plus",
    "-": "minus",
    "/": "slash",
    "*": "asterisk",
    "(": "left_parenthesis",
}
_KEYS |= {")": "right_parenthesis", "^": "circumflex_accent", "@": "at", "|": "vertical_line", ".": "full_stop"}
_KEYS |= {"[": "left_square_bracket", "]": "right_square_bracket", ",": "comma", ";": "semicolon"}


async def home(pilot: Pilot[Any]) -> None:
    """The exercises, one of them begun."""
    await pilot.press("down", "down", "down", "down", "down", "down", "down", "down", "down")
    await pilot.pause(0.6)  # the function is set when the cursor rests
    await pilot.app.workers.wait_for_complete()


async def staging(pilot: Pilot[Any]) -> None:
    """Equations half typed, the graph growing."""
    await type_lines(pilot, "a = ln x", "b = sin y", "s = a + b", "q = s^2")
    for character in "r = 4x":
        await pilot.press(_KEYS.get(character, character))


_FORK = ("a = ln x", "b = sin y", "s = a + b", "q = s^2", "r = 4x", "g = q + r", "1", "1", "2", "4", "10.87", "14.87")


async def named(pilot: Pilot[Any]) -> None:
    """The way back, with a mistake that is named."""
    await type_lines(pilot, *_FORK, "1", "1", "1", "1", "1", "1", "4", "4", "1", "2s", "5")


async def backward(pilot: Pilot[Any]) -> None:
    """The same, and two hints."""
    await named(pilot)
    await pilot.press("f2")
    await type_lines(pilot, "8")  # the next hint comes after a try
    await pilot.press("f2")


async def light(pilot: Pilot[Any]) -> None:
    """The way back in a light theme."""
    pilot.app.theme = "textual-light"
    await named(pilot)


async def shape(pilot: Pilot[Any]) -> None:
    """A wrong shape, with the broadcasting drawn."""
    await type_lines(pilot, "2, 2", "error", "(2, 4, 2)")


async def replay(pilot: Pilot[Any]) -> None:
    """Both passes again, in the middle of the way back."""
    await type_lines(pilot, *_FORK, "1", "1", "1", "1", "1", "1", "4", "4", "1", "2s", "4")
    await pilot.press("ctrl+r", *["right"] * 12)


async def tensors(pilot: Pilot[Any]) -> None:
    """Matrices as gradients."""
    await type_lines(pilot, "q = W @ x", "f = ||q||^2", "0.22; 0.26", "0.116", "1", "2 q", "0.44; 0.52")
    await type_lines(pilot, "1 2 3; 4 5 6")


async def code(pilot: Pilot[Any]) -> None:
    """The NumPy function, run, with a gradient that is not right."""
    await type_lines(pilot, "a = x + y", "f = a z", "4", "8", "1", "z", "2", "a", "4", "2", "1", "2", "1", "2")
    await pilot.press("enter")  # from the finished graph to the code
    await pilot.pause()
    await type_lines(pilot, "a = x + y", "out = a * z")
    await pilot.press("down", "down", "down", "end")
    await type_lines(pilot, "fz = a", "fx = z", "fy = z + x")
    await pilot.press("f5")
    await pilot.app.workers.wait_for_complete()


SCENES: dict[str, tuple[str | None, tuple[int, int], Scene]] = {
    "home": (None, (110, 32), home),
    "staging": ("node-way/c", (110, 32), staging),
    "backward": ("node-way/c", (120, 40), backward),
    "backward-80x24": ("node-way/c", (80, 24), named),
    "tensors": ("vectors/squared-norm", (110, 32), tensors),
    "code": ("node-way/a", (110, 32), code),
    "light": ("node-way/c", (110, 32), light),
    "shape": ("shapes/add", (90, 28), shape),
    "replay": ("node-way/c", (110, 32), replay),
}


async def take(name: str) -> None:
    """Play a scene and write its picture."""
    start, size, scene = SCENES[name]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["BACKPROP_TUTOR_HOME"] = folder
        app = TutorApp([shipped_folder()], start, greet=False)
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            while start is not None and not (isinstance(app.screen, ExerciseScreen) and app.focused):
                await pilot.pause()
            await scene(pilot)
            await pilot.pause()
            (HERE / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or SCENES:
        asyncio.run(take(chosen))
