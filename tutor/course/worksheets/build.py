"""From exercises, with what their blanks are worth, to a sheet or its key.

Blanks, marks and right answers are those that `tutor.marking` marks by, so a sheet asks for what is graded. What hangs
on the equations a learner chooses is asked without naming any: tables with rows of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from string import ascii_lowercase

from tutor.course.sheets import SheetPart
from tutor.course.worksheets.document import (
    ANYONE,
    AnswerLine,
    Block,
    Code,
    Document,
    Formula,
    GraphFigure,
    Heading,
    OptionList,
    Prose,
    SheetTask,
    Space,
    Table,
    passages,
    pieces,
    prompt_passages,
    tidy,
    tidy_line,
)
from tutor.drawing import ASKED, Figure, GraphSpec, ShapesFigure, draw_figure
from tutor.engine.gates import vocabulary
from tutor.language import Arrays, Unreadable, read_function
from tutor.marking.records import in_words
from tutor.marking.scheme import BlankScheme, QuestionScheme
from tutor.practice.seeds import split_id
from tutor.questions import Blank, InputKind
from tutor.questions.backprop.question import BackpropQuestion
from tutor.questions.blank import BACKWARD, NoAnswers
from tutor.questions.question import Question
from tutor.questions.short_answer import Item, ShortAnswerQuestion

_MORE_ROWS = 2
"""Rows of a table, and lines for equations, beyond what the program's own staging takes."""
_COLUMNS, _ROWS = 76, 30
"""The most that a drawing in characters takes."""
_LONG = 14
"""Characters of a right answer from which on a line of its own is left for it."""
_GRAPH_ROOM = 0.8
"""Centimetres for each gate of a graph that is to be drawn."""
_MOST_NAMED = 3
"""Exercises whose ids stand below the title."""
_STAGED_ELSEWHERE = frozenset({"forward", BACKWARD})


def worksheet(
    parts: Sequence[SheetPart],
    title: str,
    *,
    prompt: str = "",
    minutes: float | None = None,
    key: bool = False,
    figures: bool = True,
    student: tuple[tuple[str, str], ...] | None = None,
) -> Document:
    """The sheet for these exercises, or its key.

    `prompt` is said above all, `minutes` how long it takes, `student` whose it is; None for a sheet of nobody's yet.
    Without `figures` what only illustrates a question is left out.
    """
    blocks: list[Block] = [Prose(text) for text in _paragraphs(prompt)]
    for number, part in enumerate(parts, 1):
        if len(parts) > 1:
            heading = f"{number}. {tidy_line(part.exercise.on_paper.title)}"
            blocks.append(Heading(heading, 1, marks_in_words(_worth(part.marker.schemes))))
        own = _paragraphs(part.exercise.on_paper.prompt)
        blocks += [Prose(text) for text in own if text not in _paragraphs(prompt)]
        blocks += _questions(part, key, figures)
    total = sum((_worth(part.marker.schemes) for part in parts), Fraction(0))
    about = [marks_in_words(total), f"{minutes:g} minutes" if minutes else "", _numbers(parts)]
    said = " · ".join(one for one in about if one)
    if student is None:
        student = () if key else ANYONE
    whose = tuple((tidy_line(word), tidy_line(text)) for word, text in student)
    return Document(tidy_line(title), tuple(blocks), said, key, whose)


def _worth(schemes: Iterable[QuestionScheme]) -> Fraction:
    return sum((scheme.full for scheme in schemes), Fraction(0))


def marks_in_words(marks: Fraction) -> str:
    """`1 mark`, `2½ marks`."""
    return f"{in_words(float(marks))} {'mark' if marks == 1 else 'marks'}"


def _numbers(parts: Sequence[SheetPart]) -> str:
    """Which exercises these are, and where their numbers are drawn which version of them."""
    if len(parts) > _MOST_NAMED:
        return f"{len(parts)} exercises"
    ids = [split_id(part.exercise.id) for part in parts]
    return ", ".join(tidy_line(id if seed is None else f"{id}, version {seed}") for id, seed in ids)


def _paragraphs(text: str) -> list[str]:
    return [tidy_line(part) for part in text.strip().split("\n\n") if part.strip()]


# Questions


def _questions(part: SheetPart, key: bool, figures: bool) -> Iterator[Block]:
    schemes = part.marker.schemes
    prompt = part.exercise.on_paper.prompt.strip()
    for number, scheme in enumerate(schemes, 1):
        question = scheme.work.question
        if len(schemes) > 1:
            title = f"Question {number}. {tidy_line(question.title)}"
            yield Heading(title, 2, marks_in_words(scheme.full))
        if isinstance(question, BackpropQuestion):
            yield from _given(question, prompt)
            yield from _backprop(scheme, question, key)
        else:
            yield from _short(scheme, question, prompt, key, figures)


def _given(question: Question, prompt: str) -> Iterator[Block]:
    """What is given: functions as formulas, all else as it is said."""
    arrays = question.problem.vocabulary.arrays if isinstance(question, BackpropQuestion) else None
    for line in question.statement.split("\n"):
        text = tidy_line(line)
        if not text or text in prompt:
            continue
        formula = _formula(line, arrays)
        if formula is not None:
            yield formula
        elif isinstance(question, BackpropQuestion):
            yield Prose(text)
        else:
            yield Formula("", given=pieces(text))


