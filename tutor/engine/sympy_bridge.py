"""The one bridge to SymPy: expressions there and back, and derivatives in symbols.

SymPy objects are built from our tree, through the gates' own forms, and turned back into one; its string parsers are
not used. SymPy is heavy to import (about half a second) and is never on the path of a keystroke: it is loaded by the
first call. Called for closed forms (`rewriting`), for gates made of several operations and by the tests.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from importlib import import_module
from inspect import CO_GENERATOR
from math import inf, isfinite
from time import monotonic
from types import FrameType
from typing import Any

from tutor.engine.evaluate import evaluate, fold_constants, number
from tutor.engine.gates import GATES, Gate
from tutor.language import Apply, Constant, Expression, Name, Number, children, names_in
from tutor.language.comparisons import CHOICE, OPERATIONS

_NOTHING, _ONE = Fraction(0), Fraction(1)
_CONSTANTS = {"Exp1": "e", "Pi": "pi"}


def substitute_forms(expression: Expression, m: Any, at: Mapping[str, Any], unknown: Container[str] = ()) -> Any:
    """The expression built with the objects of `m` (sympy, or a namespace like it) for its gates and numbers.

    `at` holds the objects for its names; gates whose key is in `unknown` become functions that `m` knows nothing of.
    Raises ValueError for matrices and for gates that mix entries.
    """
    match expression:
        case Name(name):
            return at[name]
        case Number(value):
            return m.Rational(value.numerator, value.denominator)
        case Constant(name):
            return m.pi if name == "pi" else m.exp(1)
        case Apply(operation, arguments) if (form := GATES[operation].form) is not None:
            parts = [substitute_forms(argument, m, at, unknown) for argument in arguments]
            return m.Function(operation, real=True)(*parts) if operation in unknown else form(m, *parts)
        case _:
            raise ValueError("only numbers and elementwise gates have a symbolic form")


def to_sympy(expression: Expression, positive: Container[str] = (), *, as_written: bool = False) -> Any:
    """The expression as a SymPy one, its names real symbols, some of them positive.

    With `as_written`, gates that SymPy would rewrite (σ, max, relu) are unknown functions to it and keep their form.
    Raises ValueError for matrices and for gates that mix entries.
    """
    sympy = import_module("sympy")
    kinds = {name: {"positive" if name in positive else "real": True} for name in names_in(expression)}
    symbols = {name: sympy.Symbol(name, **kind) for name, kind in kinds.items()}
    return substitute_forms(expression, sympy, symbols, _rewritten_gates() if as_written else ())


def derivative(expression: Expression, name: str) -> Any:
    """d(expression)/d(name) as a SymPy expression. Raises ValueError as `to_sympy` does."""
    sympy = import_module("sympy")
    return sympy.diff(to_sympy(expression), sympy.Symbol(name, real=True))


def local_derivative(gate: Gate, port: int) -> Any:
    """The gate's derivative by one argument as a SymPy expression in the gate's own argument names.

    Raises ValueError for a gate that mixes entries.
    """
    if gate.form is None:
        raise ValueError(f"{gate.title} has no local derivative entry by entry")
    symbols = _symbols(gate)
    return import_module("sympy").diff(gate.form(import_module("sympy"), *symbols), symbols[port])


def from_sympy(expression: Any) -> Expression:
    """A SymPy expression in the learner's language, its negative powers below a line but for e^-x.

    Raises ValueError for what the language has no word for.
    """
    if expression.is_Symbol:
        return Name(expression.name)
    if expression.is_Rational:
        return _ratio(Fraction(int(expression.p), int(expression.q)))
    if expression.is_Add:
        return _sum([_term(term) for term in expression.as_ordered_terms()])
    if expression.is_Mul:
        return _product(expression)
    if expression.is_Pow:
        return _power(*expression.args)
    name = type(expression).__name__
    if name in _CONSTANTS:
        return Constant(_CONSTANTS[name])
    if expression.is_Piecewise:
        return _pieces(list(expression.args))
    return _function(name, [from_sympy(argument) for argument in expression.args])


def _function(name: str, arguments: list[Expression]) -> Expression:
    if name == "Heaviside":
        return Apply("heaviside", tuple(arguments))
    if name == "erfc":
        return Apply("sub", (number(Fraction(1)), Apply("erf", tuple(arguments))))
    key = name if name in _rewritten_gates() else _names_in_sympy().get(name)
    if key is not None and len(arguments) == len(GATES[key].arguments):
        return Apply(key, tuple(arguments))
    if key is not None and len(GATES[key].arguments) == 2 < len(arguments):  # Max(x, y, 1)
        return _folded(key, arguments)
    raise ValueError(f"the language has no {name}")


def _pieces(pairs: list[Any]) -> Expression:
    """A function in pieces as where(c, a, b); its last condition holds wherever no other does."""
    *before, (value, always) = pairs
    if always != True:  # noqa: E712  # SymPy's own true
        raise ValueError("the language has no value for the rest")
    tree = _piece(value)
    for value, condition in reversed(before):
        tree = Apply(CHOICE, (_condition(condition), _piece(value), tree))
    return fold_constants(tree)


def _piece(value: Any) -> Expression:
    """A piece; one that has no value, as 1/(x > 0) has none where x is negative, is a quotient by 0."""
    return from_sympy(value) if value.is_finite is not False else Apply("div", (number(_ONE), number(_NOTHING)))


def _condition(condition: Any) -> Expression:
    sign = getattr(condition, "rel_op", "")
    if sign not in OPERATIONS:
        raise ValueError(f"the language has no {type(condition).__name__}")
    return Apply(OPERATIONS[sign], (from_sympy(condition.lhs), from_sympy(condition.rhs)), sign=sign)


@lru_cache(maxsize=1)
def _rewritten_gates() -> frozenset[str]:
    """The gates that SymPy does not keep as they were written."""
    return frozenset(key for key, gate in GATES.items() if gate.sympy_rewrites)


@lru_cache(maxsize=1)
def _names_in_sympy() -> dict[str, str]:
    """SymPy's functions of nothing but a gate's arguments, and the gate: {"log": "ln", "Max": "max", ...}."""
    sympy, names = import_module("sympy"), {}
    for key, gate in GATES.items():
        if gate.form is not None and not gate.specialises:
            symbols = _symbols(gate)
            made = gate.form(sympy, *symbols)
            if not (made.is_Add or made.is_Mul or made.is_Pow) and set(made.args) == set(symbols):
                names[type(made).__name__] = key
    return names


def _symbols(gate: Gate) -> list[Any]:
    return [import_module("sympy").Symbol(name, real=True) for name in gate.arguments]


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


def _product(expression: Any) -> Expression:
    if expression.could_extract_minus_sign():
        return Apply("neg", (from_sympy(-expression),))
    above: list[Expression] = []
    below: list[Expression] = []
    for factor in expression.as_ordered_factors():
        if factor.is_Pow and factor.exp.could_extract_minus_sign():
            below.append(_power(factor.base, -factor.exp))
        elif factor.is_Rational:
            above += [number(Fraction(int(factor.p)))] if factor.p != 1 else []
            below += [number(Fraction(int(factor.q)))] if factor.q != 1 else []
        else:
            above.append(from_sympy(factor))
    top = _folded("mul", above) if above else number(Fraction(1))
    return Apply("div", (top, _folded("mul", below))) if below else top


def _power(base: Any, exponent: Any) -> Expression:
    if exponent.could_extract_minus_sign():
        return Apply("div", (number(Fraction(1)), _power(base, -exponent)))
    if exponent == 1:
        return from_sympy(base)
    if exponent == Fraction(1, 2):
        return Apply("sqrt", (from_sympy(base),))
    return Apply("pow", (from_sympy(base), from_sympy(exponent)))


def _ratio(value: Fraction) -> Expression:
    whole = number(Fraction(value.numerator))
    return whole if value.denominator == 1 else Apply("div", (whole, number(Fraction(value.denominator))))


def _folded(operation: str, parts: Iterable[Expression]) -> Expression:
    sign = "*" if operation == "mul" else ""
    return reduce(lambda left, right: Apply(operation, (left, right), sign=sign), parts)


_MOST_OPERATIONS = {
    "factor_terms": 200, "powsimp": 100, "together": 60, "expand": 60, "cancel": 60, "factor": 60, "trigsimp": 24,
    "simplify": 12,
}  # fmt: skip
"""The passes over an expression, and the count of its operations up to which each is tried."""

_POLYNOMIAL = frozenset({"together", "expand", "cancel", "factor", "simplify", "trigsimp"})
_MOST_OF_A_POLYNOMIAL, _LEAST_ROOT = 12, 6
"""Exponents are whole up to the first, and have denominators up to the second: polynomials in x^(1/1000) are huge."""

_LARGEST_EXPONENT = 1000
_EVENTS_BETWEEN_LOOKS = 255


class _TimeUp(BaseException):
    """Nothing in SymPy may catch it."""


def rewritten(expression: Expression, positive: Container[str], seconds: float) -> list[Expression]:
    """The expression in other forms, none of them checked; fewer of them where the time runs out.

    Loads SymPy, before the clock starts.
    """
    import_module("sympy")
    if not is_tractable(expression):
        return []
    found: list[Expression] = []
    forms = _forms(expression, positive)
    deadline = monotonic() + seconds
    while (form := _next_before(deadline, forms)) is not None:
        found.append(form)
    return found


def is_tractable(expression: Expression) -> bool:
    """Whether SymPy can hold it: it would compute 0.7^(9^9) to the last of its digits."""
    return _exponents(expression) <= _LARGEST_EXPONENT


def _exponents(tree: Expression) -> float:
    """The largest product of constant exponents above one another, as in ((2 x)^30)^30; infinite for no value."""
    inside = max(map(_exponents, children(tree)), default=1.0)
    if isinstance(tree, Apply) and tree.operation == "pow" and not names_in(tree.arguments[1]):
        exponent = evaluate(tree.arguments[1], {})
        return inside * max(1.0, abs(exponent)) if isinstance(exponent, float) and isfinite(exponent) else inf
    return inside


def _next_before(deadline: float, forms: Iterator[Expression]) -> Expression | None:
    """The next form; None where there is no more, or the time is up."""
    events, late = 0, False

    # SymPy has no way to be told to stop. A trace function sees every call of a Python function, and may raise:
    # unlike a thread that nobody waits for any longer, this leaves no work behind.
    def look_at_the_clock(frame: FrameType, *_event: Any) -> None:
        nonlocal events, late
        events += 1
        late = late or (not events & _EVENTS_BETWEEN_LOOKS and monotonic() > deadline)
        # A generator may be about to be closed, or an object deleted: Python swallows what is raised there, and traces
        # no more.
        if late and not frame.f_code.co_flags & CO_GENERATOR and not _deletes(frame):
            raise _TimeUp

    before = sys.gettrace()
    sys.settrace(look_at_the_clock)
    try:
        return next(forms, None)
    except (_TimeUp, RecursionError):
        return None
    finally:
        sys.settrace(before)


def _deletes(frame: FrameType | None) -> bool:
    """Whether an object is being deleted there, which happens anywhere: when Python looks for garbage."""
    while frame is not None and frame.f_code.co_name != "__del__":
        frame = frame.f_back
    return frame is not None


def _forms(expression: Expression, positive: Container[str]) -> Iterator[Expression]:
    """Each form once, the cheapest to find first."""
    try:
        whole = to_sympy(expression, positive, as_written=True)
    except (ValueError, TypeError):  # TypeError: SymPy met something that is not a real number
        return
    seen: set[Any] = set()
    for made in _passes(whole):
        if made not in seen:
            seen.add(made)
            try:
                yield from_sympy(made)
            except ValueError:
                continue


def _passes(whole: Any) -> Iterator[Any]:
    sympy = import_module("sympy")
    yield whole
    count = whole.count_ops()
    tame = _has_tame_exponents(whole)
    for name, most in _MOST_OPERATIONS.items():
        if count <= most and (tame or name not in _POLYNOMIAL):
            try:
                made = getattr(sympy, name)(whole)
            except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
                continue  # SymPy's polynomials give up in many ways
            yield made
            if name == "expand":
                yield from _collected(made)


def _collected(expanded: Any) -> Iterator[Any]:
    sympy = import_module("sympy")
    for symbol in sorted(expanded.free_symbols, key=str):
        yield sympy.collect(expanded, symbol)


def _has_tame_exponents(whole: Any) -> bool:
    sympy = import_module("sympy")
    exponents = [power.exp for power in whole.atoms(sympy.Pow)] + [part.args[0] for part in whole.atoms(sympy.exp)]
    numbers = [value for exponent in exponents for value in exponent.atoms(sympy.Rational)]
    return all(abs(value.p) <= _MOST_OF_A_POLYNOMIAL and value.q <= _LEAST_ROOT for value in numbers)
