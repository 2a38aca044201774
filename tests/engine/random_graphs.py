"""Random graphs, as recipes that the engine and the oracle both follow."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tutor.engine.gates import GATES
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.operation import Operation
from tutor.language import Stretch

from . import oracle

_SHAPES = ((), (3,), (2, 3), (1, 3), (2, 1), (3, 2), (2, 2), (2, 1, 3))
_AXES = (None, 0, 1, -1)
_SCALAR_GATES = [key for key, gate in GATES.items() if gate.elementwise and not gate.specialises]
_COUNTED = (
    "gather",
    "pick",
    "cross_entropy",
    "nll_loss",
    "one_hot",
)  # they take whole numbers, which no gate here makes
_REDUCING = ("sum", "mean", "var", "logsumexp", "largest", "smallest", "prod", "norm", "norm1")
_MATRIX = (2,)
_AXES_OF: dict[str, tuple[int, ...]] = {
    "tr": _MATRIX, "diag": (1, 2), "tril": (2, 3), "triu": (2, 3), "max_pool2d": (2, 3), "avg_pool2d": (2, 3),
    "einsum_of_one": (1, 2, 3), "einsum": (1, 2, 3), "swapaxes": (2, 3), "conv2d": _MATRIX,
    "norm1": (1,),
}  # fmt: skip
"""How many axes their first argument has, for gates that do not take any."""
_OPTIONS: dict[str, list[dict[str, Any]]] = {
    "cumsum": [{}, {"axis": -1}], "argmax": [{}, {"axis": -1}], "argmin": [{}, {"axis": 0}],
    "tril": [{}, {"k": 1}, {"k": -1}], "triu": [{}, {"k": 1}],
    "expand_dims": [{"axis": 0}, {"axis": -1}], "squeeze": [{}], "swapaxes": [{"first": 0, "second": -1}],
    "max_pool2d": [{"size": (1, 2)}, {"size": (2, 1), "stride": 1}], "avg_pool2d": [{"size": (1, 2), "stride": 1}],
    "broadcast_to": [{"shape": (2, 3)}, {"shape": (2, 1, 3)}], "inv": [{}], "det": [{}],
    "conv2d": [{}, {"padding": 1}, {"padding": 1, "stride": 2}],
}  # fmt: skip
_INDICES = {
    1: ("i->i", "i->"), 2: ("ij->ji", "ij->j", "ij->"), 3: ("ijk->kij", "ijk->ik"),
    (1, 1): ("i,i->", "i,j->ij"), (2, 2): ("ij,kj->ik", "ij,ij->i"), (2, 1): ("ij,j->i",), (3, 2): ("ijk,jk->i",),
}  # fmt: skip
_TENSOR_GATES = [key for key, gate in GATES.items() if not gate.specialises and key not in _COUNTED]


@dataclass
class Recipe:
    """Inputs, then gates over what came before."""

    inputs: list[Any]
    gates: list[tuple[str, tuple[int, ...], dict[str, Any]]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The inputs' names."""
        return [f"x{i}" for i in range(len(self.inputs))]

    @property
    def at(self) -> dict[str, Any]:
        """The inputs by name."""
        return dict(zip(self.names, self.inputs, strict=True))

    def graph(self) -> Graph:
        """For the engine."""
        builder = GraphBuilder(self.names)
        for position, (key, arguments, options) in enumerate(self.gates, len(self.inputs)):
            builder.add(f"x{position}", Operation(GATES[key], tuple(f"x{a}" for a in arguments), options))
        return builder.build()

    def values(self, m: Any, inputs: Sequence[Any]) -> list[Any]:
        """For the oracle: every value, computed with numpy or autograd's copy of it."""
        values = list(inputs)
        for key, arguments, options in self.gates:
            values.append(oracle.FORMULAS[key](m, *(values[a] for a in arguments), **options))
        return values

    def output(self, m: Any, *inputs: Any) -> Any:
        """For autograd: the last value."""
        return self.values(m, inputs)[-1]


_numbers = st.integers(-200, 200).map(lambda n: n / 64)


@st.composite
def scalar_recipes(draw: st.DrawFn, most: int = 12) -> Recipe:
    """Graphs of numbers, with forks, repeated arguments and inputs that are not used."""
    recipe = Recipe(draw(st.lists(_numbers, min_size=1, max_size=4)))
    for position in range(len(recipe.inputs), len(recipe.inputs) + draw(st.integers(1, most))):
        key = draw(st.sampled_from(_SCALAR_GATES))
        arguments = tuple(draw(st.integers(0, position - 1)) for _ in GATES[key].arguments)
        recipe.gates.append((key, arguments, {}))
    return recipe


