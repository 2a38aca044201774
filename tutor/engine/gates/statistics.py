"""Variance and standard deviation, products of many entries, running sums, and the sum of absolute values.

All along an axis or over all entries. Variances are divided by n as NumPy does, or by n - ddof.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from tutor.engine.gates.axes import beside, copies, count, count_code, kept
from tutor.engine.gates.elementary import quotient_or_zero
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import along_the_other, backward, copied, forward, reduced, spread
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
        backward("prod_copied", 0, copied, "copies the upstream, as a sum does", _OTHERS),
        backward("prod_with_own", 0, lambda u, y, a, axis=None, keepdims=False: spread(u, a, axis, keepdims)
                 * spread(y, a, axis, keepdims), "keeps the entry itself in the product", _OTHERS),
        backward("prod_own_only", 0, lambda u, _y, a, axis=None, keepdims=False: spread(u, a, axis, keepdims) * a,
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
        backward("cumsum_passed", 0, _running(lambda u, _axis: u), "passes the upstream on entry by entry", _LATER),
        backward("cumsum_forwards", 0, _running(lambda u, axis: np.cumsum(u, axis=axis)),
                 "sums the upstream from the start", _LATER),
        backward("cumsum_without_own", 0, _running(lambda u, axis: _from_the_end(u, axis) - u.reshape(
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
        backward("norm_one_no_sign", 0, copied, "leaves out the signs", _SIGNS),
        backward("norm_one_as_entries", 0, _signs(lambda a, _y: a), "multiplies by the entries, as half a squared norm "
                 "does", _SIGNS),
        backward("norm_one_as_norm", 0, _signs(lambda a, y: a / y), "divides the entries by the norm, as ‖·‖₂ does",
                 _SIGNS),
        backward("norm_one_sizes", 0, _signs(lambda a, _y: np.abs(a)), "multiplies by the sizes of the entries",
                 _SIGNS),
        forward("norm_one_no_bars", reduced(np.sum), "is the sum with the signs",
                "What is done to each entry before it is added?"),
        forward("norm_one_as_norm", reduced(lambda a, **how: np.sqrt(np.sum(a * a, **how))), "is the length, ‖·‖₂",
                "What is added up in a 1-norm?"),
    ),
)  # fmt: skip

ACCUMULATING = (PROD, CUMSUM, NORM1)


class _At(NamedTuple):
    """The entries, their distances from the mean, how many go together, and the gate's value."""

    a: Any
    d: Any
    n: float
    y: Any
    ddof: int

    @property
    def other_count(self) -> float:
        """n − 1 where n is right, n where n − 1 is; NaN where that is nothing."""
        other = self.n + self.ddof if self.ddof else self.n - 1
        return other if other > 0 else float("nan")


def _sent(rule: Callable[[_At], Any]) -> Callable[..., Any]:
    """The upstream, copied to every entry, times a rule."""

    def sent(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False, ddof: int = 0) -> Any:
        away = a - np.mean(a, axis=axis, keepdims=True)
        many = np.size(a) / max(1, np.size(y)) - ddof
        return spread(u, a, axis, keepdims) * rule(_At(a, away, many, spread(y, a, axis, keepdims), ddof))

    return sent


def _reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    """Another spread of the same entries, divided by n."""
    return lambda _u, _y, a, axis=None, keepdims=False, **_ddof: function(a, axis=axis, keepdims=keepdims)


def _by_one_less(function: Callable[..., Any]) -> Callable[..., Any]:
    """Divided by n − 1 where n is right."""
    return lambda _u, _y, a, ddof=0, **options: None if ddof else function(a, ddof=1, **options)


def _by_n(function: Callable[..., Any]) -> Callable[..., Any]:
    """Divided by n where n − 1 is right."""
    return lambda _u, _y, a, ddof=0, **options: function(a, **options) if ddof else None


_DISTANCE = "{y} is a mean of squared distances from the mean. What is the slope of one square?"
_COUNT = "What is the sum of squares divided by here?"
_ROOT = "{y} is a square root. What is its slope?"

