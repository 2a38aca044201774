"""Numbers inside sentences, to so many significant digits."""

from __future__ import annotations

from math import floor, isfinite, log10


def written(value: float, digits: int) -> str:
    """A number to so many significant digits: `2.6`, `-0.809`, `3.48e-57`."""
    if not value:
        return "0"
    if not isfinite(value):
        return "a number too large to write out"
    exponent = floor(log10(abs(value)))
    if -4 <= exponent < 6:
        text = f"{value:.{max(0, digits - 1 - exponent)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, e, power = scientific(value, digits).partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + e + power


def scientific(value: float, digits: int) -> str:
    """A number as so many significant digits and a power of 10: `1.70e-5`."""
    mantissa, e, power = f"{value:.{digits - 1}e}".partition("e")
    return f"{mantissa}{e}{int(power)}"
