"""What a learner asks of functions made for practice: gates, whether a value forks, a level. And their ids.

`read_request` reads what was typed; `request_in` reads the id `practice/exp-fork-mul-3`, which is the same for the same
wish, whatever the order and the words. Signs, words and NumPy's names of the gates all count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import numpy as np

from tutor.engine.gates import GATES, GROUPS, Gate, shape_made, vocabulary
from tutor.engine.values import Shape
from tutor.language import Apply, walk
from tutor.library.fitting import nearest
from tutor.practice.journal_trace import IDEAS
from tutor.practice.seeds import PRACTICE
from tutor.practice.skills import FORK, PARTS, Skill
from tutor.questions.inflect import listed

FORK_WORD = "fork"
MOST_GATES = 8
"""That may be asked for at once."""
LEVELS = range(1, 6)
_SIZES = {1: 2, 2: 3, 3: 4, 4: 6, 5: 8}
"""Level -> operations in a function, unless more are asked for."""
_FORK_WORDS = frozenset({FORK_WORD, "forks", "branch", "branches"})
_ALSO = {
    "plus": "add", "sum of two": "add", "minus": "sub", "-": "sub", "times": "mul", "*": "mul", "·": "mul",
    "product": "mul", "/": "div", "÷": "div", "divided by": "div", "over": "div", "^": "power", "**": "power",
    "square": "power", "squared": "power", "x^2": "power", "e^x": "exp", "e^": "exp", "e": "exp", "root": "sqrt",
    "square root": "sqrt", "sine": "sin", "cosine": "cos", "logarithm": "ln", "sigma": "sigmoid",
    "@": "matmul",
    "1/x": "reciprocal",
}  # fmt: skip
"""What learners call gates beside their keys, titles, signs and function words."""
_ARRAYS = ("Products", "Matrices", "Many entries to few", "Softmax and losses")
"""The groups of gates for arrays that functions are made of."""
_SILENT = ("Masks and choices", "Nothing sent back")
"""The groups of gates that send nothing back, or only beside a condition."""
_TRIED: tuple[Shape, ...] = ((3,), (2, 2), (2, 3), (3, 2))
_IDEAS = (FORK, *IDEAS.values())
_SEPARATORS = re.compile(r"[,;\s]+")


class NoSuchFunction(Exception):
    """No function can be made for this. The text is a sentence for the learner."""


@dataclass(frozen=True)
class GateRequest:
    """The gates that have to be there (keys, sorted), whether a value has to fork, and the level."""

    gates: tuple[str, ...]
    forks: bool
    level: int

    @property
    def id(self) -> str:
        """`practice/exp-fork-mul-3`."""
        return f"{PRACTICE}/{'-'.join(self._words)}-{self.level}"

    @property
    def title(self) -> str:
        """`exp, fork, mul`."""
        return ", ".join(self._words)

    @cached_property
    def _words(self) -> list[str]:
        return sorted([*self.gates, *([FORK_WORD] if self.forks else [])])

    @property
    def size(self) -> int:
        """How many operations a function has."""
        return max(_SIZES[self.level], len(self.gates))

    @property
    def for_arrays(self) -> bool:
        """Whether any of the gates is one of arrays."""
        return any(not GATES[key].elementwise for key in self.gates)


def read_request(text: str, level: str = "2") -> GateRequest:
    """`mul, exp, fork`, `× e^x forks` and a level from 1 to 5. Raises NoSuchFunction with the nearest gate."""
    number = _level(level)
    words = _words_in(text)
    if not words:
        raise NoSuchFunction("Name the gates that the function is to have, such as mul,exp,fork.")
    if len(words) > MOST_GATES + 1:
        raise NoSuchFunction(f"{len(words)} gates are too many for one function: name at most {MOST_GATES}.")
    keys = [_gate_called(word) for word in words if word.lower() not in _FORK_WORDS]
    return GateRequest(tuple(sorted(keys)), any(word.lower() in _FORK_WORDS for word in words), number)


def request_in(id: str) -> GateRequest:
    """The request of an id without its seed. Raises NoSuchFunction where it is none."""
    names, _, level = id.partition("/")[2].rpartition("-")
    if not names:
        raise NoSuchFunction(
            f"{id} is not a function made for practice: their ids name gates, a level and a seed, as in "
            f"{PRACTICE}/exp-fork-mul-3@7."
        )
    return read_request(names.replace("-", ","), level)


def skills_called(text: str) -> tuple[Skill, ...]:
    """The skills of a gate, of one part of it, or of an idea: `exp`, `× downstream`, `mul.local`, `forks`.

    Raises NoSuchFunction with the nearest gate where there is none.
    """
    typed = text.strip()
    if not typed:
        raise NoSuchFunction(f"Name a gate, such as exp, or an idea: {listed(_IDEAS, 'or')}.")
    word = typed.lower()
    if word in _FORK_WORDS or word in _IDEAS:
        return (Skill(FORK if word in _FORK_WORDS else word),)
    gate, _, part = word.replace(".", " ").rpartition(" ")
    if gate and part in PARTS:
        return (Skill(_general(_gate_named(gate)), part),)
    return tuple(Skill(_general(_gate_named(typed)), one) for one in PARTS)


def _general(key: str) -> str:
    return GATES[key].specialises or key


@cache
def drawable_gates() -> tuple[str, ...]:
    """The keys of all gates that functions are made of."""
    return tuple(key for key in GATES if not _why_not(key))


def wires_of(gate: Gate) -> int:
    """How many of a gate's arguments are values: the others are numbers of its own, or what it is when left out."""
    return 1 if gate.specialises else len(gate.arguments) - len(gate.defaults)


