"""Attacks on error carried forward: values that make what follows trivial earn nothing for following."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.marking.working import backward_from, forward_from, marker_of, right_answers
from tutor.marking import MarkOutcome, Work
from tutor.questions.backprop.question import BackpropQuestion

GRAPHS = ("node-way/b", "node-way/c", "sigmoid/gates", "layers/two-over-sine", "layers/complex", "blocks/gelu")
MIXED = (
    "exam/one",
    "exam/two",
    "losses/table",
    "network/forward",
    "tensors/layer",
    "descent/step",
    "vectors/squared-norm",
)
EASY = (0.0, 1.0, -1.0)
EVERYWHERE = ("0", "1", "-1", "2.5", "1e9", "x - x", "[1, 1]", "[[0, 0], [0, 0]]", "0.0001")

Attack = tuple[str, str, dict[str, str], str]
"""What it is, the exercise's id, the answers, and the key of the easy value; "" where there are several."""


def question_of(id: str) -> BackpropQuestion:
    question = marker_of(id).schemes[0].work.question
    assert isinstance(question, BackpropQuestion)
    return question


def attacks() -> Iterator[Attack]:
    for id in GRAPHS:
        question, right = question_of(id), right_answers(id)
        gates = [question.problem.graph.nodes[at].name for at in question.problem.graph.gates]
        for value in EASY:
            for name in gates[:-1]:
                with np.errstate(all="ignore"):
                    values = forward_from(question, {name: value})
                if abs(float(right[f"value:{name}"])) != abs(value):
                    yield f"{id}: {name} = {value} and what follows", id, right | values, f"value:{name}"
                gradients = backward_from(question, name, value)
                if abs(float(right[f"total:{name}"])) != abs(value):
                    yield f"{id}: d{name} = {value} and what follows", id, right | gradients, f"total:{name}"
    for id in (*GRAPHS, *MIXED):
        right = right_answers(id)
        for text in EVERYWHERE:
            yield f"{id}: {text} everywhere", id, {key: right[key] if "staging" in key else text for key in right}, ""
        previous = list(right.values())[-1:] + list(right.values())[:-1]
        yield f"{id}: each the answer before", id, dict(zip(right, previous, strict=True)), ""


def test_no_easy_value_earns_marks_for_following_it():
    """One attack in eight; tests/bench/bench_marking.py tries all."""
    try_attacks(list(attacks())[::8])


def try_attacks(some: list[Attack]) -> None:
    for what, id, answers, root in some:
        marks = marker_of(id).mark(Work(answers))
        rows = {row.key: row for row in marks.blanks()}
        asked = sum(row.full for row in rows.values() if not row.key.endswith("code"))
        assert marks.earned < asked, what
        if root:
            assert rows[root].earned == 0, what
            following = [row for row in rows.values() if root in row.carried]
            easy = [row for row in following if answers[root] == "0" or abs(float(row.answer)) == 1]
            assert not [row.key for row in easy if row.earned], what


def test_an_honest_mistake_does_earn_them():
    """The other side of it: a slip with a usual value is followed everywhere."""
    id = "layers/complex"
    question, right = question_of(id), right_answers(id)
    gates = [question.problem.graph.nodes[at].name for at in question.problem.graph.gates]
    carried = 0
    for name in gates[:-2]:
        values = forward_from(question, {name: 1.3 * float(right[f"value:{name}"])})
        rows = {row.key: row for row in marker_of(id).mark(Work(right | values)).blanks()}
        following = [row for row in rows.values() if f"value:{name}" in row.carried]
        assert following and all(row.outcome is MarkOutcome.CARRIED for row in following), name
        carried += len(following)
    assert carried >= len(gates)
