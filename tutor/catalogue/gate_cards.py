"""The gate cards: what there is to know of each gate, from its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tutor.engine.gates import GATES, GROUPS, Gate, Interval, arrays_of, shape_made, vocabulary
from tutor.engine.values import Shape, plain
from tutor.language import Unreadable, read_expression, show
from tutor.language.array_products import with_signs
from tutor.practice.skills import Skill, SkillState, levels_of


@dataclass(frozen=True, slots=True)
class Card:
    """One gate: its key, its title, and rows of a heading and a text."""

    key: str
    title: str
    rows: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The card in lines of plain text."""
        return "\n".join([self.title, *(f"  {heading:<12} {text}" for heading, text in self.rows)])


def with_levels(card: Card, skills: Mapping[Skill, SkillState]) -> Card:
    """The card with how the learner stands with the gate's parts; a special case stands as its general gate."""
    levels = levels_of(skills, GATES[card.key].specialises or card.key)
    if all(level == "new" for _, level in levels):
        return card
    return replace(card, rows=(*card.rows, ("you", ", ".join(f"{part} {level}" for part, level in levels))))


def cards() -> tuple[Card, ...]:
    """A card for every gate, special cases after the gate they belong to."""
    wide = [gate for gate in GATES.values() if not gate.specialises]
    return tuple(
        card_of(gate)
        for general in wide
        for gate in (general, *(special for special in GATES.values() if special.specialises == general.key))
    )


def grouped_cards() -> tuple[tuple[str, tuple[Card, ...]], ...]:
    """The same cards, under the names of their groups."""
    every = {card.key: card for card in cards()}
    group_of = {gate.key: name for name, gates in GROUPS.items() for gate in gates}
    return tuple(
        (name, tuple(card for card in every.values() if group_of[GATES[card.key].specialises or card.key] == name))
        for name in GROUPS
    )


_ALONE = "Entry by entry: the result has the shape of the argument."


def card_of(gate: Gate) -> Card:
    """The card of one gate."""
    rows = [("sign", _sign(gate)), ("in NumPy", gate.code.format(**{name: name for name in gate.arguments}))]
    rows += _ways_back(gate)
    rows.append(("pattern", gate.pattern))
    rows.append(("shapes", _ALONE if gate.elementwise and len(gate.arguments) == 1 else gate.shape_rule))
    rows += [("kink", text) for text in _kinks(gate)]
    return Card(gate.key, f"{gate.title[:1].upper()}{gate.title[1:]}", tuple(rows))


def find(name: str) -> list[Card]:
    """The cards whose key, title, sign or function word this is, or begins with it."""
    wanted = name.strip().lower()
    exact = [
        gate
        for gate in GATES.values()
        if wanted in (gate.key, gate.title.lower(), gate.symbol.lower(), *map(str.lower, gate.function_words))
    ]
    near = [gate for gate in GATES.values() if gate.key.startswith(wanted) or wanted in gate.title.lower()]
    return [card_of(gate) for gate in exact or (near if wanted else [])]


def _sign(gate: Gate) -> str:
    return ", ".join(dict.fromkeys((gate.symbol, *gate.function_words)))


def _ways_back(gate: Gate) -> list[tuple[str, str]]:
    if gate.cases:
        words = [case.format(**{name: name for name in gate.arguments}) for case in gate.cases]
        texts = [f"{case}: {_shown(slope, gate)}" for case, slope in zip(words, gate.slopes, strict=True)]
        return [(f"∂/∂{name}", text) for name, text in zip(gate.arguments, texts, strict=True)]
    if gate.locals:
        return [(f"∂/∂{name}", _shown(text, gate)) for name, text in zip(gate.arguments, gate.locals, strict=True)]
    return [(f"sends {name}", _shown(text, gate)) for name, text in zip(gate.arguments, gate.downstreams, strict=True)]


def _shown(text: str, gate: Gate) -> str:
    """An expression of an entry as mathematics; as it stands where it is only a manner of speaking (`u/n`)."""
    try:
        tree = read_expression(text, vocabulary("u", "n", *gate.arguments)).tree
    except Unreadable:
        return text
    return show(tree if gate.elementwise else with_signs(tree, arrays_of(_shapes(gate))))


def _shapes(gate: Gate) -> dict[str, Shape]:
    """The shapes of a gate's arguments and its upstream where the arguments are vectors."""
    shapes: dict[str, Shape] = dict.fromkeys(gate.arguments, (3,))
    made = shape_made(gate.key, tuple(shapes.values()))
    return shapes if made is None else {**shapes, "u": made}


def _kinks(gate: Gate) -> list[str]:
    if gate.kinks is None:
        return []
    where, at = gate.kinks_where or (("at 0", (0.0,)) if len(gate.arguments) == 1 else ("at a tie", (1.0, 1.0)))
    interval = next(one for one in gate.kinks(*at) if one is not None)
    return [_kink(where, interval)]


def _kink(where: str, interval: Interval) -> str:
    low, high, torch = plain(interval.low), plain(interval.high), plain(interval.torch)
    return f"{where} any slope from {low} to {high} is right; PyTorch uses {torch}"
