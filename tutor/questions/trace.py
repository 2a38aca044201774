"""The kind `trace`: what a short recursive walk prints or returns, in order.

The walks that can be asked about are in `traversals.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, field

from tutor.drawing import GraphEdge, GraphNode, GraphSpec
from tutor.judging import Verdict, right, unreadable, wrong
from tutor.judging.misconceptions import Misconception, key_of, recognise
from tutor.judging.mistake_texts import tell
from tutor.judging.typed_answers import ExactAnswer
from tutor.library import BadFile
from tutor.library.decoding import each, meant
from tutor.questions.blank import Blank
from tutor.questions.inflect import counted, read_row
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, Item, ShortAnswerQuestion, rungs
from tutor.questions.traversals import MOST, WALKS, TooLong, Traversal, traced

_DEEPEST = 12


class TraceAsk(AskTable, frozen=True, kw_only=True):
    """One blank: a walk and its data."""

    walk: Annotated[str, Meta(extra_json_schema={"enum": list(WALKS)})]
    """One of ours: count_down, count_up, sum_to, sum, depth, flatten, pre, post, pre_seen, post_seen."""

    n: int | None = None
    """A number, for the walks that count."""

    tree: list[Any] | None = None
    """Nested lists of whole numbers."""

    graph: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Each node and its children, in order; nodes without children may be left out."""

    start: str = ""
    """The node of the graph to begin at; the first when absent."""


class TraceTable(QuestionTable, frozen=True, kw_only=True):
    """`kind = "trace"`: short walks, and what they do."""

    kind: Literal["trace"] = "trace"
    ask: tuple[TraceAsk, ...]
    """Its blanks, each a table [[question.ask]]."""


def make_trace(table: TraceTable, _place: QuestionPlace) -> ShortAnswerQuestion:
    """The question. Raises BadFile for walks there are not, and data they cannot take."""
    asked = each(lambda number, ask: _asked(ask, number), table.ask)
    return ShortAnswerQuestion(table, asked, "Follow the calls with your finger.")


def _asked(ask: TraceAsk, number: int) -> Item:
    key = f"ask[{number}]"
    if ask.walk not in WALKS:
        raise BadFile(f"{key}.walk", f"there is no walk {ask.walk}; {meant(ask.walk, WALKS, 'walks')}")
    walk = WALKS[ask.walk]
    data, call = _data(walk, ask, key)
    try:
        truth = traced(walk.run, *data)
    except TooLong:
        raise BadFile(f"{key}.{walk.takes}", f"the walk takes more than {MOST} steps, or never ends") from None
    if not truth:
        raise BadFile(f"{key}.{walk.takes}", "nothing happens in this walk")
    candidates = [
        Misconception(key, row, says, label=says) for key, run, says in walk.slips if (row := _row(run, data))
    ]
    shown = f"{walk.code}\n{call}   {ask.prompt or walk.asks}"
    blank = Blank(str(number), ask.label or f"{walk.call} →", shown, example="in order, such as 1, 2, 3")
    worked = ", ".join(truth)
    return Item(
        blank,
        lambda text: judge_trace(text, truth, candidates),
        rungs(ask.hints, _hints(walk, truth), f"{key}.hints"),
        worked,
        told=f"{walk.code}\n{call}\n{ask.prompt or walk.asks}\n  {worked}",
        after=ask.after,
        figure=_figure(data, walk),
    )


def _figure(data: tuple[Any, ...], walk: Traversal) -> GraphSpec | None:
    """The graph, or the nested lists as one, that is walked; None where the walk counts."""
    if walk.takes == "n":
        return None
    if walk.takes == "graph":
        return _picture(data[0])
    children: dict[str, tuple[str, ...]] = {}
    symbols: dict[str, str] = {}

    def note(part: Any, place: str) -> str:
        inside = part if isinstance(part, list) else []
        symbols[place] = "[ ]" if isinstance(part, list) else str(part)
        children[place] = ()
        children[place] = tuple(note(one, f"{place}.{number}") for number, one in enumerate(inside))
        return place

    note(data[0], "0")
    return _picture(children, symbols)


def _picture(children: Mapping[str, Sequence[str]], symbols: Mapping[str, str] | None = None) -> GraphSpec | None:
    """Who calls whom, from left to right; None where the calls run in a circle, which no such drawing shows."""
    order: list[str] = []
    while len(order) < len(children):
        callers = {node for node in children if node not in order}
        free = [node for node in children if node in callers and not any(node in children[one] for one in callers)]
        if not free:
            return None
        order.append(free[0])
    place = {node: number for number, node in enumerate(order)}
    ports = dict.fromkeys(order, 0)
    wires = []
    for node in order:
        for child in children[node]:
            wires.append(GraphEdge(place[node], place[child], ports[child]))
            ports[child] += 1
    symbol = symbols or {node: node for node in order}
    return GraphSpec(tuple(GraphNode(symbol[node], symbol[node]) for node in order), tuple(wires))


