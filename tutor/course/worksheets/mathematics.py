"""Formulas in the languages of pages: MathML, LaTeX and Typst, from one reading (`tutor.typesetting.MathSetter`).

Every sign of a formula comes out of a table or is escaped, so a formula can say nothing to what reads the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

from tutor.course.worksheets.document import Formula
from tutor.course.worksheets.latex_signs import LATEX_SIGNS, latex_text
from tutor.language import Expression
from tutor.typesetting import MathSetter

_TOKENS = re.compile(
    r"(?P<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?P<raised>[⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ]+)|(?P<word>[^\W\d][^\W]*['′]*)|(?P<blank>\s+)|(?P<sign>.)",
    re.DOTALL,
)
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789−T")


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a formula in the language of a page."""

    text: str
    loose: bool = False


class PageSetter(MathSetter[Markup]):
    """Sets formulas in one of these languages; a subclass says what its words are."""

    def number(self, text: str) -> str:
        """Digits."""
        raise NotImplementedError

    def word(self, text: str) -> str:
        """A name, or the name of a function."""
        raise NotImplementedError

    def sign(self, text: str) -> str:
        """Any other character."""
        raise NotImplementedError

    def blank(self) -> str:
        """A space that is seen."""
        raise NotImplementedError

    def group(self, parts: list[str]) -> str:
        """Pieces as one."""
        raise NotImplementedError

    def power_of(self, base: str, exponent: str) -> str:
        """A base and what is raised."""
        raise NotImplementedError

    # What mathematics is set with

    def text(self, text: str) -> Markup:
        """A piece in one line: numbers, names and signs told apart."""
        parts: list[str] = []
        for kind, token in _tokens(text):
            match kind:
                case "number":
                    parts.append(self.number(token))
                case "word":
                    parts.append(self.word(token))
                case "raised":
                    small = self.text(token.translate(_LOWERED)).text
                    parts.append(self.power_of(parts.pop() if parts else self.group([]), small))
                case "blank":
                    parts += [self.blank()] * (len(token) > 1)
                case _:
                    parts.append(self.sign(token))
        return Markup(self.group(parts))

    def beside(self, *pieces: Markup, loose: bool = False) -> Markup:
        return Markup(self.group([piece.text for piece in pieces]), loose)

    def raised(self, base: Markup, exponent: Markup) -> Markup:
        return Markup(self.power_of(base.text, exponent.text))

    def is_loose(self, piece: Markup) -> bool:
        return piece.loose

    def formula(self, formula: Formula) -> str:
        """An equation with the values that stand behind it, or only its text."""
        if formula.expression is None:
            parts = [self.text(formula.head)]
        else:
            parts = [self.text(f"{formula.head} = "), self.set(formula.expression)]
        if formula.given:
            parts += [self.text(",   "), self.text(formula.given)]
        return self.beside(*parts).text


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    for found in _TOKENS.finditer(text):
        yield found.lastgroup or "sign", found[0]


class MathMLSetter(PageSetter):
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

    def group(self, parts: list[str]) -> str:
        return parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"

    def power_of(self, base: str, exponent: str) -> str:
        return f"<msup>{base}{exponent}</msup>"

    def over(self, above: Markup, below: Markup) -> Markup:
        return Markup(f"<mfrac>{above.text}{below.text}</mfrac>")

    def bracketed(self, inner: Markup, bars: bool = False) -> Markup:
        left, right = "||" if bars else "()"
        return Markup(f"<mrow><mo>{left}</mo>{inner.text}<mo>{right}</mo></mrow>")

    def root(self, inner: Expression) -> Markup:
        return Markup(f"<msqrt>{self.set(inner).text}</msqrt>")


class LatexSetter(PageSetter):
    """LaTeX, between dollars or in a displayed equation."""

    def number(self, text: str) -> str:
        return text

    def word(self, text: str) -> str:
        return _latex_word(text)

    def sign(self, text: str) -> str:
        return LATEX_SIGNS.get(text) or _LATEX_OWN.get(text) or f"\\text{{{latex_text(text)}}}"

    def blank(self) -> str:
        return r"\quad "

    def group(self, parts: list[str]) -> str:
        return f"{{{' '.join(parts)}}}"

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
    **{sign: sign for sign in "+-=*/()[].,;:!?<>|@"},
    "{": r"\{", "}": r"\}", "_": r"\_", "^": r"\hat{}", "'": "'", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$",
}  # fmt: skip


def _latex_word(text: str) -> str:
    name = text.rstrip("'′")
    primes = "'" * (len(text) - len(name))
    if name in LATEX_SIGNS or (len(name) == 1 and name.isascii()):
        return LATEX_SIGNS.get(name, name) + primes
    return f"\\mathrm{{{latex_text(name, math=True)}}}{primes}"


class TypstSetter(PageSetter):
    """Typst, between dollars."""

    def number(self, text: str) -> str:
        return f'"{text}"'

    def word(self, text: str) -> str:
        name = text.rstrip("'′")
        primes = "′" * (len(text) - len(name))
        set_name = name if len(name) == 1 else f'"{name}"'
        return f"{set_name}{primes}"

    def sign(self, text: str) -> str:
        return f"\\{text}" if text.isascii() else text

    def blank(self) -> str:
        return "quad"

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
