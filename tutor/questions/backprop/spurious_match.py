"""What is right at the exercise's numbers only.

Wrong formulas for a local derivative that the numbers do not tell from the right one, and for authors, the mistakes
that the numbers or shapes they have chosen hide.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from itertools import combinations, product

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.graph import Use
from tutor.engine.passes import PassError, backward, forward
from tutor.engine.values import Value, as_value, plain, shape_of
from tutor.judging import Verdict, wrong
from tutor.judging.misconceptions import MOST_TOLD, Misconception, key_of, recognise
from tutor.judging.mistake_texts import clause, tell
from tutor.judging.typed_answers import TypedAnswer
from tutor.language import Apply, Expression, Name, Number, names_in, show, walk
from tutor.library.problem import Problem
from tutor.questions.backprop.candidates import at_all_passes, down_candidates, local_candidates
from tutor.questions.backprop.code import Inputs, far_draws
from tutor.questions.backprop.gate_arithmetic import local_formula, source_name
from tutor.questions.backprop.reference import Pass, Reference, down_key
from tutor.questions.backprop.staging_diagnosis.contexts import StagingEdit, Substitutes
from tutor.questions.backprop.staging_diagnosis.search import StagingCandidate, common
from tutor.questions.backprop.value_source import ValueSource
from tutor.questions.code.comparing import same

_WRONG_NAME = "wrong_input"


def coincidence(reference: Reference, use: Use, answer: Expression) -> Verdict:
    """What is said of a formula that has the local derivative's value here and another one nearby."""
    gate, source = reference.name(use.gate), source_name(reference, use)
    general = (
        f"{show(answer)} has the right value here, but it is not ∂{gate}/∂{source}: with other "
        "numbers it would be wrong."
    )
    found = _recognised(reference, use, answer)
    if found:
        return wrong(f"{general} {tell(found)}", key_of(found))
    edits = _edits(reference, use, answer)
    if 1 <= len(edits) <= MOST_TOLD:
        message = _of_edits(reference, edits)
        return wrong(f"{general} {message}", "|".join(dict.fromkeys(edit.key for edit in edits)))
    return wrong(general)


def _recognised(reference: Reference, use: Use, answer: Expression) -> tuple[Misconception, ...]:
    """The mistakes of this gate, and of any gate, that lead to this formula wherever it is tried."""
    names = [reference.names_at(on.values) for on in reference.near]
    if not names:
        return ()
    typed = TypedAnswer(answer, names[0], lambda: names[1:])
    candidates = at_all_passes(partial(local_candidates, reference, use), reference.near)
    found = recognise(typed, reference.local(use, reference.near[0]), candidates).found
    # A sentence that begins with a name after another sentence: the name keeps its small letter.
    return tuple(
        replace(one, evidence="", says=f"here {clause(one)}" if one.opens_with_a_name else clause(one),
                opens_with_a_name=False)
        for one in found
    )  # fmt: skip


def _edits(reference: Reference, use: Use, answer: Expression) -> list[StagingEdit]:
    """The slips in writing the true formula that lead to this one."""
    node = reference.gate_node(use.gate)
    assert node.gate is not None
    formula = local_formula(reference, use) if node.gate.slopes else None
    if formula is None:
        return []
    names = tuple(node.name for node in reference.graph.nodes)
    numbers = tuple(dict.fromkeys(part for part in walk(answer) if isinstance(part, Number)))
    matches = [
        one.edit
        for one in common(formula, Substitutes(names, numbers), ())
        if _plausible(one, answer)
        and _everywhere(reference, use, answer, [_value(one, reference, on) for on in reference.near])
    ]
    by_words = {(edit.key, edit.says): edit for edit in matches}
    return list(by_words.values())


def _plausible(candidate: StagingCandidate, answer: Expression) -> bool:
    """Whether a name that stands in a wrong place does so in the answer too: -1/y is not -x/y^2 with y for x."""
    return candidate.edit.key != _WRONG_NAME or _uses(candidate.tree) == _uses(answer)