VAR_MISTAKES = (
    backward("var_no_two", 0, _sent(lambda at: at.d / at.n), "leaves out the 2 of the square", _DISTANCE),
    backward("var_no_n", 0, _sent(lambda at: 2 * at.d), "leaves out the division by the number of entries", _COUNT),
    backward("var_from_zero", 0, _sent(lambda at: 2 * at.a / at.n), "takes the entries, not their distances from the "
             "mean", _DISTANCE),
    backward("var_one_less", 0, _sent(lambda at: 2 * at.d / at.other_count), "divides by n where n − 1 is right, or "
             "the other way round", _COUNT),
    forward("var_no_root", _reduced(np.std), "is its root", "Is {y} the variance, or the standard deviation?"),
    forward("var_from_zero", _reduced(lambda a, **how: np.mean(a * a, **how)), "is the mean of the squares",
            "What are the distances measured from?"),
    forward("var_one_less", _by_one_less(np.var), "is divided by n − 1, not n", _COUNT),
    forward("var_n", _by_n(np.var), "is divided by n, not n − 1", _COUNT),
    forward("var_sum", lambda _u, y, a, ddof=0, **_options: y * (np.size(a) / np.size(y) - ddof),
            "is the sum of the squares", _COUNT),
)  # fmt: skip

STD_MISTAKES = (
    backward("std_as_var", 0, _sent(lambda at: 2 * at.d / at.n), "is the rule for the variance", _ROOT),
    backward("std_doubled", 0, _sent(lambda at: 2 * at.d / (at.n * at.y)), "has an extra factor 2", _ROOT),
    backward("std_not_divided", 0, _sent(lambda at: at.d / at.n), "is not divided by the standard deviation", _ROOT),
    backward("std_no_n", 0, _sent(lambda at: at.d / at.y), "leaves out the division by the number of entries", _COUNT),
    backward("std_from_zero", 0, _sent(lambda at: at.a / (at.n * at.y)), "takes the entries, not their distances from "
             "the mean", "What are the distances in {y} measured from?"),
    forward("std_no_root", _reduced(np.var), "is the variance, without the root", "What is its root?"),
    forward("std_one_less", _by_one_less(np.std), "is divided by n − 1, not n", _COUNT),
    forward("std_n", _by_n(np.std), "is divided by n, not n − 1", _COUNT),
    forward("std_of_sizes", _reduced(lambda a, **how: np.mean(np.abs(a - np.mean(a)), **how)),
            "is the mean of the absolute distances", "What is squared before the mean is taken?"),
)  # fmt: skip


def _divisor(shape: Shape, axis: Axis, ddof: int) -> int:
    """What the sum of squares is divided by. ValueError where that is nothing."""
    many = count(shape, axis) - ddof
    if many < 1:
        raise ValueError("too few entries")
    return many


