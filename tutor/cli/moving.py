"""The verbs that carry progress from one machine to another."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import click

from tutor.catalogue.listing import begun
from tutor.cli.opening import CommandError, say
from tutor.files import NotText, text_of
from tutor.learner import Store, StoreProblem
from tutor.paths import home, own_folder

_LARGEST_OWN = 200_000
"""Bytes of a file of the learner's own."""


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it exists already.")
def export(file: Path, force: bool) -> None:
    """Write all your progress into a file, to be imported on another machine.

    Answers, drafts, notes, papers, reviews and the functions of your own go with it; settings do not.

    \b
    Example:
      backprop-tutor export progress.json
    """
    from tutor.learner.transfer import as_text, contents_of

    if file.exists() and not force:
        raise CommandError(f"{file.name} exists already. Name another file, or add --force to replace it.")
    if not begun():
        raise CommandError("There is no progress yet, so there is nothing to export.")
    try:
        with Store() as store:
            contents = contents_of(store, _own_files())
    except StoreProblem as problem:
        raise CommandError(str(problem)) from None
    if not file.parent.is_dir():
        raise CommandError(f"There is no folder {file.parent}: make it first, or name another file.")
    beside = file.with_name(f"{file.name}.part")
    try:
        beside.write_text(as_text(contents), encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise CommandError(f"{file.name} cannot be written: {(error.strerror or str(error)).lower()}.") from None
    many = len(contents.rows["journal"])
    say(f"{many} line{'' if many == 1 else 's'} of your journal, and everything else, are in {file}.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Take the progress in a file into yours: what both have is there once, and nothing of yours is lost.

    FILE is one that `export` wrote, or one of the back-ups, which are made once a day. Before anything is changed a
    back-up is made. A file that is damaged changes nothing.

    \b
    Example:
      backprop-tutor import progress.json
    """
    from tutor.learner.transfer import TransferProblem, keep_backup, merge, read_file

    try:
        contents = read_file(file)
        backup = keep_backup(home(), name=time.strftime("before-import-%Y-%m-%d-%H%M%S"))
        with Store() as store:
            merged = merge(store, contents)
    except (TransferProblem, StoreProblem) as problem:
        raise CommandError(str(problem)) from None
    already = f"; {merged.already} {'was' if merged.already == 1 else 'were'} here already" if merged.already else ""
    added = "line of the journal was" if merged.lines == 1 else "lines of the journal were"
    say(f"{merged.lines} {added} added{already}.")
    if merged.kept:
        say(f"In {len(merged.kept)} blanks something else was typed on this computer; it is kept.")
    for name in _write_own(contents.own):
        say(f"{name} is a different function here; yours is kept.")
    if backup is not None:
        say(f"Your progress as it was before is in {backup}.")


def _own_files() -> dict[str, str]:
    """The exercise files of the learner's own, by their paths below their folder."""
    found = {}
    for path in sorted(own_folder().rglob("*.toml")) if own_folder().is_dir() else ():
        with suppress(NotText, FileNotFoundError):
            found[path.relative_to(own_folder()).as_posix()] = text_of(path, _LARGEST_OWN)
    return found


def _write_own(files: dict[str, str] | object) -> list[str]:
    """Write those that are not there; the names of those that are, and are others. Nothing outside the folder."""
    assert isinstance(files, dict), "files by their names"
    others = []
    for name, text in files.items():
        path = own_folder() / name
        inside = path.resolve().is_relative_to(own_folder().resolve())
        if not inside or not name.endswith(".toml") or len(text) > _LARGEST_OWN:
            continue
        try:
            if path.exists():
                others += [name] if text_of(path, _LARGEST_OWN) != text else []
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except (OSError, NotText):
            others.append(name)
    return others