def _uses(expression: Expression) -> Counter[str]:
    return Counter(part.name for part in walk(expression) if isinstance(part, Name))


def _value(candidate: StagingCandidate, reference: Reference, on: Pass) -> Value | None:
    try:
        return evaluate(candidate.tree, reference.names_at(on.values))
    except ValueError:
        return None


def _everywhere(reference: Reference, use: Use, answer: Expression, values: Sequence[Value | None]) -> bool:
    """Whether the answer has these values at all inputs nearby."""
    return bool(values) and all(
        value is not None and _equal(evaluate(answer, reference.names_at(on.values)), value, reference.local(use, on))
        for value, on in zip(values, reference.near, strict=True)
    )


def _equal(mine: Value, value: Value, truth: Value) -> bool:
    """Whether two values are the same when stretched to the shape of the truth."""
    try:
        one, other = (np.broadcast_to(part, shape_of(truth)) for part in (mine, value))
    except ValueError:
        return False
    return bool(np.all(np.isfinite(one))) and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def _of_edits(reference: Reference, edits: Iterable[StagingEdit]) -> str:
    one, *others = edits
    if others:
        either = " or ".join(f"{show(edit.gives)} for {show(edit.was)}" for edit in (one, *others))
        return f"It has either {either}. What is the slope in letters?"
    if one.key == _WRONG_NAME and isinstance(one.gives, Name) and isinstance(one.was, Name):
        value = reference.value(reference.graph.positions[one.gives.name])
        both = f"; both are {plain(value)} here" if isinstance(value, float) else ""
        return f"{one.gives.name} is used instead of {one.was.name}{both}. Which value does the slope depend on?"
    has = (
        f"Where the slope has {show(one.was)}, this has {show(one.gives)}: "
        if isinstance(one.was, Apply)
        else "In it, "
    )
    return f"{has}{one.says}. {one.asks}"


_MOST_READINGS = 300
"""Ways to read the numbers of a formula, at most; with more it counts as right."""


def right_in_form(reference: Reference, use: Use, answer: Expression) -> bool:
    """Whether a formula for what goes down a wire may be meant as one that is right at other numbers too.

    A number in it may be a constant, or stand for a value, a gradient or a slope that it is equal to; times a constant,
    for what arrived: `33 z^2` where 11 arrived at z³. True of what holds no names, and of arrays.
    """
    if not names_in(answer) or shape_of(reference.share(use)) or not reference.near:
        return True
    numbers = list(dict.fromkeys(part for part in walk(answer) if isinstance(part, Number) and part.value))
    readings = [_readings(reference, use, number) for number in numbers]
    if math.prod(map(len, readings)) > _MOST_READINGS:
        return True
    return any(_holds(reference, use, answer, dict(zip(numbers, chosen, strict=True))) for chosen in product(*readings))


def _readings(reference: Reference, use: Use, number: Number) -> list[tuple[float, ...]]:
    """What a number may be at the inputs nearby: itself, or in proportion to what it may stand for."""
    here, near, value = reference.here, reference.near, float(number.value)
    kept = {(value,) * len(near)}
    arrived = [on.gradients.totals[use.gate] for on in (here, *near)]
    stand_ins = [arrived]
    for position in range(len(reference.graph.nodes)):
        at_node = [on.values[position] for on in (here, *near)], [on.gradients.totals[position] for on in (here, *near)]
        for values in at_node:
            if not any(map(shape_of, values)) and np.isclose(values[0], value):
                stand_ins.append(values)
    local = reference.gate_node(use.gate).gate
    if local is not None and local.elementwise:
        values = [reference.local(use, on) for on in (here, *near)]
        if not any(map(shape_of, values)):
            stand_ins.append(values)
    for first, *others in stand_ins:
        if not shape_of(first) and float(first):
            kept.add(tuple(value * float(other) / float(first) for other in others))
    return list(kept)


