"""Single changes to a statement, the likeliest first: each is one way in which a line may have gone wrong."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from tutor.diagnosis.child.sites import FUNCTIONS, Statement, blocks, parts_of, spelled, with_

USED = "it uses {0} instead of {1}"
_RISES = "If it grows a little, does the output rise or fall?"
_FITS = "Which shapes have to fit here?"
_FACTOR = "What does the chain rule multiply by here?"
_ORDER = "In which order are the operations done?"
_MOST_PLACES = 70
OF_ALIASES = frozenset({"changed_through_alias", "overwritten_input"})
"""Changes to lines whose own values may be right: what is wrong is what they do to others. They are tried everywhere."""


@dataclass(frozen=True)
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
    """The statements that take the statement's place."""

    also: tuple[tuple[int, tuple[ast.stmt, ...]], ...] = ()
    """Other statements that change with it, by their numbers, and what takes their place."""

    @property
    def clause(self) -> str:
        """What is said of it."""
        shown = self.shown or tuple(each for each in (self.old, self.new) if each is not None)
        return self.says.format(*map(written, shown))


@dataclass(frozen=True)
class Names:
    """What can be read where a statement stands: values of the forward pass, gradients, and whole numbers."""

    values: tuple[ast.expr, ...] = ()
    gradients: tuple[ast.expr, ...] = ()
    sizes: tuple[ast.expr, ...] = ()
    constants: tuple[ast.expr, ...] = ()
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


def edits_of(statement: Statement, names: Names, ceiling: float = 9.0) -> list[Edit]:
    """The single changes to a statement, the likeliest first; none that cost more than the ceiling."""
    found = [*_of_statement(statement, names), *_of_expressions(statement.node, replace(names, ceiling=ceiling))]
    found = [edit for edit in found if edit.cost <= ceiling and edit.kind not in OF_ALIASES]
    return sorted(found, key=lambda edit: edit.cost)


OF_SIGNS = frozenset({"extra_sign", "sign_flipped"})
"""Changes to lines whose value may be right all the same: a square loses the sign."""


def alias_edits(statement: Statement) -> list[Edit]:
    """The changes to what a statement does to other names for the same array."""
    return [edit for edit in _of_statement(statement, Names()) if edit.kind in OF_ALIASES]


# Whole statements


def _of_statement(statement: Statement, names: Names) -> Iterator[Edit]:
    node = statement.node
    if isinstance(node, ast.Assign):
        yield from _of_assignment(node)
    elif isinstance(node, ast.AugAssign):
        yield from _of_augmented(node)
    elif isinstance(node, ast.For | ast.While):
        yield from _of_loop(statement)
    elif isinstance(node, ast.If):
        turned = with_(node, test=ast.UnaryOp(ast.Not(), node.test))
        yield Edit(
            "test_turned", 2, "the test {0} is the wrong way round", "When is it true?", node.test, made=(turned,)
        )
    elif isinstance(node, ast.Expr):
        yield from _of_call_alone(node)
    if isinstance(node, ast.Assign | ast.AugAssign):
        yield from _more_to_do(node, names)
        yield from _overwritten(statement)


def _of_assignment(node: ast.Assign) -> Iterator[Edit]:
    target = node.targets[0]
    if len(node.targets) > 1 and not isinstance(node.value, ast.Constant):
        apart = tuple(ast.Assign([each], node.value) for each in node.targets)
        said = "after it {0} and {1} are one array: what changes one changes the other"
        yield Edit("changed_through_alias", 0, said, "How does each get an array of its own?",
                   node, shown=(node.targets[0], node.targets[-1]), made=apart)  # fmt: skip
    elif isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
        yield added_to(node)
        if isinstance(node.value, ast.Call) and not node.value.args and isinstance(node.value.func, ast.Name):
            says = "it calls {0} at once and keeps what comes of it, not the function"
            made = with_(node, value=node.value.func)
            yield Edit(
                "called_for_function",
                0.4,
                says,
                "What do the brackets do?",
                node,
                shown=(node.value.func,),
                made=(made,),
            )
        if isinstance(node.value, ast.Name | ast.Attribute | ast.Subscript):
            copied = ast.Call(ast.Attribute(ast.Name("np", ast.Load()), "array", ast.Load()), [node.value], [])
            says = "after it {0} and {1} are one array: what changes one changes the other"
            yield Edit("changed_through_alias", 0.8, says, "How does each get an array of its own?", node,
                       shown=(target, node.value), made=(with_(node, value=copied),))  # fmt: skip
    if isinstance(target, ast.Tuple) and len(target.elts) == 2:
        swapped = with_(target, elts=target.elts[::-1])
        yield Edit("swapped", 1, "{0} and {1} are the wrong way round", "In which order do they come?", node,
                   shown=tuple(target.elts), made=(with_(node, targets=[swapped, *node.targets[1:]]),))  # fmt: skip


