"""The settings: reading what may be wrong, writing without harm, and the verb."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.faces.conftest import Cli
from tests.faces.test_import_hygiene import loaded, verb
from tutor.settings.file import TEMPLATE, SettingsProblem, create, keep
from tutor.settings.schema import NAMES, KnownBindings, Settings, SettingsReading, read_settings, settings_path

KNOWN = KnownBindings(
    themes=("chalk", "textual-dark", "nord", "high-contrast"),
    bindings=("exercise.hint", "home.down", "quit"),
    keys=("f5", "f11", "escape", "enter", "slash"),
)


def read(folder: Path, text: str | bytes) -> SettingsReading:
    path = folder / "settings.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(KNOWN, path)


def test_without_a_file_all_is_as_usual(home: Path) -> None:
    reading = read_settings()
    assert reading == SettingsReading(Settings(), home / "settings.toml", exists=False)


def test_the_platforms_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BACKPROP_TUTOR_HOME")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_path() == tmp_path / "backprop-tutor" / "settings.toml"


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    text = 'theme = "nord"\nascii = true\ndigits = 5\nreduced_motion = true\n[keys]\nexercise.hint = "F5, Ctrl+X,?"\n'
    reading = read(tmp_path, text + '"home.down" = "j"\n')
    assert not reading.faults
    assert reading.settings == Settings(
        theme="nord",
        ascii=True,
        digits=5,
        reduced_motion=True,
        keys={"exercise.hint": "f5,ctrl+x,?", "home.down": "j"},
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('digits = 3\nthem = "nord"', "settings.toml, line 2: them: there is no such key; did you mean theme?"),
        ('theme = "nrd"', "settings.toml, line 1: theme: there is no theme nrd; did you mean nord?"),
        ("theme = 3", 'settings.toml, line 1: theme: it needs text, not a number: write it in quotes, theme = "3"'),
        ('\nascii = "yes"', "settings.toml, line 2: ascii: it needs true or false, not text"),
        ("digits = 9", "settings.toml, line 1: digits: expected a whole number from 2 to 6"),
        ("digits = 1", "settings.toml, line 1: digits: expected a whole number from 2 to 6"),
        ("digits = ", "settings.toml, line 1: digits: there is no value after digits ="),
        ("keys = 3", "settings.toml, line 1: keys: it needs a table, not a number"),
        (
            '[keys]\nhome.down = "j"\n"exercise.hin" = "f5"',
            "settings.toml, line 3: keys.exercise.hin: nothing here has this name; did you mean exercise.hint?",
        ),
        (
            '[keys]\nqqqqqqqq = "f5"',
            "settings.toml, line 2: keys.qqqqqqqq: nothing here has this name; "
            "`backprop-tutor settings --keys` lists all names",
        ),
        (
            '[keys.home]\ndown = "escpe"',
            "settings.toml, line 2: keys.home.down: there is no key escpe; did you mean escape?",
        ),
        ('[keys]\nquit = "ctl+x"', "settings.toml, line 2: keys.quit: ctl+ is not a modifier; did you mean ctrl?"),
        ('[keys]\nquit = ""', 'settings.toml, line 2: keys.quit: name a key, such as "f5"'),
        ("[keys]\nquit = 5", 'settings.toml, line 2: keys.quit: expected text, such as "f5" or "down,j"'),
        (b"\xff", "settings.toml: it is not UTF-8 text"),
        (b"# " + b"x" * 200_000, "settings.toml: it is larger than 100 kB"),
    ],
)
def test_what_is_wrong_is_said_and_as_usual(tmp_path: Path, text: str | bytes, said: str) -> None:
    reading = read(tmp_path, text)
    assert reading.faults == (said,)
    assert structs.replace(reading.settings, keys={}) == Settings()
    assert set(reading.settings.keys) <= {"home.down"}


def test_one_slip_does_not_cost_the_other_settings(tmp_path: Path) -> None:
    text = 'theme = "high-contrast"\nascii = 1\ndigits = 9\n[keys]\nquit = "f11"\nexercise.hint = 3\n'
    reading = read(tmp_path, text)
    assert reading.settings == Settings(theme="high-contrast", keys={"quit": "f11"})
    assert [fault.partition(":")[0] for fault in reading.faults] == [
        f"settings.toml, line {line}" for line in (2, 3, 6)
    ]


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    reading = read_settings(KNOWN, tmp_path / "settings.toml")
    assert reading.settings == Settings()
    assert "it is not a file" in reading.faults[0]


@given(st.one_of(st.text(max_size=80), st.binary(max_size=80)))
def test_no_file_stops_the_program(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    if isinstance(text, str):
        text = text.encode(errors="replace")
    reading = read(folder, text)
    assert isinstance(reading.settings, Settings)


@given(
    st.dictionaries(
        st.sampled_from([*NAMES, "them"]), st.sampled_from(['"nord"', '"no\\u0007"', "true", "4", "{ quit = 'f5' }"])
    )
)
def test_each_setting_holds_or_is_said(tmp_path_factory: pytest.TempPathFactory, lines: dict[str, str]) -> None:
    right = {"theme": '"nord"', "ascii": "true", "digits": "4", "reduced_motion": "true", "keys": "{ quit = 'f5' }"}
    text = "\n".join(f"{name} = {value}" for name, value in lines.items())
    reading = read(tmp_path_factory.getbasetemp(), text)
    for name, value in lines.items():
        holds = right.get(name) == value
        assert any(f": {name}: " in fault for fault in reading.faults) is not holds
        if name in NAMES:
            expected = tomllib.loads(f"v = {value}")["v"] if holds else getattr(Settings(), name)
            assert getattr(reading.settings, name) == expected
    assert all(fault.isprintable() for fault in reading.faults)


# Writing


def test_a_new_file_has_every_setting_as_usual_and_a_remark_on_it(home: Path) -> None:
    path = home / "settings.toml"
    assert create(path)
    assert not create(path)
    assert path.read_text(encoding="utf-8") == TEMPLATE
    assert read_settings(path=path).settings == Settings()
    assert list(tomllib.loads(TEMPLATE)) == list(NAMES)
    lines = TEMPLATE.splitlines()
    for name in NAMES:
        heading = next(i for i, line in enumerate(lines) if line.startswith((f"{name} =", f"[{name}]")))
        assert lines[heading - 1].startswith("#")


def test_remarks_order_and_line_ends_stay(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(
        b'# mine\r\ndigits = 4   # four\r\n\r\n[keys]\r\n# why\r\nexercise.hint="f5"\r\nother = [1,\r\n2]\r\n'
    )
    keep({"digits": 5, "theme": "nord"}, path)
    text = path.read_bytes()
    assert b"# mine\r\ndigits = 5   # four\r\n" in text
    assert b'[keys]\r\n# why\r\nexercise.hint="f5"\r\nother = [1,\r\n2]\r\n' in text
    assert tomllib.loads(text.decode())["theme"] == "nord"


@given(
    st.lists(
        st.sampled_from(["# a remark", "", "digits = 4 # d", "ascii = false", "  theme = 'nord'", "[keys]", "x = 1"]),
        unique=True,
    ),
    st.dictionaries(st.sampled_from(["digits", "ascii", "theme"]), st.integers(2, 6)),
)
def test_nothing_else_changes(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], changes: dict[str, int]
) -> None:
    path = tmp_path_factory.getbasetemp() / "settings.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    before = tomllib.loads(path.read_text(encoding="utf-8"))
    keep(changes, path)
    text = path.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {**before, **changes}
    assert text.count("# a remark") == lines.count("# a remark")
    assert text.count("# d") == lines.count("digits = 4 # d")


def test_a_file_that_is_not_toml_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("digits = \n# precious\n", encoding="utf-8")
    with pytest.raises(SettingsProblem, match=r"something is wrong with line 1 of .*: there is no value after digits"):
        keep({"digits": 5}, path)
    assert path.read_text(encoding="utf-8") == "digits = \n# precious\n"


def test_a_place_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SettingsProblem, match=r"Not saved: .*: it cannot be read: not a directory"):
        keep({"digits": 5}, tmp_path / "file" / "settings.toml")


def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("digits = 4\n", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsProblem, match="no space left"):
        keep({"digits": 5}, path)
    assert path.read_text(encoding="utf-8") == "digits = 4\n"
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles.toml", tmp_path / "settings.toml"
    real.write_text("digits = 4\n", encoding="utf-8")
    link.symlink_to(real)
    keep({"digits": 5}, link)
    assert link.is_symlink() and real.read_text(encoding="utf-8") == "digits = 5\n"


# The verb


def test_the_verb(verb: Cli, home: Path) -> None:
    done = verb("settings")
    assert done.returncode == 0
    assert str(home / "settings.toml") in done.stdout
    assert "settings --init" in done.stdout and 'theme = "chalk"' in done.stdout
    assert not (home / "settings.toml").exists()


def test_the_verb_writes_a_file_once(verb: Cli, home: Path) -> None:
    assert verb("settings", "--init").returncode == 0
    path = home / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("digits = 3", "digits = 4"), encoding="utf-8")
    again = verb("settings", "--init", "--keys")
    assert "stays as it is" in again.stdout and "digits = 4" in again.stdout
    assert "exercise.hint" in again.stdout


def test_the_verb_says_what_is_wrong(verb: Cli, home: Path) -> None:
    home.mkdir()
    text = 'theme = "nrod"\n[keys]\nexercise.hint = "f7"\nexercise.show = "f7"\nhome.nxt = "x"\n'
    (home / "settings.toml").write_text(text, encoding="utf-8")
    done = verb("settings")
    said = " ".join(done.stdout.split())
    assert done.returncode == 1
    assert "line 1: theme: there is no theme nrod; did you mean nord?" in said
    assert "line 5: keys.home.nxt: nothing here has this name; did you mean home.next?" in said
    assert "f7 does two things on the exercise screen: Hint; Show the answer." in said


@pytest.mark.parametrize("words", [("--version",), ("list",), ("list", "--json"), ("show", "node-way/a")])
def test_verbs_that_show_no_graph_on_a_screen_read_no_settings(words: tuple[str, ...], home: Path) -> None:
    found = loaded(f"{verb(*words)}\nassert 'tutor.settings.schema' not in sys.modules")
    assert "tomlkit" not in found


def test_tomlkit_is_loaded_for_writing_only() -> None:
    assert "tomlkit" not in loaded("from tutor.settings.file import keep\nimport tutor.tui.app")
