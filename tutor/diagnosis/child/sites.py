"""Where a program computes something: its statements, and the program rewritten so that each value can be watched.

In the rewritten program every value that is assigned, returned or handed to a call goes through `rec_`, every turn of a
loop and every call of a function through `tick_`, and a statement with variants runs the one whose number is in
`variant_` (mutant schemata, after Untch, Offutt and Harrold 1993): thousands of changed programs are compiled at once.
Without `watch` values go by unseen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

Node = TypeVar("Node", bound=ast.AST)
Part = tuple[int, int]
"""A statement's number, and which of its values is meant: 0, 1, ... in order; see the constants below."""

ARGUMENT, MASK, TOTAL, LAMBDA, PARAMETER = 20, 50, 100, 200, 300
"""The argument with this number of a call of the learner's own function; the mask in `a[a < 0] = 0`; what is left of an
array of which an entry was set, or of what `+=` changes; the value of the lambda with this number; the parameter with
this number."""

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SCOPES = (*FUNCTIONS, ast.ClassDef)


def place_new_nodes() -> None:
    """Let nodes that are made here stand nowhere, once for all in this process.

    Python asks every node for its place; to say so node by node takes longer than all the rest.
    """
    for kind in (ast.expr, ast.stmt, ast.keyword, ast.arg, ast.alias, ast.excepthandler):
        kind.lineno = kind.col_offset = 0


@dataclass(frozen=True)
class CodeStatement:
    """One statement: its number, its node, and the functions and classes around it, innermost first."""

    number: int
    node: ast.stmt
    around: tuple[ast.stmt, ...]
    block: tuple[ast.stmt, ...]
    """The statements it stands among."""

    @property
    def function(self) -> ast.stmt | None:
        """The function it stands in."""
        return next((each for each in self.around if isinstance(each, FUNCTIONS)), None)

    @property
    def owner(self) -> ast.stmt | None:
        """The function that it is, or that it stands in."""
        return self.node if isinstance(self.node, FUNCTIONS) else self.function

    @property
    def classes(self) -> list[ast.ClassDef]:
        """The classes it stands in, innermost first."""
        return [each for each in self.around if isinstance(each, ast.ClassDef)]

    @property
    def loops(self) -> list[ast.For | ast.While]:
        """The loops it stands in, innermost first."""
        return [each for each in self.around if isinstance(each, ast.For | ast.While)]


def statements(tree: ast.Module) -> list[CodeStatement]:
    """All statements, in the order of the text."""
    found: list[CodeStatement] = []
    _gather(tree.body, (), found)
    return found


def _gather(block: Sequence[ast.stmt], around: tuple[ast.stmt, ...], found: list[CodeStatement]) -> None:
    for node in block:
        found.append(CodeStatement(len(found), node, around, tuple(block)))
        inner = (node, *around)
        for each in blocks(node):
            _gather(each, inner, found)


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
            yield block
    for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield part.body


def with_(node: Node, **fields: Any) -> Node:
    """A copy with other fields; what is below it is shared."""
    made = type(node)()
    made.__dict__.update(node.__dict__, **fields)
    return made


def spelled(target: ast.AST) -> str:
    """`da`, `self.dW`, `grads['x']`; an element of an array by the array's name."""
    if isinstance(target, ast.Subscript):
        key = target.slice
        named = isinstance(key, ast.Constant) and isinstance(key.value, str)
        return f"{spelled(target.value)}[{ast.literal_eval(key)!r}]" if named else spelled(target.value)
    if isinstance(target, ast.Attribute):
        return f"{spelled(target.value)}.{target.attr}"
    if isinstance(target, ast.Starred):
        return spelled(target.value)
    return target.id if isinstance(target, ast.Name) else ""


def is_argument(at: int) -> bool:
    """Whether a value is an argument of a call: it has no name."""
    return ARGUMENT <= at < MASK


def targets_of(node: ast.stmt) -> list[ast.expr]:
    """What a statement assigns to, tuples taken apart."""
    if isinstance(node, ast.Assign):
        whole = list(node.targets)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For):
        whole = [node.target]
    else:
        return []
    return [part for each in whole for part in (each.elts if isinstance(each, ast.Tuple | ast.List) else [each])]


def parts_of(node: ast.stmt) -> list[tuple[int, ast.expr, str]]:
    """The values that a statement computes: which part, the expression, and the name it goes to."""
    if isinstance(node, ast.Assign):
        whole = node.targets[0]
        if _is_apart(node):
            return [(at, each, spelled(whole.elts[at])) for at, each in enumerate(node.value.elts)]  # type: ignore[attr-defined]
        return [(0, node.value, spelled(whole)), *_mask_of(whole)]
    if isinstance(node, ast.AugAssign):
        return [(0, node.value, spelled(node.target)), *_mask_of(node.target)]
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return [(0, node.value, spelled(node.target))]
    if isinstance(node, ast.Return) and node.value is not None:
        if isinstance(node.value, ast.Tuple):
            plain = enumerate(node.value.elts)
            return [(at, each, spelled(each)) for at, each in plain if not isinstance(each, ast.Starred)]
        return [(0, node.value, spelled(node.value))]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        given = enumerate(node.value.args)
        return [(at, each, spelled(each)) for at, each in given if not isinstance(each, ast.Starred | ast.Constant)]
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Yield) and node.value.value is not None:
        return [(0, node.value.value, "")]
    if isinstance(node, ast.If | ast.While):
        return [(0, node.test, "")]
    if isinstance(node, ast.For):
        return [(0, node.iter, spelled(node.target))]
    return []


