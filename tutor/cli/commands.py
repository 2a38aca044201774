"""The verbs of the command line.

Each loads what it needs when it runs: NumPy, SymPy and Textual take longer to load than the shorter verbs take.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tutor.catalogue.listing import begun, listed, owners, write_list
from tutor.cli.reports import SaysReading, own_solution, report_in_words, statement
from tutor.cli.standard_output import writable, write
from tutor.files import LARGEST_PROGRAM, NotText, text_of
from tutor.learner import LOST, Entry, SteadyStore, Store, StoreProblem
from tutor.paths import exercise_folders
from tutor.text import harmless, one_line, wrapped

if TYPE_CHECKING:
    from tutor.library import BadFile, Exercise, Library
    from tutor.practice.skills import Skill, SkillState


class CommandError(click.ClickException):
    """Something that cannot be done, in a sentence."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence alone."""
        click.echo(wrapped(harmless(self.message)), file=file, err=file is None)


_MOST_NAMED = 6
"""Exercises that are named one by one."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def _with_folders(command: Callable[..., None]) -> Callable[..., None]:
    return click.option(
        "--exercises",
        "more",
        metavar="FOLDER",
        multiple=True,
        type=_FOLDER,
        help="Also look for exercises here. May be given more than once.",
    )(command)


def _ids(context: click.Context, _parameter: click.Parameter, begun_word: str) -> list[str]:
    """The exercise ids that a shell may complete a word to."""
    return [one["id"] for one in listed(_folders(context, ()))["exercises"] if one["id"].startswith(begun_word)]


_ID = click.argument("id", shell_complete=_ids)
_SEED = click.option("--seed", metavar="N", help="On fresh numbers: the same N draws the same ones everywhere.")


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backprop-tutor", message="%(prog)s %(version)s")
@_with_folders
@click.pass_context
def verbs(context: click.Context, more: tuple[Path, ...]) -> None:
    """Learn backpropagation by doing it: stage a function, run it forward, carry the gradient back.

    Without a command the app opens and shows all exercises.

    \b
    Examples:
      backprop-tutor                            choose in the app
      backprop-tutor start node-way/a           open an exercise
      backprop-tutor start node-way/a --plain   line by line, also in pipes
      backprop-tutor check my-exercises/        try your own exercise files

    Name more exercise folders in BACKPROP_TUTOR_EXERCISES. Progress is kept in the folder named by
    BACKPROP_TUTOR_HOME, or in the platform's usual place for such data.
    """
    context.obj = more
    if context.invoked_subcommand is None:
        _open_app(_folders(context, ()), None)


@verbs.command()
@_ID
@_SEED
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@click.option(
    "--code",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Python file of yours for the code step.",
)
@_with_folders
@click.pass_context
def start(
    context: click.Context, id: str, seed: str | None, plain: bool, code: Path | None, more: tuple[Path, ...]
) -> None:
    """Open an exercise where you left off.

    With --plain, answers are read line by line and verdicts written as plain text; the exit code is 0 when the
    exercise is solved, 1 when not. With --code, FILE fills the code step; with --plain as well, it is run at
    once if that step is open. With --seed, its numbers are fresh ones; your work on them is kept apart, as ID@N.

    \b
    Examples:
      backprop-tutor start layers/complex
      backprop-tutor start node-way/a --seed 7
      backprop-tutor start node-way/a --code q2a.py
      backprop-tutor start node-way/a --plain < answers.txt
    """
    folders = _folders(context, more)
    library = _library(folders)
    exercise = _exercise(library, id, seed)
    program = _program(code, exercise) if code is not None else None
    from tutor.library import BadFile

    try:
        if plain:
            context.exit(0 if _work_plainly(exercise, program, _base(library, exercise)) else 1)
        _open_app(folders, exercise.id, program)
    except BadFile as error:
        raise _cannot_open(exercise, error) from None


@verbs.command("try")
@click.argument("function")
@click.option("--at", metavar="INPUTS", default="", help='The inputs, such as "x = 1, y = 2"; others are drawn.')
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@_with_folders
@click.pass_context
def try_(context: click.Context, function: str, at: str, plain: bool, more: tuple[Path, ...]) -> None:
    """Work on a function of your own.

    FUNCTION is all that may be typed as an answer, with its inputs before it or without. The exercise is kept under
    "mine", as a file that can be handed on.

    \b
    Examples:
      backprop-tutor try "f(x, y) = x y + sin(x)" --at "x = 1, y = 2"
      backprop-tutor try "sum((W x)^2)" --at "W = [[1, 2], [3, 4]], x = [1, -1]"
      backprop-tutor try "ln(x)/y" --plain
    """
    from tutor.practice.own_function import OwnProblem, in_words, keep, read_own

    try:
        own = read_own(function, at)
        id, path = keep(own)
    except OwnProblem as problem:
        raise CommandError(str(problem)) from None
    except OSError as error:
        raise CommandError(f"The function cannot be kept: {(error.strerror or str(error)).lower()}.") from None
    folders = _folders(context, more)
    exercise = _exercise(_library(folders), id)
    if plain:
        drawn = {name: own.at[name] for name in own.drawn}
        for sentence in (f"Drawn: {in_words(drawn)}." if drawn else "", *own.remarks, f"Kept as {id}, in {path}."):
            if sentence:
                _say(sentence)
        _say("")
        context.exit(0 if _work_plainly(exercise, None, exercise) else 1)
    _open_app(folders, exercise.id)


@verbs.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@_with_folders
@click.pass_context
def list_(context: click.Context, as_json: bool, more: tuple[Path, ...]) -> None:
    """List the exercises and your progress in each.

    Files that cannot be used come last, with the reason.

    \b
    Examples:
      backprop-tutor list
      backprop-tutor list --json --exercises my-exercises/
    """
    try:
        if notice := write_list(_folders(context, more), sys.stdout, as_json):
            click.echo(wrapped(harmless(notice)), err=True)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


@verbs.command()
@click.option("--json", "as_what", flag_value="json", help="As JSON, for other programs.")
@click.option("--csv", "as_what", flag_value="csv", help="The skills as CSV, for a spreadsheet.")
@_with_folders
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

    library = _library(_folders(context, more))
    try:
        if begun():
            with looking() as store:
                seen = overview(store, library, time())
        else:
            seen = Overview(0, len(library.exercises), {}, {}, time())
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    write({"json": as_json, "csv": as_csv, None: as_text}[as_what](seen))


@verbs.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=_ids)
@click.option("--all", "every", is_flag=True, help="Every exercise that was begun.")
@click.option("--yes", is_flag=True, help="Without asking first; for scripts.")
@_with_folders
@click.pass_context
def reset(context: click.Context, ids: tuple[str, ...], every: bool, yes: bool, more: tuple[Path, ...]) -> None:
    """Begin exercises again from nothing.

    Their blanks are empty again. Your answers stay in the journal, what you solved stays known as solved before, and
    what is worth another look stays so until it is done again. The exit code is 1 if you answer no.

    \b
    Examples:
      backprop-tutor reset staging/f
      backprop-tutor reset --all
    """
    if every and ids:
        raise CommandError("Name exercises or use --all, not both: --all begins every exercise again.")
    if not every and not ids:
        raise CommandError("Name the exercises to begin again, or use --all for every exercise that was begun.")
    try:
        chosen = _begun(_folders(context, more), ids)
        if not chosen:
            which = "no exercise was" if every else "this one was not" if len(ids) == 1 else "none of these was"
            write(f"There is nothing to begin again: {which} begun.")
        elif yes or _agrees(chosen):
            with Store() as store:
                for id in chosen:
                    store.append(id, Entry(action="reset"))
                    store.drop_drafts(id)
            write(f"{_named(chosen)}: begun again.")
        else:
            write("Nothing is changed.")
            context.exit(1)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


@verbs.command()
@_ID
@_SEED
@click.option("--solution", is_flag=True, help="With the worked solution, for your own staging if there is one.")
@_with_folders
@click.pass_context
def show(context: click.Context, id: str, seed: str | None, solution: bool, more: tuple[Path, ...]) -> None:
    """Show what an exercise asks.

    \b
    Examples:
      backprop-tutor show node-way/a --solution
      backprop-tutor show node-way/a --seed 7
    """
    exercise = _exercise(_library(_folders(context, more)), id, seed)
    from tutor.library import BadFile
    from tutor.questions.registry import questions_of
    from tutor.runner import Runner

    try:
        questions = questions_of(exercise, Runner())  # nothing is shown of a file that does not hold
        write(statement(exercise, questions))
        if solution:
            write("\n" + own_solution(exercise))
    except BadFile as error:
        raise _cannot_open(exercise, error) from None


@verbs.command()
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


@verbs.command()
def schema() -> None:
    """Print the JSON Schema of exercise files, for editors.

    \b
    Example:
      backprop-tutor schema > exercise.schema.json
    """
    from tutor.questions.registry import json_schema

    write(json.dumps(json_schema(), indent=2))


@verbs.command()
@click.argument("name", required=False)
@click.pass_context
def gates(context: click.Context, name: str | None) -> None:
    """Show the gate cards: sign, local derivatives, pattern, shapes and kinks of every gate, or of one.

    \b
    Examples:
      backprop-tutor gates
      backprop-tutor gates max
    """
    from tutor.catalogue.gate_cards import Card, find, grouped_cards, with_levels

    skills = _skills(_folders(context, ()))

    def texts(some: Iterable[Card]) -> list[str]:
        return [with_levels(card, skills).text for card in some]

    if name is None:
        blocks = [text for group, cards in grouped_cards() for text in (f"# {group}", *texts(cards))]
    else:
        blocks = texts(find(name))
    if not blocks:
        raise CommandError(f"There is no gate {name}. `backprop-tutor gates` shows them all.")
    write("\n\n".join(blocks))


def _skills(folders: list[Path]) -> Mapping[Skill, SkillState]:
    """What the learner's journal says of skills; nothing where it cannot be read, or there is none."""
    from tutor.learner import looking
    from tutor.practice.summary import read_summary

    if begun():
        with suppress(StoreProblem), looking() as store:
            return read_summary(store, _library(folders)).skills
    return {}


