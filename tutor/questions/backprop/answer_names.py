"""What an answer may be written in: the values of the graph, and the gradients that are found by then."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from tutor.engine.gates import arrays_of, vocabulary
from tutor.engine.values import Shape, Value, shape_of
from tutor.language import Expression, Reading, Span, Unreadable, Vocabulary, names_in, read_expression

UPSTREAM = ("upstream", "u")
"""Words for what arrives at the gate a blank is about."""

LOCAL = "local"
"""The word for its local derivative."""


class AnswerNames(Mapping[str, Value]):
    """The names of one blank, with their values; gradients are worked out when they are asked for.

    `gradients` are called by their one spelling (`∂f/∂q`), `aliases` are the others; `shapes` are theirs. Those that
    are None are known by name and not found yet. `entrywise_powers` tells that `A^2` is no matrix power here.
    `readings` are of texts that were read in these names before, and take in what is read here.
    """

    def __init__(
        self,
        values: Mapping[str, Value],
        gradients: Mapping[str, Callable[[], Value] | None] | None = None,
        aliases: Mapping[str, str] | None = None,
        shapes: Mapping[str, Shape] | None = None,
        *,
        entrywise_powers: bool = True,
        readings: dict[str, Reading[Expression]] | None = None,
    ) -> None:
        self._values = dict(values)
        self._gradients = {} if gradients is None else gradients
        self._aliases = {} if aliases is None else aliases
        self._shapes = {**(shapes or {}), **{name: shape_of(value) for name, value in values.items()}}
        self._entrywise_powers = entrywise_powers
        self._readings = {} if readings is None else readings

    def __getitem__(self, name: str) -> Value:
        if name not in self._values:
            find = self._gradients[name]
            if find is None:
                raise KeyError(name)
            self._values[name] = find()
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or self._gradients.get(str(name)) is not None

    def __iter__(self) -> Iterator[str]:
        yield from self._values
        yield from (name for name, find in self._gradients.items() if find is not None and name not in self._values)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The language with these names known."""
        values = [name for name in self._values if name not in self._gradients]
        arrays = arrays_of(self._shapes, entrywise_powers=self._entrywise_powers)
        return replace(vocabulary(*values), aliases=self._aliases, arrays=arrays)

    def read(self, text: str) -> Reading[Expression]:
        """What a text says in these names. Raises Unreadable, also for a gradient that is not found yet."""
        if text not in self._readings:
            self._readings[text] = read_expression(text, self.vocabulary)
        reading = self._readings[text]
        if unknown := [name for name in names_in(reading.tree) if name not in self]:
            message = f"{unknown[0]} is not found yet. Fill in its blank first."
            raise Unreadable(message, text, (Span(0, len(text)),))
        return reading
