"""What is said of a judgement: what is right, what the line does, one question."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tutor.diagnosis.child.bookkeeping import OF_BOOKKEEPING
from tutor.diagnosis.child.sites import PARAMETER, parts_of
from tutor.diagnosis.confidence import MOST_LINES, Judgement
from tutor.diagnosis.evidence import Case, Standing, close
from tutor.diagnosis.examination import Mending
from tutor.engine.values import Value, place_in, shape_of, show_shape, told_apart


@dataclass(frozen=True)
class Diagnosis:
    """The wrong line, or the lines among which it is; what to say, and the mistake's name.

    `lines` are none where no line can be told, `mistake` empty where it has no name.
    """

    lines: tuple[int, ...]
    message: str
    mistake: str = ""
    clause: str = ""
    """What is wrong with its one line, in a few words; "" where no words say it."""

    brief: str = ""
    """The clause with the name of what the line computes; "" where there is none."""

    right: tuple[int, ...] = ()
    """Lines of which all that is known is right."""

    where: str = ""
    """The message without what is wrong with the line; "" where it does not say that."""

    name: str = ""
    """What the one line computes; "" where it has no name of its own."""

    what: str = ""
    """What is wrong with the line, with a question: the rest of the message, for whom the line is not enough."""


Explain = Callable[[str, Value, Value, int, bool], tuple[str, str, str] | None]
"""The harness's own name for a mistake, from a variable's name, its value, the right one, the trial's number, and
whether it is of the forward pass: a clause (`the exponent did not come down in front`), a question, and the mistake's
name; None where it knows none."""


def nothing_known(_name: str, _mine: Value, _truth: Value, _trial: int, _forward: bool) -> tuple[str, str, str] | None:
    """Where a harness has no names of its own."""
    return None


_BY_EDIT = frozenset({
    "brackets", "integer_division", "int_cast", "degrees", "star_for_matmul", "matmul_for_star", "matmul_order",
    "log_base", "averaged", "changed_through_alias", "overwritten_input", "repeated_rows", "return_in_loop",
    "softmax_as_sigmoid", "not_reversed", "overwrote_branch", "keepdims", "all_axes_turned", "constant_for_array",
    "comparison", "sample_variance", "place_in_window",
})  # fmt: skip
"""Kinds of changes that say more than a gate's mistake with the same value."""

_LESS_LIKELY = frozenset({"add_splits", "upstream_times_value"})
"""Mistakes of a gate that are rarer than any single change with the same value."""

_OF_GRADIENTS = frozenset({"missing_factor", "forgot_upstream", "constant_dropped", "sign_flipped", "extra_sign"})
_FUNCTION = "How is it written in the function?"
_ASKS = {
    "log_base": "ln asks: e to what power?", "wrong_factor": "What is its slope?",
    "filter_turned": "Which of the two turns the filter round?",
    "constant": "Where does it come from?",
    "one_minus_lost": "What is the slope in terms of the output?", "power_missing": "Which power goes there?",
    "power_lost": "Which power goes there?", "function_lost": "What is applied there in the function?",
    "wrong_cache": "Which value of the forward pass does the slope use?",
    "averaged": "Are the gradients of copies added?",
    "summed_for_mean": "What is the slope of a mean?", "function": "What is the slope of the function there?",
}  # fmt: skip
"""Questions for kinds of changes that bring none."""


def told(case: Case, judgement: Judgement, entry: str, explain: Explain = nothing_known) -> Diagnosis | None:
    """The diagnosis; None where nothing can be told. `entry` is the function that is called."""
    if not judgement.lines:
        return None
    forward = not case.forward_right and not case.findings.raised
    of_line = judgement.alone
    first = "The mistake is in the forward pass; the gradients come after it. "
    first = first if forward and len(case.results) > 1 else ""
    subject = "It" if first else "The mistake"
    found = _of_line(case, judgement, entry, explain, forward) if of_line else _of_several(case, judgement, subject)
    sure = tuple(line for line in case.right_lines if line not in (*found.lines, judgement.also))
    where = f"{first}{found.where}" if found.where else ""
    made = _name_of(case, found.lines[0], _statement_of(judgement), entry) if of_line else ""
    return replace(
        found,
        name=made if made.isidentifier() or "[" in made else "",
        message=f"{first}{found.message}{_more(judgement)}",
        right=sure,
        where=where,
    )


def _more(judgement: Judgement) -> str:
    """That another line is wrong too, where it is known."""
    if judgement.also is not None:
        return f"\nThat is not all: line {judgement.also} is not right either."
    return f"\nThat is not all: after that {judgement.left} is still not right." if judgement.left else ""


