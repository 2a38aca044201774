"""What a review asks: one blank or a few of a pass, a staging, a program or a question, on fresh numbers.

`ItemMaker.make` turns a skill into a `ReviewItem`: an exercise like any other, of whose blanks only some are asked. It
is worked in a `Session` and judged there; nothing of a question is made anew here. The same skill and seed give the
same numbers everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from tutor.language import show
from tutor.learner import Entry, Store
from tutor.learner.store import ASIDE
from tutor.library import BadFile, Exercise, Library
from tutor.library.decoding import table_of
from tutor.library.format import BackpropTable, DescendTable, ExerciseFile
from tutor.practice.draws import Draws
from tutor.practice.journal_trace import IDEAS, StagedGates
from tutor.practice.seeds import NoVariant, variant_id
from tutor.practice.skills import FORK, Skill
from tutor.practice.small_graphs import small_function, small_graph
from tutor.practice.summary import Summary
from tutor.practice.variants import variant_of
from tutor.questions.backprop.question import BackpropQuestion, BackpropQuestionTable
from tutor.questions.blank import NoAnswers
from tutor.questions.registry import questions_of
from tutor.runner import Runner
from tutor.session.session import Session

REVIEW = f"{ASIDE}review/"
"""What the ids of a review's blanks begin with."""
MOST_BLANKS = 5
"""Blanks of one pass that are asked: what was shown at the first of them still comes back within five."""
_TRIES = 6
_STAGED_STEPS = {"staging": "stage", "code": "code", "descent": "descend"}
"""Ideas that any small function serves, and the step that asks for them."""
_KINDS = {idea: kind for kind, idea in IDEAS.items() if idea not in _STAGED_STEPS}
"""Ideas that questions of a kind serve."""


@dataclass(frozen=True)
class ReviewItem:
    """One thing that a review asks. `asked` are the keys of its blanks, `skills` what each of them is for."""

    exercise: Exercise
    asked: tuple[str, ...]
    skills: tuple[Skill, ...]
    target: Skill
    """The skill for which it was chosen; the others come along."""

    source: str
    """The id of the exercise it was taken from; "" where the function was made for it."""

    equations: str = ""
    """The staging its blanks are about; "" where they are about none."""

    def open(self, store: Store, runner: Runner, clock: Callable[[], float]) -> Session:
        """The session in which it is worked; the journal says what it is about. Raises BadFile, StoreProblem."""
        if self.equations and not store.entries(self.exercise.id):
            store.append(self.exercise.id, Entry(action="opened", text=self.equations, at=clock()))
        return Session(self.exercise, store, runner, clock, asked=self.asked)


