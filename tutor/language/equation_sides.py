"""The two sides of an equation or a function definition, and what is said about a wrong one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.language.brackets import check_brackets
from tutor.language.characters import described, leave_out_about
from tutor.language.errors import TextEdit, Trouble, plainly
from tutor.language.name_resolution import CONSTANTS, PACKAGES
from tutor.language.tokenizer import LONGEST_NAME, Piece
from tutor.language.tree import Span
from tutor.language.vocabulary import Vocabulary

_DEFINES = ":="
"""Read as = where an equation or a function is defined."""

_COMPARISONS = {"=>": ">=", "=<": "<=", "<>": "!="}
"""Signs that are not read, and what is written instead."""

_ASSIGNMENTS = frozenset((_DEFINES, "<-", "->", "+=", "-=", "*=", "/=", "@=", "^=", "**="))

_SENTENCES = {
    "!": "There is no factorial here, so ! cannot be read.",
    "'": "Leave out the quotes.",
    '"': "Leave out the quotes.",
    "`": "Leave out the ` signs.",
    "$": "Leave out the $ signs.",
    "∇": "The sign ∇ belongs to a name, as in ∇x.",
    "?": "Write pieces with where(x > 0, x^2, -x): what follows the condition is taken where it holds.",
    "~": "Write the opposite comparison: x <= 0 where x > 0 does not hold.",
    "∂": "The sign ∂ belongs to a name, as in ∂L.",
}


def refuse_foreign_symbols(pieces: Sequence[Piece]) -> None:
    """Raise Trouble at the first sign that means nothing here."""
    for index, piece in enumerate(pieces):
        if piece.kind == "UNKNOWN" and piece.text == "~" and not index:
            raise leave_out_about(piece.text, piece.start)
        if piece.kind == "UNKNOWN":
            raise _refused(pieces, index)


def _refused(pieces: Sequence[Piece], index: int) -> Trouble:
    piece = pieces[index]
    before = pieces[index - 1] if index else None
    sign = piece.text
    if sign in _COMPARISONS:
        meant = _COMPARISONS[sign]
        return Trouble(f"Write {meant} instead of {sign}.", piece.span, edits=(TextEdit(piece.span, meant),))
    if sign in _ASSIGNMENTS:
        return Trouble(f"The sign {sign} is not supported. An equation has a single =.", piece.span)
    match sign:
        case "//":
            return Trouble("Divide with a single /.", piece.span, edits=(TextEdit(piece.span, "/"),))
        case "{" | "}":
            return _braces(pieces, index)
        case "#":
            after = Span(piece.start, pieces[-1].end)
            return Trouble("Leave out the comment from # on.", after, edits=(TextEdit(after, ""),) if before else None)
        case ":" if [piece.kind for piece in pieces] == ["NUMBER", "UNKNOWN", "NUMBER"]:
            return Trouble("Write a quotient with /.", piece.span, edits=(TextEdit(piece.span, "/"),))
        case "%":
            return _percent(piece, before)
        case ".":
            return _full_stop(pieces, index)
        case "`" | "$" | "'" | '"':
            return Trouble(_SENTENCES[sign], piece.span, edits=_unwrapped(pieces, sign))
    if sign in "?~" and not any(other.kind == "COMPARE" for other in pieces):
        return Trouble(f"The sign {sign} has no place in a formula.", piece.span)
    what = f"The sign {sign}" if sign.isascii() else described(sign)
    return Trouble(_SENTENCES.get(sign, f"{what} has no place in a formula."), piece.span)


def _braces(pieces: Sequence[Piece], index: int) -> Trouble:
    """What to say about a brace: it may hold cases, a list, or just a group."""
    piece = pieces[index]
    if any(other.kind in ("COMPARE", "IF") for other in pieces):
        return Trouble("Write a function in pieces with where: where(x > 0, x^2, -x).", piece.span)
    if _is_list(pieces, index):
        square = {"{": "[", "}": "]"}
        edits = tuple(TextEdit(each.span, square[each.text]) for each in pieces if each.text in square)
        return Trouble("Write a vector in square brackets: [1, 2].", piece.span, edits=edits)
    return Trouble("Use round brackets ( ) instead of { }.", piece.span, edits=_rounded(pieces))


def _is_list(pieces: Sequence[Piece], index: int) -> bool:
    """Whether the brace that opens here holds a list, and is not a function's."""
    if index and pieces[index - 1].kind == "WORD":
        return False
    depth = 0
    for piece in pieces[index:]:
        depth += (piece.text in ("{", "(", "[")) - (piece.text in ("}", ")", "]"))
        if depth == 0 or (depth == 1 and piece.text in (",", ";")):
            return depth == 1
    return False


