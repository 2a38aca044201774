"""Formulas for a local derivative that are right at the exercise's numbers only: which slip each of them is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from tutor.engine.evaluate import evaluate
from tutor.engine.format_value import plain
from tutor.engine.graph import Use
from tutor.engine.values import Value, shape_of
from tutor.judging import Verdict, wrong
from tutor.judging.mistakes import MOST_TOLD, same_way
from tutor.language import Apply, Expression, Name, Number, show, walk
from tutor.questions.backprop import prompts as mistaken_text
from tutor.questions.backprop.explain import local_ways
from tutor.questions.backprop.gate_arithmetic import local_formula, source_name
from tutor.questions.backprop.misconceptions import WrongWay
from tutor.questions.backprop.reference import Pass, Worksheet
from tutor.questions.backprop.staging_diagnosis.contexts import Pool, StagingEdit
from tutor.questions.backprop.staging_diagnosis.search import StagingCandidate, common
from tutor.questions.backprop.value_source import Numbers

_WRONG_NAME = "wrong_input"


def coincidence(sheet: Worksheet, use: Use, answer: Expression) -> Verdict:
    """What is said of a formula that has the local derivative's value here and another one nearby."""
    gate, source = sheet.name(use.gate), source_name(sheet, use)
    general = (
        f"{show(answer)} has the right value here, but it is not ∂{gate}/∂{source}: with other "
        "numbers it would be wrong."
    )
    ways = _ways(sheet, use, answer)
    if 1 <= len(ways) <= MOST_TOLD:
        return wrong(f"{general} {mistaken_text.about_formula(ways)}", "|".join(dict.fromkeys(way.key for way in ways)))
    edits = [] if ways else _edits(sheet, use, answer)
    if 1 <= len(edits) <= MOST_TOLD:
        said = _of_edits(sheet, edits)
        return wrong(f"{general} {said}", "|".join(dict.fromkeys(edit.key for edit in edits)))
    return wrong(general)


def _ways(sheet: Worksheet, use: Use, answer: Expression) -> list[WrongWay]:
    """The mistakes of this gate, and of any gate, that lead to this formula wherever it is tried."""
    near = [{way.label: way.value for way in local_ways(sheet, use, Numbers.of_pass(on))} for on in sheet.near]
    found: list[WrongWay] = []
    for way in local_ways(sheet, use, Numbers.of_pass(sheet.here)):
        if any(same_way(way.label, other.label, near) for other in found):
            continue
        values = [values.get(way.label) for values in near]
        if _everywhere(sheet, use, answer, values):
            found.append(way)
    return found


def _edits(sheet: Worksheet, use: Use, answer: Expression) -> list[StagingEdit]:
    """The slips in writing the true formula that lead to this one."""
    node = sheet.gate_node(use.gate)
    assert node.gate is not None
    formula = local_formula(sheet, use) if node.gate.slopes else None
    if formula is None:
        return []
    names = tuple(node.name for node in sheet.graph.nodes)
    numbers = tuple(dict.fromkeys(part for part in walk(answer) if isinstance(part, Number)))
    found = [
        one.edit
        for one in common(formula, Pool(names, numbers), ())
        if _plausible(one, answer) and _everywhere(sheet, use, answer, [_value(one, sheet, on) for on in sheet.near])
    ]
    by_words = {(edit.key, edit.what): edit for edit in found}
    return list(by_words.values())


def _plausible(candidate: StagingCandidate, answer: Expression) -> bool:
    """Whether a name that stands in a wrong place does so in the answer too: -1/y is not -x/y^2 with y for x."""
    return candidate.edit.key != _WRONG_NAME or _uses(candidate.tree) == _uses(answer)


def _uses(expression: Expression) -> Counter[str]:
    return Counter(part.name for part in walk(expression) if isinstance(part, Name))


def _value(candidate: StagingCandidate, sheet: Worksheet, on: Pass) -> Value | None:
    try:
        return evaluate(candidate.tree, sheet.names_at(on.values))
    except ValueError:
        return None


def _everywhere(sheet: Worksheet, use: Use, answer: Expression, values: Sequence[Value | None]) -> bool:
    """Whether the answer has these values at all inputs nearby."""
    return bool(values) and all(
        value is not None and _equal(evaluate(answer, sheet.names_at(on.values)), value, sheet.local(use, on))
        for value, on in zip(values, sheet.near, strict=True)
    )


def _equal(mine: Value, value: Value, truth: Value) -> bool:
    """Whether two values are the same when stretched to the shape of the truth."""
    try:
        one, other = (np.broadcast_to(part, shape_of(truth)) for part in (mine, value))
    except ValueError:
        return False
    return bool(np.all(np.isfinite(one))) and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def _of_edits(sheet: Worksheet, edits: Iterable[StagingEdit]) -> str:
    one, *others = edits
    if others:
        either = " or ".join(f"{show(edit.now)} for {show(edit.was)}" for edit in (one, *others))
        return f"It has either {either}. Which was it?"
    if one.key == _WRONG_NAME and isinstance(one.now, Name) and isinstance(one.was, Name):
        value = sheet.value(sheet.graph.positions[one.now.name])
        both = f"; both are {plain(value)} here" if isinstance(value, float) else ""
        return f"{one.now.name} is used instead of {one.was.name}{both}. Which value does the slope depend on?"
    has = (
        f"Where the slope has {show(one.was)}, this has {show(one.now)}: " if isinstance(one.was, Apply) else "In it, "
    )
    return f"{has}{one.what}. {one.asks}"
