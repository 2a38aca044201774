"""Small wrong changes to one operation of a function: what a slip in a staging makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from tutor.engine.gates import GATES
from tutor.engine.tidying import number
from tutor.language import Apply, Expression, Name, Number, names_in, show
from tutor.questions.backprop.staged_order import order_edits
from tutor.questions.backprop.staged_parts import Edit, Pool, apply, is_number, joined_how, named, power_named

_EXCHANGED = {"add": ("mul",), "sub": ("mul", "div"), "mul": ("add", "div"), "div": ("mul", "sub")}
_OPPOSITE = {"add": "sub", "sub": "add", "max": "min", "min": "max"}
_EXPONENTS = (Fraction(2), Fraction(3), Fraction(4), Fraction(-1), Fraction(1, 2))
_WORDS = {"2": "square", "3": "cube"}


def edits_of(node: Expression, pool: Pool) -> Iterator[Edit]:
    """The common slips at one node, the likeliest first. Some may change nothing, or fit no shapes."""
    match node:
        case Name():
            yield from _wrong_inputs(node, pool)
        case Number():
            yield from _wrong_numbers(node, pool)
        case Apply() if names_in(node):
            yield from _left_out(node)
            yield from _of_powers(node, pool)
            yield from _signs(node)
            yield from _exchanged(node)
            yield from _of_functions(node)
            yield from order_edits(node)


def _wrong_inputs(node: Name, pool: Pool) -> Iterator[Edit]:
    if node.name in pool.inputs:
        for name in pool.inputs:
            if name != node.name:
                what = f"{name} is used instead of {node.name}"
                yield Edit("wrong_input", node, Name(name), what, "Which input goes there?")


def _wrong_numbers(node: Number, pool: Pool) -> Iterator[Edit]:
    for other in pool.numbers:
        if other != node:
            what = f"the number should be {show(node)}, not {show(other)}"
            yield Edit("wrong_constant", node, other, what, "Which number is in the function?")


def _left_out(node: Apply) -> Iterator[Edit]:
    if len(node.arguments) != 2:
        return
    a, b = node.arguments
    match node.operation:
        case "add" | "sub":
            asks = "What happens to {}?"
            yield Edit("missing_term", node, a, f"the term {show(b)} is missing", asks.format(show(b)))
            rest = b if node.operation == "add" else apply("neg", b)
            yield Edit("missing_term", node, rest, f"the term {show(a)} is missing", asks.format(show(a)))
        case "mul" | "matmul":
            for gone, rest in ((b, a), (a, b)):
                asks = f"What is {show(rest)} multiplied by?"
                yield Edit("missing_factor", node, rest, f"the factor {show(gone)} is missing", asks)
        case "div":
            yield from _of_quotients(node, a, b)


def _of_quotients(node: Apply, a: Expression, b: Expression) -> Iterator[Edit]:
    if is_number(a, 1):
        yield Edit(
            "lost_reciprocal", node, b, "the reciprocal is missing", f"When {show(b)} grows, does 1/({show(b)})?"
        )
        return
    what = f"the division by {show(b)} is missing"
    yield Edit("missing_factor", node, a, what, f"What is {show(a)} divided by?")
    what = f"the numerator {show(a)} is missing"
    yield Edit("missing_factor", node, apply("div", number(Fraction(1)), b), what, f"What is divided by {show(b)}?")
    what = "the fraction is upside down"
    yield Edit("wrong_way_up", node, apply("div", b, a), what, "What is the numerator, and what is the denominator?")


def _of_powers(node: Apply, pool: Pool) -> Iterator[Edit]:
    if node.operation != "pow":
        return
    base, exponent = node.arguments
    if is_number(exponent, -1):
        yield Edit(
            "lost_reciprocal", node, base, "the reciprocal is missing", f"When {show(base)} grows, does this too?"
        )
    else:
        word = _WORDS.get(show(exponent), f"power {show(exponent)}")
        yield Edit("lost_power", node, base, f"{power_named(exponent)} is missing", f"Where did the {word} go?")
    what = f"{show(exponent)} is an exponent, not a factor"
    asks = f"What does {show(node)} mean, written out as a product?"
    yield Edit("other_operation", node, apply("mul", exponent, base), what, asks)
    what = "base and exponent are swapped"
    yield Edit(
        "wrong_way_round", node, apply("pow", exponent, base), what, "Which is the base, and which is the exponent?"
    )
    if isinstance(exponent, Number):
        others = (*pool.numbers, *map(number, (*_EXPONENTS, -exponent.value)))
        for other in dict.fromkeys(others):
            if other.value not in (exponent.value, 0, 1):
                what = f"the exponent should be {show(exponent)}, not {show(other)}"
                asks = f"What power is {show(base)} raised to?"
                yield Edit("wrong_exponent", node, apply("pow", base, other), what, asks)


def _signs(node: Apply) -> Iterator[Edit]:
    match node:
        case Apply("neg", (inner,)):
            yield Edit(
                "lost_minus",
                node,
                inner,
                "the minus sign is missing",
                f"Where does the minus in front of {show(inner)} go?",
            )
        case Apply("add" | "sub" as operation, (a, b)):
            sign, other = ("+", "−") if operation == "add" else ("−", "+")
            what = f"the sign in front of {show(b)} should be {sign}, not {other}"
            asks = f"Is {show(b)} added or subtracted?"
            yield Edit("sign_slip", node, apply(_OPPOSITE[operation], a, b), what, asks)
            if operation == "sub":
                what = "the difference is the wrong way round"
                yield Edit("wrong_way_round", node, apply("sub", b, a), what, "Which is subtracted from which?")
            else:
                what = f"the sign in front of {show(a)} should be +, not −"
                yield Edit("sign_slip", node, apply("sub", b, a), what, f"Is {show(a)} added or subtracted?")


def _exchanged(node: Apply) -> Iterator[Edit]:
    if len(node.arguments) != 2:
        return
    a, b = node.arguments
    for other in _EXCHANGED.get(node.operation, ()):
        if node.operation == "div" and is_number(a, 1):
            continue  # a lost reciprocal
        what = f"the two should be {joined_how(node.operation)}, not {joined_how(other)}"
        asks = f"Which operation joins {show(a)} and {show(b)}?"
        yield Edit("other_operation", node, apply(other, a, b), what, asks)
        if other == "div":
            yield Edit("other_operation", node, apply(other, b, a), what, asks)
    if node.operation in ("max", "min"):
        now = apply(_OPPOSITE[node.operation], a, b)
        yield Edit(
            "other_operation", node, now, f"this should be {named(node)}", f"Which of {show(a)} and {show(b)} wins?"
        )
    constants = [(c, rest) for c, rest in ((a, b), (b, a)) if isinstance(c, Number)]
    if node.operation == "mul" and constants:
        factor, rest = constants[0]
        what = f"{show(factor)} is a factor, not an exponent"
        yield Edit("other_operation", node, apply("pow", rest, factor), what, f"Is it {show(node)}, or a power?")


_FUNCTIONS = tuple(
    gate.key
    for gate in GATES.values()
    if gate.elementwise and len(gate.arguments) == 1 and not gate.options and not gate.narrows
)


def _of_functions(node: Apply) -> Iterator[Edit]:
    """A function, or a minimum or maximum, that is left out or taken for another one."""
    if node.operation in ("max", "min"):
        for part in node.arguments:
            what = f"{named(node)} is missing"
            yield Edit("missing_function", node, part, what, f"What is done to {show(part)} before it is used?")
    if node.operation == "neg" or len(node.arguments) != 1:
        return
    (inner,) = node.arguments
    what = f"{named(node)} is missing"
    yield Edit("missing_function", node, inner, what, f"What is done to {show(inner)} before it is used?")
    if node.operation not in _FUNCTIONS:
        return
    others = [apply(key, inner) for key in _FUNCTIONS if key not in ("neg", node.operation)]
    for other in (*others, apply("pow", inner, number(Fraction(2))), apply("div", number(Fraction(1)), inner)):
        what = f"this should be {named(node)}, not {named(other)}"
        yield Edit("other_function", node, other, what, f"Which function is applied to {show(inner)}?")
