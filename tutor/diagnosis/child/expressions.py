"""Single changes to the parts of a statement's expressions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from tutor.diagnosis.child.edit import (
    FITS,
    MOST_PLACES,
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
from tutor.diagnosis.child.operations import missing, of_calls, of_operators, of_sums, turned
from tutor.diagnosis.child.sites import Replacing, blocks, parts_of, with_


def of_expressions(node: ast.stmt, names: Names) -> Iterator[Edit]:
    """The single changes to the parts of a statement's expressions."""
    wholes = {id(value) for _, value, _ in parts_of(node)}
    for place in islice(_places(node, wholes), MOST_PLACES):
        for edit in _changes(place, names):
            edit.put = place.rebuilt
            yield edit
    yield from _everywhere(node, names)


def _places(node: ast.stmt, wholes: set[int]) -> Iterator[Place]:
    """Every part of the expressions of a statement; not of the statements within it."""

    def top(new: ast.AST) -> ast.stmt:
        assert isinstance(new, ast.stmt)
        return new

    yield from _below(node, top, False, wholes, {id(each) for block in blocks(node) for each in block})


def _below(
    parent: ast.AST, rebuilt: Callable[[ast.AST], ast.stmt], term: bool, wholes: set[int], inner: set[int]
) -> Iterator[Place]:
    """The parts of a node. `term`: whether it is a term itself; `wholes`: whole values, `inner`: inner statements."""
    adds = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    calls, powers = isinstance(parent, ast.Call), isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow)
    hands_on = term and isinstance(parent, ast.UnaryOp | ast.Tuple | ast.List)
    for name, value in ast.iter_fields(parent):
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(child, ast.AST) or id(child) in inner:
                continue

            def put(new: ast.AST, name: str = name, at: int = at, value: Any = value) -> ast.stmt:
                made = [*value[:at], new, *value[at + 1 :]] if isinstance(value, list) else new
                return rebuilt(with_(parent, **{name: made}))

            whole = id(child) in wholes or isinstance(parent, ast.Lambda) or name == "elt"
            handed = calls and name == "args"
            is_term = whole or adds or hands_on or (handed and isinstance(child, ast.Name))
            is_list = isinstance(child, ast.Tuple | ast.List) and name != "slice"
            if isinstance(child, ast.expr) and not is_list and not isinstance(getattr(child, "ctx", None), ast.Store):
                exponent = powers and name == "right"
                yield Place(child, put, parent, is_term, exponent, handed, calls and name == "func")
            if not isinstance(child, ast.arguments | ast.operator | ast.stmt):
                yield from _below(child, put, is_term, wholes, inner)


def _changes(place: Place, names: Names) -> Iterator[Edit]:
    node = place.node
    if place.is_called or isinstance(node, ast.Slice):
        return  # functions are changed at the call
    if isinstance(place.parent, ast.keyword):
        yield from of_keywords(place.parent, node)
        return
    inside_index = isinstance(place.parent, ast.Subscript) and place.parent.slice is node
    yield from _of_kind(place, names, inside_index)
    if inside_index:
        yield from _of_indices(node, place.parent)
    if inside_index or (isinstance(node, ast.Name) and is_module(node)):
        return
    yield from _of_signs(node, place)
    yield from _of_any(node, place)
    if place.is_term:
        yield from missing(node, names)
        yield from _of_shape(node, names)
    if place.is_handed:
        yield from _of_argument(node, names)


def _of_kind(place: Place, names: Names, inside_index: bool) -> Iterator[Edit]:
    """What is tried of one kind of node."""
    node = place.node
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript():
            if not is_module(node):
                yield from _of_names(node, place, names)
        case ast.BinOp():
            yield from of_operators(node, place)
        case ast.Compare():
            yield from _of_comparisons(node, names)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield from _of_constants(node, float(value), place, inside_index)
        case ast.Call():
            yield from of_calls(node)
        case ast.ListComp(elt=ast.ListComp() as inner):
            made = with_(inner, generators=node.generators, elt=inner.elt)
            says, asks = "rows and columns are swapped", "Which of the two loops goes through the rows?"
            yield Edit("no_transpose", 1, says, asks, node, with_(node, elt=made, generators=inner.generators))
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Edit("extra_transpose", 1, "{0} should not be transposed", FITS, node, node.value)