@verbs.command()
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


# Beginning again


def _begun(folders: list[Path], ids: tuple[str, ...]) -> list[str]:
    """Those of the exercises in which there is anything, of all where none is named.

    Raises Trouble for an id that no file has and no progress knows.
    """
    listing = listed(folders)
    known = [one["id"] for one in (*listing["exercises"], *listing["broken"])]
    wanted = [id.removesuffix(".toml") for id in ids]
    if not begun():  # asking should not make a store
        for id in wanted:
            _known(id, known, folders)
        return []
    with Store() as store:
        progress = store.summary()
        known += progress
        for id in wanted:
            _known(id, known, folders)
        every = dict.fromkeys(wanted or known)
        return [id for id in every if id in progress and progress[id].state != "new"]


def _known(id: str, known: list[str], folders: list[Path]) -> None:
    if id not in known:
        _exercise(_library(folders), id)  # raises Trouble, with the ids that look like it


def _agrees(chosen: list[str]) -> bool:
    """Ask whether these are to begin again. Raises Trouble where nobody can be asked."""
    if not all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout)):
        raise CommandError(
            "This asks first, and there is no terminal to answer in, so nothing is changed. Add --yes to go on."
        )
    sentence = "the blanks will be empty again. Your answers stay in the journal, and what you solved stays known."
    write(wrapped(writable(f"{_named(chosen)}: {sentence}")))
    try:
        return click.confirm("Begin again?", default=False)
    except click.Abort:  # Ctrl+C, or the end of the input
        write("")
        return False


