"""What a gate's mistakes come to at given numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Gate, vocabulary
from tutor.engine.gates.gate import Options
from tutor.engine.gates.mistakes import Mistake
from tutor.engine.values import Value, as_value
from tutor.language import Expression, read_expression


@lru_cache(maxsize=1024)
def formula_of(wrong: str, arguments: tuple[str, ...]) -> Expression:
    """A mistake's expression over `u`, `y` and the gate's argument names."""
    return read_expression(wrong, vocabulary("u", "y", *arguments)).tree


def wrong_value(
    gate: Gate, mistake: Mistake, upstream: Value, value: Value, arguments: Sequence[Value], options: Options
) -> Value | None:
    """What someone who makes this mistake comes to, before any summing back; None where that is nothing.

    `upstream` and `value` are those of the gate's output, in its shape; what an elementwise gate comes to has it too.
    """
    if mistake.where is not None and not mistake.where(*arguments):
        return None
    try:
        with np.errstate(all="ignore"):
            if isinstance(mistake.wrong, str):
                at = dict(zip(gate.arguments, arguments, strict=True), u=upstream, y=value)
                return evaluate(formula_of(mistake.wrong, gate.arguments), at)
            found = mistake.wrong(upstream, value, *arguments, **options)
            return None if found is None else as_value(np.asarray(found, dtype=np.float64))
    except ValueError:
        return None  # shapes that this slip cannot be made with
