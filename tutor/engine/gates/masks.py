"""Gates that choose: comparisons (1 where they hold, 0 elsewhere), sign, steps, and where(c, a, b).

What they choose by moves their value nowhere but at a jump, so it gets no gradient. An entry says what the gate comes
to on either side of its switch (`Pieces`); its value, its vector-Jacobian products, its symbolic form and its exact
rule follow from that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from tutor.engine.gates.gate import Gate, Options, Pieces
from tutor.engine.gates.mistakes import masks as slips
from tutor.engine.gates.mistakes.mistake import Mistake
from tutor.engine.values import Value


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
    key: str, title: str, symbol: str, sign: str, holds: tuple[int, int, int], mistakes: tuple[Mistake, ...]
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


GREATER = _comparison("greater", "greater than", ">", ">", (0, 0, 1), slips.compared("b > a", "a >= b"))
GREATER_EQUAL = _comparison("greater_equal", "at least", "≥", ">=", (0, 1, 1), slips.compared("b > a", "a > b"))
LESS = _comparison("less", "less than", "<", "<", (1, 0, 0), slips.compared("a > b", "a <= b"))
LESS_EQUAL = _comparison("less_equal", "at most", "≤", "<=", (1, 1, 0), slips.compared("a > b", "a < b"))
EQUAL = _comparison("equal", "equal", "==", "==", (0, 1, 0), slips.compared("a != b"))
NOT_EQUAL = _comparison("not_equal", "not equal", "≠", "!=", (1, 0, 1), slips.compared("a == b"))

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
    mistakes=slips.SIGN,
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
    mistakes=slips.STEP,
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
    mistakes=slips.HEAVISIDE,
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
    mistakes=slips.WHERE,
)

MASKS = (GREATER, GREATER_EQUAL, LESS, LESS_EQUAL, EQUAL, NOT_EQUAL, SIGN, STEP, HEAVISIDE, WHERE)