def _of_argument(node: ast.expr, names: Names) -> Iterator[Edit]:
    """What a call is given, less or more a number."""
    yield from missing(node, Names(constants=names.constants))
    asks = "How many of them are meant?"
    for each in names.sizes:
        yield Edit("missing_term", 1.2, "{0} is not subtracted", asks, node, binary(node, ast.Sub(), each), (each,))
        yield Edit("missing_term", 1.3, "{0} is not added", asks, node, binary(node, ast.Add(), each), (each,))
        if isinstance(node, ast.Name):
            many = binary(ast.Call(ast.Name("len", ast.Load()), [node], []), ast.Sub(), each)
            first = ast.Subscript(node, ast.Slice(None, many), ast.Load())
            yield Edit("missing_term", 1.4, "the last {0} of them are not left out", asks, node, first, (each,))


def _of_shape(node: ast.expr, names: Names) -> Iterator[Edit]:
    """One number where there should be an array."""
    says, asks = (
        "it is one number, but a gradient has the shape of its value",
        "Which function makes an array like another?",
    )
    for each in names.values:
        if isinstance(node, ast.Constant):
            made: ast.expr = call("full_like", each, node, dtype=float)
        else:
            made = binary(node, ast.Mult(), call("ones_like", each))
        yield Edit("constant_for_array", 0.9, says, asks, node, made, (node,))


_LOOP = "Which loop is this in?"
_CROSSED = frozenset({"value_for_gradient", "gradient_for_value"})


def _kind_of(old: ast.AST, new: ast.AST, names: Names) -> str:
    """What it is called to take one variable for another."""
    return {
        (False, False): "wrong_cache", (True, True): "wrong_upstream",
        (False, True): "value_for_gradient", (True, False): "gradient_for_value",
    }[names.is_gradient(old), names.is_gradient(new)]  # fmt: skip


def _of_names(node: ast.expr, place: Place, names: Names) -> Iterator[Edit]:
    own = written(node)
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, ast.Constant):
        return  # an element; its array is a place of its own
    for other in (*names.values, *names.gradients, *names.sizes):
        if written(other) == own:
            continue
        kind = _kind_of(node, other, names)
        yield Edit(
            kind, 1.6 if kind in _CROSSED else 1, USED, _asks_of(kind), node, other, *_around(node, other, place)
        )
    if isinstance(node, ast.Name) and isinstance(place.parent, ast.Subscript | ast.Tuple):
        for other in names.indices:
            if written(other) != own:
                yield Edit("index", 1, USED, _LOOP, node, other)
    if names.ceiling >= 3 and (place.is_term or isinstance(place.parent, ast.BinOp)):
        for each in names.values:
            for made in _functions_of(each):
                yield Edit("wrong_factor", 3, USED, "", node, made)


def _around(node: ast.expr, other: ast.expr, place: Place) -> tuple[tuple[ast.AST, ...]]:
    """The function applied to a name, where it is its only argument."""
    parent = place.parent
    if isinstance(parent, ast.Call) and len(parent.args) == 1 and parent.args[0] is node:
        return ((parent, with_(parent, args=[other])),)
    return ((),)


def _asks_of(kind: str) -> str:
    return {
        "value_for_gradient": "Which of the two is a gradient?",
        "wrong_upstream": "Which gradient arrives at this gate?",
        "gradient_for_value": "Which of the two is a value of the forward pass?",
    }.get(kind, "")  # fmt: skip


def _everywhere(node: ast.stmt, names: Names) -> Iterator[Edit]:
    """One name taken for another, in all places at once."""
    used: dict[str, list[ast.Name]] = {}
    inner = {id(part) for block in blocks(node) for each in block for part in ast.walk(each)}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and id(part) not in inner:
            used.setdefault(part.id, []).append(part)
    for name, places in used.items():
        if len(places) < 2 or is_module(places[0]):
            continue
        for other in (*names.values, *names.gradients, *names.sizes):
            if written(other) != name:
                made: Any = Replacing({id(each): other for each in places}).visit(node)
                kind = _kind_of(places[0], other, names)
                cost = 1.6 if kind in _CROSSED else 1
                yield Edit(kind, cost, USED, _asks_of(kind), places[0], other, made=(made,))
        for other in names.indices:
            if written(other) != name:
                made = Replacing({id(each): other for each in places}).visit(node)
                yield Edit("index", 1, USED, _LOOP, places[0], other, made=(made,))


