"""What an earlier call leaves for the next one: changes that begin each call of a class's method from nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tutor.diagnosis.child.edit import Edit
from tutor.diagnosis.child.sites import FUNCTIONS, CodeStatement, with_

OF_RESETS = frozenset({"not_reset", "kept_between_calls", "seeded_early"})
"""Mistakes of when and how often something is set; the lines themselves compute nothing wrong."""

_EMPTY = frozenset({"list", "set", "dict", "deque"})
_FRESH = "Where would each call get a new one?"


def of_calls_before(found: Sequence[CodeStatement], executed: set[int]) -> Iterator[tuple[CodeStatement, Edit]]:
    """The changes after which nothing is left of an earlier call."""
    for each in found:
        if isinstance(each.node, FUNCTIONS):
            yield from ((each, edit) for edit in _of_defaults(each.node))
        elif each.number in executed and is_seed(each):
            yield each, _of_gradients(each)
        elif each.number in executed and isinstance(each.node, ast.Assign):
            yield from ((each, edit) for edit in _of_containers(each, each.node, found))


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


def _of_gradients(seed: CodeStatement) -> Edit:
    """All objects that this one was computed from get the gradient 0 before it gets its 1."""
    target = seed.node.targets[0]  # type: ignore[attr-defined]
    each = ast.Name("each_", ast.Load())
    zero = ast.Assign([with_(target, value=each)], ast.Constant(0.0))
    everything = ast.Call(ast.Name("sorted_", ast.Load()), [ast.List([target.value], ast.Load())], [])
    loop = ast.For(ast.Name("each_", ast.Store()), everything, [zero], [])
    says = f"nothing sets every .{target.attr} to 0 before it, so what an earlier call left is added to"
    asks = f"What has to be in each .{target.attr} when a backward pass begins?"
    return Edit("not_reset", 0.7, says, asks, seed.node, made=(loop, seed.node))


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
