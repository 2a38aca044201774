"""What is typed is kept, wherever it is typed and however one leaves; and it reaches the field it was meant for."""

from __future__ import annotations

import shlex
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual import events
from textual.widgets import OptionList

from tests.faces.by_hand import WORKED
from tests.sampling import EVERY_CASE, one_in
from tests.tui.conftest import Open
from tests.tui.driver import Driver
from tutor.judging import Kind, Verdict
from tutor.learner import Store, StoreProblem
from tutor.library import Library
from tutor.paths import shipped_folder
from tutor.questions import Blank, Step
from tutor.session.session import Judged
from tutor.tui import loading
from tutor.tui.app import TutorApp
from tutor.tui.screens.exercise import ExerciseScreen
from tutor.tui.screens.home import HomeScreen
from tutor.tui.screens.settings import SettingsScreen
from tutor.tui.widgets.code_editor import CodeEditor
from tutor.tui.widgets.equations_editor import EquationsEditor
from tutor.tui.widgets.work_pane import AnswerField

EXERCISE = "node-way/a"
ANSWERS = WORKED[EXERCISE][0]
STAGING = ANSWERS[: sum(" = " in answer for answer in ANSWERS)]
NAMES = {" ": "space", "+": "plus", "=": "equals_sign", "/": "slash", "-": "minus", "\n": "enter"}


def screen_of(driver: Driver) -> ExerciseScreen:
    assert isinstance(driver.app.screen, ExerciseScreen)
    return driver.app.screen


def burst(app: TutorApp, text: str, *then: str) -> None:
    """Keys that come on at once, as those of a fast typist or a terminal without bracketed paste."""
    for character in text:
        app.post_message(events.Key(NAMES.get(character, character), "\r" if character == "\n" else character))
    for key in then:
        app.post_message(events.Key(key, None))


def drafts() -> dict[str, str]:
    with Store() as store:
        return store.drafts(EXERCISE)


def told(driver: Driver) -> str:
    """What was said beside the panel of the tutor, as long as it is shown."""
    return " ".join(note.message for note in driver.app._notifications)


# While it is judged


