"""What words mean in one place of one exercise: its names, and the functions the engine has gates for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tutor.language.tree import Expression


@dataclass(frozen=True, slots=True)
class FunctionWord:
    """A word that is followed by arguments: which operation it stands for and what it takes."""

    operation: str
    least: int = 1
    most: int = 1
    options: tuple[str, ...] = ()
    alone: FunctionWord | None = None
    """What it stands for with one argument, where that is another operation: max(x, axis=1)."""

    may_be_name: bool = False
    """Whether an equation may define a name of this spelling, which then wins."""

    slope: Callable[[Expression], Expression] | None = field(default=None, compare=False)
    """slope(argument): the derivative of a function of one number there, in the language; None where it has none."""

    differentiated: bool = False
    """Whether it is that derivative: σ'(z)."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names and functions that may be used.

    A name wins over a function or constant of the same spelling. When `open_names` is true any well-formed
    name is accepted, known or not.
    """

    functions: Mapping[str, FunctionWord]
    names: frozenset[str] = field(default_factory=frozenset)
    open_names: bool = False

    def with_names(self, *names: str) -> Vocabulary:
        """The same vocabulary with more names known."""
        return replace(self, names=self.names | frozenset(names))
