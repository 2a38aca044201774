"""How a class fared: for each blank who got it, the slips met, tries, hints, time; who is stuck.

A blank is counted over all who were asked it, on whatever numbers: its label is what theirs have in common, and so is
what was said of a slip. `comparison.py` says in what groups differ, `report_texts.py` and `report_page.py` show it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from statistics import mean, median

from tutor.course.gradebooks import passed_over_in_words, twice_in_words
from tutor.course.graded import Effort, Graded, counting
from tutor.course.own_values import OwnValues, own_values
from tutor.marking import BlankMarks, MarkOutcome, QuestionMarks
from tutor.practice.seeds import split_id
from tutor.questions.backprop.reference import STAGING
from tutor.text import clipped, one_line, with_drawing

_STUCK_TRIES = 4
"""Wrong answers in a blank that was never right: whoever is there is stuck."""
_MOST_OTHERS, _OTHER_TEXT = 3, 40
"""Texts that are quoted of answers without a name, and their columns."""
_MOST_WORDINGS = 40
"""Of one label or sentence, of which the common words are taken."""
EARNED = (MarkOutcome.RIGHT, MarkOutcome.HINTED, MarkOutcome.CARRIED)
_GAP = "…"
_TOKEN = re.compile(r"\([-−\d.,\s]*\)|\[[-−\d.,\s\[\]]*\]|[-−]?\d+(?:\.\d+)?|[^\W\d]\w*|\s+|\S")
"""A list of numbers, a number, a word, spaces, a sign."""


@dataclass(frozen=True)
class SlipReport:
    """A slip at one blank: its name, how many had it at the end, and what they were told, as far as it is the same."""

    name: str
    count: int
    said: str
    met: int = 0
    """How many met it, at the end or on the way; on the way is known of submissions only."""

    @property
    def title(self) -> str:
        """Its name in words, the same on any numbers."""
        return self.name.replace("|", " or ").replace("_", " ")

    @property
    def counted(self) -> str:
        """How many, in words: `5 ×`, `5 × at the end, met by 7`."""
        return f"{self.count} ×" if self.met == self.count else f"{self.count} × at the end, met by {self.met}:"


@dataclass(frozen=True)
class BlankReport:
    """One blank over all who were asked it."""

    exercise: str
    key: str
    """The key of the blank."""

    question: str
    """The question's title with its number, where the exercise has several; else ""."""

    label: str
    asked: int
    right: int
    carried: int
    missing: int
    not_run: int
    """Programs that were handed in, where code was not to be run."""

    share: float
    """Of its marks, what was earned: from 0 to 1."""

    slips: tuple[SlipReport, ...]
    """All that were met, the most frequent first."""

    others: int
    """Wrong answers that are no mistake with a name."""

    other_texts: tuple[str, ...]
    """What was typed in these, each once, the most frequent first."""

    tries: float | None
    """The mean of wrong ones; None where only sheets were handed in. So for hints, and the median of seconds."""

    hints: float | None
    seconds: float | None

    @property
    def wrong(self) -> int:
        """All that were asked and are in no other column."""
        return self.asked - self.right - self.carried - self.missing - self.not_run

    @property
    def others_in_words(self) -> str:
        """The wrong answers without a name, with some of what was typed; "" where there are none."""
        texts = ", ".join(clipped(one, _OTHER_TEXT) for one in self.other_texts[:_MOST_OTHERS])
        return f"{self.others} {'other' if self.others == 1 else 'others'}, not named: {texts}" if self.others else ""

    @property
    def place(self) -> tuple[str, str]:
        """The exercise and the blank, the same in every group."""
        return self.exercise, self.key


