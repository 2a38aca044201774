"""Formulas in the languages of pages: MathML, LaTeX and Typst, from one reading (`tutor.typesetting.MathSetter`).

Every sign of a formula comes out of a table or is escaped, so a formula can say nothing to what reads the page.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tutor.course.worksheets.document import Formula
from tutor.course.worksheets.latex_signs import LATEX_SIGNS, latex_text
from tutor.language import Expression
from tutor.typesetting import MathSetter

_TOKENS = re.compile(
    r"(?P<number>[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ]+)"
    r"|(?P<word>(?![⁰¹²³⁴⁵⁶⁷⁸⁹])[^\W\d](?:(?![⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ])\w)*['′]*)|(?P<blank>\s+)|(?P<sign>.)",
    re.DOTALL,
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789−T")


_SPELT = {"pi": "π"}


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a formula in the language of a page."""

    text: str
    loose: bool = False


class _PageSetter(MathSetter[Markup], ABC):
    """Sets formulas in one of these languages; a subclass says what its words are."""

    @abstractmethod
    def number(self, text: str) -> str:
        """Digits."""

    @abstractmethod
    def word(self, text: str) -> str:
        """A name, or the name of a function."""

    @abstractmethod
    def sign(self, text: str) -> str:
        """Any other character."""

    @abstractmethod
    def blank(self) -> str:
        """A space that is seen."""

    @abstractmethod
    def word_space(self) -> str:
        """A space between words."""

    @abstractmethod
    def group(self, parts: list[str]) -> str:
        """Pieces as one."""

    @abstractmethod
    def power_of(self, base: str, exponent: str) -> str:
        """A base and what is raised."""

    # What mathematics is set with

    def text(self, text: str) -> Markup:
        """A piece in one line: numbers, names and signs told apart."""
        parts: list[str] = []
        tokens = list(_tokens(text))
        for at, (kind, token) in enumerate(tokens):
            match kind:
                case "number":
                    parts.append(self.number(token))
                case "word":
                    parts.append(self.word(_SPELT.get(token, token)))
                case "raised":
                    small = self.text(token.translate(_LOWERED)).text
                    parts.append(self.power_of(parts.pop() if parts else self.group([]), small))
                case "blank":
                    if len(token) > 1:
                        parts.append(self.blank())
                    elif _parts_words(tokens, at):
                        parts.append(self.word_space())
                case _:
                    parts.append(self.sign(token))
        return Markup(self.group(parts))

    def beside(self, *pieces: Markup, loose: bool = False) -> Markup:
        return Markup(self.group([piece.text for piece in pieces]), loose)

    def raised(self, base: Markup, exponent: Markup) -> Markup:
        return Markup(self.power_of(base.text, exponent.text))

    def is_loose(self, piece: Markup) -> bool:
        return piece.loose

    def equation(self, formula: Formula) -> str:
        """An equation that was read."""
        assert formula.expression is not None, "what is given alone is no equation"
        return self.beside(self.text(f"{formula.head} = "), self.set(formula.expression)).text


LONGEST = 60
"""Characters of a value that is set as mathematics, which stays in one line; a longer one is text."""


def _parts_words(tokens: Sequence[tuple[str, str]], at: int) -> bool:
    """Whether a blank is between two words of a sentence: names of one letter are factors."""
    beside = [*tokens[max(at - 1, 0) : at], *tokens[at + 1 : at + 2]]
    return len(beside) == 2 and all(kind == "word" for kind, _ in beside) and any(len(word) > 1 for _, word in beside)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for found in _TOKENS.finditer(text):
        yield found.lastgroup or "sign", found[0]


