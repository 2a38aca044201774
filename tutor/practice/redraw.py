"""The tables of an exercise with other numbers in them: one function for each kind of question that has any.

A table as its file holds it goes in, with what draws; the table with other numbers comes out, or None where nothing in
it is drawn: kinds whose answers hang on no number, and questions whose texts speak of the numbers they have. Nothing
is proven here: `proof.py` says whether what was drawn is fit to be worked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tutor.library.format import Given, RangeTable
from tutor.practice.draws import Draws
from tutor.practice.friendly import like
from tutor.practice.wording import HARMLESS, names_value, numerals, retold, speaks_of_numbers, written

Table = dict[str, Any]

_INTEGER = re.compile(r"(?<![\w.^*{])([2-9])(?![\w.]*[.\d])(?!\^)")
"""A factor or a term of one digit in an equation: no exponent, no part of a name or of a longer number."""


_BRACKETS = re.compile(r"\[[^\[\]]*\]|\([\d, ]*\)")
"""A list or a shape in a text: how something is written, rather than a number."""
_LARGEST_FACTOR = 6


@dataclass
class Redraw:
    """What draws an exercise's numbers: where two questions give a name the same value, it gets the same new one."""

    key: tuple[str | int, ...]
    kept: frozenset[tuple[str, str]] = frozenset()
    """Names with their values (as `repr`) that stay, because a text speaks of them."""

    introduction: str = ""
    """The text of the whole exercise."""

    _equations: dict[str, str] = field(default_factory=dict)

    def draws(self, *key: str | int) -> Draws:
        """A stream of its own for this key."""
        return Draws(*self.key, *key)

    def value(self, name: str, given: Given, *, signs: bool, allowed: RangeTable | None = None) -> Given:
        """The new value of a name; the old one where that is kept."""
        if (name, repr(given)) in self.kept:
            return given
        return like(given, self.draws(name, repr(given)), signs=signs, allowed=allowed)

    def values(self, given: Mapping[str, Given], *, signs: bool = False) -> dict[str, Given]:
        """The new values of all these names, each another one as far as they differed."""
        return {name: self.value(name, value, signs=signs) for name, value in given.items()}

    def equation(self, text: str) -> str:
        """An equation with other factors; the same one for the same text."""
        if text not in self._equations:
            draws = self.draws("equation", text)
            self._equations[text] = _INTEGER.sub(lambda _: str(draws.between(2, _LARGEST_FACTOR)), text)
        return self._equations[text]


# Which texts speak of which values


def kept_by_texts(tables: Iterable[Table], introduction: str) -> frozenset[tuple[str, str]]:
    """The names, with their values, that texts shown before an answer speak of in other words than `x = 2`."""
    kept: set[tuple[str, str]] = set()
    for table in tables:
        if table.get("kind") != "value":
            continue
        shown = [introduction, *(table.get(key, "") for key in ("title", "prompt", "given"))]
        asks = table.get("ask", [])
        asked = [str(ask.get(key, "")) for ask in asks for key in ("prompt", "label")]
        for name, given in table.get("at", {}).items():
            if given == 0 or names_value([*shown, *asked], name, given):
                kept.add((name, repr(given)))
        for ask in asks:
            own = [str(ask.get(key, "")) for key in ("prompt", "label")]
            for name, given in ask.get("at", {}).items():
                if given == 0 or names_value([*shown, *own], name, given):
                    kept.add((name, repr(given)))
    return frozenset(kept)


def told_of(table: Table) -> set[tuple[str, str]]:
    """The names with values that a table gives: questions that share one are drawn together."""
    places = [table.get("at", {}), *(ask.get("at", {}) for ask in table.get("ask", []))]
    return {(name, repr(given)) for place in places for name, given in place.items()}


# The kinds


def _backprop(table: Table, redraw: Redraw) -> Table | None:
    """Inputs; a text that names one in another way than `x = 2` loses the sentence, since inputs are shown anyhow."""
    old, vary = table["at"], table.get("vary", {})
    if not _hangs_on_numbers(table):
        return None
    positive = table.get("positive", ())
    allowed = {name: each if isinstance(each, RangeTable) else _range(each) for name, each in vary.items()}
    new = {
        name: redraw.value(name, given, signs=name not in positive, allowed=allowed.get(name))
        for name, given in old.items()
    }
    if new == old:
        return None
    made = {**table, "at": new}
    for key in ("prompt", "remark"):
        if table.get(key):
            made[key] = _without_numbers(table[key], old, table["function"])
    if hints := table.get("hints"):
        made["hints"] = {name: [_unless_numbers(rung) for rung in rungs] for name, rungs in hints.items()}
    return made


def _hangs_on_numbers(table: Table) -> bool:
    """Whether any step asks for a number: staging and code are the same on all."""
    return not table.get("steps") or bool({"forward", "backward", "descend"} & set(table["steps"]))


