"""Products and sums put in order: signs and numbers in front, divisors below, equal terms and factors together.

Goes further than `tidying`: factors move, but nothing is multiplied out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from tutor.engine.evaluate import fold_constants, number
from tutor.engine.values import Shape
from tutor.language import Apply, Expression, Matrix, Name, Number

ShapeOf = Callable[[Expression], Shape]

_LINEAR = frozenset({"transpose", "sum", "mean"})
_BILINEAR = frozenset({"matmul", "outer", "dot"})
_LONGEST_DECIMAL = 12
_ONE_BY_ONE = Matrix(((number(Fraction(1)),),))


@dataclass(frozen=True)
class _Product:
    """coefficient · (product of scalar bases to constant powers) · core; `core` is an array, or None for a scalar."""

    coefficient: Fraction = Fraction(1)
    powers: tuple[tuple[Expression, Fraction], ...] = ()
    core: Expression | None = None

    @property
    def rest(self) -> tuple[object, ...]:
        """All but the coefficient."""
        return self.powers, self.core


def canonicalize(expression: Expression, shape_of: ShapeOf, *, decimals: bool = False) -> Expression:
    """The expression with its products and sums put in order. Quotients stay quotients, unless `decimals`.

    `shape_of` gives the shape of any expression in the same names. ValueError where shapes do not fit.
    """
    return _Gathering(shape_of, decimals).whole(fold_constants(expression))


class _Gathering:
    """The gathering of one expression."""

    def __init__(self, shape_of: ShapeOf, decimals: bool) -> None:
        self.shape_of = shape_of
        self.decimals = decimals

    def whole(self, tree: Expression) -> Expression:
        return self._written(self._product(tree))

    def _product(self, tree: Expression) -> _Product:
        match tree:
            case Number(value):
                return _Product(value)
            case Apply("neg", (inner,)):
                return _scaled(self._product(inner), Fraction(-1))
            case Apply("mul", (left, right)):
                return self._times(self._product(left), self._product(right), "mul", tree)
            case Apply("div", (left, right)):
                return self._quotient(tree, self._product(left), self._product(right))
            case Apply("add" | "sub"):
                return self._sum(tree)
            case Apply("pow", (base, Number(value))) if not self.shape_of(tree):
                return self._power(self._product(base), value)
            case Apply(operation, (left, right)) if operation in _BILINEAR:
                return self._times(self._product(left), self._product(right), operation, tree)
            case Apply(operation, (inner,)) if operation in _LINEAR:
                return self._linear(tree, self._product(inner))
            case Apply(operation, arguments, options):
                inner = Apply(operation, tuple(map(self.whole, arguments)), options, sign=tree.sign)
                return self._single(inner)
            case _:
                return self._single(tree)

    def _single(self, tree: Expression) -> _Product:
        if isinstance(tree, Number):
            return _Product(tree.value)
        return _Product(core=tree) if self.shape_of(tree) else _Product(powers=((tree, Fraction(1)),))

    def _times(self, left: _Product, right: _Product, operation: str, tree: Apply) -> _Product:
        """Two products under a gate that is linear in both."""
        outside = _joined(left, right)
        if left.core is None or right.core is None:
            return replace(outside, core=left.core or right.core)
        if operation == "matmul" and _ONE_BY_ONE in (left.core, right.core):
            return replace(outside, core=right.core if left.core == _ONE_BY_ONE else left.core)
        parts = (left.core, right.core)
        if operation == "mul" and _is_matmul(left.core) and not _is_matmul(right.core):
            parts = (right.core, left.core)  # so that the matrix product stands in brackets
        inside = self._single(Apply(operation, parts, tree.options, sign=tree.sign))
        return replace(_joined(outside, inside), core=inside.core)

    def _quotient(self, tree: Apply, above: _Product, below: _Product) -> _Product:
        if not below.coefficient:
            return self._single(tree)
        outside = _joined(above, _inverse(below))
        if below.core is None:
            return replace(outside, core=above.core)
        core = Apply("div", (number(Fraction(1)) if above.core is None else above.core, below.core))
        return replace(outside, core=core)

    def _power(self, base: _Product, exponent: Fraction) -> _Product:
        if abs(base.coefficient) == 1 and exponent.denominator == 1:  # the root of x^2 is not x
            powers = tuple((inner, power * exponent) for inner, power in base.powers)
            return _Product(base.coefficient ** int(exponent), powers)
        return _Product(powers=((self._written(base), exponent),))

    def _linear(self, tree: Apply, inner: _Product) -> _Product:
        if inner.core is None:
            return inner if tree.operation == "transpose" or not tree.options else self._single(tree)
        if tree.operation == "transpose":
            return replace(inner, core=self._transposed(inner.core))
        inside = self._single(Apply(tree.operation, (inner.core,), tree.options))
        return replace(_joined(inner, inside), core=inside.core)

    def _transposed(self, core: Expression) -> Expression:
        """The transpose, moved inwards: (A @ B).T is B.T @ A.T."""
        if len(self.shape_of(core)) < 2:
            return core
        match core:
            case Apply("transpose", (inner,)):
                return inner
            case Apply("matmul", (left, right)) if all(len(self.shape_of(part)) == 2 for part in (left, right)):
                return replace(core, arguments=(self._transposed(right), self._transposed(left)))
            case Apply("outer", (left, right)):
                return replace(core, arguments=(right, left))
        return Apply("transpose", (core,), sign=".T")

    def _sum(self, tree: Apply) -> _Product:
        terms: list[_Product] = []
        for term in self._terms(tree, Fraction(1)):
            same = next((i for i, other in enumerate(terms) if other.rest == term.rest), None)
            if same is None:
                terms.append(term)
            else:
                terms[same] = replace(term, coefficient=terms[same].coefficient + term.coefficient)
        terms = [term for term in terms if term.coefficient] or [_Product(Fraction(0))]
        if len(terms) == 1:
            return terms[0]
        common = abs(terms[0].coefficient)
        if any(abs(term.coefficient) != common for term in terms):
            common = Fraction(1)
        terms = sorted((_scaled(term, 1 / common) for term in terms), key=lambda term: term.coefficient < 0)
        total = self._written(terms[0])
        for term in terms[1:]:
            sign = "sub" if term.coefficient < 0 else "add"
            total = Apply(sign, (total, self._written(replace(term, coefficient=abs(term.coefficient)))))
        return _scaled(self._single(total), common)

    def _terms(self, tree: Expression, sign: Fraction) -> list[_Product]:
        match tree:
            case Apply("add" | "sub", (left, right)):
                second = sign if tree.operation == "add" else -sign
                return self._terms(left, sign) + self._terms(right, second)
            case Apply("neg", (Apply("add" | "sub") as inner,)):
                return self._terms(inner, -sign)
        return [_scaled(self._product(tree), sign)]

    def _written(self, product: _Product) -> Expression:
        """The product as one tree: number, scalars, array; then what it is divided by."""
        if not product.coefficient:
            return number(Fraction(0))
        product = _names_first(_without_minus(product))
        over, under = self._numbers(product.coefficient)
        above: list[Expression] = [number(abs(over))] if abs(over) != 1 else []
        above += [self._raised(base, power) for base, power in product.powers if power > 0]
        below: list[Expression] = [number(under)] if under != 1 else []
        below += [self._raised(base, -power) for base, power in product.powers if power < 0]
        tree = _with_front(above, product.core)
        if over < 0:
            tree = _negated(tree)
        return Apply("div", (tree, _multiplied(below))) if below else tree

    def _raised(self, base: Expression, power: Fraction) -> Expression:
        if power == 1:
            return base
        over, under = map(number, self._numbers(power))
        return Apply("pow", (base, over if under.value == 1 else Apply("div", (over, under))))

    def _numbers(self, coefficient: Fraction) -> tuple[Fraction, Fraction]:
        """What stands above and below for a coefficient."""
        decimal = repr(float(coefficient))
        if self.decimals and len(decimal) <= _LONGEST_DECIMAL and Fraction(decimal) == coefficient:
            return coefficient, Fraction(1)
        return Fraction(coefficient.numerator), Fraction(coefficient.denominator)


def _scaled(product: _Product, by: Fraction) -> _Product:
    return replace(product, coefficient=product.coefficient * by)


def _inverse(product: _Product) -> _Product:
    return _Product(1 / product.coefficient, tuple((base, -power) for base, power in product.powers))


def _joined(left: _Product, right: _Product) -> _Product:
    """The numbers and scalars of both, without an array."""
    powers = dict(left.powers)
    for base, power in right.powers:
        powers[base] = powers.get(base, Fraction(0)) + power
    for base in [base for base in powers if isinstance(base, Apply) and base.operation == "sign"]:
        (inner,) = base.arguments
        if powers[base] > 0 and (power := powers.get(inner, Fraction(0))) > 0:  # x sign(x) is |x|
            size = Apply("abs", (inner,), sign="bars")
            powers[size] = powers.get(size, Fraction(0)) + 1
            powers[base] -= 1
            powers[inner] = power - 1
    for base in [base for base in powers if isinstance(base, Apply) and base.operation == "abs"]:
        (inner,) = base.arguments
        if (power := powers.get(inner, Fraction(0))) % 2 == 0:  # x^2/|x| is |x|
            powers[base] += power
            powers[inner] = Fraction(0)
    return _Product(left.coefficient * right.coefficient, tuple((b, p) for b, p in powers.items() if p))


def _names_first(product: _Product) -> _Product:
    """`x z^3 sin(y)`: names by the alphabet, what is more than a name behind them."""

    def place(power: tuple[Expression, Fraction]) -> tuple[bool, str]:
        base = power[0]
        return (False, base.name) if isinstance(base, Name) else (True, "")

    return replace(product, powers=tuple(sorted(product.powers, key=place)))


def _without_minus(product: _Product) -> _Product:
    """-(a - b) c is (b - a) c."""
    if product.coefficient > 0:
        return product
    if product.core is not None and (turned := _turned(product.core)) is not None:
        return _Product(-product.coefficient, product.powers, turned)
    for index, (base, power) in enumerate(product.powers):
        if power % 2 == 1 and (turned := _turned(base)) is not None:
            powers = (*product.powers[:index], (turned, power), *product.powers[index + 1 :])
            return _Product(-product.coefficient, powers, product.core)
    return product


def _turned(tree: Expression) -> Expression | None:
    match tree:
        case Apply("sub", (left, right)):
            return Apply("sub", (right, left))
    return None


def _is_matmul(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operation == "matmul"


def _multiplied(factors: list[Expression]) -> Expression:
    return reduce(lambda left, right: Apply("mul", (left, right), sign="*"), factors)


def _with_front(above: list[Expression], core: Expression | None) -> Expression:
    """The scalars before the array's first factor: `2 W.T @ x`."""
    if core is None:
        return _multiplied(above) if above else number(Fraction(1))
    if not above:
        return core
    if isinstance(core, Apply) and core.operation in ("matmul", "mul", "div"):
        first, second = core.arguments
        return replace(core, arguments=(_before(above, first), second))
    return _multiplied([*above, core])


