"""Reads what a learner typed: an expression, an equation or a function. Raises only `Unreadable`.

What few texts need is loaded when one needs it: Lark at the first text, then LaTeX, products of arrays, subscripts, and
what is said about unknown words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from tutor.language.brackets import check_brackets, close_squared_norms, pair_bars
from tutor.language.calls import mark_functions, take_powers_of_functions
from tutor.language.characters import cleaned, letters_of, looks_like_latex
from tutor.language.comparisons import read_indicators
from tutor.language.entries import COUNTED, check_positions, take_entries
from tutor.language.errors import TextEdit, Trouble, Unreadable, edited, edited_with_places, inserted, plainly
from tutor.language.lists import (
    braces_as_brackets,
    check_commas,
    gather_lists,
    lines_as_rows,
    separate_entries,
    without_settings,
)
from tutor.language.name_resolution import look_up_words
from tutor.language.notation import (
    Otherwise,
    read_decimal_comma,
    refuse_foreign_symbols,
    refuse_raised_points,
    refuse_split_numbers,
    write_negative_numbers,
)
from tutor.language.operands import (
    check_operands,
    note_powers_before_quotients,
    note_products_beside_comparisons,
    write_products,
)
from tutor.language.printer import explained, show, typed
from tutor.language.subscripts import ENTRY, INDEX_AS_NUMBER, OVER, take_subscripts
from tutor.language.tokenizer import (
    DEEPEST_NESTING,
    MOST_CHARACTERS,
    MOST_CHARACTERS_OF_A_FUNCTION,
    Draft,
    Piece,
    Sides,
    equals_signs,
    holds,
    make_room,
    scan,
)
from tutor.language.tree import Apply, Equation, Expression, Function, Matrix, Name, Span, children, names_in, walk
from tutor.language.vocabulary import Vocabulary

__all__ = ["Reading", "Unreadable", "prepare", "read_equation", "read_expression", "read_function"]

T = TypeVar("T")

_CHAINS = {"add": "sum", "sub": "sum", "mul": "product", "div": "product", "matmul": "product"}

_NO_TARGET = Piece("WORD", "", 0, 0)
_MOST_SLIPS = 8
"""Slips that are mended in one text."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """A tree and the text it was read from. `echo` says how it was read, when not typed literally."""

    tree: T
    text: str
    echo: str | None = None


def prepare() -> None:
    """Load the grammar now, so that the first text is read as fast as the rest."""
    from tutor.language.parser import parsed

    parsed([Piece("NUMBER", "1", 0, 1)])


def read_expression(text: str, vocabulary: Vocabulary) -> Reading[Expression]:
    """The expression in `text`. Raises Unreadable."""

    def read(text: str) -> Reading[Expression]:
        pieces, rewritten = _pieces(text, vocabulary, MOST_CHARACTERS, bare_rows=True)
        tree, echo = _understood(_only_side(pieces, text), vocabulary, rewritten=rewritten)
        return Reading(tree, text, _unless_typed("", echo, text))

    return _reported(text, read)


def read_entrywise(text: str, vocabulary: Vocabulary) -> Otherwise | None:
    """What a text says if its products without a sign are meant entry by entry; None where that is no other reading.

    Raises Unreadable.
    """
    arrays = vocabulary.arrays
    if arrays is None or not any(arrays.of.values()):
        return None
    read = read_expression(text, vocabulary).tree
    meant = read_expression(text, replace(vocabulary, arrays=replace(arrays, prefers_entrywise=True))).tree
    said = f"{show(read)} is how this is read. If a product entry by entry is meant, write {typed(meant)}."
    return None if read == meant else Otherwise(typed(meant), said)


def read_equation(text: str, vocabulary: Vocabulary) -> Reading[Equation]:
    """The equation in `text`, such as `a = x + y`; its target may be a new name. Raises Unreadable."""

    from tutor.language.equation_sides import equation_sides
    from tutor.language.latex import accented_name

    accented = accented_name(text.partition("=")[0].rstrip(": "))  # `ŷ`: letters with accents are read where declared
    is_new = bool(accented) and accented not in vocabulary.names
    words = vocabulary.with_names(accented) if is_new else vocabulary

    def read(text: str) -> Reading[Equation]:
        pieces, rewritten = _pieces(text, words, MOST_CHARACTERS)
        sides = equation_sides(pieces, text, words)
        tree, echo = _understood(sides, words, rewritten=rewritten)
        if is_new and accented in names_in(tree):
            raise Trouble(f"This line defines {accented}, so {accented} cannot be used on the right too.", tree.span)
        target = Name(sides.target.text, sides.target.span)
        return Reading(Equation(target, tree), text, _unless_typed(f"{target.name} = ", echo, text))

    return _reported(text, read)


def read_function(text: str, vocabulary: Vocabulary) -> Reading[Function]:
    """The function in `text`, such as `f(x, y) = x y`; names are its parameters, and those known. Raises Unreadable."""

    from tutor.language.equation_sides import function_sides

    def read(text: str) -> Reading[Function]:
        pieces, rewritten = _pieces(text, vocabulary, MOST_CHARACTERS_OF_A_FUNCTION)
        sides = function_sides(pieces, vocabulary)
        own = replace(vocabulary, names=vocabulary.names.union(sides.parameters), open_names=False)
        tree, echo = _understood(sides, own, rewritten=rewritten)
        name = sides.target.text
        left = f"{name}({', '.join(sides.parameters)}) = "
        return Reading(Function(name, sides.parameters, tree), text, _unless_typed(left, echo, text))

    return _reported(text, read)


def read_name(text: str) -> str:
    """The one name that a text is, as the language spells it: w_1 for `w₁`, ε for `ϵ`, W_hh for `W_{hh}`; or ""."""
    from tutor.language.latex import accented_name

    declared = accented_name(text)
    words = Vocabulary({}, frozenset((declared,)) if declared else frozenset(), open_names=True)
    try:
        tree = read_expression(text, words).tree
    except Unreadable:
        return ""
    return tree.name if isinstance(tree, Name) else ""


def _reported(text: str, read: Callable[[str], Reading[T]]) -> Reading[T]:
    try:
        return read(text)
    except Trouble as trouble:
        return _read_with_certain_edits(text, trouble, read)


def _read_with_certain_edits(text: str, trouble: Trouble, read: Callable[[str], Reading[T]]) -> Reading[T]:
    """The reading of a text that certain edits leave its only meaning. Raises Unreadable for any other trouble."""
    now, places = text, list(range(len(text) + 1))
    for _ in range(_MOST_SLIPS):
        if not trouble.certain or trouble.edits is None:
            break
        now, places = edited_with_places(now, trouble.edits, places)
        try:
            reading = read(now)
        except Trouble as left:
            trouble = left
        else:
            return replace(reading, echo=reading.echo or plainly(now))
    spans = trouble.spans or (Span(0, len(now)),)
    typed_at = tuple(
        Span(places[span.start], places[max(span.start, span.end - 1)] + (span.end > span.start)) for span in spans
    )
    said = trouble.message
    if trouble.advice and _leads_on(now, trouble, read):
        said = f"{said} {trouble.advice}"
    raise Unreadable(said, text, typed_at, _repaired(now, trouble, read)) from None


def _leads_on(text: str, trouble: Trouble, read: Callable[[str], Reading[T]]) -> bool:
    """Whether what is advised can be read: any trouble that is left is elsewhere in the text."""
    if trouble.edits is None:
        return True
    try:
        read(edited(text, trouble.edits))
    except Trouble as left:
        places = inserted(trouble.edits)
        return not any(a.start < b.end and b.start < a.end for a in left.spans for b in places)
    return True


def _repaired(text: str, trouble: Trouble, read: Callable[[str], Reading[T]]) -> str | None:
    """The text with its slips mended one after the other; None unless that leads to a text that reads."""
    for _ in range(_MOST_SLIPS):
        if trouble.edits is None:
            return None
        text = edited(text, trouble.edits)
        try:
            read(text)
        except Trouble as next_trouble:
            trouble = next_trouble
        else:
            return text
    return None


def _pieces(text: str, vocabulary: Vocabulary, most: int, *, bare_rows: bool = False) -> tuple[list[Piece], bool]:
    """The text's pieces, and whether they were rewritten: from LaTeX, or from another dress of a list."""
    if len(text) > most:
        raise Trouble(f"This is {len(text):,} characters long; at most {most:,} are allowed.", Span(most, len(text)))
    source = cleaned(text, letters_of(vocabulary.names))
    rewritten = looks_like_latex(source.clean)
    if rewritten:
        from tutor.language.latex import without_latex

        source = without_latex(source, vocabulary)
    typed_pieces = scan(source, vocabulary.spelled)
    pieces = read_decimal_comma(typed_pieces)
    rewritten |= pieces is not typed_pieces
    pieces = take_entries(read_indicators(pieces, vocabulary), vocabulary)
    if not pieces:
        raise Trouble("There is nothing here yet.", Span(0, 0))
    if len(pieces) > most:
        raise Trouble(f"This has {len(pieces):,} symbols; at most {most:,} are allowed.", pieces[most].span)
    refuse_raised_points(pieces, source.text)
    in_braces, printed = braces_as_brackets(pieces), without_settings(pieces)
    pieces, rows = lines_as_rows(pieces, bare=bare_rows)
    return pieces, rewritten or in_braces or printed or rows


