"""All that a value is made of: the definitions that may have reached it, and the loops and tests around them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from tutor.questions.code.lines.reading import Control, Definition, ProgramReading, names_read


@dataclass
class Slice:
    """What a value depends on."""

    definitions: list[Definition] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    """Without the loops whose variable is among the definitions already."""

    helpers: list[str] = field(default_factory=list)


def slice_of(
    reading: ProgramReading,
    expression: ast.AST,
    order: int,
    controls: tuple[Control, ...],
    opens: set[str] | None = None,
) -> Slice:
    """What an expression at this place depends on. With `opens`, names in it are not followed."""
    closed = opens or set()
    found = Slice()
    _follow(reading, expression, order, controls, found, closed)
    _decide(reading, controls, found, closed)
    return found


def _follow(
    reading: ProgramReading, node: ast.AST, order: int, controls: tuple[Control, ...], found: Slice, closed: set[str]
) -> None:
    for name in dict.fromkeys(names_read(node)):
        if name in reading.helpers and not reading.of(name):
            if name not in found.helpers:
                found.helpers.append(name)
            continue
        if name in closed:
            continue
        for definition in reaching(reading, name, order, controls):
            if definition in found.definitions:
                continue
            found.definitions.append(definition)
            _follow(reading, definition.value, definition.order, definition.controls, found, closed)
            if definition.target is not None:  # an index decides where a value goes
                _follow(reading, definition.target, definition.order, definition.controls, found, closed)
            _decide(reading, definition.controls, found, closed)


def _decide(reading: ProgramReading, controls: tuple[Control, ...], found: Slice, closed: set[str]) -> None:
    for depth, control in enumerate(controls):
        if control in found.controls:
            continue
        found.controls.append(control)
        head = control.iter if isinstance(control, ast.For) else control.test
        order = next((each.order for each in reading.definitions if control in each.controls), 0)
        _follow(reading, head, order, controls[:depth], found, closed)


def reaching(reading: ProgramReading, name: str, order: int, controls: tuple[Control, ...]) -> Iterator[Definition]:
    """The definitions of a name that a reader at this place may see."""
    loops = [control for control in controls if not isinstance(control, ast.If)]
    for definition in reversed(reading.of(name)):
        if definition.order >= order:
            if any(loop in definition.controls for loop in loops):
                yield definition  # from the last time round
            continue
        yield definition
        certain = not any(isinstance(control, ast.If) for control in definition.controls)
        if certain and definition.whole and definition.controls == controls[: len(definition.controls)]:
            return
