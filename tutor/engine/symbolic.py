"""Derivatives in symbols, by SymPy. Heavy to import: never on the path of a keystroke.

SymPy objects are built from our tree and turned back into one; its string parsers are not used.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from importlib import import_module
from typing import Any

from tutor.engine.forms import substitute_forms
from tutor.engine.gates import Gate
from tutor.language import Apply, Constant, Expression, Name, Number, names_in

_FUNCTIONS = {
    "exp": "exp", "log": "ln", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "Abs": "abs",
    "Max": "max", "Min": "min", "erf": "erf",
}  # fmt: skip


def _sympy() -> Any:
    return import_module("sympy")


def to_sympy(expression: Expression) -> Any:
    """The expression as a SymPy one, its names real symbols.

    Raises ValueError for matrices and for gates that mix entries.
    """
    sympy = _sympy()
    symbols = {name: sympy.Symbol(name, real=True) for name in names_in(expression)}
    return substitute_forms(expression, sympy, symbols)


def derivative(expression: Expression, name: str) -> Any:
    """d(expression)/d(name) as a SymPy expression. Raises ValueError as `to_sympy` does."""
    sympy = _sympy()
    return sympy.diff(to_sympy(expression), sympy.Symbol(name, real=True))


def local_derivative(gate: Gate, port: int) -> Any:
    """The gate's derivative by one argument as a SymPy expression in the gate's own argument names.

    Raises ValueError for a gate that mixes entries.
    """
    if gate.form is None:
        raise ValueError(f"{gate.title} has no local derivative entry by entry")
    sympy = _sympy()
    symbols = [sympy.Symbol(name, real=True) for name in gate.arguments]
    return sympy.diff(gate.form(sympy, *symbols), symbols[port])


def from_sympy(expression: Any) -> Expression:
    """A SymPy expression in the learner's language. Raises ValueError for what the language has no word for."""
    if expression.is_Symbol:
        return Name(expression.name)
    if expression.is_Rational:
        return _number(Fraction(int(expression.p), int(expression.q)))
    if expression.is_Add:
        return _sum([_term(term) for term in expression.as_ordered_terms()])
    if expression.is_Mul:
        return _quotient(expression)
    if expression.is_Pow:
        return _power(expression)
    name = type(expression).__name__
    if name in ("Exp1", "Pi"):
        return Constant({"Exp1": "e", "Pi": "pi"}[name])
    if name == "erfc":
        return Apply("sub", (_number(Fraction(1)), Apply("erf", (from_sympy(expression.args[0]),))))
    if name in _FUNCTIONS:
        arguments = [from_sympy(argument) for argument in expression.args]
        return _folded(_FUNCTIONS[name], arguments) if len(arguments) > 1 else Apply(_FUNCTIONS[name], (arguments[0],))
    raise ValueError(f"the language has no {name}")


def _term(term: Any) -> tuple[bool, Expression]:
    """A term of a sum: whether it is subtracted, and its size."""
    negative = term.could_extract_minus_sign()
    return negative, from_sympy(-term if negative else term)


def _sum(terms: list[tuple[bool, Expression]]) -> Expression:
    terms.sort(key=lambda term: term[0])  # so that a sum does not begin with a minus where it need not
    (negative, first), *rest = terms
    total = Apply("neg", (first,)) if negative else first
    for negative, term in rest:
        total = Apply("sub" if negative else "add", (total, term))
    return total


def _quotient(expression: Any) -> Expression:
    if expression.could_extract_minus_sign():
        return Apply("neg", (from_sympy(-expression),))
    numerator, denominator = expression.as_numer_denom()
    if denominator == 1:
        return _folded("mul", [from_sympy(factor) for factor in expression.as_ordered_factors()])
    return Apply("div", (from_sympy(numerator), from_sympy(denominator)))


def _power(expression: Any) -> Expression:
    base, exponent = expression.args
    if exponent.could_extract_minus_sign():
        return Apply("div", (_number(Fraction(1)), from_sympy(base**-exponent)))
    if exponent == Fraction(1, 2):
        return Apply("sqrt", (from_sympy(base),))
    return Apply("pow", (from_sympy(base), from_sympy(exponent)))


def _folded(operation: str, parts: list[Expression]) -> Expression:
    return reduce(lambda left, right: Apply(operation, (left, right)), parts)


def _number(value: Fraction) -> Expression:
    whole = Number(Fraction(value.numerator), str(value.numerator))
    if value.denominator == 1:
        return whole
    return Apply("div", (whole, Number(Fraction(value.denominator), str(value.denominator))))
