"""The places of a function at which a slip can be made, each with a way to put something else there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from tutor.engine.evaluate import number
from tutor.engine.gates import GATES
from tutor.judging.misconceptions import Misconception
from tutor.language import Apply, Expression, Number, names_in, show

Path = tuple[int, ...]
"""The way down a tree: which argument at each operation."""

_LONGEST_CHAIN = 6


@dataclass(frozen=True)
class ExpressionContext:
    """A part of a function, and the function with something else in its place."""

    node: Expression
    put: Callable[[Expression], Expression]
    path: Path | None = None
    """Where the part stands; None for a part of a rearranged sum or product."""

    def stands_in(self, operations: Sequence[str], truth: Expression) -> bool:
        """Whether one of these operations of the function is applied to the part."""
        return self.path is not None and _stands_in(truth, self.path, operations)


def contexts(truth: Expression) -> list[ExpressionContext]:
    """Every distinct part of the function, put everywhere it occurs; where that is several times, also in one place.

    Of a sum or product of three or more also the pairs that can be computed first.
    """
    found: dict[Expression, list[Path]] = {}
    for path, node in _places(truth, ()):
        found.setdefault(node, []).append(path)
    listed = []
    for node, paths in found.items():
        if isinstance(node, Number):  # equal numbers have nothing to do with each other, and exponents go by powers
            paths = [path for path in paths if not (_stands_in(truth, path, ("pow",)) and path[-1])]
        elif len(paths) > 1:
            listed.append(ExpressionContext(node, _putting(truth, paths), paths[0]))
        listed += [ExpressionContext(node, _putting(truth, [path]), path) for path in paths]
    for node, paths in found.items():
        listed += _pairs(truth, node, paths[0])
    return listed


def part_at(tree: Expression, path: Path) -> Expression:
    """The part of a tree at the end of a path."""
    for port in path:
        assert isinstance(tree, Apply)
        tree = tree.arguments[port]
    return tree


def _places(node: Expression, path: Path) -> Iterator[tuple[Path, Expression]]:
    yield path, node
    if isinstance(node, Apply):
        for port, argument in enumerate(node.arguments):
            yield from _places(argument, (*path, port))


def _stands_in(truth: Expression, path: Path, operations: Sequence[str]) -> bool:
    above = part_at(truth, path[:-1]) if path else None
    return isinstance(above, Apply) and above.operation in operations


def _putting(truth: Expression, paths: Sequence[Path]) -> Callable[[Expression], Expression]:
    def put(now: Expression) -> Expression:
        tree = truth
        for path in paths:
            tree = _replaced(tree, path, now)
        return tree

    return put


def _replaced(tree: Expression, path: Path, now: Expression) -> Expression:
    """The tree with another part at the end of a path; all that is off the path stays the same object."""
    if not path:
        return now
    assert isinstance(tree, Apply)
    port, *rest = path
    arguments = list(tree.arguments)
    arguments[port] = _replaced(arguments[port], tuple(rest), now)
    return Apply(tree.operation, tuple(arguments), tree.options, sign=tree.sign)


# Sums and products of three or more


def _pairs(truth: Expression, node: Expression, path: Path) -> Iterator[ExpressionContext]:
    for operations in (SUMS, PRODUCTS):
        if not isinstance(node, Apply) or node.operation not in operations or _stands_in(truth, path, operations):
            continue  # no chain, or a part of a longer one
        chain = list(_chain(node, True, operations))
        if not 2 < len(chain) <= _LONGEST_CHAIN:
            continue
        for i, j in combinations(range(len(chain)), 2):
            (plus, one), (same, other) = chain[i], chain[j]
            pair = apply(operations[0] if plus == same else operations[1], one, other)
            rest = [chain[k] for k in range(len(chain)) if k not in (i, j)]
            yield ExpressionContext(pair, _putting_pair(truth, path, (plus, rest), operations))


def _putting_pair(
    truth: Expression, path: Path, others: tuple[bool, list[tuple[bool, Expression]]], operations: tuple[str, str]
) -> Callable[[Expression], Expression]:
    plus, rest = others
    return lambda now: _replaced(truth, path, _rebuilt([(plus, now), *rest], operations))


def _chain(node: Expression, plus: bool, operations: tuple[str, str]) -> Iterator[tuple[bool, Expression]]:
    """The terms of a sum with their signs, or the factors of a product and whether they multiply."""
    if isinstance(node, Apply) and node.operation in operations:
        left, right = node.arguments
        yield from _chain(left, plus, operations)
        yield from _chain(right, plus == (node.operation == operations[0]), operations)
    else:
        yield plus, node


def _rebuilt(chain: Sequence[tuple[bool, Expression]], operations: tuple[str, str]) -> Expression:
    parts = sorted(chain, key=lambda part: not part[0])
    tree = parts[0][1]
    if not parts[0][0]:
        tree = apply("neg", tree) if operations == SUMS else apply("div", number(Fraction(1)), tree)
    for plus, part in parts[1:]:
        tree = apply(operations[0] if plus else operations[1], tree, part)
    return tree


SUMS, PRODUCTS = ("add", "sub"), ("mul", "div")
ARITHMETIC = SUMS + PRODUCTS

_POWERS = {"2": "the square", "3": "the cube", "-1": "the reciprocal", "1/2": "the root"}
_BINARY = {"add": "added", "sub": "subtracted", "mul": "multiplied", "div": "divided", "matmul": "matrix-multiplied"}


@dataclass(frozen=True, slots=True)
class StagingEdit(Misconception):
    """A slip in one part of a function: `gives` is what it makes of that part, `says` a clause."""

    says: str
    asks: str = ""
    was: Expression = field(kw_only=True)
    """The part as it should be."""


@dataclass(frozen=True, slots=True)
class Substitutes:
    """What a learner may put in a wrong place: the function's inputs, and the numbers in the equations."""

    inputs: tuple[str, ...]
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class EnclosingOperation:
    """An operation on one value: that value, how the operation is put on another, and what it is called."""

    inner: Expression
    put: Callable[[Expression], Expression] = field(compare=False)
    name: str
    arithmetic: bool


def apply(operation: str, *arguments: Expression) -> Apply:
    """An operation that was not typed; a product is written with a sign, so that it is never ambiguous."""
    return Apply(operation, arguments, sign={"mul": "*", "exp": "e^"}.get(operation, ""))


def outer_of(node: Expression) -> EnclosingOperation | None:
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

    return EnclosingOperation(node.arguments[port], put, named(node), node.operation in ARITHMETIC)


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
