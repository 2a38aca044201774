"""Vectors and matrices, and the commas and spaces between their entries.

In other dress than `[1, 2]` and `[1, 2; 3, 4]`, too: rows on lines of their own (MATLAB, printed NumPy arrays), braces,
round brackets, and no brackets at all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from tutor.language.errors import TextEdit, Trouble
from tutor.language.notation import is_in_thousands, numbers_with_commas
from tutor.language.tokenizer import (
    CLOSING_BRACKETS,
    ENDS_OPERAND,
    FUNCTIONS,
    INFIX,
    OPENING_BRACKETS,
    SIGNS,
    STARTS_OPERAND,
    Draft,
    Piece,
    bracket_step,
    holds,
    partners,
)
from tutor.language.tree import Span

_SEPARATORS = ("COMMA", "SEMICOLON")
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
_NUMERIC = SIGNS | {"NUMBER"}
_NO_END = INFIX | SIGNS | {"COMMA", "SEMICOLON"}
_NO_START = INFIX | {"COMMA", "SEMICOLON"}
_PRINTED_WIDTH = 72
_IN_ROWS = _NUMERIC | {"COMMA", "SLASH"}
_CALLED = FUNCTIONS | {"METHOD"}


def braces_as_brackets(pieces: list[Piece]) -> bool:
    """Turn `{1, 2}` and `{{1, 2}, {3, 4}}` into square brackets where they hold lists; whether there were any."""
    braces = [index for index, piece in enumerate(pieces) if piece.text in ("{", "}")]
    compares = holds(pieces, ("COMPARE",))  # a function in pieces
    if not braces or compares or not _hold_lists(pieces):
        return False
    for index in braces:
        opens = pieces[index].text == "{"
        pieces[index].kind, pieces[index].text = ("LSQB", "[") if opens else ("RSQB", "]")
    return True


def _hold_lists(pieces: Sequence[Piece]) -> bool:
    """Whether each outermost pair of braces has several entries, or braces in it."""
    depth, several = 0, False
    for index, piece in enumerate(pieces):
        if piece.text == "{":
            if index and pieces[index - 1].kind == "WORD" and not piece.gap:
                return False  # a function's
            several = depth > 0 and (several or depth == 1)
            depth += 1
        elif piece.text == "}":
            depth -= 1
            if depth == 0 and not several:
                return False
        elif depth == 1 and (piece.kind in _SEPARATORS or _beside_another(pieces, index)):
            several = True
    return depth == 0


def _beside_another(pieces: Sequence[Piece], index: int) -> bool:
    """Whether a number stands right behind another one, as in `1 2` and `1 -2`."""
    if pieces[index].kind != "NUMBER" or index == 0:
        return False
    before = pieces[index - 1]
    signed = before.kind in SIGNS and before.gap and not pieces[index].gap
    return before.kind == "NUMBER" or (signed and index > 1 and pieces[index - 2].kind == "NUMBER")


def lines_as_rows(pieces: list[Piece], *, bare: bool) -> tuple[list[Piece], bool]:
    """The pieces without line breaks, and whether any of these separated rows: they become semicolons.

    `bare` rows, outside all brackets, may only stand in a text that is one expression. Raises Trouble for any other
    break outside brackets.
    """
    if not holds(pieces, ("LINE",)):
        return pieces, False
    breaks, outer = _breaks(pieces)
    if outer:
        return (_bare_rows(pieces, outer) if bare else _refuse(pieces[outer[0]])), True
    between_rows = {at for bracket, found in breaks.items() if _hold_rows(pieces, bracket) for at in found}
    kept: list[Piece] = []
    for index, piece in enumerate(pieces):
        if piece.kind != "LINE":
            kept.append(piece)
        elif index in between_rows:
            kept.append(replace(piece, kind="SEMICOLON", text=";"))
        else:
            pieces[index + 1].gap = True
    return kept, bool(between_rows)


def _refuse(piece: Piece) -> list[Piece]:
    raise Trouble("Write it on one line. Rows of a matrix are separated by ;.", piece.span)


def _breaks(pieces: Sequence[Piece]) -> tuple[dict[int, list[int]], list[int]]:
    """The line breaks straight inside the outermost brackets, by the bracket before them; and those outside all."""
    inside: dict[int, list[int]] = {}
    outside: list[int] = []
    depth, bracket = 0, -1
    for index, piece in enumerate(pieces):
        if piece.text in _OPENING or piece.text in _CLOSING:
            depth, bracket = depth + (1 if piece.text in _OPENING else -1), index
        elif piece.kind == "LINE" and depth <= 0:
            outside.append(index)
        elif piece.kind == "LINE" and depth == 1:
            inside.setdefault(bracket, []).append(index)
    return inside, outside


def _hold_rows(pieces: Sequence[Piece], bracket: int) -> bool:
    """Whether this bracket and the next are square, with rows of one length on the lines between."""
    lines: list[list[Piece]] = [[]]
    for piece in pieces[bracket + 1 :]:
        if piece.text in _OPENING or piece.text in _CLOSING:
            break
        if piece.kind == "LINE":
            lines.append([])
        else:
            lines[-1].append(piece)
    else:
        return False
    if (pieces[bracket].text, piece.text) != ("[", "]"):
        return False
    if any(not line or line[-1].kind in _NO_END or line[0].kind in _NO_START for line in lines):
        return False
    sizes = {sum(each.kind in ("NUMBER", "WORD") for each in line) for line in lines}
    return len(sizes) == 1 and not _is_wrapped(lines)


def _is_wrapped(lines: Sequence[Sequence[Piece]]) -> bool:
    """Whether a long vector was printed over several lines: NumPy breaks one where no entry has room any more."""
    widest = max(piece.end - piece.start for line in lines for piece in line)
    return any(line[-1].end - line[0].start + widest + 2 >= _PRINTED_WIDTH for line in lines[:-1])


def _bare_rows(pieces: list[Piece], breaks: Sequence[int]) -> list[Piece]:
    """Rows on lines of their own: each in square brackets, or each of several numbers."""
    edges = [-1, *breaks, len(pieces)]
    lines = [pieces[start + 1 : end] for start, end in pairwise(edges)]
    lines = [line[:-1] if len(line) > 1 and line[-1].kind == "COMMA" else line for line in lines]
    if all(_is_one_list(line) for line in lines):
        return _listed(lines, "COMMA")
    column = all(_is_number(line) for line in lines)
    if column or all({piece.kind for piece in line} <= _IN_ROWS and _has_entries(line) for line in lines):
        return _joined(lines, "SEMICOLON")
    return _refuse(pieces[breaks[0]])


def _is_one_list(line: Sequence[Piece]) -> bool:
    return bool(line) and line[0].kind == "LSQB" and partners(line)[0] == len(line) - 1


def _is_number(line: Sequence[Piece]) -> bool:
    return [piece.kind for piece in line if piece.kind not in SIGNS] == ["NUMBER"] and line[-1].kind == "NUMBER"


def _has_entries(line: Sequence[Piece]) -> bool:
    several = any(piece.kind == "COMMA" or _beside_another(line, index) for index, piece in enumerate(line))
    return several and line[0].kind in _NUMERIC


def _joined(lines: Sequence[Sequence[Piece]], kind: str) -> list[Piece]:
    joined = list(lines[0])
    for line in lines[1:]:
        joined += [Piece(kind, "", line[0].start, line[0].start), *line]
    return joined


def _listed(lines: Sequence[Sequence[Piece]], kind: str) -> list[Piece]:
    start, end = lines[0][0].start, lines[-1][-1].end
    return [Piece("LSQB", "[", start, start), *_joined(lines, kind), Piece("RSQB", "]", end, end)]


_SETTINGS = frozenset(("dtype", "requires_grad", "device", "grad_fn", "copy"))


def without_settings(pieces: list[Piece]) -> bool:
    """Take out what printed arrays say beside their entries, such as `, dtype=float32`; whether there was any."""
    for index, piece in enumerate(pieces[:-1]):
        said = piece.kind == "COMMA" and pieces[index + 1].text in _SETTINGS
        if not said or index + 2 >= len(pieces) or pieces[index + 2].text not in ("=", "=<"):
            continue
        end, depth = index + 3, 0
        while end < len(pieces) and (depth or pieces[end].kind not in ("COMMA", "RPAR")):
            depth += (pieces[end].text == "(") - (pieces[end].text == ")")
            end += 1
        if end < len(pieces):
            del pieces[index:end]
            without_settings(pieces)
            return True
    return False


def gather_lists(draft: Draft) -> None:
    """Put square brackets about the entries of a list without them, in a text that is one expression."""
    if draft.target or not holds(draft.pieces, ("COMMA", "NUMBER")):
        return
    _bracket_tuples(draft)
    if _is_row_of_numbers(draft.pieces) or _has_bare_commas(draft):
        draft.pieces = _listed([draft.pieces], "COMMA")
        draft.echo = True


def _bracket_tuples(draft: Draft) -> None:
    """`(1, 2)` and `[(1, 2), (3, 4)]`: round brackets that hold a list, and are not a function's."""
    pieces = draft.pieces
    partner, numbers = partners(pieces), numbers_with_commas(draft)
    openers: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.kind in ("LPAR", "LSQB"):
            openers.append(index)
        elif piece.kind in ("RPAR", "RSQB"):
            opener = openers.pop()
            above = draft.kind(openers[-1]) if openers else ""
            called = openers and draft.kind(openers[-1] - 1) in _CALLED
            if piece.kind == "RPAR" and not (above == "LPAR" and called) and _is_tuple(draft, opener, partner, numbers):
                pieces[opener].kind, piece.kind = "LSQB", "RSQB"
                draft.echo = True


