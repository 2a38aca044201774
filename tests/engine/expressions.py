"""Random trees of the language."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES
from tutor.engine.values import Value
from tutor.language import Apply, Constant, Expression, Name, Number, walk

SMOOTH = ("add", "sub", "mul", "div", "neg", "exp", "ln", "sqrt", "sin", "cos", "tan", "sigmoid", "tanh")
ALL = (*SMOOTH, "relu", "abs", "max", "min", "pow")


def number(text: str) -> Number:
    """A number as it was typed."""
    return Number(Fraction(text), text)


_numbers = st.sampled_from(["2", "3", "-2", "0.5", "-1.5", "1", "10", "0.1", "7"]).map(number)


def trees(names: tuple[str, ...] = ("x", "y"), keys: tuple[str, ...] = ALL, leaves: int = 10) -> st.SearchStrategy:
    """Trees of elementwise gates over these names and a few numbers."""

    def applied(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        return st.sampled_from(keys).flatmap(
            lambda key: st.tuples(*(parts for _ in GATES[key].arguments)).map(lambda arguments: Apply(key, arguments))
        )

    leaf = st.one_of(st.sampled_from([Name(name) for name in names]), _numbers, st.just(Constant("pi")))
    return st.recursive(leaf, applied, max_leaves=leaves)


def is_tame(tree: Expression, at: dict[str, Value], largest: float = 1e6, smallest: float = 0.0) -> bool:
    """Whether every part of the tree has a value of ordinary size.

    Very small values are mostly what rounding leaves of 0, as in sin(π): with `smallest` they count as wild.
    """
    sizes = [np.abs(evaluate(part, at)) for part in walk(tree)]
    return all(np.isfinite(size).all() and np.max(size) < largest and np.min(size) >= smallest for size in sizes)
