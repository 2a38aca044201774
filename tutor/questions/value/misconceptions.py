"""The wrong ways to a value or a gradient, as numbers at given inputs; each with what is said of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.passes import PassError
from tutor.engine.values import Value, as_value
from tutor.judging import Verdict, wrong
from tutor.judging.mistakes import Recognised, recognise
from tutor.language import Apply, Expression, Name, Number, names_in, show, walk
from tutor.questions.value.reference import ReferenceValues


@dataclass(frozen=True, slots=True)
class FormulaEdit:
    """The formula as it would be with this slip, and what is said of it: with the part that it is about, and without.

    The sentence without it is for a learner who does not see the names of the formula.
    """

    tree: Expression
    key: str
    says: str
    unnamed: str


def edits_of(tree: Expression) -> Iterator[FormulaEdit]:
    """Every formula that is this one but for a term, factor or divisor left out, or a sign turned."""
    if not isinstance(tree, Apply):
        return
    yield from _here(tree)
    for port, argument in enumerate(tree.arguments):
        for inner in edits_of(argument):
            arguments = (*tree.arguments[:port], inner.tree, *tree.arguments[port + 1 :])
            yield replace(inner, tree=replace(tree, arguments=arguments))


def _here(tree: Apply) -> Iterator[FormulaEdit]:
    match tree:
        case Apply("add", (a, b)):
            left_out = "That is the result without one of the terms that are added. Which one?"
            yield FormulaEdit(
                a, "missing_term", f"That is the result without the + {show(b)}. Does it belong?", left_out
            )
            if not isinstance(b, Number):  # a number alone is the result of many things
                yield FormulaEdit(
                    b, "missing_term", f"That is the result without the {show(a)}. Does it belong?", left_out
                )
            says = f"That is the result with a minus in front of {show(b)}. What is its sign?"
            yield FormulaEdit(
                Apply("sub", (a, b)), "sign_slip", says, "That is the result with a minus where there is a plus. Where?"
            )
        case Apply("sub", (a, b)):
            left_out = "That is the result without what is subtracted. What is that?"
            yield FormulaEdit(
                a, "missing_term", f"That is the result without the − {show(b)}. Does it belong?", left_out
            )
            says = f"That is the result with a plus in front of {show(b)}. What is its sign?"
            yield FormulaEdit(
                Apply("add", (a, b)), "sign_slip", says, "That is the result with a plus where there is a minus. Where?"
            )
            says = f"The two sides of {show(tree)} are swapped. Which is subtracted from which?"
            yield FormulaEdit(
                Apply("sub", (b, a)), "swapped", says, "That subtracts the other way round. Which from which?"
            )
        case Apply("mul", (a, b)):
            yield FormulaEdit(b, "missing_factor", _factor(a), _A_FACTOR)
            yield FormulaEdit(a, "missing_factor", _factor(b), _A_FACTOR)
        case Apply("div", (a, b)):
            says = f"That is the result without dividing by {show(b)}. What does it divide?"
            yield FormulaEdit(
                a, "missing_divisor", says, "That is the result without the division. What is it divided by?"
            )
            says = f"That multiplies by {show(b)} instead of dividing."
            yield FormulaEdit(
                Apply("mul", (a, b), sign="*"), "product_for_quotient", says, "That multiplies where it should divide."
            )
        case Apply("pow", (a, Number() as n)):
            says = f"That is the result without the power {show(n)} of {show(a)}."
            yield FormulaEdit(a, "lost_power", says, f"That is the result without the power {show(n)}.")
            says = f"That is {show(n)} times {show(a)}, not its power {show(n)}."
            yield FormulaEdit(
                Apply("mul", (n, a), sign="*"),
                "product_for_power",
                says,
                f"That multiplies by {show(n)}; it should be a power.",
            )
        case Apply("neg", (a,)):
            yield FormulaEdit(a, "sign_flipped", SIGN, SIGN)
        case Apply("ln" | "exp" | "sigmoid", (a,)):
            says = f"That is the result without the {tree.operation}."
            yield FormulaEdit(a, "missing_function", says, says)


SIGN = "The size is right, the sign is not."
_A_FACTOR = "That is the result without one of the factors. Which one?"


def _factor(factor: Expression) -> str:
    if isinstance(factor, Number):
        return f"That is the result without the factor {show(factor)}. Where does it come from?"
    return f"That is the result without the factor {show(factor)}. What does it count here?"


Ways = dict[str, Value]
"""A wrong way, by what is said of it (or by its number in the file) -> the value it leads to."""

Own = Sequence[tuple[str, Expression]]
"""What is said of a wrong way, and its formula."""

OWN = "slip"
"""The name of a slip that the file tells of."""

_SIGN = "sign_flipped", SIGN


@dataclass(frozen=True)
class ValueMisconceptions:
    """All wrong ways that are known for one blank."""

    reference: ReferenceValues
    tree: Expression
    by: tuple[str, ...]
    own: Own
    """The file's own."""

    truth: Value
    seen: frozenset[str]
    """The names that the learner sees: no other is spoken of."""

    exact: bool = False
    """Whether answers are whole numbers, so that none is the rounding of another."""

    def named(self, answer: Expression, at: Mapping[str, Value], verdict: Verdict) -> Verdict:
        """The verdict on a wrong answer, with the slip that it shows where one or two can be told."""
        labels = self._recognise(answer, at, self._file(self.reference), self._file).labels
        told = list(dict.fromkeys(self.own[int(label)][0] for label in labels))
        if told:
            return _told(told, [OWN])
        labels = self._recognise(answer, at, self._made(self.reference), self._made).labels
        if not labels:
            return verdict
        keys = {way.label: way.key for way in self._ways(self.reference)}
        return _told(list(dict.fromkeys(map(str.rstrip, labels))), [keys[label] for label in labels])

    def _recognise(
        self, answer: Expression, at: Mapping[str, Value], ways: Ways, elsewhere: Callable[[ReferenceValues], Ways]
    ) -> Recognised:
        if self.exact:
            ways = {label: value for label, value in ways.items() if _is_exactly(answer, at, value)}
        return recognise(
            answer, at, self.truth, [ways], lambda: [elsewhere(self.reference.moved(seed)) for seed in (1, 2, 3)]
        )

    def _file(self, reference: ReferenceValues) -> Ways:
        return dict(_values((str(number), partial(reference.value, tree)) for number, (_, tree) in enumerate(self.own)))

    def _made(self, reference: ReferenceValues) -> Ways:
        return dict(_values((way.label, way.value) for way in self._ways(reference)))

    def _ways(self, reference: ReferenceValues) -> Iterator[_Misconception]:
        return _of_gradient(reference, self.tree, self.by) if self.by else _of_value(reference, self.tree, self.seen)


