"""The table of all that keys do. Textual's bindings, the bottom bar, the palette, the help and README come from it.

`COMMANDS` holds, for each screen or part of one, its commands in the order of the bottom bar. A screen or widget takes
its bindings from here: `BINDINGS = bindings("home")`. Sentences name a key by its command, `{exercise.hint} gives a
hint.`, and `tutor.tui.keys` puts in the key that does it now.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.binding import Binding, BindingType


@dataclass(frozen=True)
class Command:
    """One thing that keys do at one place."""

    id: str
    """By which `settings.toml` gives it another key; "" for a key of Textual's or of a widget, which always is its."""

    keys: str
    """The keys that do it, with commas between them, as Textual names them; the first is the one that texts name."""

    action: str = ""
    """Textual's action, on the screen or widget that has these bindings; "" where there is no id."""

    words: str = ""
    """In the bottom bar, the palette and the list of `settings --keys`."""

    help: str = ""
    """On the help page and in README's table; may name others, `{graph.copy}`. "" where it has no line there."""

    letters: str = ""
    """The letters that do it too; they act where no text is edited."""

    bar: int = 0
    """Its rank in the bottom bar: 1 is left out last, 0 is not there."""

    priority: bool = False
    """Whether it comes before what the widget with the focus does with these keys."""

    turns: tuple[str, str] | None = None
    """Another action and its words, which these keys do where the first does not apply."""

    paired: bool = False
    """Whether it shares the line of the help with the command before it."""

    @property
    def every_key(self) -> str:
        """Keys and letters, with commas between them."""
        return ",".join(filter(None, (self.keys, *self.letters)))


