"""The verb that packs what was done into a file to hand in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.catalogue.listing import begun
from tutor.cli.opening import CommandError, exercise_of, folders_of, library_of, with_folders
from tutor.cli.output_files import OUT, refuse_twice, refuse_two_seeds, write_whole
from tutor.cli.standard_output import write
from tutor.learner import Entry, StoreProblem, looking
from tutor.text import one_line

if TYPE_CHECKING:
    from tutor.course.submissions import Worked
    from tutor.library import Library


@click.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--seed", metavar="N", help="What you did on these numbers.")
@click.option("--student", default="", help="Your number or login, as your course asks for it.")
@click.option("--name", default="", help="Your name, if your course asks for it.")
@OUT
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

    place = out or Path(re.sub(r"[^\w@.-]+", "-", ids[0]) + SUFFIX)
    if place.suffix != SUFFIX:
        raise CommandError(f"The file to hand in ends in {SUFFIX}: {place.with_suffix(SUFFIX).name}.")
    refuse_twice(ids)
    if seed is not None:
        refuse_two_seeds(ids, "--seed")
    if not begun():
        raise CommandError("There is nothing to hand in yet: no exercise was begun.")
    folders = folders_of(context, more)
    library = library_of(folders)
    try:
        paper, work = _work_to_hand_in(folders, library, ids, seed)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
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