def _rounded(pieces: Sequence[Piece]) -> tuple[TextEdit, ...]:
    braces = {"{": "(", "}": ")"}
    return tuple(TextEdit(piece.span, braces[piece.text]) for piece in pieces if piece.text in braces)


def _unwrapped(pieces: Sequence[Piece], sign: str) -> tuple[TextEdit, ...] | None:
    """Take the signs away when they only stand around the text."""
    there = [index for index, piece in enumerate(pieces) if piece.text == sign]
    inside = [index for index, piece in enumerate(pieces) if piece.text != sign]
    if not inside or any(inside[0] < index < inside[-1] for index in there):
        return None
    last = pieces[-1]
    if sign == "'" and last.text.endswith("'") and there == [0]:  # the scanner took the closing quote for a prime
        return TextEdit(pieces[0].span, ""), TextEdit(Span(last.end - 1, last.end), "")
    if sign == "'" and any(pieces[index].text.endswith("'") for index in inside):
        return None
    return tuple(TextEdit(pieces[index].span, "") for index in there)


def _percent(piece: Piece, before: Piece | None) -> Trouble:
    if before is None or before.kind != "NUMBER" or "e" in before.text.lower():
        return Trouble("The sign % is not supported.", piece.span)
    whole, _, part = before.text.partition(".")
    digits = whole.rjust(3, "0")
    plain = f"{digits[:-2].lstrip('0') or '0'}.{digits[-2:]}{part}".rstrip("0").rstrip(".")
    span = Span(before.start, piece.end)
    return Trouble(f"Write {before.text}% as {plain}.", span, edits=(TextEdit(span, plain),))


def _full_stop(pieces: Sequence[Piece], index: int) -> Trouble:
    piece = pieces[index]
    if index and pieces[index - 1].text == "np":
        return Trouble("The name of a function is missing after np.", piece.span)
    if index and index == len(pieces) - 1:
        return Trouble("Leave out the full stop at the end.", piece.span, edits=(TextEdit(piece.span, ""),))
    if index and pieces[index - 1].kind == "NUMBER" and not piece.gap:
        return Trouble("A number has one decimal point.", piece.span)
    return Trouble("A full stop on its own means nothing here. Decimals are written 0.5.", piece.span)


_NO_TARGET = Piece("WORD", "", 0, 0)
_INTRODUCTIONS = frozenset(("let", "def", "var", "const", "set"))
_INSTEAD_OF_EQUALS = ("==", "<-", ":", "is", "equals")


@dataclass(frozen=True, slots=True)
class Sides:
    """What is defined (its text is "" in an expression), its parameters, and the pieces that define it."""

    target: Piece
    parameters: tuple[str, ...]
    right: list[Piece]


def only_side(pieces: list[Piece], text: str) -> Sides:
    """The whole text as an expression. Raises Trouble when it is an equation."""
    refuse_foreign_symbols(pieces)
    signs = _equals_signs(pieces)
    if not signs:
        return Sides(_NO_TARGET, (), pieces)
    at = signs[0]
    span = pieces[at].span
    right = text[span.end :].strip()
    if len(signs) > 1 or not right or not _looks_defined(pieces[:at]):
        raise Trouble("This is an equation; give an expression instead.", span)
    message = "This is an equation; an expression is needed. Give only the right-hand side: "
    raise Trouble(message + plainly(right), span, edits=(TextEdit(Span(0, span.end), ""),))