def _formula(line: str, arrays: Arrays | None) -> Formula | None:
    """A line that is a function with the values it is taken at."""
    text, _, given = line.partition(",   ")
    try:
        function = read_function(text, replace(vocabulary(), arrays=arrays)).tree
    except Unreadable:
        return None
    return Formula(f"{function.name}({', '.join(function.parameters)})", function.expression, pieces(tidy_line(given)))


# Questions of blanks that stand for themselves


def _short(scheme: QuestionScheme, question: Question, prompt: str, key: bool, figures: bool) -> Iterator[Block]:
    items = {item.blank.key: item for item in question.items} if isinstance(question, ShortAnswerQuestion) else {}
    for name, rows in scheme.steps.items():
        opened = scheme.own[name]
        about = tidy_line(opened.step.about(NoAnswers()))
        if about and about not in prompt:
            yield Prose(about)
        yield from _given(question, prompt)
        picture = question.picture(NoAnswers())
        if picture is not None:
            yield GraphFigure(picture)
        many = len(rows) > 1
        shown: Figure | None = None
        for number, row in enumerate(rows):
            letter = f"{ascii_lowercase[number]})" if many and number < len(ascii_lowercase) else ""
            marks = marks_in_words(row.full) if many else ""
            if row.blank.wants is InputKind.CODE:
                yield from _program(row, key)
            else:
                figure = question.figure(row.blank) if figures else None
                asked = _item(row, items.get(row.blank.key), key, figure if key or figure != shown else None)
                shown = figure
                yield SheetTask(tuple(asked), letter, marks)


def _item(row: BlankScheme, item: Item | None, key: bool, figure: Figure | None) -> Iterator[Block]:
    blank = row.blank
    yield from prompt_passages(blank.prompt)
    yield from _figure(figure, key)
    if blank.options:
        yield OptionList(tuple(map(tidy_line, blank.options)), blank.several, row.correct if key else "")
    else:
        label = tidy_line(blank.label) or "Answer:"
        yield AnswerLine(label, _answer(row.correct) if key else "", len(row.correct) > _LONG)
    if key and item is not None:
        answer = _answer(row.correct)
        for text in _remarks(item, blank):
            if tidy_line(text).rstrip(".") != answer:
                yield from passages(text, remark=True)


def _figure(figure: Figure | None, key: bool) -> Iterator[Block]:
    """What illustrates a question. Which axes of two shapes meet is a part of the answer, and shown in a key."""
    if isinstance(figure, GraphSpec):
        yield GraphFigure(figure)
    elif figure is not None and (key or not isinstance(figure, ShapesFigure)):
        drawn = draw_figure(figure, _COLUMNS, _ROWS, revealed=key)
        if drawn is not None:
            yield Code(tuple(drawn.text.split("\n")))


def _remarks(item: Item, blank: Blank) -> Iterator[str]:
    """How it is found, and what there is to learn of it."""
    if blank.options:
        said = {tidy_line(blank.prompt), *(tidy_line(option) for option in blank.options)}
        for line in item.told.split("\n"):
            text = tidy_line(line)
            if text and text not in said and text.partition(") ")[2] not in said:
                yield text
    elif item.hints[-1].strip():
        yield item.hints[-1]
    if item.after.strip():
        yield item.after


def _answer(text: str) -> str:
    return tidy_line(text.replace("\n", "; "))


# A function: equations, the graph, both passes, code


def _backprop(scheme: QuestionScheme, question: BackpropQuestion, key: bool) -> Iterator[Block]:
    stages = scheme.work.stages
    drawn = False
    for name, rows in scheme.steps.items():
        if not rows:
            continue
        opened = scheme.own[name]
        if rows[0].blank.wants is InputKind.CODE:
            yield from _program(rows[0], key, opened.step.title, opened.step.about(opened.answers({})))
            continue
        yield Heading(tidy_line(opened.step.title), 3, marks_in_words(sum((row.full for row in rows), Fraction(0))))
        yield Prose(_about(name, question) or tidy_line(opened.step.about(opened.answers({}))))
        if rows[0].blank.wants is InputKind.EQUATIONS:
            yield _equations(rows[0], key)
            drawn = True
            yield from _graph(question, key, room=True)
            continue
        if not drawn:
            drawn = True
            yield from _graph(question, key, room=False)
        yield _table(name, rows, question, stages and name in _STAGED_ELSEWHERE, key)
    if key:
        yield from _worked(question)


def _about(step: str, question: BackpropQuestion) -> str:
    """What a step asks for on paper, where the screen asks in another way; "" where it does not."""
    f = question.problem.function.name
    if step == BACKWARD:
        return f"From the output back: the gradient of {f} with respect to each value. Where a value forks, add."
    return "The value of each equation, in order; fractions and powers of e may stay." if step == "forward" else ""


