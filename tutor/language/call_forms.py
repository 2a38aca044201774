"""What stands in a call's brackets, and calls that are put in another form before they are read.

Libraries write one operation in several ways: `norm(x, ord=1)`, `var(x, unbiased=True)`, `concatenate([a, b])`,
`max(x, y, z)`. Each form here turns one of them into the operation's own arguments, or into a tree of operations.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import NoReturn

from tutor.language.errors import Trouble
from tutor.language.tokenizer import Piece
from tutor.language.tree import Apply, Expression, Matrix, Number, Option, Span, names_in
from tutor.language.vocabulary import FunctionWord


@dataclass(frozen=True, slots=True)
class TupleValue:
    """`(2, 3)` among a call's arguments."""

    entries: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TextValue:
    """`"ij,jk->ik"` among a call's arguments, without its quotes."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class KeywordValue:
    """`axis=0` among a call's arguments."""

    keyword: str
    value: Expression | TupleValue | TextValue | Piece
    span: Span


Given = Expression | TupleValue | TextValue | KeywordValue


@dataclass(frozen=True, slots=True)
class CallForm:
    """A function word and what stands in its brackets."""

    function: Piece
    word: FunctionWord
    given: Sequence[Given]
    span: Span

    def taken(self, *keywords: str) -> tuple[KeywordValue | None, list[Given]]:
        """The option of this name, if there is one, and everything else. `None` counts as left out."""
        found = next((one for one in self.given if isinstance(one, KeywordValue) and one.keyword in keywords), None)
        rest = [one for one in self.given if one is not found]
        return (None if found is not None and _is_none(found.value) else found), rest

    @property
    def arguments(self) -> list[Expression]:
        """The expressions among them, in their order."""
        return [one for one in self.given if not isinstance(one, TupleValue | TextValue | KeywordValue)]

    def made(self, operation: str, *arguments: Expression, options: tuple[tuple[str, Option], ...] = ()) -> Apply:
        """An operation in the place of the call."""
        return Apply(operation, arguments, options, self.span, self.function.text)


Formed = Expression | list[Given] | CallForm
"""A tree instead of the call, or what to read in its brackets, or another call to read in its place."""


def formed(call: CallForm) -> Formed:
    """The call in the form of the operation it stands for. Raises Trouble for what cannot be read."""
    if call.word.meaning is not None:
        return _reduced(call, call.word.meaning)
    form = _FORMS.get(call.word.operation)
    return list(call.given) if form is None else form(call)


_REDUCTIONS = {"mean": "mean", "sum": "sum", "none": ""}


def _reduced(call: CallForm, meaning: Callable[[], Expression]) -> Formed:
    """`mse_loss(x, y, reduction='sum')` adds up what `mse_loss(x, y)` takes the mean of."""
    option, given = call.taken("reduction")
    if option is None:
        return given
    kind = _REDUCTIONS.get(option.value.text) if isinstance(option.value, TextValue) else None
    if kind is None or _with_reduction(meaning(), "sum") == meaning():
        raise Trouble("A reduction is 'mean', 'sum' or 'none', of a loss that is a mean.", option.span)
    word = replace(call.word, meaning=lambda: _with_reduction(meaning(), kind))
    return CallForm(replace(call.function, word=word), word, given, call.span)


def _with_reduction(tree: Expression, kind: str) -> Expression:
    """A mean, or its negative, as a sum, or without either."""
    if isinstance(tree, Apply) and tree.operation == "neg":
        return replace(tree, arguments=(_with_reduction(tree.arguments[0], kind),))
    if not isinstance(tree, Apply) or tree.operation != "mean":
        return tree
    return replace(tree, operation=kind, sign=kind) if kind else tree.arguments[0]


def whole_number(value: object) -> int:
    """The whole number that an expression is. Raises Trouble for anything else."""
    if isinstance(value, Number) and value.value.denominator == 1 and abs(value.value) < 1_000_000:
        return int(value.value)
    raise Trouble("This must be a whole number.", value.span)  # type: ignore[attr-defined]


def _is_none(value: object) -> bool:
    return isinstance(value, Piece) and value.text == "None"


def _whole(value: object) -> int | None:
    """The whole number where it is one."""
    return int(value.value) if isinstance(value, Number) and value.value.denominator == 1 else None


def _of_several(call: CallForm) -> Formed:
    """`max(x, y, z)` is max(max(x, y), z)."""
    if len(call.arguments) < 3 or len(call.arguments) < len(call.given):
        return list(call.given)
    return reduce(lambda one, other: call.made(call.word.operation, one, other), call.arguments)


