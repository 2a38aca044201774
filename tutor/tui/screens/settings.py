"""The settings: themes, tried out as the cursor moves, and the few other things that can be set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tutor.drawing import GraphEdge, GraphNode, GraphSpec
from tutor.engine.values import short
from tutor.settings.schema import FEWEST_DIGITS, MOST_DIGITS, Settings
from tutor.text import harmless
from tutor.tui.commands import bindings
from tutor.tui.keys import line_of_keys, with_keys
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.paged_list import PagedList

Value = bool | int

_TITLE_WIDTH = 19
"""Columns of the titles, so that the choices stand below each other."""


class SettingRow(Static, can_focus=True):
    """A title and its choice, such as `Graph in ASCII  ‹ no ›`. The choices stand in a ring."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("settings row")

    class Turned(Message):
        """The setting of this name has another value."""

        def __init__(self, name: str, value: Value) -> None:
            super().__init__()
            self.name = name
            self.value = value

    def __init__(self, name: str, title: str, choices: Sequence[tuple[Value, str]], value: Value) -> None:
        """`choices` are values and the words for them."""
        super().__init__(name=name, markup=False)
        self._title = title
        self._choices = tuple(choices)
        self._mark = " "
        self._index = [each for each, _ in choices].index(value)

    def on_mount(self) -> None:
        """Show the choice."""
        self._show()

    def on_focus(self) -> None:
        """Mark it with more than a colour."""
        self._mark = "▸"
        self._show()

    def on_blur(self) -> None:
        """Unmark it."""
        self._mark = " "
        self._show()

    def _show(self) -> None:
        word = self._choices[self._index][1]
        self.update(
            Content.assemble(
                f"{self._mark} {harmless(self._title):<{_TITLE_WIDTH}} ", (f"‹ {harmless(word)} ›", "bold")
            )
        )

    def action_turn(self, by: int) -> None:
        """Take the next choice, or the one before."""
        self._index = (self._index + by) % len(self._choices)
        self._show()
        assert self.name is not None
        self.post_message(self.Turned(self.name, self._choices[self._index][0]))

    def on_click(self, event: events.Click) -> None:
        """A click takes the next choice."""
        event.stop()
        self.action_turn(1)


Keep = Callable[[str, str | int | bool], str]
"""Sets a setting and saves it; "" or what went wrong."""

_HOW = "{settings.theme_up} and {settings.theme_down} try themes."
_HOW_ROW = "{settings.less} and {settings.more} turn this choice, {settings.before} and {settings.next} go to another."
_YES_NO = ((False, "no"), (True, "yes"))
_DIGITS = [(digits, str(digits)) for digits in range(FEWEST_DIGITS, MOST_DIGITS + 1)]


