"""What words mean in one place of one exercise: its names, and the functions the engine has gates for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tutor.language.tree import Expression, Option, Shape


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

    slope: Callable[[Expression], Expression] | None = field(default=None, compare=False)
    """slope(argument): the derivative of a function of one number there, in the language; None where it has none."""

    differentiated: bool = False
    """Whether it is that derivative: σ'(z)."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrays:
    """What products of arrays are read by: the shapes of names, and the shapes that operations make."""

    of: Mapping[str, Shape]
    """The shape of each name; of one that is not in it nothing is known."""

    infer: Callable[[str, tuple[Shape, ...], tuple[tuple[str, Option], ...]], Shape | None]
    """infer(operation, shapes of the arguments, options): the shape it makes; None where they do not fit."""

    is_entrywise: Callable[[str], bool] = lambda _operation: False
    """Whether an operation acts on each entry alone, so that it may act on `x_i`."""

    entrywise_powers: bool = False
    """Whether `A^2` of a square matrix is its square entry by entry, as where no matrix power is about."""

    prefers_entrywise: bool = False
    """Whether products without a sign, and whole powers, go entry by entry wherever both sides have one shape."""

    has_inverse: bool = False
    """Whether there is an operation for the inverse of a matrix."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names and functions that may be used.

    A name wins over a function or constant of the same spelling. When `open_names` is true any well-formed
    name is accepted, known or not. `aliases` are other spellings, each with the name it stands for. With `arrays`,
    products are read by the shapes of what is multiplied.
    """

    functions: Mapping[str, FunctionWord]
    names: frozenset[str] = field(default_factory=frozenset)
    open_names: bool = False
    arrays: Arrays | None = None
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def spelled(self) -> frozenset[str]:
        """All spellings of names."""
        return self.names.union(self.aliases) if self.aliases else self.names

    def with_names(self, *names: str) -> Vocabulary:
        """The same vocabulary with more names known."""
        return replace(self, names=self.names | frozenset(names))
