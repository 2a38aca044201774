"""Looks for the place where a program goes wrong, by running it again and again.

1. It is run on every trial, and each value on the way is noted (`sites.py` says how).
2. Each value is disturbed once: what changes with it is made of it (a dynamic slice, after Agrawal and Horgan 1990,
   found by re-running, so loops, closures, classes and aliases need no rules of their own). A place is suspect if all
   wrong results are made of it and no right one is.
3. Where the function's value is right, the true gradient of each variable of the learner's own forward pass is measured
   by central differences: what each gradient on the way back should have been.
4. Every likely change to a suspect statement is tried (`edits.py`). Kept are those after which every result of every
   trial is right.

`drive` is what the runner calls. Everything is counted in turns and runs, never in seconds, so that the same program
always gets the same answer.
"""

from __future__ import annotations

import ast
import builtins
import io
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tutor.diagnosis.child.edit import Edit, written
from tutor.diagnosis.child.edits import OF_SIGNS, alias_edits, edits_of, of_several
from tutor.diagnosis.child.names import NamePools
from tutor.diagnosis.child.sites import (
    SCOPES,
    TOTAL,
    CodeStatement,
    Part,
    Rewriter,
    given_lines,
    is_argument,
    parts_of,
    place_new_nodes,
    statements,
)
from tutor.diagnosis.child.watch import (
    Evidence,
    Watch,
    close,
    copied,
    disturbed,
    latest,
    latest_first,
    mark_of,
    room_of,
)

_MOST_TURNS, _TURNS = 120_000, 200
"""Turns of loops and calls that the program may take; those of a changed one beyond ten times the learner's own."""

_MOST_PARTS = 220
"""A program that computes more values than this in a call is not disturbed."""

_MOST_TRIED = 1_400
_MOST_TRIED_ELSEWHERE = 400
"""Of changes to statements that right results are made of too."""

_MOST_OF_ONE = 480
_FEW = 12
"""Of so few suspects unlikely changes are tried as well."""

_LIKELY, _ANY = 1.7, 9.0
_MOST_KEPT = 12
_MOST_ALIKE = 6
"""Changes that are kept of those that mend the same results and leave others."""

_CHEAP = 1.2
"""Changes that cost no more are tried before all others."""

_UNTOLD = 0.4
"""So much less likely is a change at a place of which nothing is known."""

_ROOM = 0.8
"""Changes so much less likely than the likeliest that helps are not tried any more."""

_MOST_ENTRIES, _MOST_MEASURED = 30, 400
_STEP = 1e-5
_SHOWN = 2
"""Trials whose values are measured and told."""

_UNSURE = 1e-3
"""Where two steps give slopes that are relatively this far apart, none is believed."""

_DEEP = 200
"""Frames below the learner's program, and some of NumPy's."""

Results = Mapping[str, Any]
Log = dict[Part, list[Any]]
"""All that was seen of each value in one run."""


@dataclass
class TrialRun:
    """One trial: what goes in, and what should come out by name."""

    arguments: Any
    truths: Results
    turns: int = _MOST_TURNS
    """How many it may take."""

    def wrong(self, found: Results | None) -> set[str]:
        """The results that are not right; all, where there are none."""
        if found is None:
            return set(self.truths)
        return {
            name for name, truth in self.truths.items()
            if name not in found or not close(found[name], truth, self._room[name])
        }  # fmt: skip

    @cached_property
    def _room(self) -> Results:
        return {name: room_of(truth) for name, truth in self.truths.items()}


