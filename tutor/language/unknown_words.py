"""What is said of a word that is not known, and of what may be meant by it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tutor.language.characters import LARGEST_ENTRY, LOOKALIKES, OVER_ENTRIES, spelled
from tutor.language.errors import TextEdit, Trouble, plainly
from tutor.language.suggestions import every_one_of, nearest, one_of, run_together, split_names
from tutor.language.tokenizer import LONGEST_NAME, SIGNS, STARTS_OPERAND, Draft, Piece, bracket_step
from tutor.language.tree import Span
from tutor.language.vocabulary import FunctionWord, Vocabulary, nothing_like, of_elsewhere

_FEW = 8
"""Up to this many known names are listed in a message."""

_OPERATORS = {"plus": "+", "minus": "-", "times": "*", "over": "/", "squared": "^2", "cubed": "^3"}

_EXPECTATIONS = frozenset(("E", "Var", "Cov"))
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {**{word: str(number) for number, word in enumerate(_DIGITS)}, "half": "1/2"}
_OF_SENTENCES = frozenset(
    (
        *("the", "this", "that", "there", "it", "its", "answer", "result", "rule", "power", "chain", "no"),
        *("because", "since", "as", "so", "if", "then", "where", "otherwise", "same", "was", "be", "gives", "equals"),
        *("to", "of", "at", "by", "with", "from", "using", "divided", "multiplied"),
    )
)
"""Words that come with an answer, and are no part of a formula."""

_LOGIC = frozenset(("for", "while", "is", "in"))

_INFINITY = frozenset(("inf", "infty", "infinity", "oo", "Inf", "Infinity"))

_LOG_BASE = re.compile(r"log(?:_?([0-9]+|e)|_([a-z]))")

_POWERS = ("2", "3")
"""Digits behind a function's word that may be meant as a power: sin2(x), not relu6(x)."""

_DIGITS_BEHIND = re.compile(r"(.*[^0-9_])([0-9]+)")

_APPLIED_TO = STARTS_OPERAND | {"WORD", "BAR", "BARS", "CARET", "RAISE"}
"""What stands behind a function's word."""

_CAPITAL_I = frozenset(("In", "Ln", "1n"))


def unknown_word(draft: Draft, index: int, before: Piece | None) -> Trouble:
    """The error for the word at `index`; `before` is the piece in front of it, already looked up."""
    piece, vocabulary = draft.pieces[index], draft.vocabulary
    word, called = piece.text, draft.kind(index + 1) == "LPAR"
    if len(word) > LONGEST_NAME:
        return Trouble(f"The name {plainly(word, 12)} is longer than {LONGEST_NAME} characters.", piece.span)
    return (
        _a_word_of_its_own(draft, piece, before)
        or _mark_behind(draft, piece, before)
        or _of_matrices(draft, piece, before)
        or _log_with_base(draft, index)
        or _power_of_ten(piece, before, vocabulary)
        or _beside_a_number(draft, index)
        or _digits_behind(piece, vocabulary, called=called)
        or _primed(piece, vocabulary)
        or _transposed(piece, vocabulary)
        or _lookalike(piece, vocabulary, called=called or draft.kind(index + 1) in _APPLIED_TO)
        or _other_case(piece, vocabulary, called=called)
        or _known_elsewhere(draft, index, called=called)
        or _run_together(draft, index, before)
        or _derivative(draft, index)
        or _nothing_like_it(draft, index, called=called)
    )


def _english(piece: Piece) -> Trouble | None:
    """A word of a sentence, a number or an operation in words."""
    word = piece.text
    if word in _OPERATORS:
        sign = _OPERATORS[word]
        return Trouble(f"Write {sign} for {word}.", piece.span, edits=(TextEdit(piece.span, sign),))
    if word == "not":
        return Trouble("Write the opposite comparison: x <= 0 where x > 0 does not hold.", piece.span)
    if word.lower() in _NUMBERS:
        digits = _NUMBERS[word.lower()]
        return Trouble(f"Write numbers in digits: {digits}.", piece.span, edits=(TextEdit(piece.span, digits),))
    if word.lower() in _OF_SENTENCES:
        return Trouble("Leave out the words: give the number or the formula alone.", piece.span)
    if word in _LOGIC:
        return Trouble(f"Leave out the word {word}: it has no meaning in a formula.", piece.span)
    return None


