"""What people get wrong in a value or a gradient: the candidates at the numbers of a blank, and at others.

They are changes of the formula (`formula_edits`), the mistakes of the gates it is made of (`graph_candidates`), and
those that the file tells of.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property, partial
from itertools import islice

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.graph import Graph
from tutor.engine.passes import PassError, forward
from tutor.engine.values import Value, all_finite, as_value, plain, shape_of
from tutor.judging import Kind, Verdict, wrong
from tutor.judging.arithmetic_slips import arithmetic_slips
from tutor.judging.misconceptions import (
    MOST_PAIRS,
    SIGN,
    WHICH_FIRST,
    Likelihood,
    Misconception,
    Recognised,
    across,
    both,
    if_exact,
    recognise,
    unless_in_doubt,
)
from tutor.judging.mistake_texts import joined, tell
from tutor.judging.precision import written_number
from tutor.judging.typed_answers import TypedAnswer
from tutor.language import Apply, Equation, Expression, Name, Number, names_in, walk
from tutor.language.tree import rename
from tutor.library import BadFile
from tutor.questions.backward_context import GraphContext, GraphWire
from tutor.questions.carried_forward import DependentFormula, StandIn
from tutor.questions.equation_graph import graph_of_equations
from tutor.questions.graph_candidates import (
    gradient_candidates,
    gradient_upon_slips,
    rounded_gradients,
    rounded_values,
    value_candidates,
)
from tutor.questions.value.formula_edits import FormulaEdit, edits_of, pairs_of
from tutor.questions.value.reference import ReferenceValues

RARE, POSSIBLE, COMMON = Likelihood

Own = Sequence[tuple[str, Expression]]
"""What is said of a wrong way, and its formula."""

OWN = "slip"
"""The name of a slip that the file tells of."""

_SEEDS = (1, 2, 3)
_MOST_READINGS = 2
"""Ways to put own answers into a slip: all of them, then fewer."""

_OUTPUT = "value asked for"
"""What a formula is called in its graph: no name that an exercise may have."""


@dataclass(frozen=True)
class OwnNumbers:
    """Earlier answers, as values of named formulas, gradients that arrived at names, and slopes of one by another."""

    values: dict[str, Value] = field(default_factory=dict)
    arrived: dict[str, Value] = field(default_factory=dict)
    slopes: dict[tuple[str, str], Value] = field(default_factory=dict)


@dataclass(frozen=True)
class ValueMisconceptions:
    """All that are known for one blank."""

    reference: ReferenceValues
    tree: Expression
    by: tuple[str, ...]
    own: Own
    """The file's own."""

    truth: Value
    seen: frozenset[str]
    """The names that the learner sees: no other is spoken of."""

    exact: bool = False
    """Whether answers are whole numbers, so that none is the rounding of another."""

    def named(self, answer: Expression, at: Mapping[str, Value], verdict: Verdict, digits: int) -> Verdict:
        """The verdict, with the misconceptions that the answer shows where they can be told.

        A right number of no more than so many digits is doubted where it may be one of them.
        """
        typed = TypedAnswer(answer, at, lambda: [{name: one.values[name] for name in at} for one in self._moved])
        if verdict.accepted:
            return verdict if self.exact else unless_in_doubt(verdict, typed, self.truth, self._single, digits)
        if verdict.rough:
            return if_exact(verdict, typed, self.truth, self._single())
        recognised = self._recognise(typed, answer)
        if not recognised.found:
            return verdict
        said = tell(recognised.found, answer, others=recognised.others)
        if verdict.kind is Kind.UNREADABLE:  # its shape is wrong, which is said first and costs nothing
            return replace(verdict, message=f"{verdict.message} {said}", mistake=recognised.key)
        return wrong(said, recognised.key)

    @cached_property
    def _moved(self) -> list[ReferenceValues]:
        """The formulas at other numbers."""
        return [self.reference.moved(seed) for seed in _SEEDS]

    @cached_property
    def _from_file(self) -> list[Misconception]:
        return across(self._of_file, self.reference, self._moved)

    @cached_property
    def _from_formula(self) -> list[Misconception]:
        return across(self._made, self.reference, self._moved)

    def _single(self) -> list[Misconception]:
        return [*self._from_file, *self._from_formula]

    @cached_property
    def _rounded(self) -> list[Misconception]:
        """An intermediate value that was rounded, and then carried on."""
        with suppress(PassError, ValueError):
            if not self.by:
                made = self._graph(())
                if made is None:
                    return []
                graph, parts = made
                values = forward(graph, {name: self.reference.values[name] for name in _inputs(graph)})
                return [*rounded_values(graph, values, self._written(graph, parts, self._formula, self.reference))]
            context = self._context(self.reference, self.by[0]) if len(self.by) == 1 else None
            return [] if context is None else [*rounded_gradients(context)]
        return []

    @cached_property
    def _pairs(self) -> list[Misconception]:
        factors = both(self._from_formula, self.truth, lambda: [self._right(one) for one in self._moved])
        return [*factors, *across(self._of_two_edits, self.reference, self._moved)]

    def _of_two_edits(self, reference: ReferenceValues) -> Iterator[Misconception]:
        """Two common slips at two places of the formula."""
        if self.by:
            return
        for number, (first, second) in enumerate(islice(pairs_of(self._formula), MOST_PAIRS)):
            one, other = (
                Misconception(edit.key, 0.0, partial(self._told, edit), likelihood=COMMON) for edit in (first, second)
            )
            with suppress(ValueError):
                gives = reference.value(second.gives)
                if all_finite(gives):
                    yield Misconception(
                        f"{first.key}+{second.key}", gives, joined(one, other), WHICH_FIRST, label=f"two {number}",
                        lacks=tuple(part for part in (*first.lacks, *second.lacks) if isinstance(part, Name | Number)),
                        least_digits=2 if self.exact else 3,
                    )  # fmt: skip

    # Upon the learner's own numbers

    def named_upon(
        self, candidates: Iterable[Misconception], answer: Expression, at: Mapping[str, Value], verdict: Verdict
    ) -> Verdict:
        """The verdict on an answer that nothing explains, with what of these explains it."""
        typed = TypedAnswer(answer, at)
        recognised = self._among(list(candidates), typed)
        if not recognised.found:
            return verdict
        return wrong(tell(recognised.found, answer, others=recognised.others), recognised.key)

    def upon(self, own: OwnNumbers) -> Iterator[Misconception]:
        """Those of the way to a gradient, or of the gates of a value, upon own numbers."""
        reference = self.reference.with_values(own.values)
        if not self.by:
            yield from self._of_gates(reference, self._formula)
            return
        if len(self.by) > 1:
            return
        by = self.by[0]
        for name, value in own.arrived.items():
            if name != by and _on_the_way(reference, self.tree, name, by):
                yield _arrived(name, by, value)
        for (name, under), value in own.slopes.items():
            if under == by:
                yield _slope_alone(name, by, value)
        context = self._context(self.reference, by, own)
        if context is not None:
            for wire in context.wires:
                yield from gradient_candidates(context, wire, {})

    def edited_upon(self, own: Sequence[StandIn], points: Sequence[Mapping[str, Value]]) -> Iterator[Misconception]:
        """The file's slips, and changes of the formula, with own answers for the parts of them."""
        edits = [] if self.by else [(edit.key, self._told(edit), edit.gives) for edit in self._edits]
        for key, says, tree in [*((OWN, says, tree) for says, tree in self.own), *edits]:
            expanded = self.reference.expanded(tree)
            for reading in islice(DependentFormula(expanded, points).readings(own), _MOST_READINGS):
                with suppress(ValueError, KeyError):
                    gives = evaluate(reading.tree, self.reference.at)
                    if all_finite(gives):
                        yield Misconception(key, gives, _whole(says), likelihood=COMMON)

    def sign_of(self, value: Value) -> Misconception:
        """The wrong sign of a value that follows from own numbers."""
        return _SIGN(as_value(np.negative(value)))

    def _recognise(self, typed: TypedAnswer, answer: Expression) -> Recognised:
        recognised = self._among(self._from_file, typed)
        if recognised.found or recognised.many:
            return recognised
        recognised = self._among(self._from_formula, typed)
        if recognised.found or recognised.many:
            return recognised
        if written_number(answer) is not None:
            rounded = recognise(typed, self.truth, self._rounded)
            if rounded.found or rounded.many:
                return rounded
        if slips := tuple(arithmetic_slips(answer, self.truth)):
            return Recognised(slips)
        return self._among(self._pairs, typed)

    def _among(self, candidates: Sequence[Misconception], typed: TypedAnswer) -> Recognised:
        if self.exact:
            candidates = [one for one in candidates if _is_exactly(typed.tree, typed.at, one.gives)]
        return recognise(typed, self.truth, candidates)

    def _right(self, reference: ReferenceValues) -> Value:
        return reference.gradient(self.tree, self.by) if self.by else reference.value(self.tree)

    def _of_file(self, reference: ReferenceValues) -> Iterator[Misconception]:
        for number, (says, tree) in enumerate(self.own):
            with suppress(ValueError):
                yield Misconception(OWN, reference.value(tree), _whole(says), likelihood=COMMON, label=f"own {number}")

    def _made(self, reference: ReferenceValues) -> Iterator[Misconception]:
        with np.errstate(all="ignore"):
            for one in self._of_gradient(reference) if self.by else self._of_value(reference):
                if all_finite(one.gives):
                    yield one

    # Of a value

    @cached_property
    def _formula(self) -> Expression:
        """The formula itself, where what is asked for is its name."""
        lets = self.reference.lets
        return lets.get(self.tree.name, self.tree) if isinstance(self.tree, Name) else self.tree

    @cached_property
    def _edits(self) -> list[FormulaEdit]:
        """The formula with each slip in it."""
        return list(edits_of(self._formula if not self.by else self.tree))

    @cached_property
    def _edits_of_lets(self) -> list[tuple[str, int, FormulaEdit, Expression]]:
        """The common slips in the named formulas that this one uses, each with the formula that then results."""
        tree, lets = self._formula, self.reference.lets
        return [
            (name, number, edit, rename(tree, {name: edit.gives}))
            for name in names_in(tree) if name in lets
            for number, edit in enumerate(edits_of(lets[name])) if edit.likelihood is COMMON
        ]  # fmt: skip

    def _of_value(self, reference: ReferenceValues) -> Iterator[Misconception]:
        tree = self._formula
        yield _SIGN(as_value(np.negative(reference.value(tree))))
        for number, edit in enumerate(self._edits):
            yield from self._edited(reference, edit, edit.gives, f"edit {number}")
        yield from self._of_names(reference, tree)
        yield from self._of_lets(reference)
        yield from self._of_gates(reference, tree)
        for name in names_in(tree):
            with suppress(ValueError, PassError):
                says = f"it is how fast the value changes with {name}, not the value"
                slope = reference.gradient(tree, (name,))
                if self._may_say(name) and np.size(slope) == 1 and not np.all(np.isin(slope, (-1, 0, 1))):
                    asks = "What comes out of the formula itself?"
                    yield Misconception("slope_for_value", slope, says, asks, POSSIBLE, f"slope {name}")
                    yield Misconception("slope_for_value", -slope, says, asks, RARE, f"minus slope {name}")

    def _edited(
        self, reference: ReferenceValues, edit: FormulaEdit, tree: Expression, label: str, opens: str = ""
    ) -> Iterator[Misconception]:
        with suppress(ValueError):
            yield Misconception(
                edit.key, reference.value(tree), lambda: _whole(opens + self._told(edit)),
                likelihood=edit.likelihood, label=label,
                lacks=tuple(part for part in edit.lacks if isinstance(part, Name | Number)),
            )  # fmt: skip

    def _of_names(self, reference: ReferenceValues, tree: Expression) -> Iterator[Misconception]:
        """A name in the place of another one of the same kind, as s3 for s2; and a number that is given, unchanged."""
        for name in names_in(tree):
            for other in reference.values:
                if other == name or not _same_stem(name, other):
                    continue
                with suppress(ValueError):
                    says = f"it has {self._spoken(other)} instead of {self._spoken(name)}"
                    asks = "Which one is asked about?"
                    gives = reference.value(rename(tree, {name: Name(other)}))
                    yield Misconception("wrong_index", gives, says, asks, POSSIBLE, f"{other} for {name}")
            if self._may_say(name) and name in reference.at and not isinstance(tree, Name):
                says = f"it is {name} itself"
                yield Misconception(
                    "argument_for_value", reference.at[name], says, f"What happens to {name}?", RARE, f"is {name}"
                )

    def _of_lets(self, reference: ReferenceValues) -> Iterator[Misconception]:
        """A change in one of the named formulas that this one is made of."""
        for name, number, edit, put_in in self._edits_of_lets:
            opens = f"In {name}: " if self._may_say(name) else ""
            yield from self._edited(reference, replace(edit, likelihood=RARE), put_in, f"{name} {number}", opens)

    def _of_gates(self, reference: ReferenceValues, tree: Expression) -> Iterator[Misconception]:
        made = self._graph(())
        if made is None:
            return
        graph, parts = made
        with suppress(PassError, ValueError):
            values = forward(graph, {name: reference.values[name] for name in _inputs(graph)})
            yield from value_candidates(graph, values, self._written(graph, parts, tree, reference))

    # Of a gradient

    def _of_gradient(self, reference: ReferenceValues) -> Iterator[Misconception]:
        tree, by = self.tree, self.by
        truth = reference.gradient(tree, by)
        yield _SIGN(as_value(np.negative(truth)))
        with suppress(ValueError):
            says, asks = "it is the value of the formula", "A gradient says how fast that changes. How fast is it?"
            yield Misconception("value_for_gradient", reference.value(tree), says, asks, POSSIBLE)
        if len(by) > 1:
            says, asks = "these are the right numbers in reverse order", "Which gradient comes first?"
            yield Misconception("wrong_order", as_value(np.flip(truth)), says, asks)
            yield from self._of_several(reference)
            return
        yield from _misshapen(truth, by[0])
        if not shape_of(truth):
            says = f"that says that {by[0]} has no effect"
            yield Misconception("no_effect", 0.0, says, f"If {by[0]} moves a little, what moves with it?", POSSIBLE)
        yield from self._of_steps(reference, by[0])
        yield from self._of_wires(reference, by[0])
        for number, edit in enumerate(self._edits):
            if edit.likelihood is COMMON and set(by) <= set(names_in(reference.expanded(edit.gives, by))):
                with suppress(ValueError, PassError):
                    gives = reference.gradient(edit.gives, by)
                    yield Misconception(
                        edit.key, gives, partial(self._told, edit), likelihood=RARE, label=f"edit {number}"
                    )
        yield from self._from_wrong_values(reference, by[0])
        for name in names_in(reference.expanded(tree, by)):
            if name not in by:
                says = f"it is the gradient with respect to {name}, not {by[0]}"
                asks = f"What is it with respect to {by[0]}?"
                yield Misconception(
                    "other_variable", reference.gradient(tree, (name,)), says, asks, POSSIBLE, f"by {name}"
                )
        if any(isinstance(part, Apply) and _squares(part) for part in walk(reference.expanded(tree, by))):
            for number, factor in enumerate((0.5, 2.0)):
                says = "it is half the right answer" if number == 0 else "it is twice the right answer"
                asks = "Where does the factor 2 of the square go?"
                yield Misconception(
                    "missing_factor_2" if number == 0 else "factor_2", truth * factor, says, asks, RARE,
                    f"factor {number}",
                )  # fmt: skip

    def _of_steps(self, reference: ReferenceValues, by: str) -> Iterator[Misconception]:
        """What arrives at a named formula on the way, alone; and its own slope, alone."""
        for name in reference.lets:
            if name == by or not _on_the_way(reference, self.tree, name, by) or Name(name) == self.tree:
                continue
            with suppress(ValueError, PassError):
                yield _slope_alone(name, by, reference.gradient(Name(name), (by,)))
                yield _arrived(name, by, reference.gradient(self.tree, (name,)))

    def _of_several(self, reference: ReferenceValues) -> Iterator[Misconception]:
        """The same mistake at each of several numbers."""
        # Of several wires the nearest: a later one does not take its place.
        each = [
            {one.label.partition(" ")[2]: one for one in reversed(list(self._of_wires(reference, name)))}
            for name in self.by
        ]
        for label, one in each[0].items():
            if all(label in others for others in each) and not any(shape_of(part[label].gives) for part in each):
                gives = as_value([float(part[label].gives) for part in each])
                yield replace(one, gives=gives, label=f"each {label}")

    def _context(self, reference: ReferenceValues, by: str, own: OwnNumbers | None = None) -> GraphContext | None:
        """The backward pass at some numbers; None where there is none. `own` take the place of what they are of."""
        made = self._graph((by,))
        if made is None:
            return None
        graph, parts = made
        try:
            values = tuple(forward(graph, {name: reference.values[name] for name in _inputs(graph)}))
        except (PassError, ValueError):
            return None
        own = own or OwnNumbers()
        values = tuple(own.values.get(node.name, value) for node, value in zip(graph.nodes, values, strict=True))
        arrived = {graph.positions[name]: one for name, one in own.arrived.items() if name in graph.positions}
        start = {
            graph.output: 1.0,
            **{position: one for position, one in arrived.items() if graph.nodes[position].name != by},
        }
        written = self._written(graph, parts, self.tree, reference)
        slopes = {
            (graph.positions[name], under): one for (name, under), one in own.slopes.items() if name in graph.positions
        }
        return GraphContext(graph, values, start, graph.positions[by], written, "it", slopes=slopes)

    def _of_wires(self, reference: ReferenceValues, by: str) -> Iterator[Misconception]:
        context = self._context(reference, by)
        if context is None:
            return
        for wire in context.wires:
            yield from gradient_candidates(context, wire, {})
            if not shape_of(wire.y):
                says, asks = partial(_value_of, wire), "How fast does that change?"
                yield Misconception(
                    "value_for_gradient", wire.y, says, asks, RARE, f"value {wire.gate}", least_digits=3
                )

    def _from_wrong_values(self, reference: ReferenceValues, by: str) -> Iterator[Misconception]:
        """A slip in a value on the way, and the gradient right upon it: u + v for the slope u v of u v h."""
        made = self._graph((by,))
        if made is None:
            return
        graph, parts = made
        with suppress(PassError, ValueError):
            values = forward(graph, {name: reference.values[name] for name in _inputs(graph)})
            written = self._written(graph, parts, self.tree, reference)
            yield from gradient_upon_slips(graph, values, graph.positions[by], written)

    # Graphs

    @cached_property
    def _graphs(self) -> dict[tuple[str, ...], tuple[Graph, Mapping[str, Expression]] | None]:
        return {}

    def _graph(self, by: tuple[str, ...]) -> tuple[Graph, Mapping[str, Expression]] | None:
        """The formula as a graph, which is the same at all numbers; None where it is no graph."""
        if by not in self._graphs:
            tree = self.tree if by else self._formula
            self._graphs[by] = self._made_graph(tree, names_in(self.reference.expanded(tree, by) if by else tree), by)
        return self._graphs[by]

    def _made_graph(
        self, tree: Expression, names: Sequence[str], by: Sequence[str]
    ) -> tuple[Graph, Mapping[str, Expression]] | None:
        """The graph; of a gradient, with the named formulas on the way."""
        equations = []
        if by:
            lets = {name: let for name, let in self.reference.lets.items() if name not in by}
            needed = _needed(tree, lets)
            equations = [Equation(Name(name), let) for name, let in lets.items() if name in needed]
            used = {name for one in (tree, *(one.expression for one in equations)) for name in names_in(one)}
            names = [name for name in self.reference.values if name in used and name not in needed]
            if isinstance(tree, Name) and equations and equations[-1].target == tree:
                tree = equations.pop().expression
        with suppress(BadFile, ValueError):
            return graph_of_equations([*equations, Equation(Name(_OUTPUT), tree)], tuple(names))
        return None

    def _written(
        self, graph: Graph, parts: Mapping[str, Expression], tree: Expression, reference: ReferenceValues
    ) -> Callable[[int], Expression]:
        """What stands for a node in a sentence: numbers for the names that the learner does not see."""
        hidden: dict[str, Expression] = {}
        for name, value in reference.values.items():
            if not self._may_say(name) and not shape_of(value):
                text = plain(float(value))
                hidden[name] = Number(Fraction(text), text)

        def written(position: int) -> Expression:
            name = graph.nodes[position].name
            meant = tree if name == _OUTPUT else parts.get(name, Name(name))
            return rename(meant, hidden)

        return written

    def _may_say(self, name: str) -> bool:
        return name in self.seen

    def _told(self, edit: FormulaEdit) -> str:
        """What is said of a change: whole numbers for the names that the learner does not see, or without the part."""
        says = edit.says
        for name, value in self.reference.values.items():
            written = rf"(?<!\w){re.escape(name)}(?!\w)"
            if name not in self.seen and re.search(written, says):
                if shape_of(value) or not float(value).is_integer():
                    return edit.unnamed
                says = re.sub(written, plain(float(value)), says)
        return says

    def _spoken(self, name: str) -> str:
        """A name; the number that it stands for, where the learner does not see the name."""
        value = self.reference.values[name]
        return name if self._may_say(name) or shape_of(value) else plain(float(value))


