"""What a learner's staged equations amount to: the graph they make, and the first thing wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import chain, takewhile

import numpy as np

from tutor.engine.gates import arrays_of, vocabulary
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.operation import Operation, as_operation, count_operations
from tutor.engine.passes import NoValue, PassError, ShapesDoNotFit, arguments_at, compute, forward
from tutor.engine.staging import fused_gate
from tutor.engine.values import Shape, Value, shape_of
from tutor.judging import Kind, Verdict, from_language, judge_expression, remark, right, undecided, unreadable, wrong
from tutor.judging.shapes import described, same_shape
from tutor.judging.tensors import judge_tensor_expression
from tutor.language import (
    Apply,
    Equation,
    Expression,
    Matrix,
    Name,
    Otherwise,
    Reading,
    Unreadable,
    children,
    names_in,
    other_readings,
    read_equation,
    show,
    walk,
)
from tutor.language.errors import plainly
from tutor.language.tree import rename
from tutor.library.problem import Problem
from tutor.questions.inflect import counted, listed, sentence

_MOST_LINES = 60
_MOST_NUMBERS = 2_000
"""In one array of the learner's. One gate can at most square it, so nothing outgrows the memory."""

_NEAR = 1e-2
"""A relative difference that no rounding makes."""

_LARGEST_EXPANSION, _DEEPEST_EXPANSION = 4000, 150
"""Nodes and depth of the tree that the equations make when put into each other; beyond it only numbers are compared."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not empty: its number counted from 0, and its verdict where something is wrong with it."""

    number: int
    text: str
    equation: Equation | None = None
    verdict: Verdict | None = None
    echo: str = ""


@dataclass(frozen=True)
class Staging:
    """The lines read, the graph of those that hold, and the verdict on the whole, which is found when it is asked for.

    While equations are typed their graph is drawn at every key, and nobody asks.
    """

    lines: tuple[Line, ...]
    graph: Graph
    judged: Callable[[], Verdict]
    """Finds the verdict."""

    may_be_function: bool
    """Whether the last line has about the function's value at the exercise's inputs; else it is not the function."""

    names_function: bool
    """Whether a line gives the function's own name to a value."""

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict on the whole."""
        return self.judged()

    @property
    def is_whole(self) -> bool:
        """Whether they go as far as the function, rightly or not."""
        return self.names_function or self.complete

    @property
    def complete(self) -> bool:
        """Whether the equations are right and end in the function."""
        return self.may_be_function and self.verdict.accepted

    @property
    def fault(self) -> Line | None:
        """The first line that something is wrong with."""
        return next((line for line in self.lines if line.verdict is not None), None)

    def line(self, number: int) -> Line | None:
        """The line of this number, counted from 0; None where it is empty."""
        return next((line for line in self.lines if line.number == number), None)


class StagingFollower:
    """Follows equations while they are typed: lines above the one being typed, which stay, are taken in once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._before: list[tuple[int, str]] = []
        """The lines of the text before, with their numbers."""
        self._kept: tuple[list[tuple[int, str]], tuple[Line, ...], _Follower] = [], (), _Follower(problem)
        """Lines at the beginning of a text, what they are, and where following them led."""

    def follow(self, text: str) -> Staging:
        """Read the equations a line at a time and judge them. Raises nothing for any text."""
        every = equation_lines(text)
        numbered = every[:_MOST_LINES]
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(numbered, self._before, strict=False)))
        self._before, same = numbered, min(same, len(numbered) - 1) if numbered else 0  # the last is being typed
        self._keep(numbered[:same])
        _, lines, kept = self._kept
        follower = kept.copy()
        lines += tuple(follower.line(number, line) for number, line in numbered[same:])
        targets = {line.equation.target.name for line in lines if line.equation is not None}
        return Staging(
            lines,
            follower.builder.build(),
            lambda: _verdict(self._problem, follower, lines, len(every)),
            may_be_function=all(line.verdict is None for line in lines) and follower.is_near(self._problem.output),
            names_function=self._problem.function.name in targets,
        )

    def _keep(self, numbered: list[tuple[int, str]]) -> None:
        """Keep where these lines lead, from where the lines that are kept do if they begin so."""
        kept, lines, follower = self._kept
        if numbered == kept:
            return
        if numbered[: len(kept)] == kept:
            follower = follower.copy()
        else:
            kept, lines, follower = [], (), _Follower(self._problem)
        lines += tuple(follower.line(number, line) for number, line in numbered[len(kept) :])
        self._kept = numbered, lines, follower


