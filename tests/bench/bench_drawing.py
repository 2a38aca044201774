"""How long a graph takes to draw, and how many of its wires cross, against grandalf and Graphviz dot.

Run it by hand: `python tests/bench/bench_drawing.py`. The peers are optional: `pip install grandalf`, and `dot` on the
path; without one its lines say so. Crossings are pairs of wires, with neither end in common, that cross in the drawing.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import combinations, pairwise
from random import Random

from tutor.drawing import STYLES, GraphEdge, GraphNode, GraphSpec, Style, choose, draw
from tutor.drawing.layout import LayoutPlan, Size, graph_measures, layout
from tutor.drawing.sideways import Boxes

try:
    import grandalf.graphs
    import grandalf.layouts
    import grandalf.routing
except ImportError:
    grandalf = None

DRAWN: tuple[Style, ...] = ("boxes", "compact", "down")
BUDGETS = {60: 60.0, 300: 600.0}  # milliseconds, for a graph never seen before
GRAPHS = 20
Cell = tuple[int, int]
Point = tuple[float, float]
Paths = dict[tuple[int, int, int], list[Point]]


def expression(gates: int, seed: int) -> GraphSpec:
    """A random expression of about so many gates: values are used soon, all in the end, a few more than once."""
    chance = Random(seed)
    inputs = max(2, gates // 5)
    waiting = list(range(inputs))
    wires: list[GraphEdge] = []
    for target in range(inputs, inputs + gates):
        left = inputs + gates - target
        arguments = 1 if len(waiting) < 2 or (len(waiting) <= left and chance.random() < 0.4) else 2
        for port in range(arguments):
            if waiting and (len(waiting) >= left or chance.random() < 0.7):
                source = waiting.pop(chance.randrange(len(waiting)))
            else:
                source = chance.randrange(max(0, target - 8), target)
            wires.append(GraphEdge(source, target, port))
        waiting = [node for node in waiting if node not in {wire.source for wire in wires[-arguments:]}] + [target]
    uses = [sum(wire.source == node for wire in wires) for node in range(inputs + gates)]
    shared = [replace(wire, share="0.125") if uses[wire.source] > 1 else wire for wire in wires]
    return GraphSpec(
        tuple(
            GraphNode(
                f"x{node}" if node < inputs else f"g{node}",
                f"x{node}" if node < inputs else chance.choice(("+", "×", "exp", "σ", "^2")),
                f"g{node} = ...",
                "0.250",
                "-0.500",
                kind="input" if node < inputs else "gate",
            )
            for node in range(inputs + gates)
        ),
        tuple(shared),
    )


def main() -> None:
    """Measure and print."""
    _drawing_times()
    print()
    _redrawing_times()
    print()
    _crossings()


def _milliseconds(job: Callable[..., object], *given: object) -> float:
    started = time.perf_counter()
    job(*given)
    return (time.perf_counter() - started) * 1e3


def _spread(times: list[float]) -> str:
    return f"median {statistics.median(times):7.2f} ms   p95 {statistics.quantiles(times, n=20)[-1]:7.2f} ms"


def _drawing_times() -> None:
    print("drawing a graph never seen before")
    for gates, rounds in ((8, 60), (12, 60), (60, 40), (300, 10)):
        for style in STYLES:
            # Each round draws another graph: nothing is remembered from the round before.
            pictures = [expression(gates, 1000 * gates + 10 * STYLES.index(style) + 100_000 * n) for n in range(rounds)]
            times = [_milliseconds(draw, some, style) for some in pictures]
            budget = f"   budget {BUDGETS[gates]:.0f} ms" if gates in BUDGETS else ""
            print(f"  {gates:4} gates  {style:8} {_spread(times)}{budget}")
    times = [_milliseconds(choose, expression(12, 77 * n), 78, 9) for n in range(60)]
    print(f"    12 gates  choose() {_spread(times)}   in 78 x 9 cells")


def _redrawing_times() -> None:
    print("drawing it again with other values, as a ratio to the first time")
    for gates, rounds in ((12, 40), (60, 20), (300, 5)):
        for style in DRAWN:
            first, again, wider = [], [], []
            for n in range(rounds):
                some = expression(gates, 31 * gates + 7 * STYLES.index(style) + 1_000_000 * (n + 1))
                others = _with_values(some, "-0.123")
                longer = _with_values(some, "-12.345")
                first.append(_milliseconds(draw, some, style))
                again.append(_milliseconds(draw, others, style))
                wider.append(_milliseconds(draw, longer, style))
            base = statistics.median(first)
            print(
                f"  {gates:4} gates  {style:8} as long: {statistics.median(again):6.2f} ms, "
                f"{statistics.median(again) / base:.2f} x   longer: {statistics.median(wider):6.2f} ms, "
                f"{statistics.median(wider) / base:.2f} x"
            )


def _with_values(some: GraphSpec, value: str) -> GraphSpec:
    return GraphSpec(tuple(replace(node, value=value) for node in some.nodes), some.wires)


def _crossings() -> None:
    pictures = [expression(10 + seed, seed) for seed in range(GRAPHS)]
    wires = sum(len(some.wires) for some in pictures)
    print(f"crossings over {GRAPHS} random expressions of 10 to {9 + GRAPHS} gates, {wires} wires")
    ways: list[tuple[str, Callable[[GraphSpec], Paths] | None]] = [
        ("this", _paths_here),
        ("grandalf", _paths_of_grandalf if grandalf else None),
        ("dot", _paths_of_dot if shutil.which("dot") else None),
        ("dot, ports", _paths_of_dot_with_ports if shutil.which("dot") else None),
    ]
    ours = 0.0
    for name, way in ways:
        if way is None:
            print(f"  {name:12} not installed")
            continue
        times, count = [], 0
        for some in pictures:
            started = time.perf_counter()
            paths = way(some)
            times.append((time.perf_counter() - started) * 1e3)
            count += _crossing_pairs(paths)
        ours = ours or statistics.median(times)
        print(
            f"  {name:12} {count:4} crossings   median {statistics.median(times):7.2f} ms a graph"
            f"   {statistics.median(times) / ours:6.1f} x"
        )
    signs = sum(draw(some, "boxes").text.count("┼") for some in pictures)
    print(f"  this         {signs:4} crossing signs on screen, where all branches of a value share one trunk")


def _paths_here(some: GraphSpec) -> Paths:
    """Each wire's way through the plan of the boxes, from its source to its port."""
    seen, look = graph_measures(some), Boxes()
    sizes = tuple(look.size(node, index, seen) for index, node in enumerate(some.nodes))
    edges = tuple((wire.source, wire.target, wire.port) for wire in some.wires)
    plan = layout(sizes, edges, look.spacing)
    near = _steps(plan)
    return {edge: _way(near[edge[0]], plan, sizes, edge) for edge in edges}


