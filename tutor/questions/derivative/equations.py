"""Equations such as `z = 2x + y, x = ln t`: which name stands for what, and what it comes to in other names.

`Tape` has a function as a list of operations at sample points, and carries its slope along that list by the rules, or
by a wrong one: forward mode.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary
from tutor.engine.gates.no_gradient import NO_GRADIENT
from tutor.engine.values import Array, Value
from tutor.language import (
    Apply,
    Equation,
    Expression,
    Name,
    Unreadable,
    Vocabulary,
    names_in,
    read_equation,
    read_expression,
    read_function,
    show,
    walk,
)
from tutor.language.tree import rename
from tutor.library import BadFile

_LEFT = re.compile(r"\s*([^\W\d]\w*)\s*(\(?)")
_MOST_EQUATIONS = 8


@dataclass(frozen=True)
class Equations:
    """What names stand for. No name stands, through others, for itself."""

    meanings: Mapping[str, Expression]
    """A name -> its right-hand side, in the order in which they were written."""

    parameters: tuple[str, ...]
    """The names without an equation, in order of first appearance; those of `f(x) = 99` among them."""

    called: Mapping[str, tuple[str, ...]]
    """The names that were written as functions, and of what."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, those with an equation first."""
        return (*self.meanings, *self.parameters)

    @property
    def first(self) -> str:
        """The name on the left of the first equation."""
        return next(iter(self.meanings))

    def of(self, tree: Expression, keep: Container[str] = ()) -> Expression:
        """An expression with what its names stand for put in, all the way down; the names in `keep` stay."""
        known = {
            name: self.of(self.meanings[name], keep)
            for name in names_in(tree)
            if name in self.meanings and name not in keep
        }
        return rename(tree, known) if known else tree

    def under(self, name: str) -> set[str]:
        """The names that a name's value depends on, through however many equations; itself not among them."""
        names: set[str] = set()
        waiting = [name]
        while waiting:
            for used in self.uses(waiting.pop()):
                if used not in names:
                    names.add(used)
                    waiting.append(used)
        return names

    def uses(self, name: str) -> tuple[str, ...]:
        """The names that stand in a name's own equation."""
        return names_in(self.meanings[name]) if name in self.meanings else ()

    def vocabulary(self) -> Vocabulary:
        """The language with these names."""
        return vocabulary(*self.names)

    def written(self) -> str:
        """All equations in one line."""
        return ",  ".join(f"{self.left(name)} = {show(tree)}" for name, tree in self.meanings.items())

    def left(self, name: str) -> str:
        """A name as its equation writes it: `z`, `σ(x)`."""
        inside = ", ".join(self.called.get(name, ()))
        return f"{name}({inside})" if inside else name


def read_equations(texts: Sequence[str], key: str = "equations") -> Equations:
    """The equations. Raises BadFile for one that cannot be read or used, and for a circle."""
    if not 1 <= len(texts) <= _MOST_EQUATIONS:
        raise BadFile(key, f"there are {len(texts)} equations; one to {_MOST_EQUATIONS} can be used")
    meanings: dict[str, Expression] = {}
    called: dict[str, tuple[str, ...]] = {}
    for text in texts:
        equation, parameters = _read(text, key)
        name = equation.target.name
        if name in meanings:
            raise BadFile(key, f"{name} has two equations")
        for part in walk(equation.expression):
            if not isinstance(part, Apply):
                continue
            gate = GATES[part.operation]
            if gate in NO_GRADIENT:
                reason = f'a derivative does not know the {gate.title} gate; ask for it with kind = "gradient"'
                raise BadFile(key, f"{text}: {reason}")
            if not (gate.elementwise and gate.slopes):
                raise BadFile(key, f"{text}: no expression says the slope of {gate.title} here")
        meanings[name] = equation.expression
        if parameters:
            called[name] = parameters
    used = [name for name, tree in meanings.items() for name in (*called.get(name, ()), *names_in(tree))]
    equations = Equations(meanings, tuple(dict.fromkeys(name for name in used if name not in meanings)), called)
    _refuse_circles(meanings, key)
    return equations


def _refuse_circles(meanings: Mapping[str, Expression], key: str) -> None:
    """Take away, again and again, what uses nothing that is left; a circle stays."""
    left = dict(meanings)
    while free := [name for name, tree in left.items() if not any(used in left for used in names_in(tree))]:
        for name in free:
            del left[name]
    if left:
        raise BadFile(key, f"{' and '.join(left)} stand for themselves, in a circle")


def _read(text: str, key: str) -> tuple[Equation, tuple[str, ...]]:
    """An equation, and its parameters where it is written as a function's."""
    left = _LEFT.match(text)
    words = vocabulary().functions
    if left and left[1] in words:  # σ may be what an exercise is about
        words = {word: function for word, function in words.items() if word != left[1]}
    known = Vocabulary(words)
    try:
        if left and left[2]:
            function = read_function(text, known).tree
            whole = text.partition("=")[2]
            named = read_equation(f"{function.name} ={whole}", known.with_names(*function.parameters)).tree
            return named, function.parameters
        return read_equation(text, replace(known, open_names=True)).tree, ()
    except Unreadable as error:
        raise BadFile(key, f"{text}: {error.message}") from None


