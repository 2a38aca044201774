"""Gates that send nothing back, all or part of the way: comparisons and steps, values held fixed, places, ones.

A comparison is 1 where it holds and 0 elsewhere: flat on both sides of its jump. where(c, a, b) sends nothing to c.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from tutor.engine.gates.axes import index_code, needs_whole, whole_numbers
from tutor.engine.gates.gate import Gate, Options, Pieces
from tutor.engine.gates.misconceptions import GateMisconception, backward, forward
from tutor.engine.values import MOST_ENTRIES, Shape, Value


def _nothing(_u: Any, _y: Any, a: Any, **_options: Any) -> Value:
    sent: Value = 0.0 * a
    return sent


def _nothing_code(names: Mapping[str, str], _options: Options, _shapes: tuple[Shape, ...]) -> str:
    return f"np.zeros_like({names['a']}, dtype=float)"


def _of_same_shape(u: Any, _y: Any, a: Any, **_options: Any) -> Any:
    return u if np.shape(u) == np.shape(a) else None


_HELD = "{y} is held fixed: what is sent through it?"
_PASSED = backward("no_gradient_passed", 0, _of_same_shape, "is the upstream, which is not passed on here", _HELD)


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
            backward(f"{key}_as_extreme", 0, lambda u, _y, a, axis=None: u * (a == _entry(a, function))
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


_MOVES = "Nudge {own} a little, away from the jump: does {y} move?"


def _through(key: str, port: int) -> GateMisconception:
    """The upstream sent on to what is only compared."""
    return backward(
        f"{key}_passes", port, lambda u, y, *_arguments: u + 0.0 * y,
        "passes the upstream on, though {y} is flat on both sides of its jump", _MOVES,
    )  # fmt: skip


def _by_value(key: str, port: int) -> GateMisconception:
    """The gate's value used as its slope."""
    return backward(
        f"{key}_value", port, lambda u, y, *_arguments: u * y if np.any(np.not_equal(y, 1)) else None,
        "uses the gate's value as its slope", _MOVES,
    )  # fmt: skip


def compared(opposite: str, edge: str = "") -> tuple[GateMisconception, ...]:
    """For a comparison: `opposite` is what it is with its sides swapped, `edge` with the other rule for a tie."""
    ties = [forward("mask_at_tie", edge, "the tie was counted the other way", "Does the sign include equality?")]
    return (
        _through("mask", 0), _through("mask", 1), _by_value("mask", 0), _by_value("mask", 1),
        forward("mask_inverted", opposite, "it is 1 where the comparison fails", "Where does the comparison hold?"),
        *(ties if edge else []),
    )  # fmt: skip


SIGN_MISTAKES = (
    _through("sign", 0), _by_value("sign", 0),
    forward("sign_inverted", "-sign(a)", "it has the other sign", "Is {a} above or below 0?"),
    forward("sign_as_abs", "abs(a)", "that is the size of {a}", "Only the sign is asked. Which number stands for it?"),
    forward("sign_as_step", lambda _u, _y, a: 1.0 * np.greater(a, 0) if np.any(np.less(a, 0)) else None,
            "has 0 where {a} is negative", "Which number stands for a minus sign?"),
)  # fmt: skip

STEP_MISTAKES = (
    _through("step", 0), _by_value("step", 0),
    forward("step_inverted", lambda _u, _y, a: 1.0 * np.less_equal(a, 0), "is 1 below 0 instead of above",
            "On which side of 0 is {a}?"),
    forward("step_as_relu", "relu(a)", "that is the ReLU", "A step has one height. What is it?"),
    forward("step_as_sign", lambda _u, _y, a: np.sign(a) if np.any(np.less(a, 0)) else None,
            "has -1 where {a} is negative", "What is a step on its low side?"),
)  # fmt: skip

HEAVISIDE_MISTAKES = (
    _through("heaviside", 0), _by_value("heaviside", 0), _through("heaviside", 1),
    forward("heaviside_inverted", "1 - y", "it is 1 below 0 instead of above", "On which side of 0 is {a}?"),
    forward("heaviside_edge", "b", "that is the value at 0", "Is {a} 0 here?"),
)  # fmt: skip


