"""One learner at one exercise: answers are judged and written down, hints given, drafts kept. Faces talk to this only.

Every answer is in the journal before anybody is told the verdict, and a session opened again is where it was. What the
answers come to is in `answer_book.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from tutor.judging import Kind, Verdict
from tutor.learner import LOOKING, Action, Entry, Schedule, State, Store, rating
from tutor.library import Exercise
from tutor.questions import BACKWARD, CODE, LOCAL_KEY, Blank, InputKind, Step
from tutor.questions.choice import letter_meant
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.answer_book import AnswerBook, StepState
from tutor.session.hint_policy import RUNGS, Hints
from tutor.session.tries import MistakeMet, TriedAnswer, Tries, charged_once

__all__ = ["PIECES_CLOSED", "PIECES_OPEN", "RUNGS", "Judged", "Session", "StepState"]

_IN_FULL = 2
"""Exercises worked with every blank of the backward pass, after which fewer are asked first."""

PIECES_OPEN = "It is asked in pieces now, to find the mistake. The whole gradient counts at any of them, too."
"""What is said when a wrong gradient is opened."""

PIECES_CLOSED = "That is the whole gradient, so its pieces are closed."
"""What is said when it is given, rightly, at one of them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that is not yet recorded: `Session.judge` may run in another thread, `Session.record` may not."""

    blank: Blank
    text: str
    verdict: Verdict
    given_at: Blank | None = None
    """The blank in which it was given, where what it answers is `blank`."""


class Session(AnswerBook):
    """The answers to an exercise with their journal, hints and drafts; nothing else changes them."""

    def __init__(
        self,
        exercise: Exercise,
        store: Store,
        runner: Runner,
        clock: Callable[[], float] = time.time,
        only_looking: bool = False,
        asked: Collection[str] | None = None,
    ) -> None:
        """Go on where the learner left off; that it was opened is kept, unless this is `only_looking`.

        `asked` are the keys of the blanks that are asked, where the others are given (see `asked_steps.py`).

        Raises BadFile where the exercise's mathematics does not hold, StoreProblem where nothing can be kept.
        """
        super().__init__(questions_of(exercise, runner), asked, runner.allowed)
        self.exercise = exercise
        self._store = store
        self._clock = clock
        self._solved_before = False
        self._asked_then = ""
        """The digest of what was asked when it was solved; "" where it was not, or that was not kept."""
        self._hints = Hints(clock)
        self._tries = Tries()
        self.fewer_first = False
        """Whether fewer blanks are asked without the learner having chosen so here."""
        self.fewer_remembered = False
        """Whether they are because the learner chose so before, in another exercise."""
        self._fewer_kept = False
        """Whether the journal says so; it does from the first thing on that the learner does here."""
        self._give()
        self._restore()
        self._finished_before = self.finished
        if not only_looking:
            self._begin_with_fewer()
            store.mark_opened(exercise.id)
            if exercise.pack:
                store.claim(exercise.id, str(exercise.path.resolve()))

    @property
    def due(self) -> bool:
        """Whether the exercise is worth another look by now."""
        return self.exercise.id in self._store.due(self._clock())

    @property
    def changed(self) -> bool:
        """Whether what is asked is known to have changed since it was solved here."""
        return self._asked_then not in ("", self.exercise.digest)

    # Answering

    def answer(self, step: Step, blank: Blank, text: str) -> Verdict:
        """Judge an answer and record it. Raises StoreProblem where it cannot be kept."""
        return self.record(self.judge(step, blank, text))

    def judge(self, step: Step, blank: Blank, text: str) -> Judged:
        """The verdict on an answer. Changes nothing; code takes a while, so this may run in a thread.

        Where a piece is asked for and the whole is given, rightly, the whole is what it answers.
        """
        if blank.wants is InputKind.CHOICE:
            text = letter_meant(text, blank.options)
        verdict = step.judge(blank, text, self)
        if verdict.answers and (place := self.find(self.view.prefix_of(blank.key) + verdict.answers)) is not None:
            whole = step.judge(place[1], text, self)
            if whole.accepted:
                return Judged(place[1], text, whole, blank)
        return Judged(blank, text, charged_once(blank, text, verdict, self.answers.get(blank.key)))

    def record(self, judged: Judged, standing: str | None = None) -> Verdict:
        """Write an answer to the journal, then take it in. Raises StoreProblem where it cannot be kept.

        `standing` is what stands in the blank by now, where the learner may have typed on while it was judged: a
        draft that is not the text that was judged stays.
        """
        key = judged.blank.key
        before = self.answers.get(key)  # another answer may have come since it was judged
        verdict = charged_once(judged.blank, judged.text, judged.verdict, before)
        step = self._step_of(key)
        self._write(step, key, "answer", judged.text, verdict.kind.value)
        if judged.given_at is not None:
            self._store.drop_drafts(self.exercise.id, judged.given_at.key)
        self._take(key, judged.text, verdict)
        self._give()
        if standing is None or standing == judged.text:
            self._keep_or_drop_draft(key, judged.text)
        if verdict.charged and verdict.mistake:
            self._write(step, key, "mistake", verdict.brief or verdict.message, verdict.mistake)
        if self.quick and verdict.charged and step:
            self._open(step, key)
        self._judge_again(key)
        self._note_progress()
        return verdict

    def _keep_or_drop_draft(self, key: str, text: str) -> None:
        """An answer that counts takes the draft's place; one that could not be read stays a draft."""
        if key in self.answers and self.answers[key].text == text:
            self._store.drop_drafts(self.exercise.id, key)
        else:
            self._store.keep_draft(self.exercise.id, key, text)

    def tries(self, blank: Blank) -> int:
        """How many answers to a blank were wrong."""
        return len(self._tries.at(blank.key))

    def tried(self, blank: Blank) -> tuple[TriedAnswer, ...]:
        """The wrong answers to a blank, oldest first."""
        return self._tries.at(blank.key)

    def tries_in(self, step: Step) -> int:
        """How many answers in a step were wrong, also to blanks that are not asked any more."""
        return self._tries.in_step(step.key)

    @property
    def total_tries(self) -> int:
        """How many answers were wrong."""
        return self._tries.total

    @property
    def total_hints(self) -> int:
        """How many hints were given."""
        return self._hints.total

    @property
    def slips_met(self) -> tuple[MistakeMet, ...]:
        """The mistakes that were named, each once, in the order they were met."""
        return self._tries.mistakes

    def skip(self, step: Step) -> None:
        """Give up on a step: its open blanks are filled in and marked as shown."""
        self._write(step.key, "", "skip", "", "")
        self._fill_in(step)
        for blank in step.blanks(self):
            self._store.drop_drafts(self.exercise.id, blank.key)
        self._note_progress()

    def show(self, step: Step, blank: Blank) -> str:
        """Give up on a blank: it is filled in with a right answer, marked as shown, which is returned."""
        self._write(step.key, blank.key, "skip", "", "")
        self._fill_in(step, blank.key)
        self._store.drop_drafts(self.exercise.id, blank.key)
        self._note_progress()
        return self.answers[blank.key].text

    def skip_question(self, step: Step) -> None:
        """Give up on all that is open in a step's question, a step after the other: each needs the ones before it."""
        for each in self.view.together(step):
            if not self.state(each).finished:
                self.skip(each)

    def put_right(self) -> tuple[Blank, ...]:
        """Answer those blanks from the numbers that were mended, as the learner's own; the blanks answered.

        Raises StoreProblem where it cannot be kept.
        """
        places = [place for key in self.to_put_right if (place := self.find(key)) is not None]
        for step, blank in places:
            self.answer(step, blank, step.worked(blank, self))
        return tuple(blank for _, blank in places)

    def journal(self) -> list[Entry]:
        """What the learner did here since the last reset, oldest first."""
        return self._store.entries(self.exercise.id)

    def reset(self) -> None:
        """Begin the exercise again from nothing. What was answered stays in the journal's past."""
        self._write("", "", "reset", "", "")
        self._forget_all()
        self._tries = Tries()
        self._hints.clear()
        self._solved_before, self._finished_before, self._asked_then = False, False, ""
        self._give()
        self._store.drop_drafts(self.exercise.id)
        self._begin_with_fewer()
        self._note_progress()

    def _begin_with_fewer(self) -> None:
        """Ask for fewer blanks in an untouched exercise, where the learner chose so last or has worked in full."""
        backward = any(step.key.rpartition("/")[2] == BACKWARD for step in self.steps)
        untouched = all(entry.action in LOOKING for entry in self._store.entries(self.exercise.id))
        self._fewer_kept = False
        here = backward and untouched and self.asked is None
        self.fewer_remembered = here and self._store.last_mode == "quick"
        self.fewer_first = self.fewer_remembered or (here and self._store.solved_in_full(LOCAL_KEY) >= _IN_FULL)
        self.quick = self.quick or self.fewer_first

    def set_quick(self, quick: bool) -> None:
        """Ask for each value's gradient only, or for everything; where single blanks are asked it stays with those."""
        if self.asked is not None:
            return
        self.fewer_first = False
        self._write(BACKWARD, "", "mode", "quick" if quick else "full", "")
        self._switch(quick)
        self._note_progress()

    # Hints

    def hint(self, step: Step, blank: Blank, text: str = "") -> str | None:
        """The next rung at a blank; None when all were seen, or it `waits`. `text` is what is typed so far."""
        if not (rung := self._withheld(blank)):
            if not self._hints.left(blank.key) or self.hint_waits(blank):
                return None
            made = step.hints(blank, text, self)
            rungs = [self._own_hint(step, blank, number) or rung for number, rung in enumerate(made)]
            left = rungs[len(self._hints.seen(blank.key)) :]
            rung = next((one for one in left if not self._was_said(blank, one)), left[0])
        self._write(step.key, blank.key, "hint", rung, "")
        self._hints.given(blank.key, rung)
        return rung

    def _was_said(self, blank: Blank, rung: str) -> bool:
        """Whether a rung was given, or is part of what was said of the last answer: then the next one says more."""
        answer = self.answers.get(blank.key)
        said = "" if answer is None else self.as_said(blank, answer.verdict).message
        return rung in self._hints.seen(blank.key) or rung.rstrip(" .") in said

    def as_said(self, blank: Blank, verdict: Verdict) -> Verdict:
        """A verdict as it is shown: after the first wrong try it names the place, and not the change."""
        if not verdict.where or self.tries(blank) > 1:
            return verdict
        return replace(verdict, message=verdict.where, clause="")

    def _withheld(self, blank: Blank) -> str:
        """What the verdict on a program does not say yet: the next hint; "" where nothing is kept back."""
        answer = self.answers.get(blank.key)
        if answer is None or self.as_said(blank, answer.verdict) == answer.verdict:
            return ""
        return "" if answer.verdict.what in self._hints.seen(blank.key) else answer.verdict.what

    def hint_waits(self, blank: Blank) -> float:
        """Seconds until the next hint is given without a try before it; 0 where none has to be waited for."""
        return self._hints.waits(blank.key)

    def hints_seen(self, blank: Blank) -> tuple[str, ...]:
        """The rungs already given at a blank."""
        return self._hints.seen(blank.key)

    def _own_hint(self, step: Step, blank: Blank, rung: int) -> str:
        """The exercise file's own hint, for the blank or else for its step."""
        hints = self.view.own_hints(step, blank)
        return hints[rung] if rung < len(hints) else ""

    # What is typed and not yet checked

    def draft(self, blank: Blank) -> str:
        """What stands in a blank: what was typed last, or its last answer, or its starter."""
        kept = self._store.draft(self.exercise.id, blank.key)
        if kept is not None:
            return kept
        answer = self.answers.get(blank.key)
        return answer.text if answer else blank.starter

    def edited(self, blank: Blank) -> bool:
        """Whether what stands in a blank is something else than what was judged there."""
        answer = self.answers.get(blank.key)
        return answer is not None and _without_ends(self.draft(blank)) != _without_ends(answer.text)

    @property
    def begun(self) -> bool:
        """Whether anything was answered, or is typed and not yet checked."""
        return bool(self.answers) or any(text.strip() for text in self._store.drafts(self.exercise.id).values())

    def keep_draft(self, blank: Blank, text: str) -> None:
        """Keep what stands in a blank; what stands there without any draft needs none."""
        answer = self.answers.get(blank.key)
        if text == (answer.text if answer else blank.starter):
            self._store.drop_drafts(self.exercise.id, blank.key)
        else:
            self._store.keep_draft(self.exercise.id, blank.key, text)

    def take_code(self, text: str) -> Step | None:
        """Put a program from elsewhere into the first blank for code; its step, or None where no code is asked.

        Raises StoreProblem where it cannot be kept.
        """
        for step in self.steps:
            if step.key.rpartition("/")[2] == CODE:
                self._store.keep_draft(self.exercise.id, f"{step.key.removesuffix(CODE)}{CODE}", text)
                return step
        return None

    def worked(self, step: Step, blank: Blank) -> str:
        """A right answer to a blank."""
        return step.worked(blank, self)

    # Inside

    def _take(self, key: str, text: str, verdict: Verdict) -> None:
        self._hints.tried(key)
        if verdict.charged:
            self._tries.note(self._step_of(key), key, self._label(key), text, verdict)
        self._take_in(key, text, verdict)

    def _open(self, step: str, key: str) -> None:
        """Open what a quick answer was about, to be worked in pieces."""
        name = self.view.opens(step, key)
        if name and name not in self.opened:
            self._write(step, name, "open", "", "")
            self.opened.add(name)

    def _write(self, step: str, blank: str, action: Action, text: str, verdict: str) -> None:
        if self.fewer_first and not self._fewer_kept:
            self._fewer_kept = True
            self._write(BACKWARD, "", "mode", "quick", "")
        self._store.append(self.exercise.id, Entry(step, blank, action, text, verdict, self._clock()))

    def _note_progress(self) -> None:
        if self.asked is not None:
            return  # a few blanks of it say nothing of the whole
        done, total = self._progress()
        if self.solved and (self.changed or not self._solved_before):
            self._write("", "", "solved", self.exercise.digest, "")
            self._solved_before, self._asked_then = True, self.exercise.digest
        state: State = "solved" if self._solved_before else "started" if self.answers else "new"
        if self._solved_before:
            done = total  # it stays solved, whatever is tried in it afterwards
        self._store.set_progress(self.exercise.id, state, done, total)
        if self.finished and not self._finished_before:
            self._plan_review()
            self._finished_before = True

    def _plan_review(self) -> None:
        """When this is worth another look: the more was shown, hinted or tried, the sooner."""
        blanks = sum(self.state(step).total for step in self.steps)
        shown = sum(map(self._was_shown, self.answers))
        went = rating(blanks, self.total_tries, self.total_hints, shown)
        Schedule(self._store).review(self.exercise.id, went, self._clock())

    def _restore(self) -> None:
        """Go through the journal again. Code is not run again; its verdicts are as they were."""
        for entry in self._store.entries(self.exercise.id):
            match entry.action:
                case "answer":
                    self._restore_answer(entry)
                case "hint":
                    self._hints.given(entry.blank, entry.text, entry.at)
                case "skip":
                    if step := next((step for step in self.steps if step.key == entry.step), None):
                        self._fill_in(step, entry.blank)
                case "mode":
                    self._switch(entry.text == "quick")
                case "open":
                    self.opened.add(entry.blank)
                case "mistake" if self._asks_for(entry.blank, InputKind.CODE) or not self._tries.knows(entry.verdict):
                    self._tries.recall(entry.verdict, self._label(entry.blank), entry.text)
                case "solved":
                    self._solved_before, self._asked_then = True, entry.text
                case _:
                    pass

    def _restore_answer(self, entry: Entry) -> None:
        self._hints.tried(entry.blank)
        place = self.find(entry.blank)
        if place is None or entry.verdict in (Kind.UNREADABLE, Kind.UNDECIDED):
            return
        step, blank = place
        if blank.wants is InputKind.CODE:
            verdict = Verdict(Kind(entry.verdict), "As it was when you left.")
        else:
            verdict = step.judge(blank, entry.text, self)
        self._take(blank.key, entry.text, verdict)
        self._judge_again(blank.key)


def _without_ends(text: str) -> list[str]:
    """The lines of a text without the blanks at their ends, and without empty lines after the last."""
    return [line.rstrip() for line in text.rstrip().split("\n")]
