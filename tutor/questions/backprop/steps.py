"""The step `stage`: equations of one operation each, ending in the function."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tutor.engine.format_value import plain
from tutor.engine.staging import free_names, stage
from tutor.engine.values import Value, shape_of, show_shape
from tutor.judging import Verdict
from tutor.judging.shapes import asked_for
from tutor.language import Apply, Expression, Name, children, show, typed
from tutor.library.format import DescendTable
from tutor.library.problem import Problem
from tutor.questions.backprop.carried_forward import (
    Own,
    carried,
    down_key,
    judge_value,
    total_key,
    value_key,
    worked_text,
)
from tutor.questions.backprop.explain import explain_value
from tutor.questions.backprop.reference import STAGING, Sheets, Worksheet
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.search import explained
from tutor.questions.blank import Answers, Blank, InputKind
from tutor.questions.inflect import listed


class StageStep:
    """One blank that holds all equations."""

    key = "stage"
    title = "Stage"

    def __init__(self, problem: Problem, sheets: Sheets) -> None:
        self._problem = problem
        self._sheets = sheets

    def about(self, given: Answers) -> str:
        """What is asked."""
        f = self._problem.function.name
        return f"One operation per equation, such as a = x + y; the last one is {f}."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        prompt = "One equation per line, one operation per equation. Use any names you like."
        return (Blank(STAGING, "equations", prompt, InputKind.EQUATIONS),)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """The verdict on the equations as a whole."""
        staging = self._sheets.follow(text)
        echoes = [line.echo for line in staging.lines if line.echo]
        return explained(self._problem, staging).with_echo("; ".join(echoes))

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """Hints that go on from the equations typed so far."""
        staging = self._sheets.follow(text)
        left, equation = self._next(staging)
        names = listed(list(self._problem.function.parameters))
        principle = (
            "Begin with an operation on inputs alone. Each equation takes names you already "
            f"have ({names}, and what you have defined), does one operation, and names the result."
        )
        if equation is None:
            return principle, "Is the last line the function itself?", "Everything is there. Check it."
        question = f"What is left to compute is {show(left)}. Which single operation in it can be done first?"
        return principle, question, f"Write {equation}"

    def worked(self, blank: Blank, given: Answers) -> str:
        """The program's own staging."""
        return "\n".join(f"{one.target.name} = {typed(one.expression)}" for one in self._problem.staging)

    def _next(self, staging: Staging) -> tuple[Expression, str | None]:
        """The function with what is already staged put in as names, and an equation that could come next."""
        known: dict[Expression, Name] = {}
        for line in staging.lines:
            if line.equation is not None and line.verdict is None:
                for same in _either_way(line.equation.expression):
                    known.setdefault(same, line.equation.target)
        left = _with_names(self._problem.function.expression, known)
        taken = {*self._problem.function.parameters, *(name.name for name in known.values())}
        f = self._problem.function.name
        equations = stage(left, f, sorted(taken))
        if not equations:
            return left, None
        last = len(equations) == 1 and f not in taken
        name = f if last else next(free_names({*taken, f}))
        return left, f"{name} = {show(equations[0].expression)}"


def _either_way(expression: Expression) -> tuple[Expression, ...]:
    """The expression, and the sum or product the other way round."""
    if isinstance(expression, Apply) and expression.operation in ("add", "mul", "max", "min"):
        return expression, replace(expression, arguments=expression.arguments[::-1])
    return (expression,)


def _with_names(expression: Expression, known: dict[Expression, Name]) -> Expression:
    """The expression with every part that has a name replaced by it; where parts overlap, the larger one first."""
    if isinstance(expression, Apply) and expression not in known:
        parts = tuple(_with_names(part, known) for part in children(expression))
        expression = Apply(expression.operation, parts, expression.options, sign=expression.sign)
    return known.get(expression, expression)


_PRINCIPLE = "A gate's value is its operation applied to the values that arrive on its wires."
_WATCH = {
    "sin": " Angles are in radians.",
    "cos": " Angles are in radians.",
    "tan": " Angles are in radians.",
    "ln": " ln asks: e to what power gives this number?",
    "exp": " e^0 is 1, and e^-a is 1/e^a.",
    "sigmoid": " σ(a) is 1/(1 + e^-a); σ(0) is one half.",
}


class ForwardStep:
    """One blank a gate, in the order of the graph."""

    key = "forward"
    title = "Forward"

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets

    def about(self, given: Answers) -> str:
        """What is asked."""
        return "Run the numbers through the graph: 0.135, 1/3 and e^-2 are all fine."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """A blank for each gate of the learner's staging."""
        sheet = self._sheets.of(given)
        return tuple(self._blank(sheet, gate) for gate in sheet.graph.gates) if sheet else ()

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Against the true value, and against what follows from the learner's own earlier values."""
        sheet, gate = self._place(blank, given)
        truth, own = sheet.value(gate), Own(sheet, given)
        sources = [sheet.name(sheet.source(use)) for use in sheet.wires(gate)]
        keys = [value_key(name) for name in dict.fromkeys(sources)]
        others = carried(own.follows_for_value(gate), truth, keys, given)
        verdict = judge_value(text, truth, sheet.names_at(sheet.here.values, before=gate), others)
        return explain_value(sheet, gate, text, verdict, given)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The gate's meaning; its numbers; the line."""
        sheet, gate = self._place(blank, given)
        node = sheet.gate_node(gate)
        assert node.gate is not None
        arguments = "; ".join(
            f"{sheet.name(position)} is {worked_text(sheet.value(position))}"
            for position in dict.fromkeys(a for a in node.arguments if isinstance(a, int))
        )
        rule = "" if not shape_of(sheet.value(gate)) else f" Its shape is {show_shape(shape_of(sheet.value(gate)))}."
        question = f"{sheet.equation(gate)}, and {arguments}. What comes out?{rule}"
        return (
            _PRINCIPLE + _WATCH.get(node.gate.key, ""),
            question,
            f"{sheet.equation(gate)} = {worked_text(sheet.value(gate))}",
        )

    def worked(self, blank: Blank, given: Answers) -> str:
        """The true value."""
        sheet, gate = self._place(blank, given)
        return worked_text(sheet.value(gate))

    def _blank(self, sheet: Worksheet, gate: int) -> Blank:
        name, shape = sheet.name(gate), shape_of(sheet.value(gate))
        asks = f"What is the value of {name}" + (f", of shape {show_shape(shape)}?" if shape else "?")
        equation, example = sheet.equation(gate), asked_for(shape_of(sheet.value(gate)))
        return Blank(value_key(name), f"{name} =", f"{equation}. {asks}", group=equation, example=example)

    def _place(self, blank: Blank, given: Answers) -> tuple[Worksheet, int]:
        sheet = self._sheets.of(given)
        assert sheet is not None, "this step has blanks only when there is a graph"
        return sheet, sheet.graph.positions[blank.key.partition(":")[2]]


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
        return judge_value(text, truth, dict(self._problem.inputs), carried([own], truth, keys, given), digits=digits)

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
