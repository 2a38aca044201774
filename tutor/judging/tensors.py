"""Matrix expressions, judged on random tensors of the exercise's shapes; shapes come before values."""

from __future__ import annotations

from collections.abc import Mapping
from zlib import crc32

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.showing import plain
from tutor.engine.values import Shape, Value, all_finite, as_value, shape_of, show_shape
from tutor.judging.shaping import described
from tutor.judging.undefined import why_undefined
from tutor.judging.verdict import Verdict, right, undecided, unreadable, wrong
from tutor.language import Apply, Expression, children, show

_DRAWS = 3
_SAME = 1e-9


def judge_tensor_expression(
    answer: Expression, truth: Expression, shapes: Mapping[str, Shape], positive: tuple[str, ...] = ()
) -> Verdict:
    """The verdict on an expression over names of these shapes; `positive` names hold positive entries only."""
    if answer == truth:
        return right()
    settled = 0
    for draw in range(_DRAWS):
        at = {name: random_tensor(name, shape, draw, positive=name in positive) for name, shape in shapes.items()}
        wanted = evaluate(truth, at)
        if not all_finite(wanted):
            continue
        misfit = first_misfit(answer, at)
        if misfit:
            return unreadable(misfit)
        mine = evaluate(answer, at)
        if shape_of(mine) != shape_of(wanted):
            return unreadable(f"Yours is {described(shape_of(mine))}; {described(shape_of(wanted))} is wanted here.")
        if not all_finite(mine):
            return wrong(f"Yours has no value where the truth has one: {why_undefined(answer, at)}.")
        gap = np.abs(np.asarray(mine) - wanted)
        if np.any(gap > _SAME * np.maximum(np.max(np.abs(wanted)), np.max(np.abs(mine)))):
            return wrong(_difference(mine, wanted, gap))
        settled += 1
    return right() if settled else undecided("This could not be decided. Try writing it in another way.")


def random_tensor(name: str, shape: Shape, draw: int, *, positive: bool) -> Value:
    """Entries between 0.3 and 2 in size, the same ones for the same name, shape and draw on every machine."""
    random = np.random.RandomState(crc32(f"{name}|{shape}|{draw}".encode()))
    sizes = random.uniform(0.3, 2.0, shape)
    return as_value(sizes if positive else sizes * np.where(random.uniform(size=shape) < 0.5, -1.0, 1.0))


def first_misfit(expression: Expression, at: Mapping[str, Value]) -> str:
    """Which operation cannot take the shapes it is given, and why; "" where all fit."""
    for child in children(expression):
        found = first_misfit(child, at)
        if found:
            return found
    try:
        evaluate(expression, at)
    except ValueError:
        if not isinstance(expression, Apply):
            return "The entries of a matrix are numbers."
        shapes = " and ".join(show_shape(shape_of(evaluate(part, at))) for part in expression.arguments)
        return f"{show(expression)}: the shapes {shapes} do not fit. {GATES[expression.operation].shape_rule}"
    return ""


def _difference(mine: Value, wanted: Value, gap: Value) -> str:
    where = np.unravel_index(int(np.argmax(gap)), shape_of(wanted))
    place = f" in {', '.join(f'{what} {i + 1}' for what, i in zip(('row', 'column', 'layer'), where, strict=False))}"
    yours, truth = float(np.asarray(mine)[where]), float(np.asarray(wanted)[where])
    return (
        f"The shape is right, the values are not: on random numbers{place if where else ''} "
        f"yours is {plain(yours)}, the truth {plain(truth)}."
    )
