"""The wrong rules that people differentiate by: what each makes of an operation, and what to say and ask then.

Formulas and sentences are over the same letters: a and b are the arguments, da and db their slopes, y the value; where
one of two arguments is constant, c is that one, v the other and dv its slope; for a function of one argument, s is its
slope by that argument, and w its value where the argument is replaced by the argument's slope. In the sentences {it} is
the operation, {f} the function, {by} the variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary
from tutor.engine.values import Value
from tutor.language import Expression, read_expression
from tutor.questions.derivative.tape import Seen


class When(Enum):
    """Which arguments must vary for a rule to apply."""

    BOTH = "both"
    ONE = "one of two"
    TOP = "the first of two"
    BOTTOM = "the second of two"
    SECOND = "the second, whether or not the first does"
    SINGLE = "the only one"
    INNER = "the first, and not just as the variable itself"
    INNER_BOTTOM = "the second, and not just as the variable itself"


_CASES = {(True, True): {When.BOTH, When.SECOND}, (True, False): {When.ONE, When.TOP, When.INNER},
          (False, True): {When.ONE, When.BOTTOM, When.SECOND, When.INNER_BOTTOM},
          (True,): {When.SINGLE, When.INNER}}  # fmt: skip

FUNCTION = "function"
"""Stands for any function of one argument."""

_FUNCTIONS = frozenset({"exp", "ln", "sqrt", "sin", "cos", "tan", "sigmoid", "tanh", "abs"})
_LETTERS = ("a", "b", "da", "db", "y", "c", "v", "dv", "s", "w")


@dataclass(frozen=True, slots=True)
class WrongRule:
    """One wrong rule. `rank` tells which of two that lead to the same is named: the lower one."""

    key: str
    operation: str
    when: When
    formula: str
    says: str
    rank: int = 1

    def wrong(self, seen: Seen) -> Value | None:
        """What the rule makes of an operation; None where it does not apply."""
        if not self._applies(seen):
            return None
        return evaluate(_read(self.formula), letters(seen, self.operation == FUNCTION))

    def _applies(self, seen: Seen) -> bool:
        own = seen.operation in _FUNCTIONS if self.operation == FUNCTION else seen.operation == self.operation
        if not own or self.when not in _CASES.get(tuple(part.varies for part in seen.parts), ()):
            return False
        if self.when in (When.INNER, When.INNER_BOTTOM):
            return not np.all(seen.slopes[self.when is When.INNER_BOTTOM] == 1.0)
        return True


@lru_cache(maxsize=256)
def _read(formula: str) -> Expression:
    return read_expression(formula, vocabulary(*_LETTERS)).tree


def letters(seen: Seen, function: bool) -> dict[str, Value]:
    """The values of the letters that formulas are written in."""
    values = [part.value for part in seen.parts]
    found: dict[str, Value] = {"y": seen.spot.value, "a": values[0], "da": seen.slopes[0]}
    if function:
        local = seen.spot.locals[0]
        assert local is not None
        return found | {"s": local, "w": GATES[seen.operation].forward(seen.slopes[0])}
    if len(values) > 1:
        found |= {"b": values[1], "db": seen.slopes[1]}
        moving = 0 if seen.parts[0].varies else 1
        found |= {"c": values[1 - moving], "v": values[moving], "dv": seen.slopes[moving]}
    return found


_INNER = (
    "The inner slope is missing: {it} was differentiated as if {a} were a variable of its own. "
    "How fast does {a} change with {by}?"
)
_LN = "What is the slope of ln u with respect to u?"
_ADDED = "In {it} the outer and inner slopes were added. What do slopes along a chain do?"
_CONSTANT = "How much does {c} change when {by} changes?"
_ROOT = "{it} is a power of {a}: which exponent comes down, and which is left?"
_OUTPUT = "Its slope uses its own output. Which letter is that here?"

_B, _ONE, _TOP, _BOTTOM, _SINGLE = When.BOTH, When.ONE, When.TOP, When.BOTTOM, When.SINGLE

SLIPS: tuple[WrongRule, ...] = (
    # Sums and signs
    WrongRule("kept_constant", "add", _ONE, "c + dv", f"In {{it}} the constant {{c}} was kept. {_CONSTANT}"),
    WrongRule("kept_constant", "sub", _TOP, "da - b", f"In {{it}} the constant {{c}} was kept. {_CONSTANT}"),
    WrongRule("kept_constant", "sub", _BOTTOM, "a - db", f"In {{it}} the constant {{c}} was kept. {_CONSTANT}"),
    WrongRule("constant_to_one", "add", _ONE, "1 + dv",
        f"In {{it}} the constant {{c}} was given the slope 1. {_CONSTANT}"),
    WrongRule("constant_to_one", "sub", _TOP, "da - 1",
        f"In {{it}} the constant {{c}} was given the slope 1. {_CONSTANT}"),
    WrongRule("term_missing", "add", _B, "da", "The term {b} was left out. Does it change with {by}?"),
    WrongRule("term_missing", "add", _B, "db", "The term {a} was left out. Does it change with {by}?"),
    WrongRule("term_missing", "sub", _B, "da", "The term {b} was left out. Does it change with {by}?"),
    WrongRule("term_missing", "sub", _B, "-db", "The term {a} was left out. Does it change with {by}?"),
    WrongRule("minus_to_plus", "sub", When.SECOND, "da + db",
         "The minus in front of {b} is missing. When {b} grows, does {it} grow?"),
    WrongRule(
        "plus_to_minus", "add", _B, "da - db",
        "The plus in front of {b} became a minus. When {b} grows, does {it} fall?",
    ),
    WrongRule("lost_minus", "neg", _SINGLE, "da",
        "The minus of {it} is missing. When {a} grows, does {it} grow?", rank=2),
    # Products
    WrongRule("dropped_factor", "mul", _ONE, "dv",
         "The constant factor {c} of {it} was dropped. When {v} moves by 1, how much does {it} move?"),
    WrongRule("factor_added", "mul", _ONE, "c + dv",
         "The constant factor {c} of {it} was added. When {v} moves by 1, how much does {it} move?"),
    WrongRule("factor_kept", "mul", _ONE, "y", "{it} was kept as it is. When {v} moves by 1, how much does {it} move?"),
    WrongRule("factor_to_zero", "mul", _ONE, "0 c",
         "A constant alone has the slope 0, but in {it} the constant {c} is a factor. "
         "When {v} moves by 1, how much does {it} move?"),
    WrongRule("product_of_slopes", "mul", _B, "da db",
         "The slopes of {a} and {b} were multiplied. "
         "If only {a} moves, how much does {it} move? And if only {b} moves?"),
    WrongRule("product_one_term", "mul", _B, "da b",
         "In the product {it} only {a} was allowed to move. What does {b} add when it moves too?"),
    WrongRule("product_one_term", "mul", _B, "a db",
         "In the product {it} only {b} was allowed to move. What does {a} add when it moves too?"),
    WrongRule("product_minus", "mul", _B, "da b - a db",
         "The two terms of the product rule for {it} were subtracted. "
         "If both factors grow, does either term pull the product down?"),
    WrongRule("product_sum_of_slopes", "mul", _B, "da + db",
         "The slopes of {a} and {b} were added, as for a sum. What is each multiplied by in a product?"),
    # Quotients
    WrongRule("quotient_of_slopes", "div", _B, "da/db",
         "The slope of {a} was divided by that of {b}. "
         "In the quotient rule, what goes in the numerator and what in the denominator?"),
    WrongRule("quotient_plus", "div", _B, "(da b + a db)/b^2",
         "In the quotient rule for {it} the two terms were added. When {b} grows, does {it} grow?"),
    WrongRule("quotient_swapped", "div", _B, "(a db - da b)/b^2",
         "In the quotient rule for {it} the two terms are the wrong way round. When {a} grows, does {it} grow?"),
    WrongRule("quotient_no_bottom", "div", _B, "da b - a db",
         "The quotient rule for {it} is missing its denominator. What is it?"),
    WrongRule("quotient_no_square", "div", _B, "(da b - a db)/b",
         "In the quotient rule for {it} the bottom was not squared. What is the denominator?"),
    WrongRule("dropped_divisor", "div", _TOP, "da",
         "The divisor {b} of {it} was dropped. When {a} moves by 1, how much does {it} move?"),
    WrongRule("divisor_multiplied", "div", _TOP, "da b",
         "The divisor {b} of {it} became a factor. When {a} moves by 1, how much does {it} move?"),
    WrongRule("reciprocal_sign", "div", _BOTTOM, "a db/b^2",
         "The minus is missing in the slope of {it}. When {b} grows, does {it} grow?"),
    WrongRule("reciprocal_no_square", "div", _BOTTOM, "-a db/b",
         "The bottom is not squared in the slope of {it}. With {b} to the power -1, which power is left?"),
    WrongRule("reciprocal_of_slope", "div", _BOTTOM, "a/db",
         "The bottom of {it} was replaced by its slope. With {b} to the power -1, what does the power rule give?"),
    WrongRule("reciprocal_ln", "div", _BOTTOM, "a ln(abs(b))",
         "That is the integral of {it}. With {b} to the power -1, what does the power rule give?"),
    WrongRule("lost_inner", "div", When.INNER_BOTTOM, "-a/b^2", _INNER.replace("{a}", "{b}")),
    # Powers
    WrongRule("power_kept", "pow", _TOP, "y",
         "{it} was kept as it is. What happens to its exponent, and what comes to the front?"),
    WrongRule("exponent_not_down", "pow", _TOP, "a^(b - 1) da",
         "The exponent of {it} was lowered, but it was not brought down. Which number comes to the front?"),
    WrongRule("power_not_lowered", "pow", _TOP, "b a^b da",
         "The exponent of {it} was brought down, but it was not lowered. What exponent is left?"),
    WrongRule("power_raised", "pow", _TOP, "b a^(b + 1) da",
         "The exponent of {it} was raised. Does a power gain or lose one when it is differentiated?"),
    WrongRule("lowered_exponent_down", "pow", _TOP, "(b - 1) a^(b - 1) da",
         "The lowered exponent of {it} was brought to the front. Which one goes there: the old or the new?", rank=2),
    WrongRule("lost_inner", "pow", When.INNER, "b a^(b - 1)", _INNER),
    WrongRule("slope_inside", "pow", When.INNER, "b da^(b - 1)",
         "In {it} the slope of {a} was put inside. What stays inside, and where does the slope of {a} go?"),
    WrongRule("inner_only", "pow", When.INNER, "da",
         "That is the slope of {a} alone. How fast does {it} move when {a} does?"),
    WrongRule("inner_added", "pow", When.INNER, "b a^(b - 1) + da", _ADDED),
    WrongRule("power_as_exponential", "pow", _TOP, "a^b ln(a) da",
         "{it} was treated as an exponential. Is {by} in the exponent or in the base?"),
    WrongRule("exponential_as_power", "pow", _BOTTOM, "b a^(b - 1) db",
         "{it} was treated as a power. Is {by} in the base or in the exponent?"),
    WrongRule("exponential_no_ln", "pow", _BOTTOM, "y db",
         "{it} is not its own slope; only e to a power is. What factor does the base {a} bring in?"),
    WrongRule("exponential_as_power", "exp", _SINGLE, "a exp(a - 1) da",
         "{it} was treated as a power. Is {by} in the base or in the exponent?"),
    # Functions
    WrongRule("lost_inner", FUNCTION, When.INNER, "s", _INNER),
    WrongRule("outer_kept", FUNCTION, _SINGLE, "y da",
         "{it} itself was kept. What is the slope of {f}, and at what point is it taken?"),
    WrongRule("slope_inside", FUNCTION, When.INNER, "w",
         "The slope of {a} was put inside {f}. What stays inside, and where does the slope of {a} go?"),
    WrongRule("inner_only", FUNCTION, When.INNER, "da",
         "That is the slope of {a} alone. How fast does {it} move when {a} does?"),
    WrongRule("inner_added", FUNCTION, When.INNER, "s + da", _ADDED),
    WrongRule("turned_sign", "sin", _SINGLE, "-cos(a) da",
         "There is an extra minus in the slope of {it}. Near 0, does sin rise?"),
    WrongRule("turned_sign", "cos", _SINGLE, "sin(a) da",
         "The minus is missing in the slope of {it}. After 0, does cos rise?"),
    WrongRule("ln_over", "ln", _SINGLE, "y da/a", f"No logarithm is left in the slope of {{it}}. {_LN}"),
    WrongRule("ln_over_square", "ln", _SINGLE, "y da/a^2", f"No logarithm is left in the slope of {{it}}. {_LN}"),
    WrongRule("ln_square", "ln", _SINGLE, "da/a^2", f"The slope of {{it}} has nothing squared. {_LN}"),
    WrongRule("ln_minus_square", "ln", _SINGLE, "-da/a^2", f"The slope of {{it}} is not that of a reciprocal. {_LN}"),
    WrongRule("ln_times", "ln", _SINGLE, "a da", f"This multiplies by {{a}} instead of dividing. {_LN}"),
    WrongRule("ln_of_slope", "ln", When.INNER, "1/da", f"The inside of {{it}} was replaced by its slope. {_LN}"),
    WrongRule("root_no_half", "sqrt", _SINGLE, "da/y", f"The half is missing in the slope of {{it}}. {_ROOT}"),
    WrongRule("root_on_top", "sqrt", _SINGLE, "y da/2", f"The root is on top instead of below. {_ROOT}"),
    WrongRule("root_lost", "sqrt", _SINGLE, "da/(2 a)", f"The root in the denominator is missing. {_ROOT}"),
    WrongRule("output_sign", "sigmoid", _SINGLE, "y (1 + y) da",
         "The sign inside the brackets is flipped. Where {it} is almost 1 it is flat. Which factor is almost 0 there?"),
    WrongRule("output_half", "sigmoid", _SINGLE, "(1 - y) da",
         "Only one of the two factors is there. Which makes {it} flat at 0?"),
    WrongRule("output_square", "sigmoid", _SINGLE, "(1 - y^2) da",
        "That is the slope of tanh. What is it for a sigmoid?"),
    WrongRule("of_input", "sigmoid", _SINGLE, "a (1 - a) da", f"{{a}} went in and {{it}} came out. {_OUTPUT}"),
    WrongRule("output_sign", "tanh", _SINGLE, "(1 + y^2) da",
         "The sign is flipped. Where {it} is almost 1 it is flat. What makes its slope almost 0 there?"),
    WrongRule("output_half", "tanh", _SINGLE, "(1 - y) da",
        "The output is squared in the slope of {it}: 1 minus what?"),
    WrongRule("output_of_sigmoid", "tanh", _SINGLE, "y (1 - y) da",
        "That is the slope of a sigmoid. What is it for tanh?"),
    WrongRule("of_input", "tanh", _SINGLE, "(1 - a^2) da", f"{{a}} went in and {{it}} came out. {_OUTPUT}"),
    WrongRule("tan_cosine", "tan", _SINGLE, "da/cos(a)", "The cosine is squared in the slope of {it}: 1 over what?"),
)  # fmt: skip
