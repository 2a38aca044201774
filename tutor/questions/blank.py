"""What every kind of question is made of: steps, their blanks, and the answers given so far."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tutor.judging import Verdict

CODE = "code"
"""The key of a step that asks for a program, and of its one blank."""

BACKWARD, LOCAL_KEY = "backward", "local"
"""The key of the step that goes back through a graph, and what the keys of its local derivatives begin with."""


class InputKind(StrEnum):
    """What is given in a blank: staged equations, one value or expression, some of several options, or Python."""

    EQUATIONS = "equations"
    VALUE = "value"
    CHOICE = "choice"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class FilledIn:
    """What is not asked, since it is what another blank was answered with: it is shown where it is needed."""

    role: str
    """What it is to the gate: `upstream`."""

    label: str
    """What it is called: `∂f/∂j`."""

    sender: str
    """Where it comes from: the name of a gate."""

    text: str
    """The learner's own answer; "" while the other blank is open."""

    key: str = ""
    """What a blank that asked for it would have as its key."""


@dataclass(frozen=True, slots=True)
class Blank:
    """One thing to fill in. `key` is stable while the steps before it keep their answers."""

    key: str
    label: str
    """Short, as it stands before the entry: `a =`, `∂f/∂x =`."""

    prompt: str
    """A sentence that asks for it."""

    wants: InputKind = InputKind.VALUE
    group: str = ""
    """The heading it stands under, such as a gate's equation."""

    beside: str = ""
    """What it is found from, where that is not what it stands under: the equations of other gates."""

    starter: str = ""
    """What the editor holds at first."""

    example: str = "a number or a formula"
    """What may be typed, in a few words."""

    shape: tuple[int, ...] | None = None
    """That of the value asked for; None where it is not known before, or no value is asked."""

    digits: int = 0
    """Significant digits that a rounded number needs here; 0 where no numbers are asked for."""

    options: tuple[str, ...] = ()
    """What there is to choose from; an answer names them by letter, `a` or `a c`."""

    several: bool = False
    """Whether more than one option may be chosen."""

    row: str = ""
    """What it is called in the list under its heading, where its label says more than is needed there."""

    filled_in: tuple[FilledIn, ...] = ()
    """What stands above it without being asked."""

    given: str = ""
    """What is given at this blank alone, in place of what its question gives; "" where that is the same."""

    same_as: str = ""
    """The key of a blank that asks for the same number where fewer blanks, or more, are asked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer to a blank that was judged, and its verdict; `shown` where the learner asked to see it.

    One that is `given` is shown too, but was never asked.
    """

    text: str
    verdict: Verdict
    shown: bool = False
    given: bool = False


class Answers(Protocol):
    """What has been answered so far in an exercise."""

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Blank key -> its last answer."""

    @property
    def quick(self) -> bool:
        """Whether the backward step asks for each value's gradient only."""

    @property
    def opened(self) -> Set[str]:
        """The values whose gradient is to be entered in full although the step is quick."""


@dataclass(frozen=True, slots=True)
class AnswersBeside:
    """All answers but the one to a blank, which is no reason for what is said to another there. Satisfies `Answers`."""

    answers: Mapping[str, Answer]
    quick: bool
    opened: Set[str]

    @classmethod
    def of(cls, answers: Answers, blank: Blank) -> AnswersBeside:
        """Those beside a blank's own."""
        others = {key: answer for key, answer in answers.answers.items() if key != blank.key}
        return cls(others, answers.quick, answers.opened)


class Step(Protocol):
    """A stage of an exercise."""

    key: str
    title: str

    def about(self, answers: Answers) -> str:
        """One or two sentences on what is asked here."""

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """The blanks, in the order they are best filled in; none while an earlier step is missing."""

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """The verdict on an answer. Raises nothing for any text."""

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The principle; a question with the numbers at hand; the worked line. `text` is what is typed so far."""

    def worked(self, blank: Blank, answers: Answers) -> str:
        """A right answer, as a learner could type it."""


@dataclass(frozen=True, slots=True)
class NoAnswers:
    """Nothing answered yet. Satisfies `Answers`."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    quick: bool = False
    opened: Set[str] = frozenset()
