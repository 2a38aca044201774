"""The first line of a screen, its title, and the last: what the keys do, as far as there is room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Protocol, cast

from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from tutor.text import harmless
from tutor.tui.commands import BY_ID, COMMANDS, lettered
from tutor.tui.key_command import Command
from tutor.tui.keys import (
    ARROWS,
    MENU,
    clickable,
    clicked,
    edits_text,
    has_key,
    own_keys,
    short_key,
    short_keys,
)

_MOST = 6
"""So many keys at most where all others are one key away."""


class HasBar(Protocol):
    """A screen with a bottom bar."""

    @property
    def bar_places(self) -> tuple[str, ...]:
        """Whose commands are in the bar now: places of the table of commands, most particular first."""


def kept(ranks: Sequence[int], widths: Sequence[int], room: int, most: int | None = None) -> set[int]:
    """The places of the keys that fit into `room` columns, by rank, `most` at most; the first by rank always stays."""
    chosen: set[int] = set()
    for place in sorted(range(len(ranks)), key=lambda place: (ranks[place], place))[:most]:
        if chosen and sum(widths[one] for one in chosen) + widths[place] > room:
            break
        chosen.add(place)
    return chosen


@dataclass(frozen=True)
class ShownKey:
    """One key of the bar: how it is called, what it does, and the column it begins at."""

    key: str
    called: str
    does: str
    rank: int
    column: int = 0

    @property
    def width(self) -> int:
        """Its columns."""
        return cell_len(self.called) + 1 + cell_len(self.does)


class BottomBar(Static):
    """A footer that never clips: it leaves keys out by the rank of their commands. A click on a key presses it.

    It is one widget where Textual's own has one for each key: a screen is there the sooner for it.
    """

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.keys: tuple[ShownKey, ...] = ()
        """The keys that are shown, from left to right."""

    def on_mount(self) -> None:
        """Follow the keys of the screen; some of the app's act only while the screen is on top."""
        self.screen.bindings_updated_signal.subscribe(self, self._changed)
        self.app.screen_change_signal.subscribe(self, self._changed)

    def on_unmount(self) -> None:
        """Follow no more."""
        self.screen.bindings_updated_signal.unsubscribe(self)
        self.app.screen_change_signal.unsubscribe(self)

    def on_resize(self) -> None:
        """Choose again."""
        self._choose()

    def _changed(self, screen: Screen[object]) -> None:
        if screen.app.app_focus and self.is_attached:
            self._choose()

    def _choose(self) -> None:
        """Show the keys that act now: none while another screen is on top, which names its own."""
        width = self.size.width or self.app.size.width
        keys = self._fitting(width) if self.screen.is_active else ()
        if keys != self.keys:
            self.keys = keys
            self.update(_line(keys), layout=False)

    def _fitting(self, room: int) -> tuple[ShownKey, ...]:
        every = list(self._every())
        more = self._more()
        room -= more.width + 4 if more is not None else 2
        most = _MOST if more is not None else None
        gap, chosen = 1, _chosen(every, room, 1, most)
        if room >= _ROOMY or _chosen(every, room, 2, most) == chosen:
            gap, chosen = 2, _chosen(every, room, 2, most)
        fitting: list[ShownKey] = []
        column = 1
        for place in sorted(chosen, key=lambda place: (every[place].rank, place)):
            one = every[place]
            fitting.append(ShownKey(one.key, one.called, one.does, one.rank, column))
            column += one.width + gap
        if more is not None:
            at = (self.size.width or self.app.size.width) - more.width - 1
            fitting.append(ShownKey(more.key, more.called, more.does, more.rank, at))
        return tuple(fitting)

    def _every(self) -> Iterator[ShownKey]:
        """All that has a rank and applies, each with the words for what it does now.

        What a key would type where text is edited does not apply, nor what a more particular place has the key for.
        """
        own, said, taken = own_keys(self.app), set[str](), set[str]()
        typing, in_field = isinstance(self.screen.focused, Input), edits_text(self.app)
        for place in cast(HasBar, self.screen).bar_places:
            commands = COMMANDS[place]
            above = frozenset(taken)
            taken |= {clicked(one, own, in_field) for one in commands}
            for number, command in enumerate(commands):
                does = _does_now(self.screen, command)
                if not command.bar or not does or does in said or does == BY_ID[MENU].brief:
                    continue
                if clicked(command, own, in_field) in above:
                    continue
                pair = list(takewhile(lambda one: one.paired and not one.letter, commands[number + 1 :]))
                called = short_keys((command, *pair), own, in_field)
                if typing and len(called) == 1 and called not in ARROWS.values():
                    continue
                said.add(does)
                rank = command.bar if does == command.brief else command.bar_turned or command.bar
                yield ShownKey(clicked(command, own, in_field), called, does, rank)

    def _more(self) -> ShownKey | None:
        """The key to all other commands, on a screen that has one, where it leads to them now."""
        own = own_keys(self.app)
        for menu in COMMANDS[cast(HasBar, self.screen).bar_places[-1]]:
            if "menu" in (action for action, _, _ in menu.ways) and applies(self.screen, "menu"):
                return ShownKey(clicked(menu, own, True), short_key(menu, own), BY_ID[MENU].brief, 0)
        return None


