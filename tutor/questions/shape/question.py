"""A question of the kind `shape`, and its blanks that ask for a shape: of a result, a gradient or a derivative."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import prod

import numpy as np

from tutor.engine.values import Shape, show_shape
from tutor.judging import Verdict, from_language, remark, right, unreadable, wrong
from tutor.judging.misconceptions import Misconception, key_of
from tutor.judging.mistake_texts import tell
from tutor.language import Apply, Expression, Name, Unreadable, names_in, show, walk
from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.questions.blank import Blank
from tutor.questions.carried_forward import EarlierAnswer, answer_for, mistakes_behind, remark_on
from tutor.questions.inflect import listed
from tutor.questions.plain_answers import ERROR, as_typed, is_bare, says_yes, shape_in
from tutor.questions.question import QuestionPlace
from tutor.questions.shape.arrays import BROADCAST, MOST_ENTRIES, AnyArray, ShapeClash, counting, run
from tutor.questions.shape.broadcasting import misconception, recognised, some_of
from tutor.questions.shape.explain import DecidingOperation, look_at
from tutor.questions.shape.memory import ask_about_memory
from tutor.questions.shape.tables import ShapeAsk, ShapeSetting, ShapeTable, setting_of
from tutor.questions.short_answer import Item, ShortAnswerQuestion, rungs

_EXAMPLE = "a shape, scalar or error"

_GIVES = " gives"
"""What leads from an operation to the field for its result."""


@dataclass(frozen=True)
class ShapeTarget:
    """A shape that is asked for, and all that is said about it. `truth` is None where the shapes do not fit."""

    truth: Shape | None
    slips: tuple[Misconception, ...]
    explained: str
    drawn: str = ""
    refused: Misconception | None = None
    """What is said to one who says that the shapes do not fit, although they do."""

    also: Mapping[Shape, str] | None = None
    """Shapes that are right too, and the remark on each."""

    sizes: Mapping[str, int] | None = None

    @property
    def answer(self) -> str:
        """The right answer, as it is typed."""
        return ERROR if self.truth is None else show_shape(self.truth)


def ask_for_shape(number: int, key: str, ask: ShapeAsk, setting: ShapeSetting) -> Item:
    """The blank. Raises BadFile where there is no such shape."""
    try:
        look = look_at(setting)
        wanted, made = _kinds(ask, setting, look)
    except IndexError:
        raise BadFile(f"{key}.operation", "there is no such entry") from None
    except ValueError as error:
        raise BadFile(f"{key}.asks", str(error)) from None
    prompt, label, hints = made
    called = ask.label or label
    row = called.removesuffix(_GIVES) if called.endswith(_GIVES) else ""
    blank = Blank(str(number), called, ask.prompt or prompt, example=_EXAMPLE, row=row)
    return Item(
        blank,
        lambda text: judge_shape(text, wanted),
        rungs(ask.hints, hints, f"{key}.hints"),
        wanted.answer,
        told=_told(blank.label, wanted, look if ask.asks == "shape" else None, ask.after),
        after=ask.after,
        figure=look.figure if ask.asks == "shape" else None,
        listed=lambda text: _listed(text, wanted),
    )


def _listed(text: str, wanted: ShapeTarget) -> str:
    """A right answer with its brackets, as in a list of answers."""
    mine = shape_in(text, wanted.sizes or {})
    return mine if isinstance(mine, str) else show_shape(mine)


Made = tuple[str, str, tuple[str, str, str]]
"""Prompt, label and hints."""


def _kinds(ask: ShapeAsk, setting: ShapeSetting, look: DecidingOperation) -> tuple[ShapeTarget, Made]:
    if ask.asks == "shape":
        return _of_result(setting, look)
    if look.result is None:
        raise ValueError("the shapes do not fit, so there is no gradient")
    own, result = setting.shapes[ask.by], setting.written(look.result)
    return (_of_gradient if ask.asks == "gradient" else _of_derivative)(ask.by, setting, own, result)


def _of_result(setting: ShapeSetting, look: DecidingOperation) -> tuple[ShapeTarget, Made]:
    text = setting.operation.text
    truth = None if look.result is None else setting.written(look.result)
    slips = (*look.slips, *_of_one_alone(setting))
    wanted = ShapeTarget(truth, slips, look.explained, look.drawn(), look.refused, sizes=setting.sizes)
    worked = f"{look.explained}\n{look.drawn(result=True)}".rstrip()
    hints = (look.rule, look.question, f"{worked}\nSo the answer is {wanted.answer}.")
    return wanted, (f"{setting.given}. What is the shape of {text}, if it can be computed?", _label(setting), hints)


def _label(setting: ShapeSetting) -> str:
    """`(2,) + (2, 1) gives` for an operation on two names, else `shape of sum(x) =`."""
    text, tree = setting.operation.text, setting.operation.tree
    if isinstance(tree, Apply) and len(tree.arguments) == 2 and not setting.operation.index:
        left, right = tree.arguments
        sign = text.removeprefix(show(left)).removesuffix(show(right))
        if isinstance(left, Name) and isinstance(right, Name) and sign.strip() in tuple("+-*/@"):
            return f"{show_shape(setting.shapes[left.name])}{sign}{show_shape(setting.shapes[right.name])}{_GIVES}"
    return f"shape of {text} ="


def _of_gradient(name: str, setting: ShapeSetting, own: Shape, result: Shape) -> tuple[ShapeTarget, Made]:
    text, tree = setting.operation.text, setting.operation.tree
    direct = isinstance(tree, Apply) and tree.operation in BROADCAST and Name(name) in tree.arguments
    stretched = direct and not setting.operation.index
    others = {other: shape for other, shape in setting.shapes.items() if other != name and other in names_in(tree)}
    slips = (
        *gradient_slips(name, text, own, result, stretched=stretched),
        *slips_of_others(name, own, others),
    )
    explained = gradient_explained(name)
    wanted = ShapeTarget(own, slips, explained, sizes=setting.sizes)
    hints = (
        "A gradient has one slope for each number of the value: how fast the loss changes when that number does.",
        f"How many numbers are there in {name}, and how are they arranged?",
        f"{explained} That is {show_shape(own)}.",
    )
    prompt = (
        f"{setting.given}. The loss is a number that depends on {text}. What is the shape of its "
        f"gradient with respect to {name}?"
    )
    return wanted, (prompt, f"shape of ∂L/∂{name} =", hints)


def _of_derivative(name: str, setting: ShapeSetting, own: Shape, result: Shape) -> tuple[ShapeTarget, Made]:
    tree, text = setting.operation.tree, setting.operation.text
    truth = setting.written(derivative_shape(result, own))
    explained = derivative_explained(result, own)
    also: dict[Shape, str] = {}
    if not truth:
        also[(1, 1)] = "As a matrix it would be 1 x 1; it is simply a number."
    if not own and result:
        also[result] = f"As a vector; laid out as a Jacobian it is the column {show_shape(truth)}."
    slips = tuple(derivative_slips(result, own))
    wanted = ShapeTarget(truth, slips, explained, also=also, sizes=setting.sizes)
    rule = "In the Jacobian every number of the result has a row, and every number that can change has a column."
    hints = (
        rule,
        f"How many numbers are in the result, and how many in {name}? A single number is one row or one column.",
        f"{explained} So it is {wanted.answer}.",
    )
    given = setting.told(name, *names_in(tree))
    of = f"{given}. What is the shape of the derivative of {text} with respect to {name}, laid out as a Jacobian?"
    top = text if isinstance(tree, Name) else f"({text})"
    return wanted, (of, f"shape of d{top}/d{name} =", hints)


def _of_one_alone(setting: ShapeSetting) -> Iterator[Misconception]:
    """The shapes of the arrays that a longer operation is made of, where its last step does not take them."""
    tree = setting.operation.tree
    for name in names_in(tree):
        if isinstance(tree, Apply) and Name(name) in tree.arguments:
            continue
        says = f"That is the shape of {name} alone. What does the operation do with it?"
        yield misconception("the shape of one of them", setting.shapes[name], says, sure=False)


def judge_shape(text: str, wanted: ShapeTarget) -> Verdict:
    """The verdict on a text that is to be a shape. Raises nothing."""
    if says_yes(text):
        return unreadable("Give the shape, such as (7, 3); or error where the shapes do not fit.")
    try:
        mine = shape_in(text, wanted.sizes or {})
    except Unreadable as error:
        return from_language(error)
    if mine == ERROR:
        if wanted.truth is None:
            return right()
        if wanted.refused is None:
            return _wrong(f"There is one. {wanted.explained}", "There is one.", wanted)
        said = tell([wanted.refused])
        return _wrong(said, said, wanted, wanted.refused.key)
    assert not isinstance(mine, str)
    if mine == wanted.truth:
        return _right(text, wanted.truth)
    if wanted.also and mine in wanted.also:
        return remark(wanted.also[mine])
    found = recognised(mine, wanted.truth, wanted.slips).found
    typed = as_typed(mine, text, wanted.sizes or {})
    if found:
        return _wrong(tell(found), tell(found), wanted, key_of(found))
    no = f"{typed} is not the shape."
    return _wrong(f"{no} {wanted.explained}", f"{no} {_where_to_look(mine, wanted.truth)}", wanted)


def _where_to_look(mine: Shape, truth: Shape | None) -> str:
    """The axis at which a wrong shape goes wrong, without its size."""
    if truth is None:
        return "Does the operation fit these shapes at every axis?"
    if len(mine) != len(truth):
        return "How many axes does the result have?"
    axis = next(axis for axis in reversed(range(len(truth))) if mine[axis] != truth[axis])
    return f"Look at axis {axis} again: where does its size come from?"


def _right(text: str, truth: Shape) -> Verdict:
    if len(truth) == 1 and is_bare(text):
        inner = text.strip(" ().!")
        return remark(f"NumPy writes it ({inner},): without the comma, ({inner}) is only a number in brackets.")
    return right()


def _wrong(says: str, first: str, wanted: ShapeTarget, mistake: str = "") -> Verdict:
    """The verdict with all that is drawn; `first` is what a first try is told, which leaves the sizes to be found."""
    if not wanted.drawn:
        return wrong(says, mistake)
    return replace(wrong(f"{says}\n{wanted.drawn}", mistake), where=first)


def _told(label: str, wanted: ShapeTarget, look: DecidingOperation | None, after: str) -> str:
    lines: Iterable[str] = [f"{label} {wanted.answer}", wanted.explained]
    drawn = look.drawn(result=True) if look else ""
    return "\n".join([*lines, *drawn.split("\n"), after]).replace("\n\n", "\n").rstrip()


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


def derivative_slips(of: Shape, by: Shape) -> Iterator[Misconception]:
    """Wrong shapes of a derivative and the ways that lead to them."""
    right = derivative_shape(of, by)
    if len(right) == 2:
        says = "That is the transpose: the result's entries are the rows, what changes gives the columns."
        yield misconception("transposed", right[::-1], says)
    if by and right != by:
        yield misconception("the gradient's shape", by, _one_per_entry(of, by))
    if of and of != by:
        yield misconception(
            "the result's shape", of, "That is the shape of the result. There is one slope for each input too."
        )
    if of and by:
        yield misconception(
            "one number each", (1, by[0]), "One row serves one number. How many numbers does the result hold?"
        )
    if not right:
        yield misconception(
            "a vector of one entry", (1,), "(1,) is a vector with one entry. A number has no axes at all."
        )
    else:
        yield misconception(
            "one slope", (), "One slope says how one number follows one other. How many of each are there here?"
        )


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


def slips_of_others(name: str, own: Shape, others: Mapping[str, Shape]) -> Iterator[Misconception]:
    """The shapes of the other names, given for that of the gradient by one."""
    for other, shape in others.items():
        if shape != own and shape:
            yield misconception(
                f"the shape of {other}", shape, f"That is the shape of {other}. How is {name} laid out?", sure=False
            )


def gradient_explained(name: str) -> str:
    """Why a gradient has its shape."""
    return f"There is one slope for every number in {name}, laid out like {name} itself: the same shape."


def gradient_slips(name: str, text: str, own: Shape, result: Shape, *, stretched: bool) -> Iterator[Misconception]:
    """Wrong shapes of the gradient by a name, where `text` is computed from it and has the shape `result`."""
    if result != own:
        yield from _unsummed(name, text, own, result) if stretched else _outputs(name, text, result)
    if own:
        says = f"The loss is one number, but it has a slope for each number in {name}. How many are there, and where?"
        yield misconception("the loss's shape", (), says)
    added = len(result) - len(own)
    if own and stretched and added > 0:
        says = f"It has the right numbers but too many axes: {name} has no axis in front, not even a 1."
        yield misconception("summed axes kept", (1,) * added + own, says)
    if len(own) == 1:
        if not stretched or added != 1:
            says = "That is the derivative as a row. A gradient is laid out like the value itself."
            yield misconception("the derivative as a row", (1, *own), says)
        yield misconception(
            "a column", (*own, 1), f"{name} has one axis, and so has its gradient: no second one is added."
        )
    if len(own) == 2 and own[0] != own[1]:
        yield misconception(
            "transposed", own[::-1], f"That is the transpose of {name}. A gradient is laid out like the value."
        )


def _outputs(name: str, text: str, result: Shape) -> Iterator[Misconception]:
    says = f"That is the shape of {text}. The gradient with respect to {name} has one slope for each number in {name}."
    yield misconception("the output's shape", result, says)


def _unsummed(name: str, text: str, own: Shape, result: Shape) -> Iterator[Misconception]:
    added = len(result) - len(own)
    says = (
        f"That is the shape of {text}, to which {name} was stretched. Each number of {name} was "
        "used several times. What do you do with the slopes that belong to one number?"
    )
    yield misconception("missing sum", result, says)
    ones = [axis for axis, size in enumerate(own) if size == 1 and result[added + axis] != 1]
    if added and ones:
        yield misconception(
            "missing sum over a size of 1",
            result[added:],
            f"The axes in front are summed away, but {name} also has a 1 that was stretched. What about that one?",
        )
    for axis in range(added, len(result)):
        left = (*result[:axis], *result[axis + 1 :])
        if added == 1 and axis - added not in ones and left != own:
            says = f"That is what is left when axis {axis} is summed over. Along which axis was {name} copied?"
            yield misconception("summed over another axis", left, says)
    for chosen in some_of(ones):
        yield misconception(
            "summed axis dropped",
            tuple(size for axis, size in enumerate(own) if axis not in chosen),
            f"Summed over the right axes, but {name} keeps a 1 where it was stretched: the gradient has it too.",
        )
    if added and result[added:] != own:
        yield misconception(
            "missing sum over the axes in front",
            result[:added] + own,
            f"{name} has no leading axes; it was used once for each entry along those of {text}. "
            "What do you do with those slopes?",
        )


__all__ = ["ShapeTable", "make_shape"]

_ORDERS = ("order", "memory")
_SHAPES = ("shape", "gradient", "derivative")


def make_shape(table: ShapeTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for an operation that cannot be read or asked about."""
    blanks: dict[str, DependentShape] = {}
    asked = each(lambda number, ask: _asked(number, table, ask, blanks), table.ask)
    return ShortAnswerQuestion(table, asked, about="Shapes are written (7, 3); a single number is scalar.")


