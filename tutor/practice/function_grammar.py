"""New functions from a grammar of gates: a tree of the gates asked for, its leaves inputs, one of them used twice.

`grow` draws the tree of a request; all of its gates are in it, and forks are where they were asked for and nowhere
else. Numbers come later (`generated.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product

from tutor.engine.gates import GATES, Gate, arrays_of, shape_made, vocabulary
from tutor.engine.values import Shape
from tutor.language import Apply, Expression, Name, Number, read_expression, show
from tutor.language.array_products import with_signs
from tutor.practice.draws import Draws
from tutor.practice.gate_request import GateRequest, wires_of

_PLAIN = ("add", "mul")
"""What joins the gates asked for, where a level has more operations than those."""
_MOST_OF_ONE = 3
"""How often a gate comes in one function, unless it is asked for more often: 2^x of 2^x soon grows out of hand. One
that chooses, such as max, comes as often as it is asked for: what it does not choose gets no gradient."""
_SCALARS = ("x", "y", "z", "w", "u", "v", "p", "q", "r")
_MATRICES = ("W", "A", "X", "B", "C", "M", "U", "V", "Y")
_PARTS = ("h", "g", "k")
"""Names of parts of a function that are used twice."""
_SHAPES: Sequence[Shape] = ((3,), (2,), (2, 3), (3, 2), (2, 2))
_INNER_FORKS_FROM = 3
"""The level from which a value in the middle may fork, rather than an input."""
_TWO_FORKS_FROM = 4
_MOST_AXES = 2


class Misfit(Exception):
    """The tree that was drawn has no shapes, or no place for a fork."""


@dataclass(frozen=True)
class GrownFunction:
    """A function without numbers: its right side, what is let, and the shape of each input."""

    body: str
    let: tuple[str, ...]
    shapes: dict[str, Shape]


@dataclass(eq=False)
class _Node:
    """A gate with its parts, or a leaf."""

    gate: str = ""
    parts: list[_Node] = field(default_factory=list)
    shape: Shape | None = None
    """None for a leaf whose shape nothing has asked for yet."""

    name: str = ""
    constant: int = 2
    """The number in a gate that has one of its own: the 3 of 3·x and of x³."""

    def walk(self) -> Iterator[_Node]:
        yield self
        for part in self.parts:
            yield from part.walk()


def grow(request: GateRequest, draws: Draws, more: int = 0) -> GrownFunction:
    """Draw a function, with so many operations more than its level has. Raises Misfit where this draw leads to none."""
    root = _tree(draws.shuffled(_gates(request, request.size + more, draws)), request.for_arrays, draws)
    if root.shape:
        root = _to_number(root, draws)
    forks = (2 if request.level >= _TWO_FORKS_FROM else 1) if request.forks else 0
    let = [part for _ in range(forks) if (part := _fork(root, request, draws)) is not None]
    return _written(root, let)


def _gates(request: GateRequest, size: int, draws: Draws) -> list[str]:
    """So many gates, all that were asked for among them."""
    gates = list(request.gates)
    again = tuple(dict.fromkeys(key for key in gates if GATES[key].elementwise and GATES[key].kinks is None))
    while len(gates) < size:
        pool = (*(key for key in again if gates.count(key) < _MOST_OF_ONE), *_PLAIN)
        gates.append(draws.choice(pool))
    if request.forks and not any(wires_of(GATES[key]) == 2 for key in gates):
        if len(gates) > len(request.gates):
            gates.pop()
        gates.append(draws.choice(_PLAIN))
    return gates


# Trees


def _tree(gates: Sequence[str], arrays: bool, draws: Draws) -> _Node:
    """A tree of just these gates, the first at its root."""
    if not gates:
        return _Node(shape=None if arrays else ())
    gate, rest = GATES[gates[0]], gates[1:]
    if wires_of(gate) == 1:
        parts = [_tree(rest, arrays, draws)]
        if parts[0].gate == gate.key and gate.key != "power":
            raise Misfit  # relu(relu(x)), and exp(exp(x)), which grows out of hand
    else:
        cut = draws.below(len(rest) + 1)
        parts = [_tree(rest[:cut], arrays, draws), _tree(rest[cut:], arrays, draws)]
    node = _Node(gate.key, parts, constant=draws.between(2, 3 if gate.key == "power" else 5))
    node.shape = _shaped(gate, parts, draws)
    return node


def _shaped(gate: Gate, parts: Sequence[_Node], draws: Draws) -> Shape:
    """The shape a gate makes of its parts; leaves get one that fits. Raises Misfit."""
    if gate.elementwise:
        known = [part.shape for part in parts if part.shape is not None]
        leaf = max(known, key=len) if known else draws.choice(_SHAPES)
        choices = [(part.shape if part.shape is not None else leaf,) for part in parts]
    else:
        choices = [(part.shape,) if part.shape is not None else tuple(_SHAPES) for part in parts]  # type: ignore[misc]
    operation = gate.specialises or gate.key
    fitting = [
        (shapes, made)
        for shapes in product(*choices)
        if (gate.elementwise or all(shapes))
        and (made := _made(operation, shapes, len(parts) < len(gate.arguments))) is not None
        and len(made) <= _MOST_AXES
    ]
    if not fitting:
        raise Misfit
    shapes, made = draws.choice(fitting)
    for part, shape in zip(parts, shapes, strict=True):
        part.shape = shape
    return made


def _made(operation: str, shapes: tuple[Shape, ...], with_number: bool) -> Shape | None:
    return shapes[0] if with_number and GATES[operation].elementwise else shape_made(operation, shapes)


def _to_number(root: _Node, draws: Draws) -> _Node:
    """The sum of an array's entries, or of its entries by weights."""
    if draws.below(2):
        root = _Node("mul", [_Node(shape=root.shape), root], root.shape)
    return _Node("sum", [root], ())


