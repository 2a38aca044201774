"""A formula with one thing forgotten or turned round: what a slip comes to, and what to say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor.language import Apply, Expression, Number, show


@dataclass(frozen=True, slots=True)
class Edit:
    """The formula as it would be with this slip, and what is said of it: with the part that it is about, and without.

    The sentence without it is for a learner who does not see the names of the formula.
    """

    tree: Expression
    key: str
    says: str
    unnamed: str


def edits_of(tree: Expression) -> Iterator[Edit]:
    """Every formula that is this one but for a term, factor or divisor left out, or a sign turned."""
    if not isinstance(tree, Apply):
        return
    yield from _here(tree)
    for port, argument in enumerate(tree.arguments):
        for inner in edits_of(argument):
            arguments = (*tree.arguments[:port], inner.tree, *tree.arguments[port + 1 :])
            yield replace(inner, tree=replace(tree, arguments=arguments))


def _here(tree: Apply) -> Iterator[Edit]:
    match tree:
        case Apply("add", (a, b)):
            left_out = "That is the result without one of the terms that are added. Which one?"
            yield Edit(a, "missing_term", f"That is the result without the + {show(b)}. Does it belong?", left_out)
            if not isinstance(b, Number):  # a number alone is the result of many things
                yield Edit(b, "missing_term", f"That is the result without the {show(a)}. Does it belong?", left_out)
            says = f"That is the result with a minus in front of {show(b)}. What is its sign?"
            yield Edit(
                Apply("sub", (a, b)), "sign_slip", says, "That is the result with a minus where there is a plus. Where?"
            )
        case Apply("sub", (a, b)):
            left_out = "That is the result without what is subtracted. What is that?"
            yield Edit(a, "missing_term", f"That is the result without the − {show(b)}. Does it belong?", left_out)
            says = f"That is the result with a plus in front of {show(b)}. What is its sign?"
            yield Edit(
                Apply("add", (a, b)), "sign_slip", says, "That is the result with a plus where there is a minus. Where?"
            )
            says = f"The two sides of {show(tree)} are swapped. Which is subtracted from which?"
            yield Edit(Apply("sub", (b, a)), "swapped", says, "That subtracts the other way round. Which from which?")
        case Apply("mul", (a, b)):
            yield Edit(b, "missing_factor", _factor(a), _A_FACTOR)
            yield Edit(a, "missing_factor", _factor(b), _A_FACTOR)
        case Apply("div", (a, b)):
            says = f"That is the result without dividing by {show(b)}. What does it divide?"
            yield Edit(a, "missing_divisor", says, "That is the result without the division. What is it divided by?")
            says = f"That multiplies by {show(b)} instead of dividing."
            yield Edit(
                Apply("mul", (a, b), sign="*"), "product_for_quotient", says, "That multiplies where it should divide."
            )
        case Apply("pow", (a, Number() as n)):
            says = f"That is the result without the power {show(n)} of {show(a)}."
            yield Edit(a, "lost_power", says, f"That is the result without the power {show(n)}.")
            says = f"That is {show(n)} times {show(a)}, not its power {show(n)}."
            yield Edit(
                Apply("mul", (n, a), sign="*"),
                "product_for_power",
                says,
                f"That multiplies by {show(n)}; it should be a power.",
            )
        case Apply("neg", (a,)):
            yield Edit(a, "sign_flipped", SIGN, SIGN)
        case Apply("ln" | "exp" | "sigmoid", (a,)):
            says = f"That is the result without the {tree.operation}."
            yield Edit(a, "missing_function", says, says)


SIGN = "The size is right, the sign is not."
_A_FACTOR = "That is the result without one of the factors. Which one?"


def _factor(factor: Expression) -> str:
    if isinstance(factor, Number):
        return f"That is the result without the factor {show(factor)}. Where does it come from?"
    return f"That is the result without the factor {show(factor)}. What does it count here?"