def added_to(node: ast.stmt) -> Edit:
    """`+=` for `=`."""
    assert isinstance(node, ast.Assign)
    target = node.targets[0]
    assert isinstance(target, ast.Name | ast.Attribute | ast.Subscript)
    says, asks = "= takes the place of what was in {0}; += keeps it", "What is there already, and what arrives as well?"
    made = ast.AugAssign(target, ast.Add(), node.value)
    return Edit("overwrote_branch", 0.5, says, asks, node, shown=(target,), made=(made,))


_AUGMENTED: dict[type[ast.operator], str] = {
    ast.Add: "+=", ast.Sub: "-=", ast.Mult: "*=", ast.Div: "/=", ast.MatMult: "@=", ast.Pow: "**=",
}  # fmt: skip


def _of_augmented(node: ast.AugAssign) -> Iterator[Edit]:
    target, sign = node.target, _AUGMENTED.get(type(node.op), "")
    loaded = with_(target, ctx=ast.Load())
    if isinstance(target, ast.Subscript) and isinstance(node.op, ast.Add):
        added = ast.Attribute(ast.Attribute(ast.Name("np", ast.Load()), "add", ast.Load()), "at", ast.Load())
        one = ast.Expr(ast.Call(added, [target.value, target.slice, node.value], []))
        says = "{0} keeps only the last of the rows that an index names twice"
        asks = "np.add.at adds every one: what does a value used twice get?"
        yield Edit("repeated_rows", 0, says, asks, node, shown=(node,), made=(one,))
    made = ast.Assign([target], ast.BinOp(loaded, node.op, node.value))
    says = "{0} changes the array in place, and with it every other name for it"
    yield Edit("changed_through_alias", 0.2, says, f"{written(target)} = {written(target)} {sign[:-1]} ... makes a new one.",
               node, shown=(node,), made=(made,))  # fmt: skip
    plain = ast.Assign([target], node.value)
    yield Edit("added_for_set", 1.5, "it has " + sign + " where = sets {0}", "What was in it before?", node,
               shown=(target,), made=(plain,))  # fmt: skip
    for op, other in _AUGMENTED.items():
        if other != sign and {sign, other} & {"+=", "-=", "/=", "*="} and "@" not in other and "**" not in other:
            near = {sign, other} in ({"+=", "-="}, {"*=", "/="})
            kind = "sign_flipped" if {sign, other} == {"+=", "-="} else "operator"
            yield Edit(kind, 1 if near else 2.2, f"it has {sign} instead of {other}", _RISES if near else "", node,
                       made=(with_(node, op=op()),))  # fmt: skip
    yield Edit("extra_statement", 2.5, "{0} should not be there", "Where does it come from?", node, shown=(node,),
               made=(ast.Pass(),))  # fmt: skip


