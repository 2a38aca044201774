"""A last step that is right but for one variable it reads: then that variable's line is the wrong one."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

import numpy as np

from tutor.engine.values import Value
from tutor.questions.code.comparing import received
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.lines.known import KnownAtCall
from tutor.questions.code.lines.mending import entries_of, is_truth, mended_by
from tutor.questions.code.lines.reading import Definition, ProgramReading
from tutor.questions.code.lines.saying import Doubt
from tutor.questions.code.lines.slicing import Slice, slice_of
from tutor.runner import Call

_SLOPES = ("slope", "local", "deriv")
"""Names with one of these in them say that a local derivative is meant."""


def source_of(
    reading: ProgramReading, call: Call, known: KnownAtCall, doubt: Doubt, element: ast.expr, found: Slice,
    wrong: Sequence[Definition],
) -> tuple[int, ...]:  # fmt: skip
    """Where the last step is right but for one variable that it reads: the line of that variable.

    () where there is no such variable, or several.
    """
    truth = known.names[doubt.names[doubt.position]]
    step = _last_step(element, wrong)
    if step is None:
        return ()
    expression, target = step
    at = {**known.names, **dict(doubt.reads), **_seen_at_last(call)}
    wanted = _wanted(target, truth, at)
    if wanted is None:
        return ()
    suspects = [
        each for each in _variables(expression, found, known, doubt)
        if mended_by(expression, each.name, at, _pool(known, wanted), is_truth(wanted))
    ]  # fmt: skip
    return _lines_of(reading, suspects[0], expression, wrong) if len(suspects) == 1 else ()


def _pool(known: KnownAtCall, wanted: Value) -> list[Value]:
    """What a variable might be meant to be."""
    pool = [*known.names.values(), *known.parts]
    return entries_of(pool) if np.ndim(wanted) == 0 else pool


def _variables(expression: ast.expr, found: Slice, known: KnownAtCall, doubt: Doubt) -> list[Definition]:
    """The variables of the learner's own that an expression reads, of which nothing says what they are."""
    chosen = []
    for name in sorted({part.id for part in ast.walk(expression) if isinstance(part, ast.Name)}):
        made = [each for each in found.definitions if each.name == name and not each.is_loop]
        if len(made) == 1 and not doubt.clears(made[0]) and not known.claims(name):
            chosen.append(made[0])
    return chosen


def _lines_of(
    reading: ProgramReading, one: Definition, expression: ast.expr, wrong: Sequence[Definition]
) -> tuple[int, ...]:
    below = slice_of(reading, one.value, one.order, one.controls)
    deeper = {each.line for each in wrong if each in below.definitions and not each.is_loop and each is not one}
    lines = deeper | {one.line}
    if one not in wrong and not names_a_slope(one.name):  # right as something else: it, or what takes it up
        lines.add(getattr(expression, "lineno", one.line))
    return tuple(sorted(lines))


def overwritten_each_time(definition: Definition) -> bool:
    """Whether an entry is set, not added to, in a loop over something that its place does not depend on."""
    if not isinstance(definition.statement, ast.Assign) or not isinstance(definition.target, ast.Subscript):
        return False
    place = {part.id for part in ast.walk(definition.target.slice) if isinstance(part, ast.Name)}
    read = {part.id for part in ast.walk(definition.value) if isinstance(part, ast.Name)}
    loops = [each for each in definition.controls if isinstance(each, ast.For)]
    names = {each.target.id for each in loops if isinstance(each.target, ast.Name)}
    all_are_names = len(names) == len(loops) == len(definition.controls)
    return all_are_names and bool((names & read) - place) and place <= names and definition.name not in read


def names_a_slope(name: str) -> bool:
    """Whether a name says that a local derivative is meant."""
    return any(part in name.lower() for part in _SLOPES)


def _last_step(element: ast.expr, wrong: Sequence[Definition]) -> tuple[ast.expr, ast.expr | None] | None:
    """The expression that gives the returned value, and what it is put into: the element itself, or a definition."""
    if not isinstance(element, ast.Name):
        return element, None
    last = [each for each in wrong if each.name == element.id]
    if len(last) != 1 or isinstance(last[0].statement, ast.AugAssign | ast.Expr):
        return None
    return last[0].value, last[0].target


def _seen_at_last(call: Call) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, local in call.locals.items():
        value = local.value if isinstance(local.value, int) else received(local.value)  # an index stays whole
        if value is not None:
            found[name] = value
    return found


def _wanted(target: ast.expr | None, truth: Value, at: Mapping[str, object]) -> Value | None:
    """What the last step should give: the truth, or the entry of it that was filled last."""
    if not isinstance(target, ast.Subscript):
        return truth
    try:
        places = AstInterpreter().value(ast.Tuple(elts=[target.slice], ctx=ast.Load()), at)
        flat = tuple(int(each) for each in np.ravel(np.asarray(places, dtype=np.float64)))
        return float(np.asarray(truth)[flat])
    except (CannotRead, IndexError, TypeError, ValueError):
        return None
