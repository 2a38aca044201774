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
        """A piece in one line: numbers, names and signs told apart, powers raised."""
        parts: list[str] = []
        tokens = list(_tokens(text))
        behind = 0
        for at, (kind, token) in enumerate(tokens):
            if at < behind:
                continue
            if parts and (exponent := _exponent(tokens, at)):
                behind, small = exponent
                parts.append(self.power_of(parts.pop(), self.text(small).text))
                continue
            match kind:
                case "number":
                    parts.append(self.number(token))
                case "word":
                    parts.append(self.word(_SPELT.get(token, token)))
                case "raised":
                    small = self.text(token.translate(_LOWERED)).text
                    parts.append(self.power_of(parts.pop() if parts else self.group([]), small))
                case "sign" if token in "-−" and _is_of_a_number(tokens, at):
                    behind = at + 2
                    parts.append(self.number(f"−{tokens[at + 1][1]}"))
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
    """Whether a blank is beside a word of a sentence: names of one letter are factors, as numbers are."""
    beside = [*tokens[max(at - 1, 0) : at], *tokens[at + 1 : at + 2]]
    words = [token for kind, token in beside if kind == "word"]
    return all(kind in ("word", "number") for kind, _ in beside) and any(len(word) > 1 for word in words)


def _is_of_a_number(tokens: Sequence[tuple[str, str]], at: int) -> bool:
    """Whether a minus belongs to the number behind it, as nothing is before it that it could be taken from."""
    before = next((token for kind, token in reversed(tokens[:at]) if kind != "blank"), "=")
    return tokens[at + 1 : at + 2] != [] and tokens[at + 1][0] == "number" and before in "=([,;:"


def _exponent(tokens: Sequence[tuple[str, str]], at: int) -> tuple[int, str] | None:
    """What `^` or `**` at a token raises, and the token behind it: a number, a name, or what is in brackets."""
    texts = [token for _, token in tokens]
    at += 1 if texts[at] == "^" else 2 if texts[at : at + 2] == ["*", "*"] else len(texts)
    first = at
    at += texts[at : at + 1] in (["-"], ["−"])
    if texts[at : at + 1] == ["("]:
        depth = 0
        for end in range(at, len(texts)):
            depth += {"(": 1, ")": -1}.get(texts[end], 0)
            if not depth:
                return end + 1, "".join(texts[at + 1 : end] if first == at else texts[first : end + 1])
        return None
    return (
        (at + 1, "".join(texts[first : at + 1])) if at < len(tokens) and tokens[at][0] in ("number", "word") else None
    )


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
        text = "−" if text == "-" else text
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
        return text.replace("−", "-")

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
        if text == "-":
            return "−"
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
