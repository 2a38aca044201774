"""Equations such as `z = 2x + y, x = ln t`: which name stands for what, and what it comes to in other names."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from tutor.engine.gates import GATES, vocabulary
from tutor.language import (
    Apply,
    Equation,
    Expression,
    Unreadable,
    Vocabulary,
    names_in,
    read_equation,
    read_function,
    show,
    walk,
)
from tutor.language.tree import rename
from tutor.library import BadFile

_LEFT = re.compile(r"\s*([^\W\d]\w*)\s*(\(?)")
_MOST_EQUATIONS = 8


@dataclass(frozen=True)
class Equations:
    """What names stand for. No name stands, through others, for itself."""

    meanings: Mapping[str, Expression]
    """A name -> its right-hand side, in the order in which they were written."""

    parameters: tuple[str, ...]
    """The names without an equation, in order of first appearance; those of `f(x) = 99` among them."""

    called: Mapping[str, tuple[str, ...]]
    """The names that were written as functions, and of what."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, those with an equation first."""
        return (*self.meanings, *self.parameters)

    @property
    def first(self) -> str:
        """The name on the left of the first equation."""
        return next(iter(self.meanings))

    def of(self, tree: Expression, keep: Container[str] = ()) -> Expression:
        """An expression with what its names stand for put in, all the way down; the names in `keep` stay."""
        known = {
            name: self.of(self.meanings[name], keep)
            for name in names_in(tree)
            if name in self.meanings and name not in keep
        }
        return rename(tree, known) if known else tree

    def under(self, name: str) -> set[str]:
        """The names that a name's value depends on, through however many equations; itself not among them."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for used in self.uses(waiting.pop()):
                if used not in found:
                    found.add(used)
                    waiting.append(used)
        return found

    def uses(self, name: str) -> tuple[str, ...]:
        """The names that stand in a name's own equation."""
        return names_in(self.meanings[name]) if name in self.meanings else ()

    def vocabulary(self) -> Vocabulary:
        """The language with these names."""
        return vocabulary(*self.names)

    def written(self) -> str:
        """All equations in one line."""
        return ",  ".join(f"{self.left(name)} = {show(tree)}" for name, tree in self.meanings.items())

    def left(self, name: str) -> str:
        """A name as its equation writes it: `z`, `σ(x)`."""
        inside = ", ".join(self.called.get(name, ()))
        return f"{name}({inside})" if inside else name


def read_equations(texts: Sequence[str], key: str = "equations") -> Equations:
    """The equations. Raises BadFile for one that cannot be read or used, and for a circle."""
    if not 1 <= len(texts) <= _MOST_EQUATIONS:
        raise BadFile(key, f"there are {len(texts)} equations; one to {_MOST_EQUATIONS} can be used")
    meanings: dict[str, Expression] = {}
    called: dict[str, tuple[str, ...]] = {}
    for text in texts:
        equation, parameters = _read(text, key)
        name = equation.target.name
        if name in meanings:
            raise BadFile(key, f"{name} has two equations")
        for part in walk(equation.expression):
            if not isinstance(part, Apply):
                continue
            gate = GATES[part.operation]
            if not (gate.elementwise and gate.slopes):
                raise BadFile(key, f"{text}: no expression says the slope of {gate.title} here")
        meanings[name] = equation.expression
        if parameters:
            called[name] = parameters
    used = [name for name, tree in meanings.items() for name in (*called.get(name, ()), *names_in(tree))]
    found = Equations(meanings, tuple(dict.fromkeys(name for name in used if name not in meanings)), called)
    _refuse_circles(meanings, key)
    return found


def _refuse_circles(meanings: Mapping[str, Expression], key: str) -> None:
    """Take away, again and again, what uses nothing that is left; a circle stays."""
    left = dict(meanings)
    while free := [name for name, tree in left.items() if not any(used in left for used in names_in(tree))]:
        for name in free:
            del left[name]
    if left:
        raise BadFile(key, f"{' and '.join(left)} stand for themselves, in a circle")


def _read(text: str, key: str) -> tuple[Equation, tuple[str, ...]]:
    """An equation, and its parameters where it is written as a function's."""
    left = _LEFT.match(text)
    words = vocabulary().functions
    if left and left[1] in words:  # σ may be what an exercise is about
        words = {word: function for word, function in words.items() if word != left[1]}
    known = Vocabulary(words)
    try:
        if left and left[2]:
            function = read_function(text, known).tree
            whole = text.partition("=")[2]
            named = read_equation(f"{function.name} ={whole}", known.with_names(*function.parameters)).tree
            return named, function.parameters
        return read_equation(text, replace(known, open_names=True)).tree, ()
    except Unreadable as error:
        raise BadFile(key, f"{text}: {error.message}") from None
