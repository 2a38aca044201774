"""The verbs of one who practises: what is known, what is due, what there is to do until the exam, where to begin."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from io import StringIO
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

import click

from tutor.catalogue.listing import begun
from tutor.cli.opening import (
    CommandError,
    exercise_of,
    folders_of,
    library_of,
    open_app,
    say,
    with_folders,
    work_plainly,
)
from tutor.cli.standard_output import write
from tutor.learner import LOST, SteadyStore, Store, StoreProblem
from tutor.paths import code_is_run

if TYPE_CHECKING:
    from tutor.practice.review_round import Round, RoundWish
    from tutor.runner import Runner

_LONGEST_ROUND = 240


@click.command()
@click.option("--json", "as_what", flag_value="json", help="As JSON, for other programs.")
@click.option("--csv", "as_what", flag_value="csv", help="The skills as CSV, for a spreadsheet.")
@with_folders
@click.pass_context
def progress(context: click.Context, as_what: str | None, more: tuple[Path, ...]) -> None:
    """Show what is new, begun, shaky and known: by gate and part, by idea; mistakes, topics, days.

    All is computed from your journal. Known is what is almost certainly so; when to look again is what FSRS says.

    \b
    Examples:
      backprop-tutor progress
      backprop-tutor progress --csv > skills.csv
    """
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


@click.command()
@click.option(
    "--minutes",
    type=click.IntRange(1, _LONGEST_ROUND),
    help="How many minutes; if you leave it out, until nothing is due.",
)
@click.option(
    "--skill",
    "named",
    multiple=True,
    metavar="NAME",
    help="Drill this alone: a gate, a part of one (mul.local), or forks, staging, ...; may be repeated.",
)
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@with_folders
@click.pass_context
def review(
    context: click.Context, minutes: int | None, named: tuple[str, ...], plain: bool, more: tuple[Path, ...]
) -> None:
    """Practise what is due: single blanks with new numbers, mixed, each with the reason why it is asked.

    Without --minutes it takes ten at most. What you leave undone stays due. --skill drills a weak spot, due or not.
    With --plain the exit code is 0 when the round came to its end, 1 when not.

    \b
    Examples:
      backprop-tutor review
      backprop-tutor review --minutes 5 --plain
      backprop-tutor review --skill forks --skill exp
    """
    from tutor.practice.gate_request import NoSuchFunction, skills_called
    from tutor.practice.review_round import RoundWish

    try:
        skills = tuple(skill for name in named for skill in skills_called(name))
    except NoSuchFunction as why:
        raise CommandError(str(why)) from None
    _work_round(context, RoundWish(minutes, tuple(dict.fromkeys(skills))), plain, folders_of(context, more))


@click.command()
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@with_folders
@click.pass_context
def place(context: click.Context, plain: bool, more: tuple[Path, ...]) -> None:
    """Find out in ten blanks what you know already, and where to begin.

    Each blank is the one about which least is certain by then. Your answers count like any others.

    \b
    Examples:
      backprop-tutor place
      backprop-tutor place --plain
    """
    from tutor.practice.review_round import RoundWish

    _work_round(context, RoundWish(places=True), plain, folders_of(context, more))


@click.command("practice")
@click.option("--gates", metavar="LIST", default="", help="What the function is to have, such as mul,exp,fork.")
@click.option("--level", metavar="1-5", default="2", show_default=True, help="How many operations: 2, 3, 4, 6 or 8.")
@click.option("--seed", metavar="N", help="The same N gives the same function on every machine.")
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@with_folders
@click.pass_context
def practice_(
    context: click.Context, gates: str, level: str, seed: str | None, plain: bool, more: tuple[Path, ...]
) -> None:
    """Work on a new function, made of the gates you name.

    Gates may be named as `gates` lists them, by their signs, or as NumPy calls them; "fork" asks for a value that is
    used twice. Without --seed it is one that you have not begun. It is an exercise like any other, such as
    practice/exp-fork-mul-3@7.

    \b
    Examples:
      backprop-tutor practice --gates mul,exp,fork
      backprop-tutor practice --gates matmul,relu --level 3 --seed 7
      backprop-tutor practice --gates "* ln fork" --plain
    """
    from tutor.practice.gate_request import NoSuchFunction, read_request
    from tutor.practice.seeds import fresh_seed

    try:
        request = read_request(gates, level)
    except NoSuchFunction as why:
        raise CommandError(str(why)) from None
    folders = folders_of(context, more)
    wanted = str(fresh_seed(request.id, _ids_begun())) if seed is None else seed
    exercise = exercise_of(library_of(folders), request.id, wanted)
    if not plain:
        open_app(folders, exercise.id)
        return
    say(f"{exercise.id}\n")
    context.exit(0 if work_plainly(exercise, None, exercise) else 1)


def _ids_begun() -> list[str]:
    """The ids of all that was begun. Raises CommandError where that cannot be read."""
    from tutor.learner import looking

    if not begun():
        return []
    try:
        with looking() as store:
            return list(store.summary())
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


@click.command()
@click.option("--exam", metavar="DATE", help="The day of your exam, such as 2026-12-15. It is kept.")
@click.option("--forget", is_flag=True, help="There is no exam any more.")
@with_folders
@click.pass_context
def plan(context: click.Context, exam: str | None, forget: bool, more: tuple[Path, ...]) -> None:
    """List what to do each day up to your exam: what to review, and what is new.

    The nearer the exam, the sooner skills come back.

    \b
    Examples:
      backprop-tutor plan --exam 2026-12-15
      backprop-tutor plan
    """
    from tutor.practice.next_new import placement_in, reached
    from tutor.practice.plan import NoPlan, as_text, date_in, days_to_exam, exam_date, in_words, keep_exam_date
    from tutor.practice.summary import read_summary
    from tutor.practice.today import SECONDS_A_BLANK, new_exercises

    if exam is not None and forget:
        raise CommandError("Give a date or use --forget, not both.")
    now = time()
    today = datetime.fromtimestamp(now).date()
    library = library_of(folders_of(context, more))
    try:
        wanted = date_in(exam, today) if exam is not None else None
        if forget and not begun():
            write("There was no date to forget.")
            return
        if wanted is None and not begun():
            raise NoPlan("There is no exam yet. `backprop-tutor plan --exam 2026-12-15` keeps its date.")
        with Store() as store:
            if forget:
                write("There was no date to forget." if exam_date(store) is None else "The date is forgotten.")
                keep_exam_date(store, None)
                return
            if wanted is not None:
                keep_exam_date(store, wanted)
            kept = exam_date(store)
            if kept is None:
                raise NoPlan("There is no exam yet. `backprop-tutor plan --exam 2026-12-15` keeps its date.")
            if kept < today:
                raise NoPlan(f"The exam on {in_words(kept, today)} is over. --exam keeps the date of another one.")
            summary = read_summary(store, library)
            progress = store.summary()
            new = new_exercises(library, progress, reached(list(library.exercises), progress, placement_in(store)))
    except NoPlan as why:
        raise CommandError(str(why)) from None
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    days = days_to_exam(summary.skills, new, kept, today, summary.pace or SECONDS_A_BLANK)
    write(as_text(days, kept, today))


# Rounds


def _work_round(context: click.Context, wish: RoundWish, plain: bool, folders: list[Path]) -> None:
    """Work through a round here, or in the app. Raises CommandError where there is nothing to review."""
    if not wish.places and not wish.skills and not _anything_met(folders):
        raise CommandError(
            "There is nothing to review yet: work on an exercise first, or let `backprop-tutor place` find out what "
            "you know."
        )
    if not plain:
        open_app(folders, None, wish=wish)
        return
    from tutor.plain.review import run_round
    from tutor.practice.place import round_of

    with _working() as (store, runner):
        made: Round = round_of(wish, store, library_of(folders), runner, time)
        ended = run_round(made, sys.stdin or StringIO(), sys.stdout)
    context.exit(0 if ended else 1)


def _anything_met(folders: list[Path]) -> bool:
    from tutor.learner import looking
    from tutor.practice.summary import read_summary

    if not begun():
        return False
    try:
        with looking() as store:
            return bool(read_summary(store, library_of(folders)).skills)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


@contextmanager
def _working() -> Iterator[tuple[Store, Runner]]:
    """A store and a runner to work with. Raises CommandError where nothing can be kept."""
    from tutor.runner import Runner

    try:
        with closing(Runner(allowed=code_is_run())) as runner, SteadyStore(say) as store:
            if store.notice:
                say(store.notice)
            yield store, runner
            if store.unwritten:
                raise CommandError(f"{store.trouble} {LOST}")
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
