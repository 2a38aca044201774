"""Random expressions of numbers, ways to write them otherwise, and single slips in them."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from tutor.language import Apply, Constant, Expression, Name, Number, children

NAMES = ("x", "y", "z")
UNARY = ("neg", "exp", "ln", "sqrt", "sin", "cos", "tan", "sigmoid", "tanh", "relu", "abs")
BINARY = ("add", "sub", "mul", "div", "max", "min")


def number(value: Fraction | int) -> Number:
    exact = Fraction(value)
    return Number(exact, str(exact.numerator) if exact.denominator == 1 else repr(float(exact)))


def apply(operation: str, *arguments: Expression) -> Apply:
    return Apply(operation, arguments)


_NUMBERS = st.sampled_from([1, 2, 3, 5, 10, Fraction(1, 2), Fraction(1, 10), Fraction(13, 10)]).map(number)
_LEAVES = st.one_of(
    st.sampled_from(NAMES).map(Name),
    st.sampled_from(NAMES).map(Name),
    _NUMBERS,
    st.sampled_from(["pi", "e"]).map(Constant),
)


def _larger(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(apply, st.sampled_from(UNARY), parts),
        st.builds(apply, st.sampled_from(BINARY), parts, parts),
        st.builds(apply, st.sampled_from(("add", "mul")), parts, parts),
        st.builds(apply, st.just("pow"), parts, st.sampled_from([2, 3, -1, -2, Fraction(1, 2)]).map(number)),
        st.builds(apply, st.just("pow"), parts, parts),
    )


expressions = st.recursive(_LEAVES, _larger, max_leaves=10)


def _rational(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(apply, st.sampled_from(("add", "sub", "mul", "div", "add", "mul")), parts, parts),
        st.builds(apply, st.just("neg"), parts),
        st.builds(apply, st.just("pow"), parts, st.sampled_from([2, 3]).map(number)),
    )


rationals = st.recursive(st.one_of(st.sampled_from(NAMES).map(Name), _NUMBERS), _rational, max_leaves=8)


@st.composite
def rewritten(draw: st.DrawFn, tree: Expression) -> Expression:
    """The same function, defined in the same places, written in another way."""
    if not isinstance(tree, Apply):
        return tree
    arguments = [draw(rewritten(argument)) for argument in tree.arguments]
    ways = list(_WAYS.get(tree.operation, ()))
    if not ways or not draw(st.booleans()):
        return apply(tree.operation, *arguments)
    return draw(st.sampled_from(ways))(*arguments)


_ONE, _TWO, _HALF = number(1), number(2), number(Fraction(1, 2))


def _turned(operation: str) -> object:
    return lambda a, b: apply(operation, b, a)


_WAYS = {
    "add": [_turned("add"), lambda a, b: apply("sub", a, apply("neg", b))],
    "sub": [lambda a, b: apply("neg", apply("sub", b, a)), lambda a, b: apply("add", a, apply("neg", b))],
    "mul": [
        _turned("mul"),
        lambda a, b: apply("neg", apply("mul", a, apply("neg", b))),
        lambda a, b: apply(
            "div",
            apply("sub", apply("pow", apply("add", a, b), _TWO), apply("pow", apply("sub", a, b), _TWO)),
            number(4),
        ),
    ],
    "div": [
        lambda a, b: apply("mul", a, apply("pow", b, number(-1))),
        lambda a, b: apply("mul", a, apply("div", _ONE, b)),
    ],
    "max": [
        _turned("max"),
        lambda a, b: apply("div", apply("add", apply("add", a, b), apply("abs", apply("sub", a, b))), _TWO),
    ],
    "min": [_turned("min"), lambda a, b: apply("neg", apply("max", apply("neg", a), apply("neg", b)))],
    "relu": [
        lambda a: apply("max", a, number(0)),
        lambda a: apply("div", apply("add", a, apply("abs", a)), _TWO),
    ],
    "abs": [lambda a: apply("max", a, apply("neg", a)), lambda a: apply("sqrt", apply("pow", a, _TWO))],
    "sigmoid": [
        lambda a: apply("div", _ONE, apply("add", _ONE, apply("exp", apply("neg", a)))),
        lambda a: apply("div", apply("add", _ONE, apply("tanh", apply("div", a, _TWO))), _TWO),
    ],
    "tanh": [
        lambda a: apply("sub", _ONE, apply("div", _TWO, apply("add", apply("exp", apply("mul", _TWO, a)), _ONE))),
        lambda a: apply("sub", apply("mul", _TWO, apply("sigmoid", apply("mul", _TWO, a))), _ONE),
    ],
    "sin": [lambda a: apply("cos", apply("sub", apply("div", Constant("pi"), _TWO), a))],
    "tan": [lambda a: apply("div", apply("sin", a), apply("cos", a))],
    "exp": [lambda a: apply("div", _ONE, apply("exp", apply("neg", a)))],
    "sqrt": [lambda a: apply("pow", a, _HALF)],
    "ln": [lambda a: apply("neg", apply("ln", apply("div", _ONE, a)))],
}


@st.composite
def slipped(draw: st.DrawFn, tree: Expression) -> Expression:
    """The expression with one slip: another operation, number, name, or something very small added."""
    at = draw(st.integers(0, _size(tree) - 1))
    return _changed(draw, tree, at)


def _changed(draw: st.DrawFn, tree: Expression, at: int) -> Expression:
    if at == 0:
        return _slip(draw, tree)
    assert isinstance(tree, Apply)
    at -= 1
    arguments = list(tree.arguments)
    for i, argument in enumerate(arguments):
        if at < _size(argument):
            arguments[i] = _changed(draw, argument, at)
            break
        at -= _size(argument)
    return apply(tree.operation, *arguments)


def _slip(draw: st.DrawFn, tree: Expression) -> Expression:
    small = number(Fraction(1, 10 ** draw(st.integers(1, 30))))
    if isinstance(tree, Apply) and draw(st.booleans()):
        kinds = UNARY if len(tree.arguments) == 1 else BINARY
        return apply(draw(st.sampled_from(kinds)), *tree.arguments)
    return draw(st.sampled_from([apply("neg", tree), apply("mul", _TWO, tree), apply("add", tree, small)]))


def _size(tree: Expression) -> int:
    return 1 + sum(map(_size, children(tree)))
