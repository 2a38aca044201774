"""One learner at one paper: nothing judged, nothing lost, and in the end the journal knows."""

from __future__ import annotations

import itertools
import json
import os
import signal
from pathlib import Path
from random import Random

from tests.shipped import LIBRARY
from tutor.learner import Store
from tutor.marking import MarkOutcome
from tutor.papers.paper import Paper, PaperExercise
from tutor.papers.result import in_full, rows_of
from tutor.papers.sitting import QuestionState, Sitting, markers_of, open_sitting, record_of, runs, sittings
from tutor.practice.skills import Skill
from tutor.practice.summary import read_summary
from tutor.questions import InputKind
from tutor.runner import Runner

RUNNER = Runner()
PAPER = Paper("quiz", "A quiz", 10, (PaperExercise("shapes/add"), PaperExercise("node-way/a", 7, 20)))
MARKERS = markers_of(PAPER, LIBRARY, RUNNER)


def sat(store: Store, answers: bool = True) -> Sitting:
    clock = map(float, itertools.count(1_000_000, 5)).__next__
    sitting = Sitting.begin(PAPER, MARKERS, store, clock)
    for question in sitting.questions if answers else ():
        while open_blanks := [
            one for one in sitting.blanks(question.number) if not sitting.is_filled(question.number, one.blank)
        ]:
            one = open_blanks[0]
            text = one.opened.step.worked(one.blank, one.opened.answers({}))
            sitting.keep(question.number, one.blank.key, text)
    return sitting


def again(store: Store, sitting: Sitting) -> Sitting:
    return Sitting(sitting.key, sitting.paper, MARKERS, store)


def test_every_answer_flag_place_and_second_is_there_when_it_is_opened_again(store):
    sitting = sat(store, answers=False)
    sitting.keep(1, "1", "(2, 3)")
    sitting.tick(12.5)
    sitting.go(2, "staging")
    sitting.keep(2, "staging", "p = x + y")
    sitting.tick(30.25)
    sitting.flag(1)
    sitting.hide_clock(hidden=True)
    other = again(store, sitting)
    assert (other.text(1, "1"), other.text(2, "staging")) == ("(2, 3)", "p = x + y")
    assert other.here == (2, "staging") and other.flags == {1} and other.clock_hidden
    assert other.left == sitting.left == 600 - 42.75
    assert (other.spent_on(1), other.spent_on(2)) == (12.5, 30.25)
    assert open_sitting(PAPER, LIBRARY, store, RUNNER).key == sitting.key


def test_nothing_tells_whether_an_answer_is_right(store):
    """Right and wrong equations open the same steps; filled in is filled in."""
    sitting = sat(store, answers=False)
    before = sitting.blanks(2)
    assert [one.blank.wants for one in before] == [InputKind.EQUATIONS] and sitting.waits(2)
    kinds = []
    for equations in ("p = x + y\nf = p z", "p = x - y\nf = p z", "p = x y\nf = p + z"):
        sitting.keep(2, "staging", equations)
        kinds.append([one.blank.key for one in sitting.blanks(2)])
        assert sitting.state(2) is QuestionState.IN_PART
    assert kinds[0] == kinds[1] == kinds[2] and len(kinds[0]) > 5
    assert sitting.what_is_open() == [
        "1 of 2 questions is not answered: 1.",
        "1 of 2 questions is answered in part: 2.",
    ]
    assert sat(store).what_is_open() == ["Every question is answered."]
    assert runs([1, 3, 4, 6, 7, 8]) == "1, 3, 4 and 6 to 8"
    sitting.keep(2, "staging", "p = = x")
    assert len(sitting.blanks(2)) == 1


