"""Softmax and what goes with it: log-sum-exp, and the cross-entropy of logits. All with the largest taken out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from tutor.engine.gates.axes import (
    beside,
    copies,
    index_code,
    needs_whole,
    no_gradient,
    no_gradient_code,
    whole_numbers,
)
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, copied, forward, reduced, spread
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of


def _other(axis: Any, axes: int) -> Any:
    """The other axis of a matrix; None where there is none."""
    return 1 - axis % 2 if axes == 2 and isinstance(axis, int) else None


def _softmax(a: Any, axis: Any) -> Any:
    grown = np.exp(a - np.max(a, axis=axis, keepdims=True))
    return grown / np.sum(grown, axis=axis, keepdims=True)


def _coupled_along(u: Any, y: Any, axis: Any) -> Any:
    return y * (u - np.sum(u * y, axis=axis, keepdims=True))


def _coupled_across(u: Any, y: Any, a: Any, axis: Any = -1) -> Any:
    other = _other(axis, np.ndim(a))
    return None if other is None else _coupled_along(u, y, other)


def _across(_u: Any, _y: Any, a: Any, axis: Any = -1) -> Any:
    other = _other(axis, np.ndim(a))
    return None if other is None else _softmax(a, other)


def _over_all(_u: Any, _y: Any, a: Any, axis: Any = -1) -> Any:
    return _softmax(a, None) if np.ndim(a) > 1 and axis is not None else None


_JACOBIAN = "Raise one entry of {a}: what happens to the other probabilities?"

SOFTMAX_MISTAKES = (
    backward(
        "softmax_elementwise", 0, "u y (1 - y)", "softmax was treated entry by entry, like a sigmoid", _JACOBIAN
    ),
    backward(
        "softmax_no_coupling", 0, "u y",
        "the sum in the denominator, which every entry of {a} changes, was left out", _JACOBIAN,
    ),
    backward(
        "softmax_sum_unweighted", 0,
        lambda u, y, _a, axis=-1: y * (u - np.sum(u, axis=axis, keepdims=True)),
        "has the plain sum of the upstream, not weighted by the probabilities", _JACOBIAN,
    ),
    backward(
        "softmax_not_summed", 0, "u y - y^2", "the sum over all entries is missing", _JACOBIAN,
    ),
    backward(
        "softmax_sum_unweighted", 0,
        lambda u, y, _a, axis=-1: y * (u - np.mean(u, axis=axis, keepdims=True)),
        "has the plain mean of the upstream, not weighted by the probabilities", _JACOBIAN,
    ),
    backward(
        "softmax_factor_missing", 0,
        lambda u, y, _a, axis=-1: u - np.sum(u * y, axis=axis, keepdims=True),
        "lacks the probability in front of the bracket", "If {y} is almost 0 in one entry, can that entry move much?",
    ),
    backward(
        "softmax_from_input", 0, "u a (1 - a)", "the logits were used instead of the probabilities",
        "The rule uses the output of softmax. What is {y} here?",
    ),
    backward(
        "softmax_wrong_axis", 0, _coupled_across, "couples the entries along the other axis",
        "Along which axis do the probabilities sum to 1?",
    ),
    forward("softmax_not_divided", "exp(a)", "it was not divided by the sum", "What must the probabilities sum to?"),
    forward("softmax_no_exp", lambda _u, _y, a, axis=-1: a / np.sum(a, axis=axis, keepdims=True),
            "is {a} over its sum, without the exponential", "What would that give for a negative logit?"),
    forward("softmax_wrong_axis", _across, "sums to 1 along the other axis", "Which entries belong together?"),
    forward("softmax_over_all", _over_all, "sums to 1 over all entries", "Which entries belong together?"),
)  # fmt: skip


def _grown(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(u, a, axis, keepdims) * np.exp(a)


def _divided(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(u, a, axis, keepdims) * np.exp(-spread(y, a, axis, keepdims))


def _to_the_largest(u: Any, _y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return spread(u, a, axis, keepdims) * (a == np.max(a, axis=axis, keepdims=True))


_SHARES = "{y} is ln of a sum of exponentials. What is the slope of ln, and what does each exponential multiply it by?"

LOG_SUM_EXP_MISTAKES = (
    backward("lse_as_sum", 0, copied, "copies the upstream, as a sum does", _SHARES),
    backward("lse_no_division", 0, _grown, "leaves out the slope of ln", _SHARES),
    backward("lse_no_exp", 0, _divided, "leaves out the slope of the exponential", _SHARES),
    backward("lse_as_max", 0, _to_the_largest, "gives all to the largest entry",
             "Is {y} the largest entry, or only near it?"),
    forward("lse_no_log", reduced(lambda a, **how: np.sum(np.exp(a), **how)), "lacks the logarithm",
            "What is ln of that?"),
    forward("lse_no_exp", reduced(lambda a, **how: np.log(np.abs(np.sum(a, **how)))), "lacks the exponentials",
            "What is added up inside the logarithm?"),
    forward("lse_as_sum", reduced(lambda a, **how: np.sum(a, **how)), "is the sum of the entries",
            "ln of a product is a sum. Is there a product inside?"),
    forward("lse_as_max", reduced(lambda a, **how: np.max(a, **how)), "is the largest entry",
            "Is {y} exactly the largest, or a little more?"),
)  # fmt: skip


class _At(NamedTuple):
    """Probabilities, one-hot labels, the number of rows, and the logits."""

    p: Any
    t: Any
    n: int
    z: Any


def _at(a: Any, b: Any) -> _At:
    truth = np.eye(np.shape(a)[-1])[np.asarray(b).astype(int)]
    return _At(_softmax(a, -1), truth, max(1, np.size(b)), a)


def _sent(rule: Callable[[_At], Any]) -> Callable[..., Any]:
    """The upstream times a rule."""
    return lambda u, _y, a, b: u * rule(_at(a, b))


def _batch(rule: Callable[[_At], Any]) -> Callable[..., Any]:
    """The same where there is more than one row."""
    return lambda u, _y, a, b: u * rule(_at(a, b)) if np.size(b) > 1 else None


def _loss(of_row: Callable[[_At], Any]) -> Callable[..., Any]:
    """Minus the mean over the rows of what is added up over the classes."""
    return lambda _u, _y, a, b: -np.mean(np.sum(of_row(_at(a, b)), -1))


def _losses_added(_u: Any, y: Any, _a: Any, b: Any) -> Any:
    return y * np.size(b) if np.size(b) > 1 else None


def _to_the_right(_u: Any, _y: Any, a: Any, b: Any) -> Any:
    """Labels counted from 1; nothing where one of them would then be 0."""
    rows = np.asarray(b).astype(int) - 1
    return None if np.any(rows < 0) else -np.mean(np.sum(np.log(_softmax(a, -1)) * np.eye(np.shape(a)[-1])[rows], -1))


def _sent_from_one(u: Any, _y: Any, a: Any, b: Any) -> Any:
    """The gradient for labels counted from 1; nothing where one of them would then be 0."""
    rows = np.asarray(b).astype(int) - 1
    if np.any(rows < 0):
        return None
    at = _at(a, rows)
    return u * (at.p - at.t) / at.n


_SIGN = "Raise the logit of the right class: does the loss rise or fall?"
_MEAN = "Is the loss a sum over the rows, or a mean?"
_WHOLE = "{y} takes logits. Is the softmax still to come, or already inside?"

CROSS_ENTROPY_MISTAKES = (
    backward("ce_sign", 0, _sent(lambda at: (at.t - at.p) / at.n), "has the wrong sign", _SIGN),
    backward("ce_no_mean", 0, _batch(lambda at: at.p - at.t), "leaves out the division by the number of rows", _MEAN),
    backward(
        "ce_double_mean", 0, _batch(lambda at: (at.p - at.t) / at.n**2), "divides by the number of rows twice", _MEAN
    ),
    backward(
        "ce_no_onehot", 0, _sent(lambda at: at.p / at.n), "is the probabilities, with nothing subtracted",
        "Which class of each row is the right one, and what is subtracted there?",
    ),
    backward(
        "ce_no_onehot", 0, _batch(lambda at: at.p),
        "is the probabilities, with nothing subtracted and not divided by the number of rows",
        "Which class of each row is the right one, and what is subtracted there?",
    ),
    backward(
        "ce_wrong_n", 0, _sent(lambda at: (at.p - at.t) / np.shape(at.p)[-1]), "divides by the number of classes",
        "How many losses were averaged?",
    ),
    backward(
        "ce_wrong_n", 0, _batch(lambda at: (at.p - at.t) / np.size(at.p)), "divides by the number of all entries",
        "How many losses were averaged?",
    ),
    backward(
        "ce_labels_from_one", 0, _sent_from_one, "subtracts the 1 at the class before: it counts the classes from 1",
        "Which logit is number 0?",
    ),
    backward("ce_at_probs", 0, _sent(lambda at: -at.t / at.p / at.n),
             "is the gradient at the probabilities, before the softmax step", _WHOLE),
    backward("ce_softmax_twice", 0, _sent(lambda at: (at.p - at.t) * at.p * (1 - at.p) / at.n),
             "applies the slope of softmax a second time", _WHOLE),
    backward("ce_label_only", 0, _sent(lambda at: (at.p - at.t) * at.t / at.n), "changes only the right class",
             "Do the other logits leave the probability of the right class unchanged?"),
    forward("ce_sum", _losses_added, "is the sum over the rows", _MEAN),
    forward("ce_sign", lambda _u, y, _a, _b: -y, "lacks the minus", "Is ln of a probability positive or negative?"),
    forward("ce_no_softmax", _loss(lambda at: at.z * at.t),
            "is made of the logits, without ln and softmax", "What is the probability of the right class?"),
    forward("ce_no_log", _loss(lambda at: at.p * at.t), "lacks the logarithm",
            "What is the mean taken of?"),
    forward("ce_all_classes", _loss(lambda at: np.log(at.p)), "adds up all the classes",
            "Which class of each row counts?"),
    forward("ce_labels_from_one", _to_the_right, "counts the classes from 1", "Which logit is number 0?"),
)  # fmt: skip


_LAST = -1


def softmax(a: Value, axis: Axis = _LAST) -> Any:
    """e^a over its sum along the axis, which may be None for all entries; in the shape of `a`. ValueError for a number.

    Shifted by the largest entry, so that nothing overflows: Blanchard, Higham and Higham, "Accurately computing the
    log-sum-exp and softmax functions", IMA Journal of Numerical Analysis 41(4), 2021.
    """
    if not np.ndim(a):
        raise ValueError("softmax takes a vector or a matrix")
    grown = np.exp(a - np.max(a, axis=axis, keepdims=True))
    return grown / np.sum(grown, axis=axis, keepdims=True)


def log_sum_exp(a: Value, axis: Axis = None, keepdims: bool = False) -> Any:
    """ln of the sum of e^a along the axis, which disappears unless `keepdims`, or over all entries: then a number.

    Shifted by the largest entry, as `softmax` is (Blanchard, Higham and Higham 2021).
    """
    largest = np.max(a, axis=axis, keepdims=True)
    total = np.log(np.sum(np.exp(a - largest), axis=axis, keepdims=True)) + largest
    if keepdims:
        return total if np.ndim(a) else float(total)
    return np.squeeze(total, axis=axis)[()] if np.ndim(a) else float(total)


def _softmax_vjp(u: Value, y: Value, _a: Value, axis: Axis = _LAST) -> Value:
    sent: Value = y * (u - np.sum(u * y, axis=axis, keepdims=True))
    return sent


def _softmax_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if len(shapes[0]) == 1 or options.get("axis", _LAST) is None:
        own = "softmax(a, axis=None)" if len(shapes[0]) > 1 else "softmax(a)"
        return (f"{own} (u - sum(u {own}))",)
    axis = options.get("axis", _LAST)
    own = f"softmax(a, axis={axis})" if "axis" in options else "softmax(a)"
    return (f"{own} (u - sum(u {own}, axis={axis}, keepdims=True))",)


def _softmax_forward_code(names: Mapping[str, str], options: Options) -> str:
    axis = options.get("axis", _LAST)
    return f"np.exp({names['a']} - np.logaddexp.reduce({names['a']}, axis={axis}, keepdims=True))"


def _softmax_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    u, y, axis = names["u"], names["y"], options.get("axis", _LAST)
    return f"{y} * ({u} - np.sum({u} * {y}, axis={axis}, keepdims=True))"


def _log_sum_exp_vjp(u: Value, y: Value, a: Value, axis: Axis = None, keepdims: bool = False) -> Value:
    shape = shape_of(a)
    share: Value = expand_to(u, shape, axis, keepdims) * np.exp(a - expand_to(y, shape, axis, keepdims))
    return share


def _log_sum_exp_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    if not copies(options):
        return ("",) if len(shapes[0]) > 1 else ("u softmax(a)",)
    axis = options.get("axis")
    along = f", axis={axis}, keepdims=True" if axis is not None else ""
    return (f"u exp(a - logsumexp(a{along}))",)


def _log_sum_exp_forward_code(names: Mapping[str, str], options: Options) -> str:
    keep = ", keepdims=True" if options.get("keepdims") else ""
    return f"np.logaddexp.reduce({names['a']}, axis={options.get('axis')}{keep})"


def _log_sum_exp_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    return f"{beside(names['u'], options)} * np.exp({names['a']} - {beside(names['y'], options)})"


def _cross_entropy(a: Any, t: Any) -> Value:
    logits, labels = np.asarray(a), np.asarray(t)
    if logits.ndim not in (1, 2) or labels.shape != logits.shape[:-1]:
        raise ValueError("one label for each row of logits")
    chosen = whole_numbers(labels, logits.shape[-1])
    if chosen is None:
        return float("nan")
    picked = np.take_along_axis(logits, chosen[..., None], axis=-1)[..., 0]
    return float(np.mean(log_sum_exp(logits, axis=-1) - picked))


def _cross_entropy_vjp(u: Value, _y: Value, a: Value, t: Value) -> Value:
    classes = np.shape(a)[-1]
    chosen = whole_numbers(t, classes)
    if chosen is None:
        return np.full(np.shape(a), np.nan)
    share: Value = u * (softmax(a) - np.eye(classes)[chosen]) / max(1, np.size(t))
    return share


def _cross_entropy_forward_code(names: Mapping[str, str], _options: Options) -> str:
    # The rows of the unit matrix pick one logit each; so they do for a single vector of logits and its label.
    a, t = names["a"], index_code(names["b"])
    return f"np.mean(np.logaddexp.reduce({a}, axis=-1) - np.sum({a} * np.eye({a}.shape[-1])[{t}], axis=-1))"


def _cross_entropy_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    a, t = names["a"], index_code(names["b"])
    mean = f" / len({a})" if len(shapes[0]) > 1 else ""
    chances = f"np.exp({a} - np.logaddexp.reduce({a}, axis=-1, keepdims=True))"
    return f"{names['u']} * ({chances} - np.eye({a}.shape[-1])[{t}]){mean}"


SOFTMAX = Gate(
    key="softmax",
    elementwise=False,
    title="softmax",
    symbol="softmax",
    function_words=("softmax",),
    arguments=("a",),
    options=("axis",),
    forward=softmax,
    vjps=(_softmax_vjp,),
    downstreams=("softmax(a) (u - sum(u softmax(a)))",),
    downstreams_at=_softmax_text,
    code="np.exp({a} - np.logaddexp.reduce({a}, axis=-1, keepdims=True))",
    code_at=_softmax_forward_code,
    code_vjps=(_softmax_code,),
    pattern="Raising one logit lowers every other probability. So subtract from each upstream entry "
    "their average, weighted by the probabilities; then multiply by the entry's own probability.",
    shape_rule="The shape stays; entries along one axis (the last, unless axis says otherwise) are mixed.",
    mistakes=SOFTMAX_MISTAKES,
)

LOG_SUM_EXP = Gate(
    key="logsumexp",
    elementwise=False,
    title="log-sum-exp",
    symbol="logsumexp",
    function_words=("logsumexp",),
    arguments=("a",),
    options=("axis", "keepdims"),
    forward=log_sum_exp,
    vjps=(_log_sum_exp_vjp,),
    downstreams=("u softmax(a)",),
    downstreams_at=_log_sum_exp_text,
    code="np.logaddexp.reduce({a}, axis=None)",
    code_at=_log_sum_exp_forward_code,
    code_vjps=(_log_sum_exp_code,),
    pattern="Log-sum-exp is a smooth maximum: it splits the upstream by the softmax of its entries.",
    shape_rule="All entries are taken together, or those along an axis, which disappears (or becomes 1 with keepdims).",
    mistakes=LOG_SUM_EXP_MISTAKES,
)

CROSS_ENTROPY = Gate(
    key="cross_entropy",
    elementwise=False,
    title="cross-entropy of logits",
    symbol="CE",
    function_words=("cross_entropy",),
    arguments=("a", "b"),
    forward=_cross_entropy,
    vjps=(_cross_entropy_vjp, no_gradient),
    downstreams=("u (softmax(a) - onehot(b))/n", "0"),
    downstreams_at=lambda _shapes, _options: ("", "0 b"),
    domain=lambda a, b: needs_whole(b, np.shape(a)[-1], "a label"),
    code="np.mean(np.logaddexp.reduce({a}, axis=-1) - np.sum({a} * np.eye({a}.shape[-1])[{b}], axis=-1))",
    code_at=_cross_entropy_forward_code,
    code_vjps=(_cross_entropy_code, no_gradient_code),
    pattern="Softmax and loss together: upstream × (probability − label)/rows. That is softmax, minus 1 at each "
    "row's label, over the number of rows. Labels get no gradient.",
    shape_rule="Logits (n, k) and n labels, whole numbers from 0 to k - 1, give the mean loss; so do k logits and one "
    "label.",
    averages=True,
    mistakes=CROSS_ENTROPY_MISTAKES,
)

SOFTMAXES = (SOFTMAX, LOG_SUM_EXP, CROSS_ENTROPY)
