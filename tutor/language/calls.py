"""A function word and what stands in its brackets, to the operation they mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from tutor.language.call_forms import CallForm, Given, KeywordValue, TextValue, TupleValue, formed
from tutor.language.call_forms import whole_number as _integer
from tutor.language.errors import TextEdit, Trouble, plainly
from tutor.language.tokenizer import FUNCTIONS, SIGNS, STARTS_OPERAND, Draft, Piece, holds, partners
from tutor.language.tree import Apply, Expression, Matrix, Name, Number, Option, Span
from tutor.language.vocabulary import OPTIONS_WRITTEN_OUT, FunctionWord

__all__ = ["FLAGS", "LITERAL", "OPTIONS", "Given", "KeywordValue", "TextValue", "TupleValue", "applied", "example"]

FLAGS: dict[str, Option] = {"True": True, "False": False, "None": None}
_OTHER_KEYWORDS = {"newshape": "shape", "dim": "axis", "keepdim": "keepdims"}
OPTIONS = frozenset(("axis", "keepdims", "shape", "start", "stop", "ddof", "stride", "padding", *_OTHER_KEYWORDS))
"""Words that are followed by = among a call's arguments."""
_ENDS = ("start", "stop")
"""Options of a slice, which must both be given."""
_NUMBERS = ("no", "one", "two", "three", "four")

LITERAL = FunctionWord("")
"""What `np.array` stands for: its argument, unchanged."""


def applied(function: Piece, given: Sequence[Given], span: Span) -> Expression:
    """The operation `function` names, applied to what was given. Raises Trouble when that does not fit."""
    word = _word_for(function, given)
    ready = formed(CallForm(function, word, given, span))
    if isinstance(ready, CallForm):
        return applied(ready.function, ready.given, ready.span)
    return _with_arguments(function, word, ready, span) if isinstance(ready, list) else ready


def _with_arguments(function: Piece, word: FunctionWord, given: list[Given], span: Span) -> Expression:
    """The operation of a word, whose arguments and options are these."""
    arguments: list[Expression] = []
    named: dict[int, Expression] = {}
    surplus: list[Expression | TupleValue] = []
    options: dict[str, Option] = {}
    for item in given:
        if isinstance(item, TextValue):
            raise Trouble("Leave out the quotes.", item.span)
        if isinstance(item, KeywordValue):
            _take_keyword(function, word, item, options, named)
        elif isinstance(item, TupleValue) and len(arguments) < word.least:
            raise _no_list(item)
        elif isinstance(item, TupleValue) or len(arguments) == word.most:
            surplus.append(item)
        else:
            arguments.append(item)
    count = len(arguments) + len(named) + len(surplus)
    whole = _completed(word, arguments, named, span)
    if whole is None:
        raise _wrong_count(function, word, count, span)
    if surplus:
        _take_surplus(function, word, surplus, options, _wrong_count(function, word, count, span))
    if word is LITERAL:
        return whole[0]
    if word.differentiated and word.slope is not None:
        return replace(word.slope(whole[0]), span=span)
    _check_needed(function, word, options, span)
    ordered = tuple((name, options[name]) for name in word.options if name in options)
    if word.meaning is not None:
        return _put_in(word.meaning(), dict(zip(word.arguments, whole, strict=True)), span)
    return Apply(word.operation, tuple(whole), ordered, span, function.text)


def _completed(
    word: FunctionWord, arguments: list[Expression], named: dict[int, Expression], span: Span
) -> list[Expression] | None:
    """The arguments with those given by keyword, and with the usual numbers for those left out; None for too few."""
    whole = list(arguments)
    if any(place < len(whole) for place in named):
        raise Trouble("An argument is given twice.", span)
    for place in range(len(whole), word.most):
        back = place - word.most
        if place in named:
            whole.append(named[place])
        elif -back <= len(word.defaults):
            usual = word.defaults[back]
            whole.append(Number(Fraction(usual), usual, span))
        else:
            return None
    return whole if len(whole) >= word.least else None


