"""Making a question of the kind `shape`."""

from __future__ import annotations

from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.questions.inflect import listed
from tutor.questions.question import QuestionPlace
from tutor.questions.shape.memory import ask_about_memory
from tutor.questions.shape.shapes import ask_for_shape
from tutor.questions.shape.tables import ShapeAsk, ShapeTable, setting_of
from tutor.questions.short_answer import Item, ShortAnswerQuestion

__all__ = ["ShapeTable", "make_shape"]

_ORDERS = ("order", "memory")
_SHAPES = ("shape", "gradient", "derivative")


def make_shape(table: ShapeTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for an operation that cannot be read or asked about."""
    asked = each(lambda number, ask: _asked(number, table, ask), table.ask)
    return ShortAnswerQuestion(table, asked, about="Shapes are written (7, 3); a single number is scalar.")


def _asked(number: int, table: ShapeTable, ask: ShapeAsk) -> Item:
    key = f"ask[{number}]"
    setting = setting_of(key, table, ask)
    if ask.entries and ask.asks not in _ORDERS:
        raise BadFile(f"{key}.entries", f"has no effect here: it names the entries for asks = {listed(_ORDERS, 'or')}")
    return (ask_for_shape if ask.asks in _SHAPES else ask_about_memory)(number, key, ask, setting)