def _of_listed(operation: str) -> Callable[[CallForm], Formed]:
    """`max([x, y])` of names, and `max((x, y))`, are max(x, y)."""

    def form(call: CallForm) -> Formed:
        entries = () if call.function.text.startswith("a") else _entries(call)  # amax stays what it is
        if len(call.given) != 1 or len(entries) < 2 or not any(map(names_in, entries)):
            return list(call.given)
        return reduce(lambda one, other: call.made(operation, one, other), entries)

    return form


def _entries(call: CallForm) -> Sequence[Expression]:
    """The entries of the only list among the arguments, in round or square brackets."""
    lists = [one for one in call.given if isinstance(one, TupleValue | Matrix)]
    others = [one for one in call.given if not isinstance(one, KeywordValue)]
    if len(lists) != 1 or len(others) != 1:
        return ()
    listed = lists[0]
    if isinstance(listed, TupleValue):
        return listed.entries
    rows = listed.rows
    return rows[0] if listed.is_vector else [Matrix((row,), True, listed.span) for row in rows]


def _joined(call: CallForm) -> Formed:
    """`concatenate((a, b, c), axis=1)`: put end to end, two at a time."""
    parts = _entries(call) or call.arguments
    options = [one for one in call.given if isinstance(one, KeywordValue)]
    if len(parts) == 2:
        return [*parts, *options]
    if len(parts) < 3:
        return list(call.given)
    last = parts[-1]
    if len(parts) > len(_entries(call)) and isinstance(last, Number):  # concat(a, b, 1): an axis
        return list(call.given)
    axis = _axis(options)
    return reduce(lambda one, other: call.made("concat", one, other, options=axis), parts)


def _stacked(call: CallForm) -> Formed:
    """`stack([a, b, c])`: two stacked, the others joined to them with a new axis."""
    parts = _entries(call) or call.arguments
    options = [one for one in call.given if isinstance(one, KeywordValue)]
    if len(parts) == 2:
        return [*parts, *options]
    if len(parts) < 3 or isinstance(parts[-1], Number):
        return list(call.given)
    axis = _axis(options)
    made: Expression = call.made("stack", parts[0], parts[1], options=axis)
    for part in parts[2:]:
        wide = call.made("expand_dims", part, options=axis or (("axis", 0),))
        made = call.made("concat", made, wide, options=axis)
    return made


def _axis(options: Sequence[KeywordValue]) -> tuple[tuple[str, Option], ...]:
    for one in options:
        if one.keyword not in ("axis", "dim"):
            raise Trouble(f"Here only axis may be given, not {one.keyword}.", one.span)
    return tuple(("axis", whole_number(one.value)) for one in options)


OF_ORDER_2 = "‖·‖_2"
"""The sign of a norm that was typed with its order, 2: of a matrix that is another norm."""

_SUM_OF_POWERS = "Other norms are written out: sum(abs(x)^3)^(1/3)."


def _norm(call: CallForm) -> Formed:
    """`norm(x, 1)` is the 1-norm, `norm(x, ord=2)` and the Frobenius norm are the norm."""
    order, given = call.taken("ord", "p")
    second = given[1] if len(given) > 1 else None
    if order is None and second is not None and not isinstance(second, KeywordValue | TupleValue):
        given.pop(1)
        order = KeywordValue("ord", second, second.span)
    value = None if order is None else order.value
    if _whole(value) == 2 and len(given) == 1 and not isinstance(given[0], KeywordValue | TupleValue | TextValue):
        return Apply("norm", (given[0],), (), call.span, OF_ORDER_2)
    if order is None or _whole(value) == 2 or (isinstance(value, TextValue) and value.text == "fro"):
        return given
    if _whole(value) == 1:
        return _named(call, "norm1", given)
    raise Trouble(f"A norm here has the order 1 or 2. {_SUM_OF_POWERS}", order.span)


def _named(call: CallForm, operation: str, given: list[Given]) -> CallForm:
    """Another operation with the same argument, axis and keepdims."""
    word = replace(call.word, operation=operation)
    return CallForm(replace(call.function, word=word, text=operation), word, given, call.span)


def _spread(call: CallForm) -> Formed:
    """`var(x, unbiased=True)` divides by n - 1: ddof=1."""
    flag, given = call.taken("unbiased")
    if flag is None:
        return given
    if not isinstance(flag.value, Piece) or flag.value.text not in ("True", "False"):
        raise Trouble("The option unbiased is True or False.", flag.span)
    ddof = Number(Fraction(flag.value.text == "True"), "", flag.span)
    return [*given, KeywordValue("ddof", ddof, flag.span)]


