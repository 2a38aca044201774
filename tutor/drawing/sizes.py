"""What is measured before anything is placed: numbers, names and ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.drawing.characters import width
from tutor.drawing.spec import ASKED, GraphNode, GraphSpec, Rect, Role

NUMBER = 6  # cells kept for a number, so that answering "?" moves nothing


def signed(text: str) -> str:
    """A number with a blank where the sign would be, so that digits stand below digits.

    A number that needs all the room kept for one does without.
    """
    return text if text[:1] in ("-", "−") or width(text) >= NUMBER else f" {text}"


def number_role(text: str, role: Role) -> Role:
    """The role of a number: "asked" where the learner still owes it."""
    return "asked" if text == ASKED else role


def number_width(texts: Iterable[str]) -> int:
    """Cells for the widest of some numbers with their signs, never less than are kept for a number."""
    return max([NUMBER, *(width(signed(text)) for text in texts if text)])


def title(spot: GraphNode) -> str:
    """The name to show beside the face: none where the face says it already."""
    return "" if spot.name == spot.symbol else spot.name


@dataclass(frozen=True, slots=True)
class ShownNode:
    """What all spots of a picture need to know of the others to be measured alike."""

    arguments: tuple[int, ...]  # how many arguments each spot has
    used: tuple[bool, ...]  # whether anything uses the spot
    feeds: tuple[bool, ...]  # whether a wire leaves the spot: to what uses it, or out of the drawing
    shares: tuple[int, ...]  # cells for the widest share arriving at each spot, 0 if none
    values: bool  # whether any value is shown
    gradients: bool  # whether any gradient is shown
    shapes: bool  # whether any shape is shown

    @property
    def numbers(self) -> bool:
        """Whether any value or gradient is shown."""
        return self.values or self.gradients


def shown(picture: GraphSpec) -> ShownNode:
    """Gather the counts and widths."""
    count = len(picture.spots)
    arguments, used, shares = [0] * count, [False] * count, [0] * count
    for wire in picture.wires:
        arguments[wire.target] = max(arguments[wire.target], wire.port + 1)
        used[wire.source] = True
        if wire.share:
            shares[wire.target] = max(shares[wire.target], NUMBER, width(wire.share))
    return ShownNode(
        tuple(arguments),
        tuple(used),
        tuple(uses or spot.kind == "output" for uses, spot in zip(used, picture.spots, strict=True)),
        tuple(shares),
        values=any(spot.value for spot in picture.spots),
        gradients=any(spot.gradient for spot in picture.spots),
        shapes=any(spot.shape for spot in picture.spots),
    )


def port_rows(arguments: int) -> tuple[int, ...]:
    """Where arguments arrive, from the middle row: (0), (-1, 1), (-1, 0, 1), (-2, -1, 1, 2), ..."""
    half = arguments // 2
    return tuple(row for row in range(-half, half + 1) if row or arguments % 2)


def stem_width(spot: GraphNode, seen: ShownNode) -> int:
    """Cells behind a spot for its numbers and its shape."""
    stem = number_width((spot.value, spot.gradient)) if seen.numbers else 1
    return max(stem, width(spot.shape) + 2 if spot.shape else 0)


@dataclass(frozen=True, slots=True)
class Block:
    """A spot with its position: the cells it may fill, the row its wire leaves in, whether one does."""

    spot: GraphNode
    index: int
    place: Rect
    axis: int
    arguments: int
    feeds: bool
