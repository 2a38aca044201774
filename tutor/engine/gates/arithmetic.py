"""Sums, products, quotients and powers, and their special cases with a constant argument."""

from __future__ import annotations

from dataclasses import replace
from operator import add, mul, neg, sub, truediv

import numpy as np

from tutor.engine.gates.elementary import divide, exact_power, ln, power
from tutor.engine.gates.gate import Constants, Gate
from tutor.engine.gates.misconceptions import arithmetic as slips
from tutor.engine.values import Value


def _power_by_base(u: Value, _y: Value, a: Value, b: Value) -> Value:
    if isinstance(b, float):
        return u * b * power(a, b - 1.0) if b else u * 0.0 * a
    # a^0 is 1 for every a, 0 included: its slope there is 0, where b a^(b - 1) would be 0 times infinity.
    lower = np.where(np.equal(b, 0), 1.0, np.subtract(b, 1.0))
    return u * b * power(a, lower)


def _power_by_exponent(u: Value, y: Value, a: Value, b: Value) -> Value:
    # At a = 0 the limit of y ln a is 0, for the positive exponents at which 0^b is smooth.
    at_zero = np.equal(a, 0) & np.greater(b, 0)
    return u * y * ln(np.where(at_zero, 1.0, a)) if np.any(at_zero) else u * y * ln(a)


def _no_zero_denominator(_a: Value, b: Value) -> str | None:
    return "the denominator is 0" if np.any(np.equal(b, 0)) else None


def _power_domain(a: Value, b: Value) -> str | None:
    if np.any(np.equal(a, 0) & np.less(b, 0)):
        return "0 has no negative power"
    if np.any(np.less(a, 0) & np.not_equal(b, np.round(b))):
        return "a negative number has a real power only where the exponent is whole"
    return None


def _one_constant(constants: Constants) -> bool:
    return sum(c is not None for c in constants) == 1


def _first_constant(constants: Constants) -> bool:
    return constants[0] is not None and constants[1] is None


def _second_constant(constants: Constants) -> bool:
    return constants[0] is None and constants[1] is not None


ADD = Gate(
    key="add",
    title="add",
    symbol="+",
    arguments=("a", "b"),
    forward=add,
    vjps=(lambda u, _y, _a, _b: u, lambda u, _y, _a, _b: u),
    form=lambda _m, a, b: a + b,
    exact=add,
    locals=("1", "1"),
    code="{a} + {b}",
    numpy_names=("add",),
    pattern="An add gate copies the upstream gradient to every argument.",
    mistakes=slips.ADD,
)

SUB = Gate(
    key="sub",
    title="subtract",
    symbol="−",
    arguments=("a", "b"),
    forward=sub,
    vjps=(lambda u, _y, _a, _b: u, lambda u, _y, _a, _b: -u),
    form=lambda _m, a, b: a - b,
    exact=sub,
    locals=("1", "-1"),
    code="{a} - {b}",
    numpy_names=("subtract",),
    pattern="A subtract gate copies the upstream to the first argument and its negative to the second.",
    mistakes=slips.SUB,
)

NEG = Gate(
    key="neg",
    title="negate",
    symbol="−",
    arguments=("a",),
    forward=neg,
    vjps=(lambda u, _y, _a: -u,),
    form=lambda _m, a: -a,
    exact=neg,
    locals=("-1",),
    code="-{a}",
    numpy_names=("negative",),
    pattern="A minus sign flips the sign of the gradient.",
    mistakes=slips.NEG,
)

MUL = Gate(
    key="mul",
    title="multiply",
    symbol="×",
    arguments=("a", "b"),
    forward=mul,
    vjps=(lambda u, _y, _a, b: u * b, lambda u, _y, a, _b: u * a),
    form=lambda _m, a, b: a * b,
    exact=mul,
    locals=("b", "a"),
    code="{a} * {b}",
    numpy_names=("multiply",),
    pattern="A multiply gate swaps: each argument gets the upstream times the other argument.",
    mistakes=slips.MUL,
)

DIV = Gate(
    key="div",
    title="divide",
    symbol="/",
    arguments=("a", "b"),
    forward=divide,
    vjps=(lambda u, _y, _a, b: divide(u, b), lambda u, _y, a, b: divide(-u * a, b * b)),
    form=lambda _m, a, b: a / b,
    exact=truediv,
    locals=("1/b", "-a/b^2"),
    code="{a} / {b}",
    numpy_names=("divide", "true_divide"),
    pattern="A quotient sends upstream × 1/bottom to the top and upstream × −top/bottom² to the bottom.",
    domain=_no_zero_denominator,
    mistakes=slips.DIV,
)

POW = Gate(
    key="pow",
    title="power",
    symbol="^",
    arguments=("a", "n"),
    forward=power,
    vjps=(_power_by_base, _power_by_exponent),
    form=lambda _m, a, n: a**n,
    exact=exact_power,
    locals=("n a^(n - 1)", "a^n ln(a)"),
    code="{a}**{n}",
    numpy_names=("power", "pow", "float_power"),
    code_needs_floats=True,
    pattern="To the base goes the power rule: the exponent comes down in front, then drops by one. "
    "To the exponent: upstream × the output × the logarithm of the base.",
    domain=_power_domain,
    mistakes=slips.POW,
)

SCALE = replace(
    MUL,
    key="scale",
    title="scale by a constant",
    pattern="A constant factor multiplies the gradient too.",
    specialises="mul",
    matches=_one_constant,
    mistakes=slips.SCALE,
)

UNSCALE = replace(
    DIV,
    key="unscale",
    title="divide by a constant",
    pattern="A constant divisor divides the gradient too.",
    specialises="div",
    matches=_second_constant,
    mistakes=slips.UNSCALE,
)

RECIPROCAL = replace(
    DIV,
    key="reciprocal",
    title="reciprocal",
    pattern="A constant over its input: upstream × −constant/input².",
    specialises="div",
    matches=_first_constant,
    mistakes=slips.RECIPROCAL,
)

SHIFT = replace(
    ADD,
    key="shift",
    title="shift by a constant",
    pattern="An added constant moves the value, not its slope: the gradient passes unchanged.",
    specialises="add",
    matches=_one_constant,
    mistakes=slips.SHIFT,
)

SHIFT_DOWN = replace(
    SUB,
    key="shift_down",
    title="subtract a constant",
    pattern="A subtracted constant moves the value, not its slope: the gradient passes unchanged.",
    specialises="sub",
    matches=_second_constant,
    mistakes=slips.SHIFT_DOWN,
)

REFLECT = replace(
    SUB,
    key="reflect",
    title="subtract from a constant",
    pattern="A constant minus its input flips the sign of the gradient, as a minus sign does.",
    specialises="sub",
    matches=_first_constant,
    mistakes=slips.REFLECT,
)

POWER = replace(
    POW,
    key="power",
    title="power with a constant exponent",
    specialises="pow",
    matches=_second_constant,
    pattern="Power rule: bring the exponent down in front, then lower it by one.",
    mistakes=slips.POWER,
)

EXPONENTIAL = replace(
    POW,
    key="exponential",
    title="a constant to a power",
    pattern="A constant to a power: upstream × the output × the logarithm of the constant.",
    specialises="pow",
    matches=_first_constant,
    mistakes=slips.EXPONENTIAL,
)

ARITHMETIC = (
    ADD, SUB, NEG, MUL, DIV, POW,
    SCALE, UNSCALE, RECIPROCAL, SHIFT, SHIFT_DOWN, REFLECT, POWER, EXPONENTIAL,
)  # fmt: skip
