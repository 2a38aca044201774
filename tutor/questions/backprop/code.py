"""The step `code`: the function in NumPy, run in another process and compared with the truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from tutor.judging import Kind, Verdict
from tutor.library.format import CodeTable
from tutor.library.problem import Problem
from tutor.questions.backprop.function_text import Signature, signature_of
from tutor.questions.backprop.sheets import Sheets
from tutor.questions.backprop.trials import trials_of
from tutor.questions.blank import CODE, Answers, Blank, Wants
from tutor.questions.code import passes
from tutor.questions.code.comparing import Gap
from tutor.questions.code.passes import PassesSpec, Trial
from tutor.questions.code.returned import first_gap
from tutor.questions.words import listed
from tutor.runner import Outcome, Runner

_SAID_ALREADY = ("returned_none", "returned_count", "wrong_order", "changed_in_place", "wrong_shape")
"""Mistakes of which the diagnosis says all there is to see."""


class CodeStep:
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
        return (Blank(CODE, self._signature.name, prompt, Wants.CODE, starter=self._signature.starter),)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Run it on arrays and on the exercise's own numbers. Takes as long as the runner allows."""
        spec = self.spec
        outcome = self._runner.run(replace(passes.job(text, spec), observe=True))
        return self._diagnosed(text, spec, outcome, given)

    @cached_property
    def spec(self) -> PassesSpec:
        """What is asked, with the calls that it is tried on and the function written out for our own staging."""
        solution = self._signature.worked(self._sheets.own)
        return self._spec(trials=trials_of(self._sheets.own), solution=solution)

    def _diagnosed(self, text: str, spec: PassesSpec, outcome: Outcome, given: Answers) -> Verdict:
        """The verdict, with the line that is wrong and its mistake, or with what is to be said of how it is done."""
        from tutor.questions.code.diagnosis import diagnose, manner  # it knows our worksheets: a circle otherwise

        verdict = passes.verdict(outcome, spec)
        if verdict.accepted:
            said = manner(text, spec.name)
            return replace(verdict, kind=Kind.REMARK, message=said.message, mistake=said.mistake) if said else verdict
        sheets = [sheet for sheet in (self._sheets.of(given), self._sheets.own) if sheet is not None]
        for trial, call in zip(spec.trials, outcome.calls, strict=False):  # after a fault there are fewer calls
            truths = dict(zip(spec.returns, trial.truth, strict=True))
            found = diagnose(text, spec.name, call, trial.inputs, truths, sheets)
            if found is not None and verdict.kind is Kind.WRONG:
                shown = "" if found.mistake in _SAID_ALREADY else _evidence(first_gap(call.returned, truths), found.gap)
                _, below = passes.judged(outcome, spec)
                message = "\n".join(part for part in (found.message, shown) if part)
                return replace(verdict, message=f"{message}{below}", mistake=found.mistake)
        return verdict

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


def _evidence(wrong: tuple[str, Gap] | None, told: Gap | None) -> str:
    """The returned value that shows the fault: `hx is 5.185; it should be 28.388, at [0].` "" where that was `told`."""
    if wrong is None:
        return ""
    name, gap = wrong
    said = told is not None and (told.how == gap.how or (told.of_shape and gap.of_shape))
    return "" if said else f"{name} {gap.how}"