@dataclass(frozen=True)
class GroupReport:
    """A class, a section or a year: who handed in, their shares of the marks, and its blanks."""

    name: str
    shares: tuple[float, ...]
    """Of everyone graded, from 0 to 1, in the order of the files."""

    not_graded: tuple[tuple[str, str], ...]
    """The files that could not be graded, each with why."""

    remarks: tuple[str, ...]
    """Who handed in more than once, and which files were passed over: sentences."""

    blanks: tuple[BlankReport, ...]
    stuck: tuple[tuple[str, str, int], ...]
    """Who is stuck, at what, after how many wrong tries."""

    @property
    def efforts_known(self) -> bool:
        """Whether tries, hints and time are known of anything: of submissions, not of sheets."""
        return any(blank.tries is not None for blank in self.blanks)

    @property
    def mean(self) -> float:
        """The mean share; 0 where nobody was graded."""
        return mean(self.shares) if self.shares else 0.0

    @property
    def exercises(self) -> list[str]:
        """The exercises, in the order in which they were met."""
        return list(dict.fromkeys(blank.exercise for blank in self.blanks))

    def of(self, exercise: str) -> list[tuple[str, list[BlankReport]]]:
        """The blanks of an exercise by question."""
        questions: dict[str, list[BlankReport]] = {}
        for blank in self.blanks:
            if blank.exercise == exercise:
                questions.setdefault(blank.question, []).append(blank)
        return list(questions.items())


@dataclass
class _Tally:
    """What is counted of one blank."""

    exercise: str
    key: str
    questions: dict[str, None] = field(default_factory=dict)
    labels: dict[str, None] = field(default_factory=dict)
    plain_labels: dict[str, None] = field(default_factory=dict)
    """The same, with what learners' own names stand for."""

    outcomes: list[MarkOutcome] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    slips: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    said: dict[str, dict[str, None]] = field(default_factory=dict)
    efforts: list[Effort] = field(default_factory=list)

    def add(self, question: str, blank: BlankMarks, plain_label: str, effort: Effort | None) -> None:
        """Count one learner's."""
        self.questions.setdefault(question)
        self.labels.setdefault(_called(blank))
        self.plain_labels.setdefault(plain_label)
        self.outcomes.append(blank.outcome)
        self.shares.append(blank.earned / blank.full if blank.full else 0.0)
        if mistake := _mistake(blank):
            self.slips[mistake] += 1
            self.said.setdefault(mistake, {}).setdefault(with_drawing(blank.said)[0])
        elif blank.outcome not in (*EARNED, MarkOutcome.MISSING, MarkOutcome.NOT_RUN, MarkOutcome.SHOWN):
            self.others["; ".join(one_line(line) for line in blank.answer.strip().splitlines())] += 1
        met = dict(effort.met) if effort is not None else {}
        for slip in {*met, *([mistake] if mistake else [])}:
            self.met[slip] += 1
            if slip in met:
                self.said.setdefault(slip, {}).setdefault(with_drawing(met[slip])[0])
        if effort is not None:
            self.efforts.append(effort)

    def report(self, label: str) -> BlankReport:
        """What it came to."""
        return BlankReport(
            self.exercise,
            self.key,
            in_common(self.questions),
            label,
            len(self.outcomes),
            sum(one in (MarkOutcome.RIGHT, MarkOutcome.HINTED) for one in self.outcomes),
            self.outcomes.count(MarkOutcome.CARRIED),
            self.outcomes.count(MarkOutcome.MISSING),
            self.outcomes.count(MarkOutcome.NOT_RUN),
            mean(self.shares),
            tuple(
                SlipReport(slip, self.slips[slip], in_common(self.said[slip]), many)
                for slip, many in sorted(self.met.items(), key=lambda row: (-row[1], -self.slips[row[0]], row[0]))
            ),
            self.others.total(),
            tuple(text for text, _ in self.others.most_common()),
            mean(one.tries for one in self.efforts) if self.efforts else None,
            mean(one.hints for one in self.efforts) if self.efforts else None,
            median(one.seconds for one in self.efforts) if self.efforts else None,
        )


def _mistake(blank: BlankMarks) -> str:
    """The name of what an answer lost its marks by; "" where it has none."""
    if blank.outcome is MarkOutcome.NO_WORK:
        return blank.outcome.value
    return blank.mistake if blank.outcome is MarkOutcome.WRONG else ""


