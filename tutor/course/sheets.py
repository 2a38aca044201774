"""Answer sheets, read back in any condition: TOML with a named place for every blank, as `blank_sheets.py` writes it.

A sheet is about one exercise or several, each by its id and, where the numbers are fresh, its seed. A blank is named as
in the exercise (`a`, `∂f/∂x`), below a table named for its exercise, question and step. What is read gives up nothing
that can be read: statements may be in another order, doubled, damaged, or under a table whose name is misspelt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import takewhile

from tutor.course.toml_salvage import TomlStatement, UnreadLine, statements
from tutor.library import Exercise
from tutor.marking import Marker
from tutor.questions import Blank, InputKind
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.backprop.reference import STAGING
from tutor.questions.choice import letter_meant
from tutor.questions.question import Question
from tutor.text import one_line

FORMAT = 1
_MORE = {"forward": "value", "backward": "total"}
_NEAR = 0.75
OF_OWN = {
    "forward": "The value of each of your equations. Add a line for each: its name, and its value.",
    "backward": 'The gradients. Add a line for each of your equations, such as "∂f/∂a" = "2".',
}
_HEAD = ("sheet", "exercises", "paper", "student", "name", "asked")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One exercise of a sheet: what is asked, with its worth."""

    marker: Marker

    @property
    def exercise(self) -> Exercise:
        """The exercise, on the sheet's numbers."""
        return self.marker.exercise


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """Something in a sheet that could not be used as it is: its line where there is one, and a sentence."""

    line: int
    sentence: str
    name: str = ""
    """The name of an answer, where it is about that: one that is given twice, or with `unknown` not asked for."""

    unknown: bool = False


@dataclass(frozen=True)
class SheetText:
    """A sheet as it was read, before its answers are held against what is asked."""

    student: str = ""
    name: str = ""
    paper: str = ""
    exercises: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    """The digests of what was asked when the sheet was written, in the order of the exercises."""

    answers: tuple[TomlStatement, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    lines: int = 0
    """How many the file has; 0 for answers that are in none."""


@dataclass(frozen=True)
class SheetAnswers:
    """The answers of one exercise by the keys of its blanks, and what could not be used."""

    answers: Mapping[str, str]
    problems: tuple[SheetProblem, ...] = field(default=())


# Names


def names_for_everyone(question: Question) -> frozenset[str]:
    """The values that have the same names whatever the equations are: the inputs, and the output."""
    if not isinstance(question, BackpropQuestion):
        return frozenset()
    graph = question.problem.graph
    return frozenset(graph.nodes[position].name for position in (*graph.inputs, graph.output))


def _output_of(question: Question) -> str:
    return question.problem.function.name if isinstance(question, BackpropQuestion) else ""


def names_of(blanks: Sequence[Blank]) -> list[str]:
    """What each blank of a step is called on a sheet: its label where no other has it, else its key."""
    labels = [_bare(blank.label) for blank in blanks]
    return [
        label if label and labels.count(label) == 1 and blank.wants is not InputKind.CODE else blank.key
        for blank, label in zip(blanks, labels, strict=True)
    ]


def _bare(label: str) -> str:
    text = re.sub(r"^(upstream|downstream|local|sum)\s+(?=∂)", "", " ".join(label.split()))
    return re.sub(r"\s*(=|:|gives)$", "", text)


# Reading


def read_sheet(text: str) -> SheetText:
    """A sheet, whatever its condition: what it says of itself, its answers by table and name, what made no sense."""
    head: dict[str, object] = {}
    answers: list[TomlStatement] = []
    problems: list[SheetProblem] = []
    for one in statements(text):
        match one:
            case UnreadLine():
                problems.append(SheetProblem(one.line, f"this line is not an answer: {one_line(one.text)[:60]}"))
            case TomlStatement(table="", key=key) if key in _HEAD:
                head.setdefault(key, one.value)
                if key == "sheet" and isinstance(one.value, int) and one.value > FORMAT:
                    problems.append(SheetProblem(one.line, f"this version reads up to sheet = {FORMAT}"))
                if not one.closed:
                    problems.append(_unclosed(one, _text(one.value)))
            case TomlStatement():
                answers.append(one)
    return SheetText(
        _text(head.get("student")),
        _text(head.get("name")),
        _text(head.get("paper")),
        _texts(head.get("exercises")),
        _texts(head.get("asked")),
        tuple(answers),
        tuple(problems),
        text.count("\n") + 1,
    )


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, list | dict) else one_line(str(value))


