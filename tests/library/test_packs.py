"""Packs: adding them from a folder, a zip or a wheel, one alone, those that installed packages offer."""

from __future__ import annotations

import stat
import sys
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest
from click.testing import CliRunner

from tutor import paths
from tutor.cli.commands import verbs
from tutor.library import load
from tutor.library.packs import PackProblem, add, packs, remove
from tutor.paths import added_folder, exercise_folders, shipped_folder

PACK = 'title = "Deep learning, spring"\nname = "dl"\nabout = "Four weeks."\n[topics]\nweek1 = "Week one"\n'
EXERCISE = 'title = "One"\nfunction = "f(x, y) = x y"\nat = { x = 2, y = 3 }\n'


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BACKPROP_TUTOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("BACKPROP_TUTOR_EXERCISES", raising=False)
    paths.offered_folders.cache_clear()
    yield
    paths.offered_folders.cache_clear()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "brought" / "course"
    (folder / "week1").mkdir(parents=True)
    (folder / "pack.toml").write_text(PACK)
    (folder / "week1" / "a.toml").write_text(EXERCISE)
    (folder / "week1" / "setup.py").write_text("raise SystemExit('it was run')")
    return folder


def zipped(course: Path, name: str, inside: str = "course") -> Path:
    path = course.parent / name
    with ZipFile(path, "w") as archive:
        for file in sorted(course.rglob("*")):
            if file.is_file():
                archive.write(file, f"{inside}/{file.relative_to(course)}")
    return path


@pytest.mark.parametrize("brought", ["folder", "course.zip", "course-1.0-py3-none-any.whl"])
def test_a_pack_is_added_whole_and_shown_first(course: Path, brought: str):
    added = add(course if brought == "folder" else zipped(course, brought, "my_course/exercises"))
    assert (added.pack.name, added.pack.exercises, added.replaced) == ("dl", 1, False)
    held = {str(path.relative_to(added_folder())) for path in added_folder().rglob("*") if path.is_file()}
    assert held == {"dl/pack.toml", "dl/week1/a.toml"}, "nothing else is taken"
    library = load(exercise_folders())
    assert next(iter(library.exercises)) == "week1/a"
    assert library.exercises["week1/a"].pack == "dl"
    assert library.exercises["node-way/a"].topic == "node-way", "what ships keeps its names"
    assert [library.packs[name].title for name in library.packs] == ["Deep learning, spring", "The course"]


def test_a_pack_of_the_same_name_takes_the_place_of_the_first(course: Path):
    add(course)
    (course / "week1" / "a.toml").rename(course / "week1" / "b.toml")
    assert add(course).replaced
    assert list(load([added_folder() / "dl"]).exercises) == ["week1/b"]
    assert [path.name for path in added_folder().iterdir()] == ["dl"], "nothing is left beside it"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../outside.toml", "outside its own folder"),
        ("/etc/outside.toml", "outside its own folder"),
        ("course\\..\\outside.toml", "outside its own folder"),
        ("C:/outside.toml", "outside its own folder"),
    ],
)
def test_nothing_in_an_archive_reaches_outside(course: Path, name: str, said: str):
    path = zipped(course, "course.zip")
    with ZipFile(path, "a") as archive:
        archive.writestr(name, EXERCISE)
    with pytest.raises(PackProblem, match=said):
        add(path)
    assert not added_folder().exists() or not list(added_folder().iterdir())


def test_links_are_refused(course: Path, tmp_path: Path):
    path = zipped(course, "course.zip")
    with ZipFile(path, "a") as archive:
        link = ZipInfo("course/week1/b.toml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(PackProblem, match="is a link"):
        add(path)
    (tmp_path / "elsewhere.toml").write_text(EXERCISE)
    (course / "week1" / "b.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(PackProblem, match=r"week1/b.toml is a link"):
        add(course)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "pack.toml").unlink(), "has no pack.toml"),
        (lambda folder: (folder / "pack.toml").write_text("titel = 1"), r"pack.toml, line 1: titel"),
        (lambda folder: (folder / "pack.toml").write_text(f"format = 9\n{PACK}"), "format = 9.*reads up to 1"),
        (lambda folder: (folder / "week1" / "a.toml").unlink(), "no exercise files"),
        (lambda folder: (folder / "week1" / "a.toml").write_bytes(b"#" * 200_001), "larger than 200 kB"),
    ],
)
def test_what_is_no_pack_is_said_and_the_one_in_use_stays(course: Path, change, said: str):
    add(course)
    change(course)
    with pytest.raises(PackProblem, match=said):
        add(course)
    assert list(load([added_folder() / "dl"]).exercises) == ["week1/a"]


