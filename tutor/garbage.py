"""When Python looks for garbage: seldom while the program loads, which leaves hardly any, and as usual from then on."""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()
_SELDOM = 100_000
"""New objects; a start makes fewer. Looked through at the usual 700, they would take a tenth of it, and all stay."""


def collect_seldom() -> None:
    """While modules are loaded, and where a command does its work and ends."""
    gc.set_threshold(_SELDOM)


def collect_as_usual() -> None:
    """What is there now stays and is not looked through again: that would stop the app for three frames each time."""
    gc.freeze()
    gc.set_threshold(*_USUAL)


def collect_no_more() -> None:
    """The process ends: to look through all that is there would take a third of its time."""
    gc.freeze()
