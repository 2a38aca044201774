"""Answers that follow from the learner's own earlier ones, in every kind, and what is put right when these are mended.

What follows is computed here in plain Python, not by the engine.
"""

from __future__ import annotations

import math
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sampling import one_in
from tests.shipped import LIBRARY
from tutor.judging import Kind, Verdict
from tutor.learner import Store
from tutor.library import Exercise, ExerciseFile
from tutor.library.decoding import decode
from tutor.library.validation import check
from tutor.runner import Runner

from .working import Working, remembered

CHAINS = tomllib.loads(Path(__file__).with_name("carried_chains.toml").read_text(encoding="utf-8"))["chain"]


def standing(verdict: Verdict) -> str:
    """How an answer was judged, in one word."""
    if verdict.accepted:
        return "carried" if verdict.carried else "right"
    return "wrong" if verdict.charged else "unread"


def key_of(working: Working, address: str) -> str:
    question, _, blank = address.partition("/")
    return f"q{question}/{blank}" if working.session.several_questions else blank


@pytest.mark.parametrize("chain", CHAINS, ids=[f"{one['exercise']}: {one['why']}" for one in CHAINS])
def test_a_chain_of_answers(chain: Mapping[str, object], store: Store, runner: Runner):
    working = Working(LIBRARY.exercises[str(chain["exercise"])], store, runner)
    rows: list[list[str]] = chain["rows"]  # type: ignore[assignment]
    for address, text, expected in rows:
        verdict = working.answer(key_of(working, address), text)
        assert standing(verdict) == expected, f"{address} {text}: {verdict.message}"
        if expected == "carried":
            assert "This step is correct, given your answer for " in verdict.message
    charged = working.session.total_tries
    if "mend" in chain:
        address, text = chain["mend"]  # type: ignore[misc]
        working.right(key_of(working, address), text)
        followed = [key_of(working, one) for one, _, expected in rows if expected == "carried"]
        assert list(working.session.to_put_right) == followed
        assert remembered(working.opened_again()) == remembered(working.session)
        working.session.put_right()
        for key in followed:
            answer = working.session.answers[key]
            assert answer.verdict.kind is Kind.RIGHT and not answer.shown, key
        assert working.session.total_tries == charged, "putting right costs nothing"
        assert not working.session.to_put_right
    assert remembered(working.opened_again()) == remembered(working.session)


def exercise(text: str) -> Exercise:
    file = decode(text, ExerciseFile)
    check(file, text)
    return Exercise("made/for-a-test", Path("nowhere.toml"), file)


def test_a_shape_that_follows_from_a_wrong_one(store: Store, runner: Runner):
    text = """
    title = "Shapes"
    [[question]]
    kind = "shape"
    shapes = { x = [2, 3], y = [3], W = [3, 4] }
    [[question.ask]]
    operation = "x + y"
    [[question.ask]]
    operation = "(x + y) @ W"
    [[question.ask]]
    operation = "sum((x + y) @ W, axis=0)"
    """
    working = Working(exercise("\n".join(line.strip() for line in text.split("\n"))), store, runner)
    rows = [("1", "(5, 3)", "wrong"), ("2", "(5, 4)", "carried"), ("3", "(4,)", "right"), ("2", "(2, 5)", "wrong")]
    for key, typed, expected in rows:
        assert standing(working.answer(key, typed)) == expected, typed
    working.answer("2", "(5, 4)")
    mend(working, "1", "(2, 3)", ["2"])
    assert working.session.answers["2"].text == "(2, 4)"


# Random questions and graphs


@dataclass(frozen=True)
class Operation:
    """How it is written, and what it and its slopes are."""

    written: str
    value: Callable[..., float]
    slopes: tuple[Callable[..., float], ...]


OPERATIONS = (
    Operation("{0} + {1}", lambda a, b: a + b, (lambda a, b: 1.0, lambda a, b: 1.0)),
    Operation("{0} - {1}", lambda a, b: a - b, (lambda a, b: 1.0, lambda a, b: -1.0)),
    Operation("{0} {1}", lambda a, b: a * b, (lambda a, b: b, lambda a, b: a)),
    Operation("sin {0}", math.sin, (math.cos,)),
    Operation("tanh {0}", math.tanh, (lambda a: 1 - math.tanh(a) ** 2,)),
    Operation("{0}^2", lambda a: a * a, (lambda a: 2 * a,)),
    Operation("exp(-{0})", lambda a: math.exp(-a), (lambda a: -math.exp(-a),)),
)
STAGED = OPERATIONS[:6]
"""Those of one gate each."""


@dataclass(frozen=True)
class Made:
    """A graph that was drawn at random: inputs, and its gates in order; each feeds a later one, but for the last."""

    inputs: Mapping[str, float]
    gates: Sequence[tuple[str, Operation, tuple[str, ...]]]

    def equations(self) -> list[str]:
        return [f"{name} = {operation.written.format(*sources)}" for name, operation, sources in self.gates]


def drawn(seed: int, operations: Sequence[Operation], most: int) -> Made:
    chance = random.Random(seed)
    inputs = {name: chance.choice([-1, 1]) * round(chance.uniform(0.3, 1.9), 2) for name in ("x", "y", "z")}
    gates: list[tuple[str, Operation, tuple[str, ...]]] = []
    known = list(inputs)
    for number in range(chance.randint(3, most)):
        operation = chance.choice(operations)
        last = known[-1] if number else "x"
        sources = tuple([last, *chance.sample([one for one in known if one != last], 1)][: len(operation.slopes)])
        gates.append((f"g{number}", operation, sources))
        known.append(f"g{number}")
    return Made(inputs, gates)


