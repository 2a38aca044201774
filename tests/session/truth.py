"""What is true of a staged graph, by HIPS autograd over the same lines: nothing here uses the engine's passes.

The gradient of a value is the slope of the output when something is added to that value; what a gate sends down a
wire is the slope when something is added to that one argument.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import elementwise_grad, grad

Wires = tuple[str | None, ...]


@dataclass(frozen=True)
class Line:
    """A staged equation: as typed, its wires by argument (None for a constant), and what it does to them."""

    name: str
    text: str
    wires: Wires
    does: Callable[..., Any]
    elementwise: bool = True


@dataclass(frozen=True)
class Truth:
    """A graph and its inputs."""

    lines: tuple[Line, ...]
    at: Mapping[str, Any]

    @property
    def staging(self) -> str:
        """The equations as a learner types them."""
        return "\n".join(f"{line.name} = {line.text}" for line in self.lines)

    def values(self) -> dict[str, Any]:
        """Every value."""
        return self._run()

    def _run(self, place: str | tuple[str, int] = "", added: Any = 0.0) -> dict[str, Any]:
        """Every value, with something added to one value or to one argument of one gate."""
        known = {name: value + added if place == name else value for name, value in self.at.items()}
        for line in self.lines:
            arguments = [
                known[wire] + added if place == (line.name, port) else known[wire]
                for port, wire in enumerate(line.wires)
                if wire is not None
            ]
            value = line.does(*arguments)
            known[line.name] = value + added if place == line.name else value
        return known

    def _slope(self, place: str | tuple[str, int], like: Any) -> Any:
        def output(added: Any) -> Any:
            # 0 times what is added: where it does not reach the output, autograd wants to be told so.
            return anp.sum(self._run(place, added)[self.lines[-1].name]) + 0 * anp.sum(added)

        return grad(output)(np.zeros(np.shape(like)))

    def answers(self) -> dict[str, Any]:
        """Blank key -> the right number or array, for every blank of forward and backward, full and quick."""
        values, right = self.values(), {}
        for name, value in values.items():
            right[f"total:{name}"] = self._slope(name, value)
        for line in self.lines:
            right[f"value:{line.name}"] = values[line.name]
            arguments = [np.asarray(values[wire], dtype=float) for wire in line.wires if wire is not None]
            positions = [port for port, wire in enumerate(line.wires) if wire is not None]
            for position, (port, argument) in enumerate(zip(positions, arguments, strict=True)):
                right[f"down:{line.name}.{port}"] = self._slope((line.name, port), argument)
                if line.elementwise:
                    right[f"local:{line.name}.{port}"] = elementwise_grad(line.does, position)(*arguments)
        return right


def typed(value: Any) -> str:
    """A number or array as a learner types it, to eight decimals."""
    if np.ndim(value) == 0:
        return f"{float(value):.9g}"
    return "[" + ", ".join(map(typed, value)) + "]"


def spoilt(value: Any) -> str:
    """An answer of the right shape that is wrong."""
    wrong = np.array(value, dtype=float)
    wrong.flat[-1] = wrong.flat[-1] * 1.37 + 0.613
    return typed(wrong)
