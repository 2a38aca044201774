"""The indices of an einsum: written out in full, and more than two arrays contracted two at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from tutor.language.errors import Trouble
from tutor.language.tree import Apply, Expression, Span

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
