"""The kind `derivative`: the learner gives the derivative of what equations say, as an expression or as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from msgspec import field

from tutor.engine.canonical_form import canonicalize
from tutor.engine.evaluate import evaluate, number
from tutor.engine.gates import GATES, vocabulary
from tutor.engine.symbolic_backward import slope
from tutor.engine.values import Value, plain
from tutor.judging.precision import WANTED_DIGITS
from tutor.judging.sample_points import sample_points
from tutor.judging.shapes import asked_for
from tutor.language import Apply, Expression, Name, Number, Unreadable, names_in, read_expression, show, typed, walk
from tutor.library import BadFile
from tutor.library.decoding import each
from tutor.questions.blank import Blank
from tutor.questions.derivative.equations import Equations, read_equations
from tutor.questions.derivative.misconceptions import DerivativeQuery
from tutor.questions.derivative.target import DerivativeTarget, true_slope
from tutor.questions.inflect import listed
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, QuestionContext, ShortAnswerQuestion, rungs
from tutor.questions.short_answer import Item as AskedBlank

_LONGEST_STEP = 90

_RULES: Mapping[str, tuple[str, str]] = {
    "constant": (
        "A slope tells how fast a value changes. What never changes has slope 0.",
        "If {by} moves from 1 to 2, from where to where does {it} move?",
    ),
    "name": ("A variable moves as fast as itself.", "If {by} moves by 1, how much does {it} move?"),
    "add": ("A sum is differentiated term by term.", "What is the slope of {a}, and what is that of {b}?"),
    "sub": (
        "A difference is differentiated term by term, and keeps its minus.",
        "What is the slope of {a}, and what is that of {b}?",
    ),
    "neg": ("A minus in front stays in front.", "What is the slope of {a}?"),
    "scale": ("A constant factor stays in front.", "What is the slope of {v}, and what stays in front of it?"),
    "mul": (
        "In a product each factor moves in turn while the other is held fixed, and the two effects add.",
        "If only {a} moves, what does its slope get multiplied by? And if only {b} moves?",
    ),
    "unscale": ("A constant divisor stays where it is.", "What is the slope of {a}, and what is it divided by?"),
    "reciprocal": (
        "1 over u has the slope -1/u², times the slope of u.",
        "What is u in {it}, and what is its slope?",
    ),
    "div": (
        "Quotient rule: slope of the top times the bottom, minus the top times the slope of the "
        "bottom, over the bottom squared.",
        "What are the slopes of {a} and of {b}?",
    ),
    "power": (
        "Power rule: bring the exponent down, lower it by one, then multiply by the slope of the inside.",
        "What is the exponent of {it}, what is one less, and what is the slope of {a}?",
    ),
    "exponential": (
        "A constant to a power: the slope is the power itself, times the logarithm of the constant, "
        "times the slope of the exponent.",
        "What is the slope of the exponent {b}?",
    ),
    "pow": (
        "With the variable in base and exponent, each moves in turn, and the two effects add.",
        "What is the slope of {it} if only {a} moves, and if only {b} moves?",
    ),
    "function": (
        "Chain rule: take the outer slope at the inside, then multiply by the slope of the inside.",
        "What is the slope of {f} u with respect to u? What is u in {it}, and how fast does it change with {by}?",
    ),
}


def hints(sought: DerivativeTarget, worked: str, formula: str = "") -> tuple[str, str, str]:
    """The principle, a question with the function at hand, the worked line; `formula` as in `how`."""
    if between(sought):
        principle = "Follow every path from the variable to the function: along a path slopes multiply, and paths add."
        return principle, f"{paths(sought)} {_first_slopes(sought)}", how(sought, worked, formula)
    tree = sought.asked.equations.of(sought.asked.equations.meanings[sought.asked.of], sought.asked.keep)
    by = sought.asked.by
    principle, question = _RULES[_rule(tree, by)]
    parts = [show(part) for part in tree.arguments] if isinstance(tree, Apply) else [""]
    moving = next((i for i, part in enumerate(_arguments(tree)) if by in names_in(part)), 0)
    asked = question.format(
        it=show(tree), a=parts[0], b=parts[-1], v=parts[min(moving, len(parts) - 1)], by=by,
        f=GATES[tree.operation].symbol if isinstance(tree, Apply) else "",
    )  # fmt: skip
    return principle, asked, how(sought, worked, formula)


def between(sought: DerivativeTarget) -> tuple[str, ...]:
    """The names in the function's own equation through which the variable acts."""
    asked = sought.asked
    return tuple(
        name
        for name in asked.equations.uses(asked.of)
        if name not in asked.keep and name in asked.equations.meanings and asked.by in asked.equations.under(name)
    )