def _texts(value: object) -> tuple[str, ...]:
    found = value if isinstance(value, list) else re.findall(r"[\w./:@-]+", str(value)) if value is not None else []
    return tuple(str(one) for one in found)


def answers_for(sheet: SheetText, number: int, many: int, marker: Marker) -> SheetAnswers:
    """The sheet's answers to its exercise `number` (from 1) of `many`, by the keys of blanks.

    Names are those of the learner's own equations, which are in the sheet too.
    """
    own = [one for one in sheet.answers if many == 1 or _is_of(_part_of(one.table), number, many)]
    stem = f"e{number}." if many > 1 else ""
    tables = _tables(marker, stem, own)
    own += _behind_the_part_before(sheet.answers, number, tables)
    headless = _without_headings(tables, own)
    starters = {f"{table.prefix}{one.key}": one.starter.strip() for table in tables for one in table.blanks}
    answers: dict[str, str] = {}
    problems: list[SheetProblem] = []
    met: set[str | None] = {None}
    for one in own:
        value = _answer_text(one.value)
        key = key_of(one, tables)
        if key in met:
            key = _key_below_a_lost_heading(one, headless, tables, met) or key
        met.add(key)
        if not value.strip():
            continue
        if key is not None and value.strip() == starters.get(key):
            continue  # the program that the sheet begins with, left as it was
        value = _letter(value, key, tables)
        if key is not None and not one.closed:
            problems.append(_unclosed(one, value))
        if key is None:
            part = _part_of(one.table)
            if many == 1 or part == number or (number == 1 and part is not None and part > many):
                unknown = f"nothing called {one.key} is asked for in [{one.table}]"
                problems.append(SheetProblem(one.line, f"{unknown}{_instead_of(one, tables)}", one.key, unknown=True))
        elif key not in answers:
            answers[key] = value
        elif answers[key] != value:
            problems.append(SheetProblem(one.line, f"{one.key} appears twice: the first one counts", one.key))
    if sheet.lines and tables and not any(_meant(one.table, [tables[-1].name]) for one in own):
        problems.append(SheetProblem(sheet.lines, f"the file ends without its last part, [{tables[-1].name}]"))
    return SheetAnswers(answers, tuple(problems))


def _instead_of(one: TomlStatement, tables: Sequence[SheetTable]) -> str:
    """What may be meant by a name that is not asked for, as the rest of a sentence; "" where nothing is like it."""
    names = [name for table in tables if table.name == one.table for name in names_of(table.blanks)]
    near = get_close_matches(one.key.casefold(), [name.casefold() for name in names], n=1, cutoff=_NEAR)
    meant = next((name for name in names if near and name.casefold() == near[0]), "")
    return f"; did you mean {meant}?" if meant else ""


def _without_headings(tables: Sequence[SheetTable], own: Sequence[TomlStatement]) -> list[SheetTable]:
    """The tables that no statement is in: what belongs there may be below the heading before theirs."""
    names = [table.name for table in tables]
    there = {_meant(one.table, names) for one in own}
    return [table for table in tables if table.name not in there]


def _key_below_a_lost_heading(
    one: TomlStatement, headless: Sequence[SheetTable], tables: Sequence[SheetTable], met: Set[str | None]
) -> str | None:
    """The key, not met before, in the tables without headings that come right after the statement's own."""
    names = [table.name for table in tables]
    name = _meant(one.table, names)
    following = tables[names.index(name) + 1 :] if name else tables
    for table in takewhile(lambda table: table in headless, following):
        key = _key(one.key, table)
        if key is not None and f"{table.prefix}{key}" not in met:
            return f"{table.prefix}{key}"
    return None


