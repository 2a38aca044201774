"""Exercises on fresh numbers: the same everywhere, fit to be worked, kept apart."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.sampling import one_in
from tests.shipped import LIBRARY
from tutor.engine.evaluate import evaluate
from tutor.engine.values import shape_of
from tutor.learner import Store
from tutor.library import Exercise, load
from tutor.practice.draws import Draws
from tutor.practice.friendly import decimals, like
from tutor.practice.proof import near_kink
from tutor.practice.seeds import NoVariant, fresh_seed, seed_in, split_id, variants_begun
from tutor.practice.variants import find, next_variant, variant_of
from tutor.practice.wording import names_value, numerals, retold
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.reference import Reference
from tutor.questions.backprop.spurious_match import hidden_by_numbers
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.session import Session
from tutor.session.validation import check_exercise

DRAWN = ("node-way/a", "node-way/c", "layers/complex", "vectors/squared-norm", "blocks/relu-network", "blocks/gelu")
ASKED = ("shapes/add", "network/first-layer", "derivatives/one-variable", "autograd/recursion", "descent/step")


def variant(id: str, seed: int) -> Exercise:
    return variant_of(LIBRARY.exercises[id], seed)


def test_draws_are_those_of_sha_256_in_counter_mode() -> None:
    """Written down once: they must never change, or a seed would be another exercise."""
    draws = Draws("node-way/a", 7)
    assert [draws.below(100) for _ in range(6)] == [83, 77, 6, 81, 52, 37]
    assert draws.shuffled("abcde") != list("abcde")
    with pytest.raises(ValueError, match="one of 0"):
        draws.below(0)


def test_draws_are_even() -> None:
    draws = Draws("even")
    counts = np.bincount([draws.below(7) for _ in range(7000)], minlength=7)
    assert counts.min() > 850
    assert counts.max() < 1150


def test_a_seed_is_one_variant_everywhere() -> None:
    """These stand in learners' notes and on sheets by now."""
    assert variant("node-way/a", 7).file.at == {"x": 4, "y": 6, "z": 5}
    assert variant("node-way/a", 7).file == variant("node-way/a", 7).file
    assert variant("node-way/a", 8).file.at != variant("node-way/a", 7).file.at


@pytest.mark.parametrize("id", [*DRAWN, *ASKED])
def test_a_variant_is_solved_through_the_session(id: str) -> None:
    """All but its code, which is the same program on all numbers."""
    exercise = variant(id, 3)
    steps = tuple(step for step in exercise.file.asked if step != "code")
    if not exercise.file.question:
        exercise = Exercise(exercise.id, exercise.path, _with_steps(exercise, steps))
    report = check_exercise(exercise, Runner())
    assert report.sound, [problem.reason for problem in report.problems]


def _with_steps(exercise: Exercise, steps: tuple[str, ...]):  # type: ignore[no-untyped-def]
    from msgspec.structs import replace

    return replace(exercise.file, steps=steps)


@pytest.mark.parametrize("id", DRAWN)
def test_drawn_inputs_have_gradients_away_from_kinks(id: str) -> None:
    """Gradients against central differences of the function alone."""
    for seed in (1, 2):
        (question,) = questions_of(variant(id, seed), Runner())
        assert isinstance(question, BackpropQuestion)
        problem = question.problem
        assert not near_kink(problem)
        assert not hidden_by_numbers(Reference(problem, problem.graph)).said
        for name, value in problem.inputs.items():
            assert np.allclose(problem.gradient(name), slopes(problem, name, value), rtol=1e-4, atol=1e-5)


def slopes(problem, name, value):  # type: ignore[no-untyped-def]
    """The gradient of an input by central differences of the function alone."""
    slopes = np.zeros(shape_of(value))
    for index in np.ndindex(*np.shape(value)):
        moved = np.zeros(np.shape(value))
        moved[index] = 1e-6
        up, down = (
            np.sum(evaluate(problem.function.expression, {**problem.inputs, name: value + sign * moved}))
            for sign in (1, -1)
        )
        slopes[index] = (up - down) / 2e-6
    return slopes