def equation_lines(text: str) -> list[tuple[int, str]]:
    """The lines that are to be equations, neither empty nor comments alone, each with its number counted from 0."""
    stripped = enumerate(map(str.strip, text.splitlines()))
    return [(number, line) for number, line in stripped if line and not line.startswith("#")]


def follow(problem: Problem, text: str) -> Staging:
    """Read equations a line at a time and judge them. Raises nothing for any text."""
    return StagingFollower(problem).follow(text)


@lru_cache(maxsize=256)
def _read(text: str, shapes: tuple[tuple[str, Shape], ...], *, entrywise_powers: bool) -> Reading[Equation]:
    """An equation over names of these shapes. Remembered, as the lines above the one being typed stay as they are."""
    arrays = arrays_of(dict(shapes), entrywise_powers=entrywise_powers)
    return read_equation(text, replace(vocabulary(*arrays.of), arrays=arrays))


class _Refused(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.message)
        self.verdict = verdict


class _Follower:
    """The graph so far, the value of each name at the exercise's inputs, and each name over the inputs alone."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.builder = GraphBuilder(problem.function.parameters)
        self.values: dict[str, Value] = dict(problem.inputs)
        self.line_of: dict[str, int] = {}
        self._failed: dict[str, int] = {}
        """Names whose lines do not hold, with the numbers of these."""
        self.expanded: dict[str, Expression | None] = {name: Name(name) for name in problem.function.parameters}
        self._extents = dict.fromkeys(problem.function.parameters, (1, 1))

    def copy(self) -> _Follower:
        """Another one that has come as far, to go on from there."""
        other = copy(self)
        other.builder = self.builder.copy()
        other.values, other.line_of, other._failed = {**self.values}, {**self.line_of}, {**self._failed}
        other.expanded, other._extents = {**self.expanded}, {**self._extents}
        return other

    def is_near(self, value: Value) -> bool:
        """Whether the last line has about this value at the exercise's inputs."""
        if not self.line_of:
            return False
        *_, last = self.line_of
        mine = self.values[last]
        return same_shape(shape_of(mine), shape_of(value)) and np.allclose(mine, value, rtol=_NEAR, atol=_NEAR)

    def line(self, number: int, text: str) -> Line:
        """Take in a line, or say what is wrong with it."""
        equation = None
        try:
            reading = self._read(text)
            equation = reading.tree
            self._take(equation, text)
        except Unreadable as error:
            verdict = self._of_failed(error) or from_language(error)
            self._failed.setdefault(text.partition("=")[0].strip(), number)
            return Line(number, text, None, verdict)
        except _Refused as refused:
            assert equation is not None, "it was read before it was refused"
            self._failed.setdefault(equation.target.name, number)
            return Line(number, text, equation, refused.verdict)
        self.line_of[equation.target.name] = number
        return Line(number, text, equation, echo=reading.echo or "")

    def _of_failed(self, error: Unreadable) -> Verdict | None:
        """What is said where the trouble is a name whose own line does not hold."""
        for span in error.spans:
            name = error.text[span.start : span.end]
            if name in self._failed and name not in self.values:
                line = self._failed[name] + 1
                return replace(
                    from_language(error), message=f"{name} is what line {line} should give. Fix line {line} first."
                )
        return None

    def _read(self, text: str) -> Reading[Equation]:
        shapes = tuple((name, shape_of(value)) for name, value in self.values.items())
        return _read(text, shapes, entrywise_powers=self.problem.entrywise_powers)

    def _take(self, equation: Equation, text: str) -> None:
        name, expression = equation.target.name, equation.expression
        self._check_target(name)
        self._check_gates(expression)
        operation = self._operation(expression, text)
        try:
            node = self.builder.node(name, operation, expression)
            by_position = list(self.values.values())
            with np.errstate(all="ignore"):
                value = compute(node, arguments_at(node, by_position))
        except ShapesDoNotFit as error:
            raise _Refused(unreadable(f"The shapes do not fit: {error.why}")) from None
        except NoValue as error:
            raise _Refused(wrong(f"{name} has no value at this exercise's inputs: {error.why}.")) from None
        if np.size(value) > max(_MOST_NUMBERS, *map(np.size, self.problem.values)):
            raise _Refused(
                unreadable(f"{name} would hold {np.size(value):,} numbers. That is too many to work with here.")
            )
        self.builder.add(name, operation, expression)
        self.values[name] = value
        self._expand(name, expression)

    def _check_target(self, name: str) -> None:
        if name in self.problem.inputs:
            raise _Refused(wrong(f"{name} is an input. Give this value a name of its own."))
        if name in self.line_of:
            line = self.line_of[name] + 1
            raise _Refused(wrong(f"{name} is already the value of line {line}. Choose another name."))

    def _check_gates(self, expression: Expression) -> None:
        for part in walk(expression):
            if not isinstance(part, Apply):
                continue
            if part.operation in self.problem.avoid:
                raise _Refused(
                    wrong(f"In this exercise {part.operation} is taken apart: write out the operations it is made of.")
                )

    def _operation(self, expression: Expression, text: str) -> Operation:
        if not names_in(expression) or isinstance(expression, Name):
            what = f"another name for {show(expression)}" if isinstance(expression, Name) else "a constant"
            raise _Refused(unreadable(f"This line is only {what}. There is no gate in it, so it can be left out."))
        single = as_operation(expression)
        if single is not None:
            return single
        if self.problem.any_granularity or self.problem.is_whole(expression):
            try:
                return fused_gate(expression)
            except ValueError as error:
                raise _Refused(unreadable(sentence(str(error)))) from None
        if (other := self._bracketed(text)) is not None:
            raise _Refused(undecided(other.said))
        if lists := [part for part in walk(expression) if isinstance(part, Matrix) and names_in(part)]:
            raise _Refused(unreadable(_no_gate(lists[0])))
        many = counted(count_operations(expression), "operation")
        said = f"This equation has {many}. {_first_of(expression)}"
        raise _Refused(replace(wrong(said, "several_operations"), brief=f"{many} in one equation"))

    def _bracketed(self, text: str) -> Otherwise | None:
        """The brackets that make one operation of a line, where they may be meant."""
        for other in other_readings(text, vocabulary().functions):
            try:
                tree = self._read(other.text).tree
            except Unreadable:
                continue
            if as_operation(tree.expression) is not None:
                return other
        return None

    def _expand(self, name: str, expression: Expression) -> None:
        used = names_in(expression)
        size, depth = self._extents[name] = self._extent(expression)
        parts = {one: part for one in used if (part := self.expanded[one]) is not None}
        small = size <= _LARGEST_EXPANSION and depth <= _DEEPEST_EXPANSION and len(parts) == len(used)
        self.expanded[name] = rename(expression, parts) if small else None

    def _extent(self, expression: Expression) -> tuple[int, int]:
        """Nodes and depth of the expression with every name put in: `a + a` is twice as large as `a`."""
        if isinstance(expression, Name):
            return self._extents[expression.name]
        below = [self._extent(part) for part in children(expression)]
        return 1 + sum(size for size, _ in below), 1 + max((depth for _, depth in below), default=0)


