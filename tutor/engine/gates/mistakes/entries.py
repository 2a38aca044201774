"""Mistakes at gates that take entries by their positions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tutor.engine.gates.mistakes.mistake import Mistake, forward
from tutor.engine.gates.positions import numpy_positions, placed
from tutor.language import Positions, Stretch

_PLACE = "Counting from 0, which entries of {a} were taken?"
_ROW_OR_COLUMN = "Which of the two positions is the row?"
_ROWS, _ONE_OF_A_ROW = "gives each upstream to a whole row", "Which single entry of the row was taken?"
_COLUMNS, _FIRST_COLUMN = "counts the columns from 1", "Which column is number 0?"


def _moved(at: Positions, by: int) -> Positions:
    """The positions so many places further on, stretches with them."""

    def moved(entry: Any) -> Any:
        if isinstance(entry, Stretch):
            start, stop = (None if end is None or end < 0 else end + by for end in (entry.start, entry.stop))
            return Stretch(start, stop, entry.step)
        if isinstance(entry, tuple):
            return tuple(map(moved, entry))
        return entry + by if isinstance(entry, int) and entry >= 0 else entry

    return tuple(map(moved, at))


def _is_there(at: Positions) -> bool:
    """Whether no position has come before 0."""
    return all(
        -1 not in entry if isinstance(entry, tuple)
        else not (isinstance(entry, Stretch) and -1 in (entry.start, entry.stop)) and entry != -1
        for entry in at
    )  # fmt: skip


def _at(a: Any, at: Positions) -> Any:
    try:
        return np.asarray(a)[numpy_positions(at)]
    except IndexError:
        return None


def _from_one(_u: Any, _y: Any, a: Any, at: Positions) -> Any:
    earlier = _moved(at, -1)
    return _at(a, earlier) if earlier != at and _is_there(earlier) else None


def _next(_u: Any, _y: Any, a: Any, at: Positions) -> Any:
    later = _moved(at, 1)
    return _at(a, later) if later != at and np.shape(_at(a, later)) == np.shape(_at(a, at)) else None


def _swapped(_u: Any, _y: Any, a: Any, at: Positions) -> Any:
    return _at(np.transpose(a), at) if np.ndim(a) == 2 and None not in at else None


def _put_back(by: int) -> Any:
    def sent(u: Any, _y: Any, a: Any, at: Positions) -> Any:
        other = _moved(at, by)
        if other == at or not _is_there(other) or np.shape(_at(a, other)) != np.shape(u):
            return None
        return placed(u, a, numpy_positions(other))

    return sent


def _everywhere(u: Any, _y: Any, a: Any, **_options: Any) -> Any:
    try:
        return np.broadcast_to(u, np.shape(a)) if np.ndim(u) < np.ndim(a) else None
    except ValueError:
        return None


def _once(u: Any, _y: Any, a: Any, at: Positions) -> Any:
    """Nothing where no entry is taken twice: that is the right answer."""
    whole = np.zeros(np.shape(a))
    whole[numpy_positions(at)] = u
    return None if np.array_equal(whole, placed(u, a, numpy_positions(at))) else whole


def _picked(by: int) -> Any:
    def value(_u: Any, _y: Any, a: Any, i: Any, j: Any) -> Any:
        columns = np.asarray(j, dtype=np.float64) + by
        if np.any(columns < 0) or np.any(columns >= np.shape(a)[1]):
            return None
        return np.asarray(a)[np.asarray(i).astype(int), columns.astype(int)]

    return value


def _pick_swapped(_u: Any, _y: Any, a: Any, i: Any, j: Any) -> Any:
    try:
        return np.asarray(a)[np.asarray(j).astype(int), np.asarray(i).astype(int)]
    except IndexError:
        return None


def _whole_rows(u: Any, _y: Any, a: Any, i: Any, _j: Any) -> Any:
    if np.ndim(a) != 2:
        return None
    table: Any = np.zeros(np.shape(a))
    rows, sent = np.broadcast_arrays(np.asarray(i), np.asarray(u))
    np.add.at(table, rows.astype(int), np.asarray(sent)[..., None])
    return table


def _of_pairs(way: Callable[..., Any]) -> Callable[..., Any]:
    """A mistake with rows and columns, at positions that are lists of both."""

    def value(u: Any, y: Any, a: Any, at: Positions) -> Any:
        lists = len(at) == 2 and all(isinstance(entry, int | tuple) for entry in at)
        pairs = lists and any(isinstance(entry, tuple) for entry in at)
        return way(u, y, a, *at) if pairs and np.ndim(a) == 2 else None

    return value


_ALL = "gives the upstream to every entry"

INDEX = (
    Mistake("index_everywhere", 0, _everywhere, _ALL, _PLACE),
    Mistake("index_one_early", 0, _put_back(-1), "is put back one place too early", _PLACE),
    Mistake("index_one_late", 0, _put_back(1), "is put back one place too late", _PLACE),
    Mistake("index_once", 0, _once, "counts an entry that was taken twice only once",
            "What is to be done where one entry gets several upstreams?"),
    forward("index_from_one", _from_one, "counts the entries from 1", "Which entry is number 0?"),
    forward("index_next", _next, "is one entry too far", "Counting from 0, which entries of {a} are taken?"),
    forward("index_swapped", _swapped, "swaps rows and columns", _ROW_OR_COLUMN),
    Mistake("index_whole_rows", 0, _of_pairs(_whole_rows), _ROWS, _ONE_OF_A_ROW),
    forward("index_columns_from_one", _of_pairs(_picked(-1)), _COLUMNS, _FIRST_COLUMN),
)  # fmt: skip


PICK = (
    Mistake("pick_whole_rows", 0, _whole_rows, _ROWS, _ONE_OF_A_ROW),
    forward("pick_from_one", _picked(-1), _COLUMNS, _FIRST_COLUMN),
    forward("pick_swapped", _pick_swapped, "swaps rows and columns", _ROW_OR_COLUMN),
)  # fmt: skip
