"""The settings screen, and what settings do to the app."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from textual.color import Color
from textual.command import CommandPalette
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import Static

import tutor.tui
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.settings.schema import Settings, read_settings
from tutor.tui import keys, themes
from tutor.tui.app import TutorApp
from tutor.tui.colours import seen_by
from tutor.tui.screens.settings import SettingRow, SettingsScreen, ThemeList
from tutor.tui.themes import EVERY, OURS, ROLES, THEMES, contrast, difference, legible
from tutor.tui.widgets.graph_view import GraphView

SIZES = [(80, 24), (60, 20)]


def write(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return home / "settings.toml"


def saved(home: Path) -> dict[str, object]:
    return tomllib.loads((home / "settings.toml").read_text(encoding="utf-8"))


async def open_settings(driver: Driver, *pressed: str) -> None:
    await driver.press(*(pressed or ("f11",)))
    await driver.until(lambda: isinstance(driver.app.screen, SettingsScreen) and driver.app.focused, "the settings")


# The screen


@pytest.mark.parametrize("size", SIZES)
async def test_everything_is_in_sight(open_app: Open, size: tuple[int, int], home: Path) -> None:
    async with open_app(size=size) as driver:
        await open_settings(driver)
        text = driver.text()
        for part in ("Theme", "✓ chalk", "Graph in ASCII", "Digits in the graph", "Reduced motion", "-1.414"):
            assert part in text
        assert "settings.toml" in text.replace("\n", "").replace("┃", "").replace(" ", "")
        assert "Esc close" in text
        for widget in driver.app.screen.query("SettingRow, ThemeList, #said"):
            assert driver.app.screen.region.contains_region(widget.region) and widget.region.height


async def test_a_file_that_is_not_there_yet_will_be_saved(open_app: Open, home: Path) -> None:
    async with open_app() as driver:
        await open_settings(driver)
        assert "Will be saved in" in driver.text()
        await driver.press("down", "enter")
        assert (home / "settings.toml").exists()
        assert "Will be saved" not in driver.text() and "Saved in" in driver.text()


async def test_every_setting_has_its_row(open_app: Open) -> None:
    async with open_app() as driver:
        await open_settings(driver)
        rows = {row.name for row in driver.app.screen.query(SettingRow)}
    others = {"theme", "keys"}  # a list, and the file alone
    assert rows == set(Settings.__struct_fields__) - others, "a setting needs a SettingRow in tui/screens/settings.py"


@pytest.mark.parametrize("size", one_in(2, SIZES))
async def test_a_theme_is_tried_taken_back_and_kept(open_app: Open, size: tuple[int, int], home: Path) -> None:
    async with open_app(size=size) as driver:
        await open_settings(driver)
        await driver.press("down")
        await driver.until(lambda: driver.app.theme == "paper", "the next theme")
        assert "Esc takes it back" in driver.text()
        await driver.press("escape")
        assert driver.app.theme == "chalk" and not (home / "settings.toml").exists()
        await open_settings(driver)
        await driver.press("home", "down", "down", "enter")
        await driver.until(lambda: driver.app.theme == "high-contrast", "the third theme")
        assert "✓ high-contrast" in driver.text()
        await driver.press("escape")
        assert not isinstance(driver.app.screen, SettingsScreen)
        assert driver.app.theme == "high-contrast" and saved(home)["theme"] == "high-contrast"
    async with open_app(size=size) as driver:
        assert driver.app.theme == "high-contrast"


async def test_a_theme_is_tried_only_within_the_list(open_app: Open) -> None:
    async with open_app() as driver:
        await open_settings(driver)
        await driver.press("j", "j")
        await driver.until(lambda: driver.app.theme == "high-contrast", "the theme after the next")
        await driver.press("tab")
        await driver.until(lambda: driver.app.theme == "chalk", "the theme that is kept")
        themes = driver.app.screen.query_one(ThemeList)
        assert themes.highlighted == THEMES.index("chalk")


async def test_choices_are_saved_as_they_are_turned(open_app: Open, home: Path) -> None:
    async with open_app(size=(60, 20)) as driver:
        await open_settings(driver)
        await driver.press("tab", "space", "down", "right", "right", "left", "j", "l")
        await driver.until(lambda: "-1.4142" in driver.text(), "four digits")
        assert driver.text().count("‹ yes ›") == 2 and "‹ 4 ›" in driver.text()
        drawn = driver.app.screen.query_one(GraphView).region
        rows = [line[drawn.x : drawn.right] for line in driver.text().splitlines()[drawn.y : drawn.bottom]]
        assert "-1.4142" in "".join(rows) and "".join(rows).isascii()
        assert driver.app.settings == Settings(ascii=True, digits=4, reduced_motion=True)
        assert driver.app.animation_level == "none"
        found = saved(home)
        assert (found["ascii"], found["digits"], found["reduced_motion"]) == (True, 4, True)
        await driver.press("h")
        assert driver.app.animation_level == "full" and saved(home)["reduced_motion"] is False


async def test_only_the_row_with_the_focus_is_marked(open_app: Open) -> None:
    async with open_app() as driver:
        await open_settings(driver)
        for row in driver.app.screen.query(SettingRow):
            await driver.press("tab")
            assert row.has_focus
            marked = [line for line in driver.text().splitlines() if "▸" in line]
            assert len(marked) == 1 and str(row.content).split("‹")[0].strip("▸ ") in marked[0]


async def test_tab_goes_round(open_app: Open) -> None:
    async with open_app() as driver:
        await open_settings(driver)
        met = []
        for _ in range(4):
            await driver.press("tab")
            met.append(driver.app.focused)
        assert len(set(met)) == 4 and isinstance(met[-1], ThemeList)
        await driver.press("shift+tab")
        assert driver.app.focused is met[-2]


async def test_what_cannot_be_saved_is_said_and_holds_all_the_same(open_app: Open, home: Path) -> None:
    path = write(home, "digits = \n")
    async with open_app(size=(60, 20)) as driver:
        await open_settings(driver)
        await driver.press("tab", "space")
        assert "✗ Not saved" in driver.text()
        assert driver.app.settings.ascii
    assert path.read_text(encoding="utf-8") == "digits = \n"


async def test_the_graph_of_the_exercise_follows(open_app: Open, home: Path) -> None:
    async with open_app("node-way/a") as driver:
        await driver.enter("a = x + y")
        assert "◀" not in driver.text()
        before = driver.text()
        await open_settings(driver)
        await driver.press("tab", "space", "tab", "right", "escape")
        await driver.until(lambda: not isinstance(driver.app.screen, SettingsScreen), "the exercise")
        drawn = driver.app.screen.query_one(GraphView)
        rows = driver.text().splitlines()[drawn.region.y + 1 : drawn.region.bottom]
        assert "\n".join(rows).isascii() and driver.text() != before
        assert "a = x + y" in driver.text()


async def test_the_digits_are_those_of_an_exercise_opened_later(open_app: Open, home: Path, tmp_path: Path) -> None:
    write(home, "digits = 5\nascii = true\n")
    mine = tmp_path / "mine"
    mine.mkdir()
    text = 'title = "One"\nfunction = "f(x) = exp(x)"\nat = { x = 0.1234567 }\n'
    (mine / "one.toml").write_text(text, encoding="utf-8")
    async with open_app("one", folders=(mine,), size=(120, 40)) as driver:
        await driver.enter("f = exp(x)")
        await driver.until(lambda: "0.12346" in driver.text(), "a number with five digits")
        drawn = driver.app.screen.query_one(GraphView).content_region
        rows = [line[drawn.x : drawn.right] for line in driver.text().splitlines()[drawn.y : drawn.bottom]]
        assert all(row[:-1].isascii() for row in rows), rows


# How it is reached


@pytest.mark.parametrize("start", [None, "node-way/a"])
async def test_f11_opens_and_closes_it_on_every_screen(open_app: Open, start: str | None) -> None:
    async with open_app(start) as driver:
        for opener in ((), ("f1",), ("ctrl+g",)):
            await driver.press(*opener)
            below = driver.app.screen
            await open_settings(driver)
            await driver.press("f11")
            assert driver.app.screen is below
            await driver.press(*(["escape"] if opener else []))


async def test_a_letter_at_home_opens_it(open_app: Open) -> None:
    async with open_app() as driver:
        await open_settings(driver, "comma")
        await driver.press("escape")
        await open_settings(driver, "s")


@pytest.mark.parametrize("start", [None, "node-way/a"])
async def test_the_palette_has_it_once(open_app: Open, start: str | None) -> None:
    async with open_app(start) as driver:
        titles = [command.title for command in driver.app.get_system_commands(driver.app.screen)]
        assert titles.count("Settings") == 1
        await driver.press("ctrl+p")
        await driver.until(lambda: isinstance(driver.app.screen, CommandPalette), "the palette")
        await driver.press(*"settings")
        await driver.until(lambda: "Key: " in driver.text(), "the command")
        await driver.press("enter")
        await driver.until(lambda: isinstance(driver.app.screen, SettingsScreen), "the settings")


async def test_the_palettes_themes_are_the_settings(open_app: Open) -> None:
    async with open_app() as driver:
        driver.app.action_change_theme()
        await driver.until(lambda: isinstance(driver.app.screen, SettingsScreen), "the settings")


# What is wrong with the file


async def test_a_bad_file_is_told_of_and_does_not_stop_the_app(open_app: Open, home: Path) -> None:
    write(home, 'theme = "nrod"\ndigits = 4\n')
    async with open_app(size=(120, 40)) as driver:
        assert driver.app.theme == "chalk" and driver.app.settings.digits == 4
        text = str(driver.app.screen.query_one("#preview Static, Preview Static", Static).content)
        assert "settings.toml, line 1: theme: there is no theme nrod; did you mean nord?" in text
        assert any("did you mean nord?" in note.message for note in driver.app._notifications)


async def test_keys_that_are_unknown_or_do_two_things_are_told_of(open_app: Open, home: Path) -> None:
    write(home, '[keys]\n"exercise.hint" = "f5"\n"home.nxt" = "[b]"\n')
    async with open_app() as driver:
        await driver.app.workers.wait_for_complete()
        said = " ".join(note.message for note in driver.app._notifications)
        assert "did you mean home.next?" in said
        assert "f5 is Hint now; Run goes by F8." in said


async def test_a_key_that_does_not_exist_costs_nothing(open_app: Open, home: Path) -> None:
    write(home, '[keys]\nhome.settings = "ctlr+t"\n')
    async with open_app() as driver:
        await driver.app.workers.wait_for_complete()
        assert any("ctlr+ is not a modifier; did you mean ctrl?" in note.message for note in driver.app._notifications)
        await open_settings(driver, "s")


# Keys and motion


async def test_a_key_of_ones_own(open_app: Open, home: Path) -> None:
    write(home, '[keys]\nhome.settings = "Ctrl+T"\n')
    async with open_app() as driver:
        await driver.press("s")
        assert not isinstance(driver.app.screen, SettingsScreen)
        await open_settings(driver, "ctrl+t")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({}, []),
        ({"exercise.hint": "f12,f2"}, []),
        (
            {"exercise.hint": "f5"},
            [
                "f5 does two things on the exercise screen: Hint; Run.",
                "f5 does two things on the exercise screen: Hint; Check all.",
            ],
        ),
        (
            {"exercise.hint": "f12", "exercise.show": "f12"},
            ["f12 does two things on the exercise screen: Hint; Show the answer."],
        ),
        ({"exercise.hint": "f5", "exercise.check": "f2"}, []),
        ({"exercise.hint": "i"}, ["i can no longer be typed in answers: it is the key of Hint."]),
        ({"home.next": "f"}, ["f does two things on the home screen: Next; Filter."]),
        ({"home.settings": "f11"}, []),
    ],
)
def test_keys_that_do_two_things(own: dict[str, str], said: list[str]) -> None:
    assert keys.doubled(own) == said


def test_each_key_does_one_thing() -> None:
    own = {"exercise.hint": "f4,f12", "exercise.show": "f7", "exercise.worked": "f7", "home.next": "f"}
    holding, said = keys.without_clashes(own)
    assert "f4 is Hint now; Next step goes by its letter, Right." in said
    assert keys.without_clashes({"exercise.show": "f5", "settings": "ctrl+g"})[0] | {"gates.close": "escape"} == {
        "exercise.show": "f5", "settings": "ctrl+g", "exercise.check": "(exercise.check)", "gates.close": "escape",
        "home.gates": "(home.gates)", "exercise.gates": "(exercise.gates)",
    }, "what has another key besides gives way"  # fmt: skip
    assert "f does two things on the home screen: Next; Filter." in said, "a letter of the alphabet is nobody's to take"
    assert not [one for one in keys._clashes(holding) if one.cannot_hold]
    assert holding["exercise.hint"] == "f4,f12" and "home.next" not in holding
    assert sum(holding.get(id) == "f7" for id in ("exercise.show", "exercise.worked")) == 1, "of two of their own, one"
    on = keys.BY_ID["exercise.on"]
    assert keys.key_name(on, holding) == "Esc Right" and "f4" not in dict(_report(holding))["exercise.on"]


def _report(own: dict[str, str]) -> list[tuple[str, str]]:
    return [(id, held) for some in keys.rows(own).values() for id, held, _ in some]


@pytest.mark.parametrize("key", ["ctrl+m", "Ctrl+I", "ctrl+j", "ctrl+[", "ctrl+c"])
def test_keys_that_never_arrive_are_not_taken(home: Path, key: str) -> None:
    write(home, f'[keys]\nexercise.hint = "{key}"\n')
    reading = read_settings(keys.known())
    assert not reading.settings.keys and f"{key.lower()} cannot be used" in reading.faults[0]


@pytest.mark.parametrize("still", [False, True])
async def test_the_cursor_does_not_blink_where_motion_is_reduced(open_app: Open, home: Path, still: bool) -> None:
    write(home, f"reduced_motion = {str(still).lower()}\n")
    async with open_app("node-way/a") as driver:
        assert driver.app.focused.cursor_blink is not still


# Colours

TEXT = re.compile(r"(?:^|[\s\"' ])(?:color|border-(?:sub)?title-color):\s*\$([a-z-]+)", re.MULTILINE)
BEHIND = re.compile(r"background:\s*\$([a-z-]+)(?:\s+(\d+)%)?")
IN_CODE = re.compile(r"\"(?:bold )?\$([a-z-]+)\"")
FOLDER = Path(tutor.tui.__file__).parent
EXEMPT = {"text-disabled"}  # what cannot be chosen need not stand out
PAIRED = {
    "block-cursor-foreground": "block-cursor-background",
    "footer-key-foreground": "footer-background",
    "footer-description-foreground": "footer-background",
}


def texts() -> set[str]:
    """Every colour that text has in our style sheets and code."""
    styles = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.tcss"))
    code = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.py"))
    return {*TEXT.findall(styles), *IN_CODE.findall(code), "foreground"} - EXEMPT - {*PAIRED}


def behind(variables: dict[str, str]) -> dict[str, Color]:
    """Every background in our style sheets, as it is seen: a share of a colour stands on the plain background."""
    styles = "".join(path.read_text(encoding="utf-8") for path in FOLDER.rglob("*.tcss"))
    background, surface = (Color.parse(variables[name]) for name in ("background", "surface"))
    found = {}
    for name, share in set(BEHIND.findall(styles)) - {("block-cursor-background", ""), ("footer-background", "")}:
        color = Color.parse(variables[name]).multiply_alpha(int(share or 100) / 100)
        found[f"{name} {share}".strip()] = (background if share else surface) + color
    return found


def seen(written: str, color: Color) -> Color:
    """A text colour as it is on another one."""
    name, _, share = written.partition(" ")
    alpha = int(share.rstrip("%") or 100) / 100 if share else 1.0
    return color + (color.get_contrast_text(alpha) if name == "auto" else Color.parse(name).multiply_alpha(alpha))


def variables_of(theme: str) -> dict[str, str]:
    made = EVERY[theme]
    return legible({**made.to_color_system().generate(), **made.variables})


def lowest(theme: str) -> tuple[float, str]:
    """The least contrast of any text on any background of ours, and which it is."""
    variables = variables_of(theme)
    found = [
        (contrast(seen(variables[text], color), color), f"${text} on ${name}")
        for text in texts()
        for name, color in behind(variables).items()
    ]
    surface = Color.parse(variables["surface"])
    for text, name in PAIRED.items():
        color = surface + Color.parse(variables[name])
        found.append((contrast(seen(variables[text], color), color), f"${text} on ${name}"))
    return min(found)


def test_the_pairs_are_found() -> None:
    assert {"text-muted", "value", "gradient", "right", "wrong", "current", "hint", "key"} <= texts()
    assert {"background", "surface", "boost"} <= set(behind(variables_of("chalk")))


@pytest.mark.parametrize("theme", [name for name, theme in EVERY.items() if not theme.ansi])
def test_all_text_can_be_read(theme: str) -> None:
    least, pair = lowest(theme)
    assert least >= (7.0 if theme == "high-contrast" else 4.5), pair


def test_every_theme_of_the_module_can_be_chosen() -> None:
    made = {one.name for one in vars(themes).values() if isinstance(one, Theme)}
    assert made == {one.name for one in OURS}, "a new theme is added to OURS in tutor/tui/themes.py"


@pytest.mark.parametrize("theme", [name for name, theme in EVERY.items() if not theme.ansi])
def test_every_role_has_a_colour_that_can_be_read(theme: str) -> None:
    variables = variables_of(theme)
    background = Color.parse(variables["background"])
    for role in ROLES:
        assert contrast(seen(variables[role], background), background) >= 4.5, role


DEUTAN = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881))
PROTAN = ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998))
"""How one sees who lacks one kind of cones, in linear light: Machado, Oliveira and Fernandes, "A physiologically-based
model for simulation of color vision deficiency", IEEE TVCG 15(6), 2009, severity 1.0."""


