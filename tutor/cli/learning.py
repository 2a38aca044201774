"""The verbs of one who learns: open an exercise, see what it asks, read gates, lessons and words, begin again."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tutor.catalogue.listing import begun, listed, write_list
from tutor.cli.opening import (
    ID,
    SEED,
    CommandError,
    base_of,
    cannot_open,
    exercise_of,
    folders_of,
    ids_of,
    library_of,
    open_app,
    program_in,
    say,
    with_folders,
    work_plainly,
)
from tutor.cli.reports import own_solution, statement
from tutor.cli.standard_output import writable, write
from tutor.files import NotText, program_text
from tutor.learner import Entry, Store, StoreProblem
from tutor.text import WIDTH, harmless, wrapped

if TYPE_CHECKING:
    from tutor.practice.skills import Skill, SkillState


_MOST_NAMED = 6
"""Exercises that are named one by one."""


@click.command()
@ID
@SEED
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@click.option(
    "--code",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Python file or a notebook of yours for the code step.",
)
@with_folders
@click.pass_context
def start(
    context: click.Context, id: str, seed: str | None, plain: bool, code: Path | None, more: tuple[Path, ...]
) -> None:
    """Open an exercise where you left off.

    With --plain, answers are read line by line and verdicts written as plain text; the exit code is 0 when the
    exercise is solved, 1 when not. With --code, FILE fills the code step; with --plain as well, it is run at
    once if that step is open. With --seed, its numbers are new ones; your work on them is kept apart, as ID@N.

    \b
    Examples:
      backprop-tutor start layers/complex
      backprop-tutor start node-way/a --seed 7
      backprop-tutor start node-way/a --code q2a.py
      backprop-tutor start node-way/a --plain < answers.txt
    """
    folders = folders_of(context, more)
    library = library_of(folders)
    exercise = exercise_of(library, id, seed)
    program = program_in(code, exercise) if code is not None else None
    from tutor.library import BadFile

    try:
        if plain:
            context.exit(0 if work_plainly(exercise, program, base_of(library, exercise)) else 1)
        open_app(folders, exercise.id, program)
    except BadFile as error:
        raise cannot_open(exercise, error) from None


@click.command("try")
@click.argument("function", default="")
@click.option(
    "--code",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A Python file or a notebook with a NumPy function of plain operations; FUNCTION is its name, where there are "
    "several.",
)
@click.option(
    "--at", metavar="INPUTS", default="", help='Values of inputs, such as "x = 1, y = 2"; the rest are drawn.'
)
@click.option("--plain", is_flag=True, help="Line by line on standard input and output.")
@with_folders
@click.pass_context
def try_(
    context: click.Context, function: str, code: Path | None, at: str, plain: bool, more: tuple[Path, ...]
) -> None:
    """Work on a function of your own.

    FUNCTION is all that may be typed as an answer, with its inputs before it or without. With --code it is read from a
    NumPy function, whose lines get their names, and you write its backward pass; the file is never run. The exercise is
    kept under "mine", as a file that can be handed on.

    \b
    Examples:
      backprop-tutor try "f(x, y) = x y + sin(x)" --at "x = 1, y = 2"
      backprop-tutor try "sum((W x)^2)" --at "W = [[1, 2], [3, 4]], x = [1, -1]"
      backprop-tutor try --code layer.py --at "x = [1, 2]"
      backprop-tutor try "ln(x)/y" --plain
    """
    from tutor.practice.own_file import OwnProblem, in_words, keep
    from tutor.practice.own_function import read_own, read_program

    try:
        own = read_program(_program_text(code), code.name, at, function) if code is not None else read_own(function, at)
        id, path = keep(own)
    except OwnProblem as problem:
        raise CommandError(str(problem)) from None
    except OSError as error:
        raise CommandError(f"The function cannot be kept: {(error.strerror or str(error)).lower()}.") from None
    folders = folders_of(context, more)
    exercise = exercise_of(library_of(folders), id)
    if plain:
        drawn = {name: own.at[name] for name in own.drawn}
        for sentence in (f"Drawn: {in_words(drawn)}." if drawn else "", *own.remarks, f"Kept as {id}, in {path}."):
            if sentence:
                say(sentence)
        say("")
        context.exit(0 if work_plainly(exercise, None, exercise) else 1)
    open_app(folders, exercise.id)


def _program_text(path: Path) -> str:
    """The text of a Python file. Raises CommandError where it cannot be read as one."""
    try:
        return program_text(path)
    except FileNotFoundError:
        raise CommandError(f"There is no file {path}.") from None
    except NotText as why:
        raise CommandError(f"{path.name} cannot be used: {why}.") from None


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for other programs.")
@with_folders
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
        if notice := write_list(folders_of(context, more), sys.stdout, as_json):
            click.echo(wrapped(harmless(notice)), err=True)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


@click.command()
@ID
@SEED
@click.option("--solution", is_flag=True, help="With the worked solution, for your own staging if there is one.")
@with_folders
@click.pass_context
def show(context: click.Context, id: str, seed: str | None, solution: bool, more: tuple[Path, ...]) -> None:
    """Show what an exercise asks.

    \b
    Examples:
      backprop-tutor show node-way/a --solution
      backprop-tutor show node-way/a --seed 7
    """
    exercise = exercise_of(library_of(folders_of(context, more)), id, seed)
    from tutor.library import BadFile
    from tutor.questions.registry import questions_of
    from tutor.runner import Runner

    try:
        questions = questions_of(exercise, Runner())  # nothing is shown of a file that does not hold
        write(statement(exercise, questions))
        if solution:
            write("\n" + own_solution(exercise))
    except BadFile as error:
        raise cannot_open(exercise, error) from None


@click.command()
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

    skills = _skills(folders_of(context, ()))

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
            return read_summary(store, library_of(folders)).skills
    return {}


@click.command()
@click.argument("ids", metavar="[ID]...", nargs=-1, shell_complete=ids_of)
@click.option("--all", "every", is_flag=True, help="Every exercise that was begun.")
@click.option("--yes", is_flag=True, help="Without asking first; for scripts.")
@with_folders
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
        chosen = _begun(folders_of(context, more), ids)
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


def _begun(folders: list[Path], ids: tuple[str, ...]) -> list[str]:
    """Those of the exercises in which there is anything, of all where none is named.

    Raises CommandError for an id that no file has and no progress knows.
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
        exercise_of(library_of(folders), id)  # raises CommandError, with the ids that look like it


