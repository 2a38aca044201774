"""Expressions and passes written out as NumPy."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from tutor.engine.evaluate import fold_constants
from tutor.engine.gates import GATES, Gate, vocabulary
from tutor.engine.gates.axes import summed_back
from tutor.engine.graph import Graph, Node
from tutor.engine.operation import Fixed
from tutor.engine.values import Shape, Value, shape_of
from tutor.language import Apply, Constant, Expression, Matrix, Name, Number, names_in, read_expression, walk
from tutor.language.tree import rename

ANY, SUM, PRODUCT, SIGNED, POWER, ATOM = range(6)
"""What stands between brackets or commas; a sum; a product; a signed value; a power; a name, a call or an index."""

_OPERATORS: Mapping[type[ast.operator], int] = {
    ast.Add: SUM, ast.Sub: SUM, ast.Mult: PRODUCT, ast.Div: PRODUCT, ast.FloorDiv: PRODUCT, ast.Mod: PRODUCT,
    ast.MatMult: PRODUCT, ast.Pow: POWER,
}  # fmt: skip

_ASKED = (((ast.List, ast.Tuple, ast.Slice), ANY), (ast.Compare, SUM), (ast.UnaryOp, SIGNED))
"""What other places ask of their parts; the rest asks for atoms."""

_ATOMS = (ast.Name, ast.Constant, ast.Call, ast.Attribute, ast.Subscript, ast.List, ast.Dict, ast.Set)


class Binding(NamedTuple):
    """How strongly a line binds as a whole, and how strongly what is put in for each of its names has to bind."""

    whole: int
    needs: Mapping[str, int]


@lru_cache(maxsize=512)
def binding_of(code: str) -> Binding:
    """The binding of one expression of Python. Raises SyntaxError where it is none."""
    root, source = ast.parse(code, mode="eval").body, code.encode()
    needs: dict[str, int] = {}
    for name, least in _needs(root, source, ANY):
        needs[name] = max(least, needs.get(name, ANY))
    return Binding(ATOM if _in_brackets(root, source) else _strength(root), needs)


def _needs(node: ast.AST, source: bytes, least: int) -> Iterator[tuple[str, int]]:
    """Every name under a node with the strength that its place asks for; `least` is what the node's own place asks."""
    if isinstance(node, ast.Name):
        yield node.id, ANY if _in_brackets(node, source) else least
        return
    for child, asked in _children(node):
        yield from _needs(child, source, asked)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, int]]:
    """The parts of a node with what each one's place asks for."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            yield from zip((left, right), _sides(op), strict=True)
        case ast.Subscript(value=value, slice=index):
            yield from ((value, ATOM), (index, ANY))
        case ast.Call(func=function, args=arguments, keywords=words):
            yield function, ATOM
            yield from ((part, ANY) for part in (*arguments, *(word.value for word in words)))
        case _:
            asked = next((least for kinds, least in _ASKED if isinstance(node, kinds)), ATOM)
            yield from ((part, asked) for part in ast.iter_child_nodes(node))


def _sides(op: ast.operator) -> tuple[int, int]:
    """What the sides of an operator ask for."""
    if isinstance(op, ast.Pow):
        return ATOM, SIGNED  # (-x)**2 and (x**y)**2 need brackets, x**-2 and x**y**2 do not
    strength = _OPERATORS.get(type(op), ATOM)
    return strength, strength + 1  # x - (y - z) needs brackets at equal strength too


def _strength(node: ast.expr) -> int:
    match node:
        case ast.BinOp(op=op):
            return _OPERATORS.get(type(op), ANY)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
            return SIGNED
        case _:
            return ATOM if isinstance(node, _ATOMS) else ANY


def _in_brackets(node: ast.expr, source: bytes) -> bool:
    """Whether brackets stand around the node: the tree leaves them out, and counts its columns in bytes."""
    before, behind = source[: node.col_offset].rstrip(), source[node.end_col_offset or 0 :].lstrip()
    opens_call = before[-2:-1].isalnum() or before[-2:-1] in (b"_", b")", b"]")
    return before.endswith(b"(") and not opens_call and behind.startswith(b")")


_LONG = 10**15
"""Whole numbers from here on are written as floats: NumPy has no room for the longest."""


def numpy_code(expression: Expression) -> str:
    """The expression in NumPy, with no more brackets than it needs."""
    return _code(expression)[0]


def _code(expression: Expression, as_float: bool = False) -> tuple[str, int]:
    """The code, and how strongly it binds. With `as_float`, whole numbers are written as floats."""
    match expression:
        case Name(name):
            return name, ATOM
        case Number(value, text):
            return _number(value, as_whole="." not in text and not as_float)
        case Constant(name):
            return f"np.{name}", ATOM
        case Matrix():
            return f"np.array({_listed(expression, as_float)})", ATOM
        case Apply(operation, arguments, options):
            return _apply(operation, arguments, dict(options), as_float)


def _listed(literal: Matrix, as_float: bool) -> str:
    """The entries of a literal in NumPy's nested lists."""
    rows = [
        "[" + ", ".join(_listed(e, as_float) if isinstance(e, Matrix) else _code(e, as_float)[0] for e in row) + "]"
        for row in literal.rows
    ]
    return rows[0] if literal.is_vector else f"[{', '.join(rows)}]"


