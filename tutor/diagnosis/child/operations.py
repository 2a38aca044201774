"""Single changes to operators and calls, and what may be missing beside a term."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tutor.diagnosis.child.edit import (
    FACTOR,
    FITS,
    ORDER,
    RISES,
    USED,
    Edit,
    Names,
    Place,
    binary,
    call,
    is_module,
    number,
    written,
)
from tutor.diagnosis.child.sites import with_

_SWAPS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add, ast.Mult), ast.Mult: (ast.Div, ast.MatMult, ast.Add, ast.Pow),
    ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Div,), ast.MatMult: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.BitXor: (ast.Pow,),
}  # fmt: skip
_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.MatMult: "@", ast.Pow: "**",
    ast.BitXor: "^",
}  # fmt: skip
_SWAP_KINDS = {
    "///": "integer_division", "*@": "star_for_matmul", "@*": "matmul_for_star", "+-": "sign_flipped",
    "-+": "sign_flipped", "*/": "multiplied_for_divided", "/*": "divided_for_multiplied",
    "+*": "added_for_multiplied", "*+": "multiplied_for_added", "-*": "added_for_multiplied",
    "***": "product_for_power", "***swap": "power_for_product",
}  # fmt: skip


_ONE = frozenset({"1", "1.0"})


def of_operators(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    """The single changes to an operator with two arguments."""
    left, op, right = node.left, node.op, node.right
    for swap in _SWAPS.get(type(op), ()):
        mine, theirs = _SIGNS[type(op)], _SIGNS[swap]
        kind = "power_for_product" if mine == "**" else _SWAP_KINDS.get(mine + theirs, "operator")
        made = binary(left, swap(), right)
        asks = "What does // do with the decimals?" if mine == "//" else RISES if kind == "sign_flipped" else ""
        cost = {"matmul_for_star": 2, "sign_flipped": 0.9, "added_for_multiplied": 1.1}.get(kind, 1)
        yield Edit(kind, cost, f"it has {mine} instead of {theirs} in {{0}}", asks, node, made)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        kind = "matmul_order" if isinstance(op, ast.MatMult) else "swapped"
        asks = FITS if kind == "matmul_order" else "Which of the two comes first?"
        yield Edit(kind, 1, "it has {0} instead of {1}", asks, node, binary(right, op, left))
    if isinstance(op, ast.MatMult):
        yield from of_products(node, left, right, lambda one, two: binary(one, ast.MatMult(), two))
    if isinstance(op, ast.Mult | ast.Add | ast.Sub | ast.Div):
        yield from _of_parts(node)
    if isinstance(op, ast.Sub) and isinstance(left, ast.Constant) and left.value == 1:
        yield Edit("one_minus_extra", 1, USED, "", node, right)
    if isinstance(op, ast.Add | ast.Sub) and isinstance(left, ast.Call) and len(left.args) == 1:
        yield Edit("brackets", 1.2, USED, ORDER, node, with_(left, args=[binary(left.args[0], op, right)]))
    inner = _inside_sigmoid(node)
    if inner is not None:
        yield Edit("extra_function", 1, "{0} should be {1}", "Has it been applied already?", node, inner)
    for made in _regrouped(node):
        products = isinstance(made.op, ast.Mult | ast.Div) and all(
            not isinstance(part, ast.BinOp) or isinstance(part.op, ast.Mult | ast.Div) for part in ast.walk(made)
        )
        cost = 1.5 if products else 1.0
        yield Edit("brackets", cost, USED, ORDER, node, made)
    yield from _of_powers(node, place)
    if isinstance(op, ast.Mult) and not (isinstance(place.parent, ast.BinOp) and isinstance(place.parent.op, ast.Mult)):
        yield from _as_softmax(node)


def _inside_sigmoid(node: ast.BinOp) -> ast.expr | None:
    """The x of `1 / (1 + np.exp(-x))`."""
    below = node.right
    if not (isinstance(node.op, ast.Div) and written(node.left) in _ONE and isinstance(below, ast.BinOp)):
        return None
    power = next((each for each in (below.left, below.right) if isinstance(each, ast.Call)), None)
    if power is None or not isinstance(below.op, ast.Add) or _word(power.func) != "exp" or len(power.args) != 1:
        return None
    other, minus = below.left if power is below.right else below.right, power.args[0]
    return minus.operand if written(other) in _ONE and isinstance(minus, ast.UnaryOp) else None


def _of_powers(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    left, op, right = node.left, node.op, node.right
    if isinstance(left, ast.BinOp) and isinstance(op, ast.Mult) and isinstance(right, ast.Constant):
        power = binary(left.left, left.op, binary(left.right, ast.Pow(), right))
        yield Edit("product_for_power", 1.2, USED, "Which operator raises to a power?", node, power)
    if not isinstance(op, ast.Pow):
        return
    if isinstance(left, ast.UnaryOp):
        outside = ast.UnaryOp(left.op, binary(left.operand, op, right))
        yield Edit("brackets", 1, USED, "Which is done first, the minus or **?", node, outside)
    if not isinstance(right, ast.Constant):
        lower = binary(left, op, binary(right, ast.Sub(), number(1)))
        yield Edit("exponent_kept", 0.6, USED, "What is the exponent of the derivative?", node, lower)
    yield Edit("power_lost", 1.5, "{0} should not be raised to a power", "", node, left)
    if isinstance(right, ast.BinOp | ast.Name | ast.Constant) and place.is_term | isinstance(place.parent, ast.BinOp):
        front = right.left if isinstance(right, ast.BinOp) else right
        yield Edit("power_no_front", 0.8, "the exponent {0} is not brought down in front", FACTOR, node,
                   binary(front, ast.Mult(), node), (front,))  # fmt: skip


def _as_softmax(node: ast.BinOp) -> Iterator[Edit]:
    """`u p (1 - p)` for `p (u - sum(u p))`."""
    factors = _factors(node)
    for each in factors:
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub) and written(each.left) in _ONE:
            p, rest = each.right, [other for other in factors if other is not each]
            same = [other for other in rest if written(other) == written(p)]
            rest = [other for other in rest if other is not same[0]] if same else []
            if rest:
                upstream = rest[0]
                for other in rest[1:]:
                    upstream = binary(upstream, ast.Mult(), other)
                shares = call("sum", binary(upstream, ast.Mult(), p), axis=-1, keepdims=True)
                made = binary(p, ast.Mult(), binary(upstream, ast.Sub(), shares))
                says = "softmax is treated entry by entry, as a sigmoid is"
                asks = "Raise one entry of the scores: what happens to the other probabilities?"
                yield Edit("softmax_as_sigmoid", 0.5, says, asks, node, made)


def _factors(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return [*_factors(node.left), *_factors(node.right)]
    return [node]


def _of_parts(node: ast.BinOp) -> Iterator[Edit]:
    """One of two parts is too much."""
    what = "factor" if isinstance(node.op, ast.Mult | ast.Div) else "term"
    pairs = [(node.left, node.right)]
    if not isinstance(node.op, ast.Div | ast.Sub):
        pairs.append((node.right, node.left))
    for kept, dropped in pairs:
        sign = "the divisor" if isinstance(node.op, ast.Div) else f"the {what}"
        yield Edit(f"extra_{what}", 1, sign + " {0} should not be in {1}", "Where does it come from?", node, kept,
                   (dropped, node))  # fmt: skip
    if isinstance(node.op, ast.Sub):
        negative = ast.UnaryOp(ast.USub(), node.right)
        yield Edit("extra_term", 1.5, "the term {0} should not be in {1}", "Where does it come from?", node, negative,
                   (node.left, node))  # fmt: skip


def _regrouped(node: ast.BinOp) -> Iterator[ast.BinOp]:
    """The same signs, done in another order."""
    left, op, right = node.left, node.op, node.right
    adds = ast.Add | ast.Sub
    if isinstance(left, ast.BinOp):
        yield binary(left.left, left.op, binary(left.right, op, right))
        if isinstance(op, ast.Mult) and isinstance(left.op, ast.Div):
            yield binary(left.left, ast.Div(), binary(left.right, ast.Mult(), right))
        if isinstance(left.op, adds) and not isinstance(op, adds):
            yield binary(binary(left.left, op, right), left.op, left.right)
    if isinstance(right, ast.BinOp):
        yield binary(binary(left, op, right.left), right.op, right.right)
        if isinstance(left, ast.BinOp) and isinstance(op, adds):
            yield binary(binary(left.left, left.op, binary(left.right, op, right.left)), right.op, right.right)
        if isinstance(right.op, adds) and not isinstance(op, adds):
            yield binary(right.left, right.op, binary(left, op, right.right))


def of_products(
    node: ast.expr, left: ast.expr, right: ast.expr, product: Callable[[ast.expr, ast.expr], ast.expr]
) -> Iterator[Edit]:
    """Transposes and the order at a matrix product, two at once: they are often confused together."""
    for first in (left, turned(left)):
        for second in (right, turned(right)):
            for one, two in ((first, second), (second, first)):
                transposes = (first is not left) + (second is not right)
                order = one is second
                if transposes + order >= 2:
                    kind = "matmul_order" if order else "no_transpose"
                    yield Edit(kind, 1.4, "it has {0} instead of {1}", FITS, node, product(one, two))


def turned(node: ast.expr) -> ast.expr:
    """The transpose, or what it is the transpose of."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else ast.Attribute(node, "T", ast.Load())


