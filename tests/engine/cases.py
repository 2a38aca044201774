"""Arguments to try each gate on: made from the table of gates, so that a new gate is tried by being in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from tutor.engine.gates import GATES, Gate, gate_for
from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.operation import Fixed, Operation
from tutor.engine.values import Value, as_value
from tutor.language import Apply, Expression, Matrix, Name, Number, Stretch

from . import oracle

_ONE_SHAPE = [((),), ((3,),), ((2, 3),), ((2, 1, 3),)]
_TWO_SHAPES = [((), ()), ((3,), (3,)), ((3,), (2, 3)), ((2, 1), (3,)), ((2, 3), ()), ((), (2, 3)), ((4, 1, 3), (2, 1))]
_TWO_SHAPES += [((3,), (4, 2, 3)), ((4, 2, 3), (1,))]

_THREE_SHAPES = [((), (), ()), ((3,), (3,), (3,)), ((2, 1), (3,), ()), ((2, 3), (), (3,)), ((), (2, 3), (3,))]
_THREE_SHAPES += [((4, 1, 3), (2, 1), (1,))]

_TENSORS: dict[str, list[tuple[tuple[tuple[int, ...], ...], dict[str, Any]]]] = {
    "matmul": [
        (shapes, {})
        for shapes in (
            ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((1, 3), (3, 1)), ((2, 1), (1, 1)),
            ((5, 2, 3), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (1, 3, 4)),
            ((5, 2, 3), (3,)), ((3,), (5, 3, 4)), ((6, 1, 2, 3), (5, 3, 4)), ((1, 2, 3), (3,)), ((1, 2, 3), (4, 3, 2)),
        )
    ],
    "dot": [(((3,), (3,)), {}), (((1,), (1,)), {})],
    "outer": [
        (shapes, {})
        for shapes in (
            ((2,), (3,)), ((1,), (3,)), ((2, 1), (3, 1)), ((2, 2), (3,)), ((2, 1), (3,)), ((), (3,)), ((), ()),
        )
    ],
    "transpose": [(((3,),), {}), (((2, 3),), {}), (((2, 3, 4),), {})],
    "norm": [((shape,), {}) for shape in ((), (3,), (2, 3), (2, 1, 3))],
    "squared_norm": [((shape,), {}) for shape in ((), (3,), (2, 3), (2, 1, 3))],
}  # fmt: skip

_AXES = [
    (((2, 3, 4),), {"axis": axis, "keepdims": keepdims})
    for axis in (None, 0, 1, -1, (0, 2), (-1, 0), (0, 1, 2))
    for keepdims in (False, True)
]
_AXES += [(((),), {}), (((3,),), {}), (((3,),), {"axis": 0}), (((2, 1),), {"axis": 1})]
_TENSORS["sum"] = _TENSORS["mean"] = _TENSORS["logsumexp"] = _TENSORS["largest"] = _TENSORS["smallest"] = _AXES
_TENSORS["var"] = _AXES
_TENSORS["std"] = [(shapes, options) for shapes, options in _AXES if shapes != ((),) and options != {"axis": 1}]

_MOVED: list[tuple[tuple[tuple[int, ...], ...], dict[str, Any]]] = [
    (((3,), (3,)), {}), (((2, 3), (2, 3)), {}), (((2, 3), (2, 3)), {"axis": 1}), (((2, 3, 4), (2, 3, 4)), {"axis": -1}),
    (((2, 3, 4), (2, 3, 4)), {"axis": 1}),
]  # fmt: skip
_TENSORS["stack"] = [*_MOVED, (((), ()), {}), (((3,), (3,)), {"axis": 1}), (((2, 3), (2, 3)), {"axis": -2})]
_TENSORS["concat"] = [
    *_MOVED, (((2,), (3,)), {}), (((4, 3), (1, 3)), {}), (((2, 1), (2, 3)), {"axis": 1}),
    (((2, 1), (2, 3)), {"axis": -1}), (((1, 3), (4, 3)), {"axis": -2}),
]  # fmt: skip
_TENSORS["slice"] = [
    (shapes, {"start": start, "stop": stop} | axis)
    for shapes, axis in ((((5,),), {}), (((5, 3),), {}), (((2, 5),), {"axis": 1}), (((2, 5, 4),), {"axis": -2}))
    for start, stop in ((0, 2), (1, 3), (3, 5), (-2, 5), (1, -1), (0, 9))
]
_TENSORS["index"] = [
    (shapes, {"at": at})
    for shapes, at in (
        (((5,),), (0,)),
        (((5,),), (-2,)),
        (((5,),), (Stretch(1, None),)),
        (((5,),), (Stretch(None, -1),)),
        (((5,),), (Stretch(None, None, 2),)),
        (((5,),), (Stretch(None, None, -1),)),
        (((3,),), (Stretch(), None)),
        (((3,),), ((2, 0, 2),)),
        (((2, 3),), (1,)),
        (((2, 3),), (0, 2)),
        (((2, 3),), (Stretch(), 0)),
        (((2, 3),), (..., Stretch(1, 3))),
        (((2, 3),), ((0, 1), (2, 0))),
        (((2, 3),), ((1, 0, 1), 2)),
        (((2, 3, 4),), (0,)),
        (((2, 3, 4),), (Stretch(), 1, Stretch(0, 4, 3))),
        (((2, 3, 4),), (1, 2, -1)),
        (((2, 3, 4),), ((1, 1), Stretch(), Stretch(1, 3))),
        (((2, 3),), (None, Stretch(), None)),
    )
]
_TENSORS["softmax"] = [
    (((3,),), {}), (((2, 3),), {}), (((2, 3),), {"axis": 0}), (((2, 3),), {"axis": 1}), (((2, 3),), {"axis": None}),
    (((2, 3, 4),), {}), (((2, 3, 4),), {"axis": 1}), (((2, 1),), {}), (((2, 3, 4),), {"axis": (0, 2)}),
]  # fmt: skip
_TENSORS["reshape"] = [
    (((6,),), {"shape": (2, 3)}), (((2, 3),), {"shape": (3, 2)}), (((2, 3),), {"shape": (-1,)}),
    (((2, 3, 4),), {"shape": (4, -1)}), (((),), {"shape": (1, 1)}), (((1, 2),), {"shape": (2, 1)}),
]  # fmt: skip
_TENSORS["matrix_power"] = [(((size, size),), {"n": n}) for size in (1, 2, 3) for n in (2, 3, 1, 0, -1, -2, 5, -6)]
_TENSORS["conv1d"] = [(((5,), (3,)), {}), (((4,), (1,)), {}), (((3,), (3,)), {}), (((6,), (2,)), {})]

_TENSORS["norm"] += _AXES
_TENSORS["norm1"] = [
    (shapes, options) for shapes, options in [*_AXES, (((3,),), {})]
    if len(shapes[0]) < 2 or isinstance(options.get("axis"), int)
]  # fmt: skip
_TENSORS["prod"] = _AXES
for _key in ("var", "std"):
    _TENSORS[_key] = [
        *_TENSORS[_key], (((3,),), {"ddof": 1}), (((2, 3),), {"ddof": 1}), (((2, 3, 4),), {"axis": (0, 2), "ddof": 2}),
        (((2, 3),), {"axis": 0, "keepdims": True, "ddof": 1}),
    ]  # fmt: skip
_TENSORS["transpose"] += [
    (((2, 3),), {"axes": (1, 0)}), (((2, 3),), {"axes": (0, 1)}), (((2, 3, 4),), {"axes": (2, 0, 1)}),
    (((2, 1, 3, 4),), {"axes": (0, 3, -3, 2)}),
]  # fmt: skip
_TENSORS["cumsum"] = [
    (((4,),), {}), (((2, 3),), {}), (((2, 3),), {"axis": 0}), (((2, 3),), {"axis": -1}), (((2, 3, 2),), {"axis": 1}),
    (((2, 1, 3, 2),), {"axis": 2}), (((3,),), {"axis": 0}),
]  # fmt: skip
_TENSORS["log_softmax"] = _TENSORS["softmax"]
_TENSORS["inv"] = _TENSORS["det"] = [(((3, 3),), {}), (((2, 2),), {}), (((1, 1),), {}), (((2, 3, 3),), {})]
_TENSORS["inv"] = [*_TENSORS["inv"], (((2, 1, 2, 2),), {})]
_TENSORS["tr"] = [(((3, 3),), {}), (((2, 3),), {}), (((1, 1),), {})]
_TENSORS["diag"] = [(((3,),), {}), (((3, 3),), {}), (((2, 4),), {}), (((4, 2),), {}), (((1,),), {})]
_TENSORS["tril"] = _TENSORS["triu"] = [
    (((3, 3),), {}), (((2, 4),), {"k": 1}), (((4, 2),), {"k": -1}), (((2, 3, 3),), {}), (((2, 1, 3, 3),), {"k": -1}),
]  # fmt: skip
_TENSORS["conv2d"] = [
    (((4, 5), (2, 3)), {}), (((4, 5), (2, 2)), {"stride": 2, "padding": 1}), (((2, 4, 4), (3, 2, 2, 2)), {}),
    (((2, 2, 5, 4), (3, 2, 3, 2)), {"stride": (2, 1), "padding": (1, 0)}), (((1, 1, 3, 3), (1, 1, 3, 3)), {}),
]  # fmt: skip
_TENSORS["max_pool2d"] = _TENSORS["avg_pool2d"] = [
    (((4, 4),), {}), (((5, 4),), {"size": 2}), (((2, 4, 5),), {"size": 3, "stride": 1}),
    (((2, 1, 4, 6),), {"size": (2, 3), "stride": (1, 3)}),
]  # fmt: skip
_TENSORS["einsum"] = [
    (shapes, {"subscripts": subscripts})
    for subscripts, shapes in (
        ("ij,jk->ik", ((2, 3), (3, 4))), ("i,i->", ((3,), (3,))), ("i,j->ij", ((2,), (3,))),
        ("ij,j->i", ((2, 3), (3,))),
        ("bij,bjk->bik", ((2, 3, 2), (2, 2, 3))), ("bhqd,bhkd->bhqk", ((1, 2, 2, 3), (1, 2, 4, 3))),
        ("ij,k->j", ((2, 3), (2,))), ("ii,i->i", ((3, 3), (3,))), ("ij,ij->ji", ((2, 3), (2, 3))),
        (",i->i", ((), (3,))),
    )
]  # fmt: skip
_TENSORS["einsum_of_one"] = [
    (shapes, {"subscripts": subscripts})
    for subscripts, shapes in (
        ("ij->ji", ((2, 3),)), ("ij->", ((2, 3),)), ("ij->j", ((2, 3),)), ("ii->i", ((3, 3),)), ("ii->", ((3, 3),)),
        ("ijk->ki", ((2, 3, 2),)), ("iij->j", ((2, 2, 3),)), ("abcd->dcab", ((1, 2, 3, 2),)),
    )
]  # fmt: skip
_TENSORS["expand_dims"] = [
    (((3,),), {"axis": 0}), (((3,),), {"axis": 1}), (((2, 3),), {"axis": -1}), (((2, 3, 2),), {"axis": 1}),
]  # fmt: skip
_TENSORS["squeeze"] = [
    (((3, 1),), {}), (((1, 3, 1),), {"axis": 0}), (((2, 1, 3, 1),), {"axis": (1, 3)}), (((1, 1),), {}), (((2, 3),), {}),
]  # fmt: skip
_TENSORS["swapaxes"] = [
    (((2, 3),), {"first": 0, "second": 1}), (((2, 3, 4),), {"first": 1, "second": 2}),
    (((2, 3, 1, 2),), {"first": -1, "second": -3}),
]  # fmt: skip
_TENSORS["broadcast_to"] = [
    (((3,),), {"shape": (2, 3)}), (((2, 1),), {"shape": (2, 3)}), (((1, 3),), {"shape": (4, 2, 3)}),
    (((2, 1, 3),), {"shape": (2, 4, 3)}), (((),), {"shape": (2, 2)}), (((3,),), {"shape": (3,)}),
]  # fmt: skip
_TENSORS["stop_gradient"] = _TENSORS["ones_like"] = _TENSORS["zeros_like"] = [
    ((shape,), {}) for shape in ((), (3,), (2, 3), (2, 1, 3, 2))
]
_TENSORS["argmax"] = _TENSORS["argmin"] = [
    (((4,),), {}), (((2, 3),), {}), (((2, 3),), {"axis": 1}), (((2, 3, 4),), {"axis": -2}),
]  # fmt: skip

_LABELS: dict[str, list[tuple[float | list[float], dict[str, Any]]]] = {
    "one_hot": [([2, 0, 1], {"classes": 3}), ([1, 1], {"classes": 4}), (2, {"classes": 3})],
}
"""Whole numbers that a gate is applied to, where they are wires."""

LABELLED = frozenset(_LABELS)

_COUNTED: dict[str, list[tuple[Any, ...]]] = {
    "gather": [
        ((4, 3), [2, 0, 2]), ((4, 3), [1]), ((4, 3), 2), ((4,), [3, 3, 0, 1, 3]), ((4,), 1), ((3, 2, 4), [2, 2]),
        ((1, 2), [0, 0]), ((3, 2, 4), 1), ((3, 2, 4, 2), 1),
    ],
    "pick": [
        ((2, 3), [0, 1], [2, 0]), ((3, 4), [2, 0, 2], [1, 1, 1]), ((3, 4), 1, [3, 0]), ((2, 3), 1, 2),
        ((3, 2, 4), [2, 0], [1, 1]), ((1, 2), [0, 0], [1, 1]),
    ],
    "cross_entropy": [((3, 4), [2, 0, 3]), ((3, 4), [1, 1, 1]), ((1, 2), [0]), ((4,), 2), ((2, 3), [2, 1])],
    "nll_loss": [((3, 4), [2, 0, 3]), ((3, 4), [1, 1, 1]), ((1, 2), [0]), ((4,), 2)],
}  # fmt: skip
"""Shapes of an array, and the whole numbers beside it: constants, since they have no gradient."""


@dataclass(frozen=True)
class Case:
    """A gate, and the arguments to try it on; a constant argument is not a wire."""

    gate: Gate
    arguments: tuple[Value, ...]
    constants: tuple[bool, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The wide gate's key, as the language writes it."""
        return self.gate.specialises or self.gate.key

    @property
    def wires(self) -> list[int]:
        """The arguments that are wires."""
        return [port for port, constant in enumerate(self.constants) if not constant]

    @property
    def inputs(self) -> dict[str, Value]:
        """The wires by the gate's own names for them."""
        return {self.gate.arguments[port]: self.arguments[port] for port in self.wires}

    @property
    def expression(self) -> Expression:
        """The operation as the language writes it."""
        parts = [_constant(a).written if c else Name(n) for n, a, c in self._ports]
        return Apply(self.key, tuple(parts), tuple(self.options.items()))

    @property
    def graph(self) -> Graph:
        """Inputs under the gate's own names, and the gate, `y`."""
        builder = GraphBuilder(list(self.inputs))
        wires = tuple(_constant(a) if c else n for n, a, c in self._ports)
        builder.add("y", Operation(self.gate, wires, self.options))
        return builder.build()

    def formula(self) -> Callable[..., Any]:
        """The operation over its wires alone, by hand: formula(m, *wires)."""

        def of_wires(m: Any, *wires: Any) -> Any:
            given = iter(wires)
            arguments = [a if c else next(given) for _, a, c in self._ports]
            return oracle.formula(self.key)(m, *arguments, **self.options)

        return of_wires

    @property
    def _ports(self) -> list[tuple[str, Value, bool]]:
        return list(zip(self.gate.arguments, self.arguments, self.constants, strict=True))

    def __repr__(self) -> str:
        shapes = "-".join(str(np.shape(argument)).replace(" ", "") for argument in self.arguments)
        options = "".join(f"-{name}={setting}" for name, setting in self.options.items() if setting is not None)
        return f"{self.gate.key}-{shapes}{options}"