def _a_word_of_its_own(draft: Draft, piece: Piece, before: Piece | None) -> Trouble | None:
    word = piece.text
    if word == draft.target:
        return Trouble(f"This line defines {word}, so {word} cannot be used on the right too.", piece.span)
    if english := _english(piece):
        return english
    if word in _INFINITY:
        return Trouble("There is no infinity here. In a mask, write a number such as -1e9.", piece.span)
    if word in _EXPECTATIONS and draft.kind(draft.pieces.index(piece) + 1) in ("LPAR", "LSQB"):
        return Trouble(OVER_ENTRIES, piece.span)
    if word in ("nan", "NaN"):
        return Trouble("There is no nan here. Write a formula.", piece.span)
    if word == "np":
        return Trouble("A full stop is missing after np, as in np.exp(x).", piece.span)
    if word[0] == "T" and word[1:] in draft.vocabulary.names and before is not None and before.kind == "CARET":
        return Trouble(f"Put an operator after ^T: ^T @ {word[1:]} or ^T*{word[1:]}.", piece.span)
    if word == "return" and piece is draft.pieces[0]:
        edits = (TextEdit(piece.span, ""),)
        return Trouble("Leave out the word return.", piece.span, edits=edits, certain=not draft.target)
    return None


def _of_matrices(draft: Draft, piece: Piece, before: Piece | None) -> Trouble | None:
    """The I of an identity matrix, the T of `A^-T`."""
    if piece.text == "I" and draft.vocabulary.arrays is not None:
        return Trouble("The identity matrix is written with its size: eye(2).", piece.span)
    if piece.text == "T" and before is not None and before.kind == "MINUS":
        return Trouble("The transposed inverse is written inv(A).T.", piece.span)
    return None


def _mark_behind(draft: Draft, piece: Piece, before: Piece | None) -> Trouble | None:
    """What to say about a mark that mathematicians put behind brackets or bars: `(x)_+`, `||A||_*`, `⟨A, B⟩_F`."""
    if before is None or piece.gap or piece.text[0] != "_":
        return None
    at = next(index for index, one in enumerate(draft.pieces) if one is piece)
    behind = draft.pieces[at + 1].text if at + 1 < len(draft.pieces) else ""
    if before.kind in ("BARS", "BAR"):
        if piece.text in ("_inf", "_infty", "_max"):
            return Trouble(LARGEST_ENTRY, piece.span)
        such = "nuclear norm is" if piece.text == "_" and behind == "*" else "norm of this order is"
        return Trouble(f"A {such} not supported. There are ||x||, ||x||_1, ||A||_F and max(abs(x)).", piece.span)
    if before.kind in ("RPAR", "RSQB") and piece.text == "_" and behind == "+":
        return Trouble("The positive part is written relu(x) or max(x, 0).", piece.span)
    if before.text == "⟩":
        return Trouble("Leave out what follows the ⟩: of two matrices, ⟨A, B⟩ is sum(A*B).", piece.span)
    return None


def _log_with_base(draft: Draft, index: int) -> Trouble | None:
    piece = draft.pieces[index]
    match = _LOG_BASE.fullmatch(piece.text)
    if match is None or "ln" not in draft.vocabulary.functions:
        return None
    base = match[1] or match[2]
    if base == "e":
        edits = (TextEdit(piece.span, "ln"),)
        return Trouble("Logarithms are natural here: write ln(x).", piece.span, edits=edits, certain=True)
    if draft.kind(index + 1) == "NUMBER":
        base = "b"
    return Trouble(f"To base {base}, write log(x, {base}).", piece.span)


