"""What a class of values that record their graph has to keep book of: changes where it is forgotten.

An earlier backward leaves nothing for the next one; what was visited is marked; a value knows all that it was computed
from, and how to send its gradient there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tutor.diagnosis.child.edit import Edit
from tutor.diagnosis.child.sites import FUNCTIONS, CodeStatement, Replacing, parts_of, spelled, targets_of, with_

OF_BOOKKEEPING = frozenset(
    {"not_reset", "kept_between_calls", "seeded_early", "never_seeded", "never_marked", "never_used", "child_missing"}
)
"""Mistakes of what is set, and when; the lines themselves compute nothing wrong."""

_EMPTY = frozenset({"list", "set", "dict", "deque"})
_FRESH = "Where would each call get a new one?"


def of_bookkeeping(found: Sequence[CodeStatement], executed: set[int]) -> Iterator[tuple[CodeStatement, Edit]]:
    """The changes to the statements of a program."""
    for each in found:
        yield from ((each, edit) for edit in _of_one(each, found, each.number in executed))


def _of_one(statement: CodeStatement, found: Sequence[CodeStatement], ran: bool) -> Iterator[Edit]:
    node = statement.node
    if isinstance(node, FUNCTIONS):
        yield from _of_defaults(node)
        yield from _of_unused(statement, found)
    if not ran:
        return
    if is_seed(statement):
        yield _of_gradients(statement, found)
    if isinstance(node, ast.Assign):
        yield from _of_containers(statement, node, found)
    if isinstance(node, ast.Assign | ast.Return):
        yield from _of_children(statement)
    if isinstance(node, ast.If):
        yield from _of_marks(node, found)
    if isinstance(node, ast.For | ast.While):
        yield from _of_seeds(statement, found)


def is_seed(statement: CodeStatement) -> bool:
    """Whether it gives an object's own attribute the 1 that a backward pass begins with: `self.grad = 1.0`."""
    node, owner = statement.node, _own_name(statement.function)
    if not isinstance(node, ast.Assign) or not owner or getattr(statement.function, "name", "") == "__init__":
        return False
    target, value = node.targets[0], node.value
    own = isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id == owner
    ones = isinstance(value, ast.Call) and "ones" in ast.unparse(value.func)
    return own and (ones or (isinstance(value, ast.Constant) and value.value == 1))


def _own_name(function: ast.stmt | None) -> str:
    """What a method calls its object: its first parameter."""
    if not isinstance(function, FUNCTIONS):
        return ""
    arguments = [*function.args.posonlyargs, *function.args.args]
    return arguments[0].arg if arguments else ""


def _of_gradients(seed: CodeStatement, found: Sequence[CodeStatement]) -> Edit:
    """All objects that this one was computed from get the gradient 0 before it gets its 1."""
    target = seed.node.targets[0]  # type: ignore[attr-defined]
    each = ast.Name("each_", ast.Load())
    zero = ast.Assign([with_(target, value=each)], ast.Constant(0.0))
    everything = ast.Call(ast.Name("sorted_", ast.Load()), [ast.List([target.value], ast.Load())], [])
    loop = ast.For(ast.Name("each_", ast.Store()), everything, [zero], [])
    some = [
        each.node.lineno for each in found[: seed.number]
        if each.function is seed.function and isinstance(each.node, ast.Assign)
        and getattr(each.node.targets[0], "attr", "") == target.attr
    ]  # fmt: skip
    says = f"nothing sets every .{target.attr} to 0 before it, so what an earlier call left is added to"
    if some:
        says = f"not every .{target.attr} is set to 0, so what an earlier call left is added to"
    asks = f"What has to be in each .{target.attr} when a backward pass begins?"
    return Edit("not_reset", 0.7, says, asks, seed.node, made=(loop, seed.node), line=some[-1] if some else 0)


