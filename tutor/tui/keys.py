"""Keys by the names and for the commands they have now: in sentences, in the report on settings, and where two clash.

What keys do is in `tutor.tui.commands`; the learner's own keys are a mapping, id of a command -> keys, from
`settings.toml`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.events import Key
from textual.keys import KEY_TO_UNICODE_NAME, Keys, key_to_character
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Input, TextArea

from tutor.settings.schema import KnownBindings
from tutor.tui.commands import BY_ID, COMMANDS, nobodys_key
from tutor.tui.key_command import Command
from tutor.tui.themes import THEMES

if TYPE_CHECKING:
    from tutor.tui.app import TutorApp

_ID = re.compile(r"\{([a-z_]+(?:\.[a-z_]+)?(?:\+[a-z_.]+)*)\}")
_NAMES = {
    "pageup": "Page Up",
    "pagedown": "Page Down",
    "ctrl": "Ctrl",
    "escape": "Esc",
    "slash": "/",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "comma": ",",
    "colon": ":",
    "question_mark": "?",
}

_IN_BAR = {"esc": "Esc", "escape": "Esc", "⏎": "Enter", "enter": "Enter"}
_PLAIN_KEY = re.compile(r"f\d+|\^[a-z]")
ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
"""Key -> how it is called where there is little room."""

MENU = "exercise.menu"
MENUS = {"exercise": MENU, "paper": "paper.menu", "home": "home.all"}
"""Screen -> the command whose key comes before a letter there."""

# In sentences


def with_keys(app: App[Any], text: str) -> str:
    """A text of ours with the key that does it here and now for each `{id}` of a command; of keys that belong together,
    `{choice.up+choice.down}`, as short as they can be: `↑↓`.

    What is said in reply to a key names that key, where the command has several. Raises KeyError for an unknown id.
    """
    tutor = cast("TutorApp", app)
    return _filled(text, own_keys(app), edits_text(app), tutor.last_key, screen_with_letters(app))


PRESSES = "presses"
"""What a text on the screen keeps with it: the key that a click on it presses."""


def clickable(text: Content, key: str) -> Content:
    """The text, where a click presses a key: `alt+x` where x comes after the key of letters."""
    return text.stylize(Style.from_meta({PRESSES: key})) if key else text


def press(app: App[Any], key: str) -> None:
    """What a click on the name of a key does."""
    letter = key.removeprefix("alt+")
    if letter != key:  # a field is no menu
        menu = BY_ID[MENUS[screen_with_letters(app)]]
        app.simulate_key(keys_of(menu, own_keys(app)).partition(",")[0])
    app.simulate_key(letter)


def key_line(app: App[Any], key: str, does: str, width: int = 0) -> Content:
    """A key as `with_keys` names it, in `width` columns or more, and what it does; a click presses it."""
    named = with_keys(app, key)
    found = _ID.fullmatch(key)
    command = BY_ID.get(found[1]) if found is not None else None
    pressed = clicked(command, own_keys(app), edits_text(app)) if command is not None else named.lower()
    line = Content.assemble((f"{named:<{width}}", "bold $key"), f" {does}")
    return clickable(line, pressed if command is not None or found is None else "")


def line_of_keys(app: App[Any], *does: tuple[str, str]) -> Content:
    """The keys of a dialog in one line: each with what it does, in a word."""
    return Content("   ").join(key_line(app, key, what) for key, what in does)


def edits_text(app: App[Any]) -> bool:
    """Whether what is typed now is text, or the letters that are answers."""
    return isinstance(app.focused, Input | TextArea) or getattr(app.focused, "takes_letters", False)


def own_keys(app: App[Any]) -> Mapping[str, str]:
    """The learner's own keys, by the ids of commands."""
    return cast("TutorApp", app).settings.keys


def screen_with_letters(app: App[Any]) -> str:
    """Which of `MENUS` is on top, or next below it: there the letters of the app are pressed."""
    for screen in reversed(app.screen_stack):
        if (place := getattr(screen, "bar_places", ("",))[-1]) in MENUS:
            return str(place)
    return "exercise"


def with_own_keys(text: str, own: Mapping[str, str], on: str = "exercise") -> str:
    """The same for what is read anywhere, where the learner's own keys are these; `on` as in `key_name`."""
    return _filled(text, own, in_field=True, on=on)


