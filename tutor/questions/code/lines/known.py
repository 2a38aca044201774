"""What is true at one call: values by the names that claim to be them, and values that anything may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tutor.engine.values import Value, as_value
from tutor.questions.code.comparing import received, same
from tutor.questions.code.lines.reading import Definition
from tutor.runner import Call
from tutor.runner import Value as Sent


@dataclass(frozen=True)
class KnownAtCall:
    """The truth at one call.

    `claims` says which of `names` a variable claims to be: `da` the gradient `ga`; "" where it claims nothing.
    """

    names: Mapping[str, Value]
    parts: tuple[Value, ...] = ()
    claims: Callable[[str], str] = field(default=lambda name: name)
    given: frozenset[str] = frozenset()
    """Statements that were given, as `ast.dump` shows them; of loops and tests the head."""

    def right(self, name: str, sent: Sent) -> bool:
        """Whether a value is right for a variable of this name."""
        value = received(sent)
        if isinstance(sent, (tuple, list)) and sent and not _is_numbers(sent):
            if value is not None and any(same(value, each) for each in self._meant(name)):
                return True
            return self.claims(name) not in self.names and all(self.right("", each) for each in sent)
        if value is None:
            return False
        claimed = self.claims(name)
        if claimed in self.names:
            truth = self.names[claimed]
            return same(value, truth) or (np.ndim(value) == 0 and np.size(truth) > 0 and _is_entry(value, [truth]))
        pool = [*self.names.values(), *self.parts]
        return any(same(value, each) for each in pool) or (np.ndim(value) == 0 and _is_entry(value, pool))

    def _meant(self, name: str) -> list[Value]:
        claimed = self.claims(name)
        return [self.names[claimed]] if claimed in self.names else [*self.names.values(), *self.parts]


def _is_numbers(sent: Sent) -> bool:
    return isinstance(sent, (tuple, list)) and all(isinstance(each, (int, float)) for each in sent)


def _is_entry(value: Value, pool: Iterable[Value]) -> bool:
    """Whether a number is an entry of one of the arrays, as a loop's variable is."""
    return any(
        np.ndim(each) and np.isclose(np.ravel(each), float(np.ravel(value)[0]), rtol=1e-9).any() for each in pool
    )


def parts_of(candidates: Iterable[object]) -> tuple[Value, ...]:
    """These as values; what is none is left out."""
    found = []
    for each in candidates:
        try:
            found.append(as_value(each))
        except (TypeError, ValueError):
            continue
    return tuple(found)


def seen_of(call: Call, definition: Definition) -> list[Sent]:
    """What was seen of a definition: each value it gave the name, or what the name held in the end."""
    name, line = definition.name, definition.line
    lines = {line, getattr(definition.target, "lineno", line)}
    found = [each.value for each in call.assignments if each.name == name and each.line in lines]
    if found:
        return found
    local = call.locals.get(name)
    return [local.value] if local is not None else []
