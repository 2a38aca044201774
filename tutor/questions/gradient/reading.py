"""Reading a matrix expression: gradients have several spellings, and what stands side by side is multiplied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from tutor.engine.gates import arrays_of, vocabulary
from tutor.engine.values import Value, shape_of
from tutor.judging import Verdict, from_language, unreadable
from tutor.language import (
    Expression,
    Otherwise,
    Reading,
    Span,
    Unreadable,
    Vocabulary,
    names_in,
    read_entrywise,
    read_expression,
    show,
)
from tutor.questions.gradient.backward import prime
from tutor.questions.gradient_names import spellings
from tutor.questions.inflect import listed


@dataclass(frozen=True, slots=True)
class GradientReading:
    """What was typed, as a tree over values and gradients such as `y'`; `echo` how, where not literally."""

    tree: Expression
    echo: str = ""


class _NotGiven(Unreadable):
    """A name that is known, and has no value to be used."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message, text, (Span(0, len(text)),))


class Spellings:
    """The ways to write the gradients of these values, of which some are given."""

    def __init__(
        self, names: Collection[str], given: Collection[str], output: str, *, entrywise_powers: bool = True
    ) -> None:
        self.entrywise_powers = entrywise_powers
        self.names = frozenset(names)
        self.given = frozenset(given)
        self.output = output
        self._meant = spellings(tuple(names), output, self.names, prime=True)

    @property
    def vocabulary(self) -> Vocabulary:
        """All names that may be typed."""
        gradients = {prime(name) for name in self.given}
        meant = {spelled: name for spelled, name in self._meant.items() if name in gradients}
        return replace(vocabulary(*self.names), aliases=meant)

    def read(self, text: str, at: Mapping[str, Value]) -> GradientReading | Verdict:
        """The tree; or why there is none. `at` holds a value for every name that may be used."""
        try:
            reading = self.spelled(text, at)
        except _NotGiven as error:
            return unreadable(error.message)
        except Unreadable as error:
            return from_language(error)
        tree = reading.tree
        return GradientReading(tree, show(tree) if reading.echo else "")

    def spelled(self, text: str, at: Mapping[str, Value]) -> Reading[Expression]:
        """What the text says in these spellings. Raises Unreadable, also for a name without a value `at`."""
        reading = read_expression(text, self._words(at))
        for name in names_in(reading.tree):
            if name not in at:
                raise _NotGiven(self._not_given(name), text)
        return reading

    def otherwise(self, text: str, at: Mapping[str, Value]) -> Otherwise | None:
        """What the text says with its products entry by entry, where that is another reading. Raises Unreadable."""
        return read_entrywise(text, self._words(at))

    def _words(self, at: Mapping[str, Value]) -> Vocabulary:
        """All spellings, each with the shape of what it stands for where that may be used."""
        shapes = {name: shape_of(value) for name, value in at.items()}
        arrays = arrays_of(shapes, entrywise_powers=self.entrywise_powers)
        return replace(vocabulary(*self.names), aliases=self._meant, arrays=arrays)

    def _not_given(self, name: str) -> str:
        if not self.given:
            return f"No gradient is given here. Write it in terms of the values {listed(sorted(self.names), 'or')}."
        given = listed([prime(one) for one in sorted(self.given)])
        return f"{name} is not given here. Of the gradients you have {given}; all values may be used too."
