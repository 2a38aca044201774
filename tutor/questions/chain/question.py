"""The kind `chain`: the learner writes a chain rule in partial derivatives; truth is who depends on whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from msgspec import field

from tutor.judging import Verdict, from_language, right, wrong
from tutor.judging.verdict import Kind
from tutor.language import Unreadable
from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.questions.asked import Asked, AskedQuestion, AskTable, rungs
from tutor.questions.blank import Blank
from tutor.questions.chain.dependence import MOST_PATHS, Dependence, dependence_of, product_of, steps_of
from tutor.questions.chain.reading import Formula, read_formula
from tutor.questions.chain.slips import drawing, slip_of, strangers_told
from tutor.questions.question import Place, QuestionTable
from tutor.questions.words import counted, listed


class ChainAsk(AskTable, frozen=True, kw_only=True):
    """One blank: one chain rule."""

    of: str
    """What moves in the end."""

    by: str
    """What is moved."""

    total: bool = False
    """Whether the left-hand side is written with d, although there are other variables."""


class ChainTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "chain"`: who depends on whom, and which derivatives are asked for."""

    kind: Literal["chain"] = "chain"
    depends: dict[str, tuple[str, ...]]
    """`{ w = ["x", "y"], x = ["t"], y = ["t"] }`: what stands in each value's own formula."""

    functions: dict[str, str] = field(default_factory=dict)
    """Names of functions: `{ f = "w" }` where w = f(x, y), so that df/dx is read as dw/dx."""

    ask: tuple[ChainAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


@dataclass(frozen=True)
class _Sought:
    dependence: Dependence
    functions: Mapping[str, str]
    of: str
    by: str
    label: str

    def judge(self, text: str) -> Verdict:
        """The verdict on a formula. Raises nothing for any text."""
        try:
            formula = self._read(text, straight=True)
            loosely = self._read(text, straight=False)
        except Unreadable as error:
            return from_language(error)
        if formula.strangers:
            strange = strangers_told(formula.strangers, self.dependence)
            return wrong(strange.says, strange.mistake)
        if said := self._repeated(formula, loosely):
            return said
        truth = dict(self.dependence.total(self.of, self.by))
        if dict(formula.sum) == truth:
            return self._whole_ones(formula) or right()
        if dict(loosely.sum) == truth:
            return self._doubt(loosely)
        told = slip_of(loosely.sum, self.dependence, self.of, self.by)
        if told is None:
            many = counted(len(self.dependence.paths(self.of, self.by)), "path")
            return wrong(f"Not quite: there are {many} from {self.by} to {self.of}. What does each of them contribute?")
        return wrong(told.says, told.mistake)

    def _read(self, text: str, *, straight: bool) -> Formula:
        return read_formula(text, self.dependence, self.functions, (self.of, self.by), straight=straight)

    def _repeated(self, formula: Formula, loosely: Formula) -> Verdict | None:
        """What to say of an answer that holds what is asked for."""
        own = (self.of, self.by)
        asked = self.label.removesuffix(" =")
        if own in formula.whole and dict(formula.sum) == dict(self.dependence.total(*own)):
            said = f"{asked} is what you are looking for. Write it in terms of the slopes along the paths."
            return Verdict(Kind.UNDECIDED, said, mistake="form")
        if own in loosely.whole:
            asks = f"Through which variables does {self.by} act on {self.of}?"
            return wrong(f"{asked} is the unknown, so it cannot appear in the answer. {asks}", "direct")
        return None

    def _whole_ones(self, formula: Formula) -> Verdict | None:
        """What to say of an answer that is right, but leaves a chain rule inside it undone."""
        for of, by in formula.whole:
            through = [name for path in self.dependence.paths(of, by) for name in path[1:-1]]
            if through:
                names = listed(list(dict.fromkeys(through)))
                said = (
                    f"That is right as far as it goes. {of} depends on {by} through {names}: write that step out too."
                )
                return Verdict(Kind.UNDECIDED, said, mistake="form")
        return None

    def _doubt(self, formula: Formula) -> Verdict:
        """What to say where a d is meant as ∂."""
        step = formula.doubtful[0]
        total, direct = f"d{step.of}/d{step.source}", f"∂{step.of}/∂{step.source}"
        said = (
            f"Almost: {total} counts all paths from {step.source} to {step.of}. For the direct one alone write "
            f"{direct}, or {step.of}_{step.source}."
        )
        return Verdict(Kind.UNDECIDED, said, mistake="form")


def make_chain(table: ChainTable, _place: Place) -> AskedQuestion:
    """The question. Raises BadFile for a dependence that makes no sense."""
    dependence = dependence_of(table.depends)
    if not table.ask:
        raise BadFile("ask", "nothing is asked: add a [[question.ask]]")
    for function, of in table.functions.items():
        if of not in dependence.on or function in dependence.names:
            raise BadFile(
                "functions", f'give a function\'s new name and its value, such as {{ f = "{dependence.names[0]}" }}'
            )
    asked = each(lambda number, ask: _asked(number, ask, table, dependence), table.ask)
    return AskedQuestion(table, asked, about="Write the chain rule.", statement=dependence.in_words())


def _asked(number: int, ask: ChainAsk, table: ChainTable, dependence: Dependence) -> Asked:
    key = f"ask[{number}]"
    for part, name in (("of", ask.of), ("by", ask.by)):
        if name not in dependence.names:
            raise BadFile(f"{key}.{part}", f"there is no {name} here; the names are {listed(dependence.names)}")
    paths = dependence.paths(ask.of, ask.by) if ask.of != ask.by else []
    if not paths:
        raise BadFile(f"{key}.by", f"no path leads from {ask.by} to {ask.of}")
    if len(paths) > MOST_PATHS:
        raise BadFile(
            f"{key}.by", f"{len(paths)} paths lead from {ask.by} to {ask.of}; at most {MOST_PATHS} can be asked for"
        )
    d = "d" if ask.total or len(dependence.variables) == 1 else "∂"
    label = ask.label or f"{d}{ask.of}/{d}{ask.by} ="
    worked = " + ".join(" * ".join(map(dependence.symbol, steps_of(path))) for path in paths)
    shown = " + ".join(dependence.written(product_of(path)) for path in paths)
    name = label.removesuffix(" =")
    sought = _Sought(dependence, table.functions, ask.of, ask.by, label)
    blank = Blank(
        str(number), label, ask.prompt or f"What is {name}, in terms of the slopes along the paths?",
        example="such as dw/dx * dx/dt",
    )  # fmt: skip
    first = paths[0]
    made = (
        "Each way the variable acts is a path. Slopes along a path multiply; paths add.",
        f"{'The paths are' if len(paths) > 1 else 'The path is'}\n{drawing(paths)}\n"
        f"Which slope belongs to the arrow from {first[-2]} to {first[-1]}?",
        f"{name} = {shown}",
    )
    return Asked(blank, sought.judge, rungs(ask.hints, made, f"{key}.hints"), worked, f"{name} = {shown}", ask.after)
