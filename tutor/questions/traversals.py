"""Short recursive walks: their Python as shown, what they print or return, and the wrong ways to go them.

A walk is asked of by its name in `WALKS`; its functions take what the learner is shown and give one entry after the
other, numbers or names of nodes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

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
