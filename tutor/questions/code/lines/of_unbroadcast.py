"""Which line of a function that sums a gradient back to a shape is wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tutor.engine.values import Value
from tutor.questions.code.comparing import received, same
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.lines.mending import worked_out
from tutor.questions.code.lines.reading import Control, Definition, ProgramReading, reading_of
from tutor.questions.code.lines.reductions import Reduction
from tutor.questions.code.lines.slicing import Slice, slice_of
from tutor.runner import Call
from tutor.runner import Value as Sent

_MOST = 2
"""More lines than this, and none is told."""


@dataclass(frozen=True)
class _Stop:
    """One array on the way: where it was made, and from what expression."""

    line: int
    value: Value
    expression: ast.expr
    order: int
    controls: tuple[Control, ...]


def lines_of_sum(text: str, function_name: str, call: Call, reduction: Reduction) -> tuple[int, ...]:
    """The lines among which is the one that makes the returned value wrong."""
    reading = reading_of(text, function_name)
    if reading is None or len(reading.returns) != 1 or len(reading.parameters) < 2:
        return ()
    tracing = _Tracing(reading, call, reduction)
    stops = tracing.stops()
    return tracing.blamed(stops) if stops else ()


class _Tracing:
    def __init__(self, reading: ProgramReading, call: Call, reduction: Reduction) -> None:
        self._reading = reading
        self._call = call
        self._reduction = reduction

    def stops(self) -> list[_Stop]:
        """The arrays on the way, the returned one last; none where they cannot all be followed."""
        grad = np.asarray(self._reduction.grad)
        found = []
        for each in self._call.assignments:
            at = [one for one in self._reading.of(each.name) if one.line == each.line and one.whole]
            if len(at) != 1 or isinstance(at[0].statement, ast.For) or not _is_array(each.value):
                continue
            value = received(each.value)
            if value is not None:
                found.append(_Stop(each.line, value, at[0].value, at[0].order, at[0].controls))
        statement, order, controls = self._reading.returns[0]
        value = received(self._call.returned)
        if value is None or statement.value is None or any(not each.whole for each in self._reading.definitions):
            return []
        if not isinstance(statement.value, ast.Name) or not found:
            found.append(_Stop(statement.lineno, value, statement.value, order, controls))
        ok = same(found[-1].value, value) and np.size(grad) > 0
        return found if ok else []

    def blamed(self, stops: Sequence[_Stop]) -> tuple[int, ...]:
        before: Value = self._reduction.grad
        for stop in stops:
            if self._reduction.summed(stop.value) is None:
                return self._at_stop(stop, before)
            before = stop.value
        last = stops[-1].value
        if set(self._reduction.summed(last) or ()) != set(self._reduction.needed):
            return self._missing(stops)
        return self._of_shape(stops)

    def _at_stop(self, stop: _Stop, before: Value) -> tuple[int, ...]:
        """The first array that is none of the right ones: its own line, or what chose the axes there."""
        chooser = self._mending(stop) if _only_sums(stop.expression) else ()
        if chooser:
            return chooser
        found = slice_of(self._reading, stop.expression, stop.order, stop.controls)
        wrong = {each.line for each in self._chosen(found) if not self._may(each)}
        if wrong:
            return tuple(sorted(wrong))
        loops = [each for each in stop.controls if isinstance(each, ast.While)]
        if loops and np.ndim(before) <= len(self._reduction.shape):
            return (loops[-1].lineno,) if len(loops) == len(stop.controls) == 1 else ()
        if _sums(stop.expression) and any(isinstance(each, ast.For) for each in stop.controls):
            return self._of_choice(stop)
        return (stop.line,) if not stop.controls or not _sums(stop.expression) or loops else ()

    def _mending(self, stop: _Stop) -> tuple[int, ...]:
        """The axes, computed on a line of their own, of which others would put the sum right."""
        reduction = self._reduction
        small, size = len(reduction.shape), reduction.grad.ndim
        axes = [reduction.needed, tuple(range(reduction.added)), reduction.stretched]
        numbers = [reduction.added, small, size, small - reduction.to_keep]
        read = {part.id for part in ast.walk(stop.expression) if isinstance(part, ast.Name)}
        suspects = []
        for name in sorted(read - set(self._reading.parameters)):
            made = self._reading.of(name)
            seen = self._seen(made[0]) if len(made) == 1 else []
            if len(seen) != 1 or _is_array(seen[0]) or isinstance(made[0].statement, ast.For):
                continue
            for each in numbers if isinstance(seen[0], int) else axes:
                value = worked_out(stop.expression, {**self._before(stop), name: each})
                if value is not None and reduction.summed(value) is not None:
                    suspects.append(made[0].line)
                    break
        return (suspects[0],) if len(set(suspects)) == 1 else ()

    def _before(self, stop: _Stop) -> dict[str, object]:
        """What names held when an array was made."""
        found: dict[str, object] = {}
        names = self._reading.parameters
        reduction = self._reduction
        found.update(zip(names, (reduction.grad, reduction.shape, reduction.to_keep), strict=False))
        for each in self._call.assignments:
            if each.line >= stop.line:
                break
            value = received(each.value)
            if value is not None:
                is_axes = isinstance(each.value, (tuple, list))
                found[each.name] = tuple(int(axis) for axis in np.ravel(value)) if is_axes else value
        return found

    def _missing(self, stops: Sequence[_Stop]) -> tuple[int, ...]:
        """Something is still to be summed: what should have chosen it."""
        last = stops[-1].value
        missing = set(self._reduction.needed) - set(self._reduction.summed(last) or ())
        statement, order, controls = self._reading.returns[0]
        assert statement.value is not None
        found = slice_of(self._reading, statement.value, order, controls)
        short = [each for each in self._chosen(found) if not self._does(each)]
        if short:
            lines = sorted({each.line for each in short})
            return tuple(lines) if len(lines) <= _MOST else ()
        whiles = [each for each in found.controls if isinstance(each, ast.While)]
        if whiles and missing & set(range(self._reduction.added)):
            return (whiles[0].lineno,) if len(whiles) == 1 else ()
        for definition in found.definitions:
            loops = [each for each in definition.controls if isinstance(each, ast.For)]
            if loops and _sums(definition.value) and min(missing) >= self._reduction.added:
                controls = definition.controls
                return self._of_choice(_Stop(definition.line, 0.0, definition.value, definition.order, controls))
        return ()

    def _of_shape(self, stops: Sequence[_Stop]) -> tuple[int, ...]:
        """The numbers are right, the axes are not: where they were lost, or first left over."""
        small, last = len(self._reduction.shape), np.ndim(stops[-1].value)
        sizes = [np.ndim(each.value) for each in stops]
        if last < small:
            at = next(at for at, size in enumerate(sizes) if size < small)
            return (stops[at].line,) if max(sizes[at:]) < small else ()
        return (stops[-1].line,) if len(stops) == 1 else ()

    def _of_choice(self, stop: _Stop) -> tuple[int, ...]:
        """A loop over axes, with a test or without: which of the two chooses wrongly."""
        heads = [each for each in stop.controls if isinstance(each, ast.For)]
        tests = [each for each in stop.controls if isinstance(each, ast.If)]
        if len(heads) != 1 or len(tests) > 1 or not _axis_is_variable(stop.expression, heads[0]):
            return ()
        try:
            turns = list(self._turns(heads[0]))
            chosen = [axis for axis, at in turns if not tests or bool(AstInterpreter().value(tests[0].test, at))]
        except (CannotRead, ValueError):  # a test of a whole array has no truth value
            return ()
        reached, wanted = {axis for axis, _ in turns}, set(self._reduction.stretched)
        if not tests or not wanted <= reached:
            return (heads[0].lineno,)
        cut = len(self._reduction.shape) - self._reduction.to_keep
        extra = set(chosen) - wanted
        if extra and all(axis >= cut for axis in extra) and wanted <= set(chosen):
            return (heads[0].lineno,)
        return (tests[0].lineno,) if set(chosen) != wanted else (stop.line,)

    def _turns(self, loop: ast.For) -> Iterator[tuple[int, dict[str, object]]]:
        """The axes that a loop goes through, each with the values of names there. Raises CannotRead."""
        match loop.target, loop.iter:
            case ast.Name(id=name), ast.Call(func=ast.Name(id="range"), args=ends):
                for axis in range(*(int(AstInterpreter().value(end, self._at())) for end in ends)):
                    yield axis, {**self._at(), name: axis}
            case ast.Tuple(elts=[ast.Name(id=name), ast.Name(id=each)]), ast.Call(
                func=ast.Name(id="enumerate"), args=[over]
            ):
                for axis, size in enumerate(np.ravel(AstInterpreter().value(over, self._at()))):
                    yield axis, {**self._at(), name: axis, each: float(size)}
            case _:
                raise CannotRead("loop")

    def _at(self) -> dict[str, object]:
        """Names and what they hold, as far as they are numbers: the gradient as it is once its front axes are gone."""
        reduction = self._reduction
        names = self._reading.parameters
        front = reduction.grad.sum(axis=tuple(range(reduction.added)))
        found: dict[str, object] = {names[0]: front, names[1]: reduction.shape}
        if len(names) > 2:
            found[names[2]] = reduction.to_keep
        for name, local in self._call.locals.items():
            value = received(local.value)
            if name not in found and value is not None:
                found[name] = front if _is_array(local.value) else value
        return found

    def _chosen(self, found: Slice) -> list[Definition]:
        """The numbers and tuples that were computed on the way, not those of loops."""
        return [
            each for each in found.definitions
            if each.name not in self._reading.parameters and not isinstance(each.statement, ast.For)
            and not any(_is_array(sent) for sent in self._seen(each))
        ]  # fmt: skip

    def _seen(self, definition: Definition) -> list[Sent]:
        return [
            each.value
            for each in self._call.assignments
            if each.name == definition.name and each.line == definition.line
        ]

    def _may(self, definition: Definition) -> bool:
        return all(self._is_right(each, False) for each in self._seen(definition))

    def _does(self, definition: Definition) -> bool:
        return all(self._is_right(each, True) for each in self._seen(definition))

    def _is_right(self, sent: Sent, whole: bool) -> bool:
        reduction = self._reduction
        size, small, kept = reduction.grad.ndim, len(reduction.shape), reduction.to_keep
        if isinstance(sent, int):
            return sent in (size, small, reduction.added, small - kept, size - kept, kept)
        if not isinstance(sent, (tuple, list)):
            return False
        axes = [each for each in sent if isinstance(each, int)]
        if len(axes) != len(sent):
            return False
        padded = (1,) * reduction.added + reduction.shape
        if tuple(axes) in (
            reduction.shape,
            reduction.grad.shape,
            padded,
            padded[: size - kept],
            reduction.shape[: small - kept],
        ):
            return True
        if whole:
            return reduction.is_front(axes) or reduction.is_stretched(axes)
        return reduction.allows(axes)


def _is_array(sent: Sent) -> bool:
    return not isinstance(sent, (bool, int, str, tuple, list, dict)) and sent is not None


def _only_sums(expression: ast.expr) -> bool:
    """Whether all that is called here are sums and what they need."""
    called = [part.func for part in ast.walk(expression) if isinstance(part, ast.Call)]
    names = {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in called}
    return names <= {"sum", "asarray", "array", "ndim", "len", "range", "tuple", "list", "shape"}


def _sums(expression: ast.expr) -> bool:
    """Whether this only sums: `x.sum(...)` or `np.sum(x, ...)`, and keeps the axes that it sums."""
    return (
        isinstance(expression, ast.Call)
        and isinstance(expression.func, ast.Attribute)
        and expression.func.attr == "sum"
    )


def _axis_is_variable(expression: ast.expr, loop: ast.For) -> bool:
    """Whether the axis summed over is the loop's own variable."""
    names = {part.id for part in ast.walk(loop.target) if isinstance(part, ast.Name)}
    if not isinstance(expression, ast.Call):
        return False
    given = [each.value for each in expression.keywords if each.arg == "axis"] or expression.args[-1:]
    return bool(given) and isinstance(given[0], ast.Name) and given[0].id in names
