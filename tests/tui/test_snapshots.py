"""Every screen as a picture, in two sizes. `pytest tests/tui/test_snapshots.py --snapshot-update` takes them anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, TextArea

from tests.begun import begin
from tests.faces.by_hand import WORKED
from tests.tui.driver import Driver
from tutor.papers.paper import Paper, PaperExercise
from tutor.papers.sitting import Sitting
from tutor.paths import shipped_folder
from tutor.practice import progress
from tutor.tui.app import TutorApp
from tutor.tui.layout_budget import WIDE
from tutor.tui.screens import menu
from tutor.tui.screens.begin_paper import BeginPaperScreen
from tutor.tui.screens.paper import HandInScreen, PaperScreen
from tutor.tui.screens.paper_result import PaperResultScreen
from tutor.tui.screens.papers import PapersScreen
from tutor.tui.screens.solved import SolvedScreen
from tutor.tui.screens.worked import WorkedScreen
from tutor.tui.widgets.exercise_tree import ExerciseTree

Scene = Callable[[Driver], Awaitable[None]]
Compare = Callable[..., bool]
PAPER = Paper("quiz", "A quiz", 10, (PaperExercise("shapes/add"), PaperExercise("node-way/a")), "Pen and paper.")


async def home(driver: Driver) -> None:
    driver.app.screen.query_one(ExerciseTree).go_to("sigmoid/gates")
    small = driver.app.size.width < 100  # one line is all there is room for, and its function is not set as mathematics
    await driver.until(lambda: "1 + e" in driver.text() and (small or "1/(1 + e" not in driver.text()), "the preview")


async def settings(driver: Driver) -> None:
    driver.app.live_settings._path = Path("/home/learner/settings.toml")  # it stands on the page
    await driver.press("s")


async def named(driver: Driver) -> None:
    await driver.enter("5")
    await driver.press("f2")


async def tensor(driver: Driver) -> None:
    await driver.enter("1 2 3; 4 5 6")


async def shape(driver: Driver) -> None:
    for text in ("2, 2", "error", "(2, 4, 2)"):
        await driver.enter(text)


async def choice(driver: Driver) -> None:
    await driver.press("a", "enter")


async def code(driver: Driver) -> None:
    await driver.press("f2")


async def solved(driver: Driver) -> None:
    for line in ("a = x + y", "f = a z"):
        await driver.enter(line)
    await driver.until(lambda: isinstance(driver.app.screen, SolvedScreen), "the end")


async def worked(driver: Driver) -> None:
    await driver.press("f6", "f6")
    await driver.until(lambda: isinstance(driver.app.screen, WorkedScreen) and "Staging" in driver.text(), "the page")


async def replayed(driver: Driver) -> None:
    await driver.press("ctrl+r", "right", "right", "right")


async def beginning(driver: Driver) -> None:
    await driver.press("x")
    await driver.until(lambda: isinstance(driver.app.screen, PapersScreen), "the papers")
    await driver.press("enter")
    await driver.shows(" marks, ")


async def paper(driver: Driver) -> None:
    await driver.press("enter")
    await driver.until(lambda: isinstance(driver.app.screen, PaperScreen) and driver.app.focused, "the paper")
    await driver.press("escape", "k")  # the clock goes on meanwhile
    for answer in ("(2, 2)", "nonsense (("):
        await driver.enter(answer)


async def handing(driver: Driver) -> None:
    await paper(driver)
    await driver.press("escape", "x")
    await driver.until(lambda: isinstance(driver.app.screen, HandInScreen), "the question")


async def result(driver: Driver) -> None:
    await handing(driver)
    await driver.press("enter")
    await driver.until(lambda: isinstance(driver.app.screen, PaperResultScreen), "the marks")


async def staging(driver: Driver) -> None:
    for line in ("a = ln x", "b = sqrt y", "c = sigma(b)"):
        await driver.enter(line)
    await driver.press(*"g = x +")


def pressing(*keys: str) -> Scene:
    async def scene(driver: Driver) -> None:
        await driver.press(*keys)

    return scene


BEGUN = {
    "backward": WORKED["node-way/c"][0][:19],
    "tensor": ["q = W @ x", "f = ||q||^2", "0.22; 0.26", "0.116", "1", "2 q"],
    "replay": WORKED["node-way/a"][0],
    "fewer": WORKED["node-way/c"][0][:15],
    "menu": WORKED["node-way/c"][0][:19],
    "jump": WORKED["node-way/c"][0][:19],
    "graph": WORKED["node-way/c"][0][:19],
    "again": WORKED["node-way/a"][0][:9],
}
"""What the learner has answered before the picture begins."""

SCENES: dict[str, tuple[str | Paper | None, Scene]] = {
    "welcome": (None, pressing()),
    "home": (None, home),
    "lessons": (None, pressing("ctrl+l")),
    "lesson": (None, pressing("ctrl+l", "down", "enter")),
    "gates": ("node-way/a", pressing("ctrl+g")),
    "own": (None, pressing("m", *"x*y + sin(x)")),
    "made": (None, pressing("g")),
    "papers": (None, pressing("x")),
    "progress": (None, pressing("p")),
    "settings": (None, settings),
    "palette": (None, pressing("ctrl+p", *"sigm")),
    "help": (None, pressing("f1")),
    "search": (None, pressing("slash", *"soft")),
    "staging": ("layers/complex", staging),
    "backward": ("node-way/c", named),
    "fewer": ("node-way/c", pressing("f8")),
    "menu": ("node-way/c", pressing("escape")),
    "jump": ("node-way/c", pressing("escape", "j")),
    "graph": ("node-way/c", pressing("f7")),
    "again": ("node-way/a", pressing("ctrl+n")),
    "tensor": ("vectors/squared-norm", tensor),
    "shape": ("shapes/add", shape),
    "choice": ("network/composed-linear", choice),
    "gradient": ("tensors/layer", pressing("f2")),
    "code": ("autograd/mul", code),
    "solved": ("staging/f", solved),
    "worked": ("node-way/b", worked),
    "replay": ("node-way/a", replayed),
    "exam": ("exam/one", pressing("f2")),
    "beginning": (None, beginning),
    "paper": (PAPER, paper),
    "handing": (PAPER, handing),
    "result": (PAPER, result),
}


A_DAY = datetime(2026, 11, 30, 12).timestamp()
"""The day of progress's pictures: its weeks are those before today."""