class Examination:
    """One program, and all that is tried with it."""

    def __init__(
        self, source: str, given: str, results: Callable[[Any, Any], Results], trials: Sequence[TrialRun],
        constants: Sequence[float] = (),
    ) -> None:  # fmt: skip
        self._tree = ast.parse(source)
        self._all = statements(self._tree)
        self._given = given_lines(self._tree, given)
        self._results = results
        self.trials, self.constants = trials, constants
        self.watch = Watch()
        self._base = self._compiled({})

    def _compiled(self, variants: Mapping[int, Sequence[tuple[int, Sequence[ast.stmt]]]], watch: bool = True) -> Any:
        made = Rewriter(self._all, variants, watch).module(self._tree)
        return compile(made, "<your code>", "exec", dont_inherit=True)

    def run(self, code: Any, trial: TrialRun, variant: int = -1) -> Results | None:
        """The results of one trial; None where the program raises."""
        watch = self.watch
        namespace = {
            "__name__": "your_code", "__builtins__": builtins, "np": np, "variant_": variant, "rec_": watch.rec,
            "saw_": watch.saw, "tick_": watch.tick,
            "sorted_": latest_first, "popped_": latest,
        }  # fmt: skip
        try:
            exec(code, namespace)  # noqa: S102 - the learner's own code, in the process made for it
            return self._results(namespace, copied(trial.arguments))
        except BaseException:  # noqa: BLE001 - whatever the learner's code raises, it is a result like another
            return None

    def observed(
        self, trial: TrialRun, part: Part | None = None, occurrence: int | None = None,
        change: Callable[[Any], Any] = disturbed, log: bool = True,
    ) -> tuple[Results | None, Log]:  # fmt: skip
        """A run of the program as it is, with one value changed; its results and the values on the way."""
        self.watch.log = {} if log else None
        self.watch.begin(part, occurrence, change, trial.turns)
        found = self.run(self._base, trial)
        return found, self.watch.log or {}

    def examine(self, measure: bool) -> dict[str, Any]:
        """All findings, as plain data: see the parent's `examination.py`.

        With `measure`, the first result is a value whose gradients the program is to find.
        """
        runs = []
        for trial in self.trials:
            runs.append(self.observed(trial))
            trial.turns = 10 * (trial.turns - self.watch.turns) + _TURNS
        wrong = [trial.wrong(found) for (found, _), trial in zip(runs, self.trials, strict=True)]
        at = next((number for number, each in enumerate(wrong) if each), None)
        if at is None:
            return {"wrong": []}
        names = list(dict.fromkeys(name for trial in (self.trials[at], *self.trials) for name in trial.truths))
        self.shown = [at, *(number for number, each in enumerate(wrong) if each and number != at)][:_SHOWN]
        ever = {name for each in wrong for name in each}
        evidence = self._evidence(self.trials[at], *runs[at])
        forward_right = bool(names) and names[0] not in ever
        forward = {each.part for each in evidence if each.influences is None or names[0] in each.influences}
        gradients = self._measured(evidence, runs, names[0]) if forward_right and measure else []
        found = self._search(evidence, wrong, at, ever, forward if forward_right else None, *runs[at])
        return {
            "wrong": sorted(ever, key=names.index),
            "here": sorted(wrong[at], key=names.index),
            "trial": at,
            "raised": runs[at][0] is None,
            "ran_right": sorted(
                {part[0] for (_, ran), each in zip(runs, wrong, strict=True) if not each for part in ran}
            ),
            "parts": [self._row(each, runs) for each in evidence],
            "shown": self.shown,
            "gradients": gradients,
            "mended": found,
        }

    def _row(self, each: Evidence, runs: Sequence[tuple[Any, Log]]) -> list[Any]:
        values = [(runs[at][1].get(each.part) or [None])[-1] for at in self.shown]
        influences = None if each.influences is None else sorted(each.influences)
        return [list(each.part), each.many, influences, [list(part) for part in sorted(each.parts)], values]

    # What is made of what

    def _evidence(self, trial: TrialRun, base: Results | None, log: Log) -> list[Evidence]:
        found = [Evidence(part, len(values)) for part, values in log.items()]
        if base is None or sum(each.part[1] != TOTAL for each in found) > _MOST_PARTS:
            return found
        marks = {part: mark_of(values) for part, values in log.items()}
        for each in found:
            if each.part[1] == TOTAL:
                continue
            results, changed = self.observed(trial, each.part)
            if results is None:
                continue
            each.influences = frozenset(name for name, value in results.items() if not close(value, base.get(name)))
            each.parts = frozenset(
                part for part, mark in marks.items() if part != each.part and mark_of(changed.get(part, [])) != mark
            )
        return found

    def _measured(self, evidence: Sequence[Evidence], runs: Sequence[Any], output: str) -> list[list[list[Any]]]:
        """For some trials, the gradient of the function's value with respect to each value of the forward pass.

        Rows: statement, part, occurrence, gradient. An output of several entries counts by its sum.
        """
        left, found = _MOST_MEASURED, []
        of_statement = {each.part: each.influences for each in evidence}
        for number, at in list(of_statement):
            node = self._all[number].node
            if at == TOTAL and isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                of_statement[number, at] = of_statement.get((number, 0))  # `p /= p.sum()`: p is another value
        for trial, (_, log) in ((self.trials[at], runs[at]) for at in self.shown):
            rows: list[list[Any]] = []
            for each in evidence:
                if is_argument(each.part[1]) or output not in (of_statement[each.part] or ()):
                    continue
                for occurrence, value in enumerate(log.get(each.part, [])[:4]):
                    if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or value.size > _MOST_ENTRIES:
                        continue
                    left -= value.size
                    if left >= 0:
                        slopes = self._differences(trial, each.part, occurrence, value, output)
                        rows.append([*each.part, occurrence, slopes])
            left = _MOST_MEASURED
            found.append(rows)
        return found

    def _differences(self, trial: TrialRun, part: Part, occurrence: int, value: Any, output: str) -> Any:
        """The slopes by central differences at two steps, extrapolated (Richardson); NaN where they do not agree."""
        slopes = np.full(value.size, np.nan)
        for entry in range(value.size):
            step = _STEP * max(0.1, abs(float(value.flat[entry])))
            wide, narrow = (self._slope(trial, part, occurrence, entry, each, output) for each in (2 * step, step))
            if abs(wide - narrow) <= _UNSURE * abs(narrow) + 1e-7:
                slopes[entry] = (4 * narrow - wide) / 3
        return slopes.reshape(value.shape)

    def _slope(self, trial: TrialRun, part: Part, occurrence: int, entry: int, step: float, output: str) -> float:
        ends = []
        for sign in (1, -1):
            changed, _ = self.observed(trial, part, occurrence, _moving(entry, sign * step), log=False)
            ends.append(np.nan if changed is None else float(np.sum(changed[output])))
        return (ends[0] - ends[1]) / (2 * step)

    # What would mend it

    def _search(
        self, evidence: Sequence[Evidence], wrong: Sequence[set[str]], at: int, ever: set[str],
        forward: set[Part] | None, base: Results | None, log: Log,
    ) -> list[dict[str, Any]]:  # fmt: skip
        executed = {each.part[0] for each in evidence}
        here = wrong[at]
        own = [each for each in evidence if each.part[1] != TOTAL]
        around = {
            each.number for each in self._all if each.number not in executed and self._holds(each, executed)
            and isinstance(each.node, ast.For | ast.While | ast.If)
        }  # fmt: skip
        made_of = {number: _influences_of(own, number) for number in executed}
        loops = {number for number in executed if isinstance(self._all[number].node, ast.For | ast.While)}
        self._reaching = {number for number, reached in made_of.items() if reached} | around | loops
        reaching = [
            *((each.part[0], each.influences) for each in own),
            *made_of.items(),
        ]  # each value, then all of them
        strict = {number for number, reached in reaching if reached is not None and here <= reached <= ever}
        untold = {number for number, reached in made_of.items() if reached is None}
        loosely = {number for number, reached in made_of.items() if reached is None or here & reached} - strict - untold
        if base is None:  # it raises: where, it has no value to show
            strict |= untold | {each.number for each in self._all if not isinstance(each.node, SCOPES)}
        self._right = self._in_right(own, ever) if base is not None else frozenset()
        pools = NamePools(self._all, evidence, log, forward, self.constants)
        everywhere = {each.number for each in self._all if each.number in executed}
        aliases = [
            (self._all[at], edit) for at in sorted(everywhere) if self._all[at].node.lineno not in self._given
            for edit in alias_edits(self._all[at])
        ]  # fmt: skip
        hidden = {part[0] for part in forward} if forward else loosely
        signs = [each for each in self._edits(hidden - strict, pools, most=_LIKELY) if each[1].kind in OF_SIGNS]
        together = list(of_several(self._all, executed))
        # Many a change makes a program call itself without end; what calls itself in earnest has taken turns for it.
        sys.setrecursionlimit(min(sys.getrecursionlimit(), _DEEP + max(trial.turns for trial in self.trials)))
        plain = [*self._edits(strict | around, pools), *self._edits(untold - strict, pools, most=_LIKELY)]
        plain = sorted(plain, key=self._unlikely)[:_MOST_TRIED]
        found = self._mended([*aliases, *together, *signs, *plain], at, wrong, ever)
        if any(not each["leaves"] for each in found):
            return found
        more = sorted(self._edits(loosely, pools), key=lambda each: each[1].cost)[:_MOST_TRIED_ELSEWHERE]
        return [*found, *self._mended(more, at, wrong, ever)]

    def _edits(self, numbers: set[int], pools: NamePools, most: float = _ANY) -> list[tuple[CodeStatement, Edit]]:
        """The changes to these statements, but for those of functions that are given."""
        tried: list[tuple[CodeStatement, Edit]] = []
        ceiling = most if len(numbers) <= _FEW else _LIKELY
        for at in sorted(numbers):
            statement = self._all[at]
            if statement.node.lineno not in self._given:
                found = edits_of(statement, pools.names_at(statement), ceiling)
                found = [edit for edit in found if id(edit.old) not in self._right]
                tried += [(statement, edit) for edit in found[:_MOST_OF_ONE]]
        return tried

    def _in_right(self, own: Sequence[Evidence], ever: set[str]) -> frozenset[int]:
        """The nodes of returned values that a right result is made of, where others beside them may be wrong."""
        right = {each.part for each in own if each.influences is not None and each.influences - ever}
        return frozenset(
            id(node)
            for each in self._all
            if isinstance(each.node, ast.Return)
            for at, value, _ in parts_of(each.node)
            if (each.number, at) in right
            for node in ast.walk(value)
        )

    def _holds(self, statement: CodeStatement, executed: set[int]) -> bool:
        return any(each.number in executed for each in self._all if statement.node in each.around)

    def _mended(
        self, tried: list[tuple[CodeStatement, Edit]], at: int, wrong: Sequence[set[str]], ever: set[str]
    ) -> list[dict[str, Any]]:
        """The changes that make every trial right, the likeliest first; else those that mend some of what is wrong."""
        tried = sorted(tried, key=self._unlikely)
        others = [each for each in range(len(self.trials)) if each != at]
        order = [at, *sorted(others, key=lambda each: not wrong[each])]
        whole: list[dict[str, Any]] = []
        some: list[dict[str, Any]] = []
        cheap = sum(self._unlikely(each) <= _CHEAP for each in tried)
        for batch in (tried[:cheap], tried[cheap:]):
            if whole and batch and self._unlikely(batch[0]) > whole[0]["cost"] + _ROOM:
                break
            self._try(batch, order, wrong, ever, whole, some)
        return whole or some

    def _unlikely(self, change: tuple[CodeStatement, Edit]) -> float:
        """How unlikely a change is: the more so at a place that could not be disturbed."""
        statement, edit = change
        return edit.cost + (0 if statement.number in self._reaching else _UNTOLD)

    def _try(
        self, tried: Sequence[tuple[CodeStatement, Edit]], order: Sequence[int],
        wrong: Sequence[set[str]], ever: set[str], whole: list[dict[str, Any]], some: list[dict[str, Any]],
    ) -> None:  # fmt: skip
        variants: dict[int, list[tuple[int, Sequence[ast.stmt]]]] = {}
        for number, (statement, edit) in enumerate(tried):
            variants.setdefault(statement.number, []).append((number, edit.statements))
            for other, made in edit.also:
                variants.setdefault(other, []).append((number, made))
        try:
            code = self._compiled(variants, watch=False)
        except (SyntaxError, ValueError, RecursionError):
            return
        for number, (statement, edit) in enumerate(tried):
            if len(whole) >= _MOST_KEPT or (whole and self._unlikely((statement, edit)) > whole[0]["cost"] + _ROOM):
                return
            left = self._left(code, number, order, wrong)
            if left is not None and not left:
                whole.append(self._told(statement, edit, left))
                continue
            alike = sum(each["leaves"] == sorted(left or ()) for each in some)
            if left is not None and left < ever and not whole and alike < _MOST_ALIKE:
                some.append(self._told(statement, edit, left))

    def _left(self, code: Any, variant: int, order: Sequence[int], wrong: Sequence[set[str]]) -> set[str] | None:
        """The results still wrong on some trial; None if none is better, or one that was right is wrong now."""
        left: set[str] = set()
        self.watch.log = None
        for number, at in enumerate(order):
            self.watch.begin(None, None, disturbed, self.trials[at].turns)
            found = self.run(code, self.trials[at], variant)
            if found is None:
                return None
            now = self.trials[at].wrong(found)
            if not now <= wrong[at] or (number == 0 and now == wrong[at]):
                return None
            left |= now
        return left

    def _told(self, statement: CodeStatement, edit: Edit, left: set[str]) -> dict[str, Any]:
        values: list[Any] = []
        changed = {statement.number: [(0, edit.statements)], **{at: [(0, made)] for at, made in edit.also}}
        code = self._compiled(changed)
        for trial in (self.trials[at] for at in self.shown):
            self.watch.log = {}
            self.watch.begin(None, None, disturbed, trial.turns)
            self.run(code, trial, 0)
            values.append([[*part, seen[-1]] for part, seen in self.watch.log.items()])
        line = edit.line or getattr(edit.old, "lineno", None) or statement.node.lineno
        return {
            "statement": statement.number,
            "line": line,
            "kind": edit.kind,
            "cost": edit.cost,
            "clause": edit.clause,
            "asks": edit.asks,
            "old": written(edit.old) if isinstance(edit.old, ast.expr) else "",
            "new": written(edit.new) if isinstance(edit.new, ast.expr) else "",
            "leaves": sorted(left),
            "values": values,
        }


