"""What every verb needs: its folders, the exercise it names on the numbers it names, the app or a plain session.

What cannot be done is raised as a `CommandError`, a sentence.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from tutor.catalogue.listing import listed, owners
from tutor.cli.standard_output import writable, write
from tutor.files import NotText, program_text
from tutor.learner import LOST, SteadyStore, StoreProblem
from tutor.paths import ONLY, code_is_run, exercise_folders
from tutor.practice.seeds import is_practice
from tutor.text import harmless, needs_ascii, wrapped

if TYPE_CHECKING:
    from tutor.library import BadFile, Exercise, Library
    from tutor.papers.paper import Paper
    from tutor.practice.review_round import RoundWish


class CommandError(click.ClickException):
    """Something that cannot be done, in a sentence."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the sentence alone."""
        click.echo(wrapped(harmless(self.message)), file=file, err=file is None)


_ONLY = "tutor.only"
WHERE_OTHERS_ARE = (
    "`backprop-tutor list` lists them all; --exercises FOLDER adds yours, and --only PACK shows one pack alone."
)
"""Said after an id that nothing has."""

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def with_folders(command: Callable[..., None]) -> Callable[..., None]:
    """A verb that takes more folders of exercises, or one pack alone."""
    only = click.option(
        "--only",
        metavar="PACK",
        expose_value=False,
        callback=_keep_only,
        help="Show only this pack: its name in `packs`, or its folder.",
    )
    more = click.option(
        "--exercises",
        "more",
        metavar="FOLDER",
        multiple=True,
        type=_FOLDER,
        help="Also look for exercises here. May be given more than once.",
    )
    return more(only(command))


def _keep_only(context: click.Context, _parameter: click.Parameter, pack: str | None) -> None:
    if pack is not None:
        context.find_root().meta[_ONLY] = pack


def ids_of(context: click.Context, _parameter: click.Parameter, begun_word: str) -> list[str]:
    """The exercise ids that a shell may complete a word to."""
    return [one["id"] for one in listed(folders_of(context, ()))["exercises"] if one["id"].startswith(begun_word)]


ID = click.argument("id", shell_complete=ids_of)
SEED = click.option("--seed", metavar="N", help="With new numbers: the same N gives the same ones on every machine.")


def folders_of(context: click.Context, more: tuple[Path, ...]) -> list[Path]:
    """All folders: those given before the verb, and those after it; or the one pack that is to be shown.

    Raises CommandError where there is no such pack.
    """
    root = context.find_root()
    try:
        return exercise_folders((*(root.obj or ()), *more), root.meta.get(_ONLY, ""))
    except LookupError as unknown:
        raise CommandError(
            f"There is no pack {unknown.args[0]}. `backprop-tutor packs` lists them; a folder may be named as well."
        ) from None


def only_of(context: click.Context) -> str:
    """The one pack that is to be shown, as it was named; "" for all."""
    return str(context.find_root().meta.get(_ONLY, "") or os.environ.get(ONLY, "").strip())


def library_of(folders: list[Path]) -> Library:
    """The exercises of these folders."""
    from tutor.library import load

    return load(folders, owners=owners())


def exercise_of(library: Library, id: str, seed: str | None = None) -> Exercise:
    """The exercise of this id, on fresh numbers where there is a seed or the id ends in one.

    Raises CommandError where there is none, its file is broken, or it has no numbers to draw.
    """
    wanted = id.removesuffix(".toml")
    if not wanted.strip():
        raise CommandError("The name of the exercise is empty. `backprop-tutor list` lists them all.")
    if found := library.find(wanted) if seed is None else None:
        return found
    if (seed is not None or "@" in wanted or is_practice(wanted)) and (variant := _variant(library, wanted, seed)):
        return variant
    said = library.refusal(wanted)
    raise CommandError(said if any(broken.id == wanted for broken in library.broken) else f"{said} {WHERE_OTHERS_ARE}")


def _variant(library: Library, id: str, seed: str | None) -> Exercise | None:
    """The exercise on the numbers of a seed, given apart or in its id. Raises CommandError with why there is none."""
    from tutor.library import BadFile
    from tutor.practice.seeds import NoVariant, on_seed, seed_in
    from tutor.practice.variants import find, unusable

    wanted = id
    try:
        wanted = id if seed is None else on_seed(id, seed_in(seed))
        return find(library, wanted)
    except NoVariant as why:
        raise CommandError(str(why)) from None
    except BadFile as bad:
        raise CommandError(unusable(library, wanted, bad).refusal) from None