def _steps(plan: LayoutPlan) -> dict[int, dict[Cell, set[Cell]]]:
    """For each node, which cells of its wiring lie side by side."""
    near: dict[int, dict[Cell, set[Cell]]] = {}
    for stroke in plan.strokes:
        cells = [
            (step, stroke.at) if stroke.along else (stroke.at, step) for step in range(stroke.start, stroke.stop + 1)
        ]
        of_spot = near.setdefault(stroke.owner, {})
        for one, two in pairwise(cells):
            of_spot.setdefault(one, set()).add(two)
            of_spot.setdefault(two, set()).add(one)
    return near


def _way(
    near: dict[Cell, set[Cell]], plan: LayoutPlan, sizes: tuple[Size, ...], edge: tuple[int, int, int]
) -> list[Point]:
    source, target, port = edge
    start = (plan.starts[source] + plan.lengths[source] - 1, plan.axes[source])
    goal = (plan.starts[target], plan.axes[target] + sizes[target].ports[port])
    # The plan's wires begin at the end of the longest node of a layer.
    start = min((cell for cell in near if cell[1] == start[1] and cell[0] >= start[0]), default=start)
    came: dict[Cell, Cell | None] = {start: None}
    waiting = deque([start])
    while waiting:
        cell = waiting.popleft()
        for other in near[cell]:
            if other not in came:
                came[other] = cell
                waiting.append(other)
    way = [goal]
    while (before := came[way[-1]]) is not None:
        way.append(before)
    return _corners(way[::-1])


