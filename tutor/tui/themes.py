"""Colours: themes of our own, a colour for each thing that colours say, and text that can be read in every theme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES, Theme

from tutor.tui.colours import Seen, contrast, difference

ENOUGH = 4.5
"""The least contrast of text to what is behind it (WCAG 2, level AA)."""

ROLES = {
    "current": "text-accent",
    "value": "text-success",
    "gradient": "text-error",
    "right": "text-success",
    "wrong": "text-warning",
    "hint": "text-secondary",
    "key": "text-primary",
}
"""What a colour says, and the variable of Textual's that says it in a theme that is not ours.

`current` is what is at hand: its blank, gate and wire, and the focus. `value` and `gradient` are numbers, `right` and
`wrong` verdicts, `hint` a hint, `key` a key. Each has a sign beside it: nothing is said by colour alone.
"""

_APART = 15.0
"""Two colours nearer than this (CIE 1976, in Lab) are taken for one."""

_NUMBERS_APART = 20.0
"""Values and gradients are at least so far apart for everybody, where a theme has colours for it."""

CHALK = Theme(
    name="chalk",
    primary="#7cc0f5",
    secondary="#b9a7f2",
    warning="#ffab4d",
    error="#ff7f66",
    success="#8fd46a",
    accent="#ffd866",
    foreground="#e4e7e4",
    background="#14191c",
    surface="#1a2125",
    panel="#242d32",
    dark=True,
    variables={
        "line": "#43525a",
        "text-muted": "#9aa5a8",
        "foreground-muted": "#9aa5a8",
        "primary-muted": "#22333d",
        "current": "#ffd866",
        "value": "#4fd6c4",
        "gradient": "#ff7f66",
        "right": "#8fd46a",
        "wrong": "#ffab4d",
        "hint": "#b9a7f2",
        "key": "#7cc0f5",
    },
)
"""The theme that holds until another is chosen: a dark board."""

PAPER = Theme(
    name="paper",
    primary="#005a9c",
    secondary="#5d45b0",
    warning="#9a4600",
    error="#b83a00",
    success="#3a6b00",
    accent="#7a5200",
    foreground="#24231f",
    background="#faf8f2",
    surface="#f4f1e8",
    panel="#e6e1d3",
    dark=False,
    variables={
        "line": "#c9c4b5",
        "text-muted": "#5f6058",
        "foreground-muted": "#5f6058",
        "primary-muted": "#dde7ec",
        "current": "#7a5200",
        "value": "#006b6b",
        "gradient": "#b83a00",
        "right": "#3a6b00",
        "wrong": "#9a4600",
        "hint": "#5d45b0",
        "key": "#005a9c",
    },
)
"""Its light sister."""

HIGH_CONTRAST = Theme(
    name="high-contrast",
    primary="#66ccff",
    secondary="#99ddff",
    warning="#ffd75f",
    error="#ffa0a0",
    success="#7fff7f",
    accent="#ffff66",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#202020",
    dark=True,
    variables={
        "line": "#a0a0a0",
        "text": "#ffffff",
        "text-muted": "#dddddd",
        "text-disabled": "#bbbbbb",
        "foreground-muted": "#dddddd",
        "foreground-disabled": "#bbbbbb",
        "primary-muted": "#003355",
        "block-cursor-foreground": "#000000",
        "block-cursor-background": "#ffff66",
        "block-cursor-blurred-foreground": "#ffffff",
        "block-cursor-blurred-background": "#004466",
        "input-cursor-background": "#ffff66",
        "input-cursor-foreground": "#000000",
        "input-selection-background": "#004466",
    },
)
"""White and clear colours on black: every text has a contrast of at least 7:1 (WCAG 2, level AAA)."""

OURS = (CHALK, PAPER, HIGH_CONTRAST)
"""Our own themes, in the order of the settings. A new one is added here."""

EVERY = {**{theme.name: theme for theme in OURS}, **BUILTIN_THEMES}
"""All themes by name, ours first."""

THEMES = tuple(EVERY)
"""The names of all themes."""

_TEXTS = (
    "foreground",
    "text-muted",
    "text-disabled",
    "text-primary",
    "text-secondary",
    "text-success",
    "text-warning",
    "text-error",
    "text-accent",
    *ROLES,
)
_BEHIND = ("background", "surface", "panel", "primary-muted")
_TRACKS = (
    "scrollbar-background",
    "scrollbar-background-hover",
    "scrollbar-background-active",
    "scrollbar-corner-color",
)
_BARS = ("scrollbar", "scrollbar-hover", "scrollbar-active")
_STEP = 0.05
_SEEN = 1.3
"""The contrast to the background of the row that a list is at; it has a sign, and its text is bold."""


def legible(variables: Mapping[str, str]) -> dict[str, str]:
    """A theme's variables, with those for text moved as far towards black or white as it takes to read them.

    `line`, for rules and frames between parts, is ours, and so are the `ROLES` and the tint of the row at hand.
    """
    made = {"line": variables["panel"], **{role: variables[name] for role, name in ROLES.items()}, **variables}
    try:
        if "line" not in variables:
            made["line"], made["primary-muted"] = _line(variables), _row_at_hand(variables)
        behind = [Color.parse(made[name]) for name in _BEHIND]
    except ColorParseError:
        return made
    if any(color.ansi is not None or color.a < 1 for color in behind):
        return made  # the terminal's own colours: nobody here knows them
    made |= dict.fromkeys(_TRACKS, variables["background"]) | dict.fromkeys(_BARS, made["line"])
    if "current" not in variables and _near(made["text-accent"], made["text-warning"], behind[0]):
        made["current"] = made["text-primary"]
    for name in _TEXTS:
        made[name] = _readable(made[name], behind)
    if "value" not in variables:
        colours = tuple(made[name] for name in (*_FOR_VALUES, "gradient", "current"))
        made["value"], made["gradient"] = _of_numbers(colours, tuple(behind))
    background, surface, *_ = behind
    footer = background + Color.parse(variables["footer-background"])
    for name in ("footer-key-foreground", "footer-description-foreground"):
        made[name] = _readable(variables[name], [footer])
    cursor = surface + Color.parse(variables["block-cursor-background"])
    made["block-cursor-foreground"] = _readable(cursor.get_contrast_text(1.0).hex, [cursor])
    made["input-selection-foreground"] = made["foreground"]
    made["input-selection-background"] = _under(made["foreground"], variables["input-selection-background"], background)
    blurred = Color.parse(variables["block-cursor-blurred-background"])
    made["block-cursor-blurred-foreground"] = _readable(
        variables["block-cursor-blurred-foreground"], [background + blurred, surface + blurred]
    )
    return made


def _line(variables: Mapping[str, str]) -> str:
    """For rules and frames: seen, and no more."""
    panel, text = Color.parse(variables["panel"]), Color.parse(variables["foreground"])
    return variables["panel"] if panel.ansi is not None or text.ansi is not None else panel.blend(text, 0.2, 1.0).hex


def _row_at_hand(variables: Mapping[str, str]) -> str:
    """Behind the row that a list is at: as much of the theme's own colour for it as it takes to be seen.

    On a stronger one the colours of text would all have to be pale, or dark.
    """
    written, background = (Color.parse(variables[name]) for name in ("primary-muted", "background"))
    if any(color.ansi is not None or color.a < 1 for color in (written, background)):
        return variables["primary-muted"]
    shades = _on_a_way(background, written)
    return next((shade for shade in shades if contrast(shade, background) >= _SEEN), written).hex


def _under(text: str, written: str, behind: Color) -> str:
    """The colour of a selection, or as much of it as leaves the text in it readable."""
    letters = _parsed(text, behind)
    shades = _on_a_way(_parsed(written, behind), behind)
    return next((shade for shade in shades if contrast(letters, shade) >= ENOUGH), behind).hex


def _readable(written: str, behind: list[Color]) -> str:
    """This colour, or the nearest to it on the way to black or white that stands out from all these."""
    text = _parsed(written, behind[0])
    if all(contrast(text, color) >= ENOUGH for color in behind):
        return text.hex if written.startswith("auto") else written  # in a `Content` auto would be black or white
    ways = [_on_the_way(text, end, behind) for end in (Color(0, 0, 0), Color(255, 255, 255))]
    best = max(ways, key=lambda color: min(ENOUGH, *(contrast(color, each) for each in behind)))
    return best.hex


def _on_the_way(text: Color, end: Color, behind: list[Color]) -> Color:
    return next((one for one in _on_a_way(text, end) if all(contrast(one, color) >= ENOUGH for color in behind)), end)


def _on_a_way(begin: Color, end: Color) -> list[Color]:
    """From one colour to another."""
    return [begin.blend(end, number * _STEP, alpha=1.0) for number in range(round(1 / _STEP) + 1)]


def _parsed(written: str, behind: Color) -> Color:
    """The colour as it is seen: `auto 60%` is black or white, so much of it."""
    name, _, share = written.partition(" ")
    alpha = float(share.rstrip("%")) / 100 if share else 1.0
    if name == "auto":
        return behind + behind.get_contrast_text(alpha)
    return behind + Color.parse(name).multiply_alpha(alpha)


_FOR_VALUES = ("text-success", "text-primary", "text-secondary", "text-accent")
"""The colours that values may have; the first that is told apart from the colour of gradients."""

_SATURATIONS = (0.4, 0.6, 0.8, 1.0)
_LIGHTNESSES = tuple(number / 20 for number in range(3, 20))
_OTHER_HUE = 10.0
"""By how much nearer to the theme's own a shade of the next hue has to be, to be taken."""

