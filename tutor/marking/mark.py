"""Marks for an exercise: each blank judged in the order in which it is asked, whatever the order it was answered in.

What an answer follows from is what stands in the blanks before it. An answer that follows rightly from a mistake earns
its marks (error carried forward), unless that mistake left nothing to work out. Wrong equations are followed too: the
steps after them are then about the function that they make, and earn as large a part as it holds of the right one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from tutor.judging import Kind, Verdict
from tutor.learner import Entry
from tutor.library import Exercise
from tutor.marking.degenerate import GivenAnswer, fillers, is_one, is_zero, nothing_left
from tutor.marking.learner_graph import OpenStep
from tutor.marking.records import BlankMarks, ExerciseMarks, MarkOutcome, QuestionMarks, StepMarks
from tutor.marking.scheme import BlankScheme, QuestionScheme, apportioned, schemes_of
from tutor.questions import Answer, Blank, InputKind
from tutor.questions.backprop.reference import STAGING, key_parts
from tutor.questions.inflect import listed
from tutor.questions.question import prefixes
from tutor.questions.registry import questions_of
from tutor.runner import Runner

_HINT_COSTS = Fraction(1, 4)
"""Of a blank's marks, for each hint; the last quarter is for writing it down."""
_MOST_HINTS = 3


@dataclass(frozen=True)
class Work:
    """What a learner handed in, by the keys of blanks: answers, how many hints were given, what was shown."""

    answers: Mapping[str, str]
    hints: Mapping[str, int] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()
    quick: bool = True
    """Whether the backward step asked for each value's gradient alone."""

    def within(self, prefix: str) -> Work:
        """The part whose keys begin so, without that."""
        return Work(
            {key.removeprefix(prefix): text for key, text in self.answers.items() if key.startswith(prefix)},
            {key.removeprefix(prefix): many for key, many in self.hints.items() if key.startswith(prefix)},
            frozenset(key.removeprefix(prefix) for key in self.shown if key.startswith(prefix)),
            self.quick,
        )


def work_of(journal: Iterable[Entry]) -> Work:
    """What was handed in by a session, from its journal since the last reset: the last that counts in each blank.

    A step that was given up as a whole has no blank in the journal: all its blanks without a right answer were shown.
    """
    answers: dict[str, str] = {}
    counts: dict[str, bool] = {}
    hints: dict[str, int] = {}
    shown: set[str] = set()
    quick = False
    for entry in journal:
        key = entry.blank
        match entry.action:
            case "answer":
                decided = entry.verdict not in (Kind.UNREADABLE, Kind.UNDECIDED)
                if decided or not counts.get(key):
                    answers[key], counts[key] = entry.text, decided
            case "hint":
                hints[key] = hints.get(key, 0) + 1
            case "skip":
                shown.add(key or f"{entry.step}:")
            case "mode":
                quick = entry.text == "quick"
            case _:
                pass
    return Work(answers, hints, frozenset(shown), quick)


class Marker:
    """Marks one exercise, for as many learners as there are: what is asked and what it is worth is worked out once."""

    def __init__(
        self, exercise: Exercise, runner: Runner, quick: bool = True, total: float | None = None, run_code: bool = True
    ) -> None:
        """`total` is what the exercise is worth, in place of what its file says; code is run only with `run_code`.

        Raises BadFile where the exercise's mathematics does not hold.
        """
        questions = questions_of(exercise, runner)
        self.exercise = exercise
        self.schemes = schemes_of(exercise, questions, quick, total)
        self.prefixes = prefixes(len(questions))
        self.runs_code = run_code

    def mark(self, work: Work) -> ExerciseMarks:
        """The marks for this work. The same work earns the same, always."""
        marked = [
            _QuestionMarker(scheme, work.within(prefix), prefix, self.runs_code).question()
            for scheme, prefix in zip(self.schemes, self.prefixes, strict=True)
        ]
        return ExerciseMarks(self.exercise.id, self.exercise.on_paper.title, tuple(marked))


def mark(
    exercise: Exercise, work: Work, runner: Runner, total: float | None = None, run_code: bool = True
) -> ExerciseMarks:
    """The marks of an exercise for one learner's work; see `Marker`."""
    return Marker(exercise, runner, work.quick, total, run_code).mark(work)


_ABOUT_OWN = {"forward": ("value:",), "backward": ("total:", "local:", "down:")}
"""What the keys of blanks begin with, in the steps on learners' own equations."""
_UNNAMED = "Your equations give this value no name of its own."