class ItemMaker:
    """Makes the items of a review from a library and from small functions of its own. Needs no store."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def make(self, target: Skill, summary: Summary, among: Sequence[Skill] = (), most: int = 1) -> ReviewItem | None:
        """An item for a skill, of at most so many blanks; None where nothing can be asked for it.

        The others are for the first of the skills `among` that are in it, each another one.
        """
        state = summary.skills.get(target)
        seed = (state.opportunities if state is not None else 0) + 1
        wanted = _Wanted(target, among, most, seed, Draws(REVIEW, target.key, seed), sorted(summary.trace.sources))
        for makes in self._ways(target, summary, most, seed, wanted.draws):
            with suppress(BadFile, NoVariant):
                if item := makes(wanted):
                    return item
        return None

    def _ways(
        self, target: Skill, summary: Summary, most: int, seed: int, draws: Draws
    ) -> Iterator[Callable[[_Wanted], ReviewItem | None]]:
        """The ways to an item, the best first: whole passes where several blanks are asked, else small functions."""
        if target.is_idea and target.gate in _STAGED_STEPS:
            yield self._of_small_function
        elif target.is_idea and target != Skill(FORK):
            yield from (self._of_question(*place) for place in self._questions(target, summary, draws))
        else:
            met = summary.trace.sources.get(target.gate, [])
            passes = [self._of_exercise(id) for id in draws.shuffled(met)][:_TRIES]
            small = [self._of_small_graph]
            # every third time it is met where it stands in an exercise
            yield from (*passes, *small) if most > 2 or seed % 3 == 0 else (*small, *passes)

    # Passes

    def _of_small_graph(self, wanted: _Wanted) -> ReviewItem | None:
        table = small_graph(wanted.target, wanted.key, wanted.met)
        return _pass_item(_as_file(table, wanted), "", wanted) if table is not None else None

    def _of_exercise(self, id: str) -> Callable[[_Wanted], ReviewItem | None]:
        def make(wanted: _Wanted) -> ReviewItem | None:
            exercise = self._library.find(id)
            for table in functions_in(exercise.file) if exercise is not None else ():
                assert exercise is not None
                step = "forward" if wanted.target.part == "forward" else "backward"
                # drawn for the forward pass: to try all mistakes of a backward one would take too long
                file = _as_file(structs.replace(table, steps=("forward",), descend=None), wanted, exercise.file.level)
                drawn = variant_of(replace(exercise, file=file), wanted.seed).file
                drawn = structs.replace(drawn, steps=(step,), title=file.title, prompt="", remark="")
                if item := _pass_item(drawn, id, wanted):
                    return item
            return None

        return make

    # Other steps and questions

    def _of_small_function(self, wanted: _Wanted) -> ReviewItem | None:
        step = _STAGED_STEPS[wanted.target.gate]
        table = small_function(wanted.key, "backward" if step == "descend" else step, wanted.met)
        if table is None:
            return None
        if step == "descend":
            table = structs.replace(table, steps=(step,), descend=DescendTable(wanted.draws.choice((0.1, 0.2, 0.05))))
        exercise = _placed(_as_file(table, wanted), wanted)
        (question,) = questions_of(exercise, Runner())
        keys = [blank.key for blank in question.steps[0].blanks(NoAnswers())]
        return ReviewItem(exercise, (wanted.draws.choice(keys),), (wanted.target,), wanted.target, "")

    def _questions(self, target: Skill, summary: Summary, draws: Draws) -> Iterator[tuple[Exercise, dict[str, Any]]]:
        """The questions of a kind, those of exercises that were worked on first."""
        kind = _KINDS.get(target.gate, "")
        every = [
            (exercise, table)
            for exercise in self._library.exercises.values()
            for table in exercise.file.question
            if table.get("kind") == kind
        ]
        met = [place for place in every if place[0].id in summary.trace.done]
        yield from draws.shuffled(met)
        yield from draws.shuffled([place for place in every if place not in met])

    def _of_question(self, exercise: Exercise, table: dict[str, Any]) -> Callable[[_Wanted], ReviewItem | None]:
        def make(wanted: _Wanted) -> ReviewItem | None:
            ask = table.get("ask", ())
            last = wanted.draws.below(len(ask)) + 1 if ask else 0
            until = {**table, "ask": ask[:last]} if ask else table  # those after it need not be drawn
            file = structs.replace(exercise.file, question=(until,), remark="", prompt="")
            alone = replace(exercise, file=file)
            with suppress(NoVariant):  # its answers hang on no number: it is asked as it is
                alone = variant_of(alone, wanted.seed)
            drawn = structs.replace(alone.file, title=wanted.title, prompt="")
            placed = _placed(drawn, wanted, exercise)
            (question,) = questions_of(placed, Runner())
            keys = [blank.key for blank in question.steps[0].blanks(NoAnswers())]
            asked = keys[-1] if ask else wanted.draws.choice(keys)
            return ReviewItem(placed, (asked,), (wanted.target,), wanted.target, exercise.id)

        return make


@dataclass(frozen=True)
class _Wanted:
    """What an item is made for."""

    target: Skill
    among: Sequence[Skill]
    most: int
    seed: int
    draws: Draws
    met: Sequence[str]
    """The gates that were met in exercises."""

    @property
    def key(self) -> tuple[str | int, ...]:
        """Names the functions that are drawn for it."""
        return REVIEW, self.target.key, self.seed

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return self.target.name


def _as_file(table: BackpropTable, wanted: _Wanted, level: int = 1) -> ExerciseFile:
    """The table alone as a file."""
    fields = {one.name: getattr(table, one.name) for one in structs.fields(BackpropTable)}
    return ExerciseFile(title=wanted.title, level=level, **fields)


def _placed(file: ExerciseFile, wanted: _Wanted, source: Exercise | None = None) -> Exercise:
    id = variant_id(f"{REVIEW}{wanted.target.key}", wanted.seed)
    return replace(source, id=id, file=file, pack="") if source is not None else Exercise(id, Path(), file)


def functions_in(file: ExerciseFile) -> Iterator[BackpropTable]:
    """The functions of an exercise with a backward pass to be asked."""
    if file.function:
        yield file
    for table in file.question:
        if table.get("kind") == "backprop" and (read := table_of(table, BackpropQuestionTable).value) is not None:
            yield read


def _pass_item(file: ExerciseFile, source: str, wanted: _Wanted) -> ReviewItem | None:
    """An item of a file that asks one pass; None where the skill is not in it."""
    exercise = _placed(file, wanted)
    (question,) = questions_of(exercise, Runner())
    assert isinstance(question, BackpropQuestion), "the file has a function"
    equations = "\n".join(
        f"{equation.target.name} = {show(equation.expression)}" for equation in question.problem.staging
    )
    graph = StagedGates(equations)
    keys = [blank.key for blank in question.steps[0].blanks(NoAnswers())]
    skills = {key: skill for key in keys if (skill := graph.skill(key)) is not None}
    chosen = _chosen(skills, wanted)
    if not chosen:
        return None
    asked = tuple(key for key in keys if key in chosen)
    return ReviewItem(exercise, asked, tuple(skills[key] for key in asked), wanted.target, source, equations)


def _chosen(skills: Mapping[str, Skill], wanted: _Wanted) -> set[str]:
    """The blanks to be asked: one for the target, and one each for the shakiest others; none where it has none."""
    own = _telling([key for key, skill in skills.items() if skill == wanted.target])
    if not own:
        return set()
    chosen = {wanted.draws.choice(own)}
    there = set(skills.values()) - {wanted.target}
    others = [skill for skill in wanted.among if skill in there]
    for skill in others[: min(wanted.most, MOST_BLANKS) - 1]:
        chosen.add(wanted.draws.choice(_telling([key for key, one in skills.items() if one == skill])))
    return chosen


def _telling(keys: Sequence[str]) -> list[str]:
    """Of the blanks for one skill, those that ask for it: what arrives from above was sent down just before."""
    sent = [key for key in keys if not key.startswith("total:")]
    return sent or list(keys)