def _named(ids: list[str]) -> str:
    shown = ids if len(ids) <= _MOST_NAMED else [*ids[: _MOST_NAMED - 1], f"{len(ids) - _MOST_NAMED + 1} more"]
    return harmless(", ".join(shown[:-1]) + (" and " if shown[1:] else "") + shown[-1])


# Finding exercises


def _folders(context: click.Context, more: tuple[Path, ...]) -> list[Path]:
    """All folders: those given before the verb, and those after it."""
    return exercise_folders((*(context.find_root().obj or ()), *more))


def _library(folders: list[Path]) -> Library:
    from tutor.library import load

    return load(folders, owners=owners())


def _exercise(library: Library, id: str, seed: str | None = None) -> Exercise:
    """The exercise of this id, on fresh numbers where there is a seed or the id ends in one.

    Raises CommandError where there is none, its file is broken, or it has no numbers to draw.
    """
    wanted = id.removesuffix(".toml")
    if not wanted.strip():
        raise CommandError("The name of the exercise is empty. `backprop-tutor list` lists them all.")
    if seed is not None or ("@" in wanted and not library.find(wanted)):
        if variant := _variant(library, wanted, seed):
            return variant
    elif found := library.find(wanted):
        return found
    for broken in library.broken:
        if broken.id == wanted:
            raise CommandError(f"{wanted} cannot be opened. {broken.sentence}")
    near = library.nearest(wanted)
    meant = f" Did you mean {', '.join(near[:-1])}{' or ' if near[1:] else ''}{near[-1]}?" if near else ""
    raise CommandError(f"There is no exercise {wanted}.{meant} `backprop-tutor list` lists them all.")