def _equations(row: BlankScheme, key: bool) -> Block:
    lines = tidy(row.correct).split("\n")
    if key:
        return Code(tuple(lines), numbered=True)
    return Code((None,) * (len(lines) + _MORE_ROWS), numbered=True)


def _graph(question: BackpropQuestion, key: bool, room: bool) -> Iterator[Block]:
    """The graph with its numbers in a key; else room to draw it, or where its equations are given, itself."""
    if key:
        yield GraphFigure(question.printed_picture())
    elif room:
        gates = len(question.problem.graph.gates)
        height = min(9.0, 3.5 + _GRAPH_ROOM * gates)
        numbers = [
            *(["values above the wires"] if question.asks_values else []),
            *(["gradients below"] if BACKWARD in {step.key for step in question.steps} else []),
        ]
        yield Space(f"Draw the graph of your equations{', with ' if numbers else ''}{' and '.join(numbers)}.", height)
    else:
        yield GraphFigure(_to_fill_in(question.printed_picture(), question.asks_values))


def _to_fill_in(picture: GraphSpec, values: bool) -> GraphSpec:
    """The graph without what is asked: gradients and, with `values`, those of its gates."""
    nodes = tuple(
        replace(
            node,
            value=ASKED if values and node.kind != "input" and node.value else node.value,
            gradient=ASKED if node.gradient else "",
        )
        for node in picture.nodes
    )
    return GraphSpec(nodes, tuple(replace(wire, share=ASKED if wire.share else "") for wire in picture.wires))


def _table(name: str, rows: Sequence[BlankScheme], question: BackpropQuestion, own: bool, key: bool) -> Table:
    """Both passes and the step of descent. On equations of their own, learners write the names as well."""
    head = _HEADS.get(name, ("", "answer"))
    inputs = {question.problem.graph.nodes[position].name for position in question.problem.graph.inputs}
    cells = []
    for row in rows:
        named = key or not own or row.blank.key.rpartition(":")[2] in inputs
        label = row.blank.group if name == "forward" and _is_equation(row.blank) else _label(row.blank)
        cells.append((tidy_line(label) if named else "", _answer(row.correct) if key else ""))
    if own and not key:
        at = next((place for place, row in enumerate(cells) if any(row)), len(cells))
        cells[at:at] = [("", "")] * _MORE_ROWS
    return Table(head, tuple(cells), frozenset({1}))


_HEADS: Mapping[str, tuple[str, str]] = {
    "forward": ("equation", "value"),
    BACKWARD: ("gradient", "value"),
    "descend": ("after the step", "value"),
}


def _label(blank: Blank) -> str:
    text = blank.label
    for word in ("upstream ", "sum ", "downstream "):
        text = text.removeprefix(word)
    return text.rstrip("=←:").rstrip()


def _is_equation(blank: Blank) -> bool:
    return "=" in blank.group


def _program(row: BlankScheme, key: bool, title: str = "", about: str = "") -> Iterator[Block]:
    """A program to be completed: numbered lines, with room for what is missing."""
    if title:
        yield Heading(tidy_line(title), 3, marks_in_words(row.full))
    for text in dict.fromkeys((tidy_line(about), tidy_line(row.blank.prompt))):
        if text:
            yield Prose(text)
    right = tidy(row.correct).split("\n")
    if key:
        yield Code(tuple(right), numbered=True)
        return
    yield Code(_with_room(row.blank.starter.rstrip().split("\n"), right), numbered=True)


def _with_room(starter: Sequence[str], right: Sequence[str]) -> tuple[str | None, ...]:
    """The lines given, and open ones where lines are left to be written, or at the end where none are.

    As many as a right program has more, and one for each place.
    """
    runs: list[list[str]] = []  # lines that are given, and between them nothing
    for before, line in zip(("", *starter), starter, strict=False):
        if not _is_gap(line) and (not runs or _is_gap(before)):
            runs.append([])
        if not _is_gap(line):
            runs[-1].append(tidy(line))
    written = sum(1 for line in starter if line.strip())
    missing = max(0, sum(1 for line in right if line.strip()) - written)
    gaps = max(1, len(runs) - 1)
    open_lines: tuple[str | None, ...] = (None,) * (-(-missing // gaps) + 1)
    lines: list[str | None] = []
    for number, run in enumerate(runs):
        lines += [*(open_lines if number else ()), *run]
    return (*lines, *(open_lines if len(runs) < 2 else ()))


def _is_gap(line: str) -> bool:
    """Whether it is left open, to be written: nothing, but indented as what belongs there."""
    return bool(line) and not line.strip()


def _worked(question: Question) -> Iterator[Block]:
    """The worked solution, for the program's own equations, as far as the answers do not say it themselves."""
    yield Heading("Worked solution", 3)
    for paragraph in question.story({}, False, _COLUMNS):
        heading = tidy_line(paragraph.heading)
        if heading and not heading.startswith(_SAID_ABOVE):
            lines = tuple(tidy(line.removeprefix("  ")) for line in paragraph.lines)
            yield SheetTask((Prose(heading), Code(lines)))


_SAID_ABOVE = ("Staging", "Forward", "In NumPy")
"""Paragraphs of a worked solution that the answers of a key say already."""
