"""The worked story of a function as text: staging, forward values, the way back gate by gate, the NumPy function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from tutor.drawing import choose, draw
from tutor.engine.canonical_form import canonicalize, regardless_of_order
from tutor.engine.evaluate import evaluate, fold_constants
from tutor.engine.gates import GATES
from tutor.engine.passes import backward, forward
from tutor.engine.symbolic_backward import filled, gradients_in_symbols, slope
from tutor.engine.sympy_bridge import rewritten
from tutor.engine.values import Shape, Value, all_finite, shape_of
from tutor.judging import judge_expression
from tutor.judging.tensors import judge_tensor_expression
from tutor.language import Apply, Expression, Matrix, Name, Number, Unreadable, read_expression, show, walk
from tutor.language.array_products import with_signs
from tutor.library.format import BackpropTable
from tutor.library.problem import Problem
from tutor.questions.backprop.carried_forward import worked_text
from tutor.questions.backprop.code import signature_of
from tutor.questions.backprop.gate_arithmetic import arrival, bracketed, gathered, sent
from tutor.questions.backprop.known_graph import all_known, picture_of_work
from tutor.questions.backprop.reference import STAGING, Reference
from tutor.questions.backprop.staging import follow
from tutor.questions.printed import equated
from tutor.questions.question import Paragraph

_LONGEST = 160
"""Characters of a form; a longer one tells nobody anything."""

_COST_OF_A_STRANGER = 12
"""What e^x costs, in parts, where the chain rule gives e^-x: a form in values met on the way tells more."""

_SAME = 1e-9
"""Difference up to which a form agrees with the backward pass, relative to the largest gradient in the graph."""


def closed_forms(problem: Problem, seconds: float = 2.0) -> tuple[str, ...]:
    """One line an input: `∂f/∂x = z`, `∂f/∂W = 2·(W @ x) @ xᵀ`, as short as it comes; () where none is found.

    An input whose gradient no one short expression says (behind a sum over columns) has no line. Each line
    has been read back and judged equal to the derivative. The `seconds` bound SymPy's work, once it is loaded; when
    they run out, a line may be longer than need be.
    """
    chained = gradients_in_symbols(problem.graph, problem.values)
    expressions = {name: tree for name, tree in chained.items() if tree is not None and name in problem.variables}
    forms = _Forms(problem)
    deadline = monotonic() + seconds
    lines = []
    for done, (name, chain) in enumerate(expressions.items()):
        # A hard one leaves their time to the others.
        text = forms.shortest(name, chain, (deadline - monotonic()) / (len(expressions) - done))
        if text:
            lines.append(f"∂{problem.function.name}/∂{name} = {text}")
    return tuple(lines)


@dataclass(frozen=True)
class _Truth:
    """The gradients at some inputs, by the backward pass."""

    at: Mapping[str, Value]
    gradients: Mapping[str, Value]
    size: float
    """The largest gradient anywhere in the graph, which is what rounding errors are measured by."""


class _Forms:
    """The forms of one problem's gradients."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        parts = list(walk(problem.function.expression))
        self.decimals = any(isinstance(part, Number) and "." in part.text for part in parts)
        self.power_of_e = any(isinstance(part, Apply) and part.sign == "e^" for part in parts)
        self.own_parts = {regardless_of_order(part): part for part in parts if isinstance(part, Apply)}
        # An exercise of numbers alone may still hold sum([1, 2] x).
        self.has_arrays = problem.has_arrays or not all(map(_is_elementwise, parts))
        self.truths = [self._truth(at) for at in (problem.inputs, *problem.draws)]

    def shortest(self, name: str, chain: Expression, seconds: float) -> str:
        """The shortest text that is right for an input's gradient; "" where there is none."""
        known = set(_met(chain))
        costs: dict[str, tuple[int, int]] = {}
        for form in self._candidates(name, chain, seconds):
            text, parts = self._text(form), sum(1 for _ in walk(form))
            strangers = len(set(_met(form)) - known)
            costs.setdefault(text, (parts + _COST_OF_A_STRANGER * strangers, len(text)))
        # The sort is stable: of two forms that cost the same, the one nearer to the chain rule.
        for text in (*sorted(costs, key=costs.__getitem__), self._text(self._in_style(fold_constants(chain)))):
            if len(text) <= _LONGEST and self._is_right(text, name, chain):
                return text
        return ""

    def _text(self, form: Expression) -> str:
        arrays = self.problem.vocabulary.arrays
        return show(with_signs(form, arrays) if self.has_arrays and arrays is not None else form)

    def _candidates(self, name: str, chain: Expression, seconds: float) -> Iterator[Expression]:
        """Ways to write a gradient, none of them checked."""
        trees = [chain]
        if not self.has_arrays:
            by_rules = slope(self.problem.function.expression, name)
            trees += [] if by_rules is None else [by_rules]
            trees += rewritten(chain, self.problem.positive, seconds)
        for tree in trees:
            try:
                neat = canonicalize(tree, self._shape, decimals=self.decimals)
                full = filled(neat, self._shape(neat), self.problem.shapes[name])
            except ValueError:  # x - x is put as 0, which has no axis for a max to go along
                continue
            if full is not None:
                yield self._in_style(full)

    def _shape(self, tree: Expression) -> Shape:
        return shape_of(evaluate(tree, self.problem.inputs)) if self.has_arrays else ()

    def _in_style(self, tree: Expression) -> Expression:
        """The expression with its sums, products and exponentials written as in the function."""
        if not isinstance(tree, Apply):
            return tree
        if (own := self.own_parts.get(regardless_of_order(tree))) is not None:
            return own
        sign = "e^" if tree.operation == "exp" and self.power_of_e else tree.sign
        return replace(tree, arguments=tuple(map(self._in_style, tree.arguments)), sign=sign)

    def _truth(self, at: Mapping[str, Value]) -> _Truth:
        graph = self.problem.graph
        totals = backward(graph, forward(graph, at)).totals
        gradients = {graph.nodes[position].name: totals[position] for position in graph.inputs}
        return _Truth(at, gradients, max(float(np.max(np.abs(total))) for total in totals))

    def _is_right(self, text: str, name: str, chain: Expression) -> bool:
        """Whether a text, read as an answer would be, is the gradient: by the backward pass, and by the judge."""
        try:
            answer = read_expression(text, self.problem.vocabulary).tree
        except Unreadable:
            return False
        if not all(_agrees(evaluate(answer, truth.at), truth.gradients[name], truth.size) for truth in self.truths):
            return False
        if self.has_arrays:
            return judge_tensor_expression(answer, chain, self.problem.shapes, self.problem.positive).accepted
        names = self.problem.function.parameters
        return judge_expression(answer, chain, names, self.problem.positive, self.problem.inputs).accepted


