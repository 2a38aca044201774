"""Arithmetic as it is printed: an equality of rounded numbers that does not hold to its last digit says ≈."""

from __future__ import annotations

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import shape_of
from tutor.judging.precision import slack
from tutor.language import Unreadable, read_expression

_TYPED = str.maketrans({"×": "*", "−": "-"})
_FLOAT = 1e-12


def equated(left: str, right: str) -> str:
    """`0.5 × 0.3 = 0.15`, or with ≈ where the left side, as printed, does not come to the digits of the right one.

    Sides that are not numbers or arrays are taken as equal.
    """
    return f"{left} {'=' if _holds(left, right) else '≈'} {right}"


def _holds(left: str, right: str) -> bool:
    try:
        mine, theirs = (read_expression(side.translate(_TYPED), vocabulary()).tree for side in (left, right))
        computed, printed = evaluate(mine, {}), evaluate(theirs, {})
        if shape_of(computed) != shape_of(printed):
            return True
        room = np.add(slack(theirs, {}), _FLOAT * (1 + np.abs(printed)))
        return bool(np.all(np.abs(np.subtract(computed, printed)) <= room))
    except (Unreadable, ValueError):
        return True
