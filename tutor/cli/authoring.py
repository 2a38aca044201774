"""The verbs of one who writes exercises and sets the tutor up: check, schema, settings."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.catalogue.listing import broken_in_words, listed
from tutor.cli.opening import CommandError, folders_of, library_of, with_folders
from tutor.cli.output_files import refuse_together
from tutor.cli.reports import SaysReading, pack_in_words, report_in_words
from tutor.cli.standard_output import write
from tutor.paths import exercise_folders
from tutor.practice.seeds import is_practice, split_id
from tutor.text import ended, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tutor.library.packs import Pack
    from tutor.runner import Runner
    from tutor.session.validation import Report


@click.group(invoke_without_command=True)
@with_folders
@click.pass_context
def packs(context: click.Context, more: tuple[Path, ...]) -> None:
    """List the packs of exercises there are; add one for good, or remove one.

    A pack is a folder of exercise files with a `pack.toml`. Packs that were added are found in every session, before
    the exercises that ship; --only PACK, or BACKPROP_TUTOR_ONLY, shows one alone.

    \b
    Examples:
      backprop-tutor packs
      backprop-tutor packs add my-course.zip
      backprop-tutor list --only my-course
    """
    from tutor.library.packs import packs as packs_in

    if context.invoked_subcommand is None:
        write("\n\n".join(pack_in_words(_counted(pack)[0]) for pack in packs_in(folders_of(context, more))))


@packs.command("add")
@click.argument("path", metavar="FOLDER|ZIP|WHEEL", type=click.Path(path_type=Path))
def add_pack(path: Path) -> None:
    """Copy a pack to your own: a folder, a .zip or a .whl. One of the same name is replaced; progress in it stays.

    Nothing in a pack is run, and only its exercise files and `pack.toml` are taken.

    \b
    Example:
      backprop-tutor packs add my-course.zip
    """
    from tutor.library.packs import PackProblem, add

    try:
        added = add(path)
    except PackProblem as problem:
        raise CommandError(str(problem)) from None
    pack, faults = _counted(added.pack)
    write(pack_in_words(pack))
    if faults:
        more = len(faults) - _MOST_TOLD
        write("\n".join(["Files that cannot be used:", *(f"  {one}" for one in faults[:_MOST_TOLD])]))
        write(f"{f'There are {more} more. ' if more > 0 else ''}All that is wrong: backprop-tutor check {path}")
    write(f"{'Replaced' if added.replaced else 'Added'}. Shown alone: backprop-tutor --only {added.pack.name}")


_MOST_TOLD = 8
"""Broken files of a pack that are named as it is added."""


def _counted(pack: Pack) -> tuple[Pack, list[str]]:
    """The pack with its files counted as `list` does, which also builds what is asked; a line on each broken one."""
    listing = listed([pack.folder])
    broken = [one for one in listing["broken"] if Path(one["path"]).name != "pack.toml"]
    counted = replace(pack, exercises=len(listing["exercises"]), broken=len(broken))
    return counted, [
        broken_in_words({**one, "path": Path(one["path"]).name, "faults": one["faults"][:1]}) for one in broken
    ]


@packs.command("remove")
@click.argument("name")
def remove_pack(name: str) -> None:
    """Remove a pack that was added. Your progress in it stays, for when it comes back.

    \b
    Example:
      backprop-tutor packs remove my-course
    """
    from tutor.library.packs import PackProblem, remove

    try:
        remove(name)
    except PackProblem as problem:
        raise CommandError(str(problem)) from None
    write(f"{name} is removed; your progress in it is kept.")


@click.command()
@click.argument("id")
@click.option("--kind", default="backprop", help="What is asked: backprop (a function), shape, choice, code, ...")
@click.option("--from", "function", metavar="FUNCTION", help="A function; numbers are drawn for its inputs.")
@click.option(
    "--at", metavar="INPUTS", default="", help='Values of its inputs, such as "x = 1, y = 2"; the rest are drawn.'
)
@click.option(
    "--in",
    "folder",
    metavar="FOLDER",
    default=".",
    type=click.Path(path_type=Path),
    help="The pack's folder; the current one if you leave it out.",
)
def new(id: str, kind: str, function: str | None, at: str, folder: Path) -> None:
    """Write a new exercise file to begin from: valid as it is, with a comment on every part.

    ID is its topic and name, and its path below the folder. The schema for editors is written beside it.

    \b
    Examples:
      backprop-tutor new week1/chain-rule --from "f(x, y) = x y + sin(x)"
      backprop-tutor new week2/shapes --kind shape --in my-course/
    """
    from tutor.authoring.new import SCHEMA, NewProblem, new_file
    from tutor.questions.registry import json_schema

    if folder.is_file():
        raise CommandError(f"{folder} is a file: name the pack's folder with --in.")
    try:
        path, text = new_file(id, folder, kind, function, at)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as writer:
            writer.write(text)
        if not (folder / SCHEMA).exists():
            (folder / SCHEMA).write_text(json.dumps(json_schema(), indent=2) + "\n", encoding="utf-8")
    except NewProblem as problem:
        raise CommandError(str(problem)) from None
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be written: {(error.strerror or str(error)).lower()}.") from None
    write(f"{one_line(str(path))} is written. Check it: backprop-tutor check {one_line(str(path))}")


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="All reports as JSON, for editors and scripts.")
@click.option("--watch", is_flag=True, help="Check again whenever a file is saved, until Ctrl+C.")
@click.pass_context
def check(context: click.Context, paths: tuple[str, ...], as_json: bool, watch: bool) -> None:
    """Check exercise files and papers, or all those in a folder.

    Each is read and solved end to end, with answers and a program that the tutor computes itself. Nothing that
    stands in a file is run: `given` and `starter` are only read. The exit code is 1 if any of them cannot be solved;
    all that is wrong is listed. Notes tell the author what to look at. In a folder, hidden folders and what other
    programs made are passed over: environments, node_modules, builds.

    \b
    Examples:
      backprop-tutor check my-exercise.toml
      backprop-tutor check exercises/
    """
    from tutor.runner import Runner

    if not all(path.strip() for path in paths):
        raise CommandError(
            "There is nothing between the quotes. Name a file or a folder; `check .` checks this folder."
        )
    if as_json and watch:
        raise CommandError("Choose one: --json writes one report, --watch goes on until Ctrl+C.")
    named = list(map(Path, paths))
    if all(why := [_no_exercise(path) for path in named]):
        raise CommandError("\n".join(ended(f"{path}: {said}") for path, said in zip(named, why, strict=True)))
    with closing(Runner()) as runner:
        if watch:
            _keep_checking(named, runner)
        broken = _check_as_json(named, runner) if as_json else _check(named, runner)
    context.exit(1 if broken else 0)


def _no_exercise(path: Path) -> str:
    """Why there can be no exercise file at a path, as a clause; "" where there may be one."""
    from tutor.library.fitting import nearest

    if not path.exists():
        if said := _about_id(path.as_posix()):
            return said
        folder = path.absolute().parent
        near = nearest(path.name, [one.name for one in folder.iterdir()] if folder.is_dir() else [])
        return f"it is not there{f'; did you mean {path.with_name(near)}?' if near else ''}"
    return "it is no exercise file: they end in .toml" if path.is_file() and path.suffix != ".toml" else ""


def _about_id(id: str) -> str:
    """What to do instead where an id was given for a file, as a clause; "" where it is none."""
    base = split_id(id)[0]
    if is_practice(base):
        return "it is no file: a function made for practice is proven as it is drawn, and needs no check"
    exercise = library_of(exercise_folders()).find(base)
    return f"it is the id of an exercise, and files are checked: {exercise.path}" if exercise is not None else ""


def _check(paths: list[Path], runner: Runner) -> int:
    """Check and say so; how many are broken. Raises CommandError where there is nothing to check."""
    sound, broken, reading = 0, 0, SaysReading()
    for path in paths:
        for report in _reports(path, runner, reading):
            write(report_in_words(report))
            sound, broken = sound + report.sound, broken + (not report.sound)
    if not sound + broken:
        where = ", ".join(map(str, paths))
        raise CommandError(f"There are no exercise files in {where}: they end in .toml.")
    write(f"{sound + broken} checked, {broken or 'none'} broken.")
    return broken


def _reports(path: Path, runner: Runner, reading: Callable[[Path], None]) -> Iterator[Report]:
    """On the exercises at a path, and the papers."""
    from tutor.papers.checking import check_papers, is_paper
    from tutor.session.validation import Finding, Report, check_path

    if reason := _no_exercise(path):
        yield Report(path, [Finding("", reason)])
        return
    if not is_paper(path):
        yield from check_path(path, runner, reading)
    if is_paper(path) or path.is_dir():
        yield from check_papers(path)


def _check_as_json(paths: list[Path], runner: Runner) -> int:
    reports = [report for path in paths for report in _reports(path, runner, lambda _path: None)]
    told = [
        {
            "path": str(report.path),
            "sound": report.sound,
            "blanks": report.blanks,
            "problems": [asdict(one) for one in report.problems],
            "notes": [asdict(one) for one in report.notes],
        }
        for report in reports
    ]
    write(json.dumps(told, indent=2, ensure_ascii=False))
    return sum(not report.sound for report in reports)


def _keep_checking(paths: list[Path], runner: Runner) -> None:
    """Check all, and then each file as it is saved, until Ctrl+C."""
    from tutor.authoring.watching import saved_files

    _check(paths, runner)
    write("Watching; Ctrl+C ends it.")
    for path in saved_files(paths):
        write("")
        _check([path], runner)


@click.command()
@click.option("--paper", is_flag=True, help="That of papers, files that end in .paper.toml.")
@click.option("--pack", is_flag=True, help="That of pack.toml.")
def schema(paper: bool, pack: bool) -> None:
    """Print the JSON Schema of exercise files, for editors.

    \b
    Examples:
      backprop-tutor schema > exercise.schema.json
      backprop-tutor schema --paper > paper.schema.json
    """
    from tutor.library.format import pack_schema, paper_schema
    from tutor.questions.registry import json_schema

    refuse_together({"--paper": paper, "--pack": pack})
    write(json.dumps(paper_schema() if paper else pack_schema() if pack else json_schema(), indent=2))


@click.command()
@click.option(
    "--init", is_flag=True, help="Write the settings file, with a comment on every setting, if there is none."
)
@click.option(
    "--keys", "with_keys", is_flag=True, help="Also list every action a key can do, with the name to set it by."
)
@click.pass_context
def settings(context: click.Context, init: bool, with_keys: bool) -> None:
    """Show the settings, the file they are read from, and what is wrong with it.

    The exit code is 1 when anything is wrong.

    \b
    Examples:
      backprop-tutor settings
      backprop-tutor settings --init
      backprop-tutor settings --keys
    """
    from tutor.cli.reports import keys_in_words, settings_in_words
    from tutor.crash_report import log_path
    from tutor.settings.file import SettingsProblem, create
    from tutor.settings.schema import read_settings, settings_path
    from tutor.tui.keys import known, rows, without_clashes

    try:
        if init and not create(settings_path()):
            write("The file is there already; it stays as it is.\n")
    except SettingsProblem as problem:
        raise CommandError(str(problem)) from None
    reading = read_settings(known())
    holding, clashes = without_clashes(reading.settings.keys)
    wrong = [*reading.faults, *clashes]
    own = {id: keys for id, keys in holding.items() if id in reading.settings.keys}
    write(settings_in_words(reading, own, wrong))
    write(f"\nUnexpected errors are recorded in {one_line(str(log_path()))}")
    if with_keys:
        write("\n" + keys_in_words(rows(holding)))
    context.exit(1 if wrong else 0)