def _routed(chosen: Any) -> tuple[GateMisconception, GateMisconception]:
    """For a branch of where: sent to the other branch's places, or everywhere."""
    port = 1 if chosen is np.not_equal else 2
    return (
        backward("where_swapped", port, lambda u, _y, c, _a, _b: u * np.logical_not(chosen(c, 0)),
                 "goes where the other branch was chosen", "Where did {y} take {own}?"),
        backward("where_both", port, lambda u, y, c, _a, _b: _elsewhere(chosen(c, 0), u + 0.0 * y),
                 "passes {own} on where the other branch was chosen", "Nudge {own} there: does {y} move?"),
    )  # fmt: skip


def _elsewhere(chosen: Any, value: Any) -> Any:
    """A mistake of its own only where the other branch was taken somewhere."""
    return value if not np.all(chosen) else None


WHERE_MISTAKES = (
    _through("where_condition", 0),
    *_routed(np.not_equal), *_routed(np.equal),
    forward("where_branches_swapped", "where(c, b, a)", "the branches are swapped",
            "where takes the first branch where the condition holds. Does it hold here?"),
)  # fmt: skip


def _switch(pieces: Pieces, values: tuple[Any, ...]) -> Any:
    return values[0] - values[1] if pieces.compares else values[0]


def _selected(switch: Any, below: Any, at: Any, above: Any) -> Any:
    """One of three, entry by entry; NaN where the switch has no value."""
    if isinstance(switch, float):
        chosen = below if switch < 0 else at if switch == 0 else above
        if math.isnan(switch):
            return switch if isinstance(chosen, float) else np.full(np.shape(chosen), switch)
        return chosen
    sides = [np.less(switch, 0), np.equal(switch, 0), np.greater(switch, 0)]
    return np.select(sides, [below, at, above], math.nan)


def _forward(pieces: Pieces, names: tuple[str, ...]) -> Callable[..., Value]:
    def forward(*values: Value) -> Value:
        own: dict[Any, Any] = dict(zip(names, values, strict=True))
        parts = [own[part] if isinstance(part, str) else float(part) for part in _three(pieces)]
        value = _selected(_switch(pieces, values), *parts)
        if isinstance(value, float) and all(isinstance(other, float) for other in values):
            return value
        stretched: Value = np.broadcast_to(value, np.broadcast_shapes(*map(np.shape, values)))
        return stretched

    return forward


def _vjp(pieces: Pieces, name: str) -> Callable[..., Value]:
    """What reaches an argument: all of the upstream where the gate passes it on, nothing elsewhere."""
    passes = [float(part == name) for part in _three(pieces)]
    if not any(passes):
        return lambda u, _y, *_values: u * 0.0
    return lambda u, _y, *values: u * _selected(_switch(pieces, values), *passes)


def _form(pieces: Pieces, names: tuple[str, ...]) -> Callable[..., Any]:
    def form(m: Any, *values: Any) -> Any:
        own: dict[Any, Any] = dict(zip(names, values, strict=True))
        below, at, above = (own[part] if isinstance(part, str) else m.Integer(part) for part in _three(pieces))
        first, second = (values[0], values[1]) if pieces.compares else (values[0], m.Integer(0))
        if below == above:
            return m.Piecewise((at, m.Eq(first, second)), (below, True))
        if at == above:
            return m.Piecewise((above, first >= second), (below, True))
        middle = [] if at == below else [(at, m.Eq(first, second))]
        return m.Piecewise((above, first > second), *middle, (below, True))

    return form


def _exact(pieces: Pieces, names: tuple[str, ...]) -> Callable[..., Fraction | None]:
    def exact(*values: Fraction) -> Fraction | None:
        switch = _switch(pieces, values)
        chosen = pieces.below if switch < 0 else pieces.at if switch == 0 else pieces.above
        return values[names.index(chosen)] if isinstance(chosen, str) else Fraction(chosen)

    return exact


def _three(pieces: Pieces) -> tuple[int | str, int | str, int | str]:
    return pieces.below, pieces.at, pieces.above


