"""Works the app in the manner of a learner: keys, pasted text, and what the screen shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual import events
from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tutor.tui.app import TutorApp
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.welcome import WelcomeScreen
from tutor.tui.widgets.exercise_tree import ExerciseTree
from tutor.tui.widgets.text_panels import FeedbackPanel

draw = Compositor.render_update
"""As it is in the program: the part of the screen that has changed."""

_PATIENCE = 600
"""Rounds of the event loop; a round that waits for another process or thread takes a while."""


class Driver:
    """An app under test."""

    def __init__(self, app: TutorApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    async def until(self, holds: Callable[[], object], what: str) -> None:
        """Let the app go on until something holds."""
        for _ in range(_PATIENCE):
            await self.pilot.pause(0.02)
            if holds():
                await self.pilot.pause()
                self._draw()
                return
        raise AssertionError(f"{what} did not come about; the screen says:\n{self.text()}")

    async def ready(self, start: str | None, greeted: bool = False) -> None:
        """Wait until the exercises are read."""
        if greeted:
            await self.until(lambda: isinstance(self.app.screen, WelcomeScreen), "the welcome")
            return
        wanted = ExerciseScreen if start else HomeScreen
        await self.until(lambda: isinstance(self.app.screen, wanted) and self.app.focused, f"the {wanted.__name__}")
        if start is None:
            await self.until(lambda: self.app.screen.query_one(ExerciseTree).cursor_node, "the list of exercises")

    async def filled(self) -> None:
        """Let the app go on until the screen shows what is worked out for it in threads: a page, a large graph.

        A learner's program is not waited for, nor is what the app loads ahead.
        """
        await self.pilot.pause()
        if self._filling():
            await self.until(lambda: not self._filling(), "what fills the screen")
        await self._settled()
        self._draw()

    async def _settled(self) -> None:
        for _ in range(_PATIENCE):
            if self.app._exit or self._drawn():
                break
            await self.pilot.pause(0.01)

    def _draw(self) -> None:
        if not self.app._exit:
            draw(self.app.screen._compositor, screen_stack=self.app._background_screens)

    def _drawn(self) -> bool:
        """Nothing is on its way to the screen.

        The pilot takes an app that gets no processor time for one at rest: on a busy machine it comes too early.
        """
        screen, animator = self.app.screen, self.app.animator
        waits = screen._layout_required or screen._recompose_required or screen._dirty_widgets or screen._callbacks
        moves = animator._animations or animator._scheduled
        widgets = list(screen.walk_children(Widget, with_self=True))
        waits = waits or any(one._repaint_required or one._layout_required or one._scroll_required for one in widgets)
        return not waits and not moves and all(node._message_queue.empty() for node in (self.app, *widgets))

    def _filling(self) -> bool:
        workers = self.app.workers
        return any(
            not worker.is_finished and worker.node is not self.app and worker.group != "code" for worker in workers
        )

    async def shows(self, text: str) -> None:
        """Let the app go on until a text is on the screen."""
        await self.until(lambda: text in self.text(), repr(text))

    async def press(self, *keys: str) -> None:
        """Press keys: letters as fast as they go, and nothing before what another key does is done."""
        together: list[str] = []
        for key in keys:
            together.append(key)
            if len(key) > 1:
                await self.pilot.press(*together)
                await self._settled()
                together.clear()
        await self.pilot.press(*together)
        await self.filled()

    async def click(self, *where: Any, **how: Any) -> None:
        """Click, as the pilot does."""
        await self.pilot.click(*where, **how)
        await self.filled()

    async def resize(self, width: int, height: int) -> None:
        """Give the terminal another size, and let the screen follow."""
        await self.pilot.resize_terminal(width, height)
        await self.filled()

    async def enter(self, text: str) -> None:
        """Paste a text where the cursor is, and press Enter."""
        assert self.app.focused is not None
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()
        await self.press("enter")

    def said(self) -> str:
        """What the tutor says."""
        return "\n".join(str(one.text) for one in self.app.screen.query_one(FeedbackPanel).said)

    def text(self) -> str:
        """All that is on the screen, as lines of text."""
        return text_of(self.app.screen)


def text_of(screen: Screen[Any]) -> str:
    """All that a screen shows, as lines of text."""
    width, height = screen.app.size
    strips = screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip).ljust(width) for strip in strips[:height]]
    return "\n".join(line.rstrip() for line in lines)
