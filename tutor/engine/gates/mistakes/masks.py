"""Mistakes at gates that choose: gradients sent through a condition, branches swapped, the wrong side of a jump."""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.engine.gates.mistakes.mistake import Mistake, forward

_MOVES = "Nudge {own} a little, away from the jump: does {y} move?"


def _through(key: str, port: int) -> Mistake:
    """The upstream sent on to what is only compared."""
    return Mistake(
        f"{key}_passes", port, lambda u, y, *_arguments: u + 0.0 * y,
        "passes the upstream on, though {y} is flat on both sides of its jump", _MOVES,
    )  # fmt: skip


def _by_value(key: str, port: int) -> Mistake:
    """The gate's value used as its slope."""
    return Mistake(
        f"{key}_value", port, lambda u, y, *_arguments: u * y if np.any(np.not_equal(y, 1)) else None,
        "uses the gate's value as its slope", _MOVES,
    )  # fmt: skip


def compared(opposite: str, edge: str = "") -> tuple[Mistake, ...]:
    """For a comparison: `opposite` is what it is with its sides swapped, `edge` with the other rule for a tie."""
    ties = [forward("mask_at_tie", edge, "the tie was counted the other way", "Does the sign include equality?")]
    return (
        _through("mask", 0), _through("mask", 1), _by_value("mask", 0), _by_value("mask", 1),
        forward("mask_inverted", opposite, "it is 1 where the comparison fails", "Where does the comparison hold?"),
        *(ties if edge else []),
    )  # fmt: skip


SIGN = (
    _through("sign", 0), _by_value("sign", 0),
    forward("sign_inverted", "-sign(a)", "it has the other sign", "Is {a} above or below 0?"),
    forward("sign_as_abs", "abs(a)", "that is the size of {a}", "Only the sign is asked. Which number stands for it?"),
    forward("sign_as_step", lambda _u, _y, a: 1.0 * np.greater(a, 0) if np.any(np.less(a, 0)) else None,
            "has 0 where {a} is negative", "Which number stands for a minus sign?"),
)  # fmt: skip

STEP = (
    _through("step", 0), _by_value("step", 0),
    forward("step_inverted", lambda _u, _y, a: 1.0 * np.less_equal(a, 0), "is 1 below 0 instead of above",
            "On which side of 0 is {a}?"),
    forward("step_as_relu", "relu(a)", "that is the ReLU", "A step has one height. What is it?"),
    forward("step_as_sign", lambda _u, _y, a: np.sign(a) if np.any(np.less(a, 0)) else None,
            "has -1 where {a} is negative", "What is a step on its low side?"),
)  # fmt: skip

HEAVISIDE = (
    _through("heaviside", 0), _by_value("heaviside", 0), _through("heaviside", 1),
    forward("heaviside_inverted", "1 - y", "it is 1 below 0 instead of above", "On which side of 0 is {a}?"),
    forward("heaviside_edge", "b", "that is the value at 0", "Is {a} 0 here?"),
)  # fmt: skip


def _routed(chosen: Any) -> tuple[Mistake, Mistake]:
    """For a branch of where: sent to the other branch's places, or everywhere."""
    port = 1 if chosen is np.not_equal else 2
    return (
        Mistake("where_swapped", port, lambda u, _y, c, _a, _b: u * np.logical_not(chosen(c, 0)),
                "goes where the other branch was chosen", "Where did {y} take {own}?"),
        Mistake("where_both", port, lambda u, y, c, _a, _b: _elsewhere(chosen(c, 0), u + 0.0 * y),
                "lets the upstream through where the other branch was chosen", "Nudge {own} there: does {y} move?"),
    )  # fmt: skip


def _elsewhere(chosen: Any, value: Any) -> Any:
    """A mistake of its own only where the other branch was taken somewhere."""
    return value if not np.all(chosen) else None


WHERE = (
    _through("where_condition", 0),
    *_routed(np.not_equal), *_routed(np.equal),
    forward("where_branches_swapped", "where(c, b, a)", "the branches are swapped",
            "where takes the first branch where the condition holds. Does it hold here?"),
)  # fmt: skip
