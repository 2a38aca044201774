"""Gradients in symbols: the backward pass with expressions instead of numbers.

Each gate's own texts say what it sends down; here they are put together, along the graph, in the inputs' names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from math import prod

from tutor.engine.evaluate import evaluate, fold_constants, number
from tutor.engine.gates import GATES, Gate, vocabulary
from tutor.engine.graph import Graph
from tutor.engine.operation import Fixed, Node
from tutor.engine.passes import arguments_at
from tutor.engine.values import Shape, Value, shape_of
from tutor.language import Apply, Expression, Matrix, Name, Number, names_in, read_expression, walk
from tutor.language.tree import rename

LARGEST = 400
"""Parts of an expression that is still put together; more than this nobody reads."""

_LONGEST_LITERAL = 12
"""Entries of a literal that is written out."""


class _NotSaid(Exception):
    """No one expression says this gradient."""


def gradients_in_symbols(graph: Graph, values: Sequence[Value]) -> dict[str, Expression | None]:
    """Each input's gradient as an expression in the inputs; None where no one expression (or no short one) says it.

    `values` are those of a forward pass: their shapes are the shapes meant. Literals of ones may stand where a number
    fills an array. The graph's gates must hold their staged equations. Kinks are left out: the expressions may lack
    a value there.
    """
    return _Chain(graph, values).gradients()


def slope(expression: Expression, name: str) -> Expression | None:
    """d(expression)/d(name) for scalars, by the rules from the outside in; None where no expression says it.

    Where `gradients_in_symbols` adds up roads, this keeps sums inside products: often the shorter of the two.
    """
    try:
        found = fold_constants(_slope(expression, name))
    except _NotSaid:
        return None
    return found if sum(1 for _ in walk(found)) <= LARGEST else None


def filled(tree: Expression, own: Shape, shape: Shape) -> Expression | None:
    """A tree of shape `own` stretched to a shape it only broadcasts to, by ones written out; None for many."""
    if own == shape:
        return tree
    if prod(shape) > _LONGEST_LITERAL or len(shape) > 2:
        return None
    entry = tree if isinstance(tree, Number) else number(Fraction(1))
    rows = ((entry,) * shape[-1],) * (shape[0] if len(shape) == 2 else 1)
    literal = Matrix(rows, is_vector=len(shape) == 1)
    return literal if isinstance(tree, Number) else Apply("mul", (tree, literal), sign="*")


class _Chain:
    """One backward pass in symbols."""

    def __init__(self, graph: Graph, values: Sequence[Value]) -> None:
        self.graph = graph
        self.values = values
        self.inputs = {graph.nodes[p].name: values[p] for p in graph.inputs}
        self.trees = self._forward()

    def _forward(self) -> list[Expression]:
        """Every node's value in the inputs' names."""
        trees: list[Expression] = []
        known: dict[str, Expression] = {}
        for node in self.graph.nodes:
            tree: Expression = Name(node.name) if node.expression is None else rename(node.expression, known)
            known[node.name] = tree
            trees.append(tree)
        return trees

    def gradients(self) -> dict[str, Expression | None]:
        """Each input's gradient, by name."""
        arrived: list[list[Expression | None]] = [[] for _ in self.graph.nodes]
        arrived[self.graph.output] = [number(Fraction(1))]
        for gate in reversed(self.graph.gates):
            upstream = _total(arrived[gate])
            for port, argument in enumerate(self.graph.nodes[gate].arguments):
                if isinstance(argument, int):
                    arrived[argument].append(None if upstream is None else self._share(gate, port, upstream))
        return {self.graph.nodes[p].name: self._whole(_total(arrived[p]), p) for p in self.graph.inputs}

    def _share(self, gate: int, port: int, upstream: Expression) -> Expression | None:
        """What a gate sends to one argument; None where no one expression says it."""
        node = self.graph.nodes[gate]
        assert node.gate is not None
        try:
            if node.gate.elementwise:
                share = self._elementwise_share(node, gate, port, upstream)
            else:
                share = self._tensor_share(node, gate, port, upstream)
        except _NotSaid:
            return None
        return share if sum(1 for _ in walk(share)) <= LARGEST else None

    def _elementwise_share(self, node: Node, gate: int, port: int, upstream: Expression) -> Expression:
        assert node.gate is not None
        if node.gate.is_flat(port):
            return number(Fraction(0))
        local = rename(_local(node.gate, port), self._arguments(node))
        source = node.arguments[port]
        assert isinstance(source, int)
        share = fold_constants(Apply("mul", (upstream, local)))
        return self._summed_back(share, shape_of(self.values[gate]), shape_of(self.values[source]))

    def _tensor_share(self, node: Node, gate: int, port: int, upstream: Expression) -> Expression:
        assert node.gate is not None
        shapes = tuple(map(shape_of, arguments_at(node, self.values)))
        texts = node.gate.downstreams_for(shapes, node.options)
        if not texts[port]:
            raise _NotSaid
        text = read_expression(texts[port], vocabulary("u", *node.gate.arguments)).tree
        if any(isinstance(part, Apply) and GATES[part.operation].needs_shape for part in walk(text)):
            upstream = self._filled(upstream, shape_of(self.values[gate]))
        return fold_constants(rename(text, {**self._arguments(node), "u": upstream}))

    def _arguments(self, node: Node) -> Mapping[str, Expression]:
        """The gate's argument names -> what stands for them, in the inputs' names."""
        assert node.gate is not None
        return {
            name: argument.written if isinstance(argument, Fixed) else self.trees[argument]
            for name, argument in zip(node.gate.arguments, node.arguments, strict=True)
        }

    def _shape(self, tree: Expression) -> Shape:
        return shape_of(evaluate(tree, self.inputs))

    def _summed_back(self, tree: Expression, wide: Shape, shape: Shape) -> Expression:
        """A tree that means an array of shape `wide`, summed to the shape of the argument that was stretched to it."""
        if wide == shape:
            return tree
        own = self._shape(tree)
        lead, missing = len(wide) - len(shape), len(wide) - len(own)
        axes = [i for i in range(len(wide)) if i < lead or (shape[i - lead] == 1 and wide[i] != 1)]
        # An axis that the tree itself does not have (a number that fills an array) is so many copies of it.
        copies = prod(wide[i] for i in axes if i < missing or own[i - missing] == 1)
        gone = tuple(i - missing for i in axes if missing <= i < lead)
        kept = tuple(i - missing for i in axes if i >= max(missing, lead) and own[i - missing] != 1)
        if own and not shape:
            tree = Apply("sum", (tree,))
        elif gone:
            tree = Apply("sum", (tree,), (("axis", gone if len(gone) > 1 else gone[0]),))
        if kept and shape:
            moved = tuple(axis - len(gone) for axis in kept)
            tree = Apply("sum", (tree,), (("axis", moved if len(moved) > 1 else moved[0]), ("keepdims", True)))
        return fold_constants(Apply("mul", (number(Fraction(copies)), tree)))

    def _filled(self, tree: Expression, shape: Shape) -> Expression:
        full = filled(tree, self._shape(tree), shape)
        if full is None:
            raise _NotSaid
        return full

    def _whole(self, tree: Expression | None, position: int) -> Expression | None:
        """An input's gradient in the input's shape."""
        try:
            return None if tree is None else self._filled(tree, shape_of(self.values[position]))
        except _NotSaid:
            return None


