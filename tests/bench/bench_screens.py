"""First useful paint, and a keystroke in the staging editor: run by hand, `python tests/bench/bench_screens.py`.

The paint, in a process set up as the command's, is compared with a bare Textual app with Header, Footer, Input and
DataTable, in the same run; the keystroke with the frame of 16 ms that a 60 Hz terminal leaves. What is counted is the
work up to the last paint that the key leads to, without that of Textual's pilot, which asks every widget whether it is
at rest.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 15
_BARE = """
import time
from textual.app import App
from textual.widgets import DataTable, Footer, Header, Input
class Bare(App):
    def compose(self):
        yield Header(); yield Input(); yield DataTable(); yield Footer()
    def on_ready(self):
        self.query_one(DataTable).add_columns("a", "b")
        self.call_after_refresh(self.painted)
    def painted(self):
        print(time.time()); self.exit()
Bare().run(headless=True, size=(80, 24))
"""
_PAINTED = """
import sys, time
from tutor.garbage import collect_seldom
collect_seldom()
from tutor.paths import shipped_folder
from tutor.tui.app import TutorApp
class Timed(TutorApp):
    def on_ready(self):
        self.call_after_refresh(self.painted)
    def painted(self):
        print(time.time(), file=sys.__stdout__); self.exit()
Timed([shipped_folder()], greet=False).run(headless=True, size=(80, 24))
"""
_LISTED = """
import sys, time
from tutor.garbage import collect_seldom
collect_seldom()
from tutor.paths import shipped_folder
from tutor.tui.app import TutorApp
class Timed(TutorApp):
    def take_exercises(self, library):
        super().take_exercises(library)
        self.call_after_refresh(self.painted)
    def painted(self):
        print(time.time(), file=sys.__stdout__); self.exit()
Timed([shipped_folder()], greet=False).run(headless=True, size=(80, 24))
"""


def seconds(script: str) -> float:
    """From the start of the process to the paint that the script reports."""
    begun = time.time()
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=compiled())
    return float(done.stdout.split()[-1]) - begun


def compiled() -> dict[str, str]:
    """The environment in which all modules are compiled before, as they are where the program is installed."""
    others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPYCACHEPREFIX": str(Path(os.environ["BACKPROP_TUTOR_HOME"]) / "compiled")}


def paint() -> None:
    bare, painted, listed = [], [], []
    for script in (_BARE, _LISTED):
        seconds(script)  # this one compiles
    for _ in range(ROUNDS):
        bare.append(seconds(_BARE))
        painted.append(seconds(_PAINTED))
        listed.append(seconds(_LISTED))
    base = statistics.median(bare)
    for name, times in (("home screen painted", painted), ("with the exercises in it", listed)):
        print(f"{name}: {statistics.median(times) * 1e3:.0f} ms, {statistics.median(times) / base:.2f} x a bare app")


_EQUATIONS = ["a = ln x", "b = sin y", "c = a + b", "d = c^2", "h = 4x", "i = h + z", "j = i c", "k = j + d", "m = e^a"]
_EQUATIONS += ["n = m k", "p = n + b"]


def equations(gates: int) -> list[str]:
    """So many, of which the last one is typed."""
    more = [f"v{number} = {f'v{number - 1}' if number else 'p'} + a" for number in range(gates - len(_EQUATIONS) - 1)]
    last = more[-1].split()[0] if more else "p"
    return [*_EQUATIONS, *more, f"q = {last} j"]


async def keystrokes(gates: int) -> None:
    from tutor.paths import shipped_folder
    from tutor.tui.app import TutorApp
    from tutor.tui.screens.exercise import ExerciseScreen

    lines = equations(gates)
    app = TutorApp([shipped_folder()], "node-way/c")
    async with app.run_test(size=(120, 40)) as pilot:
        while not (isinstance(app.screen, ExerciseScreen) and app.focused):
            await pilot.pause(0.05)
        await app.workers.wait_for_complete()
        times: list[float] = []
        painted: list[float] = []
        display = app._display

        def timed(*what: object) -> None:
            display(*what)
            painted.append(time.process_time())

        app._display = timed
        editor = app.focused
        editor.cursor_blink = False
        editor.load_text("\n".join(lines[:-1]) + "\n")
        editor.move_cursor(editor.document.end)
        await pilot.pause()
        for character in lines[-1] * 12:
            if character == "q" and times:
                editor.action_delete_to_start_of_line()
                await pilot.pause()
            await asyncio.sleep(0.05)
            painted.clear()
            begun = time.process_time()
            editor.insert(character)
            await asyncio.sleep(0.1)
            times.append(painted[-1] - begun)
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"keystroke to redrawn graph, {gates} gates: median {p50 * 1e3:.1f} ms, p95 {p95 * 1e3:.1f} ms of work")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ["BACKPROP_TUTOR_HOME"] = str(Path(home))
        paint()
        for gates in (12, 60):
            asyncio.run(keystrokes(gates))
