"""Mathematics in two dimensions: fractions stacked, exponents raised, in the order in which they were written.

The boxes are put together by SymPy's layout of pretty forms, which never sees more than text. Slow to load.
"""

from __future__ import annotations

from typing import Any

from sympy.printing.pretty.stringpict import prettyForm, stringPict

from tutor.engine.gates import GATES, vocabulary
from tutor.language import Apply, Constant, Expression, Name, Number, Unreadable, read_function, show, walk

_TALLEST = 9
"""Lines; mathematics that is taller reads better in a line."""

_WIDEST = 76

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset_function(text: str) -> str:
    """`f(x) = ...` in several lines, or in one where that says as much; "" for what cannot be read."""
    try:
        function = read_function(text, vocabulary()).tree
    except Unreadable:
        return ""
    return typeset(f"{function.name}({', '.join(function.parameters)})", function.expression)


def typeset(head: str, expression: Expression) -> str:
    """An equation of a head and an expression, set as mathematics; in one line where it has no fraction."""
    plain = f"{head} = {show(expression)}"
    if not any(isinstance(part, Apply) and part.operation == "div" for part in walk(expression)):
        return plain
    whole = _beside(prettyForm(f"{head} = "), _set(expression))
    lines = [line.rstrip() for line in str(whole).split("\n")]
    return "\n".join(lines) if len(lines) <= _TALLEST and max(map(len, lines)) <= _WIDEST else plain


def _set(expression: Expression) -> Any:
    match expression:
        case Apply("div", (a, b)):
            return _set(a) / _set(b)
        case Apply("add" | "sub" as sign, (a, b)):
            right = _set(b)
            if sign == "sub" and right.binding == prettyForm.ADD:
                right = _bracketed(right)
            return _beside(_set(a), prettyForm(" + " if sign == "add" else " − "), right, binding=prettyForm.ADD)
        case Apply("mul", (a, b)):
            return _beside(_factor(a), prettyForm("·"), _factor(b), binding=prettyForm.MUL)
        case Apply("neg", (a,)):
            return _beside(prettyForm("−"), _factor(a), binding=prettyForm.NEG)
        case Apply("pow", (a, b)):
            base = _base(a)
            if isinstance(b, Number) and b.value.denominator == 1 and base.height() == 1:
                return _beside(base, prettyForm(str(b.value.numerator).translate(_RAISED)), binding=prettyForm.POW)
            return base ** _set(b)
        case Apply("exp", (a,)):
            return prettyForm("e") ** _set(a)
        case Apply("abs", (a,)):
            return prettyForm(*_set(a).parens("|", "|"))
        case Apply(operation, (a,), ()) if GATES[operation].elementwise and GATES[operation].words:
            return _beside(prettyForm(GATES[operation].face), _bracketed(_set(a)), binding=prettyForm.MUL)
        case _:
            return prettyForm(show(expression))


def _beside(*parts: Any, binding: int = prettyForm.MUL) -> Any:
    return prettyForm(*stringPict.next(*parts), binding=binding)


def _bracketed(form: Any) -> Any:
    return prettyForm(*form.parens())


def _factor(expression: Expression) -> Any:
    form = _set(expression)
    return _bracketed(form) if form.binding in (prettyForm.ADD, prettyForm.NEG) else form


def _base(expression: Expression) -> Any:
    form = _set(expression)
    return form if isinstance(expression, (Name, Constant)) or _is_whole(expression) else _bracketed(form)


def _is_whole(expression: Expression) -> bool:
    return isinstance(expression, Number) and expression.value.denominator == 1 and expression.value >= 0
