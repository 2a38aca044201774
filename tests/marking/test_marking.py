"""Marks: right answers earn all, mistakes are followed, and the order of answering does not matter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.marking.working import RUNNER, exercise_of, marker_of, right_answers
from tutor.learner import Entry
from tutor.library import Exercise
from tutor.library.discovery import read_exercise
from tutor.marking import ExerciseMarks, MarkOutcome, PaperMarks, Work, full_marks, mark, work_of

MIXED = ("node-way/c", "layers/two-over-sine", "shapes/add", "tensors/element", "derivatives/formula", "exam/two")


def marked(id: str, answers: dict[str, str], **more: object) -> ExerciseMarks:
    return marker_of(id).mark(Work(answers, **more))


@pytest.mark.parametrize("id", MIXED)
def test_right_answers_earn_all_and_none_earn_nothing(id):
    marks = marked(id, right_answers(id))
    code = sum(row.full for row in marks.blanks() if row.key.endswith("code"))
    assert marks.earned == marks.full - code > 0
    assert all(row.outcome is MarkOutcome.RIGHT for row in marks.blanks() if not row.key.endswith("code"))
    assert marked(id, {}).earned == 0


def test_a_right_program_earns_its_marks_and_is_run_only_when_that_is_wanted():
    answers = right_answers("node-way/a", code=True)
    marks = mark(exercise_of("node-way/a"), Work(answers), RUNNER)
    assert marks.earned == marks.full
    (code,) = [row for row in marked("node-way/a", answers).blanks() if row.key == "code"]
    assert (code.outcome, code.earned) == (MarkOutcome.NOT_RUN, 0)


@settings(max_examples=25, deadline=None)
@given(some.data())
def test_marks_are_between_nothing_and_all_whatever_is_answered_in_any_order(data):
    id = data.draw(some.sampled_from(MIXED[:5]))
    right = right_answers(id)
    texts = some.sampled_from(["0", "1", "-1.5", "x", "error", "(2, 3)", "a", "[[1, 2], [3, 4]]", "((", "e^"])
    answers = {key: data.draw(some.one_of(some.just(text), some.just(text), texts)) for key, text in right.items()}
    marks = marked(id, answers)
    assert 0 <= marks.earned <= marks.full
    assert all(0 <= row.earned <= row.full for row in marks.blanks())
    shuffled = dict(data.draw(some.permutations(list(answers.items()))))
    assert marked(id, shuffled) == marks


def test_error_is_carried_forward_with_what_it_follows_from():
    id = "node-way/a"  # p = x + y, f = p z at 1, 3, 2
    right = right_answers(id)
    answers = {**right, "staging": "p = x + y\nf = p z", "value:p": "5", "value:f": "10"}
    answers |= {"total:f": "1", "total:p": "2", "total:z": "5", "total:x": "2", "total:y": "2"}
    rows = {row.key: row for row in marked(id, answers).blanks()}
    assert rows["value:p"].outcome is MarkOutcome.WRONG and rows["value:p"].earned == 0
    assert rows["value:f"].outcome is MarkOutcome.CARRIED and rows["value:f"].earned == rows["value:f"].full
    assert rows["value:f"].carried == ("value:p",)
    assert rows["total:z"].outcome is MarkOutcome.CARRIED


def test_a_wrong_staging_is_followed_on_its_own_function():
    id = "node-way/b"  # (z - y) a where a = z / x, as the file has it
    right = right_answers(id)
    lines = right["staging"].splitlines()
    assert marked(id, right).earned > 0
    wrong = "\n".join([*lines[:-1], lines[-1].replace("*", "+").replace(" ", " ")])
    marks = marked(id, {"staging": wrong})
    (stage, *others) = (step for question in marks.questions for step in question.steps)
    assert stage.earned == 0 and stage.rows[0].outcome is MarkOutcome.WRONG
    assert all(step.rows for step in others)


@pytest.mark.parametrize(
    ("staging", "why"),
    [
        ("a = x + y", "far too short"),
        ("a = x - x\nf = a + a", "zero"),
    ],
)
def test_a_staging_that_makes_the_rest_trivial_earns_nothing_later(staging, why):
    id = "layers/complex"
    answers = {"staging": staging, "value:a": "1.3", "value:f": "0", "total:a": "1", "total:f": "1", "total:x": "0"}
    assert marked(id, answers).earned == 0, why


@pytest.fixture
def squared(tmp_path: Path) -> Exercise:
    """A product and a bias, squared; x forks."""
    file = tmp_path / "squared.toml"
    file.write_text('title = "s"\nfunction = "f(x, y, w) = (x y + w)^2 + x"\nat = { x = 5, y = -3, w = 6 }\n'
                    'steps = ["stage", "forward", "backward"]\n', "utf-8")  # fmt: skip
    return read_exercise(file, "week1/squared")


def test_a_carried_one_earns_where_following_it_takes_work(squared: Exercise):
    """∂f/∂b = 1 forgets the local derivative; `1·y + 1` after it takes the product rule and the fork all the same."""
    answers = {"staging": "a = x y\nb = a + w\nc = b^2\nf = c + x", "total:f": "1", "total:c": "1", "total:b": "1",
               "total:a": "1", "total:x": "-2", "total:y": "5", "total:w": "1"}  # fmt: skip
    rows = {row.key: row for row in mark(squared, Work(answers), RUNNER).blanks()}
    assert [rows[f"total:{name}"].outcome for name in "xy"] == [MarkOutcome.CARRIED] * 2
    assert rows["total:a"].outcome is MarkOutcome.NO_WORK and "your gradient of b" in rows["total:a"].said
    zero = {**answers, "total:b": "0", "total:a": "0", "total:x": "1", "total:y": "0", "total:w": "0"}
    rows = {row.key: row for row in mark(squared, Work(zero), RUNNER).blanks()}
    assert [rows[f"total:{name}"].earned for name in "axyw"] == [0] * 4
    assert "is 0" in rows["total:x"].said


_GRADIENTS = {"total:x": "55", "total:y": "-90", "total:w": "-18"}
_VALUES = {"value:f": "86", "value:b": "-9", "value:c": "81"}


@pytest.mark.parametrize(
    ("staging", "answers", "lost"),
    [
        ("b = x y + w\nc = b^2\nf = c + x", _VALUES | _GRADIENTS | {"total:b": "-18"}, {"value:a", "total:a"}),
        ("f = (x y + w)^2 + x", {"value:f": "86"} | _GRADIENTS, set()),
        ("b = x y\nc = x y + w\nq = c^2\nf = q + x", {"value:b": "-15", "value:f": "86"} | _GRADIENTS, set()),
        ("a = x y\nb = a + w\nc = b^^2\nf = c + x", {"value:b": "-9", "value:f": "86"} | _GRADIENTS, set()),
        ("b = = x\n", {"value:f": "86"} | _GRADIENTS, set()),
        ("", {"value:f": "86"} | _GRADIENTS, set()),
    ],
)
def test_what_comes_after_equations_that_make_no_graph_is_marked(squared: Exercise, staging, answers, lost):
    rows = {row.key: row for row in mark(squared, Work({"staging": staging, **answers}), RUNNER).blanks()}
    assert rows["staging"].earned == 0
    assert {key: rows[key].outcome for key in answers} == dict.fromkeys(answers, MarkOutcome.RIGHT)
    assert all(rows[key].outcome is MarkOutcome.MISSING and "no name" in rows[key].said for key in lost)
    assert sum(row.full for row in rows.values()) == sum(full_marks(squared))


@pytest.mark.parametrize("id", ["node-way/b", "sigmoid/gates"])
def test_no_right_answer_is_wrong_or_missing_after_a_damaged_line(id: str):
    """Each line in turn left without its sign, with one too many, written twice, or put into those after it."""
    right = right_answers(id)
    lines = right["staging"].splitlines()
    full = marked(id, right).full
    for at, line in enumerate(lines):
        name, _, expression = line.partition(" = ")
        into = [re.sub(rf"\b{name}\b", f"({expression})", one) for one in lines[at + 1 :]]
        damaged = [
            [*lines[:at], line.replace("=", " "), *lines[at + 1 :]],
            [*lines[:at], line.replace("=", "= +*"), *lines[at + 1 :]],
            [*lines[:at], line, *lines[at:]],
            *([[*lines[:at], *into]] if into else []),
        ]
        for staging in map("\n".join, damaged):
            marks = marked(id, {**right, "staging": staging})
            assert marks.full == full
            told = {row.key: row.outcome for row in marks.blanks() if row.answer and row.key in right}
            assert not {MarkOutcome.WRONG, MarkOutcome.MISSING} & {told[key] for key in told if key != "staging"}, (
                staging
            )
            assert {key for key in right if key.startswith(("value:", "total:"))} <= told.keys(), staging


def test_what_equations_do_not_define_is_not_marked_and_never_called_missing(squared: Exercise):
    answers = {"staging": "f = (x y + w)^^2", "value:q": "3", "value:f": "85", "total:x": "2"}
    rows = {row.key: row for row in mark(squared, Work(answers), RUNNER).blanks()}
    assert rows["value:q"].outcome is MarkOutcome.NOT_MARKED and "what q is" in rows["value:q"].said
    assert rows["value:f"].outcome is rows["total:x"].outcome is MarkOutcome.WRONG


def test_hints_cost_a_quarter_each_and_what_was_shown_earns_nothing():
    id = "shapes/add"
    right = right_answers(id)
    first, second, third, *_ = right
    marks = marked(id, right, hints={first: 1, second: 3}, shown=frozenset([third]))
    rows = {row.key: row for row in marks.blanks()}
    assert (rows[first].earned, rows[first].outcome) == (0.75, MarkOutcome.HINTED)
    assert rows[second].earned == 0.25
    assert (rows[third].earned, rows[third].outcome) == (0, MarkOutcome.SHOWN)


def test_marks_of_a_file_of_its_questions_and_blanks_add_up(tmp_path):
    path = tmp_path / "quiz.toml"
    path.write_text(
        """
