"""Gates that take entries by their positions: a[0], a[:, 1:], and a[i, j] with arrays of positions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import index_code, needs_whole, whole_numbers
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.values import Array, Shape, Value
from tutor.language import Positions, Stretch, positions_text


def numpy_positions(at: Positions) -> tuple[Any, ...]:
    """What goes in NumPy's square brackets: an entry for each of the first axes of the array."""
    return tuple(
        slice(entry.start, entry.stop, entry.step) if isinstance(entry, Stretch)
        else np.array(entry) if isinstance(entry, tuple)
        else entry
        for entry in at
    )  # fmt: skip


def placed(u: Any, a: Any, where: tuple[Any, ...]) -> Array:
    """Zeros in the shape of `a`, with `u` added at these places: an entry taken twice gets both."""
    whole: Array = np.zeros(np.shape(a))
    np.add.at(whole, where, u)
    return whole


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

INDEX_MISTAKES = (
    backward("index_everywhere", 0, _everywhere, _ALL, _PLACE),
    backward("index_one_early", 0, _put_back(-1), "is put back one place too early", _PLACE),
    backward("index_one_late", 0, _put_back(1), "is put back one place too late", _PLACE),
    backward("index_once", 0, _once, "counts an entry that was taken twice only once",
             "What is to be done where one entry gets several upstreams?"),
    forward("index_from_one", _from_one, "counts the entries from 1", "Which entry is number 0?"),
    forward("index_next", _next, "is one entry too far", "Counting from 0, which entries of {a} are taken?"),
    forward("index_swapped", _swapped, "swaps rows and columns", _ROW_OR_COLUMN),
    backward("index_whole_rows", 0, _of_pairs(_whole_rows), _ROWS, _ONE_OF_A_ROW),
    forward("index_columns_from_one", _of_pairs(_picked(-1)), _COLUMNS, _FIRST_COLUMN),
)  # fmt: skip


PICK_MISTAKES = (
    backward("pick_whole_rows", 0, _whole_rows, _ROWS, _ONE_OF_A_ROW),
    forward("pick_from_one", _picked(-1), _COLUMNS, _FIRST_COLUMN),
    forward("pick_swapped", _pick_swapped, "swaps rows and columns", _ROW_OR_COLUMN),
)  # fmt: skip


def _index(a: Any, at: Positions) -> Value:
    try:
        taken = np.asarray(a)[numpy_positions(at)]
    except IndexError as error:
        raise ValueError("there are no such entries") from error
    if not np.size(taken):
        raise ValueError("nothing is left")
    return float(taken) if np.ndim(taken) == 0 else taken


def _index_vjp(u: Value, _y: Value, a: Value, at: Positions) -> Value:
    return placed(u, a, numpy_positions(at)) if np.ndim(a) else u


def _index_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    a, u, at = names["a"], names["u"], options["at"]
    if len(shapes[0]) == len(at) == 1 and isinstance(at[0], int):
        return f"{u} * np.eye(len({a}))[{at[0]}]"
    return _counted(a, u, positions_text(at))


def _counted(a: str, u: str, positions: str) -> str:
    """An expression for the upstream put back: counting with weights adds up what one entry gets several times."""
    numbers = f"np.arange(np.size({a})).reshape(np.shape({a}))[{positions}]"
    return f"np.bincount(np.ravel({numbers}), np.ravel({u}), np.size({a})).reshape(np.shape({a}))"


def _pick(a: Any, i: Any, j: Any) -> Value:
    if np.ndim(a) < 2:
        raise ValueError("two positions in an array of fewer axes")
    shape = np.broadcast_shapes(np.shape(i), np.shape(j))
    where = _rows_and_columns(a, i, j)
    if where is None:
        return np.full((*shape, *np.shape(a)[2:]), np.nan)[()]
    taken: Value = np.asarray(a)[where]
    return taken


def _rows_and_columns(a: Any, i: Any, j: Any) -> tuple[Any, Any] | None:
    """The positions as integers; None where they are none of this array."""
    rows, columns = whole_numbers(i, np.shape(a)[0]), whole_numbers(j, np.shape(a)[1])
    return None if rows is None or columns is None else (rows, columns)


def _pick_vjp(u: Value, _y: Value, a: Value, i: Value, j: Value) -> Value:
    where = _rows_and_columns(a, i, j)
    return np.full(np.shape(a), np.nan) if where is None else placed(u, a, where)


def _pick_domain(a: Value, i: Value, j: Value) -> str | None:
    rows, columns = np.shape(a)[:2]
    return needs_whole(i, rows, "the number of a row") or needs_whole(j, columns, "the number of a column")


def _pick_code(names: Mapping[str, str], _options: Options, _shapes: tuple[Shape, ...]) -> str:
    return _counted(names["a"], names["u"], f"{index_code(names['i'])}, {index_code(names['j'])}")


INDEX = Gate(
    key="index",
    elementwise=False,
    needs_shape=True,
    title="entries",
    symbol="a[i]",
    symbol_at=lambda options: f"[{positions_text(options['at'])}]",
    arguments=("a",),
    options=("at",),
    forward=_index,
    vjps=(_index_vjp,),
    downstreams=("u in its place, 0 elsewhere",),
    downstreams_at=lambda _shapes, _options: ("",),
    code="{a}[i]",
    code_at=lambda names, options: f"{names['a']}[{positions_text(options['at'])}]",
    code_vjps=(_index_code,),
    pattern="The entries that were taken get the upstream, one taken twice gets it twice; all others get nothing.",
    shape_rule="As in NumPy, counted from 0: a position takes its axis away, a stretch 1: keeps it, None adds one.",
    mistakes=INDEX_MISTAKES,
)

PICK = Gate(
    key="pick",
    elementwise=False,
    title="one entry per row",
    symbol="a[i, j]",
    function_words=("pick",),
    may_be_name=True,
    arguments=("a", "i", "j"),
    forward=_pick,
    vjps=(_pick_vjp, lambda _u, _y, _a, i, _j: 0.0 * i, lambda _u, _y, _a, _i, j: 0.0 * j),
    downstreams=("u in its places, 0 elsewhere", "0", "0"),
    downstreams_at=lambda _shapes, _options: ("", "0 i", "0 j"),
    domain=_pick_domain,
    code="{a}[{i}, {j}]",
    code_at=lambda names, _options: f"{names['a']}[{index_code(names['i'])}, {index_code(names['j'])}]",
    code_vjps=(
        _pick_code,
        lambda names, _options, _shapes: f"0.0 * {names['i']}",
        lambda names, _options, _shapes: f"0.0 * {names['j']}",
    ),
    pattern="Each entry that was taken gets its own upstream, one taken twice gets both; all others get nothing.",
    shape_rule="Rows i and columns j, of one shape (m,), whole numbers counted from 0, give (m,).",
    mistakes=PICK_MISTAKES,
)

ENTRIES = (INDEX, PICK)
