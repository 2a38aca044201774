"""Entries in square brackets, `X[:, 0]`, as NumPy has them: from pieces to positions, and back to text.

A bracket that follows an array without a gap becomes one piece, before anything else is read; so signs and words that
mean something only in there, `:`, `None` and `range`, are known nowhere else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tutor.language.errors import Trouble
from tutor.language.tokenizer import MOST_POSITIONS, Draft, Piece, holds
from tutor.language.tree import NOWHERE, Apply, Entry, Expression, Matrix, Name, Number, Positions, Span, Stretch
from tutor.language.vocabulary import Vocabulary

COUNTED = "counted"
"""The operation of `range(len(y))` before the shapes are known: the positions of all entries of its argument."""

_OPERANDS = frozenset(("RPAR", "RSQB", "TRANSPOSE", "LOWER", "RANGLE", "ENTRIES"))
_NEEDS_BRACKETS = frozenset(("RSQB", "BAR_CLOSE", "NORM_CLOSE", "SQUARED_NORM_CLOSE"))
_NOT_INDEXED = frozenset(("e", "pi", "π", "np", "numpy", "math", "torch"))
_RANGES = frozenset(("range", "arange"))
_HOW = "Write x[0], X[1, 2], X[:, 0] or x[1:3]."


@dataclass(frozen=True, slots=True)
class Numbered:
    """The positions that an array of the exercise holds: the `idx` of `E[idx]`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Counting:
    """`range(len(y))`, or `range(n)` where n is no number: as many as `of` has, or as the positions beside it."""

    of: str
    span: Span


Place = Entry | Numbered | Counting


def take_entries(pieces: list[Piece], vocabulary: Vocabulary) -> list[Piece]:
    """The pieces with every bracket of entries as one. Raises Trouble for positions that cannot be read."""
    if not holds(pieces, ("LSQB",)):
        return pieces
    kept: list[Piece] = []
    at = depth = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "LSQB" and _holds_entries(kept, piece, vocabulary, in_a_list=depth > 0):
            end = _closing(pieces, at)
            if end:
                places = _places(pieces[at + 1 : end], Span(piece.start, pieces[end].end))
                kept.append(Piece("ENTRIES", "[", piece.start, pieces[end].end, entries=places))
                at = end + 1
                continue
        depth += (piece.kind == "LSQB") - (piece.kind == "RSQB")
        kept.append(piece)
        at += 1
    return kept


def _holds_entries(before: Sequence[Piece], piece: Piece, vocabulary: Vocabulary, *, in_a_list: bool) -> bool:
    """Whether a bracket opens entries of what is before it."""
    if not before or piece.gap:
        return False
    last = before[-1]
    if last.kind == "WORD":
        function = last.text in vocabulary.functions and last.text not in vocabulary.names
        return not function and (last.text in vocabulary.names or last.text not in _NOT_INDEXED)
    if last.kind == "ATTRIBUTE":
        return last.text == "T"
    if last.kind == "RSQB":
        return not in_a_list  # [[1, 2][3, 4]] are two rows
    return last.kind in _OPERANDS


def _closing(pieces: Sequence[Piece], opener: int) -> int:
    """Where the bracket closes; 0 where it does not."""
    depth = 0
    for at in range(opener, len(pieces)):
        depth += (pieces[at].kind in ("LSQB", "LPAR")) - (pieces[at].kind in ("RSQB", "RPAR"))
        if depth == 0:
            return at if pieces[at].kind == "RSQB" else 0
    return 0


def _places(inside: Sequence[Piece], span: Span) -> tuple[Place, ...]:
    if not inside:
        raise Trouble(f"Which entry? {_HOW}", span)
    if any(
        piece.kind in ("COMPARE", "AND", "OR") or piece.text in ("<", ">", "<=", ">=", "==", "!=") for piece in inside
    ):
        message = "A condition picks no entries here. Multiply with it, or write where(x > 0, x, 0)."
        raise Trouble(message, span)
    return tuple(_place(part, span) for part in _parts(inside))


