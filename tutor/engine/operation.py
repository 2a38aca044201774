"""One operation: a gate applied to names and constants, as one staged equation holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import Gate, gate_for
from tutor.engine.values import Value
from tutor.language import Apply, Constant, Expression, Matrix, Name, Number, names_in, show

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fixed:
    """A constant argument: its value, and the expression it was written as."""

    value: Value
    written: Expression

    @property
    def text(self) -> str:
        """How the constant reads, bracketed where it is more than a number or a name."""
        text = show(self.written)
        return text if isinstance(self.written, Number | Constant | Matrix) else f"({text})"


@dataclass(frozen=True, slots=True)
class Operation:
    """A gate, its arguments (a name or a constant each), and its keyword options."""

    gate: Gate
    arguments: tuple[str | Fixed, ...]
    options: Mapping[str, Any] = field(default_factory=lambda: _NO_OPTIONS)


def as_operation(expression: Expression) -> Operation | None:
    """The single operation an expression holds, or None where it holds none, or several.

    `-2 x` is one (scale by -2), so is `-(2/x)`: a minus before a constant belongs to the constant. A constant
    that has no value is a NaN. Raises ValueError for a constant made of matrices that do not fit.
    """
    expression = fold_minus(expression)
    if not isinstance(expression, Apply) or not names_in(expression):
        return None
    arguments: list[str | Fixed] = []
    for argument in expression.arguments:
        if isinstance(argument, Name):
            arguments.append(argument.name)
        elif not names_in(argument):
            arguments.append(Fixed(evaluate(argument, {}), argument))
        else:
            return None
    constants = tuple(_number(argument) for argument in arguments)
    options = MappingProxyType(dict(expression.options)) if expression.options else _NO_OPTIONS
    return Operation(gate_for(expression.operation, constants), tuple(arguments), options)


def count_operations(expression: Expression) -> int:
    """How many gates the expression needs; constant parts count as one number."""
    expression = fold_minus(expression)
    if not isinstance(expression, Apply) or not names_in(expression):
        return 0
    return 1 + sum(count_operations(argument) for argument in expression.arguments)


def _number(argument: str | Fixed) -> float | None:
    return argument.value if isinstance(argument, Fixed) and isinstance(argument.value, float) else None


def fold_minus(expression: Expression) -> Expression:
    """The expression with a leading minus moved into the constant of a product or quotient: -(2x) is (-2)x."""
    match expression:
        case Apply("neg", (Apply("mul" | "div", (first, second)) as inner,)) if not names_in(first):
            return replace(inner, arguments=(_negated(first), second))
    return expression


def _negated(constant: Expression) -> Expression:
    if not isinstance(constant, Number):
        return Apply("neg", (constant,))
    text = constant.text.removeprefix("-")
    return replace(constant, value=-constant.value, text=text if text != constant.text else f"-{text}")


_LONGEST_CONSTANT = 16
"""Characters of a constant that the drawing shows; a longer one, such as a matrix, is hinted at."""


@dataclass(frozen=True, slots=True)
class Node:
    """An input (no gate) or a gate. Arguments are positions of earlier nodes, or constants."""

    name: str
    gate: Gate | None = None
    arguments: tuple[int | Fixed, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    expression: Expression | None = None
    """The right-hand side of the staged equation, for a gate that came from one."""

    @property
    def symbol(self) -> str:
        """What the drawing shows: the name of an input, the gate's sign with its constant folded in."""
        if self.gate is None:
            return self.name
        if self.gate.symbol_at is not None:
            text = self.gate.symbol_at(self.options)
            return text if len(text) <= _LONGEST_CONSTANT else "[…]"
        fixed = [(port, argument.text) for port, argument in enumerate(self.arguments) if isinstance(argument, Fixed)]
        if len(fixed) != 1 or len(self.arguments) != 2:
            return self.gate.symbol
        port, text = fixed[0]
        text = text if len(text) <= _LONGEST_CONSTANT else "[…]"
        gap = " " if self.gate.symbol.isalpha() else ""  # `max 2`, but `+2`
        return f"{self.gate.symbol}{gap}{text}" if port == 1 else f"{text}{gap}{self.gate.symbol}"