def parameters_of(node: ast.AST) -> list[ast.arg]:
    """The parameters of a function that get one value each; none of anything else."""
    return [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs] if isinstance(node, FUNCTIONS) else []


def names_of(node: ast.stmt, at: int) -> list[str]:
    """The names that this value of a statement goes to; none for an argument, a test, or an entry of an array."""
    if at >= PARAMETER:
        return [each.arg for each in parameters_of(node)[at - PARAMETER :][:1]]
    if at >= LAMBDA or is_argument(at) or isinstance(node, ast.Expr | ast.If | ast.While | ast.For):
        return []
    if at == TOTAL:
        changed = changed_by(node)
        return [spelled(changed)] if changed is not None else []
    if isinstance(node, ast.AugAssign) or is_element(node):
        return []
    own = [name for one, _, name in parts_of(node) if one == at and name]
    return own if own or isinstance(node, ast.Return) else [spelled(each) for each in targets_of(node)]


def is_element(node: ast.stmt) -> bool:
    """Whether it sets an element of an array."""
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(each, ast.Subscript) and "[" not in spelled(each) for each in targets)


def is_entry(target: ast.AST) -> bool:
    """Whether it is an entry of an array, or several; `grads['x']` is a variable of its own."""
    if not isinstance(target, ast.Subscript):
        return False
    return not (isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str))


def _mask_of(target: ast.expr) -> Iterator[tuple[int, ast.expr, str]]:
    """What says which entries are set, where it compares: `a < 0`."""
    if is_entry(target) and any(isinstance(part, ast.Compare) for part in ast.walk(target.slice)):  # type: ignore[attr-defined]
        yield MASK, target.slice, ""  # type: ignore[attr-defined]


def _is_apart(node: ast.Assign) -> bool:
    """Whether it is `a, b = this, that`, each value on its own."""
    value, whole = node.value, node.targets[0]
    if not (isinstance(value, ast.Tuple | ast.List) and isinstance(whole, ast.Tuple | ast.List)):
        return False
    starred = any(isinstance(each, ast.Starred) for each in (*value.elts, *whole.elts))
    return len(value.elts) == len(whole.elts) and not starred


def changed_by(node: ast.stmt) -> ast.expr | None:
    """What a statement changes and does not make: `a` of `a += 1`, of `a[0] = 1` and of `a[a < 0] = 0`."""
    if isinstance(node, ast.AugAssign):
        return node.target
    only = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
    return only if only is not None and is_entry(only) else None


