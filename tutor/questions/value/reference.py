"""Numbers, the formulas computed from them, and the gradients of those. All truth of this kind comes from here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta, Struct, field

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import GATES, Interval, vocabulary, vocabulary_at
from tutor.engine.passes import backward, forward
from tutor.engine.staging import graph_of
from tutor.engine.values import Value, as_value, shape_of
from tutor.language import Apply, Expression, Number, Vocabulary, names_in, read_expression, walk
from tutor.language.tree import rename
from tutor.library.format import Given, Said
from tutor.questions.question import QuestionTable
from tutor.questions.short_answer import AskTable


class ValueAsk(AskTable, frozen=True, kw_only=True):
    """One blank: what a formula comes to."""

    formula: Said
    """Such as "(W - F + 2P)/S + 1"."""

    wants: Literal["value", "formula"] = "value"
    """The number or array; or the formula itself, in its names."""

    by: str | tuple[str, ...] = ""
    """Asks for the gradient of the formula by this name; by several numbers, for the vector of them."""

    at: dict[str, Given] = field(default_factory=dict)
    """The values of names; added to those of the question."""

    let: dict[str, str] = field(default_factory=dict)
    """Names for formulas, each in the names before it; added to those of the question."""

    whole: bool = False
    """Whether a result that is not a whole number is answered by "does not fit"."""

    misfit: str = ""
    """What it means that it is not whole."""

    digits: Annotated[int, Meta(ge=1, le=10)] | None = None
    """How many significant digits are wanted; 2 when absent."""

    slips: dict[str, str] = field(default_factory=dict)
    """Formula of a wrong way -> what is said to one who goes it."""

    examples: tuple[dict[str, Given], ...] = ()
    """Where a formula is asked: values that its names may have, such as { W = 7, F = 3 }. A wrong one is told there."""

    plot: tuple[str, ...] = ()
    """Names whose values are drawn as bars once it is right."""


class FilterNames(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The names, or numbers, of the sizes of a filter that slides over an input; drawn where all have values."""

    width: str | int
    """That of the input."""

    filter: str | int
    """Its own width."""

    stride: str | int = 1
    """How far it moves at a time."""

    padding: str | int = 0
    """What is added on each side."""


class ValueTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "value"`: numbers and arrays, computed from formulas."""

    kind: Literal["value"] = "value"
    ask: tuple[ValueAsk, ...]
    """Its blanks, each a table [[question.ask]]."""

    at: dict[str, Given] = field(default_factory=dict)
    """The values of the names in its formulas."""

    let: dict[str, str] = field(default_factory=dict)
    """Names for formulas, each in the names before it."""

    figure: FilterNames | None = None
    """What is drawn beside its blanks: a filter that slides, by the names of its sizes."""

    given: str = ""
    """What is given, in one line; made of `at` when absent."""


_MOST_KINKS = 4


@dataclass(frozen=True)
class ReferenceValues:
    """Given numbers, and named formulas, each in the names before it."""

    at: Mapping[str, Value]
    lets: Mapping[str, Expression]
    own: Mapping[str, Value] | None = None
    """Values of named formulas in place of what they come to."""

    @cached_property
    def values(self) -> dict[str, Value]:
        """The value of every name. Raises ValueError where shapes do not fit."""
        values, own = dict(self.at), self.own or {}
        for name, tree in self.lets.items():
            values[name] = own[name] if name in own else evaluate(tree, values)
        return values

    def with_values(self, own: Mapping[str, Value]) -> ReferenceValues:
        """The same with these values of named formulas."""
        return ReferenceValues(self.at, self.lets, own)

    def read(self, text: str) -> Expression:
        """A formula in the names known here. Raises Unreadable."""
        return read_expression(text, self.vocabulary).tree

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The language with the names known here and, where every formula has a value, their shapes."""
        try:
            return vocabulary_at(self.values)
        except ValueError:
            return vocabulary(*self.at, *self.lets)

    def value(self, tree: Expression) -> Value:
        """What a formula comes to. Raises ValueError where shapes do not fit."""
        return evaluate(tree, self.values)

    def gradient(self, tree: Expression, by: Sequence[str]) -> Value:
        """The gradient of a formula (of the sum of its entries) by a name; by several numbers, the vector of them.

        Named formulas are followed down to the numbers, but not below a name in `by`.
        Raises ValueError for what cannot be differentiated, PassError where there is no value or no slope.
        """
        gradients = self._gradients(self.expanded(tree, by), by)
        return gradients[0] if len(gradients) == 1 else as_value([float(each) for each in gradients])

    def kink(self, tree: Expression, by: Sequence[str]) -> Interval | None:
        """The slopes that are all right where a formula in numbers has a kink; None where it has none.

        Raises as `gradient` does.
        """
        whole = self.expanded(tree, by)
        kinked = [part for part in dict.fromkeys(walk(whole)) if isinstance(part, Apply) and self._kinks(part)]
        if not kinked or len(by) != 1 or len(kinked) > _MOST_KINKS:
            return None
        slopes = [self._gradients(replaced, by)[0] for replaced in self._straightened(whole, kinked)]
        torch = self._gradients(self._with(whole, kinked, ["torch"] * len(kinked)), by)[0]
        if shape_of(torch):
            return None
        numbers = [float(slope) for slope in slopes]
        low, high = min(numbers), max(numbers)
        return Interval(low, high, float(torch)) if low < high else None

    def expanded(self, tree: Expression, keeping: Sequence[str] = ()) -> Expression:
        """The formula with the named formulas put in, but for the names that are kept."""
        for name in reversed(list(self.lets)):
            if name not in keeping:
                tree = rename(tree, {name: self.lets[name]})
        return tree

    def moved(self, seed: int) -> ReferenceValues:
        """The same formulas at other numbers; always the same ones."""
        random = np.random.RandomState(seed)
        at = {name: as_value(value * random.uniform(0.6, 1.7, np.shape(value))) for name, value in self.at.items()}
        return ReferenceValues(at, self.lets)

    def _gradients(self, tree: Expression, by: Sequence[str]) -> list[Value]:
        inputs = list(dict.fromkeys([*names_in(tree), *by]))
        graph = graph_of(tree, inputs)
        totals = backward(graph, forward(graph, {name: self.values[name] for name in inputs})).totals
        return [totals[graph.positions[name]] for name in by]

    def _kinks(self, part: Apply) -> bool:
        gate = GATES[part.operation]
        if gate.kinks is None:
            return False
        numbers = [evaluate(argument, self.values) for argument in part.arguments]
        return not any(map(shape_of, numbers)) and any(gate.kinks(*numbers))

    def _straightened(self, whole: Expression, kinked: Sequence[Apply]) -> Iterator[Expression]:
        for ends in product(("low", "high"), repeat=len(kinked)):
            yield self._with(whole, kinked, ends)

    def _with(self, whole: Expression, kinked: Sequence[Apply], ends: Sequence[str]) -> Expression:
        """The formula with each kinked part replaced by the straight line of one of its slopes."""
        lines = {part: self._line(part, end) for part, end in zip(kinked, ends, strict=True)}

        def straight(node: Expression) -> Expression:
            if isinstance(node, Apply):
                inner = Apply(node.operation, tuple(map(straight, node.arguments)), node.options, sign=node.sign)
                return lines[node](inner) if node in lines else inner
            return node

        return straight(whole)

    def _line(self, part: Apply, end: str) -> _Line:
        kinks = GATES[part.operation].kinks
        assert kinks is not None
        interval = next(
            found for found in kinks(*(evaluate(argument, self.values) for argument in part.arguments)) if found
        )
        return _Line(getattr(interval, end))


@dataclass(frozen=True)
class _Line:
    """A kinked gate's argument times a slope; of two arguments, the second takes what the first leaves of 1."""

    slope: float

    def __call__(self, part: Apply) -> Expression:
        first, *others = part.arguments
        line = Apply("mul", (_number(self.slope), first), sign="*")
        if not others:
            return line
        return Apply("add", (line, Apply("mul", (_number(1 - self.slope), others[0]), sign="*")))


def _number(value: float) -> Expression:
    return Number(Fraction(value), str(value))


def substituted(tree: Expression, values: Mapping[str, Value]) -> Expression | None:
    """The formula with its numbers put in; None where one of them is an array or has many digits."""
    numbers: dict[str, Expression] = {}
    for name in names_in(tree):
        value = values[name]
        if shape_of(value) or len(repr(float(value))) > 8:
            return None
        short = Fraction(repr(float(value)))
        numbers[name] = Number(short, repr(float(value)).removesuffix(".0"))
    return rename(tree, numbers)