def _choosing(key: str, arguments: tuple[str, ...], pieces: Pieces, **entry: Any) -> Gate:
    """An entry, all that follows from its pieces filled in."""
    made: dict[str, Any] = {
        "forward": _forward(pieces, arguments),
        "vjps": tuple(_vjp(pieces, name) for name in arguments),
        "form": _form(pieces, arguments),
        "exact": _exact(pieces, arguments),
        "sympy_rewrites": True,
        "locals": ("0",) * len(arguments),
    }
    return Gate(key=key, arguments=arguments, pieces=pieces, **{**made, **entry})


_FLAT = "A comparison is flat on either side of its jump: it sends nothing back. The gradient goes the other ways."


def _comparison(
    key: str, title: str, symbol: str, sign: str, holds: tuple[int, int, int], mistakes: tuple[GateMisconception, ...]
) -> Gate:
    """1 where a `sign` b, else 0. `holds`: below, at and above."""
    return _choosing(
        key,
        ("a", "b"),
        Pieces(*holds, compares=True),
        title=title,
        symbol=symbol,
        function_words=(key,),
        code=f"1.0 * ({{a}} {sign} {{b}})",
        numpy_names=(key,),
        pattern=_FLAT,
        mistakes=mistakes,
    )  # fmt: skip


GREATER = _comparison("greater", "greater than", ">", ">", (0, 0, 1), compared("b > a", "a >= b"))
GREATER_EQUAL = _comparison("greater_equal", "at least", "≥", ">=", (0, 1, 1), compared("b > a", "a > b"))
LESS = _comparison("less", "less than", "<", "<", (1, 0, 0), compared("a > b", "a <= b"))
LESS_EQUAL = _comparison("less_equal", "at most", "≤", "<=", (1, 1, 0), compared("a > b", "a < b"))
EQUAL = _comparison("equal", "equal", "==", "==", (0, 1, 0), compared("a != b"))
NOT_EQUAL = _comparison("not_equal", "not equal", "≠", "!=", (1, 0, 1), compared("a == b"))

SIGN = _choosing(
    "sign",
    ("a",),
    Pieces(-1, 0, 1),
    title="sign",
    symbol="sign",
    function_words=("sign", "sgn"),
    form=lambda m, a: m.sign(a),
    code="np.sign({a})",
    pattern="A sign is flat on either side of its jump at 0: it sends nothing back.",
    mistakes=SIGN_MISTAKES,
)

STEP = _choosing(
    "step",
    ("a",),
    Pieces(0, 0, 1),
    title="step",
    symbol="step",
    function_words=("step",),
    shared_word="heaviside",
    code="1.0 * ({a} > 0)",
    pattern="A step is flat on either side of its jump at 0: it sends nothing back. Here it is 0 at 0.",
    mistakes=STEP_MISTAKES,
)

HEAVISIDE = _choosing(
    "heaviside",
    ("a", "b"),
    Pieces(0, "b", 1),
    title="Heaviside step",
    symbol="heaviside",
    function_words=("heaviside",),
    locals=("0", "a == 0"),
    code="np.heaviside({a}, {b})",
    pattern="A step is flat on either side of its jump at 0: it sends nothing back. Its second argument is the value "
    "at 0, and gets the upstream there.",
    mistakes=HEAVISIDE_MISTAKES,
)

_MASK_IN_CODE = re.compile(r"1\.0 \* \(([^()]*)\)")


def _where_code(names: Mapping[str, str], _options: Options) -> str:
    """NumPy's where takes a comparison as it is."""
    bare = _MASK_IN_CODE.fullmatch(names["c"])
    return f"np.where({bare[1] if bare else names['c']}, {names['a']}, {names['b']})"


WHERE = _choosing(
    "where",
    ("c", "a", "b"),
    Pieces("a", "b", "a"),
    title="where",
    symbol="where",
    function_words=("where",),
    locals=("0", "where(c, 1, 0)", "where(c, 0, 1)"),
    code="np.where({c}, {a}, {b})",
    code_at=_where_code,
    pattern="where routes: what was chosen gets the upstream, the other nothing there, and the condition nothing.",
    shape_rule="Entry by entry: a where c holds (is not 0), else b; shapes broadcast.",
    mistakes=WHERE_MISTAKES,
)

MASKS = (GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, EQUAL, NOT_EQUAL, SIGN, STEP, HEAVISIDE, WHERE)
