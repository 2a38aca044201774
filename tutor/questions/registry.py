"""The kinds of question, and making an exercise's questions. A new kind is a module of its own and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec import Struct

from tutor.library import BadFile, Exercise
from tutor.library.decoding import FaultCollector, each, meant, table_of
from tutor.library.fitting import nearest
from tutor.library.format import ExerciseFile
from tutor.library.format import json_schema as schema_with
from tutor.questions.backprop.question import BackpropQuestion, BackpropQuestionTable, make_backprop
from tutor.questions.chain.question import ChainTable, make_chain
from tutor.questions.choice import ChoiceTable, make_choice
from tutor.questions.code.question import CodeQuestionTable, make_code
from tutor.questions.derivative.question import DerivativeTable, make_derivative
from tutor.questions.gradient.question import GradientTable, make_gradient
from tutor.questions.order import OrderTable, make_order
from tutor.questions.question import Question, QuestionPlace
from tutor.questions.shape.question import ShapeTable, make_shape
from tutor.questions.trace import TraceTable, make_trace
from tutor.questions.value.question import ValueTable, make_value
from tutor.runner import Runner


@dataclass(frozen=True, slots=True)
class QuestionKind:
    """What a question's table may hold, and what makes a question of it (raising BadFile with the key at fault)."""

    name: str
    table: type[Struct]
    make: Callable[[Any, QuestionPlace], Question]


KINDS: dict[str, QuestionKind] = {
    "backprop": QuestionKind("backprop", BackpropQuestionTable, make_backprop),
    "code": QuestionKind("code", CodeQuestionTable, make_code),
    "chain": QuestionKind("chain", ChainTable, make_chain),
    "choice": QuestionKind("choice", ChoiceTable, make_choice),
    "derivative": QuestionKind("derivative", DerivativeTable, make_derivative),
    "gradient": QuestionKind("gradient", GradientTable, make_gradient),
    "order": QuestionKind("order", OrderTable, make_order),
    "shape": QuestionKind("shape", ShapeTable, make_shape),
    "trace": QuestionKind("trace", TraceTable, make_trace),
    "value": QuestionKind("value", ValueTable, make_value),
}


def questions_of(exercise: Exercise, runner: Runner) -> tuple[Question, ...]:
    """The exercise's questions, in order. Raises BadFile, with keys and lines, for all that does not hold."""
    try:
        if not exercise.file.question:
            return (_made(lambda: BackpropQuestion(exercise.file, QuestionPlace(exercise.id, runner)), "function"),)
        return tuple(
            each(
                lambda number, table: _question(number, table, QuestionPlace(f"{exercise.id}#{number}", runner)),
                exercise.file.question,
            )
        )
    except BadFile as error:
        raise error.placed(exercise.line_of) from None


def _question(number: int, table: dict[str, Any], place: QuestionPlace) -> Question:
    """Raises BadFile with all that is wrong with its table, and then with what the rest of it comes to."""
    faults = FaultCollector()
    with faults.part():
        name = str(table.get("kind", ""))
        if name not in KINDS:
            raise BadFile("kind", f"there is no kind {name}; {meant(name, KINDS, 'kinds')}")
    kind = KINDS.get(name) or KINDS.get(nearest(name, KINDS))
    question = None
    if kind is not None:
        read = table_of({**table, "kind": kind.name}, kind.table, around=(ExerciseFile,))
        faults.faults += read.faults
        if (whole := read.value) is not None:
            try:
                question = _made(lambda: kind.make(whole, place), "")
            except BadFile as bad:
                faults.faults += [fault for fault in bad.faults if not read.left_out.concerns(fault.key)]
    if faults.faults or question is None:
        raise BadFile.of(faults.faults).within(f"question[{number}].")
    return question


def _made(make: Callable[[], Question], key: str) -> Question:
    """The question. Raises BadFile: a file may hold what nobody thought of, and must not stop the program."""
    try:
        return make()
    except BadFile:
        raise
    except Exception as error:
        detail = " ".join(str(error).split())[:200]
        reason = f"the tutor cannot make an exercise of this ({type(error).__name__}{': ' + detail if detail else ''})"
        raise BadFile(key, reason) from error


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an exercise file, with all kinds of question."""
    return schema_with({name: kind.table for name, kind in KINDS.items()})