def _agrees(chosen: list[str]) -> bool:
    """Ask whether these are to begin again. Raises CommandError where nobody can be asked."""
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


@click.command()
@click.argument("id", required=False)
@click.option("--answer", metavar="TEXT", help="Your answer to the question at the end of the lesson.")
def lesson(id: str | None, answer: str | None) -> None:
    """Read a lesson: ten of two minutes each, with a question at the end. Without ID, list them.

    ID is a lesson's name or its number. With --answer, the exit code is 0 when it is right, 1 when not.

    \b
    Examples:
      backprop-tutor lesson
      backprop-tutor lesson forks
      backprop-tutor lesson forks --answer 8
    """
    from tutor.lessons import find_lesson, lessons

    if id is None:
        write("\n".join(f"{one.number:>2}  {one.id:<14} {one.title}" for one in lessons()))
        return
    try:
        found = find_lesson(id)
    except KeyError:
        raise CommandError(f"There is no lesson {id}. `backprop-tutor lesson` lists them all.") from None
    from tutor.lessons.trial import trial_of

    trial = trial_of(found)
    if answer is not None:
        verdict = trial.judge(answer)
        parts = (
            f"{verdict.kind.said} {verdict.message}".strip(),
            verdict.caret,
            verdict.echo and f"Read as {verdict.echo}",
        )
        say("\n".join(filter(None, parts)))
        raise SystemExit(0 if verdict.accepted else 1)
    options = (f"  {letter}  {text}" for letter, text in zip("abcdefghi", trial.blank.options, strict=False))
    asked = "\n".join((f"Try it. {trial.blank.prompt}", *options))
    say(f"{found.as_text(WIDTH)}\n\n{asked}\n`backprop-tutor lesson {found.id} --answer TEXT` judges your answer.")


@click.command()
@click.argument("words", metavar="[WORD]...", nargs=-1)
def glossary(words: tuple[str, ...]) -> None:
    """Say what a word means: gate, upstream, fork, broadcasting, ... Without WORD, all of them.

    A word that is no term is looked for in the explanations.

    \b
    Examples:
      backprop-tutor glossary
      backprop-tutor glossary upstream
      backprop-tutor glossary dout
    """
    from tutor.lessons import find_word, matching
    from tutor.lessons import words as all_words

    wanted = " ".join(words)
    try:
        found = (find_word(wanted),) if wanted else all_words()
    except KeyError:
        found = matching(wanted)[1]
    if not found:
        raise CommandError(f"The glossary has no word {wanted}. `backprop-tutor glossary` shows them all.")
    say("\n\n".join(one.as_text(WIDTH) for one in found))
