"""A formula as it would be with one slip in it: a part left out, a sign flipped, a bracket lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tutor.judging.misconceptions import Likelihood, Misconception
from tutor.language import Apply, Expression, Matrix, Number, show

RARE, POSSIBLE, COMMON = Likelihood

Own = Sequence[tuple[str, Expression]]
"""What is said of a wrong way, and its formula."""

OWN = "slip"
"""The name of a slip that the file tells of."""


@dataclass(frozen=True, slots=True)
class FormulaEdit(Misconception):
    """A slip at one place of a formula: `gives` is the formula as it would be with it."""

    says: str
    """What is said of it, with the part that it is about."""

    unnamed: str = field(kw_only=True)
    """The same without that part, for a learner who does not see the names of the formula."""


def formula_slips(tree: Expression, own: Own) -> Iterator[FormulaEdit]:
    """Wrong formulas, with each slip's name and what is said of it, the file's own first."""
    for says, wrong_one in own:
        yield FormulaEdit(OWN, wrong_one, says, unnamed=says)
    yield from edits_of(tree)


def edits_of(tree: Expression) -> Iterator[FormulaEdit]:
    """Every formula that is this one but for a slip at one place."""
    if isinstance(tree, Matrix):
        yield from _in_each_entry(tree)
    if not isinstance(tree, Apply):
        return
    yield from _here(tree)
    yield from _brackets(tree)
    for port, argument in enumerate(tree.arguments):
        for inner in edits_of(argument):
            arguments = (*tree.arguments[:port], inner.gives, *tree.arguments[port + 1 :])
            yield replace(inner, gives=replace(tree, arguments=arguments))


def _in_each_entry(tree: Matrix) -> Iterator[FormulaEdit]:
    """The same slip in every entry, where the entries are alike."""
    entries = [list(edits_of(entry)) for entry in tree.entries]
    if not entries or len({tuple(edit.key for edit in edits) for edits in entries}) > 1:
        return
    for alike in zip(*entries, strict=True):
        made = iter([edit.gives for edit in alike])
        rows = tuple(tuple(next(made) for _ in row) for row in tree.rows)
        yield replace(alike[0], gives=replace(tree, rows=rows), says=alike[0].unnamed, lacks=())


def pairs_of(tree: Expression) -> Iterator[tuple[FormulaEdit, FormulaEdit]]:
    """Two common slips at two places of the formula; the second edit's tree has both."""
    for first in edits_of(tree):
        for second in edits_of(first.gives) if first.likelihood is COMMON else ():
            if second.likelihood is COMMON and (second.key, second.says) != (first.key, first.says):
                yield first, second


_A_TERM = "One of the terms that are added was left out. Which one?"
_A_FACTOR = "One of the factors was left out. Which one?"


def _here(tree: Apply) -> Iterator[FormulaEdit]:
    match tree:
        case Apply("add", (a, b)):
            yield _left_out(a, "missing_term", b, f"+ {show(b)}", _A_TERM)
            if not isinstance(b, Number):  # a number alone is the result of many things
                yield _left_out(b, "missing_term", a, show(a), _A_TERM)
            says = f"{show(b)} was subtracted. What is its sign?"
            yield FormulaEdit("sign_slip", Apply("sub", (a, b)), says, unnamed="A plus became a minus. Where?")
        case Apply("sub", (a, b)):
            unnamed = "What is subtracted was left out. What is it?"
            yield _left_out(a, "missing_term", b, f"− {show(b)}", unnamed)
            says = f"{show(b)} was added. What is its sign?"
            yield FormulaEdit(
                "sign_slip", Apply("add", (a, b)), says, likelihood=COMMON, unnamed="A minus became a plus. Where?"
            )
            says = f"The two sides of {show(tree)} are swapped. Which is subtracted from which?"
            unnamed = "A difference is the wrong way round. Which is subtracted from which?"
            yield FormulaEdit("swapped", Apply("sub", (b, a)), says, likelihood=COMMON, unnamed=unnamed)
            says = f"Only what is subtracted is there: {show(b)}. What is it subtracted from?"
            unnamed = "Only what is subtracted is there. What is it subtracted from?"
            yield FormulaEdit("only_subtracted", b, says, likelihood=RARE, unnamed=unnamed)
            yield FormulaEdit("only_subtracted", Apply("neg", (b,)), says, likelihood=RARE, lacks=(a,), unnamed=unnamed)
        case Apply("mul", (a, b)):
            yield _left_out(b, "missing_factor", a, f"factor {show(a)}", _A_FACTOR)
            yield _left_out(a, "missing_factor", b, f"factor {show(b)}", _A_FACTOR)
            yield from _doubled(tree, a, b)
        case Apply("div", (a, b)):
            unnamed = "The division was left out. What is it divided by?"
            yield _left_out(a, "missing_divisor", b, f"division by {show(b)}", unnamed)
            says = f"That multiplies by {show(b)} instead of dividing. Which way does it go?"
            unnamed = "That multiplies where it should divide. Where?"
            yield FormulaEdit("product_for_quotient", Apply("mul", (a, b), sign="*"), says, unnamed=unnamed)
        case Apply("pow", (a, Number() as n)):
            yield from _of_power(a, n)
        case Apply("neg", (a,)):
            says = f"The minus in front of {show(a)} is missing. Which sign does it have?"
            yield FormulaEdit("sign_flipped", a, says, likelihood=COMMON, unnamed="A minus is missing. Where?")
        case Apply("abs", (a,)):
            says = f"The sign is still there: |{show(a)}| is a size. What is it without the sign?"
            yield FormulaEdit("sign_kept", a, says, likelihood=COMMON, unnamed="A size has no sign. What is it?")
            says = f"That is the square of {show(a)}, not its size. Which one is asked for?"
            yield FormulaEdit(
                "square_for_size", _power(a, 2), says, unnamed="That is a square, not a size. Which is it?"
            )
        case Apply("ln" | "exp" | "sigmoid" | "tanh" | "sqrt" | "relu", (a,)):
            function = {"exp": "e to the power", "sigmoid": "σ", "sqrt": "root", "relu": "ReLU"}.get(tree.operation)
            name = function or tree.operation
            says = f"The {name} was left out: that is {show(a)}. What is done to it?"
            yield FormulaEdit("missing_function", a, says, unnamed=f"The {name} was left out. What is it of?")


