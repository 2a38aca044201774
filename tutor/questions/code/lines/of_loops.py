"""Which line of a backward pass in loops is wrong."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from tutor.engine.values import Array, Value
from tutor.questions.code.comparing import received, same
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.lines.blaming import blamed, head_of, heads_in
from tutor.questions.code.lines.known import KnownAtCall, parts_of
from tutor.questions.code.lines.reading import Definition, ProgramReading, reading_of
from tutor.questions.code.lines.saying import Doubt
from tutor.questions.code.slips import CodeMistake
from tutor.runner import Call

_MOST = 200
"""Entries of a gradient up to which a line is worked out for each of them."""


@dataclass(frozen=True)
class LoopsContext:
    """One call of the function of this name in `text`: all that is true of it, and what it should return.

    `given` is the text that was given. `values` are those of the forward pass beside the arguments.
    """

    text: str
    given: str
    function_name: str
    arguments: Mapping[str, Value]
    values: Mapping[str, Value]
    truths: Mapping[str, Value]


def lines_of_gradient(
    asked: LoopsContext, call: Call, name: str, right: tuple[str, ...], slip: CodeMistake | None
) -> tuple[int, ...]:
    """The lines among which is the one that makes the gradient `name` wrong, where those of `right` are right."""
    reading = reading_of(asked.text, asked.function_name)
    if reading is None:
        return ()
    truths = asked.truths
    named = {**asked.arguments, **asked.values, **truths}
    known = KnownAtCall(
        named, parts_of(_parts(named)), lambda each: each if each in named else "", heads_in(asked.given)
    )
    names = tuple(truths)
    rest = _Worked(reading, named, name)
    bare = _is_bare(call, truths[name], name)
    if bare:
        return _not_reached(reading, name, rest, known)
    told = slip is not None and slip.mistake != "wrong_order"
    doubt = Doubt(
        names.index(name), tuple(map(names.index, right)), names,
        loops_hold=told or rest.says_wrong(), clears=rest.is_right,
    )  # fmt: skip
    return blamed(reading, call, known, doubt)


def _parts(named: Mapping[str, Value]) -> Iterator[object]:
    """What is right on the way, by whatever name."""
    h, x, w, v = (np.asarray(named[name]) for name in "hxwv")
    y, t, dy = (float(named[name]) for name in ("y", "t", "dy"))
    dh, dk, k = (np.asarray(named[name]) for name in ("dh", "dk", "k"))
    n, m = np.shape(w)
    yield from (n, m, np.asarray((n, m)), y - t, 2 * (y - t), -k, np.exp(-k), 1 + np.exp(-k))
    yield from (1 - h, h * (1 - h), h**2, dh * h, dy * h, dy * v, w.T, x[:, None], dk[None, :], np.outer(dk, x), w * dk)
    yield from (x @ w, v @ h, v * h, dy * v * h, dy * v * h * (1 - h))


def _is_bare(call: Call, truth: Value, name: str) -> bool:
    """Whether what was left in this variable is right where it is not still zero, and zero somewhere."""
    local = call.locals.get(name)
    mine = received(local.value) if local is not None else None
    if mine is None or np.shape(mine) != np.shape(truth) or np.ndim(truth) == 0:
        return False
    zero = np.asarray(mine) == 0
    close = np.isclose(mine, truth, rtol=1e-6)
    return bool(zero.any() and (zero | close).all())


def _not_reached(reading: ProgramReading, name: str, worked: _Worked, known: KnownAtCall) -> tuple[int, ...]:
    """Entries are missing: the one loop, not given, that may leave them out."""
    filled = [each for each in reading.of(name) if not each.whole]
    if len(filled) != 1 or not worked.is_right(filled[0]):
        return ()
    heads = [each for each in filled[0].controls if not _given(each, known)]
    return (heads[0].lineno,) if len(heads) == 1 and isinstance(heads[0], ast.For) else ()


def _given(control: ast.stmt, known: KnownAtCall) -> bool:
    return head_of(control) in known.given


class _Worked:
    """The line that fills a gradient, worked out with the true values for every entry."""

    def __init__(self, reading: ProgramReading, named: Mapping[str, Value], name: str) -> None:
        self._named = named
        self._name = name
        filling = [each for each in reading.of(name) if not each.whole]
        self._one = filling[0] if len(filling) == 1 else None
        self._reading = reading
        self._result = self._worked() if self._one is not None else None

    def is_right(self, definition: Definition) -> bool:
        """Whether this definition is that line, and gives the truth with true values."""
        return definition is self._one and self._result is not None and same(self._result, self._named[self._name])

    def says_wrong(self) -> bool:
        """Whether that line surely gives something else with true values."""
        return self._result is not None and not same(self._result, self._named[self._name])

    def _worked(self) -> Value | None:
        assert self._one is not None
        target, statement = self._one.target, self._one.statement
        truth = np.asarray(self._named[self._name])
        if not isinstance(target, ast.Subscript) or truth.size > _MOST:
            return None
        parts = target.slice.elts if isinstance(target.slice, ast.Tuple) else [target.slice]
        indices = [part.id for part in parts if isinstance(part, ast.Name)]
        if len(indices) != truth.ndim or len(parts) != truth.ndim:
            return None
        adds = isinstance(statement, ast.AugAssign) and isinstance(statement.op, ast.Add)
        value = self._inlined(self._one.value)
        match value:  # dx[i] = dx[i] + ...
            case ast.BinOp(left=ast.Subscript() as own, op=ast.Add(), right=rest) if _same_place(own, target):
                adds, value = True, rest
            case ast.BinOp(left=rest, op=ast.Add(), right=ast.Subscript() as own) if _same_place(own, target):
                adds, value = True, rest
        if isinstance(statement, ast.AugAssign) and not adds:
            return None
        used = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
        loops = {part.id for each in self._one.controls if isinstance(each, ast.For)
                 for part in ast.walk(each.target) if isinstance(part, ast.Name)}  # fmt: skip
        return self._filled(truth, indices, value, sorted((used & loops) - set(indices)), adds)

    def _inlined(self, value: ast.expr) -> ast.expr:
        """The expression with the variables of the same loop put in."""
        reading, one = self._reading, self._one

        class Inlining(ast.NodeTransformer):
            def visit_Name(self, node: ast.Name) -> ast.expr:
                made = reading.of(node.id)
                if one is None or len(made) != 1 or not made[0].whole or isinstance(made[0].statement, ast.For):
                    return node
                return copy.deepcopy(made[0].value) if made[0].controls == one.controls else node

        made: ast.expr = Inlining().visit(copy.deepcopy(value))
        return made

    def _filled(self, truth: Array, indices: list[str], value: ast.expr, others: list[str], adds: bool) -> Value | None:
        sizes = np.shape(self._named["w"])
        if len(others) > 1 or (others and not adds):
            return None
        found: Value | None = None
        for size in sizes if others else (1,):
            made = np.zeros(truth.shape)
            try:
                for at in np.ndindex(truth.shape):
                    for other in product(range(size), repeat=len(others)):
                        places = dict(zip((*indices, *others), (*at, *other), strict=True))
                        made[at] += float(AstInterpreter().value(value, {**self._named, **places}))
            except (CannotRead, TypeError, ValueError):
                continue
            found = made
            if same(made, self._named[self._name]):
                return made
        return found


def _same_place(one: ast.expr, other: ast.expr) -> bool:
    return ast.unparse(one) == ast.unparse(other)
