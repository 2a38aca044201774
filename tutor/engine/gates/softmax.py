"""Softmax and what goes with it: log-sum-exp, and the cross-entropy of logits. All with the largest taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import beside, copies
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.mistakes import softmax as slips
from tutor.engine.gates.whole_numbers import index_code, needs_whole, no_gradient, no_gradient_code, whole_numbers
from tutor.engine.values import Axis, Shape, Value, expand_to, shape_of

_LAST = -1


def softmax(a: Value, axis: Axis = _LAST) -> Any:
    """e^a over its sum along the axis, which may be None for all entries. ValueError for a number."""
    if not np.ndim(a):
        raise ValueError("softmax takes a vector or a matrix")
    grown = np.exp(a - np.max(a, axis=axis, keepdims=True))
    return grown / np.sum(grown, axis=axis, keepdims=True)


def log_sum_exp(a: Value, axis: Axis = None, keepdims: bool = False) -> Any:
    """ln of the sum of e^a along the axis, or over all entries."""
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
    face="softmax",
    words=("softmax",),
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
    mistakes=slips.SOFTMAX,
)

LOG_SUM_EXP = Gate(
    key="logsumexp",
    elementwise=False,
    title="log-sum-exp",
    face="ln Σ e",
    words=("logsumexp",),
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
    mistakes=slips.LOG_SUM_EXP,
)

CROSS_ENTROPY = Gate(
    key="cross_entropy",
    elementwise=False,
    title="cross-entropy of logits",
    face="CE",
    words=("cross_entropy",),
    arguments=("a", "b"),
    forward=_cross_entropy,
    vjps=(_cross_entropy_vjp, no_gradient),
    downstreams=("u (softmax(a) - onehot(b))/n", "0"),
    downstreams_at=lambda _shapes, _options: ("", "0 b"),
    domain=lambda a, b: needs_whole(b, np.shape(a)[-1], "a label"),
    code="np.mean(np.logaddexp.reduce({a}, axis=-1) - np.sum({a} * np.eye({a}.shape[-1])[{b}], axis=-1))",
    code_at=_cross_entropy_forward_code,
    code_vjps=(_cross_entropy_code, no_gradient_code),
    pattern="Softmax and loss together: upstream × (probability − label)/n. That is softmax, minus 1 at each row's "
    "label, over the number of rows n. Labels get no gradient.",
    shape_rule="Logits (n, k) and n labels, whole numbers from 0 to k - 1, give the mean loss; so do k logits and one "
    "label.",
    mistakes=slips.CROSS_ENTROPY,
)

SOFTMAXES = (SOFTMAX, LOG_SUM_EXP, CROSS_ENTROPY)
