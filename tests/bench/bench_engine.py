"""Forward and backward over scalar graphs, against a value-object autograd of the usual teaching kind.

Run it by hand: `python tests/bench/bench_engine.py`. The peer below is written for this bench: each operation makes an
object that knows its parents and a closure for its backward step, and a depth-first walk orders them. (The walk here
keeps its own stack, because the usual recursive one ends at a depth of about 1,000.) Both compute the same graph and
are measured in turn in one session, in processor time: on a busy machine a long run is interrupted and a short one is
not, which looks like growth. Every size does the same amount of work in a round.
"""

from __future__ import annotations

import gc
import math
import random
import statistics
import time
from collections.abc import Callable
from functools import partial

from tutor.engine.graph import Graph, GraphBuilder
from tutor.engine.passes import backward, forward

SIZES = (1_000, 10_000, 100_000)
ROUNDS = 7
GATES = ("add", "mul", "sub", "tanh", "sin", "sigmoid")


class Number:
    """A number that remembers how it was made, and its gradient."""

    __slots__ = ("data", "grad", "parents", "step")

    def __init__(self, data: float, parents: tuple[Number, ...] = ()) -> None:
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.step: Callable[[], None] | None = None

    def __add__(self, other: Number) -> Number:
        made = Number(self.data + other.data, (self, other))

        def step() -> None:
            self.grad += made.grad
            other.grad += made.grad

        made.step = step
        return made

    def __sub__(self, other: Number) -> Number:
        made = Number(self.data - other.data, (self, other))

        def step() -> None:
            self.grad += made.grad
            other.grad -= made.grad

        made.step = step
        return made

    def __mul__(self, other: Number) -> Number:
        made = Number(self.data * other.data, (self, other))

        def step() -> None:
            self.grad += other.data * made.grad
            other.grad += self.data * made.grad

        made.step = step
        return made

    def _mapped(self, value: float, slope: float) -> Number:
        made = Number(value, (self,))

        def step() -> None:
            self.grad += slope * made.grad

        made.step = step
        return made

    def tanh(self) -> Number:
        """Hyperbolic tangent."""
        value = math.tanh(self.data)
        return self._mapped(value, 1 - value * value)

    def sin(self) -> Number:
        """Sine."""
        return self._mapped(math.sin(self.data), math.cos(self.data))

    def sigmoid(self) -> Number:
        """Logistic sigmoid."""
        value = 1 / (1 + math.exp(-self.data))
        return self._mapped(value, value * (1 - value))

    def backward(self) -> None:
        """Fill in `grad` of everything this number was made of."""
        order: list[Number] = []
        seen: set[Number] = set()
        waiting = [(self, False)]
        while waiting:
            number, done = waiting.pop()
            if done:
                order.append(number)
            elif number not in seen:
                seen.add(number)
                waiting.append((number, True))
                waiting.extend((parent, False) for parent in number.parents)
        self.grad = 1.0
        for number in reversed(order):
            if number.step is not None:
                number.step()


Recipe = list[tuple[str, tuple[int, ...]]]


def recipe_of(gates: int) -> Recipe:
    """Gates over earlier nodes, the latest among them, so that the output depends on nearly all."""
    dice = random.Random(gates)
    recipe: Recipe = []
    for position in range(4, 4 + gates):
        gate = dice.choice(GATES)
        latest, other = position - 1, dice.randrange(max(0, position - 50), position)
        recipe.append((gate, (latest,) if gate in GATES[3:] else (latest, other)))
        if gate == "mul":  # keeps the numbers in bounds
            recipe[-1] = ("sin", (latest,)) if position % 3 else recipe[-1]
    return recipe


INPUTS = (0.3, -1.2, 0.7, 1.9)


def by_objects(recipe: Recipe) -> list[float]:
    """Forward and backward with the peer: gradients of the inputs."""
    made = [Number(value) for value in INPUTS]
    for gate, arguments in recipe:
        first, *rest = (made[position] for position in arguments)
        match gate:
            case "add":
                made.append(first + rest[0])
            case "sub":
                made.append(first - rest[0])
            case "mul":
                made.append(first * rest[0])
            case _:
                made.append(getattr(first, gate)())
    made[-1].backward()
    return [number.grad for number in made[: len(INPUTS)]]


def graph_of(recipe: Recipe) -> Graph:
    """The recipe as a graph of the engine."""
    builder = GraphBuilder([f"x{i}" for i in range(len(INPUTS))])
    for position, (gate, arguments) in enumerate(recipe, len(INPUTS)):
        builder.apply(f"x{position}", gate, *(f"x{argument}" for argument in arguments))
    return builder.build()


def by_engine(graph: Graph) -> list[float]:
    """Forward and backward with the engine: gradients of the inputs."""
    values = forward(graph, {f"x{i}": value for i, value in enumerate(INPUTS)})
    return [float(gradient) for gradient in backward(graph, values).totals[: len(INPUTS)]]


def build_and_run(recipe: Recipe) -> list[float]:
    """The same, the graph built first: the peer builds its own in every forward pass."""
    return by_engine(graph_of(recipe))


def seconds(run: Callable[[], object], times: int) -> float:
    """Processor time of one run, from so many."""
    gc.collect()
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) / times


def main() -> None:
    """Measure and print medians over the rounds, and ratios."""
    recipes = {size: recipe_of(size) for size in SIZES}
    graphs = {size: graph_of(recipe) for size, recipe in recipes.items()}
    taken: dict[int, list[tuple[float, float, float]]] = {size: [] for size in SIZES}
    for size, recipe in recipes.items():
        for ours, theirs in zip(by_engine(graphs[size]), by_objects(recipe), strict=True):
            assert math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-300), (ours, theirs)
    for _ in range(ROUNDS):
        for size, recipe in recipes.items():
            runs = partial(by_engine, graphs[size]), partial(by_objects, recipe), partial(build_and_run, recipe)
            engine, peer, built = (seconds(run, SIZES[-1] // size) for run in runs)
            taken[size].append((engine, peer, built))
    print("gates    engine µs a gate   peer µs a gate   peer/engine   with building: engine µs a gate   peer/engine")
    each = {}
    for size, rounds in taken.items():
        engine, peer, built = (statistics.median(column) / size * 1e6 for column in zip(*rounds, strict=True))
        each[size] = engine
        print(f"{size:>7,}  {engine:8.2f} {peer:18.2f} {peer / engine:14.2f} {built:24.2f} {peer / built:20.2f}")
    print(f"time a gate at {SIZES[-1]:,} gates over that at {SIZES[0]:,}: {each[SIZES[-1]] / each[SIZES[0]]:.2f}")


if __name__ == "__main__":
    main()
