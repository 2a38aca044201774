"""The lines of which one could be wrong, if only one is, and the changes to a line that make the function right."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor.engine.values import Value, as_value
from tutor.questions.code.diagnosis.edit import CodeEdit, binary
from tutor.questions.code.diagnosis.known import close, like
from tutor.questions.code.diagnosis.reckoning import AstInterpreter, CannotRead
from tutor.questions.code.diagnosis.replaying import Replay
from tutor.questions.code.diagnosis.search import NamePool, changes_to
from tutor.questions.code.diagnosis.standing import Board, LineStatus, is_slope
from tutor.questions.code.diagnosis.steps import CodeAssignment, written

Oddities = tuple[int, int]
"""How many variables hold nothing that is true, and how many the same as one before."""

_FREE_TRIES = 600
"""Changes tried in a step where each is followed to the end of the function."""

_MOST_NAMES = 30
_MOST_WAYS = 4


@dataclass(frozen=True)
class Mending:
    """A change to one line, after which everything returned is right."""

    step: CodeAssignment
    edit: CodeEdit
    whole: ast.expr
    oddities: Oddities

    returned: tuple[ast.expr | None, ...] = ()
    """The expressions that are returned, where the change is to one of them."""

    @property
    def line(self) -> int:
        """The line that changes: that of a helper or a list, where the change is to a part of what that puts in."""
        inner = line_of(self.edit.old)
        if inner is None or (self.edit.old is self.step.expression and not self._is_own(inner)):
            return self.step.line or 0
        return inner

    @property
    def lines(self) -> set[int]:
        """That line; and the one that the whole was put in from, which could be changed as well."""
        inner = line_of(self.edit.old)
        return {self.line} if inner is None else {self.line, inner}

    @property
    def is_put_in(self) -> bool:
        """Whether the part that changes was put in from another statement."""
        return not self._is_own(self.line)

    def _is_own(self, line: int) -> bool:
        first = self.step.line or 0
        return first <= line <= (self.step.end or first)

    @property
    def text(self) -> str:
        """The line as it would be; "" where it cannot be written out."""
        if self.step.line != self.line or None in self.returned:
            return ""
        if not self.step.returned:
            return f"{self.step.name} = {written(self.whole)}"
        return "return " + ", ".join(written(each) for each in self.returned if each is not None)


def line_of(node: ast.expr) -> int | None:
    """Where a part of the learner's code stands; None for what is ours."""
    return getattr(node, "lineno", None)


def suspects(board: Board, wrong: list[CodeAssignment]) -> list[CodeAssignment]:
    """The steps that all wrong values come from and no right one does."""
    program = board.program
    common = set.intersection(*(program.slice(step.number) for step in wrong))
    common -= {number for number in common & board.vouched if is_cleared(board, program.steps[number])}
    steps = [program.steps[number] for number in sorted(common)]
    return [step for step in steps if not step.given and not _only_returns(board, step)]


def is_cleared(board: Board, step: CodeAssignment) -> bool:
    """Whether a step that something right is made of is right itself: a wrong sign may be lost in a square."""
    later = board.program.steps[step.number :]
    mine = [each for each in later if each.name == step.name and each.number in board.vouched and not each.returned]
    if any(each.value is not None and any(truth.has(each.value) for truth in board.truths) for each in mine):
        return True
    return step.returned


def shared_lines(board: Board, wrong: Sequence[CodeAssignment]) -> set[int]:
    """The lines of helpers that are put in at several places, so that no one step tells of them."""
    program = board.program
    found: set[int] = set()
    for number, step in enumerate(wrong):
        used: list[int] = []
        for each in program.slice(step.number):
            suspect = Suspect(program.steps[each], None, None)
            used += [line for line in suspect.lines if program.helper_at(line)]
        found = set(used) if number == 0 else found & set(used)
    return found


def _only_returns(board: Board, step: CodeAssignment) -> bool:
    """Whether a step returns the variable of its own name: the slip is where that got its value."""
    return step.returned and step.alias is not None and board.program.steps[step.alias].name == step.name


@dataclass(frozen=True)
class Suspect:
    """A step that could be the only wrong one. The more `oddities`, the less the rest makes sense if it is.

    `target` is the value that would make everything right; None where more than one would, or none was found.
    """

    step: CodeAssignment
    target: Value | None
    oddities: Oddities | None

    @property
    def lines(self) -> set[int]:
        """The lines that the step is made of: its own, and those of helpers and lists put in."""
        found = {self.step.line} if self.step.line else set()
        if self.step.expression is not None:
            found |= {
                line
                for node in ast.walk(self.step.expression)
                if isinstance(node, ast.expr) and (line := line_of(node))
            }
        return found | set(self.step.around)