def paths(sought: DerivativeTarget) -> str:
    """`The paths: t → x → z and t → y → z.`"""
    asked = sought.asked
    groups: list[list[str]] = []

    def follow(path: list[str]) -> None:
        here = path[0]
        if here == asked.by:
            groups.append(path)
        elif here not in asked.keep:
            for name in asked.equations.uses(here):
                follow([name, *path])

    follow([asked.of])
    texts = [" → ".join(path) for path in groups]
    return f"The path{'s' if len(texts) > 1 else ''}: {listed(texts)}."


def how(sought: DerivativeTarget, worked: str, formula: str = "") -> str:
    """How the derivative comes about, in one line that ends with it.

    `formula` is the derivative as it was asked for before, where it is wanted at a point now.
    """
    asked = sought.asked
    by_rules = _kempt(slope(asked.function, asked.by) or sought.truth)
    if sought.at:
        final = plain(float(sought.value))
        steps = [formula or show(neat(by_rules))]
    else:
        final = show(read_expression(worked, asked.equations.vocabulary()).tree)
        steps = [show(by_rules)] if not between(sought) else []
    if between(sought):
        steps.insert(0, _along_paths(sought))
    steps = [step for step in steps if step != final and len(step) <= _LONGEST_STEP]
    if sought.at:
        return f"{sought.called}{sought.where}: {' = '.join([*steps, final])}"
    return " = ".join([sought.called, *steps, final])


def neat(tree: Expression) -> Expression:
    """The expression with its products and sums in order, where that is shorter."""
    forms = (_kempt(tree), _kempt(canonicalize(tree, lambda _tree: ())))
    return min(forms, key=lambda form: sum(1 for _ in walk(form)))


def _kempt(tree: Expression) -> Expression:
    """a + (-3) as a - 3, and exponentials as powers of e."""
    if not isinstance(tree, Apply):
        return tree
    arguments = tuple(map(_kempt, tree.arguments))
    match tree.operation, arguments:
        case "add", (first, Number(value)) if value < 0:
            return replace(tree, operation="sub", arguments=(first, number(-value)))
        case "add", (first, Apply("neg", (second,))):
            return replace(tree, operation="sub", arguments=(first, second))
    return replace(tree, arguments=arguments, sign="e^" if tree.operation == "exp" else tree.sign)


def shortest(sought: DerivativeTarget) -> str:
    """The derivative as a learner could type it."""
    return plain(float(sought.value)) if sought.at else typed(neat(sought.truth))


def _along_paths(sought: DerivativeTarget) -> str:
    """`∂z/∂x·dx/dt + ∂z/∂y·dy/dt = 2·(1/t) + 1·t²`."""
    asked = sought.asked
    equations, of, by = asked.equations, asked.of, asked.by
    inside = [name for name in equations.uses(of) if name == by or name in between(sought)]
    d = "∂" if len(asked.base) > 1 else "d"
    outer_d = "∂" if len(equations.uses(of)) > 1 else "d"
    symbols, values = [], []
    for name in inside:
        outer = neat(slope(equations.meanings[of], name) or Name(of))
        first = f"{outer_d}{of}/{outer_d}{name}"
        if name == by:
            symbols.append(first)
            values.append(show(outer))
            continue
        inner = neat(slope(equations.of(Name(name), asked.keep), by) or Name(name))
        symbols.append(f"{first}·{d}{name}/{d}{by}")
        values.append(f"{_in_brackets(outer)}·{_in_brackets(inner)}")
    return f"{' + '.join(symbols)} = {' + '.join(values)}"


def _in_brackets(tree: Expression) -> str:
    text = show(tree)
    return text if isinstance(tree, Name) or text.isalnum() else f"({text})"