def _only_side(pieces: list[Piece], text: str) -> Sides:
    """The whole text as an expression. Raises Trouble when it is an equation."""
    refuse_foreign_symbols(pieces)
    signs = equals_signs(pieces)
    if not signs:
        return Sides(_NO_TARGET, (), pieces)
    at = signs[0]
    span = pieces[at].span
    right = text[span.end :].strip()
    if len(signs) > 1 or not right or not _looks_defined(pieces[:at]):
        raise _not_one_side(text, pieces[signs[-1]].span)
    message = "This is an equation; an expression is needed. Give only the right-hand side: "
    edits = (TextEdit(Span(0, span.end), ""),)
    raise Trouble(message + plainly(right), span, edits=edits, certain=at == 0)


def _not_one_side(text: str, last: Span) -> Trouble:
    """What to say to `5/2 = 2.5`, and to `a = b = c`; `last` is the last of the signs."""
    result = text[last.end :].strip()
    if not result:
        return Trouble("This is an equation; give an expression instead.", last)
    message = f"This is an equation; give one side of it instead, such as {plainly(result)}."
    return Trouble(message, last, edits=(TextEdit(Span(0, last.end), ""),))


def _looks_defined(left: list[Piece]) -> bool:
    """Whether the left-hand side may only say what is given: nothing, `y`, `f(x)` or `dL/dw`."""
    if not left:
        return True
    named = left[0].kind == "WORD"
    fraction = len(left) == 3 and left[1].kind == "SLASH" and left[2].kind == "WORD"
    return named and (len(left) == 1 or left[1].kind == "LPAR" or fraction)


