"""`let`: names of a file's own for parts of its function, each an equation in the names before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tutor.engine.gates import vocabulary
from tutor.language import Equation, Expression, Unreadable, names_in, read_equation, read_expression
from tutor.language.tree import rename
from tutor.library.faults import BadFile

Let = tuple[str, ...] | dict[str, str]
"""`["z = W x + b", "h = relu(z)"]`, or a table of the same."""


def equations_of(let: Let, known: Sequence[str]) -> tuple[Equation, ...]:
    """The equations, in order, over the `known` names and those before them. Raises BadFile."""
    texts = list(_texts(let))
    defined = [_name_of(text) for _, text in texts]
    found: list[Equation] = []
    for position, (key, text) in enumerate(texts):
        before = [one.target.name for one in found]
        behind = dict(zip(defined[position:], (text for _, text in texts[position:]), strict=True))
        equation = _read(key, text, (*known, *before), behind)
        name = equation.target.name
        if name in known:
            raise BadFile(key, f"{name} is an input or a constant already; choose another name")
        if name in before:
            raise BadFile(key, f"{name} is defined twice")
        found.append(equation)
    return tuple(found)


def substituted(expression: Expression, equations: Sequence[Equation]) -> Expression:
    """The expression with what the names of these equations stand for."""
    meanings: dict[str, Expression] = {}
    for equation in equations:
        meanings[equation.target.name] = rename(equation.expression, meanings)
    return rename(expression, meanings)


def unused(expression: Expression, equations: Sequence[Equation]) -> Iterator[str]:
    """The names that neither the function nor a later equation uses."""
    later = [expression, *(equation.expression for equation in equations)]
    for equation in equations:
        name = equation.target.name
        if not any(name in names_in(each) for each in later):
            yield name


def _texts(let: Let) -> Iterator[tuple[str, str]]:
    """Each equation with the key it is found at."""
    if isinstance(let, Mapping):
        for name, text in let.items():
            yield f"let.{name}", f"{name} = {text}"
    else:
        for number, text in enumerate(let, 1):
            yield f"let[{number}]", text


def _name_of(text: str) -> str:
    return text.partition("=")[0].strip()


def _read(key: str, text: str, known: Sequence[str], behind: Mapping[str, str]) -> Equation:
    """One equation. `behind` are those that are defined from it on, which it cannot use."""
    try:
        return read_equation(text, vocabulary(*known)).tree
    except Unreadable as error:
        name, every = _name_of(text), (*known, *behind)
        ahead = [one for one in _used(text, every) if one in behind]
        if name in ahead:
            raise BadFile(key, f"{name} is defined by itself") from None
        if ahead and name in _used(behind[ahead[0]], every):
            raise BadFile(key, f"{name} and {ahead[0]} are defined by each other") from None
        if ahead:
            raise BadFile(key, f"{name} uses {ahead[0]}, which is defined after it; put {ahead[0]} first") from None
        raise BadFile(key, f"{error.message}\n{error.caret()}") from None


def _used(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """The names on the right-hand side of an equation; none where it cannot be read."""
    try:
        return tuple(names_in(read_expression(text.partition("=")[2], vocabulary(*known)).tree))
    except Unreadable:
        return ()
