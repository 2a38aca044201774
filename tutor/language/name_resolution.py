"""What the words of a text mean: names first, then functions, then the constants e and pi."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from tutor.language.calls import FLAGS, LITERAL, OPTIONS
from tutor.language.characters import spelled
from tutor.language.comparisons import CONNECTIVES
from tutor.language.errors import TextEdit, Trouble
from tutor.language.tokenizer import ENDS_OPERAND, LONGEST_NAME, Draft, Piece
from tutor.language.tree import Span
from tutor.language.vocabulary import FunctionWord, Vocabulary, nothing_like, of_elsewhere, split_word

CONSTANTS = {"e": "e", "pi": "pi", "π": "pi"}
PACKAGES = frozenset(("np", "numpy", "math", "torch", "jnp"))
_ALSO_NAMES = frozenset(("F", "nn", "jax", "tf", "scipy"))
"""Packages whose words are names too, where no function of theirs follows."""
_INNER = frozenset(("linalg", "nn", "functional", "special", "numpy", "math", "lax"))
"""Packages within packages: `torch.nn.functional`."""
ARRAYS = frozenset(("array", "asarray", "tensor", "Tensor", "Matrix"))
_NUMBER_TYPES = frozenset(("float", "float32", "float64"))
"""What NumPy prints, and Python writes, around one number."""
_DERIVATIVE = re.compile(r"(.+?)(?:'|_prime|_derivative|_deriv|_grad)")
_SUBSCRIPT = re.compile(r"_(?=[0-9])")


def look_up_words(draft: Draft) -> None:
    """Give every word its kind. Raises Trouble for one that means nothing here."""
    pieces = draft.pieces
    kept: list[Piece] = []
    in_package = False  # right behind `np.`
    for index, piece in enumerate(pieces):
        before = kept[-1] if kept else None
        if piece.kind == "WORD" and _is_package(draft, index):
            in_package = True
            continue
        if piece.kind == "ATTRIBUTE" and in_package:
            if piece.text in _INNER and draft.kind(index + 1) == "ATTRIBUTE":
                continue
            _check_torch(draft, index)
            echo, piece.kind = draft.echo, "WORD"
            _look_up(draft, index, before)
            draft.echo = echo
        elif piece.kind == "ATTRIBUTE":
            _look_up_attribute(draft, index, before)
        elif piece.kind == "WORD":
            _look_up(draft, index, before)
        elif piece.kind == "ROOT":
            _look_up_root(draft, piece)
        elif piece.kind == "LANGLE":
            kept.append(_inner_product(draft, piece))
            piece = Piece("LPAR", piece.text, piece.start, piece.end)
        elif piece.kind == "RANGLE":
            piece.kind = "RPAR"
        in_package = False
        if piece.kind == "TRANSPOSE" and before is not None and before.kind == "CARET":
            kept.pop()
        if piece.kind:
            kept.append(piece)
    draft.pieces = kept


_DIVISORS = frozenset(("ddof", "correction", "unbiased"))


def _check_torch(draft: Draft, index: int) -> None:
    """Refuse `torch.var(x)`, which divides by another number than NumPy's, where it is not told what to divide by."""
    word = draft.pieces[index].text
    if word not in ("var", "std") or draft.pieces[index - 1].text != "torch":
        return
    if not any(piece.text in _DIVISORS for piece in draft.pieces[index:]):
        message = (
            f"PyTorch's {word} divides by n - 1, and {word} here by n. Write {word}(x, ddof=1) or {word}(x, ddof=0)."
        )
        raise Trouble(message, draft.pieces[index].span)


def _is_package(draft: Draft, index: int) -> bool:
    word = draft.pieces[index].text
    if word in draft.vocabulary.names or draft.kind(index + 1) != "ATTRIBUTE":
        return False
    return word in PACKAGES or (word in _ALSO_NAMES and draft.pieces[index + 1].text != "T")


