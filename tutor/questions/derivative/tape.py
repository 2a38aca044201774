"""A function as a list of operations at sample points, and its slope carried along that list by the rules.

A slip is one rule replaced by another. Working on numbers alone makes it cheap to try hundreds of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary
from tutor.engine.values import Array, Value
from tutor.language import Apply, Expression, Name, read_expression
from tutor.questions.derivative.equations import Equations


@dataclass(frozen=True, slots=True)
class Spot:
    """One operation, or one name, of a function: its value at the points, and whether it changes with the variable."""

    tree: Expression
    arguments: tuple[int, ...]
    value: Array
    varies: bool
    locals: tuple[Array | None, ...] = ()
    """Its slope by each argument that varies."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule sees of an operation: its arguments, and their slopes."""

    spot: Spot
    parts: tuple[Spot, ...]
    slopes: tuple[Array, ...]

    @property
    def operation(self) -> str:
        """The gate's key; "" for a name or number."""
        return self.spot.tree.operation if isinstance(self.spot.tree, Apply) else ""


Rule = Callable[[Seen], Value | None]
"""The slope of an operation by a wrong rule; None where that rule does not apply."""


class Tape:
    """One function of one variable (others are held), at sample points."""

    def __init__(self, equations: Equations, of: str, by: str, keep: frozenset[str], columns: Mapping[str, Value]):
        """`keep` are the names that stand for themselves; `columns` the points, by name."""
        self.by = by
        self._equations, self._keep = equations, keep
        self._columns = columns
        self._many = max((np.size(column) for column in columns.values()), default=1)
        self._constants: dict[float, Array] = {}
        self._named: dict[str, int] = {}
        self.spots: list[Spot] = []
        self.root = self._add_name(of)
        self._right: list[Array] = []
        for spot in self.spots:
            self._right.append(self._rightly(spot, self._right))

    @property
    def right(self) -> Array:
        """The function's slope."""
        return self._right[self.root]

    def slope(self, at: int = -1, wrong: Rule | None = None, given: Mapping[int, float] | None = None) -> Array:
        """The function's slope with one operation's slope by another rule, or with slopes given outright.

        `at` is -1 for every operation that the rule applies to.
        """
        given = given or {}
        slopes = list(self._right)
        changed: set[int] = set()
        for index, spot in enumerate(self.spots):
            mine: Value | None = given.get(index)
            if wrong is not None and at in (-1, index):
                mine = wrong(self._seen(spot, slopes))
            if mine is not None:
                slopes[index] = self._full(mine)
            elif changed.isdisjoint(spot.arguments):
                continue
            else:
                slopes[index] = self._rightly(spot, slopes)
            changed.add(index)
        return slopes[self.root]

    def places(self, wrong: Rule) -> list[int]:
        """The operations to which a wrong rule applies."""
        return [
            index
            for index, spot in enumerate(self.spots)
            if spot.arguments and wrong(self._seen(spot, self._right)) is not None
        ]

    def place_of(self, name: str) -> int | None:
        """Where a name's value stands on the list."""
        return self._named.get(name)

    def slope_of(self, name: str) -> Array:
        """The slope of a name that the function uses, by the variable."""
        return self._right[self._named[name]]

    def by_name(self, name: str, others: tuple[str, ...]) -> Array:
        """The function's slope by a name that its own equation uses, the `others` held."""
        given = {self._named[other]: 0.0 for other in others} | {self._named[name]: 1.0}
        return self.slope(given=given)

    def _rightly(self, spot: Spot, slopes: list[Array]) -> Array:
        if isinstance(spot.tree, Name) and not spot.arguments:
            return self._full(1.0 if spot.varies else 0.0)
        total: Array | None = None
        for argument, local in zip(spot.arguments, spot.locals, strict=True):
            if local is not None:
                share = local * slopes[argument]
                total = share if total is None else total + share
        return self._full(0.0) if total is None else total

    def _seen(self, spot: Spot, slopes: list[Array]) -> Seen:
        parts = tuple(self.spots[argument] for argument in spot.arguments)
        return Seen(spot, parts, tuple(slopes[argument] for argument in spot.arguments))

    def _full(self, value: Value) -> Array:
        """A value at every point."""
        if np.ndim(value):
            return np.asarray(value, dtype=np.float64)
        number = float(value)
        if number not in self._constants:
            self._constants[number] = np.full(self._many, number)
        return self._constants[number]

    def _add(self, tree: Expression) -> int:
        if isinstance(tree, Name):
            return self._add_name(tree.name)
        if not isinstance(tree, Apply):
            return self._put(Spot(tree, (), self._full(evaluate(tree, {})), varies=False))
        arguments = tuple(map(self._add, tree.arguments))
        parts = [self.spots[argument] for argument in arguments]
        values = [part.value for part in parts]
        value = self._full(GATES[tree.operation].forward(*values, **dict(tree.options)))
        own = tuple(
            self._full(_local(tree.operation, port, values)) if part.varies else None for port, part in enumerate(parts)
        )
        return self._put(Spot(tree, arguments, value, any(part.varies for part in parts), own))

    def _add_name(self, name: str) -> int:
        if name in self._named:
            return self._named[name]
        if name in self._keep or name not in self._equations.meanings:
            index = self._put(Spot(Name(name), (), self._full(self._columns[name]), name == self.by))
        else:
            meant = self._add(self._equations.meanings[name])
            inner = self.spots[meant]
            index = self._put(Spot(Name(name), (meant,), inner.value, inner.varies, (self._full(1.0),)))
        self._named[name] = index
        return index

    def _put(self, spot: Spot) -> int:
        self.spots.append(spot)
        return len(self.spots) - 1


def _local(operation: str, port: int, values: list[Array]) -> Value:
    """The slope of an operation by one of its arguments."""
    gate = GATES[operation]
    return evaluate(_text(operation, port), dict(zip(gate.arguments, values, strict=True)))


@lru_cache(maxsize=128)
def _text(operation: str, port: int) -> Expression:
    gate = GATES[operation]
    return read_expression(gate.slopes[port], vocabulary(*gate.arguments)).tree
