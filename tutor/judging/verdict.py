"""What the tutor says to an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from tutor.engine.gates import vocabulary
from tutor.language import Unreadable, Vocabulary, other_readings, read_entrywise


class Kind(StrEnum):
    """The five kinds of verdict."""

    RIGHT = "right"
    REMARK = "remark"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    UNDECIDED = "undecided"

    @property
    def charged(self) -> bool:
        """Whether it counts as a try, wherever tries are counted: only what is wrong does.

        The same wrong answer given again is `undecided`, and so counts once.
        """
        return self is Kind.WRONG

    @property
    def said(self) -> str:
        """How a verdict of this kind begins."""
        return _SAID[self]


_SAID = {
    Kind.RIGHT: "Right.",
    Kind.REMARK: "Right.",
    Kind.WRONG: "Not yet.",
    Kind.UNREADABLE: "Not counted.",
    Kind.UNDECIDED: "Not counted.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A kind and its reason, in words for the learner.

    `caret` is two lines (the text, and marks under the place meant), `echo` how the answer was read when it
    was not typed literally, `mistake` the name of a recognised mistake. What later steps need to know is in the
    fields below: nothing is read out of `message`.
    """

    kind: Kind
    message: str = ""
    caret: str = ""
    echo: str = ""
    mistake: str = ""
    repair: str = ""
    carried: tuple[str, ...] = ()
    """The keys of the earlier blanks with a mistake that this answer, right in itself, was worked out from."""

    rounded: bool = False
    """Whether it is right but for a rounding: its own, or that of an earlier number it was worked out from."""

    lines: tuple[int, ...] = ()
    """The lines of a program or a staging among which its mistake is; one where it is certain."""

    right_lines: tuple[int, ...] = ()
    """The lines of a program that are known to be right."""

    stopped_at: int | None = None
    """The line of a program at which Python stopped, which need not be the one with the mistake."""

    clause: str = ""
    """What is wrong with its one line, in a few words; of an option chosen, why it is wrong, without its letter."""

    brief: str = ""
    """What was done, in a few words without what is right, for a list of mistakes; "" where the message says it."""

    where: str = ""
    """The message to a first try: of a program without what is wrong with its line; "" where it is the same."""

    what: str = ""
    """What is wrong with the line, for whom the line is not enough."""

    shown: bool = False
    """Whether the tutor filled the answer in."""

    rough: bool = False
    """Whether it is on a number with too few digits to be judged."""

    in_doubt: bool = False
    """Whether so rounded it is right, and a likely mistake's number as well: one more digit is asked for."""

    answers: str = ""
    """The key of another blank of the step, which this answers rightly; it costs nothing here."""

    unexplained: bool = False
    """Whether the message says no more than that the answer is wrong."""

    @property
    def accepted(self) -> bool:
        """Whether the blank is done."""
        return self.kind in (Kind.RIGHT, Kind.REMARK)

    @property
    def charged(self) -> bool:
        """Whether it counts as a try."""
        return self.kind.charged

    @property
    def unasked(self) -> Verdict:
        """The verdict where nobody can be asked for another digit, as on paper: doubt counts for the learner."""
        return replace(remark(_IN_FAVOUR), rounded=True, echo=self.echo) if self.in_doubt else self

    def saying(self, more: str) -> Verdict:
        """The same verdict, with more said after its reason."""
        return replace(self, message=f"{self.message} {more}".strip())

    def with_echo(self, echo: str | None) -> Verdict:
        """The same verdict, saying how the answer was read."""
        return replace(self, echo=echo or "")


_IN_FAVOUR = "Taken as the right value, rounded. A common mistake, so rounded, gives this too."


def right(message: str = "") -> Verdict:
    """Right, nothing to add (or a word of praise that says why)."""
    return Verdict(Kind.RIGHT, message)


def remark(message: str) -> Verdict:
    """Right, with something to know."""
    return Verdict(Kind.REMARK, message)


def wrong(message: str, mistake: str = "", lines: tuple[int, ...] = ()) -> Verdict:
    """Wrong, and why."""
    return Verdict(Kind.WRONG, message, mistake=mistake, lines=lines)


def undecided(message: str) -> Verdict:
    """Neither: says what is missing; costs nothing."""
    return Verdict(Kind.UNDECIDED, message)


def unreadable(message: str) -> Verdict:
    """Cannot be taken as an answer to this; costs nothing."""
    return Verdict(Kind.UNREADABLE, message)


def unless_entrywise(text: str, verdict: Verdict, words: Vocabulary, judge: Callable[[str], Verdict]) -> Verdict:
    """A wrong verdict; or, where the text would be right with its products entry by entry, one that says so.

    `judge` is the verdict on a text, read with `words`.
    """
    other = read_entrywise(text, words) if verdict.charged else None
    if other is None or not judge(other.text).accepted:
        return verdict
    return Verdict(Kind.UNDECIDED, other.said, echo=verdict.echo)


def from_language(error: Unreadable) -> Verdict:
    """A text the language could not read, with its caret."""
    return Verdict(Kind.UNREADABLE, error.message, caret=error.caret(), repair=error.repair or "")


def in_any_reading(text: str, judge: Callable[[str], Verdict]) -> Verdict:
    """The verdict on a text as it is read; or, where only another usual reading is right, one that says so.

    `judge` is the verdict on a text, and raises nothing.
    """
    first = judge(text)
    if first.kind not in (Kind.WRONG, Kind.UNREADABLE):
        return first
    for other in other_readings(text, vocabulary().functions):
        if judge(other.text).accepted:
            if first.repair == other.text:
                return first
            return Verdict(Kind.UNDECIDED, other.said, repair=other.text)  # which tells how it is read
    return first
