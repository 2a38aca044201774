"""Random stagings against Python's own arithmetic, and any text at all."""

from __future__ import annotations

import math
import random
import re
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sampling import examples
from tutor.judging import Kind
from tutor.library.problem import Problem, problem_of
from tutor.questions.backprop.staging import follow

from .making import SHIPPED, made

# Every line reads the same in the learner's language and in Python.
CORRECT = {
    "f": ("(x + y) * z", "x y z", [
        ["a = x + y", "f = a * z"],
        ["u = x * z", "v = y * z", "f = u + v"],
        ["n = -y", "d = x - n", "r = 1 / z", "f = d / r"],
        ["a = x + y", "p = a * a", "q = p / a", "f = q * z"],
    ]),
    "h": ("(x ** 2 + 2 * y) * z ** 3", "x y z", [
        ["a = x ** 2", "b = 2 * y", "c = a + b", "d = z ** 3", "h = c * d"],
        ["a = x * x", "b = y + y", "c = a + b", "d = z * z", "i = d * z", "h = c * i"],
        ["d = z ** 3", "a = x ** 2", "p = a * d", "b = y * d", "q = b + b", "h = p + q"],
    ]),
    "g": ("(log(x) + sin(y)) ** 2 + 4 * x", "x y", [
        ["a = log(x)", "b = sin(y)", "c = a + b", "d = c ** 2", "k = 4 * x", "g = d + k"],
        ["k = x * 4", "b = sin(y)", "a = log(x)", "c = b + a", "d = c * c", "g = k + d"],
    ]),
}  # fmt: skip
PROBLEMS = {"f": "staging/f", "h": "staging/h", "g": "staging/g"}
LETTERS = [*"abcdijkmnpqrstuvw", "x_1", "lambda_", "E", "I", "S", "N", "t1", "t2"]
MATHEMATICS = {"log": math.log, "sin": math.sin, "__builtins__": {}}


def _value(text: str, at: dict[str, float]) -> float:
    return eval(text, MATHEMATICS, at)


def _values(lines: list[str], at: dict[str, float]) -> list[float]:
    """Each line's value; NaN where it has none."""
    known = dict(at)
    for line in lines:
        name, text = line.split(" = ")
        try:
            value = _value(text, known)
        except (ValueError, ZeroDivisionError):
            value = math.nan
        known[name] = math.nan if isinstance(value, complex) else value
    return list(known.values())[len(at) :]


def _is_the_function(lines: list[str], truth: str, problem: Problem) -> bool:
    """Whether all lines have values at the exercise's inputs, and the last is the function wherever it has one."""
    points = random.Random(5)
    own = {name: float(value) for name, value in problem.inputs.items()}
    if any(map(math.isnan, _values(lines, own))):
        return False
    for _ in range(12):
        at = {name: points.uniform(0.3, 2.7) * points.choice((1, -1)) for name in own}
        at |= {name: abs(at[name]) for name in problem.positive}
        if not math.isclose(_values(lines, at)[-1], _value(truth, at), rel_tol=1e-9, abs_tol=1e-12):
            return False
    return True


