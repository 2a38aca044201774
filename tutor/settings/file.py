"""Writes the file of settings: a new one with a remark on every setting, an old one with the learner's remarks kept."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tutor.library.decoding import BadFile, NotToml, decode
from tutor.settings.schema import FEWEST_DIGITS, MOST_DIGITS, NAME, Settings, text_in

TEMPLATE = f"""\
# The settings of backprop-tutor. What follows a # is a comment, and the program leaves your comments alone.
# `backprop-tutor settings` says what is read from here, and what is wrong with it if anything is.
# Remove a line to go back to its default.

# The colours: chalk, paper, high-contrast, textual-dark, nord, gruvbox, solarized-light and more.
# The settings in the app show them all. Default: "chalk".
theme = "chalk"

# Whether graphs are drawn with ASCII characters only: true or false. Default: false.
ascii = false

# Digits after the point of the numbers in the graph, from {FEWEST_DIGITS} to {MOST_DIGITS}. Default: 3.
digits = 3

# Whether nothing on the screen moves on its own, not even the cursor: true or false. Default: false.
reduced_motion = false

# Keys of your own: an action = the key that does it, or several separated by commas.
# `backprop-tutor settings --keys` lists every action. Default: none are changed. Examples:
[keys]
# "exercise.hint" = "f2,f12"
# "exercise.said_down" = "pagedown,ctrl+down"
# "exercise.quick" = "f8,f10"
"""
"""A new file: every setting as usual."""


class SettingsProblem(Exception):
    """The settings cannot be written; why, in a sentence for the learner."""


def create(path: Path) -> bool:
    """Write a new file where there is none; whether there was none. Raises SettingsProblem."""
    if path.exists():
        return False
    _write(path, TEMPLATE)
    return True


def keep(changes: Mapping[str, str | int | bool], path: Path) -> None:
    """Put settings into the file, which is made where there is none. Remarks, order and all else there stay.

    Raises SettingsProblem where it cannot be written, or what stands there is not TOML.
    """
    import tomlkit  # only who changes something waits for it
    from tomlkit.exceptions import TOMLKitError

    try:
        text = text_in(path)
        decode(text, Settings)
    except FileNotFoundError:
        text = TEMPLATE
    except BadFile as bad:
        if isinstance(bad, NotToml) or not bad.key:
            place = f"line {bad.line} of " if bad.line else ""
            raise SettingsProblem(f"Not saved: something is wrong with {place}{path}: {bad.reason}.") from None
    try:
        document = tomlkit.parse(text)
        for name, value in changes.items():
            document[name] = value
        text = tomlkit.dumps(document)
    except TOMLKitError as error:
        raise SettingsProblem(f"Not saved: {path} cannot be added to. {_capital(str(error))}.") from None
    _write(path, text)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}"


def _write(path: Path, text: str) -> None:
    """All of the text or nothing of it. Where the file is a link, what it leads to is written."""
    target = Path(os.path.realpath(path))
    beside = target.with_name(f"{NAME}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        reason = (error.strerror or str(error)).lower()
        raise SettingsProblem(f"Not saved: {path} cannot be written: {reason}.") from None
