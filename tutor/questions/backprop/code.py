"""The step `code`: the function in NumPy, run in another process and compared with the truth.

It is called near the exercise's numbers, at them, and far from them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np

from tutor.diagnosis import diagnose
from tutor.engine.gates import vocabulary
from tutor.engine.numpy_code import function_code, passes_code
from tutor.engine.operation import Node
from tutor.engine.passes import PassError, arguments_at, forward, local_derivative
from tutor.engine.values import Shape, Value, as_value, shape_of
from tutor.judging import Kind, Verdict
from tutor.language import Name, Unreadable, read_expression, show
from tutor.language.tree import rename
from tutor.library.decoding import BadFile, FaultCollector, each
from tutor.library.format import CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.code_truth import Truths, numbers_of
from tutor.questions.backprop.reference import STAGING, Reference, References
from tutor.questions.blank import CODE, Answers, Blank, InputKind
from tutor.questions.code import passes
from tutor.questions.code.numbers import Draw
from tutor.questions.code.outcomes import in_two_parts, may_be_examined, with_fault
from tutor.questions.code.passes import PassesSpec, Trial, trial_of
from tutor.questions.code.pasted import readable
from tutor.questions.code.remarks import manner
from tutor.questions.inflect import listed
from tutor.questions.python_text import python_name, refuse_no_name, refuse_unreadable
from tutor.runner import Outcome, Runner

FAR = 6
"""How many sets of inputs far from the exercise's own a function is tried at."""

_NEAR = 2
_TRIES = 60
_SHAPES: tuple[Shape, ...] = ((3,), (2, 3))
"""Of the arrays that stand for numbers, where a function works entry by entry."""

_STEP = 1e-5
_STEADY = 1e-2
"""How much of itself a gradient may change when all inputs change by so small a part of theirs."""

_LARGE = 1e4

Inputs = Mapping[str, Value]


def trials_of(reference: Reference) -> tuple[Trial, ...]:
    """The calls for the function of this reference; those at which it has a value, and one gradient only."""
    problem = reference.problem
    far = far_draws(problem)
    if problem.has_arrays:
        off = [_trial(problem, draw) for draw in (*far, *problem.draws[_NEAR:])][:FAR]
        return (*(_trial(problem, draw) for draw in problem.draws[:_NEAR]), *_own(reference), *off)
    first, second = _SHAPES
    spread = [*_spread(problem, problem.draws, first), *_spread(problem, problem.draws, second)]
    off = [*_spread(problem, far, second), *(_trial(problem, draw) for draw in far[:_NEAR])]
    return (*spread, *_own(reference), *off)


def _own(reference: Reference) -> Iterator[Trial]:
    """The exercise's own numbers, unless they stand at a kink, where more than one gradient is right."""
    kinks = (reference.kinks(use) for gate in reference.graph.gates for use in reference.wires(gate))
    if not (reference.problem.draws and any(kinks)):
        yield _trial(reference.problem, reference.problem.inputs)


def _spread(problem: Problem, draws: tuple[Inputs, ...], shape: Shape) -> Iterator[Trial]:
    """Arrays whose entries are the inputs of the draws, so that the function has a value at each."""
    if not draws:
        return
    chosen = [draws[at % len(draws)] for at in range(int(np.prod(shape)))]
    inputs = {name: np.reshape([draw[name] for draw in chosen], shape) for name in problem.inputs}
    try:
        yield _trial(problem, inputs)
    except PassError:
        return


def _trial(problem: Problem, inputs: Inputs) -> Trial:
    """The trial at these inputs; its truth holds the gradients of the variables, which come before the constants."""
    return trial_of(problem.graph, inputs, len(problem.variables))


def far_draws(problem: Problem) -> tuple[Inputs, ...]:
    """Inputs of either sign and of another order than the exercise's, away from kinks; always the same.

    Where the function has no value so far off, fewer, or none. First those at which gates with a kink, such as a ReLU,
    are open at some entries and closed at others.
    """
    kinked = [gate for gate in problem.graph.gates if _has_kinks(problem.graph.nodes[gate])]
    draws = list(islice(_far(problem), 2 * FAR if kinked else FAR))
    if kinked:
        draws.sort(key=lambda inputs: -_mixed(problem, kinked, inputs))
    return tuple(draws[:FAR])


def _has_kinks(node: Node) -> bool:
    return node.gate is not None and node.gate.elementwise and node.gate.kinks is not None