@dataclass(frozen=True, slots=True)
class TapeEntry:
    """One operation, or one name, of a function: its value at the points, and whether it changes with the variable."""

    tree: Expression
    arguments: tuple[int, ...]
    value: Array
    varies: bool
    locals: tuple[Array | None, ...] = ()
    """Its slope by each argument that varies."""


@dataclass(frozen=True, slots=True)
class RuleArguments:
    """What a rule sees of an operation: its arguments, and their slopes."""

    entry: TapeEntry
    parts: tuple[TapeEntry, ...]
    slopes: tuple[Array, ...]
    at: Array
    """The values of the variable."""

    @property
    def operation(self) -> str:
        """The gate's key; "" for a name or number."""
        return self.entry.tree.operation if isinstance(self.entry.tree, Apply) else ""


Rule = Callable[[RuleArguments], Value | None]
"""The slope of an operation by a wrong rule; None where that rule does not apply."""


class Tape:
    """One function of one variable (others are held), at sample points."""

    def __init__(
        self,
        equations: Equations,
        of: str,
        by: str,
        keep: frozenset[str],
        columns: Mapping[str, Value],
        moving: Collection[str] = (),
    ):
        """`keep` are the names that stand for themselves; `columns` the points, by name; `moving` others that move."""
        self._varying = {by, *moving}
        self._equations, self._keep = equations, keep
        self._columns = columns
        self._many = max((np.size(column) for column in columns.values()), default=1)
        self._constants: dict[float, Array] = {}
        self._at = self._full(columns.get(by, np.nan))
        self._named: dict[str, int] = {}
        self.entries: list[TapeEntry] = []
        self.root = self._add_name(of)
        self._right: list[Array] = []
        for entry in self.entries:
            self._right.append(self._rightly(entry, self._right))

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
        for index, entry in enumerate(self.entries):
            mine: Value | None = given.get(index)
            if wrong is not None and at in (-1, index):
                mine = wrong(self._seen(entry, slopes))
            if mine is not None:
                slopes[index] = self._full(mine)
            elif changed.isdisjoint(entry.arguments):
                continue
            else:
                slopes[index] = self._rightly(entry, slopes)
            changed.add(index)
        return slopes[self.root]

    def places(self, wrong: Rule) -> list[int]:
        """The operations to which a wrong rule applies."""
        return [
            index
            for index, entry in enumerate(self.entries)
            if entry.arguments and wrong(self._seen(entry, self._right)) is not None
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

    def _rightly(self, entry: TapeEntry, slopes: list[Array]) -> Array:
        if isinstance(entry.tree, Name) and not entry.arguments:
            return self._full(1.0 if entry.varies else 0.0)
        total: Array | None = None
        for argument, local in zip(entry.arguments, entry.locals, strict=True):
            if local is not None:
                share = local * slopes[argument]
                total = share if total is None else total + share
        return self._full(0.0) if total is None else total

    def _seen(self, entry: TapeEntry, slopes: list[Array]) -> RuleArguments:
        parts = tuple(self.entries[argument] for argument in entry.arguments)
        return RuleArguments(entry, parts, tuple(slopes[argument] for argument in entry.arguments), self._at)

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
            return self._put(TapeEntry(tree, (), self._full(evaluate(tree, {})), varies=False))
        arguments = tuple(map(self._add, tree.arguments))
        parts = [self.entries[argument] for argument in arguments]
        values = [part.value for part in parts]
        value = self._full(GATES[tree.operation].forward(*values, **dict(tree.options)))
        own = tuple(
            self._full(_local(tree.operation, port, values)) if part.varies else None for port, part in enumerate(parts)
        )
        return self._put(TapeEntry(tree, arguments, value, any(part.varies for part in parts), own))

    def _add_name(self, name: str) -> int:
        if name in self._named:
            return self._named[name]
        if name in self._keep or name not in self._equations.meanings:
            index = self._put(TapeEntry(Name(name), (), self._full(self._columns[name]), name in self._varying))
        else:
            meant = self._add(self._equations.meanings[name])
            inner = self.entries[meant]
            index = self._put(TapeEntry(Name(name), (meant,), inner.value, inner.varies, (self._full(1.0),)))
        self._named[name] = index
        return index

    def _put(self, entry: TapeEntry) -> int:
        self.entries.append(entry)
        return len(self.entries) - 1


def _local(operation: str, port: int, values: list[Array]) -> Value:
    """The slope of an operation by one of its arguments."""
    gate = GATES[operation]
    return evaluate(_text(operation, port), dict(zip(gate.arguments, values, strict=True)))


@lru_cache(maxsize=128)
def _text(operation: str, port: int) -> Expression:
    gate = GATES[operation]
    return read_expression(gate.slopes[port], vocabulary(*gate.arguments)).tree