def _power_of_ten(piece: Piece, before: Piece | None, vocabulary: Vocabulary) -> Trouble | None:
    """`3.67x10^2`, with x for the times sign."""
    if piece.text not in ("x10", "X10") or before is None or before.kind != "NUMBER":
        return None
    message = f"Write a power of ten with *, as in {before.text}*10^2."
    certain = piece.text[0] not in vocabulary.names
    return Trouble(message, piece.span, edits=(TextEdit(piece.span, "*10"),), certain=certain)


_ABOUT = frozenset(("approx", "approximately", "about", "roughly", "circa", "ca", "rounded", "exact", "exactly"))

_UNITS = frozenset(
    ("px", "pixel", "pixels", "unit", "units", "nat", "nats", "bit", "bits", "byte", "bytes", "param", "params")
) | frozenset(("parameters", "weights", "steps", "epochs", "rad", "radians", "deg", "degrees", "percent", "m", "cm"))

_SHORTEST_WORD = 4


def _is_plain_word(piece: Piece, vocabulary: Vocabulary) -> bool:
    """Whether it is a word of a sentence: no misspelt name or function, and not several of these."""
    word = piece.text
    if (
        len(word) < _SHORTEST_WORD
        or not (word.isascii() and word.isalpha())
        or of_elsewhere(word, vocabulary.functions)
    ):
        return False
    folded = word.casefold()
    known = (*vocabulary.names, *vocabulary.functions)
    return (
        not nearest(word, known)
        and split_names(word, vocabulary) is None
        and not any(each.casefold().startswith(folded) for each in known)
    )


def _beside_a_number(draft: Draft, index: int) -> Trouble | None:
    """`28 px` and `0.1 approx`: a unit or a word behind the one number that was typed, or in front of it."""
    piece = draft.pieces[index]
    words = [each for each in draft.pieces if each.kind not in ("NUMBER", "MINUS", "PLUS", "LPAR", "RPAR")]
    alone = words == [piece] and sum(each.kind == "NUMBER" for each in draft.pieces) == 1
    if not alone or not (piece.text.lower() in _ABOUT | _UNITS or _is_plain_word(piece, draft.vocabulary)):
        return None
    around = draft.kind(index - 1) == "LPAR" and draft.kind(index + 1) == "RPAR"
    first, last = (index - 1, index + 1) if around else (index, index)
    span = Span(draft.pieces[first].start, draft.pieces[last].end)
    about = piece.text.lower() in _ABOUT
    said = "a number counts to the digits it has" if about else "give the number alone"
    message = f"Leave out the word {piece.text}: {said}."
    return Trouble(message, piece.span, edits=(TextEdit(span, ""),), certain=about)


def _digits_behind(piece: Piece, vocabulary: Vocabulary, *, called: bool) -> Trouble | None:
    """`x2` where x is known, and `sin2(x)`."""
    word = piece.text
    match = _DIGITS_BEHIND.fullmatch(word)
    if match is None:
        return None
    base, digits = match.groups()
    plausible = digits in _POWERS and not of_elsewhere(word, vocabulary.functions)
    if called and plausible and base in vocabulary.functions:
        message = f"{_not_here(word, called=True)} A power is written {base}(x)^{digits}."
        return Trouble(message, piece.span)
    if base not in vocabulary.names:
        return None
    choices = [] if digits in ("0", "1") else [f"{base}*{digits}", f"{base}^{digits}"]
    if f"{base}_{digits}" in vocabulary.names:
        choices.append(f"{base}_{digits}")
    if not choices:
        return None
    return Trouble(f"{_not_here(word, called=False)} Did you mean {one_of(choices)}?", piece.span)


def _primed(piece: Piece, vocabulary: Vocabulary) -> Trouble | None:
    """`W'`, another notation's transpose, where W is known."""
    base = piece.text.rstrip("'")
    if base == piece.text or base not in vocabulary.names:
        return None
    if not base.isupper():
        return Trouble(f"The name {piece.text} is not known here. Write the derivative itself.", piece.span)
    message = f"The name {piece.text} is not known here. The transpose of {base} is written {base}.T."
    return Trouble(message, piece.span)


