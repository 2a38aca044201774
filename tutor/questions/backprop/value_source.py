"""The numbers a gradient is worked out from: the true ones at some inputs, or the learner's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from tutor.engine.graph import Node, Use
from tutor.engine.passes import local_derivative
from tutor.engine.values import Shape, Value, shape_of, unbroadcast
from tutor.questions.backprop.carried_forward import LearnerValues
from tutor.questions.backprop.reference import Pass, Reference


@dataclass(frozen=True)
class ValueSource:
    """A value and a gradient for every node, and what goes down every wire."""

    value: Callable[[int], Value]
    total: Callable[[int], Value]
    down: Callable[[Use], Value]
    local: Callable[[Use], Value | None] = lambda _use: None
    """A local derivative that is not worked out from the values; None where it is."""

    @classmethod
    def of_pass(cls, on: Pass) -> ValueSource:
        """The true ones."""

        def down(use: Use) -> Value:
            share = on.gradients.shares[use.gate][use.port]
            assert share is not None, "constants receive nothing"
            return share

        return cls(on.values.__getitem__, on.gradients.totals.__getitem__, down)

    @classmethod
    def of_learner(cls, own: LearnerValues, asked: int | None = None) -> tuple[ValueSource, ...]:
        """The learner's own, as far as there are answers; at the gate whose value is asked, what follows from them.

        There is one for each way to go on from them: local derivatives as answered or worked out again, forward values
        as answered or as they are, what goes down in each way its slope may be worked out. None where all is as it is.
        """
        if not own.differs:
            return ()

        def value(position: int) -> Value:
            follows = own.follows_for_value(position) if position == asked else []
            return follows[0] if follows else own.value(position)

        mine = cls(value, own.total, own.down)
        ways = [replace(mine, down=partial(own.down, way=way)) for way in range(1, own.ways)]
        return (mine, replace(mine, local=own.answered_local), replace(mine, value=own.true_value), *ways)


@dataclass(frozen=True)
class GatePlace:
    """One wire into a gate, with what is known there."""

    reference: Reference
    use: Use
    numbers: ValueSource

    @cached_property
    def node(self) -> Node:
        """The gate's node."""
        return self.reference.gate_node(self.use.gate)

    @cached_property
    def arguments(self) -> list[Value]:
        """What the gate is applied to."""
        return [self.numbers.value(a) if isinstance(a, int) else a.value for a in self.node.arguments]

    @cached_property
    def y(self) -> Value:
        """The gate's value."""
        return self.numbers.value(self.use.gate)

    @cached_property
    def u(self) -> Value:
        """What arrives at the gate."""
        return self.numbers.total(self.use.gate)

    @cached_property
    def own(self) -> Value:
        """The value of the argument whose gradient is asked."""
        return self.arguments[self.use.port]

    @cached_property
    def shape(self) -> Shape:
        """Its shape, which the gradient must have."""
        return shape_of(self.own)

    @cached_property
    def local(self) -> Value | None:
        """d(gate)/d(argument); None where the gate mixes entries."""
        assert self.node.gate is not None
        if not self.node.gate.elementwise:
            return None
        known = self.numbers.local(self.use)
        return local_derivative(self.node, self.use.port, self.y, self.arguments) if known is None else known

    @cached_property
    def wide(self) -> Value:
        """What the gate sends down, before it is summed back to the argument's shape."""
        known = self.numbers.local(self.use)
        return self.sent(self.u) if known is None else self.u * known

    @cached_property
    def share(self) -> Value:
        """What the gate sends down."""
        return self.back(self.wide)

    @cached_property
    def output(self) -> Value:
        """The value of the whole function."""
        return self.numbers.value(self.reference.graph.output)

    @cached_property
    def further(self) -> list[Value]:
        """What arrives at the gates that use this gate's value."""
        return [self.numbers.total(use.gate) for use in self.reference.graph.uses[self.use.gate]]

    def sent(self, upstream: Value) -> Value:
        """What the gate would send down for this upstream, not summed back."""
        assert self.node.gate is not None
        vjp = self.node.gate.vjps[self.use.port]
        with np.errstate(all="ignore"):
            sent: Value = vjp(_filled(upstream, shape_of(self.y)), self.y, *self.arguments, **self.node.options)
        return sent

    def back(self, wide: Value) -> Value:
        """Summed back to the argument's shape, where that can be done."""
        if shape_of(wide) == self.shape or not self.stretched:
            return wide
        return unbroadcast(wide, self.shape) if shape_of(wide) == shape_of(self.y) else wide

    @cached_property
    def stretched(self) -> bool:
        """Whether the gate copied this argument along other axes."""
        assert self.node.gate is not None
        return self.node.gate.elementwise and shape_of(self.y) != self.shape


def _filled(upstream: Value, shape: Shape) -> Value:
    return np.broadcast_to(upstream, shape) if shape and shape_of(upstream) != shape else upstream