def _constant(value: Value) -> Fixed:
    return Fixed(value, _written(value))


def _written(value: Value) -> Number | Matrix:
    if np.ndim(value):
        return Matrix((tuple(_written(float(entry)) for entry in value),), is_vector=True)
    text = repr(float(value)).removesuffix(".0")
    return Number(Fraction(text), text)


def cases_of(gate: Gate) -> list[Case]:
    """Every case of a gate."""
    if gate.key in _COUNTED:
        return [_counted(gate, shape, *numbers) for shape, *numbers in _COUNTED[gate.key]]
    if gate.key in _LABELS:
        return [_labelled(gate, numbers, options) for numbers, options in _LABELS[gate.key]]
    if not gate.elementwise:
        return [_case(gate, shapes, options) for shapes, options in _TENSORS[gate.key]]
    shapes = (_ONE_SHAPE, _TWO_SHAPES, _THREE_SHAPES)[len(gate.arguments) - 1]
    if not gate.specialises:
        return [_case(gate, each, {}) for each in shapes]
    found = []
    for port, constant in ((0, 1.7), (0, -3.0), (1, 2.0), (1, -0.5)):
        constants = tuple(constant if here == port else None for here in (0, 1))
        if gate_for(gate.specialises, constants) is gate:
            wires = [tuple(() if here == port else each[0] for here in (0, 1)) for each in _ONE_SHAPE]
            found += [_case(gate, each, {}, constants) for each in wires]
    return [case for case in found if gate.domain(*case.arguments) is None]


