"""The steps `stage`, `forward` and `descend`: equations, values, one step of gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from tutor.engine.canonical_form import regardless_of_order
from tutor.engine.staging import free_names, stage
from tutor.engine.values import Value, as_value, plain, shape_of, show_shape
from tutor.judging import Kind, Verdict, undecided
from tutor.judging.misconceptions import Likelihood, Misconception, recognise, unless_in_doubt
from tutor.judging.mistake_texts import clause, tell
from tutor.judging.numbers import telling_value
from tutor.judging.precision import ROUNDING_RULE, WANTED_DIGITS
from tutor.judging.shapes import asked_for
from tutor.judging.typed_answers import TypedAnswer
from tutor.language import Apply, Expression, Name, Unreadable, children, names_in, show, typed
from tutor.library.format import DescendTable
from tutor.library.problem import Problem
from tutor.questions.backprop.answer_names import AnswerNames
from tutor.questions.backprop.candidates import at_all_passes, total_candidates
from tutor.questions.backprop.carried_forward import (
    LearnerValues,
    carried,
    judge_value,
    worked_text,
)
from tutor.questions.backprop.explain import explain_value
from tutor.questions.backprop.reference import STAGING, Reference, References, down_key, key_parts, total_key, value_key
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.explain import explained
from tutor.questions.blank import Answers, AnswersBeside, Blank, InputKind
from tutor.questions.inflect import listed
from tutor.questions.printed import equated


class StageStep:
    """One blank that holds all equations."""

    key = "stage"
    title = "Stage"

    def __init__(self, problem: Problem, references: References) -> None:
        self._problem = problem
        self._references = references

    def about(self, answers: Answers) -> str:
        """What is asked."""
        f = self._problem.function.name
        return f"One operation per equation, such as u = v + w; the last one is {f}."

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        prompt = "One equation per line, one operation per equation. Use any names you like."
        return (Blank(STAGING, "equations", prompt, InputKind.EQUATIONS),)

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """The verdict on the equations as a whole."""
        staging = self._references.follow(text)
        about = staging.lines if staging.fault is None else (staging.fault,)  # how others were read is beside the point
        echoes = [line.echo for line in about if line.echo]
        return explained(self._problem, staging).with_echo("; ".join(echoes))

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """Hints that go on from the equations typed so far."""
        staging = self._references.follow(text)
        left, equation = self._next(staging)
        names = listed(list(self._problem.function.parameters))
        begun = any(line.equation is not None and line.verdict is None for line in staging.lines)
        principle = (
            f"{'' if begun else 'Begin with an operation on inputs alone. '}Each equation takes names you already "
            f"have ({names}, and what you have defined), does one operation, and names the result."
        )
        if equation is None:
            return principle, "Is the last line the function itself?", "Everything is there. Check it."
        question = f"What is left to compute is {show(left)}. Which single operation in it can be done first?"
        return principle, question, f"Write {equation}"

    def worked(self, blank: Blank, answers: Answers) -> str:
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


def _is_equation(reference: Reference, gate: int, names: AnswerNames, text: str) -> bool:
    """Whether a readable answer is no more than the right side of the gate's own equation, in any order."""
    expression = reference.gate_node(gate).expression
    try:
        answer = names.read(text).tree
    except Unreadable:
        return False
    if expression is None or not names_in(answer):
        return False
    return regardless_of_order(answer) == regardless_of_order(expression)


_PRINCIPLE = "A gate's value is its operation applied to the values that arrive on its wires."
_WATCH = {
    "sin": " Angles are in radians.",
    "cos": " Angles are in radians.",
    "tan": " Angles are in radians.",
    "ln": " ln asks: e to what power gives this number?",
    "exp": " e^0 is 1, and a minus in the exponent turns the power upside down: e^-2 is 1/e^2.",
    "sigmoid": " σ of its input is 1/(1 + e^(−input)); σ(0) is one half.",
}