def written(value: float) -> str:
    return f"{value:.12g}"


def off(value: float) -> float:
    """Another number, as no likely mistake has it."""
    return value * 1.37 + 0.291


def answer_all(
    working: Working, answers: Iterator[tuple[str, float]], truth: Mapping[str, float], wrong: str
) -> list[str]:
    """Give the answers, of which one is wrong; the keys of those that are accepted as following from it.

    These are all whose number is not the true one.
    """
    followed = []
    for key, value in answers:
        verdict = working.answer(key, written(value))
        if key == wrong:
            assert verdict.charged, f"{key}: {verdict.message}"
        else:
            assert verdict.accepted, f"{key} = {value} after a wrong {wrong}: {verdict.message}"
            assert bool(verdict.carried) == (not math.isclose(value, truth[key], rel_tol=1e-9)), key
            if verdict.carried:
                assert verdict.carried == (wrong,)
                followed.append(key)
    return followed


def mend(working: Working, wrong: str, truth: str, followed: Sequence[str]) -> None:
    """Give the right answer where the mistake is, and have what followed put right."""
    working.right(wrong, truth)
    assert list(working.session.to_put_right) == list(followed)
    assert [blank.key for blank in working.session.put_right()] == list(followed)
    for key, answer in working.session.answers.items():
        assert answer.verdict.accepted and not answer.verdict.carried and not answer.shown, key
    assert remembered(working.opened_again()) == remembered(working.session)


@pytest.mark.parametrize("seed", one_in(2, range(10)))
def test_values_that_follow_from_one_wrong_value(seed: int, store: Store, runner: Runner):
    made = drawn(seed, OPERATIONS, 7)
    formulas: dict[str, str] = {}
    text = ["title = 'made'", "[[question]]", "kind = 'value'"]
    text.append(f"at = {{ {', '.join(f'{name} = {value}' for name, value in made.inputs.items())} }}")
    for name, operation, sources in made.gates:
        formulas[name] = operation.written.format(*(f"({formulas.get(one, one)})" for one in sources))
        text += ["[[question.ask]]", f"label = '{name} ='", f"formula = '{formulas[name]}'"]
    working = Working(exercise("\n".join(text)), store, runner)
    wrong = random.Random(seed).randrange(len(made.gates) - 1)

    def answers(wrong: int) -> Iterator[tuple[str, float]]:
        values = dict(made.inputs)
        for number, (name, operation, sources) in enumerate(made.gates):
            values[name] = operation.value(*(values[one] for one in sources))
            values[name] = off(values[name]) if number == wrong else values[name]
            yield str(number + 1), values[name]

    truth = dict(answers(-1))
    key = str(wrong + 1)
    mend(working, key, written(truth[key]), answer_all(working, answers(wrong), truth, key))


@pytest.mark.parametrize("seed", one_in(2, range(10)))
def test_a_graph_that_follows_from_one_wrong_number(seed: int, store: Store, runner: Runner):
    made = drawn(seed, STAGED, 6)
    equations = made.equations()
    last = made.gates[-1][0]
    formula = last
    for name, operation, sources in reversed(made.gates):
        inner = operation.written.format(*(f"({one})" for one in sources))
        formula = formula.replace(f"({name})", f"({inner})") if formula != name else inner
    at = ", ".join(f"{name} = {value}" for name, value in made.inputs.items())
    text = f"title = 'made'\nfunction = '{last}(x, y, z) = {formula}'\nat = {{ {at} }}\n"
    text += "steps = ['stage', 'forward', 'backward']"
    working = Working(exercise(text), store, runner)
    working.right("staging", "\n".join(equations))
    forward = working.keys("forward")
    backward = working.keys("backward")
    chance = random.Random(seed)
    wrong = chance.choice([*forward[:-1], *(key for key in backward if key.startswith(("local", "down")))])
    truth = dict(by_hand(made, [*forward, *backward], ""))
    followed = answer_all(working, by_hand(made, [*forward, *backward], wrong), truth, wrong)
    mend(working, wrong, written(truth[wrong]), followed)


def by_hand(made: Made, keys: Sequence[str], wrong: str) -> Iterator[tuple[str, float]]:
    """The answers of one who has a wrong number at one blank, and works on from it."""
    own: dict[str, float] = {}
    values = dict(made.inputs)
    gates = {name: (operation, sources) for name, operation, sources in made.gates}
    uses = {name: [(gate, port) for gate, _, sources in made.gates for port, one in enumerate(sources) if one == name]
            for name in (*made.inputs, *gates)}  # fmt: skip
    for key in keys:
        kind, _, name = key.partition(":")
        gate, _, port = name.partition(".")
        if kind == "value":
            operation, sources = gates[name]
            value = operation.value(*(values[one] for one in sources))
        elif kind == "total":
            value = (
                sum(own[f"down:{user}.{at}"] for user, at in uses[name])
                if uses[name]
                else 1.0 * (name == made.gates[-1][0])
            )
        elif kind == "local":
            operation, sources = gates[gate]
            value = operation.slopes[int(port)](*(values[one] for one in sources))
        else:
            (sent, *_), output = uses[gate] or [("", "")], gate == made.gates[-1][0]
            upstream = f"down:{sent[0]}.{sent[1]}" if len(uses[gate]) == 1 and not output else f"total:{gate}"
            value = own[upstream] * own[f"local:{gate}.{port}"]
        own[key] = off(value) if key == wrong else value
        if kind == "value":
            values[name] = own[key]
        yield key, own[key]