def _holds(reference: Reference, use: Use, answer: Expression, chosen: Mapping[Number, tuple[float, ...]]) -> bool:
    for place, on in enumerate(reference.near):
        tree = _with_numbers(answer, {number: values[place] for number, values in chosen.items()})
        try:
            mine = evaluate(tree, reference.names_on(on, down_key(reference.name(use.gate), use.port)))
        except (KeyError, ValueError):
            return False
        if shape_of(mine) or not np.isclose(mine, reference.share(use, on), rtol=1e-6, atol=1e-9):
            return False
    return True


def _with_numbers(tree: Expression, numbers: Mapping[Number, float]) -> Expression:
    if isinstance(tree, Number):
        return replace(tree, value=Fraction(numbers[tree])) if tree in numbers else tree
    if isinstance(tree, Apply):
        return replace(tree, arguments=tuple(_with_numbers(part, numbers) for part in tree.arguments))
    return tree


def by_chance(reference: Reference, use: Use, answer: Expression) -> Verdict:
    """What is said of a formula that has the number that goes down a wire, and only here."""
    gate, source = reference.name(use.gate), source_name(reference, use)
    return wrong(
        f"{show(answer)} has the right value here, but it is not what {gate} sends to {source}: with other numbers it "
        f"would be wrong. What arrived at {gate}, and what is the slope of {gate} with respect to {source}?",
        "right_by_chance",
    )


_SEEN = 2 / 3
"""The share of draws far off at which a mistake must show, to be one that these numbers hide."""

_FAR = 3
_DIGITS = 2
_MOST_ONES = 4

WireLabel = tuple[Use, str]
"""A wire, and the label of a misconception there."""


@dataclass(frozen=True)
class HiddenMistakes:
    """Mistakes that lead to the right gradient, each in a clause; and what would show them."""

    said: tuple[str, ...]
    instead: Mapping[str, Value]
    """Inputs at which they would show: for numbers one with another value, for shapes those with longer axes."""


def hidden_by_numbers(reference: Reference) -> HiddenMistakes:
    """The mistakes that show at most numbers and not at the exercise's."""
    only = _hidden_here(reference)
    return HiddenMistakes(_said(reference, only), _better(reference, only) if only else {})


def many_hidden_by_numbers(reference: Reference) -> int:
    """How many those are, without what would show them."""
    return len(_said(reference, _hidden_here(reference)))


def _hidden_here(reference: Reference) -> dict[WireLabel, Misconception]:
    hidden = _hidden_at(reference, reference.here, _wires(reference))
    far = _passes(reference, far_draws(reference.problem)) if hidden else []
    shown: Counter[WireLabel] = Counter()
    enough, open_yet = math.ceil(_SEEN * len(far)), set(hidden)
    for left, on in zip(reversed(range(len(far))), far, strict=True):
        shown.update(open_yet - _still_hidden(reference, on, open_yet))
        open_yet = {one for one in open_yet if shown[one] < enough <= shown[one] + left}
    return {one: way for one, way in hidden.items() if shown[one] >= enough} if far else {}


def hidden_by_shapes(reference: Reference) -> HiddenMistakes:
    """The mistakes that no numbers show in these shapes, and that show where axes of size 1 are longer."""
    larger = next(_larger(reference.problem), None)
    longer = [] if larger is None else _passes(reference, [larger])
    far = _passes(reference, far_draws(reference.problem)[:_FAR])
    if not far or not longer:
        return HiddenMistakes((), {})
    assert larger is not None
    hidden = _hidden_at(reference, far[0], _wires(reference))
    for on in (*far[1:], *longer):
        there = _still_hidden(reference, on, hidden)
        hidden = {mistake: way for mistake, way in hidden.items() if (mistake in there) is (on is not longer[0])}
    shapes = reference.problem.shapes
    return HiddenMistakes(
        _said(reference, hidden), {name: each for name, each in larger.items() if shape_of(each) != shapes[name]}
    )


