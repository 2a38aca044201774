"""Pieces as scanned to pieces as the grammar wants them, one pass after the other."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from tutor.language.brackets import check_brackets, pair_bars
from tutor.language.calls import example, mark_functions, scaled_arguments, take_powers_of_functions
from tutor.language.entries import check_list_behind, check_positions
from tutor.language.errors import TextEdit, Trouble
from tutor.language.lists import gather_lists
from tutor.language.name_resolution import look_up_words
from tutor.language.notation import is_in_thousands, numbers_with_commas, refuse_split_numbers
from tutor.language.subscripts import take_subscripts
from tutor.language.tokenizer import CONNECTS, ENDS_OPERAND, INFIX, SIGNS, STARTS_OPERAND, Draft, Piece, holds, partners
from tutor.language.tree import Span

_FARTHEST = 40
"""Factors looked at for a quotient or a power in front; there is an end to it so that long texts are fast."""
_RAISES = ("CARET", "RAISE", "TRANSPOSE", "METHOD")


def write_negative_numbers(draft: Draft) -> None:
    """A minus sign directly in front of a number, with nothing to subtract from, belongs to the number."""
    kept: list[Piece] = []
    for index, piece in enumerate(draft.pieces):
        signed = piece.kind == "NUMBER" and bool(kept) and kept[-1].kind == "MINUS"
        if signed and (len(kept) < 2 or kept[-2].kind not in ENDS_OPERAND) and draft.kind(index + 1) not in _RAISES:
            minus = kept.pop()
            piece = Piece("NUMBER", f"-{piece.text}", minus.start, piece.end, minus.gap)
        kept.append(piece)
    draft.pieces = kept


def close_squared_norms(draft: Draft) -> None:
    """`||v||^2` is one operation: its closing bar takes the power in."""
    kept: list[Piece] = []
    index = 0
    while index < len(draft.pieces):
        piece = draft.pieces[index]
        kept.append(piece)
        index += 1
        length = _length_of_square(draft, index) if piece.kind == "NORM_CLOSE" and piece.text[-2:] != "_1" else 0
        if length:
            index += length
            piece.kind, piece.end = "SQUARED_NORM_CLOSE", draft.pieces[index - 1].end
    draft.pieces = kept


def _length_of_square(draft: Draft, index: int) -> int:
    """How many pieces from `index` on are the power 2 (`^2`, `²`, `^(2)`), or 0."""
    for shape in (("RAISE", "NUMBER", "LOWER"), ("CARET", "LPAR", "NUMBER", "RPAR"), ("CARET", "NUMBER")):
        if tuple(draft.kind(index + place) for place in range(len(shape))) == shape:
            raised_again = shape[0] == "CARET" and draft.kind(index + len(shape)) in _RAISES
            two = draft.pieces[index + shape.index("NUMBER")].text == "2"
            return len(shape) if two and not raised_again else 0
    return 0


def note_powers_before_quotients(draft: Draft) -> None:
    """Ask for an echo of `x^1/2`: it is x/2, where x^(1/2) may be meant."""
    for index, piece in enumerate(draft.pieces):
        if piece.kind != "SLASH" or draft.kind(index - 1) != "NUMBER" or draft.kind(index + 1) != "NUMBER":
            continue
        exponent, below = Fraction(draft.pieces[index - 1].text), Fraction(draft.pieces[index + 1].text)
        whole = bool(below) and (exponent / below).denominator == 1
        draft.echo |= draft.kind(index - 2) == "CARET" and not piece.gap and not whole


def write_products(draft: Draft) -> None:
    """Put a TIMES piece where two factors stand side by side. Raises Trouble where they should not."""
    pieces = draft.pieces
    scaling = scaled_arguments(draft)
    partner: list[int] = []
    written: list[Piece] = []
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index else None
        if before is not None and before.kind in ENDS_OPERAND and piece.kind in STARTS_OPERAND:
            _check_neighbours(draft, index)
            if piece.kind == "LSQB":
                check_list_behind(before, index, draft)
            partner = partner or partners(pieces)
            kind = "TIGHT" if index in scaling else "TIMES"
            written.append(Piece(kind, "", piece.start, piece.start))
            draft.echo = draft.echo or _deserves_echo(draft, index, partner)
        written.append(piece)
    draft.pieces = written


def _check_neighbours(draft: Draft, index: int) -> None:
    before, piece = draft.pieces[index - 1], draft.pieces[index]
    span = Span(before.start, piece.end)
    if piece.kind == "NUMBER" and before.kind == "NUMBER":
        if piece.text.startswith(".") and not piece.gap:
            raise Trouble("A number has one decimal point.", span)
        if _in_groups(before, piece):
            edits = (TextEdit(Span(before.end, piece.start), ""),)
            message = f"Write {before.text}{piece.text} without a space, or [{before.text}, {piece.text}] for a vector."
            raise Trouble(message, span, edits=edits)
        _refuse_mixed_number(draft, index - 1)
        message = "Two numbers are side by side. An operator is missing between them, or [ ] around a list."
        raise Trouble(message, span)
    if piece.kind == "NUMBER" and piece.text.startswith("."):
        raise Trouble(f"An operator is missing before {piece.text}.", piece.span)


def _in_groups(before: Piece, piece: Piece) -> bool:
    """Whether two numbers may be one in groups of three digits: `34 944`."""
    head, _, _ = piece.text.partition(".")
    return before.text.lstrip("-").isdecimal() and len(before.text.lstrip("-")) <= 3 and len(head) == 3


def _refuse_mixed_number(draft: Draft, index: int) -> None:
    """Raises Trouble, with what to write, where a whole number is followed by a fraction: `3 3/8`."""
    kinds = [draft.kind(index + further) for further in range(-1, 4)]
    if kinds[0] in ("CARET", "SLASH") or kinds[1:] != ["NUMBER", "NUMBER", "SLASH", "NUMBER"]:
        return
    whole, above, below = (draft.pieces[index + further] for further in (0, 1, 3))
    number = whole.text.lstrip("-")
    if number.isdecimal() and above.text.isdecimal() and below.text.isdecimal():
        written = f"({number} + {above.text}/{below.text})"
        span = Span(whole.end - len(number), below.end)
        message = f"Write {number} {above.text}/{below.text} as {written}."
        raise Trouble(message, span, edits=(TextEdit(span, written),))


def _deserves_echo(draft: Draft, index: int, partner: list[int]) -> bool:
    """Whether readers may differ about the product written in front of this piece.

    They do in x(x + 1) and x 5, behind a quotient (1/2x) and behind a power (x^2y).
    """
    pieces = draft.pieces
    piece = pieces[index]
    if piece.kind == "NUMBER" or (pieces[index - 1].kind == "NAME" and piece.kind == "LPAR"):
        return True
    at = index - 1
    for _ in range(_FARTHEST):
        at = partner[at] if partner[at] >= 0 else at
        before = draft.kind(at - 1)
        if before == "RAISE" or pieces[at].kind == "RAISE":
            return False
        if before == "CARET" or (before in SIGNS and draft.kind(at - 2) == "CARET"):
            return not piece.gap
        if before in ("SLASH", "AT"):
            return True
        if before == "STAR":
            at -= 2
        elif before in ENDS_OPERAND or before in ("CALL", "METHOD"):
            at -= 1
        else:
            return False
    return False


_NEEDS_MORE = INFIX | SIGNS | CONNECTS | {"COMMA", "SEMICOLON", "IS"}
_OPENS = ("LPAR", "LSQB", "RAISE")
_CLOSES = ("RPAR", "RSQB", "LOWER")
_CANNOT_START = INFIX | CONNECTS | {"COMMA", "SEMICOLON", "TRANSPOSE", "RAISE", "IS"}
_NAMES = {"COMMA": "comma"}


def check_operands(draft: Draft) -> None:
    """Raise Trouble where something is missing."""
    kinds = ["", *[piece.kind for piece in draft.pieces], ""]
    for index, (before, here) in enumerate(pairwise(kinds)):
        if before == "FUNCTION":
            _check_argument(draft, index - 1)
        elif before in _OPENS and here in _CLOSES:
            _refuse_empty(draft, index)
        elif before in _NEEDS_MORE and (not here or here in _CLOSES or here in _CANNOT_START):
            if not _ends_a_tuple(draft, index):
                raise _nothing_after(draft, index - 1)
        elif here in _CANNOT_START and (not before or before in _OPENS):
            if draft.pieces[index].text == "⊙" and draft.kind(index - 2) == "CARET":
                raise _entrywise_power(draft, index)
            raise _nothing_before(draft.pieces[index])
    _check_keywords(draft)


def _ends_a_tuple(draft: Draft, index: int) -> bool:
    """Whether the bracket at `index` closes a `(6,)` among a function's arguments."""
    if draft.kind(index - 1) != "COMMA" or draft.kind(index) != "RPAR":
        return False
    depth = 0
    for at in range(index - 2, 0, -1):
        kind = draft.kind(at)
        depth += (kind in _CLOSES) - (kind in _OPENS)
        if depth < 0:
            return kind == "LPAR" and draft.kind(at - 1) in ("LPAR", "COMMA", "IS")
        if depth == 0 and kind == "COMMA":
            return False
    return False


