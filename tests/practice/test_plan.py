"""The plan up to an exam, what today holds, and finding out where to begin."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.shipped import LIBRARY
from tutor.learner import Progress, Rating, Store, remembered
from tutor.practice.place import BLANKS, Ability, Placement, course_of
from tutor.practice.plan import (
    NoPlan,
    as_text,
    date_in,
    days_to_exam,
    exam_date,
    exam_moment,
    keep_exam_date,
)
from tutor.practice.skills import CODE_SKILL, DAY, EXAM_RETENTION, Skill, SkillState
from tutor.practice.today import Task, asked_here, blanks_in, today_of
from tutor.runner import Runner

TODAY = date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 9, tzinfo=UTC).timestamp()


def skill_at(days_ago: int, reviews: int = 1) -> SkillState:
    """A skill that went well so often, the last time so many days ago."""
    at, memory = NOW - days_ago * DAY, None
    for _ in range(reviews):
        memory = remembered(memory, Rating.GOOD, at)
    assert memory is not None
    return SkillState(reviews, reviews, 0.9, at, at + memory.lasts() * DAY, reviews, memory)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-11-28", "28 November is over"),
        ("2025-12-24", "24 December 2025 is over"),
        ("soon", "A date is a year, a month and a day"),
        ("", "A date is a year"),
        ("2026-13-01", "A date is a year"),
        ("2028-01-01", "more than a year away"),
    ],
)
def test_a_date_that_is_none(typed: str, said: str) -> None:
    with pytest.raises(NoPlan, match=said):
        date_in(typed, TODAY)


def test_the_date_is_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        assert exam_date(store) is None
        keep_exam_date(store, date(2026, 12, 15))
        assert exam_date(store) == date(2026, 12, 15)
        keep_exam_date(store, None)
        assert exam_date(store) is None


def test_every_day_is_in_the_plan_and_the_last_one_has_nothing_new() -> None:
    new = [(f"e{number}", 10) for number in range(9)]
    skills = {Skill("forks"): skill_at(2), Skill("mul", "local"): skill_at(0, 3)}
    days = days_to_exam(skills, new, TODAY + timedelta(days=10), TODAY, 30.0)
    assert [each.day for each in days] == [TODAY + timedelta(days=number) for number in range(10)]
    assert [id for each in days for id in each.new] == [id for id, _ in new]
    assert not days[-1].new
    assert max(len(each.new) for each in days) == 1
    assert as_text(days, TODAY + timedelta(days=10), TODAY).count("\n") >= 12
    assert days_to_exam(skills, new, TODAY, TODAY, 30.0) == []


@pytest.mark.parametrize("ahead", [2, 5, 12, 40])
def test_who_keeps_to_the_plan_remembers_on_the_day(ahead: int) -> None:
    exam = TODAY + timedelta(days=ahead)
    skills = {Skill(f"s{number}"): skill_at(number % 4, 1 + number % 3) for number in range(12)}
    reviews = {skill: [each.day for each in days_to_exam(skills, [], exam, TODAY, 30.0) if skill in each.skills]
               for skill in skills}  # fmt: skip
    moment = exam_moment(exam)
    assert moment is not None
    for skill, days in reviews.items():
        memory = skills[skill].memory
        for day in days:
            memory = remembered(memory, Rating.GOOD, datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())
        assert memory is not None
        assert memory.recall(moment) > EXAM_RETENTION - 0.04


def test_what_was_only_looked_at_takes_nobodys_place() -> None:
    worked, after, looked_at = "node-way/b", "node-way/c", "losses/table"
    progress = {worked: Progress("started", 2, 4, NOW - 100), looked_at: Progress("started", 0, 5, NOW)}
    today = today_of(LIBRARY, progress, {}, NOW, last=looked_at)
    assert [(task.kind, task.id) for task in today.tasks] == [("begun", worked), ("new", after)]


def test_what_is_new_follows_what_was_finished_last_whatever_was_opened_since() -> None:
    ids = list(LIBRARY.exercises)
    done = {ids[4]: Progress("solved", 3, 3, NOW - 900)}

    def new(progress: dict[str, Progress], **more: object) -> tuple[str, str]:
        return next((task.id, task.after) for task in today_of(LIBRARY, progress, {}, NOW, **more).tasks[::-1])  # type: ignore[arg-type]

    for last in (None, ids[30], "own/mine", f"{ids[20]}@3", "nowhere"):
        assert new(done, last=last) == (ids[5], ids[4])
    half = {**done, ids[40]: Progress("started", 2, 5, NOW)}
    assert new(half, last=ids[40])[0] == ids[5], "what is half done is gone on with, and moves nothing"
    on_numbers = {**done, f"{ids[20]}@3": Progress("solved", 3, 3, NOW)}
    assert new(on_numbers) == (ids[20], ids[20]), "itself, which was solved on other numbers only"
    assert new(done, placed=(NOW, ids[11])) == (ids[11], ids[11])
    assert new(done, placed=(NOW - 1000, ids[11])) == (ids[5], ids[4])
    assert new({**done, ids[-1]: Progress("solved", 1, 1, NOW)}) == (
        LIBRARY.topics[LIBRARY.exercises[ids[-1]].topic][0].id,
        ids[-1],
    ), "the rest of its topic"


def test_today_holds_what_is_due_what_is_begun_and_what_is_new() -> None:
    first, second = list(LIBRARY.exercises)[:2]
    skills = {Skill("forks"): skill_at(9), Skill("mul", "local"): skill_at(0, 4)}
    progress = {first: Progress("started", 1, 4, NOW)}
    today = today_of(LIBRARY, progress, skills, NOW, last=first, exam=date(2026, 12, 8), pace=30.0)
    assert [(task.kind, task.id) for task in today.tasks] == [("review", ""), ("begun", first), ("new", second)]
    assert today.due == today.tasks[0].skills == (Skill("forks"),)
    assert today.days_left == 9
    assert "8 new exercises" in today.pace
    assert today.minutes == sum(task.minutes for task in today.tasks)


def test_code_is_not_due_where_it_is_not_run() -> None:
    skills = {CODE_SKILL: skill_at(30), Skill("mul", "local"): skill_at(30)}
    assert asked_here(skills, runs_code=True) == skills
    today = today_of(LIBRARY, {}, asked_here(skills, runs_code=False), NOW)
    assert today.due == (Skill("mul", "local"),)


def test_today_of_a_newcomer_is_the_first_exercise() -> None:
    today = today_of(LIBRARY, {}, {}, NOW)
    first = next(iter(LIBRARY.topics.values()))[0]
    assert today.tasks == (Task("new", first.id, blanks_in(first), today.minutes),)
    assert (today.due, today.exam, today.pace) == ((), None, "")
    over = today_of(LIBRARY, {}, {}, NOW, exam=date(2026, 11, 1))
    assert (over.days_left, over.pace) == (None, "")


def test_no_day_is_too_long() -> None:
    progress = {id: Progress("started", 0, 4, NOW) for id in list(LIBRARY.exercises)[:1]}
    today = today_of(LIBRARY, progress, {}, NOW, pace=900.0)
    assert len(today.tasks) == 1


@pytest.mark.parametrize("known", [0, 12, 35, 61])
def test_ten_blanks_find_out_what_is_known(known: int) -> None:
    """Who knows the first so many skills, and none after them."""
    ability, many, asked = Ability(62), 62, set[int]()
    for _ in range(BLANKS):
        number = min(set(range(many)) - asked, key=lambda one: abs(ability.chance(one) - 0.5))
        asked.add(number)
        ability.take(number, right=number < known)
    estimate = sum(ability.chance(number) >= 0.5 for number in range(many))
    assert abs(estimate - known) <= 8


def test_a_placement_asks_ten_blanks_and_says_where_to_begin(tmp_path: Path) -> None:
    course = course_of(LIBRARY)
    assert next(iter(course.values())) == next(iter(LIBRARY.topics.values()))[0].id
    with Store(tmp_path) as store:
        placement = Placement(store, LIBRARY, Runner(), lambda: NOW)
        skills = []
        while (asked := placement.next()) is not None:
            (step,) = asked.session.steps
            (key,) = asked.item.asked
            place = asked.session.find(key)
            assert place is not None
            if list(course).index(asked.item.target) < 20:
                asked.session.answer(step, place[1], asked.session.worked(step, place[1]))
            else:
                asked.session.show(step, place[1])
            skills += [outcome.skill for outcome in placement.finish(asked)]
        assert len(skills) == len(set(skills)) == BLANKS
        assert placement.begin_at in course.values()
        assert placement.begin_at != next(iter(course.values()))
        assert any(placement.begin_at in sentence for sentence in placement.told() if placement.begin_at)