def _overwritten(statement: Statement) -> Iterator[Edit]:
    """A variable that is given another value, where a later line needs the one before."""
    node, block = statement.node, statement.block
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    if not isinstance(target, ast.Name) or not isinstance(block[-1], ast.Return):
        return
    at = block.index(node)
    before = {part.id for each in block[:at] for part in ast.walk(each) if isinstance(part, ast.Name)}
    if isinstance(statement.function, FUNCTIONS):
        before |= {each.arg for each in statement.function.args.args}
    if target.id not in before:
        return
    kept, later = ast.Name(f"{target.id}_before_", ast.Load()), block[at + 1 :]
    save = ast.Assign([with_(kept, ctx=ast.Store())], ast.Name(target.id, ast.Load()))
    changed = [_with_before(each, target.id, kept) for each in later]
    readers = [number for number, each in enumerate(changed) if each is not later[number]]
    tried = [{one} for one in readers] + [set(readers[number:]) for number in range(len(readers) - 1)]
    for chosen in tried:
        made = [changed[number] if number in chosen else each for number, each in enumerate(later)]
        line = ast.Constant(min(later[number].lineno for number in chosen))
        says = "it takes the place of the {0} that line {1} needs"
        yield Edit("overwritten_input", 0.4, says, "Which name could the new value have?", node,
                   shown=(ast.Name(target.id, ast.Load()), line), made=(save, node, *made))  # fmt: skip


def _with_before(node: ast.stmt, name: str, kept: ast.expr) -> ast.stmt:
    places = {
        id(part) for part in ast.walk(node)
        if isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Load)
    }  # fmt: skip
    made = _Renaming(places, kept).visit(node) if places else node
    assert isinstance(made, ast.stmt)
    return made


def _of_loop(statement: Statement) -> Iterator[Edit]:
    node = statement.node
    assert isinstance(node, ast.For | ast.While)
    if isinstance(node.body[-1], ast.Return) and len(node.body) > 1:
        made = with_(node, body=node.body[:-1])
        says = "it is inside the loop: the function ends after the first turn"
        yield Edit("return_in_loop", 0, says, "Where does it go?", node.body[-1], made=(made, node.body[-1]))
    if isinstance(node, ast.For):
        call = node.iter
        if isinstance(call, ast.Call) and spelled(call.func) == "reversed":
            made = with_(node, iter=call.args[0])
            yield Edit(
                "walk_reversed", 1, "it goes through {0} in the wrong order", "Which comes first?", call, made=(made,)
            )
        else:
            turned = ast.Call(
                ast.Name("reversed", ast.Load()), [ast.Call(ast.Name("list", ast.Load()), [call], [])], []
            )
            says = "it goes through {0} in the wrong order"
            asks = "Which of them has to be visited first, and why?"
            yield Edit("not_reversed", 0.8, says, asks, call, made=(with_(node, iter=turned),))


def _of_call_alone(node: ast.Expr) -> Iterator[Edit]:
    call = node.value
    if not isinstance(call, ast.Call):
        return
    says = "{0} should not be there"
    yield Edit("extra_statement", 2.5, says, "Where does it come from?", node, shown=(call,), made=(ast.Pass(),))


