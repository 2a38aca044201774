"""The kind `code`: a Python function or class, run in another process by a harness of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Protocol

from msgspec import Meta, field

from tutor.diagnosis import Diagnosis, Subject, diagnose
from tutor.judging import Kind, Verdict
from tutor.library import BadFile
from tutor.library.decoding import FaultCollector
from tutor.library.format import BackpropTable, CodeTable, Given, Hints
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.blank import CODE, Answers, Blank, InputKind
from tutor.questions.code import engine, loops, op, passes, unbroadcast
from tutor.questions.code.operations import OPERATIONS
from tutor.questions.code.outcomes import in_two_parts, may_be_examined, with_fault
from tutor.questions.code.pasted import readable
from tutor.questions.inflect import listed
from tutor.questions.python_text import refuse_no_name, refuse_unreadable
from tutor.questions.question import Paragraph, Question, QuestionPlace, QuestionTable
from tutor.questions.short_answer import rungs
from tutor.runner import Job, Outcome, Runner

Size = Annotated[int, Meta(ge=1, le=8)]


_OF = {
    "loops": {"inputs": "inputs", "hidden": "hidden", "name": "name"},
    "op": {"op": "op", "broadcast": "broadcast", "name": "class_name"},
    "unbroadcast": {"name": "name"},
    "engine": {"name": "name", "functions": "functions"},
    "passes": {"function": "function", "at": "at", "code": "code", "hints": "hints"},
}
"""For each harness the keys of the table that it knows, and what its spec calls them."""

_ALL = ("hints", "after", "starter")
"""What a harness of ours knows besides; `passes` is a step of the kind `backprop`."""

_SETTINGS = ("name", "op", "broadcast", "inputs", "hidden", "functions", "function", "at", "code", *_ALL)

_NEEDED = {"passes": ["function", "at"], "op": ["op"]}
"""The keys that a harness cannot do without."""


def _known(harness: str) -> list[str]:
    return [*_OF[harness], *(() if harness == "passes" else _ALL)]


def _rules() -> dict[str, Any]:
    """What a harness does not know has no effect, and is refused; what it cannot do without is asked for."""
    return {
        "allOf": [
            {
                "if": {"properties": {"harness": {"const": harness}}, "required": ["harness"]},
                "then": {
                    "required": _NEEDED.get(harness, []),
                    "properties": {
                        **{key: False for key in _SETTINGS if key not in _known(harness)},
                        **({"at": {"minProperties": 1}} if harness == "passes" else {}),
                    },
                },
            }
            for harness in _OF
        ]
    }


class CodeQuestionTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "code"`: a harness, and what it needs to know."""

    kind: Literal["code"] = "code"
    harness: Literal["passes", "loops", "op", "unbroadcast", "engine"]
    """What tries the program: which functions or classes it knows."""

    name: str = ""
    """The function's or the class's name; the harness's own when absent."""

    op: str | None = None
    """For `op`: plus, sub, mul, div, matmul, sigmoid, row-sum or expand."""

    broadcast: bool | None = None
    """For `op`: whether the arguments may have different shapes that broadcast."""

    inputs: Size | None = None
    """For `loops`: how many inputs the network has; 2 when absent."""

    hidden: Size | None = None
    """For `loops`: how many hidden units; 3 when absent."""

    functions: tuple[str, ...] | None = None
    """For `engine`: the functions beside + - * / and powers; exp, tanh and relu when absent."""

    function: str = ""
    """For `passes`: such as "f(x, y) = x y"."""

    at: dict[str, Given] = field(default_factory=dict)
    """For `passes`: the value of every input."""

    code: CodeTable = CodeTable()
    """For `passes`: names and lines given."""

    starter: str = ""
    """What the editor holds at first, in place of the harness's own."""

    hints: Hints = ()
    """Up to three rungs in place of the generated ones; "" keeps a rung."""

    after: str = ""
    """What is said once it is right."""

    schema_rules: ClassVar[dict[str, Any]] = _rules()


_INSTEAD = {
    "name": "say it as name in [question.code]",
    "starter": "lines that are there at first are given in [question.code]",
    "after": "say it in the remark of the file",
}
"""What to do with the keys that `passes` does not know."""


def make_code(table: CodeQuestionTable, place: QuestionPlace) -> Question:
    """The question. Raises BadFile for keys that the harness does not know, or values it cannot take."""
    found = FaultCollector()
    for key in _idle(table):
        with found.part():
            instead = _INSTEAD.get(key, "") if table.harness == "passes" else ""
            instead = instead or f"it knows {listed(_known(table.harness))}"
            raise BadFile(key, f"the harness {table.harness} does not know this key, so it has no effect: {instead}")
    with found.part():
        if table.name:
            refuse_no_name("name", table.name)
    with found.part():
        refuse_unreadable("starter", table.starter)
    question = None
    with found.part():
        question = _of_passes(table, place) if table.harness == "passes" else _of_harness(table, place)
    found.raise_all()
    assert question is not None, "all that went wrong has been raised"
    return question