def of_sums(node: ast.expr, cost: float) -> Iterator[Edit]:
    """A sum that is not taken, at this cost or a little more."""
    asks = "What shape does it have, and what shape should it have?"
    yield Edit("not_summed", cost, "{0} is not summed", asks, node, call("sum", node), (node,))
    yield Edit("not_summed", cost + 0.2, "{0} is not averaged", asks, node, call("mean", node), (node,))
    for axis in (0, 1, -1):
        for keep in (False, True):
            options: dict[str, int | bool] = {"axis": axis, "keepdims": True} if keep else {"axis": axis}
            said = "{0} is not summed over axis " + str(axis)
            yield Edit("not_summed", cost + 0.1, said, asks, node, call("sum", node, **options), (node,))


_TWINS = {
    "sin": ("cos",), "cos": ("sin",), "exp": ("log",), "log": ("exp",), "log10": ("log",), "log2": ("log",),
    "sum": ("mean",), "mean": ("sum",), "maximum": ("minimum",), "minimum": ("maximum",), "tan": ("tanh",),
    "tanh": ("tan",), "multiply": ("matmul", "add"), "matmul": ("multiply",), "ones_like": ("zeros_like",),
    "zeros_like": ("ones_like",), "outer": ("multiply",), "max": ("sum", "min"), "argmax": ("argmin",),
    "argmin": ("argmax",), "repeat": ("tile",), "tile": ("repeat",), "var": ("std",), "std": ("var",), "min": ("max",),
    "dot": ("multiply", "outer"), "square": ("sqrt",), "sqrt": ("square",), "append": ("prepend",), "pop": ("popleft",),
    "convolve": ("correlate",), "correlate": ("convolve",),
}  # fmt: skip
_TWIN_KINDS = {"log10": "log_base", "log2": "log_base", "mean": "averaged", "sum": "summed_for_mean",
               "convolve": "filter_turned", "correlate": "filter_turned"}  # fmt: skip