def _of_line(case: Case, judgement: Judgement, entry: str, explain: Explain, forward: bool) -> Diagnosis:
    line, edits, statement = judgement.lines[0], judgement.mendings, _statement_of(judgement)
    bookkeeping = bool(edits) and edits[0].kind in OF_BOOKKEEPING
    head = f"At line {line}" if bookkeeping else _opening(case, line, statement, entry)
    where = f"Look at line {line} again." if bookkeeping else f"{head}."
    name = _name_of(case, line, statement, entry)
    whole = _of_return(case, judgement, line) or _of_shape(case, judgement, head, name)
    if whole is not None:
        return whole
    way = _way(case, judgement, name, explain, forward)
    if edits and (way is None or edits[0].kind in _BY_EDIT or way[2] in _LESS_LIKELY):
        kinds = list(dict.fromkeys(each.kind for each in edits if each.cost == edits[0].cost))
        asks = edits[0].asks or _ASKS.get(edits[0].kind, "")
        asks = _FUNCTION if forward and (not asks or edits[0].kind in _OF_GRADIENTS) else asks
        return _in_two(line, name, (head, where), (edits[0].clause, asks), "|".join(kinds))
    if way is not None:
        clause, asks, mistake = way
        return _in_two(line, name, (head, where), (clause, asks), mistake)
    gap = _gap(judgement.mine, judgement.truth)
    asks = _FUNCTION if forward else "What arrives there, and what is the local derivative?"
    return Diagnosis((line,), " ".join(part for part in (f"{head}.", gap, asks) if part))


def _statement_of(judgement: Judgement) -> int | None:
    """The statement on the one line, where it is known."""
    if judgement.evidence is not None:
        return judgement.evidence.statement
    return judgement.mendings[0].statement if judgement.mendings else None


def _in_two(line: int, name: str, opening: tuple[str, str], what: tuple[str, str], mistake: str) -> Diagnosis:
    """What is wrong with a line, a clause and a question; it can also be said in two parts, the line first.

    `opening` is how both begin: before a clause, and as a sentence.
    """
    (head, where), (clause, asks) = opening, what
    said = f"{clause}. {asks}".strip()
    brief = _brief(clause, name)
    return Diagnosis((line,), f"{head}: {said}", mistake, clause, brief, where=where, what=f"Line {line}: {said}")


def _brief(clause: str, name: str) -> str:
    return f"{clause} ({name})" if name else clause


def _of_return(case: Case, judgement: Judgement, line: int) -> Diagnosis | None:
    """Another variable is returned in the place of the right one."""
    edit = judgement.mendings[0] if judgement.mendings else None
    if edit is None or not isinstance(case.statements[edit.statement].node, ast.Return):
        return None
    if not (edit.old.isidentifier() and edit.new.isidentifier()):
        return None
    own = [
        each for each in case.findings.evidence if edit.new in case.names_of(each.part)
        and not isinstance(case.statements[each.statement].node, ast.Return)
    ]  # fmt: skip
    if not own or edit.kind == "sign_flipped":
        return None
    said = f"{edit.new} on line {case.line(own[-1].statement)} is right, but line {line} returns {edit.old} instead."
    if own[-1].at >= PARAMETER:
        said = f"Line {line} returns {edit.old} instead of {edit.new}."
    where = f"What line {line} returns is not right."
    brief = f"{edit.old} is returned instead of {edit.new}"
    return Diagnosis((line,), said, "wrong_variable_returned", brief=brief, where=where, what=said)


def _of_shape(case: Case, judgement: Judgement, head: str, name: str) -> Diagnosis | None:
    """The right numbers in a wrong shape."""
    pairs = [(judgement.mine, judgement.truth)]
    pairs += [pair for each in judgement.mendings[:1] for pair in case.differences(each)]
    for mine, truth in pairs:
        if mine is None or truth is None or shape_of(mine) == shape_of(truth) or np.size(mine) != np.size(truth):
            continue
        if close(np.ravel(mine), np.ravel(truth), 1e-5):
            own, wanted = show_shape(shape_of(mine)), show_shape(shape_of(truth))
            said = f"{head}: it has the right numbers in the shape {own}; the shape should be {wanted}, like its value."
            brief = _brief(f"the right numbers in the shape {own}", name)
            return Diagnosis(judgement.lines, said, "wrong_shape", brief=brief)
    return None


def _way(case: Case, judgement: Judgement, name: str, explain: Explain, forward: bool) -> tuple[str, str, str] | None:
    """The harness's name for what was done at the line."""
    if judgement.mine is not None and judgement.truth is not None:
        found = explain(name, judgement.mine, judgement.truth, judgement.trial, forward)
        if found is not None:
            return found
    for mending in judgement.mendings[:1]:
        for mine, truth in case.differences(mending):
            found = explain(name, mine, truth, case.findings.shown[0], forward)
            if found is not None:
                return found
    return None


