"""What is asked, at one draw of its random tensors."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.questions.backward_context import GraphContext
from tutor.questions.gradient.backward import BackwardPass, prime
from tutor.questions.gradient.spec import GradientSpec


@dataclass(frozen=True)
class GradientQuery:
    """Whose gradient is asked, from which given ones."""

    setting: GradientSpec
    of: str
    given: tuple[str, ...]

    @property
    def position(self) -> int:
        """Where the value stands in the graph."""
        return self.setting.graph.positions[self.of]


@dataclass(frozen=True)
class GradientContext(GraphContext):
    """One draw of what is asked."""

    asked: GradientQuery
    draw: int


def context_of(asked: GradientQuery, draw: int, passed: BackwardPass) -> GradientContext:
    """The context of one draw, which begins with all gradients that are given."""
    setting = asked.setting
    positions = setting.graph.positions
    given = {positions[name]: passed.totals[positions[name]] for name in asked.given}
    nodes = setting.graph.nodes
    return GradientContext(
        setting.graph, setting.draws[draw], {**passed.start, **given}, asked.position,
        lambda position: setting.written(nodes[position].name), setting.loss, asked, draw,
    )  # fmt: skip


def primes(setting: GradientSpec, positions: tuple[int, ...]) -> list[str]:
    """The names of the gradients at these places."""
    return [prime(setting.graph.nodes[position].name) for position in positions]
