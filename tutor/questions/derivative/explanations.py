"""What is said about a derivative beside the verdict: its hints, and how it comes about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tutor.engine.canonical_form import canonicalize
from tutor.engine.constant_folding import number
from tutor.engine.format_value import plain
from tutor.engine.gates import GATES
from tutor.engine.symbolic_backward import slope
from tutor.language import Apply, Expression, Name, Number, names_in, read_expression, show, typed, walk
from tutor.questions.derivative.target import Sought
from tutor.questions.inflect import listed

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


def hints(sought: Sought, worked: str) -> tuple[str, str, str]:
    """The principle, a question with the function at hand, the worked line."""
    if between(sought):
        principle = "Follow every path from the variable to the function: along a path slopes multiply, and paths add."
        return principle, f"{paths(sought)} {_first_slopes(sought)}", how(sought, worked)
    tree = sought.asked.equations.of(sought.asked.equations.meanings[sought.asked.of], sought.asked.keep)
    by = sought.asked.by
    principle, question = _RULES[_rule(tree, by)]
    parts = [show(part) for part in tree.arguments] if isinstance(tree, Apply) else [""]
    moving = next((i for i, part in enumerate(_arguments(tree)) if by in names_in(part)), 0)
    asked = question.format(
        it=show(tree), a=parts[0], b=parts[-1], v=parts[min(moving, len(parts) - 1)], by=by,
        f=GATES[tree.operation].symbol if isinstance(tree, Apply) else "",
    )  # fmt: skip
    return principle, asked, how(sought, worked)


def between(sought: Sought) -> tuple[str, ...]:
    """The names in the function's own equation through which the variable acts."""
    asked = sought.asked
    return tuple(
        name
        for name in asked.equations.uses(asked.of)
        if name not in asked.keep and name in asked.equations.meanings and asked.by in asked.equations.under(name)
    )


def paths(sought: Sought) -> str:
    """`The paths: t → x → z and t → y → z.`"""
    asked = sought.asked
    found: list[list[str]] = []

    def follow(path: list[str]) -> None:
        here = path[0]
        if here == asked.by:
            found.append(path)
        elif here not in asked.keep:
            for name in asked.equations.uses(here):
                follow([name, *path])

    follow([asked.of])
    texts = [" → ".join(path) for path in found]
    return f"The path{'s' if len(texts) > 1 else ''}: {listed(texts)}."


def how(sought: Sought, worked: str) -> str:
    """How the derivative comes about, in one line that ends with it."""
    asked = sought.asked
    by_rules = _kempt(slope(asked.function, asked.by) or sought.truth)
    if sought.at:
        final = plain(float(sought.value))
        steps = [show(neat(by_rules))]
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


def shortest(sought: Sought) -> str:
    """The derivative as a learner could type it."""
    return plain(float(sought.value)) if sought.at else typed(neat(sought.truth))


def _along_paths(sought: Sought) -> str:
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


def _first_slopes(sought: Sought) -> str:
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
