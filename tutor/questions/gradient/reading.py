"""Reading a matrix expression: gradients have several spellings, and what stands side by side is multiplied."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.gates import vocabulary
from tutor.engine.values import Value
from tutor.judging import Verdict, from_language, unreadable
from tutor.language import Apply, Expression, Matrix, Unreadable, Vocabulary, names_in, read_expression, show
from tutor.questions.gradient.backward import prime
from tutor.questions.gradient_names import spellings
from tutor.questions.inflect import listed


@dataclass(frozen=True, slots=True)
class GradientReading:
    """What was typed, as a tree over values and gradients such as `y'`; `echo` how, where not literally."""

    tree: Expression
    echo: str = ""


class Spellings:
    """The ways to write the gradients of these values, of which some are given."""

    def __init__(self, names: Collection[str], given: Collection[str], output: str) -> None:
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
            reading = read_expression(text, replace(vocabulary(*self.names), aliases=self._meant))
        except Unreadable as error:
            return from_language(error)
        tree = reading.tree
        for name in names_in(tree):
            if name not in at:
                return unreadable(self._not_given(name))
        whole = as_matrices(tree, at)
        echo = reading.echo or ""
        return GradientReading(whole, show(whole) if whole != tree or echo else "")

    def _not_given(self, name: str) -> str:
        if not self.given:
            return f"No gradient is given here. Write it in terms of the values {listed(sorted(self.names), 'or')}."
        given = listed([prime(one) for one in sorted(self.given)])
        return f"{name} is not given here. Of the gradients you have {given}; all values may be used too."


def as_matrices(tree: Expression, at: Mapping[str, Value]) -> Expression:
    """The tree with the products of matrices that have no sign read as matrix products.

    Two of one shape, such as h (1 - h), stay a product entry by entry unless a matrix product fits them too.
    """
    if isinstance(tree, Matrix):
        return replace(tree, rows=tuple(tuple(as_matrices(entry, at) for entry in row) for row in tree.rows))
    if not isinstance(tree, Apply):
        return tree
    tree = replace(tree, arguments=tuple(as_matrices(part, at) for part in tree.arguments))
    if tree.operation == "mul" and tree.sign == "" and _is_matrix_product(tree, at):
        return Apply("matmul", tree.arguments, span=tree.span, sign="@")
    return tree


def _is_matrix_product(tree: Apply, at: Mapping[str, Value]) -> bool:
    try:
        left, right = (np.shape(evaluate(part, at)) for part in tree.arguments)
    except ValueError:
        return False
    return bool(left) and bool(right) and max(len(left), len(right)) > 1 and left != right
