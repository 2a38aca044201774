"""The small graphs an engine is tried on, with the truth from our own passes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.graph import GraphBuilder
from tutor.engine.operation import as_operation
from tutor.engine.passes import backward, forward
from tutor.engine.values import show_value
from tutor.language import Apply, Name, read_expression


class EngineWire(NamedTuple):
    """One use of a value: by the gate of this name, with its local derivative and what it sends down."""

    gate: str
    argument: str
    local: float
    sent: float


class EngineStep(NamedTuple):
    """One equation for the other process: the value's name, the gate, and a name or a number for each argument."""

    name: str
    gate: str
    arguments: list[str | float]


@dataclass(frozen=True, eq=False)
class Sample:
    """Inputs, staged equations, and the values whose `backward` is called one after the other (else the last one)."""

    what: str
    inputs: Mapping[str, float]
    equations: tuple[str, ...]
    ends: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """The values whose `backward` is called."""
        return self.ends or (self.steps[-1].name,)

    @property
    def said(self) -> str:
        """The graph and what is done with it, line by line."""
        inputs = ", ".join(f"{name} = {show_value(value)}" for name, value in self.inputs.items())
        calls = ", then ".join(f"{name}.backward()" for name in self.outputs)
        return "\n".join(
            [f"On {self.what}, with {inputs}:", *(f"    {each}" for each in self.equations), f"and {calls}"]
        )

    @cached_property
    def steps(self) -> tuple[EngineStep, ...]:
        """The equations taken apart."""
        return tuple(_step(equation, self._names) for equation in self.equations)

    @cached_property
    def data(self) -> dict[str, float]:
        """The forward value of every name."""
        graph = self._builder.build()
        return {node.name: _number(value) for node, value in zip(graph.nodes, forward(graph, self.inputs), strict=True)}

    @cached_property
    def gradients(self) -> dict[str, float]:
        """The gradient of every name after all calls: each call starts afresh for what it reaches, and only there."""
        gradients = dict.fromkeys(self.data, 0.0)
        for output in self.outputs:
            gradients.update(self.reached(output))
        return gradients

    def reached(self, output: str) -> dict[str, float]:
        """The gradients of this output with respect to itself and all that it was computed from."""
        graph = self._builder.build(output)
        totals = backward(graph, forward(graph, self.inputs)).totals
        names = {output, *(wire.argument for wire in self.wires(output))}
        return {name: _number(totals[graph.positions[name]]) for name in names}

    def wires(self, output: str) -> list[EngineWire]:
        """The uses of values on the way to this output, first gate to last."""
        graph = self._builder.build(output)
        passes = backward(graph, forward(graph, self.inputs))
        found = []
        for gate in graph.gates:
            for argument, share in zip(graph.nodes[gate].arguments, passes.shares[gate], strict=True):
                if isinstance(argument, int) and share is not None:
                    total, sent = _number(passes.totals[gate]), _number(share)
                    local = sent / total if total else 0.0
                    found.append(EngineWire(graph.nodes[gate].name, graph.nodes[argument].name, local, sent))
        return found

    @property
    def _names(self) -> tuple[str, ...]:
        return (*self.inputs, *(equation.partition(" = ")[0] for equation in self.equations))

    @cached_property
    def _builder(self) -> GraphBuilder:
        builder = GraphBuilder(tuple(self.inputs))
        for equation in self.equations:
            name, _, text = equation.partition(" = ")
            operation = as_operation(read_expression(text, vocabulary(*self._names)).tree)
            assert operation is not None, "each equation has one operation"
            builder.add(name, operation)
        return builder


def _step(equation: str, names: tuple[str, ...]) -> EngineStep:
    name, _, text = equation.partition(" = ")
    expression = read_expression(text, vocabulary(*names)).tree
    assert isinstance(expression, Apply), "each equation has one operation"
    arguments: list[str | float] = [
        argument.name if isinstance(argument, Name) else _number(evaluate(argument, {}))
        for argument in expression.arguments
    ]
    return EngineStep(name, expression.operation, arguments)


def _number(value: object) -> float:
    assert isinstance(value, (int, float)), "these graphs hold numbers"
    return float(value)


_X, _XY = {"x": 0.7}, {"x": 1.3, "y": -0.6}