def test_archives_that_are_none_are_said(course: Path, tmp_path: Path):
    for name, data, said in [
        ("a.zip", b"not a zip", "cannot be read as a zip file"),
        ("b.zip", zipped(course, "whole.zip").read_bytes()[:-40], "cannot be read as a zip file"),
        ("c.tar", b"", "neither a folder nor a .zip or .whl"),
    ]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(PackProblem, match=said):
            add(tmp_path / name)
    with pytest.raises(PackProblem, match="is not there"):
        add(tmp_path / "nowhere.zip")
    with ZipFile(tmp_path / "two.zip", "w") as archive:
        for name in ("a/pack.toml", "b/pack.toml"):
            archive.writestr(name, PACK)
    with pytest.raises(PackProblem, match="contains 2 packs"):
        add(tmp_path / "two.zip")


@pytest.mark.parametrize("name", ["", ".", "..", "../home", "nothing", "dl/week1"])
def test_only_what_was_added_is_taken_away(course: Path, name: str):
    add(course)
    with pytest.raises(PackProblem, match="Added are: dl"):
        remove(name)
    remove("dl")
    assert not list(added_folder().iterdir())


def test_an_installed_package_offers_a_pack_and_is_not_loaded(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    site = tmp_path / "site"
    (site / "my_course-1.0.dist-info").mkdir(parents=True)
    (site / "my_course-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: my-course\nVersion: 1.0\n")
    (site / "my_course-1.0.dist-info" / "entry_points.txt").write_text(
        "[backprop_tutor.packs]\nspring = my_course.exercises\nlost = my_course.nowhere\n"
    )
    (site / "my_course").mkdir()
    (site / "my_course" / "__init__.py").write_text("raise SystemExit('it was loaded')")
    course.rename(site / "my_course" / "exercises")
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    paths.offered_folders.cache_clear()
    (pack,) = [pack for pack in packs(exercise_folders()) if pack.came == "from an installed package"]
    assert (pack.name, pack.exercises) == ("dl", 1)


def test_one_pack_alone(course: Path, monkeypatch: pytest.MonkeyPatch):
    add(course)
    alone = [added_folder() / "dl"]
    assert exercise_folders(only="dl") == alone
    assert exercise_folders(only=str(course)) == [course]
    assert exercise_folders([course], only="course") == [course]
    assert exercise_folders(only="backprop-tutor") == [shipped_folder()]
    monkeypatch.setenv("BACKPROP_TUTOR_ONLY", "dl")
    assert exercise_folders() == alone
    with pytest.raises(LookupError, match="nothing"):
        exercise_folders(only="nothing")


def test_the_verbs(course: Path):
    def said(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(verbs, list(words))
        assert done.exit_code == code, done.output
        return done.output

    assert "Added" in said("packs", "add", str(course))
    assert "Replaced" in said("packs", "add", str(course))
    assert said("packs").split("\n")[0] == "dl  Deep learning, spring"
    assert said("list").startswith("DEEP LEARNING, SPRING\nFour weeks.\n\nWeek one\n")
    alone = said("list", "--only", "dl")
    assert "week1/a" in alone
    assert "node-way/a" not in alone
    assert alone == said("--only", "dl", "list")
    assert "There is no pack dlx" in said("list", "--only", "dlx", code=2)
    assert "progress in it is kept" in said("packs", "remove", "dl")
    assert "No pack that was added" in said("packs", "remove", "dl", code=2)


def test_a_file_that_reads_well_and_does_not_hold_is_said_when_its_pack_is_added(course: Path):
    (course / "week1" / "b.toml").write_text(EXERCISE.replace("x y", "x ln y").replace("y = 3", "y = -3"))
    added = CliRunner().invoke(verbs, ["packs", "add", str(course)])
    assert added.exit_code == 0 and "1 exercise, 1 broken" in added.output
    assert "b.toml, line 3: at: the function has no value" in added.output
    listed = CliRunner().invoke(verbs, ["list", "--only", "dl"]).output
    assert "week1/a" in listed and "Files that cannot be used" in listed and "○ week1/b" not in listed
    assert "1 exercise, 1 broken" in CliRunner().invoke(verbs, ["packs"]).output


def test_check_says_which_ids_other_packs_have(course: Path, tmp_path: Path):
    add(course)
    other = tmp_path / "other"
    (other / "week1").mkdir(parents=True)
    (other / "pack.toml").write_text('title = "Other"\norder = ["week1/b"]\n')
    (other / "week1" / "a.toml").write_text(EXERCISE)
    checked = CliRunner().invoke(verbs, ["check", str(other)]).output
    assert "so it is opened as other:week1/a" in checked
    assert "line 2: order, entry 1: there is no exercise week1/b" in checked
    assert "so it is opened" not in CliRunner().invoke(verbs, ["check", str(course)]).output