def _of_signs(node: ast.expr, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield Edit("extra_sign", 0.5, "the minus in {0} should not be there", RISES, node, node.operand)
        if isinstance(node.operand, ast.BinOp) and isinstance(node.operand.op, ast.Pow):
            bracketed = binary(ast.UnaryOp(ast.USub(), node.operand.left), node.operand.op, node.operand.right)
            yield Edit("brackets", 1, USED, "Which is done first, the minus or **?", node, bracketed)
    elif not isinstance(node, ast.Constant | ast.Compare) and not isinstance(place.parent, ast.UnaryOp):
        cost = 1.0 if place.is_term or isinstance(place.parent, ast.Call | ast.Tuple) else 1.1
        shown = (node,)
        yield Edit("sign_flipped", cost, "a minus sign is missing", RISES, node, ast.UnaryOp(ast.USub(), node), shown)


def _of_comparisons(node: ast.Compare, names: Names) -> Iterator[Edit]:
    for mask in (*names.masks, *(ast.UnaryOp(ast.Invert(), each) for each in names.masks)):
        yield Edit("relu_mask", 1, USED, "Which value decides whether the gate is open?", node, mask)
    others: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
        ast.Gt: (ast.Lt, ast.GtE), ast.Lt: (ast.Gt, ast.LtE), ast.GtE: (ast.Gt, ast.LtE, ast.Eq),
        ast.LtE: (ast.Lt, ast.GtE, ast.Eq), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,),
        ast.NotIn: (ast.In,),
    }  # fmt: skip
    for other in others.get(type(node.ops[0]), ()):
        asks = "For which values is it true?"
        yield Edit("comparison", 1, "it asks {0} instead of {1}", asks, node, with_(node, ops=[other(), *node.ops[1:]]))


def _of_constants(node: ast.Constant, value: float, place: Place, inside_index: bool) -> Iterator[Edit]:
    if place.is_exponent:
        tried = [(value - 1, 0.5), (value + 1, 0.5), (-value, 1), (2 * value, 1.5), (value / 2, 1.2)]
    elif value == 0 and place.is_term:
        tried = []
    elif inside_index:
        tried = [(value + 1, 1.2), (value - 1, 1.2)]
    else:
        tried = [(2 * value, 1), (value / 2, 1), (1 - value, 1.5), (-value, 1), (value - 1, 1.8), (value + 1, 1.8)]
    for other, cost in tried:
        if other != value and not (inside_index and other < -1):
            asks, shown = "", tuple[ast.AST, ...]((node, number(other)))
            if inside_index:
                assert isinstance(place.parent, ast.Subscript)
                asks, shown = "Which entry is meant?", (place.parent, with_(place.parent, slice=number(other)))
            yield Edit("constant", cost, USED, asks, node, number(other), shown)
    if place.is_exponent and value not in (0, 1):
        yield Edit("constant", 1.2, USED, "", node, number(1 / value))


def _of_indices(node: ast.expr, array: ast.AST | None) -> Iterator[Edit]:
    """`w[1 - k]` for `w[k]`, `[i]` for `[i + 1]`, `[np.arange(n), k]` for `[:, k]`."""
    if isinstance(node, ast.Tuple) and isinstance(node.elts[0], ast.Slice) and isinstance(array, ast.Subscript):
        rows = call("arange", ast.Call(ast.Name("len", ast.Load()), [with_(array.value, ctx=ast.Load())], []))
        paired = with_(node, elts=[rows, *node.elts[1:]])
        asks = "Which row does each of them belong to?"
        yield Edit("index", 0.9, "{0} takes every row for each of them", asks, node, paired, (array,))
    if isinstance(node, ast.Constant | ast.Slice | ast.Tuple):
        return
    asks = "Which entries meet there?"
    if isinstance(node, ast.BinOp):
        yield Edit("index", 1.2, USED, asks, node, node.right)
        yield Edit("index", 1.2, USED, asks, node, node.left)
    for op in (ast.Add(), ast.Sub()):
        yield Edit("index", 1.8, USED, asks, node, binary(node, op, number(1)))