class ThemeList(PagedList):
    """The themes by name, with a sign at the one that is kept."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("settings themes")

    class Left(Message):
        """The focus went elsewhere."""

    def __init__(self, themes: Sequence[str], kept: str) -> None:
        self._themes = tuple(themes)
        super().__init__(*(Option(_titled(theme, kept), id=theme) for theme in themes), markup=False, compact=True)
        self.border_title = "Theme"

    def mark(self, kept: str) -> None:
        """Put the sign and the cursor at the theme that is kept."""
        for theme in self._themes:
            self.replace_option_prompt(theme, _titled(theme, kept))
        self.highlighted = self._themes.index(kept)

    def on_blur(self) -> None:
        """Tell that themes are no longer tried out."""
        self.post_message(self.Left())


class SettingsScreen(Dialog[None]):
    """Everything is saved at once; a theme when Enter keeps it. Closed by Escape."""

    CSS_PATH: ClassVar[list[str]] = ["settings.tcss", "../widgets/graph_view.tcss"]  # type: ignore[assignment]

    BINDINGS: ClassVar[list[BindingType]] = bindings("settings")

    def __init__(self, settings: Settings, themes: Sequence[str], path: Path, keep: Keep) -> None:
        super().__init__()
        self._theme = settings.theme
        self._ascii = settings.ascii
        self._digits = settings.digits
        self._settings = settings
        self._themes = themes
        self._path = path
        self._keep = keep

    def compose(self) -> ComposeResult:
        """Themes beside the rest, and where all of it is written."""
        now = self._settings
        with Vertical(id="box") as box:
            box.border_title = "Settings"
            box.border_subtitle = line_of_keys(self.app, ("Tab", "next"), ("{settings.close}", "close"))
            with Horizontal():
                yield ThemeList(self._themes, self._theme)
                with Vertical(id="rows"):
                    yield SettingRow("ascii", "Graph in ASCII", _YES_NO, now.ascii)
                    yield SettingRow("digits", "Digits in the graph", _DIGITS, now.digits)
                    yield SettingRow("reduced_motion", "Reduced motion", _YES_NO, now.reduced_motion)
                    sample = GraphView(now.ascii)
                    sample.can_focus = False
                    yield sample
            yield Static(id="said", markup=False)

    def on_mount(self) -> None:
        """Begin at the theme there is."""
        themes = self.query_one(ThemeList)
        themes.mark(self._theme)
        themes.focus()
        self._draw()
        self._say()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Try a theme out."""
        if event.option_id is not None and event.option_list.has_focus:
            self.app.theme = event.option_id
            self._say()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Keep a theme."""
        if event.option_id is not None:
            self._theme = event.option_id
            self._say(self._keep("theme", self._theme))
            self.query_one(ThemeList).mark(self._theme)

    def on_theme_list_left(self) -> None:
        """Take back a theme that was only tried out."""
        self._take_back()
        self.query_one(ThemeList).mark(self._theme)

    def on_setting_row_turned(self, event: SettingRow.Turned) -> None:
        """Set and save one of the others."""
        self._say(self._keep(event.name, event.value))
        if event.name == "ascii":
            self._ascii = bool(event.value)
        elif event.name == "digits":
            self._digits = int(event.value)
        self._draw()

    def on_descendant_focus(self) -> None:
        """Say what the keys do now."""
        self._say()

    def _draw(self) -> None:
        """Show what the graph is like now."""
        graph = self.query_one(GraphView)
        graph.draw_with(self._ascii, self._digits)
        graph.show(_sample(self._digits))

    def _say(self, trouble: str = "") -> None:
        """What went wrong; else what the keys do here, and where the settings are."""
        said = self.query_one("#said", Static)
        said.set_class(bool(trouble), "-trouble")
        if trouble:
            said.update(Content(f"✗ {harmless(trouble)}"))
            return
        tried = self.app.theme != self._theme
        keeps = "{settings.keep} keeps this theme, {settings.close} takes it back."
        keys = with_keys(self.app, keeps if tried else _HOW_ROW if isinstance(self.focused, SettingRow) else _HOW)
        saved = "Saved" if self._path.exists() else "Will be saved"
        said.update(Content(f"{keys}\n{saved} in {harmless(str(self._path))}"))

    def _take_back(self) -> None:
        if self.app.theme != self._theme:
            self.app.theme = self._theme

    def action_close(self) -> None:
        """Go, with the theme that is kept."""
        self._take_back()
        self.dismiss()


def _titled(theme: str, kept: str) -> str:
    return f"{'✓' if theme == kept else ' '} {theme}"


def _sample(digits: int) -> GraphSpec:
    """Two numbers and their product, with gradients."""
    x, y = -1.4142136, 0.1234568
    nodes = (
        GraphNode("x", "x", value=short(x, digits), gradient=short(y, digits), kind="input"),
        GraphNode("y", "y", value=short(y, digits), gradient=short(x, digits), kind="input"),
        GraphNode("f", "×", equation="f = x y", value=short(x * y, digits), gradient="1", kind="output"),
    )
    return GraphSpec(nodes, (GraphEdge(0, 2, 0), GraphEdge(1, 2, 1)))
