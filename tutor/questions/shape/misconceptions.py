"""A wrong way to a shape, and what is said of the slips that an answer shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tutor.engine.values import Shape

MOST_TOLD = 2
"""With more explanations than this, nothing is told."""


@dataclass(frozen=True, slots=True)
class ShapeMistake:
    """One wrong way: its name, the shape it leads to, and what to say of it. `sure` where it is more than a fact.

    The name goes into a sentence: "aligned from the left".
    """

    name: str
    leads_to: Shape
    says: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class ShapeExplanation:
    """What is said of a wrong shape, and the name of the slip where there is only one."""

    says: str = ""
    name: str = ""


def recognised(mine: Shape, slips: Iterable[ShapeMistake]) -> ShapeExplanation:
    """The slips that lead to this shape: one, either of two; mere facts about it only where there is no slip."""
    leading = [slip for slip in slips if slip.leads_to == mine]
    found = {slip.name: slip for slip in reversed([slip for slip in leading if slip.sure])}
    found = found or {slip.name: slip for slip in leading[:1]}
    told = list(found.values())[::-1]
    if not told or len(told) > MOST_TOLD:
        return ShapeExplanation()
    if len(told) == 1:
        return ShapeExplanation(told[0].says, told[0].name)
    return ShapeExplanation(f"Two mistakes give this: {told[0].name}, or {told[1].name}. Which one was it?")


def some_of(axes: list[int]) -> list[tuple[int, ...]]:
    """Every choice of at least one of these axes."""
    return [chosen for many in range(1, len(axes) + 1) for chosen in combinations(axes, many)]