def cannot_open(exercise: Exercise, error: BadFile) -> CommandError:
    """What is said when the file reads well but its mathematics does not hold."""
    from tutor.library import BrokenExercise

    return CommandError(BrokenExercise.of(exercise, error).refusal)


def program_in(path: Path, exercise: Exercise) -> str:
    """The learner's program. Raises CommandError where it cannot be read, or the exercise asks for none."""
    if "code" not in exercise.steps and "backprop" not in exercise.steps:
        raise CommandError(f"{exercise.id} asks for no code, so there is nothing to do with {path.name}.")
    try:
        return program_text(path)
    except NotText as why:
        raise CommandError(f"{path.name} cannot be used: {why}.") from None
    except FileNotFoundError:
        raise CommandError(f"{path.name} is no longer there.") from None


def open_app(
    folders: list[Path],
    id: str | None,
    program: str | None = None,
    wish: RoundWish | None = None,
    paper: Paper | None = None,
) -> None:
    """Open the app, at an exercise, in a round or at a paper. Raises CommandError where there is no terminal."""
    if missing := _missing_of_terminal():
        verb = f"start {id or 'ID'}"
        if paper is not None:
            verb = f"exam {paper.id}"
        elif wish is not None:
            verb = "place" if wish.places else "review"
        raise CommandError(f"{missing} To work line by line: backprop-tutor {verb} --plain")
    from tutor.tui.app import run

    try:
        code = run(folders, id, program, wish, paper)
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    sys.exit(code)


def _missing_of_terminal() -> str:
    """What the app would need that is not there, in sentences; "" where nothing is."""
    if os.environ.get("TEXTUAL_DRIVER"):  # a browser in place of one
        return ""
    streams = (sys.stdin, sys.stdout)  # None where the shell has closed them
    if not all(stream and stream.isatty() for stream in streams) or os.environ.get("TERM") == "dumb":
        return "The app needs a terminal, and this is not one."
    if needs_ascii(sys.stdout):
        variable = "PYTHONIOENCODING=utf-8" if os.environ.get("PYTHONIOENCODING") else "LC_ALL=C.UTF-8"
        return (
            f"The app draws with signs that the encoding of this terminal, {sys.stdout.encoding}, does not have. "
            f"If the terminal can show UTF-8, set {variable}."
        )
    return ""


def base_of(library: Library, exercise: Exercise) -> Exercise:
    """The exercise that one on fresh numbers was drawn from; itself where it is no such one."""
    from tutor.practice.seeds import split_id

    return library.find(split_id(exercise.id)[0]) or exercise


def work_plainly(exercise: Exercise, program: str | None, base: Exercise) -> bool:
    """Work on the exercise line by line; whether it is solved. `base` is what new numbers are drawn for."""
    from tutor.plain import run
    from tutor.practice.variants import next_variant
    from tutor.runner import Runner
    from tutor.session.session import Session

    try:
        with closing(Runner(allowed=code_is_run())) as runner, SteadyStore(say) as store:
            if "code" in exercise.steps:
                runner.warm()
            if store.notice:
                say(store.notice)
            session = Session(exercise, store, runner)
            opened = [exercise.id]  # nothing may have been kept of it yet

            def renew() -> Session:
                variant = next_variant(base, [*store.summary(), *opened])
                opened.append(variant.id)
                return Session(variant, store, runner)

            solved = run(session, sys.stdin or StringIO(), sys.stdout, program, renew)
            keep_daily_backup()
        if store.unwritten:
            raise CommandError(f"{store.trouble} {LOST}")
        return solved
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None


def keep_daily_backup() -> None:
    """Copy the progress aside, once a day; where that cannot be done, another day will do."""
    from tutor.learner.transfer import keep_backup
    from tutor.paths import home

    with suppress(StoreProblem):
        keep_backup(home())


def say(sentence: str) -> None:
    """Write one sentence, wrapped, with nothing in it that a terminal would obey."""
    write(wrapped(writable(harmless(sentence))))
