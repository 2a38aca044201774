"""An engine's class as its methods: which one belongs to a gate, and which lines of it carry gradients."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from tutor.questions.code.engine_graphs import EngineStep
from tutor.questions.code.lines.reading import FunctionNode, class_in, parsed

_METHODS = {
    "add": "__add__",
    "sub": "__sub__",
    "mul": "__mul__",
    "div": "__truediv__",
    "pow": "__pow__",
    "neg": "__neg__",
}
_REFLECTED = {"add": "__radd__", "sub": "__rsub__", "mul": "__rmul__", "div": "__rtruediv__"}
_SIGNS: dict[type[ast.AST], str] = {
    ast.Add: "__add__", ast.Sub: "__sub__", ast.Mult: "__mul__", ast.Div: "__truediv__", ast.Pow: "__pow__",
    ast.USub: "__neg__",
}  # fmt: skip
_DEEPEST = 6


def called_for(step: EngineStep) -> str:
    """The method that Python calls for an equation."""
    if step.gate in _REFLECTED and not isinstance(step.arguments[0], str):
        return _REFLECTED[step.gate]
    return _METHODS.get(step.gate, step.gate)


@dataclass(frozen=True)
class EngineClass:
    """The learner's class: its methods by name, and those that are another name for one."""

    name: str
    methods: dict[str, FunctionNode]
    aliases: dict[str, str]

    @classmethod
    def of(cls, text: str, name: str) -> EngineClass | None:
        """Read the program. None where there is no such class, or it is not Python."""
        tree = parsed(text)
        found = class_in(tree, name) if tree else None
        if found is None:
            return None
        methods = {node.name: node for node in found.body if isinstance(node, FunctionNode)}
        return cls(name, methods, dict(_aliases(found)))

    def method(self, name: str) -> FunctionNode | None:
        """The method that a name leads to."""
        return self.methods.get(self.aliases.get(name, name))

    def computing(self, name: str, depth: int = 0) -> set[str]:
        """The methods that do the work of this one: itself, or those whose operators it is written in."""
        name = self.aliases.get(name, name)
        method = self.methods.get(name)
        if method is None or depth > _DEEPEST:
            return set()
        expression = written_in_others(method)
        if expression is None:
            return {name}
        return set().union(*(self.computing(each, depth + 1) for each in _used(expression)))


def _aliases(owner: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for node in owner.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            pairs = (
                zip(target.elts, node.value.elts, strict=False)
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
                else [(target, node.value)]
            )
            for one, other in pairs:
                if isinstance(one, ast.Name) and isinstance(other, ast.Name):
                    yield one.id, other.id


def written_in_others(method: FunctionNode) -> ast.expr | None:
    """What a method returns, if that is all it does and it is written in operators and methods of other values."""
    body = [each for each in method.body if not _is_text(each)]
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return None
    for part in ast.walk(body[0].value):
        if isinstance(part, ast.Attribute) and part.attr == "data":
            return None
        if isinstance(part, ast.Call) and not isinstance(part.func, ast.Attribute):
            return None
    return body[0].value


def _used(expression: ast.expr) -> Iterator[str]:
    for part in ast.walk(expression):
        if isinstance(part, ast.BinOp | ast.UnaryOp) and type(part.op) in _SIGNS:
            yield _SIGNS[type(part.op)]
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            yield part.func.attr


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def is_lifting(statement: ast.stmt) -> bool:
    """Whether this only makes a value of a number: `other = other if isinstance(other, Value) else Value(other)`."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.IfExp()) | ast.If(body=[ast.Assign()], orelse=[]):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Name(id=other)], keywords=[])):
            return name == other
    return False


def own_lines(method: FunctionNode) -> list[ast.stmt]:
    """The statements of a method that can be wrong: without texts, lifting, inner functions and a bare `return out`."""
    return [
        each for each in method.body
        if not (
            _is_text(each) or is_lifting(each) or isinstance(each, FunctionNode | ast.Pass)
            or (isinstance(each, ast.Return) and isinstance(each.value, ast.Name | None))
        )
    ]  # fmt: skip


def sending_to(method: FunctionNode, owners: set[str]) -> list[ast.Assign | ast.AugAssign]:
    """The statements, inner functions' too, that assign to `.grad` of one of these names."""
    found: list[ast.Assign | ast.AugAssign] = []
    for node in ast.walk(method):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_is_grad_of(target, owners) for each in targets for target in _parts(each)):
                found.append(node)
    return sorted(found, key=lambda node: node.lineno)


def _parts(target: ast.expr) -> list[ast.expr]:
    return list(target.elts) if isinstance(target, ast.Tuple) else [target]


def _is_grad_of(node: ast.expr, owners: set[str]) -> bool:
    return (
        isinstance(node, ast.Attribute) and node.attr == "grad"
        and (not owners or (isinstance(node.value, ast.Name) and node.value.id in owners))
    )  # fmt: skip


def overwrites(statement: ast.Assign | ast.AugAssign) -> bool:
    """Whether this puts a computed gradient in place of what was there: no `+=`, no number, not read again."""
    if isinstance(statement, ast.AugAssign) or isinstance(statement.value, ast.Constant):
        return False
    target = ast.unparse(statement.targets[0])
    return all(ast.unparse(part) != target for part in ast.walk(statement.value) if isinstance(part, ast.expr))


def reads_gradient(statement: ast.Assign | ast.AugAssign) -> bool:
    """Whether the right-hand side reads any `.grad`."""
    return any(isinstance(part, ast.Attribute) and "grad" in part.attr for part in ast.walk(statement.value))


def names_of(method: FunctionNode, position: int) -> set[str]:
    """The names that an argument goes by in a method: its own, and the one it is lifted to."""
    arguments = method.args.args
    if position >= len(arguments):
        return set()
    names = {arguments[position].arg}
    for statement in method.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)]) if is_lifting(statement):
                if any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(statement.value)):
                    names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Name(id=other)])) if other in names:
                names.add(name)
    return names