def _parts(inside: Sequence[Piece]) -> list[list[Piece]]:
    """What commas separate that no bracket encloses."""
    parts: list[list[Piece]] = [[]]
    depth = 0
    for piece in inside:
        depth += (piece.kind in ("LSQB", "LPAR")) - (piece.kind in ("RSQB", "RPAR"))
        if piece.kind == "COMMA" and not depth:
            parts.append([])
        else:
            parts[-1].append(piece)
    if len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts


def _place(part: Sequence[Piece], around: Span) -> Place:
    if not part:
        raise Trouble("Between the commas a position is missing.", around)
    span = Span(part[0].start, part[-1].end)
    texts = [piece.text for piece in part]
    if part[0].text in ("np", "numpy", "torch") and len(part) > 1:
        return _place(_without_package(part), around)
    if ":" in texts:
        return _stretch(part, span)
    if texts == ["None"] or texts == ["newaxis"]:
        return None
    if texts == [".", ".", "."]:
        return ...
    if (whole := _whole(part)) is not None:
        return whole
    if texts[0] == "[" and texts[-1] == "]":
        return _list(part[1:-1], span)
    if texts[0] == "array" and texts[1:3] == ["(", "["] and texts[-2:] == ["]", ")"]:
        return _list(part[3:-2], span)
    if texts[0] in _RANGES and len(texts) > 3 and (texts[1], texts[-1]) == ("(", ")"):
        return _range(part[2:-1], span)
    if len(part) == 1 and part[0].kind == "WORD" and texts[0].isprintable():
        return Numbered(texts[0], span)
    raise Trouble(f"A position is a whole number, counted from 0. {_HOW}", span)


def _without_package(part: Sequence[Piece]) -> list[Piece]:
    first = part[1]
    word = Piece("WORD", first.text, first.start, first.end, first.gap)
    return [word, *part[2:]]


def _whole(part: Sequence[Piece]) -> int | None:
    """The whole number that these pieces are; None where they are something else."""
    digits = part[-1].text if part and part[-1].kind == "NUMBER" else ""
    if not digits.isdecimal() or len(digits) > 9 or [piece.kind for piece in part[:-1]] not in ([], ["MINUS"]):
        return None
    return int(digits) if len(part) == 1 else -int(digits)


def _stretch(part: Sequence[Piece], span: Span) -> Stretch:
    ends: list[list[Piece]] = [[]]
    for piece in part:
        if piece.text == ":":
            ends.append([])
        else:
            ends[-1].append(piece)
    values = [_whole(end) for end in ends]
    if len(ends) > 3 or any(end and value is None for end, value in zip(ends, values, strict=True)):
        raise Trouble("Around the : of a slice are whole numbers, or nothing: x[1:3], x[1:], x[:-1].", span)
    start, stop, *step = values
    if step and step[0] == 0:
        raise Trouble("The step of a slice is not 0.", span)
    return Stretch(start, stop, step[0] if step and step[0] != 1 else None)


def _list(inside: Sequence[Piece], span: Span) -> tuple[int, ...]:
    numbers = [_whole(part) for part in _parts(inside)]
    if None in numbers or not numbers:
        raise Trouble("A list of positions holds whole numbers, counted from 0: [2, 0].", span)
    return tuple(number for number in numbers if number is not None)


def _range(inside: Sequence[Piece], span: Span) -> tuple[int, ...] | Counting:
    count = _whole(inside)
    if count is not None:
        if not 0 < count <= MOST_POSITIONS:
            raise Trouble(f"A range has 1 to {MOST_POSITIONS:,} positions.", span)
        return tuple(range(count))
    texts = [piece.text for piece in inside]
    if texts[0] == "len" and len(texts) == 4 and inside[2].kind == "WORD":
        return Counting(texts[2], span)
    if inside[0].kind == "WORD" and texts[1:] in (["size"], ["shape", "[", "0", "]"]):
        return Counting(texts[0], span)
    if len(texts) == 1 and inside[0].kind == "WORD":
        return Counting("", span)
    raise Trouble("Write range(3) with the number of rows, or range(len(y)).", span)


def check_positions(pieces: Sequence[Piece], vocabulary: Vocabulary) -> None:
    """Raise Trouble for a position by a name that is not known."""
    for piece in pieces:
        if piece.kind != "ENTRIES" or vocabulary.open_names or not isinstance(piece.entries, tuple):
            continue
        for place in piece.entries:
            name = place.name if isinstance(place, Numbered) else place.of if isinstance(place, Counting) else ""
            if name and name not in vocabulary.names:
                raise Trouble(f"The position {name} is not known here. {_HOW}", place.span)


