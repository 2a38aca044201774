"""The words these tests know: the engine's functions and a few names."""

from __future__ import annotations

from tutor.engine.gates import vocabulary
from tutor.language import Vocabulary

FUNCTIONS = vocabulary().functions
NAMES = ("W", "a", "b", "c", "v", "x", "y", "z")


def known(*names: str, open_names: bool = False) -> Vocabulary:
    """A vocabulary in which only these names are known."""
    return Vocabulary(FUNCTIONS, frozenset(names), open_names)


USUAL = known(*NAMES)