class Held:
    """Judges code when it is told to."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.runs = 0

    def judge(self, step: Step, blank: Blank, text: str) -> Judged:
        self.runs += 1
        assert self.go.wait(600)
        return Judged(blank, text, Verdict(Kind.WRONG, "Held."))


@pytest.fixture
def held() -> Iterator[Held]:
    held = Held()
    yield held
    held.go.set()


async def run_held(driver: Driver, held: Held) -> CodeEditor:
    screen = screen_of(driver)
    screen.session.judge = held.judge  # type: ignore[method-assign]
    await driver.press(*"early", "f5")
    return screen.query_one(CodeEditor)


async def test_what_is_typed_while_code_runs_is_kept(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        editor = await run_held(driver, held)
        await driver.press(*"later")
        held.go.set()
        await driver.until(lambda: "Held" in driver.said(), "the verdict")
        assert "earlylater" in editor.text
        await driver.press("ctrl+q")
    assert "earlylater" in drafts()["code"]
    async with open_app(EXERCISE) as driver:
        assert "earlylater" in screen_of(driver).query_one(CodeEditor).text


async def test_what_is_typed_and_kept_while_code_runs_stays_kept(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        await run_held(driver, held)
        await driver.press(*"later", "f3", "f4")
        assert "earlylater" in drafts()["code"]
        held.go.set()
        await driver.until(lambda: screen_of(driver).session.total_tries, "the verdict")
        assert "earlylater" in drafts()["code"]


async def test_what_was_run_and_stands_unchanged_is_no_draft(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        await run_held(driver, held)
        held.go.set()
        await driver.until(lambda: "Held" in driver.said(), "the verdict")
        await driver.press("ctrl+q")
    assert "code" not in drafts()


async def test_who_leaves_while_code_runs_finds_the_verdict_later(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        await run_held(driver, held)
        session = screen_of(driver).session
        await driver.press(*"later", "escape", "q")
        assert isinstance(driver.app.screen, HomeScreen)
        held.go.set()
        await driver.until(lambda: session.total_tries, "the verdict")
        assert "earlylater" in drafts()["code"]


async def test_impatience_is_not_charged(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        await run_held(driver, held)
        await driver.press("f5", "f5")
        assert "Still running" in driver.said()
        held.go.set()
        await driver.until(lambda: "Held" in driver.said(), "the verdict")
        assert held.runs == 1
        assert screen_of(driver).session.total_tries == 1


async def test_only_the_last_of_several_programs_is_judged(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        editor = await run_held(driver, held)
        await driver.press("x", "f5")
        held.go.set()
        await driver.until(lambda: "Held" in driver.said(), "the verdict")
        session = screen_of(driver).session
        assert held.runs == 2 and session.total_tries == 1
        assert session.answers["code"].text == editor.text


async def test_what_is_shown_meanwhile_is_not_undone(open_app: Open, held: Held) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        await run_held(driver, held)
        session = screen_of(driver).session
        await driver.press("f9", "f9")
        held.go.set()
        assert session.finished
        await driver.app.workers.wait_for_complete()
        await driver.press("x")
        assert session.finished and not session.total_tries


# However one leaves

FIELDS = {"equation": 0, "value": len(STAGING), "code": len(ANSWERS)}


WAYS = ("ctrl+q", "escape q", "f3", "f4", "ctrl+g", "exit")


@pytest.mark.parametrize(
    ("field", "way"),
    [
        (field, way)
        for turn, way in enumerate(WAYS)
        for place, field in enumerate(FIELDS)
        if EVERY_CASE or turn % len(FIELDS) == place
    ],
)
async def test_what_was_typed_a_moment_before_is_kept(open_app: Open, field: str, way: str) -> None:
    async with open_app(EXERCISE, begun=ANSWERS[: FIELDS[field]]) as driver:
        burst(driver.app, "zqzq", *([] if way == "exit" else way.split()))
        if way == "exit":
            driver.app.exit()
        await driver.filled()
    assert any("zqzq" in text for text in drafts().values())


@pytest.mark.parametrize("way", ["ctrl+q", "escape", "ctrl+g", "tab down", "exit", "time"])
async def test_a_note_is_kept(open_app: Open, way: str) -> None:
    async with open_app(EXERCISE) as driver:
        await driver.press("ctrl+g", "tab")
        about = driver.app.screen.query_one(OptionList).highlighted_option
        assert about is not None and about.id is not None
        burst(driver.app, "my long note", *([] if way in ("exit", "time") else way.split()))
        if way == "exit":
            driver.app.exit()
        if way == "time":
            await driver.until(lambda: driver.app.store.note(str(about.id)) == "my long note", "the note")
        await driver.filled()
    with Store() as store:
        assert store.note(about.id) == "my long note"


async def test_the_other_editor_has_the_last_word(
    open_app: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "edit.py"
    program.write_text("import sys\nopen(sys.argv[1], 'a').write('# outside')\n", encoding="utf-8")
    monkeypatch.setenv("VISUAL", shlex.join([sys.executable, str(program)]))
    monkeypatch.setattr(TutorApp, "suspend", contextmanager(lambda _: iter([None])))
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        burst(driver.app, "zqzq", "f10")
        await driver.until(lambda: "Taken back" in driver.said(), "the way back")
        text = screen_of(driver).query_one(CodeEditor).text
        assert "zqzq" in text and text.endswith("# outside")
        await driver.press("ctrl+q")
    assert drafts()["code"] == text


# To where it was meant for


@pytest.mark.parametrize("how", ["keys", "paste", "newlines"])
async def test_answers_typed_without_a_gap_reach_their_fields(open_app: Open, how: str) -> None:
    text = "p = x + y\nf = p z\n4\n8\n"
    async with open_app(EXERCISE) as driver:
        if how == "keys":
            burst(driver.app, text)
        elif how == "newlines":
            for character in text:
                key = "ctrl+j" if character == "\n" else NAMES.get(character, character)
                driver.app.post_message(events.Key(key, character))
        else:
            driver.app.post_message(events.Paste(text))
        session = screen_of(driver).session
        await driver.until(lambda: session.state(session.steps[1]).finished, "the forward step")
        assert session.total_tries == 0
        assert screen_of(driver).query_one(EquationsEditor).text == "p = x + y\nf = p z"


async def test_the_last_line_of_a_paste_waits_for_enter(open_app: Open) -> None:
    async with open_app(EXERCISE) as driver:
        driver.app.post_message(events.Paste("p = x + y\nf = p z\n3"))
        await driver.until(lambda: isinstance(driver.app.focused, AnswerField), "the next step")
        await driver.until(lambda: driver.app.screen.query_one(AnswerField).value == "3", "the next answer")
        assert screen_of(driver).session.total_tries == 0


async def test_a_pasted_line_that_does_not_hold_loses_none_below_it(open_app: Open) -> None:
    async with open_app(EXERCISE) as driver:
        driver.app.post_message(events.Paste("p = (x + y) z\nf = p z\n3\n"))
        await driver.until(lambda: "two operations" in driver.said(), "the verdict")
        assert screen_of(driver).query_one(EquationsEditor).text == "p = (x + y) z\nf = p z\n3\n"


async def test_what_is_pasted_by_thousands_of_lines_is_put_in_as_it_is(open_app: Open) -> None:
    text = "\n".join(f"a{number} = x + y" for number in range(5_000))
    async with open_app(EXERCISE) as driver:
        driver.app.post_message(events.Paste(text))
        await driver.until(lambda: screen_of(driver).query_one(EquationsEditor).text == text, "all of it")
        assert not screen_of(driver).session.total_tries


async def test_a_paste_that_is_too_long_for_any_field_is_refused(open_app: Open) -> None:
    async with open_app(EXERCISE, begun=STAGING) as driver:
        driver.app.post_message(events.Paste("x + " * 25_000 + "x"))
        await driver.until(lambda: "100,001 characters" in told(driver), "the refusal")
        assert not driver.app.screen.query_one(AnswerField).value


async def test_what_is_pasted_behind_a_wrong_answer_is_named(open_app: Open) -> None:
    async with open_app(EXERCISE, begun=STAGING) as driver:
        driver.app.post_message(events.Paste("5\n8\n"))
        await driver.until(lambda: "left out" in told(driver), "the sentence")
        assert screen_of(driver).session.total_tries == 1


async def test_a_matrix_is_pasted_whole(open_app: Open) -> None:
    async with open_app(EXERCISE, begun=STAGING) as driver:
        driver.app.post_message(events.Paste("[[1, 2],\n [3, 4]]"))
        await driver.until(lambda: "[[1, 2],  [3, 4]]" in driver.text(), "the matrix")
        assert not screen_of(driver).session.total_tries


async def test_keys_pressed_before_the_exercise_is_there_reach_it() -> None:
    app = TutorApp([shipped_folder()], EXERCISE, None, False)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        burst(app, "p = x + y\nf = p z\n4\nzq")
        driver = Driver(app, pilot)
        await driver.until(
            lambda: isinstance(app.focused, AnswerField) and app.focused.value == "zq",
            "what was typed",
        )
        assert screen_of(driver).session.answers["value:p"].verdict.accepted


async def test_enter_and_the_first_keys_at_home_reach_the_exercise(open_app: Open) -> None:
    async with open_app() as driver:
        burst(driver.app, "/node-way/a\np = x + y\nzq")
        await driver.until(
            lambda: isinstance(driver.app.focused, EquationsEditor) and driver.app.focused.text == "p = x + y\nzq",
            "what was typed",
        )


async def test_until_an_exercise_can_be_opened_that_is_said_and_what_is_typed_waits(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = loading.exercise_screen
    monkeypatch.setattr(loading, "exercise_screen", lambda: None)
    monkeypatch.setattr(loading.Loading, "prepare", lambda _: None)
    async with open_app() as driver:
        burst(driver.app, "/node-way/a\np = x + y\nzq")
        await driver.shows("Loading what exercises take")
        monkeypatch.setattr(loading, "exercise_screen", loaded)
        driver.app.loading._loaded()
        await driver.until(
            lambda: isinstance(driver.app.focused, EquationsEditor) and driver.app.focused.text == "p = x + y\nzq",
            "what was typed",
        )


async def test_how_many_files_are_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    go, whole = threading.Event(), loading.load

    def slowly(folders: list[Path], keep_in: Path, owners: dict[str, str], reading: Callable[[Path], None]) -> Library:
        reading(shipped_folder())
        for number in range(7):
            reading(shipped_folder() / f"{number}.toml")
        go.wait(30)
        return whole(folders, keep_in, owners)

    monkeypatch.setattr(loading, "load", slowly)
    monkeypatch.setattr(loading, "_LONG", -1.0)
    app = TutorApp([shipped_folder()], None, None, False)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.shows("Reading the exercises … 7 files so far.")
        assert "0 exercises" not in driver.text() and "0 of" not in driver.text()
        go.set()
        await driver.ready(None)
        assert "Reading" not in driver.text()


async def test_who_cannot_wait_to_quit_need_not(monkeypatch: pytest.MonkeyPatch) -> None:
    go = threading.Event()
    monkeypatch.setattr("tutor.tui.loading.load", lambda *_: go.wait(600))
    app = TutorApp([shipped_folder()], EXERCISE, None, False)
    async with app.run_test(size=(80, 24)) as pilot:
        driver = Driver(app, pilot)
        await driver.shows("Reading the exercises …")
        burst(app, "p = x", "ctrl+q", "ctrl+q")
        await driver.until(lambda: app._exit, "the end")
        go.set()


async def test_code_changed_since_it_was_run_is_not_called_wrong(open_app: Open) -> None:
    async with open_app(EXERCISE, begun=ANSWERS) as driver:
        screen_of(driver).session.judge = lambda _, blank, text: Judged(  # type: ignore[method-assign]
            blank, text, Verdict(Kind.WRONG, "Held.")
        )
        await driver.press("x", "f5")
        await driver.until(lambda: "Held" in driver.said(), "the verdict")
        await driver.press("y", "ctrl+q")
    async with open_app(EXERCISE) as driver:
        assert "✗" not in driver.said() and "has changed since it was last run" in driver.said()


# Where nothing can be written

WRITES = ("append", "keep_draft", "drop_drafts", "keep_note", "set_progress", "keep_review", "mark_opened")


def no_writes(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreProblem("The disk is full.")

    for name in WRITES if how == "methods" else ["_write"]:
        monkeypatch.setattr(Store, name, fail)


KEYS = (
    *("f1", "escape", "f2", "f3", "f4", "f7", "s", "enter", "f8", "f8", "f9", "f9", "f6", "f6", "escape", "ctrl+l"),
    *("ctrl+r", "escape", "f10", "ctrl+g", "tab", "z", "escape", "up", "down", "4", "enter", "x", "f5", "f11", "tab"),
    *("right", "escape", "escape", "enter", "n", "escape", "slash", "q", "enter", "escape", "f", "ctrl+g", "escape"),
)


@pytest.mark.parametrize(
    ("how", "begun"), one_in(2, [("methods", len(STAGING)), ("methods", len(ANSWERS)), ("_write", 0)])
)
async def test_every_key_meets_a_disk_that_takes_nothing(
    open_app: Open, monkeypatch: pytest.MonkeyPatch, how: str, begun: int
) -> None:
    monkeypatch.setenv("EDITOR", "false")
    monkeypatch.delenv("VISUAL", raising=False)
    async with open_app(EXERCISE, begun=ANSWERS[:begun]) as driver:
        no_writes(monkeypatch, how)
        said = ""
        for key in KEYS:
            await driver.press(key)
            said += told(driver)
        assert driver.app.is_running
        assert "The disk is full" in said


async def test_work_goes_on_in_memory_and_is_written_later(open_app: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_app(EXERCISE) as driver:
        with monkeypatch.context() as full:
            no_writes(full, "_write")
            await driver.enter("p = x + y")
            await driver.enter("f = p z")
            await driver.enter("4")
            await driver.press("f2", "5")
            assert "The disk is full" in told(driver)
            await driver.press("escape", "q")
            assert "begun" in driver.text()
            await driver.press("enter")
            assert screen_of(driver).query_one(AnswerField).value == "5"
        await driver.press("escape", "q")
    with Store() as store:
        actions = [(entry.action, entry.text) for entry in store.entries(EXERCISE)]
    assert [action for action, _ in actions] == ["answer", "answer", "hint"] and actions[1] == ("answer", "4")


async def test_a_home_that_is_taken_away_is_written_again(open_app: Open, home: Path) -> None:
    async with open_app(EXERCISE, begun=STAGING) as driver:
        shutil.rmtree(home)
        await driver.enter("4")
        assert "was removed" in told(driver)
    async with open_app(EXERCISE) as driver:
        assert set(screen_of(driver).session.answers) == {"staging", "value:p"}


async def test_settings_that_cannot_be_saved_hold_and_say_so(open_app: Open, home: Path) -> None:
    async with open_app() as driver:
        (home / "settings.toml").mkdir()
        await driver.press("f11", "tab", "right")
        assert isinstance(driver.app.screen, SettingsScreen)
        assert "Not saved" in " ".join(driver.text().split()) and driver.app.settings.ascii


async def test_the_app_is_told_to_end_while_a_screen_opens(open_app: Open) -> None:
    """What such a screen misses of itself is no failure."""
    async with open_app("node-way/a", begun=["p = x + y", "f = p z", "4"]) as driver:
        await driver.app.run_action("replay", driver.app.screen)
        driver.app.exit(return_code=143)
    assert driver.app.failure is None and driver.app.return_code == 143
