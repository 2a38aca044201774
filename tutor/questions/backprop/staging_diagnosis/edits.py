"""Small wrong changes to one operation of a function: what a slip in a staging makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from tutor.engine.evaluate import number
from tutor.engine.gates import GATES
from tutor.engine.values import Shape
from tutor.language import Apply, Constant, Expression, Name, Number, names_in, show
from tutor.questions.backprop.staging_diagnosis.contexts import (
    ARITHMETIC,
    SUMS,
    StagingEdit,
    Substitutes,
    apply,
    is_number,
    joined_how,
    named,
    outer_of,
    power_named,
)


def order_edits(node: Apply) -> Iterator[StagingEdit]:
    """The slips of order at one operation."""
    yield from _brackets(node)
    yield from _order(node)
    yield from _twice(node)


def _brackets(node: Apply) -> Iterator[StagingEdit]:
    """Operations that take in less, or more, than they should: `x + y·z` for `(x + y)·z`."""
    if node.operation in ARITHMETIC:
        yield from _regrouped(node)
        if all(map(names_in, node.arguments)):
            yield from _takes_in_more(node)
        return
    outer = outer_of(node)
    if outer is None or not isinstance(outer.inner, Apply) or outer.inner.operation not in ARITHMETIC:
        return
    inside = outer.inner
    a, b = inside.arguments
    if not (names_in(a) and names_in(b)):
        return  # the order of two operations on one value
    asks = f"What is {outer.name} applied to?"
    for part, now in ((a, apply(inside.operation, outer.put(a), b)), (b, apply(inside.operation, a, outer.put(b)))):
        yield StagingEdit(
            "lost_bracket", now, f"{outer.name} applies to {show(inside)}, not to {show(part)} alone", asks, was=node
        )
    for port, part in enumerate(inside.arguments):
        if (first := outer_of(part)) is not None:
            arguments = list(inside.arguments)
            arguments[port] = first.put(outer.put(first.inner))
            what = f"in the function, {first.name} comes first, then {outer.name}"
            now = apply(inside.operation, *arguments)
            yield StagingEdit("wrong_order", now, what, f"What is done to {show(first.inner)} first?", was=node)
    what = f"{outer.name} is applied after {show(a)} and {show(b)} are {joined_how(inside.operation)}, not before"
    yield StagingEdit(
        "distributed", apply(inside.operation, outer.put(a), outer.put(b)), what, "What is done first?", was=node
    )


def _regrouped(node: Apply) -> Iterator[StagingEdit]:
    """An operation among the arguments of another, done after it instead of before."""
    op, (left, right) = node.operation, node.arguments
    if isinstance(left, Apply) and left.operation in ARITHMETIC:
        a, b = left.arguments
        yield from _regrouping(node, left, apply(op, b, right), apply(left.operation, a, apply(op, b, right)))
        yield from _regrouping(node, left, apply(op, a, right), apply(left.operation, apply(op, a, right), b))
    if isinstance(right, Apply) and right.operation in ARITHMETIC:
        b, c = right.arguments
        yield from _regrouping(node, right, apply(op, left, b), apply(right.operation, apply(op, left, b), c))
        if op in ("add", "mul") or right.operation == "add":
            yield from _regrouping(node, right, apply(op, left, c), apply(right.operation, b, apply(op, left, c)))


def _regrouping(node: Apply, first: Apply, instead: Apply, now: Apply) -> Iterator[StagingEdit]:
    if not names_in(instead):
        return
    lost = first.operation in SUMS or node.operation not in SUMS
    if lost:
        yield StagingEdit(
            "lost_bracket",
            now,
            f"the brackets around {show(first)} are missing",
            "Which operation comes first?",
            was=node,
        )
    else:
        what = f"in the function, {show(first)} comes first"
        yield StagingEdit("extra_bracket", now, what, f"Which operation comes last in {show(node)}?", was=node)


def _takes_in_more(node: Apply) -> Iterator[StagingEdit]:
    for port, part in enumerate(node.arguments):
        outer = outer_of(part)
        if outer is None or outer.arithmetic:
            continue
        arguments = list(node.arguments)
        arguments[port] = outer.inner
        what = f"{outer.name} applies to {show(outer.inner)} alone"
        now = outer.put(apply(node.operation, *arguments))
        yield StagingEdit("extra_bracket", now, what, f"Where does the bracket of {outer.name} end?", was=node)


def _order(node: Apply) -> Iterator[StagingEdit]:
    """Two operations on one value, the later one done first: `ln(x²)` for `(ln x)²`."""
    last = outer_of(node)
    first = outer_of(last.inner) if last else None
    if last is None or first is None or (last.arithmetic and first.arithmetic):
        return
    now = first.put(last.put(first.inner))
    what = f"in the function, {first.name} comes first, then {last.name}"
    yield StagingEdit("wrong_order", now, what, f"What is done to {show(first.inner)} first?", was=node)


def _twice(node: Apply) -> Iterator[StagingEdit]:
    if node.operation in ARITHMETIC:
        a, b = node.arguments
        key, sort = ("doubled_term", "term") if node.operation in SUMS else ("doubled_factor", "factor")
        again = "add" if node.operation in SUMS else "mul"
        for part, operation in ((b, node.operation), (a, again)):
            if names_in(part) or node.operation in SUMS:
                what = f"{show(part)} appears twice as a {sort}"
                yield StagingEdit(
                    key, apply(operation, node, part), what, f"How many times does {show(part)} appear?", was=node
                )
        return
    outer = outer_of(node)
    if outer is not None and node.operation != "neg":
        what = f"{outer.name} is applied twice"
        yield StagingEdit("done_twice", outer.put(node), what, f"How many times is {outer.name} applied?", was=node)


_EXCHANGED = {"add": ("mul",), "sub": ("mul", "div"), "mul": ("add", "div"), "div": ("mul", "sub")}
_OPPOSITE = {"add": "sub", "sub": "add", "max": "min", "min": "max"}
_EXPONENTS = (Fraction(2), Fraction(3), Fraction(4), Fraction(-1), Fraction(1, 2))
_WORDS = {"2": "square", "3": "cube"}


def edits_of(node: Expression, pool: Substitutes) -> Iterator[StagingEdit]:
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
            yield from _of_choices(node)
            yield from _of_functions(node)
            yield from order_edits(node)


def _wrong_inputs(node: Name, pool: Substitutes) -> Iterator[StagingEdit]:
    if node.name in pool.inputs:
        for name in pool.inputs:
            if name != node.name:
                what = f"{name} is used instead of {node.name}"
                yield StagingEdit("wrong_input", Name(name), what, "Which input goes there?", was=node)


def _wrong_numbers(node: Number, pool: Substitutes) -> Iterator[StagingEdit]:
    for other in pool.numbers:
        if other != node:
            what = f"the number should be {show(node)}, not {show(other)}"
            yield StagingEdit("wrong_constant", other, what, "Which number is in the function?", was=node)


def _left_out(node: Apply) -> Iterator[StagingEdit]:
    if len(node.arguments) != 2:
        return
    a, b = node.arguments
    match node.operation:
        case "add" | "sub":
            asks = "Where in the function is {}?"
            yield StagingEdit("missing_term", a, f"the term {show(b)} is missing", asks.format(show(b)), was=node)
            rest = b if node.operation == "add" else apply("neg", b)
            yield StagingEdit("missing_term", rest, f"the term {show(a)} is missing", asks.format(show(a)), was=node)
        case "mul" | "matmul":
            for gone, rest in ((b, a), (a, b)):
                asks = f"What is {show(rest)} multiplied by?"
                yield StagingEdit("missing_factor", rest, f"the factor {show(gone)} is missing", asks, was=node)
        case "div":
            yield from _of_quotients(node, a, b)


def _of_quotients(node: Apply, a: Expression, b: Expression) -> Iterator[StagingEdit]:
    if is_number(a, 1):
        yield StagingEdit(
            "lost_reciprocal", b, "the reciprocal is missing", f"When {show(b)} grows, does 1/({show(b)})?", was=node
        )
        return
    what = f"the division by {show(b)} is missing"
    yield StagingEdit("missing_factor", a, what, f"What is {show(a)} divided by?", was=node)
    what = f"the numerator {show(a)} is missing"
    yield StagingEdit(
        "missing_factor", apply("div", number(Fraction(1)), b), what, f"What is divided by {show(b)}?", was=node
    )
    what = "the fraction is upside down"
    yield StagingEdit(
        "wrong_way_up", apply("div", b, a), what, "What is the numerator, and what is the denominator?", was=node
    )


def _of_powers(node: Apply, pool: Substitutes) -> Iterator[StagingEdit]:
    if node.operation != "pow":
        return
    base, exponent = node.arguments
    if is_number(exponent, -1):
        yield StagingEdit(
            "lost_reciprocal", base, "the reciprocal is missing", f"When {show(base)} grows, does this too?", was=node
        )
    else:
        word = _WORDS.get(show(exponent), f"power {show(exponent)}")
        yield StagingEdit(
            "lost_power", base, f"{power_named(exponent)} is missing", f"Where did the {word} go?", was=node
        )
    what = f"{show(exponent)} is an exponent, not a factor"
    asks = f"What does {show(node)} mean, written out as a product?"
    yield StagingEdit("other_operation", apply("mul", exponent, base), what, asks, was=node)
    what = "base and exponent are swapped"
    yield StagingEdit(
        "wrong_way_round", apply("pow", exponent, base), what, "Which is the base, and which is the exponent?", was=node
    )
    if isinstance(exponent, Number):
        others = (*pool.numbers, *map(number, (*_EXPONENTS, -exponent.value)))
        for other in dict.fromkeys(others):
            if other.value not in (exponent.value, 0, 1):
                what = f"the exponent should be {show(exponent)}, not {show(other)}"
                asks = f"What power is {show(base)} raised to?"
                yield StagingEdit("wrong_exponent", apply("pow", base, other), what, asks, was=node)


def _signs(node: Apply) -> Iterator[StagingEdit]:
    match node:
        case Apply("neg", (inner,)):
            yield StagingEdit(
                "lost_minus",
                inner,
                "the minus sign is missing",
                f"What is done to {show(inner)} first?",
                was=node,
            )
        case Apply("add" | "sub" as operation, (a, b)):
            sign, other = ("+", "−") if operation == "add" else ("−", "+")
            what = f"the sign in front of {show(b)} should be {sign}, not {other}"
            asks = f"Is {show(b)} added or subtracted?"
            yield StagingEdit("sign_slip", apply(_OPPOSITE[operation], a, b), what, asks, was=node)
            if operation == "sub":
                what = "the difference is the wrong way round"
                yield StagingEdit(
                    "wrong_way_round", apply("sub", b, a), what, "Which is subtracted from which?", was=node
                )
            else:
                what = f"the sign in front of {show(a)} should be +, not −"
                yield StagingEdit("sign_slip", apply("sub", b, a), what, f"Is {show(a)} added or subtracted?", was=node)


def _asks_joined(a: Expression, b: Expression) -> str:
    return f"Which operation joins {show(a)} and {show(b)}?"


def _exchanged(node: Apply) -> Iterator[StagingEdit]:
    if len(node.arguments) != 2:
        return
    a, b = node.arguments
    for other in _EXCHANGED.get(node.operation, ()):
        if node.operation == "div" and is_number(a, 1):
            continue  # a lost reciprocal
        what = f"the two should be {joined_how(node.operation)}, not {joined_how(other)}"
        asks = _asks_joined(a, b)
        yield StagingEdit("other_operation", apply(other, a, b), what, asks, was=node)
        if other == "div":
            yield StagingEdit("other_operation", apply(other, b, a), what, asks, was=node)
    if node.operation in ("max", "min"):
        now = apply(_OPPOSITE[node.operation], a, b)
        yield StagingEdit(
            "other_operation", now, f"this should be {named(node)}", f"Which of {show(a)} and {show(b)} wins?", was=node
        )
    if node.operation == "mul" and names_in(a) and names_in(b):
        what = "the two should be multiplied, not raised to a power"
        for base, exponent in ((a, b), (b, a)):
            yield StagingEdit("other_operation", apply("pow", base, exponent), what, _asks_joined(a, b), was=node)
    constants = [(c, rest) for c, rest in ((a, b), (b, a)) if isinstance(c, Number)]
    if node.operation == "mul" and constants:
        factor, rest = constants[0]
        what = f"{show(factor)} is a factor, not an exponent"
        yield StagingEdit(
            "other_operation", apply("pow", rest, factor), what, f"Is it {show(node)}, or a power?", was=node
        )


_COMPARISONS = tuple(key for key, gate in GATES.items() if gate.pieces is not None and gate.pieces.compares)


def _of_choices(node: Apply) -> Iterator[StagingEdit]:
    """A comparison with another sign, or the branches of where the wrong way round."""
    if node.operation in _COMPARISONS:
        for key in _COMPARISONS:
            if key != node.operation:
                other = apply(key, *node.arguments)
                what = f"the comparison should be {show(node)}, not {show(other)}"
                yield StagingEdit("other_comparison", other, what, "On which side does it hold?", was=node)
    match node:
        case Apply("where", (test, a, b)):
            what = f"{show(a)} is for where {show(test)} holds, {show(b)} for where it does not"
            yield StagingEdit("wrong_way_round", apply("where", test, b, a), what, "Which is taken where?", was=node)


_FUNCTIONS = tuple(
    gate.key
    for gate in GATES.values()
    if gate.elementwise and len(gate.arguments) == 1 and not gate.options and not gate.specialises
)


def _of_functions(node: Apply) -> Iterator[StagingEdit]:
    """A function, or a minimum or maximum, that is left out or taken for another one."""
    if node.operation in ("max", "min"):
        for part in node.arguments:
            what = f"{named(node)} is missing"
            yield StagingEdit("missing_function", part, what, f"What does the function do with {show(part)}?", was=node)
    if node.operation == "neg" or len(node.arguments) != 1:
        return
    (inner,) = node.arguments
    what = f"{named(node)} is missing"
    yield StagingEdit("missing_function", inner, what, f"What does the function do with {show(inner)}?", was=node)
    if node.operation == "exp":
        what = f"{show(inner)} is an exponent, not a factor"
        now = apply("mul", inner, Constant("e"))
        yield StagingEdit("other_operation", now, what, f"What is raised to the power {show(inner)}?", was=node)
    if node.operation not in _FUNCTIONS:
        return
    others = [apply(key, inner) for key in _FUNCTIONS if key not in ("neg", node.operation)]
    for other in (*others, apply("pow", inner, number(Fraction(2))), apply("div", number(Fraction(1)), inner)):
        what = f"this should be {named(node)}, not {named(other)}"
        yield StagingEdit("other_function", other, what, f"Which function is applied to {show(inner)}?", was=node)


_REDUCING = ("sum", "mean")
_AXES = ((), (("axis", 0),), (("axis", 1),))
_NORMS = ("norm", "squared_norm")


def array_edits(node: Expression, shapes: Mapping[str, Shape]) -> Iterator[StagingEdit]:
    """The slips that only arrays allow, at one node. Many fit no shapes."""
    match node:
        case Name(name) if len(shapes.get(name, ())) == 2:
            yield _turned(node, node)
        case Apply("matmul" | "dot" | "outer", (a, b)) if names_in(node):
            yield from _of_products(node, a, b)
        case Apply("mul", (a, b)) if names_in(a) and names_in(b):
            for key in ("matmul", "dot"):
                what = "the function multiplies entry by entry; it is not a matrix product"
                yield StagingEdit(
                    "matmul_for_elementwise", apply(key, a, b), what, "Which product is it, * or @?", was=node
                )
        case Apply("transpose", (inner,)):
            what = f"{show(inner)} should be transposed"
            yield StagingEdit("missing_transpose", inner, what, f"Which way round does {show(inner)} go in?", was=node)
        case Apply("sum" | "mean"):
            yield from _of_reductions(node)
        case Apply("norm" | "squared_norm"):
            yield from _of_norms(node)


def _turned(node: Expression, part: Expression, now: Expression | None = None) -> StagingEdit:
    what = f"{show(part)} goes in as it is, not transposed"
    return StagingEdit(
        "transposed", now or apply("transpose", part), what, f"Which way round does {show(part)} go in?", was=node
    )


def _of_products(node: Apply, a: Expression, b: Expression) -> Iterator[StagingEdit]:
    what = f"{show(a)} is the first factor, {show(b)} the second"
    yield StagingEdit("matmul_order", apply(node.operation, b, a), what, "Which factor is on the left?", was=node)
    yield _turned(node, a, apply(node.operation, apply("transpose", a), b))
    yield _turned(node, b, apply(node.operation, a, apply("transpose", b)))
    both = apply(node.operation, apply("transpose", a), apply("transpose", b))
    yield StagingEdit(
        "transposed", both, "neither factor is transposed", "Which way round do the factors go in?", was=node
    )
    what = f"the function uses {named(node)}, not a product entry by entry"
    yield StagingEdit("elementwise_for_matmul", apply("mul", a, b), what, "Which product is it, @ or *?", was=node)
    for other in {"matmul", "dot", "outer"} - {node.operation}:
        now = apply(other, a, b)
        what = f"this should be {named(node)}, not {named(now)}"
        yield StagingEdit("other_operation", now, what, f"What shape does {show(node)} have?", was=node)


def _of_reductions(node: Apply) -> Iterator[StagingEdit]:
    for key in _REDUCING:
        if key != node.operation:
            what = f"this should be {named(node)}, not {named(replace(node, operation=key))}"
            asks = "Is the result divided by the number of entries?"
            yield StagingEdit(f"{key}_for_{node.operation}", replace(node, operation=key), what, asks, was=node)
    for options in _AXES:
        kept = tuple(option for option in node.options if option[0] != "axis")
        if (now := replace(node, options=(*options, *kept))) != node:
            what = f"{show(node)} is taken along a different axis"
            yield StagingEdit("wrong_axis", now, what, "Along which axis is it taken?", was=node)
    (inner,) = node.arguments
    what = f"{named(node)} is taken of {show(inner)}, with nothing squared"
    yield StagingEdit(
        "other_function", Apply("squared_norm", (inner,)), what, f"What is added up in {show(node)}?", was=node
    )


def _of_norms(node: Apply) -> Iterator[StagingEdit]:
    (inner,) = node.arguments
    squared = node.operation == "squared_norm"
    other = Apply(_NORMS[not squared], (inner,))
    if squared:
        yield StagingEdit("lost_power", other, "the square is missing", "Where did the square go?", was=node)
    else:
        what = "the root at the end is missing"
        yield StagingEdit("missing_function", other, what, "What is done to the sum of the squares?", was=node)
    for key in _REDUCING:
        what = f"this should be {named(node)}, not {named(apply(key, inner))}"
        yield StagingEdit(
            "other_function", apply(key, inner), what, f"What is done to the entries of {show(inner)}?", was=node
        )
    squares = apply("pow", inner, number(Fraction(2)))
    what = "the squares should be added, not averaged"
    yield StagingEdit(
        "mean_for_sum", apply("mean", squares), what, "Is the result divided by the number of entries?", was=node
    )
    yield StagingEdit("missing_function", squares, "the sum is missing", "What is done with the squares?", was=node)