def _of_seeds(loop: CodeStatement, found: Sequence[CodeStatement]) -> Iterator[Edit]:
    """A pass whose own value never gets the 1 that it begins with."""
    method = loop.function
    owner = _own_name(method)
    own = {
        spelled(target) for each in found if each.function is method
        for target in targets_of(each.node) if isinstance(target, ast.Attribute)
    }  # fmt: skip
    added = {
        each.node.target.attr: each.node.target for each in found
        if isinstance(each.node, ast.AugAssign) and isinstance(each.node.target, ast.Attribute)
    }  # fmt: skip
    for name, target in added.items() if owner else ():
        if f"{owner}.{name}" in own:
            continue
        seed = ast.Assign([with_(target, value=ast.Name(owner, ast.Load()))], ast.Constant(1.0))
        says = f"nothing has set {owner}.{name} to 1 by then"
        yield Edit("never_seeded", 0.6, says, "What is the gradient of the output with respect to itself?", loop.node,
                   made=(seed, loop.node))  # fmt: skip


def _of_unused(statement: CodeStatement, found: Sequence[CodeStatement]) -> Iterator[Edit]:
    """A function within a method that nothing uses, where other methods keep theirs: `out._backward = send`."""
    node, method = statement.node, statement.function
    assert isinstance(node, FUNCTIONS)
    if method is None or any(
        isinstance(part, ast.Name) and part.id == node.name and isinstance(part.ctx, ast.Load)
        for part in ast.walk(method)
    ):
        return
    inner = {id(each.function): set[str]() for each in found if each.function is not None}
    for each in found:
        if isinstance(each.node, FUNCTIONS) and each.function is not None:
            inner[id(each.function)].add(each.node.name)
    for each in found:
        kept = each.node
        if not isinstance(kept, ast.Assign) or not isinstance(kept.value, ast.Name) or each.function is None:
            continue
        if isinstance(kept.targets[0], ast.Attribute) and kept.value.id in inner[id(each.function)]:
            made = with_(kept, value=ast.Name(node.name, ast.Load()))
            yield Edit("never_used", 0.5, "nothing uses {0}, so nothing is ever sent by it", "Where is it kept?", node,
                       shown=(ast.Name(node.name, ast.Load()),), made=(node, made))  # fmt: skip
            return


def _of_children(statement: CodeStatement) -> Iterator[Edit]:
    """A parameter that is left out where a value is told what it was computed from: `Value(..., (self,))`."""
    method = statement.function
    if not isinstance(method, FUNCTIONS) or not statement.classes:
        return
    for part in ast.walk(statement.node):
        if not isinstance(part, ast.Tuple | ast.List | ast.Set) or isinstance(getattr(part, "ctx", None), ast.Store):
            continue
        there = {one.id for one in part.elts if isinstance(one, ast.Name)}
        plain = bool(there) and len(there) == len(part.elts)
        for name in [each.arg for each in method.args.args if each.arg not in there] if plain else []:
            more = ast.Name(name, ast.Load())
            made = Replacing({id(part): with_(part, elts=[*part.elts, more])}).visit(statement.node)
            yield Edit("child_missing", 1.0, "{1} is missing in {0}", "What was the value computed from?", part,
                       shown=(part, more), made=(made,))  # type: ignore[arg-type]  # fmt: skip


def _of_marks(node: ast.If, found: Sequence[CodeStatement]) -> Iterator[Edit]:
    """`if value not in seen:`, where nothing is ever put into `seen`."""
    test = node.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.In | ast.NotIn):
        return
    seen = test.comparators[0]
    name = spelled(seen)
    filled = {
        spelled(part.func.value) for each in found for part in ast.walk(each.node)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
        and part.func.attr in ("add", "append", "update", "extend")
    }  # fmt: skip
    if not name or name in filled:
        return
    is_list = any(
        isinstance(value, ast.List) for each in found if isinstance(each.node, ast.Assign)
        for _, value, target in parts_of(each.node) if target == name
    )  # fmt: skip
    put = ast.Attribute(seen, "append" if is_list else "add", ast.Load())
    mark = ast.Expr(ast.Call(put, [test.left], []))
    is_new = isinstance(test.ops[0], ast.NotIn)
    made = (with_(node, body=[mark, *node.body]),) if is_new else (node, mark)
    yield Edit("never_marked", 0.4, "nothing ever puts {0} into {1}, so each is visited again and again",
               "How is a value known that has been visited?", node, shown=(test.left, seen), made=made)  # fmt: skip


