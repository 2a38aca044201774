"""An exercise from Python: what it asks, the marks of answers, hints, the worked solution.

The same questions and the same marking as in the app and in `grade` lie underneath; nothing is kept of what is
answered here, and code is run only where that is asked for.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from difflib import get_close_matches
from html import escape
from pathlib import Path
from reprlib import repr as shortly
from typing import Any

import numpy as np

from tutor.api.arguments import check_text, kind_of
from tutor.course.sheets import SheetText, answers_for, key_of, names_of, tables_on
from tutor.course.toml_salvage import TomlStatement
from tutor.judging import Kind
from tutor.library import BadFile, BrokenExercise, Exercise, load
from tutor.marking import BlankMarks, ExerciseMarks, Marker, MarkOutcome, Work
from tutor.marking.records import in_words
from tutor.paths import exercise_folders
from tutor.practice.seeds import NoVariant, seed_in
from tutor.practice.variants import find, unusable, variant_of
from tutor.questions import Answer, Blank, InputKind
from tutor.questions.backprop.reference import STAGING
from tutor.questions.question import Question
from tutor.runner import Runner
from tutor.session.exercise_view import solution as worked_solution
from tutor.session.hint_policy import RUNGS
from tutor.text import one_line, with_drawing

__all__ = ["AskedBlank", "BlankVerdict", "CheckedAnswers", "LoadedExercise", "check", "exercise", "hint", "solution"]

_MOST_NAMED = 8
"""Blanks that are named where a name is not known."""

_NEAR = 0.6


@dataclass(frozen=True, slots=True)
class AskedBlank:
    """One thing that an exercise asks for."""

    name: str
    """Its name as on an answer sheet, after its table: `forward.f`, `backward.∂f/∂x`."""

    key: str
    """What it is called in a journal and in marks: `value:f`."""

    prompt: str
    """The sentence that asks for it."""

    kind: InputKind
    """equations, value, choice or code."""

    options: tuple[str, ...] = ()
    """What there is to choose from; an answer names them by letter, `a` or `a c`."""

    marks: float = 0.0
    """What it is worth."""


@dataclass(frozen=True, slots=True)
class BlankVerdict:
    """How one answer fared."""

    name: str
    key: str
    kind: MarkOutcome
    """right, carried, nothing left to work out, wrong, unreadable, undecided, not run, not marked, missing."""

    message: str
    """Why, in words for the learner; "" where there is nothing to say."""

    earned: float
    full: float
    mistake: str = ""
    """The name of a recognised mistake."""

    carried: tuple[str, ...] = ()
    """The keys of the earlier blanks whose mistakes it follows from."""

    def __repr__(self) -> str:
        said = f": {one_line(self.message)}" if self.message else ""
        return f"<{self.name} {self.kind.value}, {in_words(self.earned)} of {in_words(self.full)}{said}>"


@dataclass(frozen=True)
class CheckedAnswers:
    """The verdicts on answers, in the order of the exercise, and the marks they earn."""

    marks: ExerciseMarks
    blanks: tuple[BlankVerdict, ...]

    @property
    def earned(self) -> float:
        """The marks of all answers, with errors carried forward."""
        return self.marks.earned

    @property
    def full(self) -> float:
        """What can be earned."""
        return self.marks.full

    def __getitem__(self, name: str) -> BlankVerdict:
        """The verdict on a blank, by its name or its key. Raises KeyError."""
        for one in self.blanks:
            if name in (one.name, one.key):
                return one
        short = [one for one in self.blanks if one.name.endswith(f".{name}")]
        if len(short) == 1:
            return short[0]
        raise KeyError(f"{name}{_did_you_mean(name, [one.name for one in self.blanks])}")

    def __iter__(self) -> Iterator[BlankVerdict]:
        return iter(self.blanks)

    def __repr__(self) -> str:
        """One line: the marks, and which blanks are not right."""
        count = Counter(one.kind.value for one in self.blanks)
        kinds = ", ".join(f"{many} {kind}" for kind, many in count.items())
        return f"<{self._marks}: {kinds}>"

    def __str__(self) -> str:
        """The marks, then a line for each blank with what was said."""
        wide = max((len(one.name) for one in self.blanks), default=0)
        kinds = max((len(one.kind.value) for one in self.blanks), default=0)
        lines = [self._marks]
        for one in self.blanks:
            said, *drawn = with_drawing(one.message)
            lines.append(f"  {one.name:<{wide}}  {_share(one):>5}  {one.kind.value:<{kinds}}  {said}".rstrip())
            lines += [f"{'':>{wide + kinds + 13}}{line}" for line in drawn]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """What a notebook shows: a table of the blanks, with what was said to each."""
        rows = "".join(
            "<tr>"
            + "".join(f"<td style='text-align:left;white-space:pre-wrap'>{escape(text)}</td>"
                      for text in (one.name, _share(one), one.kind.value, one.message))
            + "</tr>"
            for one in self.blanks
        )  # fmt: skip
        head = "".join(f"<th style='text-align:left'>{text}</th>" for text in ("blank", "marks", "", "what was said"))
        return f"<p>{escape(self._marks)}</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    @property
    def _marks(self) -> str:
        return f"{one_line(self.marks.id)}: {in_words(self.earned)} of {in_words(self.full)} marks"


def _share(one: BlankVerdict) -> str:
    return f"{in_words(one.earned)}/{in_words(one.full)}"


class LoadedExercise:
    """An exercise; `tutor.exercise` finds it. What is asked is worked out once, so many answers can be checked."""

    def __init__(self, exercise: Exercise) -> None:
        """Raises ValueError where the exercise's mathematics does not hold."""
        self._exercise = exercise
        self._markers: dict[bool, Marker] = {}
        try:
            with closing(Runner()) as runner:
                self._marker = Marker(exercise, runner, run_code=False)
        except BadFile as bad:
            raise ValueError(BrokenExercise.of(exercise, bad).refusal) from None

    def __repr__(self) -> str:
        return f"<exercise {self.id}: {self.title}>"

    @property
    def id(self) -> str:
        """Its id, with its seed where its numbers are fresh."""
        return self._exercise.id

    @property
    def title(self) -> str:
        """Its title."""
        return self._exercise.file.title

    @property
    def questions(self) -> list[Question]:
        """Its questions, as the program works with them."""
        return [scheme.work.question for scheme in self._marker.schemes]

    @property
    def statement(self) -> str:
        """What is given, a line for each question, after the exercise's introduction."""
        given = [question.statement for question in self.questions]
        return "\n".join(line for line in (self._exercise.file.prompt, *given) if line)

    @property
    def blanks(self) -> tuple[AskedBlank, ...]:
        """What is asked, in order. Values of a learner's own equations are there once these are: `blanks_for`."""
        return self.blanks_for("")

    def blanks_for(self, equations: str) -> tuple[AskedBlank, ...]:
        """What is asked of one who has staged the function so; nothing but the equations where these are unreadable.

        Raises TypeError for what is no text.
        """
        check_text("equations", equations)
        staged = {f"{prefix}{STAGING}": equations for prefix in self._marker.prefixes}
        worth = {row.key: row.full for row in self._marker.mark(Work(staged)).blanks()}
        return tuple(
            AskedBlank(name, key, blank.prompt, blank.wants, blank.options, worth.get(key, 0.0))
            for name, key, blank in self._named(staged)
        )

    def check(self, answers: Mapping[str, Any], *, run_code: bool = False) -> CheckedAnswers:
        """The verdicts on these answers; see `tutor.check`."""
        given = self._keyed(answers)
        with closing(Runner()) as runner:
            marker = Marker(self._exercise, runner, run_code=True) if run_code else self._marker
            marks = marker.mark(Work(given))
        names = {key: name for name, key, _ in self._named(given, mended=True)}
        verdicts = (_verdict(row, names.get(row.key, row.key)) for row in marks.blanks())
        return CheckedAnswers(marks, tuple(verdicts))

    def hint(self, blank: str, rung: int = 1, answers: Mapping[str, Any] | None = None) -> str:
        """A hint for a blank; see `tutor.hint`."""
        check_text("blank", blank)
        if isinstance(rung, bool) or not isinstance(rung, int):
            raise TypeError(f"rung is a whole number from 1 to {RUNGS}; this is {kind_of(rung)}.")
        if not 1 <= rung <= RUNGS:
            raise ValueError(f"There are {RUNGS} hints at every blank, from 1; rung is {rung}.")
        given = self._keyed(answers or {})
        key = self._key_of(blank, given)
        for scheme, prefix in zip(self._marker.schemes, self._marker.prefixes, strict=True):
            judged: dict[str, Answer] = {}
            for opened in scheme.work.steps(given.get(f"{prefix}{STAGING}")):
                for one in opened.blanks:
                    text = given.get(f"{prefix}{one.key}", "")
                    if f"{prefix}{one.key}" == key:
                        own = opened.question.own_hints(opened.step.key, one.key)
                        mine = own[rung - 1] if rung <= len(own) else ""
                        return mine or opened.step.hints(one, text, opened.answers(judged))[rung - 1]
                    if text.strip() and one.wants is not InputKind.CODE:
                        verdict = opened.step.judge(one, text, opened.answers(judged))
                        if verdict.kind not in (Kind.UNREADABLE, Kind.UNDECIDED):
                            judged[one.key] = Answer(text, verdict)
        raise ValueError(f"{blank} is asked once the blanks before it are answered.")

    def solution(self) -> str:
        """The worked solution; see `tutor.solution`."""
        return worked_solution(self._exercise)

    # Names

    def _keyed(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """The answers as texts by the keys of blanks. Raises ValueError for a name that nothing is called."""
        if not isinstance(answers, Mapping):
            raise TypeError(f'answers gives each blank an answer, such as {{"f": 8}}; this is {kind_of(answers)}.')
        statements = list(self._statements(answers, ""))
        read = answers_for(SheetText(answers=tuple(statements)), 1, 1, self._marker)
        if read.problems:
            problem = read.problems[0]
            if problem.unknown:
                instead = self._instead_of(problem.name)
                raise ValueError(f"In {self.id}, nothing called {problem.name} is asked for{instead}")
            raise ValueError(f"In {self.id}, {problem.name} is answered twice.")
        return dict(read.answers)

    def _statements(self, answers: Mapping[str, Any], table: str) -> Iterator[TomlStatement]:
        for name, value in answers.items():
            check_text("the name of a blank", name)
            if isinstance(value, Mapping):
                yield from self._statements(value, f"{table}.{name}".lstrip("."))
            elif value is not None:
                before, key = (table, name) if table else self._taken_apart(name)
                yield TomlStatement(before, key, _text(name, value), 0)

    def _taken_apart(self, name: str) -> tuple[str, str]:
        """The table that a name begins with, "" for none, and the rest of it."""
        tables = [one.name for one in tables_on(self._marker, {}) if name.startswith(f"{one.name}.")]
        table = max(tables, key=len, default="")
        return table, name.removeprefix(f"{table}.") if table else name

    def _key_of(self, blank: str, given: Mapping[str, str]) -> str:
        """The key of the blank that is called so. Raises ValueError."""
        table, name = self._taken_apart(blank)
        key = key_of(TomlStatement(table, name, "", 0), tables_on(self._marker, given))
        if key is None:
            raise ValueError(f"In {self.id}, nothing called {shortly(blank)} is asked for{self._instead_of(blank)}")
        return key

    def _named(self, given: Mapping[str, str], *, mended: bool = False) -> Iterator[tuple[str, str, Blank]]:
        """Each blank with its name and its key, on the equations that were given; `mended` if they make no graph."""
        for table in tables_on(self._marker, given, mended=mended):
            for name, blank in zip(names_of(table.blanks), table.blanks, strict=True):
                yield f"{table.name}.{name}", f"{table.prefix}{blank.key}", blank

    def _instead_of(self, name: str) -> str:
        """The rest of a sentence on a name that is not known: what is like it, else what there is."""
        names = [one.name for one in self.blanks]
        if meant := _did_you_mean(name, names):
            return meant
        return f". Asked are {', '.join(names[:_MOST_NAMED])}{' and others' if names[_MOST_NAMED:] else ''}."


def _did_you_mean(name: str, names: Sequence[str]) -> str:
    """The name that is most like one that is not known, as the rest of a sentence; "" where none is like it."""
    spelt: dict[str, str] = {}
    for full in names:
        short = re.sub(r"^(q\d+\.)?\w+\.", "", full)
        slope = re.fullmatch(r"∂(\w+)/∂(\w+)", short)
        for one in (full, short, *([f"{slope[1]}{slope[2]}", f"d{slope[2]}"] if slope else [])):
            spelt.setdefault(one.replace("∂", "d"), full)
    (near,) = get_close_matches(name.replace("∂", "d"), spelt, n=1, cutoff=_NEAR) or [""]
    return f"; did you mean {spelt[near]}?" if near else ""


def exercise(id: str, *, seed: int | None = None, folders: Iterable[str | Path] = ()) -> LoadedExercise:
    """The exercise of this id, on the numbers of a seed where one is given.

    `folders` are more folders of exercises, before those that ship:

        >>> exercise("node-way/a").title
        "(x + y) z: the smallest graph"

    Raises ValueError with a sentence where there is none, or it cannot be used or has no numbers to draw; TypeError
    where an argument is of the wrong type.
    """
    check_text("id", id)
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise TypeError(f"seed is a whole number; this is {kind_of(seed)}.")
    if isinstance(folders, str | bytes) or not isinstance(folders, Iterable):
        raise TypeError(f"folders is a list of folders; this is {kind_of(folders)}.")
    more = [Path(one) for one in folders]
    if missing := [str(one) for one in more if not one.is_dir()]:
        raise ValueError(f"There is no folder {missing[0]}.")
    try:
        library = load(exercise_folders(more))
        found = find(library, id)
        if found is not None and seed is not None:
            found = variant_of(found, seed_in(str(seed)))
    except LookupError as unknown:
        raise ValueError(f"There is no pack {unknown.args[0]}, which the environment names.") from None
    except NoVariant as why:
        raise ValueError(str(why)) from None
    except BadFile as bad:
        raise ValueError(unusable(library, id, bad).refusal) from None
    if found is not None:
        return LoadedExercise(found)
    raise ValueError(library.refusal(id))


def check(
    id: str | LoadedExercise,
    answers: Mapping[str, Any],
    *,
    seed: int | None = None,
    folders: Iterable[str | Path] = (),
    run_code: bool = False,
) -> CheckedAnswers:
    """The verdicts on answers to an exercise, and their marks: those that `grade` gives.

    Answers are texts, numbers or arrays by the names of their blanks, with or without the name of the table before
    them, or by keys. Tables may be dictionaries, as `tomllib` reads them from an answer sheet:

        >>> check("node-way/a", {"equations": "a = x + y\\nf = a z", "a": 4, "f": 8})["f"].kind
        <MarkOutcome.RIGHT: 'right'>

    Errors are carried forward. Code is run, in the runner, only with `run_code`; else it is `not run`, and earns
    nothing. Raises ValueError for a name that nothing is called, and as `exercise` does; TypeError as well.
    """
    return _loaded(id, seed, folders).check(answers, run_code=run_code)


def hint(
    id: str | LoadedExercise,
    blank: str,
    rung: int = 1,
    answers: Mapping[str, Any] | None = None,
    *,
    seed: int | None = None,
    folders: Iterable[str | Path] = (),
) -> str:
    """A hint for a blank: rung 1 is the principle, 2 a question with the numbers, 3 the worked line.

    `answers` are those given so far, as for `check`; without equations among them it is about the program's own.
    Raises ValueError where there is no such blank or rung, and as `exercise` does; TypeError as well.
    """
    return _loaded(id, seed, folders).hint(blank, rung, answers)


def solution(id: str | LoadedExercise, *, seed: int | None = None, folders: Iterable[str | Path] = ()) -> str:
    """The worked solution of an exercise, as text. Raises ValueError and TypeError as `exercise` does."""
    return _loaded(id, seed, folders).solution()


def _loaded(id: str | LoadedExercise, seed: int | None, folders: Iterable[str | Path]) -> LoadedExercise:
    if not isinstance(id, LoadedExercise):
        return exercise(id, seed=seed, folders=folders)
    if seed is not None or folders:
        raise ValueError("seed and folders belong to an exercise's id; this one is found already.")
    return id


def _verdict(row: BlankMarks, name: str) -> BlankVerdict:
    return BlankVerdict(name, row.key, row.outcome, row.said, row.earned, row.full, row.mistake, row.carried)


def _text(name: str, value: Any) -> str:
    """An answer as a learner would type it. Raises TypeError for what none can be."""
    if isinstance(value, str):
        return value
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if isinstance(value, bool) or not isinstance(value, int | float | list | tuple):
        raise TypeError(f"The answer to {name} should be text, a number or an array; this is {kind_of(value)}.")
    if isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if not all(isinstance(one, int | float) for one in _entries(value)):
        raise TypeError(f"The answer to {name} holds something that is not a number.")
    return json.dumps(value) if isinstance(value, list) else str(value)


def _entries(value: object) -> Iterator[object]:
    for one in value if isinstance(value, list | tuple) else [value]:
        yield from _entries(one) if isinstance(one, list | tuple) else [one]
