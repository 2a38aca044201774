"""How precisely a number was typed: `0.78` means within half a hundredth."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor, isfinite, log10

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Value
from tutor.language import Apply, Expression, Matrix, Number

_MOST_DECIMALS = 60
"""Beyond so many decimals in one answer, their rounding is not followed."""


def written_number(expression: Expression) -> Number | None:
    """The number, with its sign, that a whole answer is; None where the answer is more than a number."""
    match expression:
        case Number():
            return expression
        case Apply("neg", (inner,)):
            number = written_number(inner)
            return None if number is None else replace(number, value=-number.value)
        case _:
            return None


_SMALLEST_DENOMINATOR = 10
"""A fraction such as 1/4 is an exact form; 21/200 and 105/1000 are how a decimal may be written."""


def decimal_of(expression: Expression) -> Number | None:
    """The decimal that a fraction of two whole numbers writes, such as 0.105 for 105/1000; else None."""
    match expression:
        case Apply("neg", (inner,)):
            number = decimal_of(inner)
            return None if number is None else replace(number, value=-number.value, text=f"-{number.text}")
        case Apply("div", (Number(top), Number(bottom))) if top.denominator == bottom.denominator == 1:
            exact = top / bottom if bottom >= _SMALLEST_DENOMINATOR else None
            places = next((n for n in range(1, 9) if exact is not None and (exact * 10**n).denominator == 1), None)
            if exact is None or places is None:
                return None
            return Number(exact, f"{'-' * (exact < 0)}{abs(exact.numerator / exact.denominator):.{places}f}")
        case _:
            return None


def last_place(number: Number) -> Fraction:
    """What one step of the last typed digit is worth: 1/100 for `0.78`, 1 for `12`, 1000 for `2e3`."""
    mantissa, _, exponent = _parts(number)
    decimals = len(mantissa.partition(".")[2])
    return Fraction(10) ** (exponent - decimals)


def significant_digits(number: Number) -> int:
    """How many digits count: 2 for `0.78`, `0.0078` and `7.8e-9`, 3 for `120` and `1.20`, 0 for `0.00`."""
    mantissa, _, _ = _parts(number)
    return len(mantissa.replace(".", "").lstrip("0"))


def is_decimal(number: Number) -> bool:
    """Whether it was typed with decimals or an exponent, so that it may be a rounded value."""
    return any(sign in number.text for sign in ".eE")


def slack(expression: Expression, at: Mapping[str, Value], exact: Container[Fraction] = ()) -> Value:
    """How far the value may be off because its decimals were rounded: half of each one's last place, carried on.

    0 where the expression holds no decimals but those that are `exact`. In the shape of its value.
    Raises ValueError where shapes do not fit, KeyError for a name without a value.
    """
    moved = [variant for value, variant in _with_each_decimal_moved(expression) if value not in exact]
    if not moved or len(moved) > _MOST_DECIMALS:
        return 0.0
    middle = evaluate(expression, at)
    with np.errstate(all="ignore"):
        shifts = [np.abs(np.subtract(evaluate(variant, at), middle)) for variant in moved]
        total: Value = np.sum(shifts, axis=0)
    return total


def _with_each_decimal_moved(expression: Expression) -> Iterator[tuple[Fraction, Expression]]:
    """Each decimal, and the expression with it moved up by half its last place."""
    match expression:
        case Number(value) if is_decimal(expression):
            yield value, replace(expression, value=value + last_place(expression) / 2)
        case Apply(arguments=arguments):
            for position, argument in enumerate(arguments):
                for value, moved in _with_each_decimal_moved(argument):
                    yield (
                        value,
                        replace(expression, arguments=(*arguments[:position], moved, *arguments[position + 1 :])),
                    )
        case Matrix(rows):
            for i, row in enumerate(rows):
                for j, entry in enumerate(row):
                    for value, moved in _with_each_decimal_moved(entry):
                        changed = (*row[:j], moved, *row[j + 1 :])
                        yield value, replace(expression, rows=(*rows[:i], changed, *rows[i + 1 :]))


_ROUNDED_TO = (2, 1)
"""Significant digits to which people round on the way."""


def roundings(value: float) -> list[float]:
    """What a number becomes when it is rounded on the way: to two digits or one, or to two or one decimals."""
    found = [float(f"{value:.{digits}g}") for digits in _ROUNDED_TO] + [round(value, digits) for digits in _ROUNDED_TO]
    return [one for one in dict.fromkeys(found) if one and abs(one - value) > 1e-9 * abs(value)]


def _parts(number: Number) -> tuple[str, str, int]:
    """The digits, the e, and the exponent of the text it was typed as."""
    mantissa, e, exponent = number.text.lower().lstrip("+-−").partition("e")
    return mantissa, e, int(exponent) if e else 0


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
