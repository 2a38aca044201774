"""The step `stage`: equations of one operation each, ending in the function."""

from __future__ import annotations

from dataclasses import replace

from tutor.engine.staging import free_names, stage
from tutor.judging import Verdict
from tutor.language import Apply, Expression, Name, children, show, typed
from tutor.library.problem import Problem
from tutor.questions.backprop.reference import STAGING, Sheets
from tutor.questions.backprop.staging import Staging
from tutor.questions.backprop.staging_diagnosis.explain import explained
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