@st.composite
def stagings(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A correct staging in another order with other names, one operation of it perhaps another one."""
    f = draw(st.sampled_from(sorted(CORRECT)))
    _, inputs, all_lines = CORRECT[f]
    lines = list(draw(st.sampled_from(all_lines)))
    for _ in range(draw(st.integers(0, 2))):
        where = draw(st.integers(0, len(lines) - 1))
        name, text = lines[where].split(" = ")
        known = [*inputs.split(), *(line.split(" = ")[0] for line in lines[:where])]
        match draw(st.sampled_from(["operator", "argument", "twice", "turn"])):
            case "operator":
                text = re.sub(r" (\*\*|[-+*/]) ", f" {draw(st.sampled_from(['+', '-', '*', '/']))} ", text)
            case "argument":
                old = draw(st.sampled_from(re.findall(r"[a-z]+(?!\w|\()", text)))
                text = re.sub(rf"\b{old}\b", draw(st.sampled_from(known)), text, count=1)
            case "twice":
                lines.insert(where, f"again{len(lines)} = {text}")
                where += 1
            case _:
                text = re.sub(r"^(\w+) ([-+*/]) (\w+)$", r"\3 \2 \1", text)
        lines[where] = f"{name} = {text}"
    return f, _renamed(_shuffled(lines, draw), draw, inputs.split(), keep_last=draw(st.booleans()))


def _shuffled(lines: list[str], draw: st.DrawFn) -> list[str]:
    """The lines in another order in which each still comes after what it uses; the last stays last."""
    waiting, done, last = lines[:-1], [], lines[-1]
    while waiting:
        open_names = {line.split(" = ")[0] for line in waiting}
        ready = [line for line in waiting if not open_names & set(re.findall(r"\w+", line.split(" = ")[1]))]
        done.append(draw(st.sampled_from(ready)))
        waiting.remove(done[-1])
    return [*done, last]


def _renamed(lines: list[str], draw: st.DrawFn, inputs: list[str], keep_last: bool) -> list[str]:
    names = [line.split(" = ")[0] for line in lines]
    new = dict(zip(names, draw(st.permutations(LETTERS)), strict=False))
    if keep_last:
        new[names[-1]] = names[-1]
    return [re.sub(r"[a-z]\w*", lambda found: new.get(found[0], found[0]), line) for line in lines]


@settings(max_examples=examples(250), deadline=None)
@given(stagings())
def test_a_staging_is_accepted_if_and_only_if_it_is_the_function(found: tuple[str, list[str]]):
    f, lines = found
    truth = CORRECT[f][0]
    problem = problem_of(SHIPPED[PROBLEMS[f]])
    staging = follow(problem, "\n".join(lines))
    expected = _is_the_function(lines, truth, problem)
    assert staging.complete == expected, (lines, staging.verdict.message)
    if expected:
        used = [node.name for node in staging.graph.nodes]
        assert used[-1] == lines[-1].split(" = ")[0]
    else:
        assert staging.verdict.message


TOKENS = st.sampled_from(
    ["x", "y", "z", "a", "b", "f", "W", "=", "=", "=", "\n", "\n", "\n", "+", "-", "*", "/", "^", "**", "@", "(", ")",
     "[", "]", ",", ";", "|", "||", "2", "0", "1.5", "1e300", "e", "pi", "ln", "ln(", "sqrt ", "σ(", "sum(", "axis=0",
     ".T", "max(", "^2", "^-1", "²",
     "√", "^-1", "²", "√", "'", "_", "=x+y\n", "a=x", "relu(", "norm(", "dot(", "mean(", "[[1, 2], [3, 4]]",
     "np.", "#", "\t", " "]
)  # fmt: skip


@cache
def _problems() -> list[Problem]:
    """Made at the first test, not where tests are collected."""
    return [
        problem_of(SHIPPED["node-way/a"]),
        problem_of(SHIPPED["node-way/c"]),
        problem_of(SHIPPED["vectors/squared-norm"]),
        problem_of(made("f(x, y) = (x + y)/(1 + e^-y)", "x = 1, y = 2", 'granularity = "any"')),
        problem_of(made("f(x, y) = (x + y)/(1 + e^-y)", "x = 1, y = 2", 'whole = ["1/(1 + e^-z)"]')),
    ]


PLACES = st.deferred(lambda: st.sampled_from(_problems()))


@settings(max_examples=examples(400), deadline=None)
@given(PLACES, st.lists(TOKENS, max_size=30))
def test_any_text_has_a_verdict_with_a_reason(problem: Problem, tokens: list[str]):
    text = "".join(tokens)
    staging = follow(problem, text)
    assert isinstance(staging.verdict.kind, Kind)
    assert staging.verdict.message
    assert staging.complete == (staging.verdict.kind in (Kind.RIGHT, Kind.REMARK))
    written = [line.strip() for line in text.splitlines()]
    assert [line.text for line in staging.lines] == [line for line in written if line and not line.startswith("#")]
    held = [line for line in staging.lines if line.verdict is None]
    assert len(staging.graph.nodes) == len(problem.function.parameters) + len(held)
    for line in staging.lines:
        assert line.verdict is None or (not line.verdict.accepted and line.verdict.message)


OPERATIONS = st.sampled_from(
    ["{} + {}", "{} * {}", "{} - {}", "{} / {}", "ln({})", "e^{}", "sqrt({})", "{}^{}", "σ({})", "max({}, {})",
     "sum({})", "{} @ {}", "{}.T"]
)  # fmt: skip
CHOSEN = st.lists(st.tuples(OPERATIONS, st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=20)


@settings(max_examples=examples(150), deadline=None)
@given(PLACES, CHOSEN)
def test_any_operations_on_what_is_there_have_a_verdict(problem: Problem, chosen: list[tuple[str, int, int]]):
    names = list(problem.function.parameters)
    lines = []
    for number, (operation, one, other) in enumerate(chosen):
        lines.append(f"t{number} = {operation.format(names[one % len(names)], names[other % len(names)])}")
        names.append(f"t{number}")
    staging = follow(problem, "\n".join(lines))
    assert staging.verdict.message
    assert all(line.equation is not None for line in staging.lines[:1]), "the first can be read"
