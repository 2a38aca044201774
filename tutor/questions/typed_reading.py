"""What can be said of an answer while it is typed, before it is judged: how it is read, its shape, the shape needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import Shape, Value, shape_of
from tutor.judging.shapes import misfit, same_shape, unusable
from tutor.language import Expression, Matrix, Reading, Unreadable, other_readings, show
from tutor.questions.blank import Blank, InputKind
from tutor.questions.labels import Label, label_in, left_side, own_label, without_left_side, without_this

Read = Callable[[str], Reading[Expression]]
"""Makes a tree of a text, or raises Unreadable."""


@dataclass(frozen=True, slots=True)
class TypedReading:
    """How an answer is read as far as it is typed. It is no verdict, and costs nothing."""

    text: str = ""
    """As mathematics; "" where that is what is typed, or nothing can be read yet."""

    shape: Shape | None = None
    """Its shape; None where nothing can be read yet, its parts do not fit together, or no shape is needed."""

    misfit: str = ""
    """Which operation in it cannot take the shapes it is given, in a sentence."""

    clashes: bool = False
    """Whether its shape cannot be right, however else it may be read."""


def reading_of(blank: Blank, text: str, read: Read, at: Mapping[str, Value] | None = None) -> TypedReading:
    """What `read` makes of an answer. With the values `at` of the names in it, its shape is held against the blank's.

    Raises nothing for any text.
    """
    text, other = without_own_label(blank, text)
    if blank.wants is not InputKind.VALUE or other is not None or not text.strip():
        return TypedReading()
    try:
        reading = read(text)
    except Unreadable:
        return TypedReading()
    said = reading.echo or show(reading.tree)
    said = "" if _squeezed(said) == _squeezed(text) else said
    if blank.shape is None or at is None:
        return TypedReading(said)
    shape, trouble, fits = _held_against(blank.shape, reading.tree, at)
    clashes = not fits and not any(_other_fits(blank.shape, other, read, at) for other in _others(text))
    return TypedReading(said, shape, trouble if clashes else "", clashes)


def _held_against(wanted: Shape, tree: Expression, at: Mapping[str, Value]) -> tuple[Shape | None, str, bool]:
    """The shape of an expression; else why it has none; and whether it is the one wanted, as far as that is known."""
    if unusable(tree, at):
        return None, "", True
    try:
        shape = shape_of(evaluate(tree, at))
    except ValueError:
        return None, misfit(tree, at), False
    return shape, "", shape == wanted if isinstance(tree, Matrix) else same_shape(shape, wanted)


def _others(text: str) -> list[str]:
    return [other.text for other in other_readings(text, vocabulary().functions)]


def _other_fits(wanted: Shape, text: str, read: Read, at: Mapping[str, Value]) -> bool:
    try:
        return _held_against(wanted, read(text).tree, at)[2]
    except Unreadable:
        return False


def _squeezed(text: str) -> str:
    return "".join(text.split()).replace("−", "-")


def without_own_label(blank: Blank, text: str) -> tuple[str, Label | None]:
    """An answer without the blank's own label in front of it; another label, where one stands there."""
    own, local = own_label(blank.label)
    text = without_this(text, blank.label)
    left = left_side(text)
    typed = label_in(left.rstrip(":=←").strip()) if left else None
    if own is not None and typed is not None and own.is_same(typed, local=local):
        return without_left_side(text), None
    return text, typed
