"""Gradients by central differences: slow and approximate, and independent of every rule in the gates."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tutor.engine.graph import Graph
from tutor.engine.passes import forward
from tutor.engine.values import Value, as_value


def numeric_gradients(graph: Graph, inputs: Mapping[str, Value], nudge: float = 1e-6) -> dict[str, Value]:
    """d(sum of the output)/d(input) for each input, from (f(x + h) - f(x - h)) / 2h entry by entry.

    `nudge` is h, relative to inputs of about size 1. Errors are about h² times the third derivative.
    """
    gradients: dict[str, Value] = {}
    for name, value in inputs.items():
        slope = np.zeros(np.shape(value))
        for index in np.ndindex(slope.shape):
            higher, lower = (_output_with(graph, inputs, name, index, h) for h in (nudge, -nudge))
            slope[index] = (higher - lower) / (2 * nudge)
        gradients[name] = as_value(slope)
    return gradients


def _output_with(graph: Graph, inputs: Mapping[str, Value], name: str, index: tuple[int, ...], nudge: float) -> float:
    moved = np.array(inputs[name], dtype=np.float64)
    moved[index] += nudge
    return float(np.sum(forward(graph, {**inputs, name: as_value(moved)})[graph.output]))