def _number(value: Fraction, *, as_whole: bool) -> tuple[str, int]:
    strength = SIGNED if value < 0 else ATOM
    if as_whole and value.denominator == 1 and abs(value) < _LONG:
        return str(value.numerator), strength
    text = repr(float(value))
    if Fraction(text) != value and abs(value.numerator) < _LONG > value.denominator:
        return f"{value.numerator} / {value.denominator}", PRODUCT
    return text, strength


def _apply(
    operation: str, arguments: Sequence[Expression], options: Mapping[str, Any], as_float: bool
) -> tuple[str, int]:
    gate = GATES[operation]
    as_float = as_float or (
        gate.code_needs_floats and isinstance(arguments[0], Apply | Matrix) and not names_in(arguments[0])
    )
    whole, needs = binding_of(_forward(gate, {name: name for name in gate.arguments}, options))
    parts = {
        name: _bracketed(argument, needs.get(name, ANY), as_float)
        for name, argument in zip(gate.arguments, arguments, strict=True)
    }
    return _forward(gate, parts, options), whole


def _forward(gate: Gate, names: Mapping[str, str], options: Mapping[str, Any]) -> str:
    """The gate's forward in NumPy over these texts for its arguments."""
    return gate.code_at(names, options) if gate.code_at else _with_options(gate.code.format(**names), options)


def _bracketed(expression: Expression, least: int, as_float: bool = False) -> str:
    code, strength = _code(expression, as_float)
    return code if strength >= least else f"({code})"


def _with_options(code: str, options: Mapping[str, Any]) -> str:
    given = "".join(f", {key}={value!r}" for key, value in options.items() if value is not None and value is not False)
    return f"{code[:-1]}{given})" if given else code


def function_code(name: str, parameters: Sequence[str], expression: Expression) -> str:
    """A function of these parameters, written out in Python. The names are Python's."""
    gates = [GATES[part.operation] for part in walk(expression) if isinstance(part, Apply)]
    needed = dict.fromkeys(gate.code_needs for gate in gates if gate.code_needs)
    lines = [*needed, f"return {numpy_code(expression)}"]
    return "\n".join([f"def {name}({', '.join(parameters)}):", *(f"    {line}" for line in lines)])


