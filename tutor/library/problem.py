"""The mathematics of an exercise: its function read, its inputs valued, and both passes run once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from math import ceil, floor

import numpy as np

from tutor.engine.gates import GATES, counts_in, vocabulary, vocabulary_at
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.intermediate import BadEquation, Let, equations_of, substituted, unused, values_of
from tutor.engine.operation import as_operation
from tutor.engine.passes import Gradients, NoValue, PassError, ShapesDoNotFit, backward, forward
from tutor.engine.pattern import matches
from tutor.engine.staging import stage
from tutor.engine.values import Shape, Value, as_value, shape_of
from tutor.language import (
    Apply,
    Equation,
    Expression,
    Function,
    Matrix,
    Unreadable,
    Vocabulary,
    read_expression,
    read_function,
    read_name,
    show,
    walk,
)
from tutor.language.array_products import has_matrix_powers
from tutor.library.decoding import BadFile, FaultCollector, each, meant
from tutor.library.exercise import Exercise
from tutor.library.format import BackpropTable, Given, RangeTable
from tutor.library.input_values import (
    given_value,
    inputs_of,
    readable_values,
    refuse_not_positive,
    refuse_others,
    refuse_outside,
)

_MOST_READ = 64
"""Functions whose reading is kept."""


DRAWS = 6
"""How many sets of inputs near the exercise's own a formula is checked at."""

_TRIES = 200
_FUNCTION_WORDS = {word: gate.specialises or gate.key for gate in GATES.values() for word in gate.function_words}


@dataclass(frozen=True)
class Problem:
    """A function, its inputs and the truth about them."""

    function: Function
    """With what `let` names put in; its parameters are the variables, then the constants."""

    inputs: Mapping[str, Value]
    """Those of the variables, then the constants."""

    positive: tuple[str, ...]
    whole: tuple[Expression, ...]
    avoid: frozenset[str]
    any_granularity: bool
    staging: tuple[Equation, ...]
    """The program's own: one operation an equation (or one that counts as one), ending in the function's name."""

    graph: Graph
    values: tuple[Value, ...]
    gradients: Gradients
    constants: frozenset[str] = frozenset()
    """The inputs that no gradient is asked for."""

    ranges: Mapping[str, RangeTable] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """The inputs that are no constants."""
        return tuple(name for name in self.function.parameters if name not in self.constants)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The language with the inputs' names and shapes known."""
        return vocabulary_at(self.inputs, entrywise_powers=self.entrywise_powers, constants=self.constants)

    @cached_property
    def entrywise_powers(self) -> bool:
        """Whether powers of square matrices go entry by entry here, since the function has no others."""
        return not has_matrix_powers(self.function.expression)

    @property
    def output(self) -> Value:
        """The function's value."""
        return self.values[self.graph.output]

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shape of each input."""
        return {name: shape_of(value) for name, value in self.inputs.items()}

    @property
    def has_arrays(self) -> bool:
        """Whether any input is more than a number."""
        return any(self.shapes.values())

    def gradient(self, name: str) -> Value:
        """The gradient of an input."""
        return self.gradients.totals[self.graph.positions[name]]

    def at(self, given: Mapping[str, Given]) -> Problem:
        """The same function at other numbers of the same shapes. Raises BadFile where it has no value there."""
        inputs = {**self.inputs, **{name: given_value(f"at.{name}", each) for name, each in given.items()}}
        values, gradients = _passes(self.graph, inputs)
        return replace(self, inputs=inputs, values=values, gradients=gradients)

    def is_whole(self, expression: Expression) -> bool:
        """Whether the expression counts as one gate here."""
        return any(matches(template, expression) for template in self.whole)

    @cached_property
    def draws(self) -> tuple[dict[str, Value], ...]:
        """Inputs near the exercise's own at which the function has a value and gradients; always the same."""
        return tuple(draw for draw, _ in zip(self._usable_draws(), range(DRAWS), strict=False))

    def _usable_draws(self) -> Iterator[dict[str, Value]]:
        rng = np.random.default_rng(20)
        for _ in range(_TRIES):
            draw = {
                name: value if name in self.constants else self._moved(name, value, rng)
                for name, value in self.inputs.items()
            }
            try:
                backward(self.graph, forward(self.graph, draw))
            except PassError:
                continue
            yield draw

    def _moved(self, name: str, value: Value, rng: np.random.Generator) -> Value:
        if (allowed := self.ranges.get(name)) is not None:
            return _drawn(allowed, np.shape(value), rng)
        moved = value * rng.uniform(0.7, 1.3, np.shape(value)) + rng.uniform(-0.15, 0.15, np.shape(value))
        return as_value(np.abs(moved) + 1e-3 if name in self.positive else moved)


