"""Skills from the journal: first tries, by hand, and all that was ever done."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.shipped import LIBRARY
from tutor.catalogue.gate_cards import card_of, with_levels
from tutor.cli.commands import verbs
from tutor.engine.gates import GATES
from tutor.learner import Entry, Store
from tutor.paths import VARIABLE
from tutor.practice.journal_trace import trace_of
from tutor.practice.progress import as_text, in_days, overview
from tutor.practice.skills import DAY, Skill
from tutor.runner import Runner
from tutor.session.session import Session

STAGED = Entry("stage", "staging", "answer", "a = x + y\nb = a x\nf = b / z", "right", 1.0)


def answer(step: str, blank: str, verdict: str, at: float = 2.0) -> tuple[str, Entry]:
    return "e", Entry(step, blank, "answer", "1", verdict, at)


def states(*entries: tuple[str, Entry]):  # type: ignore[no-untyped-def]
    return trace_of([("e", STAGED), *entries]).states()


def traced(*tries: bool, guess: float = 0.15) -> float:
    """Corbett and Anderson's two equations, as in their paper."""
    known = 0.2
    for right in tries:
        if right:
            known = known * 0.9 / (known * 0.9 + (1 - known) * guess)
        else:
            known = known * 0.1 / (known * 0.1 + (1 - known) * (1 - guess))
        known = known + (1 - known) * 0.15
    return known


def test_each_blank_is_of_its_gate_and_part() -> None:
    found = states(
        answer("forward", "value:a", "right"),
        answer("backward", "local:f.0", "right"),
        answer("backward", "down:b.1", "remark"),
        answer("backward", "total:x", "right"),
        answer("backward", "total:b", "right"),
    )
    assert set(found) == {
        Skill("staging"),
        Skill("add", "forward"),
        Skill("div", "local"),
        Skill("mul", "downstream"),
        Skill("forks"),
        Skill("div", "downstream"),
    }


def test_the_first_try_counts() -> None:
    found = states(
        answer("forward", "value:a", "wrong"),
        answer("forward", "value:a", "wrong"),
        answer("forward", "value:a", "right"),
        answer("forward", "value:b", "right"),
        answer("forward", "value:b", "right"),
    )
    add, mul = found[Skill("add", "forward")], found[Skill("mul", "forward")]
    assert (add.right, add.opportunities) == (0, 1)
    assert add.certainty == pytest.approx(traced(False))
    assert (mul.right, mul.opportunities) == (1, 1)
    assert mul.certainty == pytest.approx(traced(True))


@pytest.mark.parametrize(("action", "blank"), [("hint", "value:a"), ("skip", "value:a"), ("skip", "")])
def test_hints_and_shown_answers_count_against_it(action: str, blank: str) -> None:
    found = states(("e", Entry("forward", blank, action, "", "", 2.0)))  # type: ignore[arg-type]
    assert found[Skill("add", "forward")].certainty == pytest.approx(traced(False))


def test_what_cannot_be_read_counts_for_nothing() -> None:
    assert set(states(answer("forward", "value:a", "unreadable"))) == {Skill("staging")}


def test_three_times_right_is_known_less_is_begun_and_a_miss_makes_it_shaky() -> None:
    rights = [("e", Entry("", "", "reset", "", "", 1.0)), ("e", STAGED), answer("forward", "value:a", "right")]
    assert trace_of(rights * 2).states()[Skill("add", "forward")].level == "begun"
    assert trace_of(rights * 3).states()[Skill("add", "forward")].level == "known"
    assert trace_of([*rights * 3, *rights[:2], answer("forward", "value:a", "wrong")]).states()[
        Skill("add", "forward")
    ].level == ("shaky")


def test_it_comes_back_later_the_better_it_went() -> None:
    good = states(answer("forward", "value:a", "right", 10 * DAY))
    bad = states(answer("forward", "value:a", "wrong", 10 * DAY))
    skill = Skill("add", "forward")
    assert 10 * DAY < bad[skill].due < good[skill].due


def test_questions_of_one_exercise_have_gates_of_their_own() -> None:
    journal = [
        ("e", Entry("q1/stage", "q1/staging", "answer", "f = x + y", "right", 1.0)),
        ("e", Entry("q2/stage", "q2/staging", "answer", "f = x y", "right", 1.0)),
        ("e", Entry("q2/forward", "q2/value:f", "answer", "1", "right", 1.0)),
        ("e", Entry("q3/shape", "q3/1", "answer", "(2,)", "right", 1.0)),
    ]
    assert set(trace_of(journal).states()) == {Skill("staging"), Skill("mul", "forward"), Skill("shapes")}


def test_a_real_session(store: Store) -> None:
    session = Session(LIBRARY.exercises["node-way/c"], store, Runner())
    for step in session.steps[:3]:
        while (blank := session.current_blank(step)) is not None:
            session.answer(step, blank, session.worked(step, blank))
    seen = overview(store, LIBRARY, time.time())
    assert {skill.gate for skill in seen.skills} >= {"ln", "sin", "add", "forks", "staging"}
    assert all(state.right == state.opportunities for state in seen.skills.values())
    assert "forks" in as_text(seen)
    assert ("you", "forward begun, local begun, downstream begun") in with_levels(
        card_of(GATES["ln"]), seen.skills
    ).rows
    assert with_levels(card_of(GATES["tanh"]), seen.skills) == card_of(GATES["tanh"])


def test_minutes_leave_pauses_out() -> None:
    times = [0.0, 60.0, 120.0, 10_000.0, 10_030.0, DAY + 5]
    assert trace_of([("e", Entry(at=at)) for at in times]).minutes == {"1970-01-01": 2.5, "1970-01-02": 0.0}
    assert [in_days(due, 0.0) for due in (-1, 0.9 * DAY, 9.2 * DAY)] == ["now", "tomorrow", "in 9 days"]


def test_the_verb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    run = CliRunner()
    assert "Nothing is answered yet" in run.invoke(verbs, ["progress"]).output
    assert not list(tmp_path.iterdir())
    run.invoke(verbs, ["start", "node-way/a", "--plain"], input="a = x + y\nf = a z\n4\n8\n:quit\n")
    assert "1 of" not in run.invoke(verbs, ["progress"]).output.split("\n")[0].partition("exercises")[0]
    rows = run.invoke(verbs, ["progress", "--csv"]).output.splitlines()
    assert rows[0] == "gate,part,level,certainty,right,opportunities,last,due"
    assert [row.split(",")[:3] for row in rows[1:]] == [
        ["add", "forward", "begun"],
        ["mul", "forward", "begun"],
        ["staging", "", "begun"],
    ]
    told = json.loads(run.invoke(verbs, ["progress", "--json"]).output)
    assert [(one["gate"], one["opportunities"]) for one in told["skills"]] == [("add", 1), ("mul", 1), ("staging", 1)]
    assert "forward begun, local new, downstream new" in run.invoke(verbs, ["gates", "add"]).output