def _more_to_do(node: ast.Assign | ast.AugAssign, names: Names) -> Iterator[Edit]:
    """What should be done with the whole array after some of its entries were set."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(target, ast.Subscript | ast.Name) or (
        isinstance(target, ast.Name) and isinstance(node, ast.Assign)
    ):
        return
    root: ast.expr = target
    while isinstance(root, ast.Subscript):
        root = root.value
    stored = with_(root, ctx=ast.Store())
    if not isinstance(stored, ast.Name | ast.Attribute):
        return
    numbers: list[ast.expr] = [number(each) for each in (2, 3, 4, 5)]
    for each in (*names.sizes, *numbers):
        more = ast.AugAssign(stored, ast.Div(), each)
        yield Edit("constant_dropped", 2, "after it {0} is not divided by {1}", _FACTOR, node, shown=(root, each),
                   made=(node, more))  # fmt: skip
    for each in names.values:
        more = ast.AugAssign(stored, ast.Mult(), each)
        yield Edit("missing_factor", 2.5, "after it {0} is not multiplied by {1}", _FACTOR, node, shown=(root, each),
                   made=(node, more))  # fmt: skip


# Expressions


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


def _of_expressions(node: ast.stmt, names: Names) -> Iterator[Edit]:
    seen = 0
    wholes = {id(value) for _, value, _ in parts_of(node)}
    for place in _places(node, wholes):
        seen += 1
        if seen > _MOST_PLACES:
            return
        for edit in _changes(place, names):
            if edit.new is not None:
                yield replace(edit, made=(place.rebuilt(edit.new),))
    yield from _everywhere(node, names)


def _places(node: ast.stmt, wholes: set[int]) -> Iterator[Place]:
    """Every part of the expressions of a statement; not of the statements within it."""
    inner = {id(each) for block in blocks(node) for each in block}

    def below(parent: ast.AST, rebuilt: Callable[[ast.AST], ast.stmt], term: bool) -> Iterator[Place]:
        for name, value in ast.iter_fields(parent):
            if isinstance(value, ast.AST):
                yield from one(parent, name, value, lambda new, name=name: rebuilt(with_(parent, **{name: new})), term)
            elif isinstance(value, list):
                for at, each in enumerate(value):
                    if isinstance(each, ast.AST) and id(each) not in inner:

                        def put(new: ast.AST, name: str = name, at: int = at, value: list[ast.AST] = value) -> ast.stmt:
                            return rebuilt(with_(parent, **{name: [*value[:at], new, *value[at + 1 :]]}))

                        yield from one(parent, name, each, put, term)

    def one(
        parent: ast.AST, name: str, child: ast.AST, rebuilt: Callable[[ast.AST], ast.stmt], term: bool
    ) -> Iterator[Place]:
        adds = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
        whole = id(child) in wholes or isinstance(parent, ast.Lambda) or name == "elt"
        handed = isinstance(parent, ast.Call) and name == "args"
        is_term = (
            whole or (handed and isinstance(child, ast.Name)) or (term and (adds or isinstance(parent, ast.UnaryOp)))
        )
        stored = isinstance(getattr(child, "ctx", None), ast.Store)
        if isinstance(child, ast.expr) and not stored and not isinstance(child, ast.Tuple | ast.List):
            exponent = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Pow) and name == "right"
            yield Place(
                child, rebuilt, parent, is_term, exponent, handed, isinstance(parent, ast.Call) and name == "func"
            )
        if not isinstance(child, ast.arguments | ast.operator | ast.stmt):
            yield from below(child, rebuilt, is_term)

    def top(new: ast.AST) -> ast.stmt:
        assert isinstance(new, ast.stmt)
        return new

    yield from below(node, top, False)


def _changes(place: Place, names: Names) -> Iterator[Edit]:
    node = place.node
    if place.is_called and not isinstance(node, ast.Attribute):
        return
    if place.is_called:
        yield from _of_methods(place)
        return
    if isinstance(place.parent, ast.keyword):
        yield from _of_keywords(place.parent, node)
        return
    inside_index = isinstance(place.parent, ast.Subscript) and place.parent.slice is node
    if isinstance(node, ast.Slice):
        return
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript():
            if not _is_module(node):
                yield from _of_names(node, place, names)
        case ast.BinOp():
            yield from _of_binaries(node, place)
        case ast.Compare():
            yield from _of_comparisons(node)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            yield from _of_constants(node, float(value), place, inside_index)
        case ast.Call():
            yield from _of_calls(node)
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Edit("extra_transpose", 1, "{0} should not be transposed", _FITS, node, node.value)
    if inside_index or _is_module(node):
        yield from _of_indices(node)
        return
    yield from _of_signs(node, place)
    yield from _of_any(node, place)
    if place.is_term:
        yield from _missing(node, names)
        yield from _of_shape(node, names)
    if place.is_handed:
        yield from _missing(node, Names(constants=names.constants))
        for each in names.sizes:
            asks = "How many of them are meant?"
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


def _is_module(node: ast.AST) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math")


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
        "value_for_gradient": "Which of the two is a gradient?", "wrong_upstream": "Which gradient arrives at this gate?",
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
        if len(places) < 2 or _is_module(places[0]):
            continue
        for other in (*names.values, *names.gradients):
            if written(other) != name:
                made = _Renaming({id(each) for each in places}, other).visit(node)
                kind = _kind_of(places[0], other, names)
                cost = 1.6 if kind in _CROSSED else 1
                yield Edit(kind, cost, USED, _asks_of(kind), places[0], other, made=(made,))


class _Renaming(ast.NodeTransformer):
    def __init__(self, old: set[int], new: ast.expr) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        if id(node) in self._old:
            return self._new
        fields: dict[str, object] = {}
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                fields[name] = [self.visit(each) if isinstance(each, ast.AST) else each for each in value]
            elif isinstance(value, ast.AST):
                fields[name] = self.visit(value)
        return with_(node, **fields)


def _of_signs(node: ast.expr, place: Place) -> Iterator[Edit]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield Edit("extra_sign", 0.5, "the minus in {0} should not be there", _RISES, node, node.operand)
        if isinstance(node.operand, ast.BinOp) and isinstance(node.operand.op, ast.Pow):
            bracketed = binary(ast.UnaryOp(ast.USub(), node.operand.left), node.operand.op, node.operand.right)
            yield Edit("brackets", 1, USED, "Which is done first, the minus or **?", node, bracketed)
    elif not isinstance(node, ast.Constant | ast.Compare) and not isinstance(place.parent, ast.UnaryOp):
        cost = 1.0 if place.is_term or isinstance(place.parent, ast.Call | ast.Tuple) else 1.1
        shown = (node,)
        yield Edit("sign_flipped", cost, "a minus sign is missing", _RISES, node, ast.UnaryOp(ast.USub(), node), shown)


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


def _of_binaries(node: ast.BinOp, place: Place) -> Iterator[Edit]:
    left, op, right = node.left, node.op, node.right
    for swap in _SWAPS.get(type(op), ()):
        mine, theirs = _SIGNS[type(op)], _SIGNS[swap]
        kind = "power_for_product" if mine == "**" else _SWAP_KINDS.get(mine + theirs, "operator")
        made = binary(left, swap(), right)
        asks = "What does // do with the decimals?" if mine == "//" else _RISES if kind == "sign_flipped" else ""
        cost = {"matmul_for_star": 2, "sign_flipped": 0.9, "added_for_multiplied": 1.1}.get(kind, 1)
        yield Edit(kind, cost, f"it has {mine} instead of {theirs} in {{0}}", asks, node, made)
    if isinstance(op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
        kind = "matmul_order" if isinstance(op, ast.MatMult) else "swapped"
        asks = _FITS if kind == "matmul_order" else "Which of the two comes first?"
        yield Edit(kind, 1, "it has {0} instead of {1}", asks, node, binary(right, op, left))
    if isinstance(op, ast.MatMult):
        yield from _of_products(node, left, right, lambda one, two: binary(one, ast.MatMult(), two))
    if isinstance(op, ast.Mult | ast.Add | ast.Sub | ast.Div):
        yield from _of_parts(node)
    if isinstance(op, ast.Sub) and isinstance(left, ast.Constant) and left.value == 1:
        yield Edit("one_minus_extra", 1, USED, "", node, right)
    for made in _regrouped(node):
        products = isinstance(made.op, ast.Mult | ast.Div) and all(
            not isinstance(part, ast.BinOp) or isinstance(part.op, ast.Mult | ast.Div) for part in ast.walk(made)
        )
        cost = 1.5 if products else 1.0
        yield Edit("brackets", cost, USED, _ORDER, node, made)
    yield from _of_powers(node, place)
    if isinstance(op, ast.Mult) and not (isinstance(place.parent, ast.BinOp) and isinstance(place.parent.op, ast.Mult)):
        yield from _as_softmax(node)


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
        yield Edit("power_no_front", 0.8, "the exponent {0} is not brought down in front", _FACTOR, node,
                   binary(front, ast.Mult(), node), (front,))  # fmt: skip


def _as_softmax(node: ast.BinOp) -> Iterator[Edit]:
    """`u p (1 - p)` for `p (u - sum(u p))`."""
    factors = _factors(node)
    for each in factors:
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Sub) and written(each.left) in ("1", "1.0"):
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


def _of_products(
    node: ast.expr, left: ast.expr, right: ast.expr, product: Callable[[ast.expr, ast.expr], ast.expr]
) -> Iterator[Edit]:
    """Transposes and the order at a matrix product, two at once: they are often confused together."""
    for first in (left, _turned(left)):
        for second in (right, _turned(right)):
            for one, two in ((first, second), (second, first)):
                turned = (first is not left) + (second is not right)
                order = one is second
                if turned + order >= 2:
                    kind = "matmul_order" if order else "no_transpose"
                    yield Edit(kind, 1.4, "it has {0} instead of {1}", _FITS, node, product(one, two))


def _turned(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else ast.Attribute(node, "T", ast.Load())


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


def _of_comparisons(node: ast.Compare) -> Iterator[Edit]:
    others: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
        ast.Gt: (ast.Lt, ast.GtE), ast.Lt: (ast.Gt, ast.LtE), ast.GtE: (ast.Gt, ast.LtE), ast.LtE: (ast.Lt, ast.GtE),
        ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
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
        tried = [(value - 1, 1.2), (value + 1, 1.2)]
    else:
        tried = [(2 * value, 1), (value / 2, 1), (1 - value, 1.5), (-value, 1), (value - 1, 1.8), (value + 1, 1.8)]
    for other, cost in tried:
        if other != value and not (inside_index and other < -1):
            yield Edit("constant", cost, USED, "", node, number(other))
    if place.is_exponent and value not in (0, 1):
        yield Edit("constant", 1.2, USED, "", node, number(1 / value))


def _of_indices(node: ast.expr) -> Iterator[Edit]:
    """`w[1 - k]` for `w[k]`, `[i]` for `[i + 1]`."""
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
    reads = any(isinstance(part, ast.Name) and not _is_module(part) for part in ast.walk(node))
    if not reads:
        return
    yield Edit("no_transpose", 1, "{0} should be transposed", _FITS, node, _turned(node), (node,))
    swapped = call("swapaxes", node, number(-1), number(-2))
    if isinstance(node, ast.Attribute) and node.attr == "T":
        inner = call("swapaxes", node.value, number(-1), number(-2))
        yield Edit("all_axes_turned", 0.8, "{0} reverses all axes of a stack", "Which two axes are the matrix?", node,
                   inner, (node,))  # fmt: skip
    elif isinstance(place.parent, ast.BinOp) and isinstance(place.parent.op, ast.MatMult):
        yield Edit("no_transpose", 1.5, "{0} should be transposed", _FITS, node, swapped, (node,))
    if isinstance(node, ast.BinOp | ast.UnaryOp) and not place.is_term:
        pass
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
        yield Edit("mask_lost", 1.8, USED, "Where is the gate open?", node, positive)
    elif isinstance(node, ast.BinOp):
        divisor = isinstance(place.parent, ast.BinOp) and isinstance(place.parent.op, ast.Div)
        yield Edit(
            "power_missing",
            1.0 if divisor and place.parent.right is node else 1.6,
            USED,
            "",
            node,
            binary(node, ast.Pow(), number(2)),
        )
        yield Edit("function_lost", 2, USED, "", node, call("sqrt", node))
    yield from _of_sums(node)


def _of_sums(node: ast.expr) -> Iterator[Edit]:
    asks = "What shape does it have, and what shape should it have?"
    yield Edit("not_summed", 1.4, "{0} is not summed", asks, node, call("sum", node), (node,))
    for axis in (0, 1, -1):
        for keep in (False, True):
            options: dict[str, int | bool] = {"axis": axis, "keepdims": True} if keep else {"axis": axis}
            said = "{0} is not summed over axis " + str(axis)
            yield Edit("not_summed", 1.5, said, asks, node, call("sum", node, **options), (node,))


def _of_keywords(parent: ast.keyword, node: ast.expr) -> Iterator[Edit]:
    if parent.arg == "axis":
        own = written(node)
        for axis in (0, 1, -1):
            if str(axis) != own:
                yield Edit("wrong_axis", 1, "it goes along axis {0} instead of {1}", "Which axis does each entry share?",
                           node, number(axis))  # fmt: skip
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        asks = "What shape comes out with it, and without?"
        yield Edit(
            "keepdims", 1, f"it has {parent.arg}={{0}} instead of {{1}}", asks, node, ast.Constant(not node.value)
        )
    elif isinstance(node, ast.Name | ast.Constant):
        yield from _of_signs(node, Place(node, lambda new: ast.Pass(), parent, True))


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


def _of_calls(node: ast.Call) -> Iterator[Edit]:
    word = _word(node.func)
    for twin in _TWINS.get(word, ()):
        if isinstance(node.func, ast.Attribute):
            made: ast.expr = with_(node, func=with_(node.func, attr=twin))
            yield Edit(_TWIN_KINDS.get(word, "function"), 1, USED, "", node, made)
    two = _two_arguments(node)
    if two is not None and word in _PRODUCTS:
        kind = "matmul_order" if word != "outer" else "outer_order"
        yield Edit(kind, 1, "it has {0} instead of {1}", _FITS, node, _with_two(node, two[1], two[0]))
        yield from _of_products(node, *two, lambda one, other: _with_two(node, one, other))
        yield Edit("matmul_for_star", 2, USED, _FITS, node, binary(two[0], ast.Mult(), two[1]))
    elif len(node.args) == 2 and word in ("minimum", "maximum", "subtract", "divide", "power"):
        yield Edit("swapped", 1.2, USED, "Which of the two comes first?", node, with_(node, args=node.args[::-1]))
    elif len(node.args) == 3 and word == "where":
        yield Edit("swapped", 1, USED, "Which is taken where it is true?", node,
                   with_(node, args=[node.args[0], *node.args[:0:-1]]))  # fmt: skip
    if word == "range" and len(node.args) == 2:
        many = with_(node, args=[binary(node.args[1], ast.Sub(), node.args[0])])
        yield Edit("wrong_axis", 1.2, USED, "Which come first, and how many are there?", node, many)
    inner = _only_argument(node)
    if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub) and isinstance(inner.right, ast.Call):
        if written(inner.right.func) == written(node.func):
            made = binary(inner.right, ast.Mult(), inner)
            yield Edit("brackets", 1, USED, "To what is the function applied?", node, made)
    if inner is not None:
        yield from _around_one(node, word, inner)
    elif len(node.args) >= 1 and word.startswith("unbroadcast"):
        yield Edit("extra_sum", 1.5, "{0} should be {1}", "Was anything stretched?", node, node.args[0])
    if word in ("sum", "mean", "max", "any", "all"):
        has = {each.arg for each in node.keywords}
        if "axis" not in has:
            for axis in (0, 1, -1):
                added = [*node.keywords, ast.keyword("axis", number(axis))]
                yield Edit("wrong_axis", 1.2, "{0} goes over all axes instead of axis " + str(axis), "Which axis is it?",
                           node, with_(node, keywords=added), (node,))  # fmt: skip
        for axis in (0, 1, -1) if "keepdims" not in has else ():
            other = [each for each in node.keywords if each.arg != "axis"]
            added = [*other, ast.keyword("axis", number(axis)), ast.keyword("keepdims", ast.Constant(True))]
            asks = "Over which entries does it go?"
            yield Edit("wrong_axis", 1.2, USED, asks, node, with_(node, keywords=added))
        if "keepdims" not in has:
            added = [*node.keywords, ast.keyword("keepdims", ast.Constant(True))]
            yield Edit("keepdims", 1, "{0} drops the axis; keepdims=True keeps it", "What shape has to come out?", node,
                       with_(node, keywords=added), (node,))  # fmt: skip
        if node.keywords:
            bare = with_(node, keywords=[each for each in node.keywords if each.arg != "axis"])
            yield Edit("wrong_axis", 1.3, USED, "Which entries are added?", node, bare)
    if any(each.arg == "dtype" for each in node.keywords):
        made = with_(node, keywords=[each for each in node.keywords if each.arg != "dtype"])
        yield Edit("int_cast", 0, "{0} cuts off everything after the decimal point", "What type must the numbers keep?",
                   node, made, (node,))  # fmt: skip


def _around_one(node: ast.Call, word: str, inner: ast.expr) -> Iterator[Edit]:
    """A function of one argument that should not be there."""
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


def _of_methods(place: Place) -> Iterator[Edit]:
    """Nothing yet of a call's function itself: twins are changed at the call."""
    yield from ()