def _clipped(call: CallForm) -> Formed:
    """`clamp(x, min=0)` has one end: max(x, 0)."""
    low, rest = call.taken("min", "a_min")
    high, _ = replace(call, given=rest).taken("max", "a_max")
    given = [one for one in call.given if not (isinstance(one, KeywordValue) and _is_none(one.value))]
    places = [one for one in given if not isinstance(one, KeywordValue)]
    if len(places) == 3 or len(places) + (low is not None) + (high is not None) != 2:
        return given
    end = low or high
    other = places[1] if end is None else end.value
    is_low = low is not None
    if end is None:  # clip(x, None, 1) and clip(x, 0, None)
        is_low = not isinstance(call.given[1], KeywordValue)
    if isinstance(other, TupleValue | TextValue | KeywordValue | Piece) or isinstance(
        places[0], TupleValue | TextValue
    ):
        raise Trouble("An end of a clip is a number or an array.", call.span)
    return call.made("max" if is_low else "min", places[0], other)


def _softplus(call: CallForm) -> Formed:
    """`softplus(x, beta=2)` is softplus(2 x)/2."""
    beta, given = call.taken("beta")
    if beta is None:
        return given
    factor = beta.value
    if isinstance(factor, TupleValue | TextValue | Piece) or len(call.arguments) != 1:
        raise Trouble("The option beta is a number.", beta.span)
    inner = call.made("softplus", Apply("mul", (factor, call.arguments[0]), (), call.span, "*"))
    return Apply("div", (inner, factor), (), call.span, "/")


def _logarithm(call: CallForm) -> Formed:
    """`log(x, 2)` has a base."""
    if len(call.given) != 2 or len(call.arguments) != 2:
        return list(call.given)
    value, base = call.arguments
    whole = _whole(base)
    if whole in (2, 10):
        return call.made(f"log{whole}", value)
    return Apply("div", (call.made("ln", value), call.made("ln", base)), (), call.span, "/")


def _transposed(call: CallForm) -> Formed:
    """`transpose(x, (0, 2, 1))`, `x.permute(0, 2, 1)`, and PyTorch's transpose of two axes."""
    first, *rest = call.given
    if not rest or any(isinstance(one, KeywordValue) for one in rest):
        return list(call.given)
    if len(rest) == 1 and isinstance(rest[0], TupleValue):
        axes = tuple(map(whole_number, rest[0].entries))
    elif len(rest) == 1 and isinstance(rest[0], Matrix) and rest[0].is_vector:
        axes = tuple(map(whole_number, rest[0].rows[0]))
    elif isinstance(first, TupleValue | TextValue | KeywordValue):
        return list(call.given)
    else:
        axes = tuple(map(whole_number, rest))
        if len(axes) == 2 and call.function.text != "permute":
            if axes == (0, 1):
                message = "Libraries read this in two ways. Write swapaxes(x, 0, 1), or x.T for a matrix."
                raise Trouble(message, call.span)
            return call.made("swapaxes", first, options=(("first", axes[0]), ("second", axes[1])))
    if isinstance(first, TupleValue | TextValue | KeywordValue):
        return list(call.given)
    return call.made("transpose", first, options=(("axes", axes),))


_MOST_ENTRIES = 400
"""Of an array that is written out."""


def _filled(call: CallForm) -> Formed:
    """`zeros(3)`, `ones((2, 3))`, `eye(2)`: arrays written out."""
    kind = call.word.operation
    _, given = call.taken("dtype")
    if given and isinstance(given[0], TupleValue):
        sizes = [*map(whole_number, given[0].entries), *map(whole_number, given[1:])]
    else:
        sizes = list(map(whole_number, given))
    if kind == "eye" and len(sizes) == 1:
        sizes *= 2
    if not 1 <= len(sizes) <= 2 or min(sizes) < 1:
        raise Trouble(f"Give {call.function.text} one size or two: {call.function.text}(2, 3).", call.span)
    if reduce(lambda one, other: one * other, sizes) > _MOST_ENTRIES:
        raise Trouble(f"An array that is written out has at most {_MOST_ENTRIES} entries.", call.span)
    rows, columns = (1, sizes[0]) if len(sizes) == 1 else sizes
    entries = (
        tuple(_digit(kind == "ones" or (kind == "eye" and i == j), call.span) for j in range(columns))
        for i in range(rows)
    )
    return Matrix(tuple(entries), len(sizes) == 1, call.span)


