"""Reads a formula in derivatives: sums and products of `dw/dx`, `∂w/∂x`, `w_x`, with brackets and whole numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tutor.language import Span, Unreadable
from tutor.questions.chain.dependence import Dependence, PathStep, Sum, plus, times, without_zeros
from tutor.questions.inflect import listed

_MOST_CHARACTERS, _DEEPEST, _MOST_PRODUCTS = 500, 20, 200
_D = r"(?:d|∂|\\partial\s*|partial\s+)"
_SPACES = re.compile(r"(?:\s|\\[,;!: ]|\\quad|\\left|\\right)*")
_TIMES = re.compile(r"\*(?!\*)|·|×|⋅|∙|\\cdot\b|\\times\b")
_MINUS = re.compile(r"[-−–]")
_WORD = re.compile(r"[^\W\d_]\w*")


@dataclass(slots=True)
class ChainFormula:
    """What was read: products of steps, and what has to be said about its derivatives."""

    sum: Sum = field(default_factory=dict)
    whole: list[tuple[str, str]] = field(default_factory=list)
    """Derivatives that are no single step but stand for all paths between two names."""

    doubtful: list[PathStep] = field(default_factory=list)
    """Derivatives written with d that may mean a step, or all paths: there are others beside it."""

    strangers: list[PathStep] = field(default_factory=list)
    """Derivatives of what does not depend on that name at all."""


def read_formula(
    text: str, dependence: Dependence, functions: Mapping[str, str], asked: tuple[str, str], *, straight: bool
) -> ChainFormula:
    """The formula. With `straight`, a doubtful d stands for all paths, else for the one step. Raises Unreadable.

    `functions` are other words for names, such as f for w where w = f(x, y); `asked` is what is asked for, whose
    own left-hand side may stand before the formula.
    """
    if len(text) > _MOST_CHARACTERS:
        message = f"This is {len(text)} characters long; at most {_MOST_CHARACTERS} are allowed."
        raise Unreadable(message, text, (Span(_MOST_CHARACTERS, len(text)),))
    return _Reader(text, dependence, functions, straight).read(asked)


class _Reader:
    """One pass over a text, from left to right."""

    def __init__(self, text: str, dependence: Dependence, functions: Mapping[str, str], straight: bool) -> None:
        self.text = text
        self.dependence = dependence
        self.straight = straight
        self.meant = {name: name for name in dependence.names} | dict(functions)
        self.at = 0
        self.formula = ChainFormula()
        names = "|".join(sorted(map(re.escape, self.meant), key=len, reverse=True))
        self.forms = [
            re.compile(rf"\\[td]?frac\s*\{{\s*({_D})\s*({names})\s*\}}\s*\{{\s*({_D})\s*({names})\s*\}}"),
            re.compile(rf"\(\s*({_D})\s*({names})\s*\)\s*/\s*\(\s*({_D})\s*({names})\s*\)"),
            re.compile(rf"({_D})\s*({names})\s*/\s*({_D})\s*({names})(?![^\W\d_]|_|\d)"),
            re.compile(rf"({_D})\s*({names})\s*/\s*({_D})\s*({names})(?=\s*(?:d|∂))"),
            re.compile(rf"({_D})({names})({_D})({names})(?!\w)"),
        ]
        self.subscript = re.compile(rf"({names})_\{{?({names})\}}?(?!\w)")
        self.lone = re.compile(rf"({_D})\s*({names})(?!\w)")

    def read(self, asked: tuple[str, str]) -> ChainFormula:
        """The whole text."""
        self._skip_left_side(asked)
        if not self.text[self.at :].strip():
            raise self._trouble("There is nothing here yet.", self.at, len(self.text))
        self.formula.sum = self._sum(0)
        if self.at < len(self.text):
            raise self._unexpected()
        return self.formula

    def _skip_left_side(self, asked: tuple[str, str]) -> None:
        """Step over `dw/dt =`; any other left-hand side is a slip of its own."""
        if self.text.count("=") != 1:
            return
        left, _, _ = self.text.partition("=")
        for form in self.forms[:3]:
            matched = form.fullmatch(left.strip())
            if matched and (self.meant[matched[2]], self.meant[matched[4]]) == asked:
                self.at = len(left) + 1

    def _sum(self, depth: int) -> Sum:
        terms, signs = [], []
        sign = self._sign() or 1
        while True:
            terms.append(self._product(depth))
            signs.append(sign)
            following = self._sign()
            if following is None:
                return self._small(plus(terms, signs))
            sign = following

    def _product(self, depth: int) -> Sum:
        made = self._factor(depth)
        while True:
            self._spaces()
            sign = _TIMES.match(self.text, self.at)
            if sign:
                self.at = sign.end()
            elif self.at >= len(self.text) or self.text[self.at] in ")+-−–]}":
                return made
            elif self.text[self.at] == "/":
                raise self._trouble(
                    "A derivative is divided here, but slopes along a path multiply.", self.at, self.at + 1
                )
            made = self._small(times(made, self._factor(depth)))

    def _factor(self, depth: int) -> Sum:
        self._spaces()
        if self.at >= len(self.text):
            raise self._trouble("Something is missing at the end.", self.at, self.at)
        for form in self.forms:
            if found := form.match(self.text, self.at):
                self.at = found.end()
                return self._slope(found[2], found[4], curly="∂" in found[1] or "partial" in found[1])
        if found := self.subscript.match(self.text, self.at):
            self.at = found.end()
            return self._slope(found[1], found[2], curly=True)
        if found := re.compile(r"\d{1,6}").match(self.text, self.at):
            self.at = found.end()
            return without_zeros({(): int(found[0])})
        if self.text[self.at] in "([":
            return self._bracket(depth)
        raise self._unexpected()

    def _bracket(self, depth: int) -> Sum:
        start = self.at
        if depth >= _DEEPEST:
            raise self._trouble("Brackets are nested too deep here.", start, start + 1)
        self.at += 1
        inside = self._sum(depth + 1)
        self._spaces()
        if self.text[self.at : self.at + 1] not in (")", "]"):
            if self.at < len(self.text):
                raise self._unexpected()
            raise self._trouble("This bracket is not closed.", start, start + 1)
        self.at += 1
        return inside

    def _slope(self, of_word: str, by_word: str, *, curly: bool) -> Sum:
        """What a derivative stands for."""
        step = PathStep(self.meant[of_word], self.meant[by_word])
        if step.of == step.source:
            return {(): 1}
        many = len(self.dependence.paths(step.of, step.source))
        if self.dependence.steps(step):
            if many > 1 and not curly:
                self.formula.doubtful.append(step)
                if self.straight:
                    self.formula.whole.append((step.of, step.source))
                    return self.dependence.total(step.of, step.source)
            return {(step,): 1}
        if many:
            self.formula.whole.append((step.of, step.source))
            return self.dependence.total(step.of, step.source)
        self.formula.strangers.append(step)
        return {(step,): 1}

    def _sign(self) -> int | None:
        self._spaces()
        if self.text[self.at : self.at + 1] == "+":
            self.at += 1
            return 1
        if _MINUS.match(self.text, self.at):
            self.at += 1
            return -1
        return None

    def _spaces(self) -> None:
        blanks = _SPACES.match(self.text, self.at)
        assert blanks is not None, "nothing is a match too"
        self.at = blanks.end()

    def _small(self, made: Sum) -> Sum:
        if len(made) > _MOST_PRODUCTS:
            raise self._trouble("This multiplies out to more products than can be compared.", 0, len(self.text))
        return made

    def _unexpected(self) -> Unreadable:
        """What to say about what stands here."""
        at, rest = self.at, self.text[self.at :]
        first = rest[0]
        names = listed(self.dependence.names)
        example = self._example()
        if found := re.compile(rf"{_D}\s*([^\W\d_]\w*)\s*/\s*{_D}\s*([^\W\d_]\w*)").match(self.text, at):
            strange = found[1] if found[1] not in self.meant else found[2]
            return self._trouble(f"There is no {strange} here. The names are {names}.", at, found.end())
        if found := self.lone.match(self.text, at):
            return self._trouble(
                f"With respect to which variable is {found[2]} differentiated? Write {example}.", at, found.end()
            )
        if found := re.compile(r"(?:d|∂)\s*/\s*(?:d|∂)\s*\w+").match(self.text, at):
            return self._trouble(f"Write a derivative with both names in it, such as {example}.", at, found.end())
        if found := re.compile(r"\w+\s*['′’]").match(self.text, at):
            return self._trouble(f"A prime does not say with respect to what. Write {example}.", at, found.end())
        if found := _WORD.match(self.text, at):
            if found[0] in self.meant:
                message = (
                    f"{found[0]} itself is not a derivative. A derivative is written {example}, "
                    f"or {self._subscripted()}."
                )
            else:
                message = f"A derivative is written {example}, or {self._subscripted()}. The names are {names}."
            return self._trouble(message, at, found.end())
        if first == "=":
            return self._trouble("Give only the right-hand side, without =.", at, at + 1)
        if first == ")":
            return self._trouble("This bracket was not opened.", at, at + 1)
        if first in "^²³" or rest.startswith("**"):
            return self._trouble("No power is needed here: write the product out.", at, at + 1)
        if first in "+*·×/":
            return self._trouble(f"Something is missing before {first}", at, at + 1)
        return self._trouble(f"This sign is not known here. A derivative is written {example}.", at, at + 1)

    def _example(self) -> str:
        of, sources = next(iter(self.dependence.on.items()))
        return f"d{of}/d{sources[0]}"

    def _subscripted(self) -> str:
        of, sources = next(iter(self.dependence.on.items()))
        return f"{of}_{sources[0]}"

    def _trouble(self, message: str, start: int, end: int) -> Unreadable:
        return Unreadable(message, self.text, (Span(start, end),))
