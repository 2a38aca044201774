"""What the types of a file's keys cannot say: steps that fit each other, names said once, a step size that steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isfinite

from msgspec import NODEFAULT
from msgspec.structs import fields

from tutor.library.faults import BadFile, FaultCollector
from tutor.library.fitting import meant
from tutor.library.format import BackpropTable, ExerciseFile

_RUNGS = 3
_HINTED = ("stage", "forward", "backward", "code", "descend", "staging", "value", "total", "local", "down", "step")
"""What hints can be for: a step, or a blank by its key, which is one of these words or begins with one and a colon."""


def check(file: ExerciseFile, left_out: Collection[str] = ()) -> None:
    """Raise BadFile with all that does not fit; of keys that were `left_out` nothing is said."""
    faults = FaultCollector()
    with faults.part():
        _check_title(file)
    with faults.part():
        _check_marks(file)
    with faults.part():
        if file.question:
            _check_only_questions(file)
        elif "question" not in left_out:
            check_table(file, left_out)
    faults.raise_all()


def check_table(table: BackpropTable, left_out: Collection[str] = ()) -> None:
    """Raise BadFile with all that does not fit in a function's table."""
    faults = FaultCollector()
    for key in ("function", "at"):
        with faults.part():
            if not getattr(table, key) and key not in left_out:
                raise BadFile(key, f"is missing: write {_EXAMPLES[key]}")
    with faults.part():
        if table.function and not table.function.strip():
            raise BadFile("function", "there is nothing in it")
    for look in (_check_steps, _check_hints, _check_descend):
        with faults.part():
            look(table)
    for key in ("whole", "avoid", "positive"):
        with faults.part():
            _refuse_twice(key, getattr(table, key))
    faults.raise_all()


_EXAMPLES = {"function": 'function = "f(x, y) = x y"', "at": "at = { x = 2.5, y = 3 }"}


def misplaced(key: str, table: str) -> str:
    """What to say of a key of the file itself that is found in one of its tables; "" where it is none."""
    if key not in ExerciseFile.__struct_fields__:
        return ""
    return f"this key belongs to the file itself: move it up, before the line [{table}]"


def _check_title(file: ExerciseFile) -> None:
    if not file.title.strip():
        raise BadFile("title", "there is nothing in it")
    if "\n" in file.title:
        raise BadFile("title", "a title is one line")


def _check_marks(file: ExerciseFile) -> None:
    """The marks of questions and blanks add up to those of what they are in, as far as all are given."""
    faults = FaultCollector()
    with faults.part():
        _check_sum("marks", file.marks, [table.get("marks") for table in file.question], "questions")
    for number, table in enumerate(file.question, 1):
        asks = table.get("ask")
        with faults.part():
            parts = [one.get("marks") for one in asks if isinstance(one, dict)] if isinstance(asks, list) else []
            _check_sum(f"question[{number}].marks", table.get("marks"), parts, "blanks")
    faults.raise_all()


def _check_sum(key: str, whole: object, parts: Sequence[object], called: str) -> None:
    given = [float(part) for part in parts if isinstance(part, int | float)]
    if not isinstance(whole, int | float) or not given:
        return
    total = sum(given)
    if len(given) == len(parts) and abs(total - whole) > _SAME_MARKS:
        raise BadFile(key, f"it is {whole:g}, and its {called} have {total:g} together: leave one of the two out")
    if len(given) < len(parts) and total >= whole:
        raise BadFile(
            key, f"it is {whole:g}, and {len(given)} of its {called} have {total:g}: nothing is left for the others"
        )


_SAME_MARKS = 1e-6


def _check_only_questions(file: ExerciseFile) -> None:
    """A file has a function, or questions: one of which may have a function."""
    faults = FaultCollector()
    for field in fields(BackpropTable):
        with faults.part():
            if getattr(file, field.name) != (
                field.default if field.default is not NODEFAULT else field.default_factory()
            ):
                raise BadFile(
                    field.name, 'this file has questions: put it into one of them, [[question]] with kind = "backprop"'
                )
    for number, table in enumerate(file.question, 1):
        with faults.part():
            if not isinstance(table.get("kind"), str):
                raise BadFile(f"question[{number}].kind", 'is missing: say which kind it is, such as kind = "shape"')
        for key in _EXAMPLES if table.get("kind") == "backprop" else ():
            with faults.part():
                if key not in table:
                    raise BadFile(f"question[{number}].{key}", f"is missing: write {_EXAMPLES[key]}")
    faults.raise_all()


def _check_steps(file: BackpropTable) -> None:
    _refuse_twice("steps", file.steps)
    if "stage" in file.steps[1:]:
        raise BadFile("steps", "stage comes first: the other steps work on its graph")
    if "descend" in file.steps and file.descend is None:
        raise BadFile("steps", "descend needs a table [descend] with the step size")


def _check_hints(file: BackpropTable) -> None:
    faults = FaultCollector()
    for key, rungs in file.hints.items():
        kind = key.partition(":")[0]
        with faults.part():
            if kind not in _HINTED:
                reason = misplaced(key, "hints") or f"there is no such step or blank; {_near(kind)}"
                raise BadFile(f"hints.{key}", reason)
            if len(rungs) > _RUNGS:
                raise BadFile(f"hints.{key}", f"there are {len(rungs)} hints; at most three are shown")
    faults.raise_all()


def _near(word: str) -> str:
    return meant(word, _HINTED, "steps and blanks")


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