def _first_slopes(sought: DerivativeTarget) -> str:
    asked = sought.asked
    d = "∂" if len(asked.equations.uses(asked.of)) > 1 else "d"
    inner = "∂" if len(asked.base) > 1 else "d"
    questions = [f"{d}{asked.of}/{d}{name} and {inner}{name}/{inner}{asked.by}" for name in between(sought)]
    return f"What are {', and '.join(questions)}?"


def _arguments(tree: Expression) -> tuple[Expression, ...]:
    return tree.arguments if isinstance(tree, Apply) else ()


def _rule(tree: Expression, by: str) -> str:
    """Which rule comes first for an expression."""
    if by not in names_in(tree):
        return "constant"
    if not isinstance(tree, Apply):
        return "name"
    varies = [by in names_in(argument) for argument in tree.arguments]
    match tree.operation, varies:
        case "mul", [True, False] | [False, True]:
            return "scale"
        case "div", [True, False]:
            return "unscale"
        case "div", [False, True]:
            return "reciprocal"
        case "pow", [True, False]:
            return "power"
        case "pow", [False, True]:
            return "exponential"
        case operation, _:
            return operation if operation in _RULES else "function"


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
    blanks: dict[str, tuple[str, DerivativeTarget]] = {}
    asked = each(lambda number, ask: _blank(number, ask, table, shared, blanks), table.ask)
    known = {name for _, sought in asked for name in sought.asked.equations.names}
    return ShortAnswerQuestion(
        table,
        [blank for blank, _ in asked],
        about="Differentiate.",
        statement=shared.written() if shared else "",
        shown=QuestionContext(vocabulary=vocabulary(*sorted(known))),
    )


def _blank(
    number: int,
    ask: DerivativeAsk,
    table: DerivativeTable,
    shared: Equations | None,
    blanks: dict[str, tuple[str, DerivativeTarget]],
) -> tuple[AskedBlank, DerivativeTarget]:
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
        given=own.written() if ask.equations else "",
        example=asked_for(()) if sought.at else f"an expression in {listed(sought.names)}",
        digits=WANTED_DIGITS if sought.at else 0,
    )
    before = _asked_before(sought, blanks)
    made = hints(sought, worked, before)
    item = AskedBlank(
        blank,
        sought.judge,
        rungs(ask.hints, made, f"{key}.hints"),
        worked,
        made[-1],
        ask.after,
        follow=lambda text, earlier: sought.follow(text, earlier, blanks),
    )
    blanks[blank.key] = (item.called, sought)
    return item, sought


def _asked_before(sought: DerivativeTarget, blanks: Mapping[str, tuple[str, DerivativeTarget]]) -> str:
    """The same derivative as a formula, as it is written where it was asked for; "" where it was not."""
    for _, other in blanks.values():
        if sought.at and not other.at and other.asked == sought.asked:
            return other.form
    return ""


def _sought(key: str, ask: DerivativeAsk, equations: Equations, positive: tuple[str, ...]) -> DerivativeTarget:
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
    sought = DerivativeTarget(asked, truth, ask.names or base, point, ask.total, _form(ask.form, equations))
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


def _form(text: str, equations: Equations) -> str:
    """A file's own form as it is shown; "" where there is none, or it cannot be read."""
    try:
        return show(read_expression(text, equations.vocabulary()).tree) if text else ""
    except Unreadable:
        return ""


def _check_values(key: str, sought: DerivativeTarget) -> None:
    asked = sought.asked
    if sought.at is not None:
        if not np.isfinite(sought.value):
            raise BadFile(f"{key}.at", "the derivative has no value there")
        return
    columns = sample_points(asked.base, frozenset(asked.positive)).columns
    values = np.broadcast_to(evaluate(sought.truth, columns), np.shape(columns[asked.by]))
    if np.count_nonzero(np.isfinite(values)) < _ENOUGH:
        raise BadFile(f"{key}.positive", "the derivative has a value at too few points: say which names are positive")


def _worked(key: str, ask: DerivativeAsk, sought: DerivativeTarget) -> str:
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


def _prompt(sought: DerivativeTarget, own: Equations | None) -> str:
    given = f"{own.written()}. " if own else ""
    if sought.at:
        return f"{given}What is the value of {sought.called}{sought.where}?"
    in_names = f", written in {listed(sought.names)}" if own is None or len(own.meanings) > 1 else ""
    return f"{given}What is {sought.called}{in_names}?"
