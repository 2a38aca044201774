"""A learner's graph worked by hand with the gate tables: its numbers, true or rounded, and its formulas."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from typing import Any

import numpy as np

from tests.bench.gate_tables import VALUES, WRITTEN, local_formulas, sent_down, sent_down_written, slope
from tests.bench.written_forms import nicest, rounded
from tests.questions.learners import sheet_of
from tests.questions.making import Learner
from tutor.engine.graph import Node, Use


class ByHand:
    """A learner's graph worked with the tables: true, or with every number rounded to so many digits."""

    def __init__(self, work: Learner, digits: int = 0) -> None:
        sheet = sheet_of(work)
        self.graph, self.inputs = sheet.graph, work.problem.inputs
        self.digits = digits
        self.step = _step_of(work)
        self.quick = work.quick
        self.locals_as_formulas = False

    def kept(self, value: Any) -> Any:
        """A number as this learner writes it down and goes on with it."""
        return _rounded_all(value, self.digits) if self.digits else value

    def name(self, position: int) -> str:
        return self.graph.nodes[position].name

    def arguments(self, position: int) -> list[Any]:
        return [self.values[a] if isinstance(a, int) else a.value for a in self.graph.nodes[position].arguments]

    @cached_property
    def values(self) -> list[Any]:
        self.values = []  # so that `arguments` finds those so far
        for position, node in enumerate(self.graph.nodes):
            known = node.gate is None
            self.values.append(self.inputs[node.name] if known else self.kept(self._computed(node, position)))
        return self.values

    def _computed(self, node: Node, position: int) -> Any:
        assert node.gate is not None
        with np.errstate(all="ignore"):
            return VALUES[node.gate.key](*self.arguments(position), **node.options)

    def local(self, use: Use) -> Any:
        """In the shape of the gate's value."""
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        return slope(node.gate.key, use.port, self.arguments(use.gate), self.values[use.gate])

    def down(self, use: Use, kept: bool = True) -> Any:
        """Upstream times local, as it is written down or as it comes from the calculator."""
        node, upstream = self.graph.nodes[use.gate], self.total(use.gate)
        assert node.gate is not None
        arguments = self.arguments(use.gate)
        if not node.gate.elementwise:
            return self._kept_if(sent_down(node.gate.key, use.port, arguments, upstream, node.options), kept)
        rounds = kept and not self.locals_as_formulas
        wide = upstream * self._kept_if(self.local(use), rounds)
        return self._kept_if(_summed_to(wide, np.shape(arguments[use.port])), kept)

    def _kept_if(self, value: Any, kept: bool) -> Any:
        return self.kept(value) if kept else value

    def total(self, position: int) -> Any:
        if position == self.graph.output:
            return 1.0
        if position not in self._totals:
            shares = [self.down(use, kept=not self.quick) for use in self.graph.uses[position]]
            total = self.kept(sum(shares[1:], start=shares[0])) if shares else 0.0 * self.values[position]
            self._totals[position] = total
        return self._totals[position]

    @cached_property
    def _totals(self) -> dict[int, Any]:
        return {}

    def at(self, key: str) -> Any:
        """The number that goes into a blank."""
        kind, _, name = key.partition(":")
        if kind in ("value", "total", "step"):
            position = self.graph.positions[name]
            if kind == "step":
                return self.kept_after(name, self.inputs[name] - self.step * self.total(position))
            return self.values[position] if kind == "value" else self.total(position)
        use = use_of(self, key)
        return self.kept(self.local(use)) if kind == "local" else self.down(use)

    def kept_after(self, name: str, after: Any) -> Any:
        """Rounded to as many digits as show the step."""
        if not self.digits:
            return after
        self.digits_of_step = max(self.digits, digits_wanted(self.inputs[name], after))
        return _rounded_all(after, self.digits_of_step)


def _rounded_all(value: Any, digits: int) -> Any:
    if np.ndim(value):
        return np.reshape([float(rounded(entry, digits)) for entry in np.ravel(value)], np.shape(value))
    return float(rounded(value, digits))


def use_of(hand: ByHand, key: str) -> Use:
    gate, _, port = key.partition(":")[2].rpartition(".")
    return Use(hand.graph.positions[gate], int(port))


