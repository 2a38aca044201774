"""Rows of entries to a matrix literal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.language.tree import Expression, Matrix, Span
from tutor.language.unreadable import Trouble


@dataclass(frozen=True, slots=True)
class Row:
    """The entries of one row, before it is known whether it is a vector or part of a matrix."""

    entries: tuple[Expression, ...]

    @property
    def span(self) -> Span:
        """From the first entry to the last."""
        return around(self.entries[0].span, self.entries[-1].span)


def around(*spans: Span) -> Span:
    """The smallest span that holds all of these."""
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def matrix_or_vector(row: Row, span: Span) -> Matrix:
    """`[1, 2]`, or `[[1, 2], [3, 4]]` when every entry is a row itself. Raises Trouble for a mixture."""
    inner = [entry for entry in row.entries if isinstance(entry, Matrix)]
    if not inner:
        return Matrix((row.entries,), True, span)
    if len(inner) < len(row.entries):
        odd = next(entry for entry in row.entries if not isinstance(entry, Matrix))
        raise Trouble("This entry is not a row in brackets as the others are.", odd.span)
    deep = next((entry for entry in inner if not entry.is_vector), None)
    if deep is not None:
        raise Trouble("Brackets go two deep at most: [[1, 2], [3, 4]] is a matrix.", deep.span)
    return _matrix([entry.rows[0] for entry in inner], [entry.span for entry in inner], span)


def matrix_of_rows(rows: Sequence[Row], span: Span) -> Matrix:
    """`1 2; 3 4`. Raises Trouble when an entry is a matrix itself."""
    deep = next((entry for row in rows for entry in row.entries if isinstance(entry, Matrix)), None)
    if deep is not None:
        raise Trouble("Write a matrix either with ; or with brackets around each row.", deep.span)
    return _matrix([row.entries for row in rows], [row.span for row in rows], span)


def _matrix(rows: list[tuple[Expression, ...]], places: list[Span], span: Span) -> Matrix:
    """The matrix, its rows checked. `places` are where the rows stand."""
    length = len(rows[0])
    for row, place in zip(rows, places, strict=True):
        if len(row) != length:
            first = f"{length} entry" if length == 1 else f"{length} entries"
            raise Trouble(f"The rows differ in length: the first has {first}, this one {len(row)}.", place)
    return Matrix(tuple(rows), False, span)