_CASTS = frozenset({"int", "astype", "round", "floor"})
_ANGLES = frozenset({"radians", "deg2rad", "degrees", "rad2deg"})
_PRODUCTS = frozenset({"dot", "matmul", "outer"})


def of_calls(node: ast.Call) -> Iterator[Edit]:
    """The single changes to a call."""
    word = _word(node.func)
    for twin in _TWINS.get(word, ()):
        if isinstance(node.func, ast.Attribute):
            made: ast.expr = with_(node, func=with_(node.func, attr=twin))
            yield Edit(_TWIN_KINDS.get(word, "function"), 1, USED, "", node, made)
    yield from _of_arguments(node, word)
    inner = _only_argument(node)
    if inner is not None:
        yield from _around_one(node, word, inner)
    elif node.args and word.startswith("unbroadcast"):
        yield Edit("extra_sum", 1.5, "{0} should be {1}", "Was anything stretched?", node, node.args[0])
    if word in ("sum", "mean", "max", "any", "all", "var", "std"):
        yield from _of_axes(node)
    if any(each.arg == "ddof" for each in node.keywords):
        plain = [each for each in node.keywords if each.arg != "ddof"]
        yield Edit("sample_variance", 0.5, "with ddof {0} divides by less than n", "What does a mean divide by?",
                   node, with_(node, keywords=plain), (node.func,))  # fmt: skip
    if any(each.arg == "dtype" for each in node.keywords):
        made = with_(node, keywords=[each for each in node.keywords if each.arg != "dtype"])
        yield Edit("int_cast", 0, "{0} cuts off everything after the decimal point", "What type must the numbers keep?",
                   node, made, (node,))  # fmt: skip


