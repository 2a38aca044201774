"""The learner's own editor, for code: what $VISUAL or $EDITOR names, with the app set aside meanwhile."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.app import App, SuspendNotSupported

from tutor.files import LARGEST_PROGRAM, NotText, text_of


class NoEditor(Exception):
    """The text could not be edited outside; why, in a sentence for the learner."""


def editor() -> list[str]:
    """The command of the learner's editor. Raises NoEditor where none is named."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError:
        words = []
    if not words:
        raise NoEditor("No editor is named. Set EDITOR, for instance to nano, before you start the tutor.")
    return words


def edited(app: App[Any], text: str, name: str) -> str:
    """The text as the learner leaves it in their editor, in a file of this name.

    Raises NoEditor where that cannot be; the text is as it was then.
    """
    command = editor()
    with TemporaryDirectory(prefix="backprop-tutor-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        try:
            with app.suspend():
                done = subprocess.run([*command, str(path)], check=False)
        except SuspendNotSupported:
            raise NoEditor("The app cannot be suspended here, so no other editor can be opened.") from None
        except OSError as error:
            raise NoEditor(f"{command[0]} could not be opened: {error.strerror or error}.") from None
        if done.returncode:
            raise NoEditor(f"{command[0]} ended with an error, so the code stays as it was.")
        try:
            return text_of(path, LARGEST_PROGRAM)
        except FileNotFoundError:
            raise NoEditor("The editor left no file behind, so the code stays as it was.") from None
        except NotText as why:
            raise NoEditor(f"What the editor left behind cannot be used: {why}. The code stays as it was.") from None
