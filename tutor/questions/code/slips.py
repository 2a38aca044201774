"""The misconceptions that a returned value can have, and the first of them that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from tutor.engine.values import Value, shape_of, unbroadcast
from tutor.judging.misconceptions import Misconception
from tutor.judging.typed_answers import ValuesAnswer
from tutor.questions.code.comparing import same


def recognised(mine: Value | None, truth: Value, slips: Iterable[Misconception]) -> Misconception | None:
    """The first that leads to this value and not to the truth; None if none does.

    The first one alone: they come in the order of their likelihood, and a program is marked at one line.
    """
    if mine is None:
        return None
    answer = ValuesAnswer([mine], same)
    return next((slip for slip in slips if answer.shows(slip) and not same(slip.gives, truth)), None)


def misplaced(name: str, truths: Mapping[str, Value], given: Mapping[str, Value | None]) -> Iterator[Misconception]:
    """Another of the returned values stands in this one's place, and not in its own."""
    for other, value in truths.items():
        theirs = given[other]
        if other != name and not (theirs is not None and same(theirs, value)):
            yield Misconception(
                "wrong_order", value, f"That is the value of {other}: return {', '.join(truths)} in this order."
            )


def general(mine: Value | None, truth: Value) -> Iterator[Misconception]:
    """Slips that any gradient can have: its sign, transposed, not summed back to its shape, or to the wrong one."""
    yield Misconception("sign_flipped", -truth, "The size is right, the sign is not.")
    if len(shape_of(truth)) == 2:
        yield Misconception("grad_transposed", np.transpose(truth), "It is the transpose of the right answer.")
    if mine is not None and shape_of(mine) != shape_of(truth):
        yield from _of_another_shape(mine, truth)


def _of_another_shape(mine: Value, truth: Value) -> Iterator[Misconception]:
    """Numbers that would be right in the right shape."""
    if np.size(mine) == np.size(truth):
        if same(np.reshape(mine, shape_of(truth)), truth):
            yield Misconception("bias_keepdims", mine, "The numbers are right; only the axes are wrong.")
        return
    if np.size(truth) > 1 and np.size(mine) == 1 and same(_whole(mine), float(np.sum(truth))):
        yield Misconception(
            "bias_sum_all", mine, "It is summed over everything; sum only the axes that were stretched."
        )
        return
    if _stretches(shape_of(truth), shape_of(mine)) and same(unbroadcast(mine, shape_of(truth)), truth):
        message = "Broadcasting stretched this argument: sum its gradient back to the argument's own shape."
        yield Misconception("bias_no_sum", mine, message)


def _whole(value: Value) -> float:
    return float(np.sum(value))


def _stretches(small: tuple[int, ...], large: tuple[int, ...]) -> bool:
    """Whether broadcasting takes the one shape to the other."""
    try:
        return np.broadcast_shapes(small, large) == large
    except ValueError:
        return False