def _digit(one: bool, span: Span) -> Number:
    return Number(Fraction(one), str(int(one)), span)


def _einsum(call: CallForm) -> Formed:
    """`einsum("ij,jk->ik", A, B)`: the result written out, of more than two arrays two at a time."""
    texts = [one for one in call.given if isinstance(one, TextValue)]
    others: list[Given] = [one for one in call.given if not isinstance(one, TextValue)]
    if len(texts) != 1:
        raise Trouble('The indices of einsum go in quotes: einsum("ij,jk->ik", A, B).', call.span)
    _, others = replace(call, given=others).taken("optimize")
    arrays = [one for one in others if not isinstance(one, TupleValue | TextValue | KeywordValue)]
    if len(arrays) < len(others):
        raise Trouble("einsum takes only its indices and arrays.", call.span)
    return contraction(texts[0].text, arrays, texts[0].span, call.span)


def _rows_taken(call: CallForm) -> Formed:
    """`gather(E, idx)` are rows. Raises Trouble for PyTorch's, which takes entries along an axis."""
    if len(call.given) > 2:
        raise Trouble(
            "PyTorch's gather is written with positions: P[range(3), y] takes an entry of each row.", call.span
        )
    return list(call.given)


_FORMS: dict[str, Callable[[CallForm], Formed]] = {
    **dict.fromkeys(("max", "min"), _of_several),
    "largest": _of_listed("max"),
    "smallest": _of_listed("min"),
    "concat": _joined,
    "stack": _stacked,
    "norm": _norm,
    **dict.fromkeys(("var", "std"), _spread),
    "clip": _clipped,
    "gather": _rows_taken,
    "softplus": _softplus,
    "ln": _logarithm,
    "transpose": _transposed,
    **dict.fromkeys(("zeros", "ones", "eye"), _filled),
    **dict.fromkeys(("einsum", "einsum_of_one"), _einsum),
}
"""By the operation that the function's word stands for."""


_MOST_ARRAYS = 8
_EXAMPLE = 'einsum("ij,jk->ik", A, B)'


def contraction(indices: str, arrays: Sequence[Expression], where: Span, span: Span) -> Expression:
    """The einsum of these arrays. `where` is where the indices stand, `span` the whole call.

    Raises Trouble for indices that cannot be read, and where there are more or fewer of them than arrays.
    """
    terms, result = _parts(indices, where)
    if len(terms) != len(arrays):
        many = "1 array" if len(terms) == 1 else f"{len(terms)} arrays"
        raise Trouble(f"These indices are for {many}, here {_are(len(arrays))}.", where)
    made, own, waiting = arrays[0], terms[0], list(zip(terms[1:], arrays[1:], strict=True))
    if not waiting:
        return Apply("einsum_of_one", (made,), (("subscripts", f"{own}->{result}"),), span, "einsum")
    for at, (term, array) in enumerate(waiting):
        later = set(result).union(*(other for other, _ in waiting[at + 1 :]))
        # All indices that are still needed; at the end just these of the result, in its order.
        left = "".join(dict.fromkeys(letter for letter in own + term if letter in later))
        left = result if at == len(waiting) - 1 else left
        made = Apply("einsum", (made, array), (("subscripts", f"{own},{term}->{left}"),), span, "einsum")
        own = left
    return made


def _are(count: int) -> str:
    return "is 1" if count == 1 else f"are {count}"


def _parts(indices: str, where: Span) -> tuple[list[str], str]:
    """The indices of each array, and those of the result."""

    def refuse(message: str) -> NoReturn:
        raise Trouble(f"{message} An example is {_EXAMPLE}.", where)

    text = "".join(indices.split())
    if "." in text:
        refuse("Write an index for every axis, without dots.")
    left, arrow, result = text.partition("->")
    terms = left.split(",")
    if not all(letter.isalpha() and letter.isascii() for letter in left.replace(",", "") + result):
        refuse("The indices of einsum are letters, a comma between arrays, and -> before the result.")
    if len(terms) > _MOST_ARRAYS:
        refuse(f"An einsum here has at most {_MOST_ARRAYS} arrays.")
    if not arrow:  # as NumPy: the indices that occur once, in the order of the alphabet
        result = "".join(sorted(letter for letter in set(left) - {","} if left.count(letter) == 1))
    for letter in result:
        if result.count(letter) > 1:
            refuse(f"The result has the index {letter} twice.")
        if letter not in left:
            refuse(f"The result has the index {letter}, which no array has.")
    return terms, result
