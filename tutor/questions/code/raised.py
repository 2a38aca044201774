"""What Python's own messages mean in a backward pass, as a question."""

from __future__ import annotations

import re

from tutor.engine.gates import CALLED_IN_NUMPY
from tutor.runner import Fault

_NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
_NOT_YET = re.compile(r"cannot access local variable '(\w+)'")

_NUMPY = frozenset({
    *CALLED_IN_NUMPY, "arctan", "cosh", "log10", "sinh", "square", "where", "zeros", "zeros_like",
})  # fmt: skip


def asked_of(fault: Fault) -> str:
    """A question that leads on from what Python said, after a space; "" where its own words are as good.

    Python tells most of its errors apart by their words alone, so these are read; no sentence of ours is.
    """
    said = fault.detail
    if fault.error == "NameError" and (found := _NOT_DEFINED.search(said)):
        name = found[1]
        if name in _NUMPY:
            return f" {name} is NumPy's. What goes in front of its name?"
        return f" Which line should compute {name}?"
    if fault.error == "UnboundLocalError" and (found := _NOT_YET.search(said)):
        return f" Which line gives {found[1]} its first value?"
    if "bitwise_xor" in said or "for ^:" in said:
        return " In Python ^ is not a power. Which operator is?"
    if "matmul" in said and "mismatch" in said:
        return " The inner sizes at @ must match. What shapes do its two factors have?"
    if "could not be broadcast" in said:
        return " What shapes do the two arrays have?"
    return ""
