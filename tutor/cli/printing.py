"""The verb `worksheet`, and what `exam --print` shares with it: sheets and keys, for one or for a class."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.course import write_whole
from tutor.cli.opening import CommandError, folders_of, with_folders
from tutor.cli.standard_output import write
from tutor.text import one_line

if TYPE_CHECKING:
    from tutor.course.worksheets.document import Document
    from tutor.course.worksheets.handout import Sheet
    from tutor.library import Library
    from tutor.papers.paper import Paper

FORMATS = ("md", "html", "tex", "pdf", "ipynb")
FORMAT = click.option(
    "--format", "format", type=click.Choice(FORMATS), help="What to write; else by the ending of -o, else Markdown."
)
_BINARY = frozenset({"pdf"})


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--key", is_flag=True, help="The same sheet with all answers and the worked solution.")
@click.option("--seed", metavar="N", help="One sheet on the numbers of this seed, as for `start`.")
@click.option("--seeds", type=click.IntRange(1, 2000), metavar="N", help="So many sheets, on the seeds from 1 to N.")
@click.option(
    "--class", "roster", type=click.Path(path_type=Path), metavar="ROSTER.CSV",
    help="A sheet for each student of a CSV file with the columns student and name.",
)  # fmt: skip
@FORMAT
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="The file; for a class, a new folder.")
@with_folders
@click.pass_context
def worksheet(
    context: click.Context,
    /,
    ids: tuple[str, ...],
    key: bool,
    roster: Path | None,
    format: str | None,
    out: Path | None,
    more: tuple[Path, ...],
    **numbers: Any,
) -> None:
    """Write a worksheet to hand out: what is asked with its marks, and room for the answers.

    ID is an exercise or a paper. With --seeds or --class there is a sheet for each student, on numbers of their own,
    and an index.csv of their seeds, in a new folder: all of it or nothing. A student's numbers are the same whenever
    the sheets are written again; with --key, in another folder, they are the keys. PDF and ipynb need the extra
    [print]: pip install 'backprop-tutor[print]'

    \b
    Examples:
      backprop-tutor worksheet node-way/c -o sheet.pdf
      backprop-tutor worksheet node-way/c --key -o key.html
      backprop-tutor worksheet exam/one --class roster.csv --format pdf -o sheets/
      backprop-tutor worksheet layers/complex --seeds 4 --format tex -o variants/
    """
    from tutor.course.grading import Grader
    from tutor.course.worksheets.handout import NoHandout, Student, file_stem, sheet_of, sheets_for
    from tutor.course.worksheets.handout import roster as students_of
    from tutor.practice.seeds import NoVariant, seed_in

    seed, seeds = numbers["seed"], numbers["seeds"]
    if sum(one is not None for one in (seed, seeds, roster)) > 1:
        raise CommandError("Name one of --seed, --seeds and --class.")
    form = format_of(format, out)
    with closing(Grader(folders_of(context, more))) as grader:
        try:
            if seeds is None and roster is None:
                document = sheet_of(grader, ids, None if seed is None else seed_in(seed), key=key)
                deliver(document, form, out, f"{file_stem(ids[0])}{'-key' if key else ''}.{form}")
                return
            own = tuple(range(1, seeds + 1)) if seeds is not None else ()
            students = students_of(roster) if roster is not None else [Student(f"{one:03}") for one in own]
            made = sheets_for(grader, ids, students, key=key, seeds=own)
            folder = out or Path(f"{file_stem(ids[0])}-{'keys' if key else 'sheets'}")
            _write_class(made, form, folder)
        except (NoVariant, NoHandout) as why:
            raise CommandError(str(why)) from None


def _write_class(made: Iterable[Sheet], form: str, folder: Path) -> None:
    """Raises CommandError, NoHandout."""
    from tutor.course.worksheets.handout import INDEX, index_of, write_folder

    sheets, files = [], {}
    for sheet in made:
        files[f"{sheet.stem}.{form}"] = data_of(sheet.document, form)
        sheets.append(sheet)
    files[INDEX] = index_of(sheets, form).encode()
    write_folder(folder, files)
    write(f"{len(sheets)} {'sheet' if len(sheets) == 1 else 'sheets'} and {INDEX} are in {one_line(str(folder))}.")


def format_of(format: str | None, out: Path | None) -> str:
    """The format that is asked for, or that the ending of a file says. Raises CommandError for an unknown ending."""
    if format is not None:
        return format
    ending = out.suffix[1:].lower() if out is not None else ""
    if not ending:
        return FORMATS[0]
    if ending in FORMATS:
        return ending
    raise CommandError(f"A sheet cannot be written as .{ending}; say --format, one of {', '.join(FORMATS)}.")


def data_of(document: Document, form: str) -> bytes:
    """The sheet as a file. Raises CommandError with what is missing."""
    from tutor.course.worksheets.formats import FormatMissing, written
    from tutor.course.worksheets.typst import NotTypeset

    try:
        return written(document, form)
    except (FormatMissing, NotTypeset) as why:
        raise CommandError(str(why)) from None


def deliver(document: Document, form: str, out: Path | None, name: str) -> None:
    """Write a sheet to a file, or to standard output; what is no text to a file of this name. Raises CommandError."""
    data = data_of(document, form)
    if out is None and form not in _BINARY:
        sys.stdout.write(data.decode())
        return
    place = out or Path(name)
    write_whole(place, data)
    write(f"{one_line(str(place))} is written.")


def print_paper(paper: Paper, library: Library, form: str, out: Path | None) -> None:
    """Write a paper and, beside it, its key. Raises CommandError, PaperProblem."""
    from tutor.course.worksheets.handout import file_stem, sheet_of_paper

    place = out or Path(f"{file_stem(paper.id)}.{form}")
    beside = place.with_name(f"{place.stem}-key{place.suffix}")
    sheets = [(path, data_of(sheet_of_paper(paper, library, key=path is beside), form)) for path in (place, beside)]
    for path, data in sheets:
        write_whole(path, data)
    write(f"{one_line(str(place))} is the paper, {one_line(str(beside))} its key.")