overview = progress.overview


def lines_of(screen: Screen[Any]) -> str:
    """What is on a screen, also where another lies on it."""
    strips = screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["small", "large"])
@pytest.mark.parametrize("name", SCENES)
def test_looks_as_it_did(
    snap_compare: Compare, drawn_at_rest: None, name: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for blinks, blink in ((Input, "_toggle_cursor"), (TextArea, "_toggle_cursor_blink_visible")):
        monkeypatch.setattr(blinks, blink, lambda _: None)  # else a cursor is seen or not, by chance
    monkeypatch.setattr(Sitting, "tick", lambda *_: None)  # the clock of a paper stands
    monkeypatch.setattr(menu, "_PATIENCE", 3600.0)  # the letters stay in their line
    monkeypatch.setattr(progress, "overview", lambda store, library, _now: overview(store, library, A_DAY))
    what, scene = SCENES[name]
    start = what if isinstance(what, str) else None
    sat = what if isinstance(what, Paper) else None
    if start is not None and name in BEGUN:
        begin(start, BEGUN[name])
    app = TutorApp([shipped_folder()], start, greet=name == "welcome", paper=sat)

    async def run_before(pilot: Pilot[Any]) -> None:
        driver = Driver(app, pilot)
        if sat is None:
            await driver.ready(start, greeted=name == "welcome")
        else:
            await driver.until(lambda: isinstance(app.screen, BeginPaperScreen), "the page before a paper")
            await driver.shows(" marks, ")
        await app.workers.wait_for_complete()
        if start is None:
            last = "(x + y)·z" if size[0] >= WIDE else "Stage (ln x + sin y)²"  # the preview is set as mathematics
            await driver.until(lambda: last in lines_of(app.home_screen), "the list and its preview")
        await scene(driver)
        await driver.filled()

    assert snap_compare(app, terminal_size=size, run_before=run_before)
