"""Python's own names as they were before the learner's code ran, which may put others in their place.

What is ours either has a copy of them for itself (see encode.py) or, where it is of Python's own library, runs while
they are back.
"""

from __future__ import annotations

import builtins
from typing import Any

BEFORE = dict(vars(builtins))
globals()["__builtins__"] = dict(BEFORE)

_NOTHING = object()


def replaced() -> list[str]:
    """The names of Python's own that stand for something else now, or are gone."""
    there: dict[str, Any] = vars(builtins)
    return [name for name, value in BEFORE.items() if there.get(name, _NOTHING) is not value]


def restore() -> None:
    """Put all of Python's own names back for good."""
    vars(builtins).update(BEFORE)
