"""Commas that stand where no list is: decimal commas, thousands, and vectors without brackets."""

from __future__ import annotations

from tutor.language.draft import Draft, partners
from tutor.language.tree import Span
from tutor.language.unreadable import Edit, Trouble

_CALLED = ("FUNCTION", "METHOD")


def check_commas(draft: Draft) -> None:
    """Raise Trouble at a comma outside square brackets and outside the brackets of a function."""
    kinds = [piece.kind for piece in draft.pieces]
    if "COMMA" not in kinds and "SEMICOLON" not in kinds:
        return
    openers: list[int] = []
    bare_rows = _has_bare_semicolon(kinds)
    draft.echo |= bare_rows and "NAME" in kinds
    any_decimal = bool(_decimal_commas(draft))
    for index, kind in enumerate(kinds):
        if kind in ("LPAR", "LSQB"):
            openers.append(index)
        elif kind in ("RPAR", "RSQB"):
            openers.pop()
        elif kind == "SEMICOLON" and openers and kinds[openers[-1]] == "LPAR":
            message = "Rows separated by ; need square brackets: [1, 2; 3, 4]."
            raise Trouble(message, draft.pieces[index].span)
        elif kind == "COMMA" and not _in_a_list(draft, openers, bare_rows=bare_rows, any_decimal=any_decimal):
            raise _misplaced(draft, index, openers)


def _has_bare_semicolon(kinds: list[str]) -> bool:
    depth = 0
    for kind in kinds:
        depth += (kind in ("LPAR", "LSQB")) - (kind in ("RPAR", "RSQB"))
        if kind == "SEMICOLON" and depth == 0:
            return True
    return False


def _in_a_list(draft: Draft, openers: list[int], *, bare_rows: bool, any_decimal: bool) -> bool:
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
        return not (alone and any_decimal)
    starts_an_item = before in ("LPAR", "COMMA", "KEYWORD") and len(openers) > 1
    return starts_an_item and draft.kind(openers[-2] - 1) in _CALLED


def _decimal_commas(draft: Draft) -> list[int]:
    """The commas that stand directly between digits."""
    pieces = draft.pieces
    return [
        index
        for index in range(1, len(pieces) - 1)
        if pieces[index].kind == "COMMA"
        and pieces[index - 1].kind == "NUMBER" == pieces[index + 1].kind
        and "." not in pieces[index - 1].text + pieces[index + 1].text
        and not pieces[index].gap
        and not pieces[index + 1].gap
    ]


def _misplaced(draft: Draft, index: int, openers: list[int]) -> Trouble:
    pieces = draft.pieces
    comma = pieces[index]
    partner = partners(pieces)
    opener = openers[-1] if openers else -1
    whole = opener == 0 and partner[0] == len(pieces) - 1
    if index in _decimal_commas(draft):
        inside = {piece.kind for piece in pieces[opener + 1 : partner[opener]]}
        if opener >= 0 and draft.kind(opener - 1) not in _CALLED and inside <= {"NUMBER", "COMMA"}:
            return _numbers_in_round_brackets(draft, index)
        return _decimal(draft, index)
    if opener < 0 or whole:
        first, last = pieces[0], pieces[-1]
        after, before = Span(first.start, first.start), Span(last.end, last.end)
        edits = (Edit(first.span if whole else after, "["), Edit(last.span if whole else before, "]"))
        return Trouble("A list of entries needs square brackets: [1, 2].", comma.span, edits=edits)
    if draft.kind(opener - 1) == "NAME":
        name = pieces[opener - 1].text
        return Trouble(f"Here {name} is a name, not a function, so it takes no list in brackets.", comma.span)
    message = "A comma stands only between the arguments of a function or the entries of [ ]."
    return Trouble(message, comma.span)


def _numbers_in_round_brackets(draft: Draft, index: int) -> Trouble:
    """`(1,2)` may be a vector or a decimal number."""
    before, after = draft.pieces[index - 1].text, draft.pieces[index + 1].text
    vector = f"a vector in square brackets, [{before}, {after}]"
    return Trouble(f"Write a decimal with a point, {before}.{after}, or {vector}.", draft.pieces[index].span)


def _decimal(draft: Draft, index: int) -> Trouble:
    before, after = draft.pieces[index - 1].text, draft.pieces[index + 1].text
    commas = [draft.pieces[at] for at in _decimal_commas(draft)]
    span = draft.pieces[index].span
    if len(after) == 3 and len(before) <= 3 and before.isdigit() and not before.startswith("0"):
        edits = tuple(Edit(comma.span, "") for comma in commas)
        whole = before
        for comma, digits in zip(draft.pieces[index::2], draft.pieces[index + 1 :: 2], strict=False):
            if comma not in commas:
                break
            whole += digits.text
        return Trouble(f"Write the number without a comma: {whole}.", span, edits=edits)
    edits = tuple(Edit(comma.span, ".") for comma in commas)
    return Trouble(f"Decimals are written with a point: {before}.{after}.", span, edits=edits)
