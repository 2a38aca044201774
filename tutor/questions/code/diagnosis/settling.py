"""Whether a diagnosis is sure enough to name one line: else two lines are named, or those of which one is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tutor.questions.code.diagnosis.mending import Mender, Mending, Oddities, Suspect, is_cleared, shared_lines
from tutor.questions.code.diagnosis.reckoning import AstInterpreter
from tutor.questions.code.diagnosis.said import Diagnosis, opening
from tutor.questions.code.diagnosis.standing import Board, LineStatus
from tutor.questions.code.diagnosis.steps import CodeAssignment

_SHAPES = ("wrong_shape", "constant_for_array")
_MOST_LINES = 4


def settled(
    board: Board, wrong: Sequence[CodeAssignment], first: CodeAssignment, found: Diagnosis, reckoner: AstInterpreter
) -> Diagnosis:
    """The diagnosis as far as it holds.

    A line is accused where a change to it alone makes everything returned right, and no change to another line makes
    as much sense; or where its variable says by its name what it is, is not that, and all that it reads is right.
    """
    accused = [step for step in board.program.steps if (step.line, step.name) == (found.line, found.name)]
    if found.mistake in _SHAPES and any(_reads_right(board, step) for step in accused):
        return found
    mender = Mender(board, reckoner)
    suspects = mender.suspects(list(wrong))
    tiers = _tiers(suspects)
    for tier in tiers:
        ways = _ways(mender, tier)
        if ways:
            passed = [each for each in suspects if each.oddities is not None and each.oddities < ways[0].oddities]
            return _with_ways(board, ways, passed, found)
    if _is_sure(board, first, found):
        return found
    return _among(board, suspects, wrong, found)


def _tiers(suspects: Sequence[Suspect]) -> list[list[Suspect]]:
    """The suspects with which most makes sense first; those of which that cannot be told beside them."""
    open_ones = [each for each in suspects if each.oddities is None]
    counts = sorted({each.oddities for each in suspects if each.oddities is not None})
    tiers = [[each for each in suspects if each.oddities == count] for count in counts]
    return [[*tiers[0], *open_ones], *tiers[1:]] if tiers else [open_ones] if open_ones else []


def _ways(mender: Mender, tier: Sequence[Suspect]) -> list[Mending]:
    """The likeliest change for each line."""
    best: dict[int, Mending] = {}
    for suspect in tier:
        for mending in mender.mendings(suspect):
            known = best.get(mending.line)
            if known is None or _rank(mending) < _rank(known):
                best[mending.line] = mending
    return sorted(best.values(), key=lambda mending: (_rank(mending), mending.line))


def _rank(mending: Mending) -> tuple[Oddities, int]:
    return mending.oddities, mending.edit.cost


def _is_named_right(board: Board, step: CodeAssignment) -> bool:
    if step.returned or board.at(step) not in (LineStatus.RIGHT, LineStatus.PART):
        return False
    return step.number not in board.forward or step.number in board.by_name


def _reads_right(board: Board, step: CodeAssignment) -> bool:
    """Whether all that a step reads is surely right."""
    steps = [board.program.steps[number] for number in step.reads]
    return all(
        other.given or _is_named_right(board, other) or (other.number in board.vouched and is_cleared(board, other))
        for other in steps
    )


def _with_ways(board: Board, ways: Sequence[Mending], passed: Sequence[Suspect], found: Diagnosis) -> Diagnosis:
    likely = [way for way in ways if _rank(way) == _rank(ways[0])]
    lines = set[int]().union(*(_lines(board, way) for way in likely), *(each.lines for each in passed))
    if len(lines) > 1:
        return _hedged(sorted(lines), sorted(likely, key=lambda way: way.line), found)
    best = likely[0]
    if found.line == best.line:
        return replace(found, mended=((best.line, best.text),))
    head = opening("", best.step.name, best.line)
    said = f"{head}: {best.edit.clause}. {best.edit.asks}".strip()
    return Diagnosis(best.line, best.step.name, said, best.edit.kind, mended=((best.line, best.text),))


def _lines(board: Board, way: Mending) -> set[int]:
    """The lines a change may belong on: for an entry of a list also the line that takes it from the list."""
    own = {way.step.line} if way.step.line and not board.program.helper_at(way.line) else set()
    return way.lines | own if way.is_put_in else way.lines


def _hedged(lines: Sequence[int], ways: Sequence[Mending], found: Diagnosis) -> Diagnosis:
    clauses = [f"on line {way.line} {way.edit.clause}" for way in ways[:2]]
    said = f"The mistake is on {_listed(lines)}: {', or '.join(clauses)}."
    kinds = dict.fromkeys(way.edit.kind for way in ways)
    mended = tuple((way.line, way.text) for way in ways)
    return Diagnosis(None, found.name, said, "|".join(kinds), certain=False, lines=tuple(lines), mended=mended)


def _is_sure(board: Board, first: CodeAssignment, found: Diagnosis) -> bool:
    """Whether a variable is not what its name says, all that it reads is right, and no helper has a part in it."""
    alone = Suspect(first, None, None).lines <= {*range(first.line or 0, (first.end or first.line or 0) + 1)}
    return found.line == first.line and alone and board.at(first) is LineStatus.WRONG and _reads_right(board, first)


def _among(board: Board, possible: Sequence[Suspect], wrong: Sequence[CodeAssignment], found: Diagnosis) -> Diagnosis:
    """One of several lines, where no change is known that mends one."""
    suspects = possible or [
        Suspect(board.program.steps[number], None, None) for number in sorted(board.program.slice(wrong[0].number))
        if board.standing[number] is not LineStatus.RIGHT
    ]  # fmt: skip
    unread = _unread(board, wrong)
    lines = shared_lines(board, wrong).union(*(each.lines for each in (*suspects, *unread)))
    if lines == {found.line}:
        return found
    if len(lines) == 1 and found.line:
        lines.add(found.line)
    name = wrong[0].name
    asks = "which of them differs from your graph?"
    said = f"{name} is not right, and the mistake is on {_listed(sorted(lines))}: {asks}" if lines else found.message
    return Diagnosis(None, name, said, "", certain=False, lines=tuple(sorted(lines)))


def _unread(board: Board, wrong: Sequence[CodeAssignment]) -> list[Suspect]:
    """What loops leave behind that a wrong value is made of: no expression tells what it should be."""
    numbers = set[int]().union(*(board.program.slice(step.number) for step in wrong))
    steps = [board.program.steps[number] for number in sorted(numbers)]
    return [
        Suspect(step, None, None) for step in steps
        if step.expression is None and not (step.given or step.returned or is_cleared(board, step))
    ]  # fmt: skip


def _listed(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"line {lines[0]}"
    if len(lines) > _MOST_LINES:
        return f"one of the lines {lines[0]} to {lines[-1]}"
    return f"line {', line '.join(map(str, lines[:-1]))} or line {lines[-1]}"
