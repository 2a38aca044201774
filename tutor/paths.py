"""Where exercises are looked for, and where the learner's things are kept. Light: nothing here reads them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from platformdirs import user_data_path

EXERCISES = "BACKPROP_TUTOR_EXERCISES"
"""Folders of exercises, besides those that ship; between them what separates the folders of PATH."""


def shipped_folder() -> Path:
    """The folder of the exercises that come with the program: in the repository, or inside the wheel."""
    package = Path(__file__).resolve().parent
    beside = package.parent / "exercises"
    return beside if (beside / "pack.toml").is_file() else package / "_exercises"


def exercise_folders(more: Iterable[Path] = ()) -> list[Path]:
    """The folder that ships, the learner's own, those the environment names, and more; each once."""
    named = [Path(name.strip()) for name in os.environ.get(EXERCISES, "").split(os.pathsep) if name.strip()]
    own = [own_folder()] if own_folder().is_dir() else []
    return list(dict.fromkeys([shipped_folder(), *own, *named, *more]))


def own_folder() -> Path:
    """The folder of the exercises that learners made of functions of their own. It need not exist yet."""
    return home() / "own"


VARIABLE = "BACKPROP_TUTOR_HOME"


def home() -> Path:
    """The folder for all that is remembered: the one BACKPROP_TUTOR_HOME names, or else the platform's.

    It need not exist yet.
    """
    chosen = os.environ.get(VARIABLE, "").strip()
    if chosen:
        # A `~name` that stands for nobody is a folder of that name.
        with contextlib.suppress(RuntimeError):
            return Path(chosen).expanduser().absolute()
        return Path(chosen).absolute()
    return user_data_path("backprop-tutor", appauthor=False)