def digits_wanted(before: Any, after: Any) -> int:
    """To see a step of 0.02 from 2 it takes three digits."""
    after, moved = np.abs(np.ravel(after)), np.abs(np.ravel(after) - np.ravel(before))
    seen = (after > 0) & (moved > 0)
    places = np.floor(np.log10(after[seen])) - np.floor(np.log10(moved[seen])) + 1
    return int(np.clip(places.max(initial=2), 2, 5))


def _summed_to(wide: Any, shape: tuple[int, ...]) -> Any:
    if np.shape(wide) == shape:
        return wide
    wide = np.sum(wide, axis=tuple(range(np.ndim(wide) - len(shape))))
    for axis, size in enumerate(shape):
        if size == 1:
            wide = np.sum(wide, axis=axis, keepdims=True)
    return float(wide) if not shape else wide


# Formulas in the learner's own names


class Formulas:
    """What a learner may write with names instead of numbers."""

    def __init__(self, hand: ByHand) -> None:
        self.hand, self.graph = hand, hand.graph

    def _named(self, position: int, inputs_only: bool = False) -> dict[str, str]:
        """What a, b and y of the tables are called at this gate."""
        node = self.graph.nodes[position]
        texts = [
            (self.value(a, True) if inputs_only else self.hand.name(a)) if isinstance(a, int) else a.text
            for a in node.arguments
        ]
        y = self.value(position, True) if inputs_only else node.name
        return {"a": texts[0], "b": texts[-1], "y": y}

    def value(self, position: int, inputs_only: bool) -> str:
        node = self.graph.nodes[position]
        if node.gate is None:
            return node.name
        if node.options:
            raise KeyError(node.gate.key)
        return f"({WRITTEN[node.gate.key][0].format(**self._arguments_named(position, inputs_only))})"

    def _arguments_named(self, position: int, inputs_only: bool) -> dict[str, str]:
        texts = [
            (self.value(a, True) if inputs_only else self.hand.name(a)) if isinstance(a, int) else a.text
            for a in self.graph.nodes[position].arguments
        ]
        return {"a": texts[0], "b": texts[-1]}

    def values(self, position: int) -> Iterator[str]:
        node = self.graph.nodes[position]
        assert node.gate is not None
        if node.options:
            return
        for template in WRITTEN.get(node.gate.key, ()):
            yield template.format(**self._arguments_named(position, False))
        with suppress(KeyError):
            yield self.value(position, True)

    def locals(self, use: Use, inputs_only: bool = False) -> list[str]:
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        constant = next((a.value for a in node.arguments if not isinstance(a, int)), None)
        named = self._named(use.gate, inputs_only)
        templates = local_formulas(node.gate.key, use.port, constant)
        return [template.format(**named) for template in templates]

    def down(self, use: Use, rng: random.Random, inputs_only: bool = False) -> str:
        """A formula for what is sent down; "" where there is none in the tables."""
        node = self.graph.nodes[use.gate]
        assert node.gate is not None
        upstream = self.total(use.gate, rng, inputs_only)
        if not upstream:
            return ""
        if not node.gate.elementwise:
            sizes = [np.shape(argument) for argument in self.hand.arguments(use.gate)]
            written = "" if node.options else sent_down_written(node.gate.key, use.port, upstream, sizes)
            return written.format(**self._named(use.gate, inputs_only)) if written else ""
        if np.shape(self.hand.values[use.gate]) != np.shape(self.hand.arguments(use.gate)[use.port]):
            return ""
        formulas = self.locals(use, inputs_only) or [nicest(self.hand.local(use))]
        if np.ndim(self.hand.local(use)) and not self.locals(use):
            return ""
        local = rng.choice(formulas)
        return rng.choice((f"({upstream})*({local})", f"({local})*({upstream})", f"({local})({upstream})"))

    def total(self, position: int, rng: random.Random, inputs_only: bool = False) -> str:
        """A formula for a gradient: the whole chain."""
        if position == self.graph.output:
            return "1"
        shares = [self.down(use, rng, inputs_only) for use in self.graph.uses[position]]
        return " + ".join(shares) if shares and all(shares) else ""


def _step_of(work: Learner) -> float:
    found = [step for step in work.steps if step.key == "descend"]
    return float(found[0]._step._step) if found else 0.0  # an AnyReadingStep around the step itself