def _mixed(problem: Problem, gates: list[int], inputs: Inputs) -> int:
    """How many of these gates have entries on either side of their kink."""
    values = forward(problem.graph, inputs)
    nodes = ((gate, problem.graph.nodes[gate]) for gate in gates)
    slopes = (local_derivative(node, 0, values[gate], arguments_at(node, values)) for gate, node in nodes)
    return sum(bool(np.ptp(slope) > 0) for slope in slopes)


def _far(problem: Problem) -> Iterator[Inputs]:
    draw, signs = Draw(f"far {problem.function.name} {' '.join(problem.inputs)}"), _kept_signs(problem)
    for _ in range(_TRIES):
        inputs = {name: draw.value(shape_of(value)) for name, value in problem.inputs.items()}
        inputs |= {name: problem.inputs[name] for name in problem.constants if _is_label(problem.inputs[name])}
        inputs |= {name: as_value(sign * np.abs(inputs[name])) for name, sign in signs.items()}
        if _is_steady(problem, inputs):
            yield inputs


def _is_label(value: Value) -> bool:
    """Whether a constant holds whole numbers only, which may be labels or indices."""
    return bool(np.all(np.equal(value, np.round(value))))


def _kept_signs(problem: Problem) -> dict[str, float]:
    """The sign of each input that has to keep it.

    Beside those that the exercise calls positive, the inputs of one sign of a function with a logarithm or a root: 2 ln
    x is as right there as ln x².
    """
    signs = dict.fromkeys(problem.positive, 1.0)
    if any(_minds_signs(problem, gate) for gate in problem.graph.gates):
        for name, value in problem.inputs.items():
            if np.all(np.greater(value, 0)) or np.all(np.less(value, 0)):
                signs.setdefault(name, float(np.sign(np.ravel(value)[0])))
    return signs


def _minds_signs(problem: Problem, gate: int) -> bool:
    """Whether a gate would have no value if one of its arguments had the other sign."""
    node = problem.graph.nodes[gate]
    if node.gate is None or not node.gate.elementwise:
        return False
    arguments = arguments_at(node, problem.values)
    turned = ([*arguments[:at], np.negative(each), *arguments[at + 1 :]] for at, each in enumerate(arguments))
    with np.errstate(all="ignore"):
        return any(bool(np.any(np.isnan(node.gate.forward(*each, **node.options)))) for each in turned)


def _is_steady(problem: Problem, inputs: Inputs) -> bool:
    """Whether the function has gradients there that hardly change nearby: no kink, no tie, no pole close by."""
    moved = {name: as_value(np.multiply(value, 1 + _STEP)) for name, value in inputs.items()}
    shifted = {name: as_value(np.add(value, _STEP * _signs(value))) for name, value in inputs.items()}
    try:
        here = _trial(problem, inputs)
        near = [_trial(problem, each) for each in (moved, shifted)]
    except PassError:
        return False
    return _moderate(here) and all(_close(here, each) for each in near)


def _signs(value: Value) -> Value:
    """1 and -1 in turn, so that the entries of an array change places."""
    return np.resize([1.0, -1.0], np.shape(value)) if np.ndim(value) else 1.0


def _moderate(trial: Trial) -> bool:
    return all(float(np.max(np.abs(value))) < _LARGE for value in trial.truth)


def _close(one: Trial, two: Trial) -> bool:
    return all(
        np.max(np.abs(np.subtract(a, b))) <= _STEADY * np.max(np.abs(a)) + 1e-9
        for a, b in zip(one.truth, two.truth, strict=True)
    )


@dataclass(frozen=True)
class Signature:
    """The function's name, its parameters in Python's spelling, and the names it returns: value, then gradients."""

    name: str
    parameters: tuple[str, ...]
    returns: tuple[str, ...]
    given: str = ""
    helpers: tuple[str, ...] = ()
    """Functions that stand above it, written by us from the file's formulas."""

    @property
    def starter(self) -> str:
        """What the editor holds at first: empty lines are indented, ready to be written on."""
        body = self.given.strip() or "# forward pass\n"
        return self._written(f"{body}\n\n# backward pass\n\n", ready=True)

    def worked(self, reference: Reference) -> str:
        """The whole function written out for a staging. Raises ValueError for a gate with no NumPy of its own."""
        return self._written(self._passes(reference))

    def _written(self, body: str, ready: bool = False) -> str:
        helpers = "".join(f"{helper}\n\n\n" for helper in self.helpers)
        lines = [*body.splitlines(), f"return {', '.join(self.returns)}"]
        indented = [f"    {line}" if line or ready else "" for line in lines]
        return "\n".join([f"{helpers}def {self.name}({', '.join(self.parameters)}):", *indented, ""])

    def _passes(self, reference: Reference) -> str:
        graph = reference.graph
        taken = {*self.parameters, *self.returns, self.name, "np"}
        variables: dict[int, str] = dict(zip(graph.inputs, self.parameters, strict=True))
        gradients: dict[int, str] = dict(zip(reference.variables, self.returns[1:], strict=True))
        variables[graph.output] = self.returns[0]
        for gate in graph.gates[:-1]:
            variables[gate] = _free(python_name(reference.name(gate)), taken)
        for gate in reference.backward_gates:
            gradients[gate] = _free(f"d{variables[gate]}", taken)
        return passes_code(graph, reference.here.values, variables, gradients)