def _behind_the_part_before(
    statements: Sequence[TomlStatement], number: int, tables: Sequence[SheetTable]
) -> list[TomlStatement]:
    """What belongs to the first table of a part, and is at the end of the part before where its heading is lost."""
    if number == 1 or not tables or any(_meant(one.table, [tables[0].name]) for one in statements):
        return []
    before = [one for one in statements if _part_of(one.table) == number - 1]
    before = [one for one in before if one.table == before[-1].table]
    names = names_of(tables[0].blanks)
    behind = [*takewhile(lambda one: one.key in names, reversed(before))][::-1]
    return behind if len(behind) < len(before) else []


def _unclosed(one: TomlStatement, value: str) -> SheetProblem:
    return SheetProblem(one.line, f"the quotes of {one.key} are not closed: read as {one_line(value)}")


@dataclass(frozen=True)
class SheetTable:
    """A table of a sheet as it is for this learner: on their own equations."""

    name: str
    prefix: str
    blanks: Sequence[Blank]
    output: tuple[str, str] = ("", "")
    """What the exercise calls its output, and what the learner does."""
    more: str = ""
    """`value` or `total` where other names may be answered as well: the equations that should say what they are make
    no graph."""


def _tables(marker: Marker, stem: str, given: Sequence[TomlStatement]) -> list[SheetTable]:
    """The tables on the equations among the statements; on the program's own where there are none."""
    equations: dict[str, str] = {}
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        if scheme.work.stages:
            steps = [one for one in scheme.work.steps("") if one.blanks]
            staged = [SheetTable(_table_name(stem, prefix, one.step.key), prefix, one.blanks) for one in steps]
            key = f"{prefix}{STAGING}"
            equations[key] = next((_answer_text(one.value) for one in given if key_of(one, staged) == key), "")
    return [*_tables_of(marker, stem, equations, closed=True)]


def tables_on(marker: Marker, equations: Mapping[str, str], *, mended: bool = False) -> list[SheetTable]:
    """The tables of an exercise alone on its sheet, for these equations by the keys of their blanks; see `Marker`.

    Without equations they hold what is asked of everyone; with `mended`, equations that make no graph count as far as
    they can be used.
    """
    return [*_tables_of(marker, "", equations, closed=mended)]


def _tables_of(marker: Marker, stem: str, equations: Mapping[str, str], *, closed: bool) -> Iterator[SheetTable]:
    """With `closed`, the steps that do not open to these equations as they are on the program's own."""
    for scheme, prefix in zip(marker.schemes, marker.prefixes, strict=True):
        text = equations.get(f"{prefix}{STAGING}", "") if scheme.work.stages else None
        steps = scheme.work.steps_to_mark(text) if closed else scheme.work.steps(text)
        mended = closed and scheme.work.stages and not scheme.work.makes_graph(text)
        opened = {one.step.key: one.blanks for one in steps if one.blanks}
        everyones = names_for_everyone(scheme.work.question)
        for key, rows in scheme.steps.items():
            blanks = tuple(row.blank for row in rows)
            if not closed and scheme.work.stages and key in OF_OWN:
                blanks = tuple(blank for blank in blanks if blank.key.rpartition(":")[2] in everyones)
            opened.setdefault(key, blanks)
        output = (
            _output_of(scheme.work.question),
            (text or "").strip().rpartition("\n")[2].partition("=")[0].rstrip(": ").partition("(")[0].strip(),
        )
        for key in scheme.steps:
            more = _MORE.get(key, "") if mended else ""
            yield SheetTable(_table_name(stem, prefix, key), prefix, opened[key], output, more)


def _table_name(stem: str, prefix: str, key: str) -> str:
    return f"{stem}{prefix.replace('/', '.')}{key}"


