"""What the journal says of the learner's skills. A skill is a gate and a part of working it, or an idea such as forks.

Each blank worked is one opportunity, judged by its first try, as cognitive tutors do: right at once speaks for the
skill; a wrong answer, a hint or a shown answer first speaks against it. Bayesian knowledge tracing (Corbett and
Anderson 1995) makes of this how sure it is that the skill is known; FSRS makes of it when to look again. All is
computed from the journal, so work done with earlier versions counts as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from tutor.engine.gates import vocabulary
from tutor.engine.operation import as_operation
from tutor.language import Unreadable, Vocabulary, names_in, read_equation
from tutor.learner import Entry, Rating
from tutor.learner.review import due_after

Part = Literal["forward", "local", "downstream"]
PARTS: tuple[Part, ...] = ("forward", "local", "downstream")
"""The parts of a gate."""

Level = Literal["new", "shaky", "known"]

KNOWN = 0.95
"""How sure it is, from which a skill counts as known: the mastery of cognitive tutors."""

_BEGIN, _LEARN, _SLIP = 0.2, 0.15, 0.1
"""Known before anything was done; learned by one opportunity; wrong although known."""
_GUESS, _GUESSES = 0.15, {"shape": 0.25, "code": 0.05, "stage": 0.05}
"""Right although not known, by kind of question."""

_IDEAS = {
    "stage": "staging",
    "code": "code",
    "descend": "descent",
    "shape": "shapes",
    "derivative": "derivatives",
    "chain": "the chain rule",
    "gradient": "matrix gradients",
    "value": "numbers",
    "order": "orders",
    "trace": "walks",
}
"""Step -> the idea it asks for; choices ask for anything, and count for none."""
FORK = "forks"
DAY = 86_400.0


@dataclass(frozen=True, slots=True, order=True)
class Skill:
    """A gate, by its key, and a part of working it; an idea has no part."""

    gate: str
    part: str = ""

    @property
    def is_idea(self) -> bool:
        """Whether it belongs to no gate."""
        return not self.part


@dataclass(frozen=True, slots=True)
class SkillState:
    """What is known of a skill: opportunities and how many went right at once, how sure it is, when to look again.

    `last` and `due` are in seconds since 1970.
    """

    opportunities: int
    right: int
    certainty: float
    last: float
    due: float

    @property
    def level(self) -> Level:
        """Known, or shaky; what was never met is new."""
        return "known" if self.certainty >= KNOWN else "shaky"


@dataclass
class _Trace:
    """One skill, while the journal is gone through."""

    certainty: float = _BEGIN
    opportunities: int = 0
    right: int = 0
    last: float = 0.0
    days: dict[int, list[bool]] = field(default_factory=dict)

    def observe(self, *, right: bool, guess: float, at: float) -> None:
        """The first try at a blank."""
        known, unknown = (1 - _SLIP, guess) if right else (_SLIP, 1 - guess)
        likely = self.certainty * known / (self.certainty * known + (1 - self.certainty) * unknown)
        self.certainty = likely + (1 - likely) * _LEARN
        self.opportunities, self.right, self.last = self.opportunities + 1, self.right + right, at
        self.days.setdefault(int(at // DAY), []).append(right)

    def state(self) -> SkillState:
        reviews = [((day + 0.5) * DAY, _rating(tries)) for day, tries in self.days.items()]
        return SkillState(self.opportunities, self.right, self.certainty, self.last, due_after(reviews))


def _rating(tries: list[bool]) -> Rating:
    """How a skill went on a day: good where all was right at once, again where most was not."""
    wrong = tries.count(False)
    if not wrong:
        return Rating.GOOD
    return Rating.AGAIN if 2 * wrong >= len(tries) else Rating.HARD


Staged = Callable[[str, str], str]
"""Exercise and prefix of the question -> the equations its steps are about where none are asked; "" if unknown."""


def skills_of(
    journal: Iterable[tuple[str, Entry]], staged: Staged = lambda _exercise, _prefix: ""
) -> dict[Skill, SkillState]:
    """Every skill that was ever met, from all entries, oldest first, with the exercise each is about."""
    traces: dict[Skill, _Trace] = {}
    graphs: dict[tuple[str, str], _StagedGates] = {}
    missed: dict[str, set[str]] = {}
    done: dict[str, set[str]] = {}
    for exercise, entry in journal:
        if entry.action == "reset":
            missed.pop(exercise, None)
            done.pop(exercise, None)
            continue
        if entry.action not in ("answer", "hint", "skip") or entry.verdict in ("unreadable", "undecided"):
            continue
        prefix, _, step = entry.step.rpartition("/")
        where = exercise, f"{prefix}/" if prefix else ""
        if where not in graphs:
            graphs[where] = _StagedGates(staged(*where) if step not in _IDEAS or step == "descend" else "")
        graph, finished = graphs[where], done.setdefault(exercise, set())
        right = entry.action == "answer" and entry.verdict in ("right", "remark")
        if step == "stage" and right:
            graphs[where] = _StagedGates(entry.text)
        for key in [entry.blank] if entry.blank else [where[1] + one for one in graph.keys(step)]:
            skill = graph.skill(step, key.removeprefix(where[1]))
            if skill is not None and key not in finished and key not in missed.setdefault(exercise, set()):
                traces.setdefault(skill, _Trace()).observe(right=right, guess=_GUESSES.get(step, _GUESS), at=entry.at)
            if not right:
                missed.setdefault(exercise, set()).add(key)
            if right or entry.action == "skip":
                finished.add(key)
    return {skill: trace.state() for skill, trace in sorted(traces.items(), key=lambda one: one[0])}


class _StagedGates:
    """The gates of a staging, by the names in it."""

    def __init__(self, text: str) -> None:
        self._gates: dict[str, str] = {}
        self._users: dict[str, list[str]] = {}
        for name, gate, arguments in _read(text):
            self._gates[name] = gate
            for argument in arguments:
                self._users.setdefault(argument, []).append(name)

    def skill(self, step: str, key: str) -> Skill | None:
        """What a blank asks for; None where that is not known."""
        if step in _IDEAS:
            return Skill(_IDEAS[step])
        what, _, name = key.partition(":")
        name = name.partition(".")[0]
        match what:
            case "value":
                return self._of(name, "forward")
            case "local":
                return self._of(name, "local")
            case "down":
                return self._of(name, "downstream")
            case "total":
                users = self._users.get(name, [])
                if len(users) > 1:
                    return Skill(FORK)
                return self._of(users[0], "downstream") if users else None
        return None

    def _of(self, name: str, part: Part) -> Skill | None:
        return Skill(self._gates[name], part) if name in self._gates else None

    def keys(self, step: str) -> Iterator[str]:
        """The blanks of a step, as far as a staging tells them: those that are shown when it is given up."""
        if step in _IDEAS:
            yield f"{step}:"
        for name in self._gates:
            yield from {"forward": [f"value:{name}"], "backward": [f"local:{name}.0", f"down:{name}.0"]}.get(step, [])


def _read(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each equation's name, the key of its gate (of the general one for a special case), and what it uses."""
    words = Vocabulary(vocabulary().functions, open_names=True)
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            equation = read_equation(line, words).tree
            operation = as_operation(equation.expression)
        except (Unreadable, ValueError):
            continue
        if operation is not None:
            key = operation.gate.specialises or operation.gate.key
            yield equation.target.name, key, [one for one in operation.arguments if isinstance(one, str)]
        else:  # several operations that count as one here
            yield equation.target.name, "", list(names_in(equation.expression))


# Days


_PAUSE = 300.0
"""Seconds without an entry after which the learner was away."""


def minutes_by_day(journal: Iterable[tuple[str, Entry]]) -> dict[str, float]:
    """ISO date (UTC) -> minutes at work: the time between entries, but for pauses of more than five minutes."""
    minutes: dict[str, float] = {}
    before = 0.0
    for _, entry in journal:
        day = datetime.fromtimestamp(entry.at, UTC).date().isoformat()
        gap = entry.at - before
        minutes[day] = minutes.get(day, 0.0) + (gap / 60 if 0 < gap <= _PAUSE else 0.0)
        before = entry.at
    return minutes


def levels_of(skills: Mapping[Skill, SkillState], gate: str) -> list[tuple[Part, Level]]:
    """How each part of a gate stands."""
    return [(part, skills[Skill(gate, part)].level if Skill(gate, part) in skills else "new") for part in PARTS]