class ForwardStep:
    """One blank a gate, in the order of the graph."""

    key = "forward"
    title = "Forward"

    def __init__(self, references: References) -> None:
        self._references = references

    def about(self, answers: Answers) -> str:
        """What is asked."""
        return f"Run the numbers through the graph. {ROUNDING_RULE.format(WANTED_DIGITS)}"

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """A blank for each gate of the learner's staging."""
        reference = self._references.of(answers)
        return tuple(self._blank(reference, gate) for gate in reference.graph.gates) if reference else ()

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """Against the true value, and against what follows from the learner's own earlier values."""
        answers = AnswersBeside.of(answers, blank)
        reference, gate = self._place(blank, answers)
        truth, own = reference.value(gate), LearnerValues(reference, answers)
        sources = [reference.name(reference.source(use)) for use in reference.wires(gate)]
        keys = [value_key(name) for name in dict.fromkeys(sources)]
        others = carried(own.follows_for_value(gate), truth, keys, answers)
        names = own.names(blank.key, before=gate)
        verdict = judge_value(text, truth, names, others)
        if verdict.accepted and _is_equation(reference, gate, names, text):
            if not shape_of(truth):
                return undecided("That is the equation. Which number is it?").with_echo(verdict.echo)
            return verdict.saying(f"Its value is {worked_text(truth)}.")
        return explain_value(reference, gate, text, verdict, answers)

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The gate's meaning; its numbers; the line."""
        reference, gate = self._place(blank, answers)
        node = reference.gate_node(gate)
        assert node.gate is not None
        arguments = "; ".join(
            f"{reference.name(position)} is {worked_text(reference.value(position))}"
            for position in dict.fromkeys(a for a in node.arguments if isinstance(a, int))
        )
        rule = (
            ""
            if not shape_of(reference.value(gate))
            else f" Its shape is {show_shape(shape_of(reference.value(gate)))}."
        )
        question = f"{reference.equation(gate)}, and {arguments}. What comes out?{rule}"
        return (
            _PRINCIPLE + _WATCH.get(node.gate.key, ""),
            question,
            f"{reference.equation(gate)} = {worked_text(reference.value(gate))}",
        )

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The true value."""
        reference, gate = self._place(blank, answers)
        return worked_text(reference.value(gate))

    def _blank(self, reference: Reference, gate: int) -> Blank:
        name, shape = reference.name(gate), shape_of(reference.value(gate))
        asks = f"What is the value of {name}" + (f", of shape {show_shape(shape)}?" if shape else "?")
        equation = reference.equation(gate)
        example = asked_for(shape) if shape else "a number, or arithmetic such as 2·0.3"
        return Blank(
            value_key(name), f"{name} =", f"{equation}. {asks}", group=equation, example=example, shape=shape,
            digits=WANTED_DIGITS,
        )  # fmt: skip

    def _place(self, blank: Blank, answers: Answers) -> tuple[Reference, int]:
        reference = self._references.of(answers)
        assert reference is not None, "this step has blanks only when there is a graph"
        return reference, reference.graph.positions[key_parts(blank.key).name]


_MOST_DIGITS = 5


class DescendStep:
    """One blank an updated input."""

    key = "descend"
    title = "Descend"

    def __init__(self, problem: Problem, references: References, table: DescendTable) -> None:
        self._problem = problem
        self._references = references
        self._step = table.step
        self._names = table.variables or problem.variables

    def about(self, answers: Answers) -> str:
        """What is asked."""
        f = self._problem.function.name
        return f"One step of gradient descent, to make {f} smaller. Step size {plain(self._step)}."

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """A blank for each input that is updated."""
        if self._references.of(answers) is None:
            return ()
        return tuple(
            Blank(
                f"step:{name}",
                f"{name} ←",
                f"{name} was {worked_text(self._problem.inputs[name])}; the step size is {plain(self._step)}. "
                f"What is {name} after the step?",
                group="update",
                example=asked_for(shape_of(self._problem.inputs[name]), self._digits(name)),
                digits=self._digits(name),
                shape=shape_of(self._problem.inputs[name]),
            )
            for name in self._names
        )

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """Against the true update, and the one that follows from the learner's own gradient."""
        name, reference = _name(blank), self._references.of(answers)
        assert reference is not None, "this step has blanks only when there is a graph"
        position = reference.graph.positions[name]
        learner = LearnerValues(reference, answers)
        own = self._updated(name, learner.total(position))
        keys = [total_key(name)]
        keys += [down_key(reference.name(use.gate), use.port) for use in reference.graph.uses[position]]
        truth = self._updated(name, self._problem.gradient(name))
        digits = self._digits(name)
        at = learner.names(blank.key, before=len(reference.graph.inputs))
        verdict = judge_value(text, truth, at, carried([own], truth, keys, answers), digits=digits)
        return self._explained(reference, position, text, verdict, answers, at, digits)

    def _explained(
        self,
        reference: Reference,
        position: int,
        text: str,
        verdict: Verdict,
        answers: Answers,
        at: AnswerNames,
        digits: int,
    ) -> Verdict:
        name = reference.name(position)
        try:
            answer = at.read(text).tree
        except Unreadable:
            return verdict
        passes = [reference.here, *reference.near]
        starts = [DescendStart(on.values[position], on.gradients.totals[position]) for on in passes]
        names = [{node: on.values[reference.graph.positions[node]] for node in self._problem.inputs} for on in passes]
        true = DescendPlace(name, self._step, starts[0], starts[1:], names)
        own = replace(true, here=replace(starts[0], gradient=LearnerValues(reference, answers).total(position)))
        wrong = at_all_passes(partial(total_candidates, reference, position, with_gates=False), passes)
        return explain_step([true, own], wrong, answer, verdict, digits)

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """Against the gradient, by the step size."""
        name, f = _name(blank), self._problem.function.name
        was, slope = worked_text(self._problem.inputs[name]), worked_text(self._problem.gradient(name))
        return (
            "The gradient points uphill. To go down, move against it: new = old − step size × gradient.",
            f"{name} is {was} and ∂{f}/∂{name} is {slope}. What is {was} − {plain(self._step)} × ({slope})?",
            f"{name} ← {equated(f'{was} − {plain(self._step)} × ({slope})', self.worked(blank, answers))}",
        )

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The true update."""
        name = _name(blank)
        return worked_text(self._updated(name, self._problem.gradient(name)))

    def _digits(self, name: str) -> int:
        """How many are wanted: so many that the step is seen."""
        return _digits_that_show_it(self._problem.inputs[name], self._updated(name, self._problem.gradient(name)))

    def _updated(self, name: str, gradient: Value) -> Value:
        return self._problem.inputs[name] - self._step * gradient


def _digits_that_show_it(before: Value, after: Value) -> int:
    """How many digits it takes to see the step: 1.98 shows that 2 moved by 0.02, `2.0` does not."""
    size, moved = np.abs(np.ravel(after)), np.abs(np.ravel(after) - np.ravel(before))
    seen = (size > 0) & (moved > 0)
    if not seen.any():
        return WANTED_DIGITS
    needed = np.floor(np.log10(size[seen])) - np.floor(np.log10(moved[seen])) + 1
    return int(np.clip(needed.max(), WANTED_DIGITS, _MOST_DIGITS))


def _name(blank: Blank) -> str:
    return key_parts(blank.key).name


_RARE, _POSSIBLE, _COMMON = Likelihood

_AGAINST = "The step goes against the gradient. Which sign comes before it?"
_HOW_FAR = "What is the gradient multiplied by before it is subtracted?"
_ARRIVES = "Where is {x} after the step?"
_FORMULA = "What is subtracted from {x}?"

_ROWS: tuple[tuple[str, Callable[[Value, float, Value], Value], str, str, Likelihood], ...] = (
    ("uphill", lambda x, s, g: x + s * g, "it goes uphill: the step was added", _AGAINST, _COMMON),
    ("no_step_size", lambda x, _s, g: x - g, "the step size is missing", _HOW_FAR, _COMMON),
    ("change_alone", lambda _x, s, g: -s * g, "it is how far {x} moves", _ARRIVES, _COMMON),
    ("change_alone", lambda _x, s, g: s * g, "it is how far {x} moves, without the direction", _ARRIVES, _COMMON),
    ("gradient_alone", lambda _x, _s, g: g, "it is the gradient", _ARRIVES, _COMMON),
    ("gradient_alone", lambda _x, _s, g: -g, "it is the gradient with its sign flipped", _ARRIVES, _POSSIBLE),
    ("uphill", lambda x, _s, g: x + g, "the whole gradient was added, without the step size", _AGAINST, _POSSIBLE),
    ("no_gradient", lambda x, s, _g: x - s, "only the step size was subtracted", _FORMULA, _POSSIBLE),
    ("no_gradient", lambda x, s, _g: x + s, "only the step size was added", _FORMULA, _RARE),
    ("not_moved", lambda x, _s, _g: x, "it is {x} before the step", _ARRIVES, _POSSIBLE),
    ("value_for_gradient", lambda x, s, _g: x - s * x, "{x} itself was used, not its gradient", _FORMULA, _POSSIBLE),
    ("step_size_divided", lambda x, s, g: x - g / s, "it was divided by the step size", _HOW_FAR, _POSSIBLE),
    ("times_value", lambda x, s, g: x * (x - s * g), "the new value was multiplied by {x}", _FORMULA, _RARE),
    ("wrong_way_round", lambda x, s, g: s * g - x, "{x} was subtracted from the step", _FORMULA, _POSSIBLE),
)  # fmt: skip
"""Key, what it gives for x, the step size and the gradient, what was done, the question, how likely it is."""


@dataclass(frozen=True)
class DescendStart:
    """What a step begins from, at one set of numbers: the value, and the gradient there."""

    value: Value
    gradient: Value


@dataclass(frozen=True)
class DescendPlace:
    """One input that is updated: by what step size, and from where, at the exercise's numbers and at others."""

    name: str
    step: float
    here: DescendStart
    near: Sequence[DescendStart]
    names: Sequence[Mapping[str, Value]]
    """The inputs here and at the other numbers."""

    @property
    def truth(self) -> Value:
        """The right update."""
        return self.here.value - self.step * self.here.gradient

    def candidates(self, gradients: Iterable[Misconception] = ()) -> Iterator[Misconception]:
        """Those of the step itself; then the step made rightly from a wrong gradient."""
        for number, (key, gives, says, asks, likelihood) in enumerate(_ROWS):
            yield Misconception(
                key, as_value(gives(self.here.value, self.step, self.here.gradient)),
                says.format(x=self.name), asks.format(x=self.name), likelihood, f"{key} {number}",
                elsewhere=_Elsewhere(gives, self.step, self.near), opens_with_a_name=says.startswith("{x}"),
            )  # fmt: skip
        for one in gradients:
            if shape_of(one.gives) == shape_of(self.here.value) and one.likelihood > _RARE:
                yield self._from_wrong(one)

    def _from_wrong(self, one: Misconception) -> Misconception:
        """The step from a wrong gradient, which is asked about."""

        return replace(
            one, gives=self.here.value - self.step * one.gives, evidence="",
            says=lambda: f"the gradient in it is wrong: {clause(one)}", label=f"step: {one.label}",
            likelihood=min(one.likelihood, _POSSIBLE), opens_with_a_name=False,
            elsewhere=lambda: [
                None if wrong is None else start.value - self.step * wrong
                for start, wrong in zip(self.near, one.elsewhere(), strict=False)
            ],
        )  # fmt: skip


