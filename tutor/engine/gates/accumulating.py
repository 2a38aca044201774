"""Products of many entries, running sums, and the sum of absolute values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import beside, copies
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes.mistake import Mistake, along_the_other, copied, forward, reduced, spread
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of


def _prod(a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    product: Value = np.prod(a, axis=axis, keepdims=keepdims)
    return product


def _of_the_others(a: Any, axis: Axis) -> Any:
    """For each entry the product of the others of its group: also where one of them is 0."""
    zeros = np.sum(np.equal(a, 0), axis=axis, keepdims=True)
    known = np.where(np.equal(a, 0), 1.0, a)
    product = np.prod(known, axis=axis, keepdims=True)
    alone = np.equal(a, 0) & (zeros == 1)
    return np.where(alone, product, np.where(zeros > 0, 0.0, product / known))


def _prod_vjp(u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    if not shape:
        return u
    sent: Value = expand_to(u, shape, axis, keepdims) * _of_the_others(a, axis)
    return sent


def _prod_text(_shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",)
    axis = options.get("axis")
    return ("u prod(a)/a" if axis is None else f"u prod(a, axis={axis}, keepdims=True)/a",)


def _prod_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    a, axis = names["a"], options.get("axis")
    if isinstance(axis, int):  # without dividing, as an entry may be 0
        others = f"np.prod(np.delete({a}, i, axis={axis}), axis={axis}) for i in range({a}.shape[{axis}])"
        return f"{beside(names['u'], options)} * np.stack([{others}], axis={axis})"
    if axis is None and len(shapes[0]) == 1:
        return f"{names['u']} * np.array([np.prod(np.delete({a}, i)) for i in range({a}.size)])"
    return f"{beside(names['u'], options)} * {beside(names['y'], options)} / {a}"


_OTHERS = "Hold all entries but one fixed. What is that one multiplied by in {y}?"

PROD = Gate(
    key="prod",
    elementwise=False,
    title="product of the entries",
    symbol="prod",
    function_words=("prod",),
    may_be_name=True,
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=_prod,
    vjps=(_prod_vjp,),
    downstreams=("u prod(a)/a",),
    downstreams_at=_prod_text,
    code="np.prod({a})",
    code_vjps=(_prod_code,),
    pattern="A product is a multiply gate with many arguments: every entry gets the upstream times the product of all "
    "the others, which is output/entry where the entry is not 0.",
    shape_rule="The axes taken together disappear (or become 1 with keepdims).",
    mistakes=(
        Mistake("prod_copied", 0, copied, "copies the upstream, as a sum does", _OTHERS),
        Mistake("prod_with_own", 0, lambda u, y, a, axis=None, keepdims=False: spread(u, a, axis, keepdims)
                * spread(y, a, axis, keepdims), "keeps the entry itself in the product", _OTHERS),
        Mistake("prod_own_only", 0, lambda u, _y, a, axis=None, keepdims=False: spread(u, a, axis, keepdims) * a,
                "multiplies by the entry itself", _OTHERS),
        forward("prod_as_sum", reduced(np.sum), "is the sum of the entries", "Are the entries added or multiplied?"),
        forward("prod_wrong_axis", along_the_other(np.prod), "is taken along the other axis", "Which axis disappears?"),
    ),
)  # fmt: skip


def _cumsum(a: Any, axis: int | None = None) -> Value:
    running: Value = np.cumsum(a, axis=axis)
    return running


def _from_the_end(u: Any, axis: int | None) -> Any:
    return np.flip(np.cumsum(np.flip(u, axis), axis=axis), axis)


def _cumsum_vjp(u: Any, _y: Any, a: Any, axis: int | None = None) -> Value:
    sent: Value = np.reshape(_from_the_end(u, axis), np.shape(a))
    return sent if np.ndim(a) else float(sent)


def _cumsum_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    axis = options.get("axis")
    if axis is None:
        flat = "sum(u) - cumsum(u) + u"
        return (flat if len(shapes[0]) == 1 else f"reshape({flat}, {', '.join(map(str, shapes[0]))})",)
    return (f"sum(u, axis={axis}, keepdims=True) - cumsum(u, axis={axis}) + u",)


def _cumsum_code(names: Mapping[str, str], options: Options, shapes: tuple[Shape, ...]) -> str:
    axis, u = options.get("axis"), names["u"]
    if axis is not None:
        return f"np.flip(np.cumsum(np.flip({u}, axis={axis}), axis={axis}), axis={axis})"
    made = f"np.cumsum({u}[::-1])[::-1]"
    return made if len(shapes[0]) == 1 else f"np.reshape({made}, {shapes[0]})"


def _running(change: Any) -> Any:
    """A mistake with the upstream along the axis, in the shape of the argument."""

    def sent(u: Any, _y: Any, a: Any, axis: int | None = None) -> Any:
        return np.reshape(change(np.asarray(u), axis), np.shape(a))

    return sent


_LATER = "Which entries of {y} does the first entry of {a} take part in, and which the last?"

CUMSUM = Gate(
    key="cumsum",
    elementwise=False,
    needs_shape=True,
    title="running sum",
    symbol="cumsum",
    function_words=("cumsum",),
    may_be_name=True,
    arguments=("a",),
    options=("axis",),
    forward=_cumsum,
    vjps=(_cumsum_vjp,),
    downstreams=("sum(u) - cumsum(u) + u",),
    downstreams_at=_cumsum_text,
    code="np.cumsum({a})",
    code_vjps=(_cumsum_code,),
    pattern="An entry takes part in every running sum from its own place on: it gets the sum of the upstream from "
    "there to the end. So the upstream is summed up from the end.",
    shape_rule="Along an axis the shape stays; without one, all entries are read row by row into one vector.",
    mistakes=(
        Mistake("cumsum_passed", 0, _running(lambda u, _axis: u), "passes the upstream on entry by entry", _LATER),
        Mistake("cumsum_forwards", 0, _running(lambda u, axis: np.cumsum(u, axis=axis)),
                "sums the upstream from the start", _LATER),
        Mistake("cumsum_without_own", 0, _running(lambda u, axis: _from_the_end(u, axis) - u.reshape(
                np.shape(_from_the_end(u, axis)))), "leaves out the upstream at the entry's own place", _LATER),
        forward("cumsum_from_end", lambda _u, _y, a, axis=None: _from_the_end(a if axis is not None else np.ravel(a),
                axis), "sums from the end", "Where does a running sum start?"),
        forward("cumsum_without_own", lambda _u, y, a, **_options: y - np.reshape(a, np.shape(y)),
                "leaves out each entry itself", "What is the first running sum?"),
    ),
)  # fmt: skip


def _norm1(a: Any, axis: Axis = None, keepdims: bool = False) -> Value:
    if np.ndim(a) > 1 and not isinstance(axis, int):
        raise ValueError("a vector, or an axis")
    total: Value = np.sum(np.abs(a), axis=axis, keepdims=keepdims)
    return total


def _norm1_vjp(u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    sent: Value = expand_to(u, shape_of(a), axis, keepdims) * np.sign(a)
    return sent


def _smaller_at_zero(sent: Value, u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> bool:
    """Whether it is right where the entries are not 0, and nowhere more than the upstream."""
    if shape_of(sent) != shape_of(a):
        return False
    arriving = expand_to(u, shape_of(a), axis, keepdims)
    away = np.not_equal(a, 0)
    right = np.isclose(sent, arriving * np.sign(a), rtol=5e-3, atol=0)
    return bool(np.all(np.where(away, right, np.abs(sent) <= np.abs(arriving))))


def _signs(rule: Any) -> Any:
    return lambda u, y, a, axis=None, keepdims=False: (
        spread(u, a, axis, keepdims) * rule(a, spread(y, a, axis, keepdims))
    )


_SIGNS = "How much does |x| move with x, to the left of 0 and to the right?"

NORM1 = Gate(
    key="norm1",
    elementwise=False,
    title="1-norm",
    symbol="‖·‖₁",
    function_words=("norm1",),
    may_be_name=True,
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=_norm1,
    vjps=(_norm1_vjp,),
    downstreams=("u a/abs(a)",),
    downstreams_at=lambda _shapes, options: ("u a/abs(a)" if copies(options) else "",),
    accepts_subgradient=_smaller_at_zero,
    subgradient_remark="has a kink at 0: other gradients are right there too. PyTorch uses 0.",
    code="np.sum(np.abs({a}))",
    code_vjps=(lambda names, options, _shapes: f"{beside(names['u'], options)} * np.sign({names['a']})",),
    pattern="A 1-norm sends each entry the upstream times the sign of the entry, however large the entry is. At 0 it "
    "sends 0, as PyTorch does.",
    shape_rule="A vector gives a number. For a matrix, give the axis to sum over, or write sum(|A|) for all entries.",
    mistakes=(
        Mistake("norm_one_no_sign", 0, copied, "leaves out the signs", _SIGNS),
        Mistake("norm_one_as_entries", 0, _signs(lambda a, _y: a), "multiplies by the entries, as half a squared norm "
                "does", _SIGNS),
        Mistake("norm_one_as_norm", 0, _signs(lambda a, y: a / y), "divides the entries by the norm, as ‖·‖₂ does",
                _SIGNS),
        Mistake("norm_one_sizes", 0, _signs(lambda a, _y: np.abs(a)), "multiplies by the sizes of the entries", _SIGNS),
        forward("norm_one_no_bars", reduced(np.sum), "is the sum with the signs",
                "What is done to each entry before it is added?"),
        forward("norm_one_as_norm", reduced(lambda a, **how: np.sqrt(np.sum(a * a, **how))), "is the length, ‖·‖₂",
                "What is added up in a 1-norm?"),
    ),
)  # fmt: skip

ACCUMULATING = (PROD, CUMSUM, NORM1)