def test_what_clashes_still_does() -> None:
    """Sizes are renamed one by one: equal ones stay equal, and 1 stays 1."""
    own, new = (
        questions_of(exercise, Runner()) for exercise in (LIBRARY.exercises["shapes/add"], variant("shapes/add", 5))
    )
    answers = [[item.worked for item in questions[0].items] for questions in (own, new)]  # type: ignore[attr-defined]
    assert [one == "error" for one in answers[0]] == [one == "error" for one in answers[1]]
    assert answers[0] != answers[1]


def test_questions_that_give_a_name_the_same_value_are_drawn_together() -> None:
    tables = variant("network/first-layer", 4).file.question
    for name in tables[0]["at"]:
        assert all(table["at"].get(name, tables[0]["at"][name]) == tables[0]["at"][name] for table in tables[:1])


def test_an_exercise_says_which_questions_are_as_before() -> None:
    file = variant("exam/one", 2).file
    assert file.title.endswith("(seed 2)")
    assert file.prompt.startswith("New numbers, seed 2. Questions 1,")


@pytest.mark.parametrize("id", ["autograd/plus", "autograd/modes", "staging/f"])
def test_what_hangs_on_no_number_has_no_seeds(id: str) -> None:
    with pytest.raises(NoVariant, match=f"^{id} has no numbers"):
        variant(id, 1)


def test_work_on_a_variant_is_kept_apart(store: Store) -> None:
    exercise = variant("node-way/a", 7)
    session = Session(exercise, store, Runner())
    session.answer(session.steps[0], session.blanks(session.steps[0])[0], "a = x + y\nf = a z")
    assert store.summary()["node-way/a@7"].state == "started"
    assert "node-way/a" not in store.summary()
    again = Session(variant("node-way/a", 7), store, Runner())
    assert again.state(again.steps[0]).finished
    assert next_variant(LIBRARY.exercises["node-way/a"], store.summary()).id == "node-way/a@8"
    assert variants_begun(store.summary()) == {"node-way/a": [(7, "node-way/a@7")]}


def test_ids_with_seeds() -> None:
    assert split_id("node-way/a@7") == ("node-way/a", 7)
    assert split_id("node-way/a") == ("node-way/a", None)
    assert split_id("you@home/a") == ("you@home/a", None)
    assert split_id("@7") == ("@7", None)
    assert fresh_seed("a", ["a@3", "b@9", "a"]) == 4
    found = find(LIBRARY, "node-way/a@7")
    assert found is not None
    assert found.id == "node-way/a@7"
    assert find(LIBRARY, "nothing@7") is None
    with pytest.raises(NoVariant, match="already"):
        variant_of(found, 8)


@pytest.mark.parametrize("typed", ["seven", "-3", "1.5", "", "9" * 30])
def test_a_seed_that_is_no_number(typed: str) -> None:
    with pytest.raises(NoVariant, match="whole number from 0"):
        seed_in(typed)


def test_numbers_are_like_those_given() -> None:
    for seed in range(50):
        draws = Draws("like", seed)
        assert decimals(like(0.35, draws)) <= 2  # type: ignore[arg-type]
        assert 0 < abs(like(0.35, draws)) < 1  # type: ignore[arg-type]
        assert like(3, draws) not in (0, 1, 2)
        assert like(0, draws) == 0
        assert 0 < evaluate_given(like("pi/2", draws)) < np.pi
        mask = like([[0, 1, 0], [1, 0, 0]], draws)
        assert np.sum(mask, axis=1).tolist() == [1, 1]
        shares = like([0.2, 0.3, 0.5], draws)
        assert sorted(shares) == [0.2, 0.3, 0.5]  # type: ignore[arg-type]
        drawn = like([0.5, 1.5, 2.5, 3.5], draws)
        assert min(drawn) > 0  # type: ignore[type-var, arg-type]