def _look_up(draft: Draft, index: int, before: Piece | None) -> None:
    """Decide what one word is. A piece whose kind becomes "" is left out."""
    piece, vocabulary = draft.pieces[index], draft.vocabulary
    word, after = piece.text, draft.kind(index + 1)
    previous = "" if before is None else before.kind
    if after == "EQUALS" and previous in ("LPAR", "COMMA"):
        piece.kind = "KEYWORD"
        draft.pieces[index + 1].kind = "IS"
    elif word not in vocabulary.names and _is_flag(word, previous):
        piece.kind, piece.text = "FLAG", word.capitalize()
    elif after == "EQUALS" and word in OPTIONS and before is not None:
        edits = (TextEdit(Span(before.end, piece.start), ", "),)
        raise Trouble(f"A comma is missing before {word}.", piece.span, edits=edits)
    elif word in vocabulary.names:
        piece.kind = "NAME"
    elif word in vocabulary.aliases:
        draft.echo |= split_word(word, vocabulary.names) is not None  # `dc` where d and c are values too
        piece.kind, piece.text = "NAME", vocabulary.aliases[word]
    elif word in CONNECTIVES:
        piece.kind = CONNECTIVES[word]
    elif word == "T" and previous == "CARET":
        piece.kind = "TRANSPOSE"
    elif word in vocabulary.functions and not (after != "LPAR" and _rather_a_name(word, vocabulary)):
        _take_function(draft, index, before, word)
    elif word in CONSTANTS:
        _look_up_constant(draft, index)
    elif previous in ("BARS", "BAR") and before is not None and not piece.gap and _marks_norm(draft, before, word):
        piece.kind = ""
    elif word in ARRAYS | _NUMBER_TYPES and after == "LPAR":
        _take_wrapper(draft, piece)
    else:
        _look_further(draft, index, before)


def _take_wrapper(draft: Draft, piece: Piece) -> None:
    """`np.array([1, 2])` is the array, `np.float64(2.5)` the number."""
    if piece.text in ARRAYS:
        piece.kind, piece.word = "FUNCTION", LITERAL
    else:
        piece.kind, draft.echo = "", True


_LENGTHS = frozenset(("_2", "_F", "_fro", "_Fro"))


def _marks_norm(draft: Draft, bar: Piece, word: str) -> bool:
    """Whether a word behind a bar says which norm it is: ||v||_2 and ||A||_F are ||v||, ||v||_1 is another."""
    if word in ("_1", "_2"):
        bar.text += word
    draft.echo |= word != "_2"
    return word == "_1" or (bar.kind == "BARS" and word in _LENGTHS)


def _rather_a_name(word: str, vocabulary: Vocabulary) -> bool:
    """Whether a function's word without brackets is a name: a Greek letter that is one spelled out, or `mm`, `rows`."""
    if not word.isascii():
        return spelled(word) in vocabulary.names
    function = vocabulary.functions[word]
    return function.may_be_name and (function.least > 1 or vocabulary.open_names)


def _look_up_constant(draft: Draft, index: int) -> None:
    piece = draft.pieces[index]
    constant, after = CONSTANTS[piece.text], draft.kind(index + 1)
    if after == "LPAR":
        meaning = "Euler's number" if constant == "e" else "a number"
        message = f"Here {piece.text} is {meaning}, not a function. Write {piece.text}*( )."
        raise Trouble(message, piece.span, edits=(TextEdit(draft.pieces[index + 1].span, "*("),))
    draft.bare_e |= constant == "e" and after not in ("CARET", "RAISE")
    piece.kind, piece.text = "CONSTANT", constant


def _look_up_root(draft: Draft, piece: Piece) -> None:
    word = draft.vocabulary.functions.get("sqrt")
    if word is None:
        raise Trouble("There are no square roots here.", piece.span)
    piece.kind, piece.word = "FUNCTION", word


def _inner_product(draft: Draft, piece: Piece) -> Piece:
    """What stands in front of the bracket of ⟨a, b⟩: the function that it is."""
    word = draft.vocabulary.functions.get("dot")
    if word is None:
        raise Trouble("There are no inner products here.", piece.span)
    return Piece("FUNCTION", piece.text, piece.start, piece.end, piece.gap, word)


