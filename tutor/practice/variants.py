"""An exercise on fresh numbers: the same questions with other inputs, sizes and factors, named by a seed.

A variant is an exercise like any other, with an id of its own, `node-way/a@7`, so its answers, drafts and schedule are
kept apart. The same seed gives the same variant everywhere: all is drawn by `Draws`. What is drawn is proven before it
is given out: it can be read, has a value and no kink, and no likely mistake gives the right answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from msgspec import structs, to_builtins

from tutor.learner import Progress
from tutor.library import BadFile, BrokenExercise, Exercise, Library
from tutor.library.format import LONGEST_TITLE, ExerciseFile
from tutor.practice.generated import generated, is_generated, request_of
from tutor.practice.proof import fitness
from tutor.practice.redraw import REDRAWN, Redraw, Table, kept_by_texts, told_of
from tutor.practice.seeds import (
    SEPARATOR,
    NoVariant,
    fresh_seed,
    is_practice,
    on_seed,
    seed_in,
    split_id,
    variant_id,
)
from tutor.practice.wording import speaks_of_numbers
from tutor.questions.inflect import listed
from tutor.questions.question import Question
from tutor.questions.registry import questions_of
from tutor.questions.shape.tables import sizes_named
from tutor.runner import Runner

_TRIES = 40
"""Draws for one group of questions before its own numbers are kept."""
_LENIENCY = 4
"""How many times larger and longer than friendly numbers may be in the last draws."""
MOST_LISTED = 12
"""Variants that are listed beside the exercises."""
_ENOUGH = 6
"""Usable draws after which the best one is taken, though mistakes still hide at it."""


def find(library: Library, id: str) -> Exercise | None:
    """The exercise of this id, or its variant where the id ends in a seed; None where there is no such exercise.

    Raises NoVariant where there is no such variant, BadFile where the exercise does not hold.
    """
    if exercise := library.find(id):
        return exercise
    base, at, seed = id.rpartition(SEPARATOR)
    if at and (exercise := library.find(base)):
        return variant_of(exercise, seed_in(seed))
    if not is_practice(id):
        return None
    request = request_of(base if at else id)
    if not at:
        raise NoVariant(f"Which function? It is named by a seed, such as {variant_id(id, 1)}.")
    return generated(request, seed_in(seed))


def unusable(library: Library, id: str, bad: BadFile) -> BrokenExercise:
    """What `find` found broken: the file of the exercise of this id, or of the one that its seed is drawn for."""
    exercise = library.find(id) or library.find(split_id(id)[0])
    assert exercise is not None, "what is made for practice holds"
    return BrokenExercise.of(exercise, bad)


def next_variant(exercise: Exercise, known: Iterable[str]) -> Exercise:
    """The exercise on the first numbers of which nothing is `known`, by ids. Raises NoVariant, BadFile."""
    if is_generated(exercise):
        base = split_id(exercise.id)[0]
        return generated(request_of(base), fresh_seed(base, known))
    return variant_of(exercise, fresh_seed(exercise.id, known))


FRESH = "@"
"""The topic of exercises on fresh numbers, in a list that shows them."""


def with_begun(library: Library, progress: Mapping[str, Progress]) -> Library:
    """The library and, under a topic of their own, the variants that lie half done, the latest first."""
    begun = [id for id, state in progress.items() if split_id(id)[1] is not None and state.state == "started"]
    variants = [one for id in begun[:MOST_LISTED] if (one := _found(library, id)) is not None]
    others = {id: one for id, one in library.exercises.items() if one.topic != FRESH}
    return listing(replace(library, exercises=others), *variants)


def listing(library: Library, *variants: Exercise) -> Library:
    """The library with these listed too."""
    listed = {one.id: replace(one, topic=FRESH) for one in variants}
    titles = {**library.titles, FRESH: "With new numbers"} if listed else library.titles
    return replace(library, exercises=library.exercises | listed, titles=titles)


def _found(library: Library, id: str) -> Exercise | None:
    """None where there is no such variant any more."""
    if (known := library.exercises.get(id)) is not None:
        return known
    with suppress(NoVariant, BadFile):
        return find(library, id)
    return None


@dataclass(frozen=True)
class _Drawn:
    """What became of each question: its table, and whether anything in it was drawn."""

    tables: tuple[Table, ...]
    renewed: tuple[bool, ...]

    @property
    def why(self) -> str:
        """Why nothing was drawn, in a sentence."""
        kinds = {table["kind"] for table in self.tables}
        if not kinds & set(REDRAWN):
            return "None of its answers depends on a number."
        return "Its questions are about these particular numbers, or no others are as easy to work with."


def variant_of(exercise: Exercise, seed: int) -> Exercise:
    """The exercise on the numbers of this seed.

    Raises NoVariant where nothing in it is drawn, BadFile where the exercise itself does not hold.
    """
    id = on_seed(exercise.id, seed)
    drawn = _draw(exercise, seed)
    if not any(drawn.renewed):
        raise NoVariant(f"{exercise.id} has no numbers that can change, so it has no seeds. {drawn.why}")
    file = _with_tables(exercise.file, drawn.tables)
    renewed = [table for table, new in zip(_tables_of(exercise.file), drawn.renewed, strict=True) if new]
    file = structs.replace(file, prompt=_without_sizes(file.prompt, renewed))
    if speaks_of_numbers(file.remark):
        file = structs.replace(file, remark="")
    return replace(exercise, id=id, file=_told(file, drawn, seed), without_seed=file)


def _without_sizes(prompt: str, tables: Sequence[Table]) -> str:
    """A prompt without the sentences that name sizes of these questions, which are others now."""
    if not sizes_named(prompt, tables):
        return prompt
    return " ".join(one for one in re.split(r"(?<=[.?!])\s+", prompt) if not sizes_named(one, tables))


def _draw(exercise: Exercise, seed: int) -> _Drawn:
    tables = list(_tables_of(exercise.file))

    @cache
    def own(number: int) -> Question:
        """A question as the file has it, made when it is first compared with."""
        (question,) = _questions(exercise, [tables[number]])
        return question

    introduction = exercise.file.prompt if exercise.file.question else ""
    kept = kept_by_texts(tables, introduction)
    renewed = [False] * len(tables)
    result = list(tables)
    for group in _groups(tables):
        for number, table in _draw_group(exercise, own, tables, group, Redraw((exercise.id, seed), kept, introduction)):
            result[number], renewed[number] = table, True
    return _Drawn(tuple(result), tuple(renewed))


def _draw_group(
    exercise: Exercise, own: Callable[[int], Question], tables: Sequence[Table], group: Sequence[int], redraw: Redraw
) -> list[tuple[int, Table]]:
    """Questions that share values, drawn together until they are fit; none where they never are."""
    best: tuple[int, list[tuple[int, Table]]] | None = None
    usable = 0
    for attempt in range(_TRIES):
        again = Redraw((*redraw.key, attempt), redraw.kept, redraw.introduction)
        drawn = [(number, table) for number in group if (table := _redrawn(tables[number], again)) is not None]
        if not drawn or not all(_as_distinct(tables[at], new) for at, new in drawn):
            continue  # the numbers it has already, or two that are equal
        hidden = _hidden(exercise, own, drawn, leniency=1 + _LENIENCY * attempt // _TRIES)
        if hidden is None:
            continue
        usable += 1
        if best is None or hidden < best[0]:
            best = hidden, drawn
        if not hidden or usable == _ENOUGH:
            break
    return best[1] if best is not None else []


def _redrawn(table: Table, redraw: Redraw) -> Table | None:
    draw = REDRAWN.get(table["kind"])
    return draw(table, redraw) if draw is not None else None


def _hidden(
    exercise: Exercise, own: Callable[[int], Question], drawn: Sequence[tuple[int, Table]], leniency: int
) -> int | None:
    """How many likely mistakes these questions hide; None where they are not fit to be worked."""
    own_questions = [own(number) for number, _ in drawn]  # a fault of the exercise itself is not one of the draw
    tables = [table for _, table in drawn]
    bare = [_without_slips(table) for table in tables]
    hidden = 0
    try:
        for question, own_question in zip(_questions(exercise, bare), own_questions, strict=True):
            fit = fitness(question, own_question, leniency)
            if not fit.usable:
                return None
            hidden += fit.hidden
        if bare != tables:
            _questions(exercise, tables)
    except BadFile:
        return None
    return hidden


def _questions(exercise: Exercise, tables: Sequence[Table]) -> tuple[Question, ...]:
    """The questions of these tables. Raises BadFile."""
    return questions_of(replace(exercise, file=_with_tables(exercise.file, tables)), Runner())


def _without_slips(table: Table) -> Table:
    """A question without its own wrong ways: to try them all takes longer than to see whether its numbers are fit."""
    asks = table.get("ask", ())
    return {**table, "ask": [{**ask, "slips": {}} for ask in asks]} if any(ask.get("slips") for ask in asks) else table


def _as_distinct(old: Table, new: Table) -> bool:
    """Whether numbers that differed still do: an answer that confuses equal ones would look right."""
    before, after = old.get("at", {}), new.get("at", {})
    numbers = [name for name, given in before.items() if not isinstance(given, list)]
    return len({str(after[name]) for name in numbers}) >= len({str(before[name]) for name in numbers})


def _groups(tables: Sequence[Table]) -> list[list[int]]:
    """The questions, together with those that give a name the same value."""
    groups: list[tuple[set[tuple[str, str]], list[int]]] = []
    for number, table in enumerate(tables):
        told, members = told_of(table), [number]
        for other in [one for one in groups if one[0] & told]:
            groups.remove(other)
            told, members = told | other[0], [*other[1], *members]
        groups.append((told, members))
    return [members for _, members in groups]


# An exercise file as tables, and back


def _tables_of(file: ExerciseFile) -> tuple[Table, ...]:
    """Its questions; a file with a function is one."""
    if file.question:
        return tuple(to_builtins(file.question))
    table: Table = to_builtins(file)
    return ({**table, "kind": "backprop"},)


def _with_tables(file: ExerciseFile, tables: Sequence[Table]) -> ExerciseFile:
    if file.question:
        return structs.replace(file, question=tuple(tables))
    (table,) = tables
    hints = {name: tuple(rungs) for name, rungs in table.get("hints", {}).items()}
    return structs.replace(file, at=table["at"], prompt=table["prompt"], remark=table["remark"], hints=hints)


def _told(file: ExerciseFile, drawn: _Drawn, seed: int) -> ExerciseFile:
    """With the seed in its title, and an introduction that says which questions are as they were."""
    ending = f" (seed {seed})"
    kept = [str(number) for number, renewed in enumerate(drawn.renewed, 1) if not renewed]
    are = f" Question{'s' if kept[1:] else ''} {listed(kept)} {'are' if kept[1:] else 'is'} as before." if kept else ""
    prompt = f"New numbers, seed {seed}.{are} {file.prompt}".strip()
    return structs.replace(file, title=f"{file.title[: LONGEST_TITLE - len(ending)]}{ending}", prompt=prompt)
