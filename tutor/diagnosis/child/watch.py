"""What a rewritten program calls while it runs: values are noted, one is disturbed, turns are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tutor.diagnosis.child.sites import Part

SAME = 1e-6


class Stop(BaseException):
    """A changed program has taken too many turns."""


class Watch:
    """What the rewritten program calls: notes values, and disturbs one."""

    def __init__(self) -> None:
        self.log: dict[Part, list[Any]] | None = None
        self.part: Part | None = None
        self.occurrence: int | None = None
        self.change: Callable[[Any], Any] = disturbed
        self.turns = 0
        self._seen = 0

    def begin(self, part: Part | None, occurrence: int | None, change: Callable[[Any], Any], turns: int) -> None:
        """Before a run: which value is disturbed, and how many turns it may take."""
        self.part, self.occurrence, self.change, self.turns, self._seen = part, occurrence, change, turns, 0

    def rec(self, number: int, at: int, value: Any) -> Any:
        """A value on its way."""
        if self.part == (number, at):
            if self.occurrence is None or self._seen == self.occurrence:
                value = self.change(value)
            self._seen += 1
        if self.log is not None:
            self.log.setdefault((number, at), []).append(snapshot(value))
        return value

    def saw(self, number: int, at: int, value: Any) -> Any:
        """A value that is there after its statement."""
        return self.rec(number, at, value)

    def tick(self) -> None:
        """A turn of a loop, or a call."""
        self.turns -= 1
        if self.turns < 0:
            raise Stop


def snapshot(value: Any) -> Any:
    """A copy of numbers; a tuple of copies; None for anything else."""
    kind = type(value)
    if kind is float or kind is int or kind is bool or isinstance(value, np.ndarray | np.generic):
        array = np.array(value)
        return array if array.dtype.kind in "biuf" and array.size <= 4096 else None
    if kind is tuple or kind is list:
        return tuple(snapshot(each) for each in value) if len(value) <= 64 else None
    return None


def copied(value: Any) -> Any:
    """A copy that the program may write in."""
    kind = type(value)
    if kind is np.ndarray:
        return value.copy()
    if kind is list or kind is tuple:
        return kind([copied(each) for each in value])
    return {key: copied(each) for key, each in value.items()} if kind is dict else value


def disturbed(value: Any) -> Any:
    """Another value of the same shape. Raises TypeError for what holds no numbers."""
    kind = type(value)
    if kind is bool or isinstance(value, np.bool_):
        return not value
    if isinstance(value, int | np.integer):
        return value + 1
    if isinstance(value, float | np.floating):
        return value * 1.2137 + 0.0931
    if isinstance(value, np.ndarray) and value.dtype.kind == "b":
        return np.logical_not(value)
    if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
        return value + 1
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        pattern = np.cos(1.7 * np.arange(1, value.size + 1)).reshape(value.shape)
        return value * (1.17 + 0.1 * pattern) + 0.07 * pattern + 0.02
    if (kind is tuple or kind is list) and holds_numbers(value):
        return kind(disturbed(each) if holds_numbers(each) else each for each in value)
    raise TypeError


def holds_numbers(value: Any) -> bool:
    """Whether a value can be disturbed."""
    if type(value) in (tuple, list):
        return any(holds_numbers(each) for each in value)
    return isinstance(value, int | float | np.number | np.bool_) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "biuf"
    )


def room_of(truth: Any) -> Any:
    """How far off each entry of a result may be; None where it holds no numbers."""
    try:
        scale = np.abs(np.asarray(truth, dtype=float))
    except (TypeError, ValueError):
        return None
    return SAME * np.maximum(scale, 1e-6 * scale.max(initial=0.0)) + 1e-12


def close(mine: Any, truth: Any, room: Any = None) -> bool:
    """Whether a result is right: the shape, and every entry. `room` is that of the truth, where it is known."""
    if type(mine) is float and type(truth) is float:
        return abs(mine - truth) <= SAME * abs(truth) + 1e-12
    if truth is None or isinstance(truth, str | bool):
        return bool(mine is truth or mine == truth)
    try:
        one, two = np.asarray(mine, dtype=float), np.asarray(truth, dtype=float)
    except (TypeError, ValueError):
        return False
    if one.shape != two.shape and not (two.size == 1 == one.size):
        return False
    return bool((np.abs(one - two) <= (room_of(two) if room is None else room)).all())


@dataclass
class Evidence:
    """What is known of one value: where, how often it is computed, and what changes with it."""

    part: Part
    many: int
    influences: frozenset[str] | None = None
    """The results that change with it; None if it cannot be disturbed, or the program raises then."""

    parts: frozenset[Part] = field(default=frozenset())


def mark_of(values: Sequence[Any]) -> bytes:
    """Something that differs when values differ."""
    return b"|".join(
        each.tobytes() if isinstance(each, np.ndarray) else mark_of(each) if isinstance(each, tuple) else b"-"
        for each in values
    )


def latest_first(found: Any) -> list[Any]:
    """Objects of a graph and all that they were computed from, each once and before what it was computed from.

    What an object was computed from are the objects of its own class that its attributes hold.
    """
    order: list[Any] = []
    seen: set[int] = set()
    stack = [(each, False) for each in found]
    while stack:
        each, done = stack.pop()
        if done:
            order.append(each)
        elif id(each) not in seen:
            seen.add(id(each))
            stack.append((each, True))
            stack += [(part, False) for part in _held(each, list(getattr(each, "__dict__", {}).values()))]
    return order[::-1]


def _held(owner: Any, values: Sequence[Any]) -> list[Any]:
    inner = [part for each in values if type(each) in (list, tuple, set) for part in _held(owner, list(each))]
    return [each for each in values if type(each) is type(owner)] + inner


def latest(pending: Any) -> Any:
    """Takes from a list what no other of its objects was computed from."""
    places = {id(each): at for at, each in enumerate(latest_first(list(pending)))}
    found = min(pending, key=lambda each: places[id(each)])
    pending.remove(found)
    return found
