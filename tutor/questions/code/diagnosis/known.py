"""What is true at a trial's inputs: values, gradients, what each wire carries; and what a variable's name claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from tutor.engine.graph import Graph, Use
from tutor.engine.passes import Gradients, PassError, arguments_at, backward, forward, local_derivative
from tutor.engine.values import Value, all_finite, shape_of

_SAME = 1e-6
_MOST_SHARES = 4
_MOST_PATHS = 40


def close(one: Value | None, two: Value | None, loosely: bool = False) -> bool:
    """Whether two values agree in shape and every entry; loosely, one may be stretched to the other."""
    if one is None or two is None:
        return False
    if shape_of(one) != shape_of(two):
        if not loosely or np.size(one) > 1 < np.size(two):
            return False
    elif isinstance(one, np.ndarray) and isinstance(two, np.ndarray) and not _near(one.flat[0], two.flat[0], two):
        return False  # most are told apart by their first entry
    if np.size(one) == 1 == np.size(two):
        a, b = float(np.ravel(one)[0]), float(np.ravel(two)[0])
        return abs(a - b) <= _SAME * abs(b) + 1e-12 if np.isfinite(a + b) else False
    with np.errstate(all="ignore"):
        gap = np.abs(np.subtract(one, two))
        return bool(np.all(gap <= _SAME * np.maximum(np.abs(two), 1e-6 * np.max(np.abs(two)))))


def like(target: Value, loosely: bool = False) -> Callable[[Value], bool]:
    """`close` to one target, for many values: most are told apart by their first entry."""
    first = float(np.ravel(target)[0])
    room = _SAME * abs(first) + 1e-6 * _SAME * float(np.max(np.abs(target))) + 1e-12

    def is_like(value: Value) -> bool:
        mine = value.flat[0] if isinstance(value, np.ndarray) else value
        return bool(abs(mine - first) <= room) and close(value, target, loosely)

    return is_like


def _near(one: float, two: float, scale: Value) -> bool:
    with np.errstate(invalid="ignore"):
        gap = abs(one - two)
    return bool(gap <= _SAME * abs(two) or gap <= 1e-6 * _SAME * float(np.max(np.abs(scale))))


@dataclass(frozen=True)
class Truth:
    """A graph with both of its passes at the trial's inputs, and the name of each node in the learner's code."""

    graph: Graph
    names: tuple[str, ...]
    values: tuple[Value, ...]
    gradients: Gradients

    @classmethod
    def of(cls, graph: Graph, names: Sequence[str], inputs: Sequence[Value]) -> Truth | None:
        """None where the graph has no values there."""
        at = {graph.nodes[position].name: value for position, value in zip(graph.inputs, inputs, strict=True)}
        try:
            values = tuple(forward(graph, at))
            gradients = backward(graph, values)
        except (PassError, KeyError, ValueError):
            return None
        return cls(graph, tuple(names), values, gradients)

    @property
    def output(self) -> Value:
        """The function's value."""
        return self.values[-1]

    def positions(self, name: str) -> list[int]:
        """Where a name stands."""
        return [position for position, each in enumerate(self.names) if each == name]

    def shares(self, position: int) -> list[Value]:
        """What arrives at a value along each of its branches."""
        found = [self.gradients.shares[use.gate][use.port] for use in self.graph.uses[position]]
        return [share for share in found if share is not None]

    def is_part(self, value: Value, position: int) -> bool:
        """Whether a value is the sum of some of the branches, and not of all."""
        shares = self.shares(position)[:_MOST_SHARES]
        return any(
            close(value, _summed(some), loosely=True)
            for many in range(1, len(shares))
            for some in combinations(shares, many)
        )

    def local(self, use: Use) -> Value | None:
        """d(gate)/d(argument); None at a gate that mixes entries."""
        node = self.graph.nodes[use.gate]
        if node.gate is None or not node.gate.elementwise:
            return None
        return local_derivative(node, use.port, self.values[use.gate], arguments_at(node, self.values))

    def uses_by(self, gate: int) -> list[Use]:
        """The wires into a gate."""
        arguments = self.graph.nodes[gate].arguments
        return [Use(gate, port) for port, argument in enumerate(arguments) if isinstance(argument, int)]

    @cached_property
    def slopes(self) -> list[Value]:
        """Local derivatives, and their products along the chains of gates."""
        found: list[Value] = []
        for gate in self.graph.gates:
            for use in self.uses_by(gate):
                local = self.local(use)
                if local is not None and all_finite(local):
                    found.append(local)
                    found.extend(self._further(use, local))
        return found[:400]

    def _further(self, use: Use, slope: Value) -> Iterator[Value]:
        """This slope carried on to what the gate feeds."""
        waiting = [(use.gate, slope)]
        for _ in range(_MOST_PATHS):
            if not waiting:
                return
            gate, so_far = waiting.pop()
            for onward in self.graph.uses[gate]:
                local = self.local(onward)
                if local is not None:
                    product = so_far * local
                    yield product
                    waiting.append((onward.gate, product))

    def has(self, value: Value) -> bool:
        """Whether a value is a value, a gradient, a share or a slope of this graph."""
        firsts, known = self._by_first
        first = float(np.ravel(value)[0])
        with np.errstate(all="ignore"):
            near = np.flatnonzero(np.abs(firsts - first) <= _SAME * np.abs(firsts) + 1e-9)
        return any(close(value, known[i], loosely=True) for i in near)

    @cached_property
    def _by_first(self) -> tuple[NDArray[np.float64], list[Value]]:
        """All that is known, and the first entry of each."""
        shares = [share for row in self.gradients.shares for share in row if share is not None]
        known = [*self.values, *self.gradients.totals, *shares, *self.slopes]
        return np.array([float(np.ravel(each)[0]) for each in known]), known