@st.composite
def tensor_recipes(draw: st.DrawFn, most: int = 6) -> Recipe:
    """Graphs of small arrays: every gate, wherever the shapes fit it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**20)))
    shapes = draw(st.lists(st.sampled_from(_SHAPES), min_size=2, max_size=3))
    recipe = Recipe([float(a) if a.ndim == 0 else a for a in (rng.uniform(-1.5, 1.5, shape) for shape in shapes)])
    values = list(recipe.inputs)
    for _ in range(draw(st.integers(1, most))):
        key = draw(st.sampled_from(_TENSOR_GATES))
        fitting = _fitting(key, values)
        if not fitting:
            continue
        arguments, options = draw(st.sampled_from(fitting))
        recipe.gates.append((key, arguments, options))
        values.append(oracle.value(key, [values[a] for a in arguments], options))
    if not recipe.gates:
        recipe.gates.append(("sin", (0,), {}))
    return recipe


def _fitting(key: str, values: list[Any]) -> list[tuple[tuple[int, ...], dict[str, Any]]]:
    """The arguments that the gate can take."""
    found = []
    for arguments in itertools.product(range(len(values)), repeat=len(GATES[key].arguments)):
        shapes = [np.shape(values[a]) for a in arguments]
        if key in _AXES_OF and len(shapes[0]) not in _AXES_OF[key]:
            continue
        if key in ("einsum", "einsum_of_one"):
            many = tuple(map(len, shapes)) if len(shapes) > 1 else len(shapes[0])
            found += [
                (arguments, {"subscripts": indices}) for indices in _INDICES.get(many, ()) if _agree(indices, shapes)
            ]
        elif key in _OPTIONS:
            found += [(arguments, options) for options in _OPTIONS[key] if _can(key, arguments, values, options)]
        elif key in _REDUCING:
            axes = [axis for axis in _AXES if axis is None or -1 <= axis < len(shapes[0]) > 0]
            found += [(arguments, {"axis": axis, "keepdims": keep}) for axis in axes for keep in (False, True)]
        elif key in ("softmax", "log_softmax", "concat", "stack"):
            last = len(shapes[0]) + (key == "stack")
            found += [(arguments, {"axis": axis}) for axis in (0, 1, -1) if axis < last and _joins(key, axis, *shapes)]
        elif key == "slice":
            ends = ((1, 3), (0, 1)) if _long(shapes[0]) else ()
            found += [(arguments, {"start": start, "stop": stop}) for start, stop in ends]
        elif key == "reshape":
            found += [(arguments, {"shape": shape}) for shape in (shapes[0][::-1], (-1,), (1, -1)) if shape]
        elif key == "index":
            ats = ((0,), (Stretch(1, None),), (..., -1), (Stretch(), None)) if _long(shapes[0]) else ()
            found += [(arguments, {"at": at}) for at in ats]
        elif key == "matrix_power":
            found += [(arguments, {"n": n}) for n in (2, 3) if len(shapes[0]) == 2 and shapes[0][0] == shapes[0][1]]
        elif _fits(key, *shapes):
            found.append((arguments, {}))
    return found


def _long(shape: tuple[int, ...]) -> bool:
    return bool(shape) and shape[0] > 1


def _joins(key: str, axis: int, left: tuple[int, ...], right: tuple[int, ...] | None = None) -> bool:
    """Whether two arrays can be put together along this axis; for one array, whether it is one."""
    if right is None or key == "stack":
        return left == right if key == "stack" else bool(left)
    others = [shape[: axis % len(shape)] + shape[axis % len(shape) + 1 :] for shape in (left, right) if shape]
    return len(left) == len(right) > 0 and others[0] == others[1]


def _agree(indices: str, shapes: list[tuple[int, ...]]) -> bool:
    """Whether equal indices have equal sizes."""
    sizes: dict[str, int] = {}
    terms = indices.partition("->")[0].split(",")
    pairs = [pair for term, shape in zip(terms, shapes, strict=True) for pair in zip(term, shape, strict=True)]
    return all(sizes.setdefault(letter, size) == size for letter, size in pairs)


def _can(key: str, arguments: tuple[int, ...], values: list[Any], options: dict[str, Any]) -> bool:
    """Whether NumPy by hand has a value here, with something in it."""
    if not np.ndim(values[arguments[0]]):
        return False
    if key in ("inv", "det") and np.shape(values[arguments[0]]) != (2, 2):
        return False
    if key == "conv2d" and np.ndim(values[arguments[1]]) != 2:
        return False
    try:
        made = oracle.value(key, [values[a] for a in arguments], options)
        return bool(np.size(made)) and options.get("shape") in (None, np.shape(made))
    except ValueError:
        return False


def _fits(key: str, left: tuple[int, ...], right: tuple[int, ...] = (), *others: tuple[int, ...]) -> bool:
    if key == "matmul":
        return bool(left and right) and left[-1] == right[max(0, len(right) - 2)]
    if key == "dot":
        return len(left) == len(right) == 1 and left == right
    if key == "conv1d":
        return len(left) == len(right) == 1 and left[0] >= right[0]
    if key == "std":
        return False  # it has no slope where all entries are alike
    if key == "outer":
        return len(left) == len(right) == 1
    try:
        np.broadcast_shapes(left, right, *others)
    except ValueError:
        return False
    return True