def as_seen_by(kind: tuple[tuple[float, ...], ...], color: Color) -> Color:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    mixed = (max(0.0, min(1.0, sum(share * part for share, part in zip(row, linear, strict=True)))) for row in kind)
    made = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in mixed)
    return Color(*(round(255 * part) for part in made))


@pytest.mark.parametrize("theme", ["chalk", "paper"])
def test_what_is_right_is_neither_a_value_nor_wrong(theme: str) -> None:
    variables = variables_of(theme)
    right, wrong, value = (Color.parse(variables[role]) for role in ("right", "wrong", "value"))
    assert difference(right, value) > 25 and difference(right, wrong) > 60


@pytest.mark.parametrize("theme", [name for name, theme in EVERY.items() if not theme.ansi])
def test_value_and_gradient_are_told_apart_by_everyone(theme: str) -> None:
    variables = variables_of(theme)
    value, gradient = Color.parse(variables["value"]), Color.parse(variables["gradient"])
    least = 25 if theme in ("chalk", "paper") else 20
    assert difference(value, gradient) > (60 if theme in ("chalk", "paper") else least)
    for kind in (DEUTAN, PROTAN):
        assert difference(as_seen_by(kind, value), as_seen_by(kind, gradient)) >= least
        assert as_seen_by(kind, value) == seen_by(kind, value)