# Forks


def _fork(root: _Node, request: GateRequest, draws: Draws) -> _Node | None:
    """Let a value be used in two places; the part that it is, where it is one in the middle. Raises Misfit."""
    pairs = [(source, leaf) for source in root.walk() for leaf in root.walk() if _can_fork(root, source, leaf)]
    inner = [pair for pair in pairs if pair[0].gate]
    leaves = [pair for pair in pairs if not pair[0].gate]
    in_the_middle = inner and (not leaves or (request.level >= _INNER_FORKS_FROM and draws.below(2)))
    if request.level < _INNER_FORKS_FROM and not leaves:
        raise Misfit
    if not pairs:
        raise Misfit
    source, leaf = draws.choice(inner if in_the_middle else leaves)
    _replace(root, leaf, source)
    return source if in_the_middle else None


def _can_fork(root: _Node, source: _Node, leaf: _Node) -> bool:
    """Whether a value may stand in the place of a leaf too: not in itself, and not twice at one gate."""
    if leaf.gate or source is root or source is leaf or source.shape != leaf.shape:
        return False
    beside = any(source in node.parts and leaf in node.parts for node in root.walk())
    return not beside and leaf not in list(source.walk()) and _uses(root, leaf) == 1


def _uses(root: _Node, node: _Node) -> int:
    return sum(part is node for each in _distinct(root) for part in each.parts)


def _distinct(root: _Node) -> list[_Node]:
    """Every node once, a part before the gate that uses it."""
    found: list[_Node] = []

    def visit(node: _Node) -> None:
        for part in node.parts:
            visit(part)
        if node not in found:
            found.append(node)

    visit(root)
    return found


def _replace(root: _Node, leaf: _Node, source: _Node) -> None:
    for node in _distinct(root):
        node.parts = [source if part is leaf else part for part in node.parts]


# Text


def _written(root: _Node, let: Sequence[_Node]) -> GrownFunction:
    """Name the inputs and the parts that are let, and write all of it in the learner's language."""
    shapes: dict[str, Shape] = {}
    scalars, matrices, parts = iter(_SCALARS), iter(_MATRICES), iter(_PARTS)
    every = _distinct(root)
    try:
        for node in every:
            assert node.shape is not None
            if not node.gate:
                node.name = next(matrices if len(node.shape) == 2 else scalars)
                shapes[node.name] = node.shape
            elif node in let:
                node.name = next(parts)
    except StopIteration:
        raise Misfit from None
    named = {node.name: node.shape for node in every if node.name and node.shape is not None}
    lines = [f"{node.name} = {_text(node, named)}" for node in every if node.gate and node.name]
    return GrownFunction(_text(root, named), tuple(lines), shapes)


def _text(node: _Node, shapes: dict[str, Shape]) -> str:
    tree = _expression(node, at_root=True)
    return show(with_signs(tree, arrays_of(shapes)) if any(shapes.values()) else tree)


def _expression(node: _Node, *, at_root: bool = False) -> Expression:
    if node.name and not at_root:
        return Name(node.name)
    gate = GATES[node.gate]
    parts = tuple(map(_expression, node.parts))
    if gate.specialises:
        value = 1 if gate.key == "reciprocal" else node.constant
        number = Number(Fraction(value), str(value))
        first = gate.matches((float(number.value), None))
        return Apply(gate.specialises, (number, *parts) if first else (*parts, number))
    return Apply(gate.key, (*parts, *(read_expression(text, vocabulary()).tree for text in gate.defaults)))
