"""What Python's own messages mean in a backward pass, as a question."""

from __future__ import annotations

import re

from tutor.engine.gates import CALLED_IN_NUMPY

_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_YET = re.compile(r"cannot access local variable '(\w+)'")

_NUMPY = frozenset({
    *CALLED_IN_NUMPY, "arctan", "cosh", "log10", "sinh", "square", "where", "zeros", "zeros_like",
})  # fmt: skip


def asked_of(message: str) -> str:
    """A question that leads on from what Python said, after a space; "" where its own words are as good."""
    if "bitwise_xor" in message or "for ^:" in message:
        return " In Python ^ is not a power. Which operator is?"
    if "matmul" in message and "mismatch" in message:
        return " The inner sizes at @ must match. What shapes do its two factors have?"
    if "could not be broadcast" in message:
        return " What shapes do the two arrays have?"
    if found := _NOT_DEFINED.search(message):
        name = found[1]
        if name in _NUMPY:
            return f" {name} is NumPy's. What goes in front of its name?"
        return f" Which line should compute {name}?"
    if found := _NOT_YET.search(message):
        return f" Which line gives {found[1]} its first value?"
    return ""
