"""The settings while the app runs: what holds now, what is wrong in the file, and what the learner changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

from msgspec.structs import replace
from textual import constants
from textual.app import App
from textual.worker import get_current_worker

from tutor.settings.schema import Settings, read_settings
from tutor.tui import keys
from tutor.tui.themes import THEMES


@runtime_checkable
class NamesKeys(Protocol):
    """A screen with sentences that name keys, and may be there before the learner's keys are checked."""

    def name_keys(self) -> None:
        """Name them by what they are now."""


class LiveSettings:
    """Reads the settings for the app, lets them hold there, and saves them."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        read = read_settings(keys.known())
        self._path = read.path
        self.faults: tuple[str, ...] = read.faults
        """What is wrong with the file, in sentences."""
        self.now: Settings = read.settings
        """What holds."""

    def take(self, settings: Settings) -> None:
        """Let these settings hold from now on."""
        self.now = settings
        self._app.theme = settings.theme
        self._app.animation_level = "none" if settings.reduced_motion else constants.TEXTUAL_ANIMATIONS
        self._app.set_keymap(settings.keys)

    def check(self) -> None:
        """Look for keys that are not known or do two things; every screen is loaded for it. Runs in a thread."""
        reading = read_settings(keys.known())
        holding, clashes = keys.without_clashes(reading.settings.keys)
        if not get_current_worker().is_cancelled:
            self._app.call_from_thread(self._checked, holding, (*reading.faults, *clashes))

    def _checked(self, own_keys: dict[str, str], found: tuple[str, ...]) -> None:
        """Only keys that can be used hold."""
        changed = own_keys != self.now.keys
        self.now = replace(self.now, keys=own_keys)
        self._app.set_keymap(own_keys)
        for screen in self._app.screen_stack if changed else ():
            if isinstance(screen, NamesKeys):
                screen.name_keys()
        self.warn(fault for fault in found if fault not in self.faults)
        self.faults = found

    def warn(self, faults: Iterable[str]) -> None:
        """Tell the learner of faults in the file."""
        if sentences := "\n".join(faults):
            said = f"{sentences}\nWhat cannot hold is as usual until that is fixed."
            self._app.notify(said, title="Settings", severity="warning", markup=False, timeout=15)

    def open_screen(self) -> None:
        """Open the screen of settings, or close it; there is one at most."""
        from tutor.tui.screens.settings import SettingsScreen

        app = self._app
        if isinstance(app.screen, SettingsScreen):
            app.screen.action_close()
        elif not any(isinstance(screen, SettingsScreen) for screen in app.screen_stack):
            app.push_screen(SettingsScreen(self.now, THEMES, self._path, self._keep))

    def _keep(self, name: str, value: str | int | bool) -> str:
        """Let a setting hold and save it; "" or what went wrong."""
        from tutor.settings.file import SettingsProblem, keep
        from tutor.tui.screens.exercise import ExerciseScreen
        from tutor.tui.screens.home import HomeScreen

        self.take(replace(self.now, **{name: value}))
        for screen in self._app.screen_stack:
            if isinstance(screen, ExerciseScreen):
                screen.draw_with(self.now.ascii, self.now.digits)
            elif isinstance(screen, HomeScreen):
                screen.draw_with(self.now.ascii)
        try:
            keep({name: value}, self._path)
        except SettingsProblem as problem:
            return str(problem)
        return ""
