"""Where exercises are looked for, and where the learner's things are kept. Light: nothing here reads them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from platformdirs import user_data_path

EXERCISES = "BACKPROP_TUTOR_EXERCISES"
"""Folders of exercises, besides those that ship; between them what separates the folders of PATH."""

ONLY = "BACKPROP_TUTOR_ONLY"
"""The one pack to show: its name or its folder."""

CODE = "BACKPROP_TUTOR_CODE"
"""`off` where the code that learners write is not to be run."""

OFFERED = "backprop_tutor.packs"
"""The group of entry points by which a Python package offers a pack."""


def shipped_folder() -> Path:
    """The folder of the exercises that come with the program: in the repository, or inside the wheel."""
    package = Path(__file__).resolve().parent
    beside = package.parent / "exercises"
    return beside if (beside / "pack.toml").is_file() else package / "_exercises"


def exercise_folders(more: Iterable[Path] = (), only: str = "") -> list[Path]:
    """The packs to show, each once: named ones, then added and installed ones, the shipped one, the learner's own.

    `only`, or what the environment says for it, leaves out all but one: its folder, or a pack's name as in `packs`.
    Raises LookupError where no pack is called that.
    """
    named = [Path(name.strip()) for name in os.environ.get(EXERCISES, "").split(os.pathsep) if name.strip()]
    own = [own_folder()] if own_folder().is_dir() else []
    every = list(dict.fromkeys([*more, *named, *added_folders(), *offered_folders(), shipped_folder(), *own]))
    wanted = only or os.environ.get(ONLY, "").strip()
    return [*_only(wanted, every), *own] if wanted else every


def _only(wanted: str, every: list[Path]) -> list[Path]:
    for name_of in (lambda folder: folder.name, _pack_name):
        for folder in every:
            if name_of(folder) == wanted:
                return [folder]
    if Path(wanted).is_dir():
        return [Path(wanted)]
    raise LookupError(wanted)


def _pack_name(folder: Path) -> str:
    """What a folder's `pack.toml` calls it; "" where it says nothing, or cannot be read."""
    import tomllib

    try:
        return str(tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8")).get("name", ""))
    except (OSError, ValueError):
        return ""


def added_folder() -> Path:
    """The folder of the packs that `packs add` has copied. It need not exist yet."""
    return home() / "packs"


def added_folders() -> list[Path]:
    """The packs that were added, by name."""
    try:
        return sorted(path for path in added_folder().iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError:
        return []


@cache
def offered_folders() -> tuple[Path, ...]:
    """The packs that installed Python packages offer by an entry point of the group `backprop_tutor.packs`.

    Its value names the folder as a package is named: `course = "my_course.exercises"`. Nothing of the package is
    loaded or run.
    """
    from importlib.metadata import distributions  # slow to load

    folders = []
    for path in sys.path:
        for name in _offering(path):
            for distribution in distributions(path=[path], name=name):
                for point in distribution.entry_points.select(group=OFFERED):
                    folders.append(Path(str(distribution.locate_file(point.value.replace(".", "/")))))
    return tuple(dict.fromkeys(folder for folder in folders if folder.is_dir()))


def _offering(path: str) -> list[str]:
    """The names of the installed packages there that offer a pack: quick, as most have nothing to do with us."""
    found = []
    with contextlib.suppress(OSError):
        for entry in os.listdir(path):  # noqa: PTH208 - Path takes a hundred times as long
            if entry.endswith(".dist-info"):
                with contextlib.suppress(OSError, UnicodeDecodeError):
                    if f"[{OFFERED}]" in (Path(path) / entry / "entry_points.txt").read_text(encoding="utf-8"):
                        found.append(entry.split("-")[0])
    return found


def code_is_run() -> bool:
    """Whether the code that learners write is run: yes, unless the environment says `off`."""
    return os.environ.get(CODE, "").strip().lower() != "off"


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
