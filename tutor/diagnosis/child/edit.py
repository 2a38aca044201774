"""What a single change is, what can be read where it is made, and the parts of Python that it is made of."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field

from tutor.diagnosis.child.sites import spelled

USED = "it uses {0} instead of {1}"
RISES = "Nudge the input up a little: does the output rise or fall?"
FITS = "Which shapes have to fit here?"
FACTOR = "What does the chain rule multiply by here?"
ORDER = "In which order are the operations done?"
MOST_PLACES = 70
OF_ALIASES = frozenset({"changed_through_alias", "overwritten_input"})
"""Changes to lines whose own values may be right, but not what they do to others. They are tried everywhere."""


@dataclass
class Edit:
    """One change: its kind, how unlikely it is, and what is said of it.

    `says` follows the name of a variable: `it uses b instead of a`; {0} and {1} stand for what is `shown`, which is
    what is there and what belongs there unless something else is given.
    """

    kind: str
    cost: float
    says: str
    asks: str = ""
    old: ast.AST | None = None
    new: ast.AST | None = None
    shown: tuple[ast.AST, ...] = ()
    made: tuple[ast.stmt, ...] = ()
    """The statements that take the statement's place; none yet where `put` is to make them."""

    put: Callable[[ast.AST], ast.stmt] | None = None
    """The statement with something else in the place of `old`."""

    also: tuple[tuple[int, tuple[ast.stmt, ...]], ...] = ()
    """Other statements that change with it, by their numbers, and what takes their place."""

    line: int = 0
    """Where the mistake is, if not where the change is made."""

    @property
    def statements(self) -> tuple[ast.stmt, ...]:
        """The statements that take the statement's place, made late: few of many changes are ever tried."""
        return self.made if self.put is None or self.new is None else (self.put(self.new),)

    @property
    def clause(self) -> str:
        """What is said of it."""
        shown = self.shown or tuple(each for each in (self.old, self.new) if each is not None)
        return self.says.format(*map(written, shown))


@dataclass(frozen=True)
class Place:
    """A part of an expression, and the statement with something else in its place."""

    node: ast.expr
    rebuilt: Callable[[ast.AST], ast.stmt]
    parent: ast.AST | None
    is_term: bool
    """Whether it is the whole, or one of the terms that are added up to the whole."""

    is_exponent: bool = False
    is_handed: bool = False
    """Whether it is an argument of a call."""

    is_called: bool = False
    """Whether it is the function of a call, not a value."""


@dataclass(frozen=True)
class Names:
    """What can be read where a statement stands: values of the forward pass, gradients, whole numbers, yes and no."""

    values: tuple[ast.expr, ...] = ()
    gradients: tuple[ast.expr, ...] = ()
    sizes: tuple[ast.expr, ...] = ()
    masks: tuple[ast.expr, ...] = ()
    constants: tuple[ast.expr, ...] = ()
    indices: tuple[ast.expr, ...] = ()
    """What the loops around the statement count with."""

    texts: frozenset[str] = field(default=frozenset())
    """The gradients, as they are spelled."""

    ceiling: float = 9.0
    """What costs more is not made."""

    def is_gradient(self, node: ast.AST) -> bool:
        """Whether a name holds a gradient."""
        return spelled(node) in self.texts


def written(node: ast.AST) -> str:
    """As Python, in one line."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def number(value: float) -> ast.expr:
    """A constant."""
    whole = int(value) if value == int(value) else value
    return ast.Constant(whole) if whole >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-whole))


def binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    """Two expressions joined."""
    return ast.BinOp(left, op, right)


def call(name: str, *arguments: ast.expr, **options: type | int) -> ast.Call:
    """`np.sum(a, axis=0)` and the like."""
    words = [ast.keyword(key, _option(value)) for key, value in options.items()]
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(arguments), words)


def _option(value: type | int) -> ast.expr:
    if isinstance(value, type):
        return ast.Name(value.__name__, ast.Load())
    return ast.Constant(value) if isinstance(value, bool) else number(value)


def is_module(node: ast.AST) -> bool:
    """Whether it is `np`, or something of it."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")
