"""Brackets and bars: each with its partner, and what is said of one that has none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import (
    CLOSING_BRACKETS,
    DEEPEST_NESTING,
    ENDS_OPERAND,
    INFIX,
    MOST_BARS,
    OPENING_BRACKETS,
    RAISES,
    SIGNS,
    STARTS_OPERAND,
    Draft,
    Piece,
    holds,
)
from tutor.language.tree import Span

_CLOSING = {"LPAR": ")", "LSQB": "]"}
_OPENING = {"RPAR": "(", "RSQB": "["}
_PAIRS = {"RPAR": "LPAR", "RSQB": "LSQB", "LOWER": "RAISE"}


def check_brackets(pieces: list[Piece]) -> None:
    """Raise Trouble for a bracket without a partner, and for nesting that is too deep."""
    waiting: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.kind in _CLOSING or piece.kind == "RAISE":
            waiting.append(index)
            if len(waiting) > DEEPEST_NESTING:
                raise Trouble(f"Brackets are nested more than {DEEPEST_NESTING} deep.", piece.span)
        elif piece.kind in _PAIRS:
            if not waiting:
                raise _unopened(pieces, index)
            opener = pieces[waiting.pop()]
            if opener.kind != _PAIRS[piece.kind]:
                raise _crossed(pieces, opener, piece)
    if waiting:
        raise _unclosed(pieces, waiting)


def _unopened(pieces: list[Piece], index: int) -> Trouble:
    piece = pieces[index]
    opening = _OPENING[piece.kind]
    edits: tuple[TextEdit, ...] | None = None
    if index and not any(other.kind in _OPENING for other in pieces[index + 1 :]):
        start = Span(pieces[0].start, pieces[0].start)
        last = index == len(pieces) - 1 and opening == "("
        edits = (TextEdit(piece.span, ""),) if last else (TextEdit(start, opening),)
    places = [edit.span for edit in edits or () if edit.text]
    return Trouble(f"This {piece.text} has no {opening} before it.", *places, piece.span, edits=edits)


def _crossed(pieces: list[Piece], opener: Piece, closer: Piece) -> Trouble:
    if "RAISE" in (opener.kind, closer.kind) or "LOWER" in (opener.kind, closer.kind):
        return Trouble("A bracket in the raised part has no partner there.", opener.span, closer.span)
    square = [piece for piece in pieces if piece.kind in ("LSQB", "RSQB")]
    edits = None
    if len(square) == 1:
        edits = (TextEdit(square[0].span, "(" if square[0].kind == "LSQB" else ")"),)
    message = f"The {opener.text} is closed by {closer.text}. Brackets close in pairs of the same kind."
    return Trouble(message, opener.span, closer.span, edits=edits)


def _unclosed(pieces: list[Piece], waiting: list[int]) -> Trouble:
    at = waiting[-1]
    opener = pieces[at]
    if opener.kind == "RAISE":
        return Trouble("A bracket in the raised part has no partner there.", opener.span)
    closing = _CLOSING[opener.kind]
    end = Span(pieces[-1].end, pieces[-1].end)
    edits = None
    if all(pieces[each].kind in _CLOSING and _ends_at_the_end(pieces, each) for each in waiting):
        edits = (TextEdit(end, "".join(_CLOSING[pieces[each].kind] for each in reversed(waiting))),)
    return Trouble(f"This {opener.text} is never closed: a {closing} is missing.", opener.span, end, edits=edits)


def _ends_at_the_end(pieces: list[Piece], at: int) -> bool:
    """Whether the end of the text is the only sensible place for the missing bracket."""
    if pieces[-1].kind in INFIX | SIGNS | {"COMMA", "SEMICOLON"}:
        return False
    if pieces[at].kind == "LSQB":
        return True
    called = at > 0 and pieces[at - 1].kind == "FUNCTION"
    depth = 0
    operators = []
    before = ""
    for piece in pieces[at + 1 :]:
        depth += (piece.kind in _CLOSING) - (piece.kind in _OPENING)
        if depth == 0 and (piece.kind in INFIX or (piece.kind in SIGNS and before in ENDS_OPERAND)):
            operators.append(piece.kind)
        before = piece.kind
    additive = sum(kind in SIGNS for kind in operators)
    return additive == 0 or (additive == 1 and not called and operators[-1] in SIGNS)


_MOST_STEPS = 2_000
_BARS = ("BAR", "BARS")
_SEPARATORS = ("COMMA", "SEMICOLON")


@dataclass(slots=True)
class _Bar:
    """One bar and the kinds of its neighbours. `touches` tells that the piece before it is a bar too."""

    piece: Piece
    index: int
    kind: str
    before: str
    after: str
    gap_after: bool
    touches: bool

    def may_open(self, closed_before: bool, strict: bool) -> bool:
        """Whether something to bracket follows. Strictly, a sign after an operand is no such thing."""
        if self.after in SIGNS:
            return not (strict and (self.before in ENDS_OPERAND or closed_before))
        return self.after in STARTS_OPERAND or self.after in _BARS

    def may_close(self, closed_before: bool) -> bool:
        """Whether something bracketed stands before."""
        return closed_before if self.touches else self.before in ENDS_OPERAND


def pair_bars(draft: Draft) -> None:
    """Turn every bar into an opening or a closing one. Raises Trouble when they do not pair up in one way."""
    if not holds(draft.pieces, _BARS):
        return
    replaced: dict[int, list[Piece]] = {}
    for group in _groups(draft.pieces):
        bars = [_bar(draft, index) for index in group]
        if len(bars) > MOST_BARS:
            raise Trouble("There are too many bars here. Write abs(x) for an absolute value.", bars[0].piece.span)
        _pair_group(draft, bars, replaced)
    draft.pieces = [new for index, piece in enumerate(draft.pieces) for new in replaced.get(index, [piece])]


def _groups(pieces: list[Piece]) -> Iterator[list[int]]:
    """The bars between the same brackets and commas, together: only these can pair up."""
    levels: list[list[int]] = [[]]
    for index, piece in enumerate(pieces):
        if piece.kind in _BARS:
            levels[-1].append(index)
        elif piece.kind in OPENING_BRACKETS:
            levels.append([])
        elif piece.kind in _SEPARATORS:
            yield levels[-1]
            levels[-1] = []
        elif piece.kind in CLOSING_BRACKETS:
            yield levels.pop()
    yield levels[-1]


def _bar(draft: Draft, index: int) -> _Bar:
    before, after = draft.kind(index - 1), draft.kind(index + 1)
    gap_after = bool(after) and draft.pieces[index + 1].gap
    piece = draft.pieces[index]
    return _Bar(piece, index, piece.kind, before, after, gap_after, before in _BARS)


def _pair_group(draft: Draft, bars: list[_Bar], replaced: dict[int, list[Piece]]) -> None:
    """Find the one way to pair these bars and note the pieces that take their places."""
    for candidate in (bars, _halved(bars)):
        for strict in (True, False):
            ways = _Search(candidate, strict=strict).ways()
            if len(ways) > 1:
                draft.echo = True
                ways = _Search(candidate, strict=strict, spaced=True).ways()
                if len(ways) != 1:
                    spans = (bar.piece.span for bar in bars)
                    raise Trouble("These bars can be paired in two ways. Write abs(x) instead of |x|.", *spans)
            for bar, opens in zip(candidate, ways[0] if ways else (), strict=bool(ways)):
                kind = ("BAR" if bar.kind == "BAR" else "NORM") + ("_OPEN" if opens else "_CLOSE")
                replaced.setdefault(bar.index, []).append(replace(bar.piece, kind=kind))
            if ways:
                return
    raise _unpaired(bars)


def _halved(bars: list[_Bar]) -> list[_Bar]:
    """The same bars with every || taken for two single ones; one character (‖) stays what it is."""
    halves: list[_Bar] = []
    for bar in bars:
        piece = bar.piece
        if bar.kind == "BARS" and piece.end - piece.start == 2:
            left = replace(piece, kind="BAR", text="|", end=piece.start + 1)
            right = replace(piece, kind="BAR", text="|", start=piece.start + 1, gap=False)
            halves.append(replace(bar, piece=left, kind="BAR", after="BAR", gap_after=False))
            halves.append(replace(bar, piece=right, kind="BAR", before="BAR", touches=True))
        else:
            halves.append(bar)
    return halves


class _Search:
    """Up to two ways to open and close these bars. `spaced` lets a space on one side of a bar decide."""

    def __init__(self, bars: list[_Bar], *, strict: bool, spaced: bool = False) -> None:
        self.bars = bars
        self.strict = strict
        self.spaced = spaced
        self.found: list[tuple[bool, ...]] = []
        self.hopeless: set[tuple[int, tuple[str, ...], bool]] = set()
        self.steps = 0

    def ways(self) -> list[tuple[bool, ...]]:
        """Each way is one truth value a bar: whether it opens."""
        self.explore((), (), closed=False)
        return self.found

    def explore(self, way: tuple[bool, ...], waiting: tuple[str, ...], *, closed: bool) -> bool:
        """Try both roles for the next bar; `waiting` are the open ones. Returns whether a way was found."""
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise Trouble("These bars are hard to pair up. Write abs(x) instead of |x|.", self.bars[0].piece.span)
        at = len(way)
        if at == len(self.bars):
            if not waiting:
                self.found.append(way)
            return not waiting
        state = (at, waiting, closed)
        if state in self.hopeless or len(waiting) > len(self.bars) - at:
            return False
        bar = self.bars[at]
        closed_before = bar.touches and closed
        hope = False
        if waiting and waiting[-1] == bar.kind and bar.may_close(closed_before) and self.fits(bar, opens=False):
            hope = self.explore((*way, False), waiting[:-1], closed=True)
        if len(self.found) < 2 and bar.may_open(closed_before, self.strict) and self.fits(bar, opens=True):
            hope = self.explore((*way, True), (*waiting, bar.kind), closed=False) or hope
        if not hope:
            self.hopeless.add(state)
        return hope

    def fits(self, bar: _Bar, *, opens: bool) -> bool:
        """A space on one side only tells which way a bar faces, where spaces may decide."""
        if not self.spaced or bar.piece.gap == bar.gap_after:
            return True
        return bar.piece.gap == opens


def _unpaired(bars: list[_Bar]) -> Trouble:
    first = bars[0]
    sign = first.piece.text
    if len(bars) == 1 and first.before in ENDS_OPERAND and first.after in STARTS_OPERAND:
        pair = "An absolute value is written |x|" if sign == "|" else "A norm is written ||v||"
        return Trouble(f"A single {sign} between two things has no meaning. {pair}.", first.piece.span)
    spans = (bar.piece.span for bar in bars)
    if len(bars) % 2 == 0 or (len(bars) == 1 and sign == "||" and not first.after and not first.before):
        return Trouble("These bars do not pair up around something.", *spans)
    example = "|x|" if sign == "|" else "||v||"
    return Trouble(f"This bar has no partner: {example} has one on each side.", bars[-1].piece.span)


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
            raised_again = shape[0] == "CARET" and draft.kind(index + len(shape)) in RAISES
            two = draft.pieces[index + shape.index("NUMBER")].text == "2"
            return len(shape) if two and not raised_again else 0
    return 0