def report_of(name: str, grades: Sequence[Graded], passed_over: Sequence[Path] = ()) -> GroupReport:
    """What became of these, as one group. Blanks of learners' own equations count by what their values are."""
    tallies: dict[tuple[str, str], _Tally] = {}
    stuck: list[tuple[str, int, _Tally]] = []
    shares: list[float] = []
    for one in counting(grades):
        shares.append(one.share)
        for exercise in one.marks.exercises if one.marks is not None else ():
            base = split_id(exercise.id)[0]
            for number, question in enumerate(exercise.questions, 1):
                title = f"{number}. {question.title}".rstrip(". ") if len(exercise.questions) > 1 else ""
                own = _own_values(question)
                for blank in question.blanks():
                    effort = one.efforts.get(f"{exercise.id} {blank.key}")
                    prefix, _, bare = blank.key.rpartition("/")
                    key = f"{prefix}/{own.key(bare)}" if prefix else own.key(bare)
                    tally = tallies.setdefault((base, key), _Tally(base, key))
                    tally.add(title, blank, own.label(_called(blank)), effort)
                    if effort is not None and effort.tries >= _STUCK_TRIES and blank.outcome not in EARNED:
                        stuck.append((one.who, effort.tries, tally))
    labels = _labels(tallies.values())
    stuck.sort(key=lambda row: -row[1])
    return GroupReport(
        name,
        tuple(shares),
        tuple((one.file, " ".join(one.problems)) for one in grades if one.marks is None),
        (*twice_in_words(grades), *passed_over_in_words(passed_over)),
        tuple(tally.report(labels[at]) for at, tally in tallies.items()),
        tuple(
            (who, f"{tally.exercise} {labels[tally.exercise, tally.key]}".strip(), tries) for who, tries, tally in stuck
        ),
    )


def _labels(tallies: Iterable[_Tally]) -> dict[tuple[str, str], str]:
    """What each blank is called; those that would have one name in a question are numbered there."""
    questions: dict[tuple[str, str], list[tuple[_Tally, str]]] = {}
    for tally in tallies:
        own = questions.setdefault((tally.exercise, in_common(tally.questions)), [])
        own.append((tally, in_common(tally.labels if len(tally.labels) == 1 else tally.plain_labels)))
    labels = {}
    for own in questions.values():
        names = Counter(name for _, name in own)
        for number, (tally, name) in enumerate(own, 1):
            labels[tally.exercise, tally.key] = name if names[name] == 1 else f"{number}: {name}"
    return labels


def _own_values(question: QuestionMarks) -> OwnValues:
    """Of the equations that were handed in for a question; none where it asks for none."""
    stagings = [blank.answer for blank in question.blanks() if blank.key.rpartition("/")[2] == STAGING]
    return own_values(stagings[0] if stagings else "")


def _called(blank: BlankMarks) -> str:
    """A blank's name in a table, where it is no half of an equation."""
    label = re.sub(r"^(upstream|downstream|sum)\s+(?=∂)|\s*(=|:|←|gives)$", "", one_line(blank.label))
    return f"code {label}".strip() if blank.key.rpartition("/")[2] == "code" else label or blank.key


def in_common(wordings: Iterable[str]) -> str:
    """What wordings of one thing on different numbers have in common, with `…` where they differ."""
    first, *others = list(dict.fromkeys(one_line(text) for text in wordings))[:_MOST_WORDINGS] or [""]
    kept = _TOKEN.findall(first)
    for other in others:
        kept = _shared(kept, _TOKEN.findall(other))
    return "".join(kept).strip()


def _shared(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The tokens of both in their order, with a gap wherever either has others."""
    shared: list[str] = []
    ends = (0, 0)
    for block in SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks():
        if (block.a, block.b) != ends and shared[-1:] != [_GAP]:
            shared.append(_GAP)
        same = first[block.a : block.a + block.size]
        shared += same[1:] if shared[-1:] == [_GAP] == same[:1] else same
        ends = (block.a + block.size, block.b + block.size)
    return shared