_RED_STAYS = 2.0
"""How much more it counts when gradients have another shade: paler ones are hardly red any more."""


@cache
def _of_numbers(colours: tuple[str, ...], behind: tuple[Color, ...]) -> tuple[str, str]:
    """The colours of values and of gradients.

    The theme's green and red, or another of its colours for values where those who see no red or no green would take
    the two for one. In themes that are too pale for any of them, of the shades of the same hues that can be read the
    pair nearest to the theme's own. `colours` are those that values may have, that of gradients, that of what is at
    hand.
    """
    *values, gradient, current = (Seen.by_all(Color.parse(written)) for written in colours)

    def told(value: Seen, red: Seen) -> bool:
        return value.apart(red) >= _NUMBERS_APART and difference(value.color, current.color) >= _APART

    for written, value in zip(colours, values, strict=False):
        if told(value, gradient):
            return written, colours[-2]
    far = min(_APART, difference(gradient.color, current.color))
    reds = [red for red in _shades(gradient, behind) if difference(red.color, current.color) >= far]
    pairs = [
        (
            _OTHER_HUE * number
            + difference(value.color, shade.color)
            + _RED_STAYS * difference(gradient.color, red.color),
            shade,
            red,
        )
        for number, value in enumerate(values)
        for shade in _shades(value, behind)
        for red in reds
        if told(shade, red)
    ]
    if not pairs:
        return colours[0], colours[-2]
    _, shade, red = min(pairs, key=lambda pair: pair[0])
    return shade.color.hex, red.color.hex


def _shades(seen: Seen, behind: Sequence[Color]) -> list[Seen]:
    """The colour itself, and others of its hue that stand out from all these."""
    hue = seen.color.hsl.h
    shades = [Color.from_hsl(hue, each, light) for each in _SATURATIONS for light in _LIGHTNESSES]
    return [seen, *(Seen.by_all(one) for one in shades if all(contrast(one, color) >= ENOUGH for color in behind))]


def _near(one: str, other: str, behind: Color) -> bool:
    """Whether two colours, as they are written, could be taken for each other."""
    return difference(_parsed(one, behind), _parsed(other, behind)) < _APART
