"""The graph of the forward pass as the learner coded it, so that every variable has a true gradient."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from tutor.engine.gates import CALLED_IN_NUMPY, GATES, gate_for
from tutor.engine.graph import Graph, Node
from tutor.engine.operation import Fixed
from tutor.engine.values import as_value, shape_of
from tutor.language import Number
from tutor.questions.code.diagnosis.reckoning import KNOWN_HELPERS, AstInterpreter, CannotRead, function_name
from tutor.questions.code.diagnosis.steps import CodeAssignment, Program, step_of, written

Wire = int | Fixed

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow", ast.MatMult: "matmul",
}  # fmt: skip
_SAME = frozenset({"copy", "float", "array", "asarray", "float64", "atleast_1d"})
_OPTIONS = frozenset({"axis", "keepdims"})


@dataclass
class OwnGraph:
    """The graph, and where the learner's variables stand in it."""

    graph: Graph
    positions: dict[int, int]
    """Step -> position; for the steps that the output depends on."""


def own_graph(program: Program, reckoner: AstInterpreter) -> OwnGraph | None:
    """The graph of the first returned value; None where the code cannot be read as one."""
    if not program.returns:
        return None
    try:
        builder = _Builder(program, reckoner)
        output = builder.step(program.steps[program.returns[0]])
    except CannotRead:
        return None
    if not isinstance(output, int) or output != len(builder.nodes) - 1 or builder.nodes[output].gate is None:
        return None
    positions = {step: wire for step, wire in builder.wires.items() if isinstance(wire, int)}
    return OwnGraph(Graph(tuple(builder.nodes)), positions)


@dataclass
class _Builder:
    program: Program
    reckoner: AstInterpreter
    nodes: list[Node] = field(default_factory=list)
    wires: dict[int, Wire] = field(default_factory=dict)
    known: dict[object, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for step in self.program.steps:
            if step.given:
                self.wires[step.number] = len(self.nodes)
                self.nodes.append(Node(step.name))

    def step(self, step: CodeAssignment) -> Wire:
        """The wire of a step's value."""
        if step.number not in self.wires:
            if step.expression is None:
                raise CannotRead(step.name)
            # What it depends on comes first, in its own order, so that nothing is nested too deep.
            for number in sorted(self.program.slice(step.number) - {step.number}):
                self.step(self.program.steps[number])
            self.wires[step.number] = self._wire(step.expression, "" if step.returned else step.name)
        return self.wires[step.number]

    def _wire(self, node: ast.expr, name: str = "") -> Wire:
        number = step_of(node)
        if number is not None:
            return self.wires[number]
        constant = self._constant(node)
        if constant is not None:
            return constant
        match node:
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
                return self._gate(_BINARY[type(op)], (left, right), node, name)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._gate("neg", (operand,), node, name)
            case ast.Attribute(value=owner, attr="T"):
                return self._gate("transpose", (owner,), node, name)
            case ast.Subscript(value=owner) if self._is_one_number(owner):
                return self._gate("sum", (owner,), node, name)
            case ast.Call():
                return self._call(node, name)
        raise CannotRead(written(node))

    def _constant(self, node: ast.expr) -> Fixed | None:
        if any(isinstance(part, ast.Name) and step_of(part) is not None for part in ast.walk(node)):
            return None
        value = as_value(self.reckoner.value(node, {}))
        if shape_of(value):
            raise CannotRead("an array of constants")
        return _fixed(float(value))

    def _is_one_number(self, node: ast.expr) -> bool:
        at = {step.key: step.value for step in self.program.steps if step.value is not None}
        value = self.reckoner.value(node, at)
        return bool(getattr(value, "size", 1) == 1)

    def _call(self, node: ast.Call, name: str) -> Wire:
        word = function_name(node.func)
        helper = self.reckoner.helper(word) if isinstance(node.func, ast.Name) and word else None
        arguments = list(node.args)
        if helper is None and isinstance(node.func, ast.Attribute) and step_of(_root(node.func.value)) is not None:
            arguments = [node.func.value, *node.args]
            word = node.func.attr
            if word == "item":
                return self._gate("sum", arguments[:1], node, name)
        if word in _SAME and len(arguments) == 1:
            return self._wire(arguments[0], name)
        key = _key_of(helper) if helper is not None else CALLED_IN_NUMPY.get(word or "")
        match helper is None and word:
            case "square":
                return self._made("pow", (self._wire(arguments[0]), _fixed(2.0)), node, name)
            case "reciprocal":
                return self._made("div", (_fixed(1.0), self._wire(arguments[0])), node, name)
            case "dot" if not self._are_vectors(arguments):
                key = "matmul"
        if key is None:
            raise CannotRead(word or "a call")
        options = {str(option.arg): self.reckoner.value(option.value, {}) for option in node.keywords}
        if "axis" in GATES[key].options and len(arguments) == 2:
            options["axis"] = self.reckoner.value(arguments.pop(), {})
        if not options.keys() <= _OPTIONS:
            raise CannotRead(word or "a call")
        return self._gate(key, arguments, node, name, options)

    def _are_vectors(self, arguments: list[ast.expr]) -> bool:
        at = {step.key: step.value for step in self.program.steps if step.value is not None}
        return all(getattr(self.reckoner.value(each, at), "ndim", 0) == 1 for each in arguments)

    def _gate(self, key: str, arguments: Any, node: ast.expr, name: str, options: dict[str, Any] | None = None) -> Wire:
        return self._made(key, tuple(self._wire(each) for each in arguments), node, name, options)

    def _made(
        self, key: str, wires: tuple[Wire, ...], node: ast.expr, name: str, options: dict[str, Any] | None = None
    ) -> Wire:
        if len(wires) != len(GATES[key].arguments):
            raise CannotRead(key)
        same = (key, tuple(w if isinstance(w, int) else ("constant", w.value) for w in wires), str(options))
        if same not in self.known:
            constants = tuple(float(w.value) if isinstance(w, Fixed) else None for w in wires)
            gate = gate_for(key, constants)
            shown = name or _in_brackets(node)
            self.nodes.append(Node(shown, gate, wires, MappingProxyType(options or {})))
            self.known[same] = len(self.nodes) - 1
        return self.known[same]


def _fixed(value: float) -> Fixed:
    text = str(int(value)) if value == int(value) else repr(value)
    return Fixed(value, Number(Fraction(value), text))


def _in_brackets(node: ast.expr) -> str:
    text = written(node)
    return f"({text})" if isinstance(node, ast.BinOp) else text


def _root(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node


def _key_of(helper: Callable[..., Any]) -> str | None:
    for key, known in KNOWN_HELPERS.items():
        if known is helper:
            return key if key in GATES else None
    return None
