"""Scalar expressions to SymPy and back as they were written: exponentials and σ keep their form.

Unlike `symbolic`, the gates that SymPy would rewrite (σ, max, min, relu) are unknown functions to it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from fractions import Fraction
from functools import reduce
from importlib import import_module
from typing import Any

from tutor.engine.gates import GATES
from tutor.engine.tidying import number
from tutor.language import Apply, Constant, Expression, Name, Number, names_in

_OPAQUE = frozenset({"sigmoid", "max", "min", "relu", "gelu", "softplus"})
_FUNCTIONS = {
    "exp": "exp", "log": "ln", "sin": "sin", "cos": "cos", "tan": "tan", "tanh": "tanh", "Abs": "abs", "erf": "erf",
}  # fmt: skip
_CONSTANTS = {"Exp1": "e", "Pi": "pi"}


def to_symbols(expression: Expression, positive: Container[str] = ()) -> Any:
    """The expression as a SymPy one, its names real symbols, some of them positive.

    Raises ValueError for matrices and for gates that mix entries.
    """
    sympy = import_module("sympy")
    kinds = {name: {"positive" if name in positive else "real": True} for name in names_in(expression)}
    return _built(expression, sympy, {name: sympy.Symbol(name, **kind) for name, kind in kinds.items()})


def _built(tree: Expression, sympy: Any, symbols: dict[str, Any]) -> Any:
    match tree:
        case Name(name):
            return symbols[name]
        case Number(value):
            return sympy.Rational(value.numerator, value.denominator)
        case Constant(name):
            return sympy.pi if name == "pi" else sympy.E
        case Apply(operation, arguments) if (form := GATES[operation].form) is not None:
            parts = [_built(argument, sympy, symbols) for argument in arguments]
            return sympy.Function(operation, real=True)(*parts) if operation in _OPAQUE else form(sympy, *parts)
        case _:
            raise ValueError("only numbers and elementwise gates have a symbolic form")


def from_symbols(expression: Any) -> Expression:
    """What `to_symbols` made, after SymPy worked on it. Raises ValueError for what the language has no word for."""
    if expression.is_Symbol:
        return Name(expression.name)
    if expression.is_Rational:
        return _ratio(expression)
    if expression.is_Add:
        return _summed(expression.as_ordered_terms())
    if expression.is_Mul:
        return _multiplied(expression.as_ordered_factors())
    if expression.is_Pow:
        return _power(*expression.args)
    name = type(expression).__name__
    if name in _CONSTANTS:
        return Constant(_CONSTANTS[name])
    operation = name if name in _OPAQUE else _FUNCTIONS.get(name)
    if operation is None or len(expression.args) != len(GATES[operation].arguments):
        raise ValueError(f"the language has no {name}")
    return Apply(operation, tuple(map(from_symbols, expression.args)))


def _summed(terms: Iterable[Any]) -> Expression:
    return _folded("add", [from_symbols(term) for term in terms])


def _multiplied(factors: Iterable[Any]) -> Expression:
    """A product with its negative powers below a line; e^-x stays above."""
    above: list[Expression] = []
    below: list[Expression] = []
    for factor in factors:
        if factor.is_Pow and factor.exp.could_extract_minus_sign():
            below.append(_power(factor.base, -factor.exp))
        elif factor.is_Rational and not factor.is_Integer:
            above += [number(Fraction(int(factor.p)))] if abs(factor.p) != 1 else []
            above += [Apply("neg", (number(Fraction(1)),))] if factor.p == -1 else []
            below.append(number(Fraction(int(factor.q))))
        else:
            above.append(from_symbols(factor))
    top = _folded("mul", above) if above else number(Fraction(1))
    return Apply("div", (top, _folded("mul", below))) if below else top


def _power(base: Any, exponent: Any) -> Expression:
    if exponent.could_extract_minus_sign():
        return Apply("div", (number(Fraction(1)), _power(base, -exponent)))
    if exponent == 1:
        return from_symbols(base)
    if exponent.is_Rational and exponent.q == 2 and exponent.p == 1:
        return Apply("sqrt", (from_symbols(base),))
    return Apply("pow", (from_symbols(base), from_symbols(exponent)))


def _ratio(value: Any) -> Expression:
    whole = number(Fraction(int(value.p)))
    return whole if value.q == 1 else Apply("div", (whole, number(Fraction(int(value.q)))))


def _folded(operation: str, parts: list[Expression]) -> Expression:
    return reduce(lambda left, right: Apply(operation, (left, right), sign="*"), parts)
