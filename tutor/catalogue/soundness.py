"""Exercise files that read well, but whose mathematics does not hold: found before someone opens them.

`list` and `packs` ask for them when a file has changed. What ships is held by tests, and is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice

from tutor.library import BadFile, BrokenExercise, Library
from tutor.paths import shipped_folder

_MOST = 200
"""Files that are looked at, at some milliseconds each: with more, `check` is what finds them."""


def unusable_in(library: Library) -> Iterator[BrokenExercise]:
    """The exercises of packs and own folders that cannot be opened, with all that is wrong with each."""
    ships = shipped_folder().resolve()
    own = [one for one in library.exercises.values() if not one.path.resolve().is_relative_to(ships)]
    if not own:
        return
    from tutor.questions.registry import questions_of
    from tutor.runner import Runner

    with closing(Runner()) as runner:
        for exercise in islice(own, _MOST):
            try:
                questions_of(exercise, runner)
            except BadFile as bad:
                yield BrokenExercise.of(exercise, bad)
            except Exception as error:  # noqa: BLE001 - a file nobody thought of spoils no list; `check` says it whole
                yield BrokenExercise(exercise.id, exercise.path, BadFile("", f"it cannot be worked ({error})").faults)