def _drawn(allowed: RangeTable, shape: Shape, rng: np.random.Generator) -> Value:
    """A value in a range, or one of its choices."""
    if allowed.choices:
        return as_value(rng.choice(np.asarray(allowed.choices, float), shape))
    if allowed.whole:
        return as_value(np.asarray(rng.integers(ceil(allowed.low), floor(allowed.high) + 1, shape), float))
    return as_value(np.asarray(rng.uniform(allowed.low, allowed.high, shape)))


def problem_of(exercise: Exercise) -> Problem:
    """Read the function, value the inputs and run both passes. Raises BadFile with the key at fault and its line."""
    try:
        return problem_in(exercise.file)
    except BadFile as error:
        raise error.placed(exercise.line_of) from None


def problem_in(file: BackpropTable) -> Problem:
    """The same for a table, wherever it stands. Raises BadFile with the key at fault."""
    for name in file.constants:
        if _spelled(name) != name:
            raise BadFile(f"constants.{name}", f"{name} is {_spelled(name)} here; write {_spelled(name)}")
    function, equations, right = _first_reading(file)
    names = tuple(name for name in function.parameters if name not in file.constants)
    found, inputs = FaultCollector(), dict[str, Value]()
    whole, avoid = tuple[Expression, ...](), frozenset[str]()
    with found.part():
        inputs = inputs_of(file, names, function)
        function, equations, right = _read_by_shapes(file, inputs)
    with found.part():
        refuse_others("positive", file.positive, function.parameters)
        refuse_not_positive(file.positive, inputs)
    with found.part():
        refuse_outside(file.vary, inputs, names, file.positive)
    with found.part():
        if file.descend is not None:
            refuse_others("descend.variables", file.descend.variables, names)
    with found.part():
        whole = tuple(each(_template, file.whole))
    with found.part():
        avoid = frozenset(each(_avoided, file.avoid))
        _refuse_avoided(function.expression, avoid)
    found.raise_all()
    try:
        staging = _staged(function, equations, right)
    except ValueError as error:
        raise BadFile("function", str(error)) from None
    if not staging:
        raise BadFile("function", "there is no operation in it, so there is nothing to stage")
    graph = _graph(staging, function.parameters)
    values, gradients = _passes(graph, inputs)
    return Problem(
        function,
        inputs,
        file.positive,
        whole,
        avoid,
        file.granularity == "any",
        staging,
        graph,
        values,
        gradients,
        frozenset(file.constants),
        file.vary,
    )


def _first_reading(file: BackpropTable) -> tuple[Function, tuple[Equation, ...], Expression]:
    """What is known before the inputs are checked: with the shapes that can be had where subscripts need them."""
    try:
        return _function(file)
    except BadFile:
        return _function(file, readable_values({**file.at, **file.constants}))


def _read_by_shapes(
    file: BackpropTable, inputs: Mapping[str, Value]
) -> tuple[Function, tuple[Equation, ...], Expression]:
    """The function again, its products of arrays, and those of what is let, read by the shapes of the inputs."""
    read = _function(file, inputs)
    whole = read[0].expression
    if has_matrix_powers(whole) or not (any(map(shape_of, inputs.values())) or _holds_an_array(whole)):
        return read
    return _function(file, inputs, entrywise_powers=True)


def _holds_an_array(expression: Expression) -> bool:
    return any(isinstance(part, Matrix) for part in walk(expression))


def _function(
    file: BackpropTable, at: Mapping[str, Value] | None = None, *, entrywise_powers: bool = False
) -> tuple[Function, tuple[Equation, ...], Expression]:
    """The function with all that `let` names put in, its variables before its constants; what is let; and as it stands.

    Products of arrays are read by shapes where the inputs' values are known.
    """
    shapes = None if at is None else tuple((name, shape_of(value)) for name, value in at.items())
    constants = tuple(file.constants)
    counts = tuple(counts_in(at or {}, constants).items())
    return _read(_FunctionText(file.function, str(file.let), constants, shapes, counts, entrywise_powers, file.let, at))


@dataclass(frozen=True)
class _FunctionText:
    """What the reading of a function hangs on: of the inputs the shapes, and the constants that a sum may end at."""

    text: str
    let_text: str
    constants: tuple[str, ...]
    shapes: tuple[tuple[str, Shape], ...] | None
    counts: tuple[tuple[str, int], ...]
    entrywise_powers: bool
    let: Let = field(compare=False)
    at: Mapping[str, Value] | None = field(compare=False)


