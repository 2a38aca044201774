"""The wrong rules that people differentiate by: what each makes of one operation, and what is said to it.

A rule is a formula in letters, which are the parts of an operation, their slopes and its value at the sample points.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary
from tutor.engine.values import Value
from tutor.judging.misconceptions import Likelihood, Misconception
from tutor.language import Expression, read_expression
from tutor.questions.derivative.equations import RuleArguments

RARE, POSSIBLE, COMMON = Likelihood


class Varying(Enum):
    """Which arguments must vary for a rule to apply."""

    BOTH = "both"
    ONE = "one of two"
    TOP = "the first of two"
    BOTTOM = "the second of two"
    SECOND = "the second, whether or not the first does"
    SINGLE = "the only one"
    INNER = "the first, and not just as the variable itself"
    INNER_BOTTOM = "the second, and not just as the variable itself"


_CASES = {(True, True): {Varying.BOTH, Varying.SECOND}, (True, False): {Varying.ONE, Varying.TOP, Varying.INNER},
          (False, True): {Varying.ONE, Varying.BOTTOM, Varying.SECOND, Varying.INNER_BOTTOM},
          (True,): {Varying.SINGLE, Varying.INNER}}  # fmt: skip

FUNCTION = "function"
"""Stands for any function of one argument."""

_FUNCTIONS = frozenset({"exp", "ln", "sqrt", "sin", "cos", "tan", "sigmoid", "tanh", "abs", "relu"})
_LETTERS = ("a", "b", "da", "db", "y", "c", "v", "dv", "s", "w", "x", "t", "q")

_EITHER_SIDE = "How much does {it} move where {a} is negative?"


@dataclass(frozen=True, slots=True)
class RuleMisconception(Misconception):
    """A wrong rule for one operation: `gives` is a formula in `_LETTERS`, the texts hold places."""

    says: str
    operation: str = field(kw_only=True)
    when: Varying = field(kw_only=True)

    def slope(self, seen: RuleArguments) -> Value | None:
        """What the rule makes of an operation; None where it does not apply."""
        if not self._applies(seen):
            return None
        return evaluate(_read(self.gives), letters(seen, self.operation == FUNCTION))

    def _applies(self, seen: RuleArguments) -> bool:
        own = seen.operation in _FUNCTIONS if self.operation == FUNCTION else seen.operation == self.operation
        if not own or self.when not in _CASES.get(tuple(part.varies for part in seen.parts), ()):
            return False
        if self.when in (Varying.INNER, Varying.INNER_BOTTOM):
            return not np.all(seen.slopes[self.when is Varying.INNER_BOTTOM] == 1.0)
        return True


def _rule(
    key: str, operation: str, when: Varying, formula: str, says: str, likelihood: Likelihood = POSSIBLE
) -> RuleMisconception:
    return RuleMisconception(key, formula, says, likelihood=likelihood, operation=operation, when=when)


@lru_cache(maxsize=256)
def _read(formula: str) -> Expression:
    return read_expression(formula, vocabulary(*_LETTERS)).tree


def letters(seen: RuleArguments, function: bool) -> dict[str, Value]:
    """The values of the letters that formulas are written in."""
    values = [part.value for part in seen.parts]
    operands: dict[str, Value] = {"y": seen.entry.value, "a": values[0], "da": seen.slopes[0], "x": seen.at}
    if function:
        local = seen.entry.locals[0]
        assert local is not None
        slopes = {"s": local, "t": _slope_at(seen.operation, seen.at), "q": _slope_at(seen.operation, seen.slopes[0])}
        return operands | slopes | {"w": GATES[seen.operation].forward(seen.slopes[0])}
    if len(values) > 1:
        operands |= {"b": values[1], "db": seen.slopes[1]}
        moving = 0 if seen.parts[0].varies else 1
        operands |= {"c": values[1 - moving], "v": values[moving], "dv": seen.slopes[moving]}
    return operands


def _slope_at(operation: str, value: Value) -> Value:
    """The slope of a function of one argument at a value."""
    gate = GATES[operation]
    slope: Value = gate.vjps[0](np.ones(np.shape(value)), gate.forward(value), value)
    return slope


_AT_VARIABLE = (
    "The slope of the outer function of {it} was taken at {by}, but {a} goes into it. Where does {a} stay in the slope?"
)

_INNER = (
    "The inner slope is missing: {it} was differentiated as if {a} were a variable of its own. "
    "How fast does {a} change with {by}?"
)

_LN = "What is the slope of ln u with respect to u?"

_ADDED = "In {it} the outer and inner slopes were added. What do slopes along a chain do?"

_CONSTANT = "How much does {c} change when {by} changes?"

_ROOT = "{it} is a power of {a}: which exponent comes down, and which is left?"

_EXPONENT_IN_FRONT = "The exponent of {it} was brought down in front. Is {by} in the base or in the exponent?"

_SUM = "The slopes of {a} and {b} were multiplied, but {it} is a sum. If both terms move, how much does it move?"

_OUTPUT = "What comes out of {it} here?"

_B, _ONE, _TOP, _BOTTOM, _SINGLE = (
    Varying.BOTH,
    Varying.ONE,
    Varying.TOP,
    Varying.BOTTOM,
    Varying.SINGLE,
)

SLIPS: tuple[RuleMisconception, ...] = (
    # Sums and signs
    _rule("kept_constant", "add", _ONE, "c + dv", f"In {{it}} the constant {{c}} was kept. {_CONSTANT}"),
    _rule("kept_constant", "sub", _TOP, "da - b", f"In {{it}} the constant {{c}} was kept. {_CONSTANT}"),
    _rule("kept_constant", "sub", _BOTTOM, "a - db", f"In {{it}} the constant {{c}} was kept. {_CONSTANT}"),
    _rule("constant_to_one", "add", _ONE, "1 + dv",
        f"In {{it}} the constant {{c}} was given the slope 1. {_CONSTANT}"),
    _rule("constant_to_one", "sub", _TOP, "da - 1",
        f"In {{it}} the constant {{c}} was given the slope 1. {_CONSTANT}"),
    _rule("term_missing", "add", _B, "da", "The term {b} was left out. Does it change with {by}?"),
    _rule("term_missing", "add", _B, "db", "The term {a} was left out. Does it change with {by}?"),
    _rule("term_missing", "sub", _B, "da", "The term {b} was left out. Does it change with {by}?"),
    _rule("term_missing", "sub", _B, "-db", "The term {a} was left out. Does it change with {by}?"),
    _rule("slopes_multiplied", "add", _B, "da db", _SUM),
    _rule("slopes_multiplied", "sub", _B, "da db", _SUM.replace("a sum", "a difference")),
    _rule("minus_to_plus", "sub", Varying.SECOND, "da + db",
         "The minus in front of {b} is missing. When {b} grows, does {it} grow?"),
    _rule(
        "plus_to_minus", "add", _B, "da - db",
        "The plus in front of {b} became a minus. When {b} grows, does {it} fall?",
    ),
    _rule("lost_minus", "neg", _SINGLE, "da",
        "The minus of {it} is missing. When {a} grows, does {it} grow?", RARE),
    # Products
    _rule("dropped_factor", "mul", _ONE, "dv",
         "The constant factor {c} of {it} was dropped. When {v} moves by 1, how much does {it} move?"),
    _rule("factor_added", "mul", _ONE, "c + dv",
         "The constant factor {c} of {it} was added. When {v} moves by 1, how much does {it} move?"),
    _rule("factor_kept", "mul", _ONE, "y", "{it} was kept as it is. When {v} moves by 1, how much does {it} move?"),
    _rule("factor_to_zero", "mul", _ONE, "0 c",
         "A constant alone has the slope 0, but in {it} the constant {c} is a factor. "
         "When {v} moves by 1, how much does {it} move?"),
    _rule("product_of_slopes", "mul", _B, "da db",
         "The slopes of {a} and {b} were multiplied. "
         "If only {a} moves, how much does {it} move? And if only {b} moves?"),
    _rule("product_one_term", "mul", _B, "da b",
         "In the product {it} only {a} was allowed to move. What does {b} add when it moves too?"),
    _rule("product_one_term", "mul", _B, "a db",
         "In the product {it} only {b} was allowed to move. What does {a} add when it moves too?"),
    _rule("product_minus", "mul", _B, "da b - a db",
         "The two terms of the product rule for {it} were subtracted. "
         "If both factors grow, does either term pull the product down?", RARE),
    _rule("product_sum_of_slopes", "mul", _B, "da + db",
         "The slopes of {a} and {b} were added, as for a sum. What is each multiplied by in a product?"),
    # Quotients
    _rule("quotient_of_slopes", "div", _B, "da/db",
         "The slope of {a} was divided by that of {b}. "
         "In the quotient rule, what goes in the numerator and what in the denominator?"),
    _rule("quotient_plus", "div", _B, "(da b + a db)/b^2",
         "In the quotient rule for {it} the two terms were added. When {b} grows, does {it} grow?"),
    _rule("quotient_swapped", "div", _B, "(a db - da b)/b^2",
         "In the quotient rule for {it} the two terms are the wrong way round. When {a} grows, does {it} grow?"),
    _rule("quotient_no_bottom", "div", _B, "da b - a db",
         "The quotient rule for {it} is missing its denominator. What is it?"),
    _rule("quotient_no_square", "div", _B, "(da b - a db)/b",
         "In the quotient rule for {it} the bottom was not squared. What is the denominator?"),
    _rule("dropped_divisor", "div", _TOP, "da",
         "The divisor {b} of {it} was dropped. When {a} moves by 1, how much does {it} move?"),
    _rule("divisor_multiplied", "div", _TOP, "da b",
         "The divisor {b} of {it} became a factor. When {a} moves by 1, how much does {it} move?"),
    _rule("reciprocal_sign", "div", _BOTTOM, "a db/b^2",
         "The minus is missing in the slope of {it}. When {b} grows, does {it} grow?"),
    _rule("reciprocal_no_square", "div", _BOTTOM, "-a db/b",
         "The bottom is not squared in the slope of {it}. With {b} to the power -1, which power is left?"),
    _rule("reciprocal_of_slope", "div", _BOTTOM, "a/db",
         "The bottom of {it} was replaced by its slope. With {b} to the power -1, what does the power rule give?"),
    _rule("reciprocal_ln", "div", _BOTTOM, "a ln(abs(b))",
         "That is the integral of {it}. With {b} to the power -1, what does the power rule give?"),
    _rule("lost_inner", "div", Varying.INNER_BOTTOM, "-a/b^2", _INNER.replace("{a}", "{b}")),
    # Powers
    _rule("lost_variable", "pow", _TOP, "b da",
         "Only the exponent of {it} is left. Which power of {a} goes with it?"),
    _rule("lowered_twice", "pow", _TOP, "b a^(b - 2) da",
         "The exponent of {it} was lowered by two. How much does it go down by?", RARE),
    _rule("power_kept", "pow", _TOP, "y",
         "{it} was kept as it is. What happens to its exponent, and what comes to the front?"),
    _rule("exponent_not_down", "pow", _TOP, "a^(b - 1) da",
         "The exponent of {it} was lowered, but it was not brought down. Which number comes to the front?"),
    _rule("power_not_lowered", "pow", _TOP, "b a^b da",
         "The exponent of {it} was brought down, but it was not lowered. What exponent is left?"),
    _rule("power_raised", "pow", _TOP, "b a^(b + 1) da",
         "The exponent of {it} was raised. Does a power gain or lose one when it is differentiated?", RARE),
    _rule("lowered_exponent_down", "pow", _TOP, "(b - 1) a^(b - 1) da",
         "The lowered exponent of {it} was brought to the front. Which one goes there: the old or the new?", RARE),
    _rule("lost_inner", "pow", Varying.INNER, "b a^(b - 1)", _INNER),
    _rule("slope_inside", "pow", Varying.INNER, "b da^(b - 1)",
         "In {it} the slope of {a} was put inside. What stays inside, and where does the slope of {a} go?"),
    _rule("slope_at_inner", "pow", Varying.INNER, "b x^(b - 1) da", _AT_VARIABLE, RARE),
    _rule("inner_only", "pow", Varying.INNER, "da",
         "Of {it} only the slope of the inside is there. How fast does {it} move when {a} does?"),
    _rule("inner_added", "pow", Varying.INNER, "b a^(b - 1) + da", _ADDED),
    _rule("power_as_exponential", "pow", _TOP, "a^b ln(a) da",
         "{it} was treated as an exponential. Is {by} in the exponent or in the base?"),
    _rule("exponential_as_power", "pow", _BOTTOM, "b a^(b - 1) db",
         "{it} was treated as a power. Is {by} in the base or in the exponent?"),
    _rule("exponential_no_ln", "pow", _BOTTOM, "y db",
         "{it} is not its own slope; only e to a power is. What factor does the base {a} bring in?"),
    _rule("exponential_as_power", "exp", _SINGLE, "a exp(a - 1) da",
         "{it} was treated as a power. Is {by} in the base or in the exponent?"),
    _rule("exponential_as_power", "exp", Varying.INNER, "a exp(a - 1)",
         "{it} was treated as a power. Is {by} in the base or in the exponent?"),
    _rule("exponential_as_power", "exp", _SINGLE, "a y da", _EXPONENT_IN_FRONT),
    _rule("exponential_as_power", "exp", Varying.INNER, "a y", _EXPONENT_IN_FRONT),
    _rule("exponent_sign", "exp", _SINGLE, "exp(-a) da",
         "The sign in the exponent of {it} is flipped. What stays in the exponent?"),
    # Functions
    _rule("lost_inner", FUNCTION, Varying.INNER, "s", _INNER),
    _rule("outer_kept", FUNCTION, _SINGLE, "y da",
         "{it} itself was kept. What is the slope of {f} u with respect to u?"),
    _rule("slope_inside", FUNCTION, Varying.INNER, "w",
         "The slope of {a} was put inside {f}. What stays inside, and where does the slope of {a} go?"),
    _rule("slope_inside", FUNCTION, Varying.INNER, "q",
         "The slope of {a} was put inside the slope of {f}. What stays inside, and where does the slope of {a} go?"),
    _rule("slope_at_inner", FUNCTION, Varying.INNER, "t da", _AT_VARIABLE, RARE),
    _rule("inner_only", FUNCTION, Varying.INNER, "da",
         "Of {it} only the slope of the inside is there. How fast does {it} move when {a} does?"),
    _rule("inner_added", FUNCTION, Varying.INNER, "s + da", _ADDED),
    _rule("turned_sign", "sin", _SINGLE, "-cos(a) da",
         "There is an extra minus in the slope of {it}. Near 0, does sin rise?"),
    _rule("turned_sign", "cos", _SINGLE, "sin(a) da",
         "The minus is missing in the slope of {it}. After 0, does cos rise?"),
    _rule("ln_over", "ln", _SINGLE, "y da/a", f"No logarithm is left in the slope of {{it}}. {_LN}"),
    _rule("ln_over_square", "ln", _SINGLE, "y da/a^2", f"No logarithm is left in the slope of {{it}}. {_LN}"),
    _rule("ln_square", "ln", _SINGLE, "da/a^2", f"The slope of {{it}} has nothing squared. {_LN}"),
    _rule("ln_minus_square", "ln", _SINGLE, "-da/a^2", f"The slope of {{it}} is not that of a reciprocal. {_LN}"),
    _rule("ln_times", "ln", _SINGLE, "a da", f"This multiplies by {{a}} instead of dividing. {_LN}"),
    _rule("root_no_half", "sqrt", _SINGLE, "da/y", f"The half is missing in the slope of {{it}}. {_ROOT}"),
    _rule("root_on_top", "sqrt", _SINGLE, "y da/2", f"The root is on top instead of below. {_ROOT}"),
    _rule("root_lost", "sqrt", _SINGLE, "da/(2 a)", f"The root in the denominator is missing. {_ROOT}"),
    _rule("output_sign", "sigmoid", _SINGLE, "y (1 + y) da",
         "The sign inside the brackets is flipped. Where {it} is almost 1 it is flat. Which factor is almost 0 there?"),
    _rule("output_half", "sigmoid", _SINGLE, "(1 - y) da",
         "Only one of the two factors is there. Where {it} is almost 0 it is flat. Which factor is almost 0 there?"),
    _rule("output_squared", "sigmoid", _SINGLE, "y^2 da",
        "The output was squared. The slope is a product: which factor goes with {it}?"),
    _rule("output_square", "sigmoid", _SINGLE, "(1 - y^2) da",
        "That is the slope of tanh. What is it for a sigmoid?"),
    _rule("of_input", "sigmoid", _SINGLE, "a (1 - a) da", f"The input {{a}} was used instead of the output. {_OUTPUT}"),
    _rule("output_sign", "tanh", _SINGLE, "(1 + y^2) da",
         "The sign is flipped. Where {it} is almost 1 it is flat. What makes its slope almost 0 there?"),
    _rule("output_half", "tanh", _SINGLE, "(1 - y) da",
        "The output is squared in the slope of {it}: 1 minus what?"),
    _rule("output_of_sigmoid", "tanh", _SINGLE, "y (1 - y) da",
        "That is the slope of a sigmoid. What is it for tanh?"),
    _rule("of_input", "tanh", _SINGLE, "(1 - a^2) da", f"The input {{a}} was used instead of the output. {_OUTPUT}"),
    # Kinks
    _rule("one_side", "relu", _SINGLE, "da", f"The slope of {{it}} was taken as 1 on both sides. {_EITHER_SIDE}"),
    _rule("other_side", "relu", _SINGLE, "(a < 0) da",
         f"The two sides of {{it}} are the wrong way round. {_EITHER_SIDE}"),
    _rule("slope_of_abs", "relu", _SINGLE, "sign(a) da", f"That is the slope of |{{a}}|. {_EITHER_SIDE}"),
    _rule("one_side", "abs", _SINGLE, "da",
         "The slope of {it} was taken as 1 on both sides. Where {a} is negative, does {it} grow with {a}?"),
    _rule("slope_of_relu", "abs", _SINGLE, "(a > 0) da",
         "The slope of {it} was taken as 0 where {a} is negative. Is {it} flat there?"),
    *(_rule("other_side", word, when, f"(a {sign} b) da + (b {sign} a) db",
          f"In {{it}} the {loser} of {{a}} and {{b}} was differentiated. Which of them is {{it}}?")
      for word, sign, loser in (("max", "<", "smaller"), ("min", ">", "larger")) for when in (_B, _ONE)),
    *(_rule("both_sides", word, when, "da + db",
          f"{{it}} moves only with the {winner} of {{a}} and {{b}}. Where is it which?")
      for word, winner in (("max", "larger"), ("min", "smaller")) for when in (_B, _ONE)),
    _rule("tan_cosine", "tan", _SINGLE, "da/cos(a)", "The cosine is squared in the slope of {it}: 1 over what?"),
)  # fmt: skip