def _value(table: Table, redraw: Redraw) -> Table | None:
    """Values of names, in what is given to all blanks and at each."""
    old = table.get("at", {})
    new = redraw.values(old)
    told = {name for name, given in old.items() if new[name] != given}
    asks, changed = [], bool(told)
    for ask in table.get("ask", []):
        own = redraw.values(ask.get("at", {}))
        differs = bool(told) or own != ask.get("at", {})
        changed = changed or own != ask.get("at", {})
        asks.append(_retold_ask({**ask, "at": own}, {**old, **ask.get("at", {})}, {**new, **own}) if differs else ask)
    if not changed:
        return None
    given = retold(table.get("given", ""), old, new)
    let = set(table.get("let", {}))
    if any(re.search(rf"(?<!\w){re.escape(name)}\s*=\s*-?\d", given) for name in let) or _computed(given, new):
        return None
    return {**table, "at": new, "given": given, "ask": asks, "prompt": retold(table.get("prompt", ""), old, new)}


def _computed(given: str, at: Mapping[str, Given]) -> bool:
    """Whether what is given holds a number that no name has: something computed, which would be wrong by now."""
    known = set().union(*(numerals(str(value)) for value in at.values())) if at else set()
    return bool(numerals(given) - known - {"0", "1", "2"})


def _derivative(table: Table, redraw: Redraw) -> Table | None:
    """Factors in the equations, as far as no text speaks of them, and the points at which a slope is asked."""
    texts = [table.get("prompt", ""), table.get("title", "")]
    texts += [str(ask.get(key, "")) for ask in table["ask"] for key in ("prompt", "label")]
    own = [*table.get("equations", ()), *(text for ask in table["ask"] for text in ask.get("equations", ()))]
    spoken = set().union(*map(numerals, texts))
    free = not any(set(_INTEGER.findall(text)) & spoken for text in own)
    if free and any(_hangs_on_its_form(ask, own) for ask in table["ask"]):
        return None
    renew = redraw.equation if free else _same
    made = {**table, "equations": [renew(text) for text in table.get("equations", ())]}
    made["ask"] = [_derivative_ask(ask, redraw, renew) for ask in table["ask"]]
    return made if _what_is_asked(made) != _what_is_asked(table) else None


def _hangs_on_its_form(ask: Table, equations: Iterable[str]) -> bool:
    """Whether an answer is wanted in names of equations alone: only its own `form`, for its own factors, says how."""
    targets = {text.partition("=")[0].partition("(")[0].strip() for text in equations}
    return "form" in ask and bool(ask.get("names")) and set(ask["names"]) <= targets


def _what_is_asked(table: Table) -> list[object]:
    """The equations and points of a question and its blanks."""
    return [(list(each.get("equations", ())), each.get("at", {})) for each in (table, *table["ask"])]


def _derivative_ask(ask: Table, redraw: Redraw, renew: Callable[[str], str]) -> Table:
    made = {**ask}
    if "equations" in ask:
        made["equations"] = [renew(text) for text in ask["equations"]]
    if "at" in ask and not any(names_value([str(ask.get("prompt", ""))], *one) for one in ask["at"].items()):
        made["at"] = redraw.values(ask["at"])
        if made["at"] != ask["at"]:
            made = _retold_ask(made, ask["at"], made["at"])
    if renew is not _same and "form" in made:
        del made["form"]
    return _plain_afterwards(made)


def _same(text: str) -> str:
    return text


def _shape(table: Table, redraw: Redraw) -> Table | None:
    """Sizes: equal ones stay equal, others different, and 1 stays 1, so that what fits fits and what clashes does."""
    texts = [redraw.introduction, table.get("prompt", ""), table.get("title", "")]
    texts += [str(ask.get(key, "")) for ask in table["ask"] for key in ("prompt", "label")]
    if table.get("sizes") or any("(" in text and numerals(text) for text in texts[1:]):
        return None
    shared = _sizes_in(table.get("shapes", {}))
    if shared and any(_rearranges(ask["operation"]) for ask in table["ask"]):
        return None
    renamed = _other_sizes(shared, redraw.draws("sizes", repr(sorted(shared)), table.get("title", "")))
    made = {**table, "shapes": _resized(table.get("shapes", {}), renamed), "ask": []}
    for number, ask in enumerate(table["ask"]):
        made["ask"].append(_shape_ask(ask, redraw.draws("sizes", table.get("title", ""), number), renamed))
    return None if made["ask"] == list(table["ask"]) and made["shapes"] == table.get("shapes", {}) else made


def _shape_ask(ask: Table, draws: Draws, renamed: Mapping[int, int]) -> Table:
    own = ask.get("shapes", {})
    if _rearranges(ask["operation"]) or ask.get("entries"):
        return ask
    sizes = {**_other_sizes(_sizes_in(own) - set(renamed), draws, set(renamed.values())), **renamed}
    made = {**ask, "shapes": _resized(own, sizes)} if own else {**ask}
    if _symmetric(ask) and draws.below(2):
        left, right = made["shapes"]
        made["shapes"] = {left: made["shapes"][right], right: made["shapes"][left]}
    return _plain_afterwards(made) if made != ask or renamed else ask