def _of_any(node: ast.expr, place: Place) -> Iterator[Edit]:
    """What may be missing around any part."""
    reads = any(isinstance(part, ast.Name) and not is_module(part) for part in ast.walk(node))
    if not reads or (isinstance(place.parent, ast.Attribute) and place.parent.attr in ("shape", "size", "ndim")):
        return
    yield Edit("no_transpose", 1, "{0} should be transposed", FITS, node, turned(node), (node,))
    swapped = call("swapaxes", node, number(-1), number(-2))
    if isinstance(node, ast.Attribute) and node.attr == "T":
        inner = call("swapaxes", node.value, number(-1), number(-2))
        yield Edit("all_axes_turned", 0.8, "{0} reverses all axes of a stack", "Which two axes are the matrix?", node,
                   inner, (node,))  # fmt: skip
    elif isinstance(place.parent, ast.BinOp) and isinstance(place.parent.op, ast.MatMult):
        yield Edit("no_transpose", 1.5, "{0} should be transposed", FITS, node, swapped, (node,))
    one_minus = binary(number(1), ast.Sub(), node)
    yield Edit("one_minus_lost", 1.5, USED, "", node, one_minus)
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call):
        yield Edit("one_minus_lost", 1.5, USED, "", node, binary(node, ast.Mult(), one_minus))
        for power in (2, 3):
            squared = binary(node, ast.Pow(), number(power))
            yield Edit("power_missing", 1 if power == 2 else 1.8, USED, "", node, squared)
        for function in ("exp", "log", "sqrt", "sin", "cos", "tanh"):
            yield Edit("function_lost", 2, USED, "", node, call(function, node))
        column = ast.Subscript(node, ast.Tuple([ast.Slice(), ast.Constant(None)], ast.Load()), ast.Load())
        yield Edit("not_a_column", 1.3, USED, "Along which axis is it copied?", node, column)
        positive = ast.Compare(node, [ast.Gt()], [number(0)])
        is_factor = isinstance(place.parent, ast.BinOp) and isinstance(place.parent.op, ast.Mult)
        yield Edit("mask_lost", 1 if is_factor else 1.8, USED, "Where is the gate open?", node, positive)
    elif isinstance(node, ast.BinOp):
        around = place.parent
        divisor = isinstance(around, ast.BinOp) and isinstance(around.op, ast.Div) and around.right is node
        yield Edit("power_missing", 1.0 if divisor else 1.6, USED, "", node, binary(node, ast.Pow(), number(2)))
        yield Edit("function_lost", 2, USED, "", node, call("sqrt", node))
    yield from of_sums(node, 1.0 if place.is_term else 1.4)


def of_keywords(parent: ast.keyword, node: ast.expr) -> Iterator[Edit]:
    """The single changes to `axis=0`, `keepdims=True`."""
    if parent.arg == "axis":
        own = written(node)
        for axis in (0, 1, -1):
            if str(axis) != own:
                says, asks = "it goes along axis {0} instead of {1}", "Which axis does each entry share?"
                yield Edit("wrong_axis", 0.9, says, asks, node, number(axis))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        asks = "What shape comes out with it, and without?"
        yield Edit(
            "keepdims", 1, f"it has {parent.arg}={{0}} instead of {{1}}", asks, node, ast.Constant(not node.value)
        )
    elif isinstance(node, ast.Name | ast.Constant):
        yield from _of_signs(node, Place(node, lambda _new: ast.Pass(), parent, True))


def _functions_of(name: ast.expr) -> Iterator[ast.expr]:
    yield binary(number(1), ast.Sub(), name)
    yield binary(name, ast.Pow(), number(2))
    for function in ("exp", "cos", "sin"):
        yield call(function, name)
    yield binary(number(1), ast.Div(), name)
