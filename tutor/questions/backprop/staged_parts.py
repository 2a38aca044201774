"""What the slips in a staging are made of: an edit, an operation on one value, and what operations are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tutor.engine.gates import GATES
from tutor.language import Apply, Expression, Number, names_in, show

SUMS, PRODUCTS = ("add", "sub"), ("mul", "div")
ARITHMETIC = SUMS + PRODUCTS

_POWERS = {"2": "the square", "3": "the cube", "-1": "the reciprocal", "1/2": "the root"}
_BINARY = {"add": "added", "sub": "subtracted", "mul": "multiplied", "div": "divided", "matmul": "matrix-multiplied"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of the function, what a slip makes of it, the slip in a clause, and a question that leads on."""

    key: str
    was: Expression
    now: Expression
    what: str
    asks: str


@dataclass(frozen=True, slots=True)
class Pool:
    """What a learner may put in a wrong place: the function's inputs, and the numbers in the equations."""

    inputs: tuple[str, ...]
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    """An operation on one value: that value, how the operation is put on another, and what it is called."""

    inner: Expression
    put: Callable[[Expression], Expression] = field(compare=False)
    name: str
    arithmetic: bool


def apply(operation: str, *arguments: Expression) -> Apply:
    """An operation that was not typed; a product is written with a sign, so that it is never ambiguous."""
    return Apply(operation, arguments, sign={"mul": "*", "exp": "e^"}.get(operation, ""))


def outer_of(node: Expression) -> Outer | None:
    """The node as an operation on the one argument that is no constant; None where there are several."""
    if not isinstance(node, Apply):
        return None
    open_ports = [port for port, argument in enumerate(node.arguments) if names_in(argument)]
    if len(open_ports) != 1:
        return None
    port = open_ports[0]

    def put(inner: Expression) -> Expression:
        arguments = (*node.arguments[:port], inner, *node.arguments[port + 1 :])
        return Apply(node.operation, arguments, node.options, sign=node.sign)

    return Outer(node.arguments[port], put, named(node), node.operation in ARITHMETIC)


def is_number(expression: Expression, value: int) -> bool:
    """Whether the expression is this whole number."""
    return isinstance(expression, Number) and expression.value == value


def power_named(exponent: Expression) -> str:
    """`the square`; `the power 5`."""
    usual = _POWERS.get(str(exponent.value)) if isinstance(exponent, Number) else None
    return usual or f"the power {show(exponent)}"


def joined_how(operation: str) -> str:
    """How two values are joined by an operation: `added`."""
    return _BINARY.get(operation) or f"joined by the {GATES[operation].title}"


def named(node: Apply) -> str:
    """An operation on one value, a constant being part of it: `the factor 4`, `the natural logarithm`."""
    left, right = node.arguments[0], node.arguments[-1]
    match node.operation:
        case "neg":
            return "the minus sign"
        case "pow":
            return power_named(right) if names_in(left) else f"{show(left)} to the power"
        case "mul":
            return f"the factor {show(right if names_in(left) else left)}"
        case "add":
            return f"the + {show(right if names_in(left) else left)}"
        case "sub":
            return f"the − {show(right)}" if names_in(left) else f"the {show(left)} −"
        case "div":
            if names_in(left):
                return f"the division by {show(right)}"
            return "the reciprocal" if is_number(left, 1) else f"the division of {show(left)}"
        case operation:
            return f"the {GATES[operation].title}"