def entries_of(inner: Expression, places: Sequence[Place], span: Span) -> Expression:
    """The operation that takes these entries. Raises Trouble for places that do not go together."""
    if not any(isinstance(place, Numbered | Counting) for place in places):
        at = tuple(place for place in places if not isinstance(place, Numbered | Counting))
        return Apply("index", (inner,), (("at", at),), span, "[")
    if len(places) == 1 and isinstance(places[0], Numbered):
        return Apply("gather", (inner, Name(places[0].name, places[0].span)), (), span, "[")
    if len(places) == 2 and not any(isinstance(place, Stretch) or place in (None, ...) for place in places):
        first, second = (_positions(place, other) for place, other in (places, places[::-1]))
        return Apply("pick", (inner, first, second), (), span, "[")
    message = "An array of positions is alone, as in E[idx], or beside another, as in P[range(3), y]."
    raise Trouble(f"{message} Columns are E.T[idx].T.", span)


def _positions(place: Place, beside: Place) -> Expression:
    """One of two places as an expression."""
    match place:
        case Numbered(name, span):
            return Name(name, span)
        case Counting(of, span):
            counted = Name(of, span) if of else _positions(beside, 0)
            if isinstance(beside, Counting) and not of:
                raise Trouble("Write range(3) with the number of rows.", span)
            return Apply(COUNTED, (counted,), (), span, "range" if of else "range of")
        case tuple():
            return vector_of(place)
    assert isinstance(place, int)
    return _number(place)


def vector_of(numbers: Sequence[int], span: Span = NOWHERE) -> Matrix:
    """A literal of these whole numbers."""
    return Matrix((tuple(map(_number, numbers)),), True, span)


def _number(value: int) -> Number:
    return Number(Fraction(value), str(value))


def positions_text(at: Positions) -> str:
    """What is in the square brackets, as NumPy and the reader take it: `:, 0`, `range(2), [2, 0]`."""
    return ", ".join(_entry_text(entry, several=len(at) > 1) for entry in at)


def _entry_text(entry: Entry, *, several: bool) -> str:
    match entry:
        case Stretch(start, stop, step):
            first, last = ("" if end is None else str(end) for end in (start, stop))
            return f"{first}:{last}" if step is None else f"{first}:{last}:{step}"
        case tuple() if several and len(entry) > 1 and entry == tuple(range(len(entry))):
            return f"range({len(entry)})"
        case tuple():
            return str(list(entry))
        case _:
            return "..." if entry is ... else str(entry)


def check_list_behind(before: Piece, bracket: int, draft: Draft) -> None:
    """Raise Trouble for `x [0]` and `|x|[0]`, which may be an entry or a product."""
    arrays = draft.vocabulary.arrays
    opener = draft.pieces[bracket]
    span = Span(before.start, opener.end)
    if not opener.gap and before.kind in _NEEDS_BRACKETS:
        raise Trouble("For an entry put round brackets around the array, ( )[0]; for a product write *.", span)
    if not opener.gap or arrays is None or _holds_comparison(draft, bracket):
        return
    single = draft.kind(bracket + 1) == "NUMBER" and draft.kind(bracket + 2) == "RSQB"
    if before.kind == "NAME" and arrays.of.get(before.text):
        raise _spaced(before.text, span)
    if single and before.kind in _OPERANDS:
        raise _spaced("( )", span)


def _holds_comparison(draft: Draft, bracket: int) -> bool:
    """Whether Iverson's brackets begin there: `h' [z > 0]`."""
    behind = next((at for at in range(bracket, len(draft.pieces)) if draft.kind(at) == "RSQB"), bracket)
    return any(draft.kind(at) == "COMPARE" for at in range(bracket, behind))


def _spaced(name: str, span: Span) -> Trouble:
    message = f"Write {name}[0] for an entry, without a space, or {name}*[0] for a product."
    return Trouble(f"{message} Arrays are joined with concatenate([a, b]).", span)