def key_of(one: TomlStatement, tables: Sequence[SheetTable]) -> str | None:
    """The key of the blank that a statement answers: in its table, else where one alone has that name; else None."""
    name = _meant(one.table, [table.name for table in tables])
    for table in tables:
        if table.name == name and (key := _key(one.key, table)) is not None:
            return f"{table.prefix}{key}"
    called = [table for table in tables if one.key in names_of(table.blanks)]  # before what is only like it
    found = [f"{table.prefix}{key}" for table in called or tables if (key := _key(one.key, table)) is not None]
    if len(found) == 1:
        return found[0]
    more = ((table.prefix, _key_of_more(one.key, table)) for table in tables if table.name == name)
    return next((f"{prefix}{key}" for prefix, key in more if key is not None), None)


def _is_of(part: int | None, number: int, many: int) -> bool:
    """Whether a table is of this exercise, or of no one: then it is looked at with the first."""
    return part in (number, None) or (number == 1 and part is not None and part > many)


def _letter(value: str, key: str | None, tables: Sequence[SheetTable]) -> str:
    """The letter of an option that was written out; else the text as it is."""
    for table in tables:
        for blank in table.blanks:
            if f"{table.prefix}{blank.key}" == key and blank.options:
                return letter_meant(value, blank.options)
    return value


def _part_of(table: str) -> int | None:
    found = re.match(r"e(\d+)(\.|$)", table)
    return int(found[1]) if found else None


def _meant(table: str, tables: Sequence[str]) -> str:
    """The table that is meant by a name; "" for none of these. Between questions nothing is guessed."""
    if table in tables:
        return table
    stem = table.rpartition(".")[0]
    near = [one for one in tables if one.rpartition(".")[0] == stem]
    (meant,) = get_close_matches(table, near, n=1, cutoff=_NEAR) or [""]
    return meant


def _key(name: str, table: SheetTable) -> str | None:
    """The key of the blank that a name on a sheet stands for; the output has the learner's own name as well."""
    if (key := _key_among(name, table.blanks)) is not None:
        return key
    slope = re.fullmatch(r"d\w+/d(\w+)", _alike(name))
    asked = slope[1] if slope else name.strip()
    stem = "total" if slope else "value"
    wanted = table.output[1] if asked == table.output[0] else asked
    return next((blank.key for blank in table.blanks if blank.key == f"{stem}:{wanted}"), None)


def _key_of_more(name: str, table: SheetTable) -> str | None:
    """The key of a value that equations should have given, where other names may be answered as well."""
    slope = re.fullmatch(r"d\w+/d(\w+)", _alike(name))
    asked = slope[1] if slope else name.strip()
    return f"{table.more}:{asked}" if table.more and re.fullmatch(r"[^\W\d]\w*", asked) else None


def _key_among(name: str, blanks: Sequence[Blank]) -> str | None:
    exact, plain = names_of(blanks), _alike(name)
    if name in exact:
        return blanks[exact.index(name)].key
    called = [_alike(one) for one in exact]
    labels = ["" if blank.wants is InputKind.CODE else _alike(_bare(blank.label)) for blank in blanks]
    keys = [_alike(blank.key) for blank in blanks]
    for names in (called, keys, labels):
        if names.count(plain) == 1:
            return blanks[names.index(plain)].key
    folded = [one.casefold() for one in called]  # phones begin a line with a capital
    if folded.count(plain.casefold()) == 1:
        return blanks[folded.index(plain.casefold())].key
    return None


def _alike(name: str) -> str:
    plain = re.sub(r"[\s`]+", "", name).replace("∂", "d").replace("partial", "d")
    return re.sub(r"\?(?=\w)", "d", plain)  # an editor that has no ∂ saves a question mark


def _answer_text(value: object) -> str:
    """An answer as a learner types it, from what TOML made of it."""
    if isinstance(value, str):
        return value.strip("\n")
    return json.dumps(value) if isinstance(value, list | dict | bool) else str(value)
