"""Values as learners read them: short in the graph, long enough to compute with elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tutor.engine.values import Value

_ROUNDING = 1e-13
"""What is left of a zero after float arithmetic."""

_WHOLE = 1e-12
"""How far from a whole number, relative to its size, a float may be and still be shown as one."""


def short(value: float, decimals: int = 3) -> str:
    """A number in about six characters, or in as many decimals: `0.793`, `-12.500`, `8`, `0.0012`, `1.2e-5`."""
    return _digits(value, decimals)


def plain(value: float) -> str:
    """A number with about five digits, as used in hints and worked lines: `0.5`, `0.10499`."""
    return _stripped(_digits(value, 5))


def show_value(value: Value, decimals: int = 3) -> str:
    """A scalar as a number, an array as a matrix literal the learner could type."""
    return _nested(value, lambda entry: _stripped(_digits(entry, decimals)))


def exactly(value: Value) -> str:
    """All digits of a value, as an author or a learner gave it: `0.2355`, `[[1, 0.5]]`."""
    return _nested(value, lambda entry: _with_short_exponent(repr(entry).removesuffix(".0")))


def told_apart(value: Value, other: Value) -> tuple[str, str]:
    """Both values with as many decimals as it takes to see that they differ."""
    for decimals in (3, 5, 8):
        texts = show_value(value, decimals), show_value(other, decimals)
        if texts[0] != texts[1]:
            return texts
    return exactly(value), exactly(other)


def _nested(value: Value, written: Callable[[float], str]) -> str:
    if np.ndim(value) == 0:
        return written(float(value))
    return "[" + ", ".join(_nested(part, written) for part in np.asarray(value)) + "]"


def _digits(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return "undefined"
    size = abs(value)
    if size < _ROUNDING:
        return "0"
    nearest = round(value)
    if nearest and size < 1e6 and abs(value - nearest) <= _WHOLE * size:
        return str(nearest)
    missing = max(0, -2 - math.floor(math.log10(size)))  # so that small numbers keep their digits
    if size >= 1e5 or missing > 2:
        return _with_short_exponent(f"{value:.{decimals - 2}e}")
    return f"{value:.{decimals + missing}f}"


def _with_short_exponent(text: str) -> str:
    """`1.2e-5` for Python's `1.2e-05`."""
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if e else text


def _stripped(text: str) -> str:
    """Without the zeros that say nothing at the end of its decimals."""
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa.rstrip('0').rstrip('.') if '.' in mantissa else mantissa}{e}{exponent}"
