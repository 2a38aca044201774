"""Mistakes at the variance and the standard deviation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from tutor.engine.gates.mistakes.along import reduced, spread
from tutor.engine.gates.mistakes.mistake import Mistake, forward


class _At(NamedTuple):
    """The entries, their distances from the mean, how many go together, and the gate's value."""

    a: Any
    d: Any
    n: float
    y: Any

    @property
    def one_less(self) -> float:
        """One less than the count; NaN where that is nothing."""
        return self.n - 1 if self.n > 1 else float("nan")


def _sent(rule: Callable[[_At], Any]) -> Callable[..., Any]:
    """The upstream, copied to every entry, times a rule."""

    def sent(u: Any, y: Any, a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        away = a - np.mean(a, axis=axis, keepdims=True)
        many = np.size(a) / max(1, np.size(y))
        return spread(u, a, axis, keepdims) * rule(_At(a, away, many, spread(y, a, axis, keepdims)))

    return sent


_DISTANCE = "{y} is a mean of squared distances from the mean. What is the slope of one square?"
_COUNT = "What is the sum of squares divided by here?"
_ROOT = "{y} is a square root. What is its slope?"

VAR = (
    Mistake("var_no_two", 0, _sent(lambda at: at.d / at.n), "leaves out the 2 of the square", _DISTANCE),
    Mistake("var_no_n", 0, _sent(lambda at: 2 * at.d), "leaves out the division by the number of entries", _COUNT),
    Mistake("var_from_zero", 0, _sent(lambda at: 2 * at.a / at.n), "takes the entries, not their distances from the "
            "mean", _DISTANCE),
    Mistake("var_one_less", 0, _sent(lambda at: 2 * at.d / at.one_less), "divides by n − 1, not n", _COUNT),
    forward("var_no_root", reduced(np.std), "is its root", "Is {y} the variance, or the standard deviation?"),
    forward("var_from_zero", reduced(lambda a, **how: np.mean(a * a, **how)), "is the mean of the squares",
            "What are the distances measured from?"),
    forward("var_one_less", reduced(lambda a, **how: np.var(a, ddof=1, **how)), "is divided by n − 1, not n", _COUNT),
    forward("var_sum", lambda _u, y, a, **_options: y * (np.size(a) / np.size(y)),
            "is the sum of the squares", _COUNT),
)  # fmt: skip

STD = (
    Mistake("std_as_var", 0, _sent(lambda at: 2 * at.d / at.n), "is the rule for the variance", _ROOT),
    Mistake("std_doubled", 0, _sent(lambda at: 2 * at.d / (at.n * at.y)), "has an extra factor 2", _ROOT),
    Mistake("std_not_divided", 0, _sent(lambda at: at.d / at.n), "is not divided by the standard deviation", _ROOT),
    Mistake("std_no_n", 0, _sent(lambda at: at.d / at.y), "leaves out the division by the number of entries", _COUNT),
    Mistake("std_from_zero", 0, _sent(lambda at: at.a / (at.n * at.y)), "takes the entries, not their distances from "
            "the mean", "What are the distances in {y} measured from?"),
    forward("std_no_root", reduced(np.var), "is the variance, without the root", "What is its root?"),
    forward("std_one_less", reduced(lambda a, **how: np.std(a, ddof=1, **how)), "is divided by n − 1, not n", _COUNT),
    forward("std_of_sizes", reduced(lambda a, **how: np.mean(np.abs(a - np.mean(a)), **how)),
            "is the mean of the absolute distances", "What is squared before the mean is taken?"),
)  # fmt: skip
