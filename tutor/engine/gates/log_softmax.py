"""The logarithm of softmax, and the negative log-likelihood taken from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.engine.gates.axes import index_code, needs_whole, no_gradient, no_gradient_code, whole_numbers
from tutor.engine.gates.gate import Gate, Options
from tutor.engine.gates.misconceptions import backward, forward
from tutor.engine.gates.softmax import softmax
from tutor.engine.values import Axis, Shape, Value

_LAST = -1


def _log_softmax(a: Any, axis: Axis = _LAST) -> Value:
    if not np.ndim(a):
        raise ValueError("a vector or a matrix")
    lowered = a - np.max(a, axis=axis, keepdims=True)
    logs: Value = lowered - np.log(np.sum(np.exp(lowered), axis=axis, keepdims=True))
    return logs


def _log_softmax_vjp(u: Any, y: Any, _a: Any, axis: Axis = _LAST) -> Value:
    sent: Value = u - np.exp(y) * np.sum(u, axis=axis, keepdims=True)
    return sent


def _along(shapes: tuple[Shape, ...], options: Options) -> tuple[str, str]:
    """How softmax and sum go on along the axis, in the language."""
    axis = options.get("axis", _LAST)
    if axis is None:
        return (", axis=None" if len(shapes[0]) > 1 else ""), ""
    if len(shapes[0]) == 1:
        return "", ""
    return (f", axis={axis}" if "axis" in options else ""), f", axis={axis}, keepdims=True"


def _log_softmax_text(shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
    own, total = _along(shapes, options)
    return (f"u - softmax(a{own}) sum(u{total})",)


def _forward_code(names: Mapping[str, str], options: Options) -> str:
    a, axis = names["a"], options.get("axis", _LAST)
    return f"{a} - np.logaddexp.reduce({a}, axis={axis}, keepdims=True)"


def _backward_code(names: Mapping[str, str], options: Options, _shapes: tuple[Shape, ...]) -> str:
    u, y, axis = names["u"], names["y"], options.get("axis", _LAST)
    return f"{u} - np.exp({y}) * np.sum({u}, axis={axis}, keepdims=True)"


_TOTAL = "ln softmax is {a} minus the log-sum-exp of its group. What does the second term send back?"

LOG_SOFTMAX = Gate(
    key="log_softmax",
    elementwise=False,
    title="log-softmax",
    symbol="log_softmax",
    function_words=("log_softmax",),
    may_be_name=True,
    arguments=("a",),
    options=("axis",),
    forward=_log_softmax,
    vjps=(_log_softmax_vjp,),
    downstreams=("u - softmax(a) sum(u)",),
    downstreams_at=_log_softmax_text,
    code="{a} - np.logaddexp.reduce({a}, axis=-1, keepdims=True)",
    code_at=_forward_code,
    code_vjps=(_backward_code,),
    pattern="log-softmax is the logit minus a log-sum-exp: upstream − probability × the sum of the upstream along the "
    "axis.",
    shape_rule="The shape stays; entries along one axis (the last, unless axis says otherwise) are mixed.",
    mistakes=(
        backward("log_softmax_passed", 0, "u", "the log-sum-exp was held fixed, but every entry of {a} changes it",
                 _TOTAL),
        backward("log_softmax_entrywise", 0, lambda u, y, _a, **_options: u * (1 - np.exp(y)),
                 "treats the entries separately, as if only the entry's own upstream counted", _TOTAL),
        backward("log_softmax_sign", 0,
                 lambda u, y, _a, axis=_LAST: u + np.exp(y) * np.sum(u, axis=axis, keepdims=True),
                 "adds the second term", _TOTAL),
        backward("log_softmax_logs", 0, lambda u, y, _a, axis=_LAST: u - y * np.sum(u, axis=axis, keepdims=True),
                 "multiplies by the logarithms instead of the probabilities", "What is the slope of a log-sum-exp?"),
        forward("log_softmax_no_log", lambda _u, y, _a, **_options: np.exp(y), "is softmax, without the logarithm",
                "What is ln of that?"),
        forward("log_softmax_sign", "-y", "has the wrong sign", "Is ln of a probability positive or negative?"),
    ),
)  # fmt: skip


def _nll(a: Any, b: Any) -> Value:
    logs, labels = np.asarray(a), np.asarray(b)
    if logs.ndim not in (1, 2) or labels.shape != logs.shape[:-1]:
        raise ValueError("one label for each row")
    chosen = whole_numbers(labels, logs.shape[-1])
    if chosen is None:
        return float("nan")
    return float(-np.mean(np.take_along_axis(logs, chosen[..., None], axis=-1)))


def _nll_vjp(u: Value, _y: Value, a: Value, b: Value) -> Value:
    classes = np.shape(a)[-1]
    chosen = whole_numbers(b, classes)
    if chosen is None:
        return np.full(np.shape(a), np.nan)
    sent: Value = -u * np.eye(classes)[chosen] / max(1, np.size(b))
    return sent


def _nll_forward_code(names: Mapping[str, str], _options: Options) -> str:
    # The rows of the unit matrix pick one entry each; so they do for a single vector and its label.
    a = names["a"]
    return f"-np.mean(np.sum({a} * np.eye({a}.shape[-1])[{index_code(names['b'])}], axis=-1))"


def _nll_code(names: Mapping[str, str], _options: Options, shapes: tuple[Shape, ...]) -> str:
    a = names["a"]
    mean = f" / len({a})" if len(shapes[0]) > 1 else ""
    return f"-{names['u']} * np.eye({a}.shape[-1])[{index_code(names['b'])}]{mean}"


def _labels(a: Any, b: Any) -> Any:
    return np.eye(np.shape(a)[-1])[np.asarray(b).astype(int)]


def _mean_of(values: Any) -> float:
    return float(-np.mean(np.sum(values, -1)))


_PICKED = "Which entry of each row does {y} use, and what is it divided by?"

NLL = Gate(
    key="nll_loss",
    elementwise=False,
    title="negative log-likelihood",
    symbol="NLL",
    function_words=("nll_loss", "nll"),
    may_be_name=True,
    arguments=("a", "b"),
    forward=_nll,
    vjps=(_nll_vjp, no_gradient),
    downstreams=("-u onehot(b)/n", "0"),
    downstreams_at=lambda _shapes, _options: ("", "0 b"),
    domain=lambda a, b: needs_whole(b, np.shape(a)[-1], "a label"),
    code="-np.mean(np.sum({a} * np.eye({a}.shape[-1])[{b}], axis=-1))",
    code_at=_nll_forward_code,
    code_vjps=(_nll_code, no_gradient_code),
    pattern="It takes logarithms of probabilities, as log_softmax gives them: each row's label gets −upstream/rows, "
    "with the number of rows, the others nothing. Labels get no gradient.",
    shape_rule="Log-probabilities (n, k) and n labels, whole numbers from 0 to k - 1, give the mean loss; so do k "
    "log-probabilities and one label.",
    mistakes=(
        backward("nll_sign", 0, lambda u, _y, a, b: u * _labels(a, b) / max(1, np.size(b)), "has the wrong sign",
                 "If the logarithm of the right class rises, does the loss rise?"),
        backward("nll_no_mean", 0, lambda u, _y, a, b: -u * _labels(a, b) if np.size(b) > 1 else None,
                 "leaves out the division by the number of rows", _PICKED),
        backward("nll_all", 0, lambda u, _y, a, b: np.full(np.shape(a), -u / max(1, np.size(b))),
                 "goes to all the classes", _PICKED),
        backward("nll_at_logits", 0, lambda u, _y, a, b: u * (softmax(a) - _labels(a, b)) / max(1, np.size(b)),
                 "is the gradient at the logits, not at their logarithms",
                 "Is there a softmax in {y}, or does it come before?"),
        forward("nll_sign", "-y", "lacks the minus", "Is ln of a probability positive or negative?"),
        forward("nll_sum", lambda _u, y, _a, b: y * np.size(b) if np.size(b) > 1 else None,
                "is the sum over the rows", "Is the loss a sum over the rows, or a mean?"),
        forward("nll_log_twice", lambda _u, _y, a, b: _mean_of(np.log(a) * _labels(a, b)) if np.all(a > 0) else None,
                "takes the logarithm once more", "Is {a} made of probabilities, or of their logarithms?"),
    ),
)  # fmt: skip

LOG_SOFTMAXES = (LOG_SOFTMAX, NLL)
