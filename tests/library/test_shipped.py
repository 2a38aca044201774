"""The exercises that ship: ids that courses link to, the facts of the course sheets, and nothing broken."""

from __future__ import annotations

import math
import re
import tomllib

import numpy as np
import pytest

from tests.shipped import FUNCTIONS, LIBRARY
from tutor.library import Exercise
from tutor.library.problem import problem_of
from tutor.paths import shipped_folder

EACH = pytest.mark.parametrize("exercise", FUNCTIONS.values(), ids=lambda exercise: exercise.id)

FACTS = {
    "staging/f": ("f", "x y z", (1, 3, 2), 8),
    "staging/h": ("h", "x y z", (3, 1, 2), 88),
    "node-way/a": ("f", "x y z", (1, 3, 2), 8),
    "node-way/b": ("h", "x y z", (3, 1, 2), 88),
    "node-way/c": ("g", "x y z", (math.e, math.pi / 2, 2), 4 + 4 * math.e),
    "sigmoid/gates": ("f", "x", (2,), 1 / (1 + math.exp(-2))),
    "layers/two-over-sine": ("f", "x", (-4.499,), 2 / math.sin(math.exp(4.499))),
}
GRADIENTS = {
    "node-way/a": (2, 2, 4),
    "node-way/b": (48, 16, 132),
    "node-way/c": (4 / math.e + 4, 0, 0),
    "sigmoid/gates": (math.exp(-2) / (1 + math.exp(-2)) ** 2,),
}
CODE = {
    "node-way/a": ("q2a", "out fx fy fz"),
    "node-way/b": ("q2b", "out hx hy hz"),
    "node-way/c": ("q2c", "out gx gy gz"),
    "sigmoid/gates": ("sigmoid", "out fx"),
    "layers/complex": ("complex_layer", "out fx fy"),
}


def test_nothing_is_broken_and_the_ids_stand():
    assert LIBRARY.broken == ()
    assert set(LIBRARY.exercises) >= {
        "staging/f", "staging/h", "staging/g", "node-way/a", "node-way/b", "node-way/c", "sigmoid/gates",
        "layers/complex", "layers/two-over-sine", "vectors/squared-norm",
    }  # fmt: skip


def test_every_topic_has_a_title_and_every_ordered_id_is_there():
    pack = tomllib.loads((shipped_folder() / "pack.toml").read_text(encoding="utf-8"))
    assert set(LIBRARY.topics) <= set(pack["topics"])
    assert set(pack["order"]) <= set(LIBRARY.exercises)


@EACH
def test_every_exercise_holds(exercise: Exercise):
    made = problem_of(exercise)
    assert len(made.draws) == 6
    assert made.staging[-1].target.name == made.function.name


@EACH
def test_its_texts_are_sentences(exercise: Exercise):
    for text in (exercise.file.prompt, exercise.file.remark):
        assert text.endswith(".")
        assert "!" not in text
        assert not re.search(r"\s{2,}|\n", text)
    assert not exercise.file.title.endswith(".")
    assert len(exercise.file.title) <= 40


@pytest.mark.parametrize("id", FACTS)
def test_the_facts_of_the_catalogue(id: str):
    f, names, at, value = FACTS[id]
    made = problem_of(LIBRARY.exercises[id])
    assert (made.function.name, " ".join(made.function.parameters)) == (f, names)
    assert tuple(made.inputs.values()) == pytest.approx(at, rel=1e-15)
    assert made.output == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("id", GRADIENTS)
def test_gradients_worked_by_hand(id: str):
    made = problem_of(LIBRARY.exercises[id])
    found = [made.gradient(name) for name in made.function.parameters]
    assert found == pytest.approx(GRADIENTS[id], rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("id", CODE)
def test_the_functions_asked_for(id: str):
    name, returns = CODE[id]
    assert (LIBRARY.exercises[id].file.code.name, " ".join(LIBRARY.exercises[id].file.code.returns)) == (name, returns)


def test_the_published_figures_of_the_sigmoid():
    exercise = LIBRARY.exercises["sigmoid/gates"]
    made = problem_of(exercise)
    assert exercise.file.avoid == ("sigmoid",)
    assert exercise.file.descend is not None and exercise.file.descend.step == 0.2
    assert round(made.gradient("x"), 3) == 0.105
    assert round(2 - 0.2 * made.gradient("x"), 2) == 1.98
    given = [line.split("=")[0].strip() for line in exercise.file.code.given.strip().splitlines()[1:]]
    assert given == ["a", "b", "c", "d", "out"]


def test_the_published_figures_of_the_squared_norm():
    made = problem_of(LIBRARY.exercises["vectors/squared-norm"])
    assert made.shapes == {"W": (2, 2), "x": (2, 1)}
    W, x = np.array([[0.1, 0.5], [-0.3, 0.8]]), np.array([[0.2], [0.4]])
    assert np.array_equal(made.inputs["W"], W) and np.array_equal(made.inputs["x"], x)
    assert W @ x == pytest.approx(np.array([[0.22], [0.26]]))
    assert made.output == pytest.approx(0.116)
    assert made.gradient("W") == pytest.approx(np.array([[0.088, 0.176], [0.104, 0.208]]))
    assert made.gradient("x") == pytest.approx(np.array([[-0.112], [0.636]]))
    assert made.gradient("W") == pytest.approx(2 * (W @ x) @ x.T)
    assert made.gradient("x") == pytest.approx(2 * W.T @ W @ x)


def test_complex_is_staged_in_eight_to_ten_equations():
    made = problem_of(LIBRARY.exercises["layers/complex"])
    assert 8 <= len(made.staging) <= 10
    assert LIBRARY.exercises["layers/complex"].file.code.helpers == ("sigmoid(x) = 1/(1 + e^-x)",)


def test_stage_only_exercises_ask_nothing_else():
    for id in ("staging/f", "staging/h", "staging/g"):
        assert LIBRARY.exercises[id].steps == ("stage",)
    assert LIBRARY.exercises["sigmoid/gates"].steps == ("stage", "forward", "backward", "code", "descend")
