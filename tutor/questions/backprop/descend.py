"""The step `descend`: one step of gradient descent on the inputs."""

from __future__ import annotations

import numpy as np

from tutor.engine.format_value import plain
from tutor.engine.values import Value, shape_of
from tutor.judging import Verdict
from tutor.judging.shapes import asked_for
from tutor.library.format import DescendTable
from tutor.library.problem import Problem
from tutor.questions.backprop.carried_forward import Own, carried, down_key, judge_value, total_key, worked_text
from tutor.questions.backprop.reference import Sheets
from tutor.questions.blank import Answers, Blank

_FEWEST_DIGITS, _MOST_DIGITS = 2, 5


class DescendStep:
    """One blank an updated input."""

    key = "descend"
    title = "Descend"

    def __init__(self, problem: Problem, sheets: Sheets, table: DescendTable) -> None:
        self._problem = problem
        self._sheets = sheets
        self._step = table.step
        self._names = table.variables or problem.function.parameters

    def about(self, given: Answers) -> str:
        """What is asked."""
        f = self._problem.function.name
        return f"One step of gradient descent, to make {f} smaller. Step size {plain(self._step)}."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """A blank for each input that is updated."""
        if self._sheets.of(given) is None:
            return ()
        return tuple(
            Blank(
                f"step:{name}",
                f"{name} ←",
                f"{name} was {worked_text(self._problem.inputs[name])}; the step size is {plain(self._step)}. "
                f"What is {name} after the step?",
                group="update",
                example=asked_for(shape_of(self._problem.inputs[name])),
            )
            for name in self._names
        )

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Against the true update, and the one that follows from the learner's own gradient."""
        name, sheet = _name(blank), self._sheets.of(given)
        assert sheet is not None, "this step has blanks only when there is a graph"
        position = sheet.graph.positions[name]
        own = self._updated(name, Own(sheet, given).total(position))
        keys = [total_key(name)]
        keys += [down_key(sheet.name(use.gate), use.port) for use in sheet.graph.uses[position]]
        truth = self._updated(name, self._problem.gradient(name))
        digits = _digits_that_show_it(self._problem.inputs[name], truth)
        at, others = dict(self._problem.inputs), carried([own], truth, keys, given)
        powers = self._problem.entrywise_powers
        return judge_value(text, truth, at, others, digits=digits, entrywise_powers=powers)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """Against the gradient, by the step size."""
        name, f = _name(blank), self._problem.function.name
        was, slope = worked_text(self._problem.inputs[name]), worked_text(self._problem.gradient(name))
        return (
            "The gradient points uphill. To go down, move against it: new = old − step size × gradient.",
            f"{name} is {was} and ∂{f}/∂{name} is {slope}. What is {was} − {plain(self._step)} × ({slope})?",
            f"{name} ← {was} − {plain(self._step)} × ({slope}) = {self.worked(blank, given)}",
        )

    def worked(self, blank: Blank, given: Answers) -> str:
        """The true update."""
        name = _name(blank)
        return worked_text(self._updated(name, self._problem.gradient(name)))

    def _updated(self, name: str, gradient: Value) -> Value:
        return self._problem.inputs[name] - self._step * gradient


def _digits_that_show_it(before: Value, after: Value) -> int:
    """How many digits it takes to see the step: 1.98 shows that 2 moved by 0.02, `2.0` does not."""
    size, moved = np.abs(np.ravel(after)), np.abs(np.ravel(after) - np.ravel(before))
    seen = (size > 0) & (moved > 0)
    if not seen.any():
        return _FEWEST_DIGITS
    needed = np.floor(np.log10(size[seen])) - np.floor(np.log10(moved[seen])) + 1
    return int(np.clip(needed.max(), _FEWEST_DIGITS, _MOST_DIGITS))


def _name(blank: Blank) -> str:
    return blank.key.partition(":")[2]