def _level(text: str) -> int:
    try:
        level = int(text.strip())
    except ValueError:
        level = 0
    if level not in LEVELS:
        raise NoSuchFunction(f"A level is a whole number from 1 to 5; this one is {text.strip() or 'empty'}.")
    return level


def _words_in(text: str) -> list[str]:
    """The names of gates in a list; a name of two words that is known stays one."""
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    return [word for part in parts for word in ([part] if part.lower() in _names() else _SEPARATORS.split(part))]


def _gate_called(word: str) -> str:
    """The key of a gate. Raises NoSuchFunction where there is none, or functions cannot be made of it."""
    key = _gate_named(word)
    if why := _why_not(key):
        raise NoSuchFunction(f"No function can be made for {key}: {why}.")
    return key


def _gate_named(word: str) -> str:
    """The key of a gate. Raises NoSuchFunction where there is none."""
    key = _names().get(word) or _names().get(word.lower().removeprefix("np."))
    if key is None:
        _refuse_compound(word)
        near = nearest(word, sorted(name for name in _names() if name.isidentifier())) if len(word) > 2 else ""
        meant = f" Did you mean {near}?" if near else ""
        raise NoSuchFunction(f"There is no gate called {word}.{meant} `backprop-tutor gates` lists them all.")
    return key


def _refuse_compound(word: str) -> None:
    """Say of which gates a function word is short for. Raises NoSuchFunction."""
    short = vocabulary().functions.get(word.lower())
    if short is None or short.meaning is None:
        return
    used = Counter(part.operation for part in walk(short.meaning()) if isinstance(part, Apply))
    raise NoSuchFunction(f"{word} is made of several gates. Name those you want: {listed(list(used))}.")


@cache
def _names() -> Mapping[str, str]:
    """What a gate may be called -> its key; keys count first, then function words, then titles and signs."""
    names: dict[str, str] = {}
    for key in GATES:
        names.setdefault(key, key)
    names |= {name: key for name, key in _ALSO.items() if name not in names}
    for gate in GATES.values():
        for word in (*gate.function_words, *gate.called_in_numpy):
            names.setdefault(word.lower(), gate.key)
    for word, short in vocabulary().functions.items():
        meaning = short.meaning() if short.meaning is not None and word.isidentifier() else None
        if isinstance(meaning, Apply) and not any(isinstance(part, Apply) for part in meaning.arguments):
            names.setdefault(word, meaning.operation)
        elif short.operation in GATES:
            names.setdefault(word, short.operation)
    for gate in GATES.values():
        names.setdefault(gate.title.lower(), gate.key)
        names.setdefault(gate.symbol.lower(), gate.key)
    return names


@cache
def _why_not(key: str) -> str:
    """Why no function is made of a gate; "" where functions are."""
    gate = GATES[key]
    group = next(name for name, gates in GROUPS.items() if gate in gates)
    if group in _SILENT:
        flat = group != "Masks and choices" or all(gate.is_flat(port) for port in range(len(gate.arguments)))
        nothing = "it sends nothing back, so there would be no gradient to carry"
        return nothing if flat else "it needs a condition that belongs to a function of your own (`backprop-tutor try`)"
    if gate.elementwise:
        return "" if wires_of(gate) <= 2 else "it has too many arguments to draw"
    if group not in _ARRAYS or gate.needed_options or "at" in gate.options:
        return "it needs shapes or positions that belong to a function of your own (`backprop-tutor try`)"
    return "" if _fits_decimals(gate) else "it needs whole numbers or shapes of its own (`backprop-tutor try`)"


def _fits_decimals(gate: Gate) -> bool:
    """Whether a gate for arrays takes arrays of decimals."""
    for shapes in product(_TRIED, repeat=wires_of(gate)):
        if shape_made(gate.key, shapes) is not None:
            tried = [0.3 + 0.1 * np.arange(np.prod(shape)).reshape(shape) ** 2 for shape in shapes]
            return gate.domain(*tried) is None
    return False
