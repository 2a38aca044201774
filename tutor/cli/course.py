"""The verbs of a class: sheets and submissions go out and come back, are graded, and reported on."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.catalogue.listing import begun
from tutor.cli.opening import CommandError, exercise_of, folders_of, library_of, say, with_folders
from tutor.cli.standard_output import write
from tutor.learner import Entry, StoreProblem, looking
from tutor.text import one_line

if TYPE_CHECKING:
    from tutor.course.grading import Graded
    from tutor.course.submissions import Worked
    from tutor.library import Library

_OUT = click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="Write it to this file.")


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--seed", metavar="N", help="With new numbers, as for `start`.")
@_OUT
@with_folders
@click.pass_context
def sheet(
    context: click.Context, ids: tuple[str, ...], seed: str | None, out: Path | None, more: tuple[Path, ...]
) -> None:
    """Write an answer sheet: a text file with a place for each answer, to be filled in and handed back.

    ID is an exercise or a paper; several exercises make one sheet. `grade` reads it.

    \b
    Examples:
      backprop-tutor sheet node-way/a -o a.toml
      backprop-tutor sheet layers/complex --seed 7 -o complex.toml
    """
    from tutor.course.grading import Grader, NotGraded
    from tutor.course.sheets import write_sheet
    from tutor.practice.seeds import NoVariant, on_seed, seed_in, split_id

    if out is not None and out.exists():
        raise CommandError(f"{out} exists already, and may hold answers: it stays as it is. Choose another name.")
    with closing(Grader(folders_of(context, more))) as grader:
        try:
            number = None if seed is None else seed_in(seed)
            wanted = [id if number is None else on_seed(id, number) for id in ids]
            parts = [part for id in wanted for part in grader.parts(id)]
        except NoVariant as why:
            raise CommandError(str(why)) from None
        except NotGraded as why:
            said = str(why).rstrip(".")
            raise CommandError(f"No sheet is written: {said}{'' if said.endswith('?') else '.'}") from None
        papers = [id for id in wanted if id not in grader.library.exercises and split_id(id)[0] in grader.shelf.papers]
    _deliver(write_sheet(parts, papers[0] if papers and len(wanted) == 1 else ""), out)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--seed", metavar="N", help="What you did on these numbers.")
@click.option("--student", default="", help="Your number or login, as your course asks for it.")
@click.option("--name", default="", help="Your name, if your course asks for it.")
@_OUT
@with_folders
@click.pass_context
def submit(
    context: click.Context,
    ids: tuple[str, ...],
    seed: str | None,
    student: str,
    name: str,
    out: Path | None,
    more: tuple[Path, ...],
) -> None:
    """Pack what you did in an exercise or a paper into one file to hand in.

    It holds what you typed, when, your hints and what was shown to you, and nothing else of you but the number and the
    name you give here. Of a paper, the one that was handed in last.

    \b
    Examples:
      backprop-tutor submit node-way/a --student s123 -o a.submission
      backprop-tutor submit exam/one --student s123
    """
    from tutor.course.submissions import SUFFIX, packed

    if not begun():
        raise CommandError("There is nothing to hand in yet: no exercise was begun.")
    folders = folders_of(context, more)
    library = library_of(folders)
    try:
        paper, work = _work_to_hand_in(folders, library, ids, seed)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    place = out or Path(re.sub(r"[^\w@.-]+", "-", ids[0]) + SUFFIX)
    if place.suffix != SUFFIX:
        raise CommandError(f"The file to hand in ends in {SUFFIX}: {place.with_suffix(SUFFIX).name}.")
    write_whole(place, packed(work, student, name, paper))
    write(f"{one_line(str(place))} is written: hand it in.")


def _work_to_hand_in(
    folders: list[Path], library: Library, ids: tuple[str, ...], seed: str | None
) -> tuple[str, list[Worked]]:
    """The paper's id, "" for exercises, and what was done. Raises CommandError, StoreProblem."""
    from tutor.course.submissions import worked
    from tutor.papers.paper import shelf_of
    from tutor.papers.sitting import sittings
    from tutor.practice.seeds import sitting_id

    with looking() as store:
        if len(ids) == 1 and seed is None:
            shelf = shelf_of(folders, library)
            done = [one for one in sittings(store) if one.paper.id == ids[0] and one.marks is not None]
            if done and done[0].marks is not None:
                marks = done[0].marks
                journals = {one.id: store.entries(sitting_id(one.id, done[0].key)) for one in marks.exercises}
                mode = Entry(action="mode", text="quick", at=done[0].begun)
                return ids[0], [
                    worked(id, exercise_of(library, id).digest, [mode, *journal]) for id, journal in journals.items()
                ]
            if ids[0] in shelf.papers and ids[0] not in library.exercises:
                raise CommandError(f"The paper {ids[0]} has not been handed in yet: backprop-tutor exam {ids[0]}")
        found = []
        for id in ids:
            exercise = exercise_of(library, id, seed)
            journal = store.entries(exercise.id)
            if not any(one.action == "answer" for one in journal):
                raise CommandError(
                    f"Nothing was answered in {exercise.id} yet: work on it first (backprop-tutor start {exercise.id})."
                )
            found.append(worked(exercise.id, exercise.digest, journal))
        return "", found


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "form", flag_value="json", help="Everything, as JSON.")
@click.option("--csv", "form", flag_value="csv", help="A gradebook, a row for each file.")
@click.option("--gradescope", "form", flag_value="gradescope", help="Gradescope's results.json, for one file.")
@click.option("--detail", "form", flag_value="detail", help="Every blank, what it earned and why.")
@click.option("--columns", type=click.Choice(["plain", "canvas", "moodle"]), default="plain", help="Of the CSV.")
@click.option("--part", metavar="3/8", default="", help="Grade the third of eight parts only, as for a job array.")
@click.option("--pass", "passing", type=float, metavar="PERCENT", help="Exit code 1 where a file earns less.")
@click.option("--run-code", is_flag=True, help="Run the code that was handed in, in the runner.")
@_OUT
@with_folders
@click.pass_context
def grade(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    form: str | None,
    columns: str,
    part: str,
    passing: float | None,
    out: Path | None,
    more: tuple[Path, ...],
    **how: bool,
) -> None:
    """Grade answer sheets and submissions: files, or folders of them.

    Marks carry errors forward: what follows rightly from a mistake earns its marks. The same files give the same marks,
    and can be graded again after an exercise was mended. A file that cannot be graded stops none of the others. Code is
    not run unless you say --run-code: it runs as you, in the runner, which limits it but is no sandbox.

    The exit code is 0 where every file was graded, 1 where one was not or earned less than --pass, 2 where nothing
    could be done.

    \b
    Examples:
      backprop-tutor grade handed-in/
      backprop-tutor grade handed-in/ --csv --columns canvas -o grades.csv
      backprop-tutor grade /autograder/submission/a.toml --gradescope -o results.json
    """
    from tutor.course.gradebooks import as_csv, as_gradescope, as_json, as_text, in_detail, remarks
    from tutor.course.grading import handed_in, part_of

    form = form or _form_of(out, ("csv", "json")) or ("csv" if columns != "plain" else None)
    files = handed_in(paths)
    if part:
        files = part_of(files, *_fraction(part))
    if form == "gradescope" and len(files) != 1:
        raise CommandError(f"Gradescope grades one file at a time, and there are {len(files)}.")
    grades = _graded(files, folders_of(context, more), how["run_code"], bool(part))
    texts = {
        "json": lambda: as_json(grades),
        "csv": lambda: as_csv(grades, columns),
        "gradescope": lambda: as_gradescope(grades[0]),
        "detail": lambda: "\n\n".join(map(in_detail, grades)),
    }
    _refuse_input(out, files)
    _deliver(texts.get(form or "", lambda: as_text(grades))(), out)
    if form:
        click.echo("\n".join(remarks(grades)), err=True, nl=bool(remarks(grades)))
    failed = any(one.marks is None for one in grades)
    if passing is not None:
        failed = failed or any(100 * one.marks.earned < passing * one.marks.full for one in grades if one.marks)
    context.exit(1 if failed else 0)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--csv", "form", flag_value="csv", help="A row for each blank of each group.")