def _is_tuple(draft: Draft, opener: int, partner: Sequence[int], numbers: Collection[int]) -> bool:
    """Whether these round brackets hold entries between commas; `(1,5)` may be one number, unless others stand by."""
    if draft.kind(opener - 1) in (*_CALLED, "NAME"):
        return False
    index, commas = opener + 1, []
    while index < partner[opener]:
        if draft.kind(index) in _SEPARATORS:
            commas.append(index)
        index = max(index, partner[index]) + 1
    first_of_several = draft.kind(opener - 1) == "LPAR" and draft.kind(partner[opener] + 1) == "COMMA"
    listed = first_of_several or draft.kind(opener - 1) in ("LSQB", "COMMA")
    if not listed and any(comma in numbers for comma in commas):
        return False
    return bool(commas) or (opener == 0 and _is_row_of_numbers(draft.pieces[1 : partner[0]]))


def _is_row_of_numbers(pieces: Sequence[Piece]) -> bool:
    """Whether they are numbers with gaps between them, `2 -10 18`, which cannot be one number in groups of digits."""
    if not all(piece.kind in _NUMERIC for piece in pieces):
        return False
    numbers = [index for index, piece in enumerate(pieces) if piece.kind == "NUMBER"]
    if len(numbers) < 2 or not any(pieces[index - 1].kind == "NUMBER" for index in numbers[1:]):
        return False
    if not all(_beside_another(pieces, index) and _apart(pieces, index) for index in numbers[1:]):
        return False
    return not all(len(pieces[index].text) == 3 and pieces[index - 1].kind == "NUMBER" for index in numbers[1:])


