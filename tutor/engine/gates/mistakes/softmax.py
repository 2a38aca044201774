"""Mistakes at softmax, log-sum-exp and the cross-entropy of logits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tutor.engine.gates.mistakes.along import copied, reduced, spread
from tutor.engine.gates.mistakes.mistake import Mistake, forward


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

SOFTMAX = (
    Mistake(
        "softmax_elementwise", 0, "u y (1 - y)", "softmax was treated entry by entry, like a sigmoid", _JACOBIAN
    ),
    Mistake(
        "softmax_no_coupling", 0, "u y",
        "the sum in the denominator, which every entry of {a} changes, was left out", _JACOBIAN,
    ),
    Mistake(
        "softmax_from_input", 0, "u a (1 - a)", "the logits were used instead of the probabilities",
        "The rule uses the output of softmax. What is {y} here?",
    ),
    Mistake(
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

LOG_SUM_EXP = (
    Mistake("lse_as_sum", 0, copied, "copies the upstream, as a sum does", _SHARES),
    Mistake("lse_no_division", 0, _grown, "leaves out the slope of ln", _SHARES),
    Mistake("lse_no_exp", 0, _divided, "leaves out the slope of the exponential", _SHARES),
    Mistake("lse_as_max", 0, _to_the_largest, "gives all to the largest entry",
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


_SIGN = "Raise the logit of the right class: does the loss rise or fall?"
_MEAN = "Is the loss a sum over the rows, or a mean?"
_WHOLE = "{y} takes logits. Is the softmax still to come, or already inside?"

CROSS_ENTROPY = (
    Mistake("ce_sign", 0, _sent(lambda at: (at.t - at.p) / at.n), "has the wrong sign", _SIGN),
    Mistake("ce_no_mean", 0, _batch(lambda at: at.p - at.t), "leaves out the division by the number of rows", _MEAN),
    Mistake(
        "ce_double_mean", 0, _batch(lambda at: (at.p - at.t) / at.n**2), "divides by the number of rows twice", _MEAN
    ),
    Mistake(
        "ce_no_onehot", 0, _sent(lambda at: at.p / at.n), "is the probabilities, with nothing subtracted",
        "Which class of each row is the right one, and what is subtracted there?",
    ),
    Mistake("ce_at_probs", 0, _sent(lambda at: -at.t / at.p / at.n),
            "is the gradient at the probabilities, before the softmax step", _WHOLE),
    Mistake("ce_softmax_twice", 0, _sent(lambda at: (at.p - at.t) * at.p * (1 - at.p) / at.n),
            "applies the slope of softmax a second time", _WHOLE),
    Mistake("ce_label_only", 0, _sent(lambda at: (at.p - at.t) * at.t / at.n), "changes only the right class",
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
