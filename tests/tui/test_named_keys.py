"""A walk through the screens: every key that is named on one acts there, whatever keys the learner has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from msgspec.structs import replace
from textual.screen import ModalScreen, Screen

from tests.faces.by_hand import WORKED
from tests.sampling import EVERY_CASE
from tests.tui.conftest import Open
from tests.tui.driver import Driver, text_of
from tutor.tui.commands import BY_ID, lettered
from tutor.tui.keys import MENUS, keys_of, screen_with_letters, spoken
from tutor.tui.live_settings import LiveSettings
from tutor.tui.screens.menu import MenuScreen

OWN = {id: f"f{number}" for number, id in enumerate(sorted(BY_ID), 101)}
"""Each command on a function key of its own: no other key is left to be named."""

FIXED = {"enter", "tab", "ctrl+c"}
"""What fields do themselves, or Textual."""

_NAME = re.compile(
    r"(?<![\w^])(?:(?P<menu>Esc|F\d{3}) (?P<letter>[a-z?,:/]|Left|Right)(?= |$)|"
    r"F\d{1,3}|Ctrl\+[A-Z]|\^[A-Z]|Esc|Enter|Tab|Space|Page (?:Up|Down)|[↑↓←→]+|[Aa]rrows?)(?!\w)"
)
_ARROWS = {"↑": "up", "↓": "down", "←": "left", "→": "right"}


@dataclass(frozen=True)
class Walk:
    """An exercise, or home, and the way through its screens."""

    start: str | None
    begun: Sequence[str]
    way: str
    """One step a line or `;`: `look` at what is named, `back` from a screen, `do ACTION`, `on SCREEN` waits for it,
    `press COMMAND`, `type KEYS`, `answer TEXT`."""

    greet: bool = False


A = WORKED["node-way/a"][0]
WALKS = {
    "welcome": Walk(None, (), "look", greet=True),
    "home": Walk(None, (), """
        look; do focus_road; look; do menu; look; back; do search; look; type zzz; look; do all; do filter; look; do all
        do jump; look; back; do reading; look; back; do read('forks'); look; do try; look; back; back
        do word('fork'); look; back; do settings; look; type tab; look; back; do command_palette; look"""),
    "pages": Walk(None, (), """
        do gates; on GatesScreen; look; back; do own; on OwnFunctionScreen; look; back
        do made; on MadeFunctionScreen; look; back; do progress; on ProgressScreen; look"""),
    "papers": Walk(None, (), """
        do exam; on PapersScreen; look; press papers.sit; on BeginPaperScreen; look; press beginning.yes
        on PaperScreen; look; do menu; look; back; do graph; look; do leave_graph; do hand_in; look
        press handing.yes; on PaperResultScreen; look; do solution; on SolutionScreen; look; back"""),
    "review": Walk("node-way/a", A[:5], """
        do review; on ReviewScreen; look; do menu; look; back; do show; do show; look"""),
    "stage": Walk("node-way/a", (), """
        look; type enter; look; answer q =; look; do menu; look; back; do jump; look; back; do lesson; look; back
        do hint; look; do hint; look; do show; look; do worked; look; do worked; on WorkedScreen; look; back; look"""),
    "forward": Walk("node-way/a", A[:2], """
        look; type enter; look; do graph; look; do leave_graph; do statement; look; answer 7; look
        press exercise.quick; look; press exercise.on; look; do replay; look; do play; look"""),
    "backward": Walk("node-way/a", A[:4], """
        look; do quick; look; do full; look; do copy; look; do again; look; back; do fresh; look; back
        press exercise.on; look"""),
    "finished": Walk("node-way/a", A[:-2], f"""
        answer {A[-2]}; answer {A[-1]}; look; type =; look; press finished.on; look"""),
    "code": Walk("node-way/a", A[:-1], """
        press finished.on; look; type enter; do menu; look; back; do outside; look; press exercise.on; look"""),
    "choice": Walk("autograd/modes", (), "look; press choice.check; look; type z; look; press exercise.graph; look"),
    "staging": Walk("staging/f", (), "answer a = x + y; answer f = a z; on SolvedScreen; look"),
    "paper": Walk("exam/one", (), "look"),
}  # fmt: skip

OFTEN = ["choice", "backward", "home"]
"""Those of the default run: what is named on most screens."""

SAYS_OF_ELSEWHERE = {
    "WelcomeScreen": {"exercise.hint", "lesson", "exercise.help"},
    "BeginPaperScreen": {"paper.home"},
}
"""Screens that say what a key does in exercises, or on a paper."""

LISTS = ("HelpScreen", "Palette")
"""They list keys of the screen below."""


@dataclass(frozen=True)
class Named:
    """A key that a line of a screen names."""

    line: str
    name: str
    letter: str = ""

    @property
    def what(self) -> str:
        """The key and its letter."""
        return f"{self.name} {self.letter}"

    @property
    def keys(self) -> list[str]:
        """As Textual calls them."""
        if self.name[0] in _ARROWS:
            return [_ARROWS[arrow] for arrow in self.name]
        if self.name.lower().startswith("arrow"):
            return list(_ARROWS.values())
        name = self.name.replace("^", "Ctrl+").replace("Esc", "escape").replace("Page ", "page")
        return [name.lower()]


def named_on(screen: Screen[Any]) -> list[Named]:
    """Every key that is named on a screen, but for those that are said to do nothing."""
    lines = [line for line in text_of(screen).splitlines() if "does nothing" not in line]
    return [
        Named(line.strip(), found["menu"] or found[0], found["letter"] or "")
        for line in lines
        for found in _NAME.finditer(line)
    ]


def does_not_act(driver: Driver, one: Named) -> bool:
    """Whether a key that is named does nothing here that is in the table of commands."""
    app = driver.app
    screen = app.screen
    reached = app.screen_stack[-2:] if isinstance(screen, MenuScreen) else [screen]  # it hands on all but letters
    active = {key for each in reached for key, held in each.active_bindings.items() if held.enabled}
    if one.letter and (place := getattr(screen, "bar_places", ("",))[-1]) in MENUS:
        letters = {spoken(command.letter) for command in lettered(place)}
        if one.keys[0] in keys_of(BY_ID[MENUS[place]], app.settings.keys).split(",") and one.letter in letters:
            return False
    closes_menu = keys_of(BY_ID[MENUS[screen_with_letters(app)]], app.settings.keys)
    if isinstance(screen, MenuScreen) and one.keys in ([closes_menu], ["enter"]):
        return False
    if set(one.keys) <= FIXED:
        return bool(app.settings.keys) and "enter" in one.keys and not takes_enter(driver)
    elsewhere = {
        app.settings.keys.get(id, BY_ID[id].every_key) for id in SAYS_OF_ELSEWHERE.get(type(screen).__name__, ())
    }
    return not all(key in active or key in elsewhere for key in one.keys)


def takes_enter(driver: Driver) -> bool:
    """Whether Enter is the field's own, which no command can take away."""
    focused = driver.app.focused
    return any(kind.__name__ in ("Input", "TextArea") for kind in type(focused).__mro__) or (
        type(driver.app.screen).__name__ == "JumpScreen"
    )