def _apart(pieces: Sequence[Piece], index: int) -> bool:
    return pieces[index].gap or pieces[index - 1].gap


def _has_bare_commas(draft: Draft) -> bool:
    """Whether the whole text is entries between commas, outside all brackets, none of which may be a decimal's."""
    depth, commas = 0, []
    for index, piece in enumerate(draft.pieces):
        depth += bracket_step(piece.kind)
        if depth == 0 and piece.kind == "SEMICOLON":
            return False
        if depth == 0 and piece.kind == "COMMA":
            commas.append(index)
    refused = {0, len(draft.pieces) - 1, *numbers_with_commas(draft)}
    return bool(commas) and not any(at in refused for at in commas)


def separate_entries(draft: Draft) -> None:
    """Put commas where spaces separate the entries of a row."""
    kinds = {piece.kind for piece in draft.pieces}
    if "LSQB" not in kinds and "SEMICOLON" not in kinds:
        return
    spaced = _spaced(draft.pieces)
    separated: list[Piece] = []
    for index, piece in enumerate(draft.pieces):
        if spaced[index] and _starts_an_entry(draft, index):
            separated.append(Piece("COMMA", "", piece.start, piece.start))
            draft.echo = draft.echo or piece.kind not in ("NUMBER", "LSQB", "MINUS")
        separated.append(piece)
    draft.pieces = separated


