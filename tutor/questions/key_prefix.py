"""Several questions in one exercise: each works with keys of its own, the exercise sees them with a prefix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace

from tutor.judging import Verdict
from tutor.questions.blank import Answer, Answers, Blank, Step


def prefixes(many: int) -> list[str]:
    """What the keys of each question begin with in its exercise; nothing where there is only one."""
    return [f"q{number}/" for number in range(1, many + 1)] if many > 1 else [""]


class _Part(Mapping[str, Answer]):
    """The answers whose keys begin with a prefix, without it."""

    def __init__(self, whole: Mapping[str, Answer], prefix: str) -> None:
        self._whole, self._prefix = whole, prefix

    def __getitem__(self, key: str) -> Answer:
        return self._whole[self._prefix + key]

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix(self._prefix) for key in self._whole if key.startswith(self._prefix))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Within:
    """What was answered in one question. Satisfies `Answers`."""

    def __init__(self, given: Answers, prefix: str) -> None:
        self._given, self._prefix = given, prefix
        self.answers: Mapping[str, Answer] = _Part(given.answers, prefix)

    @property
    def quick(self) -> bool:
        """As in the exercise."""
        return self._given.quick

    @property
    def opened(self) -> Set[str]:
        """The values opened in this question."""
        opened = self._given.opened
        return {name.removeprefix(self._prefix) for name in opened if name.startswith(self._prefix)}


class ScopedStep:
    """A step of one question among several."""

    def __init__(self, step: Step, prefix: str) -> None:
        self.key = f"{prefix}{step.key}"
        self.title = step.title
        self._step, self._prefix = step, prefix

    def about(self, given: Answers) -> str:
        """What is asked."""
        return self._step.about(self._within(given))

    def blanks(self, given: Answers) -> tuple[Blank, ...]:
        """The step's blanks, under the exercise's keys."""
        blanks = self._step.blanks(self._within(given))
        return tuple(replace(blank, key=f"{self._prefix}{blank.key}") for blank in blanks)

    def judge(self, blank: Blank, text: str, given: Answers) -> Verdict:
        """The step's verdict."""
        return self._step.judge(self._own(blank), text, self._within(given))

    def hints(self, blank: Blank, text: str, given: Answers) -> tuple[str, str, str]:
        """The step's hints."""
        return self._step.hints(self._own(blank), text, self._within(given))

    def worked(self, blank: Blank, given: Answers) -> str:
        """The step's right answer."""
        return self._step.worked(self._own(blank), self._within(given))

    def _own(self, blank: Blank) -> Blank:
        return replace(blank, key=blank.key.removeprefix(self._prefix))

    def _within(self, given: Answers) -> Within:
        return Within(given, self._prefix)
