"""The step `code`: the function in NumPy, run in another process and compared with the truth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tutor.diagnosis import diagnose
from tutor.diagnosis.pasted import readable
from tutor.diagnosis.remarks import manner
from tutor.engine.gates import vocabulary
from tutor.engine.numpy_code import function_code, passes_code
from tutor.judging import Kind, Verdict
from tutor.language import Name, Unreadable, read_expression
from tutor.language.tree import rename
from tutor.library.decoding import BadFile, Gathering, each
from tutor.library.format import CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.code_truth import Truths, numbers_of
from tutor.questions.backprop.reference import Sheets, Worksheet
from tutor.questions.backprop.trials import trials_of
from tutor.questions.blank import CODE, Answers, Blank, InputKind
from tutor.questions.code import passes
from tutor.questions.code.outcomes import may_be_examined, with_fault
from tutor.questions.code.passes import PassesSpec, Trial
from tutor.questions.inflect import listed
from tutor.questions.python_text import python_name, refuse_no_name, refuse_unreadable
from tutor.runner import Outcome, Runner


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

    def worked(self, sheet: Worksheet) -> str:
        """The whole function written out for a staging. Raises ValueError for a gate with no NumPy of its own."""
        return self._written(self._passes(sheet))

    def _written(self, body: str, ready: bool = False) -> str:
        helpers = "".join(f"{helper}\n\n\n" for helper in self.helpers)
        lines = [*body.splitlines(), f"return {', '.join(self.returns)}"]
        indented = [f"    {line}" if line or ready else "" for line in lines]
        return "\n".join([f"{helpers}def {self.name}({', '.join(self.parameters)}):", *indented, ""])

    def _passes(self, sheet: Worksheet) -> str:
        graph = sheet.graph
        taken = {*self.parameters, *self.returns, self.name, "np"}
        variables: dict[int, str] = dict(zip(graph.inputs, self.parameters, strict=True))
        gradients: dict[int, str] = dict(zip(graph.inputs, self.returns[1:], strict=True))
        variables[graph.output] = self.returns[0]
        for gate in graph.gates[:-1]:
            variables[gate] = _free(python_name(sheet.name(gate)), taken)
        for gate in graph.gates:
            gradients[gate] = _free(f"d{variables[gate]}", taken)
        return passes_code(graph, sheet.here.values, variables, gradients)


def signature_of(problem: Problem, table: CodeTable) -> Signature:
    """The signature from an exercise's `[code]` table, with what it leaves out filled in.

    Raises BadFile for names that do not fit the function, or Python.
    """
    function = problem.function
    f, taken = python_name(function.name), {"np"}
    parameters = tuple(_free(python_name(name), taken) for name in function.parameters)
    returns = table.returns or tuple(_free(name, taken) for name in ("out", *(f"{f}{name}" for name in parameters)))
    found, helpers = Gathering(), dict[str, str]()
    with found.part():
        _refuse_names("code.name", [table.name or f], ())
    with found.part():
        _refuse_names("code.returns", returns, parameters)
        if len(returns) != len(parameters) + 1:
            raise BadFile(
                "code.returns", f"it should name {len(parameters) + 1}: the value, then a gradient for each input"
            )
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


class FunctionStep:
    """One blank that holds the function."""

    key = "code"
    title = "Code"

    def __init__(self, problem: Problem, sheets: Sheets, table: CodeTable, runner: Runner) -> None:
        """Raises BadFile for a `[code]` table that does not fit the function."""
        self._problem = problem
        self._sheets = sheets
        self._runner = runner
        self._signature: Signature = signature_of(problem, table)

    def about(self, given: Answers) -> str:
        """What is asked."""
        value, *gradients = self._signature.returns
        called = f"the gradient{'s' if len(gradients) > 1 else ''} {listed(gradients)}"
        return f"Write {self._signature.name} in NumPy: return the value {value}, then {called}."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        if self._sheets.of(given) is None:
            return ()
        prompt = (
            "Inputs may be numbers or arrays; work entry by entry."
            if not self._problem.has_arrays
            else "The inputs are arrays of the exercise's shapes."
        )
        return (Blank(CODE, self._signature.name, prompt, InputKind.CODE, starter=self._signature.starter),)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Run it on arrays and on the exercise's own numbers. Takes as long as the runner allows."""
        text, read = readable(text)
        spec = self.spec
        outcome = self._runner.run(passes.job(text, spec))
        verdict, below = passes.judged(outcome, spec, text)
        if verdict.accepted:
            said = manner(text, spec.name)
            if said:
                verdict = replace(verdict, kind=Kind.REMARK, message=said.message, mistake=said.mistake)
        elif verdict.kind is Kind.WRONG:
            verdict = self._diagnosed(text, spec, outcome, given, verdict)
        return replace(verdict, message=f"{verdict.message}{below}").saying(read)

    @cached_property
    def spec(self) -> PassesSpec:
        """What is asked, with the calls that it is tried on and the function written out for our own staging."""
        solution = self._signature.worked(self._sheets.own)
        return self._spec(trials=trials_of(self._sheets.own), solution=solution)

    def _diagnosed(self, text: str, spec: PassesSpec, outcome: Outcome, given: Answers, verdict: Verdict) -> Verdict:
        """The verdict with the line that is wrong and its mistake."""
        found = passes.first_wrong(outcome, spec)
        if not may_be_examined(outcome):
            return verdict
        if found is not None:
            said = passes.wrong_as_a_whole(text, spec, *found)
            if said is not None:
                return replace(verdict, message=said.message, mistake=said.mistake, lines=said.lines)
        sheets = [sheet for sheet in (self._sheets.of(given), self._sheets.own) if sheet is not None]
        truths = Truths(sheets, [trial.inputs for trial in spec.trials], spec.parameters)
        subject = passes.subject(text, spec, sorted(numbers_of(self._problem.function.expression)))
        told = diagnose(self._runner, subject, spec.name, truths.references, truths.explain)
        return with_fault(passes.with_diagnosis(verdict, told, spec, found), outcome, told)

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The order; the next gradient that is missing; its line."""
        return passes.hints(self._spec(solution=self._worked(given)), text)

    def worked(self, blank: Blank, given: Answers) -> str:
        """The function written out for the learner's own staging."""
        return self._worked(given)

    def _spec(self, trials: tuple[Trial, ...] = (), solution: str = "") -> PassesSpec:
        """What is asked, with as much of it as is needed."""
        signature = self._signature
        tried = "arrays of the exercise's shapes" if self._problem.has_arrays else "arrays and numbers"
        names = signature.parameters, signature.returns
        return PassesSpec(signature.name, *names, trials, signature.starter, solution, tried)

    def _worked(self, given: Answers) -> str:
        sheet = self._sheets.of(given) or self._sheets.own
        try:
            return self._signature.worked(sheet)
        except ValueError:  # a gate of several operations: the program's own staging has none
            return self._signature.worked(self._sheets.own)
