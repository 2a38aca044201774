"""The lessons, the words, and what a blank is about."""

from __future__ import annotations

import tomllib
from contextlib import closing
from pathlib import Path

import pytest

import tutor.lessons
from tests.faces.printed_equalities import equalities, holds
from tests.shipped import LIBRARY
from tutor.engine.gates import GATES
from tutor.judging import Kind
from tutor.learner import Store
from tutor.lessons import find_lesson, find_word, lessons, matching, words
from tutor.lessons.subjects import BlankFacts, subject_at, subject_of
from tutor.lessons.texts import paragraphs
from tutor.lessons.trial import trial_of
from tutor.runner import Runner
from tutor.session.session import Session

FIGURE_WIDTH = 58
"""In a window of 60 columns, between the frame."""

BY_HAND = {
    "staging": "b", "chain-rule": "96", "three-numbers": "20", "forks": "8", "gates": "3", "broadcasting": "(5, 3)",
    "unbroadcast": "(6,)", "matrices": "b", "softmax": "0.5, 0.3, -0.8", "convolution": "6",
}  # fmt: skip
"""The question at the end of each lesson, answered on paper."""

WRONG = {
    "staging": "a", "chain-rule": "24", "three-numbers": "5", "forks": "6", "gates": "21", "broadcasting": "(5, 1, 3)",
    "unbroadcast": "(4,)", "matrices": "a", "softmax": "-0.5, -0.3, 0.8", "convolution": "5",
}  # fmt: skip
"""Mistakes that people make there."""


def test_ten_lessons_and_the_words_that_they_explain() -> None:
    assert [lesson.number for lesson in lessons()] == list(range(1, 11))
    assert len({lesson.id for lesson in lessons()}) == 10 and len({word.term for word in words()}) == len(words()) == 25
    for lesson in lessons():
        assert all(find_word(term).term == term for term in lesson.words)
        assert set(lesson.topics) <= set(LIBRARY.topics)
    for word in words():
        assert find_lesson(word.lesson).id == word.lesson
        assert all(find_word(name) is word for name in (word.term, *word.also)), "no name leads to two words"


def test_each_topic_has_one_lesson_at_most() -> None:
    topics = [topic for lesson in lessons() for topic in lesson.topics]
    assert len(topics) == len(set(topics))


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.id)
def test_a_lesson_fits_and_its_arithmetic_is_true(lesson) -> None:
    for figure, lines in paragraphs(lesson.text):
        if figure:
            assert all(line.startswith("    ") and len(line) <= FIGURE_WIDTH for line in lines.splitlines()), lines
        else:
            assert "\n" not in lines and lines == lines.strip()
        assert all(holds(*each) for each in equalities(lines)), lines
    assert len(lesson.text.split()) < 160, "two minutes"


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.id)
def test_its_question_is_judged_like_any_other(lesson) -> None:
    trial = trial_of(lesson)
    assert trial.judge(BY_HAND[lesson.id]).accepted and trial.judge(trial.worked).accepted
    wrong = trial.judge(WRONG[lesson.id])
    assert wrong.kind is Kind.WRONG and ("?" in wrong.message or lesson.question["kind"] == "shape"), wrong.message
    assert trial.judge(")").kind is Kind.UNREADABLE


def test_words_are_found_by_other_names_and_by_what_they_say() -> None:
    assert find_word(" DOUT ").term == "upstream" and find_word("elementwise").term == "entry by entry"
    with pytest.raises(KeyError):
        find_word("nothing of the kind")
    assert [word.term for word in matching("rows columns")[1]] == ["Jacobian"]
    assert matching("fork")[1][0].term == "fork" and matching("fork")[0][0].id == "forks"
    assert matching("") == (lessons(), words()) and matching("zzz") == ((), ())


# What a blank is about


def test_the_table_of_subjects_names_what_there_is() -> None:
    path = Path(tutor.lessons.__file__).parent / "subjects.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["subject"]
    steps = {step.rpartition("/")[2] for one in LIBRARY.exercises.values() for step in one.steps}
    for row in rows:
        assert set(row) <= {"step", "part", "gate", "topic", "word", "lesson"}
        assert set(row.get("gate", ())) <= set(GATES) and set(row.get("topic", ())) <= set(LIBRARY.topics)
        assert set(row.get("step", ())) <= steps
        assert set(row.get("part", ())) <= {"value", "local", "down", "total", "fork", "step"}
        if "word" in row:
            find_word(row["word"])
        if "lesson" in row:
            find_lesson(row["lesson"])


@pytest.mark.parametrize(
    ("place", "word", "lesson"),
    [
        (BlankFacts("backward", "local", "mul", "node-way"), "local derivative", "three-numbers"),
        (BlankFacts("backward", "local", "relu", "blocks"), "kink", "gates"),
        (BlankFacts("backward", "down", "matmul", "vectors"), "downstream", "matrices"),
        (BlankFacts("forward", "value", "softmax", "blocks"), "softmax", "softmax"),
        (BlankFacts("forward", "value", "add", "node-way"), "forward pass", "chain-rule"),
        (BlankFacts("shape", "1", "", "convolution"), "broadcasting", "convolution"),
        (BlankFacts("value", "1", "", "losses"), "cross-entropy", "softmax"),
        (BlankFacts("no such step", "", "", ""), "gradient", "three-numbers"),
    ],
)
def test_a_place_has_the_first_word_and_the_first_lesson_that_match(place: BlankFacts, word: str, lesson: str) -> None:
    assert (subject_at(place).word, subject_at(place).lesson) == (word, lesson)


def test_the_blanks_of_a_graph_are_about_their_parts(tmp_path: Path) -> None:
    """In node-way/c x goes to two gates: its gradient is a fork's, and that of a gate's result is an upstream."""
    with Store(tmp_path) as store, closing(Runner()) as runner:
        session = Session(LIBRARY.exercises["node-way/c"], store, runner)
        stage, forward, backward, _ = session.steps
        session.answer(stage, session.blanks(stage)[0], "a = ln x\nb = sin y\ns = a + b\nq = s^2\nr = 4x\ng = q + r")
        for blank in session.blanks(forward):
            session.answer(forward, blank, session.worked(forward, blank))
        about = {blank.key: subject_of(session, backward, blank).word for blank in session.blanks(backward)}
        assert about["total:x"] == "fork" and about["total:g"] == "upstream"
        assert about["local:a.0"] == "local derivative" and about["down:a.0"] == "downstream"
        assert subject_of(session, stage, session.blanks(stage)[0]).lesson == "staging"
        assert subject_of(session, forward, None).word == "forward pass"


def test_nothing_in_the_files_is_left_unread() -> None:
    folder = Path(tutor.lessons.__file__).parent
    read = tomllib.loads((folder / "lessons.toml").read_text(encoding="utf-8"))
    assert all(set(one) == {"id", "title", "words", "topics", "text", "question"} for one in read["lesson"])
    said = tomllib.loads((folder / "glossary.toml").read_text(encoding="utf-8"))
    assert all(set(one) <= {"term", "says", "example", "also", "not", "lesson"} for one in said["word"])
