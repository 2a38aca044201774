"""A formula with one thing forgotten or turned round: what a slip comes to, and what to say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor.language import Apply, Expression, Number, show


@dataclass(frozen=True, slots=True)
class Edit:
    """The formula as it would be with this slip, the slip's name, and the sentences for it."""

    tree: Expression
    key: str
    says: str


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
            yield Edit(a, "missing_term", f"That is the result without the + {show(b)}. Does it belong?")
            yield Edit(b, "missing_term", f"That is the result without the {show(a)}. Does it belong?")
            yield Edit(
                Apply("sub", (a, b)),
                "sign_slip",
                f"That is the result with a minus in front of {show(b)}. What is its sign?",
            )
        case Apply("sub", (a, b)):
            yield Edit(a, "missing_term", f"That is the result without the − {show(b)}. Does it belong?")
            yield Edit(
                Apply("add", (a, b)),
                "sign_slip",
                f"That is the result with a plus in front of {show(b)}. What is its sign?",
            )
            yield Edit(
                Apply("sub", (b, a)),
                "swapped",
                f"The two sides of {show(tree)} are swapped. Which is subtracted from which?",
            )
        case Apply("mul", (a, b)):
            yield Edit(b, "missing_factor", _factor(a))
            yield Edit(a, "missing_factor", _factor(b))
        case Apply("div", (a, b)):
            yield Edit(a, "missing_divisor", f"That is the result without dividing by {show(b)}. What does it divide?")
            yield Edit(
                Apply("mul", (a, b), sign="*"),
                "product_for_quotient",
                f"That multiplies by {show(b)} instead of dividing.",
            )
        case Apply("pow", (a, Number() as n)):
            yield Edit(a, "lost_power", f"That is the result without the power {show(n)} of {show(a)}.")
            yield Edit(
                Apply("mul", (n, a), sign="*"),
                "product_for_power",
                f"That is {show(n)} times {show(a)}, not its power {show(n)}.",
            )
        case Apply("neg", (a,)):
            yield Edit(a, "sign_flipped", "The size is right, the sign is not.")
        case Apply("ln" | "exp" | "sigmoid", (a,)):
            yield Edit(a, "missing_function", f"That is the result without the {tree.operation}.")


def _factor(factor: Expression) -> str:
    if isinstance(factor, Number):
        return f"That is the result without the factor {show(factor)}. Where does it come from?"
    return f"That is the result without the factor {show(factor)}. What does it count here?"