def _transposed(piece: Piece, vocabulary: Vocabulary) -> Trouble | None:
    """`hT` and `h_T`, where h is known."""
    base = piece.text.removesuffix("T").removesuffix("_")
    if base + "T" not in (piece.text, piece.text.replace("_", "")) or base not in vocabulary.names:
        return None
    edits = (TextEdit(piece.span, f"{base}.T"),)
    return Trouble(f"{_not_here(piece.text, called=False)}", piece.span, edits=edits, advice=f"Did you mean {base}.T?")


def _lookalike(piece: Piece, vocabulary: Vocabulary, *, called: bool) -> Trouble | None:
    word = piece.text
    if word[0] == "Σ" and (called or len(word) > 1):
        return Trouble("Write a sum with the word: sum(x).", piece.span)
    latin = "".join(LOOKALIKES.get(letter, letter) for letter in word)
    if latin == word:
        return None
    kind = "is a Greek letter" if len(word) == 1 else "has Greek letters"
    message = f"The name {word} {kind} and is not known here."
    if latin not in vocabulary.names and latin not in vocabulary.functions:
        return Trouble(message, piece.span) if latin.isascii() else None
    edits = (TextEdit(piece.span, latin),)
    return Trouble(message, piece.span, edits=edits, advice=f"Did you mean the Latin {latin}?")


def _other_case(piece: Piece, vocabulary: Vocabulary, *, called: bool) -> Trouble | None:
    word = piece.text
    if word in _CAPITAL_I and "ln" in vocabulary.functions:
        message = "The natural logarithm is written ln, with small letters."
        return Trouble(message, piece.span, edits=(TextEdit(piece.span, "ln"),), certain=word == "Ln")
    groups: list[Iterable[str]] = (
        [vocabulary.functions] if called else [vocabulary.names, vocabulary.functions, ("e", "pi")]
    )
    for known in groups:
        same = sorted(each for each in known if spelled(each).casefold() == spelled(word).casefold() and each != word)
        if same:
            edits = (TextEdit(piece.span, same[0]),) if len(same) == 1 else None
            advice = f"Did you mean {one_of(same)}? Capitals matter."
            certain = same == ["pi"]
            return Trouble(_not_here(word, called=called), piece.span, edits=edits, advice=advice, certain=certain)
    return None


def _known_elsewhere(draft: Draft, index: int, *, called: bool) -> Trouble | None:
    """A function of mathematics or NumPy that has no gate here."""
    piece = draft.pieces[index]
    function = of_elsewhere(piece.text, draft.vocabulary.functions)
    applied = called or draft.kind(index + 1) in _APPLIED_TO
    return Trouble(nothing_like(function), piece.span) if function and applied else None


def _run_together(draft: Draft, index: int, before: Piece | None) -> Trouble | None:
    after = draft.kind(index + 1)
    raised = draft.kind(index - 1 - (draft.kind(index - 1) in SIGNS)) == "CARET"
    listed = after == "LPAR" and _holds_a_comma(draft, index + 1)
    inside = _in_brackets(draft, index + 1) if after == "LPAR" else ""
    return run_together(
        draft.pieces[index], draft.vocabulary, before, after, raised=raised, listed=listed, inside=inside
    )


def _in_brackets(draft: Draft, opener: int) -> str:
    """The brackets that open here and what is in them, shortened where it is long."""
    depth, text = 0, ""
    for piece in draft.pieces[opener:]:
        depth += (piece.kind == "LPAR") - (piece.kind == "RPAR")
        text += piece.text
        if depth == 0:
            break
    return plainly(text, 24)


