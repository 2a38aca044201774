"""One learner at one exercise: what is asked, what was answered, what is said to it. The faces talk to this only.

Every answer is in the journal before anybody is told the verdict, and a session opened again is where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from tutor.judging import Kind, Verdict
from tutor.learner import LOOKING, Action, Entry, Schedule, State, Store, rating
from tutor.library import Exercise
from tutor.questions import BACKWARD, CODE, LOCAL_KEY, Answer, Blank, InputKind, Step
from tutor.questions.choice import letter_meant
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.asked_steps import asked_steps, without_running
from tutor.session.exercise_view import ExerciseView
from tutor.session.following import Following
from tutor.session.hint_policy import RUNGS, Hints
from tutor.session.tries import MistakeMet, TriedAnswer, Tries

__all__ = ["PIECES_CLOSED", "PIECES_OPEN", "RUNGS", "Judged", "Session", "StepState"]

_IN_FULL = 2
"""Exercises worked with every blank of the backward pass, after which fewer are asked first."""

PIECES_OPEN = "It is asked in pieces now, to find the mistake. The whole gradient counts at any of them, too."
"""What is said when a wrong gradient is opened."""

PIECES_CLOSED = "That is the whole gradient, so its pieces are closed."
"""What is said when it is given, rightly, at one of them."""


@dataclass(frozen=True, slots=True)
class StepState:
    """How far a step has come: blanks done and asked; whether it can be worked on; whether any was shown."""

    done: int
    total: int
    open: bool
    shown: bool

    @property
    def finished(self) -> bool:
        """Whether every blank is done."""
        return self.open and self.done == self.total


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict that is not yet recorded: `Session.judge` may run in another thread, `Session.record` may not."""

    blank: Blank
    text: str
    verdict: Verdict
    given_at: Blank | None = None
    """The blank in which it was given, where what it answers is `blank`."""


