"""Gates that send nothing back: values held fixed, places of the largest entry, one-hot rows, arrays of ones."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes.mistake import Mistake, forward
from tutor.engine.gates.whole_numbers import index_code, needs_whole, whole_numbers
from tutor.engine.values import MOST_ENTRIES, Shape, Value


def _nothing(_u: Any, _y: Any, a: Any, **_options: Any) -> Value:
    sent: Value = 0.0 * a
    return sent


def _nothing_code(names: Mapping[str, str], _options: Options, _shapes: tuple[Shape, ...]) -> str:
    return f"np.zeros_like({names['a']}, dtype=float)"


def _of_same_shape(u: Any, _y: Any, a: Any, **_options: Any) -> Any:
    return u if np.shape(u) == np.shape(a) else None


_HELD = "{y} is held fixed: what is sent through it?"
_PASSED = Mistake("no_gradient_passed", 0, _of_same_shape, "is the upstream, which is not passed on here", _HELD)


def _counted(a: Any) -> Value:
    return float(a) if np.ndim(a) == 0 else np.asarray(a, dtype=np.float64)


STOP_GRADIENT = Gate(
    key="stop_gradient",
    elementwise=False,
    needs_shape=True,
    title="stop gradient",
    symbol="stop",
    function_words=("stop_gradient", "detach", "stopgrad", "stop_grad", "sg"),
    may_be_name=True,
    arguments=("a",),
    forward=lambda a: a,
    vjps=(_nothing,),
    downstreams=("0 a",),
    code="np.copy({a})",
    code_vjps=(_nothing_code,),
    pattern="The value passes as it is, the gradient stops: what is held fixed sends back 0. So the gradient is not "
    "the slope of the value here.",
    shape_rule="Any shape; it stays.",
    mistakes=(
        _PASSED,
        forward("stop_gradient_zero", "0 a", "is 0, but only the gradient is stopped",
                "What does it do to the value?"),
    ),
)  # fmt: skip


def _place(key: str, adjective: str, function: Any, other: Any) -> Gate:
    def place(a: Any, axis: int | None = None) -> Value:
        return _counted(function(a, axis=axis))

    def code(names: Mapping[str, str], options: Options) -> str:
        axis = options.get("axis")
        return f"np.float64(np.{key}({names['a']}{'' if axis is None else f', axis={axis}'}))"

    return Gate(
        key=key,
        elementwise=False,
        title=f"place of the {adjective} entry",
        symbol=key,
        function_words=(key,),
        may_be_name=True,
        arguments=("a",),
        options=("axis",),
        forward=place,
        vjps=(_nothing,),
        downstreams=("0 a",),
        code=f"np.float64(np.{key}({{a}}))",
        code_at=code,
        code_vjps=(_nothing_code,),
        numpy_names=(key,),
        pattern=f"{key} is a whole number, counted from 0. It does not move when the entries move a little, so nothing "
        "is sent back: there is no gradient through it.",
        shape_rule="The axis disappears; without one, all entries are counted row by row.",
        mistakes=(
            Mistake(f"{key}_as_extreme", 0, lambda u, _y, a, axis=None: u * (a == _entry(a, function))
                    if axis is None else None, f"sends the upstream to the {adjective} entry",
                    "Does the place of the entry move when the entry moves a little?"),
            forward(f"{key}_value", lambda _u, _y, a, axis=None: np.take_along_axis(
                a, np.expand_dims(function(a, axis=axis), axis), axis=axis).squeeze(axis) if axis is not None
                else _entry(a, function), "is the entry itself, not its place", "Where is it, counting from 0?"),
            forward(f"{key}_from_one", lambda _u, y, _a, **_options: y + 1, "counts from 1",
                    "Which entry is number 0?"),
            forward(f"{key}_other", lambda _u, _y, a, axis=None: other(a, axis=axis),
                    f"is not the place of the {adjective} entry", f"Which entry is the {adjective}?"),
        ),
    )  # fmt: skip


def _entry(a: Any, function: Any) -> Any:
    # The entry whose place the function gives.
    return np.ravel(a)[function(a)]


ARGMAX = _place("argmax", "largest", np.argmax, np.argmin)
ARGMIN = _place("argmin", "smallest", np.argmin, np.argmax)


def _one_hot(a: Any, classes: int) -> Value:
    if not 1 <= classes * np.size(a) <= MOST_ENTRIES:
        raise ValueError("at least one class, and not too many")
    chosen = whole_numbers(a, classes)
    if chosen is None:
        return np.full((*np.shape(a), classes), np.nan)
    return np.asarray(np.eye(classes)[chosen])


ONE_HOT = Gate(
    key="one_hot",
    elementwise=False,
    needs_shape=True,
    title="one-hot rows",
    symbol="one_hot",
    function_words=("one_hot", "onehot"),
    may_be_name=True,
    arguments=("a",),
    options=("classes",),
    needed_options=("classes",),
    positional=("classes",),
    work=lambda shapes, options: prod(shapes[0]) * options["classes"],
    keywords={"num_classes": "classes"},
    forward=_one_hot,
    vjps=(_nothing,),
    downstreams=("0 a",),
    code="np.eye(n)[{a}]",
    code_at=lambda names, options: f"np.eye({options['classes']})[{index_code(names['a'])}]",
    code_vjps=(_nothing_code,),
    domain=lambda a, classes: needs_whole(a, classes, "a label"),
    pattern="Labels are whole numbers and get no gradient: nothing is sent back.",
    shape_rule="A label, a whole number from 0 to k - 1, gives k entries: 1 at its place, 0 elsewhere. n labels give "
    "(n, k).",
    mistakes=(
        forward("one_hot_from_one", lambda _u, _y, a, classes: np.eye(classes)[np.asarray(a).astype(int) - 1]
                if np.all(np.asarray(a) > 0) else None, "counts the classes from 1", "Which class is number 0?"),
        forward("one_hot_columns", lambda _u, y, _a, **_options: y.T if np.ndim(y) == 2 else None,
                "has a column for each label", "Does each label get a row, or a column?"),
    ),
)  # fmt: skip


def _like(key: str, number: str, function: Any, wrong: Any) -> Gate:
    return Gate(
        key=key,
        elementwise=False,
        needs_shape=True,
        title=f"{number} in the same shape",
        symbol=key,
        function_words=(key,),
        may_be_name=True,
        arguments=("a",),
        forward=lambda a: _counted(function(a, dtype=float)),
        vjps=(_nothing,),
        downstreams=("0 a",),
        code=f"np.{key}({{a}}, dtype=float)",
        code_vjps=(_nothing_code,),
        pattern=f"Only the shape of the argument is used, so nothing is sent back. The entries are all {number[:-1]}.",
        shape_rule="The shape stays.",
        mistakes=(
            _PASSED,
            forward(f"{key}_itself", "a", "is the argument itself", f"What are the entries of {key}?"),
            forward(f"{key}_other", lambda _u, y, _a: wrong(y), f"is not {number}", f"What are the entries of {key}?"),
        ),
    )  # fmt: skip


ONES_LIKE = _like("ones_like", "ones", np.ones_like, np.zeros_like)
ZEROS_LIKE = _like("zeros_like", "zeros", np.zeros_like, np.ones_like)

NO_GRADIENT = (STOP_GRADIENT, ARGMAX, ARGMIN, ONE_HOT, ONES_LIKE, ZEROS_LIKE)
