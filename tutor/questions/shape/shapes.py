"""Blanks that ask for a shape: of a result, a gradient or a derivative."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tutor.engine.values import Shape, show_shape
from tutor.judging import Verdict, from_language, remark, right, unreadable, wrong
from tutor.language import Apply, Name, Unreadable, names_in, show
from tutor.library import BadFile
from tutor.questions.asked import Asked, rungs
from tutor.questions.blank import Blank
from tutor.questions.shape import gradients
from tutor.questions.shape.arrays import BROADCAST
from tutor.questions.shape.looking import Look, look_at
from tutor.questions.shape.reading import ERROR, as_typed, is_bare, says_yes, shape_in
from tutor.questions.shape.slip import Slip, recognised
from tutor.questions.shape.tables import Setting, ShapeAsk

_EXAMPLE = "such as (7, 3), scalar or error"


@dataclass(frozen=True)
class Wanted:
    """A shape that is asked for, and all that is said about it. `truth` is None where the shapes do not fit."""

    truth: Shape | None
    slips: tuple[Slip, ...]
    explained: str
    drawn: str = ""
    refused: str = ""
    """What is said to one who says that the shapes do not fit, although they do."""

    also: Mapping[Shape, str] | None = None
    """Shapes that are right too, and the remark on each."""

    sizes: Mapping[str, int] | None = None

    @property
    def answer(self) -> str:
        """The right answer, as it is typed."""
        return ERROR if self.truth is None else show_shape(self.truth)


def ask_for_shape(number: int, key: str, ask: ShapeAsk, setting: Setting) -> Asked:
    """The blank. Raises BadFile where there is no such shape."""
    try:
        look = look_at(setting)
        wanted, made = _kinds(ask, setting, look)
    except IndexError:
        raise BadFile(f"{key}.operation", "there is no such entry") from None
    except ValueError as error:
        raise BadFile(f"{key}.asks", str(error)) from None
    prompt, label, hints = made
    blank = Blank(str(number), ask.label or label, ask.prompt or prompt, example=_EXAMPLE)
    return Asked(
        blank,
        lambda text: judge_shape(text, wanted),
        rungs(ask.hints, hints, f"{key}.hints"),
        wanted.answer,
        told=_told(blank.label, wanted, look if ask.asks == "shape" else None, ask.after),
        after=ask.after,
    )


Made = tuple[str, str, tuple[str, str, str]]
"""Prompt, label and hints."""


def _kinds(ask: ShapeAsk, setting: Setting, look: Look) -> tuple[Wanted, Made]:
    if ask.asks == "shape":
        return _of_result(setting, look)
    if look.result is None:
        raise ValueError("the shapes do not fit, so there is no gradient")
    own, result = setting.shapes[ask.by], setting.written(look.result)
    return (_of_gradient if ask.asks == "gradient" else _of_derivative)(ask.by, setting, own, result)


def _of_result(setting: Setting, look: Look) -> tuple[Wanted, Made]:
    text = setting.operation.text
    truth = None if look.result is None else setting.written(look.result)
    wanted = Wanted(truth, tuple(look.slips), look.explained, look.drawn(), look.refused, sizes=setting.sizes)
    worked = f"{look.explained}\n{look.drawn(result=True)}".rstrip()
    hints = (look.rule, look.question, f"{worked}\nSo the answer is {wanted.answer}.")
    return wanted, (f"{setting.given}. What is the shape of {text}, if it can be computed?", _label(setting), hints)


def _label(setting: Setting) -> str:
    """`(2,) + (2, 1) gives` for an operation on two names, else `shape of sum(x) =`."""
    text, tree = setting.operation.text, setting.operation.tree
    if isinstance(tree, Apply) and len(tree.arguments) == 2 and not setting.operation.index:
        left, right = tree.arguments
        sign = text.removeprefix(show(left)).removesuffix(show(right))
        if isinstance(left, Name) and isinstance(right, Name) and sign.strip() in tuple("+-*/@"):
            return f"{show_shape(setting.shapes[left.name])}{sign}{show_shape(setting.shapes[right.name])} gives"
    return f"shape of {text} ="


def _of_gradient(name: str, setting: Setting, own: Shape, result: Shape) -> tuple[Wanted, Made]:
    text, tree = setting.operation.text, setting.operation.tree
    direct = isinstance(tree, Apply) and tree.operation in BROADCAST and Name(name) in tree.arguments
    stretched = direct and not setting.operation.index
    others = {other: shape for other, shape in setting.shapes.items() if other != name and other in names_in(tree)}
    slips = (
        *gradients.gradient_slips(name, text, own, result, stretched=stretched),
        *gradients.slips_of_others(name, own, others),
    )
    explained = gradients.gradient_explained(name)
    wanted = Wanted(own, slips, explained, sizes=setting.sizes)
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


def _of_derivative(name: str, setting: Setting, own: Shape, result: Shape) -> tuple[Wanted, Made]:
    tree, text = setting.operation.tree, setting.operation.text
    truth = setting.written(gradients.derivative_shape(result, own))
    explained = gradients.derivative_explained(result, own)
    also: dict[Shape, str] = {}
    if not truth:
        also[(1, 1)] = "As a matrix it would be 1 x 1; it is simply a number."
    if not own and result:
        also[result] = f"As a vector; laid out as a Jacobian it is the column {show_shape(truth)}."
    slips = tuple(gradients.derivative_slips(result, own))
    wanted = Wanted(truth, slips, explained, also=also, sizes=setting.sizes)
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


def judge_shape(text: str, wanted: Wanted) -> Verdict:
    """The verdict on a text that is to be a shape. Raises nothing."""
    if says_yes(text):
        return unreadable("Give the shape, such as (7, 3); or error where the shapes do not fit.")
    try:
        mine = shape_in(text, wanted.sizes or {})
    except Unreadable as error:
        return from_language(error)
    if mine == ERROR:
        return (
            right() if wanted.truth is None else _wrong(wanted.refused or f"There is one. {wanted.explained}", wanted)
        )
    assert not isinstance(mine, str)
    if mine == wanted.truth:
        return _right(text, wanted.truth)
    if wanted.also and mine in wanted.also:
        return remark(wanted.also[mine])
    told = recognised(mine, wanted.slips)
    typed = as_typed(mine, text, wanted.sizes or {})
    return _wrong(told.says or f"{typed} is not the shape. {wanted.explained}", wanted, told.name)


def _right(text: str, truth: Shape) -> Verdict:
    if len(truth) == 1 and is_bare(text):
        inner = text.strip(" ().!")
        return remark(f"NumPy writes it ({inner},): without the comma, ({inner}) is only a number in brackets.")
    return right()


def _wrong(says: str, wanted: Wanted, mistake: str = "") -> Verdict:
    return wrong(f"{says}\n{wanted.drawn}".rstrip(), mistake)


def _told(label: str, wanted: Wanted, look: Look | None, after: str) -> str:
    lines: Iterable[str] = [f"{label} {wanted.answer}", wanted.explained]
    drawn = look.drawn(result=True) if look else ""
    return "\n".join([*lines, *drawn.split("\n"), after]).replace("\n\n", "\n").rstrip()
