"""Keys of the learner's own: what can have another key, how keys are called, and which keys would do two things."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_TO_UNICODE_NAME, Keys, key_to_character
from textual.screen import Screen

from tutor.settings.schema import KnownBindings
from tutor.tui.themes import THEMES

_PARTS = {
    "home": ("exercise_tree.ExerciseTree",),
    "exercise": (
        "graph_view.GraphView",
        "answer_row.AnswerField",
        "choice_row.Options",
        "equations_editor.EquationsEditor",
        "code_editor.CodeEditor",
    ),
    "settings": ("setting_row.SettingRow",),
}
"""Screen -> the widgets with keys that are on it."""


@dataclass(frozen=True)
class Doing:
    """One thing that keys do."""

    id: str
    keys: tuple[str, ...]
    title: str
    action: str
    priority: bool


def key_names() -> frozenset[str]:
    """How keys are called that are not characters: `f5`, `escape`."""
    names = {key.value.rpartition("+")[2] for key in Keys if "<" not in key.value}
    return frozenset({*names, *KEY_TO_UNICODE_NAME, "slash", "backslash", "at", "minus", "plus", "underscore"})


def everything() -> dict[str, tuple[Doing, ...]]:
    """Screen -> all that keys do there and that can have another key; those of the whole app are under "app"."""
    found: dict[str, list[Doing]] = {}
    for kind in _ours():
        place = _place_of(kind)
        found.setdefault(place, []).extend(_doings(kind, with_id=True))
    return {place: _by_name(doings) for place, doings in sorted(found.items())}


def _by_name(doings: list[Doing]) -> tuple[Doing, ...]:
    """One for each name: the first, by which the other actions of that name are known too."""
    named: dict[str, Doing] = {}
    for one in doings:
        named.setdefault(one.id, one)
    return tuple(named.values())


def rows(own: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """Screen -> what can have another key: its name, the keys it has now, and what it is."""
    return {
        place: [
            (one.id, ",".join(_remapped(one, own).keys), one.title if one.title != one.id else "") for one in doings
        ]
        for place, doings in everything().items()
    }


def known() -> KnownBindings:
    """All names that the settings are checked against. Loads every screen."""
    ids = [one.id for doings in everything().values() for one in doings]
    return KnownBindings(THEMES, ids, key_names())


def doubled(own: Mapping[str, str]) -> list[str]:
    """A sentence for each key of the learner's own that does two things on one screen, or can no longer be typed."""
    said: list[str] = []
    kinds = list(_ours())
    screens = {_place_of(kind): kind for kind in kinds if issubclass(kind, Screen)}
    everywhere = [kind for kind in kinds if _place_of(kind) == "app"]
    for place, screen in screens.items():
        parts = [kind for kind in kinds if _place_of(kind) == place and kind is not screen]
        here = [one for kind in (*everywhere, screen, *parts) for one in _doings(kind, with_id=False)]
        said += _doubled_here(place, [_remapped(one, own) for one in here], own)
    return list(dict.fromkeys(said))


def _doubled_here(place: str, here: list[Doing], own: Mapping[str, str]) -> Iterator[str]:
    for mine in here:
        for key in mine.keys if mine.id in own else ():
            for other in here:
                if key not in other.keys or other.action == mine.action or other.id == mine.id:
                    continue  # two actions of one name take turns
                if not (other.id in own and other.id < mine.id):
                    yield f"{key} does two things on the {place} screen: {mine.title}; {other.title}."
            if mine.priority and place == "exercise" and key_to_character(key):
                yield f"{key} can no longer be typed in answers: it is the key of {mine.title}."


def _remapped(doing: Doing, own: Mapping[str, str]) -> Doing:
    if doing.id not in own:
        return doing
    return Doing(doing.id, tuple(own[doing.id].split(",")), doing.title, doing.action, doing.priority)


def _doings(kind: type[DOMNode], *, with_id: bool) -> Iterator[Doing]:
    """What a class's keys do: its own with an id, or all of them, Textual's among them."""
    found: dict[tuple[str, str], list[Binding]] = {}
    for _, binding in kind._merged_bindings or ():  # with all that is inherited
        if binding.id or not with_id:
            found.setdefault((binding.id or "", binding.action), []).append(binding)
    for (id, action), bindings in found.items():
        first = bindings[0]
        title = first.description or id or action
        keys, first_of_all = tuple(one.key for one in bindings), any(one.priority for one in bindings)
        yield Doing(id, keys, title, action.removeprefix("app."), first_of_all)


def _ours() -> Iterator[type[DOMNode]]:
    """Every class of this app's that has keys."""
    from tutor import tui

    modules = [f"{tui.__name__}.app"]
    for folder in ("screens", "widgets"):
        package = importlib.import_module(f"{tui.__name__}.{folder}")
        modules += [f"{package.__name__}.{module.name}" for module in pkgutil.iter_modules(package.__path__)]
    for name in modules:
        for kind in vars(importlib.import_module(name)).values():
            if isinstance(kind, type) and issubclass(kind, DOMNode) and kind.__module__ == name and _has_keys(kind):
                yield kind


def _has_keys(kind: type[DOMNode]) -> bool:
    return "BINDINGS" in vars(kind) or _name_of(kind) in {name for names in _PARTS.values() for name in names}


def _name_of(kind: type[DOMNode]) -> str:
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def _place_of(kind: type[DOMNode]) -> str:
    """The screen that a class belongs to, by the name of its module; `app` for the app."""
    name = _name_of(kind)
    return next((place for place, parts in _PARTS.items() if name in parts), name.partition(".")[0])
