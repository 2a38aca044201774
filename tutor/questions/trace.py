"""The kind `trace`: what a short recursive walk prints or returns, in order.

The walks that can be asked about are at the end: their Python as shown, and what they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from msgspec import field

from tutor.drawing import GraphEdge, GraphNode, GraphSpec
from tutor.judging import Verdict, right, unreadable, wrong
from tutor.judging.misconceptions import ExactAnswer, Misconception, recognise, tell
from tutor.library import BadFile
from tutor.library.decoding import each, meant
from tutor.questions.blank import Blank
from tutor.questions.inflect import counted, read_row
from tutor.questions.question import QuestionPlace, QuestionTable
from tutor.questions.short_answer import AskTable, Item, ShortAnswerQuestion, rungs

_DEEPEST = 12


class TraceAsk(AskTable, frozen=True, kw_only=True):
    """One blank: a walk and its data."""

    walk: str
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
        return wrong(tell(found[:1]), found[0].key)
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


Tree = int | list["Tree"]
Graph = Mapping[str, tuple[str, ...]]
MOST = 40
"""Entries of a trace; longer ones nobody follows."""


class TooLong(Exception):
    """A trace that is longer than anyone follows, or never ends."""


@dataclass(frozen=True)
class Traversal:
    """One walk: what it takes, its text, what it gives, and the wrong ways to go it."""

    takes: str
    """`n`, `tree` or `graph`."""

    call: str
    """Its name, as it is called."""

    code: str
    asks: str
    """What is asked of it."""

    run: Callable[..., Iterator[object]]
    slips: tuple[tuple[str, Callable[..., Iterator[object]], str], ...] = ()
    """Name, what is gone instead, and what is said to that."""


def traced(run: Callable[..., Iterator[object]], *data: object) -> list[str]:
    """What a walk gives, as words. Raises TooLong."""
    words: list[str] = []
    try:
        for word in run(*data):
            words.append(str(word))
            if len(words) > MOST:
                raise TooLong
    except RecursionError:
        raise TooLong from None
    return words


# Counting


def _down(n: int, last: int = 1) -> Iterator[int]:
    yield from range(n, last - 1, -1)


def _up(n: int, first: int = 1) -> Iterator[int]:
    yield from range(first, n + 1)


def _sums(n: int) -> Iterator[int]:
    yield from (k * (k + 1) // 2 for k in range(n + 1))


def _backwards(run: Callable[..., Iterator[object]]) -> Callable[..., Iterator[object]]:
    return lambda *data: reversed(list(run(*data)))


# Nested lists


def _leaves(tree: Tree) -> Iterator[int]:
    if isinstance(tree, int):
        yield tree
        return
    for part in tree:
        yield from _leaves(part)


def _by_lists(tree: Tree, value: Callable[[Tree], int], *, children_first: bool = True) -> Iterator[int]:
    """The value of every list within, in the order in which the calls return (or begin)."""
    if isinstance(tree, int):
        return
    if not children_first:
        yield value(tree)
    for part in tree:
        yield from _by_lists(part, value, children_first=children_first)
    if children_first:
        yield value(tree)


def _outer_first(tree: Tree, value: Callable[[Tree], int]) -> Iterator[int]:
    """Every list before those within it, but the whole at the end."""
    if not isinstance(tree, int):
        yield from list(_by_lists(tree, value, children_first=False))[1:]
        yield value(tree)


def _down_to(tree: Tree, depth: int) -> Iterator[int]:
    """The numbers that are not deeper than that."""
    if isinstance(tree, int):
        yield tree
        return
    for part in tree if depth else ():
        yield from _down_to(part, depth - 1)


def _total(tree: Tree) -> int:
    return sum(_leaves(tree))


def _depth(tree: Tree) -> int:
    return 0 if isinstance(tree, int) else 1 + max(map(_depth, tree), default=0)


def _by_level(tree: Tree) -> Iterator[int]:
    """The numbers level by level."""
    level = [tree]
    while level:
        yield from (part for part in level if isinstance(part, int))
        level = [part for whole in level if not isinstance(whole, int) for part in whole]


def _right_to_left(tree: Tree) -> Tree:
    return tree if isinstance(tree, int) else [_right_to_left(part) for part in reversed(tree)]


# Graphs


def _visits(graph: Graph, start: str, *, post: bool, once: bool) -> Iterator[str]:
    seen: set[str] = set()

    def visit(node: str) -> Iterator[str]:
        if once and node in seen:
            return
        seen.add(node)
        if not post:
            yield node
        for child in graph[node]:
            yield from visit(child)
        if post:
            yield node

    yield from visit(start)


def _turned(graph: Graph) -> Graph:
    return {node: tuple(reversed(children)) for node, children in graph.items()}


def _breadth(graph: Graph, start: str) -> Iterator[str]:
    waiting = [start]
    for node in waiting:
        yield node
        waiting += [child for child in graph[node] if child not in waiting]


def _breadth_again(graph: Graph, start: str) -> Iterator[str]:
    """Level by level, with no record of what was seen."""
    waiting = [start]
    for node in waiting:
        yield node
        waiting += graph[node]


def _graph_walk(*, post: bool, once: bool) -> Traversal:
    visit = ["for child in feeds[node]:", "    visit(child)"]
    visit = [*visit, "print(node)"] if post else ["print(node)", *visit]
    guard = ["if node in seen: return", "seen.add(node)"] if once else []
    lines = ["seen = set()"] if once else []
    lines += ["def visit(node):", *(f"    {line}" for line in (*guard, *visit))]
    order = ("before its children", "after its children")

    def other(**changed: bool) -> Callable[..., Iterator[object]]:
        chosen = {"post": post, "once": once, **changed}
        return lambda graph, start: _visits(graph, start, post=chosen["post"], once=chosen["once"])

    twice = (
        "There is no visited set here: what happens when a node is reached a second time?"
        if not once
        else "Some node is printed twice. What does the walk do when a node is in seen already?"
    )
    return Traversal(
        "graph",
        "visit",
        "\n".join(lines),
        "What does it print, in order?",
        other(),
        (
            ("order_of_visits", other(post=not post),
             f"That prints each node {order[not post]}. Where is the print here?"),
            ("visited_twice", other(once=not once), twice),
            ("children_reversed", lambda graph, start: _visits(_turned(graph), start, post=post, once=once),
             "The children were taken from right to left. In which order does the loop take them?"),
            ("breadth_first", _breadth,
             "That goes level by level. A call goes all the way down before the loop takes its next child."),
            ("breadth_first", _breadth_again,
             "That goes level by level. A call goes all the way down before the loop takes its next child."),
            ("backwards", _backwards(other()), "That is the right sequence, reversed. Which line is printed first?"),
        ),
    )  # fmt: skip


def _returned(name: str, value: Callable[[Tree], int], code: str, *, counts: bool) -> Traversal:
    """What calls on lists return. `counts` where a wrong base case moves each of them by one."""
    off_by_one = (
        ("base_case", lambda tree: (one + 1 for one in _by_lists(tree, value)),
         "Each is one too large: what does the base case return?"),
        ("base_case", lambda tree: (one - 1 for one in _by_lists(tree, value)),
         "Each is one too small: what does the base case return, and what is added to it?"),
    )  # fmt: skip
    return Traversal(
        "tree",
        name,
        code,
        "What do calls on lists return, in order of returning?",
        lambda tree: _by_lists(tree, value),
        (
            ("order_of_visits", lambda tree: _by_lists(tree, value, children_first=False),
             "That is the order in which the calls begin. Which call finishes first?"),
            ("order_of_visits", lambda tree: _outer_first(tree, value),
             "A list comes there before the lists within it. Which of them returns first?"),
            ("children_reversed", lambda tree: _by_lists(_right_to_left(tree), value),
             "The parts were taken from right to left. In which order does the loop take them?"),
            *(off_by_one if counts else ()),
            ("only_last", lambda tree: iter([value(tree)]),
             "That is what the first call returns at the end. What do the calls inside it return before that?"),
        ),
    )  # fmt: skip


_LEVEL = "Does the call with 0 print anything?"
_TURN = "Is the print before the recursive call, or after it?"

WALKS: dict[str, Traversal] = {
    "count_down": Traversal(
        "n", "count", "def count(n):\n    if n == 0:\n        return\n    print(n)\n    count(n - 1)",
        "What does it print, in order?", _down,
        (("base_case", lambda n: _down(n, 0), f"One too many. {_LEVEL}"),
         ("base_case", lambda n: _down(n, 2), "One too few. For which n does it stop without printing?"),
         ("order_of_visits", _up, f"That is the reverse order. {_TURN}")),
    ),
    "count_up": Traversal(
        "n", "count", "def count(n):\n    if n == 0:\n        return\n    count(n - 1)\n    print(n)",
        "What does it print, in order?", _up,
        (("base_case", lambda n: _up(n, 0), f"One too many. {_LEVEL}"),
         ("base_case", lambda n: _up(n, 2), "One too few. For which n does it stop without printing?"),
         ("order_of_visits", _down, f"That is the reverse order. {_TURN}")),
    ),
    "sum_to": Traversal(
        "n", "total", "def total(n):\n    if n == 0:\n        return 0\n    return n + total(n - 1)",
        "What do its calls return, in order of returning?", _sums,
        (("argument_for_result", lambda n: iter(range(n + 1)),
          "That is what each call is given. What does it return?"),
         ("base_case", lambda n: iter(list(_sums(n))[1:]), "The call with 0 returns something too: what?"),
         ("base_case", lambda n: (1 + one for one in _sums(n)),
          "Each is one too large. What does the base case return?"),
         ("order_of_visits", _backwards(_sums), "Which call finishes first: the outermost, or the one with 0?"),
         ("only_last", lambda n: iter([n * (n + 1) // 2]),
          "That is what the first call returns at the end. What do the calls inside it return before that?")),
    ),
    "sum": _returned(
        "total", _total,
        "def total(tree):\n    if isinstance(tree, int):\n        return tree\n"
        "    result = 0\n    for part in tree:\n        result += total(part)\n    return result",
        counts=False,
    ),
    "depth": _returned(
        "depth", _depth,
        "def depth(tree):\n    if isinstance(tree, int):\n        return 0\n"
        "    return 1 + max(depth(part) for part in tree)",
        counts=True,
    ),
    "flatten": Traversal(
        "tree", "walk",
        "def walk(tree):\n    if isinstance(tree, int):\n        print(tree)\n        return\n"
        "    for part in tree:\n        walk(part)",
        "What does it print, in order?", _leaves,
        (("children_reversed", _backwards(_leaves),
          "The parts were taken from right to left. In which order does the loop take them?"),
         ("too_shallow", lambda tree: _down_to(tree, _depth(tree) - 1),
          "What is deepest in the list is missing. Does a call on a list within a list print too?"),
         ("levels", lambda tree: _by_level(tree),
          "That goes level by level. A call on a list prints all that is in it before the loop goes on.")),
    ),
    "pre": _graph_walk(post=False, once=False),
    "post": _graph_walk(post=True, once=False),
    "pre_seen": _graph_walk(post=False, once=True),
    "post_seen": _graph_walk(post=True, once=True),
}  # fmt: skip