def _variant(library: Library, id: str, seed: str | None) -> Exercise | None:
    """The exercise on the numbers of a seed, given apart or in its id. Raises CommandError with why there is none."""
    from tutor.library import BadFile
    from tutor.practice.seeds import NoVariant, seed_in
    from tutor.practice.variants import find, variant_of

    exercise = library.find(id)
    try:
        if seed is None:
            return find(library, id)
        return variant_of(exercise, seed_in(seed)) if exercise is not None else None
    except NoVariant as why:
        raise CommandError(str(why)) from None
    except BadFile as error:
        raise _cannot_open(exercise or library.exercises[id.rpartition("@")[0]], error) from None


def _cannot_open(exercise: Exercise, error: BadFile) -> CommandError:
    """What is said when the file reads well but its mathematics does not hold."""
    from tutor.library import BrokenExercise

    broken = BrokenExercise(exercise.id, exercise.path, error.faults)
    return CommandError(f"{exercise.id} cannot be opened. {broken.sentence}")


# Working on one


def _program(path: Path, exercise: Exercise) -> str:
    """The learner's program. Raises Trouble where it cannot be read, or the exercise asks for none."""
    if "code" not in exercise.steps and "backprop" not in exercise.steps:
        raise CommandError(f"{exercise.id} asks for no code, so there is nothing to do with {path.name}.")
    try:
        return text_of(path, LARGEST_PROGRAM)
    except NotText as why:
        raise CommandError(f"{path.name} cannot be used: {why}.") from None
    except FileNotFoundError:
        raise CommandError(f"{path.name} is no longer there.") from None


def _open_app(folders: list[Path], id: str | None, program: str | None = None) -> None:
    """Open the app. Raises Trouble where there is no terminal to open it in."""
    if not _has_terminal():
        raise CommandError(
            "The app needs a terminal, and this is not one. To work line by line: backprop-tutor "
            f"start {id or 'ID'} --plain"
        )
    from tutor.tui.app import run

    try:
        code = run(folders, id, program)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    sys.exit(code)


def _has_terminal() -> bool:
    streams = (sys.stdin, sys.stdout)  # None where the shell has closed them
    return all(stream and stream.isatty() for stream in streams) and os.environ.get("TERM") != "dumb"


def _base(library: Library, exercise: Exercise) -> Exercise:
    """The exercise that one on fresh numbers was drawn from; itself where it is no such one."""
    from tutor.practice.seeds import split_id

    return library.find(split_id(exercise.id)[0]) or exercise


def _work_plainly(exercise: Exercise, program: str | None, base: Exercise) -> bool:
    """Work on the exercise line by line; whether it is solved. `base` is what new numbers are drawn for."""
    from tutor.plain import run
    from tutor.practice.variants import next_variant
    from tutor.runner import Runner
    from tutor.session.session import Session

    try:
        with closing(Runner()) as runner, SteadyStore(_say) as store:
            if "code" in exercise.steps:
                runner.warm()
            if store.notice:
                _say(store.notice)
            session = Session(exercise, store, runner)

            def renew() -> Session:
                return Session(next_variant(base, store.summary()), store, runner)

            solved = run(session, sys.stdin or StringIO(), sys.stdout, program, renew)
        if store.unwritten:
            raise CommandError(f"{store.trouble} {LOST}")
        return solved
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


def _say(sentence: str) -> None:
    write(wrapped(writable(harmless(sentence))))