async def go(driver: Driver, step: str) -> list[str]:
    """Take one step of a walk; what is wrong where it looks."""
    app = driver.app
    verb, _, what = step.partition(" ")
    own: Mapping[str, str] = app.settings.keys
    match verb:
        case "look":
            await driver.filled()
            here = type(app.screen).__name__
            below = {one.what for one in named_on(app.screen_stack[-2])} if isinstance(app.screen, ModalScreen) else ()
            wrong = [one for one in named_on(app.screen) if one.what not in below and does_not_act(driver, one)]
            return [f"{here}: {one.what}: {one.line}" for one in wrong if here not in LISTS]
        case "back":
            for name in ("action_close", "action_leave", "dismiss"):
                if hasattr(app.screen, name):
                    getattr(app.screen, name)()
                    break
        case "do":
            name = f"action_{what.partition('(')[0]}"
            await app.run_action(what, app.screen if hasattr(app.screen, name) else app)
        case "on":
            await driver.until(lambda: type(app.screen).__name__ == what, what)
        case "press":
            await driver.press((own.get(what) or BY_ID[what].every_key).partition(",")[0])
        case "type":
            await driver.press(*([what] if what in ("enter", "tab") else what))
        case "answer":
            await driver.enter(what)
    await driver.filled()
    return []


@pytest.mark.parametrize("own", [OWN, {}] if EVERY_CASE else [OWN], ids=len)
@pytest.mark.parametrize("size", [(80, 24), (140, 50)] if EVERY_CASE else [(80, 24)], ids=str)
@pytest.mark.parametrize("walk", WALKS if EVERY_CASE else OFTEN)
async def test_every_key_named_acts(
    open_app: Open, walk: str, own: dict[str, str], size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    take = LiveSettings.take
    monkeypatch.setattr(LiveSettings, "take", lambda self, settings: take(self, replace(settings, keys=own)))
    monkeypatch.setattr(LiveSettings, "check", lambda _: None)
    taken = WALKS[walk]
    wrong: list[str] = []
    async with open_app(taken.start, size, begun=taken.begun, greet=taken.greet) as driver:
        for step in filter(None, map(str.strip, re.split(r"[;\n]", taken.way))):
            wrong += await go(driver, step)
    assert not wrong, "\n".join(dict.fromkeys(wrong))
