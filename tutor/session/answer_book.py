"""What an exercise asks and the answers to it as they stand: taken in, judged again, shown, and how far that is.

Nothing is kept here beyond the answers themselves: `session.py` writes the journal.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from tutor.judging import Kind, Verdict
from tutor.questions import Answer, Blank, InputKind, Step
from tutor.questions.question import Question
from tutor.session.asked_steps import asked_steps, without_running
from tutor.session.exercise_view import ExerciseView
from tutor.session.following import Following
from tutor.session.tries import same_text


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


class AnswerBook:
    """The answers to the steps of an exercise. Satisfies `questions.Answers`.

    It is one object on purpose: an answer can open blanks, have others judged again and end the exercise.
    """

    def __init__(self, questions: Sequence[Question], asked: Collection[str] | None, runs_code: bool) -> None:
        """`asked` are the keys of the blanks that are asked, where the others are given (see `asked_steps.py`)."""
        self.questions = questions
        self.view = ExerciseView(questions, self)
        self.asked = asked
        self.runs_code = runs_code
        """Whether code is run; where it is not, the exercise is finished without it."""
        self.steps = asked_steps(self.view.steps if runs_code else without_running(self.view.steps), asked)
        self._forget_all()

    def _forget_all(self) -> None:
        """Nothing is answered, and everything is asked in full."""
        self.answers: dict[str, Answer] = {}
        self.quick = False
        self.opened: set[str] = set()
        self._following = Following()

    # What there is to do

    @property
    def statement(self) -> str:
        """The function and its inputs in one line, where the exercise is one question."""
        return self.questions[0].statement if len(self.questions) == 1 else ""

    @property
    def several_questions(self) -> bool:
        """Whether the exercise is several questions, each with a worked solution of its own."""
        return len(self.questions) > 1

    def find(self, key: str) -> tuple[Step, Blank] | None:
        """The step and blank of a key; None where it is not asked now."""
        return next(((step, blank) for step in self.steps for blank in step.blanks(self) if blank.key == key), None)

    def blanks(self, step: Step) -> tuple[Blank, ...]:
        """A step's blanks; none before the steps it needs are done."""
        return step.blanks(self)

    def accepted(self, blank: Blank) -> bool:
        """Whether a blank is done."""
        answer = self.answers.get(blank.key)
        return answer is not None and answer.verdict.accepted

    def current_blank(self, step: Step, after: Blank | None = None) -> Blank | None:
        """The next blank that is not done, from the one after `after` and then round; None where all are."""
        blanks = step.blanks(self)
        keys = [blank.key for blank in blanks]
        start = keys.index(after.key) + 1 if after is not None and after.key in keys else 0
        return next((blank for blank in (*blanks[start:], *blanks[:start]) if not self.accepted(blank)), None)

    # How far it has come

    def state(self, step: Step) -> StepState:
        """How far a step has come."""
        blanks = step.blanks(self)
        counted = [blank for blank in blanks if self.runs_code or blank.wants is not InputKind.CODE]
        done = [blank for blank in counted if self.accepted(blank)]
        shown = any(self._was_shown(blank.key) for blank in done)
        return StepState(len(done), len(counted), bool(blanks), shown)

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
    def current_step(self) -> Step:
        """The first step that is not finished; the last one where all are."""
        return next((step for step in self.steps if not self.state(step).finished), self.steps[-1])

    def question_finished(self, step: Step) -> bool:
        """Whether every step of the question that a step belongs to is done, by the learner or shown."""
        return all(self.state(each).finished for each in self.view.together(step))

    def _progress(self) -> tuple[int, int]:
        """Steps done and asked; questions, where there are several."""
        parts: dict[int, bool] = {}
        for number, step in enumerate(self.steps):
            part = number if len(self.questions) == 1 else self.view.number_of(step)
            parts[part] = parts.get(part, True) and self.state(step).finished
        return sum(parts.values()), len(parts)

    # Taking answers in

    def _take_in(self, key: str, text: str, verdict: Verdict) -> None:
        """Let an answer that was judged be the blank's own, where it may be."""
        if verdict.kind in (Kind.UNREADABLE, Kind.UNDECIDED):
            return  # what cannot be judged does not undo what was
        before, staged = self.answers.get(key), self._asks_for(key, InputKind.EQUATIONS)
        if staged and before is not None and before.verdict.accepted and not verdict.accepted:
            return  # a staging that holds stays, with all that was built on it, until another one holds
        shown = before is not None and before.shown and same_text(text, before.text)
        self.answers[key] = Answer(text, verdict, shown=shown)
        self._following.note(key, verdict, self.view.prefix_of(key), again=False)
        if staged and before is not None and before.text != text:
            self._forget_other_gates()

    def _asks_for(self, key: str, kind: InputKind) -> bool:
        """Whether a blank that is asked now wants this."""
        place = self.find(key)
        return place is not None and place[1].wants is kind

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
        staged = bool(changed) and self._asks_for(changed, InputKind.EQUATIONS)
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

    @property
    def to_put_right(self) -> tuple[str, ...]:
        """The keys of the answers that followed rightly from mistakes which are mended by now, in order."""
        return self._following.ready((blank.key for step in self.steps for blank in step.blanks(self)), self._is_right)

    def _is_right(self, key: str) -> bool:
        """Whether an answer is right, and not only as what follows from a mistake."""
        answer = self.answers.get(key)
        return answer is not None and answer.verdict.accepted and not answer.verdict.carried

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

    def _label(self, key: str) -> str:
        """What a blank is called where it is spoken of elsewhere; a program by its step."""
        place = self.find(key)
        if place is None:
            return ""
        step, blank = place
        return step.title if blank.wants is InputKind.CODE else blank.label.removesuffix("=").removesuffix(":").strip()

    def _step_of(self, key: str) -> str:
        place = self.find(key)
        return place[0].key if place else ""