def _filled(text: str, own: Mapping[str, str], in_field: bool, pressed: str = "", on: str = "exercise") -> str:
    def name(id: str) -> str:
        if "+" in id:
            return short_keys((BY_ID[one] for one in id.split("+")), own, in_field)
        command = BY_ID[id]
        by_this = len(pressed) > 1 and pressed in own.get(id, command.every_key).split(",")
        return spoken(pressed) if by_this else key_name(command, own, in_field, on)

    return _ID.sub(lambda found: name(found[1]), text)


def key_name(command: Command, own: Mapping[str, str], in_field: bool = True, on: str = "exercise") -> str:
    """The first of the keys that a command has now, as a sentence calls it; else its letter, after the key of letters
    where text is edited: `in_field`. A letter of the app is pressed on the screen `on`, one of `MENUS`."""
    if command.id not in own and command.shares:
        return key_name(BY_ID[command.shares], own, in_field, on)
    if keys_of(command, own) == command.letter:
        of = next((place for place in ("exercise", "paper") if command in COMMANDS[place]), "")
        menu = MENUS[of or on] if in_field and (of or command in COMMANDS["app"]) else ""
        after = f"{key_name(BY_ID[menu], own)} " if menu else ""
        return f"{after}{spoken(command.letter)}"
    return spoken(keys_of(command, own).partition(",")[0])


def keys_of(command: Command, own: Mapping[str, str]) -> str:
    """The keys that a command has now, with commas between them; its letter where it has none."""
    if command.id not in own and command.shares:
        return keys_of(BY_ID[command.shares], own)
    if command.id not in own:
        return command.every_key if command.keys or command.letters else command.letter or command.every_key
    return command.letter if own[command.id] == nobodys_key(command) else own[command.id]


def clicked(command: Command, own: Mapping[str, str], in_field: bool) -> str:
    """The key that a click on a command's presses: `alt+x` where its letter comes after the key of letters."""
    key = keys_of(command, own).partition(",")[0]
    return f"alt+{key}" if key == command.letter and key_name(command, own, in_field) != spoken(key) else key


def has_key(command: Command, key: str, own: Mapping[str, str]) -> bool:
    """Whether a key or letter is one of a command's."""
    return key in (*own.get(command.id, command.every_key).split(","), command.letter)


def short_key(command: Command, own: Mapping[str, str], in_field: bool = True) -> str:
    """The same where there is little room: a letter by itself, an arrow as an arrow, `^G`."""
    key = keys_of(command, own).partition(",")[0]
    return ARROWS.get(key) or key_name(command, own, in_field).replace("Ctrl+", "^")


def short_keys(commands: Iterable[Command], own: Mapping[str, str], in_field: bool = True) -> str:
    """Those of several commands that belong together: `↑↓`, `F3 F4`."""
    called = [short_key(command, own, in_field) for command in commands]
    return ("" if all(len(one) == 1 for one in called) else " ").join(called)


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


def digit_of(event: Key) -> int | None:
    """The digit that was pressed: 0 to 9, and no sign that only looks like one (`²`)."""
    return int(event.key) if event.key in tuple("0123456789") else None


def in_bar(shown: str) -> str:
    """A key by the name it has in the texts, from what Textual shows for it: F1, Esc, Enter, ^G."""
    name = _IN_BAR.get(shown.lower(), shown)
    return name.upper() if _PLAIN_KEY.fullmatch(name) else name


# In the settings


def key_names() -> frozenset[str]:
    """How keys are called that are not characters: `f5`, `escape`."""
    names = {key.value.rpartition("+")[2] for key in Keys if "<" not in key.value}
    return frozenset({*names, *KEY_TO_UNICODE_NAME, "slash", "backslash", "at", "minus", "plus", "underscore"})


def known() -> KnownBindings:
    """All names that the settings are checked against."""
    return KnownBindings(THEMES, tuple(BY_ID), key_names())


