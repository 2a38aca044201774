"""A number, or an array of numbers, in the ways a learner may write it down: nothing here is the program's.

Each form comes with its family, such as `3 digits` or `fraction`. Only right answers are written: so many digits as
are asked for or more, and zeros at the end only where they are true.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

import numpy as np

Form = tuple[str, str]
"""Family, text."""

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ZEROS = ("0", "0.0", "0.00", "-0", "+0", "0.", ".0", " 0 ", "(0)", "0/5", "0e0", "0.0e-3", "0*10^-2", "0·10⁻²",
          "0.000", "1 - 1", "2 - 2.0", "3*0", "0^2", "-(0)", "−0", "sqrt(0)")  # fmt: skip
_LARGEST_DENOMINATOR = 60


def rounded(value: float, digits: int) -> Decimal:
    """To so many significant digits, kept as zeros where they are zeros."""
    if not value:
        return Decimal(0)
    exact = Decimal(repr(float(value)))
    number = Context(digits, ROUND_HALF_EVEN).create_decimal(exact)
    missing = number.adjusted() + 1 - digits
    return number.quantize(Decimal(1).scaleb(missing), context=Context(40)) if missing < 0 else number


def positional(number: Decimal) -> str:
    """`0.0123`, without an exponent."""
    return f"{number:f}"


def scientific(number: Decimal) -> tuple[str, int]:
    """`1.23` and -2 for 0.0123."""
    sign, digits, _ = number.as_tuple()
    text = "".join(map(str, digits))
    return ("-" if sign else "") + text[0] + ("." + text[1:] if len(text) > 1 else ""), number.adjusted()


def nicest(value: float) -> str:
    """All the digits of a float."""
    return repr(float(value))


def fraction(value: float) -> Fraction | None:
    """The small fraction that this is, if it is one."""
    near = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    return near if abs(near.numerator) < 10_000 and abs(float(near) - value) <= 1e-13 * abs(value) else None


def number_forms(value: float, fewest: int = 2) -> Iterator[Form]:
    """At least twenty right ways to write it, with no fewer than so many significant digits."""
    if abs(value) < 1e-14:
        yield from (("zero", text) for text in _ZEROS)
        return
    for digits in range(fewest, 8):
        yield from _in_digits(value, digits)
    yield "all digits", nicest(value)
    yield "all digits", f"{value:.17e}"
    yield "all digits", f"({nicest(value)})"
    yield from _exact_forms(value)


def _in_digits(value: float, digits: int) -> Iterator[Form]:
    number = rounded(value, digits)
    text, (mantissa, power) = positional(number), scientific(number)
    raised = str(power).translate(_RAISED)
    # 1200 for 1234.5 is not written: it reads as four digits, and counts to the precision it is written in.
    if number.as_tuple().exponent <= 0 and abs(power) < 8:
        yield f"{digits} digits", text
        yield "in brackets", f"({text})"
        yield "spaces", f"  {text} "
        if text.lstrip("-").startswith("0."):
            yield "no leading zero", text.replace("0.", ".", 1)
        if value > 0:
            yield "plus", f"+{text}"
            yield "plus", f"+ {text}"
        else:
            yield "minus", text.replace("-", "−", 1)
            yield "minus", text.replace("-", "- ", 1)
            yield "minus", text.replace("-", "–", 1)
            yield "minus", f"-({text[1:]})"
    yield "e", f"{mantissa}e{power}"
    yield "e", f"{mantissa}E{power:+03d}"
    yield "e", f"{number.scaleb(2):f}e-2" if -6 < power < 0 else f"{mantissa}e{power:+d}"
    for times in ("*10^", " * 10^", "×10^", " · 10^", "*10**", " × 10**"):
        yield "times 10^", f"{mantissa}{times}{power}"
    yield "times 10^", f"{mantissa}*10^({power})"
    yield "times 10ⁿ", f"{mantissa}·10{raised}"
    yield "times 10ⁿ", f"{mantissa} × 10{raised}".replace("-", "−")
    if power < 0:
        yield "over 10^", f"{mantissa}/10^{-power}"


def _exact_forms(value: float) -> Iterator[Form]:
    near = fraction(value)
    if near is None:
        return
    p, q = abs(near.numerator), near.denominator
    sign = "-" if value < 0 else ""
    yield "fraction", f"{sign}{p}/{q}"
    yield "fraction", f"{sign}({p}/{q})"
    yield "fraction", f"{sign}{2 * p}/{2 * q}"
    yield "fraction", f"({sign}{p})/{q}"
    yield "fraction", f"{sign} {p} / {q}"
    yield "fraction", f"{sign}{p}·{q}^-1"
    yield "fraction", f"{sign}{p}.0/{q}.0"
    if sign:
        yield "fraction", f"{p}/(-{q})"
        yield "fraction", f"{p}/-{q}"
        yield "fraction", f"−{p}⁄{q}"  # the fraction slash
    if p > q > 1:
        yield "fraction", f"{sign}({p // q} + {p % q}/{q})"
    if 10**12 % q == 0:
        exact = Context(20).divide(Decimal(near.numerator), Decimal(q))
        text = positional(exact if "." in str(exact) else exact.quantize(Decimal("1.0")))
        yield from (("trailing zeros", text + "0" * more) for more in (1, 2, 5))
    if q == 1:
        yield from (("whole", f"{sign}{p}{more}") for more in ("", ".", ".0", "e0", "*1", "/1"))
        yield "whole", f"{sign}0{p}"
        yield "whole", f"{sign}{p + 1} + {1 if sign else -1}"


# Arrays


def array_forms(value: Any, fewest: int = 2) -> Iterator[Form]:
    """Right ways to write a vector or a matrix."""
    for digits in range(fewest, 8):
        entries: Callable[[float], str] = lambda entry, digits=digits: positional(rounded(entry, digits))  # noqa: E731
        whole = any("." not in entries(e) and abs(e) >= 10**digits for e in np.ravel(value))
        if not whole:
            for text in _written_out(value, entries):
                yield f"{digits} digits", text
        yield "e", _nested(value, lambda entry, digits=digits: f"{entry:.{digits - 1}e}")
    for text in _written_out(value, nicest):
        yield "all digits", text
    if all(fraction(entry) is not None for entry in np.ravel(value)):
        for text in _written_out(value, lambda entry: str(fraction(entry))):
            yield "fraction", text
        yield "fraction", _nested(value, lambda entry: f"({fraction(entry)})")
    if np.ndim(value) == 2:
        yield "transposed", _nested(value.T, nicest) + ".T"
        yield "transposed", _nested(value.T, nicest) + "ᵀ"
    yield "products", "2*" + _nested(value / 2, nicest)
    yield "products", _nested(value * 4, nicest) + "/4"
    yield "products", "-" + _nested(-value, nicest)


def _written_out(value: Any, entry: Callable[[float], str]) -> Iterator[str]:
    nested = _nested(value, entry)
    yield nested
    yield nested.replace(", ", ",")
    yield nested.replace("-", "−")
    yield f"( {nested} )"
    yield f"np.array({nested})"
    if np.ndim(value) == 2 and len(value) > 1:
        rows = [[entry(number) for number in row] for row in value]
        for between, end in ((" ", "; "), ("  ", " ;"), (", ", "; "), (",", ";")):
            flat = end.join(between.join(row) for row in rows)
            yield flat
            yield f"[{flat}]"
    if np.ndim(value) == 1 and len(value) > 1:
        yield nested.replace(", ", " ")


def _nested(value: Any, entry: Callable[[float], str]) -> str:
    return "[" + ", ".join(_nested(part, entry) for part in value) + "]" if np.ndim(value) else entry(value)