COMMANDS: dict[str, tuple[Command, ...]] = {
    "app": (
        Command("settings", "f11", "settings", "Settings", priority=True,
                help="settings: colours, the graph in ASCII, digits, motion"),
        Command("", "ctrl+p", words="Commands", help="all commands and exercises by name"),
        Command("quit", "ctrl+q", "quit", "Quit", bar=20, priority=True, help="quit; everything is kept"),
    ),
    "home": (
        Command("help", "f1", "help", "Help", bar=1,
                help="help: what the keys do, what you may type, what the signs say"),
        Command("home.next", "", "next", "Next", letters="n", bar=4,
                help="open what to do next: worth another look, else begun, else new"),
        Command("", "up", words="Up",
                help="from exercise to exercise (also {home.down} and {home.up}); {home.open} opens one, or folds a "
                     "topic"),
        Command("", "down", words="Down", paired=True),
        # Priority: it moves the focus before the keys behind it are sent to where the focus is.
        Command("home.search", "slash", "search", "Search", bar=5, priority=True,
                help="search titles, topics and texts; Enter goes to what was found"),
        Command("home.filter", "", "filter", "Filter", letters="f", bar=6,
                help="list all, to do, begun, solved, or worth another look"),
        Command("home.again", "ctrl+n", "again", "Do it again",
                help="do the exercise under the cursor again from nothing; asks first"),
        Command("home.fresh", "ctrl+o", "fresh", "New numbers",
                help="the exercise under the cursor on new numbers"),
        Command("home.own", "", "own", "My function", letters="m", bar=9,
                help="a function of your own: type it, and work on it"),
        Command("home.gates", "ctrl+g", "gates", "Gate cards", bar=8,
                help="the gate cards, with room for notes of your own"),
        Command("home.settings", "", "app.settings", "Settings", letters="s", bar=7, help="settings"),
        Command("home.all", "escape", "all", "Show all", bar=3, help="end search and filter"),
        Command("home.preview_up", "pageup", "preview(-1)", "Preview up", help="scroll the preview"),
        Command("home.preview_down", "pagedown", "preview(1)", "Preview down", paired=True),
    ),
    "home list": (
        Command("home.open", "enter", "select_cursor", "Open", bar=2),
        Command("home.down", "", "cursor_down", "Down", letters="j"),
        Command("home.up", "", "cursor_up", "Up", letters="k"),
    ),
    # Priority on the exercise screen: the editors have uses of their own for some of these keys.
    "exercise": (
        Command("", "enter", words="Check", help="check the line or the answer, and go on"),
        Command("exercise.help", "f1", "help", "Help", bar=1, priority=True,
                help="help: what the keys do, what you may type, what the signs say"),
        Command("exercise.hint", "f2", "hint", "Hint", bar=3, priority=True,
                help="a hint: the principle, then a question with this gate's numbers, then the line; "
                     "the next one comes after a try or 20 seconds"),
        Command("exercise.check", "f5", "check", "Check", bar=4, priority=True,
                help="check the current blank; run the code"),
        Command("exercise.back", "f3", "step(-1)", "Previous step", priority=True, help="previous step"),
        Command("exercise.on", "f4", "step(1)", "Next step", priority=True, paired=True,
                help="next step; those that are still locked are passed over"),
        Command("exercise.graph", "f7", "graph", "Graph", bar=5, priority=True, turns=("leave_graph", "Back"),
                help="to the graph and back; there arrow keys choose a gate and show its card, {graph.choose} goes to "
                     "its blank, {graph.style} draws it another way, {graph.replay} replays the passes, "
                     "{graph.copy} copies the drawing"),
        Command("exercise.quick", "f8", "quick", "Quick", bar=9, priority=True, turns=("full", "Full"),
                help="backward step: each gradient only, or upstream, local and downstream"),
        Command("exercise.show", "f9", "show", "Show", bar=7, priority=True,
                help="twice: show the answer to this blank, marked as shown"),
        Command("exercise.fix", "ctrl+t", "fix", "Put right what followed", priority=True,
                help="when you have corrected a number: put right the answers that followed from it"),
        Command("exercise.worked", "f6", "worked", "Worked", bar=10, priority=True,
                help="the worked solution of this question, for your own equations; before you finish it, "
                     "press twice, and its rest is marked as shown"),
        Command("exercise.again", "ctrl+n", "again", "Begin again", priority=True,
                help="begin the exercise again from nothing; asks first, and your answers stay in the journal"),
        Command("exercise.fresh", "ctrl+o", "fresh", "New numbers", priority=True,
                help="once more, on new numbers; asks first where this one is half done, and keeps it"),
        Command("exercise.statement", "ctrl+l", "statement", "Text", bar=6, priority=True,
                help="all of the text: what is given, what is asked, the introduction"),
        Command("exercise.outside", "f10", "outside", "Editor", bar=8, priority=True,
                help="code: open it in the editor that VISUAL or EDITOR names; what you leave there is taken back"),
        Command("exercise.outside_e", "", "outside", "Editor", letters="e"),
        Command("exercise.replay", "ctrl+r", "replay", "Replay", priority=True,
                help="replay: both passes gate by gate with their arithmetic, as far as you have found them "
                     "({graph.replay} in the graph)"),
        Command("exercise.gates", "ctrl+g", "gates", "Gate card",
                help="the gate cards: sign, local derivatives, pattern, shapes and kinks of every gate, with room for "
                     "your own notes"),
        Command("exercise.home", "escape", "home", "Home", bar=2, turns=("leave_graph", "Back"),
                help="home, or from the graph back to the blank; everything is kept, even text not checked yet"),
        Command("exercise.up", "up", "blank(-1)", "Previous blank", help="previous blank"),
        Command("exercise.down", "down", "blank(1)", "Next blank", paired=True, help="next blank"),
        Command("exercise.said_up", "pageup", "said(-1)", "Tutor panel up",
                help="scroll what the tutor says, or the introduction"),
        Command("exercise.said_down", "pagedown", "said(1)", "Tutor panel down", paired=True),
        Command("", "tab", words="Next part",
                help="indents in the code editor ({exercise.graph} or {exercise.home} leaves it); "
                     "elsewhere moves to the next part"),
    ),
    "exercise choice": (
        Command("choice.check", "enter", "hand_in", "Check"),
        Command("choice.mark", "space", "mark", "Mark"),
        Command("choice.up", "up", "move(-1)", "Up", letters="k"),
        Command("choice.down", "down", "move(1)", "Down", letters="j"),
    ),
    "exercise graph": (
        Command("graph.left", "left", "go('left')", "Against the flow", letters="h"),
        Command("graph.right", "right", "go('right')", "With the flow", letters="l"),
        Command("graph.up", "up", "go('up')", "Up", letters="k"),
        Command("graph.down", "down", "go('down')", "Down", letters="j"),
        Command("graph.choose", "enter", "choose", "Go to its blank"),
        Command("graph.style", "", "next_style", "Change drawing", letters="s"),
        Command("graph.copy", "", "copy", "Copy", letters="c"),
        Command("graph.replay", "", "screen.replay", "Replay", letters="r"),
    ),
    "again": (
        Command("again.yes", "enter", "again", "Begin again", bar=1),
        Command("again.surely", "", "surely", "Begin again", letters="y"),
        Command("again.no", "escape", "leave", "Leave it as it is", letters="n", bar=2),
    ),
    "gates": (Command("gates.close", "escape,ctrl+g", "close", "Close", bar=1, priority=True),),
    "help": (
        Command("help.close", "escape,f1,enter", "dismiss", "Close", letters="q", bar=1),
        Command("help.down", "down", "scroll(1)", "Down", letters="j"),
        Command("help.up", "up", "scroll(-1)", "Up", letters="k"),
    ),
    "own": (
        Command("own.begin", "f5", "begin", "Begin", bar=1, priority=True),
        Command("own.close", "escape", "close", "Home", bar=2, priority=True),
    ),
    "replay": (
        Command("replay.close", "escape", "dismiss", "Close", letters="qr", bar=1, priority=True),
        Command("replay.next", "right,down,enter", "go(1)", "Next", letters="lj", bar=2, priority=True),
        Command("replay.before", "left,up", "go(-1)", "Before", letters="hk", bar=3, priority=True),
        Command("replay.first", "home", "go(-10000)", "First", priority=True),
        Command("replay.last", "end", "go(10000)", "Last", priority=True),
        Command("replay.play", "space", "play", "Play", bar=4, priority=True),
    ),
    "settings": (Command("settings.close", "escape", "close", "Close", bar=1),),
    "settings themes": (
        Command("settings.keep", "enter", "select", "Keep the theme"),
        Command("settings.theme_down", "down", "cursor_down", "Next theme", letters="j"),
        Command("settings.theme_up", "up", "cursor_up", "Previous theme", letters="k"),
    ),
    "settings row": (
        Command("settings.more", "right,space,enter", "turn(1)", "Next choice", letters="l"),
        Command("settings.less", "left", "turn(-1)", "Previous choice", letters="h"),
        Command("settings.next", "down", "app.focus_next", "Next setting", letters="j"),
        Command("settings.before", "up", "app.focus_previous", "Previous setting", letters="k"),
    ),
    "solved": (
        Command("solved.next", "enter", "choose('next')", "Next exercise", bar=1),
        Command("solved.again", "ctrl+n", "choose('again')", "Do it again", bar=2),
        Command("solved.fresh", "ctrl+o", "choose('fresh')", "New numbers", bar=5),
        Command("solved.home", "", "choose('home')", "Home", letters="h", bar=3),
        Command("solved.stay", "escape", "choose('stay')", "Look at it again", bar=4),
    ),
    "welcome": (
        Command("welcome.begin", "enter", "begin(True)", "Begin", bar=1),
        Command("welcome.look", "escape", "begin(False)", "Look around", letters="q", bar=2),
    ),
    "worked": (
        Command("worked.close", "escape,f6,enter", "dismiss", "Close", letters="q", bar=1),
        Command("worked.copy", "", "copy", "Copy", letters="c", bar=2),
        Command("worked.down", "down", "scroll(1)", "Down", letters="j"),
        Command("worked.up", "up", "scroll(-1)", "Up", letters="k"),
        Command("worked.page_down", "pagedown,space", "scroll(10)", "Page down"),
        Command("worked.page_up", "pageup", "scroll(-10)", "Page up"),
    ),
}  # fmt: skip
"""Place -> what keys do there. A place is a screen, by its name, or a part of one, by the screen's name and its own."""

BY_ID = {command.id: command for commands in COMMANDS.values() for command in commands if command.id}
"""Id -> the command."""


def bindings(place: str) -> list[BindingType]:
    """What Textual wants to know of the keys of a place."""
    return [each for command in COMMANDS[place] if command.id for each in _bindings_of(command)]


def _bindings_of(command: Command) -> Iterator[Binding]:
    for action, words in filter(None, ((command.action, command.words), command.turns)):
        yield Binding(
            command.every_key, action, words, show=bool(command.bar), priority=command.priority, id=command.id
        )


def help_lines(place: str) -> list[tuple[tuple[Command, ...], str]]:
    """The lines of help on a place: the commands that share a line, and what it says."""
    lines: list[tuple[tuple[Command, ...], str]] = []
    for command in COMMANDS[place]:
        if command.paired:
            before, said = lines[-1]
            lines[-1] = ((*before, command), ", ".join(filter(None, (said, command.help))))
        elif command.help:
            lines.append(((command,), command.help))
    return lines