@dataclass(frozen=True)
class _Elsewhere:
    gives: Callable[[Value, float, Value], Value]
    step: float
    near: Sequence[DescendStart]

    def __call__(self) -> Sequence[Value]:
        return self._values

    @cached_property
    def _values(self) -> list[Value]:
        return [as_value(self.gives(start.value, self.step, start.gradient)) for start in self.near]


def explain_step(
    places: Sequence[DescendPlace],
    gradients: Iterable[Misconception],
    answer: Expression,
    verdict: Verdict,
    digits: int,
) -> Verdict:
    """The verdict on an update, with the mistake it is. `places` are the true one, then the learner's own."""
    if verdict.kind is not Kind.WRONG and not verdict.accepted:
        return verdict
    true = places[0]

    def candidates() -> list[Misconception]:
        with np.errstate(all="ignore"):
            own = [one for place in places[1:] for one in place.candidates()]
            return [*true.candidates(gradients), *own]

    stand_ins = ((true.here.gradient, [start.gradient for start in true.near]),)
    typed = TypedAnswer(answer, true.names[0], lambda: true.names[1:], stand_ins)
    if verdict.accepted:
        return telling_value(unless_in_doubt(verdict, typed, true.truth, candidates, digits), answer, true.names[0])
    recognised = recognise(typed, true.truth, candidates())
    if not recognised.found:
        asks = f"{true.name} moves by the step size times the gradient. From where, and in which direction?"
        return replace(verdict, message=f"{verdict.message} {asks}")
    return replace(
        verdict,
        message=tell(recognised.found, answer, others=recognised.others),
        mistake=recognised.key,
        unexplained=False,
    )