def test_differences_are_those_of_the_standard() -> None:
    assert difference(Color(0, 0, 0), Color(255, 255, 255)) == pytest.approx(100, abs=0.1)
    assert difference(Color(255, 0, 0), Color(0, 255, 0)) == pytest.approx(170.6, abs=0.5)


def test_what_is_at_hand_does_not_look_like_a_warning() -> None:
    for theme in (name for name, one in EVERY.items() if not one.ansi):
        variables = variables_of(theme)
        surface = Color.parse(variables["surface"])
        assert difference(*(seen(variables[role], surface) for role in ("current", "wrong"))) >= 10, theme


def test_the_row_at_hand_is_seen_and_leaves_text_its_colours() -> None:
    for theme in (name for name, one in EVERY.items() if not one.ansi and one not in OURS):
        variables = variables_of(theme)
        row, background = (Color.parse(variables[name]) for name in ("primary-muted", "background"))
        assert 1.2 <= contrast(row, background) <= 1.4, theme


def test_contrast_is_that_of_the_guidelines() -> None:
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), white) == pytest.approx(4.48, abs=0.005)
    assert contrast(white, Color.parse("#767676")) == pytest.approx(4.54, abs=0.005)


def test_a_colour_that_can_be_read_stays() -> None:
    variables = BUILTIN_THEMES["textual-dark"].to_color_system().generate()
    made = legible(variables)
    for name in ("foreground", "text-success", "text-error", "text-warning", "text-accent"):
        assert made[name] == variables[name]


def test_text_of_less_importance_is_a_colour_of_its_own() -> None:
    """In text with colours of its own Textual takes `auto 60%` for black or white."""
    made = legible(BUILTIN_THEMES["textual-dark"].to_color_system().generate())
    assert made["text-muted"] == "#A0A0A0"
    assert not made["text-disabled"].startswith("auto")


@pytest.mark.parametrize("theme", ["ansi-dark", "textual-dark"])
async def test_no_color(monkeypatch: pytest.MonkeyPatch, home: Path, theme: str) -> None:
    """Greys, or in the terminal's own colours nothing at all: never black on black."""
    monkeypatch.setenv("NO_COLOR", "1")
    write(home, f'theme = "{theme}"\n')
    app = TutorApp([])
    async with app.run_test() as pilot:
        await Driver(app, pilot).filled()
        styles = [seg.style for strip in app.screen._compositor.render_strips() for seg in strip if seg.text.strip()]
        pairs = {(style.color, style.bgcolor) for style in styles if style and style.color and style.bgcolor}
        for text, back in pairs:
            grey = [len(set(each.get_truecolor())) == 1 for each in (text, back)]
            assert all(grey) or text.is_default
            assert text.is_default or text != back
