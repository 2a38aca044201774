"""Files that verbs write: whole or not at all, in the form that an option or the ending of their name asks for.

Options of which each excludes the others are made here too: two of them are refused before anything is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from tutor.cli.opening import CommandError
from tutor.cli.standard_output import write, write_document
from tutor.practice.seeds import split_id
from tutor.text import one_line

TEXT = ("", ".txt", ".md", ".log")
"""Endings of a file that is plain text."""

OUT = click.option("-o", "--output", "out", type=click.Path(path_type=Path), help="Write it to this file.")


def one_form(**flags: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Options without a value, such as --csv, of which one may be given: its name is the argument `form`, else None.

    `flags` has the help of each.
    """

    def keep(context: click.Context, option: click.Parameter, given: bool) -> None:
        before = context.params.setdefault("form", None)
        if given and before is not None:
            raise CommandError(f"--{before} and --{option.name} are two forms of the same: choose one.")
        if given:
            context.params["form"] = option.name

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        for name, told in reversed(flags.items()):
            command = click.option(f"--{name}", is_flag=True, expose_value=False, callback=keep, help=told)(command)
        return command

    return decorated


def form_for(out: Path | None, form: str | None, endings: Mapping[str, tuple[str, ...]]) -> str | None:
    """The form that is asked for, else the one that the ending of the file says; None for plain text.

    `endings` has those of each form. Raises CommandError for the ending of another form, and for one of none.
    """
    if out is None:
        return form
    ending = out.suffix.lower()
    meant = [name for name, own in endings.items() if ending in own]
    if form is None:
        if not meant and ending not in TEXT:
            known = ", ".join(dict.fromkeys(one for own in endings.values() for one in own))
            raise CommandError(f"{out.name} cannot be written: the endings are {known}, and .txt for plain text.")
        return meant[0] if meant else None
    if ending and meant and form not in meant:
        raise CommandError(f"{out.name} ends in {ending}, and --{form} writes something else: choose one.")
    return form


def refuse_together(given: Mapping[str, bool]) -> None:
    """Raises CommandError where more than one of these options is given."""
    both = [name for name, there in given.items() if there]
    if len(both) > 1:
        raise CommandError(f"{both[0]} and {both[1]} do not go together: choose one.")


def refuse_twice(names: Sequence[object]) -> None:
    """Raises CommandError where something is named twice."""
    for name, many in Counter(map(str, names)).items():
        if many > 1:
            raise CommandError(f"{name} is named twice.")


def refuse_two_seeds(ids: Sequence[str], option: str) -> None:
    """Raises CommandError where one of these ids says its seed, and an option says others."""
    for id in ids:
        if split_id(id)[1] is not None:
            base, seed = split_id(id)
            raise CommandError(f"{id} says its numbers already, and {option} says others: name {base}, or leave out "
                               f"{option} for those of seed {seed}.")  # fmt: skip


def deliver_text(text: str, out: Path | None) -> None:
    """Write a text to a file, whole or not at all, or to standard output. Raises CommandError."""
    text = text if text.endswith("\n") else f"{text}\n"
    if out is None:
        write_document(text)
        return
    write_whole(out, text.encode())
    write(f"{one_line(str(out))} is written.")


def refuse_place(path: Path) -> None:
    """Raises CommandError where no file can be: at the place of a folder, or in a folder that is not there."""
    if path.is_dir():
        raise CommandError(f"{path} is a folder: name a file.")
    if not path.absolute().parent.is_dir():
        raise CommandError(f"{path} cannot be written: the folder {path.parent} is not there.")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises CommandError where it cannot be; what was there stays then."""
    refuse_place(path)
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CommandError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}.") from None
