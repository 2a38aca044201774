"""What happens when the program itself fails: the traceback goes to a log, a few sentences to the learner."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from platformdirs import user_state_path

from tutor.paths import VARIABLE, home
from tutor.text import harmless, in_ascii, needs_ascii, one_line, wrapped

FAILED = 3
"""The exit code."""

_LARGEST_LOG = 200_000
"""Bytes; then another file is begun, and two old ones are kept."""

_LONGEST_ENTRY = 50_000
_LONGEST_SAID = 300
"""Characters."""


def log_path() -> Path:
    """The log of unexpected errors; it need not exist.

    It is in the folder that BACKPROP_TUTOR_HOME names, or else in the platform's folder for such things.
    """
    chosen = os.environ.get(VARIABLE, "").strip()
    folder = home() if chosen else user_state_path("backprop-tutor", appauthor=False)
    return folder / "backprop-tutor.log"


class _Log(RotatingFileHandler):
    """A log that says so when it cannot be written."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - logging calls it so
        raise


def record(error: BaseException) -> None:
    """Write the traceback to the log. Raises OSError where that cannot be done."""
    from tutor import __version__

    path = log_path()
    if path.exists() and not path.is_file():
        raise FileExistsError(f"{path} is not a file")
    path.parent.mkdir(parents=True, exist_ok=True)
    told = harmless("".join(traceback.format_exception(error)))[-_LONGEST_ENTRY:]
    entry = f"backprop-tutor {__version__}, Python {sys.version.split()[0]}, {sys.platform}\n{told}"
    log = _Log(path, maxBytes=_LARGEST_LOG, backupCount=2, encoding="utf-8", errors="backslashreplace")
    log.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    try:
        log.emit(logging.LogRecord("tutor", logging.ERROR, __file__, 0, entry, None, None))
    finally:
        log.close()


def in_words(error: BaseException) -> str:
    """What is said of an error that was not expected: what it was, what is safe, and where the rest is written."""
    what = one_line("".join(traceback.format_exception_only(error)))
    if len(what) > _LONGEST_SAID:
        what = f"{what[:_LONGEST_SAID]} ..."
    try:
        record(error)
        details = f"The details are in\n  {one_line(str(log_path()))}"
    except OSError as trouble:
        details = f"The details could not be written to {one_line(str(log_path()))}: {trouble.strerror or 'no file'}."
    return "\n".join(
        (
            "backprop-tutor has stopped because of an unexpected error:",
            f"  {what}",
            "Your answers and drafts are safe on disk.",
            details,
        )
    )


def tell(error: BaseException) -> int:
    """Record an error and say so on standard error; the exit code."""
    said = wrapped(in_words(error))
    if sys.stderr is not None:  # None where the shell has closed it
        with suppress(OSError):
            sys.stderr.write(f"{in_ascii(said) if needs_ascii(sys.stderr) else said}\n")
            sys.stderr.flush()
    return FAILED
