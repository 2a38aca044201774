"""What people get wrong in a value: changes of its formula, and the mistakes of the gates that it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import numpy as np

from tutor.engine.passes import PassError, forward
from tutor.engine.values import Value, as_value
from tutor.judging.misconceptions import SIGN, Likelihood, Misconception
from tutor.language import Expression, Name, Number, names_in
from tutor.language.tree import rename
from tutor.questions.graph_candidates import value_candidates
from tutor.questions.inflect import listed
from tutor.questions.value.asked_formula import AskedFormula, inputs_of
from tutor.questions.value.formula_edits import FormulaEdit
from tutor.questions.value.reference import ReferenceValues

RARE, POSSIBLE, COMMON = Likelihood


def wrong_sign(asked: AskedFormula, right: Value) -> Misconception:
    """The right size with the wrong sign; of a gradient, with the question which way what moves."""
    asks = "Which sign comes out, and why?"
    if asked.by:
        asks = f"Nudge {listed(asked.by)} up a little: does {asked.shown or 'the result'} rise or fall?"
    gives = as_value(np.negative(right))
    says = "it has the right size and the wrong sign"
    return Misconception("sign_flipped", gives, says, asks, COMMON, factor=SIGN)


def of_value(asked: AskedFormula, reference: ReferenceValues) -> Iterator[Misconception]:
    """Those at some numbers. Raises ValueError where the formula has no value there."""
    tree = asked.formula
    yield wrong_sign(asked, reference.value(tree))
    for number, edit in enumerate(asked.edits):
        yield from _edited(asked, reference, edit, edit.gives, f"edit {number}")
    yield from _of_names(asked, reference, tree)
    yield from _of_lets(asked, reference)
    yield from of_gates(asked, reference, tree)
    for name in names_in(tree):
        with suppress(ValueError, PassError):
            says = f"it is how fast the value changes with {name}, not the value"
            slope = reference.gradient(tree, (name,))
            if asked.may_say(name) and np.size(slope) == 1 and not np.all(np.isin(slope, (-1, 0, 1))):
                asks = "What comes out of the formula itself?"
                yield Misconception("slope_for_value", slope, says, asks, POSSIBLE, f"slope {name}")
                yield Misconception("slope_for_value", -slope, says, asks, RARE, f"minus slope {name}")


def _edited(
    asked: AskedFormula, reference: ReferenceValues, edit: FormulaEdit, tree: Expression, label: str, opens: str = ""
) -> Iterator[Misconception]:
    with suppress(ValueError):
        yield Misconception(
            edit.key, reference.value(tree), lambda: in_sentences(opens + asked.told(edit)),
            likelihood=edit.likelihood, label=label,
            lacks=tuple(part for part in edit.lacks if isinstance(part, Name | Number)),
        )  # fmt: skip


def _of_names(asked: AskedFormula, reference: ReferenceValues, tree: Expression) -> Iterator[Misconception]:
    """A name in the place of another one of the same kind, as s3 for s2; and a number that is given, unchanged."""
    for name in names_in(tree):
        for other in reference.values:
            if other == name or not _same_stem(name, other):
                continue
            with suppress(ValueError):
                says = f"it uses {asked.spoken(other)} instead of {asked.spoken(name)}"
                asks = "Which one is asked about?"
                gives = reference.value(rename(tree, {name: Name(other)}))
                yield Misconception("wrong_index", gives, says, asks, POSSIBLE, f"{other} for {name}")
        if asked.may_say(name) and name in reference.at and not isinstance(tree, Name):
            says = f"it is {name} itself"
            yield Misconception(
                "argument_for_value", reference.at[name], says, f"What happens to {name}?", RARE, f"is {name}"
            )


def _of_lets(asked: AskedFormula, reference: ReferenceValues) -> Iterator[Misconception]:
    """A change in one of the named formulas that this one is made of."""
    for name, number, edit, put_in in asked.edits_of_lets:
        opens = f"In {name}: " if asked.may_say(name) else ""
        yield from _edited(asked, reference, replace(edit, likelihood=RARE), put_in, f"{name} {number}", opens)


def of_gates(asked: AskedFormula, reference: ReferenceValues, tree: Expression) -> Iterator[Misconception]:
    """Those in the value of one gate, carried on rightly; none where the formula is no graph."""
    made = asked.graph(())
    if made is None:
        return
    graph, parts = made
    with suppress(PassError, ValueError):
        values = forward(graph, {name: reference.values[name] for name in inputs_of(graph)})
        yield from value_candidates(graph, values, asked.written(graph, parts, tree, reference))


def _same_stem(one: str, other: str) -> bool:
    """s2 and s3, x_1 and x_2."""
    stems = [re.sub(r"\d+$", "", name) for name in (one, other)]
    return stems[0] == stems[1] and stems[0] not in (one, other)


def in_sentences(says: str) -> str:
    """Sentences as they stand in a file, with a full stop where there is none."""
    return says if says.endswith((".", "?")) else f"{says}."