title = "A quiz"
marks = 20
minutes = 12

[[question]]
kind = "shape"
marks = 5
[[question.ask]]
operation = "x + y"
shapes = { x = [2], y = [2, 1] }
marks = 4
[[question.ask]]
operation = "x * y"
shapes = { x = [6, 2], y = [2] }

[[question]]
kind = "derivative"
equations = ["y = x^3"]
[[question.ask]]
""",
        encoding="utf-8",
    )
    exercise = read_exercise(path)
    assert isinstance(exercise, Exercise), exercise
    assert exercise.file.minutes == 12
    marks = mark(exercise, Work({}), RUNNER)
    assert [row.full for row in marks.blanks()] == [4, 1, 15]
    assert mark(exercise, Work({}), RUNNER, total=10).full == 10


@pytest.mark.parametrize(
    ("marks", "asks", "said"),
    [
        ("marks = 4", ("marks = 1", "marks = 2"), "have 3 together"),
        ("", ("marks = 4", ""), "nothing is left for the others"),
        ("marks = 0", ("", ""), "from 0.5 to 1000"),
        ("marks = -3", ("", ""), "from 0.5 to 1000"),
        ('marks = "ten"', ("", ""), "needs a number"),
        ("minutes = 0", ("", ""), "from 1 to 600"),
    ],
)
def test_marks_that_cannot_be_are_said(tmp_path, marks, asks, said):
    path = tmp_path / "quiz.toml"
    first, second = asks
    path.write_text(
        f'title = "A quiz"\n{marks}\n[[question]]\nkind = "derivative"\nequations = ["y = x^3"]\n'
        f"{'marks = 4' if 'marks = ' in asks[0] else ''}\n"
        f"[[question.ask]]\n{first}\n[[question.ask]]\n{second}\n",
        encoding="utf-8",
    )
    broken = read_exercise(path)
    assert not isinstance(broken, Exercise)
    assert said in " ".join(fault.reason for fault in broken.faults)


def test_the_work_of_a_session_is_read_from_its_journal():
    journal = [
        Entry("backward", "", "mode", "quick"),
        Entry("forward", "value:a", "hint", "Think."),
        Entry("forward", "value:a", "answer", "3", "wrong"),
        Entry("forward", "value:a", "answer", "((", "unreadable"),
        Entry("forward", "value:b", "answer", "((", "unreadable"),
        Entry("backward", "total:a", "skip"),
        Entry("code", "", "skip"),
    ]
    work = work_of(journal)
    assert work.answers == {"value:a": "3", "value:b": "(("}
    assert work.hints == {"value:a": 1}
    assert work.shown == {"total:a", "code:"} and work.quick


def test_marks_go_to_text_and_back():
    id = "shapes/add"
    paper = PaperMarks((marked(id, dict.fromkeys(right_answers(id), "(2, 3)")),))
    assert PaperMarks.from_json(paper.as_json()) == paper
    with pytest.raises(ValueError):
        PaperMarks.from_json('{"exercises": 3}')