def _spaced(pieces: list[Piece]) -> list[bool]:
    """For every piece whether it stands in brackets whose entries are separated by spaces."""
    inside: list[list[int]] = [[]]
    square = [False]
    spaced = [False] * len(pieces)
    for index, piece in enumerate(pieces):
        if piece.kind in CLOSING_BRACKETS:
            _settle(pieces, inside.pop(), square.pop(), spaced)
        inside[-1].append(index)
        if piece.kind in OPENING_BRACKETS:
            inside.append([])
            square.append(piece.kind == "LSQB")
    _settle(pieces, inside.pop(), False, spaced)
    return spaced


def _settle(pieces: list[Piece], level: list[int], square: bool, spaced: list[bool]) -> None:
    kinds = {pieces[index].kind for index in level}
    if "COMMA" in kinds and square:
        _refuse_mixture(pieces, level)
    if "COMMA" not in kinds and (square or "SEMICOLON" in kinds):
        for index in level:
            spaced[index] = True


def _refuse_mixture(pieces: list[Piece], level: list[int]) -> None:
    """Refuse `[1 2, 3]`."""
    for index, after in pairwise(level):
        if pieces[index].kind == "NUMBER" == pieces[after].kind:
            message = "Separate the entries either all with commas or all with spaces."
            raise Trouble(message, Span(pieces[index].start, pieces[after].end))


def _starts_an_entry(draft: Draft, index: int) -> bool:
    piece = draft.pieces[index]
    if draft.kind(index - 1) not in ENDS_OPERAND:
        return False
    if piece.kind in SIGNS:
        return piece.gap and bool(draft.kind(index + 1)) and not draft.pieces[index + 1].gap
    return piece.kind in STARTS_OPERAND and (piece.gap or piece.kind == "LSQB")


def check_commas(draft: Draft) -> None:
    """Raise Trouble at a comma outside square brackets and outside the brackets of a function."""
    kinds = [piece.kind for piece in draft.pieces]
    if "COMMA" not in kinds and "SEMICOLON" not in kinds:
        return
    openers: list[int] = []
    bare_rows = _has_bare_semicolon(kinds)
    draft.echo |= bare_rows and "NAME" in kinds
    numbers = numbers_with_commas(draft)
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
        depth += bracket_step(kind)
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
        edits = (TextEdit(first.span if whole else after, "["), TextEdit(last.span if whole else before, "]"))
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
    if draft.kind(commas[0] - 2) == "MINUS" and draft.kind(commas[0] - 3) not in ENDS_OPERAND:
        numbers[0] = f"-{numbers[0]}"
    thousands = is_in_thousands(draft, commas)
    if thousands and len(commas) == 1 and "." not in numbers[1]:
        message = f"Write {'.'.join(numbers)} if the comma is a decimal point, {''.join(numbers)} if it groups digits."
        return Trouble(message, span)
    edits = tuple(TextEdit(pieces[comma].span, "" if thousands else ".") for comma in commas)
    if thousands:
        return Trouble(f"Write the number without a comma: {''.join(numbers)}.", span, edits=edits)
    return Trouble(f"Decimals are written with a point: {'.'.join(numbers)}.", span, edits=edits)
