"""Which line to name: one, two with what each would need, or the few among which the wrong one is.

A line is named alone where a change to it makes everything right and leaves no value without a meaning, and no change
to another line does as well; or where its value is not what its name says, and all that it is made of is right. A line
whose values are right is never named.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tutor.diagnosis.child.bookkeeping import OF_BOOKKEEPING
from tutor.diagnosis.child.edit import OF_ALIASES
from tutor.diagnosis.child.edits import OF_SIGNS
from tutor.diagnosis.child.sites import PARAMETER, TOTAL, is_argument, parts_of, spelled, targets_of
from tutor.diagnosis.evidence import Case, Standing
from tutor.diagnosis.examination import INPUT, Mending, SeenValue
from tutor.engine.values import Value

_ROOM = 0.35
"""Changes whose costs are no further apart are equally likely."""

MOST_LINES = 4
"""Lines that are listed one by one."""

_LEFT_OUT = frozenset({"extra_function", "extra_statement", "extra_factor", "extra_term", "wrong_factor"})
"""Changes that leave something out."""


@dataclass(frozen=True)
class Judgement:
    """Where the mistake is: `lines` are one line, or those among which it is.

    `mendings` are the likely changes, `evidence` is of the value that shows it, with what it should have been on the
    trial numbered `trial`.
    """

    lines: tuple[int, ...]
    mendings: tuple[Mending, ...] = ()
    evidence: SeenValue | None = None
    mine: Value | None = None
    truth: Value | None = None
    trial: int = 0
    also: int | None = None
    """Another line that is wrong too."""

    left: str = ""
    """A result that is wrong still when this line is right."""

    @property
    def alone(self) -> bool:
        """Whether one line is named."""
        return len(self.lines) == 1


def judge(case: Case) -> Judgement:
    """Where the mistake is, as far as it can be told; the first where there are several."""
    found = _first(case)
    if not found.alone or any(not each.leaves for each in found.mendings):
        return found
    others = [case.line_of(each.part) for each in _contradicted(case) if _stands_on_right(case, each)]
    left = [each.leaves for each in case.findings.mended if each.leaves and (each.line,) == found.lines]
    left_always = frozenset[str].intersection(*left) if left else frozenset()
    return replace(
        found,
        also=next((line for line in others if line not in found.lines), None),
        left=next((name for name in case.results if name in left_always), ""),
    )


def _first(case: Case) -> Judgement:
    changed = {name for name in case.findings.wrong if name.startswith(INPUT) and not case.findings.raised}
    keeping = [each for each in case.findings.mended if changed and not changed & each.leaves]
    if keeping:
        return _judged(case, sorted({each.line for each in _cheapest(case, keeping)}), keeping, None)
    proven = next((each for each in _contradicted(case) if _stands_on_right(case, each)), None)
    likely = _likely(case, proven)
    lines = sorted({each.line for each in likely} | _giving_names(case, likely))
    if proven is not None and (not lines or case.line_of(proven.part) in lines):
        line = case.line_of(proven.part)
        own = [each for each in likely if each.line == line] or _mending_it(case, proven)
        shared = set[int]() if own else _shared_indices(case, proven)
        return _judged(case, sorted({line} | shared), own, proven)
    if likely and len(lines) <= MOST_LINES:
        return _judged(case, lines, likely, proven)
    if case.findings.raised and not likely:
        return Judgement(())  # Python's own words say where
    partial = _partial(case)
    if partial:
        return _judged(case, sorted({each.line for each in partial}), partial, None)
    suspects = sorted({*_suspect_lines(case), *lines})
    # What cannot be disturbed is never ruled out: then one line that is left is not the only one.
    open_ones = {
        case.line(each.statement) for each in case.findings.evidence
        if each.influences is None and each.at < PARAMETER and each.at != TOTAL and not is_argument(each.at)
    }  # fmt: skip
    if not set(suspects) & _run_right(case):
        open_ones -= _run_right(case)
    return _judged(case, () if len(suspects) == 1 and open_ones - {*suspects} else suspects, likely, None)


def _judged(case: Case, lines: Sequence[int], mendings: Sequence[Mending], first: SeenValue | None) -> Judgement:
    shown = first if first is not None and [case.line_of(first.part)] == list(lines) else None
    mine, truth, trial = case.gap_of(shown) if shown is not None else (None, None, 0)
    return Judgement(tuple(lines), tuple(mendings), shown, mine, truth, trial)


def _likely(case: Case, proven: SeenValue | None) -> list[Mending]:
    """The changes that are most likely meant, the likeliest first.

    A change after which a value that is `proven` wrong is as wrong as before mends nothing but the numbers.
    """
    whole = [each for each in case.findings.mended if not each.leaves]
    on_others = [each for each in whole if each.kind in OF_ALIASES | OF_BOOKKEEPING]
    if on_others:  # the line's own values are right
        return [each for each in on_others if each.cost == on_others[0].cost]
    known = [each for each in whole if not _is_cleared(case, each) and not _leaves(case, each, proven)]
    if case.findings.raised:  # whatever does away with what raised helps: not all of it is meant
        return _cheapest(case, [each for each in known if each.kind not in _LEFT_OUT])
    return _cheapest(case, _sensible(case, known))


def _is_cleared(case: Case, mending: Mending) -> bool:
    """Whether a line is right; a sign that a square loses is not shown by right results."""
    parts = [each.part for each in case.findings.evidence if each.statement == mending.statement]
    if any(map(case.is_of_several, parts)):
        return False
    if mending.kind in OF_SIGNS and (not case.forward_right or all(map(case.is_forward, parts))):
        return False
    return case.cleared(mending.statement)


def _sensible(case: Case, known: Sequence[Mending]) -> list[Mending]:
    """The changes that leave the fewest values without a meaning; none if they make some lose theirs.

    Where the same kind of change to another line is hardly odder, it stays in question.
    """
    before = case.oddities()
    odd = {id(each): case.oddities(each) for each in known}
    fewest = min(odd.values(), default=0)
    if fewest > before:
        return []
    kinds = {each.kind for each in known if odd[id(each)] == fewest}
    return [each for each in known if odd[id(each)] <= fewest + (each.kind in kinds)]


def _is_of_name_returned(case: Case, mending: Mending) -> bool:
    """Whether it changes a name that is handed on by a return statement: what it holds could be changed as well."""
    node = case.statements[mending.statement].node
    return (
        isinstance(node, ast.Return)
        and mending.old.isidentifier()
        and mending.old in ast.unparse(node)
        and (mending.kind not in ("wrong_cache", "wrong_upstream", "value_for_gradient", "gradient_for_value"))
    )


def _giving_names(case: Case, likely: Sequence[Mending]) -> set[int]:
    """Where a name gets its value that only a change to the return statement would mend."""
    if not all(_is_of_name_returned(case, each) for each in likely):
        return set()
    names = {each.old for each in likely}
    return {
        each.node.lineno for each in case.statements
        if names & {spelled(target) for target in targets_of(each.node)} and not case.cleared(each.number)
        and not case.is_given_later(each, names)
        and any(own.statement == each.number and not _is_filled(case, own) for own in case.findings.evidence)
    }  # fmt: skip


def _leaves(case: Case, mending: Mending, proven: SeenValue | None) -> bool:
    if proven is None or not mending.values or mending.kind == "overwrote_branch":  # the value added stays as it is
        return False
    return case.standing_with(mending.values)[proven.part] is Standing.CONTRADICTED


def _cheapest(case: Case, known: Sequence[Mending]) -> list[Mending]:
    cheapest = min((each.cost for each in known), default=0.0)
    known = [each for each in known if each.cost <= cheapest + _ROOM]
    inner = [each for each in known if not _calls_one_of(case, each, known)]
    inner = [each for each in inner if not _is_of_name_returned(case, each)] or inner
    return sorted(inner or known, key=lambda each: (each.cost, each.line))


def _mending_it(case: Case, proven: SeenValue) -> list[Mending]:
    """The likeliest changes to a line that make its value right where other lines are wrong as well."""
    known = [each for each in case.findings.mended if each.leaves and each.statement == proven.statement]
    return _cheapest(case, [each for each in known if _makes_right(case, each, proven)])


def _makes_right(case: Case, mending: Mending, evidence: SeenValue) -> bool:
    """Whether a change that leaves others wrong mends this value; of a value that is returned its result tells."""
    result = case.result_of(evidence.part)
    if result in case.findings.wrong:
        return result not in mending.leaves
    return bool(mending.values) and case.standing_with(mending.values)[evidence.part] is Standing.RIGHT


def _shared_indices(case: Case, proven: SeenValue) -> set[int]:
    """The lines that compute an index of which this value and another wrong one are made: it may be the wrong one."""
    others = [each.statement for each in _contradicted(case) if each.statement != proven.statement]
    read = case.read_by(proven.statement) & set[str]().union(*map(case.read_by, others))
    return {
        case.line(each.statement) for each in case.findings.evidence
        if not is_argument(each.at) and case.is_neutral(each)
        and not (each.influences or frozenset()) - set(case.findings.wrong)
        and isinstance(case.statements[each.statement].node, ast.Assign) and set(case.names_of(each.part)) & read
        and case.statements[each.statement].loops
    }  # fmt: skip


def _partial(case: Case) -> list[Mending]:
    """The likeliest changes that mend the first wrong result, where several lines are wrong."""
    first = case.findings.wrong[0]
    known = [each for each in case.findings.mended if each.leaves and first not in each.leaves]
    known = [each for each in known if not case.cleared(each.statement)]
    if case.results[0] in case.findings.wrong:  # what is wrong with the gradients comes after it
        return _cheapest(case, _sensible(case, known))
    others = {name for each in case.findings.mended if each.leaves for name in set(case.findings.wrong) - each.leaves}
    return _cheapest(case, _sensible(case, known)) if others == set(case.findings.wrong) else []


def _calls_one_of(case: Case, mending: Mending, others: Sequence[Mending]) -> bool:
    """Whether a line only calls a function in which another line could be changed as well."""
    called = {
        part.func.attr if isinstance(part.func, ast.Attribute) else getattr(part.func, "id", "")
        for part in ast.walk(case.statements[mending.statement].node) if isinstance(part, ast.Call)
    }  # fmt: skip
    for other in others:
        function = case.statements[other.statement].function
        if function is not None and other.line != mending.line and getattr(function, "name", "") in called:
            return True
    return False


def _contradicted(case: Case) -> list[SeenValue]:
    """The values that are not what their names say, the first on the way first."""
    return [
        each for each in case.findings.evidence
        if case.standing[each.part] is Standing.CONTRADICTED and each.at < PARAMETER and not _only_hands_on(case, each)
    ]  # fmt: skip


def _stands_on_right(case: Case, evidence: SeenValue) -> bool:
    """Whether all that a value is made of is right."""
    for each in case.findings.evidence:
        if (
            each.statement == evidence.statement
            or case.line(each.statement) in case.given
            or each.at == TOTAL
            or each.at >= PARAMETER
            or is_argument(each.at)
            or case.is_neutral(each)
        ):
            continue
        if each.influences is None:
            if case.is_index(each):
                continue
            if each.many and _holds_numbers(each) and _is_before(case, each, evidence):
                return False
            continue
        if evidence.part not in each.parts or case.is_forward(each.part):
            continue
        if case.standing[each.part] is not Standing.RIGHT and not _is_filled(case, each):
            return False
    return True


def _is_filled(case: Case, evidence: SeenValue) -> bool:
    """Whether it is what a sum starts from."""
    node = case.statements[evidence.statement].node
    made = [value for at, value, _ in parts_of(node) if at == evidence.at] if isinstance(node, ast.Assign) else []
    return any(isinstance(value, ast.Call) and "zeros" in ast.unparse(value.func) for value in made)


def _holds_numbers(evidence: SeenValue) -> bool:
    return any(value is not None for value in evidence.values)


def _only_hands_on(case: Case, evidence: SeenValue) -> bool:
    """Whether it is a name in a return statement: what is wrong there became so elsewhere."""
    node = case.statements[evidence.statement].node
    if not isinstance(node, ast.Return):
        return False
    own = [value for at, value, _ in parts_of(node) if at == evidence.at]
    return bool(own) and isinstance(own[0], ast.Name | ast.Attribute | ast.Subscript)


def _is_before(case: Case, one: SeenValue, two: SeenValue) -> bool:
    order = [each.part for each in case.findings.evidence]
    return order.index(one.part) < order.index(two.part)


def _suspect_lines(case: Case) -> set[int]:
    """The lines of which one is wrong: all wrong results of the trial are made of them, no right one is.

    Where some of them run only in trials that go wrong it is one of these (Jones and Harrold 2005).
    """
    wrong = set(case.findings.wrong)
    here = case.wrong_here()
    found = {
        case.line_of(each.part) for each in case.findings.evidence
        if each.at != TOTAL and each.at < PARAMETER and each.influences is not None and here <= each.influences <= wrong
        and not case.cleared(each.statement)
        and not (case.forward_right and case.standing[each.part] is Standing.RIGHT)
        and not _only_hands_on(case, each) and case.line(each.statement) not in case.given
    }  # fmt: skip
    begun = {
        case.line(each.statement) for each in case.findings.evidence if each.at < PARAMETER and _is_filled(case, each)
    }
    found = found - begun or found
    if len(found) == 1:
        return found | _feeding(case, *found)
    return found - _run_right(case) or found


def _run_right(case: Case) -> set[int]:
    """The lines that run where all comes out right."""
    return {case.line(each) for each in case.findings.ran_right}


def _feeding(case: Case, line: int) -> set[int]:
    """The lines that what is read on a line comes from, where nothing says that they are right but their values."""
    read = {
        part.id for each in case.statements if each.node.lineno == line for part in ast.walk(each.node)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    }  # fmt: skip
    return {
        case.line(each.statement) for each in case.findings.evidence
        if each.at < PARAMETER and not case.is_forward(each.part) and set(case.names_of(each.part)) & read
        and each.influences and each.influences <= set(case.findings.wrong)
        and not isinstance(case.statements[each.statement].node, ast.Return)
    }  # fmt: skip
