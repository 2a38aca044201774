"""The two sides of an equation or a function definition, and what is said about a wrong one."""

from __future__ import annotations

from dataclasses import replace

from tutor.language.brackets import check_brackets
from tutor.language.errors import TextEdit, Trouble, plainly
from tutor.language.name_resolution import CONSTANTS, PACKAGES, already_means, free_name
from tutor.language.notation import refuse_foreign_symbols
from tutor.language.tokenizer import LONGEST_NAME, Piece, Sides, bracket_step, equals_signs
from tutor.language.tree import Span
from tutor.language.vocabulary import Vocabulary

_DEFINES = ":="
"""Read as = where an equation or a function is defined."""

_INTRODUCTIONS = frozenset(("let", "def", "var", "const", "set", "int", "float", "double", "auto"))
_INSTEAD_OF_EQUALS = ("==", "<-", ":", "is", "equals")


def equation_sides(pieces: list[Piece], text: str, vocabulary: Vocabulary) -> Sides:
    """The sides of `a = x + y`, or of `a(x, y) = x + y` in known names. Raises Trouble for another left-hand side."""
    _read_definition(pieces)
    if len(pieces) > 1 and pieces[0].kind == "WORD" and pieces[1].text in _INSTEAD_OF_EQUALS:
        edits = (TextEdit(pieces[1].span, "="),)
        message = f"An equation has a single =, not {pieces[1].text}."
        raise Trouble(message, pieces[1].span, edits=edits, certain=pieces[1].text != "==")
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
        depth += bracket_step(piece.kind)
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
        return Trouble(f"Leave out the word {left[0].text}.", left[0].span, edits=edits, certain=True)
    if left[-1].kind == "WORD" and _is_list_mark(left[:-1]):
        before = Span(left[0].start, left[-1].start)
        message = f"Leave out what is before the name {plainly(left[-1].text)}."
        is_apart = left[-1].gap and left[0].kind != "MINUS"  # else a factor or a sign in front may be meant
        return Trouble(message, before, edits=(TextEdit(before, ""),), certain=is_apart)
    if len(right) == 1 and right[0].kind == "WORD" and right[0].text not in vocabulary.names:
        turned = f"{right[0].text} = {text[span.start : span.end]}"
        whole = TextEdit(Span(0, len(text)), turned)
        return Trouble(f"The name goes on the left of =: {plainly(turned)}", span, edits=(whole,))
    if left[0].kind == "WORD" and len(left) > 1 and left[1].kind == "LPAR" and left[-1].kind == "RPAR":
        brackets = TextEdit(Span(left[1].start, span.end), "")
        message = f"Give only the name on the left: {plainly(left[0].text)} = …"
        return Trouble(message, span, edits=(brackets,))
    return Trouble("The left-hand side of an equation is one name.", span)


def _is_list_mark(pieces: list[Piece]) -> bool:
    """Whether these number a line or mark it as one of a list: `1.`, `1)`, `(1)`, `-`, `•`, `>>>`."""
    kinds = [piece.kind for piece in pieces]
    if kinds == ["NUMBER"]:
        return pieces[0].text.endswith(".")
    return kinds in (["NUMBER", "RPAR"], ["LPAR", "NUMBER", "RPAR"], ["MINUS"], ["STAR"]) or (
        bool(pieces) and "".join(piece.text for piece in pieces) in (">", ">>>")
    )


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


def _only_equals_sign(pieces: list[Piece], otherwise: str) -> int:
    signs = equals_signs(pieces)
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


def _check_new_name(piece: Piece, vocabulary: Vocabulary) -> None:
    """Refuse names that already mean something else."""
    name = piece.text
    if name in vocabulary.names:
        return
    _check_form(piece)
    if name in CONSTANTS:
        message = f"{already_means(name)}. Choose another name, such as {free_name(name, vocabulary)}."
        raise Trouble(message, piece.span)
    function = vocabulary.functions.get(name)
    if name in PACKAGES or (function is not None and not function.may_be_name):
        raise Trouble(f"Here {name} is already a function. Choose another name, such as {name}1.", piece.span)