def _called(blank: Blank) -> str:
    """What an answer is called in a sentence."""
    at = key_parts(blank.key)
    known = {"value": "value of", "total": "gradient of"}
    return f"{known[at.kind]} {at.name}" if at.kind in known else f"answer to {blank.label.rstrip(' =:')}"


class _QuestionMarker:
    """Marks one question. Its keys are without the question's prefix until they are written down."""

    def __init__(self, scheme: QuestionScheme, work: Work, prefix: str, run_code: bool) -> None:
        self._scheme = scheme
        self._work = work
        self._prefix = prefix
        self._run_code = run_code
        self._asked = {row.blank.key: row.correct for rows in scheme.steps.values() for row in rows}
        self._judged: dict[str, Answer] = {}
        self._given: dict[str, GivenAnswer] = {}
        self._roots: dict[str, tuple[str, ...]] = {}
        """Accepted answer -> the mistakes that it follows from."""
        self._called: dict[str, str] = {}
        """What an answer is called in a sentence: `gradient of b`."""

    def question(self) -> QuestionMarks:
        """All its steps; those that the learner's equations did not open have empty blanks."""
        equations = self._work.answers.get(STAGING, "") if self._scheme.work.stages else None
        if STAGING in self._work.shown:
            equations = None
        opened = {one.step.key: one for one in self._scheme.work.steps_to_mark(equations)}
        steps = [
            StepMarks(f"{self._prefix}{key}", self._scheme.own[key].step.title, self._step(rows, opened.get(key)))
            for key, rows in self._scheme.steps.items()
        ]
        return QuestionMarks(self._scheme.work.question.title, tuple(steps))

    def _step(self, rows: tuple[BlankScheme, ...], opened: OpenStep | None) -> tuple[BlankMarks, ...]:
        if opened is None or not opened.blanks:
            return tuple(self._row(row.blank, row.correct, row.full, MarkOutcome.MISSING, "") for row in rows)
        worth = {row.blank.key: row for row in rows}
        blanks = opened.blanks
        if set(worth) != {blank.key for blank in blanks}:  # on other equations there are other blanks
            total = sum((row.full for row in rows), Fraction(0))
            parts = apportioned(total, [Fraction(1)] * len(blanks))
            correct = [opened.step.worked(blank, opened.answers({})) for blank in blanks]
            worth = {
                blank.key: BlankScheme(blank, text, part)
                for blank, text, part in zip(blanks, correct, parts, strict=True)
            }
        elif opened.own:
            worth = {
                blank.key: BlankScheme(blank, opened.step.worked(blank, opened.answers({})), worth[blank.key].full)
                for blank in blanks
            }
        verdicts = [self._verdict(opened, blank, worth[blank.key]) for blank in blanks]
        filled = fillers(self._given)
        marked = [
            self._marked(opened, worth[blank.key], verdict, filled)
            for blank, verdict in zip(blanks, verdicts, strict=True)
        ]
        return (*marked, *self._not_marked(opened))

    def _not_marked(self, opened: OpenStep) -> Iterator[BlankMarks]:
        """The answers of a step on values that the learner's equations do not give, as far as these can be used."""
        begin = _ABOUT_OWN.get(opened.step.key)
        asked = {blank.key for blank in opened.blanks}
        for key, text in self._work.answers.items():
            if begin and key.startswith(begin) and key not in asked and text.strip():
                said = f"Your equations do not say what {key_parts(key).name} is."
                yield BlankMarks(
                    f"{self._prefix}{key}", key.partition(":")[2], text, "", 0.0, 0.0, MarkOutcome.NOT_MARKED, said
                )

    def _verdict(self, opened: OpenStep, blank: Blank, row: BlankScheme) -> Verdict | None:
        """The judge's, with what was answered before; None where there is nothing to judge."""
        text = self._work.answers.get(blank.key, "")
        if self._is_shown(opened, blank):
            shown = Verdict(Kind.REMARK, "Shown.", shown=True)
            self._judged[blank.key] = Answer(row.correct, shown, shown=True)
            return shown
        if not text.strip() or text.strip() == blank.starter.strip():
            return None
        if blank.wants is InputKind.CODE and not self._run_code:
            return None
        verdict = opened.step.judge(blank, text, opened.answers(self._judged)).unasked
        if verdict.kind not in (Kind.UNREADABLE, Kind.UNDECIDED):
            self._judged[blank.key] = Answer(text, verdict)
            self._given[blank.key] = GivenAnswer(text, row.correct, verdict.accepted)
            self._called[blank.key] = _called(blank)
            self._roots[blank.key] = self._mistakes_behind(opened, blank, text, verdict)
        return verdict

    def _mistakes_behind(self, opened: OpenStep, blank: Blank, text: str, verdict: Verdict) -> tuple[str, ...]:
        """The mistakes without which an answer would not have been accepted; none where it is right in itself."""
        if verdict.kind is not Kind.REMARK or blank.wants is not InputKind.VALUE:
            return ()
        behind = {
            key: self._roots[key] or (() if one.accepted else (key,))
            for key, one in self._given.items()
            if key != blank.key
        }
        suspects = [key for key, roots in behind.items() if roots]
        if not suspects or self._accepted_without(opened, blank, text, suspects):
            return ()
        needed = [key for key in suspects if not self._accepted_without(opened, blank, text, [key])]
        return tuple(dict.fromkeys(root for key in needed or suspects for root in behind[key]))

    def _accepted_without(self, opened: OpenStep, blank: Blank, text: str, keys: list[str]) -> bool:
        others = {key: answer for key, answer in self._judged.items() if key not in keys}
        return opened.step.judge(blank, text, opened.answers(others)).unasked.accepted

    def _is_shown(self, opened: OpenStep, blank: Blank) -> bool:
        shown = self._work.shown
        return blank.key in shown or (f"{opened.step.key}:" in shown and blank.key not in self._work.answers)

    def _marked(
        self, opened: OpenStep, row: BlankScheme, verdict: Verdict | None, filled: frozenset[str]
    ) -> BlankMarks:
        blank, text = row.blank, self._work.answers.get(row.blank.key, "")
        if verdict is None:
            left_out = blank.wants is InputKind.CODE and text.strip() not in ("", blank.starter.strip())
            outcome = MarkOutcome.NOT_RUN if left_out else MarkOutcome.MISSING
            unnamed = opened.staged and key_parts(blank.key).name in opened.added
            said = _UNNAMED if unnamed and outcome is MarkOutcome.MISSING else ""
            return self._row(blank, row.correct, row.full, outcome, text if left_out else "", said=said)
        if verdict.shown:
            return self._row(blank, row.correct, row.full, MarkOutcome.SHOWN, row.correct, verdict)
        if not verdict.accepted and opened.staged and key_parts(blank.key).name in opened.added:
            unsaid = Verdict(Kind.UNDECIDED, f"Your equations do not say what {key_parts(blank.key).name} is.")
            return self._row(blank, row.correct, row.full, MarkOutcome.NOT_MARKED, text, unsaid)
        if not verdict.accepted:
            return self._row(blank, row.correct, row.full, MarkOutcome(verdict.kind.value), text, verdict)
        if opened.own and (why := self._left_by_equations(blank, row.correct)):
            return self._row(blank, row.correct, row.full, MarkOutcome.NO_WORK, text, said=why)
        behind = self._roots[blank.key]
        roots = [(key, self._given[key]) for key in behind]
        why = nothing_left(GivenAnswer(text, row.correct, accepted=True), roots, filled) if behind else ""
        if why:
            of = listed([self._called[key] for key in behind])
            said = f"It follows from your {of}, but {why}."
            return self._row(blank, row.correct, row.full, MarkOutcome.NO_WORK, text, said=said)
        hints = min(_MOST_HINTS, self._work.hints.get(blank.key, 0))
        earned = row.full * opened.share * (1 - hints * _HINT_COSTS)
        follows = opened.own or bool(behind)
        outcome = MarkOutcome.CARRIED if follows else MarkOutcome.HINTED if hints else MarkOutcome.RIGHT
        return self._row(blank, row.correct, row.full, outcome, text, verdict, earned)

    def _left_by_equations(self, blank: Blank, correct: str) -> str:
        """Why an answer on equations that are not the function took no work; "" where it did."""
        asked = self._asked.get(blank.key, "")
        if is_zero(correct, asked):
            return "It is 0 by your equations."
        if blank.key.startswith(_ABOUT_OWN["backward"]) and is_one(correct, asked):
            return "It is 1 by your equations."
        return ""

    def _row(
        self,
        blank: Blank,
        correct: str,
        full: Fraction,
        outcome: MarkOutcome,
        answer: str,
        verdict: Verdict | None = None,
        earned: Fraction = Fraction(0),
        said: str = "",
    ) -> BlankMarks:
        carried = tuple(f"{self._prefix}{key}" for key in self._roots.get(blank.key, ()))
        return BlankMarks(
            key=f"{self._prefix}{blank.key}",
            label=blank.label,
            answer=answer,
            correct=correct,
            earned=float(earned),
            full=float(full),
            outcome=outcome,
            said=verdict.message if verdict is not None else said,
            mistake=verdict.mistake if verdict is not None else "",
            carried=carried,
        )