def _influences_of(own: Sequence[Evidence], number: int) -> frozenset[str] | None:
    """The results that the values of a statement change; None where none of them could be disturbed."""
    known = [each.influences for each in own if each.part[0] == number and each.influences is not None]
    return frozenset[str]().union(*known) if known else None


def _moving(entry: int, step: float) -> Callable[[Any], Any]:
    def moved(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value + step
        made = np.array(value)
        made.flat[entry] += step
        return made

    return moved


def drive(call: Callable[..., Any], calls: Any) -> None:
    """What the runner calls: one examination, whose findings are the result of one `call`.

    `calls`: the learner's source, what the exercise gives, the source of the harness's `results`, whether gradients are
    measured, and the numbers of the exercise; then the arguments and the true results of each trial.
    """
    (source, given, driver, measure, constants), *trials = calls
    own: dict[str, Any] = {"__builtins__": builtins, "np": np}
    exec(compile(driver, "driver", "exec", dont_inherit=True), own)  # noqa: S102 - a harness's source, ours
    sys.stdout = sys.stderr = io.StringIO()
    warnings.simplefilter("ignore")
    place_new_nodes()
    made = [TrialRun(arguments, truths) for arguments, truths in trials]
    with np.errstate(all="ignore"):
        call(Examination(source, given, own["results"], made, constants).examine, measure)
