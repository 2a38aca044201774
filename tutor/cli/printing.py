"""The verbs of what is handed out, `worksheet` and `sheet`, for one or for a class, and what `exam --print` shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.opening import CommandError, folders_of, with_folders
from tutor.cli.output_files import deliver_text, refuse_together, refuse_twice, refuse_two_seeds, write_whole
from tutor.cli.standard_output import write, write_document
from tutor.text import one_line

if TYPE_CHECKING:
    from tutor.course.worksheets.document import Document
    from tutor.course.worksheets.handout import StudentSheet
    from tutor.library import Library
    from tutor.papers.paper import Paper

FORMATS = ("md", "html", "tex", "pdf", "ipynb")
FORMAT = click.option(
    "--format", "format", type=click.Choice(FORMATS), help="What to write; else by the ending of -o, else Markdown."
)
CLASS = click.option(
    "--class", "roster", type=click.Path(path_type=Path), metavar="ROSTER.CSV",
    help="A sheet for each student of a CSV file with the columns student and name.",
)  # fmt: skip
OUT = click.option(
    "-o", "--output", "out", type=click.Path(path_type=Path), help="The file; for a class, a new folder."
)
_BINARY = frozenset({"pdf"})
_MOST_NAMED = 5
"""Names without letters that are told."""


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--key", is_flag=True, help="The same sheet with all answers and the worked solution.")
@click.option("--seed", metavar="N", help="One sheet on the numbers of this seed, as for `start`.")
@click.option(
    "--figures", type=click.Choice(("yes", "no")), default="yes", help="no: without the figures that only illustrate."
)
@click.option(
    "--show",
    "columns",
    metavar="COLUMN",
    multiple=True,
    help="Also print this column of the roster, such as section. May be given more than once.",
)
@click.option("--one-file", is_flag=True, help="With --class or --seeds, all sheets in one PDF, to be printed at once.")
@click.option("--seeds", type=click.IntRange(1, 2000), metavar="N", help="So many sheets, on the seeds from 1 to N.")
@CLASS
@FORMAT
@OUT
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
      backprop-tutor worksheet exam/one --class roster.csv --one-file -o class.pdf
      backprop-tutor worksheet layers/complex --seeds 4 --format tex -o variants/
    """
    from tutor.course.grading import Grader
    from tutor.course.worksheets.handout import NoHandout, Student, file_stem, sheet_of, sheets_for
    from tutor.course.worksheets.handout import roster as students_of
    from tutor.practice.seeds import NoVariant, seed_in

    seed, seeds, figures, columns = numbers["seed"], numbers["seeds"], numbers["figures"] == "yes", numbers["columns"]
    chosen = {"--seed": seed is not None, "--seeds": seeds is not None, "--class": roster is not None}
    refuse_together(chosen)
    refuse_twice(ids)
    for option in (name for name, there in chosen.items() if there):
        refuse_two_seeds(ids, option)
    alone = seeds is None and roster is None
    one_file = numbers["one_file"]
    if one_file and alone:
        raise CommandError("--one-file is for several sheets: add --class ROSTER.CSV or --seeds N.")
    if not alone and not one_file:
        _refuse_file(out, "--class" if seeds is None else "--seeds")
    form = format_of(format or ("pdf" if one_file and out is None else None), out if alone or one_file else None)
    if one_file and form != "pdf":
        raise CommandError(f"--one-file writes a PDF, and this is {form}: leave out one of them.")
    if columns and roster is None:
        raise CommandError("--show prints a column of a roster: name the file with --class ROSTER.CSV.")
    with closing(Grader(folders_of(context, more))) as grader:
        try:
            if alone:
                document = sheet_of(grader, ids, None if seed is None else seed_in(seed), key=key, figures=figures)
                deliver(document, form, out, f"{file_stem(ids[0])}{'-key' if key else ''}.{form}")
                return
            own = tuple(range(1, seeds + 1)) if seeds is not None else ()
            students = [Student(f"{one:03}") for one in own] if roster is None else students_of(roster, columns)
            refuse_without_letters(form, [text for one in students for _, text in one.identity])
            made = sheets_for(grader, ids, students, key=key, seeds=own)
            if one_file:
                place = out or Path(f"{file_stem(ids[0])}-{'keys' if key else 'sheets'}.pdf")
                _write_all_in_one(place, [one.document(grader, key=key, figures=figures) for one in made])
                return
            folder = out or Path(f"{file_stem(ids[0])}-{'keys' if key else 'sheets'}")
            _write_class(made, form, folder, lambda one: data_of(one.document(grader, key=key, figures=figures), form))
        except (NoVariant, NoHandout) as why:
            raise CommandError(str(why)) from None