def _local(gate: Gate, port: int) -> Expression:
    """The local derivative over the gate's own argument names."""
    if not gate.slopes:
        raise _NotSaid
    return _formula(gate.slopes[port], gate.arguments)


@lru_cache(maxsize=512)
def _formula(text: str, arguments: tuple[str, ...]) -> Expression:
    """The formula of a gate, read once."""
    return read_expression(text, vocabulary(*arguments)).tree


def _total(arrived: Sequence[Expression | None]) -> Expression | None:
    """The sum of what arrives; 0 where nothing does."""
    total: Expression | None = None
    for share in arrived:
        if share is None:
            return None
        if not (isinstance(share, Number) and share.value == 0):
            total = share if total is None else Apply("add", (total, share))
    return number(Fraction(0)) if total is None else total


def _slope(tree: Expression, name: str) -> Expression:
    if name not in names_in(tree):
        return number(Fraction(0))
    if not isinstance(tree, Apply):
        return number(Fraction(1))
    gate = GATES[tree.operation]
    own = dict(zip(gate.arguments, tree.arguments, strict=True))
    terms: list[Expression | None] = []
    for port, argument in enumerate(tree.arguments):
        if name in names_in(argument) and not gate.is_flat(port):
            terms.append(Apply("mul", (rename(_local(gate, port), own), _slope(argument, name))))
    total = _total(terms)
    assert total is not None, "each term is an expression"
    return total
