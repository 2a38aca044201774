"""The gates: one entry an operation, and how to find the entry for an operation and its arguments."""

from __future__ import annotations

from functools import lru_cache

from tutor.engine.gates.arithmetic import ARITHMETIC
from tutor.engine.gates.functions import FUNCTIONS
from tutor.engine.gates.gate import Constants, Gate, Interval
from tutor.engine.gates.products import PRODUCTS
from tutor.engine.gates.reductions import REDUCTIONS
from tutor.language import FunctionWord, Vocabulary

__all__ = ["GATES", "Constants", "Gate", "Interval", "gate_for", "vocabulary"]

GATES: dict[str, Gate] = {gate.key: gate for gate in (*ARITHMETIC, *FUNCTIONS, *PRODUCTS, *REDUCTIONS)}

_NARROWER: dict[str, tuple[Gate, ...]] = {
    key: tuple(gate for gate in GATES.values() if gate.narrows == key) for key in GATES
}


def gate_for(operation: str, constants: Constants) -> Gate:
    """The entry for an operation, narrowed by its constant arguments: `mul` with a number is `scale`."""
    for narrower in _NARROWER[operation]:
        if narrower.applies(constants):
            return narrower
    return GATES[operation]


_WORDS: dict[str, FunctionWord] = {
    word: FunctionWord(gate.key, len(gate.arguments), len(gate.arguments), gate.options)
    for gate in GATES.values()
    for word in gate.words
}


@lru_cache(maxsize=256)
def vocabulary(*names: str) -> Vocabulary:
    """The language with every gate's function words, and these names known."""
    return Vocabulary(_WORDS, frozenset(names))
