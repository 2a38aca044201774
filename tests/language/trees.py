"""Random material: trees, texts that follow the grammar, and texts that follow nothing."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from tutor.language import Apply, Constant, Expression, Matrix, Name, Number
from tutor.language.comparisons import is_mask

from .words import FUNCTIONS, NAMES

BINARY = ("add", "sub", "mul", "div", "matmul", "pow", "greater", "less_equal", "equal")
UNARY = ("neg", "exp", "ln", "sqrt", "sin", "sigmoid", "relu", "abs", "norm", "squared_norm", "transpose")


def _number(value: Fraction) -> Number:
    return Number(value, str(value))


numbers = st.builds(
    lambda digits, places: _number(Fraction(digits, 10**places)), st.integers(-99999, 99999), st.integers(0, 30)
)
names = st.sampled_from(NAMES).map(Name)
atoms: st.SearchStrategy[Expression] = st.one_of(names, numbers, st.sampled_from(("e", "pi")).map(Constant))


def _power(base: Expression, exponent: Expression) -> Expression:
    """A power of e is read as exp, so no tree holds one."""
    if isinstance(base, Constant) and base.name == "e":
        return Apply("exp", (exponent,), sign="e^")
    return Apply("pow", (base, exponent))


def _binary(operation: str, left: Expression, right: Expression) -> Expression:
    return _power(left, right) if operation == "pow" else Apply(operation, (left, right))


axes = st.one_of(st.none(), st.integers(-3, 3), st.tuples(st.integers(0, 3), st.integers(0, 3)))
summed = st.one_of(
    st.just(()),
    axes.map(lambda axis: (("axis", axis),)),
    st.tuples(axes, st.booleans()).map(lambda both: (("axis", both[0]), ("keepdims", both[1]))),
)
shapes = st.lists(st.integers(1, 9), min_size=1, max_size=3).map(lambda sizes: (("shape", tuple(sizes)),))

stretches = st.tuples(st.integers(-3, 3), st.integers(-3, 9)).map(lambda ends: (("start", ends[0]), ("stop", ends[1])))


def _matrix(rows: int, columns: int, entries: list[Expression], vector: bool) -> Matrix:
    flat = [entry for entry in entries if not isinstance(entry, Matrix)] or [Name("x")]
    filled = [flat[place % len(flat)] for place in range(rows * columns)]
    if vector and columns == 1 and is_mask(filled[0]):
        return Matrix(((Name("x"),),), is_vector=True)  # [x > 0] is read as the comparison itself
    if vector:
        return Matrix((tuple(filled[:columns]),), is_vector=True)
    return Matrix(tuple(tuple(filled[row * columns : (row + 1) * columns]) for row in range(rows)))


def _grown(smaller: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(_binary, st.sampled_from(BINARY), smaller, smaller),
        st.builds(lambda operation, a: Apply(operation, (a,)), st.sampled_from(UNARY), smaller),
        st.builds(lambda a, b: Apply("max", (a, b)), smaller, smaller),
        st.builds(lambda a, b: Apply("outer", (a, b)), smaller, smaller),
        st.builds(lambda a, options: Apply("sum", (a,), options), smaller, summed),
        st.builds(lambda a, options: Apply("largest", (a,), options), smaller, summed),
        st.builds(lambda a, options: Apply("reshape", (a,), options), smaller, shapes),
        st.builds(lambda a, options: Apply("slice", (a,), options), smaller, stretches),
        st.builds(lambda a, b: Apply("concat", (a, b)), smaller, smaller),
        st.builds(_matrix, st.integers(1, 3), st.integers(1, 3), st.lists(smaller, max_size=4), st.booleans()),
    )


trees = st.recursive(atoms, _grown, max_leaves=14)

PIECES = (
    *("x", "y", "z", "W", "xy", "X", "q", "e", "pi", "2", "0.5", ".5", "3.", "1e3", "x_1", "x'", "T", "α", "π", "σ"),
    *(" ", "  ", "\n", "(", ")", "(", ")", "[", "]", "{", "}", "|", "||", "‖", ",", ";", ".", "=", "==", "'", '"'),
    *("+", "-", "*", "/", "^", "**", "@", "//", "%", "!", "<", "&", "#", "$", "√", "²", "⁻¹", "½", "·", "−", "ᵀ"),
    *(">", "<=", "if", "else", "and", "1[", "I(", "where(", "sign", "relu'", ".astype(float)"),
    *("sin", "exp", "ln", "max", "sum", "sqrt", "Sin", "foo", "np.", ".T", ".sum", "axis", "axis=0", "True"),
    *(
        "\\frac",
        "\\sqrt",
        "\\cdot",
        "\\left(",
        "\\right)",
        "^{",
        "_{",
        "\\begin{bmatrix}",
        "\\begin{cases}",
        "&",
        "\\end{cases}",
        "\\\\",
        "\\alpha",
    ),
)
shaped = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
"""Texts made of what the language knows and of what people type instead."""

anything = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="xyzabe0123456789.,;()[]{}|+-*/^=@'\" \n_", max_size=60),
    shaped,
)

WORDS = tuple(sorted(FUNCTIONS))
