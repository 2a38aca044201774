"""Which characters of a text are numbers, names, operators and brackets, while it is being typed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.language.characters import PLAIN, SUPERSCRIPTS
from tutor.language.limits import MOST_CHARACTERS_OF_A_FUNCTION
from tutor.language.scanner import NUMBER, WORD
from tutor.language.vocabulary import Vocabulary
from tutor.language.words import CONSTANTS, PACKAGES, other_spelling


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
_SIGNS = "+-*/^@=,;.√＋－＊／＝，；．＾" + "".join(
    sign for sign, plain in PLAIN.items() if plain and not plain[0].isalnum() and plain[0] not in " |\"'"
)
_TOKEN = re.compile(
    rf"(?P<space>\s+)|(?P<number>{NUMBER}|[½⅓¼¾⅔])|(?P<command>\\[A-Za-z]+)|(?P<word>{WORD})"
    rf"|(?P<bar>{'|'.join(map(re.escape, _BARS))})|(?P<bracket>[()\[\]{{}}（）［］])"
    rf"|(?P<operator>[{re.escape(_SIGNS + ''.join(SUPERSCRIPTS))}])|(?P<other>.)",
    re.DOTALL,
)
_KINDS = {"bar": "bracket", "other": "error", "command": "operator"}


def marks(text: str, vocabulary: Vocabulary, cursor: int | None = None) -> list[Mark]:
    """The marks of a text, left to right, one for everything but spaces. Never raises.

    `cursor` is the offset of the cursor; a bracket on either side of it is shown with its partner.
    """
    found: list[Mark] = []
    brackets: list[int] = []
    words: dict[str, str] = {}
    for match in _TOKEN.finditer(text[:MOST_CHARACTERS_OF_A_FUNCTION]):
        kind, word = match.lastgroup or "other", match.group()
        if kind == "space":
            continue
        if kind in ("bar", "bracket"):
            brackets.append(len(found))
        if kind == "word" or word[1:] in vocabulary.functions:
            kind = words.setdefault(word, _kind_of_word(word.lstrip("\\"), vocabulary))
        found.append(Mark(_KINDS.get(kind, kind), match.start(), match.end()))
    _mark_partners(text, found, brackets, cursor)
    if len(text) > MOST_CHARACTERS_OF_A_FUNCTION:
        found.append(Mark("error", MOST_CHARACTERS_OF_A_FUNCTION, len(text)))
    return found


def _kind_of_word(word: str, vocabulary: Vocabulary) -> str:
    if word in vocabulary.names:
        return "name"
    if word in vocabulary.functions or word in PACKAGES:
        return "function"
    if word in CONSTANTS:
        return "number"
    known = other_spelling(word, vocabulary)
    if known:
        return "name" if known in vocabulary.names else "function"
    return "name" if vocabulary.open_names else "unknown"


def _mark_partners(text: str, found: list[Mark], brackets: list[int], cursor: int | None) -> None:
    """Find every bracket's partner; change the kind of those at the cursor and of those without one."""
    partner = _partners([text[mark.start : mark.end] for mark in found], found, brackets)
    for index in brackets:
        mark = found[index]
        if index not in partner:
            found[index] = Mark("unmatched_bracket", mark.start, mark.end)
        elif cursor is not None and mark.start <= cursor <= mark.end:
            for at in (index, partner[index]):
                found[at] = Mark("matched_bracket", found[at].start, found[at].end)


def _partners(signs: list[str], found: list[Mark], brackets: list[int]) -> dict[int, int]:
    """Which bracket closes which, by index; a bar closes an equal one when something stands before it."""
    partner: dict[int, int] = {}
    waiting: list[int] = []
    for index in brackets:
        sign = signs[index]
        top = waiting[-1] if waiting else -1
        if sign in _BARS:
            closes = (
                top >= 0 and signs[top] == sign and top < index - 1 and found[index - 1].kind != "operator"
            )
        else:
            closes = top >= 0 and _CLOSING.get(signs[top]) == sign
        if closes:
            waiting.pop()
            partner[index], partner[top] = top, index
        elif sign in _BARS or sign in _CLOSING:
            waiting.append(index)
    return partner
