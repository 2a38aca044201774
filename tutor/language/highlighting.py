"""Which characters of a text are numbers, names, operators and brackets, while it is being typed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from tutor.language.calls import FLAGS, OPTIONS
from tutor.language.characters import PLAIN, SUPERSCRIPTS, cleaned, letters_of
from tutor.language.comparisons import CONNECTIVES
from tutor.language.errors import Trouble
from tutor.language.name_resolution import ARRAYS, CONSTANTS, PACKAGES, derivative_word, other_spelling
from tutor.language.tokenizer import MOST_CHARACTERS_OF_A_FUNCTION, NUMBER, declared
from tutor.language.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Mark:
    """The characters from `start` up to `end` are of one kind.

    The kinds: number, name, unknown (a word that means nothing here), function, operator, bracket,
    matched_bracket (at the cursor, and its partner), unmatched_bracket, error (has no place in a formula).
    """

    kind: str
    start: int
    end: int


_BARS = ("||", "|", "‖", "∥", "∣", "｜")
_CLOSING = {"(": ")", "[": "]", "{": "}", "（": "）", "［": "］"}
_SIGNS = "+-*/^@=,;.$√＋－＊／＝，；．＾" + "".join(
    sign for sign, plain in PLAIN.items() if plain and not plain[0].isalnum() and plain[0] not in " |\"'"
)
_ENDS = ("\\right", "T", "ᵀ", "⊤", *SUPERSCRIPTS)
"""Operators behind which a bar closes."""
_SHORT = {"‖": "||", "∥": "||", "∣": "|", "｜": "|"}
_NO_WORD = re.escape("".join(SUPERSCRIPTS) + "½⅓¼¾⅔⅕⅛ᵀ")
"""Characters that Python counts among the letters and that are no part of a name here."""
_IGNORED = re.escape("".join(sign for sign, plain in PLAIN.items() if plain in ("", " ")))
_BEFORE_WORDS = rf"(?P<space>[\s{_IGNORED}]+)"
_FROM_WORDS = (
    rf"|(?P<number>{NUMBER}|[½⅓¼¾⅔⅕⅛])|(?P<command>\\(?:(?:begin|end)\{{[a-z]+\}}|[A-Za-z]+|.))"
    r"|(?P<transpose>(?:(?<=[.^])|(?<=\*\*)|(?<=\^\{))T(?![A-Za-z0-9_'])|ᵀ|⊤|(?:(?<=[|‖∥])|(?<=Vert))_2)"
    rf"|(?P<word>[∇∂]?(?![{_NO_WORD}])[^\W\d][^\W{_NO_WORD}]*'*∇?)"
    rf"|(?P<bar>{'|'.join(map(re.escape, _BARS))})|(?P<bracket>[()\[\]{{}}（）［］])"
    rf"|(?P<operator>!=|[<>&{re.escape(_SIGNS)}{_NO_WORD}])|(?P<other>.)"
)
_KINDS = {"bar": "bracket", "other": "error", "command": "operator", "declared": "name", "transpose": "operator"}


@lru_cache(maxsize=64)
def _pattern_for(names: frozenset[str]) -> re.Pattern[str]:
    odd = declared(names)
    return re.compile(_BEFORE_WORDS + (f"|{odd}" if odd else "") + _FROM_WORDS, re.DOTALL)


def marks(text: str, vocabulary: Vocabulary, cursor: int | None = None) -> list[Mark]:
    """The marks of a text, left to right, one for everything but spaces. Never raises.

    `cursor` is the offset of the cursor; the bracket behind it, or else before it, is shown with its partner.
    """
    found: list[Mark] = []
    brackets: list[int] = []
    words: dict[str, str] = {}
    for match in _pattern_for(vocabulary.names).finditer(text[:MOST_CHARACTERS_OF_A_FUNCTION]):
        kind, word = match.lastgroup or "other", match.group()
        if kind == "space":
            continue
        if kind in ("bar", "bracket"):
            brackets.append(len(found))
        if kind == "other":
            kind = _kind_of_other(word)
        if kind == "word" or word[1:] in vocabulary.functions or (word == "T" and word in vocabulary.names):
            kind = words.setdefault(word, _kind_of_word(word.lstrip("\\"), vocabulary))
        found.append(Mark(_KINDS.get(kind, kind), match.start(), match.end()))
    found = _with_partners(text, found, brackets, cursor)
    if len(found) > 1 and found[0].kind == "unknown" and _text(text, found[1]) == "=":
        found[0] = Mark("name", found[0].start, found[0].end)
    if len(text) > MOST_CHARACTERS_OF_A_FUNCTION:
        found.append(Mark("error", MOST_CHARACTERS_OF_A_FUNCTION, len(text)))
    return found


def _kind_of_other(sign: str) -> str:
    """A digit of another font is a number."""
    try:
        plain = cleaned(sign).clean
    except Trouble:
        return "error"
    return "number" if plain.isdecimal() else "error"


def _kind_of_word(typed: str, vocabulary: Vocabulary) -> str:
    try:
        word = typed if typed.isascii() else cleaned(typed, letters_of(vocabulary.names)).clean
    except Trouble:
        return "error"
    if word in vocabulary.names:
        return "name"
    if word in vocabulary.functions or word in PACKAGES or word in OPTIONS or word in ARRAYS or word == "linalg":
        return "function"
    if derivative_word(word, vocabulary) is not None:
        return "function"
    if word in CONNECTIVES:
        return "operator"
    if word in CONSTANTS or word.capitalize() in FLAGS:
        return "number"
    known = other_spelling(word, vocabulary)
    if known:
        return "name" if known in vocabulary.names else "function"
    return "name" if vocabulary.open_names else "unknown"


def _with_partners(text: str, found: list[Mark], brackets: list[int], cursor: int | None) -> list[Mark]:
    """The marks with the brackets at the cursor, and those without a partner, shown as such."""
    partner = _partners(text, found, brackets)
    if any(_is_double(found[index]) for index in brackets if index not in partner):
        split = [half for mark in found for half in _halves(mark)]
        places = [index for index, mark in enumerate(split) if mark.kind == "bracket"]
        halved = _partners(text, split, places)
        if len(places) - len(halved) < len(brackets) - len(partner):
            found, brackets, partner = split, places, halved
    for index in brackets:
        if index not in partner:
            found[index] = replace(found[index], kind="unmatched_bracket")
    touched = [index for index in partner if cursor is not None and found[index].start <= cursor <= found[index].end]
    if touched:
        chosen = max(touched)  # between two brackets, the one behind the cursor
        for index in (chosen, partner[chosen]):
            found[index] = replace(found[index], kind="matched_bracket")
    return found


def _is_double(mark: Mark) -> bool:
    return mark.kind == "bracket" and mark.end - mark.start == 2


def _halves(mark: Mark) -> list[Mark]:
    """A || as two bars of absolute values, as in ||x| - 1|."""
    if not _is_double(mark):
        return [mark]
    middle = mark.start + 1
    return [Mark("bracket", mark.start, middle), Mark("bracket", middle, mark.end)]


def _text(text: str, mark: Mark) -> str:
    return text[mark.start : mark.end]


def _partners(text: str, found: list[Mark], brackets: list[int]) -> dict[int, int]:
    """Which bracket closes which, by index; a bar closes an equal one when something stands before it."""
    partner: dict[int, int] = {}
    waiting: list[int] = []
    signs = {index: _SHORT.get(sign, sign) for index in brackets for sign in [_text(text, found[index])]}
    for index in brackets:
        sign = signs[index]
        top = waiting[-1] if waiting else -1
        if sign in _BARS:
            before = found[index - 1]
            ended = index > 0 and (before.kind != "operator" or _text(text, before) in _ENDS)
            closes = top >= 0 and signs[top] == sign and top < index - 1 and ended
        else:
            closes = top >= 0 and _CLOSING.get(signs[top]) == sign
        if closes:
            waiting.pop()
            partner[index], partner[top] = top, index
        elif sign in _BARS or sign in _CLOSING:
            waiting.append(index)
    return partner
