"""The verbs of one who writes exercises and sets the tutor up: check, schema, settings."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.cli.opening import (
    CommandError,
)
from tutor.cli.reports import SaysReading, report_in_words
from tutor.cli.standard_output import write
from tutor.text import one_line

if TYPE_CHECKING:
    pass


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.pass_context
def check(context: click.Context, paths: tuple[str, ...]) -> None:
    """Check exercise files, or all those in a folder.

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
    from tutor.session.validation import check_path

    if not all(path.strip() for path in paths):
        raise CommandError(
            "There is nothing between the quotes. Name a file or a folder; `check .` checks this folder."
        )
    sound, broken, reading = 0, 0, SaysReading()
    with closing(Runner()) as runner:
        for path in map(Path, paths):
            for report in check_path(path, runner, reading):
                write(report_in_words(report))
                sound, broken = sound + report.sound, broken + (not report.sound)
    if not sound + broken:
        raise CommandError("There are no exercise files there: they end in .toml.")
    write(f"{sound + broken} checked, {broken or 'none'} broken.")
    context.exit(1 if broken else 0)


@click.command()
def schema() -> None:
    """Print the JSON Schema of exercise files, for editors.

    \b
    Example:
      backprop-tutor schema > exercise.schema.json
    """
    from tutor.questions.registry import json_schema

    write(json.dumps(json_schema(), indent=2))


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
    from tutor.tui.keys import doubled, known, rows

    try:
        if init and not create(settings_path()):
            write("The file is there already; it stays as it is.\n")
    except SettingsProblem as problem:
        raise CommandError(str(problem)) from None
    reading = read_settings(known())
    wrong = [*reading.faults, *doubled(reading.settings.keys)]
    write(settings_in_words(reading, wrong))
    write(f"\nUnexpected errors are recorded in {one_line(str(log_path()))}")
    if with_keys:
        write("\n" + keys_in_words(rows(reading.settings.keys)))
    context.exit(1 if wrong else 0)
