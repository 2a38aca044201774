"""The wrong rules that people differentiate by, the derivatives each leads to, and which of them an answer is.

A rule says what it makes of one operation; derivatives are columns of values at sample points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property, lru_cache

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, vocabulary
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Array, Value
from tutor.judging.misconceptions import Likelihood, Misconception, ValuesAnswer, both, recognise
from tutor.judging.sample_points import sample_points
from tutor.language import Apply, Expression, Name, names_in, read_expression, show, walk
from tutor.questions.derivative.equations import Equations, RuleArguments, Tape, TapeEntry
from tutor.questions.inflect import listed

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
_LETTERS = ("a", "b", "da", "db", "y", "c", "v", "dv", "s", "w")

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
    operands: dict[str, Value] = {"y": seen.entry.value, "a": values[0], "da": seen.slopes[0]}
    if function:
        local = seen.entry.locals[0]
        assert local is not None
        return operands | {"s": local, "w": GATES[seen.operation].forward(seen.slopes[0])}
    if len(values) > 1:
        operands |= {"b": values[1], "db": seen.slopes[1]}
        moving = 0 if seen.parts[0].varies else 1
        operands |= {"c": values[1 - moving], "v": values[moving], "dv": seen.slopes[moving]}
    return operands


_INNER = (
    "The inner slope is missing: {it} was differentiated as if {a} were a variable of its own. "
    "How fast does {a} change with {by}?"
)
_LN = "What is the slope of ln u with respect to u?"
_ADDED = "In {it} the outer and inner slopes were added. What do slopes along a chain do?"
_CONSTANT = "How much does {c} change when {by} changes?"
_ROOT = "{it} is a power of {a}: which exponent comes down, and which is left?"
_OUTPUT = "Its slope uses its own output. Which letter is that here?"

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
    _rule("inner_only", "pow", Varying.INNER, "da",
         "That is the slope of {a} alone. How fast does {it} move when {a} does?"),
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
    _rule("exponent_sign", "exp", _SINGLE, "exp(-a) da",
         "The sign in the exponent of {it} is flipped. What stays in the exponent?"),
    # Functions
    _rule("lost_inner", FUNCTION, Varying.INNER, "s", _INNER),
    _rule("outer_kept", FUNCTION, _SINGLE, "y da",
         "{it} itself was kept. What is the slope of {f}, and at what point is it taken?"),
    _rule("slope_inside", FUNCTION, Varying.INNER, "w",
         "The slope of {a} was put inside {f}. What stays inside, and where does the slope of {a} go?"),
    _rule("inner_only", FUNCTION, Varying.INNER, "da",
         "That is the slope of {a} alone. How fast does {it} move when {a} does?"),
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
    _rule("ln_of_slope", "ln", Varying.INNER, "1/da", f"The inside of {{it}} was replaced by its slope. {_LN}"),
    _rule("root_no_half", "sqrt", _SINGLE, "da/y", f"The half is missing in the slope of {{it}}. {_ROOT}"),
    _rule("root_on_top", "sqrt", _SINGLE, "y da/2", f"The root is on top instead of below. {_ROOT}"),
    _rule("root_lost", "sqrt", _SINGLE, "da/(2 a)", f"The root in the denominator is missing. {_ROOT}"),
    _rule("output_sign", "sigmoid", _SINGLE, "y (1 + y) da",
         "The sign inside the brackets is flipped. Where {it} is almost 1 it is flat. Which factor is almost 0 there?"),
    _rule("output_half", "sigmoid", _SINGLE, "(1 - y) da",
         "Only one of the two factors is there. Which makes {it} flat at 0?"),
    _rule("output_square", "sigmoid", _SINGLE, "(1 - y^2) da",
        "That is the slope of tanh. What is it for a sigmoid?"),
    _rule("of_input", "sigmoid", _SINGLE, "a (1 - a) da", f"{{a}} went in and {{it}} came out. {_OUTPUT}"),
    _rule("output_sign", "tanh", _SINGLE, "(1 + y^2) da",
         "The sign is flipped. Where {it} is almost 1 it is flat. What makes its slope almost 0 there?"),
    _rule("output_half", "tanh", _SINGLE, "(1 - y) da",
        "The output is squared in the slope of {it}: 1 minus what?"),
    _rule("output_of_sigmoid", "tanh", _SINGLE, "y (1 - y) da",
        "That is the slope of a sigmoid. What is it for tanh?"),
    _rule("of_input", "tanh", _SINGLE, "(1 - a^2) da", f"{{a}} went in and {{it}} came out. {_OUTPUT}"),
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


_ENOUGH = 6
"""Points at which an answer and a wrong derivative must both have a value."""

_SHARE = 0.4
"""Of the points where a wrong derivative has a value: `2 ln x` is half of `ln x²`."""

_SAME = 1e-9

_SAYS_BETTER = {
    "lost_inner": ("dropped_factor", "lost_minus"),
    "link_missing": ("dropped_factor", "lost_minus", "lost_inner"),
    "term_missing": ("factor_to_zero", "other_not_held"),
    "other_not_held": ("constant_to_one",),
    "paths_subtracted": ("plus_to_minus",),
    "minus_to_plus": ("paths_subtracted",),
    "last_step_only": ("inner_only",),
}
"""Of two names for one answer, the one that says it better -> the others."""


def _made(key: str, values: Array, says: str, likelihood: Likelihood = POSSIBLE) -> Misconception:
    """A wrong derivative by its values at the points."""
    return Misconception(key, values, says, likelihood=likelihood, label=says, multiplies=key in _FACTORS)


_FACTORS = frozenset({"dropped_factor", "exponent_not_down", "sign", "lost_minus", "lost_inner", "root_no_half"})
"""Mistakes that lose one factor of the derivative, so that two of them may be made at once."""


@dataclass(frozen=True, slots=True)
class DerivativeQuery:
    """What is asked: the derivative `of` by `by`; the names in `keep` stand for themselves."""

    equations: Equations
    of: str
    by: str
    keep: frozenset[str]
    base: tuple[str, ...]
    """The names that the function is written in, once all others are put in."""

    positive: tuple[str, ...] = ()

    @property
    def function(self) -> Expression:
        """The function in its base names."""
        return self.equations.of(Name(self.of), self.keep)


class DerivativeCandidates:
    """The wrong derivatives of one function."""

    def __init__(self, asked: DerivativeQuery, at: Mapping[str, Value] | None = None) -> None:
        """`at` is a point to stand before all others."""
        self._asked = asked
        columns = sample_points(asked.base, frozenset(asked.positive)).columns
        self.columns: dict[str, Value] = {
            name: np.concatenate([[float(at[name])], column]) if at else column for name, column in columns.items()
        }
        with np.errstate(all="ignore"):
            self._tape = Tape(asked.equations, asked.of, asked.by, asked.keep, self.columns)
            self.found = [one for one in self._all() if not _same(one.gives, self._tape.right)]

    def of(self, answer: Expression) -> list[Misconception]:
        """The wrong derivatives that an answer, written in base names, is at all points; or two of them at once."""
        of = self._asked.of
        with np.errstate(all="ignore"):
            values = self._over(evaluate(answer, self.columns))
            typed = ValuesAnswer([values], _same, frozenset(walk(answer)))
            terms = _terms(answer)
            candidates = [one for one in self.found if one.key not in _TERMS or terms < max(2, self._terms)]
            fitting = [one for one in candidates if typed.shows(one)]
            matches = list(recognise(typed, None, named(fitting)).found)
            if not matches and self._integrates(answer):
                says = f"That is the integral: its slope is {of}. What is the slope of {of} itself?"
                matches = [_made("integrated", values, says)]
            if not matches:
                matches = self._two_at_once(values)
        return named(matches)

    def _two_at_once(self, values: Array) -> list[Misconception]:
        right = self._tape.right
        seen = np.isfinite(right) & np.isfinite(values) & (right != 0.0)
        if np.count_nonzero(seen) < _ENOUGH:
            return []
        parts = [replace(one, gives=one.gives[seen]) for one in self.found if one.multiplies]
        pairs = both([replace(one, likelihood=Likelihood.COMMON) for one in parts], right[seen], tuple)
        return list(recognise(ValuesAnswer([values[seen]], _same), None, pairs).found)

    @cached_property
    def _terms(self) -> int:
        """How many terms the derivative has."""
        right = slope(self._asked.function, self._asked.by)
        return 1 if right is None else _terms(right)

    def like(self, one: Misconception) -> list[Misconception]:
        """All that have the same values at the points as one of them, which may have been made to give a number."""
        itself = next((other for other in self.found if (other.key, other.label) == (one.key, one.label)), None)
        return [other for other in self.found if itself is not None and _same(itself.gives, other.gives)]

    def _integrates(self, answer: Expression) -> bool:
        back = slope(answer, self._asked.by)
        if back is None:
            return False
        return _same(self._over(evaluate(back, self.columns)), self._tape.entries[self._tape.root].value)

    def _over(self, values: Value) -> Array:
        return np.broadcast_to(values, self._tape.right.shape)

    def _all(self) -> Iterator[Misconception]:
        yield from self._by_rule(self._tape)
        yield from self._along_paths()
        yield from self._as_sigmoid()
        yield from self._in_general()

    def _as_sigmoid(self) -> Iterator[Misconception]:
        """Where the function is a sigmoid written out: the slips with the rule for that one."""
        asked, tape = self._asked, self._tape
        itself = Apply("sigmoid", (Name(asked.by),))
        if (
            asked.base == (asked.by,)
            and asked.function != itself
            and _same(tape.entries[tape.root].value, self._over(evaluate(itself, self.columns)))
        ):
            whole = Equations({asked.of: itself}, (asked.by,), {})
            yield from self._by_rule(Tape(whole, asked.of, asked.by, frozenset(), self.columns))

    def _by_rule(self, tape: Tape) -> Iterator[Misconception]:
        """A wrong rule at one operation, or at all it applies to."""
        for slip in SLIPS:
            places = tape.places(slip.slope)
            told = {place: self._sentence(slip, tape, place) for place in places}
            for place in places:
                yield _made(slip.key, tape.slope(place, slip.slope), told[place], slip.likelihood)
            if len(places) > 1:
                yield _made(slip.key, tape.slope(-1, slip.slope), told[places[0]], slip.likelihood)

    def _sentence(self, slip: RuleMisconception, tape: Tape, place: int) -> str:
        entry = tape.entries[place]
        return _filled(slip.says, entry, [tape.entries[argument] for argument in entry.arguments], self._asked.by)

    def _along_paths(self) -> Iterator[Misconception]:
        """What becomes of the names between the function and its variable."""
        asked, tape = self._asked, self._tape
        of, by = asked.of, asked.by
        between = [name for name in asked.equations.under(of) if self._is_between(name)]
        places = {name: place for name in sorted(between) if (place := tape.place_of(name)) is not None}
        for name, place in places.items():
            says = f"The path through {name} is missing: {name} changes with {by} too. What does that do to {of}?"
            yield _made("path_missing", tape.slope(given={place: 0.0}), says, COMMON)
            yield _made("link_missing", tape.slope(given={place: 1.0}), _link(of, [name], by))
        if len(places) > 1:
            every = dict.fromkeys(places.values(), 1.0)
            yield _made("link_missing", tape.slope(given=every), _link(of, list(places), by))
        yield from self._over_paths()

    def _over_paths(self) -> Iterator[Misconception]:
        """Paths put together in the wrong way."""
        asked, tape = self._asked, self._tape
        of, by = asked.of, asked.by
        inside = [name for name in asked.equations.uses(of) if name == by or self._is_between(name)]
        if not any(self._is_between(name) for name in inside):
            return
        outer, inner = [], []
        for name in inside:
            outer.append(tape.by_name(name, tuple(other for other in inside if other != name)))
            inner.append(tape.slope_of(name))
        paths = [one * two for one, two in zip(outer, inner, strict=True)]
        says = f"Along a path from {by} to {of} the slopes were added. What do slopes along one path do?"
        yield _made("added_along", sum(outer, np.zeros(1)) + sum(inner, np.zeros(1)), says)
        for name, one in zip(inside, outer, strict=True):
            if len(inside) > 1 and name != by:
                says = f"That is only ∂{of}/∂{name}, one step of one path. Which paths lead from {by} to {of}?"
                yield _made("first_step_only", one, says)
        for name, one in zip(inside, inner, strict=True):
            if name != by:
                says = f"That is how fast {name} moves with {by}. How fast does {of} move with {name}?"
                yield _made("last_step_only", one, says)
        if len(paths) > 1:
            says = f"The paths from {by} to {of} were multiplied. Each adds its own share: what is their sum?"
            yield _made("paths_multiplied", np.prod(paths, axis=0), says, COMMON)
            says = f"One path from {by} to {of} was subtracted from the other. What do paths do?"
            yield _made("paths_subtracted", paths[0] - sum(paths[1:], np.zeros(1)), says)

    def _of_still_terms(self, function: Expression, other: str) -> Iterator[Misconception]:
        """A term without the variable, differentiated with respect to another one: 2 y for y^2."""
        for term in _added_terms(function):
            if (
                self._asked.by not in names_in(term)
                and (moved := slope(term, other)) is not None
                and other in names_in(term)
            ):
                says = f"{show(term)} was differentiated with respect to {other}. Does it change with {self._asked.by}?"
                yield _made("other_not_held", self._tape.right + self._over(evaluate(moved, self.columns)), says)
                yield _made("other_not_held", self._tape.right - self._over(evaluate(moved, self.columns)), says)

    def _of_all_letters(self, other: str) -> Iterator[Misconception]:
        """Another letter differentiated too, each factor of a product on its own: 2 x - 2 y for x² y - y²."""
        asked = self._asked
        tape = Tape(asked.equations, asked.of, asked.by, asked.keep, self.columns, moving=(other,))
        for slip in SLIPS:
            if slip.key == "product_of_slopes":
                says = f"{other} was differentiated too. Here only {asked.by} moves. What is {other} then?"
                yield _made("other_not_held", tape.slope(-1, slip.slope), says, RARE)

    def _is_between(self, name: str) -> bool:
        asked = self._asked
        if name in asked.keep or name not in asked.equations.meanings:
            return False
        return asked.by in asked.equations.under(name)

    def _in_general(self) -> Iterator[Misconception]:
        asked, tape = self._asked, self._tape
        of, by, right = asked.of, asked.by, tape.right
        value = tape.entries[tape.root].value
        if not tape.entries[tape.root].varies:
            says = f"{of} does not move when {by} does. What slope is that?"
            yield _made("kept_constant", value, says)
            yield _made("constant_to_one", np.ones_like(value), says)
        yield _made("function_itself", value, f"That is {of} itself. How fast does it change with {by}?", RARE)
        yield _made(
            "sign", -right, f"The right size with the wrong sign. When {by} grows a little, does {of} grow?", RARE
        )
        if np.all(right):
            says = f"That is upside down: how {by} changes with {of}. What is it the other way?"
            yield _made("upside_down", 1 / right, says, RARE)
        for other in asked.base:
            if other != by:
                beside = Tape(asked.equations, of, other, asked.keep, self.columns).right
                says = f"That is the slope with respect to {other}. What about {by}, with {other} held fixed?"
                yield _made("other_variable", beside, says)
                says = f"{other} moved along with {by}. What is it with respect to {by}, with {other} held fixed?"
                yield _made("other_not_held", right + beside, says)
                yield from self._of_still_terms(asked.function, other)
                yield from self._of_all_letters(other)
        if (once := slope(asked.function, by)) is not None and (twice := slope(once, by)) is not None:
            values = self._over(evaluate(twice, self.columns))
            yield _made("twice", values, "That was differentiated twice. What was it after the first time?", RARE)


_TERMS = frozenset({"term_missing", "path_missing", "factor_to_zero"})
"""Mistakes that leave a term out: an answer with as many terms as the derivative was not made so."""


def _added_terms(tree: Expression) -> Iterator[Expression]:
    """The terms of a sum, without their signs."""
    if isinstance(tree, Apply) and tree.operation in ("add", "sub"):
        for part in tree.arguments:
            yield from _added_terms(part)
    else:
        yield tree


def _terms(tree: Expression) -> int:
    """How many terms a sum has."""
    if isinstance(tree, Apply) and tree.operation in ("add", "sub"):
        return sum(map(_terms, tree.arguments))
    return 1


def named(found: Sequence[Misconception]) -> list[Misconception]:
    """The likeliest, each name once, without those that another says better."""
    likeliest = max((one.likelihood for one in found), default=Likelihood.RARE)
    by_key = {one.key: one for one in reversed(found) if one.likelihood == likeliest}
    worse_keys = {worse for key in by_key for worse in _SAYS_BETTER.get(key, ())}
    return [one for key, one in by_key.items() if key not in worse_keys][::-1]


def _link(of: str, names: Sequence[str], by: str) -> str:
    how = f"How fast does {names[0]} change with {by}?" if len(names) == 1 else f"How fast does each change with {by}?"
    return f"A link is missing: {of} was differentiated with respect to {listed(names)}. {how}"


def _filled(says: str, entry: TapeEntry, parts: Sequence[TapeEntry], by: str) -> str:
    texts = [show(part.tree) for part in parts]
    moving = next((index for index, part in enumerate(parts) if part.varies), 0)
    function = GATES[entry.tree.operation].symbol if isinstance(entry.tree, Apply) else ""
    return says.format(
        it=show(entry.tree), a=texts[0], b=texts[-1], c=texts[-1 if moving == 0 else 0], v=texts[moving],
        f=function, by=by,
    )  # fmt: skip


def _same(mine: Array, other: Array) -> bool:
    """Whether mine are the other's values, at enough points, and nearly wherever the other has one."""
    has_mine, has_other = np.isfinite(mine), np.isfinite(other)
    seen = has_mine & has_other
    many = np.count_nonzero(seen)
    if many < _ENOUGH or many < _SHARE * np.count_nonzero(has_other) or 2 * many < np.count_nonzero(has_mine):
        return False
    gap, size = np.abs(mine - other), np.maximum(np.abs(mine), np.abs(other))
    return bool(np.all((gap <= _SAME * size) | (gap <= 1e-12), where=seen))
