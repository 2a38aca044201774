"""How each value of a program stands against what is true: right, contradicted, known, or not to be told.

What is true comes from the learner's own program first: where its value is right, the gradient of each of its
variables was measured. Names are only believed where values bear them out: `da` is the gradient of the learner's own
`a`, whatever another staging calls a.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from typing import Any

import numpy as np

from tutor.diagnosis.child.sites import (
    LAMBDA,
    PARAMETER,
    TOTAL,
    CodeStatement,
    given_lines,
    is_argument,
    is_element,
    names_of,
    parts_of,
    spelled,
    statements,
    targets_of,
)
from tutor.diagnosis.examination import Findings, Mending, Part, SeenValue
from tutor.engine.values import Value

_SAME, _MEASURED = 1e-6, 2e-5
"""How far values may be apart: those of a graph, and those that were measured."""


class Standing(Enum):
    """What is known of a value."""

    RIGHT = auto()
    """It is what its name says, or right results are made of it."""

    CONTRADICTED = auto()
    """Its name says what it should be, and it is not."""

    UNKNOWN = auto()


@dataclass(frozen=True)
class TrueGraph:
    """What is true on one trial by a graph."""

    nodes: Sequence[tuple[str, Value, Value]] = ()
    """Name, value and gradient of each node; "" for one without a name."""

    others: Sequence[Value] = ()
    """What else is true: the shares of forks, local derivatives."""


def close(one: Value | None, two: Value | None, within: float = _SAME) -> bool:
    """Whether two values agree; one number may stand for an array of it."""
    if one is None or two is None or isinstance(one, tuple) or isinstance(two, tuple):
        return False
    if np.shape(one) != np.shape(two) and np.size(one) > 1 and np.size(two) > 1:
        return False
    with np.errstate(all="ignore"):
        gap, scale = np.abs(np.subtract(one, two)), np.max(np.abs(two))
        return bool(np.all(gap <= within * np.maximum(np.abs(two), 1e-3 * scale) + within * 1e-4))


_PLAIN = (
    "d{n}", "d_{n}", "grad_{n}", "grad{n}", "{n}_grad", "{n}grad", "g_{n}", "g{n}", "{n}_bar", "{n}bar", "{n}_g",
    "delta_{n}", "del_{n}", "grad_wrt_{n}", "upstream_{n}", "up_{n}", "d{n}_", "bar_{n}", "adj_{n}", "{n}.grad",
)  # fmt: skip

_BY_OUTPUT = ("d{f}d{n}", "d{f}_d{n}", "{f}{n}", "{f}_{n}", "d{f}_{n}", "d{f}{n}", "grad_{f}_{n}", "d_{f}_{n}")


def is_gradient(name: str, base: str, outputs: Iterable[str]) -> bool:
    """Whether a name says that it is the gradient of another: `da`, `grads['a']`, `self.dW` of `self.W`."""
    inner = re.fullmatch(r"([\w.]+)\['(\w+)'\]", name)
    root = re.fullmatch(r"([\w.]+)\['(\w+)'\]", base)
    base = root[2] if root else base.removeprefix("self.")
    if inner:
        return (inner[2] == base and _says_gradient(inner[1])) or is_gradient(inner[2], base, outputs)
    spelling = name.removeprefix("self.")
    if spelling in {pattern.format(n=base) for pattern in _PLAIN}:
        return True
    return spelling in {pattern.format(n=base, f=f) for pattern in _BY_OUTPUT for f in outputs if f != base}


def _says_gradient(name: str) -> bool:
    return name.removeprefix("self.").startswith(("d", "g")) or "grad" in name


class Case:
    """A program, what was found, and what is true."""

    def __init__(
        self,
        source: str,
        findings: Findings,
        truths: Sequence[Mapping[str, Value | None]],
        references: Sequence[Sequence[TrueGraph]] = (),
        given: str = "",
    ) -> None:
        """`truths` and `references` are those of each trial; several graphs may be known of each.

        `given` is the source of functions that are not the learner's.
        """
        self.source, self.findings = source, findings
        self.statements: list[CodeStatement] = statements(ast.parse(source))
        self.given = given_lines(ast.parse(source), given)
        self.truths, self.references = truths, references
        self.results = [*truths[0]]
        self.forward_right = bool(self.results) and self.results[0] not in findings.wrong

    def line(self, statement: int) -> int:
        """Where a statement stands."""
        return self.statements[statement].node.lineno

    def line_of(self, part: Part) -> int:
        """Where a value stands: the values of one return statement may have lines of their own."""
        node = self.statements[part[0]].node
        own = [value.lineno for at, value, _ in parts_of(node) if at == part[1]] if isinstance(node, ast.Return) else []
        return own[0] if own else node.lineno

    def names_of(self, part: Part) -> list[str]:
        """The names that a value goes to."""
        return names_of(self.statements[part[0]].node, part[1])

    def is_given_later(self, statement: CodeStatement, names: set[str]) -> bool:
        """Whether a later line of the same function gives one of these names another value, and loses this one."""
        return any(
            isinstance(target, ast.Name) and target.id in names
            for each in self.statements[statement.number + 1 :] if each.function is statement.function
            and isinstance(each.node, ast.Assign) for target in targets_of(each.node)
        )  # fmt: skip

    def read_by(self, statement: int) -> set[str]:
        """The names that a statement reads."""
        parts = ast.walk(self.statements[statement].node)
        return {each.id for each in parts if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}

    def value_at(self, part: Part, value: Any, name: str) -> Value | None:
        """The value of one of the names; a tuple was taken apart."""
        if not isinstance(value, tuple):
            return value  # type: ignore[no-any-return]
        targets = [spelled(each) for each in targets_of(self.statements[part[0]].node)]
        if len(targets) != len(value) or name not in targets:
            return None
        one = value[targets.index(name)]
        return None if isinstance(one, tuple) else one

    # What is true

    @cached_property
    def _forward(self) -> set[Part]:
        """The values that the function's value is made of."""
        first = self.results[0]
        return {
            each.part for each in self.findings.evidence if each.influences is not None and first in each.influences
        }

    @cached_property
    def measured(self) -> list[dict[str, list[tuple[CodeStatement, Value]]]]:
        """On each trial shown: the gradients of the learner's own variables by name, and where each was assigned."""
        found = []
        for at, gradients in enumerate(self.findings.gradients):
            by_name: dict[str, list[tuple[CodeStatement, Value]]] = {}
            for (number, part, occurrence), slope in gradients.items():
                exact = self._exact((number, part), occurrence, at, slope)
                if exact is not None:
                    for name in self.names_of((number, part)):
                        by_name.setdefault(name, []).append((self.statements[number], exact))
            for changed, slope in self._changed_in_place(at):
                for name in self.names_of(changed):
                    by_name.setdefault(name, []).append((self.statements[changed[0]], slope))
            found.append(by_name)
        return found

    def _changed_in_place(self, at: int) -> Iterator[tuple[Part, Value]]:
        """What `a[a < 0] = 0` and the like leave, where a graph has a node with this value; with its gradient."""
        for each in self.findings.evidence:
            value = each.values[at]
            if each.at != TOTAL or value is None or isinstance(value, tuple):
                continue
            for reference in self._references(self.findings.shown[at]):
                for _, true, gradient in reference.nodes:
                    if close(value, true) and np.shape(value) == np.shape(true):
                        yield each.part, gradient

    def _exact(self, part: Part, occurrence: int, at: int, slope: Value) -> Value | None:
        """The gradient of the node with this value, if there is one; else as it was measured, if it could be."""
        sure = bool(np.all(np.isfinite(slope)))
        evidence = self._by_part[part]
        value = evidence.values[at]
        if evidence.many == occurrence + 1 and value is not None and not isinstance(value, tuple):
            for reference in self._references(self.findings.shown[at]):
                for _, true, gradient in reference.nodes:
                    same = close(value, true) and np.shape(value) == np.shape(true)
                    if same and (not sure or close(slope, gradient, 1e-3)):
                        return gradient
        return slope if sure else None

    @cached_property
    def _by_part(self) -> dict[Part, SeenValue]:
        return {each.part: each for each in self.findings.evidence}

    @cached_property
    def _known(self) -> list[list[Value]]:
        """On each trial measured, all values that are true of something."""
        found = []
        for trial, gradients in zip(self.findings.shown, self.findings.gradients, strict=False):
            known = [slope for slope in gradients.values() if np.all(np.isfinite(slope))]
            known += [value for value in self.truths[trial].values() if value is not None]
            for each in self._references(trial):
                known += [*(gradient for _, _, gradient in each.nodes), *each.others]
            found.append(known)
        return found

    def _references(self, trial: int) -> Sequence[TrueGraph]:
        return self.references[trial] if trial < len(self.references) else ()

    # How values stand

    @cached_property
    def standing(self) -> dict[Part, Standing]:
        """How each value stands."""
        return self.standing_with(self._values)

    @property
    def right_lines(self) -> list[int]:
        """The learner's assignments of which something is known, and nothing but that it is right."""
        by_line: dict[int, set[Standing]] = {}
        for part, standing in self.standing.items():
            if not isinstance(self.statements[part[0]].node, ast.Assign | ast.AugAssign | ast.AnnAssign):
                continue
            by_line.setdefault(self.line(part[0]), set()).add(standing)
        known = {line: standings - {Standing.UNKNOWN} for line, standings in by_line.items()}
        return sorted(line for line, found in known.items() if found == {Standing.RIGHT} and line not in self.given)

    @cached_property
    def _values(self) -> list[dict[Part, Any]]:
        """On each trial shown, the last of each value."""
        return [
            {each.part: each.values[at] for each in self.findings.evidence} for at in range(len(self.findings.shown))
        ]

    def standing_with(self, values: Sequence[Mapping[Part, Any]]) -> dict[Part, Standing]:
        """How each value would stand with these on the trials shown."""
        wrong = set(self.findings.wrong)
        found = {}
        for each in self.findings.evidence:
            vouched = each.influences is not None and bool(each.influences - wrong)
            vouched = vouched or self.line(each.statement) in self.given
            found[each.part] = Standing.RIGHT if vouched else self._standing(each.part, each.many, values)
        return found

    def _standing(self, part: Part, many: int, values: Sequence[Mapping[Part, Any]]) -> Standing:
        if part[1] < LAMBDA and not (part[1] == TOTAL or many == 1):
            return Standing.UNKNOWN
        if isinstance(self.statements[part[0]].node, ast.Return) and self.result_of(part) in self.findings.wrong:
            # What it holds may be right, and belong elsewhere.
            return Standing.UNKNOWN if not self.forward_right or self._is_truth(part, values) else Standing.CONTRADICTED
        for name in self.names_of(part):
            if self._is_filled_later(part, name):
                if self._is_reached(part, values):
                    return Standing.RIGHT
                continue
            goes_on = self._is_set_later(part, name) or self._goes_on_with(part, name)
            if goes_on and self._is_reached(part, values):
                return Standing.RIGHT
            told = [self._told(part, name, value.get(part), at) for at, value in enumerate(values)]
            told = [each for each in told if each is not None]
            if told and all(told):
                return Standing.RIGHT
            if told and not any(told) and not self._is_set_later(part, name):
                return Standing.CONTRADICTED
        return Standing.UNKNOWN

    def _is_filled_later(self, part: Part, name: str) -> bool:
        """Whether later statements add to it or set its elements, so that it is not yet what it is to be."""
        here = self.statements[part[0]]
        if isinstance(here.node, ast.Return):
            return False
        return any(
            name in self._filled(each) for each in self.statements
            if each.function is here.function and each is not here
            and (each.number > here.number or not set(each.loops).isdisjoint(here.loops))
        )  # fmt: skip

    def _is_set_later(self, part: Part, name: str) -> bool:
        """Whether its name is given another value later: then it need not be all of what the name says."""
        here = self.statements[part[0]]
        later = self.statements[part[0] + 1 :]
        return not isinstance(here.node, ast.Return) and any(
            each.function is here.function and name in [spelled(one) for one in targets_of(each.node)] for each in later
        )

    def _goes_on_with(self, part: Part, name: str) -> bool:
        """Whether it is made of what its own name held before: `g = g * b`."""
        node = self.statements[part[0]].node
        return isinstance(node, ast.Assign) and any(
            isinstance(each, ast.Name) and each.id == name for each in ast.walk(node.value)
        )

    def _is_kept(self, name: str, value: Value, at: int) -> bool:
        """Whether it is a variable of the forward pass, kept or handed on by its own name."""
        key = re.search(r"\['(\w+)'\]$", name)
        name = key[1] if key else name.removeprefix("self.")
        return any(
            own is not None and not isinstance(own, tuple) and close(value, own) and name in self.names_of(each.part)
            for each in self.findings.evidence if each.part in self._forward for own in [each.values[at]]
        )  # fmt: skip

    def _filled(self, statement: CodeStatement) -> list[str]:
        node = statement.node
        if isinstance(node, ast.AugAssign) or is_element(node):
            return [spelled(each) for each in targets_of(node)]
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and node.value.args:
            return [spelled(node.value.args[0])]
        return []

    def _told(self, part: Part, name: str, whole: Any, at: int) -> bool | None:
        """Whether a value is what its name says on a trial shown; None where that cannot be told."""
        value = self.value_at(part, whole, name)
        if value is None:
            return None
        if not self.forward_right:
            return self._is_of_graph(value, at) or None
        if part in self._forward:
            return None
        expected, near = self._claimed(part, name, at)
        if not expected:
            return self._is_kept(name, value, at) or None
        if any(close(value, each, _MEASURED) and (near or _is_like(value, each)) for each in expected):
            return True
        return False if expected and near and not any(close(value, each, _MEASURED) for each in expected) else None

    def _is_of_graph(self, value: Value, at: int) -> bool:
        """Whether it is a value of the forward pass of some graph, on a trial shown."""
        references = self._references(self.findings.shown[at])
        return any(close(value, each) for one in references for _, each, _ in one.nodes)

    def is_of_several(self, part: Part) -> bool:
        """Whether its name says the gradient of a variable changed in place: right for one value, not for another."""
        claimed = [slope for name in self.names_of(part) for slope in self._claimed(part, name, 0)[0]]
        changed = {name for each in self.findings.evidence if each.at == TOTAL for name in self.names_of(each.part)}
        outputs = self._output_names
        of_changed = any(is_gradient(name, base, outputs) for name in self.names_of(part) for base in changed)
        return of_changed and any(not close(each, claimed[0], _MEASURED) for each in claimed)

    def _claimed(self, part: Part, name: str, at: int) -> tuple[list[Value], bool]:
        """What a gradient of this name should be, and whether its variable is near: in the same function or class."""
        if at >= len(self.measured):
            return [], False
        here, outputs = self.statements[part[0]], self._output_names
        rows = [
            row for base, found in self.measured[at].items() if is_gradient(name, base, outputs) for row in found
        ]  # fmt: skip
        for near in (
            [slope for one, slope in rows if one.owner is here.function],
            [slope for one, slope in rows if not set(one.classes).isdisjoint(here.classes)],
            [slope for one, slope in rows if one.owner is None or one.owner in here.around],
        ):
            if near:
                return near, True
        truth = self.truths[self.findings.shown[at]].get(name)
        if truth is not None and name != self.results[0]:
            return [truth], False
        return [slope for _, slope in rows], False

    @cached_property
    def _output_names(self) -> list[str]:
        """What the function's value may be called."""
        returned = [
            name for each in self.findings.evidence if each.part in self._forward
            and isinstance(self.statements[each.statement].node, ast.Return) for name in self.names_of(each.part)
        ]  # fmt: skip
        letters = {gradient[:1] for gradient in self.results[1:]}
        return [*dict.fromkeys([*returned, self.results[0], *letters, "f", "out", "L", "loss", "output", "l", "J"])]

    def is_neutral(self, evidence: SeenValue) -> bool:
        """Whether a value is a whole number or a shape: what it makes wrong shows where it is used."""
        given = [value for value in evidence.values if value is not None]
        entries = [each for value in given for each in (value if isinstance(value, tuple) else (value,))]
        return bool(entries) and all(isinstance(each, float) and each == round(each) for each in entries)

    def is_index(self, evidence: SeenValue) -> bool:
        """Whether a value is an array of whole numbers that the right function's value was read with: labels."""
        whole = all(isinstance(each, np.ndarray) and bool(np.all(each == np.round(each))) for each in evidence.values)
        names = set(self.names_of(evidence.part))
        return (
            whole
            and self.forward_right
            and any(
                isinstance(node, ast.Name) and node.id in names
                for each in self._forward
                for node in ast.walk(self.statements[each[0]].node)
                if each[1] < PARAMETER
                and isinstance(self.statements[each[0]].node, ast.Assign | ast.Return | ast.AugAssign)
            )
        )

    def cleared(self, number: int) -> bool:
        """Whether all that a statement computes is right.

        In a forward pass that goes wrong a value may be one of the graph, and the line lack what makes it the next.
        """
        own = [each for each in self.findings.evidence if each.statement == number and not is_argument(each.at)]
        if not self.forward_right:
            wrong = set(self.findings.wrong)
            return bool(own) and all(each.influences is not None and bool(each.influences - wrong) for each in own)
        seen = [self.standing[each.part] for each in own if each.at < PARAMETER]
        total = [self.standing[each.part] for each in own if each.at == TOTAL]
        if total == [Standing.RIGHT]:
            return True
        return bool(seen) and all(each is Standing.RIGHT for each in seen)

    def is_forward(self, part: Part) -> bool:
        """Whether the function's value is right and made of this."""
        return self.forward_right and part in self._forward

    def wrong_here(self) -> set[str]:
        """The results that are wrong on the trial that was disturbed."""
        ever = set(self.findings.wrong)
        made = {name for each in self.findings.evidence for name in each.influences or ()}
        return (set(self.findings.wrong_here) or ever) & (made or ever)

    def gap_of(self, evidence: SeenValue) -> tuple[Value | None, Value | None, int]:
        """A contradicted value, what it should have been, and the trial."""
        for at, trial in enumerate(self.findings.shown):
            for name in self.names_of(evidence.part):
                mine = self.value_at(evidence.part, evidence.values[at], name)
                expected, _ = self._claimed(evidence.part, name, at)
                if mine is not None and expected and not any(close(mine, each, _MEASURED) for each in expected):
                    return mine, expected[0], trial
        if isinstance(self.statements[evidence.statement].node, ast.Return) and self.result_of(evidence.part):
            own = evidence.values[0]
            truth = self.truths[self.findings.shown[0]][self.result_of(evidence.part)]
            return (None if isinstance(own, tuple) else own), truth, self.findings.shown[0]
        return None, None, 0

    def result_of(self, part: Part) -> str:
        """The result that a returned value is, by the one thing that changes with it; "" for another."""
        influences = self._by_part[part].influences or frozenset()
        return next(iter(influences)) if len(influences) == 1 else ""

    def differences(self, mending: Mending) -> Iterator[tuple[Value, Value]]:
        """The values of the changed line on the first trial shown, as they are and as they would be."""
        if not mending.values:
            return
        now = self._values[0]
        for part in sorted(mending.values[0]):
            mine, truth = now.get(part), mending.values[0][part]
            if part[0] != mending.statement or part[1] >= LAMBDA or isinstance(truth, tuple) or isinstance(mine, tuple):
                continue
            if mine is not None and truth is not None and not close(mine, truth):
                yield mine, truth

    # What a change would leave

    def oddities(self, mending: Mending | None = None) -> int:
        """How odd the values of the changed program are, or of the program as it is.

        Those that are true of something without its name count one, those of nothing two, those contradicted four.
        """
        values = self._values if mending is None else mending.values
        odd = 0
        if not self.forward_right:
            return sum(self._is_odd_forward(each.part, values[0].get(each.part)) for each in self.findings.evidence)
        for each in self.findings.evidence:
            if each.part in self._forward or each.at >= LAMBDA or is_argument(each.at):
                continue
            node = self.statements[each.statement].node
            shown_last = each.many == 1 or each.at == TOTAL
            if not shown_last or isinstance(node, ast.Return | ast.Expr | ast.If | ast.While | ast.For):
                continue
            told = self._standing(each.part, each.many, values)
            if told is Standing.CONTRADICTED:
                odd += 4
            elif told is Standing.UNKNOWN:
                odd += 1 if self._is_known(each.part, values) else 2
        return odd

    def _is_odd_forward(self, part: Part, value: Any) -> bool:
        if part not in self._forward or value is None or isinstance(value, tuple) or part[1] >= PARAMETER:
            return False
        return not self._is_of_graph(value, 0)

    def _is_truth(self, part: Part, values: Sequence[Mapping[Part, Any]]) -> bool:
        """Whether a value is one of the results, or a part of them, or it is not one value."""
        value = values[0].get(part)
        if value is None or isinstance(value, tuple) or self._is_known(part, values):
            return True
        results = [each for each in self.truths[self.findings.shown[0]].values() if each is not None]
        return any(np.size(each) == np.size(value) and close(np.ravel(value), np.ravel(each)) for each in results)

    def _is_reached(self, part: Part, values: Sequence[Mapping[Part, Any]]) -> bool:
        """Whether a value is true of something, and the lines before have not come as far: one name goes all the way.

        A step that leaves its name as it was may lack what it was to do.
        """
        if not self._is_known(part, values):
            return False
        names = self.names_of(part)
        earlier = [each for each in values[0] if each[0] < part[0] and set(self.names_of(each)) & set(names)]
        return not any(close(values[0][each], values[0][part]) for each in earlier)

    def _is_known(self, part: Part, values: Sequence[Mapping[Part, Any]]) -> bool:
        for at, each in enumerate(values):
            value = each.get(part)
            if at >= len(self._known) or value is None or isinstance(value, tuple):
                return False
            if not any(close(value, true, _MEASURED) and _is_like(value, true) for true in self._known[at]):
                return False
        return True


def _is_like(value: Value, true: Value) -> bool:
    """Whether two values have one shape, or both are one number."""
    return np.shape(value) == np.shape(true) or np.size(value) == np.size(true) == 1
