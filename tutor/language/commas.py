"""Commas that stand where no list is: decimal commas, thousands, and vectors without brackets."""

from __future__ import annotations

import re

from tutor.language.draft import Draft, partners
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble

_CALLED = ("FUNCTION", "METHOD")
_THREE_DIGITS = re.compile(r"[0-9]{3}(\.[0-9]*)?")
_AFTER_A_COMMA = re.compile(rf"[0-9]+([eE].*)?|{_THREE_DIGITS.pattern}")


def check_commas(draft: Draft) -> None:
    """Raise Trouble at a comma outside square brackets and outside the brackets of a function."""
    kinds = [piece.kind for piece in draft.pieces]
    if "COMMA" not in kinds and "SEMICOLON" not in kinds:
        return
    openers: list[int] = []
    bare_rows = _has_bare_semicolon(kinds)
    draft.echo |= bare_rows and "NAME" in kinds
    numbers = _numbers_with_commas(draft)
    for index, kind in enumerate(kinds):
        if kind in ("LPAR", "LSQB"):
            openers.append(index)
        elif kind in ("RPAR", "RSQB"):
            openers.pop()
        elif kind == "SEMICOLON" and openers and kinds[openers[-1]] == "LPAR":
            message = "Rows separated by ; need square brackets: [1, 2; 3, 4]."
            raise Trouble(message, draft.pieces[index].span)
        elif kind == "COMMA" and not _in_a_list(draft, openers, bare_rows=bare_rows, in_a_number=index in numbers):
            raise _misplaced(draft, index, openers, numbers)


def _has_bare_semicolon(kinds: list[str]) -> bool:
    depth = 0
    for kind in kinds:
        depth += (kind in ("LPAR", "LSQB")) - (kind in ("RPAR", "RSQB"))
        if kind == "SEMICOLON" and depth == 0:
            return True
    return False


def _in_a_list(draft: Draft, openers: list[int], *, bare_rows: bool, in_a_number: bool) -> bool:
    """Whether a comma inside these open brackets separates the members of a list."""
    if not openers:
        return bare_rows
    opener = openers[-1]
    before = draft.kind(opener - 1)
    if draft.kind(opener) == "LSQB":
        return True
    if before in _CALLED:
        word = draft.pieces[opener - 1].word
        alone = before == "FUNCTION" and word is not None and word.most == 1 and not word.options
        return not (alone and in_a_number)
    starts_an_item = before in ("LPAR", "COMMA", "KEYWORD") and len(openers) > 1
    return starts_an_item and draft.kind(openers[-2] - 1) in _CALLED


def _numbers_with_commas(draft: Draft) -> dict[int, list[int]]:
    """For every comma that is part of a number (`0,5` or `1,234,567`) all the commas of that number."""
    pieces = draft.pieces
    found: dict[int, list[int]] = {}
    index = 0
    while index < len(pieces):
        commas = []
        while _between_digits(draft, index + 1):
            commas.append(index + 1)
            index += 2
        if len(commas) == 1 or (commas and _is_in_thousands(draft, commas)):
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


def _is_in_thousands(draft: Draft, commas: list[int]) -> bool:
    first = draft.pieces[commas[0] - 1].text
    behind = [draft.pieces[comma + 1].text for comma in commas]
    return len(first) <= 3 and first[0] != "0" and all(map(_THREE_DIGITS.fullmatch, behind))


def _misplaced(draft: Draft, index: int, openers: list[int], numbers: dict[int, list[int]]) -> Trouble:
    pieces = draft.pieces
    comma = pieces[index]
    partner = partners(pieces)
    opener = openers[-1] if openers else -1
    whole = opener == 0 and partner[0] == len(pieces) - 1
    if index in numbers:
        inside = {piece.kind for piece in pieces[opener + 1 : partner[opener]]}
        if opener >= 0 and draft.kind(opener - 1) not in _CALLED and inside <= {"NUMBER", "COMMA"}:
            return _numbers_in_round_brackets(draft, index)
        return _decimal(draft, numbers[index])
    if opener < 0 or whole:
        first, last = pieces[0], pieces[-1]
        after, before = Span(first.start, first.start), Span(last.end, last.end)
        edits = (Edit(first.span if whole else after, "["), Edit(last.span if whole else before, "]"))
        return Trouble("A list of entries needs square brackets: [1, 2].", comma.span, edits=edits)
    if draft.kind(opener - 1) == "NAME":
        name = pieces[opener - 1].text
        return Trouble(f"Here {name} is a name, not a function, so it takes no list in brackets.", comma.span)
    message = "A comma goes only between the arguments of a function or the entries of [ ]."
    return Trouble(message, comma.span)


def _numbers_in_round_brackets(draft: Draft, index: int) -> Trouble:
    """`(1,2)` may be a vector or a decimal number."""
    before, after = draft.pieces[index - 1].text, draft.pieces[index + 1].text
    vector = f"a vector in square brackets, [{before}, {after}]"
    return Trouble(f"Write a decimal with a point, {before}.{after}, or {vector}.", draft.pieces[index].span)


def _decimal(draft: Draft, commas: list[int]) -> Trouble:
    """What to say about a number written with these commas."""
    pieces = draft.pieces
    span = pieces[commas[0]].span
    numbers = [pieces[commas[0] - 1].text, *(pieces[comma + 1].text for comma in commas)]
    thousands = _is_in_thousands(draft, commas)
    edits = tuple(Edit(pieces[comma].span, "" if thousands else ".") for comma in commas)
    if thousands:
        return Trouble(f"Write the number without a comma: {''.join(numbers)}.", span, edits=edits)
    return Trouble(f"Decimals are written with a point: {'.'.join(numbers)}.", span, edits=edits)