def _slope_alone(name: str, by: str, gives: Value) -> Misconception:
    says, asks = f"it is only the local slope of {name} with respect to {by}", f"What arrives at {name} from the loss?"
    return Misconception("forgot_upstream", gives, says, asks, COMMON, f"slope of {name}")


def _arrived(name: str, by: str, gives: Value) -> Misconception:
    says, asks = f"it is what arrives at {name}", f"How does {name} itself change with {by}?"
    return Misconception("forgot_local", gives, says, asks, COMMON, f"arrives at {name}")


def _value_of(wire: GraphWire) -> str:
    return f"it is the value of {wire.texts['y']}"


def _misshapen(truth: Value, name: str) -> Iterator[Misconception]:
    """The right numbers in a wrong shape: added up, or with an axis too many."""
    shape = shape_of(truth)
    if not shape:
        return
    asks = f"A gradient has the shape of its value: what is that of {name}?"
    yield Misconception("summed_up", float(np.sum(truth)), "it is the sum of all entries", asks)
    kept = np.reshape(truth, (1, *shape))
    yield Misconception("kept_axis_back", kept, "it has the right numbers but one axis too many", asks)
    if 1 in shape:
        lost = np.reshape(truth, tuple(size for size in shape if size != 1))
        yield Misconception("lost_axis_back", as_value(lost), "it has the right numbers, but one axis is missing", asks)
    if len(shape) == 2:
        yield Misconception("grad_transposed", np.transpose(truth), "it is the right answer, transposed", asks)


