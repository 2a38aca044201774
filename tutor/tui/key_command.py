"""One thing that keys do at one place: a row of the table in `commands.py`."""

from __future__ import annotations

from dataclasses import dataclass


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
    """In the palette, the help and the list of `settings --keys`."""

    help: str = ""
    """On the help page and in README's table; may name others, `{graph.copy}`. "" where it has no line there."""

    letter: str = ""
    """Its letter in the alphabet of the screen: it acts after Escape, and alone where no text is edited. Nobody can
    give it away, so that each command has a way that every terminal lets through."""

    letters: str = ""
    """Further letters that do it; they act where no text is edited."""

    also: str = ""
    """Keys that do it too, where a terminal lets them through; no text names them."""

    short: str = ""
    """In the bottom bar and the menu of letters, where `words` are too long."""

    bar: int = 0
    """Its rank in the bottom bar: 1 is left out last, 0 is not there."""

    bar_turned: int = 0
    """That rank while one of its turns applies, where it is another."""

    priority: bool = False
    """Whether it comes before what the widget with the focus does with these keys."""

    turns: tuple[tuple[str, str, str], ...] = ()
    """Other actions, their words and short ones, which these keys do where those before do not apply."""

    idle: str = ""
    """What is said where its key is pressed and none of its actions applies; "" where nothing is."""

    shares: str = ""
    """The command among whose turns it is, and whose key texts name for it."""

    leaves: bool = False
    """Whether it leads away from what the learner is at, or gives an answer away: no letter typed on by mistake may."""

    paired: bool = False
    """Whether it shares the line of the help with the command before it."""

    @property
    def every_key(self) -> str:
        """The keys and letters that can be others, with commas between them; the letter itself where it has none."""
        return ",".join(filter(None, (self.keys, *self.letters, self.also))) or self.letter

    @property
    def ways(self) -> tuple[tuple[str, str, str], ...]:
        """Its actions with their words and short words; the first that applies is what the keys do."""
        return (self.action, self.words, self.brief), *self.turns

    @property
    def brief(self) -> str:
        """What the bottom bar calls it."""
        return self.short or self.words