def _is_empty(node: ast.expr | None) -> bool:
    """Whether it is a new list, set or dictionary with nothing in it."""
    if isinstance(node, ast.List | ast.Set):
        return not node.elts
    if isinstance(node, ast.Dict):
        return not node.keys
    called = node.func if isinstance(node, ast.Call) and not node.args and not node.keywords else None
    return getattr(called, "attr", getattr(called, "id", "")) in _EMPTY


def _of_defaults(node: ast.stmt) -> Iterator[Edit]:
    """`def walk(self, seen=set())`: the set is made once, and every call that names none goes on with it."""
    assert isinstance(node, FUNCTIONS)
    plain = [*node.args.posonlyargs, *node.args.args]
    defaults = node.args.defaults
    pairs = [
        *zip(plain[len(plain) - len(defaults) :], defaults, strict=True),
        *zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True),
    ]
    kept = [(argument.arg, default) for argument, default in pairs if _is_empty(default)]
    if not kept:
        return
    given = {id(default) for _, default in kept}
    nothing = ast.Constant(None)
    arguments = with_(
        node.args, defaults=[nothing if id(each) in given else each for each in defaults],
        kw_defaults=[nothing if id(each) in given else each for each in node.args.kw_defaults],
    )  # fmt: skip
    fresh = [
        ast.If(
            ast.Compare(ast.Name(name, ast.Load()), [ast.Is()], [ast.Constant(None)]),
            [ast.Assign([ast.Name(name, ast.Store())], default)], [],
        )
        for name, default in kept if default is not None
    ]  # fmt: skip
    says = "{0} is made once, where the function is defined, and keeps what earlier calls put into it"
    yield Edit("kept_between_calls", 0.5, says, _FRESH, node, shown=(ast.Name(kept[0][0], ast.Load()),),
               made=(with_(node, args=arguments, body=[*fresh, *node.body]),))  # fmt: skip


def _of_containers(made: CodeStatement, node: ast.Assign, found: Sequence[CodeStatement]) -> Iterator[Edit]:
    """`seen = set()` in a class, beside it, or in `__init__`, where a method goes on with what is in it."""
    target = node.targets[0]
    within = made.around[0] if made.around else None
    if not _is_empty(node.value):
        return
    if isinstance(target, ast.Name) and not isinstance(within, FUNCTIONS):
        name, is_attribute = target.id, isinstance(within, ast.ClassDef)
    elif isinstance(target, ast.Attribute) and getattr(within, "name", "") == "__init__":
        name, is_attribute = target.attr, True
    else:
        return
    for method in found:
        owner = _own_name(method.node)
        if not owner or not _goes_on_with(method, name, is_attribute):
            continue
        first = next(each for each in found if each.node is method.node.body[0])  # type: ignore[attr-defined]
        held: ast.expr = ast.Name(name, ast.Load())
        if is_attribute:
            held = ast.Attribute(ast.Name(owner, ast.Load()), name, ast.Load())
        emptied = ast.Expr(ast.Call(ast.Attribute(held, "clear", ast.Load()), [], []))
        says = "{0} is made once, and keeps what earlier calls put into it"
        yield Edit("kept_between_calls", 0.5, says, _FRESH, node, shown=(target,), made=(node,),
                   also=((first.number, (emptied, first.node)),))  # fmt: skip


def _goes_on_with(method: CodeStatement, name: str, is_attribute: bool) -> bool:
    """Whether it is a method of a class, and speaks of this name somewhere."""
    if not method.around or not isinstance(method.around[0], ast.ClassDef):
        return False
    if getattr(method.node, "name", "__").startswith("__"):
        return False
    kind, key = (ast.Attribute, "attr") if is_attribute else (ast.Name, "id")
    return any(isinstance(part, kind) and getattr(part, key) == name for part in ast.walk(method.node))