def _put_in(meaning: Expression, arguments: dict[str, Expression], span: Span) -> Expression:
    """What a word is short for, with its arguments in it, in the place of the call."""
    match meaning:
        case Name(name):
            return arguments[name]
        case Apply():
            parts = tuple(_put_in(part, arguments, span) for part in meaning.arguments)
            return replace(meaning, arguments=parts, span=span)
        case Matrix():
            raise AssertionError("no word is short for an array")
        case _:
            return replace(meaning, span=span)


def _word_for(function: Piece, given: Sequence[Given]) -> FunctionWord:
    """What the function stands for with so many arguments."""
    word = function.word or LITERAL
    alone = sum(not isinstance(item, KeywordValue | TupleValue | TextValue) for item in given) == 1
    return word.alone if word.alone is not None and alone else word


def _check_needed(function: Piece, word: FunctionWord, options: dict[str, Option], span: Span) -> None:
    if "shape" in word.options and "shape" not in options:
        raise Trouble(f"The function {function.text} needs a shape: {function.text}(x, (2, 3)).", span)
    if "n" in word.options and "n" not in options:
        raise Trouble(f"The function {function.text} needs a whole exponent: {function.text}(A, 2).", span)
    if any(end in word.options and end not in options for end in _ENDS):
        raise Trouble(f"The function {function.text} needs a start and an end: {function.text}(x, 1, 3).", span)
    if missing := [name for name in word.needed if name not in options]:
        example_ = ", ".join(f"{name}=1" for name in word.needed)
        needs = " and ".join(missing)
        raise Trouble(f"The function {function.text} needs {needs}: {function.text}(x, {example_}).", span)


def _take_keyword(
    function: Piece,
    word: FunctionWord,
    item: KeywordValue,
    options: dict[str, Option],
    named: dict[int, Expression],
) -> None:
    keyword = word.keywords.get(item.keyword) or _OTHER_KEYWORDS.get(item.keyword, item.keyword)
    if keyword in word.arguments and item.keyword in word.keywords:
        if isinstance(item.value, TupleValue | TextValue | Piece):
            raise Trouble(f"The value of {item.keyword} is a number or an array.", item.span)
        if word.arguments.index(keyword) in named:
            raise Trouble(f"The option {item.keyword} is given twice.", item.span)
        named[word.arguments.index(keyword)] = item.value
        return
    if keyword not in word.options:
        known = (*word.options, *(key for key, name in word.keywords.items() if name in word.arguments))
        instead = OPTIONS_WRITTEN_OUT.get(f"{function.text}({keyword})")
        hint = f" Write {instead}." if instead else ""
        takes = f"only {' and '.join(known)}, not" if known else "no option"
        raise Trouble(f"The function {function.text} takes {takes} {item.keyword}.{hint}", item.span)
    if keyword in options:
        raise Trouble(f"The option {item.keyword} is given twice.", item.span)
    options[keyword] = _option_value(keyword, item.value, item.span)


def _take_surplus(
    function: Piece,
    word: FunctionWord,
    surplus: list[Expression | TupleValue],
    options: dict[str, Option],
    otherwise: Trouble,
) -> None:
    """`sum(p, 0)`, `reshape(x, 2, 3)` and `slice(x, 1, 3)`: an option without its keyword."""
    first = surplus[0]
    ends = [name for name in _ENDS if name in word.options and name not in options]
    if "shape" in word.options and "shape" not in options:
        if isinstance(first, TupleValue) and len(surplus) > 1:
            raise Trouble(f"Give one shape: {function.text}(x, (2, 3)).", surplus[1].span)
        options["shape"] = _integers(first.entries if isinstance(first, TupleValue) else surplus)
    elif "n" in word.options and "n" not in options and len(surplus) == 1:
        options["n"] = _option_value("n", first, first.span)
    elif len(ends) == len(surplus):
        options.update(zip(ends, _integers(surplus), strict=True))
    elif (places := [name for name in word.positional if name not in options]) and len(surplus) <= len(places):
        for name, value in zip(places, surplus, strict=False):
            options[name] = _option_value(name, value, value.span)
    elif "axis" in word.options and "axis" not in options and len(surplus) == 1:
        if not isinstance(first, TupleValue | Number):
            raise Trouble(f"After the comma {function.text} takes only an axis, a whole number.", first.span)
        options["axis"] = _option_value("axis", first, first.span)
    elif isinstance(first, TupleValue):
        raise _no_list(first)
    else:
        raise otherwise