def _two_arguments(node: ast.Call) -> tuple[ast.expr, ast.expr] | None:
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value) and len(node.args) == 1:
        return node.func.value, node.args[0]
    return (node.args[0], node.args[1]) if len(node.args) == 2 else None


def _with_two(node: ast.Call, one: ast.expr, two: ast.expr) -> ast.expr:
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        return with_(node, func=with_(node.func, value=one), args=[two])
    return with_(node, args=[one, two])


def _word(function: ast.expr) -> str:
    """The last part of a function's name."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _only_argument(node: ast.Call) -> ast.expr | None:
    """What a call of one argument is applied to; the owner of a method."""
    if isinstance(node.func, ast.Attribute) and not _is_module(node.func.value):
        return node.func.value if not isinstance(node.func.value, ast.Name) or not node.args else None
    return node.args[0] if len(node.args) == 1 else None


def _functions_of(name: ast.expr) -> Iterator[ast.expr]:
    yield binary(number(1), ast.Sub(), name)
    yield binary(name, ast.Pow(), number(2))
    for function in ("exp", "cos", "sin"):
        yield call(function, name)
    yield binary(number(1), ast.Div(), name)


def _missing(term: ast.expr, names: Names) -> Iterator[Edit]:
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
        compound = [
            one_minus, binary(name, ast.Mult(), one_minus), squared, binary(number(1), ast.Sub(), squared),
            ast.Compare(name, [ast.Gt()], [number(0)]), *(call(each, name) for each in ("cos", "exp", "sin", "sqrt")),
            binary(number(2), ast.Mult(), name), ast.UnaryOp(ast.USub(), name),
        ]  # fmt: skip
        simple += [(each, "missing_factor", 2) for each in compound]
    for factor, kind, cost in simple:
        yield Edit(kind, cost, says, _FACTOR, term, binary(term, ast.Mult(), factor), (factor,))
        if kind != "forgot_upstream" and not isinstance(factor, ast.Compare):
            yield Edit(kind, cost + 0.1, divides, _FACTOR, term, binary(term, ast.Div(), factor), (factor,))
    for each in names.constants:
        yield Edit("constant_dropped", 1.1, "{0} is not added", "What is it in the function?", term,
                   binary(term, ast.Add(), each), (each,))  # fmt: skip
    for options in ({}, {"axis": 0}):
        mean = call("mean", term, **options)
        yield Edit("missed_branch", 1.9, "what its mean sends back is missing", "Along how many paths does it reach the output?",
                   term, binary(term, ast.Sub(), mean), (term,))  # fmt: skip
    asks = "What else arrives here, along another branch?"
    for each in (*names.gradients, *names.values):
        kind, cost = ("missed_branch", 1.2) if names.is_gradient(each) else ("missing_term", 2)
        yield Edit(kind, cost, "{0} is not added", asks, term, binary(term, ast.Add(), each), (each,))
        yield Edit(kind, cost + 1, "{0} is not subtracted", asks, term, binary(term, ast.Sub(), each), (each,))


def number(value: float) -> ast.expr:
    """A constant."""
    whole = int(value) if value == int(value) else value
    return ast.Constant(whole) if whole >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-whole))


def binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.BinOp:
    """Two expressions joined."""
    return ast.BinOp(left, op, right)


def call(name: str, *arguments: ast.expr, **options: object) -> ast.Call:
    """`np.sum(a, axis=0)` and the like."""
    words = [ast.keyword(key, _option(value)) for key, value in options.items()]
    return ast.Call(ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()), list(arguments), words)


def _option(value: object) -> ast.expr:
    if value is float:
        return ast.Name("float", ast.Load())
    return number(value) if type(value) is int else ast.Constant(value)