def downstream_code(
    node: Node, port: int, upstream: str, names: Mapping[int, str], own: str, shapes: Sequence[Shape]
) -> str:
    """What the gate sends to one argument, in NumPy.

    `upstream` is the variable that holds what arrives, `own` the one that holds the gate's value, `shapes` those
    of the arguments and then of the gate's value.
    """
    gate = node.gate
    assert gate is not None
    arguments = _arguments(node, names)
    if gate.code_vjps:
        texts = {key: _bracketed(argument, ATOM) for key, argument in arguments.items()} | {"u": upstream, "y": own}
        code = gate.code_vjps[port](texts, node.options, tuple(shapes[:-1]))
    else:
        text = gate.downstreams[port] if gate.downstreams else gate.locals[port]
        expression = read_expression(text, vocabulary("u", *gate.arguments)).tree
        if not gate.downstreams:
            expression = Apply("mul", (Name("u"), expression))
        expression = rename(expression, arguments | {"u": Name(upstream)})
        code = numpy_code(fold_constants(_reuse(expression, gate.key, tuple(arguments.values()), own)))
    return summed_back(code, shapes[-1], shapes[port]) if gate.elementwise else code


def _arguments(node: Node, names: Mapping[int, str]) -> dict[str, Expression]:
    assert node.gate is not None
    return {
        key: argument.written if isinstance(argument, Fixed) else Name(names[argument])
        for key, argument in zip(node.gate.arguments, node.arguments, strict=True)
    }


def _reuse(expression: Expression, key: str, arguments: tuple[Expression, ...], own: str) -> Expression:
    """The expression with the gate's own forward in it replaced by the variable that already holds it."""
    if not isinstance(expression, Apply):
        return expression
    if (GATES[key].specialises or key) == expression.operation and expression.arguments == arguments:
        return Name(own)
    parts = tuple(_reuse(part, key, arguments, own) for part in expression.arguments)
    return Apply(expression.operation, parts, expression.options)


def passes_code(
    graph: Graph, values: Sequence[Value], variables: Mapping[int, str], gradients: Mapping[int, str]
) -> str:
    """The body of a NumPy function: the forward pass, then the backward pass, a line a value.

    `variables` and `gradients` name the variables for each node's value and gradient; no gradient is worked out for a
    node that has no name for it. Raises ValueError for a gate made of several operations: it has no NumPy of its own.
    """
    if any(not graph.nodes[gate].gate.code for gate in graph.gates):  # type: ignore[union-attr]
        raise ValueError("a gate made of several operations has no single line of NumPy")
    needed = _needed(graph)
    lines = [*needed, *([""] if needed else []), "# forward pass"]
    lines += [f"{variables[p]} = {_forward_code(graph.nodes[p], variables)}" for p in graph.gates]
    output = graph.output
    lines += ["", "# backward pass", f"{gradients[output]} = np.ones_like({variables[output]})"]
    asked = {position for position in (*graph.gates[:-1], *graph.inputs) if position in gradients}
    for position in sorted(asked, reverse=True):
        shares = [
            downstream_code(
                graph.nodes[gate], port, gradients[gate], variables, variables[gate], _shapes(graph, gate, values)
            )
            for gate, port in graph.uses[position]
            if not graph.nodes[gate].gate.is_flat(port)  # type: ignore[union-attr]
        ]
        total = " + ".join(shares).replace("+ -", "- ") or f"np.zeros_like({variables[position]})"
        lines.append(f"{gradients[position]} = {total}")
    return "\n".join(lines)


def _needed(graph: Graph) -> list[str]:
    """The lines that gates need before all others, each once."""
    gates = [node.gate for node in graph.nodes if node.gate is not None]
    return list(dict.fromkeys(gate.code_needs for gate in gates if gate.code_needs))


def _shapes(graph: Graph, gate: int, values: Sequence[Value]) -> list[Shape]:
    """The shapes of a gate's arguments, then of its value."""
    arguments = graph.nodes[gate].arguments
    return [*(shape_of(a.value if isinstance(a, Fixed) else values[a]) for a in arguments), shape_of(values[gate])]


def _forward_code(node: Node, variables: Mapping[int, str]) -> str:
    assert node.gate is not None
    own = tuple(_arguments(node, variables).values())
    return numpy_code(Apply(node.gate.specialises or node.gate.key, own, tuple(node.options.items())))
