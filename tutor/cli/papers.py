"""The verbs of papers: sit one, list them."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tutor.catalogue.listing import begun
from tutor.cli.opening import (
    CommandError,
    folders_of,
    keep_daily_backup,
    library_of,
    open_app,
    say,
    with_folders,
)
from tutor.cli.output_files import refuse_together
from tutor.cli.printing import FORMAT, format_of, print_paper
from tutor.cli.standard_output import writable, write
from tutor.learner import LOST, SteadyStore, Store, StoreProblem
from tutor.paths import code_is_run
from tutor.text import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tutor.library import Library
    from tutor.papers.paper import Paper, PaperShelf
    from tutor.papers.sitting import SittingRecord


@click.command()
@click.argument("id", required=False)
@click.option(
    "--topic", "topics", multiple=True, metavar="TOPIC", help="Draw a paper from this topic; may be repeated."
)
@click.option(
    "--minutes", type=float, metavar="N", help="How many minutes the drawn paper takes; 45 if you leave it out."
)
@click.option("--seed", metavar="N", help="The same N draws the same paper, or the same numbers, everywhere.")
@click.option("--list", "lists", is_flag=True, help="List the papers and how yours went.")
@click.option("--json", "as_json", is_flag=True, help="With --list or --result: as JSON, for other programs.")
@click.option("--result", is_flag=True, help="Show how the paper went when it was handed in last.")
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@click.option("--print", "prints", is_flag=True, help="Write the paper as a sheet and, beside it, its key.")
@FORMAT
@click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="With --print: the sheet's file.")
@with_folders
@click.pass_context
def exam(
    context: click.Context, /, id: str | None, topics: tuple[str, ...], minutes: float | None, seed: str | None,
    format: str | None, out: Path | None, more: tuple[Path, ...], **how: bool,
) -> None:  # fmt: skip
    """Sit a paper: a clock, and no hints or verdicts until it is handed in.

    ID is a paper of `exam --list`, an exercise, or a file of your own that ends in .paper.toml. Without one, a paper is
    drawn from the topics named, or from all. A paper that lies unfinished goes on where you left it; the clock stands
    still while it is closed. Every answer is kept as you type it. When time is up, what is there is handed in. Marks
    follow, with error carried forward; the answers are in your journal, so that review knows of them.

    With --plain the exit code is 0 when the paper was handed in, 1 when not.

    \b
    Examples:
      backprop-tutor exam exam/one
      backprop-tutor exam --topic layers --topic shapes --minutes 30 --seed 7
      backprop-tutor exam midterm.paper.toml --exercises my-exercises/
      backprop-tutor exam --list
      backprop-tutor exam exam/two --print --format pdf
    """
    from tutor.papers.paper import PaperProblem, pack_of, shelf_of

    _refuse_idle(id, how, format is not None, out is not None)
    folders = folders_of(context, more)
    own = _own_file(id)
    if own is not None and (pack := pack_of(own)) is not None:
        folders = list(dict.fromkeys([*folders, pack]))
    library = library_of(folders)
    shelf = shelf_of(folders, library)
    try:
        if how["lists"]:
            _write_list(shelf, how["as_json"])
            return
        paper = _paper(library, shelf, own, id, topics, minutes, seed)
        if how["prints"]:
            print_paper(paper, library, format_of(format, out), out)
        elif how["result"]:
            _write_result(paper, library, how["as_json"])
        elif how["plain"]:
            context.exit(0 if _sit_plainly(paper, library) else 1)
        else:
            open_app(folders, None, paper=paper)
    except PaperProblem as problem:
        raise CommandError(str(problem)) from None
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


def _refuse_idle(id: str | None, how: Mapping[str, bool], format: bool, out: bool) -> None:
    """Raises CommandError where options do not go together, or one would do nothing."""
    refuse_together({f"--{name.removesuffix('s')}": how[name] for name in ("lists", "result", "plain", "prints")})
    for option in [name for name, there in (("--format", format), ("-o", out)) if there and not how["prints"]]:
        raise CommandError(f"{option} is for --print, which writes the paper as a sheet.")
    if how["as_json"] and not (how["lists"] or how["result"]):
        raise CommandError("--json goes with --list or --result.")
    if how["lists"] and id is not None:
        raise CommandError(f"--list lists all papers: leave out {id}, or say --result.")


def _own_file(id: str | None) -> Path | None:
    """The file, where a paper is named by one. Raises CommandError where it is not there."""
    if id is None or not id.endswith(".toml"):
        return None
    path = Path(id)
    if path.is_file():
        return path.resolve()
    raise CommandError(f"There is no file {id}.")


def _paper(
    library: Library, shelf: PaperShelf, own: Path | None, id: str | None, topics: tuple[str, ...],
    minutes: float | None, seed: str | None,
) -> Paper:  # fmt: skip
    """The paper that is named or drawn. Raises PaperProblem, CommandError."""
    from tutor.papers.drawn import drawn, paper_called
    from tutor.papers.paper import Paper, PaperProblem, read_paper
    from tutor.practice.seeds import NoVariant, on_seed, seed_in

    try:
        number = None if seed is None else seed_in(seed)
        wanted = id if id is None or number is None or own is not None else on_seed(id, number)
    except NoVariant as why:
        raise PaperProblem(str(why)) from None
    if id is None:
        return drawn(library, topics, 45 if minutes is None else minutes, 1 if number is None else number)
    if topics or minutes is not None:
        raise CommandError("--topic and --minutes are for drawn papers: leave the ID out, or leave them out.")
    if own is None:
        assert wanted is not None, "there is an id"
        return paper_called(wanted, shelf, library)
    read = read_paper(own, library)
    if not isinstance(read, Paper):
        raise PaperProblem(f"The paper cannot be sat. {read.sentence}")
    return read if number is None else read.with_seed(number)


# Working on one


def _sit_plainly(paper: Paper, library: Library) -> bool:
    """Work on a paper line by line; whether it was handed in."""
    from tutor.papers.sitting import open_sitting, record_of, wants_code
    from tutor.plain.paper import PaperFace
    from tutor.runner import Runner

    with closing(Runner(allowed=code_is_run())) as runner, SteadyStore(say) as store:
        if store.notice:
            say(store.notice)
        sitting = open_sitting(paper, library, store, runner)
        if wants_code(sitting):
            runner.warm()
        done = PaperFace(sitting, sys.stdin or StringIO(), sys.stdout).run()
        if done:
            sitting.hand_in(sitting.marks())
            record = record_of(store, sitting.key)
            if record is not None:
                write("")
                _tell(record, store, library)
    keep_daily_backup()
    if store.unwritten:
        raise CommandError(f"{store.trouble} {LOST}")
    return done


# What is there, and how it went


def _records() -> list[SittingRecord]:
    from tutor.learner import looking
    from tutor.papers.sitting import sittings

    if not begun():
        return []
    with looking() as store:
        return sittings(store)


def _write_list(shelf: PaperShelf, as_json: bool) -> None:
    from tutor.marking.records import in_words
    from tutor.papers.result import clock, date

    records = _records()
    if as_json:
        write(json.dumps({"papers": [_as_data(one) for one in shelf.papers.values()],
                          "sittings": [_sitting_data(one) for one in records],
                          "broken": [one.sentence for one in shelf.broken]}, indent=2))  # fmt: skip
        return
    wide = max(map(len, shelf.papers), default=0)
    lines = [f"  {one.id:<{wide}}  {one.minutes:>3g} min  {one.title}" for one in shelf.papers.values()]
    lines.append("Others are drawn: exam --topic layers --minutes 30 --seed 7")
    if records:
        lines += ["", "Yours, the latest first"]
    for one in records:
        if one.marks is not None:
            marks = f"{in_words(one.marks.earned)} of {in_words(one.marks.full)}, {date(one.handed_in or 0)}"
        else:
            marks = f"{clock(one.left)} left"
        lines.append(f"  {one.paper.id:<{wide}}  {marks}")
    if shelf.broken:
        lines += ["", "Papers that cannot be sat", *(f"  {one.sentence}" for one in shelf.broken)]
    write(writable(harmless("\n".join(["Papers", *lines]))))


def _as_data(paper: Paper) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(paper.as_json())
    return data


def _sitting_data(record: SittingRecord) -> dict[str, Any]:
    marks = record.marks
    return {
        "paper": record.paper.id,
        "begun": record.begun,
        "handed_in": record.handed_in,
        "timed_out": record.timed_out,
        "seconds": record.seconds,
        "earned": marks.earned if marks is not None else None,
        "full": marks.full if marks is not None else None,
        "marks": json.loads(marks.as_json()) if marks is not None else None,
    }


def _write_result(paper: Paper, library: Library, as_json: bool) -> None:
    """How a paper went the last time. Raises CommandError where it was never handed in."""
    from tutor.learner import looking

    record = next((one for one in _records() if one.paper.id == paper.id and one.marks is not None), None)
    if record is None:
        raise CommandError(f"{paper.id} was never handed in, so it has no result.")
    if as_json:
        write(json.dumps(_sitting_data(record), indent=2))
    else:
        with looking() as store:
            _tell(record, store, library)


def _tell(record: SittingRecord, store: Store, library: Library) -> None:
    """How a paper went, and what it says of what to review."""
    from tutor.papers.result import in_full, missed_skills, to_review

    write(writable(harmless(in_full(record))))
    if sentence := to_review(missed_skills(store, record, library)):
        write("")
        say(sentence)