def rows(own: Mapping[str, str]) -> dict[str, list[tuple[str, str, str]]]:
    """Screen -> what can have another key there: its id, the keys it has now, and what it is."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for place, commands in sorted(COMMANDS.items()):
        found.setdefault(_screen_of(place), []).extend(
            (one.id, own.get(one.id, one.every_key).replace(nobodys_key(one), one.letter), one.words)
            for one in commands
            if one.id
        )
    return found


def _screen_of(place: str) -> str:
    return place.partition(" ")[0]


# Keys that clash

CLASSES = {
    "app": ("app.TutorApp",),
    "home": (
        "screens.home.HomeScreen",
        "widgets.exercise_tree.ExerciseTree",
        "widgets.exercise_tree.SearchField",
        "widgets.today_list.TodayList",
    ),
    "exercise": (
        "screens.exercise.ExerciseScreen",
        "widgets.finished_graph.FinishedGraph",
        "widgets.graph_view.GraphView",
        "widgets.work_pane.AnswerField",
        "widgets.choice_row.Options",
        "widgets.equations_editor.EquationsEditor",
        "widgets.code_editor.CodeEditor",
    ),
    "again": ("screens.again.AgainScreen",),
    "gates": ("screens.gates.GatesScreen",),
    "help": ("screens.help.HelpScreen",),
    "jump": ("screens.jump.JumpScreen",),
    "lesson": ("screens.lessons.LessonScreen",),
    "menu": ("screens.menu.MenuScreen",),
    "made": ("screens.made_function.MadeFunctionScreen",),
    "own": ("screens.own_function.OwnFunctionScreen",),
    "over": ("screens.review.RoundOverScreen",),
    "progress": ("screens.progress.ProgressScreen",),
    "review": ("screens.review.ReviewScreen",),
    "reading": ("screens.lessons.ReadingList",),
    "beginning": ("screens.begin_paper.BeginPaperScreen",),
    "handing": ("screens.hand_in.HandInScreen",),
    "paper": ("screens.paper.PaperScreen",),
    "papers": ("screens.papers.PapersScreen", "screens.papers.PapersList"),
    "result": ("screens.paper_result.PaperResultScreen",),
    "solution": ("screens.paper_result.SolutionScreen",),
    "replay": ("screens.replay.ReplayScreen",),
    "settings": ("screens.settings.SettingsScreen", "screens.settings.ThemeList", "screens.settings.SettingRow"),
    "solved": ("screens.solved.SolvedScreen",),
    "welcome": ("screens.welcome.WelcomeScreen",),
    "word": ("screens.lessons.WordScreen",),
    "worked": ("screens.worked.WorkedScreen",),
}
"""Screen -> the classes in this package that have keys there, their own or Textual's."""


@dataclass(frozen=True)
class _Use:
    """What a class does with some keys, by its own bindings or by those it inherits from Textual."""

    id: str
    keys: tuple[str, ...]
    title: str
    action: str
    priority: bool
    widget: str = ""
    """The class of the widget that has to have the focus; "" where none has."""


def doubled(own: Mapping[str, str]) -> list[str]:
    """A sentence for each key of the learner's own that does two things on one screen, or can no longer be typed.

    Loads every screen: what Textual's widgets do with keys is known by their classes alone.
    """
    return [one.sentence for one in _clashes(own)]


