"""Shapes of gradients and derivatives: what decides them, and the slips people make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tutor.engine.values import Shape, show_shape
from tutor.questions.shape.slip import Slip, some_of


def derivative_shape(of: Shape, by: Shape) -> Shape:
    """The shape of the derivative of a value by another: a row for each number in it, a column for each change.

    Raises ValueError for values of more than one axis.
    """
    if max(len(of), len(by)) > 1:
        raise ValueError("the derivative is a matrix for numbers and vectors only")
    return (of or (1,)) + (by or (1,)) if of or by else ()


def derivative_explained(of: Shape, by: Shape) -> str:
    """Why it has that shape."""
    if not of and not by:
        return "A number with respect to a number: the derivative is a number, the slope."
    rows = f"{of[0]} rows, one for each entry of the result" if of else "one row, because the result is one number"
    columns = f"{by[0]} columns, one for each entry that can change" if by else "one column, because one number changes"
    return f"The derivative turns a small change into a change of the result: it has {rows}, and {columns}."


def derivative_slips(of: Shape, by: Shape) -> Iterator[Slip]:
    """Wrong shapes of a derivative and the ways that lead to them."""
    right = derivative_shape(of, by)
    if len(right) == 2:
        says = "That is the transpose: the result's entries are the rows, what changes gives the columns."
        yield Slip("transposed", right[::-1], says)
    if by and right != by:
        yield Slip("the gradient's shape", by, _one_per_entry(of, by))
    if of and of != by:
        yield Slip("the result's shape", of, "That is the shape of the result. There is one slope for each input too.")
    if of and by:
        yield Slip("one number each", (1, by[0]), "One row serves one number. How many numbers does the result hold?")
    if not right:
        yield Slip("a vector of one entry", (1,), "(1,) is a vector with one entry. A number has no axes at all.")
    else:
        yield Slip("one slope", (), "One slope says how one number follows one other. How many of each are there here?")


def _one_per_entry(of: Shape, by: Shape) -> str:
    """What is said of the shape of what changes, given for the derivative's."""
    if not of:
        return f"{show_shape(by)} is the shape of a gradient. The derivative is a matrix: how many rows?"
    if of != by:
        return "That has one slope for each entry that can change. How many entries of the result does each one move?"
    return (
        "That has one slope for each entry. A Jacobian has one for every entry of the result and every entry that "
        "can change."
    )


def slips_of_others(name: str, own: Shape, others: Mapping[str, Shape]) -> Iterator[Slip]:
    """The shapes of the other names, given for that of the gradient by one."""
    for other, shape in others.items():
        if shape != own and shape:
            yield Slip(
                f"the shape of {other}", shape, f"That is the shape of {other}. How is {name} laid out?", sure=False
            )


def gradient_explained(name: str) -> str:
    """Why a gradient has its shape."""
    return f"There is one slope for every number in {name}, laid out like {name} itself: the same shape."


def gradient_slips(name: str, text: str, own: Shape, result: Shape, *, stretched: bool) -> Iterator[Slip]:
    """Wrong shapes of the gradient by a name, where `text` is computed from it and has the shape `result`."""
    if result != own:
        yield from _unsummed(name, text, own, result) if stretched else _outputs(name, text, result)
    if own:
        says = f"The loss is one number, but it has a slope for each number in {name}. How many are there, and where?"
        yield Slip("the loss's shape", (), says)
    added = len(result) - len(own)
    if own and stretched and added > 0:
        says = f"It has the right numbers but too many axes: {name} has no axis in front, not even a 1."
        yield Slip("summed axes kept", (1,) * added + own, says)
    if len(own) == 1:
        if not stretched or added != 1:
            says = "That is the derivative as a row. A gradient is laid out like the value itself."
            yield Slip("the derivative as a row", (1, *own), says)
        yield Slip("a column", (*own, 1), f"{name} has one axis, and so has its gradient: no second one is added.")
    if len(own) == 2 and own[0] != own[1]:
        yield Slip("transposed", own[::-1], f"That is the transpose of {name}. A gradient is laid out like the value.")


def _outputs(name: str, text: str, result: Shape) -> Iterator[Slip]:
    says = f"That is the shape of {text}. The gradient with respect to {name} has one slope for each number in {name}."
    yield Slip("the output's shape", result, says)


def _unsummed(name: str, text: str, own: Shape, result: Shape) -> Iterator[Slip]:
    added = len(result) - len(own)
    says = (
        f"That is the shape of {text}, to which {name} was stretched. Each number of {name} was "
        "used several times. What do you do with the slopes that belong to one number?"
    )
    yield Slip("missing sum", result, says)
    ones = [axis for axis, size in enumerate(own) if size == 1 and result[added + axis] != 1]
    if added and ones:
        yield Slip(
            "missing sum over a size of 1",
            result[added:],
            f"The axes in front are summed away, but {name} also has a 1 that was stretched. What about that one?",
        )
    for chosen in some_of(ones):
        yield Slip(
            "summed axis dropped",
            tuple(size for axis, size in enumerate(own) if axis not in chosen),
            f"Summed over the right axes, but {name} keeps a 1 where it was stretched: the gradient has it too.",
        )
    if added and result[added:] != own:
        yield Slip(
            "missing sum over the axes in front",
            result[:added] + own,
            f"{name} has no leading axes; it was used once for each entry along those of {text}. "
            "What do you do with those slopes?",
        )
