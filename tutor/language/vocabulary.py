"""What words mean in one place of one exercise: its names, and the functions the engine has gates for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names and functions that may be used.

    A name wins over a function or constant of the same spelling. When `open_names` is true any well-formed
    name is accepted, known or not. `aliases` are other spellings, each with the name it stands for.
    """

    functions: Mapping[str, FunctionWord]
    names: frozenset[str] = field(default_factory=frozenset)
    open_names: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def spelled(self) -> frozenset[str]:
        """All spellings of names."""
        return self.names.union(self.aliases) if self.aliases else self.names

    def with_names(self, *names: str) -> Vocabulary:
        """The same vocabulary with more names known."""
        return replace(self, names=self.names | frozenset(names))