def _no_list(listed: TupleValue) -> Trouble:
    return Trouble("A list in round brackets does not work here. Write a vector as [1, 2].", listed.span)


def _option_value(keyword: str, value: Expression | TupleValue | TextValue | Piece, span: Span) -> Option:
    if isinstance(value, TextValue):
        raise Trouble(f"The option {keyword} is given without quotes.", value.span)
    flag = FLAGS[value.text] if isinstance(value, Piece) else None
    if keyword == "keepdims":
        if not isinstance(flag, bool):
            raise Trouble("The option keepdims is True or False.", span)
        return flag
    if isinstance(value, Piece):
        if value.text != "None" or keyword in ("shape", *_ENDS):
            raise Trouble(f"The option {keyword} is a whole number or a list such as (0, 1).", span)
        return None
    if isinstance(value, TupleValue) and keyword not in _ENDS:
        return _integers(value.entries)
    return _integers([value]) if keyword == "shape" else _integer(value)


def _integers(values: list[Expression | TupleValue] | tuple[Expression, ...]) -> tuple[int, ...]:
    return tuple(_integer(value) for value in values)


def _wrong_count(function: Piece, word: FunctionWord, count: int, span: Span) -> Trouble:
    takes = _NUMBERS[word.least] if word.least == word.most else f"{_NUMBERS[word.least]} to {_NUMBERS[word.most]}"
    things = "argument" if word.most == 1 else "arguments"
    given = "here is 1" if count == 1 else f"here are {count}"
    return Trouble(f"The function {function.text} takes {takes} {things}, {given}: write {example(function)}.", span)


def example(function: Piece) -> str:
    """How the function is written: `exp(x)`, `max(a, b)`, `⟨a, b⟩`."""
    if function.text == "⟨":
        return "⟨a, b⟩"
    most = function.word.most if function.word else 1
    return f"{function.text}({', '.join('abcd'[:most]) if most > 1 else 'x'})"


_BEHIND = ("TRANSPOSE", "RAISE", "METHOD", "ENTRIES")


def take_powers_of_functions(draft: Draft) -> None:
    """`sin^2 x` means (sin x)^2: the power moves into the function's piece."""
    kept: list[Piece] = []
    index = 0
    while index < len(draft.pieces):
        piece = draft.pieces[index]
        kept.append(piece)
        index += 1
        if piece.kind == "FUNCTION" and draft.kind(index) in ("CARET", "RAISE"):
            index = _take_power(draft, piece, index)
    draft.pieces = kept


def _take_power(draft: Draft, function: Piece, raiser: int) -> int:
    """Move the power behind `function`, which starts at `raiser`; returns the index after it."""
    name = function.text
    closing = {"RAISE": "LOWER", "LPAR": "RPAR"}
    start = raiser + (draft.kind(raiser) == "CARET" and draft.kind(raiser + 1) in closing)
    bracket = closing.get(draft.kind(start), "")
    negative = draft.kind(start + 1) == "MINUS"
    at = start + 1 + negative
    power = draft.pieces[at] if draft.kind(at) == "NUMBER" else None
    end = at + 1 + bool(bracket)
    finished = not bracket or draft.kind(end - 1) == bracket
    span = Span(function.start, draft.pieces[min(end, len(draft.pieces)) - 1].end)
    if negative and power is not None and power.text == "1" and finished:
        raise _inverse(name, span)
    if power is None or negative or not power.text.isdigit() or not finished:
        raise _power_in_front(draft, function, raiser, span)
    if draft.kind(end) not in STARTS_OPERAND and draft.kind(end) not in ("BAR", "BARS"):
        raise Trouble(f"The function {name} needs an argument: {name}(x)^{power.text}.", span)
    function.power = power
    draft.echo = True
    return end


