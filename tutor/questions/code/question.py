"""The kind `code`: a Python function or class, run in another process by a harness of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import field

from tutor.judging import Verdict
from tutor.library import BadFile
from tutor.library.format import BackpropTable, CodeTable, Given
from tutor.questions.asked import rungs
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.blank import CODE, Answers, Blank, Wants
from tutor.questions.code.harnesses import HARNESSES, Harness
from tutor.questions.question import Paragraph, Place, Question, QuestionTable
from tutor.runner import Runner


class CodeQuestionTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "code"`: a harness, and what it needs to know."""

    kind: Literal["code"] = "code"
    harness: Literal["passes", "loops", "op", "unbroadcast", "engine"]
    name: str = ""
    """The function's or the class's name; the harness's own when absent."""

    op: str = ""
    """For `op`: plus, sub, mul, div, matmul, sigmoid, row-sum or expand."""

    broadcast: bool = False
    """For `op`: whether the arguments may have different shapes that broadcast."""

    inputs: int = 2
    """For `loops`: how many inputs the network has."""

    hidden: int = 3
    """For `loops`: how many hidden units."""

    functions: tuple[str, ...] = ("exp", "tanh", "relu")
    """For `engine`: the functions beside + - * / and powers."""

    function: str = ""
    """For `passes`: such as "f(x, y) = x y"."""

    at: dict[str, Given] = field(default_factory=dict)
    """For `passes`: the value of every input."""

    code: CodeTable = CodeTable()
    """For `passes`: names and lines given."""

    starter: str = ""
    """What the editor holds at first, in place of the harness's own."""

    hints: tuple[str, ...] = ()
    """Up to three rungs in place of the generated ones; "" keeps a rung."""

    after: str = ""
    """What is said once it is right."""


_OF = {
    "loops": {"inputs": "inputs", "hidden": "hidden", "name": "name"},
    "op": {"op": "op", "broadcast": "broadcast", "name": "class_name"},
    "unbroadcast": {"name": "name"},
    "engine": {"name": "name", "functions": "functions"},
}
"""For each harness the keys of the table that it knows, and what its spec calls them."""

_SETTINGS = ("name", "op", "broadcast", "inputs", "hidden", "functions", "function", "at")


def make_code(table: CodeQuestionTable, place: Place) -> Question:
    """The question. Raises BadFile for keys that the harness does not know, or values it cannot take."""
    if table.harness == "passes":
        inner = BackpropTable(function=table.function, at=table.at, steps=("code",), code=table.code)
        return BackpropQuestion(inner, place, table.title or "Code", table.prompt)
    fields = {field: getattr(table, field) for field in _SETTINGS}
    plain = CodeQuestionTable(harness=table.harness)
    chosen = {key: value for key, value in fields.items() if value != getattr(plain, key)}
    known = _OF[table.harness]
    for key in chosen:
        if key not in known:
            raise BadFile(key, f"the harness {table.harness} does not know this key; it knows {', '.join(known)}")
    harness = HARNESSES[table.harness]
    try:
        spec = harness.Spec(**{known[key]: value for key, value in chosen.items()})
    except (ValueError, TypeError) as error:
        raise BadFile("op" if table.harness == "op" else "harness", str(error)) from None
    return CodeQuestion(CodeStep(table, harness, spec, place.runner))


class CodeStep:
    """One blank that holds the program."""

    key = CODE

    def __init__(self, table: CodeQuestionTable, harness: Harness, spec: Any, runner: Runner) -> None:
        """Raises BadFile for more than three hints."""
        self.title = table.title or "Code"
        self._table = table
        self._harness, self._spec = harness, spec
        self._runner = runner
        self._hints = rungs(table.hints, harness.hints(spec))
        self._name = table.name or str(getattr(spec, "class_name", "") or getattr(spec, "name", "") or table.op)

    def about(self, given: Answers) -> str:
        """What is asked."""
        return self._table.prompt or f"Write {self._name}; F5 runs it on many arrays and says what is not right."

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        starter = self._table.starter or self._harness.starter(self._spec)
        return (Blank(CODE, self._name, f"The code of {self._name}.", Wants.CODE, starter=starter),)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Run it. Takes as long as the runner allows."""
        verdict = self._harness.verdict(self._runner.run(self._harness.job(text, self._spec)), self._spec, text)
        return verdict.saying(self._table.after) if verdict.accepted else verdict

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The harness's own, or the file's."""
        return self._hints

    def worked(self, blank: Blank, given: Answers) -> str:
        """A right program."""
        return self.program

    @property
    def program(self) -> str:
        """A right program."""
        return self._harness.worked(self._spec)


class CodeQuestion(Question):
    """A program; there is no graph beside it."""

    def __init__(self, step: CodeStep) -> None:
        super().__init__(step.title, (step,))
        self._program = step.program

    def story(self, tried: Mapping[str, Sequence[str]], ascii: bool, width: int) -> Iterator[Paragraph]:
        """A right program, written out."""
        lines = [f"  {line}".rstrip() for line in self._program.rstrip("\n").split("\n")]
        yield Paragraph(self.title, tuple(lines))