def _data(walk: Traversal, ask: TraceAsk, key: str) -> tuple[tuple[Any, ...], str]:
    """What the walk runs on, and how it is called. Raises BadFile."""
    given = {"n": ask.n is not None, "tree": ask.tree is not None, "graph": bool(ask.graph)}
    for name, there in given.items():
        if there != (name == walk.takes):
            reason = f"is missing: the walk {ask.walk} runs on it" if name == walk.takes else "has no effect"
            raise BadFile(
                f"{key}.{name}", reason if name == walk.takes else f"{reason}: the walk {ask.walk} takes {walk.takes}"
            )
    if ask.start and walk.takes != "graph":
        raise BadFile(f"{key}.start", f"has no effect: the walk {ask.walk} takes {walk.takes}, not a graph")
    if walk.takes == "n":
        assert ask.n is not None
        if not 0 <= ask.n <= _DEEPEST:
            raise BadFile(f"{key}.n", f"n is 0 to {_DEEPEST}")
        return (ask.n,), f"{walk.call}({ask.n})"
    if walk.takes == "tree":
        if not _is_tree(ask.tree, _DEEPEST):
            raise BadFile(f"{key}.tree", f"it is nested lists of whole numbers, none empty, at most {_DEEPEST} deep")
        return (ask.tree,), f"{walk.call}({ask.tree})"
    children = [child for row in ask.graph.values() for child in row]
    graph = {node: ask.graph.get(node, ()) for node in dict.fromkeys((*ask.graph, *children))}
    start = ask.start or next(iter(graph))
    if start not in graph:
        raise BadFile(f"{key}.start", f"there is no {start} in the graph")
    feeds = ", ".join(f"{node}: [{', '.join(row)}]" for node, row in graph.items())
    return (graph, start), f"feeds = {{{feeds}}}\n{walk.call}({start})"


def _is_tree(tree: Any, room: int) -> bool:
    if isinstance(tree, int) and not isinstance(tree, bool):
        return True
    return isinstance(tree, list) and bool(tree) and room > 0 and all(_is_tree(part, room - 1) for part in tree)


def _row(run: Any, data: Sequence[Any]) -> list[str]:
    try:
        return traced(run, *data)
    except TooLong:
        return []


_BEGIN = {
    "n": "Write the calls one below the other. A call continues only when the one it made has returned.",
    "tree": "A call on a list makes one call for each of its parts, left to right, and waits for each of them.",
    "graph": "Keep the open calls in a stack: the newest goes first, and a loop continues when its child is done.",
}


def _hints(walk: Traversal, truth: Sequence[str]) -> tuple[str, str, str]:
    row = ", ".join(truth)
    return _BEGIN[walk.takes], f"The first one is {truth[0]}. Why that one, and what follows?", f"It is {row}."


def judge_trace(text: str, truth: Sequence[str], candidates: Sequence[Misconception]) -> Verdict:
    """The verdict on a row of words. Raises nothing."""
    row = read_row(text, truth)
    if not row:
        return unreadable("Write what comes out in order, such as 1, 2, 3.")
    kinds = set(truth)
    for word in row:
        if all(one.lstrip("-").isdigit() for one in kinds) != word.lstrip("-").isdigit():
            wanted = "numbers" if kinds and next(iter(kinds)).lstrip("-").isdigit() else "names"
            return unreadable(f"{word[:40]} does not belong here: the output contains only {wanted}.")
    if row == list(truth):
        return right()
    if found := recognise(ExactAnswer(row), list(truth), candidates).found:
        return wrong(tell(found), key_of(found))
    return wrong(_first_difference(row, truth))


def _first_difference(row: Sequence[str], truth: Sequence[str]) -> str:
    same = next((i for i, (one, other) in enumerate(zip(row, truth, strict=False)) if one != other), None)
    if same is None:
        same = min(len(row), len(truth))
        if len(row) > len(truth):
            are = "entry is" if same == 1 else f"{counted(same, 'entry', 'entries')} are"
            return f"The first {are} right, but then it ends."
        return f"Right as far as {row[-1]}, but there is more. What happens after that?"
    if not same:
        return f"{row[0]} is not the first. Which call is the first to print or return?"
    return f"Right as far as {row[same - 1]} (entry {same}), but {row[same]} does not come next."


__all__ = ["TraceTable", "make_trace"]
