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

    arguments: tuple[str, ...] = ()
    """The operation's own names for its arguments."""

    defaults: tuple[str, ...] = ()
    """The numbers that the last arguments are where they are left out."""

    keywords: Mapping[str, str] = field(default_factory=dict, hash=False)
    """By which keywords an argument or an option may be given, and which it is."""

    positional: tuple[str, ...] = ()
    """Options that may stand behind the arguments without their keyword, in this order."""

    needed: tuple[str, ...] = ()
    """Options that must be given."""

    meaning: Callable[[], Expression] | None = None
    """For a word that is short for an expression: the expression, over `arguments`."""


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
