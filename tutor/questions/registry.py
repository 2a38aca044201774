"""The kinds of question, and making an exercise's questions. A new kind is a module of its own and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from tutor.library import BadFile, Exercise
from tutor.library.decoding import convert, meant
from tutor.library.format import json_schema as schema_with
from tutor.questions.backprop.question import BackpropQuestion, BackpropQuestionTable, make_backprop
from tutor.questions.chain.question import ChainTable, make_chain
from tutor.questions.choice import ChoiceTable, make_choice
from tutor.questions.code.question import CodeQuestionTable, make_code
from tutor.questions.derivative.question import DerivativeTable, make_derivative
from tutor.questions.gradient.question import GradientTable, make_gradient
from tutor.questions.order import OrderTable, make_order
from tutor.questions.question import Place, Question
from tutor.questions.shape import ShapeTable, make_shape
from tutor.questions.trace import TraceTable, make_trace
from tutor.questions.value import ValueTable, make_value
from tutor.runner import Runner


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """What a question's table may hold, and what makes a question of it (raising BadFile with the key at fault)."""

    table: type[Struct]
    make: Callable[[Any, Place], Question]


KINDS: dict[str, QuestionKind] = {
    "backprop": QuestionKind(BackpropQuestionTable, make_backprop),
    "code": QuestionKind(CodeQuestionTable, make_code),
    "chain": QuestionKind(ChainTable, make_chain),
    "choice": QuestionKind(ChoiceTable, make_choice),
    "derivative": QuestionKind(DerivativeTable, make_derivative),
    "gradient": QuestionKind(GradientTable, make_gradient),
    "order": QuestionKind(OrderTable, make_order),
    "shape": QuestionKind(ShapeTable, make_shape),
    "trace": QuestionKind(TraceTable, make_trace),
    "value": QuestionKind(ValueTable, make_value),
}


def questions_of(exercise: Exercise, runner: Runner) -> tuple[Question, ...]:
    """The exercise's questions, in order. Raises BadFile, with key and line, for the first that does not hold."""
    try:
        if not exercise.file.question:
            return (BackpropQuestion(exercise.file, Place(exercise.id, runner)),)
        return tuple(
            _question(table, f"question[{number}].", Place(f"{exercise.id}#{number}", runner))
            for number, table in enumerate(exercise.file.question, 1)
        )
    except BadFile as error:
        raise BadFile(error.key, error.reason, exercise.line_of(error.key)) from None


def _question(table: dict[str, Any], prefix: str, place: Place) -> Question:
    name = table["kind"]
    if name not in KINDS:
        raise BadFile(f"{prefix}kind", f"there is no kind {name}; {meant(name, KINDS, 'kinds')}")
    kind = KINDS[name]
    try:
        return kind.make(convert(table, kind.table, ""), place)
    except BadFile as error:
        raise BadFile(f"{prefix}{error.key}".rstrip("."), error.reason) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an exercise file, with all kinds of question."""
    return schema_with({name: kind.table for name, kind in KINDS.items()})