def evaluate_given(text):  # type: ignore[no-untyped-def]
    from tutor.library.input_values import given_value

    return given_value("at.x", text)


def test_ranges_of_a_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "own.toml"
    path.write_text(
        'title = "Own"\nfunction = "f(n, p, k) = n p + k"\nat = { n = 4, p = 0.25, k = 3 }\n'
        "[vary]\nn = { from = 3, to = 9, whole = true }\np = { from = 0.1, to = 0.9 }\nk = { choices = [3, 5, 7] }\n"
    )
    library = load([tmp_path])
    assert not library.broken
    for seed in range(20):
        at = variant_of(library.exercises["own"], seed).file.at
        assert at["n"] in range(3, 10)
        assert 0.1 <= at["p"] <= 0.9  # type: ignore[operator]
        assert at["k"] in (3, 5, 7)


@pytest.mark.parametrize(
    ("vary", "reason"),
    [
        ("x = { from = 5, to = 1 }", "there is nothing between"),
        ("x = { from = 1.2, to = 1.8, whole = true }", "one whole number in it at most"),
        ("x = { from = 5, to = 9 }", "at gives x 3, which is not in it"),
        ("x = { choices = [4, 5] }", "at gives x 3, which is not in it"),
        ("y = { from = 1, to = 2 }", "y is not an input"),
    ],
)
def test_impossible_ranges_are_refused(tmp_path, vary: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "own.toml"
    path.write_text(f'title = "Own"\nfunction = "f(x) = x^2"\nat = {{ x = 3 }}\n[vary]\n{vary}\n')
    (problem,) = check_exercise(load([tmp_path]).exercises["own"], Runner()).problems
    assert reason in problem.reason
    assert problem.line in (4, 5)  # the table, or the key in it


def test_texts_that_name_numbers() -> None:
    assert numerals("-0.5 or 3 rows of h2, x2 = 4") == {"0.5", "3", "4"}
    assert retold("Take W = 32 and F = 5.", {"W": 32, "F": 5}, {"W": 20, "F": 5}) == "Take W = 20 and F = 5."
    assert names_value(["The input is 32 wide."], "W", 32)
    assert not names_value(["Take W = 32."], "W", 32)
    assert not names_value(["h2 and x1"], "x", 2)


def test_what_is_said_of_the_old_inputs_is_left_out() -> None:
    """Sentences about rules stay; those that name a number of the exercise's own go."""
    said = {id: variant(id, 3).file.prompt for id in ("node-way/a", "node-way/c", "layers/complex", "blocks/batchnorm")}
    assert said["node-way/a"].endswith("At each gate: downstream = upstream × local.")
    assert said["node-way/c"].endswith("Angles are in radians.")
    assert "its local derivative is σ(1 − σ)" in said["layers/complex"]
    assert "0.5" not in said["layers/complex"]
    assert "scaled to standard deviation 1" in said["blocks/batchnorm"]


def _untrue(asked: dict, at: dict) -> list[str]:
    """`name = number` in a text shown before the answer, where the name has another value."""
    texts = [str(asked.get(key, "")) for key in ("prompt", "label")]
    found = [
        (name, number, at[name])
        for text in texts
        for name, number in re.findall(r"(?<!\w)(\w+) = (-?\d+(?:\.\d+)?)(?![\w.]*[\d(])(?! *[(*·^/+-])", text)
        if isinstance(at.get(name), int | float)
    ]
    return [f"{name} = {number}, and it is {value}" for name, number, value in found if float(number) != value]


@pytest.mark.parametrize("id", one_in(2, sorted(LIBRARY.exercises)))
def test_what_a_text_says_of_a_value_is_true_on_fresh_numbers(id: str) -> None:
    for seed in (3, 14, 159):
        try:
            file = variant(id, seed).file
        except NoVariant:
            return
        for table in file.question or ():
            given = table.get("at", {})
            assert not _untrue(table, given)
            for ask in table.get("ask", ()):
                assert not _untrue(ask, {**given, **ask.get("at", {})})