def _of_several(case: Case, judgement: Judgement, subject: str) -> Diagnosis:
    edits: dict[int, Mending] = {}
    for each in judgement.mendings:
        edits.setdefault(each.line, each)
    where = _listed(judgement.lines)
    if edits and len(judgement.lines) == 2:
        clauses = [f"on line {line} {each.clause}" for line, each in sorted(edits.items())]
        kinds = "|".join(dict.fromkeys(each.kind for each in edits.values()))
        told, what = f"{subject} is on {where}", ", or ".join(clauses)
        return Diagnosis(judgement.lines, f"{told}: {what}.", kinds, where=f"{told}.", what=f"O{what[1:]}.")
    wrong = case.findings.wrong[0]
    asks = "which of them differs from your graph?"
    return Diagnosis(judgement.lines, f"{wrong} is not right, and the mistake is on {where}: {asks}")


def _listed(lines: Sequence[int]) -> str:
    if len(lines) > MOST_LINES:
        return f"one of the lines {lines[0]} to {lines[-1]}"
    return f"line {', line '.join(map(str, lines[:-1]))} or line {lines[-1]}"


def _opening(case: Case, line: int, statement: int | None, entry: str) -> str:
    """`fx and fy are right; fz on line 9 is not`; for a line of another function also the line that calls it."""
    name = _name_of(case, line, statement, entry)
    before = _right_before(case, line, name)
    caller = _caller(case, statement, entry)
    if not name:
        return f"Line {line}{caller} is not right"
    where = f"{name} on line {line}{caller}"
    return f"{before}; {where} is not" if before else f"{where} is not right"


def _name_of(case: Case, line: int, statement: int | None, entry: str) -> str:
    """What is assigned or returned there."""
    if statement is None:
        return ""
    own = case.statements[statement]
    if isinstance(own.node, ast.Return):
        wrong = [each for each in case.findings.evidence if each.statement == statement and each.influences]
        wrong = [each for each in wrong if each.influences and each.influences <= set(case.findings.wrong)]
        wrong = [each for each in wrong if case.line_of(each.part) == line] or wrong
        names = [case.result_of(each.part) or "".join(case.names_of(each.part)[:1]) for each in wrong]
        function = getattr(own.function, "name", "")
        if len(names) == 1 and names[0] and function == entry:
            return names[0]
        return f"what {function} returns" if function else ""
    parts = [name for _, value, name in parts_of(own.node) if name and getattr(value, "lineno", line) == line]
    if isinstance(own.node, ast.For | ast.While | ast.If | ast.Expr):
        return ""
    return parts[0] if parts else next(iter(case.names_of((statement, 0))), "")


def _right_before(case: Case, line: int, name: str) -> str:
    """`fx and fy are right`: the variables above the line, of the same pass, that are known to be right.

    Where no gradient is, the last one of the forward pass; "" where none is.
    """
    forward: dict[str, bool] = {}
    others: dict[str, bool] = {}
    for each in case.findings.evidence:
        node, names = case.statements[each.statement].node, case.names_of(each.part)
        if isinstance(node, ast.Return) or each.at >= PARAMETER or case.line(each.statement) >= line or not names:
            continue
        pass_of = forward if case.is_forward(each.part) else others
        if names[0].isidentifier() and names[0] != name:
            pass_of[names[0]] = pass_of is forward or case.standing[each.part] is Standing.RIGHT
    right = [one for one, is_right in others.items() if is_right] or [*forward][-1:]
    if not right:
        return ""
    if len(right) <= _MOST_NAMED:
        return f"{_and(right)} {'is' if len(right) == 1 else 'are'} right"
    if all(others.values()):
        return f"All {'gradients' if case.forward_right else 'values'} above are right"
    return f"{', '.join(right[-2:])} and others above are right"


_MOST_NAMED = 3
"""More variables than this are not named one by one."""


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _caller(case: Case, statement: int | None, entry: str) -> str:
    """` (in backward, which line 24 calls)`."""
    function = case.statements[statement].function if statement is not None else None
    name = getattr(function, "name", entry)
    if name == entry or (name.startswith("__") and name != "__init__"):
        return ""
    for each in case.statements:
        if each.function is function or isinstance(each.node, ast.FunctionDef | ast.ClassDef):
            continue
        for part in (part for _, value, _ in parts_of(each.node) for part in ast.walk(value)):
            if isinstance(part, ast.Call) and ast.unparse(part.func).split(".")[-1] == name:
                return f" (in {name}, which line {part.lineno} calls)"
    return ""


def _gap(mine: Value | None, truth: Value | None) -> str:
    """`It is 3; it should be 5 (the first of 3).`"""
    if mine is None or truth is None:
        return ""
    if shape_of(mine) != shape_of(truth) and np.size(mine) > 1:
        wanted = show_shape(shape_of(truth)) if shape_of(truth) else "a number"
        return f"It has shape {show_shape(shape_of(mine))}; it should be {wanted}."
    one, two = np.broadcast_to(mine, shape_of(truth)), np.asarray(truth)
    off = [index for index in np.ndindex(two.shape) if not close(float(one[index]), float(two[index]), 1e-5)]
    if not off:
        return ""
    yours, right = told_apart(float(one[off[0]]), float(two[off[0]]))
    place = place_in(shape_of(truth), off[0])
    return f"It is {yours}; it should be {right}{place}."