class _MathMLSetter(_PageSetter):
    """MathML Core, which browsers draw by themselves."""

    def number(self, text: str) -> str:
        return f"<mn>{escape(text)}</mn>"

    def word(self, text: str) -> str:
        return f"<mi>{escape(text)}</mi>"

    def sign(self, text: str) -> str:
        stays = ' stretchy="false"' if text in "()[]|‖{}" else ""
        return f"<mo{stays}>{escape(text)}</mo>"

    def blank(self) -> str:
        return '<mspace width="0.8em"/>'

    def word_space(self) -> str:
        return '<mspace width="0.3em"/>'

    def group(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def power_of(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def over(self, above: Markup, below: Markup) -> Markup:
        return Markup(f"<mfrac>{above.text}{below.text}</mfrac>")

    def bracketed(self, inner: Markup, bars: bool = False) -> Markup:
        left, right = "||" if bars else "()"
        stays = "" if "<mfrac>" in inner.text else ' stretchy="false"'
        return Markup(f"<mrow><mo{stays}>{left}</mo>{inner.text}<mo{stays}>{right}</mo></mrow>")

    def root(self, inner: Expression) -> Markup:
        return Markup(f"<msqrt>{self.set(inner).text}</msqrt>")


class _LatexSetter(_PageSetter):
    """LaTeX, between dollars or in a displayed equation."""

    def number(self, text: str) -> str:
        return text

    def word(self, text: str) -> str:
        return _latex_word(text)

    def sign(self, text: str) -> str:
        return LATEX_SIGNS.get(text) or _LATEX_OWN.get(text) or f"\\text{{{latex_text(text)}}}"

    def blank(self) -> str:
        return r"\quad "

    def word_space(self) -> str:
        return r"\ "

    def group(self, parts: list[str]) -> str:
        return " ".join(parts)

    def power_of(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def over(self, above: Markup, below: Markup) -> Markup:
        return Markup(f"\\frac{{{above.text}}}{{{below.text}}}")

    def bracketed(self, inner: Markup, bars: bool = False) -> Markup:
        left, right = ("|", "|") if bars else ("(", ")")
        return Markup(f"\\left{left}{inner.text}\\right{right}")

    def root(self, inner: Expression) -> Markup:
        return Markup(f"\\sqrt{{{self.set(inner).text}}}")


_LATEX_OWN: Mapping[str, str] = {
    **{sign: sign for sign in "+-=*/()[].,;:!?<>|"},
    "@": r"\mathbin{@}",
    "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\hat{}", "'": "'", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$",
}  # fmt: skip


def _latex_word(text: str) -> str:
    name = text.rstrip("'′")
    primes = "'" * (len(text) - len(name))
    if name in LATEX_SIGNS or (len(name) == 1 and name.isascii()):
        return LATEX_SIGNS.get(name, name) + primes
    return f"\\mathrm{{{latex_text(name, math=True)}}}{primes}"


class _TypstSetter(_PageSetter):
    """Typst, between dollars."""

    def number(self, text: str) -> str:
        return f'"{text}"'

    def word(self, text: str) -> str:
        name = text.rstrip("'′")
        primes = "′" * (len(text) - len(name))
        set_name = name if len(name) == 1 else f'"{name}"'
        return f"{set_name}{primes}"

    def sign(self, text: str) -> str:
        if text == "@":
            return r'class("binary", \@)'
        return f"\\{text}" if text.isascii() else text

    def blank(self) -> str:
        return "quad"

    def word_space(self) -> str:
        return ""  # Typst sets words apart

    def group(self, parts: list[str]) -> str:
        return " ".join(parts)

    def power_of(self, base: str, exponent: str) -> str:
        return f"attach({base}, t: {exponent})"

    def over(self, above: Markup, below: Markup) -> Markup:
        return Markup(f"frac({above.text}, {below.text})")

    def bracketed(self, inner: Markup, bars: bool = False) -> Markup:
        left, right = ("|", "|") if bars else ("(", ")")
        return Markup(f"lr(\\{left} {inner.text} \\{right})")

    def root(self, inner: Expression) -> Markup:
        return Markup(f"sqrt({self.set(inner).text})")


MATHML, LATEX, TYPST = _MathMLSetter(), _LatexSetter(), _TypstSetter()
