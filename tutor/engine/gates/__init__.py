"""The gates: one entry an operation, and how to find the entry for an operation and its arguments."""

from __future__ import annotations

from functools import lru_cache, partial

from tutor.engine.gates.arithmetic import ARITHMETIC
from tutor.engine.gates.extremes import EXTREMES
from tutor.engine.gates.functions import FUNCTIONS
from tutor.engine.gates.gate import Constants, Gate, Interval, Pieces
from tutor.engine.gates.masks import MASKS
from tutor.engine.gates.products import CONVOLUTIONS, PRODUCTS
from tutor.engine.gates.rearranging import REARRANGING
from tutor.engine.gates.reductions import REDUCTIONS
from tutor.engine.gates.smooth import SMOOTH
from tutor.engine.gates.softmax import SOFTMAXES
from tutor.engine.gates.spreads import SPREADS
from tutor.language import Expression, FunctionWord, Vocabulary, read_expression
from tutor.language.tree import rename

__all__ = ["CALLED_IN_NUMPY", "GATES", "Constants", "Gate", "Interval", "Pieces", "gate_for", "vocabulary"]

_ALL = (
    *ARITHMETIC, *FUNCTIONS, *SMOOTH, *MASKS, *PRODUCTS, *CONVOLUTIONS, *REDUCTIONS, *SPREADS, *EXTREMES, *SOFTMAXES,
    *REARRANGING,
)  # fmt: skip

GATES: dict[str, Gate] = {gate.key: gate for gate in _ALL}

_NARROWER: dict[str, tuple[Gate, ...]] = {
    key: tuple(gate for gate in GATES.values() if gate.specialises == key) for key in GATES
}


CALLED_IN_NUMPY: dict[str, str] = {
    name: gate.key for gate in GATES.values() if not gate.specialises for name in gate.called_in_numpy
}
"""NumPy's functions that are a gate each: {"log": "ln", "maximum": "max", ...}."""


def gate_for(operation: str, constants: Constants) -> Gate:
    """The entry for an operation, narrowed by its constant arguments: `mul` with a number is `scale`."""
    for narrower in _NARROWER[operation]:
        if narrower.matches(constants):
            return narrower
    return GATES[operation]


def _word(gate: Gate, alone: FunctionWord | None = None) -> FunctionWord:
    count = len(gate.arguments)
    slope = partial(_slope_at, gate.key) if count == 1 and gate.elementwise and gate.slopes else None
    return FunctionWord(gate.key, count, count, gate.options, alone, gate.may_be_name, slope)


def _slope_at(key: str, argument: Expression) -> Expression:
    """A gate's local derivative by its one argument, there."""
    return rename(_slope(key), {GATES[key].arguments[0]: argument})


@lru_cache(maxsize=64)
def _slope(key: str) -> Expression:
    gate = GATES[key]
    return read_expression(gate.slopes[0], vocabulary(*gate.arguments)).tree


_ALONE = {gate.shared_word: _word(gate) for gate in GATES.values() if gate.shared_word}

_WORDS: dict[str, FunctionWord] = {
    word: _word(gate, _ALONE.get(word)) for gate in GATES.values() for word in gate.function_words
}


@lru_cache(maxsize=256)
def vocabulary(*names: str) -> Vocabulary:
    """The language with every gate's function words, and these names known."""
    return Vocabulary(_WORDS, frozenset(names))