def _met(tree: Expression) -> Iterator[Expression]:
    """The functions and powers applied in it, but for the likes of x^2."""
    for part in walk(tree):
        match part:
            case Apply("pow", (Name() | Number(), Number())):
                continue
            case Apply(operation) if operation == "pow" or (
                GATES[operation].function_words and GATES[operation].elementwise
            ):
                yield part


def _is_elementwise(part: Expression) -> bool:
    return GATES[part.operation].elementwise if isinstance(part, Apply) else not isinstance(part, Matrix)


def _agrees(value: Value, truth: Value, size: float) -> bool:
    if shape_of(value) != shape_of(truth) or not all_finite(value):
        return False
    return float(np.max(np.abs(np.subtract(value, truth)))) <= _SAME * size


_HEIGHT = 60


def story(
    table: BackpropTable, problem: Problem, tried: Mapping[str, Sequence[str]], ascii: bool, width: int
) -> Iterator[Paragraph]:
    """The paragraphs, for the last right staging among those the learner tried, else for the program's own.

    The drawing is in ASCII where asked, and of at most `width` columns.
    """
    own = _own_sheet(problem, tried.get(STAGING, ()))
    reference = own or Reference(problem, problem.graph)
    yield _staging(reference, "your staging" if own else "one of several ways")
    yield _graph(reference, table, ascii, width)
    if {"forward", "backward"} & set(table.asked):
        yield _forward(reference)
    if "backward" in table.asked:
        yield _backward(reference)
        if forms := closed_forms(problem):
            yield _section("In closed form", forms)
    if "code" in table.asked:
        yield _code(table, reference)
    if "descend" in table.asked and table.descend is not None:
        yield _descend(table, reference)


def _own_sheet(problem: Problem, stagings: Sequence[str]) -> Reference | None:
    for text in reversed(stagings):
        staging = follow(problem, text)
        if staging.complete:
            return Reference(problem, staging.graph)
    return None


def _graph(reference: Reference, table: BackpropTable, ascii: bool, width: int) -> Paragraph:
    picture = picture_of_work(reference, all_known(reference, "backward" in table.asked))
    drawn = draw(picture, choose(picture, width, _HEIGHT, ascii), ascii).text
    return Paragraph("", tuple(drawn.split("\n")))


def _staging(reference: Reference, whose: str) -> Paragraph:
    return _section(f"Staging ({whose})", [reference.equation(gate) for gate in reference.graph.gates])


def _forward(reference: Reference) -> Paragraph:
    return _section(
        "Forward",
        [f"{reference.equation(gate)} = {worked_text(reference.value(gate))}" for gate in reference.graph.gates],
    )


def _backward(reference: Reference) -> Paragraph:
    lines: list[str] = []
    for gate in reference.backward_gates:
        lines.append(f"{reference.equation(gate)}: {arrival(reference, gate)}")
        lines += [f"  {sent(reference, use)}" for use in reference.branches(gate)]
    f = reference.output_name
    lines += [f"∂{f}/∂{reference.name(position)} {gathered(reference, position)}" for position in reference.variables]
    return _section("Backward, from the output back", lines)


def _code(table: BackpropTable, reference: Reference) -> Paragraph:
    signature = signature_of(reference.problem, table.code)
    try:
        text = signature.worked(reference)
    except ValueError:  # a gate of several operations: the program's own staging has none
        text = signature.worked(Reference(reference.problem, reference.problem.graph))
    return _section("In NumPy", text.rstrip("\n").split("\n"))


def _descend(table: BackpropTable, reference: Reference) -> Paragraph:
    descend = table.descend
    assert descend is not None
    lines = []
    for name in descend.variables or reference.problem.variables:
        was, slope = reference.problem.inputs[name], reference.problem.gradient(name)
        step = f"{worked_text(was)} − {worked_text(descend.step)} × {bracketed(worked_text(slope))}"
        lines.append(f"{name} ← {equated(step, worked_text(was - descend.step * slope))}")
    return _section("Descend", lines)


def _section(title: str, lines: Iterable[str]) -> Paragraph:
    return Paragraph(title, tuple(f"  {line}".rstrip() for line in lines))
