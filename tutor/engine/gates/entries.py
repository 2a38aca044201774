"""Gates that take entries by their positions: a[0], a[:, 1:], and a[i, j] with arrays of positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes import entries as slips
from tutor.engine.gates.positions import numpy_positions, placed
from tutor.engine.gates.whole_numbers import index_code, needs_whole, whole_numbers
from tutor.engine.values import Shape, Value
from tutor.language import Positions, positions_text


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
    mistakes=slips.INDEX,
)

PICK = Gate(
    key="pick",
    elementwise=False,
    title="one entry a row",
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
    mistakes=slips.PICK,
)

ENTRIES = (INDEX, PICK)
