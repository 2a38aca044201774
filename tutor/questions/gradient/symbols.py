"""A gradient as an expression: each gate's own text for what it sends down, put together along the graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Gate, vocabulary
from tutor.engine.gathering import gathered
from tutor.engine.node import Node
from tutor.engine.operation import Fixed
from tutor.engine.tidying import number, tidied
from tutor.engine.values import Shape, Value, shape_of
from tutor.language import Apply, Expression, Name, read_expression
from tutor.language.tree import rename
from tutor.questions.gradient.backwards import prime
from tutor.questions.gradient.setting import Setting


class NotSaid(Exception):
    """No one expression says this gradient."""


def in_symbols(setting: Setting, of: str, given: Collection[str], at: Mapping[str, Value]) -> Expression | None:
    """The gradient of a value in the values and the given gradients; None where the gates' texts do not say it.

    `at` holds numbers for all of them, whose shapes are those meant.
    """
    graph = setting.graph
    wanted = graph.positions[of]
    arrived: dict[int, list[Expression]] = {position: [] for position in range(len(graph.nodes))}
    shapes = [shape_of(value) for value in setting.draws[0]]
    try:
        for position in range(graph.output, wanted - 1, -1):
            node = graph.nodes[position]
            if node.name in given and position != wanted:
                total: Expression = Name(prime(node.name))
            elif position == graph.output and not given:
                total = number(_ONE)
            elif len(arrived[position]) < len(graph.uses[position]) or not arrived[position]:
                continue
            else:
                total = arrived[position][0]
                for share in arrived[position][1:]:
                    total = Apply("add", (total, share))
            if position == wanted:
                return gathered(rename(total, setting.parts), lambda tree: shape_of(evaluate(tree, at)))
            for port, argument in enumerate(node.arguments):
                if isinstance(argument, int):
                    arrived[argument].append(_share(setting, node, port, total, shapes))
    except (NotSaid, ValueError):
        return None
    return None


_ONE = Fraction(1)


def _share(setting: Setting, node: Node, port: int, upstream: Expression, shapes: list[Shape]) -> Expression:
    assert node.gate is not None
    names = dict(zip(node.gate.arguments, _arguments(setting, node), strict=True))
    own = tuple(shapes[a] if isinstance(a, int) else shape_of(a.value) for a in node.arguments)
    if not node.gate.elementwise:
        texts = node.gate.downstreams_for(own, node.options)
        if not texts[port]:
            raise NotSaid
        return tidied(rename(_read(texts[port], node.gate), names | {"u": upstream}))
    if not node.gate.locals:
        raise NotSaid
    local = _by_own_name(rename(_read(node.gate.locals[port], node.gate), names), setting, node)
    wide = shapes[setting.graph.positions[node.name]]
    return _summed_back(tidied(Apply("mul", (upstream, local))), wide, own[port])


def _arguments(setting: Setting, node: Node) -> list[Expression]:
    return [
        argument.written if isinstance(argument, Fixed) else Name(setting.graph.nodes[argument].name)
        for argument in node.arguments
    ]


def _by_own_name(local: Expression, setting: Setting, node: Node) -> Expression:
    """σ(k)(1 - σ(k)) is h (1 - h) where h = σ(k) has that name."""
    if local == node.expression:
        return Name(node.name)
    if isinstance(local, Apply):
        arguments = tuple(_by_own_name(part, setting, node) for part in local.arguments)
        return Apply(local.operation, arguments, local.options, sign=local.sign)
    return local


def _summed_back(tree: Expression, wide: Shape, shape: Shape) -> Expression:
    if wide == shape:
        return tree
    if not shape:
        return Apply("sum", (tree,))
    lead = len(wide) - len(shape)
    if lead:
        axes = tuple(range(lead))
        tree = Apply("sum", (tree,), (("axis", axes if lead > 1 else 0),))
    kept = tuple(i for i, size in enumerate(shape) if size == 1 and wide[i + lead] != 1)
    if kept:
        tree = Apply("sum", (tree,), (("axis", kept if len(kept) > 1 else kept[0]), ("keepdims", True)))
    return tree


def _read(text: str, gate: Gate) -> Expression:
    return read_expression(text, vocabulary("u", *gate.arguments)).tree