def _case(
    gate: Gate,
    shapes: tuple[tuple[int, ...], ...],
    options: Mapping[str, Any],
    constants: tuple[float | None, ...] | None = None,
) -> Case:
    """Numbers of both signs, away from zero and from each other; positive ones where the gate needs them."""
    rng = np.random.default_rng(len(gate.key) + sum(map(sum, shapes)))
    constants = constants or (None,) * len(shapes)
    made = [rng.uniform(0.4, 1.4, shape) * rng.choice([-1.0, 1.0], shape) for shape in shapes]
    for sign in (lambda array: array, np.abs, lambda array: array / 2):
        arguments = tuple(
            (float(sign(array)) if array.ndim == 0 else sign(array)) if constant is None else constant
            for array, constant in zip(made, constants, strict=True)
        )
        if gate.key in _COUNTED or gate.domain(*arguments, **options) is None:
            break
    return Case(gate, arguments, tuple(constant is not None for constant in constants), options)


def _labelled(gate: Gate, numbers: float | list[float], options: Mapping[str, Any]) -> Case:
    return Case(gate, (as_value(numbers) if isinstance(numbers, list) else float(numbers),), (False,), options)


def _counted(gate: Gate, shape: tuple[int, ...], *numbers: float | list[float]) -> Case:
    array = _case(gate, (shape, *((),) * len(numbers)), {}).arguments[0]
    given = (as_value(each) if isinstance(each, list) else float(each) for each in numbers)
    return Case(gate, (array, *given), (False, *(True for _ in numbers)))


CASES = [case for gate in GATES.values() for case in cases_of(gate)]
ELEMENTWISE = [gate for gate in GATES.values() if gate.elementwise]
TENSORS = [gate for gate in GATES.values() if not gate.elementwise]