_SIGN = partial(
    Misconception,
    "sign_flipped",
    says="it has the right size and the wrong sign",
    asks="Does it rise or fall?",
    likelihood=COMMON,
    factor=SIGN,
)


def _whole(says: str) -> str:
    """Sentences as they stand in a file, with a full stop where there is none."""
    return says if says.endswith((".", "?")) else f"{says}."


def _inputs(graph: Graph) -> list[str]:
    return [graph.nodes[position].name for position in graph.inputs]


def _on_the_way(reference: ReferenceValues, tree: Expression, let: str, by: str) -> bool:
    """Whether the formula uses this named formula, and that the name."""
    return let in names_in(reference.expanded(tree, (let, by))) and by in names_in(reference.expanded(Name(let), (by,)))


def _needed(tree: Expression, lets: Mapping[str, Expression]) -> set[str]:
    """The named formulas that a formula is made of."""
    needed: set[str] = set()
    waiting = list(names_in(tree))
    while waiting:
        name = waiting.pop()
        if name in lets and name not in needed:
            needed.add(name)
            waiting += names_in(lets[name])
    return needed


def _same_stem(one: str, other: str) -> bool:
    """s2 and s3, x_1 and x_2."""
    stems = [re.sub(r"\d+$", "", name) for name in (one, other)]
    return stems[0] == stems[1] and stems[0] not in (one, other)


def _is_exactly(answer: Expression, at: Mapping[str, Value], value: Value) -> bool:
    try:
        return bool(np.allclose(evaluate(answer, at), value, rtol=1e-9))
    except (KeyError, ValueError):
        return False


def _squares(part: Apply) -> bool:
    if part.operation == "squared_norm":
        return True
    return part.operation == "pow" and isinstance(part.arguments[1], Number) and part.arguments[1].value == 2


def formula_slips(tree: Expression, own: Own) -> Iterator[FormulaEdit]:
    """Wrong formulas, with each slip's name and what is said of it, the file's own first."""
    for says, wrong_one in own:
        yield FormulaEdit(OWN, wrong_one, says, unnamed=says)
    yield from edits_of(tree)