def _check_argument(draft: Draft, index: int) -> None:
    """A function followed by nothing it could take."""
    function, after = draft.pieces[index], draft.kind(index + 1)
    if after == "LPAR" and draft.kind(index + 2) == "RPAR":
        span = Span(function.start, draft.pieces[index + 2].end)
        raise Trouble(f"The function {function.text} needs an argument: {example(function)}.", span)
    if after == "LSQB":
        _check_square_brackets(draft, index)
    apart = after == "MINUS" and draft.pieces[index + 1].gap and bool(draft.kind(index + 2))
    subtracted = apart and draft.pieces[index + 2].gap
    if not after or after in _CLOSES or after in _CANNOT_START | {"PLUS"} or subtracted:
        raise Trouble(f"The function {function.text} needs an argument: {example(function)}.", function.span)
    if after != "LPAR" and function.word is not None and function.word.least > 1:
        raise Trouble(f"The function {function.text} needs brackets: {example(function)}.", function.span)


def _check_square_brackets(draft: Draft, index: int) -> None:
    """`sin[2*x]` is refused, `softmax [1, 2]` is a function of a vector."""
    word = draft.pieces[index].word
    takes_a_list = word is None or word.most == 1
    depth, last = 0, index + 1
    for last in range(index + 1, len(draft.pieces)):
        kind = draft.kind(last)
        depth += (kind in ("LPAR", "LSQB")) - (kind in ("RPAR", "RSQB"))
        if takes_a_list and ((depth == 1 and kind in ("COMMA", "SEMICOLON")) or (depth == 2 and kind == "LSQB")):
            return
        if depth == 0:
            break
    first, final = draft.pieces[index + 1], draft.pieces[last]
    edits = (TextEdit(first.span, "("), TextEdit(final.span, ")"))
    message = f"A function takes round brackets: {example(draft.pieces[index])}."
    raise Trouble(message, first.span, final.span, edits=edits)


