"""Mistakes at sums, products, quotients and powers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tutor.engine.gates.misconceptions import backward, each, forward, ranked

_ADD_ASKS = "If {own} grows by 0.01, how much does {y} grow?"
_HOLD = "Hold {other} fixed. What is {own} multiplied by to give {y}?"
_TIMES = "What is {own} multiplied by to give {y}?"
_PRODUCT_READ = "Which operation joins {a} and {b}?"


def _not_by_one(a: Any, b: Any) -> bool:
    """Whether a product of the two is told from one of them."""
    return not np.any(np.equal(a, 1)) and not np.any(np.equal(b, 1))


ADD = ranked((
    *each("add_acts_like_mul", ("u b", "u a"), "it uses the rule for a product, but {y} is a sum", _ADD_ASKS),
    *(
        replace(one, divisor=2)
        for one in each(
            "add_splits", ("u/2", "u/2"), "each argument was given half",
            "If {own} alone grows by 0.01, does {y} grow by all of that, or by a part?",
        )
    ),
    *each("add_slopes", ("2 u", "2 u"), "the slopes of both terms were added", _ADD_ASKS),
    forward("sum_as_product", "a b", "the two were multiplied", _PRODUCT_READ),
    forward("sum_as_difference", "a - b", "one was subtracted from the other", _PRODUCT_READ),
), common=("sum_as_product",), rare=("add_splits", "add_slopes"))  # fmt: skip

SHIFT = ranked((
    *each(
        "const_shift_scales", ("u b", "u a"), "the added constant was used as a factor",
        "Adding {other} shifts {y}. Does it change how fast {y} moves with {own}?",
    ),
    *each("shift_times_input", ("u a", "u b"), "the input was used as a factor", _ADD_ASKS),
    *each("add_slopes", ("2 u", "2 u"), "the constant was given the slope 1, and the two slopes were added", _ADD_ASKS),
    forward("sum_as_product", "a b", "the two were multiplied", _PRODUCT_READ, _not_by_one),
    forward("sum_as_difference", "a - b", "one was subtracted from the other", _PRODUCT_READ),
), rare=("shift_times_input", "add_slopes"))  # fmt: skip

SUB = ranked((
    backward(
        "sub_lost_sign", 1, "u", "{b} is subtracted, and the sign was not flipped",
        "If {b} grows, does {y} rise or fall?",
    ),
    backward(
        "sub_extra_sign", 0, "-u", "the minus sign is in front of {b}, not of {a}",
        "If {a} grows, does {y} rise or fall?",
    ),
    *each("sub_acts_like_mul", ("u b", "u a"), "it uses the rule for a product, but {y} is a difference", _ADD_ASKS),
    forward("swapped", "b - a", "the arguments are swapped", "Which is subtracted from which?"),
    forward("difference_as_sum", "a + b", "the two were added", "Which sign is between {a} and {b}?"),
    forward(
        "difference_as_product", "a b", "the two were multiplied", "Which operation joins {a} and {b}?",
        _not_by_one,
    ),
), common=("sub_lost_sign", "swapped", "difference_as_sum"), rare=("sub_acts_like_mul",))  # fmt: skip

SHIFT_DOWN = ranked((
    backward(
        "const_shift_scales", 0, "u b", "the subtracted constant was used as a factor",
        "Subtracting {b} shifts {y}. Does it change how fast {y} moves with {a}?",
    ),
    backward("shift_times_input", 0, "u a", "the input was used as a factor", _ADD_ASKS),
    *SUB[-3:],
), rare=("shift_times_input",))  # fmt: skip

REFLECT = (
    SUB[0],
    backward("const_shift_scales", 1, "-u a", "the constant was used as a factor", _ADD_ASKS),
    *SUB[-3:],
)

NEG = (
    backward("neg_lost_sign", 0, "u", "the sign was not flipped", "If {a} grows, does {y} rise or fall?"),
    backward("neg_times_input", 0, "-u a", "the input was used as a factor", _ADD_ASKS),
    forward("sign_lost", "a", "the sign was not flipped", "What is the opposite of {a}?"),
)

_MUL_VALUES = (
    forward("product_as_sum", "a + b", "the two were added", _PRODUCT_READ),
    forward("product_as_quotient", "a/b", "one was divided by the other", _PRODUCT_READ),
    forward("product_as_power", "a^b", "one was raised to the other", _PRODUCT_READ),
    forward("product_as_power", "b^a", "one was raised to the other", _PRODUCT_READ),
    forward("product_as_difference", "a - b", "one was subtracted from the other", _PRODUCT_READ),
)


def _mask(kept: Any) -> Any:
    return np.not_equal(kept, 0) * 1.0


def _largest(kept: Any) -> Any:
    return np.full(np.shape(kept), np.max(np.abs(kept)))


_MASKS = (
    ("mask_alone", _mask, "has the mask without the scale", "What is multiplied where an entry is kept?"),
    ("scale_alone", _largest, "has the scale without the mask", "Which entries are dropped?"),
)


def _drops(kept: Any) -> bool:
    """Whether a constant is a mask with a scale: zeros, and one other number."""
    return np.ndim(kept) > 0 and len(set(np.ravel(kept).tolist())) == 2 and bool(np.any(np.equal(kept, 0)))


def _times_part(u: Any, kept: Any, part: Any) -> Any:
    return u * part(kept) if _drops(kept) else None


def _part_of_either(a: Any, b: Any, part: Any) -> Any:
    if _drops(a):
        return part(a) * b
    return a * part(b) if _drops(b) else None


MUL = ranked((
    *each("mul_unswapped", ("u a", "u b"), "{own} itself was used, not the other factor", _HOLD),
    *each("mul_both_inputs", ("u a b", "u a b"), "both factors were used, but only the other one belongs here", _HOLD),
    *each(
        "mul_acts_like_add", ("u", "u"), "it uses the rule for a sum, but {y} multiplies by {other}",
        "If {own} grows by 0.01, how much does {y} grow?",
    ),
    *each("mul_divides", ("u/b", "u/a"), "it was divided by {other}", _HOLD),
    *each("mul_adds_factors", ("u (a + b)", "u (a + b)"), "the two factors were added", _HOLD),
    # Where a number multiplies an array, its gradient is a sum over the entries.
    *each(
        "scale_sum_products", ("sum(u) sum(b)", "sum(u) sum(a)"), "two sums were multiplied",
        "Multiply entry by entry first: what is added up then?",
        (lambda a, b: np.ndim(a) < np.ndim(b), lambda a, b: np.ndim(b) < np.ndim(a)),
    ),
    *(row for name, part, says, asks in _MASKS for row in (
        backward(name, 0, lambda u, _y, _a, b, part=part: _times_part(u, b, part), says, asks),
        backward(name, 1, lambda u, _y, a, _b, part=part: _times_part(u, a, part), says, asks),
        forward(name, lambda _u, _y, a, b, part=part: _part_of_either(a, b, part), says, asks),
    )),
    *_MUL_VALUES,
), common=("mul_unswapped", "product_as_sum"),
    rare=("product_as_quotient", "product_as_difference", "product_as_power", "mul_both_inputs"))  # fmt: skip

SCALE = ranked((
    *each(
        "const_scale_dropped", ("u", "u"), "the constant factor was dropped",
        "If {own} grows by 0.01, how much does {y} grow?",
    ),
    *each("scale_by_input", ("u a", "u b"), "{own} itself was used, not the constant factor", _TIMES),
    *each("mul_both_inputs", ("u a b", "u a b"),
    "both factors were used, but only the constant one belongs here", _TIMES),
    *each("mul_divides", ("u/b", "u/a"), "it was divided by {other}", _TIMES),
    *_MUL_VALUES,
), common=("const_scale_dropped", "product_as_sum"),
    rare=("product_as_quotient", "product_as_difference", "product_as_power", "mul_both_inputs"))  # fmt: skip

_INVERTED = backward(
    "div_num_inverted", 0, "u b", "the denominator was put on top",
    "If {b} is large, does {y} move much or little when {a} moves?",
)  # fmt: skip
_NEGATIVE_POWER = "1/{b} is {b}^-1. What does the exponent bring down in front?"
_POWER_LEFT = "1/{b} is {b}^-1. Which power is left after differentiating?"
_INTEGRAL = "ln is the integral of 1/{b}, not its derivative"
_NO_MINUS = "in the slope with respect to {b}, the minus sign is missing"
_NO_MINUS_NO_SQUARE = "the minus sign is missing, and {b} was not squared"
_CONSTANT_FACTOR = "{a} is a constant factor here. What happens to a constant factor when you differentiate?"
_DIV_VALUES = (
    forward("swapped", "b/a", "top and bottom are swapped", "Which is divided by which?"),
    forward("quotient_as_product", "a b", "the two were multiplied", "Which operation joins {a} and {b}?"),
)


def _not_one(a: Any, _b: Any) -> bool:
    """Whether the numerator is told from none: 1·c and c/1 are c itself."""
    return bool(np.all(np.not_equal(a, 1)))


DIV = ranked((
    _INVERTED,
    backward(
        "div_num_alone", 0, "u", "the denominator {b} was left out", "If {a} grows by 0.01, how much does {y} grow?"
    ),
    backward(
        "div_num_as_den", 0, "u a/b^2", "that is the size of the slope with respect to {b}, not {a}",
        "If {a} grows by 1 and {b} stays as it is, how much does {y} grow?",
    ),
    backward("div_den_sign", 1, "u a/b^2", _NO_MINUS, _NEGATIVE_POWER),
    backward("div_den_no_square", 1, "-u a/b", "the denominator {b} was not squared", _POWER_LEFT),
    backward("div_den_no_numerator", 1, "-u/b^2", "the numerator {a} was left out", _CONSTANT_FACTOR),
    backward("div_den_inverted", 1, "-u a b^2", "the square of {b} is on top instead of below", _POWER_LEFT),
    backward("recip_log", 1, "u a ln(b)", _INTEGRAL, "What power of {b} does differentiating 1/{b} give?"),
    backward(
        "div_swapped", 1, "-u b/a^2", "top and bottom are swapped",
        "{y} is {a} times 1/{b}. What is the slope of 1/{b} with respect to {b}?",
    ),
    backward(
        "div_as_quotient_parts", 1, "u", "top and bottom were differentiated separately",
        "The slope of a quotient is not the quotient of the slopes. What is the slope of {a} times {b}^-1?",
    ),
    backward(
        "div_num_squared", 0, "u/b^2", "the denominator was squared", "If {a} grows by 1, how much does {y} grow?"
    ),
    backward("div_den_bare", 1, "u a/b", _NO_MINUS_NO_SQUARE, _NEGATIVE_POWER),
    *_DIV_VALUES,
), common=("div_den_sign", "div_den_no_square", "div_den_no_numerator", "swapped", "div_num_inverted"),
    rare=("div_as_quotient_parts", "div_den_inverted", "recip_log"),
    lacks={"div_num_alone": ("b",), "div_den_no_numerator": ("a",)})  # fmt: skip

UNSCALE = ranked((
    _INVERTED,
    backward(
        "const_scale_dropped", 0, "u", "the constant divisor was dropped",
        "If {a} grows by 0.01, how much does {y} grow?",
    ),
    backward("scale_by_input", 0, "u a", "{a} itself was used as the factor", "{y} is 1/{b} times what?"),
    backward("divisor_squared", 0, "u/b^2", "it was divided by the square of {b}", "What is {a} divided by?"),
    forward("divisor_squared", "a/b^2", "it was divided by the square of {b}", "What is {a} divided by?"),
    *_DIV_VALUES,
), common=("const_scale_dropped", "quotient_as_product"))  # fmt: skip

RECIPROCAL = ranked((
    backward("recip_sign", 1, "u a/b^2", _NO_MINUS, _NEGATIVE_POWER),
    backward("recip_no_square", 1, "-u a/b", "{b} was not squared", _POWER_LEFT),
    backward("recip_log", 1, "u a ln(b)", _INTEGRAL, "What power of {b} does differentiating 1/{b} give?"),
    backward("div_den_no_numerator", 1, "-u/b^2", "the constant {a} on top was left out", _CONSTANT_FACTOR),
    backward("div_den_inverted", 1, "-u a b^2", "the square of {b} is on top instead of below", _POWER_LEFT),
    backward("recip_inverted", 1, "-u b^2/a", "it is upside down", "For a large {b}, is {y} steep or flat?"),
    backward("div_den_bare", 1, "u a/b", _NO_MINUS_NO_SQUARE, _NEGATIVE_POWER),
    backward("recip_numerator_only", 1, "u a", "only the constant on top is left", _NEGATIVE_POWER, _not_one),
    forward("numerator_lost", "1/b", "the {a} on top was left out", "What is divided by {b}?", _not_one),
    *(replace(row, where=_not_one) for row in _DIV_VALUES),
), common=("recip_sign", "recip_no_square", "swapped"),
    rare=("recip_log", "recip_inverted", "div_den_inverted"))  # fmt: skip


def _counts(_a: Any, n: Any) -> bool:
    """Whether a^n is a product of n factors."""
    return bool(np.all((np.asarray(n) >= 2) & (np.asarray(n) == np.round(n))))


def _counts_not(a: Any, n: Any) -> bool:
    return not _counts(a, n)


def _below_zero(_a: Any, n: Any) -> bool:
    return bool(np.all(np.less(n, 0)))


def _above_zero(_a: Any, n: Any) -> bool:
    return bool(np.all(np.greater(n, 0)))


def _square_before_sign(_u: Any, _y: Any, a: Any, n: Any) -> Any:
    """-3^2 for (-3)^2: only where the base is negative and the exponent even."""
    return -np.power(a, n) if np.ndim(a) == 0 and a < 0 and n % 2 == 0 else None


_STILL = "When {n} comes down in front, which exponent is left?"


def _from_three(n: Any) -> bool:
    """Whether an exponent is a whole number above 2: of a square, the lower power is no power."""
    return bool(np.all(np.greater(n, 2) & np.equal(n, np.floor(n))))


_BASE = ranked((
    backward("pow_no_decrement", 0, "u n a^n", "the exponent came down, but was not reduced by one", _STILL),
    backward(
        "pow_no_coefficient", 0, "u a^(n - 1)", "the exponent did not come down in front",
        "What factor does the old exponent {n} put in front?",
    ),
    backward(
        "pow_coef_decremented", 0, "u (n - 1) a^(n - 1)", "the exponent was reduced before it came down",
        "Which comes first: bringing {n} down, or reducing it?",
    ),
    backward(
        "pow_as_integral", 0, "u a^(n + 1)/(n + 1)", "it was integrated, not differentiated",
        "Does differentiating raise a power, or lower it?",
    ),
    backward(
        "pow_of_lower", 0, lambda u, _y, a, n: u * (n - 1) * a ** (n - 2) if _from_three(n) else None,
        "is the slope of a lower power of {a}", "What is the exponent of {a} in {y}?",
    ),
    backward(
        "pow_wrong_reduced", 0, "u (n - 1) a^n", "the factor in front was reduced by one, not the exponent", _STILL
    ),
    backward("pow_exponent_only", 0, "u n", "only the exponent is left", "What power of {a} goes with it?"),
    backward(
        "pow_lost_power", 0, "u n a", "the new exponent of {a} is missing",
        "The exponent {n} goes down by one: what is left?"
    ),
), common=("pow_no_decrement", "pow_no_coefficient"), rare=("pow_as_integral", "pow_of_lower", "pow_wrong_reduced"),
    lacks={"pow_no_coefficient": ("n",), "pow_coef_decremented": ("n",)})  # fmt: skip
_EXPONENT = (
    backward(
        "exponential_power_rule", 1, "u n a^(n - 1)", "it uses the power rule, but here the exponent varies",
        "{a} is the base and {n} the exponent. When {n} grows by 1, what is {y} multiplied by?",
    ),
    backward(
        "exponential_no_log", 1, "u a^n", "only base e gives its own derivative",
        "Which factor does the base {a} bring?"
    ),
    backward(
        "exponential_log_of_exponent", 1, "u a^n ln(n)", "the logarithm of the exponent was taken",
        "Which of the two is the logarithm taken of?",
    ),
    backward("exponential_log_alone", 1, "u ln(a)", "the output was left out", "Is {y} equally steep everywhere?"),
)  # fmt: skip
_HOW_MANY = "Written out as a product, how many factors of {a} does {y} have?"
_MEANS = "What does an exponent of {n} mean?"
_POW_VALUES = ranked((
    forward(
        "power_before_sign", _square_before_sign, "squares first and puts the minus sign in front afterwards",
        "The minus sign is part of {a}. What is {a} times {a}?",
    ),
    forward("power_as_product", "a n", "the exponent was used as a factor", _HOW_MANY, _counts),
    forward("power_as_product", "a n", "the exponent was used as a factor", _MEANS, _counts_not),
    forward("power_one_less", "a^(n - 1)", "a factor of {a} is missing", _HOW_MANY, _counts),
    forward("power_one_less", "a^(n - 1)", "the exponent is one too low", _MEANS, _counts_not),
    forward("power_one_more", "a^(n + 1)", "there is one factor of {a} too many", _HOW_MANY, _counts),
    forward("power_one_more", "a^(n + 1)", "the exponent is one too high", _MEANS, _counts_not),
    forward("swapped", "n^a", "base and exponent are swapped", "Which one is raised to which?"),
    forward(
        "exponent_sign_lost", "a^(-n)", "the minus sign of the exponent is missing",
        "What does a negative exponent mean?", _below_zero,
    ),
    forward(
        "exponent_sign_added", "a^(-n)", "the exponent has a minus sign too many", "Which sign does {n} have?",
        _above_zero,
    ),
    forward(
        "exponent_sign_in_front", "-a^(-n)", "the minus of the exponent was moved in front",
        "A negative exponent means 1 over the power. What is that here?", _below_zero,
    ),
    forward("power_as_sum", "a + n", "the exponent was added", _HOW_MANY, _counts),
), common=("power_as_product",), rare=("swapped", "power_one_more", "power_as_sum"))  # fmt: skip

# Where the exponent moves, the base is positive.
POW = (*_BASE, *_EXPONENT, *_POW_VALUES[1:])
POWER = (*_BASE, *_POW_VALUES)
EXPONENTIAL = (*_EXPONENT, *_POW_VALUES[1:])