def _told(says: Sequence[str], keys: Sequence[str]) -> Verdict:
    mistake = "|".join(dict.fromkeys(keys))
    if len(says) == 1:
        return wrong(says[0], mistake)
    return wrong(f"One of two mistakes gives this. {says[0]} Or: {says[1]}", mistake)


class _Misconception(NamedTuple):
    key: str
    label: str
    """What is said of it; blanks behind tell two that are said alike apart."""

    value: Callable[[], Value]


def _values(ways: Iterable[tuple[str, Callable[[], Value]]]) -> Iterator[tuple[str, Value]]:
    """The ways that can be gone with these numbers."""
    seen = set[str]()
    for label, value in ways:
        if label in seen:
            continue
        try:
            number = value()
        except (ValueError, PassError):
            continue
        seen.add(label)
        yield label, number


def _is_exactly(answer: Expression, at: Mapping[str, Value], value: Value) -> bool:
    try:
        return bool(np.allclose(evaluate(answer, at), value, rtol=1e-9))
    except (KeyError, ValueError):
        return False


def _of_value(reference: ReferenceValues, tree: Expression, seen: frozenset[str]) -> Iterator[_Misconception]:
    tree = reference.lets.get(tree.name, tree) if isinstance(tree, Name) else tree
    # First, so that what only turns the sign is not told as one of the ways to turn it.
    yield _Misconception(*_SIGN, lambda: as_value(np.negative(reference.value(tree))))
    for number, edit in enumerate(edits_of(tree)):
        hidden = _names_said(edit, reference) - seen
        # Labels tell the ways apart: two that are said alike may come to different numbers.
        label = f"{edit.unnamed}{' ' * number}" if hidden else edit.says
        yield _Misconception(edit.key, label, partial(reference.value, edit.tree))


def _names_said(edit: FormulaEdit, reference: ReferenceValues) -> set[str]:
    """The names of the question that a sentence speaks of."""
    return {name for name in reference.values if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", edit.says)}


def _of_gradient(reference: ReferenceValues, tree: Expression, by: Sequence[str]) -> Iterator[_Misconception]:
    whole = reference.expanded(tree, by)
    yield _Misconception(*_SIGN, lambda: as_value(np.negative(reference.gradient(tree, by))))
    says = "That is the value of the formula. A gradient says how fast it changes."
    yield _Misconception("value_for_gradient", says, lambda: reference.value(tree))
    if any(isinstance(part, Apply) and _squares(part) for part in walk(whole)):
        says = "The factor 2 of the square is missing."
        yield _Misconception("missing_factor_2", says, lambda: as_value(np.divide(reference.gradient(tree, by), 2)))
    if len(by) > 1:
        says = "These are the right numbers in reverse order."
        yield _Misconception("wrong_order", says, lambda: np.flip(reference.gradient(tree, by)))
        return
    for name in reference.lets:
        if name not in by and _on_the_way(reference, tree, name, by[0]):
            says = (
                f"That is only the local slope of {name} with respect to {by[0]}. What arrives at {name} from the loss?"
            )
            yield _Misconception("forgot_upstream", says, partial(reference.gradient, Name(name), by))
            says = f"That is what arrives at {name}. How does {name} itself change with {by[0]}?"
            yield _Misconception("forgot_local", says, partial(reference.gradient, tree, (name,)))
    for name in names_in(whole):
        if name not in by:
            says = f"That is the gradient with respect to {name}, not {by[0]}."
            yield _Misconception("other_variable", says, partial(reference.gradient, tree, (name,)))


def _squares(part: Apply) -> bool:
    if part.operation == "squared_norm":
        return True
    return part.operation == "pow" and isinstance(part.arguments[1], Number) and part.arguments[1].value == 2


def _on_the_way(reference: ReferenceValues, tree: Expression, let: str, by: str) -> bool:
    """Whether the formula uses this named formula, and that the name."""
    return let in names_in(reference.expanded(tree, (let, by))) and by in names_in(reference.expanded(Name(let), (by,)))


def formula_slips(tree: Expression, own: Own) -> Iterator[FormulaEdit]:
    """Wrong formulas, with each slip's name and what is said of it, the file's own first."""
    for says, wrong_one in own:
        yield FormulaEdit(wrong_one, OWN, says, says)
    yield from edits_of(tree)