def _symmetric(ask: Table) -> bool:
    """Whether an operation on two arrays is one in which they may change shapes: the result's stays the same."""
    parts = ask["operation"].split()
    plain = len(parts) == 3 and parts[1] in ("+", "-", "*", "/") and ask.get("asks", "shape") == "shape"
    return plain and [parts[0], parts[2]] == list(ask.get("shapes", {})) and not ask.get("after")


def _rearranges(operation: str) -> bool:
    """Whether sizes or places stand in the operation itself."""
    return "reshape" in operation or "[" in operation


def _sizes_in(shapes: Mapping[str, Iterable[Any]]) -> set[int]:
    return {size for shape in shapes.values() for size in shape if isinstance(size, int) and size > 1}


def _other_sizes(sizes: set[int], draws: Draws, taken: Iterable[int] = ()) -> dict[int, int]:
    """Each size -> another one; small ones where that is enough."""
    most = max(9, len(sizes) + len(set(taken)) + 1)
    pool = [one for one in range(2, most + 1) if one not in set(taken)]
    return dict(zip(sorted(sizes), draws.shuffled(pool), strict=False))


def _resized(shapes: Mapping[str, Iterable[Any]], sizes: Mapping[int, int]) -> dict[str, list[Any]]:
    return {name: [sizes.get(size, size) for size in shape] for name, shape in shapes.items()}


def _trace(table: Table, redraw: Redraw) -> Table | None:
    """How far a walk counts, and the numbers in a tree; the names in a graph belong to the texts about it."""
    asks = [_trace_ask(ask, redraw, number) for number, ask in enumerate(table["ask"])]
    return {**table, "ask": asks} if asks != list(table["ask"]) else None


def _trace_ask(ask: Table, redraw: Redraw, number: int) -> Table:
    draws = redraw.draws("trace", number)
    made = {**ask}
    if "n" in ask:
        made["n"] = draws.choice([one for one in range(2, 7) if one != ask["n"]])
    elif "tree" in ask:
        leaves = iter(draws.shuffled(range(1, 10)))
        made["tree"] = _leaves(ask["tree"], leaves)
    return _plain_afterwards(made) if made != ask else ask


def _leaves(tree: Any, numbers: Any) -> Any:
    return [_leaves(part, numbers) if isinstance(part, list) else next(numbers, part) for part in tree]


REDRAWN: Mapping[str, Callable[[Table, Redraw], Table | None]] = {
    "backprop": _backprop,
    "derivative": _derivative,
    "shape": _shape,
    "trace": _trace,
    "value": _value,
}
"""Kind -> what draws its numbers. The others have none: choices, orders, chains, code, gradients in letters."""


# Texts


def _range(table: Mapping[str, Any]) -> RangeTable:
    """A table of `vary` as its file holds it."""
    return RangeTable(
        table.get("from", 0.0), table.get("to", 0.0), table.get("whole", False), tuple(table.get("choices", ()))
    )


def _retold_ask(ask: Table, old: Mapping[str, Given], new: Mapping[str, Given]) -> Table:
    """A blank on other numbers; what is said of its answer may hold for the old ones only."""
    made = {key: text for key, text in ask.items() if key != "after"}
    for key in ("prompt", "label"):
        if key in ask:
            made[key] = retold(ask[key], old, new)
    return _plain_afterwards(made)


def _plain_afterwards(ask: Table) -> Table:
    """A blank whose afterwords name no numbers: the tutor's own take their place."""
    made = {key: value for key, value in ask.items() if key != "hints"}
    if "hints" in ask:
        made["hints"] = [_unless_numbers(rung) for rung in ask["hints"]]
    for key in ("after", "misfit"):
        if speaks_of_numbers(made.get(key, "")):
            del made[key]
    if "slips" in ask:
        of_formula = numerals(str(ask.get("formula", "")))
        made["slips"] = {
            way: says for way, says in ask["slips"].items() if not speaks_of_numbers(says, of_formula | numerals(way))
        }
    return made


def _unless_numbers(rung: str) -> str:
    return "" if numerals(rung) else rung


def _without_numbers(text: str, old: Mapping[str, Given], function: str) -> str:
    """A text without the sentences that may hold for the old inputs only: they name one, or a number of no formula."""
    named = set().union(*(written(given) for given in old.values() if not isinstance(given, list)))
    own = numerals(function) | HARMLESS - named
    sentences = re.split(r"(?<=[.?!])\s+", text)
    return " ".join(one for one in sentences if not numerals(_BRACKETS.sub("", one)) - own and not _names(one, old))


def _names(sentence: str, at: Mapping[str, Given]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(name)}\s*(=|is)\s*[-\d]", sentence) for name in at)