def without_clashes(own: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The keys with which each does one thing, and a sentence for each that had to give way.

    A key of the learner's own takes the place of the usual key of a command that has another besides. It cannot hold
    where the other one is their own, too, or has no other way, or where it is text, or where a widget of Textual's has
    it first: there the usual keys stay. To a command that comes before the widgets their own keys give way.
    """
    holding, said = dict(own), list[str]()
    for _ in own:  # each round settles one of them at least
        clashes = [one for one in _clashes(holding) if one.cannot_hold and one.id in own]
        if not clashes:
            break
        for one in clashes:
            other = BY_ID.get(one.other)
            by = _other_way(other, one.key, holding) if other is not None and one.other not in own else ""
            if other is not None and by:
                _give_up(holding, other, one.key)
                said.append(f"{one.key} is {one.title} now; {other.words} goes by {by}.")
            else:
                _give_up(holding, BY_ID[one.id], one.key, usual=True)
                said.append(one.sentence)
    return holding, list(dict.fromkeys((*said, *(one.sentence for one in _clashes(holding)))))


def _other_way(command: Command, key: str, holding: Mapping[str, str]) -> str:
    """What does a command beside a key, in words; "" where nothing does."""
    if command.letter:
        return f"its letter, {spoken(command.letter)}"
    if command.shares:
        return spoken(keys_of(BY_ID[command.shares], holding).partition(",")[0])
    left = [one for one in holding.get(command.id, command.every_key).split(",") if one != key]
    return spoken(left[0]) if left else ""


def _give_up(holding: dict[str, str], command: Command, key: str, usual: bool = False) -> None:
    """Take a key from a command; where it has no other it has none, or its usual ones."""
    held = holding.get(command.id, command.every_key).split(",")
    left = [one for one in held if one != key]
    if left == held:
        return  # it was taken away before
    if left:
        holding[command.id] = ",".join(left)
    elif usual:
        holding.pop(command.id, None)
    else:
        holding[command.id] = nobodys_key(command)


class _Clash(NamedTuple):
    """The sentence on a key of the learner's own, the command that has it, and the other that has it too."""

    sentence: str
    key: str
    id: str
    title: str
    other: str
    """Its id; "" where it is none that can have other keys."""

    cannot_hold: bool
    """Another command here has the key, or it is text, or a widget of Textual's has it first."""


def _clashes(own: Mapping[str, str]) -> list[_Clash]:
    said: dict[str, _Clash] = {}
    known: set[tuple[str, str, str]] = set()
    everywhere = _uses_on("app", own)
    for screen in CLASSES:
        here = [*everywhere, *_uses_on(screen, own)] if screen != "app" else everywhere
        found = list(_doubled_here(screen, here, own))
        for sentence, clash in found:
            if clash not in known:
                key, id, other = clash
                cannot_hold = bool(other) or len(_text_of(key)) == 1 or not BY_ID[id].priority
                said[sentence] = _Clash(sentence, key, id, BY_ID[id].words, other, cannot_hold)
        known |= {clash for _, clash in found if all(clash)}  # a screen made of another has its keys too: said once
    return list(said.values())


def _text_of(key: str) -> str:
    """What a key types; "" where that is nothing."""
    return key_to_character(key) or ""


def _doubled_here(screen: str, here: list[_Use], own: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Each sentence, and what it is about: the key and the ids of both its uses, "" where Textual has none."""
    for mine in here:
        for key in mine.keys if mine.id in own else ():
            for other in here:
                if key not in other.keys or other.action == mine.action or other.id == mine.id:
                    continue  # two actions of one id take turns
                if mine.widget and other.widget and mine.widget != other.widget:
                    continue  # one of them has the focus at a time
                if not (other.id in own and other.id < mine.id):
                    both = f"does two things on the {screen} screen: {mine.title}; {other.title}."
                    if mine.priority and not other.id:
                        both = f"is {mine.title} now on the {screen} screen, and no longer {other.title}."
                    yield f"{key} {both}", (key, mine.id, other.id)
            if mine.priority and screen == "exercise" and key_to_character(key):
                yield f"{key} can no longer be typed in answers: it is the key of {mine.title}.", (key, mine.id, "")


def _uses_on(screen: str, own: Mapping[str, str]) -> list[_Use]:
    return [use for path in CLASSES[screen] for use in _uses(class_at(path), own)]


def class_at(path: str) -> type[DOMNode]:
    """A class of this package by its path, as in `CLASSES`."""
    module, _, name = path.rpartition(".")
    found: type[DOMNode] = getattr(importlib.import_module(f"tutor.tui.{module}"), name)
    return found


def _uses(kind: type[DOMNode], own: Mapping[str, str]) -> Iterator[_Use]:
    found: dict[tuple[str, str], list[Binding]] = {}
    for _, binding in kind._merged_bindings or ():  # with all that is inherited
        found.setdefault((binding.id or "", binding.action), []).append(binding)
    for (id, action), bindings in found.items():
        keys = own[id].split(",") if id in own else [one.key for one in bindings]
        title = bindings[0].description or id or action
        widget = "" if issubclass(kind, App | Screen) else kind.__name__
        yield _Use(id, tuple(keys), title, action.removeprefix("app."), any(one.priority for one in bindings), widget)
