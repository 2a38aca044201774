"""The lines that make a returned value wrong: all it is made of, without what is surely right."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tutor.questions.code.lines.known import KnownAtCall, seen_of
from tutor.questions.code.lines.reading import Control, Definition, ProgramReading
from tutor.questions.code.lines.saying import Doubt
from tutor.questions.code.lines.slicing import Slice, slice_of
from tutor.questions.code.lines.sources import overwritten_each_time, source_of
from tutor.runner import Call


def blamed(reading: ProgramReading, call: Call, known: KnownAtCall, doubt: Doubt) -> tuple[int, ...]:
    """The lines among which a wrong one is, first to last; one line if it is certain, none if it cannot be told."""
    ending = _ending(reading)
    if ending is None:
        return ()
    statement, order, controls = ending
    element = _element(statement.value, doubt.position, doubt.names)
    if element is None:
        return ()
    if (
        isinstance(element, ast.Name)
        and element.id in reading.parameters
        and not any(each.whole for each in reading.of(element.id))
    ):
        return (element.lineno,)  # an argument as it came
    closed = {name for name in known.names if _held_right(call, known, name)}
    found = slice_of(reading, element, order, controls, closed)
    if any(not _given_helper(reading, known, name) and not doubt.helpers_hold(name) for name in found.helpers):
        return ()
    sound = _vouched(reading, statement, order, controls, doubt)
    last = {each.name: each for each in found.definitions if each.whole}
    wrong = [each for each in found.definitions if not _is_fine(each, call, known, doubt, sound, last)]
    kept_last = [each for each in wrong if isinstance(element, ast.Name) and each.name == element.id]
    if len(kept_last) == 1 and overwritten_each_time(kept_last[0]):
        return (kept_last[0].line,)
    first = _first_claimed(wrong, known, doubt, last)
    if first is not None and not (isinstance(element, ast.Name) and first.name == element.id):
        below = slice_of(reading, first.value, first.order, first.controls, closed)
        wrong = [each for each in wrong if each is first or each in below.definitions]
        return tuple(sorted({each.line for each in wrong}))
    source = source_of(reading, call, known, doubt, element, found, wrong)
    if source:
        return source
    proved = any(doubt.clears(each) for each in found.definitions if not each.is_loop)
    if all(each.is_loop for each in wrong) and not proved:  # what they fill is right as something else
        wrong = []
    wrong += _handed_on(wrong, found, doubt)
    lines = {each.line for each in wrong}
    around = {control for each in wrong for control in each.controls}
    lines |= {each.lineno for each in around if not (_head_given(each, known) or doubt.loops_hold)}
    wanted = doubt.names[doubt.position]
    if not lines and isinstance(element, ast.Name) and known.claims(element.id) == wanted:
        return ()  # the right variable is returned, and nothing seems wrong with it
    if not lines or not _is_plain(element):
        lines.add(getattr(element, "lineno", statement.lineno))
    return tuple(sorted(lines))


def _ending(reading: ProgramReading) -> tuple[ast.Return, int, tuple[Control, ...]] | None:
    """The one place where the function returns."""
    found = [each for each in reading.returns if each[0].value is not None]
    return found[0] if len(found) == 1 else None


def _element(value: ast.expr | None, position: int, names: Sequence[str]) -> ast.expr | None:
    """The expression returned at a position; the whole where they are not apart."""
    match value:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return parts[position] if len(parts) == len(names) else None
        case ast.Dict(keys=keys, values=values):
            for key, each in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == names[position]:
                    return each
            return None
        case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
            return next((each.value for each in keywords if each.arg == names[position]), None)
    return value


def _vouched(
    reading: ProgramReading, statement: ast.Return, order: int, controls: tuple[Control, ...], doubt: Doubt
) -> Slice:
    """All that right returned values are made of."""
    whole = Slice()
    for position in doubt.right:
        element = _element(statement.value, position, doubt.names)
        if element is not None and element is not statement.value:
            part = slice_of(reading, element, order, controls)
            whole.definitions += part.definitions
    return whole


def _is_fine(
    definition: Definition, call: Call, known: KnownAtCall, doubt: Doubt, sound: Slice, last: dict[str, Definition]
) -> bool:
    if definition in sound.definitions or head_of(definition.statement) in known.given or doubt.clears(definition):
        return True
    if is_empty(definition.value) and last.get(definition.name) is not definition:
        return True
    if doubt.loops_hold and (definition.is_loop or _is_counter(definition)):
        return True
    if isinstance(definition.statement, ast.For):
        return False
    if is_empty(definition.value):
        return True
    values = seen_of(call, definition)
    return bool(values) and all(known.right(definition.name, each) for each in values)


def _is_counter(definition: Definition) -> bool:
    """Whether this counts on, `j += 1`, for a `while` that looks at it."""
    tests = [each.test for each in definition.controls if isinstance(each, ast.While)]
    names = {part.id for test in tests for part in ast.walk(test) if isinstance(part, ast.Name)}
    return definition.name in names and isinstance(definition.statement, ast.AugAssign)


def _first_claimed(
    wrong: Sequence[Definition], known: KnownAtCall, doubt: Doubt, last: dict[str, Definition]
) -> Definition | None:
    """The first definition of another wanted value, by its name, that surely is not it."""
    for each in sorted(wrong, key=lambda each: each.order):
        claimed = known.claims(each.name)
        if claimed in doubt.names and claimed != doubt.names[doubt.position] and last.get(each.name) is each:
            return each
    return None


def _handed_on(wrong: Sequence[Definition], found: Slice, doubt: Doubt) -> list[Definition]:
    """Where the one doubtful line only hands on a variable: where that one is computed, which may be meant as well."""
    if len({each.line for each in wrong}) != 1 or not is_handing_on(wrong[0].value):
        return []
    names = {part.id for part in ast.walk(wrong[0].value) if isinstance(part, ast.Name)}
    return [
        each for each in found.definitions
        if each.name in names and each not in wrong and not each.is_loop
        and not doubt.clears(each) and not isinstance(each.value, ast.Subscript)
    ]  # fmt: skip


def is_handing_on(value: ast.expr) -> bool:
    """Whether an expression is a name, or a function of names alone."""
    if isinstance(value, ast.Call):
        return all(isinstance(each, ast.Name | ast.Attribute | ast.Subscript | ast.Call) for each in value.args)
    return isinstance(value, ast.Name)


def is_empty(value: ast.expr) -> bool:
    """Whether this only makes room: zeros, an empty list."""
    match value:
        case ast.Constant(value=0 | 0.0) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Attribute(attr="zeros" | "zeros_like" | "empty" | "empty_like")):
            return True
    return False


def _held_right(call: Call, known: KnownAtCall, name: str) -> bool:
    local = call.locals.get(name)
    return local is not None and known.claims(name) == name and known.right(name, local.value)


def _head_given(control: Control, known: KnownAtCall) -> bool:
    return head_of(control) in known.given


def _given_helper(reading: ProgramReading, known: KnownAtCall, name: str) -> bool:
    return head_of(reading.helpers[name]) in known.given


def _is_plain(node: ast.expr) -> bool:
    """Whether an expression only hands on what was computed elsewhere."""
    match node:
        case ast.Name():
            return True
        case ast.Subscript(value=owner, slice=ast.Constant()):
            return _is_plain(owner)
    return False


def head_of(statement: ast.AST) -> str:
    """A statement as text to compare; of a loop or a test the head alone."""
    match statement:
        case ast.For(target=target, iter=value):
            return f"for {ast.dump(target)} in {ast.dump(value)}"
        case ast.While(test=test):
            return f"while {ast.dump(test)}"
        case ast.If(test=test):
            return f"if {ast.dump(test)}"
    return ast.dump(statement)


def heads_in(text: str) -> frozenset[str]:
    """The statements of a text that was given."""
    return frozenset(head_of(node) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt))
