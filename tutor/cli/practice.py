"""The verbs of one who practises: what is known, what is shaky."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.catalogue.listing import begun
from tutor.cli.opening import (
    CommandError,
    folders_of,
    library_of,
    with_folders,
)
from tutor.cli.standard_output import write
from tutor.learner import StoreProblem

if TYPE_CHECKING:
    pass


@click.command()
@click.option("--json", "as_what", flag_value="json", help="As JSON, for other programs.")
@click.option("--csv", "as_what", flag_value="csv", help="The skills as CSV, for a spreadsheet.")
@with_folders
@click.pass_context
def progress(context: click.Context, as_what: str | None, more: tuple[Path, ...]) -> None:
    """Show what is new, shaky and known: by gate and part, by idea; and the minutes of each day.

    All is computed from your journal. Known is what is almost certainly so; when to look again is what FSRS says.

    \b
    Examples:
      backprop-tutor progress
      backprop-tutor progress --csv > skills.csv
    """
    from time import time

    from tutor.learner import looking
    from tutor.practice.progress import Overview, as_csv, as_json, as_text, overview

    library = library_of(folders_of(context, more))
    try:
        if begun():
            with looking() as store:
                seen = overview(store, library, time())
        else:
            seen = Overview(0, len(library.exercises), {}, {}, time())
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    write({"json": as_json, "csv": as_csv, None: as_text}[as_what](seen))