def _asked(number: int, table: ShapeTable, ask: ShapeAsk, blanks: dict[str, DependentShape]) -> Item:
    key = f"ask[{number}]"
    setting = setting_of(key, table, ask)
    if ask.entries and ask.asks not in _ORDERS:
        raise BadFile(f"{key}.entries", f"has no effect here: it names the entries for asks = {listed(_ORDERS, 'or')}")
    if ask.asks not in _SHAPES:
        return ask_about_memory(number, key, ask, setting)
    item = ask_for_shape(number, key, ask, setting)
    if ask.asks != "shape":
        return item
    mine = blanks[item.blank.key] = DependentShape(item.called, setting)
    return replace(item, follow=lambda text, earlier: mine.follow(text, earlier, blanks))


_MOST_ANSWERS = 4


@dataclass(frozen=True)
class DependentShape:
    """The shape of one operation's result, and what its blank is called."""

    called: str
    setting: ShapeSetting

    def follow(
        self, text: str, earlier: Sequence[EarlierAnswer], blanks: Mapping[str, DependentShape]
    ) -> Verdict | None:
        """The verdict on a shape that follows from mistakes in earlier ones, to `blanks` by their keys; else None."""
        mine = _read(text, self.setting)
        wrong = [
            one
            for one in earlier
            if (not one.verdict.accepted or one.verdict.carried) and one.key in blanks and self._holds(blanks[one.key])
        ][-_MOST_ANSWERS:]
        for many in range(1, len(wrong) + 1):
            for chosen in combinations(wrong, many):
                if mine is not None and mine == self._given({one.key: one for one in chosen}, blanks):
                    mistaken = mistakes_behind(chosen)
                    said = remark_on([answer_for(blanks[key].called) for key in mistaken])
                    return replace(remark(said), carried=mistaken)
        return None

    def _holds(self, other: DependentShape) -> bool:
        """Whether another blank's operation, on the same arrays, is a part of this one."""
        part, names = other.setting.operation, names_in(other.setting.operation.tree)
        same = all(self.setting.shapes.get(name) == other.setting.shapes[name] for name in names)
        return same and not part.index and part.tree in walk(self.setting.operation.tree)

    def _given(self, answers: Mapping[str, EarlierAnswer], blanks: Mapping[str, DependentShape]) -> Shape | str | None:
        """The shape, or `ERROR`, with arrays of these shapes for parts; None where one is no shape."""
        arrays: dict[str, AnyArray] = dict(self.setting.arrays)
        operation = self.setting.operation
        for key, answer in answers.items():
            shape = _read(answer.text, blanks[key].setting)
            if shape is None or isinstance(shape, str) or prod(shape) > MOST_ENTRIES:
                return None
            arrays[f"{key} given"] = counting(shape)
            part = blanks[key].setting.operation.tree
            operation = replace(operation, tree=_put_in(operation.tree, part, Name(f"{key} given")))
        try:
            return np.shape(run(operation, arrays))
        except ShapeClash:
            return ERROR
        except (IndexError, ValueError):
            return None


def _read(text: str, setting: ShapeSetting) -> Shape | str | None:
    try:
        return shape_in(text, setting.sizes)
    except Unreadable:
        return None


def _put_in(tree: Expression, part: Expression, name: Name) -> Expression:
    if tree == part:
        return name
    if not isinstance(tree, Apply):
        return tree
    return replace(tree, arguments=tuple(_put_in(argument, part, name) for argument in tree.arguments))
