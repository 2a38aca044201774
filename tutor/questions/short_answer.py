"""Questions of blanks that stand for themselves: each with its own judge, hints and right answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from msgspec import Struct

from tutor.drawing import Figure, GraphSpec
from tutor.judging import Kind, Verdict
from tutor.language import Vocabulary
from tutor.library import BadFile
from tutor.library.format import Hints, Marks
from tutor.questions.blank import Answers, Blank
from tutor.questions.carried_forward import EarlierAnswer, Explain, Follow
from tutor.questions.inflect import told_apart
from tutor.questions.labels import without_left_side
from tutor.questions.question import Paragraph, Question, QuestionTable

Judge = Callable[[str], Verdict]
"""The verdict on an answer. Raises nothing for any text."""

RUNGS = 3


class AskTable(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What every blank of such a question may hold. A kind adds its own keys."""

    prompt: str = ""
    """A sentence that asks for it; made by the kind when absent."""

    label: str = ""
    """What stands before the field, such as `dz/dt =`."""

    hints: Hints = ()
    """Up to three rungs in place of the generated ones; "" keeps a rung."""

    after: str = ""
    """What is said once it is right, such as the name of the rule."""

    marks: Marks | None = None
    """What this blank is worth on a paper; an equal part of the question's marks when absent."""


@dataclass(frozen=True, slots=True)
class Item:
    """One blank, and all there is to say to it."""

    blank: Blank
    judge: Judge
    hints: tuple[str, str, str]
    worked: str
    """A right answer, as it is typed."""

    told: str = ""
    """Its lines in the worked solution; made of label and answer when absent."""

    after: str = ""

    follow: Follow | None = None
    """Its verdict given earlier answers, where it may follow from them."""

    explain: Explain | None = None
    """Its verdict on what nothing explains, given earlier answers upon which a mistake may have been made."""

    figure: Figure | None = None
    """What is drawn beside it."""

    listed: Callable[[str], str] | None = None
    """How a right answer stands in a list of answers; as it was typed where this is absent."""

    @property
    def called(self) -> str:
        """What it is called in a sentence."""
        return self.blank.label.strip().rstrip("=≈:").strip()

    @property
    def line(self) -> str:
        """Its lines in the worked solution."""
        told = self.told or f"{self.blank.label} {self.worked}".strip()
        return f"{told}   ({self.after})" if self.after and "\n" not in told else told


class ShortAnswerStep:
    """The one step of such a question."""

    def __init__(self, key: str, title: str, about: str, asked: Sequence[Item]) -> None:
        """`key` is the kind's name."""
        self.key = key
        self.title = title
        self._about = about
        self._asked = {one.blank.key: one for one in asked}

    @property
    def asked(self) -> tuple[Item, ...]:
        """What is asked, in order."""
        return tuple(self._asked.values())

    def about(self, answers: Answers) -> str:
        """What is asked."""
        return self._about

    def blanks(self, answers: Answers) -> tuple[Blank, ...]:
        """All blanks; all are there from the beginning."""
        return tuple(one.blank for one in self._asked.values())

    def judge(self, blank: Blank, text: str, answers: Answers) -> Verdict:
        """The blank's own verdict, or that the answer follows from earlier ones; with what is said once it is right."""
        asked = self._asked[blank.key]
        verdict = asked.judge(text)
        if asked.follow is not None and verdict.kind in (Kind.WRONG, Kind.UNDECIDED) and not verdict.in_doubt:
            verdict = asked.follow(text, self._before(asked, answers)) or verdict
        if asked.explain is not None and verdict.charged and verdict.unexplained:
            verdict = asked.explain(text, self._before(asked, answers), verdict)
        return verdict.saying(asked.after) if verdict.accepted else verdict

    def _before(self, asked: Item, answers: Answers) -> list[EarlierAnswer]:
        """The learner's own answers to the blanks before this one."""
        earlier = []
        for one in takewhile(lambda one: one is not asked, self._asked.values()):
            answer = answers.answers.get(one.blank.key)
            if answer is not None and not answer.shown:
                text = without_left_side(answer.text)
                earlier.append(EarlierAnswer(one.blank.key, one.called, text, answer.verdict))
        return earlier

    def hints(self, blank: Blank, text: str, answers: Answers) -> tuple[str, str, str]:
        """The blank's own."""
        return self._asked[blank.key].hints

    def worked(self, blank: Blank, answers: Answers) -> str:
        """A right answer."""
        return self._asked[blank.key].worked


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """What stands beside such a question: a graph that does not change, names for the highlighting of entries."""

    picture: GraphSpec | None = None
    vocabulary: Vocabulary | None = None
    nodes: Mapping[str, str] = field(default_factory=dict)
    """Blank key -> the value in the picture that it is about."""