def _looks_defined(left: list[Piece]) -> bool:
    """Whether the left-hand side may only say what is given: nothing, `y`, `f(x)` or `dL/dw`."""
    if not left:
        return True
    named = left[0].kind == "WORD"
    fraction = len(left) == 3 and left[1].kind == "SLASH" and left[2].kind == "WORD"
    return named and (len(left) == 1 or left[1].kind == "LPAR" or fraction)


def equation_sides(pieces: list[Piece], text: str, vocabulary: Vocabulary) -> Sides:
    """The sides of `a = x + y`, or of `a(x, y) = x + y` in known names. Raises Trouble for another left-hand side."""
    _read_definition(pieces)
    if len(pieces) > 1 and pieces[0].kind == "WORD" and pieces[1].text in _INSTEAD_OF_EQUALS:
        edits = (TextEdit(pieces[1].span, "="),)
        raise Trouble(f"An equation has a single =, not {pieces[1].text}.", pieces[1].span, edits=edits)
    refuse_foreign_symbols(pieces)
    at = _only_equals_sign(pieces, "This must be an equation: a name, then =, then a formula.")
    left, right = pieces[:at], pieces[at + 1 :]
    if len(left) == 1 and left[0].kind == "WORD":
        _check_new_name(left[0], vocabulary)
        return Sides(left[0], (), right)
    if _is_called(left, vocabulary):
        _check_new_name(left[0], vocabulary)
        return Sides(left[0], (), right)
    raise _not_a_name(left, right, text, vocabulary)


def _read_definition(pieces: list[Piece]) -> None:
    """A := outside all brackets becomes the = that it stands for."""
    depth = 0
    for index, piece in enumerate(pieces):
        depth += (piece.kind in ("LPAR", "LSQB")) - (piece.kind in ("RPAR", "RSQB"))
        if piece.text == _DEFINES and not depth:
            pieces[index] = replace(piece, kind="EQUALS")


def _is_called(left: list[Piece], vocabulary: Vocabulary) -> bool:
    """Whether it is a name with known names in brackets: `f(x, y)`."""
    kinds, inside = [piece.kind for piece in left], left[2:-1]
    if kinds[:2] != ["WORD", "LPAR"] or kinds[-1] != "RPAR" or len(inside) % 2 == 0:
        return False
    if left[0].text in vocabulary.functions or left[0].text.endswith("'"):
        return False
    commas = all(piece.kind == "COMMA" for piece in inside[1::2])
    return commas and all(piece.text in vocabulary.names for piece in inside[::2])


def _not_a_name(left: list[Piece], right: list[Piece], text: str, vocabulary: Vocabulary) -> Trouble:
    """What to say about a left-hand side that is not one name."""
    span = Span(left[0].start, left[-1].end)
    if left[0].text.lower() in _INTRODUCTIONS and left[-1] is left[1]:
        edits = (TextEdit(Span(left[0].start, left[1].start), ""),)
        return Trouble(f"Leave out the word {left[0].text}.", left[0].span, edits=edits)
    if len(right) == 1 and right[0].kind == "WORD" and right[0].text not in vocabulary.names:
        turned = f"{right[0].text} = {text[span.start : span.end]}"
        whole = TextEdit(Span(0, len(text)), turned)
        return Trouble(f"The name goes on the left of =: {plainly(turned)}", span, edits=(whole,))
    if left[0].kind == "WORD" and len(left) > 1 and left[1].kind == "LPAR" and left[-1].kind == "RPAR":
        brackets = TextEdit(Span(left[1].start, span.end), "")
        message = f"Give only the name on the left: {plainly(left[0].text)} = …"
        return Trouble(message, span, edits=(brackets,))
    return Trouble("The left-hand side of an equation is one name.", span)


