"""Numbers that would be read as something else (`1979 e-3`, `0·78`), and other usual readings of a text.

What was typed without brackets may be meant with them (`y^-1/2`, `sin π/2`, `1/2x`). That is seen in the pieces alone,
whatever the names: who judges a text tries such a reading where the text is not right as read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from tutor.language.characters import cleaned, looks_like_latex
from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import ENDS_OPERAND, RAISES, SIGNS, Draft, Piece, holds, partners, scan
from tutor.language.tree import Span

RAISED_POINTS = frozenset("·⋅∙•‧・")
"""Signs of a product that are also a decimal point, by hand and on some keyboards."""

_TIMES = ("x", "X")


def read_decimal_comma(pieces: list[Piece]) -> list[Piece]:
    """A text that is one number with a decimal comma, `10,87`, as that number; any other text as it is.

    `1,979` may have its digits in groups, and is left to be refused.
    """
    sign, number = pieces[:-3], pieces[-3:]
    kinds = [piece.kind for piece in number]
    if kinds != ["NUMBER", "COMMA", "NUMBER"] or [piece.kind for piece in sign] not in ([], ["MINUS"]):
        return pieces
    whole, _comma, part = number
    if not _comma_in_a_number(number, 1) or (len(part.text) == 3 and whole.text != "0"):
        return pieces
    return [*sign, replace(whole, text=f"{whole.text}.{part.text}", end=part.end)]


def refuse_raised_points(pieces: Sequence[Piece], text: str) -> None:
    """Raise Trouble at `0·78` and `1·05`, which as products of whole numbers nobody would write."""
    for before, dot, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if text[dot.start] not in RAISED_POINTS or dot.gap or after.gap:
            continue
        digits = before.text.isdecimal() and after.text.isdecimal()
        if digits and (before.text == "0" or (len(after.text) > 1 and after.text[0] == "0")):
            message = f"A decimal point is on the line: write {before.text}.{after.text}."
            span = Span(before.start, after.end)
            raise Trouble(message, span, edits=(TextEdit(dot.span, "."),))


def refuse_split_numbers(draft: Draft) -> None:
    """Raise Trouble where a number and its power of ten stand apart, so that e is 2.718… or x a name."""
    for index, piece in enumerate(draft.pieces):
        if piece.kind == "WORD" and piece.text[0] in "eExX" and index and draft.kind(index - 1) == "NUMBER":
            _refuse_gap_before_exponent(draft, index)
            _refuse_letter_for_times(draft, index)


def _refuse_gap_before_exponent(draft: Draft, index: int) -> None:
    """`1979 e-3`, `1e 10`: the e of a power of ten, with a gap on one side."""
    letter, pieces = draft.pieces[index], draft.pieces
    if letter.text in draft.vocabulary.names or "e" in pieces[index - 1].text.lower():
        return
    if letter.text[0] in "eE" and letter.text[1:].isdecimal():  # `1979 e3`
        number = pieces[index - 1].text
        message = f"Write {number}{letter.text} without a gap for a power of ten."
        raise Trouble(message, letter.span, edits=(TextEdit(Span(pieces[index - 1].end, letter.start), ""),))
    if letter.text not in ("e", "E"):
        return
    signed = draft.kind(index + 1) in SIGNS
    last = index + 1 + signed
    if draft.kind(last) != "NUMBER" or not pieces[last].text.isdecimal():
        return
    if signed and (pieces[last].gap or (letter.gap and pieces[index + 1].gap)):
        return  # `2 e - 3` is a difference
    number, exponent = pieces[index - 1].text, "".join(piece.text for piece in pieces[index + 1 : last + 1])
    product = f"{number}*e {exponent[0]} {exponent[1:]}" if signed else f"{number}*e*{exponent}"
    message = f"Write {number}e{exponent} without a gap for a power of ten, {product} if e is 2.718…"
    span = Span(pieces[index - 1].start, pieces[last].end)
    raise Trouble(message, span, edits=(TextEdit(span, f"{number}e{exponent}"),))


def _refuse_letter_for_times(draft: Draft, index: int) -> None:
    """`19.79 x 10^-1`, with the letter x for the sign ×; and `28 x 28` where x is no name."""
    letter, pieces = draft.pieces[index], draft.pieces
    if letter.text not in _TIMES or draft.kind(index + 1) != "NUMBER" or draft.kind(index - 2) == "CARET":
        return
    power = pieces[index + 1].text == "10" and draft.kind(index + 2) in ("CARET", "RAISE")
    named = letter.text in draft.vocabulary.names or draft.vocabulary.open_names
    before = pieces[index - 1].text
    if power:
        behind = _exponent(pieces[index + 3 : index + 5]) or "2"
        message = f"Write a power of ten with *: {before}*10^{behind}."
    elif not named and draft.kind(index + 2) not in ENDS_OPERAND:
        message = f"Write a product with *: {before}*{pieces[index + 1].text}."
    else:
        return
    edits = (TextEdit(Span(pieces[index - 1].end, pieces[index + 1].start), "*"),)
    raise Trouble(message, letter.span, edits=edits, certain=not named)


def _exponent(pieces: Sequence[Piece]) -> str:
    """`-1` or `2` at the beginning of these pieces; "" where there is none."""
    if pieces and pieces[0].kind == "NUMBER":
        return pieces[0].text
    if len(pieces) > 1 and pieces[0].kind in SIGNS and pieces[1].kind == "NUMBER":
        return pieces[0].text + pieces[1].text
    return ""


_THREE_DIGITS = re.compile(r"[0-9]{3}(\.[0-9]*)?")
_AFTER_A_COMMA = re.compile(rf"[0-9]+([eE].*)?|{_THREE_DIGITS.pattern}")


def numbers_with_commas(draft: Draft) -> dict[int, list[int]]:
    """For every comma that is part of a number (`0,5` or `1,234,567`) all the commas of that number."""
    pieces = draft.pieces
    found: dict[int, list[int]] = {}
    if not holds(pieces, ("COMMA",)):
        return found
    index = 0
    while index < len(pieces):
        commas = []
        while _between_digits(draft, index + 1):
            commas.append(index + 1)
            index += 2
        if len(commas) == 1 or (commas and is_in_thousands(draft, commas)):
            found.update(dict.fromkeys(commas, commas))
        index += 1
    return found


def _between_digits(draft: Draft, index: int) -> bool:
    """Whether a comma stands there, directly between the digits of what can be one number."""
    if draft.kind(index) != "COMMA" or draft.kind(index - 1) != "NUMBER" or draft.kind(index + 1) != "NUMBER":
        return False
    before, comma, after = draft.pieces[index - 1 : index + 2]
    fits = before.text.isdecimal() and _AFTER_A_COMMA.fullmatch(after.text)
    return bool(fits) and not comma.gap and not after.gap


def is_in_thousands(draft: Draft, commas: list[int]) -> bool:
    """Whether these commas separate groups of three digits."""
    first = draft.pieces[commas[0] - 1].text
    behind = [draft.pieces[comma + 1].text for comma in commas]
    return len(first) <= 3 and first[0] != "0" and all(map(_THREE_DIGITS.fullmatch, behind))


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
    text = text.partition("#")[0].rstrip()  # a comment is no part of it
    try:
        source = cleaned(text)
        pieces = scan(source, frozenset())
    except Trouble:
        return
    if looks_like_latex(source.clean):
        return
    found = [
        *_without_result(text, pieces),
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
    if commas and all(_comma_in_a_number(pieces, index) for index in commas):
        if [piece.kind for piece in pieces if piece.kind not in SIGNS] == [
            "NUMBER",
            *["COMMA", "NUMBER"] * len(commas),
        ]:
            listed = f"[{text.strip().replace(',', ', ')}]"
            yield Otherwise(listed, f"Write a vector in square brackets: {listed}.")
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


def _without_result(text: str, pieces: Sequence[Piece]) -> Iterator[Otherwise]:
    """A formula with what it comes to in brackets behind it: `x + y (4)`."""
    kinds = [piece.kind for piece in pieces[-4:]]
    length = 4 if kinds[1:2] == ["MINUS"] else 3
    if kinds[-length:] in (["LPAR", "NUMBER", "RPAR"], ["LPAR", "MINUS", "NUMBER", "RPAR"]):
        opener = pieces[-length]
        if opener.gap and length < len(pieces):
            alone = text[: opener.start].strip()
            behind = text[opener.start : pieces[-1].end]
            yield Otherwise(alone, f"A number in brackets is a factor. Leave out {behind}, and give {alone} alone.")


def _products_of_words(text: str, pieces: Sequence[Piece], functions: Collection[str]) -> Iterator[Otherwise]:
    """A function whose word is a name and another function, where a name of that spelling is about: `asin(x)`."""
    for piece in pieces:
        if piece.kind == "WORD" and piece.text in functions and piece.text[1:] in functions:
            product = f"{piece.text[0]}*{piece.text[1:]}"
            said = f"Here {piece.text} is one function. If a product is meant, write {product}( )."
            yield Otherwise(f"{text[: piece.start]}{product}{text[piece.end :]}", said)


def _comma_in_a_number(pieces: Sequence[Piece], index: int) -> bool:
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
        said = f"{read} is how this is read. If that is not meant, put {site.part} in brackets."
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
        kind = self.kind(index)
        return kind == "ROOT" or (kind == "WORD" and self.pieces[index].text in self.functions)

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


def refuse_foreign_symbols(pieces: Sequence[Piece]) -> None:
    """Raise Trouble at the first sign that means nothing here."""
    for index, piece in enumerate(pieces):
        if piece.kind == "UNKNOWN":
            from tutor.language.foreign_symbols import refused

            raise refused(pieces, index)


def write_negative_numbers(draft: Draft) -> None:
    """A minus sign directly in front of a number, with nothing to subtract from, belongs to the number."""
    kept: list[Piece] = []
    for index, piece in enumerate(draft.pieces):
        signed = piece.kind == "NUMBER" and bool(kept) and kept[-1].kind == "MINUS"
        if signed and (len(kept) < 2 or kept[-2].kind not in ENDS_OPERAND) and draft.kind(index + 1) not in RAISES:
            minus = kept.pop()
            piece = Piece("NUMBER", f"-{piece.text}", minus.start, piece.end, minus.gap)
        kept.append(piece)
    draft.pieces = kept