def _refuse_empty(draft: Draft, index: int) -> None:
    """Refuse empty brackets, unless they are a method's (`x.sum()`)."""
    if draft.kind(index - 2) == "METHOD" and draft.kind(index) == "RPAR":
        return
    span = Span(draft.pieces[index - 1].start, draft.pieces[index].end)
    raise Trouble("There is nothing between these brackets.", span)


def _entrywise_power(draft: Draft, sign: int) -> Trouble:
    """What to say about `A^{∘2}`."""
    return Trouble("A power entry by entry is written with **: A**2.", draft.pieces[sign].span)


def _nothing_after(draft: Draft, index: int) -> Trouble:
    piece, after = draft.pieces[index], draft.kind(index + 1)
    if piece.kind == "CARET" and after == "STAR" and draft.pieces[index + 1].text == "⊙":
        return _entrywise_power(draft, index + 1)
    if piece.kind == "MINUS" and after == "TRANSPOSE":
        return Trouble("The transposed inverse is written inv(A).T.", draft.pieces[index + 1].span)
    if after in INFIX:
        other = draft.pieces[index + 1]
        span = Span(piece.start, other.end)
        if not other.gap and piece.text + other.text in ("/*", "*/", "***", "^^", "@@"):
            return Trouble(f"There is no sign {piece.text}{other.text}.", span)
        if piece.text == other.text == "*":
            message = "A power is written ** without a space in between."
            return Trouble(message, span, edits=(TextEdit(Span(piece.end, other.start), ""),))
        return Trouble(f"Something is missing between {piece.text} and {other.text}.", span)
    if piece.kind == "CARET" and after == "RAISE":
        message = "A raised character needs no ^ in front."
        return Trouble(message, piece.span, edits=(TextEdit(piece.span, ""),))
    if piece.kind == "SEMICOLON" and not after:
        return Trouble("Leave out the ; at the end.", piece.span, edits=(TextEdit(piece.span, ""),))
    if piece.kind == "COMMA" and (not after or after in _CLOSES):
        return Trouble("Leave out the comma at the end.", piece.span, edits=(TextEdit(piece.span, ""),))
    return Trouble(f"Something is missing after the {_NAMES.get(piece.kind, piece.text)}.", piece.span)