def _var(a: Value, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Value:
    _divisor(shape_of(a), axis, ddof)
    spread: Value = np.var(a, axis=axis, keepdims=keepdims, ddof=ddof)
    return spread


def _std(a: Value, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Value:
    _divisor(shape_of(a), axis, ddof)
    spread: Value = np.std(a, axis=axis, keepdims=keepdims, ddof=ddof)
    return spread


def _centred(a: Value, axis: Axis) -> Value:
    away: Value = a - np.mean(a, axis=axis, keepdims=bool(np.ndim(a)))
    return away


def _var_vjp(u: Value, _y: Value, a: Value, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Value:
    shape = shape_of(a)
    return 2.0 * expand_to(u, shape, axis, keepdims) * _centred(a, axis) / _divisor(shape, axis, ddof)


def _std_vjp(u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False, ddof: int = 0) -> Value:
    shape = shape_of(a)
    wide = expand_to(u, shape, axis, keepdims) * _centred(a, axis) / _divisor(shape, axis, ddof)
    return quotient_or_zero(wide, expand_to(y, shape, axis, keepdims))


def _no_longer_at_zero(
    sent: Value, u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False, ddof: int = 0
) -> bool:
    """Whether it is right where the deviation is not 0, and a subgradient where it is: its entries sum to 0 there."""
    shape = shape_of(a)
    if shape_of(sent) != shape:
        return False
    away = np.not_equal(expand_to(y, shape, axis, keepdims), 0)
    right = np.isclose(sent, _std_vjp(u, y, a, axis, keepdims, ddof), rtol=5e-3, atol=0)
    length = np.sqrt(np.sum(np.square(sent), axis=axis, keepdims=keepdims) * _divisor(shape, axis, ddof))
    total = np.abs(np.sum(sent, axis=axis, keepdims=keepdims))
    short = np.multiply(length <= np.abs(u) * (1 + 1e-9), total <= 1e-9 * (1 + np.abs(u))).astype(float)
    return bool(np.all(np.where(away, right, expand_to(short, shape, axis, keepdims))))


def _mean_text(options: Options) -> str:
    axis = options.get("axis")
    return "mean(a)" if axis is None else f"mean(a, axis={axis}, keepdims=True)"


def _var_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",)
    many = _divisor(shapes[0], options.get("axis"), options.get("ddof", 0))
    return (f"2 u (a - {_mean_text(options)})/{many}",)


def _std_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",)
    axis, ddof = options.get("axis"), options.get("ddof", 0)
    along = "" if axis is None else f", axis={axis}, keepdims=True"
    own = f"std(a{along}{f', ddof={ddof}' if ddof else ''})"
    return (f"u (a - {_mean_text(options)})/({_divisor(shapes[0], axis, ddof)} {own})",)


def _away_code(a: str, options: Options) -> str:
    return f"({a} - np.mean({a}{kept(options)})"


def _divisor_code(a: str, options: Options) -> str:
    many, ddof = count_code(a, options.get("axis")), options.get("ddof", 0)
    return f"({many} - {ddof})" if ddof else many


def _var_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    a = names["a"]
    many = _divisor_code(a, options)
    return f"{beside(names['u'], options)} * 2 * {_away_code(a, options)} / {many}"


def _std_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    a = names["a"]
    many = _divisor_code(a, options)
    return f"{beside(names['u'], options)} * {_away_code(a, options)} / ({many} * {beside(names['y'], options)})"


VAR = Gate(
    key="var",
    elementwise=False,
    title="variance",
    symbol="var",
    function_words=("var",),
    may_be_name=True,
    arguments=("a",),
    options=("axis", "keepdims", "ddof"),
    keywords={"correction": "ddof"},
    forward=_var,
    vjps=(_var_vjp,),
    downstreams=("2 u (a - mean(a))/n",),
    downstreams_at=_var_text,
    code="np.var({a})",
    code_vjps=(_var_code,),
    pattern="A variance: upstream × twice the distance from the mean, divided by the number of entries. "
    "The mean moves too, but that adds nothing: the distances sum to 0.",
    shape_rule="The axes taken together disappear (or become 1 with keepdims). The sum of squares is divided by n, "
    "or by n - 1 with ddof=1.",
    mistakes=VAR_MISTAKES,
)

STD = Gate(
    key="std",
    elementwise=False,
    title="standard deviation",
    symbol="std",
    function_words=("std",),
    may_be_name=True,
    arguments=("a",),
    options=("axis", "keepdims", "ddof"),
    keywords={"correction": "ddof"},
    forward=_std,
    vjps=(_std_vjp,),
    downstreams=("u (a - mean(a))/(n std(a))",),
    downstreams_at=_std_text,
    accepts_subgradient=_no_longer_at_zero,
    subgradient_remark="has a kink at 0: other gradients are right there too. PyTorch uses 0.",
    code="np.std({a})",
    code_vjps=(_std_code,),
    pattern="A standard deviation: upstream × the distance from the mean / (number of entries × the deviation). "
    "The root's 1/2 cancels the 2. Where all entries are equal it sends 0, as PyTorch does.",
    shape_rule="The axes taken together disappear (or become 1 with keepdims). The sum of squares is divided by n, "
    "or by n - 1 with ddof=1.",
    mistakes=STD_MISTAKES,
)

SPREADS = (VAR, STD)
