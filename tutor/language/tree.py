"""The tree a learner's text becomes: numbers, names, operations and matrices.

A tree is data. It holds no SymPy or NumPy objects; the engine builds those from it. Depth is capped by the
reader, which sees to it that the recursive walks here and elsewhere have room.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain
from types import EllipsisType


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters in the text as it was typed."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """`start:stop:step` in square brackets, as NumPy has it; None where nothing was typed."""

    start: int | None = None
    stop: int | None = None
    step: int | None = None


Entry = int | Stretch | EllipsisType | tuple[int, ...] | None
"""What one place in square brackets may hold: a position, a stretch, `...`, a list of positions, a new axis."""

Positions = tuple[Entry, ...]
"""What is in square brackets behind an array."""

Option = int | bool | tuple[int, ...] | Positions | str | None
"""What a keyword such as `axis=0` or `keepdims=True` may hold, and the positions of an index."""

Shape = tuple[int, ...]
"""Sizes of an array's axes, as NumPy gives them; () for a number."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number, exact: `0.1` is one tenth. `text` is how it was typed, which tells its precision."""

    value: Fraction
    text: str = field(compare=False)
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """`pi` or `e`."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the exercise: an input or a gate's output."""

    name: str
    span: Span = field(default=NOWHERE, compare=False)


ENTRYWISE = "⊙"
"""The sign of a product between arrays, and of a power of a square matrix, that goes entry by entry."""


@dataclass(frozen=True, slots=True)
class Apply:
    """One operation applied to arguments.

    `operation` is a gate's key: `add`, `mul`, `ln`, ... `sign` is how it was written where that matters
    later: `""` for a product by juxtaposition, `"*"`, `"e^"`, `"bars"`.
    """

    operation: str
    arguments: tuple[Expression, ...]
    options: tuple[tuple[str, Option], ...] = ()
    span: Span = field(default=NOWHERE, compare=False)
    sign: str = field(default="", compare=False)
    names: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """Those the tree uses; with the hash known from the beginning, as a long sum is asked at each of its operations."""

    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = dict.fromkeys(chain.from_iterable(map(names_in, self.arguments)))
        object.__setattr__(self, "names", tuple(found))
        object.__setattr__(self, "_hash", hash((self.operation, self.arguments, self.options)))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        """Whether the trees are the same; no recursion, as a long sum is a deep tree."""
        if type(other) is not Apply:
            return NotImplemented
        waiting: list[tuple[Expression, Expression]] = [(self, other)]
        while waiting:
            mine, theirs = waiting.pop()
            if mine is theirs:
                continue
            if not (isinstance(mine, Apply) and isinstance(theirs, Apply)):
                if mine != theirs:
                    return False
                continue
            if mine._hash != theirs._hash or len(mine.arguments) != len(theirs.arguments):
                return False
            if (mine.operation, mine.options) != (theirs.operation, theirs.options):
                return False
            waiting += zip(mine.arguments, theirs.arguments, strict=True)
        return True


@dataclass(frozen=True, slots=True)
class Matrix:
    """A literal: `[1, 2]` is a vector (one row, `is_vector`), `[[1, 2], [3, 4]]` and `1 2; 3 4` are matrices.

    With three and more axes it is a vector of matrices.
    """

    rows: tuple[tuple[Expression, ...], ...]
    is_vector: bool = False
    span: Span = field(default=NOWHERE, compare=False)

    @property
    def shape(self) -> tuple[int, ...]:
        """The NumPy shape of the literal, its entries taken as scalars."""
        columns = len(self.rows[0])
        if not self.is_vector:
            return (len(self.rows), columns)
        first = self.rows[0][0]
        return (columns, *first.shape) if isinstance(first, Matrix) else (columns,)

    @property
    def entries(self) -> tuple[Expression, ...]:
        """Every entry, in NumPy's order, whatever the number of axes."""
        here = tuple(entry for row in self.rows for entry in row)
        if not isinstance(here[0], Matrix):
            return here
        return tuple(entry for part in here if isinstance(part, Matrix) for entry in part.entries)


Expression = Number | Constant | Name | Apply | Matrix


@dataclass(frozen=True, slots=True)
class Equation:
    """`target = expression`, as in a staged equation."""

    target: Name
    expression: Expression


@dataclass(frozen=True, slots=True)
class Function:
    """`f(x, y) = expression`: what an exercise is about."""

    name: str
    parameters: tuple[str, ...]
    expression: Expression


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly below this one, left to right."""
    match expression:
        case Apply():
            return expression.arguments
        case Matrix():
            return tuple(entry for row in expression.rows for entry in row)
        case _:
            return ()


def walk(expression: Expression) -> list[Expression]:
    """Every expression in the tree, parents before children, left to right."""
    found: list[Expression] = []
    waiting = [expression]
    while waiting:
        here = waiting.pop()
        found.append(here)
        if isinstance(here, Apply):
            waiting.extend(reversed(here.arguments))
        elif isinstance(here, Matrix):
            waiting.extend(reversed(children(here)))
    return found


def names_in(expression: Expression) -> tuple[str, ...]:
    """The names the tree uses, each once, in order of first appearance."""
    match expression:
        case Apply():
            return expression.names
        case Name(name):
            return (name,)
        case Matrix():
            return tuple(dict.fromkeys(name for entry in children(expression) for name in names_in(entry)))
        case _:
            return ()


def rename(expression: Expression, new: Mapping[str, Expression]) -> Expression:
    """The expression with these names replaced by expressions; other names stay."""
    match expression:
        case Name(name):
            return new.get(name, expression)
        case Apply():
            return replace(expression, arguments=tuple(rename(part, new) for part in expression.arguments))
        case Matrix():
            rows = tuple(tuple(rename(entry, new) for entry in row) for row in expression.rows)
            return replace(expression, rows=rows)
        case _:
            return expression