def _corners(way: list[Cell]) -> list[Point]:
    inner = [
        two
        for one, two, three in zip(way, way[1:], way[2:], strict=False)
        if (two[0] - one[0], two[1] - one[1]) != (three[0] - two[0], three[1] - two[1])
    ]
    return [way[0], *inner, way[-1]]


def _joined(some: GraphSpec) -> list[tuple[int, int]]:
    """Pairs of nodes with a wire between them: the peers do not tell two wires of x*x apart."""
    return sorted({(wire.source, wire.target) for wire in some.wires})


def _paths_of_grandalf(some: GraphSpec) -> Paths:
    nodes = [grandalf.graphs.Vertex(index) for index in range(len(some.nodes))]
    for node in nodes:
        node.view = grandalf.layouts.VertexViewer(w=70, h=30)
    edges = [grandalf.graphs.Edge(nodes[source], nodes[target]) for source, target in _joined(some)]
    paths: Paths = {}
    for component in grandalf.graphs.Graph(nodes, edges).C:
        for edge in component.E():
            edge.view = grandalf.routing.EdgeViewer()
        way = grandalf.layouts.SugiyamaLayout(component)
        way.route_edge = grandalf.routing.route_with_lines
        way.init_all()
        way.draw(N=12)  # as many rounds as are allowed here
        for edge in component.E():
            source, target = edge.v
            paths[source.data, target.data, 0] = [source.view.xy, *edge.view._pts[1:-1], target.view.xy]
    return paths


def _paths_of_dot(some: GraphSpec) -> Paths:
    lines = [f"n{source} -> n{target}" for source, target in _joined(some)]
    return _paths_from_dot("node [shape=box]", lines, [(source, target, 0) for source, target in _joined(some)])


def _paths_of_dot_with_ports(some: GraphSpec) -> Paths:
    nodes = ["node [shape=record]"]
    for node in range(len(some.nodes)):
        ports = "|".join(f"<p{wire.port}>" for wire in some.wires if wire.target == node)
        nodes.append(f'n{node} [label="{{{{{ports}}}|<out> {node}}}"]' if ports else f'n{node} [label="<out> {node}"]')
    edges = [(wire.source, wire.target, wire.port) for wire in some.wires]
    return _paths_from_dot("\n".join(nodes), [f"n{a}:out:e -> n{b}:p{port}:w" for a, b, port in edges], edges)


def _paths_from_dot(nodes: str, lines: list[str], edges: Iterable[tuple[int, int, int]]) -> Paths:
    source = "\n".join(["digraph {", "rankdir=LR", nodes, *lines, "}"])
    ran = subprocess.run(["dot", "-Tplain"], input=source, capture_output=True, text=True, check=True)
    unread: dict[tuple[str, str], list[list[Point]]] = {}
    for line in ran.stdout.splitlines():
        words = line.split()
        if words[0] == "edge":
            numbers = [float(word) for word in words[4 : 4 + 2 * int(words[3])]]
            points = list(zip(numbers[::2], numbers[1::2], strict=True))
            unread.setdefault((words[1].partition(":")[0], words[2].partition(":")[0]), []).append(_sampled(points))
    return {(a, b, port): unread[f"n{a}", f"n{b}"].pop() for a, b, port in edges}


def _sampled(points: list[Point], steps: int = 8) -> list[Point]:
    """Points on a chain of cubic Bézier curves."""
    found = [points[0]]
    for at in range(0, len(points) - 3, 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = points[at : at + 4]
        for step in range(1, steps + 1):
            t = step / steps
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            found.append((a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy))
    return found


def _crossing_pairs(paths: Paths) -> int:
    return sum(
        _cross(paths[one], paths[two])
        for one, two in combinations(paths, 2)
        if one[0] != two[0] and one[1] != two[1] and one[0] != two[1] and one[1] != two[0]
    )


def _cross(one: list[Point], two: list[Point]) -> bool:
    return any(
        min(a[0], b[0]) <= max(c[0], d[0])
        and min(c[0], d[0]) <= max(a[0], b[0])
        and _side(a, b, c) * _side(a, b, d) < 0
        and _side(c, d, a) * _side(c, d, b) < 0
        for a, b in pairwise(one)
        for c, d in pairwise(two)
    )


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


if __name__ == "__main__":
    main()
