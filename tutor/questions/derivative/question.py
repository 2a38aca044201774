"""The kind `derivative`: the learner gives the derivative of what equations say, as an expression or as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from msgspec import field

from tutor.engine.evaluate import evaluate
from tutor.engine.format_value import plain
from tutor.engine.gates import vocabulary
from tutor.engine.values import Value
from tutor.judging.sample_points import sample_points
from tutor.language import Name, Unreadable, names_in, read_expression
from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.questions.blank import Blank
from tutor.questions.derivative.candidates import DerivativeQuery
from tutor.questions.derivative.equations import Equations, read_equations
from tutor.questions.derivative.explanations import hints, how, shortest
from tutor.questions.derivative.target import Sought, true_slope
from tutor.questions.inflect import listed
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, ShortAnswerQuestion, Shown, rungs
from tutor.questions.short_answer import Item as AskedBlank

_ENOUGH = 8
"""Points at which a derivative must have a value."""


class DerivativeAsk(AskTable, frozen=True, kw_only=True):
    """One blank: one derivative."""

    equations: tuple[str, ...] = ()
    """What is differentiated, where it is not what the question's own equations say."""

    of: str = ""
    """The name that is differentiated; that of the first equation when absent."""

    by: str = ""
    """The variable; the only one there is when absent."""

    hold: tuple[str, ...] = ()
    """Names that are held still although they have equations: a partial derivative."""

    total: bool = False
    """Whether it is written with d although there are other variables: the whole effect, with nothing held between."""

    names: tuple[str, ...] = ()
    """The names in which the answer is to be written; the variables when absent."""

    positive: tuple[str, ...] = ()
    """Variables that only take positive values, beside the question's own."""

    at: dict[str, int | float | str] = field(default_factory=dict)
    """The values of the variables, where a number is asked for."""

    form: str = ""
    """The answer as the worked solution writes it, checked when the file is opened; made when absent."""


class DerivativeTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "derivative"`: equations, and what is to be differentiated."""

    kind: Literal["derivative"] = "derivative"
    equations: tuple[str, ...] = ()
    """Such as `z = 2x + y` and `x = ln t`, in any order; the first is what is differentiated."""

    positive: tuple[str, ...] = ()
    """Variables that only take positive values."""

    ask: tuple[DerivativeAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


def make_derivative(table: DerivativeTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for equations and names that make no sense."""
    if not table.ask:
        raise BadFile("ask", "nothing is asked: add a [[question.ask]]")
    shared = read_equations(table.equations) if table.equations else None
    strangers = set(table.positive) - set(shared.names if shared else ())
    if strangers and not shared:
        raise BadFile("positive", "the question has no equations of its own: say positive in each [[question.ask]]")
    if shared and strangers:
        raise BadFile("positive", f"there is no {listed(sorted(strangers))} here; the names are {listed(shared.names)}")
    asked = each(lambda number, ask: _blank(number, ask, table, shared), table.ask)
    known = {name for _, sought in asked for name in sought.asked.equations.names}
    return ShortAnswerQuestion(
        table,
        [blank for blank, _ in asked],
        about="Differentiate.",
        statement=shared.written() if shared else "",
        shown=Shown(vocabulary=vocabulary(*sorted(known))),
    )


def _blank(
    number: int, ask: DerivativeAsk, table: DerivativeTable, shared: Equations | None
) -> tuple[AskedBlank, Sought]:
    key = f"ask[{number}]"
    own = read_equations(ask.equations, f"{key}.equations") if ask.equations else shared
    if own is None:
        raise BadFile(f"{key}.equations", "there is nothing to differentiate: give equations")
    sought = _sought(key, ask, own, table.positive)
    worked = _worked(key, ask, sought)
    blank = Blank(
        str(number),
        ask.label or sought.label,
        ask.prompt or _prompt(sought, own if ask.equations else None),
        group=own.written() if ask.equations else "",
        example="a number" if sought.at else f"an expression in {listed(sought.names)}",
    )
    made = hints(sought, worked)
    told = how(sought, worked)
    return AskedBlank(blank, sought.judge, rungs(ask.hints, made, f"{key}.hints"), worked, told, ask.after), sought


def _sought(key: str, ask: DerivativeAsk, equations: Equations, positive: tuple[str, ...]) -> Sought:
    of = ask.of or equations.first
    if of not in equations.meanings:
        raise BadFile(f"{key}.of", f"{of} has no equation; those that have one are {listed([*equations.meanings])}")
    by = ask.by or _only_variable(key, equations)
    _refuse_strangers(key, {"by": (by,), "hold": ask.hold, "names": ask.names}, of, equations)
    keep = frozenset(ask.hold)
    if by in equations.meanings:
        still = {name for name in equations.meanings if by not in equations.under(name) and name != of}
        keep |= {by} | still
    written_in = names_in(equations.of(Name(of), keep))
    base = tuple(name for name in equations.names if name in written_in or name == by)
    for name in ask.positive:
        if name not in base:
            raise BadFile(f"{key}.positive", f"{name} is not a variable here; the variables are {listed(base)}")
    asked = DerivativeQuery(
        equations, of, by, keep, base, tuple(name for name in (*positive, *ask.positive) if name in base)
    )
    truth = true_slope(asked)
    if truth is None:
        raise BadFile(f"{key}.of", f"the derivative of {of} is too long to be asked for")
    point = _point(key, ask, base)
    for name in asked.positive:
        if point and not float(point[name]) > 0:
            raise BadFile(f"{key}.at.{name}", f"{name} is declared positive, but is {plain(float(point[name]))} here")
    sought = Sought(asked, truth, ask.names or base, point, ask.total)
    _check_values(key, sought)
    return sought


def _refuse_strangers(key: str, chosen: Mapping[str, Sequence[str]], of: str, equations: Equations) -> None:
    for part, names in chosen.items():
        for name in names:
            if name not in equations.names:
                raise BadFile(f"{key}.{part}", f"there is no {name} here; the names are {listed(equations.names)}")
            if name == of and part != "names":
                raise BadFile(f"{key}.{part}", f"{of} is what is differentiated")


def _only_variable(key: str, equations: Equations) -> str:
    if len(equations.parameters) != 1:
        variables = listed(equations.parameters) if equations.parameters else "none, unless written as in f(x) = 99"
        raise BadFile(f"{key}.by", f"say with respect to which variable; those here are {variables}")
    return equations.parameters[0]


def _point(key: str, ask: DerivativeAsk, base: tuple[str, ...]) -> dict[str, Value] | None:
    if not ask.at:
        return None
    if set(ask.at) != set(base):
        raise BadFile(f"{key}.at", f"give a value for {listed(base)}, and for nothing else")
    return {name: _value(key, ask.at[name]) for name in base}


def _value(key: str, given: float | str) -> float:
    if not isinstance(given, str):
        return float(given)
    try:
        value = evaluate(read_expression(given, vocabulary()).tree, {})
    except (Unreadable, ValueError) as error:
        raise BadFile(f"{key}.at", f"{given}: {error}") from None
    if not isinstance(value, float):
        raise BadFile(f"{key}.at", f"{given} is not a number")
    return value


def _check_values(key: str, sought: Sought) -> None:
    asked = sought.asked
    if sought.at is not None:
        if not np.isfinite(sought.value):
            raise BadFile(f"{key}.at", "the derivative has no value there")
        return
    columns = sample_points(asked.base, frozenset(asked.positive)).columns
    values = np.broadcast_to(evaluate(sought.truth, columns), np.shape(columns[asked.by]))
    if np.count_nonzero(np.isfinite(values)) < _ENOUGH:
        raise BadFile(f"{key}.positive", "the derivative has a value at too few points: say which names are positive")


def _worked(key: str, ask: DerivativeAsk, sought: Sought) -> str:
    """A right answer as a learner could type it. Raises BadFile for a form that is not right."""
    if not ask.form:
        worked = shortest(sought)
        if sought.judge(worked).accepted:
            return worked
        raise BadFile(f"{key}.form", f"say how the answer is written in {listed(sought.names)}")
    verdict = sought.judge(ask.form)
    if not verdict.accepted:
        raise BadFile(f"{key}.form", f"this is not the derivative: {verdict.message}")
    return ask.form


def _prompt(sought: Sought, own: Equations | None) -> str:
    given = f"{own.written()}. " if own else ""
    if sought.at:
        return f"{given}What is the value of {sought.called}{sought.where}?"
    in_names = f", written in {listed(sought.names)}" if own is None or len(own.meanings) > 1 else ""
    return f"{given}What is {sought.called}{in_names}?"