_NOTHING = QuestionContext()


class ShortAnswerQuestion(Question):
    """A question whose one step is asked blank by blank."""

    def __init__(
        self,
        table: QuestionTable,
        asked: Sequence[Item],
        about: str = "",
        statement: str = "",
        shown: QuestionContext = _NOTHING,
    ) -> None:
        """`about` says what is asked where the table has no prompt. Raises BadFile where nothing is asked."""
        if not asked:
            raise BadFile("ask", "nothing is asked: add a table [[question.ask]]")
        asked = _told_apart(asked)
        title = table.title or table.kind.capitalize()
        self._about = table.prompt or about
        self._step = ShortAnswerStep(table.kind, title, self._about, asked)
        self._shown = shown
        super().__init__(title, (self._step,), statement)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is asked, in order."""
        return self._step.asked

    def vocabulary(self, answers: Answers, typed: str | None = None) -> Vocabulary | None:
        """The same for all blanks."""
        return self._shown.vocabulary

    def picture(self, answers: Answers, typed: str | None = None) -> GraphSpec | None:
        """The same all along."""
        return self._shown.picture

    def numbers(self, answers: Answers) -> Mapping[str, str]:
        """What the answers found are in a list, where that is not what was typed."""
        found = {}
        for one in self._step.asked:
            answer = answers.answers.get(one.blank.key)
            if one.listed is not None and answer is not None and answer.verdict.accepted:
                found[one.blank.key] = one.listed(without_left_side(answer.text))
        return found

    def figure(self, blank: Blank) -> Figure | None:
        """The blank's own."""
        return next((one.figure for one in self._step.asked if one.blank.key == blank.key), None)

    def node_of(self, blank: Blank) -> str:
        """The value a blank is about."""
        return self._shown.nodes.get(blank.key, "")

    def story(self, tried: Mapping[str, Sequence[str]], ascii: bool, width: int) -> Iterator[Paragraph]:
        """What is asked, and each blank with its right answer, below what is given there alone."""
        lines = [self._about] if self._about else []
        given = self.statement
        for one in self._step.asked:
            if (now := one.blank.given or self.statement) != given:
                lines += ["", now]
            given = now
            lines += [f"  {line}" for line in one.line.split("\n")]
        yield Paragraph(self.title, tuple(lines))


def _told_apart(asked: Sequence[Item]) -> list[Item]:
    """The same, each with its number in the list where another is called alike there, and no heading differs."""
    names = [one.blank.row or one.called for one in asked]
    bare = {name for one, name in zip(asked, names, strict=True) if not one.blank.group}
    keys = [name if name in bare else f"{one.blank.group}: {name}" for one, name in zip(asked, names, strict=True)]
    told = []
    for one, name, key, number in zip(asked, names, keys, told_apart(keys), strict=True):
        row = f"{name}{number.removeprefix(key)}"
        told.append(one if row == one.called else replace(one, blank=replace(one.blank, row=row)))
    return told


def rungs(own: Sequence[str], made: tuple[str, str, str], key: str = "hints") -> tuple[str, str, str]:
    """The file's own hints where it has them, else the generated ones. Raises BadFile for more than three."""
    if len(own) > RUNGS:
        raise BadFile(key, f"there are {len(own)} hints; at most three are shown")
    filled = [*own, "", "", ""][:RUNGS]
    first, second, third = (mine or generated for mine, generated in zip(filled, made, strict=True))
    return first, second, third