class Rewriter:
    """Rewrites a program. `variants` are other statements to run in the place of one, by their numbers."""

    def __init__(
        self,
        found: Sequence[CodeStatement],
        variants: Mapping[int, Sequence[tuple[int, Sequence[ast.stmt]]]],
        watch: bool = True,
    ) -> None:
        self._number = {id(each.node): each.number for each in found}
        self._variants, self._watch = variants, watch
        self._own = {each.node.name for each in found if isinstance(each.node, SCOPES)}
        self._lambdas = any(isinstance(part, ast.Lambda) for each in found for part in ast.walk(each.node))

    def module(self, tree: ast.Module) -> ast.Module:
        """The program rewritten."""
        return with_(tree, body=self._block(tree.body))

    def _block(self, block: Sequence[ast.stmt]) -> list[ast.stmt]:
        return [made for node in block for made in self._with_variants(node)]

    def _with_variants(self, node: ast.stmt) -> list[ast.stmt]:
        number = self._number.get(id(node))
        base = self._watched(node, number)
        variants = self._variants.get(-1 if number is None else number)
        if not variants:
            return base
        others, self._variants = self._variants, {}  # within a variant all else is as it was
        cases: list[ast.stmt] = []
        for at, made in variants:
            test = ast.Compare(_name("variant_"), [ast.Eq()], [ast.Constant(at)])
            body = [each for part in made for each in self._watched(part, number)] or [ast.Pass()]
            cases.append(ast.copy_location(ast.If(test, body, []), node))
        self._variants = others
        numbers: Any = frozenset(at for at, _ in variants)
        test = ast.Compare(_name("variant_"), [ast.In()], [ast.Constant(numbers)])
        return [ast.copy_location(ast.If(test, cases, base), node)]

    def _watched(self, node: ast.stmt, number: int | None) -> list[ast.stmt]:
        if isinstance(node, SCOPES):
            return [self._scope(node, number)]
        fields: dict[str, Any] = {
            name: self._block(block) for name in ("body", "orelse", "finalbody")
            if isinstance(block := getattr(node, name, None), list)
        }  # fmt: skip
        for name in ("handlers", "cases"):
            if parts := getattr(node, name, None):
                fields[name] = [with_(part, body=self._block(part.body)) for part in parts]
        if isinstance(node, ast.For | ast.While):
            fields["body"] = [ast.Expr(ast.Call(_name("tick_"), [], [])), *fields["body"]]
        if number is None or not self._watch:
            return [with_(node, **fields) if fields else node]
        made = with_(node, **fields) if fields else node
        watched: dict[int, ast.AST] = {id(value): self._recorded(value, number, at) for at, value, _ in parts_of(node)}
        if watched:
            watched |= {id(each): each for block in blocks(made) for each in block}  # they are rewritten already
            made = cast(ast.stmt, Replacing(watched).visit(made))
        changed = changed_by(node)
        if changed is not None:
            seen = _call("saw_", number, TOTAL, _loaded(changed))
            if isinstance(node, ast.AugAssign) and isinstance(changed, ast.Name):
                return [made, ast.copy_location(ast.Assign([with_(changed, ctx=ast.Store())], seen), node)]
            return [made, ast.copy_location(ast.Expr(seen), node)]
        return [made]

    def _recorded(self, value: ast.expr, number: int, at: int) -> ast.expr:
        if self._lambdas and any(isinstance(part, ast.Lambda) for part in ast.walk(value)):
            value = _Lambdas(number).visit(value)
        return ast.copy_location(_call("rec_", number, at, self._with_arguments(value, number)), value)

    def _with_arguments(self, value: ast.expr, number: int) -> ast.expr:
        """What is made for a call of the learner's own function is watched; names are where they get their values."""
        if not isinstance(value, ast.Call) or spelled(value.func).split(".")[-1] not in self._own:
            return value
        given = [
            each if isinstance(each, ast.Name | ast.Starred) or at >= MASK - ARGUMENT
            else ast.copy_location(_call("rec_", number, ARGUMENT + at, each), each)
            for at, each in enumerate(value.args)
        ]  # fmt: skip
        return with_(value, args=given)

    def _scope(self, node: ast.stmt, number: int | None) -> ast.stmt:
        body = self._block(node.body)  # type: ignore[attr-defined]
        if isinstance(node, FUNCTIONS) and number is not None:
            first: list[ast.stmt] = [ast.Expr(ast.Call(_name("tick_"), [], []))]
            arguments = parameters_of(node)
            for at, each in enumerate(arguments):
                if self._watch and each.arg not in ("self", "cls", "context"):
                    value = _call("rec_", number, PARAMETER + at, _name(each.arg))
                    first.append(ast.Assign([ast.Name(each.arg, ast.Store())], value))
            shared = {name for each in node.body if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names}
            if shared & {each.arg for each in arguments}:
                first = first[:1]
            body = [ast.copy_location(each, node) for each in first] + body
        return with_(node, body=body)


class Copying(ast.NodeTransformer):
    """A transformer that leaves the tree it is given as it is: what changes is copied, what stays is shared."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """The node, changed below."""
        fields: dict[str, object] = {}
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                fields[name] = [self.visit(each) if isinstance(each, ast.AST) else each for each in value]
            elif isinstance(value, ast.AST):
                fields[name] = self.visit(value)
        return with_(node, **fields)


class Replacing(Copying):
    """Puts other nodes in the place of some, which are known by their ids."""

    def __init__(self, made: Mapping[int, ast.AST]) -> None:
        self._made = made

    def visit(self, node: ast.AST) -> ast.AST:
        """The node, changed below."""
        return self._made.get(id(node)) or self.generic_visit(node)


class _Lambdas(Copying):
    """What a lambda gives is watched too."""

    def __init__(self, number: int) -> None:
        self._number, self._count = number, 0

    def visit_Lambda(self, node: ast.Lambda) -> ast.Lambda:
        at = LAMBDA + self._count
        self._count += 1
        return with_(node, body=ast.copy_location(_call("rec_", self._number, at, node.body), node.body))


def _loaded(target: ast.expr) -> ast.expr:
    """What an augmented assignment changes, as it is read: the whole array for an element of it."""
    while is_entry(target):
        target = target.value  # type: ignore[attr-defined]
    return with_(target, ctx=ast.Load())


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _call(name: str, number: int, at: int, value: ast.expr) -> ast.Call:
    return ast.Call(_name(name), [ast.Constant(number), ast.Constant(at), value], [])


def given_lines(tree: ast.Module, given: str) -> set[int]:
    """The lines of functions that the exercise gives and the learner has left as they were."""
    try:
        known = {ast.dump(node) for node in ast.parse(given).body if isinstance(node, ast.FunctionDef)}
    except SyntaxError:
        return set()
    return {
        line for node in tree.body if isinstance(node, ast.FunctionDef) and ast.dump(node) in known
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }  # fmt: skip
