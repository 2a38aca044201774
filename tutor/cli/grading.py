"""The verbs that grade what a class has handed in, and report on it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tutor.cli.opening import CommandError, folders_of, with_folders
from tutor.cli.output_files import OUT, TEXT, deliver_text, form_for, one_form, refuse_place, refuse_together
from tutor.paths import CODE, code_is_run
from tutor.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutor.course.graded import Graded
    from tutor.course.worksheets.handout import Student

_GRADES = {"csv": (".csv",), "json": (".json",), "gradescope": (".json",), "detail": TEXT}
_REPORTS = {"csv": (".csv",), "html": (".html", ".htm")}


def _allowed(_context: click.Context, _option: click.Parameter, run_code: bool) -> bool:
    """Whether code is run. Raises CommandError where that is asked for and switched off as well."""
    if run_code and not code_is_run():
        raise CommandError(f"--run-code runs code, and {CODE}=off says that none is run here: leave out one of them.")
    return run_code


_RUN_CODE = click.option(
    "--run-code", is_flag=True, callback=_allowed, help="Run the code that was handed in, in the runner."
)


def _percent(_context: click.Context, _option: click.Parameter, percent: float | None) -> float | None:
    if percent is not None and not 0 <= percent <= 100:
        raise CommandError(f"--pass is a percentage from 0 to 100; this one is {percent:g}.")
    return percent


def _named(_context: click.Context, _argument: click.Parameter, paths: tuple[str, ...]) -> tuple[Path, ...]:
    if not all(path.strip() for path in paths):
        raise CommandError("There is nothing between the quotes. Name a file or a folder.")
    return tuple(map(Path, paths))


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, callback=_named)
@one_form(
    json="Everything, as JSON.",
    csv="A gradebook, a row for each file; for Canvas and Moodle, each student.",
    gradescope="Gradescope's results.json, for what one student handed in.",
    detail="Every blank, what it earned and why.",
)
@click.option(
    "--columns", type=click.Choice(["plain", "canvas", "moodle"]), help="Of the CSV; plain if you leave it out."
)
@click.option("--part", metavar="3/8", default="", help="Grade the third of eight parts only, as for a job array.")
@click.option(
    "--pass", "passing", type=float, metavar="PERCENT", callback=_percent, help="Exit code 1 where a file earns less."
)
@click.option(
    "--class", "roster", type=click.Path(path_type=Path), metavar="ROSTER.CSV",
    help="Say who of a CSV file with the column student handed nothing in, who is not in it, and who is on numbers "
    "that were drawn for somebody else; index.csv does as well.",
)  # fmt: skip
@click.option(
    "--feedback",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Also write a new folder with a text for each student: marks, answers, what was said of each.",
)
@click.option("--key", is_flag=True, help="With --feedback, say the right answers as well.")
@_RUN_CODE
@OUT
@with_folders
@click.pass_context
def grade(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    form: str | None,
    columns: str | None,
    part: str,
    passing: float | None,
    out: Path | None,
    more: tuple[Path, ...],
    **how: Any,
) -> None:
    """Grade answer sheets and submissions: files, or folders of them.

    Marks carry errors forward: what follows rightly from a mistake earns its marks, but not where that is 0, or 1 and
    handed on as 1, so that following it took no work. After equations that make no graph, their marks are lost and the
    rest is marked as far as it is clear what it is of. The same files give the same marks,
    and can be graded again after an exercise was mended. A file that cannot be graded stops none of the others. Code is
    not run unless you say --run-code: it runs as you, in the runner, which limits it but is no sandbox. What --json
    wrote can be given in place of what was handed in, so that the parts of a job array are put together. Of several
    files of one student for one exercise or paper the best counts.

    The exit code is 0 where every file was graded, 1 where one was not or earned less than --pass, 2 where nothing
    could be done.

    \b
    Examples:
      backprop-tutor grade handed-in/
      backprop-tutor grade handed-in/ --class roster.csv --csv --columns canvas -o grades.csv
      backprop-tutor grade handed-in/ --class roster.csv --feedback back/ --key
      backprop-tutor grade handed-in/ --part 3/8 --json -o part-3.json
      backprop-tutor grade part-*.json --csv -o grades.csv
      backprop-tutor grade /autograder/submission --gradescope -o /autograder/results/results.json
    """
    from tutor.course.class_list import against_class
    from tutor.course.gradebooks import as_csv, as_gradescope, as_text, in_detail, remarks, without_number
    from tutor.course.graded_json import as_json

    form = form_for(out, form or ("csv" if columns else None), _GRADES)
    if columns and form != "csv":
        raise CommandError(f"--columns are those of --csv, and --{form} has none.")
    if part and form == "gradescope":
        raise CommandError("--gradescope grades one file, and --part is for many: choose one.")
    refuse_together({"--part": bool(part), "--class": how["roster"] is not None})
    _refuse_feedback(how["feedback"], how["key"])
    students = _students_in(how["roster"])
    grades, passed_over = _graded_at(
        paths, folders_of(context, more), how["run_code"], out, part=part, may_be_empty=form == "gradescope"
    )
    of_class = against_class(grades, students)
    grades = list(of_class.grades)
    if form == "gradescope" and len(several := {one.student: None for one in grades if one.student}) > 1:
        raise CommandError(f"Gradescope grades one student at a time, and these files are of {', '.join(several)}.")
    texts = {
        "json": lambda: as_json(grades),
        "csv": lambda: as_csv(grades, columns or "plain", of_class.missing),
        "gradescope": lambda: as_gradescope(grades),
        "detail": lambda: "\n\n".join(map(in_detail, grades)),
    }
    deliver_text(texts.get(form or "", lambda: as_text(grades, of_class.remarks, passed_over))(), out)
    if how["feedback"] is not None:
        _write_feedback(how["feedback"], grades, how["key"])
    told = remarks(grades, of_class.remarks, passed_over) if form else []
    told += without_number(grades) if columns in ("canvas", "moodle") else []
    if told:
        click.echo("\n".join(told), err=True)
    failed = not grades or any(one.marks is None for one in grades)
    if passing is not None:
        failed = failed or any(100 * one.marks.earned < passing * one.marks.full for one in grades if one.marks)
    context.exit(1 if failed else 0)


def _refuse_feedback(folder: Path | None, key: bool) -> None:
    """Raises CommandError where the folder is there already, or only the key is asked for."""
    from tutor.course.worksheets.handout import NoHandout, refuse_folder

    if folder is None:
        if key:
            raise CommandError("--key is of --feedback FOLDER: name the folder as well.")
        return
    try:
        refuse_folder(folder, "--feedback")
    except NoHandout as why:
        raise CommandError(str(why)) from None


def _write_feedback(folder: Path, grades: Sequence[Graded], key: bool) -> None:
    """Write the texts for students, all or none. Raises CommandError."""
    from tutor.course.feedback import feedback_files
    from tutor.course.worksheets.handout import NoHandout, write_folder

    files = feedback_files(grades, key=key)
    try:
        write_folder(folder, files)
    except NoHandout as why:
        raise CommandError(str(why)) from None
    many = "1 text is" if len(files) == 1 else f"{len(files)} texts are"
    click.echo(f"{many} in {one_line(str(folder))}.", err=True)


def _students_in(roster: Path | None) -> list[Student]:
    """The students of a roster; none without one. Raises CommandError."""
    from tutor.course.worksheets.handout import NoHandout
    from tutor.course.worksheets.handout import roster as students_of

    try:
        return students_of(roster) if roster is not None else []
    except NoHandout as why:
        raise CommandError(str(why)) from None


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, callback=_named)
@one_form(csv="A row for each blank of each group.", html="One page with plots, without scripts.")
@_RUN_CODE
@OUT
@with_folders
@click.pass_context
def report(
    context: click.Context,
    paths: tuple[Path, ...],
    form: str | None,
    run_code: bool,
    out: Path | None,
    more: tuple[Path, ...],
) -> None:
    """Say how a class fared: for each blank how many got it, which mistakes were met, tries, hints, time; who is stuck.

    Each PATH is a group, such as a section or a year: a folder, or what `grade --json` wrote. Several are also put side
    by side, with what differs by more than chance. Wrong tries, hints and time are known of submissions only.

    \b
    Examples:
      backprop-tutor report handed-in/
      backprop-tutor report 2025/ 2026/ --html -o report.html
    """
    from tutor.course.report_page import as_html
    from tutor.course.report_texts import as_csv, as_text
    from tutor.course.reports import report_of

    folders = folders_of(context, more)
    form = form_for(out, form, _REPORTS)
    groups = [
        report_of(name, *_graded_at([path], folders, run_code, out))
        for name, path in zip(_group_names(paths), paths, strict=True)
    ]
    deliver_text({"csv": as_csv, "html": as_html}.get(form or "", as_text)(groups), out)


def _graded_at(
    paths: Sequence[Path],
    folders: Sequence[Path],
    run_code: bool,
    out: Path | None,
    *,
    part: str = "",
    may_be_empty: bool = False,
) -> tuple[list[Graded], tuple[Path, ...]]:
    """What became of the files at these paths, and which of their folders' were passed over.

    Files of grades, as --json wrote them, are put together; nothing is graded again. Raises CommandError where nothing
    is there, and where `out` cannot be written or was handed in itself.
    """
    from tutor.course.graded_json import NoGrades, grades_in, put_together
    from tutor.course.grading import grade_all
    from tutor.course.handed_in import GRADES, handed_in, part_of

    if not any(map(os.path.exists, paths)):
        missing = f"{', '.join(map(str, paths))} {'is' if len(paths) == 1 else 'are'} not there"
        near = _nearest_path(paths[0])
        raise CommandError(f"{missing}; did you mean {one_line(near)}?" if near else f"{missing}.")
    parts = [path for path in paths if path.suffix.lower() == GRADES and not path.is_dir()]
    found = handed_in(path for path in paths if path not in parts)
    if not found.files and not parts and not may_be_empty:
        others = f" {len(found.passed_over)} other files are." if found.passed_over else ""
        named = ", ".join(map(str, paths))
        raise CommandError(
            f"Nothing was handed in at {named}: sheets end in .toml, submissions in .submission.{others}"
        )
    if part and parts:
        raise CommandError("--part is of files to be graded, and files of grades are put together: choose one.")
    _refuse_input(out, [*found.files, *parts])
    if out is not None:
        refuse_place(out)
    files = part_of(found.files, *_fraction(part)) if part else found.files
    try:
        before = [grades_in(path) for path in parts]
    except NoGrades as why:
        raise CommandError(str(why)) from None
    grades = list(grade_all(files, folders, run_code))
    return (put_together([*before, grades]) if parts else grades), found.passed_over


def _nearest_path(path: Path) -> str:
    """What is beside a path that is not there and has almost its name; "" where nothing has."""
    from tutor.library.fitting import nearest

    try:
        beside = [one.name for one in os.scandir(path.parent) if one.is_dir() or one.name.endswith(path.suffix or "?")]
    except OSError:
        return ""
    near = nearest(path.name, beside)
    return str(path.parent / near) if near else ""


def _group_names(paths: Sequence[Path]) -> list[str]:
    """The names of folders; where two are the same, with what they are in."""
    names = [path.resolve().name for path in paths]
    return [
        name if names.count(name) == 1 else f"{path.resolve().parent.name}/{name}"
        for name, path in zip(names, paths, strict=True)
    ]


def _refuse_input(out: Path | None, files: list[Path]) -> None:
    """Raises CommandError where what is to be written would take the place of what was handed in."""
    if out is not None and out.exists() and any(out.samefile(one) for one in files if one.exists()):
        raise CommandError(f"{out} was handed in: it stays as it is. Write to another file.")


def _fraction(text: str) -> tuple[int, int]:
    """`3/8` as its numbers. Raises CommandError."""
    found = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise CommandError(f"A part is written as 3/8, the third of eight; this one is {text}.")
    return int(found[1]), int(found[2])
