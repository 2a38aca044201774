"""The learner's function as a list of assignments, in the order they happened, with what each reads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tutor.engine.values import Value

_VERSION = re.compile(r"@\d+")
_SHAPE_ONLY = frozenset({"zeros_like", "ones_like", "full_like", "ndim", "shape", "isscalar", "size"})


@dataclass
class CodeAssignment:
    """One assignment, an argument (no expression and no line), or one of the returned values.

    In `expression` each name carries the number of the step it was given its value in: `a@3`.
    """

    number: int
    name: str
    line: int | None
    expression: ast.expr | None = None
    reads: tuple[int, ...] = ()
    value: Value | None = None
    added_to: int | None = None
    """For `name += ...`: the step that is added to."""

    returned: bool = False
    given: bool = False
    """Whether it is an argument of the function."""

    end: int | None = None
    """The last line of its statement, where that has several."""

    around: tuple[int, ...] = ()
    """The lines of the loops that it stands in, where they could be what is wrong."""

    in_place: str = ""
    """The sign of an augmented assignment: `+=`."""

    @property
    def key(self) -> str:
        """The name by which later expressions read it."""
        return f"{self.name}@{self.number}"

    @property
    def alias(self) -> int | None:
        """The step it is only another name for."""
        return step_of(self.expression) if isinstance(self.expression, ast.Name) else None


@dataclass
class Program:
    """All steps of one call, and what stands around them."""

    parameters: tuple[str, ...] = ()
    steps: list[CodeAssignment] = field(default_factory=list)
    returns: list[int] = field(default_factory=list)
    """The steps of the returned values, in order."""

    helpers: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The first and the last line of each function of the learner's own."""

    misnamed: dict[str, ast.expr] = field(default_factory=dict)
    """Helpers that are not what they are called, and what they compute."""

    return_line: int | None = None
    complete: bool = True
    """Whether every statement on the way was read; else some steps have values and no expression."""

    def before(self, step: CodeAssignment) -> CodeAssignment | None:
        """The step that gave the same name its value before."""
        earlier = [each for each in self.steps[: step.number] if each.name == step.name and not each.returned]
        return earlier[-1] if earlier else None

    def slice(self, number: int) -> set[int]:
        """The step and all it depends on."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            here = waiting.pop()
            if here not in found:
                found.add(here)
                waiting.extend(self.steps[here].reads)
        return found

    def helper_at(self, line: int) -> str:
        """The helper that a line belongs to; "" where there is none."""
        return next((name for name, (first, last) in self.helpers.items() if first <= line <= last), "")

    def last(self, name: str) -> CodeAssignment | None:
        """The last step that gave a name its value."""
        found = [step for step in self.steps if step.name == name and not step.returned]
        return found[-1] if found else None


def step_of(node: ast.expr | None) -> int | None:
    """The step that a name was given its value in."""
    if isinstance(node, ast.Name) and "@" in node.id:
        return int(node.id.rpartition("@")[2])
    return None


def reads_in(expression: ast.AST) -> tuple[int, ...]:
    """The steps whose values an expression reads; not those it asks only for their shape."""
    return tuple(dict.fromkeys(_reads(expression)))


def _reads(node: ast.AST) -> Iterator[int]:
    match node:
        case ast.Name():
            number = step_of(node)
            if number is not None:
                yield number
        case ast.Call(func=ast.Attribute(attr=name)) if name in _SHAPE_ONLY:
            return
        case ast.Attribute(attr="shape" | "ndim" | "size"):
            return
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _reads(child)


def written(node: ast.AST) -> str:
    """An expression as the learner wrote it, or would write it."""
    return _VERSION.sub("", ast.unparse(node))