def _inverse(name: str, span: Span) -> Trouble:
    inverse = {"sin": "arcsin", "cos": "arccos", "tan": "arctan"}.get(name)
    other = f"For the inverse of {name} write {inverse}(x)." if inverse else f"The inverse of {name} is not supported."
    message = f"For 1 over {name}(x) write 1/{name}(x). {other}"
    return Trouble(message, span)


def _power_in_front(draft: Draft, function: Piece, raiser: int, span: Span) -> Trouble:
    """What to say about a power in front of the argument that is not a whole number."""
    if function.word is not None and function.word.operation == "exp" and draft.kind(raiser) == "CARET":
        edits = (TextEdit(Span(function.start, function.end), "e"),)
        return Trouble("Write e^x or exp(x), not exp^x.", span, edits=edits)
    return Trouble(f"Write the power after the brackets: {function.text}(x)^2.", span)


def mark_functions(draft: Draft) -> None:
    """A function with brackets is a CALL, one without is a PREFIX."""
    for index, piece in enumerate(draft.pieces):
        if piece.kind != "FUNCTION":
            continue
        piece.kind = "CALL" if draft.kind(index + 1) == "LPAR" else "PREFIX"
        if draft.kind(index + 1) == "MINUS" and draft.kind(index + 3) == "LPAR":
            _refuse_inverse(piece, draft.pieces[index + 1 : index + 4])


def _refuse_inverse(function: Piece, after: list[Piece]) -> None:
    """Refuse `tan-1(x)`."""
    if after[1].text == "1" and not any(piece.gap for piece in after):
        raise _inverse(function.text, Span(function.start, after[1].end))


def scaled_arguments(draft: Draft) -> set[int]:
    """Where the `x` of `sin 2x` starts, for every function without brackets.

    Raises Trouble for `sin x y`, which may end after x or after y.
    """
    scaling: set[int] = set()
    if not holds(draft.pieces, ("PREFIX",)):
        return scaling
    partner = partners(draft.pieces)
    for index, piece in enumerate(draft.pieces):
        if piece.kind != "PREFIX" or draft.kind(index + 1) == "PREFIX":
            continue
        start = index + 1
        while draft.kind(start) == "MINUS":
            start += 1
        end = _factor_end(draft, start, partner)
        scaled = draft.kind(start) == "NUMBER" and end == start + 1 and piece.text != "√"
        if scaled and draft.kind(end) in STARTS_OPERAND - FUNCTIONS - {"NUMBER"}:
            scaling.add(end)
            end = _factor_end(draft, end, partner)
        if piece.text != "√":
            _check_end(draft, index, end, partner)
        after = draft.kind(end)
        draft.echo = draft.echo or end > index + 2 or after in STARTS_OPERAND or after in ("STAR", "SLASH", "AT")
    return scaling


def _check_end(draft: Draft, index: int, end: int, partner: list[int]) -> None:
    """Refuse an argument that may go on after `end`."""
    after = draft.kind(end)
    if after not in STARTS_OPERAND or after in FUNCTIONS:
        return
    function, last = draft.pieces[index], draft.pieces[end]
    inner = "".join(piece.text for piece in draft.pieces[index + 1 : end])
    whole = draft.pieces[end : partner[end] + 1] if partner[end] > end else [last]
    outer = "".join(piece.text for piece in whole)
    choices = f"{function.text}({inner}*{outer}) or {function.text}({inner})*{outer}"
    raise Trouble(f"This can mean {plainly(choices, 60)}. Write one of these.", Span(function.start, last.end))


def _factor_end(draft: Draft, start: int, partner: list[int]) -> int:
    """The index after the factor that starts at `start`, its powers included."""
    at = start
    while True:
        while draft.kind(at) in SIGNS or draft.kind(at) == "PREFIX":
            at += 1
        at = _after(at + (draft.kind(at) == "CALL"), partner)
        while draft.kind(at) in _BEHIND:
            at = _after(at + (draft.kind(at) == "METHOD"), partner)
        if draft.kind(at) != "CARET":
            return min(at, len(draft.pieces))
        at += 1


def _after(at: int, partner: list[int]) -> int:
    """The index after the piece at `at`, or after the bracket that closes it."""
    return max(at, partner[at] if at < len(partner) else at) + 1