def _before(above: list[Expression], first: Expression) -> Expression:
    if isinstance(first, Number) and first.value == 1:
        return _multiplied(above)  # 1/a becomes 2/a
    if _is_matmul(first):
        return _multiplied([*above, first])  # 2 (W @ x) @ x.T, where W @ x is a value of the forward pass
    return _with_front(above, first)


def _negated(tree: Expression) -> Expression:
    """The minus before the first factor: `-2 x`."""
    match tree:
        case Number(value):
            return number(-value)
        case Apply("mul" | "matmul" | "div", (first, second)):
            return replace(tree, arguments=(_negated(first), second))
        case _:
            return Apply("neg", (tree,))


_OPPOSITE = {"sub": "add", "div": "mul"}
_MINUS = number(Fraction(-1))


def regardless_of_order(expression: Expression) -> Hashable:
    """A key that is the same for a + b and b + a, a b c and c (a b), -(2 x) and -2 x."""
    match expression:
        case Apply("add" | "sub"):
            return "add", frozenset(_counted(_parts(expression, "add", 1)))
        case Apply("mul" | "div" | "neg"):
            return "mul", frozenset(_counted(_parts(expression, "mul", 1)))
        case Apply(operation, arguments, options):
            return operation, tuple(map(regardless_of_order, arguments)), options
        case _:
            return expression


def _parts(tree: Expression, wide: str, sign: int) -> Iterator[tuple[Hashable, int]]:
    """The terms of a sum with their signs, or the factors of a product with theirs."""
    match tree:
        case Apply(operation, (left, right)) if _OPPOSITE.get(operation, operation) == wide:
            yield from _parts(left, wide, sign)
            yield from _parts(right, wide, sign if operation == wide else -sign)
        case Apply("neg", (inner,)) if wide == "add":
            yield from _parts(inner, wide, -sign)
        case Apply("neg", (inner,)):
            yield _MINUS, 1
            yield from _parts(inner, wide, sign)
        case Number(value) if value < 0 and wide == "mul":
            yield _MINUS, 1
            if value != -1:
                yield number(-value), sign
        case _:
            yield regardless_of_order(tree), sign


def _counted(parts: Iterator[tuple[Hashable, int]]) -> list[tuple[Hashable, int, int]]:
    counts: dict[tuple[Hashable, int], int] = {}
    for part in parts:
        counts[part] = counts.get(part, 0) + 1
    return [(key, sign, count) for (key, sign), count in counts.items()]
