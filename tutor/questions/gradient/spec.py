"""The equations of a question as a graph, with random tensors run through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from tutor.engine.gates import arrays_of, vocabulary
from tutor.engine.graph import Graph
from tutor.engine.passes import NoValue, PassError, forward
from tutor.engine.values import Shape, Value, as_value, shape_of
from tutor.judging.tensors import random_tensor
from tutor.language import Equation, Expression, Name, Unreadable, read_equation, show
from tutor.language.array_products import has_matrix_powers, shape_of_tree
from tutor.library import BadFile
from tutor.questions.equation_graph import graph_of_equations

DRAWS = 3
MOST_NUMBERS = 1000
"""Numbers in one input."""

_MOST_AXES = 3


@dataclass(frozen=True)
class GradientSpec:
    """The equations, read and put together."""

    equations: tuple[Equation, ...]
    graph: Graph
    """One operation a gate; the parts of an equation have names of their own, which are in `parts`."""

    parts: Mapping[str, Expression]
    """What the names stand for that no learner knows, in names that they do know."""

    shapes: Mapping[str, Shape]
    """Of the inputs."""

    positive: frozenset[str]
    onehot: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs and the left sides of the equations."""
        return tuple(node.name for node in self.graph.nodes if node.name not in self.parts)

    @property
    def output(self) -> str:
        """The last equation's name."""
        return self.equations[-1].target.name

    @cached_property
    def entrywise_powers(self) -> bool:
        """Whether powers of square matrices go entry by entry here, since the equations have no others."""
        return not any(has_matrix_powers(equation.expression) for equation in self.equations)

    @property
    def loss(self) -> str:
        """What gradients are of: the output where it is a number, else some loss behind it."""
        return "l" if self.node_shapes[self.output] else self.output

    @cached_property
    def draws(self) -> tuple[tuple[Value, ...], ...]:
        """The values of all nodes: at random inputs. Raises PassError."""
        return tuple(tuple(forward(self.graph, self._inputs(draw))) for draw in range(DRAWS))

    @cached_property
    def node_shapes(self) -> Mapping[str, Shape]:
        """The shape of every node."""
        return {node.name: shape_of(value) for node, value in zip(self.graph.nodes, self.draws[0], strict=True)}

    def known(self, draw: int) -> dict[str, Value]:
        """The values that have a name for learners."""
        values = zip(self.graph.nodes, self.draws[draw], strict=True)
        return {node.name: value for node, value in values if node.name not in self.parts}

    def written(self, name: str) -> Expression:
        """What stands for a node in a text for learners."""
        return self.parts.get(name, Name(name))

    def in_words(self, name: str) -> str:
        """The same as text: `h`, or `W @ x`."""
        return show(self.written(name))

    def _inputs(self, draw: int) -> dict[str, Value]:
        return {
            name: _one_hot(name, shape, draw)
            if name in self.onehot
            else random_tensor(name, shape, draw, positive=name in self.positive)
            for name, shape in self.shapes.items()
        }


def setting_of(
    equations: Sequence[str],
    shapes: Mapping[str, Sequence[int]],
    positive: Iterable[str] = (),
    onehot: Iterable[str] = (),
) -> GradientSpec:
    """The equations as a graph over inputs of these shapes. Raises BadFile with the key at fault."""
    inputs = {name: _shape(f"shapes.{name}", sizes) for name, sizes in shapes.items()}
    read = _read(equations, inputs)
    if "T" in {*inputs, *(equation.target.name for equation in read)}:
        raise BadFile("equations", "T is for the transpose, as in A^T: choose another name")
    graph, parts = graph_of_equations(read, tuple(inputs))
    _refuse_idle(graph)
    for field, names in (("positive", positive), ("onehot", onehot)):
        for name in names:
            if name not in inputs:
                raise BadFile(field, f"{name} is not an input here")
    setting = GradientSpec(read, graph, parts, inputs, frozenset(positive), frozenset(onehot))
    for name in setting.onehot:
        if len(inputs[name]) not in (1, 2):
            raise BadFile("onehot", f"{name} is to be a vector or a matrix")
    try:
        setting.draws  # noqa: B018  # both passes are run once, here
    except NoValue as error:
        raise BadFile(
            "equations", f"{setting.in_words(error.name)} has no value: {error.why}; see `positive`"
        ) from None
    except PassError as error:
        raise BadFile("equations", f"{setting.in_words(error.name)}: {error.why}") from None
    return setting


def _read(equations: Sequence[str], inputs: Mapping[str, Shape]) -> tuple[Equation, ...]:
    if not equations:
        raise BadFile("equations", "there are none")
    read: list[Equation] = []
    shapes: dict[str, Shape] = dict(inputs)
    for text in equations:
        known = {*inputs, *(equation.target.name for equation in read)}
        try:
            equation = read_equation(text, replace(vocabulary(*known), arrays=arrays_of(shapes))).tree
        except Unreadable as error:
            words = [text[span.start : span.end] for span in error.spans]
            unknown = any(word.isidentifier() and word not in known for word in words)
            hint = "; say the shape of every input in `shapes`" if unknown else ""
            raise BadFile("equations", f"{error.message}{hint}\n{error.caret()}") from None
        if equation.target.name in known:
            raise BadFile("equations", f"{equation.target.name} is there twice")
        read.append(equation)
        if (shape := shape_of_tree(equation.expression, arrays_of(shapes))) is not None:
            shapes[equation.target.name] = shape
    return tuple(read)


def _refuse_idle(graph: Graph) -> None:
    for position in graph.unused:
        raise BadFile("equations", f"{graph.nodes[position].name} is used by no later equation")
    for position in graph.inputs:
        if not graph.uses[position]:
            raise BadFile(f"shapes.{graph.nodes[position].name}", "no equation uses it")


def _shape(key: str, sizes: Sequence[int]) -> Shape:
    shape = tuple(sizes)
    if len(shape) > _MOST_AXES or any(size < 1 for size in shape) or int(np.prod(shape)) > MOST_NUMBERS:
        raise BadFile(key, f"a shape has up to {_MOST_AXES} sizes of at least 1, for {MOST_NUMBERS} numbers at most")
    return shape


def _one_hot(name: str, shape: Shape, draw: int) -> Value:
    """A single 1 in every row, its place different from row to row and draw to draw."""
    noise = np.reshape(random_tensor(name, shape, draw, positive=True), (-1, shape[-1]))
    rows = np.eye(shape[-1])[np.argmax(noise, axis=1)]
    return as_value(np.reshape(rows, shape))