@click.option("--html", "form", flag_value="html", help="One page with plots, without scripts.")
@click.option("--run-code", is_flag=True, help="Run the code that was handed in, in the runner.")
@_OUT
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
    """Say how a class fared: for each blank who got it, which slips were met, tries, hints, time, and who is stuck.

    Each PATH is a group, such as a section or a year; several are also put side by side. Tries, hints and time are
    known of submissions only.

    \b
    Examples:
      backprop-tutor report handed-in/
      backprop-tutor report 2025/ 2026/ --html -o report.html
    """
    from tutor.course.grading import handed_in
    from tutor.course.reports import as_csv, as_html, as_text, report_of

    folders = folders_of(context, more)
    _refuse_input(out, handed_in(paths))
    form = form or _form_of(out, ("csv", "html"))
    groups = [
        report_of(path.resolve().name, _graded(handed_in([path]), folders, run_code, may_be_none=False))
        for path in paths
    ]
    _deliver({"csv": as_csv, "html": as_html}.get(form or "", as_text)(groups), out)


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--to", "form", type=click.Choice(["moodle", "qti"]), required=True, help="Moodle XML, or a QTI 1.2 zip.")
@click.option("--seeds", metavar="N", type=click.IntRange(1, 50), help="N variants of each question, on fresh numbers.")
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), required=True, help="Write it to this file.")
@with_folders
@click.pass_context
def convert(
    context: click.Context, ids: tuple[str, ...], form: str, seeds: int | None, out: Path, more: tuple[Path, ...]
) -> None:
    """Write exercises as questions for Moodle, or as a QTI package for Canvas and others.

    ID is an exercise or a paper. Each blank becomes a question with its marks; the mistakes that the tutor names are
    wrong answers, each with its sentence. Code, equations of one's own and formulas cannot be judged there: such blanks
    are left out, and listed. With --seeds the variants of a question stand together, to be drawn from at random.

    \b
    Examples:
      backprop-tutor convert node-way/a shapes/add --to moodle -o week1.xml
      backprop-tutor convert exam/one --to qti --seeds 5 -o exam.zip
    """
    from tutor.course.grading import Grader, NotGraded
    from tutor.course.lms_questions import CarriedOver, carried_over
    from tutor.course.moodle import as_moodle
    from tutor.course.qti import as_qti
    from tutor.practice.seeds import NoVariant, is_practice, on_seed, split_id, variant_id

    over, fixed = CarriedOver(), []
    with closing(Grader(folders_of(context, more))) as grader:
        try:
            # a function made for practice is none without a seed
            first = {id: on_seed(id, 1) for id in ids} if seeds else {}
            named = [first[id] if id in first and is_practice(id) else id for id in ids]
            for part in [part for id in named for part in grader.parts(id)]:
                base, own = split_id(part.exercise.id)
                for seed in range(1, seeds + 1) if seeds and (own is None or base in first) else [own]:
                    try:
                        marker = part.marker if seed == own else grader.marker(variant_id(base, seed or 0))
                    except NotGraded:  # it has no numbers that can change
                        over.add(carried_over(part.marker, own))
                        fixed.append(base)
                        break
                    over.add(carried_over(marker, seed))
        except NoVariant as why:
            raise CommandError(str(why)) from None
        except NotGraded as why:
            raise CommandError(f"{str(why)[:1].upper()}{str(why).rstrip('.')[1:]}.") from None
    if not over.questions:
        raise CommandError(f"Nothing in {', '.join(ids)} can be judged there: {over.left_out[0].why}.")
    variants = seeds is not None
    whole = (
        as_moodle(over.questions, variants) if form == "moodle" else as_qti(over.questions, ", ".join(ids), variants)
    )
    write_whole(out, whole)
    for left in dict.fromkeys(over.left_out):
        say(f"Left out: {left.blank}, as {left.why}.")
    for id in dict.fromkeys(fixed):
        say(f"{id} has no numbers that can change, and is there once.")
    many = len(over.questions)
    say(f"{many} question{'' if many == 1 else 's'} are in {one_line(str(out))}.")


def _graded(files: list[Path], folders: list[Path], run_code: bool, may_be_none: bool) -> list[Graded]:
    """Raises CommandError where nothing was handed in."""
    from tutor.course.grading import grade_all

    missing = [str(path) for path in files if not path.exists()]
    if missing:
        raise CommandError(f"{missing[0]} is not there.")
    if not files and not may_be_none:
        raise CommandError("Nothing was handed in there: sheets end in .toml, submissions in .submission.")
    return list(grade_all(files, folders, run_code))


def _form_of(out: Path | None, forms: tuple[str, ...]) -> str | None:
    """What the ending of the file to be written asks for, of these."""
    ending = out.suffix.lower().removeprefix(".") if out is not None else ""
    return ending if ending in forms else None


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


def _deliver(text: str, out: Path | None) -> None:
    """Write a text to a file, whole or not at all, or to standard output."""
    if out is None:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        return
    write_whole(out, (text if text.endswith("\n") else f"{text}\n").encode())
    write(f"{one_line(str(out))} is written.")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises CommandError where it cannot be; what was there stays then."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from None