def _arranged(draft: Draft) -> list[Piece]:
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


def _understood(sides: Sides, vocabulary: Vocabulary, *, rewritten: bool) -> tuple[Expression, str | None]:
    """The tree of the right-hand side, and how it was read when that is worth saying."""
    from tutor.language.parser import parsed  # the only way Lark comes in; importing it takes a while

    draft = Draft(sides.right, vocabulary, sides.target.text, echo=rewritten)
    tree = parsed(_arranged(draft))
    _check_depth(tree)
    listed = holds(draft.pieces, ("LSQB", "SEMICOLON"))
    arrays = vocabulary.arrays
    numbers = {piece.text: () for piece in draft.pieces if piece.entries == INDEX_AS_NUMBER}
    if arrays is not None and numbers:
        arrays = replace(arrays, of={**arrays.of, **numbers})
    if arrays is not None and (listed or any(map(arrays.of.get, names_in(tree)))):
        from tutor.language.array_products import read_by_shapes

        tree, worth_saying = read_by_shapes(tree, arrays)
        draft.echo |= worth_saying
    notes = ["e is 2.718…"] if draft.bare_e else []
    if _uses_indices(tree):
        from tutor.language.index_notation import without_indices

        tree, how = without_indices(tree, arrays)
        notes += how
    if listed and _groups_in_square_brackets(tree):
        notes.append("[ ] makes a vector of one entry")
    if notes:
        return tree, f"{explained(tree)}, where {' and '.join(notes)}"
    return tree, explained(tree) if draft.echo else None


def _uses_indices(tree: Expression) -> bool:
    """Whether there are subscripts in it, sums over an index, or entries taken by arrays of positions."""
    taking = (ENTRY, OVER, COUNTED, "index", "pick", "gather")
    return not {node.operation for node in walk(tree) if isinstance(node, Apply)}.isdisjoint(taking)


def _groups_in_square_brackets(tree: Expression) -> bool:
    """Whether square brackets may be meant for grouping, as in `1/[1 + x]`."""
    vectors = [node.rows[0] for node in walk(tree) if isinstance(node, Matrix) and node.is_vector]
    return any(len(row) == 1 and isinstance(row[0], Apply) and len(row[0].arguments) == 2 for row in vectors)


