"""Orders, traces and choices; the traces come from running the walks here, written anew."""

from __future__ import annotations

from collections.abc import Mapping


def down(n: int, out: list[int]) -> list[int]:
    if n:
        out.append(n)
        down(n - 1, out)
    return out


def sums(tree: int | list, out: list[int]) -> int:
    if isinstance(tree, int):
        return tree
    result = sum(sums(part, out) for part in tree)
    out.append(result)
    return result


def depths(tree: int | list, out: list[int]) -> int:
    if isinstance(tree, int):
        return 0
    result = 1 + max(depths(part, out) for part in tree)
    out.append(result)
    return result


def visits(node: str, feeds: Mapping[str, str], out: list[str], after: bool, seen: set[str] | None) -> list[str]:
    if seen is not None:
        if node in seen:
            return out
        seen.add(node)
    if not after:
        out.append(node)
    for child in feeds.get(node, ""):
        visits(child, feeds, out, after, seen)
    if after:
        out.append(node)
    return out


def text(row: list) -> str:
    return ", ".join(map(str, row))


SHORTCUT = {"l": "da", "d": "c", "c": "b", "b": "a"}
SMALL = {"a": "bc", "b": "d", "c": "de"}
SUMS: list[int] = []
sums([[1, 2], [3, [4, 5]], 6], SUMS)
DEPTHS: list[int] = []
depths([8, [3, [1], 2], [6]], DEPTHS)

ANSWERS: dict[str, list[tuple[str, str]]] = {
    "autograd/order": [
        ("l, c, b, a", "l, c, a, b"),
        ("a c b l", "l b c a"),
        ("l -> d -> c -> b -> a", "l, d, a, c, b"),
        ("b", "c"),
        ("c d", "a"),
        (text(visits("l", SHORTCUT, [], False, None)), text(visits("l", SHORTCUT, [], False, set()))),
        (text(visits("l", SHORTCUT, [], True, set())), text(visits("l", SHORTCUT, [], False, set()))),
    ],
    "autograd/recursion": [
        (text(down(3, [])), "3, 2, 1, 0"),
        (text(down(3, [])[::-1]), "3, 2, 1"),
        (text([0, 0 + 1, 1 + 2, 3 + 3, 6 + 4]), "1, 3, 6, 10"),
        ("5 2 7 4", "5 4 2 7"),
        (text(SUMS), "21, 3, 12, 9"),
        (text(DEPTHS), "2, 3, 4, 2"),
        (text(visits("a", SMALL, [], False, set())), "a, c, e, d, b"),
        (text(visits("a", SMALL, [], True, set())), "a, b, d, c, e"),
        (text(visits("a", SMALL, [], True, None)), text(visits("a", SMALL, [], True, set()))),
    ],
    "autograd/modes": [
        ("a", "b"),
        ("b", "a"),
        ("a", "c"),
        ("a c", "b"),
        ("b", "a"),
        ("a", "b"),
        ("c", "a"),
        ("c", "b"),
    ],
}
