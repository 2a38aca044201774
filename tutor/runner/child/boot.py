"""The first steps of the other process, before NumPy is there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from .folder import make
from .protocol import BROKEN


def boot(package_folder: str, numpy_folder: str, working_folder: str, processes: str) -> None:
    """Make the working folder, put standard input and output out of the learner's reach, serve one job.

    Args:
        package_folder: where this package was found; taken off the import path again.
        numpy_folder: where the parent finds NumPy, for an installation that `python -I` does not look into.
        working_folder: the folder to make. If there is something there already, nothing is done at all.
        processes: how many processes the learner's code may have at once.
    """
    jobs, results = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    try:
        folder = make(Path(working_folder))
    except (OSError, ValueError) as error:
        os.write(results, BROKEN + str(error).encode("utf-8", "replace"))
        return
    ringing = -1
    if hasattr(os, "fork"):
        from .supervisor import split

        ringing = split(jobs, results, folder, int(processes))
    os.chdir(folder.path)
    sys.path.remove(package_folder)
    sys.path.append(numpy_folder)
    try:
        from .worker import main
    except ImportError as error:
        os.write(results, BROKEN + str(error).encode("utf-8", "replace"))
        return
    sys.path.remove(numpy_folder)
    sys.argv[:] = ["your code"]
    for name in [name for name in sys.modules if name.partition(".")[0] == __package__]:
        del sys.modules[name]
    main(jobs, results, ringing)
