"""How the lines of the exercise screen are shared out; what a terminal shows that is too small."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.widgets import Input

from tests.faces.by_hand import WORKED
from tests.sampling import one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.questions import Blank, InputKind
from tutor.tui import layout_budget as rooms
from tutor.tui.screens.home import HomeScreen
from tutor.tui.terminal import TooSmall
from tutor.tui.themes import contrast
from tutor.tui.widgets.bars import BottomBar, kept
from tutor.tui.widgets.blank_list import BlankList
from tutor.tui.widgets.choice_row import question_of
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.graph_view import GraphView
from tutor.tui.widgets.statement import Statement, height_of, shortened
from tutor.tui.widgets.text_panels import FeedbackPanel, IntroPanel
from tutor.tui.widgets.work_pane import AnswerField

SIZES = [(60, 20), (80, 24), (80, 40), (120, 24), (120, 40)]


@given(st.integers(8, 60), st.integers(1, 60))
def test_the_picture_has_at_most_half_and_leaves_room_for_the_work(body: int, wanted: int) -> None:
    lines = rooms.picture_lines(body, wanted)
    assert lines <= wanted and 2 * lines <= body
    assert lines == 0 or body - lines >= 8
    assert lines == 0 or lines >= min(wanted, 5)
    assert lines >= min(wanted, body // 2, body - 8) or lines == 0


@given(st.text("abc d,", max_size=400), st.integers(20, 100), st.integers(1, 3))
def test_a_statement_that_is_cut_fits_and_says_so(text: str, width: int, limit: int) -> None:
    shown = shortened(text, width, limit, "^L")
    assert height_of(shown.plain, width) <= limit
    if shown.plain != text:
        assert height_of(text, width) > limit
        assert shown.plain.endswith("… ^L")
        assert text.startswith(shown.plain.removesuffix(" … ^L"))


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(4, 12))), st.integers(0, 90))
def test_the_keys_that_stay_fit_and_the_first_by_rank_is_the_last_to_go(keys: list[tuple[int, int]], room: int) -> None:
    ranks, widths = [rank for rank, _ in keys], [width for _, width in keys]
    places = kept(ranks, widths, room)
    assert len(places) <= 1 or sum(widths[place] for place in places) <= room
    assert all(ranks[place] <= ranks[other] for place in places for other in set(range(len(keys))) - places)
    if ranks:
        assert ranks.index(min(ranks)) in places


def bar(driver: Driver) -> str:
    return driver.text().splitlines()[-1]


@pytest.mark.parametrize("start", [None, "autograd/mul", "node-way/a"])
async def test_the_bottom_bar_never_clips_and_names_the_way_to_all_keys(open_app: Open, start: str | None) -> None:
    async with open_app(start, (120, 24)) as driver:
        for width in (120, 80, 60, 50):
            await driver.resize(width, 24)
            assert "Esc more" in bar(driver)
            keys = driver.app.screen.query_one(BottomBar).keys
            assert all(key.column + key.width <= width for key in keys)
            assert all(bar(driver)[key.column :].startswith(f"{key.called} {key.does}") for key in keys)


async def test_a_click_in_the_bottom_bar_presses_the_key(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.click(BottomBar, offset=(bar(driver).index("find"), 0))
        assert isinstance(driver.app.focused, Input)
        assert "? help" not in bar(driver) and "↓ to the list" in bar(driver)  # letters are text there
        await driver.click(BottomBar, offset=(79, 0))
        assert isinstance(driver.app.focused, Input)
        await driver.click(BottomBar, offset=(bar(driver).index("Esc"), 0))
        assert "Esc more" in bar(driver)
        await driver.click(BottomBar, offset=(bar(driver).index("help"), 0))
        assert "type a word to search for" in driver.text()


async def test_the_bottom_bar_follows_the_width(open_app: Open) -> None:
    async with open_app("node-way/a", (120, 24)) as driver:
        assert "F7 graph" in bar(driver)
        await driver.pilot.resize_terminal(52, 24)
        await driver.until(lambda: "F7 graph" not in bar(driver), "a shorter bar")
        assert "Esc more" in bar(driver) and "Enter check line" in bar(driver)
        await driver.pilot.resize_terminal(120, 24)
        await driver.until(lambda: "F7 graph" in bar(driver), "the whole bar")


def seen(driver: Driver, kind: type, least: int) -> bool:
    """Whether all of a widget is on the screen, with so many lines."""
    widget = driver.app.screen.query_one(kind)
    return widget.size.height >= least and widget.region in driver.app.screen.region


@pytest.mark.parametrize(
    "id", one_in(2, ["blocks/lstm-cell", "blocks/attention", "shapes/memory", "tensors/layer", "exam/one"])
)
async def test_field_and_tutor_are_in_sight_all_the_time(open_app: Open, id: str) -> None:
    async with open_app(id) as driver:
        for sizes in (SIZES, SIZES[:2], SIZES[1:2], SIZES[::2]):
            for width, height in sizes:
                await driver.resize(width, height)
                assert seen(driver, FeedbackPanel, 2), driver.text()
                assert driver.app.focused is not None
                assert driver.app.focused.region in driver.app.screen.region, driver.text()
                assert driver.app.focused.size.height >= 1
            await driver.press("f9", "f9")


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_graph_does_not_jump_from_blank_to_blank(open_app: Open, size: tuple[int, int]) -> None:
    answers, _ = WORKED["node-way/c"]
    async with open_app("node-way/c", size, begun=answers[:6]) as driver:
        heights = set()
        for text in answers[6:12]:
            heights.add(
                (driver.app.screen.query_one(GraphView).region, driver.app.screen.query_one(AnswerField).region.y)
            )
            await driver.enter(text)
        assert len(heights) == 1


async def test_a_long_statement_says_that_there_is_more_and_a_key_shows_it(open_app: Open) -> None:
    async with open_app("blocks/attention", (60, 20)) as driver:
        assert "… ^T" in driver.text()
        await driver.press("ctrl+t")
        for row in ("⎡  1.1   -0.6⎤", "V = ⎢ 0.35   0.85⎥", "⎣-0.75    1.5⎦"):
            assert row in driver.said()
        assert "One operation per equation" in driver.said()


async def test_the_introduction_stands_in_the_picture_s_place(open_app: Open) -> None:
    async with open_app("derivatives/rules", (60, 20)) as driver:
        assert "The derivative of f says" in driver.text() and "The derivative of f says" not in driver.said()


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_an_introduction_whose_place_a_figure_has_is_said(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("shapes/memory", size) as driver:
        assert "memory of a, from position 0" in driver.text()
        assert "An array is one long row" in driver.text() and "An array is one long row" in driver.said()


async def test_where_there_is_room_the_introduction_stands_beside_a_figure(open_app: Open) -> None:
    async with open_app("shapes/memory", (120, 40)) as driver:
        assert "memory of a, from position 0" in driver.text()
        assert "An array is one long row" in driver.text() and "An array is one long row" not in driver.said()


@pytest.mark.parametrize(
    ("id", "size", "further"),
    [("derivatives/rules", (50, 15), "once you have it"), ("shapes/memory", (60, 20), "walking through")],
)
async def test_page_down_goes_on_in_the_introduction_and_the_title_says_so(
    open_app: Open, id: str, size: tuple[int, int], further: str
) -> None:
    async with open_app(id, size) as driver:
        assert "Page Down: more" in driver.text()
        assert further not in " ".join(driver.text().split())
        await driver.press("pagedown", "pagedown")
        assert further in " ".join(driver.text().split()), driver.text()


async def test_code_begins_at_its_left_margin(open_app: Open) -> None:
    async with open_app("autograd/mul", (80, 24)) as driver:
        assert driver.app.screen.query_one(CodeEditor).scroll_offset.x == 0
        assert "def backward(context, goutput):" in driver.text()


async def test_the_first_gate_card_is_all_there(open_app: Open) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("ctrl+g")
        await driver.until(lambda: "every argument" in driver.text().replace("upstream gradient", ""), "the card")


@pytest.mark.parametrize("size", [(49, 24), (80, 14)])
async def test_too_small_is_said_and_text_and_place_are_kept(open_app: Open, size: tuple[int, int]) -> None:
    async with open_app("node-way/a") as driver:
        await driver.press("p", "equals_sign", "x")
        await driver.pilot.resize_terminal(*size)
        await driver.until(lambda: driver.app.screen.query(TooSmall), "the sentence")
        assert "too small" in driver.text()
        assert "50 columns and 15 lines" in " ".join(driver.text().split())
        await driver.pilot.resize_terminal(80, 24)
        await driver.until(lambda: "too small" not in driver.text(), "the exercise")
        editor = driver.app.screen.query_one(EquationsEditor)
        assert editor.has_focus
        assert (editor.text, editor.cursor_location) == ("p=x", (0, 3))


async def test_the_least_size_is_not_too_small(open_app: Open) -> None:
    async with open_app(None, (50, 15)) as driver:
        assert isinstance(driver.app.screen, HomeScreen)


async def test_help_at_home_begins_with_the_keys_there(open_app: Open) -> None:
    async with open_app() as driver:
        await driver.press("f1")
        assert "begin the first thing that today holds" in driver.text()


async def test_the_tutor_says_how_to_begin(open_app: Open) -> None:
    async with open_app("exam/one") as driver:
        assert "F2 gives a hint" in driver.said()


def test_the_height_of_a_text_is_the_number_of_its_lines() -> None:
    assert height_of("one two three four", 9) == 3
    assert height_of("a\n  b", 9) == 2
    assert height_of("", 9) == 0


async def test_the_current_blank_is_seen_without_colours(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_app("shapes/add") as driver:
        blanks = driver.app.screen.query_one(BlankList)
        lines = [list(blanks.render_line(row)) for row in range(2)]
        underlined = [all(segment.style and segment.style.underline for segment in line) for line in lines]
        assert underlined == [True, False]


@pytest.mark.parametrize(("size", "lines"), [((120, 40), 3), ((80, 24), 1), ((60, 20), 1)])
async def test_the_function_is_set_as_mathematics_where_there_is_room(
    open_app: Open, size: tuple[int, int], lines: int
) -> None:
    async with open_app("layers/complex", size) as driver:
        assert driver.app.screen.query_one(Statement).region.height == lines
        assert ("───────────,   x = 0.8, y = 0.5" in driver.text()) is (lines > 1)
        await driver.press("ctrl+t")
        set_out = driver.said().partition("\nOne operation")[0].split("\n")
        assert set_out[1].startswith("f(x, y) = ───────────") and "x = 0.8, y = 0.5" in driver.said()
        panel = driver.app.screen.query_one(FeedbackPanel)
        assert all(len(line) <= panel.columns for line in set_out), "mathematics is never broken"


async def test_the_function_is_set_in_ascii_where_that_is_wanted(open_app: Open, home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "settings.toml").write_text("ascii = true\n", encoding="utf-8")
    async with open_app("layers/complex", (120, 40)) as driver:
        assert "f(x, y) = ----------------------,   x = 0.8, y = 0.5" in driver.text()
        assert driver.app.screen.query_one(Statement).whole().isascii()


async def test_the_introduction_stays_in_sight_while_code_is_written(open_app: Open) -> None:
    async with open_app("autograd/mul", (120, 40)) as driver:
        lesson, said = driver.app.screen.query_one(IntroPanel), driver.app.screen.query_one(FeedbackPanel)
        assert lesson.region.width == 120 and lesson.region.bottom <= said.region.y
        await driver.press("f5")
        await driver.until(lambda: "Not counted" in driver.said(), "the verdict")
        assert "The slope of" in driver.text()


async def test_the_key_to_what_is_out_of_sight_is_named(open_app: Open) -> None:
    async with open_app("shapes/memory", (60, 20)) as driver:
        assert "Page Down: more" in driver.text()
        await driver.press("pagedown", "pagedown", "pagedown")
        assert "Page Up: more" in driver.text()


async def test_one_label_for_many_blanks_has_its_function_beside_it(open_app: Open) -> None:
    async with open_app("derivatives/rules", (80, 24)) as driver:
        assert "· df/dx  ?  f(x) = 99" in driver.text() and "· df/dx     f(x) = x³" in driver.text()


@given(st.text("abc d,", max_size=300), st.integers(40, 100), st.booleans())
def test_the_keys_of_a_choice_stand_together(words: str, width: int, several: bool) -> None:
    prompt = f"Which? {words}"
    asked = question_of(Blank("a", "a:", prompt, InputKind.CHOICE, options=("x", "y"), several=several), width, {})
    keys = asked.plain[len(prompt) :]
    assert keys.startswith(("   (", "\n(")) and asked.plain.startswith(prompt)
    assert asked.plain.endswith(" checks)")
    beside = keys.startswith("   ")
    assert height_of(asked.plain, width) == height_of(prompt, width) + (not beside)


async def test_a_light_theme_has_dark_words_in_code(open_app: Open) -> None:
    async with open_app("autograd/mul") as driver:
        driver.app.theme = "textual-light"
        await driver.filled()
        editor = driver.app.screen.query_one(CodeEditor)
        surface = driver.app.current_theme.surface or driver.app.theme_variables["surface"]
        row = next(row for row in range(40) if "def backward" in editor.render_line(row).text)
        colors = {segment.style.color for segment in editor.render_line(row) if segment.style and segment.text.strip()}
        for color in colors:
            assert color is not None
            assert contrast(Color.from_rich_color(color), Color.parse(surface)) >= 3
