"""From where on what is new is looked for. Light: home asks for it with the first paint, before anything is loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.learner import Progress, Store
from tutor.practice.seeds import split_id

_PLACED = "placed"
"""Under which the store keeps when a placement said where to begin, and where."""

Placed = tuple[float, str]
"""When a placement said where to begin (seconds since 1970), and the id of the exercise."""


def keep_placement(store: Store, id: str, at: float) -> None:
    """Keep where a placement said to begin. Raises StoreProblem."""
    store.keep(_PLACED, f"{at:.0f} {id}")


def placement_in(store: Store) -> Placed | None:
    """What the last placement said; None where there was none. Raises StoreProblem."""
    at, _, id = store.kept(_PLACED).partition(" ")
    return (float(at), id) if at.isdecimal() and id else None


def reached(ids: Sequence[str], progress: Mapping[str, Progress], placed: Placed | None = None) -> str | None:
    """The exercise from which on what is new comes: the one that was finished last, on whichever numbers, or the one
    at which a placement said to begin since then; before any is finished the one worked on last. None of all these.

    What was only looked at moves nothing.
    """
    known = set(ids)
    finished = [
        (state.last, base)
        for id, state in progress.items()
        if state.standing in ("solved", "shown") and (base := split_id(id)[0]) in known
    ]
    worked = [
        (state.last, id) for id, state in progress.items() if state.standing == "started" and state.done and id in known
    ]
    last = finished or worked
    return max([*last, *([placed] if placed is not None and placed[1] in known else [])], default=(0.0, None))[1]
