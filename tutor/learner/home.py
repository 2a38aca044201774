"""Where the learner's things are kept."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from platformdirs import user_data_path

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