def _holds_a_comma(draft: Draft, opener: int) -> bool:
    """Whether a list stands in the brackets that open here."""
    depth = 0
    for at in range(opener, len(draft.pieces)):
        kind = draft.kind(at)
        depth += bracket_step(kind)
        if depth == 0 or (depth == 1 and kind == "COMMA"):
            return depth == 1
    return False


def _derivative(draft: Draft, index: int) -> Trouble | None:
    """`dL/dw` or `(∂L)/(∂w)` where that is not a name."""
    piece = draft.pieces[index]
    bars = [at for at, other in enumerate(draft.pieces) if other.kind == "SLASH" and at > index]
    if piece.text in "d∂" and any(draft.pieces[at + 1].text[:1] in ("d", "∂") for at in bars[:1] if draft.kind(at + 1)):
        return Trouble("Write the derivative itself: nothing is differentiated here.", piece.span)
    whole = [piece for piece in draft.pieces[index : index + 5] if piece.kind not in ("LPAR", "RPAR")][:3]
    if len(whole) < 3 or whole[1].text != "/":
        return None
    if not all(part.text[0] in "d∂" and len(part.text) > 1 for part in whole[::2]):
        return None
    name = plainly("".join(part.text for part in whole))
    span = Span(whole[0].start, whole[2].end)
    return Trouble(f"There is no name {name} here. Write the derivative itself.", span)


def _nothing_like_it(draft: Draft, index: int, *, called: bool) -> Trouble:
    piece, vocabulary = draft.pieces[index], draft.vocabulary
    word = piece.text
    groups: list[list[str]] = [] if called else [nearest(word, vocabulary.names)]
    if called or draft.kind(index + 1) in _APPLIED_TO:
        fitting = _taking(draft, index + 1)
        longer = [known for known in fitting if len(word) > 2 and known.startswith(word.lower())]
        near = [known for known in nearest(word, fitting) if not word.removeprefix(known).isdecimal()]
        groups.append(sorted(longer)[:3] or near)
    for close in groups:
        if close:
            edits = (TextEdit(piece.span, close[0]),) if len(close) == 1 else None
            advice = f"Did you mean {one_of(close)}?"
            return Trouble(_not_here(word, called=called), piece.span, edits=edits, advice=advice)
    listed = sorted(vocabulary.names, key=lambda name: (name.casefold(), name))
    if 0 < len(listed) <= _FEW and not called:
        names = "The only name is" if len(listed) == 1 else "The names are"
        return Trouble(f"{_not_here(word, called=called)} {names} {every_one_of(listed)}.", piece.span)
    known = [spelled for name, spelled in _ASKED_MOST.items() if name in vocabulary.functions] if called else []
    such = f" There are {', '.join(known)}, and others." if known else ""
    return Trouble(f"{_not_here(word, called=called)}{such}", piece.span)


_ASKED_MOST = {
    **{name: name for name in ("sqrt", "exp", "ln", "sin", "max")},
    "sigmoid": "sigmoid for σ",
}
"""How the functions that are asked most are spelled, for where none is near."""


def _taking(draft: Draft, at: int) -> list[str]:
    """The gates' words that take as many arguments as the brackets at this piece hold; all where there are none."""
    functions = draft.vocabulary.functions
    words = {word: meant for word, meant in functions.items() if word == meant.operation or _is_usual(meant)}
    if draft.kind(at) != "LPAR":
        return list(words)
    depth, many = 0, 1
    for piece in draft.pieces[at:]:
        depth += bracket_step(piece.kind)
        if depth == 0 or piece.kind == "EQUALS":
            break
        many += depth == 1 and piece.kind == "COMMA"
    return [word for word, takes in words.items() if takes.least <= many <= takes.most + len(takes.options)]


def _is_usual(meant: FunctionWord) -> bool:
    """Whether a word that is not the operation's own is as usual: log, but not asin, and none short for more."""
    return meant.meaning is None and not meant.may_be_name


def _not_here(word: str, *, called: bool) -> str:
    return f"There is no function {word} here." if called else f"The name {word} is not known here."
