"""Single changes to calls and products, and what may be missing beside a term."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tutor.diagnosis.child.edit import FACTOR, FITS, USED, Edit, Names, binary, call, is_module, number, written
from tutor.diagnosis.child.sites import with_


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
}  # fmt: skip
_TWIN_KINDS = {"log10": "log_base", "log2": "log_base", "mean": "averaged", "sum": "summed_for_mean"}
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
    if word in ("sum", "mean", "max", "any", "all"):
        yield from _of_axes(node)
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
            many = any(factor is each for each in names.sizes)  # the 1/n of a mean is often forgotten
            yield Edit(
                kind, cost + (-0.1 if many else 0.1), divides, FACTOR, term, binary(term, ast.Div(), factor), (factor,)
            )
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
