"""What the types of a file's keys cannot say: steps that fit each other, names said once, a step size that steps."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from msgspec import NODEFAULT
from msgspec.structs import fields

from tutor.library.decoding import BadFile, line_of, meant
from tutor.library.format import BackpropTable, ExerciseFile

_RUNGS = 3
_HINTED = ("stage", "forward", "backward", "code", "descend", "staging", "value", "total", "local", "down", "step")
"""What hints can be for: a step, or a blank by its key, which is one of these words or begins with one and a colon."""


def check(file: ExerciseFile, text: str) -> None:
    """Raise BadFile, with the line in `text`, for the first thing that does not fit."""
    try:
        _check_title(file)
        if file.question:
            _check_only_questions(file)
        else:
            check_table(file)
    except BadFile as error:
        raise BadFile(error.key, error.reason, line_of(text, error.key)) from None


def check_table(table: BackpropTable) -> None:
    """Raise BadFile for the first thing in a function's table that does not fit."""
    for key in ("function", "at"):
        if not getattr(table, key):
            raise BadFile(key, "is missing")
    if not table.function.strip():
        raise BadFile("function", "there is nothing in it")
    _check_steps(table)
    _check_hints(table)
    _check_descend(table)
    for key in ("whole", "avoid", "positive"):
        _refuse_twice(key, getattr(table, key))


def _check_title(file: ExerciseFile) -> None:
    if not file.title.strip():
        raise BadFile("title", "there is nothing in it")
    if "\n" in file.title:
        raise BadFile("title", "a title is one line")


def _check_only_questions(file: ExerciseFile) -> None:
    """A file has a function, or questions: one of which may have a function."""
    for field in fields(BackpropTable):
        if getattr(file, field.name) != (field.default if field.default is not NODEFAULT else field.default_factory()):
            raise BadFile(
                field.name, 'this file has questions: put it into one of them, [[question]] with kind = "backprop"'
            )
    for number, table in enumerate(file.question, 1):
        if not isinstance(table.get("kind"), str):
            raise BadFile(f"question[{number}].kind", "is missing: which kind of question is it?")


def _check_steps(file: BackpropTable) -> None:
    _refuse_twice("steps", file.steps)
    if "stage" in file.steps[1:]:
        raise BadFile("steps", "stage comes first: the other steps work on its graph")
    if "descend" in file.steps and file.descend is None:
        raise BadFile("steps", "descend needs a table [descend] with the step size")


def _check_hints(file: BackpropTable) -> None:
    for key, rungs in file.hints.items():
        kind = key.partition(":")[0]
        if kind not in _HINTED:
            raise BadFile(f"hints.{key}", f"there is no such step or blank; {meant(kind, _HINTED, 'steps and blanks')}")
        if len(rungs) > _RUNGS:
            raise BadFile(f"hints.{key}", f"there are {len(rungs)} hints; at most three are shown")


def _check_descend(file: BackpropTable) -> None:
    if file.descend is None:
        return
    if not (isfinite(file.descend.step) and file.descend.step > 0):
        raise BadFile("descend.step", "a step size is a number larger than 0")
    _refuse_twice("descend.variables", file.descend.variables)


def _refuse_twice(key: str, words: Sequence[str]) -> None:
    for position, word in enumerate(words):
        if word in words[:position]:
            raise BadFile(key, f"{word} is here twice")