def signature_of(problem: Problem, table: CodeTable) -> Signature:
    """The signature from an exercise's `[code]` table, with what it leaves out filled in.

    Raises BadFile for names that do not fit the function, or Python.
    """
    function = problem.function
    f, taken = python_name(function.name), {"np"}
    parameters = tuple(_free(python_name(name), taken) for name in function.parameters)
    returns = table.returns or tuple(
        _free(name, taken) for name in ("out", *(f"{f}{name}" for name in parameters[: len(problem.variables)]))
    )
    found, helpers = FaultCollector(), dict[str, str]()
    with found.part():
        _refuse_names("code.name", [table.name or f], ())
    with found.part():
        _refuse_names("code.returns", returns, parameters)
        wanted = len(problem.variables) + 1
        if len(returns) != wanted:
            raise BadFile("code.returns", f"it should name {wanted}: the value, then a gradient for each input")
    with found.part():
        refuse_unreadable("code.given", table.given)
    with found.part():
        helpers = dict(each(_helper, table.helpers))
        _refuse_names("code.helpers", list(helpers), (table.name or f,))
    found.raise_all()
    return Signature(table.name or f, parameters, returns, table.given, tuple(helpers.values()))


_HEAD = re.compile(r"\s*([^\W\d]\w*)\s*\(([^()=]*)\)\s*=(?![=])\s*(.*)", re.DOTALL)
_HELPERS = 'helpers are formulas, not Python, such as "sigmoid(x) = 1/(1 + e^-x)"'


def _helper(number: int, text: str) -> tuple[str, str]:
    """A helper's name, and the helper written in NumPy. Raises BadFile for what is no formula of a function.

    Its name may be that of a gate, such as `sigmoid`: NumPy has no such function.
    """
    key = f"code.helpers[{number}]"
    head = _HEAD.match(text)
    if head is None:
        raise BadFile(key, _HELPERS)
    name, written, body = head.groups()
    names = [one.strip() for one in written.split(",")]
    for one in names:
        if not one.isidentifier():
            raise BadFile(key, f"{one or 'nothing'} does not name an input; {_HELPERS}")
        if one in vocabulary().functions:
            raise BadFile(key, f"{one} is a function, so it cannot be an input; choose another name")
    try:
        expression = read_expression(body, vocabulary(*names)).tree
    except Unreadable as error:
        raise BadFile(key, f"{error.message}\n{error.caret()}\n{_HELPERS}") from None
    taken = {"np"}
    parameters = {one: _free(python_name(one), taken) for one in dict.fromkeys(names)}
    if len(parameters) < len(names):
        raise BadFile(key, "an input is listed twice")
    renamed = rename(expression, {one: Name(python) for one, python in parameters.items()})
    name = python_name(name)
    return name, function_code(name, list(parameters.values()), renamed)


def _refuse_names(key: str, names: Sequence[str], taken: Sequence[str]) -> None:
    """Names that Python cannot have, or that would mean two things in the function."""
    for position, name in enumerate(names):
        refuse_no_name(key, name)
        if name in names[:position]:
            raise BadFile(key, f"{name} is here twice")
        if name in (*taken, "np"):
            raise BadFile(key, f"{name} already means something else in the function")


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


_SHORT = 40
"""Characters of a function that is named by its formula."""


