"""The palette: all commands and exercises by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import SystemCommand
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.command import Command as Found
from textual.command import CommandList, CommandPalette, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen

from tutor.text import harmless
from tutor.tui.commands import BY_ID
from tutor.tui.keys import key_name, screen_with_letters

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp


_MOVES = ("cursor_", "select", "preview", "blank(", "said(", "menu", "all", "app.command_palette", "command_palette")
"""Actions that move a cursor, scroll, or lead to lists of commands."""


class ExerciseHit(Hit):
    """An exercise that was found."""


class ReadingHit(Hit):
    """A lesson or a word that was found."""


_ORDER = (ExerciseHit, ReadingHit)
"""Behind commands, which come in the order of their table: in what order hits are listed that fit equally well."""


class Palette(CommandPalette):
    """All commands by name. It is always on top: it makes way for what opens above it (`TutorApp.push_screen`)."""

    CSS_PATH = "palette.tcss"

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Go, if this is the screen on top: keys can come faster than it goes."""
        return super().dismiss(result) if self.is_active else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    def _refresh_command_list(self, command_list: CommandList, commands: list[Found], clear_current: bool) -> None:
        """List what was found, which the providers find at the same time; Textual orders it by how well it fits."""
        super()._refresh_command_list(command_list, in_order(commands), clear_current)

    def _action_command_list(self, action: str) -> None:
        """A key for the list; a page is not to be found while its options have no line, as in a `PagedList`."""
        with suppress(LookupError):
            super()._action_command_list(action)


def in_order(found: Iterable[Found]) -> list[Found]:
    """What was found, by what it is: whichever provider was first, what fits equally well is listed in one order."""
    return sorted(found, key=lambda one: _ORDER.index(type(one.hit)) if type(one.hit) in _ORDER else -1)


class ExerciseCommands(Provider):
    """The exercises by title and id; found as one types, and not listed before."""

    async def search(self, query: str) -> Hits:
        """Those that match. Titles come from files: they are no markup."""
        matcher, app = self.matcher(query), cast("TutorApp", self.app)
        for id, exercise in app.library.exercises.items():
            name = f"{harmless(exercise.file.title)}  {harmless(id)}"
            if _holds(name, query) and (score := matcher.match(name)):
                yield ExerciseHit(score, Content(name), partial(app.open_exercise, id), name, "Open this exercise")


class ReadingCommands(Provider):
    """The lessons and the words of the glossary by name; found as one types, and not listed before."""

    async def search(self, query: str) -> Hits:
        """Those that match."""
        from tutor.lessons import lessons, words  # the first paint does not wait for them

        matcher, app = self.matcher(query), cast("TutorApp", self.app)
        for lesson in lessons():
            name = f"Lesson {lesson.heading}"
            if _holds(name, query) and (score := matcher.match(name)):
                yield ReadingHit(score, Content(name), partial(app.action_read, lesson.id), name, "Read this lesson")
        for word in words():
            name = f"Word: {word.term}"
            if _holds(name, query) and (score := matcher.match(name)):
                yield ReadingHit(score, Content(name), partial(app.action_word, word.term), name, word.says)


def _holds(name: str, query: str) -> bool:
    """Whether each word of the query is in it: scattered, the letters of most words are in some title."""
    return all(_signless(word) in _signless(name) for word in query.split())


def _signless(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def key_commands(app: TutorApp, screen: Screen[object]) -> Iterator[SystemCommand]:
    """What each key of a screen does now, by name."""
    seen = set[str]()
    table = {id: place for place, id in enumerate(BY_ID)}
    active = sorted(screen.active_bindings.values(), key=lambda one: table.get(one.binding.id or "", len(table)))
    for node, binding, enabled, _ in active:
        if binding.action.startswith(_MOVES):
            continue  # of no use from a list, which has a cursor of its own
        if enabled and binding.description and binding.id in BY_ID and binding.description not in seen:
            seen.add(binding.description)
            yield _command(app, node, binding)


def _command(app: TutorApp, node: DOMNode, binding: Binding) -> SystemCommand:
    async def carry_out() -> None:
        await app.run_action(binding.action, node)

    assert binding.id is not None
    key = key_name(BY_ID[binding.id], app.settings.keys, on=screen_with_letters(app))
    return SystemCommand(binding.description, f"Key: {key}", carry_out)