def _no_gate(names: Matrix) -> str:
    """What to say to a list that holds names, such as `[x, y]`, where no gate takes it."""
    said = f"{plainly(show(names))} is a list, not a gate. Write an operation on its entries, such as x + y"
    return f"{said}, or put them into an array with stack([x, y])."


def _first_of(expression: Expression) -> str:
    """Which part of an expression with several operations should have a line of its own."""
    assert isinstance(expression, Apply)
    inner = next(part for part in chain(*map(walk, expression.arguments)) if as_operation(part) is not None)
    return f"Give {show(inner)} a line and a name of its own first."


def _verdict(problem: Problem, follower: _Follower, lines: tuple[Line, ...], count: int) -> Verdict:
    fault = next((line.verdict for line in lines if line.verdict is not None), None)
    if fault is not None:
        return fault
    if count > _MOST_LINES:
        return unreadable(f"These are {count} lines; at most {_MOST_LINES} are read.")
    if not follower.line_of:
        return unreadable("There is nothing here yet. Begin with an operation on the inputs alone.")
    return _verdict_on_last(problem, follower)


def _verdict_on_last(problem: Problem, follower: _Follower) -> Verdict:
    """The last equation must be the function."""
    f = problem.function.name
    graph = follower.builder.build()
    *earlier, last = follower.line_of
    judged = _judge(problem, follower, graph, last)
    if judged.accepted:
        unused = [graph.nodes[position].name for position in graph.unused]
        if unused:
            are = "is" if len(unused) == 1 else "are"
            return remark(f"This is {f}. {listed(unused)} {are} not used on the way, which does no harm.")
        return right(f"This is {f}, in {counted(len(graph.gates), 'gate')}.")
    for name in earlier:
        if _is_function(problem, follower, name):
            place = f"Line {follower.line_of[name] + 1}" if name == f else name
            return wrong(f"{place} is already the whole of {f}; leave out the equations after it.", "went_too_far")
    if last == f:
        return judged
    return undecided(f"Each line is one operation, but {last} is not {f} yet. Keep going until the last line is.")


