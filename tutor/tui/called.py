"""Keys by the names they have now, in sentences that speak of them: `{exercise.hint} gives a hint.`"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from textual.app import App
from textual.binding import Binding, BindingType
from textual.keys import key_to_character

from tutor.tui.screens.exercise_keys import KEYS

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

_PLACE = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?)\}")
_NAMES = {
    "pageup": "Page Up",
    "pagedown": "Page Down",
    "ctrl": "Ctrl",
    "escape": "Esc",
    "slash": "/",
    "at": "@",
    "minus": "-",
    "plus": "+",
}


def with_keys(app: App[Any], text: str, *owners: Sequence[BindingType]) -> str:
    """A text of ours with the key that does it now for each `{id}` of a binding.

    The bindings are those of the app, of the exercise screen, and of the `owners`.
    Raises KeyError for an id that none of them has.
    """
    kind = type(app)
    defaults: dict[str, str] = {}
    for bindings in (kind.BINDINGS, KEYS, *owners):
        defaults |= {one.id: one.key for one in bindings if isinstance(one, Binding) and one.id}
    own: Mapping[str, str] = cast("TutorApp", app).settings.keys
    return _PLACE.sub(lambda found: spoken((own.get(found[1]) or defaults[found[1]]).partition(",")[0]), text)


def spoken(key: str) -> str:
    """How a key is called in a sentence: `F2`, `Ctrl+G`, `Page Up`, `/`."""
    *held, last = key.strip().split("+")
    if held:
        return "+".join([*(_NAMES.get(one, one.title()) for one in held), spoken(last).upper()])
    if re.fullmatch(r"f\d+", last):
        return last.upper()
    if last in _NAMES or len(last) == 1:
        return _NAMES.get(last, last)
    return (key_to_character(last) or "").strip() or last.replace("_", " ").title()