def _look_further(draft: Draft, index: int, before: Piece | None) -> None:
    """A word that is not known as it stands: perhaps another spelling of one that is."""
    piece, vocabulary = draft.pieces[index], draft.vocabulary
    called = draft.kind(index + 1) == "LPAR"
    if called and (word := derivative_word(piece.text, vocabulary)) is not None:
        piece.kind, piece.word, draft.echo = "FUNCTION", word, True
        return
    same = other_spelling(piece.text, vocabulary)
    if not same and draft.kind(index + 1) == "LPAR":
        same = _in_other_letters(piece.text, vocabulary)
    if same in vocabulary.names:
        piece.kind, piece.text, draft.echo = "NAME", same, True
    elif same in vocabulary.functions and same != piece.text:
        _take_function(draft, index, before, same)
        draft.echo = True
    elif vocabulary.open_names and _may_be_new(draft, index):
        piece.kind = "NAME"
    elif piece.text in _TRUTHS and _in_list(draft, index):
        piece.kind, piece.text, draft.echo = "NUMBER", _TRUTHS[piece.text], True
    else:
        raise _unknown_word(draft, index, before)


_TRUTHS = {"True": "1", "False": "0"}
"""What NumPy computes with where an array holds truth values, as a mask does."""


def _in_list(draft: Draft, index: int) -> bool:
    """Whether a word is an entry of its own in a list: `[True, False]`."""
    brackets = [piece.kind for piece in draft.pieces[:index] if piece.kind in ("LSQB", "RSQB", "LPAR", "RPAR")]
    between = {draft.kind(index - 1), draft.kind(index + 1)}
    return bool(brackets) and brackets[-1] == "LSQB" and between <= {"LSQB", "COMMA", "SEMICOLON", "RSQB"}


def _unknown_word(draft: Draft, index: int, before: Piece | None) -> Trouble:
    """The error for a word that means nothing. What it says takes a large module, loaded at the first such word."""
    from tutor.language.unknown_words import unknown_word

    return unknown_word(draft, index, before)


def _is_flag(word: str, previous: str) -> bool:
    """Whether it is True, False or None behind a keyword, or None in the place of an argument."""
    return (previous == "IS" and word.capitalize() in FLAGS) or (previous == "COMMA" and word == "None")


def _take_function(draft: Draft, index: int, before: Piece | None, word: str) -> None:
    """The piece is this function. Raises Trouble for log_2.5, which is no logarithm to base 2 of .5."""
    piece = draft.pieces[index]
    if word[-1].isdigit() and draft.kind(index + 1) == "NUMBER":
        behind = draft.pieces[index + 1]
        if behind.text[0] == "." and not behind.gap:
            raise _unknown_word(draft, index, before)
    piece.kind, piece.word = "FUNCTION", draft.vocabulary.functions[word]
    # `log` is natural here, to base 10 elsewhere; other words are short for an expression.
    draft.echo |= word == "log" or piece.word.meaning is not None


def _in_other_letters(word: str, vocabulary: Vocabulary) -> str:
    """The function word that differs only in capitals and underscores (`LeakyReLU`), where no name does; or ""."""
    plain = _letters(word)
    if not word.isascii() or len(plain) < 2 or any(_letters(name) == plain for name in vocabulary.names):
        return ""
    return next((known for known in vocabulary.functions if known.isascii() and _letters(known) == plain), "")


def _letters(word: str) -> str:
    return word.replace("_", "").casefold()


def derivative_word(text: str, vocabulary: Vocabulary) -> FunctionWord | None:
    """What `σ'(z)` and `sigmoid_prime(z)` stand for: the derivative of a known function; None for other words."""
    marked = _DERIVATIVE.fullmatch(text)
    if marked is None:
        return None
    functions = vocabulary.functions
    spellings = (marked[1], marked[1].lower(), other_spelling(marked[1], vocabulary))
    word = next((functions[spelling] for spelling in spellings if spelling in functions), None)
    return None if word is None or word.slope is None else replace(word, options=(), differentiated=True)