def _summed(shares: Sequence[Value]) -> Value:
    return sum(shares[1:], start=shares[0])


@dataclass(frozen=True)
class Claim:
    """What a variable says that it is: the gradient of a node, or how fast one node moves with another."""

    truth: Truth
    position: int
    slope_of: int | None = None


def claims(name: str, truths: Sequence[Truth], outputs: Iterable[str], returned: Mapping[str, int]) -> list[Claim]:
    """What the name of a variable claims; [] where it says nothing.

    `outputs` are the names that the function's value may go by, `returned` the gradients that are to be returned
    and which argument each is of.
    """
    if name in returned:
        return [Claim(truth, truth.graph.inputs[returned[name]]) for truth in truths]
    for truth in truths:
        found = [Claim(truth, position) for base in truth.names for position in truth.positions(base)
                 if base and _is_gradient(name, base, outputs)]  # fmt: skip
        found += list(_slope_claims(name, truth))
        if found:
            return found
    if any(_is_gradient(name, output, ()) for output in outputs):
        return [Claim(truth, len(truth.names) - 1) for truth in truths]
    return []


_PLAIN = (
    "d{n}", "d_{n}", "grad_{n}", "grad{n}", "{n}_grad", "{n}grad", "g_{n}", "g{n}", "{n}_bar", "{n}bar", "{n}_g",
    "delta_{n}", "del_{n}", "grad_wrt_{n}", "upstream_{n}", "up_{n}", "d{n}_", "bar_{n}", "adj_{n}",
)  # fmt: skip
_BY_OUTPUT = ("d{f}d{n}", "d{f}_d{n}", "{f}{n}", "{f}_{n}", "d{f}_{n}", "d{f}{n}", "grad_{f}_{n}", "d_{f}_{n}")


def _is_gradient(name: str, base: str, outputs: Iterable[str]) -> bool:
    inner = re.fullmatch(r"(\w+)\['(\w+)'\]", name)
    if inner:  # grads['a']
        return inner[2] == base or _is_gradient(inner[2], base, outputs)
    spelled = {pattern.format(n=base) for pattern in _PLAIN}
    spelled |= {pattern.format(n=base, f=f) for pattern in _BY_OUTPUT for f in outputs}
    return name in spelled


def _slope_claims(name: str, truth: Truth) -> Iterator[Claim]:
    """`ds_db`: how fast s moves with b."""
    if not name.startswith("d"):
        return
    for gate in truth.graph.gates:
        for use in truth.uses_by(gate):
            source = truth.graph.nodes[gate].arguments[use.port]
            assert isinstance(source, int)
            top, below = truth.names[gate], truth.names[source]
            if top and below and name in (f"d{top}_d{below}", f"d{top}d{below}", f"d{top}_{below}"):
                yield Claim(truth, source, slope_of=gate)
