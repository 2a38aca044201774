"""What the program knows of one operation. Adding a gate is adding one entry made with `Gate`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tutor.engine.gates.misconceptions import GateMisconception
from tutor.engine.values import Shape, Value

Constants = tuple[float | None, ...]
"""One entry an argument: its value where it is a constant number, None where it is a wire."""

Options = Mapping[str, Any]
CodeVjp = Callable[[Mapping[str, str], Options, tuple[Shape, ...]], str]


@dataclass(frozen=True, slots=True)
class Interval:
    """The slopes that are all right at a kink, and which one PyTorch gives there."""

    low: float
    high: float
    torch: float


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a gate that chooses comes to where its switch is below 0, at 0 and above: a number, or one of its arguments.

    The switch is the first argument; of a gate that `compares`, the first minus the second. The gate's value does not
    otherwise depend on it, so no gradient goes there.
    """

    below: int | str
    at: int | str
    above: int | str
    compares: bool = False


def _everywhere(*_arguments: Value, **_options: Any) -> str | None:
    return None


def _never(_constants: Constants) -> bool:
    return False


@dataclass(frozen=True)
class Gate:
    """One operation: how it is written, its forward, its vector-Jacobian products, its symbolic form.

    Expressions are in the learner's language, over the names in `arguments` and `u` for the upstream gradient.
    """

    key: str
    title: str
    symbol: str
    """What the graph shows: `×`, `ln`."""

    arguments: tuple[str, ...]
    forward: Callable[..., Value]
    """forward(*arguments, **options): NaN where it has no value, infinity where that is too large.

    ValueError for shapes that do not fit.
    """

    vjps: tuple[Callable[..., Value], ...]
    """One an argument: vjp(upstream, output, *arguments, **options), before unbroadcasting."""

    code: str
    """The forward in NumPy, with the arguments in braces: `np.exp({a})`. Options go behind a comma at its end."""

    pattern: str
    """What the backward pass does here, in words a learner keeps."""

    symbol_at: Callable[[Options], str] | None = None
    """What the graph shows with these options, where that says more."""

    code_at: Callable[[Mapping[str, str], Options], str] | None = None
    """The forward in NumPy with options, where they do not stand at its end: code_at(names, options)."""

    code_needs: str = ""
    """A line of Python that must come before the forward or the backward, such as an import."""

    numpy_names: tuple[str, ...] = ()
    """By which other names of NumPy a program may call it: np.fabs and np.absolute, where `code` says np.abs."""

    code_needs_floats: bool = False
    """Whether NumPy refuses whole numbers here that the language takes: 2**-1 of its own integers."""

    downstreams: tuple[str, ...] = ()
    """What each argument of a tensor gate receives, as an expression in `u` and the arguments."""

    downstreams_at: Callable[[tuple[Shape, ...], Options], tuple[str, ...]] | None = None
    """The same for arguments of these shapes, where it depends on them; "" where no one expression says it."""

    form: Callable[..., Any] | None = None
    """form(m, *arguments) with m = sympy or FLINT's functions under SymPy's names; None for tensor gates."""

    exact: Callable[..., Fraction | None] | None = None
    """exact(*fractions): the value as a fraction, where it is one and not too long; None where not.

    ZeroDivisionError for a division by zero. None for gates that hardly ever give one.
    """

    sympy_rewrites: bool = False
    """Whether SymPy would not keep the gate as it is written: σ, max. Where forms matter it is an unknown function."""

    pieces: Pieces | None = None
    """For a gate that chooses: between which values, and by what."""

    elementwise: bool = True
    """Whether it acts entry by entry, so that it has a local derivative at each argument."""

    needs_shape: bool = False
    """Whether its arguments are needed in their full shape, where elsewhere a number may stand for an array of it."""

    locals: tuple[str, ...] = ()
    """The local derivative by each argument, as an expression over the arguments."""

    smooth_locals: tuple[str, ...] = ()
    """The same away from its kinks, for a gate that says its local derivatives in `cases`."""

    cases: tuple[str, ...] = ()
    """The local derivatives in words, with the arguments in braces, where no plain expression says them."""

    function_words: tuple[str, ...] = ()
    """The function words that write it, the usual one first; empty for operators."""

    shared_word: str = ""
    """A function word of another gate that means this one where it has one argument: max(x, axis=1)."""

    may_be_name: bool = False
    """Whether its words give way to a learner who takes one as a name: var = mean(d^2)."""

    options: tuple[str, ...] = ()
    needed_options: tuple[str, ...] = ()
    """Options that must be given."""

    positional: tuple[str, ...] = ()
    """Options that may stand behind the arguments without their keyword, in this order: `tril(a, 1)`."""

    defaults: tuple[str, ...] = ()
    """The numbers that the last arguments are where they are left out: the 0.01 of `leaky_relu(x)`."""

    keywords: Mapping[str, str] = field(default_factory=dict, hash=False)
    """By which keywords an argument or option may be given: {"negative_slope": "b"}."""

    shape: Callable[..., Shape] | None = None
    """shape(*shapes): the shape it makes, for a gate that is slow to try on large arrays. ValueError as `forward`."""

    shape_rule: str = "Entry by entry: counted from the right, sizes must be equal, or one of them 1."
    work: Callable[[Sequence[Shape], Options], int] | None = None
    """About how many numbers it works on, where that is not the size of its arguments."""

    domain: Callable[..., str | None] = _everywhere
    """domain(*arguments, **options): why there is no finite value here, in words; None where there is one."""

    needs: str = ""
    """What its argument has to be, where that is all its domain says: `a positive number`."""

    kinks: Callable[..., tuple[Interval | None, ...]] | None = None
    """kinks(*scalars): for each argument the slopes allowed at this point, None where it is smooth."""

    kinks_where: tuple[str, tuple[float, ...]] | None = None
    """Where a kink is, in words, and arguments that are there; None for `at 0` or at a tie of two."""

    accepts_subgradient: Callable[..., bool] | None = None
    """shared_in_another_way(sent, u, y, *arguments, **options): whether `sent` is right too, as at a tie."""

    subgradient_remark: str = "has a tie: its upstream may be shared in any way. The tutor shares equally."
    """What is said of its value where another gradient is accepted."""

    specialises: str = ""
    """The key of the wider gate this one is a special case of."""

    matches: Callable[[Constants], bool] = _never
    """For a narrower gate: whether these constant arguments make it this one."""

    code_vjps: tuple[CodeVjp, ...] = ()
    """The backward in NumPy where `locals` or `downstreams` do not say it: code_vjp(names, options, shapes).

    `names` holds `u` and `y`, the gate's own value, besides the arguments.
    """

    averages: bool = False
    """Whether its value is a mean of its entries, so that a division by their number comes in."""

    mistakes: tuple[GateMisconception, ...] = ()
    """The wrong ways people go at this gate, those of its own value among them."""

    def downstreams_for(self, shapes: tuple[Shape, ...], options: Options) -> tuple[str, ...]:
        """`downstreams` for arguments of these shapes; "" where no one expression says what an argument receives."""
        return self.downstreams_at(shapes, options) if self.downstreams_at else self.downstreams

    @property
    def slopes(self) -> tuple[str, ...]:
        """The local derivatives as expressions, away from its kinks; empty where none says them."""
        return self.locals or self.smooth_locals

    def is_flat(self, port: int) -> bool:
        """Whether nothing is ever sent to this argument: it is only compared."""
        return bool(self.locals) and self.locals[port] == "0"

    @property
    def called_in_numpy(self) -> tuple[str, ...]:
        """The names of NumPy's functions of just these arguments that are this operation, `code`'s own first."""
        call = re.fullmatch(r"np\.(?:linalg\.)?(\w+)\((.*)\)", self.code)
        own = call is not None and call[2] == ", ".join(f"{{{name}}}" for name in self.arguments)
        return (*((call[1],) if call is not None and own else ()), *self.numpy_names)