class Mender:
    """Looks for the change to one line."""

    def __init__(self, board: Board, reckoner: AstInterpreter) -> None:
        self._board = board
        self._reckoner = reckoner
        self._replay = Replay(board.program, reckoner, board.wanted)
        self._odd: dict[int, bool] = {}

    def suspects(self, wrong: list[CodeAssignment]) -> list[Suspect]:
        """The steps that could be the only wrong one."""
        found = []
        for step in suspects(self._board, wrong):
            needed = self._replay.needed(step.number)
            if needed.possible:
                oddities = None if needed.value is None else self.oddities(step, needed.value)
                found.append(Suspect(step, needed.value, oddities))
        return [*found, *self._with_lost_signs(wrong)]

    def _with_lost_signs(self, wrong: list[CodeAssignment]) -> Iterator[Suspect]:
        """The steps with a wrong sign that something right is made of all the same, such as a square."""
        program = self._board.program
        common = set.intersection(*(program.slice(step.number) for step in wrong))
        for number in sorted(common & self._board.vouched):
            step = program.steps[number]
            if step.given or step.value is None or not self._replay.readable(number):
                continue
            if self._replay.mends(number, -step.value):
                yield Suspect(step, -step.value, self.oddities(step, -step.value))

    def oddities(self, step: CodeAssignment, value: Value) -> Oddities | None:
        """How many variables would still hold nothing that is true, or the same as one before, with this value."""
        try:
            new = self._replay.values_with(step.number, value)
        except CannotRead:
            return None
        odd, seen = 0, list[Value]()
        doubles = 0
        for other in self._board.program.steps:
            if other.returned:
                break
            now = new.get(other.number, other.value)
            if now is None:
                odd += 1
                continue
            doubled = any(close(now, each) for each in seen)
            doubles += doubled
            seen.append(now)
            if other.given:
                continue
            if other.number in new:
                odd += self._is_odd(other, now, doubled)
            else:
                if other.number not in self._odd:
                    self._odd[other.number] = self._is_odd(other, now, doubled)
                odd += self._odd[other.number]
        return odd, doubles

    def _is_odd(self, step: CodeAssignment, value: Value, doubled: bool) -> bool:
        board = self._board
        claimed = [claim for claim in board.claims.get(step.number, []) if claim.slope_of is None]
        if claimed and step.number not in board.vouched and board.at(step) in (LineStatus.RIGHT, LineStatus.WRONG):
            totals = [claim.truth.gradients.totals[claim.position] for claim in claimed]
            return not any(close(value, total, loosely=True) for total in totals)
        slopes = [claim for claim in board.claims.get(step.number, []) if claim.slope_of is not None]
        if slopes:
            return not is_slope(value, slopes)
        known = any(truth.has(value) for truth in board.truths)
        if step.number in board.forward:
            named = [truth.values[position] for truth in board.truths for position in truth.positions(step.name)]
            if any(close(value, true, loosely=True) for true in named):
                return False
            if named and (doubled or step.number in board.by_name):
                return True
        return not known

    def mendings(self, suspect: Suspect) -> list[Mending]:
        """The changes to a step that mend the function, the likeliest first."""
        step, target = suspect.step, suspect.target
        if step.expression is None or not self._replay.readable(step.number):
            return []
        at, names = self._replay.at, self._names(step)
        if target is not None:
            found = changes_to(step.expression, like(target), at, names, self._reckoner)
        else:
            found = changes_to(
                step.expression, lambda value: self._replay.mends(step.number, value), at, names, self._reckoner,
                _FREE_TRIES,
            )  # fmt: skip
        found = sorted([*found, *self._more(step, target)], key=lambda each: each[0].cost)
        return [
            Mending(step, edit, whole, self._oddities(suspect, whole), self._returned(step, whole))
            for edit, whole in found[:_MOST_WAYS]
        ]

    def _returned(self, step: CodeAssignment, whole: ast.expr) -> tuple[ast.expr | None, ...]:
        return (
            tuple(whole if each is step else each.expression for each in self._board.returned())
            if step.returned
            else ()
        )

    def _oddities(self, suspect: Suspect, whole: ast.expr) -> Oddities:
        found = suspect.oddities
        if suspect.target is None:
            found = self.oddities(suspect.step, as_value(self._reckoner.value(whole, self._replay.at)))
        return (len(self._board.program.steps), 0) if found is None else found

    def _more(self, step: CodeAssignment, target: Value | None) -> Iterator[tuple[CodeEdit, ast.expr]]:
        """A term that is missing: another variable, or what stood in this one before."""
        assert step.expression is not None
        before = self._board.program.before(step)
        others = [(other, "missing_term") for other in self._others(step)]
        if before is not None and not before.given and before.number not in step.reads:
            others.insert(0, (before, "overwrote_branch"))
        for other, kind in others:
            name = ast.Name(other.key, ast.Load())
            for op in (ast.Add(), ast.Sub()):
                whole = binary(step.expression, op, name)
                try:
                    value = self._reckoner.value(whole, self._replay.at)
                except CannotRead:
                    continue
                fits = close(value, target) if target is not None else self._replay.mends(step.number, value)
                if fits:
                    says = "it overwrites what was in {0} before" if before is other else "the term {0} is missing"
                    yield CodeEdit(kind, step.expression, whole, says, "What else arrives here?", 2, (name,)), whole

    def _others(self, step: CodeAssignment) -> list[CodeAssignment]:
        """The variables that could be read there, each by its last value."""
        latest = {
            other.name: other for other in self._board.program.steps[: step.number]
            if not other.returned and other.value is not None
        }  # fmt: skip
        near = sorted(
            latest.values(), key=lambda other: (other.number not in step.reads, not other.given, -other.number)
        )
        kept: list[CodeAssignment] = []
        for other in near:
            if not any(close(other.value, each.value) for each in kept):
                kept.append(other)
        return kept[:_MOST_NAMES]

    def _names(self, step: CodeAssignment) -> NamePool:
        board, forward = self._board, step.number in self._board.forward
        values: list[ast.Name] = []
        gradients: list[ast.Name] = []
        for other in self._others(step):
            is_gradient = other.number in board.claims and not forward
            (gradients if is_gradient else values).append(ast.Name(other.key, ast.Load()))
        return NamePool(tuple(values), tuple(gradients))
