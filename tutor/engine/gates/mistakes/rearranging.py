"""Mistakes at gates that move entries: gather, concat, stack, slice, reshape."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.mistakes.mistake import Mistake, forward


def _rows(b: Any) -> Any:
    return np.atleast_1d(np.asarray(b).astype(int))


def _repeats(b: Any) -> bool:
    return len(set(_rows(b).tolist())) < np.size(b)


def _overwritten(u: Any, _y: Any, a: Any, b: Any) -> Any:
    if not _repeats(b):
        return None
    table = np.zeros(np.shape(a))
    for row, sent in zip(_rows(b), u, strict=True):
        table[row] = sent
    return table


def _averaged(u: Any, _y: Any, a: Any, b: Any) -> Any:
    if not _repeats(b):
        return None
    table, taken = np.zeros(np.shape(a)), np.zeros(len(a))
    np.add.at(table, _rows(b), u)
    np.add.at(taken, _rows(b), 1)
    return table / np.maximum(taken, 1).reshape(-1, *(1,) * (np.ndim(a) - 1))


def _first_rows(u: Any, _y: Any, a: Any, b: Any) -> Any:
    """Put back in the order of the upstream, from the top of the table."""
    many = np.size(b)
    if many > len(a) or np.ndim(b) != 1:
        return None
    return np.concatenate([u, np.zeros((len(a) - many, *np.shape(a)[1:]))])


def _from_one(_u: Any, _y: Any, a: Any, b: Any) -> Any:
    rows = _rows(b) - 1
    return None if np.any(rows < 0) else a[rows].reshape(*np.shape(b), *np.shape(a)[1:])


_WHERE = "Which row of {a} does each row of {y} come from?"

GATHER = (
    Mistake("gather_overwrite", 0, _overwritten, "keeps only the last gradient of a row that was taken more than once",
            "Such a row feeds several rows of {y}. What happens to their gradients?"),
    Mistake("gather_averaged", 0, _averaged, "averages the gradients of a row that was taken more than once",
            "Such a row feeds several rows of {y}. Are their gradients averaged?"),
    Mistake("gather_in_order", 0, _first_rows, "puts the upstream back in the order in which it came", _WHERE),
    forward("gather_from_one", _from_one, "counts the rows from 1", "Which row is number 0?"),
)  # fmt: skip


def _cut_at(port: int) -> Any:
    """The upstream cut in the wrong order: as if the other argument stood first."""

    def sent(u: Any, _y: Any, _a: Any, b: Any, axis: int = 0) -> Any:
        parts = np.split(u, [np.shape(b)[axis]], axis=axis)
        return parts[1 - port]

    return sent


def _concat_back(_u: Any, _y: Any, a: Any, b: Any, axis: int = 0) -> Any:
    return np.concatenate([b, a], axis=axis)


def _added(_u: Any, _y: Any, a: Any, b: Any, **_options: Any) -> Any:
    return a + b if np.shape(a) == np.shape(b) else None


_STRETCH = "Which part of {y} came from {own}?"

CONCAT = (
    Mistake("concat_swapped", 0, _cut_at(0), "is the other end of the upstream", _STRETCH),
    Mistake("concat_swapped", 1, _cut_at(1), "is the other end of the upstream", _STRETCH),
    forward("swapped", _concat_back, "has the arguments in the other order", "Which one comes first?"),
    forward("concat_added", _added, "adds the two", "Are they added, or put end to end?"),
)


def _row(which: int) -> Any:
    return lambda u, _y, _a, _b, axis=0: np.take(u, which, axis=axis)


def _rows_added(u: Any, _y: Any, _a: Any, _b: Any, axis: int = 0) -> Any:
    return np.sum(u, axis=axis)


def _stack_back(_u: Any, _y: Any, a: Any, b: Any, axis: int = 0) -> Any:
    return np.stack([b, a], axis=axis)


def _stack_across(_u: Any, _y: Any, a: Any, b: Any, axis: int = 0) -> Any:
    return np.stack([a, b], axis=1 - axis % 2) if np.ndim(a) == 1 else None


_OWN_ROW = "Which row of {y} is {own}?"

STACK = (
    Mistake("stack_swapped", 0, _row(1), "is what arrived at the other one", _OWN_ROW),
    Mistake("stack_swapped", 1, _row(0), "is what arrived at the other one", _OWN_ROW),
    Mistake("stack_added", 0, _rows_added, "adds what arrived at both", _OWN_ROW),
    Mistake("stack_added", 1, _rows_added, "adds what arrived at both", _OWN_ROW),
    forward("swapped", _stack_back, "has the arguments in the other order", "Which one comes first?"),
    forward("stack_across", _stack_across, "is stacked along the other axis", "Are the two its rows, or its columns?"),
)


def _placed(shift: int) -> Any:
    """The upstream put back so many places further on; nothing where it does not fit there."""

    def sent(u: Any, _y: Any, a: Any, start: int, stop: int, axis: int = 0) -> Any:
        size = np.shape(a)[axis]
        first, last, _ = slice(start, stop).indices(size)
        first, last = first + shift, last + shift
        if first < 0 or last > size:
            return None
        whole = np.zeros(np.shape(a))
        np.moveaxis(whole, axis, 0)[first:last] = np.moveaxis(np.asarray(u), axis, 0)
        return whole

    return sent


def _at_the_start(u: Any, y: Any, a: Any, start: int, stop: int, axis: int = 0) -> Any:
    first = slice(start, stop).indices(np.shape(a)[axis])[0]
    return _placed(-first)(u, y, a, start, stop, axis) if first > 1 else None


def _moved_cut(left: int, right: int) -> Any:
    """The stretch with its ends moved; nothing where that leaves the array."""

    def value(_u: Any, _y: Any, a: Any, start: int, stop: int, axis: int = 0) -> Any:
        size = np.shape(a)[axis]
        first, last, _ = slice(start, stop).indices(size)
        first, last = first + left, last + right
        return np.moveaxis(np.moveaxis(a, axis, 0)[first:last], 0, axis) if 0 <= first < last <= size else None

    return value


_PLACE = "Counting from 0, which entries of {a} were taken?"

SLICE = (
    Mistake("slice_one_early", 0, _placed(-1), "is put back one place too early", _PLACE),
    Mistake("slice_one_late", 0, _placed(1), "is put back one place too late", _PLACE),
    Mistake("slice_at_start", 0, _at_the_start, "is put back at the start", _PLACE),
    forward("slice_with_end", _moved_cut(0, 1), "goes one entry too far", "Is the end of a slice included?"),
    forward("slice_from_one", _moved_cut(-1, -1), "counts the entries from 1", "Which entry is number 0?"),
    forward("slice_both_ends", _moved_cut(-1, 0), "starts one entry too early", "Which entry is number 0?"),
)

_ORDER = "In which order are the entries of a matrix read: row by row, or column by column?"


def _by_columns(u: Any, _y: Any, a: Any, **_options: Any) -> Any:
    return np.reshape(u, np.shape(a), order="F")


RESHAPE = (
    Mistake("reshape_order", 0, _by_columns, "fills the old shape column by column", _ORDER),
    forward("reshape_order", lambda _u, _y, a, shape: np.reshape(a, shape, order="F"), "is filled column by column",
            _ORDER),
    forward("reshape_transposed", lambda _u, _y, a, shape: a.T if np.shape(a.T) == tuple(shape) else None,
            "is the transpose", "Does a reshape change the order of the entries?"),
)  # fmt: skip
