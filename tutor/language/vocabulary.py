"""What words mean in one place of one exercise: its names, and the functions the engine has gates for.

With them functions of mathematics, NumPy and PyTorch that cannot be read here, and how to write them where they can.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
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

    counts: Mapping[str, int] = field(default_factory=dict)
    """The whole numbers that constants are, for sums that end at one: the n of `\\sum_{i=1}^n`."""


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


WRITTEN_OUT: dict[str, tuple[str, ...]] = {
    "sqr": ("x^2", "sqrt(x)"),
    "cbrt": ("x^(1/3)",),
    "root": ("sqrt(x)", "x^(1/n)"),
    "nthroot": ("x^(1/n)",),
    "lg": ("log10(x)", "log2(x)"),
    "lb": ("log2(x)",),
    "arctan2": ("arctan(y/x)",),
    "atan2": ("arctan(y/x)",),
    "arccot": ("arctan(1/x)",),
    "acot": ("arctan(1/x)",),
    "asec": ("arccos(1/x)",),
    "acsc": ("arcsin(1/x)",),
    "arcsec": ("arccos(1/x)",),
    "arccsc": ("arcsin(1/x)",),
    "erfc": ("1 - erf(x)",),
    "sinc": ("sin(x)/x",),
    "fma": ("x*y + z",),
    "full": ("c*ones(2, 3)",),
    "full_like": ("c*ones_like(x)",),
    "arange": ("[0, 1, 2]",),
    "linspace": ("[0, 0.5, 1]",),
    "tile": ("broadcast_to(x, 2, 3)",),
    "repeat": ("broadcast_to(x, 2, 3)",),
    "atleast_2d": ("expand_dims(x, 0)",),
    "hstack": ("concat(a, b)", "concat(a, b, axis=1)"),
    "vstack": ("stack(a, b)", "concat(a, b)"),
    "cumprod": ("exp(cumsum(ln(x)))",),
    "average": ("mean(x)", "sum(w x)/sum(w)"),
    "ptp": ("max(x) - min(x)",),
    "tensordot": ('einsum("ij,jk->ik", a, b)',),
    "kron": ('reshape(einsum("ij,kl->ikjl", a, b), (4, 6))',),
    "vec": ("reshape(a.T, -1)",),
    "pinv": ("inv(a.T @ a) @ a.T",),
    "slogdet": ("ln(det(a))",),
    "layer_norm": ("(x - mean(x))/sqrt(var(x) + 1e-5)",),
    "batch_norm": ("(x - mean(x, axis=0))/sqrt(var(x, axis=0) + 1e-5)",),
    "rms_norm": ("x/sqrt(mean(x^2) + 1e-5)",),
    "normalize": ("x/norm(x)",),
    "cosine_similarity": ("dot(a, b)/(norm(a) norm(b))",),
    "kl_div": ("sum(p ln(p/q))",),
    "glu": ("a sigmoid(b)",),
    "gelu_tanh": ("x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))/2",),
    "bce": ("-mean(y ln(p) + (1 - y) ln(1 - p))",),
    "bce_loss": ("-mean(y ln(p) + (1 - y) ln(1 - p))",),
    "mse": ("mean((p - y)^2)",),
    "mae": ("mean(abs(p - y))",),
    "rmse": ("sqrt(mean((p - y)^2))",),
    "bce_with_logits": ("mean(softplus(z) - y z)",),
    "scaled_dot_product_attention": ("softmax(q @ k.T/sqrt(4)) @ v",),
    "embedding": ("E[[0, 2]]",),
    "diff": ("x[1:] - x[:-1]",),
    "roll": ("concat(x[-1:], x[:-1])",),
    "flip": ("x[::-1]",),
    "pad": ("concat(zeros(1), x)",),
    "correlate": ("conv1d(x, w)",),
    "convolve": ("conv1d(x, w[::-1])",),
    "dropout": ("x*m/(1 - p)",),
    "masked_fill": ("where(x > 0, -1e9, x)",),
    "Phi": ("(1 + erf(x/sqrt(2)))/2",),
    "Φ": ("(1 + erf(x/sqrt(2)))/2",),
    "cov": ("mean((x - mean(x)) (y - mean(y)))",),
}
"""Functions without a word here, and formulas to write instead."""

OPTIONS_WRITTEN_OUT = {
    "cross_entropy(label_smoothing)": "0.9 cross_entropy(z, y) - 0.1 mean(log_softmax(z))",
    "gelu(approximate)": "x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))/2",
    "softmin(axis)": "softmax(-x, axis=0)",
}
"""Options of a function that are not taken, and the formula to write instead."""

ABSENT = frozenset(
    (
        *("floor", "ceil", "ceiling", "round", "rint", "trunc", "fix", "mod", "fmod", "remainder", "gcd", "lcm"),
        *("int", "integral", "integrate", "product", "gamma", "lgamma", "gammaln", "digamma", "beta", "zeta"),
        *("factorial", "binom", "comb", "perm", "erfinv", "jv", "i0", "airy", "lambertw"),
        *("sort", "argsort", "topk", "median", "quantile", "percentile", "mode", "unique", "histogram", "searchsorted"),
        *("cross", "solve_triangular", "lstsq", "svd", "qr", "eig", "eigh", "eigvals", "cholesky", "expm", "logm"),
        *("rank", "matrix_rank", "cond", "null", "adjugate", "adj", "conj", "real", "imag", "angle", "fft", "ifft"),
        *("len", "size", "shape", "ndim", "numel", "type", "astype", "item", "copy", "clone", "print", "map"),
        *("any", "all", "isnan", "nonzero", "count", "range", "enumerate", "zip", "sorted", "reversed", "set", "list"),
        *("flipud", "fliplr", "rot90", "split", "chunk", "scatter", "meshgrid", "index_select"),
        *("rand", "randn", "normal", "uniform", "bernoulli", "conv3d", "conv_transpose2d"),
        *("lstm", "gru", "attention", "grad", "jacobian", "hessian", "vmap", "scan", "einops", "rearrange"),
        *("cummax", "cummin", "logcumsumexp", "interp", "trapz", "gradient"),
        *("points", "cross_product", "vech", "const", "limit", "lim", "derivative", "partial", "arg"),
    )
)
"""Functions that do something else than those whose spelling is near: no word is offered for them."""


def of_elsewhere(word: str, functions: Collection[str]) -> str:
    """The function from elsewhere that this word is; "" for none, or where it is a word here."""
    return word if word not in functions and (word in WRITTEN_OUT or word in ABSENT) else ""


def nothing_like(word: str) -> str:
    """What to say about a function from elsewhere."""
    written = WRITTEN_OUT.get(word, ())
    hint = f" Write {' or '.join(written)}." if written else ""
    return f"There is no function {word} here.{hint}"


def split_word(word: str, known: Collection[str]) -> list[str] | None:
    """The word as the fewest known words, numbers in between; None when it cannot be split."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            front, part, here = best[start], word[start:end], best[end]
            fits = part in known or (part.isdecimal() and start > 0)
            if fits and front is not None and (here is None or len(front) + 1 < len(here)):
                best[end] = [*front, part]
    return best[len(word)]
