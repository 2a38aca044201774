"""How precisely a number was typed, `0.78` within half a hundredth, and how near it is to a value by that."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from math import floor, isfinite, log10

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.values import Value
from tutor.language import Apply, Expression, Matrix, Number

WANTED_DIGITS = 2
"""Significant digits that a rounded number has, or more, where the blank does not ask for others."""

ROUNDING_RULE = "Rounded numbers need {} digits or more; exact forms such as 1/3 are fine."
"""The one rule of rounding, as learners are told it before they answer."""

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


EXACT = 1e-9
"""Relative difference up to which two computed values are the same."""

ROUNDING = 1e-13
"""What may be left of a zero after float arithmetic."""

_ON_THE_EDGE = 1 + 1e-9
"""A tie such as 0.775 counts for either side."""

_SHORT_OF_A_UNIT = 1 - 1e-6
"""83 is a whole unit from 82, whatever float arithmetic makes of them."""

_ENOUGH_FOR_A_SLIP = 3

_PLAIN_ZERO = 0.005
"""A plain 0 for a value smaller than this may be meant as rounded."""


class Closeness(IntEnum):
    """How a number stands to a value, best first."""

    RIGHT = 0
    CUT_OFF = 1
    """Less than one unit of its last place away, though not rounded as it should be."""

    TOO_FEW_DIGITS = 2
    """Too coarse to be told right from wrong."""

    TOO_MANY_DIGITS = 3
    """Off by less than half a step of the third digit, and not as near as its digits say."""

    WRONG = 4


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """One number of an answer.

    `written` is the number as it was typed, None for an exact form; `slack` how far `value` may be off since its
    decimals were rounded; `place` where it stands in an array, in words.
    """

    value: float
    written: Number | None
    slack: float
    place: str = ""
    fraction: Number | None = None
    """The decimal that a fraction of whole numbers such as 105/1000 writes."""

    @property
    def has_point(self) -> bool:
        """Whether it was typed with decimals, even if they are zeros."""
        return self.written is not None and "." in self.written.text


def closeness(answer: NumberAnswer, value: float, digits: int) -> Closeness:
    """How the answer stands to the value, of which so many significant digits are wanted."""
    found = _closeness(answer, value, digits)
    if found is Closeness.RIGHT or answer.fraction is None:
        return found
    return min(found, _closeness(as_decimal(answer, answer.fraction), value, digits))


def as_decimal(answer: NumberAnswer, decimal: Number) -> NumberAnswer:
    """The answer as if this decimal had been typed."""
    return replace(answer, written=decimal, slack=float(last_place(decimal)) / 2, fraction=None)


def _closeness(answer: NumberAnswer, value: float, digits: int) -> Closeness:
    gap = abs(answer.value - value)
    if not answer.value and abs(value) < ROUNDING:
        return Closeness.RIGHT
    if not value:
        return Closeness.WRONG
    if gap <= EXACT * max(abs(answer.value), abs(value)):
        return Closeness.RIGHT
    if not answer.slack:
        return Closeness.WRONG
    half, enough = answer.slack * _ON_THE_EDGE, _half_unit(value, digits) * _ON_THE_EDGE
    precise = significant_digits(answer.written) >= digits if answer.written else half <= enough
    if not precise:
        if gap <= min(half, enough):
            return Closeness.RIGHT
        return Closeness.TOO_FEW_DIGITS if gap <= _reach(answer, value, half) else Closeness.WRONG
    if gap <= half:
        return Closeness.RIGHT
    if answer.written is None:
        return Closeness.WRONG
    if gap < 2 * answer.slack * _SHORT_OF_A_UNIT and _may_slip(answer, value):
        return Closeness.CUT_OFF
    return Closeness.TOO_MANY_DIGITS if gap <= _half_unit(value, 3) else Closeness.WRONG


def _may_slip(answer: NumberAnswer, value: float) -> bool:
    """Whether it was cut off; or is so near that it can be nothing but a slip in rounding."""
    assert answer.written is not None
    return abs(answer.value) < abs(value) or significant_digits(answer.written) >= _ENOUGH_FOR_A_SLIP


def _half_unit(value: float, digits: int) -> float:
    """Half a step of the last of so many significant digits."""
    return 0.5 * float(10.0 ** (floor(log10(abs(value))) + 1 - digits))


def _reach(answer: NumberAnswer, value: float, half: float) -> float:
    """How far off a number with too few digits may be, and still be no more than that."""
    if answer.written is None or answer.value:
        cut_off = answer.has_point and 0 < answer.value / value < 1
        return 2 * answer.slack * _SHORT_OF_A_UNIT if cut_off else half
    return half if answer.has_point else _PLAIN_ZERO