def test_right_answers_earn_all_and_the_journal_has_them_as_a_session_would(store):
    sitting = sat(store)
    assert all(sitting.state(one.number) is QuestionState.ANSWERED for one in sitting.questions)
    marks = sitting.marks()
    assert marks.earned == marks.full == 25
    assert not store.journal()  # nothing before it is handed in
    sitting.hand_in(marks)
    lines = store.journal()
    assert {one.verdict for _, one in lines} == {"right"}
    assert [one.at for _, one in lines] == sorted(one.at for _, one in lines)
    assert {exercise.partition("~")[0] for exercise, _ in lines} == {"shapes/add", "node-way/a@7"}
    assert not store.summary() and store.last_opened() is None  # no exercise is begun by it
    skills = read_summary(store, LIBRARY).skills
    assert skills[Skill("mul", "forward")].right == 1 and skills[Skill("shapes")].opportunities == 5
    (record,) = sittings(store)
    assert record.marks == marks and record.handed_in is not None
    assert "25 of 25 marks, 100 %" in in_full(record)
    assert open_sitting(PAPER, LIBRARY, store, RUNNER).key != sitting.key  # another one is begun


def test_a_slip_is_named_and_carried_and_told(store):
    sitting = sat(store)
    sitting.keep(2, "value:a", "17.3")
    sitting.keep(1, "1", "(99, 99)")
    sitting.hand_in(sitting.marks())
    record = record_of(store, sitting.key)
    assert record is not None and record.marks is not None
    rows = {row.key: row for row in record.marks.blanks()}
    assert rows["value:a"].outcome is MarkOutcome.WRONG and record.marks.earned < record.marks.full
    assert rows_of(record.marks)[1].happened().startswith("a: ")
    told = in_full(record)
    assert "yours (99, 99)" in told and "yours 17.3" in told


def test_when_time_is_out_it_stays_out(store):
    sitting = sat(store, answers=False)
    sitting.tick(599)
    assert not sitting.time_is_up
    sitting.tick(50)
    assert sitting.time_is_up and sitting.spent == 600
    sitting.tick(5)
    assert again(store, sitting).time_is_up and again(store, sitting).spent == 600
    sitting.hand_in(sitting.marks())
    record = record_of(store, sitting.key)
    assert record is not None and record.timed_out and "Time was up" in in_full(record)


def test_a_damaged_page_is_passed_over(store):
    sitting = sat(store, answers=False)
    store.keep_on_page("/paper/zzz", {"paper": "{", "begun": "soon"})
    assert [one.key for one in sittings(store)] == [sitting.key]


def sit_for_ever(folder: Path, key: str, write: int) -> None:
    """In a child process: answer without end, and say what was kept."""
    with Store(folder) as store:
        sitting = Sitting(key, PAPER, MARKERS, store)
        number = int(sitting.text(1, "1") or "0")
        while True:
            number += 1
            sitting.keep(1, "1", str(number))
            sitting.tick(0.01)
            os.write(write, f"{number} {sitting.spent:.6f}\n".encode())


def kill_in_the_middle(folder: Path, kills: int, seed: int) -> None:
    """Kill a process that sits a paper, again and again, and look what is there each time."""
    rng, before = Random(seed), 0
    with Store(folder) as store:
        key = Sitting.begin(PAPER, MARKERS, store).key
    for _ in range(kills):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                sit_for_ever(folder, key, write)
            finally:
                os._exit(1)
        os.close(write)
        with os.fdopen(read) as said:
            lines = [said.readline() for _ in range(rng.randrange(1, 6))]
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            lines += [line for line in said if line.endswith("\n")]
        number, spent = lines[-1].split()
        with Store(folder) as store:
            assert store.notice is None
            sitting = Sitting(key, PAPER, MARKERS, store)
            kept = int(sitting.text(1, "1"))
            assert kept - int(number) in (0, 1)  # the kill may have come between a write and its being said
            assert 0 <= sitting.spent - float(spent) <= 0.0101
            assert kept > before
            before = kept
            if sitting.left < 120:
                key, before = Sitting.begin(PAPER, MARKERS, store).key, 0


def test_a_kill_costs_nothing(folder):
    """Ten; tests/bench/bench_kills.py tries a thousand."""
    kill_in_the_middle(folder, 10, seed=1)


def test_the_page_is_plain_text(store):
    sitting = sat(store, answers=False)
    sitting.keep(1, "1", "σ(b)")
    page = store.page(f"/paper/{sitting.key}")
    assert json.loads(page["answer:1:1"])[0] == "σ(b)"
