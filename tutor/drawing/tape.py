"""The tape: one row a node, lanes on the left. It scales to any graph.

Lanes are given as in the left-edge algorithm of channel routing (Hashimoto and Stevens, 1971): a value keeps its lane
from its own row to its last use; the next takes a lane that ends in its row, or else the leftmost that is free. A lane
is two columns wide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tutor.drawing.canvas import CROSSING, DOWN, LEFT, NODE, RIGHT, UP, Canvas, line_sign
from tutor.drawing.characters import width
from tutor.drawing.layout import NO_PATH, NUMBER, graph_measures, number_role, signed
from tutor.drawing.spec import Drawing, GraphEdge, GraphNode, GraphSpec, Rect, Role


@dataclass(frozen=True, slots=True)
class TapeRow:
    """The lanes in the row of one node.

    `own` is the node's lane; `passing` and `ending` say whose value a lane carries that goes on below, or
    that ends here; `joined` are the lanes of the node's arguments.
    """

    own: int
    passing: dict[int, int]
    ending: dict[int, int]
    joined: frozenset[int]

    @property
    def last(self) -> int:
        """The outermost lane in this row."""
        return max(self.own, *self.passing, *self.ending, self.own)


def assign_lanes(edges: Sequence[tuple[int, int]], count: int) -> list[TapeRow]:
    """Give each of `count` nodes a lane, from 0 at the left; `edges` are pairs (source, target), source < target.

    One row a node comes back, in order. Left-edge algorithm (Hashimoto and Stevens 1971).
    """
    sources: list[set[int]] = [set() for _ in range(count)]
    last = list(range(count))
    for source, target in edges:
        sources[target].add(source)
        last[source] = max(last[source], target)
    on: list[int | None] = []  # the node whose value each lane carries
    rested: list[int] = []  # the first row in which a free lane may be taken again
    lane_of: list[int] = []
    rows = []
    for node, used in enumerate(sources):
        ending = {lane_of[source]: source for source in sorted(used) if last[source] == node}
        for lane in ending:
            # Not in the very next row: two nodes right below each other would look joined.
            on[lane], rested[lane] = None, node + 2
        free = (lane for lane, holder in enumerate(on) if holder is None and rested[lane] <= node)
        own = min(ending) if ending else next(free, len(on))
        if own == len(on):
            on.append(None)
            rested.append(0)
        passing = {lane: holder for lane, holder in enumerate(on) if holder is not None}
        rows.append(TapeRow(own, passing, ending, frozenset(lane_of[source] for source in used)))
        lane_of.append(own)
        on[own], rested[own] = (node, 0) if last[node] > node else (None, node + 2)
    return rows


GAP = 3  # blank cells between the columns of text


def draw_tape(picture: GraphSpec, signs: Mapping[str, str]) -> Drawing:
    """Draw a graph as a tape: as many rows as nodes, in columns of equation, shape, value, gradient and shares.

    `signs` replaces line-drawing signs by others: empty, or ASCII_LINES.
    """
    nodes = picture.nodes
    rows = assign_lanes([(wire.source, wire.target) for wire in picture.wires], len(nodes))
    idle = graph_measures(picture).idle
    equations = [_equation(node, idle[index]) for index, node in enumerate(nodes)]
    shapes = [node.shape for node in nodes]
    values = _aligned([node.value for node in nodes])
    gradients = _aligned([node.gradient for node in nodes])
    forks = _forks(picture)

    equation_at = max((2 * row.last + 1 for row in rows), default=0) + GAP
    shape_at = _after(equation_at, equations)
    value_at = _after(shape_at, shapes)
    gradient_at = _after(value_at, values, NUMBER)
    fork_at = gradient_at + max([NUMBER if any(gradients) else 0, *map(width, gradients)])
    columns = ((equation_at, equations), (shape_at, shapes), (value_at, values), (gradient_at, gradients))
    ends = [at + width(text) for at, texts in columns for text in texts]
    ends += [fork_at + sum(width(text) for text, _ in fork) for fork in forks if fork]
    canvas = Canvas(max(ends, default=0), len(nodes), signs)
    for index, (node, row) in enumerate(zip(nodes, rows, strict=True)):
        _paint_lanes(canvas, index, row)
        canvas.write(equation_at, index, equations[index], "face", index)
        canvas.write(shape_at, index, shapes[index], "plain", index)
        canvas.write(value_at, index, values[index], number_role(node.value, "value"), index)
        canvas.write(gradient_at, index, gradients[index], number_role(node.gradient, "gradient"), index)
        x = fork_at
        for text, role in forks[index]:
            x = canvas.write(x, index, text, role, index)
    places = tuple(Rect(0, index, canvas.width, 1) for index in range(len(nodes)))
    return Drawing(canvas.lines(), canvas.width, canvas.height, places, "tape", picture.wires)


def _after(at: int, texts: list[str], least: int = 0) -> int:
    """Where the column behind a column of `texts` begins."""
    widest = max(map(width, texts), default=0)
    return at + max(widest, least) + GAP if widest else at


def _equation(node: GraphNode, idle: bool) -> str:
    text = node.equation or node.name
    return f"{text} (input{f', {NO_PATH}' if idle else ''})" if node.kind == "input" else text


def _aligned(numbers: list[str]) -> list[str]:
    """Numbers with their decimal points below each other."""
    wholes = [width(signed(number).partition(".")[0]) for number in numbers]
    widest = max([2, *(whole for whole, number in zip(wholes, numbers, strict=True) if number)])
    return [
        " " * (widest - whole) + signed(number) if number else "" for whole, number in zip(wholes, numbers, strict=True)
    ]


def _forks(picture: GraphSpec) -> list[list[tuple[str, Role]]]:
    """What is written behind each gradient: the shares it is the sum of, with who sent them."""
    shares: list[list[GraphEdge]] = [[] for _ in picture.nodes]
    for wire in picture.wires:
        if wire.share:
            shares[wire.source].append(wire)
    forks: list[list[tuple[str, Role]]] = []
    for wires in shares:
        texts: list[tuple[str, Role]] = []
        for wire in sorted(wires, key=lambda wire: (wire.target, wire.port)):
            texts.append((" + " if texts else " = ", "plain"))
            texts.append((wire.share, number_role(wire.share, "gradient")))
            texts.append((f"({picture.nodes[wire.target].name})", "name"))
        forks.append(texts)
    return forks


def _paint_lanes(canvas: Canvas, y: int, row: TapeRow) -> None:
    """The dot of the node, the wire that joins its arguments to it, and the lanes that pass."""
    left, right = min(row.own, *row.joined, row.own), max(row.own, *row.joined, row.own)
    canvas.fill(range(2 * left, 2 * right + 1), y, "─", "wire", y)
    for lane, owner in {**row.ending, **row.passing}.items():
        if left < lane < right and lane not in row.joined:
            canvas.put(2 * lane, y, CROSSING, "wire", None)
            continue
        sides = UP | DOWN if lane in row.passing else UP
        sides |= (LEFT if left < lane <= right else 0) | (RIGHT if left <= lane < right else 0)
        canvas.put(2 * lane, y, line_sign(sides), "wire", owner)
    canvas.put(2 * row.own, y, NODE, "box", y)
