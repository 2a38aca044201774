"""Three days of a new learner, with the clock moved: fail at a fork, be drilled at forks, sit a paper, see it all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shipped import LIBRARY
from tutor.learner import Store
from tutor.papers.paper import PaperShelf
from tutor.papers.result import in_full, missed_skills, to_review
from tutor.papers.sitting import open_sitting, record_of
from tutor.practice.progress import as_text, overview
from tutor.practice.review_round import Round
from tutor.practice.skills import DAY, FORK, Skill
from tutor.practice.variants import variant_of
from tutor.runner import Runner
from tutor.session.session import Session

ID = "node-way/c"
STAGING = "a = ln(x)\nb = sin(y)\nc = a + b\nd = c^2\nf = 4 x\ng = d + f"
FORKS = Skill(FORK)


@dataclass
class Clock:
    now: float = 1_780_000_000.0

    def __call__(self) -> float:
        self.now += 20  # each line of the journal takes a while
        return self.now


def learn(store: Store, clock: Clock, runner: Runner) -> None:
    """Stage, run forward and back; at the fork one branch alone comes first."""
    session = Session(LIBRARY.exercises[ID], store, runner, clock)
    session.answer(session.steps[0], session.current_blank(session.steps[0]), STAGING)
    for step in session.steps[1:3]:
        while (blank := session.current_blank(step)) is not None:
            if blank.key == "total:x":
                verdict = session.answer(step, blank, "4")
                assert verdict.charged
                assert "4 is only what f sends" in verdict.message
            session.answer(step, blank, session.worked(step, blank))


def drill(store: Store, clock: Clock, runner: Runner) -> list[str]:
    """The functions at which forks are asked."""
    asked_at = []
    round = Round(store, LIBRARY, runner, clock, only=(FORKS,))
    while (asked := round.next()) is not None:
        assert asked.item.target == FORKS
        (step,) = asked.session.steps
        while (blank := asked.session.current_blank(step)) is not None:
            asked.session.answer(step, blank, asked.session.worked(step, blank))
        asked_at.append(asked.session.statement)
        round.finish(asked)
    return asked_at


def sit(store: Store, clock: Clock, runner: Runner) -> str:
    """A paper on new numbers, the fork wrong again; how it went."""
    sitting = open_sitting(PaperShelf().find(f"{ID}@5", LIBRARY), LIBRARY, store, runner, clock)
    sitting.keep(1, "staging", STAGING)
    worked = {row.blank.key: row.correct for rows in sitting.question(1).scheme.steps.values() for row in rows}
    for one in sitting.blanks(1):
        if one.blank.key.startswith(("value:", "total:")):
            sitting.keep(1, one.blank.key, "4" if one.blank.key == "total:x" else worked[one.blank.key])
    sitting.hand_in(sitting.marks())
    record = record_of(store, sitting.key)
    assert record is not None
    missed = missed_skills(store, record, LIBRARY)
    assert missed == (FORKS,)
    return f"{in_full(record)}\n{to_review(missed)}"


def test_a_weak_spot_is_drilled_and_seen_from_day_to_day(tmp_path: Path, runner: Runner) -> None:
    clock = Clock()
    with Store(tmp_path, clock) as store:
        learn(store, clock, runner)
        first = overview(store, LIBRARY, clock.now)
        assert first.skills[FORKS].level == "shaky"
        assert [(name, met.times, met.exercise) for name, met in first.commonest] == [("one_branch_only", 1, ID)]

        clock.now += DAY
        assert FORKS in Round(store, LIBRARY, runner, clock).due_at_first
        statements = drill(store, clock, runner)
        assert len(set(statements)) == len(statements) >= 3
        second = overview(store, LIBRARY, clock.now)
        assert second.skills[FORKS].certainty > first.skills[FORKS].certainty
        assert second.skills[FORKS].due > clock.now

        clock.now += DAY
        told = sit(store, clock, runner)
        assert "4 is only what f sends" in told
        assert "To review: forks. `backprop-tutor review --skill forks`" in told
        third = overview(store, LIBRARY, clock.now)
        assert third.skills[FORKS].certainty < second.skills[FORKS].certainty
        ((name, met),) = third.commonest
        assert (name, met.times, met.exercise) == ("one_branch_only", 2, f"{ID}@5")
        assert "2 × one branch of a fork only" in as_text(third)
        assert third.blanks > second.blanks, "what is answered on a paper counts"
        assert third.alone - second.alone == third.blanks - second.blanks - 1, "what went wrong there among it"
        assert "forks" in as_text(third)


@pytest.fixture(scope="module")
def runner() -> Runner:
    return Runner()


def test_the_paper_is_on_the_numbers_of_its_seed() -> None:
    paper = PaperShelf().find(f"{ID}@5", LIBRARY)
    assert paper.prompt == variant_of(LIBRARY.exercises[ID], 5).file.prompt