class Session:
    """The state of an exercise, which nothing else changes. Satisfies `questions.Answers`.

    It is one object on purpose: an answer can open blanks, have others judged again and end the exercise.
    """

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
        self.exercise = exercise
        self.questions = questions_of(exercise, runner)
        self.view = ExerciseView(self.questions, self)
        self.asked = asked
        self.runs_code = runner.allowed
        """Whether code is run; where it is not, the exercise is finished without it."""
        self.steps = asked_steps(self.view.steps if self.runs_code else without_running(self.view.steps), asked)
        self._store = store
        self._clock = clock
        self.answers: dict[str, Answer] = {}
        self.quick = False
        self.opened: set[str] = set()
        self._solved_before = False
        self._asked_then = ""
        """The digest of what was asked when it was solved; "" where it was not, or that was not kept."""
        self._hints = Hints(clock)
        self._tries = Tries()
        self._following = Following()
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

    # What there is to do

    @property
    def statement(self) -> str:
        """The function and its inputs in one line, where the exercise is one question."""
        return self.questions[0].statement if len(self.questions) == 1 else ""

    def blanks(self, step: Step) -> tuple[Blank, ...]:
        """A step's blanks; none before the steps it needs are done."""
        return step.blanks(self)

    def state(self, step: Step) -> StepState:
        """How far a step has come."""
        blanks = step.blanks(self)
        counted = [blank for blank in blanks if self.runs_code or blank.wants is not InputKind.CODE]
        done = [blank for blank in counted if self.accepted(blank)]
        shown = any(self._was_shown(blank.key) for blank in done)
        return StepState(len(done), len(counted), bool(blanks), shown)

    def accepted(self, blank: Blank) -> bool:
        """Whether a blank is done."""
        answer = self.answers.get(blank.key)
        return answer is not None and answer.verdict.accepted

    @property
    def current_step(self) -> Step:
        """The first step that is not finished; the last one where all are."""
        return next((step for step in self.steps if not self.state(step).finished), self.steps[-1])

    def current_blank(self, step: Step, after: Blank | None = None) -> Blank | None:
        """The next blank that is not done, from the one after `after` and then round; None where all are."""
        blanks = step.blanks(self)
        keys = [blank.key for blank in blanks]
        start = keys.index(after.key) + 1 if after is not None and after.key in keys else 0
        return next((blank for blank in (*blanks[start:], *blanks[:start]) if not self.accepted(blank)), None)

    @property
    def finished(self) -> bool:
        """Whether every step is done, by the learner or shown; never where nothing in it can be."""
        states = [self.state(step) for step in self.steps]
        return all(state.finished for state in states) and any(state.total for state in states)

    @property
    def solved(self) -> bool:
        """Whether every step was done by the learner: none skipped or shown."""
        return self.finished and not any(map(self._was_shown, self.answers))

    def _was_shown(self, key: str) -> bool:
        """Whether an answer was shown because the learner wished it."""
        return self.answers[key].shown and not self.answers[key].given

    @property
    def due(self) -> bool:
        """Whether the exercise is worth another look by now."""
        return self.exercise.id in self._store.due(self._clock())

    @property
    def changed(self) -> bool:
        """Whether what is asked is known to have changed since it was solved here."""
        return self._asked_then not in ("", self.exercise.digest)

    @property
    def several_questions(self) -> bool:
        """Whether the exercise is several questions, each with a worked solution of its own."""
        return len(self.questions) > 1

    def find(self, key: str) -> tuple[Step, Blank] | None:
        """The step and blank of a key; None where it is not asked now."""
        return next(((step, blank) for step in self.steps for blank in step.blanks(self) if blank.key == key), None)

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
        return Judged(blank, text, self._charged_once(blank, text, verdict))

    def record(self, judged: Judged, standing: str | None = None) -> Verdict:
        """Write an answer to the journal, then take it in. Raises StoreProblem where it cannot be kept.

        `standing` is what stands in the blank by now, where the learner may have typed on while it was judged: a
        draft that is not the text that was judged stays.
        """
        key = judged.blank.key
        verdict = self._charged_once(judged.blank, judged.text, judged.verdict)  # others may have come before it
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

    def _charged_once(self, blank: Blank, text: str, verdict: Verdict) -> Verdict:
        """The verdict, or that it is known already: the same wrong answer twice is not charged again."""
        before = self.answers.get(blank.key)
        if before is None or not (verdict.charged and before.verdict.charged):
            return verdict
        same = text == before.text if blank.wants is InputKind.CODE else _same(text, before.text)
        if not same:
            return verdict
        told = f"This is the same as your last answer. {verdict.message}"
        return replace(verdict, kind=Kind.UNDECIDED, message=told, where="", mistake="")

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

    def question_finished(self, step: Step) -> bool:
        """Whether every step of the question that a step belongs to is done, by the learner or shown."""
        return all(self.state(each).finished for each in self.view.together(step))

    def skip_question(self, step: Step) -> None:
        """Give up on all that is open in a step's question, a step after the other: each needs the ones before it."""
        for each in self.view.together(step):
            if not self.state(each).finished:
                self.skip(each)

    @property
    def to_put_right(self) -> tuple[str, ...]:
        """The keys of the answers that followed rightly from mistakes which are mended by now, in order."""
        return self._following.ready((blank.key for step in self.steps for blank in step.blanks(self)), self._is_right)

    def put_right(self) -> tuple[Blank, ...]:
        """Answer those blanks from the numbers that were mended, as the learner's own; the blanks answered.

        Raises StoreProblem where it cannot be kept.
        """
        places = [place for key in self.to_put_right if (place := self.find(key)) is not None]
        for step, blank in places:
            self.answer(step, blank, step.worked(blank, self))
        return tuple(blank for _, blank in places)

    def _is_right(self, key: str) -> bool:
        """Whether an answer is right, and not only as what follows from a mistake."""
        answer = self.answers.get(key)
        return answer is not None and answer.verdict.accepted and not answer.verdict.carried

    def journal(self) -> list[Entry]:
        """What the learner did here since the last reset, oldest first."""
        return self._store.entries(self.exercise.id)

    def reset(self) -> None:
        """Begin the exercise again from nothing. What was answered stays in the journal's past."""
        self._write("", "", "reset", "", "")
        self.answers, self._tries, self._following = {}, Tries(), Following()
        self._hints.clear()
        self.quick, self.opened, self._solved_before, self._finished_before = False, set(), False, False
        self._asked_then = ""
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

    def _switch(self, quick: bool) -> None:
        """Ask for fewer blanks, or all; a number that was given right is not asked for again in another blank."""
        self.quick = quick
        for step in self.steps:
            for blank in step.blanks(self):
                given = self.answers.get(blank.same_as)
                if given is None or not given.verdict.accepted or self.accepted(blank):
                    continue
                verdict = given.verdict if given.shown else step.judge(blank, given.text, self)
                if verdict.accepted:
                    self.answers[blank.key] = replace(given, verdict=verdict)
                    self._following.note(blank.key, verdict, self.view.prefix_of(blank.key), again=False)

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
        before = self.answers.get(key)
        self._hints.tried(key)
        if verdict.charged:
            self._tries.note(self._step_of(key), key, self._label(key), text, verdict)
        if verdict.kind in (Kind.UNREADABLE, Kind.UNDECIDED):
            return  # what cannot be judged does not undo what was
        staged = self._is_staging(key)
        if staged and before is not None and before.verdict.accepted and not verdict.accepted:
            return  # a staging that holds stays, with all that was built on it, until another one holds
        self.answers[key] = Answer(
            text, verdict, shown=before is not None and before.shown and _same(text, before.text)
        )
        self._following.note(key, verdict, self.view.prefix_of(key), again=False)
        if staged and before is not None and before.text != text:
            self._forget_other_gates()

    def _label(self, key: str) -> str:
        """What a blank is called where it is spoken of elsewhere; a program by its step."""
        place = self.find(key)
        if place is None:
            return ""
        step, blank = place
        return step.title if blank.wants is InputKind.CODE else blank.label.removesuffix("=").removesuffix(":").strip()

    def _is_staging(self, key: str) -> bool:
        place = self.find(key)
        return place is not None and place[1].wants is InputKind.EQUATIONS

    def _is_code(self, key: str) -> bool:
        """Whether a blank asks for a program, which is not run again to name its mistakes."""
        place = self.find(key)
        return place is not None and place[1].wants is InputKind.CODE

    def _forget_other_gates(self) -> None:
        """After another staging, answers about gates that are no longer there go, and values that were shown."""
        asked = {blank.key: blank.wants for step in self.steps for blank in step.blanks(self)}
        self.answers = {
            key: answer
            for key, answer in self.answers.items()
            if key in asked and not (answer.shown and asked[key] is InputKind.VALUE)
        }
        self._following.keep_only(self.answers)

    def _judge_again(self, changed: str) -> None:
        """Judge the values that may follow from a changed one again."""
        staged = bool(changed) and self._is_staging(changed)
        for step in self.steps:
            for blank in step.blanks(self):
                answer = self.answers.get(blank.key)
                if answer is None or answer.shown or blank.key == changed or blank.wants is not InputKind.VALUE:
                    continue
                if answer.verdict.kind is Kind.RIGHT and not staged:
                    continue  # right by the truth, whatever else was answered
                verdict = step.judge(blank, answer.text, self)
                if verdict.kind not in (Kind.UNREADABLE, Kind.UNDECIDED):
                    self.answers[blank.key] = Answer(answer.text, verdict)
                    self._following.note(blank.key, verdict, self.view.prefix_of(blank.key), again=True)

    def _open(self, step: str, key: str) -> None:
        """Open what a quick answer was about, to be worked in pieces."""
        name = self.view.opens(step, key)
        if name and name not in self.opened:
            self._write(step, name, "open", "", "")
            self.opened.add(name)

    def _fill_in(self, step: Step, only: str = "") -> None:
        """Show what is open, and then what had followed from a slip that is now mended."""
        while missing := [b for b in step.blanks(self) if not self.accepted(b) and only in ("", b.key)]:
            for blank in missing:
                self._show_worked(step, blank)
            self._judge_again("")
        self._give()

    def _give(self) -> None:
        """Fill in what is not asked, as far as it is its turn."""
        for step in self.steps if self.asked is not None else ():
            while (blank := self.current_blank(step)) is not None and blank.key not in (self.asked or ()):
                self._show_worked(step, blank, given=True)

    def _show_worked(self, step: Step, blank: Blank, given: bool = False) -> None:
        verdict = Verdict(Kind.REMARK, "Given." if given else "Shown.", shown=True)
        self.answers[blank.key] = Answer(step.worked(blank, self), verdict, shown=True, given=given)
        self._following.forget(blank.key)

    def _step_of(self, key: str) -> str:
        place = self.find(key)
        return place[0].key if place else ""

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

    def _progress(self) -> tuple[int, int]:
        """Steps done and asked; questions, where there are several."""
        parts: dict[int, bool] = {}
        for number, step in enumerate(self.steps):
            part = number if len(self.questions) == 1 else self.view.number_of(step)
            parts[part] = parts.get(part, True) and self.state(step).finished
        return sum(parts.values()), len(parts)

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
                case "mistake" if self._is_code(entry.blank) or not self._tries.knows(entry.verdict):
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


def _same(text: str, other: str) -> bool:
    return " ".join(text.split()) == " ".join(other.split())
