"""Review: which skill comes next, the blanks made for it, and what the journal says of them afterwards."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import fsrs
import pytest

from tests.shipped import LIBRARY
from tutor.learner import Entry, Memory, Rating, Store, remembered
from tutor.library.problem import problem_in
from tutor.practice.journal_trace import trace_of
from tutor.practice.proof import near_kink
from tutor.practice.review_items import MOST_BLANKS, ItemMaker
from tutor.practice.review_queue import ReviewQueue
from tutor.practice.review_round import Asked, Round, days_named
from tutor.practice.skills import DAY, FORK, PARTS, Skill, SkillState
from tutor.practice.small_graphs import small_graph
from tutor.practice.summary import LiveSummary, read_summary, staged_in
from tutor.runner import Runner
from tutor.session.session import Session

NOW = 20_000 * DAY + 1000.0
RUNNER = Runner()


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    with Store(tmp_path, clock) as opened:
        yield opened


def work(store: Store, clock: Clock, *ids: str, miss: str = "") -> None:
    """Work exercises to their end but for code; the answer to blanks whose key begins with `miss` is shown."""
    for id in ids:
        session = Session(LIBRARY.exercises[id], store, RUNNER, clock)
        for step in session.steps:
            while step.key != "code" and (blank := session.current_blank(step)) is not None:
                clock.now += 20
                if miss and blank.key.startswith(miss):
                    session.show(step, blank)
                else:
                    assert session.answer(step, blank, session.worked(step, blank)).accepted


def state(due: float, certainty: float = 0.5, streak: int = 0) -> SkillState:
    return SkillState(3, 2, certainty, NOW - DAY, due, streak, Memory(2.0, 5.0, NOW - DAY))


# The queue


def test_what_is_due_comes_first_then_what_is_shaky() -> None:
    names = [Skill("due"), Skill("shaky"), Skill("known")]
    states = {
        names[0]: state(NOW - DAY, 0.99),
        names[1]: state(NOW + DAY, 0.4),
        names[2]: state(NOW + DAY, 0.99),
    }
    queue = ReviewQueue(names[::-1])
    assert queue.next(states, NOW) == names[0]
    queue.note(names[0], right=True)
    states[names[0]] = state(NOW + 5 * DAY, 0.99)
    assert queue.next(states, NOW) == names[1]


@pytest.mark.parametrize("seed", range(20))
def test_never_twice_running_and_what_was_shown_is_back_within_five(seed: int) -> None:
    draws = random.Random(seed)
    skills = [Skill(f"s{number}") for number in range(draws.randint(2, 9))]
    states = {skill: state(NOW + draws.uniform(-3, 3) * DAY, draws.random(), draws.randint(0, 6)) for skill in skills}
    queue, asked, shown = ReviewQueue(skills), list[Skill](), dict[Skill, int]()
    for _ in range(60):
        target = queue.next(states, NOW)
        assert target is not None
        others = [one for one in queue.by_need(states, NOW) if one != target]
        item = [*others[: queue.most_blanks(target, states) - 1], target]
        assert len(item) <= MOST_BLANKS
        if asked and item[0] == asked[-1]:
            item = [target]  # as a pass would have it: its blanks come in its own order
        for skill in item:
            assert not asked or asked[-1] != skill
            if skill in shown:
                assert len(asked) - shown.pop(skill) <= 5
            is_shown = draws.random() < 0.3
            queue.note(skill, right=not is_shown and draws.random() < 0.7, shown=is_shown)
            if is_shown:
                shown[skill] = len(asked)
            asked.append(skill)
        for skill, at in shown.items():
            assert len(asked) - at <= 5, (skill, asked)


def test_more_blanks_of_a_pass_are_asked_after_each_success() -> None:
    skill, other = Skill("mul", "local"), Skill("add", "local")
    queue = ReviewQueue([skill, other])
    most = [queue.most_blanks(skill, {skill: state(NOW, streak=streak)}) for streak in range(7)]
    assert most == [1, 2, 3, 4, 5, 5, 5]
    queue.note(other, right=False, shown=True)
    assert queue.most_blanks(skill, {skill: state(NOW, streak=4)}) == 1


def test_what_is_put_off_comes_last() -> None:
    skills = [Skill("a"), Skill("b"), Skill("c")]
    states = {skill: state(NOW - DAY) for skill in skills}
    queue = ReviewQueue(skills)
    queue.put_off(skills[0])
    order = []
    for _ in range(3):
        chosen = queue.next(states, NOW)
        assert chosen is not None
        order.append(chosen)
        states[chosen] = state(NOW + 9 * DAY)
        queue.note(chosen, right=True)
    assert order[0] != skills[0]


# Memory


@pytest.mark.parametrize("ratings", [[3], [3, 3, 3], [1, 3], [3, 2, 1, 3], [4, 4]])
def test_memory_is_that_of_fsrs(ratings: list[int]) -> None:
    """As the package computes it: when it is due, and how likely it is remembered later."""
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, memory, at = fsrs.Card(card_id=0), None, NOW
    for rated in ratings:
        when = datetime.fromtimestamp(at, UTC)
        card = scheduler.review_card(card, fsrs.Rating(rated), when)[0]
        memory = remembered(memory, Rating(rated), at)
        at = card.due.timestamp()
    assert memory is not None
    assert card.last_review is not None
    assert memory.lasts() == (card.due - card.last_review).days
    for days in (0, 1, 7, 90):
        later = card.last_review + timedelta(days=days)
        assert memory.recall(later.timestamp()) == pytest.approx(scheduler.get_card_retrievability(card, later))
    assert memory.recall(memory.at + memory.lasts(0.95) * DAY) == pytest.approx(0.95, abs=0.03)


def test_the_nearer_the_exam_the_sooner_it_comes_back() -> None:
    memory = remembered(remembered(None, Rating.GOOD, NOW - 4 * DAY), Rating.GOOD, NOW)
    one = SkillState(5, 5, 0.99, NOW, NOW + memory.lasts() * DAY, 5, memory)
    far, near = one.due_for(NOW + 300 * DAY), one.due_for(NOW + 6 * DAY)
    assert NOW < near < far == one.due == one.due_for(None) == one.due_for(NOW - DAY)


# Small graphs


@pytest.mark.parametrize("key", ["add", "sub", "mul", "div", "pow", "exp", "ln", "sigmoid", "max", "matmul", "softmax"])
def test_a_small_graph_asks_its_gate_on_numbers_that_hold(key: str) -> None:
    seen = set()
    for seed in range(6):
        table = small_graph(Skill(key, "downstream"), ("test", key, seed))
        assert table is not None
        again = small_graph(Skill(key, "downstream"), ("test", key, seed))
        assert again == table
        problem = problem_in(table)
        gates = [problem.graph.nodes[position].gate for position in problem.graph.gates]
        assert any(gate is not None and key in (gate.key, gate.specialises) for gate in gates)
        assert not near_kink(problem)
        seen.add(str(table.at))
    assert len(seen) >= 4


@pytest.mark.parametrize("met", [(), ("exp", "pow", "softmax", "less")])
def test_a_fork_is_among_gates_that_were_met_and_its_branches_differ(met: tuple[str, ...]) -> None:
    for seed in range(5):
        table = small_graph(Skill(FORK), ("test", seed), met)
        assert table is not None
        problem = problem_in(table)
        uses, shares = problem.graph.uses, problem.gradients.shares
        forks = [[shares[one.gate][one.port] for one in each] for each in uses if len(each) > 1]
        assert forks and any(float(share) != 1 for each in forks for share in each)
        gates = {gate.key for at in problem.graph.gates if (gate := problem.graph.nodes[at].gate) is not None}
        assert gates <= {"add", "mul", "exp", "power", "pow"}
        assert not met or gates & {"exp", "power"}


# Items and rounds


def rounds(store: Store, clock: Clock, **options: object) -> Round:
    return Round(store, LIBRARY, RUNNER, clock, **options)  # type: ignore[arg-type]


def answer(asked: Asked, clock: Clock, *, show: bool = False) -> None:
    session = asked.session
    (step,) = session.steps
    while (blank := session.current_blank(step)) is not None:
        assert blank.key in asked.item.asked
        clock.now += 20
        if show:
            session.show(step, blank)
        else:
            assert session.answer(step, blank, session.worked(step, blank)).accepted


def test_every_skill_that_was_met_can_be_asked_and_its_answer_moves_it(store: Store, clock: Clock) -> None:
    work(store, clock, "node-way/c", "shapes/add", "exam/one")
    live, maker = LiveSummary(store, LIBRARY), ItemMaker(LIBRARY)
    for skill in list(live.now().skills):
        before = live.now()
        item = maker.make(skill, before, list(before.skills), 3)
        assert item is not None, skill
        assert skill in item.skills
        assert len(set(item.skills)) == len(item.skills)
        asked = Asked(item, item.open(store, RUNNER, clock), "")
        answer(asked, clock)
        after = live.now().skills
        moved = {one for one in after if before.skills.get(one) != after[one]}
        assert moved == set(item.skills)
        assert all(after[one].opportunities == before.skills[one].opportunities + 1 for one in moved)


@pytest.mark.parametrize("later", [0.0, 3 * DAY])
def test_a_round_counts_what_is_due_and_then_the_blanks_without_a_jump(
    store: Store, clock: Clock, later: float
) -> None:
    work(store, clock, "node-way/a")
    clock.now += later
    round, seen, news = rounds(store, clock), [], []
    due = len(round.due_at_first)
    assert bool(due) is bool(later)
    while len(seen) < due + 6 and (asked := round.next()) is not None:
        news.append(asked.news)
        (step,) = asked.session.steps
        while (blank := asked.session.current_blank(step)) is not None:
            seen.append(round.count())
            clock.now += 15
            assert asked.session.answer(step, blank, asked.session.worked(step, blank)).accepted
        assert round.count().number == len(seen) or round.count().is_due
        round.finish(asked)
    assert {count.of for count in seen if count.is_due} == ({due} if due else set())
    counted = [(not count.is_due, count.number) for count in seen]
    assert counted == sorted(counted)
    for (ahead, number), (then_ahead, then) in pairwise(counted):
        assert then_ahead is not ahead or then - number in (0, 1), "nothing is passed over"
    minutes = [count.minutes for count in seen if count.is_due == seen[-1].is_due]
    assert minutes == sorted(minutes, reverse=True), "the time left follows what is left"
    assert [bool(text) for text in news].count(True) == any(not count.is_due for count in seen)
    if not due:
        assert news[0].startswith("Nothing is due.") and seen[0].number == 1 and not seen[0].of


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        ([0], "today"),
        ([1], "yesterday"),
        ([2, 2], "on 28 Nov"),
        ([0, 1, 13, 14], "on 16 Nov and 17 Nov, yesterday and today"),
        ([40, 0], "on 21 Oct and today"),
    ],
)
def test_a_day_has_one_name(ago: list[int], said: str) -> None:
    now = datetime(2026, 11, 30, 9, 30).timestamp()
    assert days_named([now - days * DAY for days in ago], now) == said
    night = datetime(2026, 11, 30, 0, 10).timestamp()
    assert days_named([night - 1200], night) == "yesterday", "by the calendar, not by hours"


def test_a_blank_of_a_review_leaves_the_exercises_as_they_are(store: Store, clock: Clock) -> None:
    work(store, clock, "node-way/c")
    before = store.summary(), store.last_opened(), store.due(NOW * 2)
    clock.now += 3 * DAY
    one = rounds(store, clock)
    while (asked := one.next()) is not None:
        answer(asked, clock)
        one.finish(asked)
    assert len(one.outcomes) >= 3
    assert (store.summary(), store.last_opened(), store.due(NOW * 2)) == before


def test_only_what_is_asked_can_be_answered_and_what_gives_it_away_comes_later(store: Store, clock: Clock) -> None:
    work(store, clock, "layers/complex")
    summary = read_summary(store, LIBRARY)
    item = ItemMaker(LIBRARY).make(Skill("sigmoid", "local"), summary, list(summary.skills), 5)
    assert item is not None
    session = item.open(store, RUNNER, clock)
    (step,) = session.steps
    blanks = [blank.key for blank in session.blanks(step)]
    assert blanks[-1] == item.asked[-1]
    first = blanks.index(item.asked[0])
    assert set(session.answers) == set(blanks[:first])
    assert all(answer.given for answer in session.answers.values())
    assert not session.solved


def test_a_drill_at_forks_is_for_forks(store: Store, clock: Clock) -> None:
    work(store, clock, "node-way/c", miss="total:x")
    clock.now += 2 * DAY
    assert read_summary(store, LIBRARY).skills[Skill(FORK)].level == "shaky"
    drill = rounds(store, clock, only=(Skill(FORK),))
    for _ in range(3):
        asked = drill.next()
        assert asked is not None
        assert asked.item.skills == (Skill(FORK),)
        assert "forks: shaky" in asked.why
        answer(asked, clock)
        drill.finish(asked)
    assert drill.next() is None
    assert read_summary(store, LIBRARY).skills[Skill(FORK)].level == "known"
    assert "Known now: forks." in drill.told()


def test_what_was_prepared_is_what_is_asked_next(store: Store, clock: Clock) -> None:
    work(store, clock, "node-way/c")
    clock.now += 3 * DAY
    one = rounds(store, clock)
    asked = one.next()
    assert asked is not None
    make = one.prepare(asked)
    assert make is not None
    make()
    assert one._prepared is not None
    prepared = one._prepared[1]
    answer(asked, clock)
    one.finish(asked)
    following = one.next()
    assert following is not None
    assert following.item is prepared


# The journal in short


def test_a_summary_that_goes_on_is_that_of_the_whole_journal(store: Store, clock: Clock) -> None:
    work(store, clock, "node-way/c", "layers/complex", "derivatives/rules", "network/forward")
    for number in range(200):  # enough that it is worth keeping
        store.append("node-way/c", Entry("backward", f"down:{number}.0", "answer", "1", "wrong"))
    first = read_summary(store, LIBRARY)
    assert store.kept("journal")
    work(store, clock, "shapes/add", "layers/two-over-sine")
    whole = trace_of(store.journal(), staged_in(LIBRARY))
    assert read_summary(store, LIBRARY).skills == whole.states() != first.skills
    assert read_summary(store, LIBRARY).minutes == whole.minutes
    store.keep("journal", "")
    assert read_summary(store, LIBRARY).skills == whole.states()


@pytest.mark.parametrize("kept", ["", "{", '{"version": 1}', "a"])
def test_what_was_kept_and_does_not_fit_is_not_used(store: Store, clock: Clock, kept: str) -> None:
    work(store, clock, "shapes/add")
    store.keep("journal", kept)
    assert Skill("shapes") in read_summary(store, LIBRARY).skills


def test_a_summary_of_another_journal_is_not_used(tmp_path: Path, store: Store, clock: Clock) -> None:
    for number in range(300):
        store.append("x", Entry("shape", str(number), "answer", "1", "right"))
    read_summary(store, LIBRARY)
    with Store(tmp_path / "other", clock) as other:
        for number in range(400):
            other.append("x", Entry("value", str(number), "answer", "1", "right"))
        other.keep("journal", store.kept("journal"))
        assert set(read_summary(other, LIBRARY).skills) == {Skill("numbers")}


def test_mistakes_are_counted_by_their_names(store: Store, clock: Clock) -> None:
    session = Session(LIBRARY.exercises["node-way/a"], store, RUNNER, clock)
    session.answer(session.steps[0], session.blanks(session.steps[0])[0], "a = x + y\nf = a z")
    for step in session.steps[1:3]:
        while (blank := session.current_blank(step)) is not None:
            if blank.key == "local:f.0":
                assert session.answer(step, blank, "a").charged
            session.answer(step, blank, session.worked(step, blank))
    (name,) = read_summary(store, LIBRARY).mistakes
    met = read_summary(store, LIBRARY).mistakes[name]
    assert (met.times, met.exercise, Skill.of_key(met.skill)) == (1, "node-way/a", Skill("mul", "local"))
    assert met.said


def test_skills_have_keys_and_names() -> None:
    every = [Skill("mul", part) for part in PARTS] + [Skill(FORK), Skill("the chain rule")]
    assert [Skill.of_key(skill.key) for skill in every] == every
    assert Skill("mul", "downstream").name == "× downstream"
    assert Skill("neg", "local").name != Skill("sub", "local").name
    assert replace(state(NOW)).level == "shaky"
