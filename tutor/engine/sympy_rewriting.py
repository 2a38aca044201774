"""Other ways to write a scalar expression, by SymPy: in factors, over one denominator, multiplied out, ...

How much work each way may be is bounded by the size of the expression, so that the same ways are found every time.
The clock is the last resort.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Iterator
from importlib import import_module
from inspect import CO_GENERATOR
from math import inf, isfinite
from time import monotonic
from types import FrameType
from typing import Any

from tutor.engine.evaluate import evaluate
from tutor.engine.sympy_bridge import from_sympy, to_sympy
from tutor.language import Apply, Expression, children, names_in

_MOST_OPERATIONS = {
    "factor_terms": 200, "powsimp": 100, "together": 60, "expand": 60, "cancel": 60, "factor": 60, "trigsimp": 24,
    "simplify": 12,
}  # fmt: skip
"""The passes over an expression, and the count of its operations up to which each is tried."""

_POLYNOMIAL = frozenset({"together", "expand", "cancel", "factor", "simplify", "trigsimp"})
_MOST_OF_A_POLYNOMIAL, _LEAST_ROOT = 12, 6
"""Exponents are whole up to the first, and have denominators up to the second: polynomials in x^(1/1000) are huge."""

_LARGEST_EXPONENT = 1000
_EVENTS_BETWEEN_LOOKS = 255


class _TimeUp(BaseException):
    """Nothing in SymPy may catch it."""


def rewritten(expression: Expression, positive: Container[str], seconds: float) -> list[Expression]:
    """The expression in other forms, none of them checked; fewer of them where the time runs out.

    Loads SymPy, before the clock starts.
    """
    import_module("sympy")
    if not is_tractable(expression):
        return []
    found: list[Expression] = []
    forms = _forms(expression, positive)
    deadline = monotonic() + seconds
    while (form := _next_before(deadline, forms)) is not None:
        found.append(form)
    return found


def is_tractable(expression: Expression) -> bool:
    """Whether SymPy can hold it: it would compute 0.7^(9^9) to the last of its digits."""
    return _exponents(expression) <= _LARGEST_EXPONENT


def _exponents(tree: Expression) -> float:
    """The largest product of constant exponents above one another, as in ((2 x)^30)^30; infinite for no value."""
    inside = max(map(_exponents, children(tree)), default=1.0)
    if isinstance(tree, Apply) and tree.operation == "pow" and not names_in(tree.arguments[1]):
        exponent = evaluate(tree.arguments[1], {})
        return inside * max(1.0, abs(exponent)) if isinstance(exponent, float) and isfinite(exponent) else inf
    return inside


def _next_before(deadline: float, forms: Iterator[Expression]) -> Expression | None:
    """The next form; None where there is no more, or the time is up."""
    events, late = 0, False

    # SymPy has no way to be told to stop. A trace function sees every call of a Python function, and may raise:
    # unlike a thread that nobody waits for any longer, this leaves no work behind.
    def look_at_the_clock(frame: FrameType, *_event: Any) -> None:
        nonlocal events, late
        events += 1
        late = late or (not events & _EVENTS_BETWEEN_LOOKS and monotonic() > deadline)
        # A generator may be about to be closed, where Python swallows what is raised and traces no more.
        if late and not frame.f_code.co_flags & CO_GENERATOR:
            raise _TimeUp

    before = sys.gettrace()
    sys.settrace(look_at_the_clock)
    try:
        return next(forms, None)
    except (_TimeUp, RecursionError):
        return None
    finally:
        sys.settrace(before)


def _forms(expression: Expression, positive: Container[str]) -> Iterator[Expression]:
    """Each form once, the cheapest to find first."""
    try:
        whole = to_sympy(expression, positive, as_written=True)
    except (ValueError, TypeError):  # TypeError: SymPy met something that is not a real number
        return
    seen: set[Any] = set()
    for made in _passes(whole):
        if made not in seen:
            seen.add(made)
            try:
                yield from_sympy(made)
            except ValueError:
                continue


def _passes(whole: Any) -> Iterator[Any]:
    sympy = import_module("sympy")
    yield whole
    count = whole.count_ops()
    tame = _has_tame_exponents(whole)
    for name, most in _MOST_OPERATIONS.items():
        if count <= most and (tame or name not in _POLYNOMIAL):
            try:
                made = getattr(sympy, name)(whole)
            except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
                continue  # SymPy's polynomials give up in many ways
            yield made
            if name == "expand":
                yield from _collected(made)


def _collected(expanded: Any) -> Iterator[Any]:
    sympy = import_module("sympy")
    for symbol in sorted(expanded.free_symbols, key=str):
        yield sympy.collect(expanded, symbol)


def _has_tame_exponents(whole: Any) -> bool:
    sympy = import_module("sympy")
    exponents = [power.exp for power in whole.atoms(sympy.Pow)] + [part.args[0] for part in whole.atoms(sympy.exp)]
    numbers = [value for exponent in exponents for value in exponent.atoms(sympy.Rational)]
    return all(abs(value.p) <= _MOST_OF_A_POLYNOMIAL and value.q <= _LEAST_ROOT for value in numbers)