def _check_depth(tree: Expression) -> None:
    """Raise Trouble where operations are nested too deep. A sum of many terms is flat, and so is a product."""
    waiting, longest = [(tree, 0, 0)], 0
    while waiting:
        node, nesting, below_root = waiting.pop()
        if nesting > DEEPEST_NESTING:
            raise Trouble(f"This is more than {DEEPEST_NESTING} operations deep. Write it shorter.", tree.span)
        longest = max(longest, below_root)
        for at, child in enumerate(children(node)):
            goes_on = at == 0 and _is_chain(node) and _is_chain(child) == _is_chain(node)
            waiting.append((child, nesting + (not goes_on), below_root + 1))
    make_room(longest)


def _is_chain(node: Expression) -> str:
    """What a row of such operations is called, whose first arguments hold the terms before; "" where it is none."""
    return _CHAINS.get(node.operation, "") if isinstance(node, Apply) else ""


def _unless_typed(left: str, echo: str | None, text: str) -> str | None:
    """No echo of what was typed just so, spaces apart."""
    if echo is None or "".join((left + echo).split()) == "".join(text.split()):
        return None
    return left + echo


_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_LONGEST = 100
_MOST_AXES = 8
_SCALAR = frozenset(("scalar", "a scalar", "number", "a number", "()", "( )", "[]"))
_ERROR = re.compile(
    r"(an |a )?(shape )?(error|mismatch)|impossible|undefined|invalid|not (possible|defined|allowed)"
    r"|(it |they )?(does not|doesn['’]t|do not|don['’]t|cannot|can['’]t) (fit|match|work)"
)
_SIZES = re.compile(r"([(\[]?) ?([0-9]{1,6}(?:(?: ?(?:[,;x×*·]|by|-by-) ?| )[0-9]{1,6})*) ?,? ?([)\]]?)")
_PRODUCT_BESIDE_COMMA = re.compile(r"(?=.*,)(?=.*[0-9] ?[*·×] ?[0-9])")
_AROUND = re.compile(
    r"^(?:(?:(?:torch\.)?size|tensorshape|np\.shape|a|an|the|shape)\b ?[=:]? ?|= ?)+"
    r"|[ -](?:matrix|vector|array|tensor)$|[.!]+$"
)
_OTHER_BRACKETS = str.maketrans("{⟨<}⟩>", "((()))")
_NO_MORE_THAN_QUOTES = "$'\"“”‘’` "


def read_shape(text: str) -> tuple[int, ...] | str:
    """The shape as NumPy gives it, or "error" when the text says that the shapes do not fit.

    `(2, 1)`, `2x1`, `2, 1` and `[2, 1]` are the same; `3` and `(3,)` are a vector; `scalar` and `()` are ().
    Raises Unreadable.
    """
    if len(text) > _LONGEST:
        raise _unreadable("A shape is short, such as (2, 1).", text)
    plain = text.translate(_FULL_WIDTH).translate(_OTHER_BRACKETS).lower().strip(_NO_MORE_THAN_QUOTES)
    plain = " ".join(plain.replace("\\times", "x").split())
    if not plain:
        raise _unreadable("There is nothing here yet. A shape is written (2, 1).", text)
    plain = _AROUND.sub("", plain)
    if _ERROR.fullmatch(plain):
        return "error"
    if plain.startswith(("((", "([")) and plain.endswith(("))", "])")):
        plain = plain[1:-1]
    if plain in _SCALAR:
        return ()
    match = _SIZES.fullmatch(plain)
    if match is not None and _PRODUCT_BESIDE_COMMA.match(plain):
        raise _unreadable("Work out every size of the shape, as in (2, 1).", text)
    if match is None or match[1] + match[3] not in ("", "()", "[]"):
        raise _unreadable("Write a shape as (2, 1), or scalar, or error when the shapes do not fit.", text)
    sizes = tuple(map(int, re.findall("[0-9]+", match[2])))
    if 0 in sizes:
        raise _unreadable("Every size in a shape is at least 1.", text)
    if len(sizes) > _MOST_AXES:
        raise _unreadable(f"A shape has at most {_MOST_AXES} sizes here.", text)
    return sizes


def _unreadable(message: str, text: str) -> Unreadable:
    return Unreadable(message, text, (Span(0, len(text)),))
