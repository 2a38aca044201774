"""The backward pass of a question: from gradients that are given, or from the output, by the engine's own gates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from tutor.engine.canonical_form import canonicalize
from tutor.engine.evaluate import evaluate, fold_constants, number
from tutor.engine.gates import Gate, vocabulary
from tutor.engine.operation import Fixed, Node
from tutor.engine.values import Shape, Value, shape_of
from tutor.judging.tensors import random_tensor
from tutor.language import Apply, Expression, Name, read_expression
from tutor.language.tree import rename
from tutor.questions.backward_context import carried
from tutor.questions.gradient.spec import GradientSpec


def prime(name: str) -> str:
    """The name of a value's gradient: `y'`."""
    return f"{name}'"


@dataclass(frozen=True)
class BackwardPass:
    """One backward pass."""

    totals: Mapping[int, Value]
    """The gradients that follow from what is given, by position."""

    at: Mapping[str, Value]
    """The values and the given gradients, by the names that learners know."""

    start: Mapping[int, Value]
    """The gradients it begins with."""


def passes_from(setting: GradientSpec, given: Collection[str]) -> tuple[BackwardPass, ...]:
    """At each draw, the gradients that follow from those of these names, which are random where nothing fixes them.

    With none given the pass begins with 1 at the output.
    """
    return tuple(_backward(setting, draw, given) for draw in range(len(setting.draws)))


def whole_passes(setting: GradientSpec, given: Collection[str]) -> tuple[BackwardPass, ...]:
    """The same with all that is given as it comes from the output: `y'` is no random tensor but 2(y - t)."""
    found = []
    for draw, whole in enumerate(passes_from(setting, ())):
        positions = setting.graph.positions
        at = setting.known(draw) | {prime(name): whole.totals[positions[name]] for name in given}
        found.append(BackwardPass(whole.totals, at, whole.start))
    return tuple(found)


def own_passes(
    setting: GradientSpec, given: Collection[str], own: Mapping[str, Expression]
) -> tuple[BackwardPass, ...]:
    """The passes of a learner who has these expressions for some gradients, in values and in the gradients after them.

    They begin at the output where it is a number, else with the given gradients. Raises ValueError where an
    expression does not fit.
    """
    return tuple(_own_pass(setting, draw, given, own) for draw in range(len(setting.draws)))


def _own_pass(setting: GradientSpec, draw: int, given: Collection[str], own: Mapping[str, Expression]) -> BackwardPass:
    start = dict(_backward(setting, draw, given if setting.node_shapes[setting.output] else ()).start)
    passed = _named_pass(setting, draw, start)
    for name, tree in own.items():
        start[setting.graph.positions[name]] = evaluate(tree, passed.at)
        passed = _named_pass(setting, draw, start)
    return passed


def _named_pass(setting: GradientSpec, draw: int, start: Mapping[int, Value]) -> BackwardPass:
    """A pass, with all its gradients by their names."""
    totals = carried(setting.graph, setting.draws[draw], start)
    named = {prime(setting.graph.nodes[position].name): value for position, value in totals.items()}
    return BackwardPass(totals, setting.known(draw) | named, start)


def _backward(setting: GradientSpec, draw: int, given: Collection[str]) -> BackwardPass:
    graph, values = setting.graph, setting.draws[draw]
    start: dict[int, Value] = {}
    if not given:
        start[graph.output] = 1.0
    for position in range(graph.output, -1, -1):  # what nothing fixes, nearest to the output first
        name = graph.nodes[position].name
        if name in given and position not in carried(graph, values, start):
            start[position] = random_tensor(prime(name), shape_of(values[position]), draw, positive=False)
    totals = carried(graph, values, start)
    named = {prime(name): totals[graph.positions[name]] for name in given}
    return BackwardPass(totals, setting.known(draw) | named, start)


class NotExpressible(Exception):
    """No one expression says this gradient."""


def in_symbols(setting: GradientSpec, of: str, given: Collection[str], at: Mapping[str, Value]) -> Expression | None:
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
                shares = [share for share in arrived[position] if share != _NOTHING] or [_NOTHING]
                total = reduce(lambda left, right: Apply("add", (left, right)), shares)
            if position == wanted:
                return canonicalize(rename(total, setting.parts), lambda tree: shape_of(evaluate(tree, at)))
            for port, argument in enumerate(node.arguments):
                if isinstance(argument, int):
                    arrived[argument].append(_share(setting, node, port, total, shapes))
    except (NotExpressible, ValueError):
        return None
    return None


_ONE = Fraction(1)
_NOTHING = number(Fraction(0))


def _share(setting: GradientSpec, node: Node, port: int, upstream: Expression, shapes: list[Shape]) -> Expression:
    assert node.gate is not None
    names = dict(zip(node.gate.arguments, _arguments(setting, node), strict=True))
    own = tuple(shapes[a] if isinstance(a, int) else shape_of(a.value) for a in node.arguments)
    if not node.gate.elementwise:
        texts = node.gate.downstreams_for(own, node.options)
        if not texts[port]:
            raise NotExpressible
        return fold_constants(rename(_read(texts[port], node.gate), names | {"u": upstream}))
    if node.gate.is_flat(port):
        return _NOTHING
    if not node.gate.slopes:
        raise NotExpressible
    local = _by_own_name(rename(_read(node.gate.slopes[port], node.gate), names), setting, node)
    wide = shapes[setting.graph.positions[node.name]]
    return _summed_back(fold_constants(Apply("mul", (upstream, local))), wide, own[port])


def _arguments(setting: GradientSpec, node: Node) -> list[Expression]:
    return [
        argument.written if isinstance(argument, Fixed) else Name(setting.graph.nodes[argument].name)
        for argument in node.arguments
    ]


def _by_own_name(local: Expression, setting: GradientSpec, node: Node) -> Expression:
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
