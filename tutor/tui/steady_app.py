"""Textual's app, made steady: nothing that is typed is lost or goes astray, and trouble is said in a sentence.

Keys are dealt with one after the other, what cannot be kept is said, a terminal that is too small is said to be, and a
failure ends the app with its typed text kept. The settings hold here too. `app.TutorApp` stands on it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.driver import Driver
from textual.filter import Monochrome, NoColor
from textual.worker import WorkerFailed

from tutor.settings.schema import Settings
from tutor.tui import ruled_titles
from tutor.tui.commands import BY_ID
from tutor.tui.drafts import KeepsTyped
from tutor.tui.keys import PRESSES, in_bar, press, with_keys
from tutor.tui.live_settings import LiveSettings
from tutor.tui.save_errors import SaysTrouble, trouble_said
from tutor.tui.stray_letters import StrayLetters
from tutor.tui.terminal import cover, heed_signals, of_terminal, too_small
from tutor.tui.themes import OURS, legible
from tutor.tui.typed_ahead import PastedOn, TypedAhead, taken_apart
from tutor.tui.widgets.pasting import too_long


class SteadyApp(SaysTrouble, App[None]):
    """An app with settings, and with keys, text and failures in good hands."""

    def __init__(self) -> None:
        ruled_titles.install()
        super().__init__()
        self.failure: Exception | None = None
        """What the app ended by, where it should not have."""
        self.typed_ahead = TypedAhead(self, self._quits)
        self.last_key = ""
        """What was pressed last: what is said in reply names it."""
        self._stray_letters = StrayLetters(self)
        self._heed_no_more: Callable[[], None] = lambda: None
        for theme in OURS:
            self.register_theme(theme)
        self.live_settings = LiveSettings(self)
        self.live_settings.take(self.live_settings.now)

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self.live_settings.now

    def on_mount(self) -> None:
        """Heed the terminal's size, and say what is wrong with the settings."""
        self.screen_change_signal.subscribe(self, lambda screen: cover(screen, too_small(self.size)), immediate=True)
        self.live_settings.warn(self.live_settings.faults)

    def on_unmount(self) -> None:
        """Signals are the shell's again."""
        self._heed_no_more()

    def on_resize(self, event: events.Resize) -> None:
        """Say so where there is no room."""
        if self.screen_stack:
            cover(self.screen, too_small(event.size))

    def _quits(self, key: str) -> bool:
        return key in self.settings.keys.get("quit", BY_ID["quit"].every_key).split(",")

    # What is typed

    async def on_event(self, event: events.Event) -> None:
        """Keys and pasted text go on one after the other; where nothing can be seen, only quitting is possible."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if too_small(self.size) and not (isinstance(event, events.Key) and self._quits(event.key)):
                return
            if isinstance(event, events.Paste) and (refusal := too_long(event.text)):
                self.notify(refusal, severity="warning", markup=False, timeout=15)
                return
            if isinstance(event, events.Key) and (apart := taken_apart(event, self.settings.keys)):
                for one in apart:
                    self.post_message(one)
                return
            due = self.typed_ahead.take(event)
            if due is None:
                return
            event = due
            if question := self._stray_letters.question(event):
                self.notify(question, markup=False)
                return
            self.last_key = event.key if isinstance(event, events.Key) else ""
        elif isinstance(event, events.MouseDown):
            self._stray_letters.forget()
        await super().on_event(event)

    def on_click(self, event: events.Click) -> None:
        """A click on the name of a key presses it."""
        if key := event.style.meta.get(PRESSES):
            press(self, key)

    def on_pasted_on(self, event: PastedOn) -> None:
        """The rest of what was pasted comes before what was typed since."""
        self.typed_ahead.first(event.text)

    async def on_exit_app(self) -> None:
        """Keep what is typed, however the app ends."""
        await self.typed_ahead.finish(super().on_event)
        with trouble_said(self):
            self._keep_typed()

    def action_help_quit(self) -> None:
        """What Ctrl+C does where there is nothing to copy: say what it does not."""
        self.notify(with_keys(self, "Ctrl+C copies what is selected. {exercise.home} leaves."), markup=False)

    async def action_quit(self) -> None:
        """End the app; what is typed after that is not for it."""
        self.typed_ahead.drop()
        await super().action_quit()

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        with trouble_said(self):
            return await super()._dispatch_action(namespace, action_name, params)
        return True

    # Looks

    def get_key_display(self, binding: Binding) -> str:
        """Keys by the names they have in the texts: F1, Esc, Enter, ^G."""
        return in_bar(super().get_key_display(binding))

    def get_css_variables(self) -> dict[str, str]:
        """The theme's colours, with text that can be read."""
        return legible(super().get_css_variables())

    def refresh_css(self, animate: bool = True) -> None:
        """As Textual's; before there is a screen the colours are only taken: else all would be parsed twice."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def watch_theme(self) -> None:
        """NO_COLOR means greys; where a theme has the terminal's own colours, which turn black in grey, none at all."""
        if self.no_color:
            others = [one for one in self._filters if not isinstance(one, Monochrome | NoColor)]
            self._filters = [*others, NoColor() if self.native_ansi_color else Monochrome()]

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """A cursor's blinking is motion too."""
        if hasattr(event.widget, "cursor_blink"):
            event.widget.cursor_blink = not self.settings.reduced_motion

    # The end

    def get_driver_class(self) -> type[Driver]:
        """Textual's, able to cope with more."""
        return of_terminal(super().get_driver_class())

    def _build_driver(self, *args: Any, **options: Any) -> Driver:
        """Signals are heeded before the driver changes anything about the terminal."""
        driver = super()._build_driver(*args, **options)
        if not driver.is_headless:
            self._heed_no_more = heed_signals(lambda code: self.exit(return_code=code))
        return driver

    def _keep_typed(self) -> None:
        """Keep even what the last key typed, which no message has told of yet."""
        for screen in self.screen_stack:
            if isinstance(screen, KeepsTyped) and screen.is_mounted:
                screen.keep_typed()

    def _handle_exception(self, error: Exception) -> None:
        """End without Textual's page of traceback; `run` raises the error again when the terminal is restored.

        A screen that was opening when the app was told to end finds nothing of itself, which is no failure.
        """
        if self._exit and isinstance(error, NoMatches):
            return
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.failure = self.failure or (cause if isinstance(cause, Exception) else error)
        super()._handle_exception(error)
        self._exit_renderables.clear()

    def _fatal_error(self) -> None:
        with suppress(Exception):  # a screen that failed may have nothing to keep, or no way to
            self._keep_typed()
        self._close_messages_no_wait()

    def call_from_thread(self, callback: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """As Textual's; a thread that ends while the app does has nobody left to tell."""

        def unless_ending(*given: Any, **named: Any) -> Any:
            return callback(*given, **named) if self._running and not self._exit else None

        return super().call_from_thread(unless_ending, *args, **kwargs)