def function_sides(pieces: list[Piece], vocabulary: Vocabulary) -> Sides:
    """The sides of `f(x, y) = x y`. Raises Trouble when the left is not a name with its parameters."""
    _read_definition(pieces)
    refuse_foreign_symbols(pieces)
    at = _only_equals_sign(pieces, "This must be a function, such as f(x, y) = x + y.")
    left, right = pieces[:at], pieces[at + 1 :]
    name, inside = left[0], left[2:-1]
    called = len(left) > 3 and name.kind == "WORD" and left[1].kind == "LPAR" and left[-1].kind == "RPAR"
    if not called or any(piece.kind not in ("WORD", "COMMA") for piece in inside):
        message = "The left-hand side is a function's name with its inputs, such as f(x, y)."
        raise Trouble(message, Span(name.start, left[-1].end))
    for index, piece in enumerate(inside):
        if piece.kind != ("COMMA" if index % 2 else "WORD"):
            raise Trouble("Separate the inputs with single commas: f(x, y).", piece.span)
    if inside[-1].kind == "COMMA":
        raise Trouble("An input is missing after the comma.", inside[-1].span)
    _check_new_name(name, vocabulary)
    _check_parameters(inside[::2])
    return Sides(name, tuple(piece.text for piece in inside[::2]), right)


def _check_parameters(parameters: list[Piece]) -> None:
    seen: set[str] = set()
    for parameter in parameters:
        _check_form(parameter)
        if parameter.text in seen:
            raise Trouble(f"The input {parameter.text} is listed twice.", parameter.span)
        seen.add(parameter.text)


def _equals_signs(pieces: list[Piece]) -> list[int]:
    """Where = stands outside all brackets."""
    found, depth = [], 0
    for index, piece in enumerate(pieces):
        depth += (piece.kind in ("LPAR", "LSQB")) - (piece.kind in ("RPAR", "RSQB"))
        if piece.kind == "EQUALS" and depth <= 0:
            found.append(index)
    return found


def _only_equals_sign(pieces: list[Piece], otherwise: str) -> int:
    signs = _equals_signs(pieces)
    if not signs:
        check_brackets(pieces)
        raise Trouble(otherwise, Span(pieces[0].start, pieces[-1].end))
    if len(signs) > 1:
        spans = (pieces[sign].span for sign in signs[1:])
        raise Trouble("There is more than one = here. Write one equation on a line.", *spans)
    at = signs[0]
    if at == 0:
        raise Trouble("A name is missing in front of the =.", pieces[0].span)
    if at == len(pieces) - 1:
        raise Trouble("Something is missing after the =.", pieces[at].span)
    return at


def _check_form(piece: Piece) -> None:
    if len(piece.text) > LONGEST_NAME:
        raise Trouble(f"The name {plainly(piece.text, 12)} is longer than {LONGEST_NAME} characters.", piece.span)
    if piece.text.startswith("_"):
        raise Trouble("A name starts with a letter.", piece.span)


def _free_name(name: str, vocabulary: Vocabulary) -> str:
    """The next letter that is free, as people go on from e; f is mostly the function."""
    letters = (letter for letter in "ghkmnpqrsuvw" if letter not in vocabulary.names)
    return next(letters, f"{name}1") if len(name) == 1 else f"{name}1"


def _check_new_name(piece: Piece, vocabulary: Vocabulary) -> None:
    """Refuse names that already mean something else."""
    name = piece.text
    if name in vocabulary.names:
        return
    _check_form(piece)
    if name in CONSTANTS:
        number = "2.718…, Euler's number" if name == "e" else "3.1416…, the circle's number"
        message = f"Here {name} already means {number}. Choose another name, such as {_free_name(name, vocabulary)}."
        raise Trouble(message, piece.span)
    function = vocabulary.functions.get(name)
    if name in PACKAGES or (function is not None and not function.may_be_name):
        raise Trouble(f"Here {name} is already a function. Choose another name, such as {name}1.", piece.span)
