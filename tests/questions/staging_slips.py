"""Learners who slip once in a staging: the function with one thing wrong, staged properly. Written on its own rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from tutor.engine.gates import GATES
from tutor.engine.staging import stage
from tutor.judging import Kind, Verdict
from tutor.language import Apply, Expression, Name, Number, names_in, typed
from tutor.library.problem import Problem

from .making import Learner

Change = tuple[str, Expression]
ONE = Number(Fraction(1), "1")


@dataclass(frozen=True)
class Staged:
    """A slip, what it is called, and the equations it ends in."""

    key: str
    text: str


def do(operation: str, *arguments: Expression) -> Apply:
    return Apply(operation, arguments, sign="*")


def whole(value: int) -> Number:
    return Number(Fraction(value), str(value))


def changes(node: Expression, problem: Problem) -> Iterator[Change]:
    """What slips make of one part."""
    match node:
        case Name(name):
            for other in problem.function.parameters:
                if other != name and problem.shapes[other] == problem.shapes[name]:
                    yield "wrong_input", Name(other)
            if len(problem.shapes[name]) == 2:
                yield "transposed", do("transpose", node)
        case Number(value) if value > 1:
            yield "wrong_constant", whole(int(value) + 3)
        case Apply() if names_in(node):
            yield from _of_arithmetic(node)
            yield from _of_functions(node)
            yield from _of_arrays(node)
            yield from _two_operations(node)


def _of_arithmetic(node: Apply) -> Iterator[Change]:
    match node:
        case Apply("add", (a, b)):
            yield from (("missing_term", a), ("missing_term", b), ("sign_slip", do("sub", a, b)))
            yield from (("other_operation", do("mul", a, b)), ("doubled_term", do("add", node, b)))
            yield "doubled_term", do("add", a, node)
        case Apply("sub", (a, b)):
            yield from (("missing_term", a), ("missing_term", do("neg", b)), ("sign_slip", do("add", a, b)))
            yield from (("wrong_way_round", do("sub", b, a)), ("other_operation", do("mul", a, b)))
        case Apply("mul", (a, b)):
            yield from (("missing_factor", a), ("missing_factor", b), ("other_operation", do("add", a, b)))
            yield "other_operation", do("div", a, b)
        case Apply("div", (a, b)) if a == ONE:
            yield "lost_reciprocal", b
        case Apply("div", (a, b)):
            yield from (("missing_factor", a), ("missing_factor", do("div", ONE, b)))
            yield from (("wrong_way_up", do("div", b, a)), ("other_operation", do("mul", a, b)))
        case Apply("pow", (a, Number(value) as n)) if value > 1:
            yield from (("lost_power", a), ("other_operation", do("mul", n, a)))
            yield "wrong_exponent", do("pow", a, whole(int(value) + 1))
            yield "wrong_exponent", do("pow", a, whole(int(value) + 4))
        case Apply("neg", (a,)):
            yield "lost_minus", a


def _of_functions(node: Apply) -> Iterator[Change]:
    match node:
        case Apply("max" | "min" as which, (a, b)):
            yield "other_operation", do("min" if which == "max" else "max", a, b)
        case Apply(operation, (a,)) if GATES[operation].elementwise and operation != "neg":
            yield "missing_function", a
            for other in ("sin", "cos", "exp", "tanh", "sigmoid"):
                if other != operation:
                    yield "other_function", do(other, a)


def _of_arrays(node: Apply) -> Iterator[Change]:
    match node:
        case Apply("matmul", (a, b)):
            yield from (("matmul_order", do("matmul", b, a)), ("transposed", do("matmul", do("transpose", a), b)))
            yield "elementwise_for_matmul", do("mul", a, b)
            yield from (("missing_factor", a), ("missing_factor", b))
        case Apply("sum" | "mean" as which, (a,)):
            other = {"sum": "mean", "mean": "sum"}[which]
            yield from ((f"{other}_for_{which}", replace(node, operation=other)), ("missing_function", a))
        case Apply("squared_norm", (a,)):
            yield "lost_power", do("norm", a)
            yield "mean_for_sum", do("mean", do("mul", a, a))


def _unary(node: Expression) -> tuple[Expression, Callable[[Expression], Expression]] | None:
    match node:
        case Apply("pow", (a, Number() as n)):
            return a, lambda other: do("pow", other, n)
        case Apply(operation, (a,)) if GATES[operation].elementwise:
            return a, lambda other: do(operation, other)
    return None


def _two_operations(node: Apply) -> Iterator[Change]:
    match node:
        case Apply("mul", (Apply("add" | "sub" as inner, (a, b)), c)):
            yield "lost_bracket", do(inner, a, do("mul", b, c))
        case Apply("div", (a, Apply("add" | "sub" as inner, (b, c)))) if names_in(b):
            yield "lost_bracket", do(inner, do("div", a, b), c)
        case Apply("add" | "sub" as outer, (Apply("mul", (a, b)), c)):
            yield "extra_bracket", do("mul", a, do(outer, b, c))
        case Apply("add" | "sub" as outer, (a, Apply("mul", (b, c)))):
            yield "extra_bracket", do("mul", do(outer, a, b), c)
    last = _unary(node)
    if last is None:
        return
    inside, put = last
    first = _unary(inside)
    if first is not None:
        yield "wrong_order", first[1](put(first[0]))
    match inside:
        case Apply("add" | "sub" | "mul" as join, (a, b)) if names_in(a) and names_in(b):
            yield from (("lost_bracket", do(join, put(a), b)), ("lost_bracket", do(join, a, put(b))))
            yield "distributed", do(join, put(a), put(b))


def wrong_functions(expression: Expression, problem: Problem) -> Iterator[Change]:
    """The expression with one slip in it, at each place in turn."""
    yield from changes(expression, problem)
    if isinstance(expression, Apply):
        for port, argument in enumerate(expression.arguments):
            if expression.operation == "pow" and port == 1:
                continue
            for key, changed in wrong_functions(argument, problem):
                arguments = (*expression.arguments[:port], changed, *expression.arguments[port + 1 :])
                yield key, replace(expression, arguments=arguments)


def slipped(work: Learner) -> Iterator[tuple[Staged, Verdict]]:
    """Every slip at an exercise that ends in a staging that can be judged and is not right."""
    problem = work.problem
    f = problem.function
    for key, wrong in wrong_functions(f.expression, problem):
        equations = stage(wrong, f.name, f.parameters)
        text = "\n".join(f"{one.target.name} = {typed(one.expression)}" for one in equations)
        if work.sheets.follow(text).fault is not None or not equations:
            continue
        verdict = work.judge("staging", text)
        if verdict.kind is Kind.WRONG or verdict.mistake:
            yield Staged(key, text), verdict