def _write_all_in_one(place: Path, documents: list[Document]) -> None:
    """Write the sheets of a class as one PDF. Raises CommandError."""
    from tutor.course.worksheets.formats import FormatMissing, all_in_one
    from tutor.course.worksheets.typst import NotTypeset

    try:
        whole = all_in_one(documents)
    except (FormatMissing, NotTypeset) as why:
        raise CommandError(str(why)) from None
    write_whole(place, whole)
    many = len(documents)
    write(f"{many} {'sheet is' if many == 1 else 'sheets are'} in {one_line(str(place))}.")


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--seed", metavar="N", help="With new numbers, as for `start`.")
@CLASS
@OUT
@with_folders
@click.pass_context
def sheet(
    context: click.Context,
    ids: tuple[str, ...],
    seed: str | None,
    roster: Path | None,
    out: Path | None,
    more: tuple[Path, ...],
) -> None:
    """Write an answer sheet: a text file with a place for each answer, to be filled in and handed back.

    ID is an exercise or a paper; several exercises make one sheet. `grade` reads it. With --class there is a sheet for
    each student, with their name on it, on the same numbers as with `worksheet --class`, and an index.csv of their
    seeds, in a new folder: all of it or nothing.

    \b
    Examples:
      backprop-tutor sheet node-way/a -o a.toml
      backprop-tutor sheet layers/complex --seed 7 -o complex.toml
      backprop-tutor sheet layers/complex --class roster.csv -o week3/
    """
    from tutor.course.grading import Grader
    from tutor.course.worksheets.handout import NoHandout, answer_sheet, file_stem, sheets_for
    from tutor.course.worksheets.handout import roster as students_of
    from tutor.practice.seeds import NoVariant, on_seed, seed_in

    refuse_together({"--seed": seed is not None, "--class": roster is not None})
    refuse_twice(ids)
    if seed is not None or roster is not None:
        refuse_two_seeds(ids, "--seed" if roster is None else "--class")
    if roster is not None:
        _refuse_file(out, "--class")
    elif out is not None and out.exists() and not out.is_dir():
        raise CommandError(f"{out} exists already, and may hold answers: it stays as it is. Choose another name.")
    elif out is not None and out.suffix.lower() != _SHEET and not out.is_dir():
        raise CommandError(
            f"An answer sheet ends in {_SHEET}, so that `grade` finds it: {out.with_suffix(_SHEET).name}."
        )
    with closing(Grader(folders_of(context, more))) as grader:
        try:
            if roster is not None:
                made = sheets_for(grader, ids, students_of(roster))
                folder = out or Path(f"{file_stem(ids[0])}-answers")
                _write_class(made, _SHEET[1:], folder, lambda one: one.answer_sheet(grader).encode())
                return
            number = None if seed is None else seed_in(seed)
            wanted = [id if number is None else on_seed(id, number) for id in ids]
            deliver_text(answer_sheet(grader, wanted), out)
        except (NoVariant, NoHandout) as why:
            raise CommandError(str(why)) from None


_SHEET = ".toml"


def _refuse_file(out: Path | None, option: str) -> None:
    """Raises CommandError where the folder of a class is named like a file."""
    if out is not None and (out.suffix[1:].lower() in (*FORMATS, _SHEET[1:]) or out.is_file()):
        raise CommandError(f"With {option} a new folder is written, and {out} is named like a file: name a folder.")


def _write_class(
    made: Iterable[StudentSheet], ending: str, folder: Path, data: Callable[[StudentSheet], bytes]
) -> None:
    """Write a new folder with all sheets and their index. Raises CommandError, NoHandout."""
    from tutor.course.worksheets.handout import INDEX, index_of, refuse_folder, write_folder

    refuse_folder(folder)
    sheets = list(made)
    files = {f"{sheet.stem}.{ending}": data(sheet) for sheet in sheets}
    files[INDEX] = index_of(sheets, ending).encode()
    write_folder(folder, files)
    write(f"{len(sheets)} {'sheet' if len(sheets) == 1 else 'sheets'} and {INDEX} are in {one_line(str(folder))}.")


def format_of(format: str | None, out: Path | None) -> str:
    """The format that is asked for, or that the ending of a file says. Raises CommandError for an ending of another."""
    ending = out.suffix[1:].lower() if out is not None else ""
    if format is not None:
        if ending in FORMATS and ending != format and out is not None:
            raise CommandError(
                f"{out.name} ends in .{ending}, and --format {format} writes something else: choose one."
            )
        return format
    if not ending:
        return FORMATS[0]
    if ending in FORMATS:
        return ending
    raise CommandError(f"A sheet cannot be written as .{ending}; say --format, one of {', '.join(FORMATS)}.")


def refuse_without_letters(form: str, texts: list[str]) -> None:
    """Raises CommandError where a PDF is to be written and no font has the letters of some of these texts."""
    from tutor.course.worksheets.formats import FormatMissing, without_letters

    try:
        missing = without_letters(texts, form)
    except FormatMissing as why:
        raise CommandError(str(why)) from None
    if missing:
        named = ", ".join(map(one_line, missing[:_MOST_NAMED])) + (", ..." if missing[_MOST_NAMED:] else "")
        raise CommandError(
            f"No font on this machine has the letters of {named}. Install one that has, such as Noto's of that script; "
            "or write the roster in Latin letters; or choose --format html, which a browser prints in its own fonts."
        )


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
        write_document(data.decode())
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