def _may_be_new(draft: Draft, index: int) -> bool:
    """Whether an open vocabulary takes this word for a name: not when it looks like a function's."""
    word = draft.pieces[index].text
    looks_called = draft.kind(index + 1) == "LPAR" and sum(map(str.isalpha, word)) > 1
    return len(word) <= LONGEST_NAME and not word.startswith("_") and not looks_called


def other_spelling(word: str, vocabulary: Vocabulary) -> str:
    """The one known word that differs only in how Greek letters and subscripts are written, or "".

    Names come before functions: where sigma is a name, σ is that name.
    """
    base = word.rstrip("0123456789")
    if base != word and base in vocabulary.names:
        return ""  # x2 with x known may mean x*2 or x^2 as well as x_2
    folded = _folded(word)
    for group in (vocabulary.names, vocabulary.functions):
        found = [known for known in group if _folded(known) == folded]
        if found:
            return found[0] if len(found) == 1 else ""
    return ""


@lru_cache(maxsize=2048)
def _folded(word: str) -> str:
    return _SUBSCRIPT.sub("", spelled(word))


def _look_up_attribute(draft: Draft, index: int, before: Piece | None) -> None:
    piece = draft.pieces[index]
    functions = draft.vocabulary.functions
    if before is not None and before.kind in ENDS_OPERAND:
        if piece.text == "T":
            piece.kind = "TRANSPOSE"
            return
        if piece.text == "t" and draft.kind(index + 1) == "LPAR" and "transpose" in functions:
            piece.text = "transpose"  # PyTorch's h.t()
        if piece.text in functions and draft.kind(index + 1) == "LPAR":
            piece.kind, piece.word = "METHOD", functions[piece.text]
            return
        if piece.text in draft.vocabulary.names:
            edits = (TextEdit(piece.span, f"*{piece.text}"),)
            left = before.text if before.kind in ("NAME", "NUMBER", "CONSTANT") else "( )"
            raise Trouble(f"Write a product with *: {left}*{piece.text}.", piece.span, edits=edits)
        if piece.text in functions:
            message = f"Brackets are missing after .{piece.text}: .{piece.text}()"
            end = Span(piece.end, piece.end)
            raise Trouble(message, piece.span, end, edits=(TextEdit(end, "()"),))
        if piece.text[0] == "T" and piece.text[1:] in draft.vocabulary.names:
            other = piece.text[1:]
            raise Trouble(f"Put an operator after .T: .T @ {other} or .T*{other}.", piece.span)
        if piece.text == "t":
            message = "The transpose is written .T, with a capital."
            raise Trouble(message, piece.span, edits=(TextEdit(piece.span, ".T"),))
    name = piece.text[:LONGEST_NAME]
    if function := of_elsewhere(name, functions):
        raise Trouble(nothing_like(function), piece.span)
    if name == "T" or name in functions:
        raise Trouble(f"Something is missing before .{name}.", piece.span)
    raise Trouble(f"Only .T or a function such as .sum() may follow a full stop, not .{name}.", piece.span)


def free_name(name: str, vocabulary: Vocabulary) -> str:
    """The next letter that is free, as people go on from e; f is mostly the function."""
    letters = (letter for letter in "ghkmnpqrsuvw" if letter not in vocabulary.names)
    return next(letters, f"{name}1") if len(name) == 1 else f"{name}1"


def already_means(constant: str) -> str:
    """That a constant's name is taken, and by which number."""
    number = "2.718…, Euler's number" if CONSTANTS[constant] == "e" else "3.1416…, the circle's number"
    return f"Here {constant} already means {number}"


def taken_next(name: str, vocabulary: Vocabulary) -> str:
    """What to know before the next name is chosen, as people go on from d to e, which is a number; else ""."""
    following = chr(ord(name) + 1) if len(name) == 1 else ""
    if following not in CONSTANTS or following in vocabulary.names:
        return ""
    return f"{already_means(following)}: call the next one {free_name(following, vocabulary)}."
