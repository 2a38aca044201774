"""Whether the entries that a formula picks are there: index by index, against the shapes that are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.language.array_products import shape_of_tree
from tutor.language.characters import SUBSCRIPT_COMMA, SUBSCRIPT_MINUS, SUBSCRIPT_PLUS
from tutor.language.errors import Trouble
from tutor.language.subscripts import SIGNS_OF_SUMS, is_one_index
from tutor.language.tree import Apply, Entry, Expression, Name, Shape, Span, Stretch, walk
from tutor.language.vocabulary import Arrays

_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight")


@dataclass(frozen=True, slots=True)
class IndexRange:
    """The bounds of a sum, as typed."""

    first: str
    last: str


def _counted_out(count: int) -> str:
    return _NUMERALS[count] if count < len(_NUMERALS) else str(count)


def entries(count: int) -> str:
    """`1 entry`, `3 entries`."""
    return f"{count} {'entry' if count == 1 else 'entries'}"


def split_subscript(text: str, shape: Shape, name: str, span: Span) -> list[str]:
    """One index an axis: `12` is one on a vector, two on a matrix; or one alone, which picks a row.

    Raises Trouble for too many or too few.
    """
    typed = text
    text = text.replace(SUBSCRIPT_PLUS, "+").replace(SUBSCRIPT_MINUS, "-")
    if SUBSCRIPT_COMMA in text or "+" in text or "-" in text:
        places = [part for piece in text.split(SUBSCRIPT_COMMA) for part in _places_of(piece)]
    elif len(shape) == 1 and text.isdecimal():
        places = [text]
    else:
        places = [*text]
    if len(places) != len(shape) and (not is_one_index(typed) or name in SIGNS_OF_SUMS):
        axes = "one axis" if len(shape) == 1 else f"{_counted_out(len(shape))} axes"
        such = "ijklmnop"[: len(shape)]
        raise Trouble(f"{name} has {axes}, so an entry is {name}_{such}. A row is {name}[0].", span)
    return places


def _places_of(piece: str) -> list[str]:
    """`12`, `i+1` and `ij` between commas: a number, a shifted index, letters."""
    return [piece] if piece.isdecimal() or not piece.isalnum() else [*piece]


def checked_range(first: str, last: str, span: Span) -> IndexRange:
    """The bounds, where they are numbers or one letter with a number less. Raises Trouble for others."""
    symbol, minus, less = last.partition("-")
    fine = (
        first.isdecimal()
        and len(first) < 7
        and (symbol.isdecimal() or (symbol.isalpha() and len(symbol) == 1) or not last)
    )
    if not fine or (minus and not less.isdecimal()):
        raise Trouble(
            "A sum goes from a whole number to a whole number, a letter, or a letter minus one: i=1 to n.", span
        )
    return IndexRange(first, last)


def check_entries(tree: Expression, arrays: Arrays) -> None:
    """Raise Trouble for entries that the arrays do not have."""
    for node in walk(tree):
        if not isinstance(node, Apply) or node.operation not in ("index", "pick", "gather") or node.sign != "[":
            continue
        shape = shape_of_tree(node.arguments[0], arrays)
        if shape is None:
            continue
        name = node.arguments[0].name if isinstance(node.arguments[0], Name) else "This"
        if not shape:
            raise Trouble(f"{name} is a number: it has no entries.", node.span)
        if node.operation == "index":
            _check_positions(dict(node.options)["at"], shape, name, node.span)
        elif node.operation == "pick" and len(shape) < 2:
            raise Trouble(f"{name} has one axis, so one position is enough: {name}[0].", node.span)


def _check_positions(at: object, shape: Shape, name: str, span: Span) -> None:
    assert isinstance(at, tuple)
    places = [entry for entry in at if entry is not None and entry is not ...]
    if len(places) > len(shape):
        axes = "one axis" if len(shape) == 1 else f"{_counted_out(len(shape))} axes"
        raise Trouble(f"{name} has {axes}, but here are {_counted_out(len(places))} positions.", span)
    sizes = _sizes(at, shape, len(places))
    lengths = {len(entry) for entry in at if isinstance(entry, tuple) and len(entry) > 1}
    if len(lengths) > 1:
        raise Trouble("Lists of positions beside each other need one length.", span)
    for entry, size in zip(places, sizes, strict=True):
        if isinstance(entry, Stretch):
            if not range(*slice(entry.start, entry.stop, entry.step).indices(size)):
                raise Trouble(f"Nothing is left: {name} has {entries(size)} along this axis.", span)
            continue
        for position in entry if isinstance(entry, tuple) else (entry,):
            if not -size <= position < size:
                along = "" if len(shape) == 1 else " along this axis"
                raise Trouble(
                    f"{name} has {entries(size)}{along}: positions go from 0 to {size - 1}, or from -{size} to -1.",
                    span,
                )


def _sizes(at: Sequence[Entry], shape: Shape, count: int) -> list[int]:
    """The size of the axis of each place."""
    if ... not in at:
        return list(shape[:count])
    before = sum(entry is not None for entry in at[: at.index(...)])
    behind = count - before
    return [*shape[:before], *(shape[len(shape) - behind :] if behind else ())]