def _is_function(problem: Problem, follower: _Follower, name: str) -> bool:
    """Whether an earlier line is the function already: near the exercise's inputs, and everywhere."""
    graph = follower.builder.build(name)
    return _same_numbers(problem, graph) and _judge(problem, follower, graph, name).accepted


def _judge(problem: Problem, follower: _Follower, graph: Graph, last: str) -> Verdict:
    if not same_shape(shape_of(follower.values[last]), shape_of(problem.output)):
        mine, wanted = described(shape_of(follower.values[last])), described(shape_of(problem.output))
        return unreadable(f"{last} is {mine} here; the function is {wanted}.")
    expanded, truth = follower.expanded[last], problem.function.expression
    if expanded is None:
        return _judged_in_numbers(problem, graph, last)
    if problem.has_arrays:
        verdict = judge_tensor_expression(expanded, truth, problem.shapes, problem.positive)
        if verdict.kind is not Kind.UNDECIDED:
            return verdict
        return _judged_in_numbers(problem, graph, last)  # such as ln of a whole array: few random ones have a value
    try:
        judged = partial(judge_expression, expanded, truth, problem.function.parameters, problem.positive)
        verdict = judged(problem.inputs)
        elsewhere = judged() if verdict.kind is Kind.WRONG else verdict
        # The value at the exercise's inputs is asked for later: a difference is shown at others, where there is one.
        return elsewhere if elsewhere.kind is Kind.WRONG else verdict
    except ValueError:  # a sum, a transpose, ... of numbers
        return _judged_in_numbers(problem, graph, last)


def _judged_in_numbers(problem: Problem, graph: Graph, last: str) -> Verdict:
    if _same_numbers(problem, graph):
        return right()
    return wrong(f"{last} and the function differ in value, here or at numbers nearby.")


def _same_numbers(problem: Problem, graph: Graph) -> bool:
    """Whether the graph's output is the function at the exercise's inputs and near them."""
    for inputs in (problem.inputs, *problem.draws):
        truth = forward(problem.graph, inputs)[problem.graph.output]
        try:
            value = forward(graph, inputs)[graph.output]
        except PassError:
            return False
        if not same_shape(shape_of(value), shape_of(truth)) or not np.allclose(value, truth, rtol=1e-9, atol=1e-12):
            return False
    return True
