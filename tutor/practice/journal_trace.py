"""What a journal says of the learner: skills, minutes by day, mistakes met, the pace.

A `JournalTrace` takes in a journal line by line and can be kept between two runs (it is a msgspec Struct), so that a
journal of years is gone through once. Work done with earlier versions counts as well: nothing but the journal is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from statistics import median

from msgspec import Struct, field

from tutor.engine.gates import vocabulary
from tutor.engine.operation import as_operation
from tutor.language import Unreadable, Vocabulary, names_in, read_equation
from tutor.learner import Entry
from tutor.learner.store import ASIDE
from tutor.practice.seeds import split_id, without_sitting
from tutor.practice.skills import FORK, Skill, SkillState, SkillTrace

_GUESS, _GUESSES = 0.15, {"shape": 0.25, "code": 0.05, "stage": 0.05}
"""Right although not known, by kind of question."""

IDEAS = {
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

_PAUSE = 300.0
"""Seconds without an entry after which the learner was away."""
_QUICKEST = 10.0
"""Seconds that a blank takes at least: answers that were pasted say nothing of the next ones."""
_PACES = 50
"""Blanks by which the pace goes."""

Staged = Callable[[str, str], str]
"""Exercise and prefix of the question -> the equations its steps are about where none are asked; "" if unknown."""


class MistakeTally(Struct):
    """A mistake that was named: how often, when and in which exercise last, at which skill, what was said of it.

    `exercise` is its id, or "review".
    """

    times: int = 0
    last: float = 0.0
    exercise: str = ""
    said: str = ""
    skill: str = ""
    """By `Skill.key`; "" where the blank was for none."""


class JournalTrace(Struct):
    """All that was read off the lines so far."""

    skills: dict[str, SkillTrace] = field(default_factory=dict)
    """By `Skill.key`."""

    graphs: dict[str, dict[str, str]] = field(default_factory=dict)
    """Exercise -> prefix of a question -> the equations that its blanks are about."""

    sources: dict[str, list[str]] = field(default_factory=dict)
    """Gate -> the exercises, by their ids without seeds, in whose graphs the learner met it."""

    missed: dict[str, set[str]] = field(default_factory=dict)
    """Exercise -> blanks that were not right at once since it was begun."""

    done: dict[str, set[str]] = field(default_factory=dict)
    minutes: dict[str, float] = field(default_factory=dict)
    """ISO date (UTC) -> minutes at work: the time between entries, but for pauses of more than five minutes."""

    before: float = 0.0
    """When the last line was written."""

    paces: list[float] = field(default_factory=list)
    """Seconds that the latest blanks took."""

    mistakes: dict[str, MistakeTally] = field(default_factory=dict)
    """By the name of the misconception."""

    blanks: int = 0
    """Blanks done, by the learner or shown; on a paper that was handed in, blanks answered."""

    alone: int = 0
    """Those of them without a hint, and never shown or wrong."""

    hints: int = 0
    shown: int = 0

    def states(self) -> dict[Skill, SkillState]:
        """Every skill that was ever met."""
        return {Skill.of_key(key): self.skills[key].state() for key in sorted(self.skills)}

    @property
    def pace(self) -> float:
        """Seconds a blank takes the learner; 0 before that is known."""
        return max(_QUICKEST, median(self.paces)) if len(self.paces) >= 5 else 0.0


class JournalReader:
    """Goes through a journal, oldest line first, and notes in a trace what it says."""

    def __init__(self, trace: JournalTrace, staged: Staged = lambda _exercise, _prefix: "") -> None:
        self.trace = trace
        self._staged = staged
        self._read_graphs: dict[tuple[str, str], StagedGates] = {}

    def take(self, exercise: str, entry: Entry) -> None:
        """The next line."""
        trace = self.trace
        self._note_time(entry)
        if entry.action == "reset":
            trace.missed.pop(exercise, None)
            trace.done.pop(exercise, None)
        elif entry.action == "opened" and entry.text:
            self._begin_aside(exercise)
            self._stage(exercise, entry.step, entry.text)
        elif entry.action == "mistake":
            self._note_mistake(exercise, entry)
        elif entry.action in ("answer", "hint", "skip") and entry.verdict not in ("unreadable", "undecided"):
            trace.hints += entry.action == "hint"
            self._note_try(exercise, entry)

    def _note_time(self, entry: Entry) -> None:
        trace = self.trace
        day = datetime.fromtimestamp(entry.at, UTC).date().isoformat()
        gap = entry.at - trace.before
        worked = 0 < gap <= _PAUSE
        trace.minutes[day] = trace.minutes.get(day, 0.0) + (gap / 60 if worked else 0.0)
        if worked and entry.action == "answer" and gap >= 1:
            trace.paces = [*trace.paces, gap][-_PACES:]
        trace.before = entry.at

    def _note_mistake(self, exercise: str, entry: Entry) -> None:
        skill = self._skill(exercise, entry, entry.blank)
        known = skill is not None and skill.key in self.trace.skills
        if skill is not None and known:
            self.trace.skills[skill.key].said = entry.text
        for name in entry.verdict.split("+"):
            met = self.trace.mistakes.setdefault(name, MistakeTally())
            met.times, met.last, met.said = met.times + 1, entry.at, entry.text
            met.exercise = "review" if exercise.startswith(ASIDE) else without_sitting(exercise)
            met.skill = skill.key if skill is not None and known else met.skill

    def _note_try(self, exercise: str, entry: Entry) -> None:
        trace, step = self.trace, entry.step.rpartition("/")[2]
        missed, done = trace.missed.setdefault(exercise, set()), trace.done.setdefault(exercise, set())
        right = entry.action == "answer" and entry.verdict in ("right", "remark")
        prefix, is_on_paper = _prefix(entry.step), without_sitting(exercise) != exercise
        if step == "stage" and right:
            self._stage(exercise, prefix, entry.text)
        keys = [entry.blank] if entry.blank else [prefix + key for key in self._graph(exercise, prefix).keys(step)]
        for key in keys:
            skill = self._skill(exercise, entry, key)
            if skill is not None and key not in done and key not in missed:
                guess = _GUESSES.get(step, _GUESS)
                trace.skills.setdefault(skill.key, SkillTrace()).observe(right=right, guess=guess, at=entry.at)
            if (right or entry.action == "skip" or is_on_paper) and key not in done:
                trace.blanks += 1
                trace.alone += right and key not in missed
                trace.shown += entry.action == "skip"
                done.add(key)
            if not right:
                missed.add(key)

    def _skill(self, exercise: str, entry: Entry, key: str) -> Skill | None:
        step, prefix = entry.step.rpartition("/")[2], _prefix(entry.step)
        if step in IDEAS:
            return Skill(IDEAS[step])
        return self._graph(exercise, prefix).skill(key.removeprefix(prefix))

    # The equations that blanks are about

    def _graph(self, exercise: str, prefix: str) -> StagedGates:
        if (exercise, prefix) not in self._read_graphs:
            kept = self.trace.graphs.get(exercise, {}).get(prefix)
            self._stage(exercise, prefix, self._staged(exercise, prefix) if kept is None else kept)
        return self._read_graphs[exercise, prefix]

    def _stage(self, exercise: str, prefix: str, text: str) -> None:
        if text:  # what is not known now may be another time
            self.trace.graphs.setdefault(exercise, {})[prefix] = text
        graph = self._read_graphs[exercise, prefix] = StagedGates(text)
        base = split_id(exercise)[0]
        for gate in graph.gates if not exercise.startswith(ASIDE) else ():
            met = self.trace.sources.setdefault(gate, [])
            if base not in met:
                met.append(base)

    def _begin_aside(self, exercise: str) -> None:
        """A blank of a review is asked once: what was known of those before it is of no use any more."""
        for known in (self.trace.graphs, self.trace.missed, self.trace.done):
            for other in [one for one in known if one.startswith(ASIDE) and one != exercise]:
                del known[other]


def _prefix(step: str) -> str:
    """What the keys of a step's question begin with: `q2/` of `q2/backward`."""
    return step[: step.rfind("/") + 1]


def trace_of(journal: Iterable[tuple[str, Entry]], staged: Staged = lambda _exercise, _prefix: "") -> JournalTrace:
    """All that a journal says, oldest line first."""
    reader = JournalReader(JournalTrace(), staged)
    for exercise, entry in journal:
        reader.take(exercise, entry)
    return reader.trace


class StagedGates:
    """The gates of a staging, by the names in it."""

    def __init__(self, text: str) -> None:
        self._gates: dict[str, str] = {}
        self._users: dict[str, list[str]] = {}
        for name, gate, arguments in _read(text):
            self._gates[name] = gate
            for argument in arguments:
                self._users.setdefault(argument, []).append(name)

    @property
    def gates(self) -> set[str]:
        """The keys of the gates in it."""
        return set(self._gates.values()) - {""}

    def skill(self, key: str) -> Skill | None:
        """What a blank of the forward or backward pass asks for; None where that is not known."""
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

    def _of(self, name: str, part: str) -> Skill | None:
        return Skill(gate, part) if (gate := self._gates.get(name)) else None

    def keys(self, step: str) -> Iterator[str]:
        """The blanks of a step, as far as a staging tells them: those that are shown when it is given up."""
        if step in IDEAS:
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