def _nothing_before(piece: Piece) -> Trouble:
    if piece.kind == "RAISE":
        return Trouble("There is nothing to raise to this power.", piece.span)
    if piece.kind == "TRANSPOSE":
        return Trouble("There is nothing to transpose here.", piece.span)
    return Trouble(f"Something is missing before the {_NAMES.get(piece.kind, piece.text)}.", piece.span)


def _check_keywords(draft: Draft) -> None:
    """`axis=0` belongs in the brackets of a function, and = nowhere else inside brackets."""
    called = [False]
    for index, piece in enumerate(draft.pieces):
        if piece.kind in ("LPAR", "LSQB"):
            called.append(piece.kind == "LPAR" and draft.kind(index - 1) in ("FUNCTION", "METHOD"))
        elif piece.kind in ("RPAR", "RSQB"):
            called.pop()
        elif piece.kind == "EQUALS" or (piece.kind == "KEYWORD" and not called[-1]):
            raise Trouble("There is an = inside brackets. Only an option such as axis=0 has one.", piece.span)
    draft.pieces = [piece for piece in draft.pieces if piece.kind != "IS"]


_OPENS, _CLOSES = ("LPAR", "LSQB", "RAISE"), ("RPAR", "RSQB", "LOWER")


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
        if piece.kind in _CLOSES:
            _settle(pieces, inside.pop(), square.pop(), spaced)
        inside[-1].append(index)
        if piece.kind in _OPENS:
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


_CALLED = ("FUNCTION", "METHOD")


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


def note_products_beside_comparisons(draft: Draft) -> None:
    """Ask for an echo of `u * z > 0`, which compares the product: u * (z > 0) may be meant."""
    if not holds(draft.pieces, ("COMPARE",)):
        return
    levels: list[set[str]] = [set()]
    for piece in draft.pieces:
        if piece.kind in _CLOSES:
            levels.pop()
        levels[-1].add(piece.kind)
        if piece.kind in _OPENS:
            levels.append(set())
        elif "COMPARE" in levels[-1] and not levels[-1].isdisjoint(("STAR", "AT")):
            draft.echo = True


def arranged(draft: Draft) -> list[Piece]:
    """The pieces ready for the grammar. Raises Trouble with a sentence wherever one can be found here."""
    check_positions(draft.pieces, draft.vocabulary)
    take_subscripts(draft)
    refuse_split_numbers(draft)
    look_up_words(draft)
    check_brackets(draft.pieces)
    take_powers_of_functions(draft)
    gather_lists(draft)
    check_operands(draft)
    check_commas(draft)
    note_products_beside_comparisons(draft)
    mark_functions(draft)
    pair_bars(draft)
    close_squared_norms(draft)
    separate_entries(draft)
    write_negative_numbers(draft)
    note_powers_before_quotients(draft)
    write_products(draft)
    return draft.pieces