_ROOMY = 76
"""From so many columns on two blanks stand between keys, even where a key more would fit with one."""


def _chosen(every: Sequence[ShownKey], room: int, gap: int, most: int | None) -> set[int]:
    """The places of the keys that fit with so many blanks between them."""
    return kept([one.rank for one in every], [one.width + gap for one in every], room + gap, most)


def _does_now(screen: Screen[Any], command: Command) -> str:
    """The short words for what a command does now; "" where it does nothing."""
    if not command.id:
        return command.brief
    return next((words for action, _, words in command.ways if applies(screen, action)), "")


def applies(screen: Screen[Any], action: str) -> bool:
    """Whether an action of a screen, or of the app, does something now."""
    name, _, _ = action.partition("(")
    on = screen.app if name.startswith("app.") else screen
    return bool(on.check_action(name.removeprefix("app."), ()))


def idle_command(screen: Screen[Any], key: str, *places: str) -> Command | None:
    """The command of these places whose key this is, where none of them has it for something that applies now."""
    own = own_keys(screen.app)
    having = [one for place in places for one in COMMANDS[place] if has_key(one, key, own)]
    return None if any(_does_now(screen, one) for one in having) else next(iter(having), None)


def offers(screen: Screen[Any], place: str) -> list[tuple[Command, str, str]]:
    """All that can be done by a letter on a screen now: the command, its action now, and its short words."""
    found = []
    for command in lettered(place):
        found += [(command, action, words) for action, _, words in command.ways if applies(screen, action)][:1]
    return found


def _line(keys: tuple[ShownKey, ...]) -> Content:
    parts: list[str | Content] = []
    column = 0
    for one in keys:
        named = Content.assemble((one.called, "bold $key"), (f" {one.does}", "$text-muted"))
        parts += [" " * (one.column - column), clickable(named, one.key)]
        column = one.column + one.width
    return Content.assemble(*parts)


_APART = "   "
"""Between the parts of a lesser text."""


class TitleBar(Static):
    """A title, and a lesser text at the right: as many of its parts, from the first on, as there is room for."""

    def __init__(self, title: str, aside: str = "") -> None:
        super().__init__(markup=False)
        self._parts = title, aside

    def on_mount(self) -> None:
        """Say it."""
        self.show(*self._parts)

    def on_resize(self) -> None:
        """The lesser text ends at the right."""
        self.show(*self._parts)

    def show(self, title: str, aside: str = "") -> None:
        """Another title, and the text at the right."""
        self._parts = title, aside
        width = self.size.width or self.app.size.width - 2
        while cell_len(title) + cell_len(aside) + len(_APART) > width and _APART in aside:
            aside = aside.rpartition(_APART)[0]  # whole parts give way
        room = width - cell_len(title) - cell_len(aside)
        self.update(
            Content.assemble((harmless(title), "bold"), " " * max(len(_APART), room), (harmless(aside), "$text-muted")),
            layout=False,
        )