@lru_cache(_MOST_READ)
def _read(given: _FunctionText) -> tuple[Function, tuple[Equation, ...], Expression]:
    """Read a function, once for all numbers: on new ones its text is the same. Raises BadFile."""
    declared, constants, at = _head(given.text), given.constants, given.at
    known = tuple(dict.fromkeys((*declared, *constants)))
    try:
        equations = equations_of(
            given.let, known, at, entrywise_powers=given.entrywise_powers, constants=given.constants
        )
    except BadEquation as bad:
        raise BadFile(bad.key, bad.reason) from None
    defined = [equation.target.name for equation in equations]
    for name in defined:
        if name in declared:
            raise BadFile("function", f"{name} is defined by let, so it is not an input; take it out of the brackets")
    words = vocabulary(*known, *defined)
    if at is not None:
        values = {**at, **values_of(equations, at)}
        at_values = vocabulary_at(values, entrywise_powers=given.entrywise_powers, constants=constants)
        words = replace(words, arrays=at_values.arrays)
    try:
        function = read_function(given.text, words).tree
    except Unreadable as error:
        raise BadFile("function", f"{error.message}\n{error.caret()}") from None
    if function.name in (*known, *defined):
        what = "a constant" if function.name in constants else "an input"
        what = "a name of let" if function.name in defined else what
        raise BadFile("function", f"{function.name} is both the function and {what}; rename one of them")
    if strangers := list(unused(function.expression, equations)):
        raise BadFile("let", f"{strangers[0]} is not used in the function")
    parameters = (*(name for name in known if name not in constants), *constants)
    whole = substituted(function.expression, equations)
    return Function(function.name, parameters, whole), equations, function.expression


def _head(text: str) -> tuple[str, ...]:
    """The inputs in a function's brackets, as far as they can be told before the rest is read."""
    inside = text.partition("=")[0].partition("(")[2].partition(")")[0]
    return tuple(_spelled(name) for part in inside.split(",") if (name := part.strip()))


def _spelled(name: str) -> str:
    """A name as the language spells it, `w_1` for `w₁`; what is no name stays."""
    return name if name.isascii() else read_name(name) or name


def _staged(function: Function, equations: Sequence[Equation], right: Expression) -> tuple[Equation, ...]:
    """The program's own equations, in which the names of `let` stand for what they are let."""
    if not equations:
        return tuple(stage(function.expression, function.name, function.parameters))
    defined = [equation.target.name for equation in equations]
    taken = [*function.parameters, *defined, function.name]
    staged: list[Equation] = []
    for target, expression in [*((one.target.name, one.expression) for one in equations), (function.name, right)]:
        lines = stage(expression, target, taken)
        if not lines:
            key = "function" if target == function.name else "let"
            raise BadFile(key, f"{target} is {show(expression)} itself: there is no operation in it")
        staged += lines
        taken += [line.target.name for line in lines]
    return tuple(staged)


def _template(number: int, text: str) -> Expression:
    try:
        return read_expression(text, Vocabulary(vocabulary().functions, open_names=True)).tree
    except Unreadable as error:
        raise BadFile(f"whole[{number}]", f"{error.message}\n{error.caret()}") from None


def _avoided(number: int, word: str) -> str:
    if word not in _FUNCTION_WORDS:
        raise BadFile(
            f"avoid[{number}]", f"{word} is not a function; {meant(word, sorted(_FUNCTION_WORDS), 'functions')}"
        )
    return _FUNCTION_WORDS[word]


def _refuse_avoided(expression: Expression, avoid: frozenset[str]) -> None:
    for part in walk(expression):
        if isinstance(part, Apply) and part.operation in avoid:
            raise BadFile("avoid", f"the function itself is written with {part.operation}; write it out there")


def _graph(staging: tuple[Equation, ...], names: tuple[str, ...]) -> Graph:
    builder = GraphBuilder(names)
    for equation in staging:
        operation = as_operation(equation.expression)
        assert operation is not None, "stage() makes single operations"
        builder.add(equation.target.name, operation, equation.expression)
    return builder.build()


def _passes(graph: Graph, inputs: Mapping[str, Value]) -> tuple[tuple[Value, ...], Gradients]:
    try:
        values = forward(graph, inputs)
        return tuple(values), backward(graph, values)
    except ShapesDoNotFit as error:
        raise BadFile("at", f"the shapes do not fit: {error.why}") from None
    except NoValue as error:
        raise BadFile("at", f"the function has no value or no gradient here: {error.why}") from None
