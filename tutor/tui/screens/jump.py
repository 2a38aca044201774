"""Jumping: a letter on everything there is to go to, and the screen as it is below.

On an exercise a value goes by the name that the learner gave it, a step by its number, a part or another screen by a
capital. At home an exercise goes by its number on the road.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.tui.commands import bindings
from tutor.tui.keys import PRESSES, clickable, digit_of, key_line, spoken
from tutor.tui.screens.dialog import Dialog
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.graph_view import GraphView

if TYPE_CHECKING:
    from tutor.tui.screens.home import HomeScreen


@dataclass(frozen=True)
class Target:
    """Something to go to: the key that does, what it is called in the line below, where its label is, and the going."""

    key: str
    called: str
    """"" for what is labelled, and for what has its key on the screen anyway."""

    go: Callable[[], object]
    at: Offset | None = None


class JumpScreen(Dialog[Target]):
    """Dismissed with what was chosen, or with nothing where Escape closes it.

    A letter that leads nowhere says so and leaves it open: whatever is typed behind it is not for the field below.
    """

    CSS_PATH = "jump.tcss"

    BINDINGS: ClassVar[list[BindingType]] = bindings("jump")

    def __init__(self, targets: Sequence[Target], says: str, typed: Callable[[str], str] | None = None) -> None:
        """`says` is what the keys are. `typed` takes digits as they are typed, such as `2.3`, and tells what they are;
        where it is not there, a digit is a key like others."""
        super().__init__()
        self._targets = {target.key: target for target in targets}
        self._says = says
        self._typed = typed
        self._number = ""
        self._is_found = False

    def compose(self) -> ComposeResult:
        """A label on each target that is to be seen, and a line of all that are not."""
        for target in self._targets.values():
            if target.at is not None:
                label = Static(clickable(Content(f" {target.key} "), target.key), classes="label", markup=False)
                label.styles.offset = target.at
                yield label
        yield Static(id="says", markup=False)

    def on_mount(self) -> None:
        """Say what the keys are."""
        self._say(self._says)

    def _say(self, says: str) -> None:
        """What the keys are, and below it those that have no label; a key stays on one line with what it does."""
        named = [
            clickable(Content.assemble((spoken(one.key), "bold $key"), f" {one.called}"), one.key)
            for one in self._targets.values()
            if one.called
        ]
        named.append(key_line(self.app, "{jump.close}", "closes"))
        parts: list[str | Content | tuple[str, str]] = [("Jump  ", "bold $current"), f"{says}\n"]
        room = left = self.app.size.width - 2
        for one in named:
            if one.cell_length > left:
                parts.append("\n")
                left = room
            parts += [one, "  "]
            left -= one.cell_length + 2
        self.query_one("#says", Static).update(Content.assemble(*parts))

    def on_key(self, event: events.Key) -> None:
        """Go where the key leads; where one leads nowhere, say so."""
        event.stop()
        event.prevent_default()
        sign = (event.character or "") if event.is_printable else ""
        if self._typed is not None and (digit_of(event) is not None or (sign == "." and self._number)):
            self._number += sign
            self._look_up()
        elif self._typed is not None and event.key == "backspace" and self._number:
            self._number = self._number[:-1]
            self._look_up()
        elif event.key == "enter" and self._number and "enter" in self._targets:
            if self._is_found:
                self.dismiss(self._targets["enter"])
        elif sign in self._targets:
            self.dismiss(self._targets[sign])
        else:
            self._say(f"{sign or spoken(event.key)} leads nowhere here: {self._says}")

    def _look_up(self) -> None:
        """Say what the number typed so far is; Enter leads there only where it is something."""
        found = self._typed(self._number) if self._typed is not None and self._number else ""
        self._is_found = bool(found)
        self._say(f"{self._number}  {found or 'is not the number of an exercise'}  " if self._number else self._says)

    def action_close(self) -> None:
        """Stay where one was."""
        self.dismiss(None)

    def on_click(self, event: events.Click) -> None:
        """A click is an answer too: no, where it is on no key."""
        if PRESSES not in event.style.meta:
            self.action_close()


def jump(screen: Screen[Any], targets: Sequence[Target], says: str, typed: Callable[[str], str] | None = None) -> None:
    """Let something on a screen be chosen, and go there."""

    def chosen(target: Target | None) -> None:
        if target is not None:
            target.go()

    screen.app.push_screen(JumpScreen(targets, says, typed), chosen)


def jump_in_exercise(screen: Screen[Any], steps: int) -> None:
    """On the screen of an exercise of so many steps."""
    places = {
        name: (graph, GraphView.Chosen(name), at)
        for graph in screen.query(GraphView)
        for name, at in _shown(graph.places(), graph).items()
    }
    rows = {
        key: (blanks, BlankList.Chosen(key), at)
        for blanks in screen.query(BlankList)
        for key, at in _shown(blanks.places(), blanks).items()
    }
    letters = letters_for(places or rows)
    targets = [
        *(_post(letters[name], *where) for name, where in (places or rows).items()),
        *(_act(screen, str(number), "", f"to_step({number})") for number in range(1, min(steps, 9) + 1)),
    ]
    parts = [
        *([_act(screen, "G", "graph", "graph")] if screen.check_action("graph", ()) else []),
        *_screens(screen, "home"),
    ]
    what = "a value by its name" if places else "a blank by its letter" if rows else "a part by its capital"
    jump(screen, (*targets, *parts), f"{what}{', a step by its number' if steps > 1 else ''}")


def jump_at_home(screen: HomeScreen) -> None:
    """On the home screen: an exercise by its number, which the cursor follows."""
    parts = [
        _act(screen, "enter", "opens it", "open_here"),
        _act(screen, "T", "today", "focus_today"),
        _act(screen, "E", "exercises", "focus_road"),
        _act(screen, "M", "my function", "own"),
        *_screens(screen, ""),
    ]
    jump(screen, parts, "an exercise by its number, such as 2.3", screen.go_to_number)


def letters_for(names: Iterable[str]) -> dict[str, str]:
    """Name -> a small letter of its own: the name itself, its first free letter, or the first that is free at all.

    What is left over when there are no more letters has none.
    """
    names, free = list(names), list(ascii_lowercase)
    found: dict[str, str] = {}

    def give(name: str, letters: Iterable[str]) -> None:
        letter = next((one for one in letters if one in free), None)
        if name not in found and letter is not None:
            found[name] = letter
            free.remove(letter)

    for name in names:
        if len(name) == 1:
            give(name, name)
    for name in names:
        give(name, name.partition(":")[2].casefold() or name.casefold())
    for name in names:
        give(name, list(free))
    return found


def _shown(places: Mapping[str, Offset], widget: Widget) -> dict[str, Offset]:
    """As many of the places as there are letters; none where the widget is not on the screen."""
    if not widget.display or not widget.size:
        return {}
    return dict(list(places.items())[: len(ascii_lowercase)])


def _screens(screen: Screen[Any], home: str) -> Iterator[Target]:
    if home:
        yield _act(screen, "H", "exercises", home)
    yield _act(screen, "L", "lessons", "app.reading")
    yield _act(screen, "C", "gate cards", "gates")
    yield _act(screen, "S", "settings", "app.settings")
    yield _act(screen, "/", "anything by name", "app.command_palette")


def _act(screen: Screen[Any], key: str, called: str, action: str) -> Target:
    return Target(key, called, lambda: screen.call_later(screen.run_action, action))


def _post(key: str, widget: Widget, message: Message, at: Offset) -> Target:
    return Target(key, "", lambda: widget.post_message(message), at)