_BASIC = (
    Sample("a sum", _XY, ("f = x + y",)),
    Sample("a product", _XY, ("f = x * y",)),
    Sample("a difference", _XY, ("f = x - y",)),
    Sample("a quotient", _XY, ("f = x / y",)),
    Sample("a power", _X, ("f = x ** 3",)),
    Sample("a negative power", _X, ("f = x ** -2",)),
    Sample("a minus", _X, ("f = -x",)),
    Sample("exp", _X, ("f = exp(x)",)),
    Sample("tanh", _X, ("f = tanh(x)",)),
    Sample("relu of a positive number", _X, ("f = relu(x)",)),
    Sample("relu of a negative number", {"x": -0.7}, ("f = relu(x)",)),
    Sample("numbers on the right", _X, ("a = x + 2", "b = a * 3", "c = b - 0.5", "f = c / 4")),
    Sample("numbers on the left", _X, ("a = 2 + x", "b = 3 * a", "c = 0.5 - b", "f = 4 / c")),
    Sample("a chain", _XY, ("a = x * y", "b = a ** 2", "f = 3 * b")),
    Sample("a chain of functions", _X, ("a = exp(x)", "b = a - 1.5", "c = tanh(b)", "d = relu(c)", "f = 3 * d")),
    Sample("a chain of other gates", _XY, ("a = x / y", "b = a - 0.5", "c = -b", "d = 2 / c", "f = 3 * d")),
    Sample("a fork", _XY, ("a = x * y", "f = a + x")),
    Sample("x used twice in one product", _X, ("f = x * x",)),
    Sample("x used twice in one sum", _X, ("a = x + x", "f = a ** 2")),
    Sample("x used twice in one quotient", _X, ("f = x / x",)),
    Sample("a fork that joins again", _XY, ("a = x * y", "b = a ** 2", "c = 3 * a", "f = b * c")),
    Sample("a long and a short path, the short one last", _XY, ("a = x * y", "b = a ** 2", "c = 3 * b", "f = c * a")),
    Sample("a long and a short path, the short one first", _XY, ("a = x * y", "b = a ** 2", "c = 3 * b", "f = a * c")),
    Sample(
        "stacked forks",
        _XY,
        ("a = x + y", "b = a * x", "c = b * a", "d = c * b", "f = d + c"),
    ),
    Sample("a value used beside the square of its square", _XY, ("a = x * y", "b = a ** 2", "c = b * b", "f = a + c")),
    Sample("a value that is computed and not used", _XY, ("a = x * y", "b = a * 5", "f = a + x")),
    Sample("a deep graph with a fork at every level", _XY, ("a = x * y", "b = a + x", "c = b * a", "d = tanh(c)",
           "p = d * b", "q = exp(p)", "r = q - d", "s = r * a", "t = s / q", "f = t + c")),
    Sample("a deep graph, its short paths first", _XY, ("a = x - y", "b = x * a", "c = a * b", "d = c ** 2",
           "p = b - d", "q = tanh(p)", "r = d * q", "s = c + r", "t = a * s", "f = x * t")),
    Sample("two graphs side by side", {"x": 1.3, "y": -0.6}, ("f = x * x", "g = y ** 3"), ("f", "g")),
    Sample("two outputs of one graph", _XY, ("a = x * y", "f = 3 * a", "g = a * x"), ("f", "g")),
    Sample("backward called twice", _XY, ("a = x * y", "b = 3 * a", "f = b + x"), ("f", "f")),
)  # fmt: skip


_OF_ONE = {
    "exp": "exp({})", "tanh": "tanh({})", "relu": "relu({})", "a power": "{} ** 3", "a negative power": "{} ** -2",
    "a minus": "-{}", "a sum with a number": "{} + 2", "a product with a number": "3 * {}",
    "a difference from a number": "0.5 - {}", "a number divided by it": "4 / {}",
}  # fmt: skip
_OF_TWO = {"a sum": "x + y", "a product": "x * y", "a difference": "x - y", "a quotient": "x / y"}


def _forks() -> Iterator[Sample]:
    """Every gate at a fork: the other use before it and after it, of an input and of a value that was computed.

    Which of two uses sends last depends on how an engine sorts, so both orders are there.
    """
    for what, gate in _OF_ONE.items():
        of_x, of_a = gate.format("x"), gate.format("a")
        yield Sample(f"x used in {what}, then in a product", _X, (f"a = {of_x}", "f = a * x"))
        yield Sample(f"x used in a product, then in {what}", _X, ("a = x * x", f"b = {of_x}", "f = a + b"))
        yield Sample(
            f"a value used in {what}, the result used twice",
            _XY,
            ("a = x - y", f"b = {of_a}", "c = b * b", "f = c - a"),
        )
        yield Sample(f"{what} twice", _XY, ("a = x - y", f"b = {of_a}", f"c = {of_a}", "d = a * c", "f = b + d"))
    yield Sample("relu of a negative number used again", {"x": -0.7}, ("a = relu(x)", "f = a + x"))
    yield Sample("relu of a negative number used before", {"x": -0.7}, ("a = x * 3", "b = relu(x)", "f = a + b"))
    for what, gate in _OF_TWO.items():
        yield Sample(f"{what} of values used again", _XY, (f"a = {gate}", "b = a ** 2", "c = b * y", "f = c - x"))
        yield Sample(f"{what} of values used before", _XY, ("a = y * x", f"b = {gate}", "c = 3 * b", "f = a - c"))


SAMPLES: tuple[Sample, ...] = (*_BASIC, *_forks())
