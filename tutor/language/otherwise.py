"""What was typed without brackets and may be meant with them (`y^-1/2`, `sin π/2`, `1/2x`); other usual readings.

They are read from the pieces alone, whatever the names: who judges a text tries them where it is not right as read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from tutor.language.characters import cleaned
from tutor.language.errors import Trouble
from tutor.language.latex import looks_like_latex
from tutor.language.notation import RAISED_POINTS
from tutor.language.token_stream import SIGNS, partners
from tutor.language.tokenizer import Piece, scan

_LONGEST = 400
_MOST = 10
"""Readings of one text that are tried."""
_MOST_ENDS = 3
"""Places at which the brackets that may be meant can close."""
_STARTS = ("NUMBER", "WORD", "LPAR", "LSQB", "ROOT")
_POINTS = str.maketrans({",": ".", ";": ","})
_PRODUCTS = ("SLASH", "STAR")


@dataclass(frozen=True, slots=True)
class Otherwise:
    """The whole text as it may be meant, and how to say so."""

    text: str
    said: str


def other_readings(text: str, functions: Collection[str]) -> Iterator[Otherwise]:
    """Other usual readings of a text, the likeliest first; `functions` are the words that take arguments."""
    if len(text) > _LONGEST:
        return
    try:
        source = cleaned(text)
        pieces = scan(source, frozenset())
    except Trouble:
        return
    if looks_like_latex(source.clean):
        return
    found = [
        *_other_numbers(text, pieces),
        *_products_of_words(text, pieces, functions),
        *_Bracketing(text, pieces, functions).readings(),
    ]
    seen = {text}
    for other in found[:_MOST]:
        if other.text not in seen:
            seen.add(other.text)
            yield other


def _other_numbers(text: str, pieces: Sequence[Piece]) -> Iterator[Otherwise]:
    """Numbers in another notation: `3·14`, `2 x 3`, `1,979`, `[0,5; 1,5]`."""
    commas = [index for index, piece in enumerate(pieces) if piece.kind == "COMMA"]
    if commas and all(_between_digits(pieces, index) for index in commas):
        meant = text.translate(_POINTS)
        yield Otherwise(meant, f"Decimals are written with a point: {meant.strip()}.")
        if len(commas) == 1 and len(pieces[commas[0] + 1].text) == 3:
            meant = text.replace(",", "")
            yield Otherwise(meant, f"Write the number without a comma: {meant.strip()}.")
    for before, sign, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if before.kind != "NUMBER" or after.kind != "NUMBER":
            continue
        if text[sign.start] in RAISED_POINTS and not (sign.gap or after.gap):
            meant = f"{text[: sign.start]}.{text[sign.end :]}"
            yield Otherwise(meant, f"This is read as a product. A decimal point is on the line: {meant.strip()}.")
        if sign.text in ("x", "X"):
            meant = f"{text[: before.end]}*{text[after.start :]}"
            yield Otherwise(meant, f"Here {sign.text} is read as a name. Write a product with *: {meant.strip()}.")


def _products_of_words(text: str, pieces: Sequence[Piece], functions: Collection[str]) -> Iterator[Otherwise]:
    """A function whose word is a name and another function, where a name of that spelling is about: `asin(x)`."""
    for piece in pieces:
        if piece.kind == "WORD" and piece.text in functions and piece.text[1:] in functions:
            product = f"{piece.text[0]}*{piece.text[1:]}"
            said = f"Here {piece.text} is one function. If a product is meant, write {product}( )."
            yield Otherwise(f"{text[: piece.start]}{product}{text[piece.end :]}", said)


def _between_digits(pieces: Sequence[Piece], index: int) -> bool:
    if not 0 < index < len(pieces) - 1 or pieces[index].gap or pieces[index + 1].gap:
        return False
    return pieces[index - 1].text.isdecimal() and pieces[index + 1].text.isdecimal()


@dataclass(frozen=True, slots=True)
class _Site:
    """Where brackets may be missing: from piece `first` up to one of `ends`; as it is read, up to `read`.

    `left` is the first piece of what they belong to, `part` what goes into them, in words.
    """

    left: int
    first: int
    read: int
    ends: tuple[int, ...]
    part: str


class _Bracketing:
    """The brackets that may be meant in one text."""

    def __init__(self, text: str, pieces: Sequence[Piece], functions: Collection[str]) -> None:
        self.text, self.pieces, self.functions = text, pieces, functions
        self.partner = partners(pieces)

    def readings(self) -> Iterator[Otherwise]:
        """One site after the other, then all together."""
        sites = list(self.sites())[:_MOST]
        for site in sites:
            for end in site.ends[:_MOST_ENDS]:
                yield self.reading(site, end)
        apart = [site for at, site in enumerate(sites) if at == 0 or site.first >= sites[at - 1].ends[0]]
        if len(apart) > 1:
            meant = self.bracketed([(site.first, site.ends[0]) for site in apart])
            yield Otherwise(meant, f"If {meant.strip()} is meant, write it with these brackets.")

    def reading(self, site: _Site, end: int) -> Otherwise:
        start, split, stop = self.start(site.left), self.end(site.read), self.end(end)
        read = f"({self.text[start:split]}){self.text[split:stop]}"
        inside = self.start(site.first)
        before = self.text[start:inside]
        meant = f"{before.rstrip() if self.is_function(site.left) else before}({self.text[inside:stop]})"
        said = f"{read} is how this is read. If {meant} is meant, put {site.part} in brackets."
        return Otherwise(self.bracketed([(site.first, end)]), said)

    def bracketed(self, places: Sequence[tuple[int, int]]) -> str:
        """The text with brackets about the pieces from the first up to the end of each place."""
        text = self.text
        for first, end in reversed(places):
            start, stop = self.start(first), self.end(end)
            before = text[:start].rstrip() if self.is_function(first - 1) else text[:start]
            text = f"{before}({text[start:stop]}){text[stop:]}"
        return text

    def start(self, index: int) -> int:
        return self.pieces[index].start

    def end(self, index: int) -> int:
        """Where the piece before this one ends."""
        return self.pieces[index - 1].end

    def kind(self, index: int) -> str:
        return self.pieces[index].kind if 0 <= index < len(self.pieces) else ""

    def is_function(self, index: int) -> bool:
        return self.kind(index) == "ROOT" or (self.kind(index) == "WORD" and self.pieces[index].text in self.functions)

    def sites(self) -> Iterator[_Site]:
        for index, piece in enumerate(self.pieces):
            if piece.kind == "CARET":
                yield from self.site(self.operand_before(index), index + 1, "the exponent", ("SLASH",))
            elif self.is_function(index) and self.kind(index + 1) != "LPAR":
                part = "what is under the root" if piece.kind == "ROOT" else f"what {piece.text} applies to"
                yield from self.site(index, index + 1, part, _PRODUCTS)
            elif piece.kind == "SLASH":
                yield from self.site(self.operand_before(index), index + 1, "the denominator", ())
            elif piece.kind == "AT":
                yield from self.site(self.operand_before(index), index + 1, "the second factor", ())

    def site(self, left: int, first: int, part: str, signs: Collection[str]) -> Iterator[_Site]:
        """The site whose operand begins there, where factors (and what stands behind these signs) follow it."""
        operand = first + (self.kind(first) in SIGNS)
        if self.kind(operand) not in _STARTS:
            return
        read = at = self.after(operand)
        ends: list[int] = []
        while len(ends) < _MOST_ENDS:
            if self.kind(at) in signs and self.kind(at + 1) in _STARTS:
                at = self.after(at + 1)
            elif self.kind(at) in _STARTS:
                at = self.after(at)
            else:
                break
            ends.append(at)
        if ends:
            yield _Site(left, first, read, tuple(reversed(ends)), part)

    def after(self, index: int) -> int:
        """The index behind the operand that begins here: with its brackets, its powers, what its function takes."""
        at = index + 1
        if self.is_function(index):
            return self.after(at) if self.kind(at) in _STARTS else at
        if self.partner[index] > index:
            at = self.partner[index] + 1
        while True:
            if self.kind(at) == "CARET":
                power = at + 1 + (self.kind(at + 1) in SIGNS)
                at = self.after(power) if self.kind(power) in _STARTS else at + 1
            elif self.kind(at) == "RAISE" and self.partner[at] > at:
                at = self.partner[at] + 1
            elif self.kind(at) == "ATTRIBUTE" and self.kind(at + 1) == "LPAR" and self.partner[at + 1] > at:
                at = self.partner[at + 1] + 1
            elif self.kind(at) in ("ATTRIBUTE", "TRANSPOSE"):
                at += 1
            else:
                return at

    def operand_before(self, index: int) -> int:
        """The first piece of the operand that ends before this one."""
        at = index - 1
        while at > 0 and self.kind(at) in ("ATTRIBUTE", "TRANSPOSE"):
            at -= 1
        at = self.partner[at] if at >= 0 and 0 <= self.partner[at] < at else at
        return at - 1 if at > 0 and self.is_function(at - 1) else max(at, 0)