def _said(reference: Reference, found: Mapping[WireLabel, Misconception]) -> tuple[str, ...]:
    """Each mistake with its gate: `at e = relu(d), it goes by the sign of the upstream`; each once."""
    clauses = (f"at {reference.equation(use.gate)}, {clause(way)}" for (use, _), way in found.items())
    return tuple(dict.fromkeys(clauses))


def _wires(reference: Reference) -> set[Use]:
    return {use for gate in reference.graph.gates for use in reference.branches(gate)}


@np.errstate(all="ignore")
def _hidden_at(reference: Reference, on: Pass, uses: Iterable[Use]) -> dict[WireLabel, Misconception]:
    """The mistakes at these wires that lead to what the gate sends there; none where it sends nothing at all."""
    numbers = ValueSource.of_pass(on)
    hidden: dict[WireLabel, Misconception] = {}
    for use in sorted(uses):
        share = on.gradients.shares[use.gate][use.port]
        if share is not None and np.any(share):
            hidden |= {
                (use, way.label): way for way in down_candidates(reference, use, numbers) if same(way.gives, share)
            }
    return hidden


@np.errstate(all="ignore")
def _still_hidden(reference: Reference, on: Pass, mistakes: Iterable[WireLabel]) -> set[WireLabel]:
    """Those of some mistakes that lead to what the gate sends at these numbers too; no others are looked at."""
    numbers, wanted = ValueSource.of_pass(on), dict[Use, set[str]]()
    for use, label in mistakes:
        wanted.setdefault(use, set()).add(label)
    still: set[WireLabel] = set()
    for use, labels in wanted.items():
        share = on.gradients.shares[use.gate][use.port]
        if share is None or not np.any(share):
            continue
        for way in down_candidates(reference, use, numbers, labels):
            if way.label in labels:
                labels.discard(way.label)
                if same(way.gives, share):
                    still.add((use, way.label))
                if not labels:
                    break  # those that come after it are the dear ones
    return still


def _passes(reference: Reference, many: Iterable[Inputs]) -> list[Pass]:
    """Both passes at each of these inputs, where they have values."""
    clauses = []
    for inputs in many:
        with suppress(PassError):
            values = tuple(forward(reference.graph, inputs))
            clauses.append(Pass(values, backward(reference.graph, values)))
    return clauses


def _better(reference: Reference, only: Mapping[WireLabel, Misconception]) -> dict[str, Value]:
    """The first input, rounded, that alone makes these mistakes show; none where it takes several.

    Inputs at which no gradient arrives anywhere show mistakes too, and are passed over: they teach nothing.
    """
    inputs = reference.graph.inputs
    for draw in (*reference.problem.draws, *far_draws(reference.problem)):
        for name, value in draw.items():
            instead: dict[str, Value] = {name: as_value(np.round(value, _DIGITS))}
            for on in _passes(reference, [{**reference.problem.inputs, **instead}]):
                arrives = any(np.any(on.gradients.totals[position]) for position in inputs)
                if arrives and not _still_hidden(reference, on, only):
                    return instead
    return {}


def _larger(problem: Problem) -> Iterator[Inputs]:
    """Inputs of other shapes: as few axes of size 1 as can be are of size 2, and the function has a value."""
    ones = [(name, at) for name, shape in problem.shapes.items() for at, size in enumerate(shape) if size == 1]
    for many in range(1, min(len(ones), _MOST_ONES) + 1):
        for axes in combinations(ones[:_MOST_ONES], many):
            shapes = {
                name: tuple(2 if (name, at) in axes else size for at, size in enumerate(shape))
                for name, shape in problem.shapes.items()
            }
            stand_in = {name: np.ones(shape) if shape else 1.0 for name, shape in shapes.items()}
            yield from far_draws(replace(problem, inputs=stand_in))[:1]