def _of_arguments(node: ast.Call, word: str) -> Iterator[Edit]:
    """The order of what a call is given."""
    two, many = _two_arguments(node), len(node.args)
    if two is not None and word in _PRODUCTS:
        kind = "matmul_order" if word != "outer" else "outer_order"
        yield Edit(kind, 1, "it has {0} instead of {1}", FITS, node, _with_two(node, two[1], two[0]))
        yield from of_products(node, *two, lambda one, other: _with_two(node, one, other))
        yield Edit("matmul_for_star", 2, USED, FITS, node, binary(two[0], ast.Mult(), two[1]))
    elif many == 2 and word in ("minimum", "maximum", "subtract", "divide", "power"):
        yield Edit("swapped", 1.2, USED, "Which of the two comes first?", node, with_(node, args=node.args[::-1]))
    elif many == 3 and word == "where":
        made = with_(node, args=[node.args[0], *node.args[:0:-1]])
        yield Edit("swapped", 1, USED, "Which is taken where it is true?", node, made)
    elif many == 2 and word == "range":
        counted = with_(node, args=[binary(node.args[1], ast.Sub(), node.args[0])])
        yield Edit("wrong_axis", 1.2, USED, "Which come first, and how many are there?", node, counted)


def _of_axes(node: ast.Call) -> Iterator[Edit]:
    """Over which entries a sum goes, and whether the axis stays."""
    has = {each.arg for each in node.keywords}
    asks = "Over which entries does it go?"
    keep = ast.keyword("keepdims", ast.Constant(True))
    others = [each for each in node.keywords if each.arg != "axis"]
    for axis in (0, 1, -1):
        along = ast.keyword("axis", number(axis))
        if "axis" not in has:
            says = "{0} goes over all axes instead of axis " + str(axis)
            made = with_(node, keywords=[*node.keywords, along])
            yield Edit("wrong_axis", 1.2, says, asks, node, made, (node,))
        if "keepdims" not in has:
            yield Edit("wrong_axis", 1.2, USED, asks, node, with_(node, keywords=[*others, along, keep]))
    if "keepdims" not in has:
        says = "{0} drops the axis; keepdims=True keeps it"
        made = with_(node, keywords=[*node.keywords, keep])
        yield Edit("keepdims", 1, says, "What is the shape of the result?", node, made, (node,))
    if node.keywords:
        yield Edit("wrong_axis", 1.3, USED, "Which entries are added?", node, with_(node, keywords=others))


def _around_one(node: ast.Call, word: str, inner: ast.expr) -> Iterator[Edit]:
    """A function of one argument that should not be there, or is applied to more than it should."""
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) and isinstance(inner.right, ast.Call):
        same = written(inner.right.func) == written(node.func)
        made = binary(inner.right, ast.Mult(), inner)
        yield Edit("brackets", 1 if same else 3, USED, "What is it applied to?", node, made)
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Add | ast.Sub):
        apart = binary(with_(node, args=[inner.left]), inner.op, inner.right)
        yield Edit("brackets", 1.3, USED, "What is it applied to?", node, apart)
    if word in _CASTS:
        yield Edit("int_cast", 0, "{0} cuts off everything after the decimal point", "What type must the numbers keep?",
                   node, inner, (node,))  # fmt: skip
    elif word in _ANGLES:
        asks = "NumPy's sin and cos take radians: what is the angle in already?"
        yield Edit("degrees", 0, "{0} changes the unit of the angle", asks, node, inner, (node,))
    elif word in ("sum", "mean", "max"):
        asks = "Which shape does the gradient have?"
        yield Edit("extra_sum", 1.2, "{0} adds up entries that should stay separate", asks, node, inner, (node,))
    elif word not in ("float", "array", "asarray", "copy", "list", "tuple", "zeros_like", "ones_like", "zeros", "ones"):
        yield Edit("extra_function", 1.5, "{0} should be {1}", "Has it been applied already?", node, inner)


