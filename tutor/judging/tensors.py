"""Matrix expressions, judged on random tensors of the exercise's shapes; shapes come before values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zlib import crc32

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Shape, Value, all_finite, as_value, shape_of
from tutor.judging.high_precision import why_undefined
from tutor.judging.precision import written
from tutor.judging.shapes import described, misfit, same_shape, unusable
from tutor.judging.verdict import Verdict, right, undecided, unreadable, wrong
from tutor.language import Expression, walk

_DRAWS = 3
_SAME = 1e-11
"""Relative difference up to which two computed tensors are the same."""

_NOISE = 1e-13
"""The same, relative to the largest number met on the way."""


def judge_tensor_expression(
    answer: Expression, truth: Expression, shapes: Mapping[str, Shape], positive: Iterable[str] = ()
) -> Verdict:
    """The verdict on an expression over names of these shapes; `positive` names hold positive entries only.

    Raises KeyError and ValueError for a truth with a name without a shape, or that does not fit the shapes.
    """
    if answer == truth:
        return right()
    chosen = frozenset(positive)
    seen = 0
    for draw in range(_DRAWS):
        at = {name: random_tensor(name, shape, draw, positive=name in chosen) for name, shape in shapes.items()}
        wanted = evaluate(truth, at)
        if said := unusable(answer, at) or misfit(answer, at):
            return unreadable(said)
        mine = evaluate(answer, at)
        if not same_shape(shape_of(mine), shape_of(wanted)):
            return unreadable(f"Yours is {described(shape_of(mine))}; this needs {described(shape_of(wanted))}.")
        if not all_finite(wanted):
            continue
        if not all_finite(mine):
            return wrong(f"Yours has no value where the correct answer has one: {why_undefined(answer, at)}.")
        difference = _difference(answer, truth, mine, wanted, at)
        if difference:
            return wrong(difference)
        seen += 1
    return right() if seen else undecided("This could not be decided. Try writing it another way.")


def random_tensor(name: str, shape: Shape, draw: int, *, positive: bool) -> Value:
    """Entries between 0.3 and 2 in size: the same ones for a name, shape and draw, on every machine."""
    # RandomState, since its numbers are the same in every version of NumPy.
    random = np.random.RandomState(crc32(f"{name}|{shape}|{draw}".encode()))
    sizes = np.asarray(random.uniform(0.3, 2.0, shape))
    return as_value(sizes if positive else sizes * np.where(random.uniform(size=shape) < 0.5, -1.0, 1.0))


def _difference(answer: Expression, truth: Expression, mine: Value, wanted: Value, at: Mapping[str, Value]) -> str:
    """Where the two differ most, in words; "" where they are the same."""
    gap = np.abs(np.subtract(mine, wanted))
    size = max(float(np.max(np.abs(mine))), float(np.max(np.abs(wanted))))
    if float(np.max(gap)) <= _SAME * size:
        return ""
    if float(np.max(gap)) <= _NOISE * max(_largest(answer, at), _largest(truth, at)):
        return ""
    mine = np.reshape(mine, shape_of(wanted))
    where = np.unravel_index(int(np.argmax(gap)), shape_of(wanted))
    named = zip(("row", "column") if len(where) == 2 else ("entry",) * len(where), where, strict=True)
    place = f", in {', '.join(f'{what} {i + 1}' for what, i in named)}," if where else ""
    yours, theirs = (written(float(np.asarray(value)[where]), 4) for value in (mine, wanted))
    return (
        f"The shape is right, the values are not: on numbers drawn at random{place} yours gives {yours}; "
        f"it should be {theirs}."
    )


def _largest(expression: Expression, at: Mapping[str, Value]) -> float:
    """The largest number met while computing the expression: rounding errors are as large as that allows."""
    return max(float(np.nanmax(np.abs(evaluate(part, at)))) for part in walk(expression))