def _idle(table: CodeQuestionTable) -> list[str]:
    """The keys that are set although this harness does nothing with them."""
    plain = CodeQuestionTable(harness=table.harness)
    known = _known(table.harness)
    return [key for key in _SETTINGS if key not in known and getattr(table, key) != getattr(plain, key)]


def _of_passes(table: CodeQuestionTable, place: QuestionPlace) -> Question:
    hints = {CODE: table.hints} if table.hints else {}
    inner = BackpropTable(function=table.function, at=table.at, steps=("code",), code=table.code, hints=hints)
    return BackpropQuestion(inner, place, table.title or "Code", table.prompt)


def _of_harness(table: CodeQuestionTable, place: QuestionPlace) -> Question:
    known = _OF[table.harness]
    chosen = {key: value for key in known if (value := getattr(table, key)) not in (None, "")}
    if table.harness == "op" and "op" not in chosen:
        raise BadFile("op", f'is missing: write op = "plus", say; the operations are {listed(list(OPERATIONS))}')
    harness = HARNESSES[table.harness]
    try:
        spec = harness.Spec(**{known[key]: value for key, value in chosen.items()})
    except ValueError as error:
        raise BadFile(_AT_FAULT.get(table.harness, "harness"), str(error)) from None
    return CodeQuestion(ProgramStep(table, harness, spec, place.runner))


_AT_FAULT = {"op": "op", "engine": "functions"}
"""The key whose value a harness may refuse."""


class ProgramStep:
    """One blank that holds the program."""

    key = CODE

    def __init__(self, table: CodeQuestionTable, harness: Harness, spec: Any, runner: Runner) -> None:
        """Raises BadFile for more than three hints."""
        self.title = table.title or "Code"
        self._table = table
        self._harness, self._spec = harness, spec
        self._runner = runner
        self._hints = rungs(table.hints, harness.hints(spec))
        self._name = table.name or str(getattr(spec, "class_name", "") or getattr(spec, "name", "") or table.op or "")

    def about(self, given: Answers) -> str:
        """What is asked."""
        return (
            self._table.prompt or f"Write {self._name}. It is run on many arrays, and you are told what is not right."
        )

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The one blank."""
        starter = self._table.starter or self._harness.starter(self._spec)
        return (Blank(CODE, self._name, f"The code of {self._name}.", InputKind.CODE, starter=starter),)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """Run it. Takes as long as the runner allows."""
        text, read = readable(text)
        verdict = verdict_on(text, self._harness, self._spec, self._name, self._runner)
        verdict = verdict.saying(self._table.after) if verdict.accepted else verdict
        return verdict.saying(read)

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

    def __init__(self, step: ProgramStep) -> None:
        super().__init__(step.title, (step,))
        self._program = step.program

    def story(self, tried: Mapping[str, Sequence[str]], ascii: bool, width: int) -> Iterator[Paragraph]:
        """A right program, written out."""
        lines = [f"  {line}".rstrip() for line in self._program.rstrip("\n").split("\n")]
        yield Paragraph(self.title, tuple(lines))


class Harness(Protocol):
    """What every harness module has. Its `Spec` is a frozen dataclass that says what is asked, exactly.

    `Spec` raises ValueError for what cannot be asked.
    """

    @property
    def Spec(self) -> Any:
        """The class of the specs."""

    def starter(self, spec: Any) -> str:
        """What the editor holds at first."""

    def job(self, text: str, spec: Any) -> Job:
        """What the runner is to do with the learner's text."""

    def verdict(self, outcome: Outcome, spec: Any, text: str = "", told: Diagnosis | None = None) -> Verdict:
        """What is said to what came of the job, with what it printed below. `told`: what is known of the line."""

    def subject(self, text: str, spec: Any) -> Subject:
        """The program for who looks for the wrong line: how it is called, and what should come out."""

    def worked(self, spec: Any) -> str:
        """A right program."""

    def hints(self, spec: Any) -> tuple[str, str, str]:
        """The principle; a question; the worked lines."""


HARNESSES: dict[str, Harness] = {
    "passes": passes,
    "loops": loops,
    "op": op,
    "unbroadcast": unbroadcast,
    "engine": engine,
}


def verdict_on(text: str, harness: Harness, spec: Any, entry: str, runner: Runner) -> Verdict:
    """The verdict on a program, with its wrong line. `entry` is the class or function asked for.

    Takes as long as the runner allows, and again where the line is looked for.
    """
    outcome = runner.run(harness.job(text, spec))
    verdict = harness.verdict(outcome, spec, text)
    if verdict.kind is Kind.WRONG and may_be_examined(outcome):
        told = diagnose(runner, harness.subject(text, spec), entry)
        verdict = in_two_parts(lambda said: with_fault(harness.verdict(outcome, spec, text, said), outcome, said), told)
    return verdict
