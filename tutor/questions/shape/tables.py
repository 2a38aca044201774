"""What a question of the kind `shape` may hold, and the arrays it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from msgspec import field

from tutor.engine.values import Shape, show_shape
from tutor.language import Unreadable, names_in
from tutor.library import BadFile
from tutor.library.format import Said
from tutor.questions.inflect import listed
from tutor.questions.question import QuestionTable
from tutor.questions.shape.arrays import (
    MOST_ENTRIES,
    MOST_LISTED,
    AnyArray,
    ArrayOperation,
    counting,
    read_operation,
)
from tutor.questions.short_answer import AskTable

Asks = Literal["shape", "gradient", "derivative", "order", "memory", "view", "contiguous", "strides"]

_MOST_AXES = 5
_BY_SHAPE = ("shape", "gradient", "derivative")
"""What is asked of shapes alone, which may be those of large arrays."""


class ShapeAsk(AskTable, frozen=True, kw_only=True):
    """One blank about the result of an operation."""

    operation: Said
    """Such as "x + y", "a.T", "reshape(a, (3, 2))" or "a[:, 1:]"."""

    asks: Asks = "shape"
    """The result's shape; the shape of a gradient or derivative; the order of the entries, read or in memory; whether
    it is a view, or contiguous; how many entries further the next one of each axis is."""

    by: str = ""
    """The name that a gradient or derivative is taken by."""

    shapes: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    """The shapes of names; added to those of the question."""

    entries: tuple[str, ...] = ()
    """What the entries are called, in row-major order; 0, 1, 2, ... when absent."""


class ShapeTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "shape"`: shapes, and how arrays lie in memory."""

    kind: Literal["shape"] = "shape"
    ask: tuple[ShapeAsk, ...]
    """Its blanks, each a table [[question.ask]]."""

    shapes: dict[str, tuple[int | str, ...]] = field(default_factory=dict)
    """The shapes of the names used in it, such as { x = [2, 1], t = [] }."""

    sizes: dict[str, int] = field(default_factory=dict)
    """Letters that stand for sizes in the shapes, such as { D = 3, K = 2 }."""


class Letter(int):
    """A size that is written as a letter: it counts like its number."""

    letter: str

    def __new__(cls, size: int, letter: str) -> Letter:
        """The size, and how it is written."""
        made = super().__new__(cls, size)
        made.letter = letter
        return made

    def __repr__(self) -> str:
        return self.letter

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return self.letter


@dataclass(frozen=True)
class ShapeSetting:
    """An operation, the arrays it is applied to, and how sizes are written."""

    operation: ArrayOperation
    shapes: Mapping[str, Shape]
    sizes: Mapping[str, int]

    @property
    def arrays(self) -> dict[str, AnyArray]:
        """An array for each name, its entries 0, 1, 2, ..."""
        return {name: counting(tuple(map(int, shape))) for name, shape in self.shapes.items()}

    @property
    def given(self) -> str:
        """The names of the operation and their shapes, in words."""
        return self.told(*names_in(self.operation.tree))

    def told(self, *names: str) -> str:
        """These names and their shapes, in words."""
        return listed([_told(name, self.shapes[name]) for name in dict.fromkeys(names)])

    def written(self, shape: Shape) -> Shape:
        """The same shape, with the letters that stand for its sizes."""
        letters = {size: Letter(size, letter) for letter, size in self.sizes.items()}
        return tuple(letters.get(size, size) for size in shape)


def setting_of(key: str, table: ShapeTable, ask: ShapeAsk) -> ShapeSetting:
    """The operation read and its arrays. Raises BadFile."""
    _check_sizes(table.sizes)
    given = {**table.shapes, **ask.shapes}
    if not given:
        raise BadFile(f"{key}.shapes", "is missing: which shapes have the names in the operation?")
    most = MOST_ENTRIES if ask.asks in _BY_SHAPE else MOST_LISTED
    shapes = {name: _shape(f"{key}.shapes.{name}", sizes, table.sizes, most) for name, sizes in given.items()}
    try:
        operation = read_operation(ask.operation, tuple(shapes))
        setting = ShapeSetting(operation, shapes, table.sizes)
        _ = setting.arrays
    except Unreadable as error:
        raise BadFile(f"{key}.operation", f"{error.message}\n{error.caret()}") from None
    except ValueError as error:
        raise BadFile(f"{key}.operation", str(error)) from None
    if ask.by and ask.by not in shapes:
        raise BadFile(f"{key}.by", f"{ask.by} has no shape here; the names are {', '.join(shapes)}")
    if (ask.asks in ("gradient", "derivative")) != bool(ask.by):
        raise BadFile(f"{key}.by", "names the variable of a gradient or derivative, and is for those only")
    return setting


def _told(name: str, shape: Shape) -> str:
    return f"{name} has shape {show_shape(shape)}" if shape else f"{name} is a number"


def _check_sizes(sizes: Mapping[str, int]) -> None:
    if any(len(letter) != 1 or not letter.isalpha() or letter in "xX" for letter in sizes):
        raise BadFile("sizes", "sizes have one letter each, other than x")
    if len(set(sizes.values())) < len(sizes) or any(size < 2 for size in sizes.values()):
        raise BadFile("sizes", "letters stand for sizes that are larger than 1 and differ from each other")


def _shape(key: str, sizes: tuple[int | str, ...], letters: Mapping[str, int], most: int) -> Shape:
    if len(sizes) > _MOST_AXES:
        raise BadFile(key, f"it has {len(sizes)} axes; up to {_MOST_AXES} are drawn well")
    shape: list[int] = []
    for size in sizes:
        if isinstance(size, str):
            if size not in letters:
                raise BadFile(key, f"{size} is not among the sizes: say sizes = {{ {size} = 3 }} in the question")
            shape.append(Letter(letters[size], size))
        elif size < 1:
            raise BadFile(key, f"every size is positive, a whole number from 1 on; this one is {size}")
        else:
            shape.append(size)
    if np.prod(shape, dtype=float) > most:
        raise BadFile(key, f"it has more than {most:,} entries; take smaller sizes")
    return tuple(shape)


def sizes_named(text: str, tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """The sizes of these questions about shapes that a text names in digits; on other numbers it is untrue."""
    shapes = [
        shape
        for table in tables
        if table.get("kind") == "shape"
        for own in (table.get("shapes", {}), *(ask.get("shapes", {}) for ask in table.get("ask", ())))
        for shape in own.values()
    ]
    sizes = {str(size) for shape in shapes for size in shape if isinstance(size, int) and size > 1}
    return [one for one in dict.fromkeys(re.findall(r"(?<![\w.])\d+(?![\w.]*\d)", text)) if one in sizes]