def _two_arguments(node: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    if isinstance(node.func, ast.Attribute) and not is_module(node.func.value) and len(node.args) == 1:
        return node.func.value, node.args[0]
    return (node.args[0], node.args[1]) if len(node.args) == 2 else None


def _with_two(node: ast.Call, one: ast.expr, two: ast.expr) -> ast.expr:
    if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
        return with_(node, func=with_(node.func, value=one), args=[two])
    return with_(node, args=[one, two])


def _word(function: ast.expr) -> str:
    """The last part of a function's name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _only_argument(node: ast.Call) -> ast.expr | None:
    """What a call of one argument is applied to; the owner of a method."""
    if isinstance(node.func, ast.Attribute) and not is_module(node.func.value):
        return node.func.value if not isinstance(node.func.value, ast.Name) or not node.args else None
    return node.args[0] if len(node.args) == 1 else None


def missing(term: ast.expr, names: Names) -> Iterator[Edit]:
    """A factor, a divisor or a term that is not there."""
    says, divides = "the factor {0} is missing", "it is not divided by {0}"
    simple: list[tuple[ast.expr, str, float]] = [
        *((each, "forgot_upstream", 1.2) for each in names.gradients),
        *((each, "missing_factor", 1.2) for each in names.values),
        *(
            (number(value), "constant_dropped", cost)
            for value, cost in ((2, 1), (3, 1.3), (4, 1.8), (5, 2.5), (6, 2.5))
        ),
        *((each, "constant_dropped", 1.2) for each in names.sizes),
        *((each, "constant_dropped", 1.1) for each in names.constants),
        *((call("sqrt", each), "constant_dropped", 1.3) for each in (*names.constants, *names.sizes)),
    ]
    for name in names.values if names.ceiling >= 2 else ():
        one_minus, squared = binary(number(1), ast.Sub(), name), binary(name, ast.Pow(), number(2))
        simple += [(each, "missing_factor", 1.6) for each in (one_minus, binary(name, ast.Mult(), one_minus))]
        compound = [
            squared, binary(number(1), ast.Sub(), squared),
            ast.Compare(name, [ast.Gt()], [number(0)]), *(call(each, name) for each in ("cos", "exp", "sin", "sqrt")),
            binary(number(2), ast.Mult(), name), ast.UnaryOp(ast.USub(), name),
        ]  # fmt: skip
        simple += [(each, "missing_factor", 2) for each in compound]
    for factor, kind, cost in simple:
        yield Edit(kind, cost, says, FACTOR, term, binary(term, ast.Mult(), factor), (factor,))
        if kind != "forgot_upstream" and not isinstance(factor, ast.Compare):
            cost += -0.1 if any(factor is each for each in names.sizes) else 0.1  # the 1/n of a mean is often forgotten
            yield Edit(kind, cost, divides, FACTOR, term, binary(term, ast.Div(), factor), (factor,))
    for each in names.constants:
        yield Edit("constant_dropped", 1.1, "{0} is not added", "What is it in the function?", term,
                   binary(term, ast.Add(), each), (each,))  # fmt: skip
    for mean in (call("mean", term), call("mean", term, axis=0)):
        says, asks = "what its mean sends back is missing", "Along how many paths does it reach the output?"
        yield Edit("missed_branch", 1.9, says, asks, term, binary(term, ast.Sub(), mean), (term,))
    asks = "What else arrives here, along another branch?"
    for each in (*names.gradients, *names.values):
        kind, cost = ("missed_branch", 1.2) if names.is_gradient(each) else ("missing_term", 2)
        yield Edit(kind, cost, "{0} is not added", asks, term, binary(term, ast.Add(), each), (each,))
        yield Edit(kind, cost + 1, "{0} is not subtracted", asks, term, binary(term, ast.Sub(), each), (each,))