_PLACE = {
    "missing_term": "Where in the formula is it?",
    "missing_factor": "What is multiplied by it?",
    "missing_divisor": "What is divided?",
}


def _left_out(rest: Expression, key: str, part: Expression, what: str, unnamed: str) -> FormulaEdit:
    says = f"The {what} was left out. {_PLACE[key]}"
    return FormulaEdit(
        key, rest, says, likelihood=COMMON if key != "missing_divisor" else POSSIBLE, lacks=(part,), unnamed=unnamed
    )


def _doubled(tree: Apply, a: Expression, b: Expression) -> Iterator[FormulaEdit]:
    """For a product in which a number counts: once more, or not at all."""
    if a == b:
        return
    for factor in (a, b):
        if not isinstance(factor, Number):
            says = f"The factor {show(factor)} is there twice. How many times does it count?"
            yield FormulaEdit(
                "factor_twice",
                Apply("mul", (tree, factor), sign="*"),
                says,
                likelihood=RARE,
                unnamed="A factor is there twice. Which one?",
            )


def _of_power(a: Expression, n: Number) -> Iterator[FormulaEdit]:
    if n.value == 2:
        says, unnamed = f"{show(a)} was not squared. What is its square?", "The square was left out. What is squared?"
        twice = f"That is twice {show(a)}, not its square. What is its square?"
        size = f"That is the size of {show(a)}, not its square. What is its square?"
        yield FormulaEdit("lost_power", a, says, likelihood=COMMON, unnamed=unnamed)
        yield FormulaEdit(
            "lost_power", Apply("abs", (a,)), size, unnamed="That is a size, not a square. What is squared?"
        )
        half = Number(Fraction(1, 2), "1/2")
        halved = f"That is half the square of {show(a)}. Is there a 1/2?"
        unhalved = "That is half of it. Is there a 1/2?"
        yield FormulaEdit(
            "halved", Apply("mul", (half, _power(a, 2)), sign="*"), halved, likelihood=RARE, unnamed=unhalved
        )
    else:
        power = show(n)
        says = f"The power {power} of {show(a)} was left out. What does it mean?"
        unnamed = f"The power {power} was left out. What does it mean?"
        twice = f"That is {power} times {show(a)}, not its power {power}. What does the power mean?"
        yield FormulaEdit("lost_power", a, says, likelihood=COMMON, unnamed=unnamed)
    unnamed = f"That multiplies by {show(n)}; it should be a power. Which one?"
    yield FormulaEdit("product_for_power", Apply("mul", (n, a), sign="*"), twice, unnamed=unnamed)


def _power(a: Expression, n: int) -> Apply:
    return Apply("pow", (a, Number(Fraction(n), str(n))))


def _brackets(tree: Apply) -> Iterator[FormulaEdit]:
    """Brackets lost round a sum, or put round too much: a + b·c for (a + b)·c, (a + c)/b for a/b + c."""
    says = "{0} comes first, in brackets. What is it?"
    unnamed = "A pair of brackets is missing. What comes first?"
    match tree:
        case Apply("mul" | "div" as outer, (Apply("add" | "sub" as inner, (a, b)) as whole, c)):
            now = Apply(inner, (a, Apply(outer, (b, c), sign=tree.sign)))
            yield FormulaEdit("bracket_lost", now, says.format(show(whole)), unnamed=unnamed)
        case Apply("mul" as outer, (c, Apply("add" | "sub" as inner, (a, b)) as whole)):
            now = Apply(inner, (Apply(outer, (c, a), sign="*"), b))
            yield FormulaEdit("bracket_lost", now, says.format(show(whole)), unnamed=unnamed)
        case Apply("add" | "sub" as outer, (Apply("div" as inner, (a, b)), c)):
            now = Apply(inner, (Apply(outer, (a, c)), b))
            said = f"{show(c)} was divided by {show(b)} too. What does the division apply to?"
            yield FormulaEdit(
                "bracket_added", now, said, unnamed="Too much was divided. What does the division apply to?"
            )
        case Apply("pow", (Apply("add" | "sub" as inner, (a, b)) as whole, Number() as n)):
            now = Apply(inner, (Apply("pow", (a, n)), Apply("pow", (b, n))))
            said = f"{show(whole)} comes first, then its power {show(n)}. What is it?"
            yield FormulaEdit("term_by_term", now, said, unnamed=unnamed)
