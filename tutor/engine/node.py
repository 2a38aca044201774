"""One node of a graph: an input or a gate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.engine.gates import Gate
from tutor.engine.operation import Fixed
from tutor.language import Expression

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
    def face(self) -> str:
        """What the drawing shows: the name of an input, the gate's sign with its constant folded in."""
        if self.gate is None:
            return self.name
        fixed = [(port, argument.text) for port, argument in enumerate(self.arguments) if isinstance(argument, Fixed)]
        if len(fixed) != 1 or len(self.arguments) != 2:
            return self.gate.face
        port, text = fixed[0]
        text = text if len(text) <= _LONGEST_CONSTANT else "[…]"
        gap = " " if self.gate.face.isalpha() else ""  # `max 2`, but `+2`
        return f"{self.gate.face}{gap}{text}" if port == 1 else f"{text}{gap}{self.gate.face}"