class FunctionStep:
    """One blank that holds the function."""

    key = "code"
    title = "Code"

    def __init__(self, problem: Problem, references: References, table: CodeTable, runner: Runner) -> None:
        """Raises BadFile for a `[code]` table that does not fit the function."""
        self._problem = problem
        self._references = references
        self._runner = runner
        self._signature: Signature = signature_of(problem, table)

    def about(self, answers: Answers) -> str:
        """What is asked."""
        value, *gradients = self._signature.returns
        called = f"the gradient{'s' if len(gradients) > 1 else ''} {listed(gradients)}"
        formula = show(self._problem.function.expression)
        computes = formula if len(formula) <= _SHORT else self._problem.function.name
        name = self._signature.name
        asked = f"Write {name}, which computes {computes}, in NumPy: return its value as {value}, then {called}."
        return " ".join(filter(None, (asked, self._staged(answers))))

    def _staged(self, answers: Answers) -> str:
        """The learner's equations, in mathematics; "" where none were asked."""
        reference = self._references.of(answers)
        if reference is None or STAGING not in answers.answers:
            return ""
        equations = [reference.equation(gate) for gate in reference.graph.gates]
        value = self._signature.returns[0]
        returned = "" if value == reference.output_name else f", which is {value}"
        return f"Your equations: {', '.join(equations)}{returned}."

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        if self._references.of(answers) is None:
            return ()
        prompt = (
            "Inputs may be numbers or arrays; work entry by entry."
            if not self._problem.has_arrays
            else "The inputs are arrays of the exercise's shapes."
        )
        return (Blank(CODE, self._signature.name, prompt, InputKind.CODE, starter=self._signature.starter),)

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """Run it on arrays and on the exercise's own numbers. Takes as long as the runner allows."""
        text, read = readable(text)
        spec = replace(self.spec, outputs=self._outputs(answers))
        outcome = self._runner.run(passes.job(text, spec))
        verdict, below = passes.judged(outcome, spec, text)
        if verdict.accepted:
            remark = manner(text, spec.name)
            if remark:
                verdict = replace(verdict, kind=Kind.REMARK, message=remark.message, mistake=remark.mistake)
        elif verdict.kind is Kind.WRONG:
            verdict = self._diagnosed(text, spec, outcome, answers, verdict)
        where = f"{verdict.where}{below}" if verdict.where else ""
        return replace(verdict, message=f"{verdict.message}{below}", where=where).saying(read)

    @cached_property
    def spec(self) -> PassesSpec:
        """What is asked, with the calls that it is tried on and the function written out for our own staging."""
        solution = self._signature.worked(self._references.own)
        return self._spec(trials=trials_of(self._references.own), solution=solution)

    def _outputs(self, answers: Answers) -> tuple[str, ...]:
        """What the value is called in the learner's equations, and in the exercise."""
        own = self._references.of(answers) or self._references.own
        return tuple(map(python_name, dict.fromkeys((own.name(own.graph.output), self._problem.function.name))))

    def _diagnosed(self, text: str, spec: PassesSpec, outcome: Outcome, answers: Answers, verdict: Verdict) -> Verdict:
        """The verdict with the line that is wrong and its mistake."""
        shown = passes.first_wrong(outcome, spec)
        if not may_be_examined(outcome):
            return verdict
        if shown is not None:
            said = passes.wrong_as_a_whole(text, spec, *shown)
            if said is not None:
                return replace(verdict, message=said.message, mistake=said.mistake, lines=said.lines)
        references = [
            reference for reference in (self._references.of(answers), self._references.own) if reference is not None
        ]
        truths = Truths(references, [trial.inputs for trial in spec.trials], spec.parameters)
        subject = passes.subject(text, spec, sorted(numbers_of(self._problem.function.expression)))
        told = diagnose(self._runner, subject, spec.name, truths.references, truths.explain)
        return in_two_parts(
            lambda said: with_fault(passes.with_diagnosis(verdict, said, spec, shown), outcome, said), told
        )

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The order; the next gradient that is missing; its line."""
        return passes.hints(self._spec(solution=self._worked(answers)), text)

    def worked(self, blank: Blank, answers: Answers) -> str:
        """The function written out for the learner's own staging."""
        return self._worked(answers)

    def _spec(self, trials: tuple[Trial, ...] = (), solution: str = "") -> PassesSpec:
        """What is asked, with as much of it as is needed."""
        signature = self._signature
        tried = "arrays of the exercise's shapes" if self._problem.has_arrays else "arrays and numbers"
        names = signature.parameters, signature.returns
        of_numbers = not self._problem.has_arrays
        return PassesSpec(signature.name, *names, trials, signature.starter, solution, tried, of_numbers)

    def _worked(self, answers: Answers) -> str:
        reference = self._references.of(answers) or self._references.own
        try:
            return self._signature.worked(reference)
        except ValueError:  # a gate of several operations: the program's own staging has none
            return self._signature.worked(self._references.own)
