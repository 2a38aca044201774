"""What is asked of an operation's class, and the uses it is tried on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from tutor.engine.values import Value, shape_of, unbroadcast
from tutor.library.fitting import meant
from tutor.questions.code.numbers import Draw
from tutor.questions.code.operations import OPERATIONS, Keywords, OperationCase, OperationEntry


@dataclass(frozen=True)
class OpSpec:
    """Which operation. With `broadcast` its arguments may have different shapes; `class_name` replaces the usual one.

    Raises ValueError for an operation that there is not, or that does not broadcast.
    """

    op: str
    broadcast: bool = False
    class_name: str = ""

    def __post_init__(self) -> None:
        if self.op not in OPERATIONS:
            near = meant(self.op, OPERATIONS, "operations")
            raise ValueError(f"there is no operation {self.op}; {near}")
        if self.broadcast and not self.entry.broadcast_cases:
            raise ValueError(f"{self.op} has one argument: nothing is broadcast")

    @property
    def entry(self) -> OperationEntry:
        """All that is known of the operation."""
        return OPERATIONS[self.op]

    @property
    def name(self) -> str:
        """The class's name."""
        return self.class_name or self.entry.class_name

    @cached_property
    def uses(self) -> tuple[OperationUse, ...]:
        """What it is tried on, in pairs of the same shapes."""
        cases = self.entry.broadcast_cases if self.broadcast else self.entry.cases
        draw = Draw(f"{self.op} {self.broadcast}")
        return tuple(_use(self.entry, case, draw) for case in cases for _ in range(2))


@dataclass(frozen=True, eq=False)
class OperationUse:
    """One forward and its backward: the arguments, the upstream, and what should come back."""

    arguments: dict[str, Value]
    keywords: Keywords
    upstream: Value
    output: Value
    gradients: dict[str, Value]


def _use(entry: OperationEntry, case: OperationCase, draw: Draw) -> OperationUse:
    arguments = tuple(draw.value(shape) for shape in case.shapes)
    output = entry.output(arguments, case.keywords)
    upstream = draw.value(shape_of(output))
    gradients = gradients_of(entry, upstream, arguments, case.keywords)
    named = dict(zip(entry.arguments, arguments, strict=True))
    return OperationUse(named, case.keywords, upstream, output, gradients)


def gradients_of(
    entry: OperationEntry, upstream: Value, arguments: tuple[Value, ...], keywords: Keywords
) -> dict[str, Value]:
    """The gradient of each argument, by the name it is returned under."""
    raw = entry.vjps(upstream, *arguments, **keywords)
    return {
        f"g{name}": unbroadcast(gradient, shape_of(argument))
        for name, gradient, argument in zip(entry.arguments, raw, arguments, strict=True)
    }
